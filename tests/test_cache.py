"""The cache: it does not change what is reported, and notes are read again only when necessary."""

import os
import shutil
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from git_repository import Repository

from conftest import Ran, run, write_vault
from vaultlint.cache import records
from vaultlint.cache import replay as replaying
from vaultlint.cache import store as cache
from vaultlint.cache.store import Cache, Cached, Changed, Page, Row, Shown
from vaultlint.cache.texts import Texts
from vaultlint.config.settings import ActiveRules
from vaultlint.files import discovery, reading
from vaultlint.linting import linter
from vaultlint.note import Note
from vaultlint.reading import Dialect

FILES: dict[str, str | bytes] = {
    "Physics.md": "See [[Newton]], [[Kepler#Laws]] and [[Nobody]].\n\n[[newton|him]] [[Old name]] ![[plan.png]]\n",
    "People/Newton.md": '---\naliases: [Old name]\n---\n# Life\n\n<a class="yt-timestamp" data-t="01:99">[01:99]</a>',
    "People/Kepler.md": "# Law\n\nA claim: 90 % of all comets were seen by him in 1604.\n",
    "Map.canvas": '{"nodes": [{"type": "file", "file": "Physics.md"}, {"type": "file", "file": "Gone.md"}]}',
    "picture.png": b"",
    "bad.md": b"\xff",
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return settled(write_vault(tmp_path / "vault", FILES))


def settled(vault: Path) -> Path:
    """A vault whose files, by their times, have not changed for a while."""
    for file in vault.rglob("*"):
        if file.is_file():
            os.utime(file, ns=(time.time_ns() - 10**10,) * 2)
    return vault


@pytest.fixture(autouse=True)
def trusted_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat no file as just changed, because change times can't be set; and do not compare contents as in CI."""
    monkeypatch.setattr(cache, "YOUNG", 0)
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the notes, canvases and bases that were opened."""
    names: list[str] = []
    content_of = discovery.content_of

    def noted(file: str) -> bytes:
        if file.endswith((".md", ".canvas", ".base")):
            names.append(Path(file).name)
        return content_of(file)

    for module in (discovery, reading, replaying):
        monkeypatch.setattr(module, "content_of", noted)
    return iter([names])


@pytest.fixture
def linted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths of the notes, canvases and bases that were linted."""
    paths: list[str] = []
    found_in = linter._found_in

    def noted(note: Note, *others: Any) -> Any:
        paths.append(note.path)
        return found_in(note, *others)

    monkeypatch.setattr(linter, "_found_in", noted)
    return iter([paths])


def check(vault: Path, *options: str | Path) -> Ran:
    return run("check", "--jobs=1", *options, cwd=vault)


def test_nothing_is_opened_where_nothing_has_changed(vault: Path, opened: Iterator[list[str]]) -> None:
    (names,) = opened
    first = check(vault)
    assert sorted(set(names)) == ["Kepler.md", "Map.canvas", "Newton.md", "Physics.md", "bad.md"]
    names.clear()
    assert check(vault) == first
    assert names == []


@pytest.mark.parametrize("option", ["--format=json", "--statistics", "-q", "--color=always", "--select=links"])
def test_nothing_is_opened_for_the_same_options(vault: Path, opened: Iterator[list[str]], option: str) -> None:
    (names,) = opened
    check(vault)
    first = check(vault, option)
    names.clear()
    assert check(vault, option) == first == check(vault, "--no-cache", option)
    assert first != check(vault)


def test_one_changed_note_is_the_only_one_opened(vault: Path, opened: Iterator[list[str]]) -> None:
    (names,) = opened
    check(vault)
    write_vault(vault, {"People/Kepler.md": "# Law\n\nNow a bracket is open: [[\n"})
    names.clear()
    changed = check(vault)
    assert set(names) == {"Kepler.md"}
    assert changed == check(vault, "--no-cache")


@pytest.mark.parametrize("format_", ["text", "concise", "json"])
def test_other_words_on_the_line_of_a_finding_are_shown(vault: Path, format_: str) -> None:
    """The finding stays the same; only the source line shown with it changes."""
    check(vault, "--format", format_)
    text = FILES["Physics.md"]
    assert isinstance(text, str)
    write_vault(vault, {"Physics.md": text.replace("[[Nobody]].", "[[Nobody]]!")})
    for options in ((), ("--cache-check=hash",)):
        changed = check(vault, "--format", format_, *options)
        assert changed == check(vault, "--format", format_, "--no-cache")
        assert ("[[Nobody]]!" in changed.out) is (format_ == "text")


CHANGES: list[Callable[[Path], object]] = [
    lambda vault: (vault / "People/Newton.md").unlink(),
    lambda vault: (vault / "People/Newton.md").rename(vault / "People/Isaac Newton.md"),
    lambda vault: (vault / "People/Kepler.md").write_text("# Laws\n"),
    lambda vault: (vault / "People/Newton.md").write_text("---\naliases: [Nobody]\n---\n"),
    lambda vault: write_vault(vault, {"Nobody.md": "He.\n"}),
    lambda vault: write_vault(vault, {"plan.png": b""}),
    lambda vault: write_vault(vault, {"Gone.md": "Here.\n", "x/Gone.md": "And here.\n"}),
    lambda vault: (vault / "bad.md").write_bytes(b"Readable.\n"),
    lambda vault: (vault / "Map.canvas").write_text("{}"),
    lambda vault: write_vault(vault, {"vaultlint.toml": "[severity]\nbroken-link = 'info'\n"}),
    lambda vault: write_vault(vault, {".obsidian/app.json": '{"userIgnoreFilters": ["People/"]}'}),
    lambda vault: shutil.rmtree(vault / "People"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_seen_with_what_is_remembered(vault: Path, change: Callable[[Path], object]) -> None:
    before = check(vault)
    assert check(vault) == before
    change(vault)
    after = check(vault)
    assert after == check(vault, "--no-cache")
    assert after != before
    assert check(vault) == after


def test_what_is_ignored_by_git_is_seen(tmp_path: Path) -> None:
    vault = settled(write_vault(tmp_path, FILES))
    Repository(vault)
    before = check(vault)
    write_vault(vault, {".gitignore": "Physics.md\n"})
    assert check(vault) == check(vault, "--no-cache") != before


def test_baseline_is_seen(vault: Path) -> None:
    before = check(vault)
    run("baseline", cwd=vault)
    assert check(vault) == check(vault, "--no-cache") != before
    after = check(vault, "--no-baseline")
    assert after._replace(out=after.out.replace("check --no-baseline --fix", "check --fix")) == before


def test_content_that_changes_while_its_times_stay(vault: Path) -> None:
    before = check(vault)
    file = vault / "People/Kepler.md"
    was = file.stat()
    text = file.read_text()
    file.write_text(text.replace("# Law\n", "# Laws\n")[: len(text) - 1] + "\n")
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert check(vault, "--cache-check=hash") == check(vault, "--no-cache")
    assert check(vault, "--cache-check=hash") != before


def test_ci_looks_at_contents(vault: Path, opened: Iterator[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    (names,) = opened
    monkeypatch.setenv("CI", "true")
    first = check(vault)
    names.clear()
    assert check(vault) == first
    assert sorted(names) == ["Kepler.md", "Map.canvas", "Newton.md", "Physics.md", "bad.md"]
    names.clear()
    check(vault, "--cache-check=stat")
    names.clear()
    assert check(vault, "--cache-check=stat") == first
    assert names == []


def test_file_that_had_just_changed_is_looked_at_again(
    vault: Path, opened: Iterator[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (names,) = opened
    monkeypatch.setattr(cache, "YOUNG", 2_000_000_000)
    first = check(vault)  # all are read: they have just changed
    names.clear()
    assert check(vault) == first
    assert sorted(set(names)) == ["Kepler.md", "Map.canvas", "Newton.md", "Physics.md", "bad.md"]


def test_notes_that_are_not_reported_on_are_remembered(vault: Path) -> None:
    assert check(vault, "Physics.md") == check(vault, "--no-cache", "Physics.md")
    assert check(vault, "People") == check(vault, "--no-cache", "People")
    assert check(vault) == check(vault, "--no-cache")
    assert check(vault, "Physics.md") == check(vault, "--no-cache", "Physics.md")


def test_standard_input_is_not_remembered(vault: Path) -> None:
    before = check(vault)
    other = run("check", "-", "--stdin-filename=Physics.md", cwd=vault, stdin=b"[[Nowhere]]\n")
    assert "Nowhere" in other.out
    assert check(vault) == before


def only(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "flipped", "folder", "version", "tables", "schema"])
def test_damage_makes_no_difference(vault: Path, cache_dir: Path, damage: str) -> None:
    first = check(vault)
    write_vault(vault, {"Physics.md": "Now [[Nothing]].\n"})
    changed = check(vault, "--no-cache")
    write_vault(vault, {"Physics.md": FILES["Physics.md"]})
    settled(vault)
    check(vault)
    file = only(cache_dir)
    content = file.read_bytes()
    if damage == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "text":
        file.write_bytes(b"[[Newton]]\n" * 1000)
    elif damage == "flipped":
        middle = len(content) // 2
        file.write_bytes(content[:middle] + bytes(255 - byte for byte in content[middle:]))
    elif damage == "schema":  # the message of SQLite contains its own bytes
        file.write_bytes(content.replace(b"CREATE TABLE notes", b"CREATE T\xc1BLE notes", 1))
    elif damage == "folder":
        file.unlink()
        file.mkdir()
    else:
        database = sqlite3.connect(file)
        database.executescript("pragma user_version = 99" if damage == "version" else "drop table notes")
        database.close()
    assert check(vault) == first
    write_vault(vault, {"Physics.md": "Now [[Nothing]].\n"})
    assert check(vault) == changed


@pytest.mark.parametrize("share", range(1, 40))
def test_any_damaged_byte_makes_no_difference(vault: Path, cache_dir: Path, share: int) -> None:
    first = check(vault)
    write_vault(vault, {"Physics.md": "Now [[Nothing]].\n"})
    changed = check(vault, "--no-cache")
    file = only(cache_dir)
    content = bytearray(file.read_bytes())
    for i in range(share * 97, len(content), 4001):
        content[i] ^= 0x55
    file.write_bytes(content)
    assert check(vault) == changed
    write_vault(vault, {"Physics.md": FILES["Physics.md"]})
    assert check(vault) == first


def test_folder_that_can_not_be_written(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    first = check(vault, "--no-cache")
    assert check(vault, "--cache-dir", tmp_path / "file" / "below") == first


def test_folder_that_may_not_be_read(vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = check(vault, "--no-cache")
    monkeypatch.setattr(os, "access", lambda *given, **others: False)
    assert check(vault, "--cache-dir", tmp_path) == first


def test_locked_file_is_passed_over(vault: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "WAIT", 0.01)
    first = check(vault)
    write_vault(vault, {"Physics.md": "Now [[Nothing]].\n"})
    database = sqlite3.connect(only(cache_dir), isolation_level=None)
    database.execute("begin exclusive")
    changed = check(vault)
    database.execute("rollback")
    database.close()
    assert changed == check(vault, "--no-cache") != first
    assert check(vault) == changed


def changed_note(surface: bytes, note: int = 0) -> Changed:
    return Changed("a.md", Row(note, b"", b"", b""), surface, lambda: b"record", b"findings", array("q", [1]))


def test_results_of_another_run_are_not_mixed(tmp_path: Path) -> None:
    """A run saves its results only if the cache is still the one that it loaded."""
    one, other = (Cache(tmp_path, tmp_path / "vault") for _ in range(2))
    assert one.save(b"p", Cached(), [changed_note(b"before")], [], b"")
    loaded, same = one.load(b"p"), other.load(b"p")
    note = loaded.rows["a.md"].id
    assert other.save(b"p", same, [changed_note(b"after", note)], [], b"")
    assert not one.save(b"p", loaded, [changed_note(b"before", note)], [], b"")
    assert one.surface(one.load(b"p").rows["a.md"].id) == b"after"


def test_records_that_are_gone_are_read_again(vault: Path, cache_dir: Path) -> None:
    check(vault)
    database = sqlite3.connect(only(cache_dir))
    database.execute("delete from records")
    database.commit()
    database.close()
    (vault / "People/Newton.md").unlink()
    assert check(vault) == check(vault, "--no-cache")


DAMAGED_ROWS = (
    "delete from inputs",
    "delete from inputs where note % 2 = 0",
    "update inputs set note = note + 100",
    "update or ignore inputs set input = input + 8",
    "update or ignore inputs set input = 'text' where note > 0",
    "update sums set sum = sum + 1",
    "update sums set sum = 'text'",
    "delete from sums",
    "update records set record = (select record from records order by note limit 1)",
    "update findings set findings = (select findings from findings order by note limit 1)",
    "update findings set inputs = (select inputs from findings order by note limit 1)",
    "update notes set id = id + 1000",
    "update notes set surface = (select surface from notes order by id limit 1)",
    "update findings set answers = (select answers from findings order by note limit 1)",
    "delete from notes",
    "delete from notes where id % 2 = 0",
    "delete from notes where id % 3 = 0",
    "update notes set profile = profile + 1 where id % 2 = 0",
)


@pytest.mark.parametrize("statement", DAMAGED_ROWS)
@pytest.mark.parametrize(
    "change", [("People/Kepler.md", "# Laws\n"), ("Nobody.md", ""), ("plan.png", ""), ("Map.canvas", None)]
)
def test_damaged_rows_make_no_difference(
    vault: Path, cache_dir: Path, statement: str, change: tuple[str, str | None]
) -> None:
    check(vault)
    with closing(sqlite3.connect(only(cache_dir))) as database, database:
        database.execute(statement)
    path, text = change
    if text is None:
        (vault / path).unlink()
    else:
        write_vault(vault, {path: text})
    assert check(vault) == check(vault, "--no-cache")
    assert check(vault) == check(vault, "--no-cache")


def test_sums_follow_what_is_saved_and_pruned(tmp_path: Path) -> None:
    kept = Cache(tmp_path, tmp_path / "vault")
    for number in range(2 * cache.MOST_PROFILES):
        profile = b"p%d" % number
        assert kept.save(profile, Cached(), [changed_note(b"before")], [], b"")
        loaded = kept.load(profile)
        note = loaded.rows["a.md"].id
        inputs = array("q", [-(2**63), 2**63 - 1])
        change = Changed("a.md", Row(note, b"", b"", b""), b"after", None, b"", inputs)
        assert kept.save(profile, loaded, [change], [], b"")
        assert kept.dependents(kept.load(profile), [1]) == set()
        for one in (-(2**63), 2**63 - 1):
            assert kept.dependents(kept.load(profile), [one]) == {"a.md"}
    loaded = kept.load(profile)
    assert kept.save(profile, loaded, [], [loaded.rows["a.md"].id], b"")
    assert kept.dependents(kept.load(profile), [2**63 - 1]) == set()


def test_only_differing_inputs_are_written(tmp_path: Path) -> None:
    kept = Cache(tmp_path, tmp_path / "vault")

    def save(note: int, inputs: list[int]) -> None:
        change = Changed("a.md", Row(note, b"", b"", b""), b"surface", None, b"", array("q", inputs))
        assert kept.save(b"p", kept.load(b"p"), [change], [], b"")

    save(0, [1, 2, 3])
    with closing(sqlite3.connect(kept.file)) as database, database:
        database.execute("create table log (event text)")
        database.execute("create trigger added after insert on inputs begin insert into log values ('added'); end")
        database.execute("create trigger gone after delete on inputs begin insert into log values ('gone'); end")
    note = kept.load(b"p").rows["a.md"].id
    save(note, [2, 3, 4])
    for one, paths in ((1, set[str]()), (2, {"a.md"}), (4, {"a.md"})):
        assert kept.dependents(kept.load(b"p"), [one]) == paths
    kept.close()
    with closing(sqlite3.connect(kept.file)) as database:
        assert database.execute("select event from log").fetchall() == [("gone",), ("added",)]


def test_surfaces_that_are_gone_are_read_again(vault: Path, cache_dir: Path) -> None:
    check(vault)
    database = sqlite3.connect(only(cache_dir))
    database.execute("delete from notes")
    database.commit()
    database.close()
    (vault / "People/Newton.md").unlink()
    changed = check(vault)
    assert changed == check(vault, "--no-cache")
    write_vault(vault, {"Physics.md": "Now [[Nothing]].\n"})
    assert check(vault) == check(vault, "--no-cache") != changed


@pytest.mark.parametrize("text", ["Text [[One]].\n", "[[Two]]\n", "[[one]] [[Two]]\n", "Nothing.\n"])
def test_problems_that_notes_share_are_told_as_in_a_fresh_run(tmp_path: Path, text: str) -> None:
    planned = {f"n{i}.md": f"[[Idea {i}]]\n" for i in range(25)}
    shared = {"a.md": "[[One]]\n", "b.md": "[[One]] [[Two]]\n", "c.md": "[[One]]\n", "d.md": "Other.\n"}
    vault = settled(write_vault(tmp_path / "vault", planned | shared))
    first = check(vault)
    assert "3 notes link to it" in first.out
    write_vault(vault, {"d.md": "Other words.\n"})
    assert check(vault).out == first.out
    write_vault(vault, {"a.md": text})
    assert check(vault) == check(vault, "--no-cache")
    assert check(vault, "--format", "json") == check(vault, "--format", "json", "--no-cache")


def test_what_is_loaded_stays_while_another_run_writes(tmp_path: Path) -> None:
    one, other = (Cache(tmp_path, tmp_path / "vault") for _ in range(2))
    one.save(b"p", Cached(), [changed_note(b"before")], [], b"")
    loaded = one.load(b"p")
    other.save(b"p", other.load(b"p"), [], [loaded.rows["a.md"].id], b"")
    assert one.findings(loaded.rows["a.md"].id) == b"findings"
    assert one.dependents(loaded, [1, 2]) == {"a.md"}
    assert other.load(b"p").rows == {}
    assert other.dependents(loaded, [1, 2]) == set()


CLAIM = "Scientists found that {} percent of all people sleep badly in the cities of Europe.\n"
CITING = {
    "a.md": "It is [^1].\n\n" * 3,
    **{f"{name}.md": CLAIM.format(number) for number, name in enumerate(("b", "c", "d"), 21)},
    "sources/@Smith.md": "# Sleep in Europe\n",
}
"""Four notes, one of which cites by habit."""


def citing(link: str) -> str:
    """A note that cites by habit if the target of its link is a source."""
    return f"So [[{link}]] says.\n\n" * 3 + CITING["d.md"]


@pytest.mark.parametrize("before", ["", "See [[b]]. "])
def test_links_to_a_source_make_citing_a_habit(tmp_path: Path, before: str) -> None:
    vault = settled(write_vault(tmp_path / "vault", CITING | {"d.md": before + CITING["d.md"]}))
    assert "uncited-claim" not in check(vault).out
    write_vault(vault, {"d.md": before + citing("@Smith")})
    assert check(vault) == check(vault, "--no-cache")
    assert "b.md:1:1: info uncited-claim" in check(vault).out


@pytest.mark.parametrize(
    ("link", "source", "expected"),
    [("@Smith", "sources/@Smith.md", 3), ("c", "sources/@Smith.md", 1), ("Smith", "sources/Smith.md", 1)],
)
def test_new_link_matters_elsewhere_only_where_it_can_cite(
    tmp_path: Path, linted: Iterator[list[str]], link: str, source: str, expected: int
) -> None:
    (paths,) = linted
    notes = {path: text for path, text in CITING.items() if not path.startswith("sources")}
    vault = settled(write_vault(tmp_path / "vault", notes | {source: "# Sleep\n"}))
    check(vault)
    paths.clear()
    write_vault(vault, {"d.md": citing(link)})
    check(vault)
    assert len(paths) == expected


LINKED = {
    "Target.md": "# Laws\n",
    "links.md": "[[Target#Laws]]\n",
    "by path.md": "[one](./target.md#Laws)\n",
    "property.md": "---\nlink: '[[TARGET.md#Laws]]'\n---\n",
    "Board.canvas": '{"nodes": [{"type": "text", "text": "[[Target#Laws]]"}]}',
    "other.md": "[[links]] [[Gone]]\n",
}


def test_new_heading_matters_only_where_a_link_leads_to_its_note(tmp_path: Path, linted: Iterator[list[str]]) -> None:
    (paths,) = linted
    vault = settled(write_vault(tmp_path / "vault", LINKED))
    first = check(vault)
    paths.clear()
    write_vault(vault, {"Target.md": "# Rules\n"})
    changed = check(vault, "other.md")  # a note that does not show the change
    assert paths == []
    changed = check(vault)
    assert sorted(paths) == ["Board.canvas", "Target.md", "by path.md", "links.md", "property.md"]
    assert changed == check(vault, "--no-cache") != first
    paths.clear()
    assert check(vault, "--statistics") == check(vault, "--statistics", "--no-cache")
    write_vault(vault, {"Target.md": "# Laws\n"})
    assert check(vault) == first


def test_only_the_latest_are_kept(tmp_path: Path) -> None:
    kept = Cache(tmp_path, tmp_path / "vault")
    keys = [bytes([i]) for i in range(20)]
    for key in keys:
        kept.save(key, Cached(), [changed_note(b"")], [], b"")
        kept.save_report(key, Shown("total", False, [], 2), [b"te", b"xt"])
        time.sleep(0.001)
    assert [key for key in keys if kept.load(key).rows] == keys[-cache.MOST_PROFILES :]
    assert [key for key in keys if kept.report(key)] == keys[-cache.MOST_REPORTS :]
    report = kept.report(keys[-1])
    assert report is not None
    assert (report[0], [*map(bytes, report[1])]) == (Shown("total", False, [], 2), [b"te", b"xt"])


def test_text_of_all_reports_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_TEXT", 10)
    kept = Cache(tmp_path, tmp_path / "vault")
    for key, size in ((b"first", 6), (b"second", 4), (b"third", 5)):
        kept.save_report(key, Shown("total", False, [], 1), [b"x" * size])
        time.sleep(0.001)
    assert [bool(kept.report(key)) for key in (b"first", b"second", b"third")] == [False, True, True]


def test_page_that_several_reports_have_is_kept_once(tmp_path: Path) -> None:
    kept = Cache(tmp_path, tmp_path / "vault")
    shared, old, new = (Page(text, text) for text in (b"shared", b"old", b"new"))
    for key, pages in ((b"first", [shared, old, b"end"]), (b"second", [new, shared, b"other end"])):
        kept.save_report(key, Shown("total", False, [], 3), pages)
    for key, pages in ((b"first", [shared, old, b"end"]), (b"second", [new, shared, b"other end"])):
        report = kept.report(key)
        assert report is not None
        assert report[1] == pages
    with sqlite3.connect(kept.file) as database:
        assert database.execute("select count(*) from texts").fetchone() == (5,)
    assert kept.pages([b"shared", b"gone"]) == {b"shared": shared}


def test_page_goes_with_the_last_report_that_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_REPORTS", 1)
    kept = Cache(tmp_path, tmp_path / "vault")
    for key, text in ((b"first", b"old"), (b"second", b"new")):
        kept.save_report(key, Shown("total", False, [], 2), [Page(b"shared", b"shared"), Page(text, text)])
        time.sleep(0.001)
    assert kept.pages([b"shared", b"old", b"new"]) == {b"shared": b"shared", b"new": b"new"}


@pytest.mark.parametrize("is_as_read", [True, False])
def test_page_of_a_file_that_has_changed_meanwhile_is_not_kept(tmp_path: Path, is_as_read: bool) -> None:
    texts = Texts(Cache(tmp_path, tmp_path / "vault"), b"", {"a.md": b"1"}, lambda path: is_as_read)
    (page,) = texts.pages("view", [("a.md", "found")], lambda path, found: f"{path}: {found}")
    assert page == b"a.md: found"
    assert isinstance(page, Page) is is_as_read


def test_page_depends_on_the_view_on_what_is_seen_and_on_the_profile(tmp_path: Path) -> None:
    def keys(view: str, seen: bytes, profile: bytes = b"a") -> list[bytes]:
        texts = Texts(Cache(tmp_path, tmp_path / "vault"), profile, {"a.md": seen}, lambda path: True)
        pages = texts.pages(view, [("a.md", "found")], lambda path, found: found)
        return [page.key for page in pages if isinstance(page, Page)]

    assert keys("view", b"1") == keys("view", b"1")
    others = keys("other", b"1"), keys("view", b"2"), keys("view", b"1", b"b")
    assert len({*keys("view", b"1")}.union(*others)) == 4


def test_report_that_is_too_large_is_not_kept(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_TEXT", 10)
    assert check(vault) == check(vault)


def test_clean(vault: Path, cache_dir: Path) -> None:
    check(vault)
    assert [*cache_dir.iterdir()]
    ran = run("clean", cwd=vault)
    assert ran == (0, f"vaultlint: removed the cache of 1 vault (in {cache_dir})\n", "")
    assert not [*cache_dir.iterdir()]
    assert run("clean", cwd=vault).out.startswith("vaultlint: removed the cache of 0 vaults ")


def test_clean_leaves_other_files(vault: Path, cache_dir: Path) -> None:
    write_vault(cache_dir, {"notes.md": "Mine.\n"})
    run("clean", cwd=vault)
    assert (cache_dir / "notes.md").exists()


CACHE_NAME = "0123456789abcdef" * 2 + ".vaultlint"


def test_clean_removes_nothing_of_a_vault_that_is_the_cache_directory(vault: Path) -> None:
    others = {
        ".vaultlint-baseline.json": "{}",
        "About .vaultlint files.md": "Mine.\n",
        "x.vaultlint": "Mine.\n",
        f"{CACHE_NAME}.md": "Mine.\n",
        f"{CACHE_NAME}-wal": "Mine: there is no database of that name.\n",
        CACHE_NAME.replace("0", "1"): "Mine, and no database.\n",
        "a.vaultlint/b.md": "Mine.\n",
    }
    write_vault(vault, others)
    run("check", "--cache-dir", ".", cwd=vault)
    ran = run("clean", "--cache-dir", ".", cwd=vault)
    assert ran.out.startswith("vaultlint: removed the cache of 1 vault ")
    assert {path for path in others if (vault / path).exists()} == {*others}
    assert not [path for path in vault.iterdir() if path.name not in {*FILES, *others} and path.is_file()]


@pytest.mark.parametrize("content", ["", b"SQLite format 3\0damaged"])
def test_clean_removes_damaged_caches_with_what_is_beside_them(cache_dir: Path, content: str | bytes) -> None:
    write_vault(cache_dir, {CACHE_NAME: content, f"{CACHE_NAME}-wal": "", f"{CACHE_NAME}-journal": ""})
    run("clean", cwd=cache_dir)
    assert not [*cache_dir.iterdir()]


def test_no_cache_leaves_nothing(vault: Path, cache_dir: Path) -> None:
    check(vault, "--no-cache")
    assert not [*cache_dir.iterdir()]


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    try:
        vault = settled(write_vault(tmp_path / os.fsdecode(b"caf\xe9"), FILES))
        write_vault(vault, {os.fsdecode(b"\xe9.md"): "[[Nobody]]\n"})
    except OSError:
        pytest.skip("such a name can't be given here")
    first = check(vault)
    assert r"\xe9.md" in first.out
    assert check(vault) == first == check(vault, "--no-cache")
    write_vault(vault, {"vaultlint.toml": "vault = 'People'\n"})
    assert check(vault) == check(vault, "--no-cache") != first


def test_vaults_have_a_file_each(tmp_path: Path, cache_dir: Path) -> None:
    for name in "ab":
        check(write_vault(tmp_path / name, FILES))
    assert len([*cache_dir.iterdir()]) == 2


def test_kept_text_is_read_again_where_it_is_asked_for(vault: Path) -> None:
    """A rule that checks the vault may use any fact of any note."""
    sources = {source.path: source for source in discovery.discover(vault).notes}
    reader = records.Reader(Dialect(), lambda path: ActiveRules())
    read = {path: reader.record(source).opened() for path, source in sources.items()}
    shelf = records.Shelf(sources, read.__getitem__, reader)
    kept = [records.CachedNote(path, shelf) for path in read]
    assert kept == [reading.read(source) for source in sources.values()]
    with pytest.raises(AttributeError):
        _ = kept[0].colour  # type: ignore[attr-defined]
