"""The rule `unwritten-note`, which unresolved links it leaves to `broken-link`, and how it is reported."""

import json
from pathlib import Path

import pytest
from git_repository import Repository, plain_git

from conftest import Ran, run, write_vault
from vaultlint.names import path_key
from vaultlint.note import Note
from vaultlint.reading import read_note
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.rules.unwritten_note import Planned, UnwrittenNote
from vaultlint.testing import check
from vaultlint.vault import Vault

ALLOWED, FORBIDDEN = UnwrittenNote(planned=Planned.ALLOWED), UnwrittenNote(planned=Planned.FORBIDDEN)


def planning(names: int = 20, links: int = 0) -> dict[str, str]:
    """A vault that links to `names` missing notes, and `links` times to an existing note."""
    texts = {f"Plan {i}.md": f"[[Idea {'abcdefghijklmnopqrstuvwxyz'[i] * 6}]]\n" for i in range(names)}
    return texts | {f"Done {i}.md": "[[Index]]\n" for i in range(links)} | {"Index.md": "# Index\n"}


def marked(texts: dict[str, str], rule: str) -> dict[str, str]:
    """The same texts, with a marker after each link to an idea."""
    return {
        path: text.replace("]]\n", f"]]  <-- {rule}\n") if "Idea" in text else text for path, text in texts.items()
    }


def test_each_name_once_in_a_note() -> None:
    texts = {
        "Physics.md": "By [[Newton]].  <-- unwritten-note\nAgain [[newton|him]] and [[Kepler]].  <-- unwritten-note\n"
    }
    found = check(ALLOWED, texts)
    assert [one.message for one in found] == ["no note named 'Newton' yet", "no note named 'Kepler' yet"]
    assert [related.span.start for related in found[0].related] == [23]


@pytest.mark.parametrize(
    "link",
    [
        "![[Newton]]",
        "[[Newton.png]]",
        "[[Newton.MD]]",
        "[[People/Newton]]",
        "[[/Newton]]",
        "[[Newton#Laws]]",
        "[[Newton#^a1]]",
        "[him](Newton.md)",
        "[him](Newton)",
        "[[12:30]]",
    ],
)
def test_what_says_more_than_a_name_is_broken(link: str) -> None:
    check(ALLOWED, {"Physics.md": f"See {link}.\n"})
    check(BrokenLink(), {**planning(), "Physics.md": f"See {link}.  <-- broken-link\n"})


def test_a_name_with_a_dot_need_not_be_a_file() -> None:
    check(ALLOWED, {"Physics.md": "[[Release 1.2]] and [[Dr. No]]  <-- unwritten-note, unwritten-note\n"})


@pytest.mark.parametrize(
    ("link", "path", "text"),
    [
        ("[[my_note]]", "My note.md", ""),
        ("[[Isaac Newtn]]", "Isaac Newton.md", ""),
        ("[[Sir Isaac]]", "Newton.md", "---\naliases: [Sir Isaac]\n---\n"),
        ("[[Café]]", "Cafe.md", ""),
    ],
)
def test_a_name_like_another_is_broken(link: str, path: str, text: str) -> None:
    check(ALLOWED, {"Physics.md": f"See {link}.\n", path: text})
    check(BrokenLink(), {**planning(), "Physics.md": f"See {link}.  <-- broken-link\n", path: text})


def test_links_in_properties_and_tables_count() -> None:
    check(
        ALLOWED, {"Physics.md": '---\nby: "[[Newton]]"  <-- unwritten-note\n---\n| a |\n| - |\n| [[Newton\\|he]] |\n'}
    )


@pytest.mark.parametrize(("names", "is_habit"), [(19, False), (20, True)])
def test_from_twenty_names_on_it_is_a_habit(names: int, is_habit: bool) -> None:
    texts = planning(names)
    check(UnwrittenNote(), marked(texts, "unwritten-note") if is_habit else texts)
    check(BrokenLink(), texts if is_habit else marked(texts, "broken-link"))


