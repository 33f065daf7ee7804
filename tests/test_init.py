"""`init`: the proposed configuration, where it is written, and the messages."""

import os
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import run, write_vault
from vaultlint.commands.init import Survey
from vaultlint.config.places import Options
from vaultlint.files.discovery import Discovery
from vaultlint.habits import CitationUse, CitedBlocks, Habits, OddFolder, Required, RequiredThere, TimeHabit
from vaultlint.habits.places import HabitScope, Share, literal
from vaultlint.habits.shapes import Shape
from vaultlint.project import find_project, with_configuration
from vaultlint.reports import adoption
from vaultlint.schema import PropertyKind, PropertyType
from vaultlint.text import UNPRINTABLE


def talks(folder: str = "", count: int = 20) -> dict[str, str | bytes]:
    """Notes about videos, with times in one form."""
    return {
        f"{folder}{i}.md": f"---\ntitle: Talk {i}\nvideoId: abc-DEF_{i:03}\n---\n"
        f'Light sets the clock of the body <a class="yt-timestamp" data-t="00:01:{i:02}">[00:01:{i:02}]</a>.\n'
        for i in range(count)
    }


def written(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "vaultlint.toml").read_text("utf-8"))


# The proposed configuration


def test_configuration_of_a_vault(tmp_path: Path) -> None:
    write_vault(tmp_path, talks("talks/") | {"index.md": "See [[nowhere]].\n"})
    text = """\
# Proposed by `vaultlint init` from the habits of 21 notes.
# The comment after each line says where it comes from; delete what does not fit.

[rules.inconsistent-timestamp-format]
form = "HH:MM:SS"  # all 40 times; all others get a finding with a fix

[[properties]]
paths = ["/talks/"]
required = [
  "title",  # all 20 notes
  "videoId",  # all 20 notes
]
types.videoId = { pattern = "[A-Za-z0-9_-]{11}" }  # all 20 values are identifiers of 11 characters

[rules.uncited-claim]
require = "blocks"  # all 20 blocks that assert something have a citation

# Citations in these notes (`vaultlint citations` shows how much they cover):
#   timestamp (anchor): 20 in 20 notes; by folder: talks 20
"""
    ran = run("init", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"{text}\nWrote {tmp_path / 'vaultlint.toml'}.\n"
        "With it: Checked 21 notes: 1 error in 1 note.\n"
        "`vaultlint baseline` records these findings, so that `vaultlint check` reports only new ones.\n"
    )
    assert (tmp_path / "vaultlint.toml").read_text("utf-8") == text


def test_findings_are_those_that_check_has_then(tmp_path: Path) -> None:
    write_vault(
        tmp_path, talks() | {"x.md": "---\ntitle: X\nvideoId: short\n---\nAt [01:10](https://youtu.be/x?t=70).\n"}
    )
    ran = run("init", cwd=tmp_path)
    (told,) = [line for line in ran.out.splitlines() if line.startswith("With it: ")]
    assert told.removeprefix("With it: ") in run("check", cwd=tmp_path).out.splitlines()


def test_then_a_baseline_holds_everything_back(tmp_path: Path) -> None:
    write_vault(tmp_path, talks() | {"x.md": "[[nowhere]]\n"})
    run("init", cwd=tmp_path)
    run("baseline", cwd=tmp_path)
    assert run("check", cwd=tmp_path).code == 0
    write_vault(tmp_path, {"y.md": "---\ntitle: Y\n---\n[[gone]]\n"})
    found = run("check", "--format=concise", "-q", cwd=tmp_path).out
    assert [line.split(": ")[1] for line in found.splitlines()] == ["warning missing-property", "error broken-link"]


def test_templates_and_archives(tmp_path: Path) -> None:
    write_vault(tmp_path, {"Templates/a.md": "# {{title}} [[x]]\n", "Archive/b.md": "[[x]]\n", "c.md": "[[a]]\n"})
    ran = run("init", cwd=tmp_path)
    table = written(tmp_path)
    assert table == {
        "exclude": ["/Templates/"],
        "overrides": [{"paths": ["/Archive/"], "ignore": ["links"]}],
    }
    assert 'exclude = ["/Templates/"]  # templates: 1 note; 1 has gaps to fill in\n' in ran.out
    assert 'paths = ["/Archive/"]  # an archive: 1 note; its name says so\n' in ran.out
    assert "With it: Checked 2 notes: no problems.\n" in ran.out
    assert "vaultlint baseline" not in ran.out


