"""`vaultlint citations`: the citations by folder and kind, and how much of the prose they cover."""

from pathlib import Path

import pytest
from video_vault import BEES, VIDEO, YEAST, note_of, with_talk, write

from conftest import run, write_vault

PLAIN = "The sea is wide and blue there."
ANCHOR = '<a class="yt-timestamp" data-t="1:02">[1:02]</a>'
NOTES = {
    "Tides.md": f"# Tides\n\n{PLAIN} [^1]\n\n{PLAIN} {ANCHOR} {ANCHOR}\n\n{PLAIN}\n",
    "Talks/Moon.md": f"{PLAIN} (Lee, 2019).\n",
    "Talks/Sun.md": f"{PLAIN}\n",
    "Talks/Stars/Far.md": f"{PLAIN} As in p. 12.\n",
    "Empty/Note.md": "# Nothing\n",
}


def rows(out: str) -> list[list[str]]:
    return [line.replace(" %", "%").split() for line in out.splitlines()]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path, {"vaultlint.toml": "", **NOTES})


def test_table(vault: Path) -> None:
    ran = run("citations", cwd=vault)
    assert ran.code == 0
    assert rows(ran.out) == [
        ["notes", "citing", "blocks", "covered", "timestamp", "footnote", "author", "folder"],
        ["1", "1", "3", "66%", "2", "1", "0", "(root)"],
        ["2", "1", "2", "50%", "0", "0", "1", "Talks/"],
        ["1", "0", "1", "0%", "0", "0", "0", "Talks/Stars/"],
        ["5", "2", "6", "50%", "2", "1", "1", "all"],
    ]
    lines = ran.out.splitlines()
    assert len({line.index(cell) for line, cell in zip(lines, ("folder", "(root)", "Talks/"), strict=False)}) == 1


def test_only_what_is_asked_for(vault: Path) -> None:
    assert rows(run("citations", "Talks/Moon.md", cwd=vault).out)[1:] == [
        ["1", "1", "1", "100%", "1", "Talks/"],
        ["1", "1", "1", "100%", "1", "all"],
    ]


def test_form_of_the_configuration(vault: Path) -> None:
    (vault / "vaultlint.toml").write_text("citation-patterns = ['p\\. \\d+']\n", "utf-8")
    out = run("citations", "Talks/Stars", cwd=vault).out
    assert rows(out)[:2] == [
        ["notes", "citing", "blocks", "covered", "pattern", "folder"],
        ["1", "1", "1", "100%", "1", "Talks/Stars/"],
    ]


def test_kinds_that_do_not_count_and_sources(vault: Path) -> None:
    options = "[rules.uncited-claim]\ncitations = ['footnote']\nreference-notes = ['Talks/Sun.md']\n"
    (vault / "vaultlint.toml").write_text(options, "utf-8")
    assert rows(run("citations", cwd=vault).out)[1:] == [
        ["1", "1", "3", "33%", "1", "(root)"],
        ["2", "0", "2", "50%", "0", "Talks/"],
        ["1", "0", "1", "0%", "0", "Talks/Stars/"],
        ["5", "1", "6", "33%", "1", "all"],
    ]


def test_nothing_to_count(tmp_path: Path) -> None:
    ran = run("citations", "--vault", str(tmp_path), str(tmp_path), cwd=tmp_path)
    assert rows(ran.out) == [["notes", "citing", "blocks", "covered", "folder"], ["0", "0", "0", "-", "all"]]


def test_name_of_a_folder_can_not_act_on_the_terminal(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "a\x1b[2J\n/Note.md": PLAIN})
    out = run("citations", cwd=tmp_path).out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 3


@pytest.mark.parametrize(
    ("configuration", "problem"),
    [
        ("citation-patterns = ['(']\n", "citation-patterns[0]: "),
        ("citation-patterns = 'a'\n", "citation-patterns: "),
        ("[rules.uncited-claim]\ncitations = ['book']\n", "rules.uncited-claim"),
    ],
)
def test_wrong_configuration(vault: Path, configuration: str, problem: str) -> None:
    (vault / "vaultlint.toml").write_text(configuration, "utf-8")
    ran = run("citations", cwd=vault)
    assert ran.code == 2
    assert problem in ran.err


def test_path_that_does_not_exist(vault: Path) -> None:
    assert run("citations", "Nope", cwd=vault).code == 2


def test_what_was_compared_with_videos(top: Path) -> None:
    with_talk(top, 'lengths = "t.csv"')
    write(top / "t.csv", f"videoId,seconds\n{VIDEO},3600\n")
    write(top / "vault/A.md", note_of((YEAST, "00:10:30"), (BEES, "00:10:30"), ("So it is", "02:00:00")))
    write(top / "vault/B/C.md", f"So it is {ANCHOR}.\n")
    shown = rows(run("citations", cwd=top / "vault").out.replace("with ", "with-"))
    assert shown[0][-5:] == ["with-length", "beyond", "with-transcript", "misplaced", "folder"]
    assert [row[-5:] for row in shown[1:]] == [
        ["3", "1", "3", "1", "(root)"],
        ["0", "0", "0", "0", "B/"],
        ["3", "1", "3", "1", "all"],
    ]