@pytest.mark.parametrize(("links", "is_habit"), [(980, True), (981, False)])
def test_from_two_of_a_hundred_links_on_it_is_a_habit(links: int, is_habit: bool) -> None:
    texts = planning(20, links)
    check(UnwrittenNote(), marked(texts, "unwritten-note") if is_habit else texts)


def test_the_configuration_goes_before_the_habit() -> None:
    check(ALLOWED, marked(planning(1), "unwritten-note"))
    check(FORBIDDEN, planning(20))


def test_names_like_another_make_no_habit() -> None:
    texts = {**planning(19), "A.md": "[[index]] and [[In-dex]]\n"}
    check(UnwrittenNote(), texts)


def test_the_habit_is_kept_up_to_date() -> None:
    texts = planning(20)
    vault = Vault(read_note(path, text) for path, text in texts.items())
    assert vault.links_ahead()
    vault.put(read_note("Idea aaaaaa.md", ""))
    assert not vault.links_ahead(), "one of the names has a note now"
    vault.remove("Idea aaaaaa.md")
    assert vault.links_ahead()
    vault.put(read_note("Plan 3.md", "[[Plan 2]]\n"))
    assert not vault.links_ahead(), "nothing links to one of the names any more"
    vault.put(read_note("Plan 3.md", "[[Plan 2]] [[Something else]]\n"))
    assert vault.links_ahead()
    vault.put(read_note("Index.md", "---\naliases: [something else]\n---\n"))
    assert not vault.links_ahead(), "one of the names is an alias now"
    copy = vault.copy()
    copy.put(read_note("Index.md", ""))
    assert (copy.links_ahead(), vault.links_ahead()) == (True, False)


def test_only_names_that_a_file_may_resemble_are_looked_up_again() -> None:
    """Without a habit, all missing names are looked up once; after a new or deleted file, few of them again."""
    texts = planning(19) | {"Other.md": "[[Einstien]]\n"}
    vault = Vault(read_note(path, text) for path, text in texts.items())
    asked: list[str] = []

    def is_like_others(name: str) -> bool:
        asked.append(name)
        return name == "einstien" and "Einstein.md" in vault.notes

    def asked_now() -> list[str]:
        asked.clear()
        vault.links_ahead(is_like_others)
        return sorted(asked)

    everything = sorted({name for note in vault.notes.values() for name in wanted_in(note)})
    assert asked_now() == everything
    vault.put(read_note("Einstein.md", "[[Curie]]\n"))
    assert asked_now() == ["curie", "einstien"]
    vault.put(read_note("Einstein.md", ""))
    vault.put(read_note("Something.md", ""))
    assert asked_now() == []
    vault.remove("Einstein.md")
    assert asked_now() == ["einstien"]
    vault.put(read_note("Something.md", "---\naliases: [Einstien]\n---\n"))
    assert asked_now() == ["einstien"]
    vault.put_not_followed(["Shared/"])
    assert asked_now() == everything


def wanted_in(note: Note) -> list[str]:
    return [path_key(link.target) for link in note.links]


def checked(folder: Path, *arguments: str, path: str = ".") -> Ran:
    return run("check", path, "--vault", folder, "--no-config", *arguments, cwd=folder)


def test_a_report_tells_each_name_once(tmp_path: Path) -> None:
    write_vault(
        tmp_path, {**planning(), "A.md": "[[Kepler]]\n", "B.md": "[[kepler]] [[Kepler]]\n", "C.md": "[[Kepler]]\n"}
    )
    result = checked(tmp_path, "--format", "json")
    assert result.code == 0, "what is only shown fails no run"
    document = json.loads(result.out)
    assert document["summary"]["info"] == 21
    (one,) = (one for one in document["diagnostics"] if one["path"] == "A.md")
    assert (one["rule"], one["severity"]) == ("unwritten-note", "info")
    assert one["message"] == "no note named 'Kepler' yet; 3 notes link to it"
    assert [(place["path"], place["start"]["column"]) for place in one["related"]] == [
        ("B.md", 3),
        ("B.md", 14),
        ("C.md", 3),
    ]