@pytest.mark.parametrize(
    "settings",
    [
        {".obsidian/templates.json": '{"folder": "Forms"}'},
        {".obsidian/plugins/templater-obsidian/data.json": '{"templates_folder": "/Forms/"}'},
    ],
)
def test_templates_that_obsidian_s_settings_name_are_left_out_anyway(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    write_vault(tmp_path, settings | {"Forms/a.md": "# {{title}}\n", "b.md": "Text.\n"})
    ran = run("init", cwd=tmp_path)
    assert written(tmp_path) == {}
    assert "# 1 note did not count: .gitignore or Obsidian's settings leave them out.\n" in ran.out


@pytest.mark.parametrize("settings", ["", "[]", '{"folder": 5}', '{"folder": "/"}', '{"folder": "gone"}'])
def test_other_settings_name_none(tmp_path: Path, settings: str) -> None:
    write_vault(tmp_path, {".obsidian/templates.json": settings, "Forms/a.md": "Text.\n"})
    run("init", cwd=tmp_path)
    assert written(tmp_path) == {}


def test_what_obsidian_settles_is_said_and_not_repeated(tmp_path: Path) -> None:
    write_vault(
        tmp_path,
        {
            ".obsidian/types.json": '{"types": {"created": "date", "n": "number"}}',
            ".obsidian/app.json": '{"userIgnoreFilters": ["Private/"]}',
            "Private/a.md": "Text.\n",
            **{f"{i}.md": f"---\ncreated: 2024-01-{i}\n---\n" for i in range(10, 30)},
        },
    )
    ran = run("init", cwd=tmp_path)
    assert written(tmp_path) == {
        "properties": [{"required": ["created"], "types": {"created": {"pattern": "[0-9]{4}-[0-9]{2}-[0-9]{2}"}}}]
    }
    assert ran.out.splitlines()[1:3] == [
        "# 1 note did not count: .gitignore or Obsidian's settings leave them out.",
        "# Obsidian's settings give types to 2 properties; they are checked without a line here.",
    ]


@pytest.mark.parametrize("count", [1, 10])
def test_notes_without_habits(tmp_path: Path, count: int) -> None:
    write_vault(tmp_path, {f"{i}.md": "Text.\n" for i in range(count)})
    ran = run("init", cwd=tmp_path)
    notes = "1 note" if count == 1 else f"{count} notes"
    assert ran == (
        0,
        f"# Proposed by `vaultlint init` from the habits of {notes}.\n"
        "# Nothing in them calls for a setting, and vaultlint works well without any.\n\n"
        f"Wrote {tmp_path / 'vaultlint.toml'}.\nWith it: Checked {notes}: no problems.\n",
        "",
    )
    assert written(tmp_path) == {}


@pytest.mark.parametrize("arguments", [(), ("--dry-run",), ("--force",)])
def test_vault_without_notes(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = run("init", *arguments, cwd=tmp_path)
    assert ran == (
        0,
        f"There are no notes in {tmp_path} yet, so there is nothing to propose.\n"
        "vaultlint works without a configuration, too.\n",
        "",
    )
    assert list(tmp_path.iterdir()) == []


# Where it is written


def test_dry_run_prints_the_file_and_writes_nothing(tmp_path: Path) -> None:
    write_vault(tmp_path, talks())
    ran = run("init", "--dry-run", cwd=tmp_path)
    assert not (tmp_path / "vaultlint.toml").exists()
    assert ran.err == "\nWith this configuration: Checked 20 notes: no problems.\n"
    assert run("init", cwd=tmp_path).out.startswith(ran.out)
    assert (tmp_path / "vaultlint.toml").read_text("utf-8") == ran.out


def test_dry_run_where_there_is_a_configuration(tmp_path: Path) -> None:
    write_vault(tmp_path, talks() | {"vaultlint.toml": "ignore = ['links']\n"})
    assert run("init", "--dry-run", cwd=tmp_path).code == 0
    assert written(tmp_path) == {"ignore": ["links"]}


def test_file_goes_to_the_folder_that_is_named(tmp_path: Path) -> None:
    write_vault(tmp_path / "notes", talks())
    run("init", "notes", cwd=tmp_path)
    assert "vault" not in written(tmp_path / "notes")


def test_file_goes_to_the_root_that_obsidian_knows(tmp_path: Path) -> None:
    write_vault(tmp_path, talks("sub/") | {".obsidian/app.json": "{}"})
    run("init", cwd=tmp_path / "sub")
    assert written(tmp_path)["properties"]
    assert not (tmp_path / "sub" / "vaultlint.toml").exists()


@pytest.mark.parametrize("arguments", [["--vault", "con tent"], [".", "--vault", "con tent"]])
def test_vault_below_is_named_in_the_file(tmp_path: Path, arguments: list[str]) -> None:
    write_vault(tmp_path / "con tent", talks("a/") | {"b.md": "Text.\n", "c.md": "Text.\n"})
    ran = run("init", *arguments, cwd=tmp_path)
    table = written(tmp_path)
    assert table["vault"] == "con tent"
    assert isinstance(table["properties"], list)
    assert table["properties"][0]["paths"] == ["/con tent/a/"]
    assert "Checked 22 notes: no problems." in run("check", cwd=tmp_path).out
    assert "With it: Checked 22 notes: no problems." in ran.out


def test_vault_elsewhere_gets_the_file_itself(tmp_path: Path) -> None:
    write_vault(tmp_path / "notes", talks())
    (tmp_path / "here").mkdir()
    run("init", "--vault", "../notes", cwd=tmp_path / "here")
    assert "vault" not in written(tmp_path / "notes")


@pytest.mark.parametrize(
    ("there", "arguments"),
    [
        ("vaultlint.toml", ["notes"]),
        ("notes/vaultlint.toml", ["notes"]),
        ("notes/vaultlint.toml", ["--vault", "notes"]),
        ("notes/pyproject.toml", ["notes"]),
        ("pyproject.toml", ["--vault", "notes"]),
    ],
)
def test_configuration_is_not_written_over(tmp_path: Path, there: str, arguments: list[str]) -> None:
    text = "[tool.vaultlint]\n" if "pyproject" in there else "no TOML"
    write_vault(tmp_path, talks("notes/") | {there: text})
    before = sorted(tmp_path.rglob("*"))
    ran = run("init", *arguments, cwd=tmp_path)
    target = tmp_path / ("vaultlint.toml" if "--vault" in arguments else "notes/vaultlint.toml")
    force = "overwrites it" if target == tmp_path / there else f"still writes {target}"
    wanted = f"Error: {tmp_path / there}: the vault already has a configuration; --force {force}\n"
    assert ran == (2, "", wanted)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / there).read_text() == text
    assert run("init", "--force", *arguments, cwd=tmp_path).code == 0
    assert tomllib.loads(target.read_text("utf-8"))["properties"]
    assert "pyproject" not in there or (tmp_path / there).read_text() == text


def test_pyproject_about_other_things_is_no_configuration(tmp_path: Path) -> None:
    write_vault(tmp_path, talks() | {"pyproject.toml": "[tool.other]\n"})
    assert run("init", cwd=tmp_path).code == 0
    assert run("config", cwd=tmp_path).out.splitlines()[1] == f"# configuration: {tmp_path / 'vaultlint.toml'}"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nowhere"], "nowhere: there is no such folder"),
        (["0.md"], "0.md: there is no such folder"),
        (["--vault", "no\x1bwhere"], "no\\x1bwhere: there is no such folder"),
        (["a", "--vault", "b"], "a is neither the vault b nor above it"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str], problem: str) -> None:
    write_vault(tmp_path, talks() | {"a/a.md": "", "b/b.md": ""})
    assert run("init", *arguments, cwd=tmp_path) == (2, "", f"Error: {problem}\n")
    assert not list(tmp_path.rglob("vaultlint.toml"))