def test_the_most_wanted_come_first_in_the_totals(tmp_path: Path) -> None:
    write_vault(
        tmp_path,
        {
            **planning(),
            "Z1.md": "[[Kepler]] [[Galileo]]\n",
            "Z2.md": "[[Kepler]]\n",
            "Z3.md": "[[Kepler]] [[Galileo]]\n",
        },
    )
    lines = checked(tmp_path).out.splitlines()
    start = lines.index("  22  info     unwritten-note")
    assert lines[start + 1].strip() == "no note named 'Kepler' yet; 3 notes link to it"
    assert lines[start + 2].strip() == "no note named 'Galileo' yet; 2 notes link to it"
    assert any('planned = "forbidden"' in line for line in lines[start:])
    assert 'planned = "forbidden"' not in checked(tmp_path, "--quiet").out


def test_only_what_is_checked_is_told(tmp_path: Path) -> None:
    write_vault(tmp_path, {**planning(), "A/A.md": "[[Kepler]]\n", "B/B.md": "[[Kepler]]\n"})
    document = json.loads(checked(tmp_path, "--format", "json", path="B").out)
    assert [(one["path"], one["message"]) for one in document["diagnostics"]] == [
        ("B/B.md", "no note named 'Kepler' yet")
    ]


def test_a_cached_run_tells_what_a_fresh_one_tells(tmp_path: Path) -> None:
    vault, cache = tmp_path / "vault", ["--cache-dir", str(tmp_path / "cache")]
    write_vault(vault, {**planning(), "A.md": "[[Kepler]]\n", "B.md": "[[Kepler]]\n"})

    def both() -> str:
        fresh = checked(vault, "--no-cache").out
        assert checked(vault, *cache).out == fresh
        assert checked(vault, *cache, "--format", "json").out == checked(vault, "--no-cache", "--format", "json").out
        return fresh

    assert "'Kepler' yet; 2 notes" in both()
    write_vault(vault, {"B.md": "nothing\n"})
    assert "'Kepler' yet\n" in both()
    write_vault(vault, {"B.md": "[[Kepler]]\n"})
    write_vault(vault, {"Plan 1.md": "nothing\n"})  # 20 names remain
    assert "'Kepler' yet; 2 notes" in both()
    write_vault(vault, {"Plan 2.md": "nothing\n"})
    assert "error broken-link: no note or attachment named 'Kepler'" in both()
    write_vault(vault, {"Kepler.md": "He.\n", "Plan 1.md": "[[One]]\n", "Plan 2.md": "[[Another]]\n"})
    assert "broken-link" not in both()


def test_init_writes_down_what_is_the_habit(tmp_path: Path) -> None:
    write_vault(tmp_path, planning(20, 200))
    init = run("init", tmp_path, "--dry-run", cwd=tmp_path)
    assert '[rules.unwritten-note]\nplanned = "allowed"  # 20 names have no note yet, and 20 of 220 links' in init.out
    write_vault(tmp_path, {f"Plan {i}.md": "" for i in range(5)})
    init = run("init", tmp_path, "--dry-run", cwd=tmp_path)
    assert 'planned = "forbidden"  # 15 names have no note yet, and 15 of 215 links' in init.out


def test_init_writes_down_the_habit_of_a_small_vault(tmp_path: Path) -> None:
    write_vault(tmp_path, planning())
    assert 'planned = "allowed"  # 20 names' in run("init", tmp_path, "--dry-run", cwd=tmp_path).out