def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    write_vault(tmp_path, talks())
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr("os.fsync", full)
    ran = run("init", cwd=tmp_path)
    assert ran == (2, "", f"Error: {tmp_path / 'vaultlint.toml'}: can't be written: No space left on device\n")
    assert sorted(tmp_path.iterdir()) == before


def test_folder_that_toml_can_not_name(tmp_path: Path) -> None:
    try:
        os.mkdir(os.fsencode(tmp_path) + b"/caf\xe9")  # noqa: PTH102  # of bytes
    except (OSError, UnicodeError):
        pytest.skip("this system takes only names in UTF-8")
    name = os.fsdecode(b"caf\xe9")
    write_vault(tmp_path / name, talks())
    ran = run("init", "--vault", name, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "can't name this folder" in ran.err
    assert run("init", name, cwd=tmp_path).code == 0


# Unusual names


@pytest.mark.parametrize(
    "folder", ['say "hi"', "[draft]", "*", "!new", "#tags", "back\\slash", "ünï", "a 'b'", "tab\there"]
)
@pytest.mark.parametrize("below", [False, True])
def test_any_folder_is_named_so_that_the_file_holds(tmp_path: Path, folder: str, below: bool) -> None:
    try:
        write_vault(tmp_path / "content", talks(f"{folder}/") | {"other/a.md": "Text.\n", "b.md": "Text.\n"})
    except OSError:
        pytest.skip("this system does not take the name")
    run("init", *(["--vault", "content"] if below else ["content"]), cwd=tmp_path)
    short = "---\ntitle: X\nvideoId: short\n---\n"
    write_vault(tmp_path / "content", {f"{folder}/x.md": short, "other/x.md": short})
    found = run("check", "--format=jsonl", "--select=invalid-property", "content", cwd=tmp_path).out
    assert found.count("\n") == 1


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
folders = st.lists(words.map(lambda name: name.replace("/", "-")), min_size=1, max_size=3).map("/".join)
shares = st.builds(Share, st.integers(0, 9), st.integers(9, 9999))
some_places = st.lists(
    st.builds(HabitScope, folders, st.just(True), st.booleans(), st.lists(words, max_size=2).map(tuple)),
    min_size=1,
    max_size=2,
).map(tuple)
shapes = st.builds(Shape, words, st.none(), words.map(re.escape), shares) | st.builds(
    Shape, words, st.sampled_from(PropertyKind), st.none(), shares
)
odd_folders = st.lists(st.builds(OddFolder, folders, st.integers(1, 9), words), max_size=2).map(tuple)
properties = st.lists(
    st.builds(Required, words, shares, st.none() | shapes),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.name.lower(),
)
some_habits = st.builds(
    Habits,
    notes=st.just(20),
    templates=odd_folders,
    archives=odd_folders,
    required=st.builds(RequiredThere, some_places, properties.map(tuple)).map(lambda there: (there,)),
    timestamps=st.none() | st.builds(TimeHabit, st.sampled_from(["HH:MM:SS", "MM:SS"]), shares),
    citations=st.builds(
        CitationUse, st.just("link"), st.just(1), st.just(1), st.tuples(st.tuples(folders, st.just(1)))
    ).map(lambda use: (use,)),
    cited=st.none() | st.builds(CitedBlocks, some_places, shares),
)


@given(some_habits, st.just("") | folders.map("{}/".format))
def test_any_proposal_is_a_configuration_with_just_these_names(habits: Habits, base: str) -> None:
    project = find_project(Options(vault=Path(__file__).parent, no_config=True))
    file = project.root / "vaultlint.toml"
    text = adoption.configuration(Survey(project, file, base, Discovery((), (), ()), (), habits, 1, 1))
    assert all(UNPRINTABLE.search(line) is None for line in text.split("\n"))
    assert tomllib.loads(text).get("vault", "") == base.removesuffix("/")
    configuration = with_configuration(project, file, text).settings.configuration
    ((block, there),) = zip(configuration.properties, habits.required, strict=True)
    assert block.required == tuple(one.name for one in there.properties)
    assert {*block.types} == {one.name for one in there.properties if one.shape}
    for one in there.properties:
        if one.shape is not None:
            assert block.types[one.name] == (one.shape.kind or PropertyType(pattern=one.shape.pattern))
    assert configuration.exclude == tuple(literal(f"/{base}{one.folder}/") for one in habits.templates)
    names = [name for override in configuration.overrides for name in (*override.ignore, *override.rules)]
    assert names == ["links"] * bool(habits.archives) + ["uncited-claim"] * bool(habits.cited)


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (("said/{id}.vtt",), 'transcripts = "said/{id}.vtt"  # of 3 videos that notes name'),
        (("said/{id}.en.vtt",), 'transcripts = "said/{id}.{lang}.vtt"  # of 3 videos that notes name'),
        (("{id}.info.json",), 'lengths = "{id}.info.json"  # of 3 videos that notes name'),
    ],
)
def test_files_about_videos(tmp_path: Path, names: tuple[str, ...], written: str) -> None:
    videos = [f"Video_{i:05}" for i in range(3)]
    files = {f"vault/{video}.md": f"---\nvideoId: {video}\n---\n\nText.\n" for video in videos}
    files |= {name.replace("{id}", video): '{"duration": 9}' for name in names for video in videos}
    files["said/readme.txt"] = "x"
    write_vault(tmp_path, files)
    text = run("init", "--vault", "vault", "--dry-run", cwd=tmp_path).out
    assert "[[sources]]\n" + written in text


def test_table_about_videos(tmp_path: Path) -> None:
    videos = [f"Video_{i:05}" for i in range(3)]
    files = {f"{video}.md": f"---\nvideoId: {video}\n---\n\nText.\n" for video in videos}
    files["data/talks.csv"] = "id,title,duration\n" + "".join(f"{video},A talk,9\n" for video in videos)
    files["data/others.csv"] = "id,duration\na,1\nb,2\nc,3\n"
    text = run("init", "--dry-run", cwd=write_vault(tmp_path, files)).out
    assert '[[sources]]\nlengths = "data/talks.csv"  # of 3 videos that notes name\n' in text
    assert 'lengths-columns = ["id", "duration"]\n' in text