def test_a_name_that_git_knows_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    vault, cache = tmp_path / "vault", ["--cache-dir", str(tmp_path / "cache")]
    write_vault(vault, {**planning(), "A.md": "[[Kepler]] [[Tycho]]\n", "Kepler.md": "He.\n"})
    repository = Repository(vault)
    repository.commit()

    def told() -> list[tuple[str, str]]:
        fresh = checked(vault, "--no-cache", "--format", "json").out
        assert checked(vault, *cache, "--format", "json").out == fresh
        found = json.loads(fresh)["diagnostics"]
        return [(one["rule"], one["message"]) for one in found if one["path"] == "A.md"]

    assert told() == [("unwritten-note", "no note named 'Tycho' yet")]
    (vault / "Kepler.md").unlink()
    broken, unwritten = told()
    assert broken == ("broken-link", "no note or attachment named 'Kepler'"), "deleted, and not committed"
    assert unwritten[0] == "unwritten-note"
    repository.git("add", "--all")
    staged = json.loads(checked(vault, *cache, "--staged", "--format", "json").out)["diagnostics"]
    assert [(one["rule"], one["message"]) for one in staged] == [
        ("broken-link", "no note or attachment named 'Kepler'; `Kepler.md` was deleted in this change")
    ]
    repository.commit()
    broken, unwritten = told()
    assert broken[0] == "broken-link"
    assert "it was deleted on" in broken[1]


def test_a_name_that_git_knows_makes_no_habit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    vault, cache = tmp_path / "vault", ["--cache-dir", str(tmp_path / "cache")]
    write_vault(vault, {**planning(20), "Idea aaaaaa.md": ""})
    repository = Repository(vault)
    repository.commit()
    (vault / "Idea aaaaaa.md").unlink()
    for _ in range(2):
        fresh = checked(vault, "--no-cache").out
        assert checked(vault, *cache).out == fresh
        assert "20  error    broken-link" in fresh
        repository.commit()


@pytest.mark.parametrize(
    ("link", "source", "others"),
    [
        ("2025-03-02", "Diary.md", ["2025-03-01.md"]),
        ("2025-03-02", "Diary.md", ["Days/2025-03-03.md"]),
        ("2025-03-04", "2025-02-28.md", []),
        ("2025-W10", "2025-03-05.md", []),
        ("2025-03", "2025-03-05.md", []),
        ("2025-04-01", "Diary.md", ["2025-03-01.md"]),
        ("March 2nd, 2025", "Diary.md", ["March 1st, 2025.md"]),
    ],
)
def test_notes_of_a_period_are_planned(link: str, source: str, others: list[str]) -> None:
    texts = dict.fromkeys(others, "") | {source: f"[[{link}|then]]  <-- unwritten-note\n"}
    check(UnwrittenNote(), texts)
    check(BrokenLink(), {path: text.partition("  <--")[0] for path, text in texts.items()})


@pytest.mark.parametrize(
    ("link", "source", "others"),
    [
        ("2025-03-02", "Diary.md", []),
        ("2025-03-02", "Diary.md", ["2025-03-04.md"]),
        ("2025-03-02", "2025-03-20.md", []),
        ("2025-02-30", "Diary.md", ["2025-03-01.md"]),
        ("1984", "1983.md", []),
        ("Meeting 2025-03-02", "2025-03-01.md", []),
        ("2025-03-02#Plan", "2025-03-01.md", []),
    ],
)
def test_other_numbers_are_not(link: str, source: str, others: list[str]) -> None:
    check(UnwrittenNote(), dict.fromkeys(others, "") | {source: f"[[{link}]]\n"})


def test_notes_of_a_period_can_be_forbidden() -> None:
    check(FORBIDDEN, {"2025-03-01.md": "[[2025-03-02]]\n"})


def test_a_format_of_obsidians_settings(tmp_path: Path) -> None:
    vault, cache = tmp_path / "vault", ["--cache-dir", str(tmp_path / "cache")]
    texts = {"Log 1-3-25.md": "[[Log 2-3-25]]\n", ".obsidian/daily-notes.json": "{}"}
    write_vault(vault, texts)
    assert "error broken-link" in checked(vault, *cache).out
    write_vault(vault, {".obsidian/daily-notes.json": '{"format": "[Log] D-M-YY"}'})
    assert "info unwritten-note" in checked(vault, *cache).out
    (vault / ".obsidian/daily-notes.json").unlink()
    assert "error broken-link" in checked(vault, *cache).out
