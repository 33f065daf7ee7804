"""Facts: mypy checks their names and types, each class of notes has all of them, and the cache keeps them all."""

import subprocess
import sys
from inspect import getattr_static
from pathlib import Path

import pytest

from conftest import write_vault
from vaultlint.cache import records
from vaultlint.cache.records import CachedNote, Reader, Shelf, unpacked
from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.files.discovery import Source
from vaultlint.files.reading import note_of
from vaultlint.note import CACHED_IF_ASKED, FACTS, NOT_CACHED, Facts, Note, fact
from vaultlint.reading import Dialect, TextNote, read_note
from vaultlint.reading.data_files import DataNote
from vaultlint.rules import RULES

ROOT = Path(__file__).parents[1]

SNIPPETS = """
from vaultlint.note import Heading, Link, Note, fact
from vaultlint.reading.base import Reading


def right(note: Note) -> tuple[Heading, ...]:
    return note.headings


def of_no_such_name(note: Note) -> object:
    return note.headingss  # wrong


def of_another_type(note: Note) -> tuple[Link, ...]:
    return note.headings  # wrong


def inside_a_fact(note: Note) -> object:
    return note.headings[0].levl  # wrong


class Right(Reading):
    @fact
    def headings(self) -> tuple[Heading, ...]:
        return ()

    @fact
    def own(self) -> int:
        return len(self.headings)


class Wrong(Reading):
    @fact
    def headings(self) -> tuple[Link, ...]:  # wrong
        return ()

    @fact
    def unreadable(self) -> int:  # wrong
        return 0


def own(note: Right) -> str:
    return note.own  # wrong
"""


def test_mypy_knows_the_facts(tmp_path: Path) -> None:
    """A fact that does not exist, or has another type, is an error in that line; other lines have no error."""
    file = tmp_path / "snippets.py"
    file.write_text(SNIPPETS, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary"]
    # Follow imports silently: errors in other files do not matter here.
    command += ["--follow-imports=silent", "--cache-dir", str(tmp_path / "cache"), str(file)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    errors = [line for line in ran.stdout.splitlines() if ": error: " in line]
    lines = {int(line.removeprefix(str(file)).split(":")[1]) for line in errors}
    wrong = {number for number, line in enumerate(SNIPPETS.split("\n"), 1) if line.endswith("# wrong")}
    assert lines == wrong, ran.stdout


def overriding(kind: type[Note]) -> set[str]:
    """The facts that a class overrides; those of `Facts` are empty."""
    return {name for name in FACTS if getattr_static(kind, name) is not getattr_static(Facts, name)}


def test_note_that_is_read_from_its_text_knows_all_facts() -> None:
    assert {*FACTS} - overriding(TextNote) == {"unreadable", "syntax_fault"}, "which a text never is"


def test_cached_note_knows_all_facts_and_the_text() -> None:
    assert overriding(CachedNote) == {*FACTS}
    assert "text" in vars(CachedNote)


def test_canvas_or_base_has_links_and_nothing_else() -> None:
    assert overriding(DataNote) == {"links"}


def test_facts_are_those_of_the_class() -> None:
    assert {*FACTS} == {name for name in vars(Facts) if not name.startswith("_")}
    assert all(isinstance(getattr(Facts, name), fact) for name in FACTS)
    assert {*FACTS} > NOT_CACHED | CACHED_IF_ASKED


LONG = (
    '---\naliases: [Isaac]\nvaultlint-ignore: [broken-link]\nlink: "[[Kepler]]"\n---\n# Laws\n\n'
    "The first law was found in 1687 by [[Newton#Life|him]], ![[apple.png]] [[ #law #1a ^first\n\n"
    'It falls <a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>.[^1] [@smith] (Newton, 1687)\n\n'
    "- one [05:99]\n- two [text](no such file.md) [text][label]\n\n| a | b |\n| - | - |\n| `x` | $y$ |\n\n"
    "%% vaultlint-ignore-start %%\n> quote\n\n[^1]: A book.\n"
)

CONTENTS: dict[str, bytes | str] = {
    "Long.md": LONG.encode(),
    "Windows.md": LONG.replace("\n", "\r\n").encode(),
    "Plain.md": b"Nothing but words.\n",
    "Empty.md": b"",
    "Bad front matter.md": b"---\na: [b\n---\n# Laws\n",
    "Doubtful.md": b"\xef\xbb\xbf---\ntitle: x\n---\n",
    "Other letters.md": "# Überschrift 𝄞\n\n[[Ö#ä|ü]] ^id\n".encode(),
    "Map.canvas": b'{"nodes": [{"type": "file", "file": "Long.md"}, {"type": "text", "text": "[[A]]"}]}',
    "Broken.canvas": b'{"nodes": ',
    "View.base": b'filters: file.hasLink("Long")\n',
    "Broken.base": b"a: [",
    "Latin.md": b"caf\xe9",
    "Gone.md": "it disappeared while vaultlint was running",
}

contents = pytest.mark.parametrize(("path", "content"), CONTENTS.items(), ids=[*CONTENTS])

ACTIVE = ActiveRules(ActiveRule(rule(), None) for rule in RULES)


def cached(path: str, content: bytes | str, folder: Path, active: ActiveRules) -> tuple[CachedNote, Shelf]:
    """A note unpacked from its record, as another process packs it."""
    file = folder / path
    if isinstance(content, bytes):
        file.write_bytes(content)
    source = Source(path, str(file))
    reader = Reader(Dialect(), lambda path: active)
    (record,) = unpacked(reader.packed([source], {}))
    assert record is not None
    shelf = Shelf({path: source}, lambda path: record.opened(), reader)
    return CachedNote(path, shelf), shelf


@contents
@pytest.mark.parametrize("active", [ActiveRules(), ACTIVE], ids=["no rules", "all rules"])
def test_cached_note_equals_a_fresh_one(path: str, content: bytes | str, active: ActiveRules, tmp_path: Path) -> None:
    fresh = note_of(path, content)
    note, _ = cached(path, content, tmp_path, active)
    for name in ("text", *FACTS):
        assert getattr(note, name) == getattr(fresh, name), name
    assert note == fresh
    note.drop_facts()
    assert note == fresh


def test_few_notes_have_decoded_facts_at_a_time(tmp_path: Path) -> None:
    files = {f"{i}.md": f"# Heading {i}\n" for i in range(3 * records._MOST_OPENED)}
    write_vault(tmp_path, files)
    sources = {path: Source(path, str(tmp_path / path)) for path in files}
    reader = Reader(Dialect(), lambda path: ACTIVE)
    shelf = Shelf(sources, lambda path: reader.record(sources[path]).opened(), reader)
    notes = [CachedNote(path, shelf) for path in files]
    for _ in range(2):
        for i, note in enumerate(notes):
            assert note.headings[0].text == f"Heading {i}"
            assert note.once("a", str, note.path.upper) == f"{i}.MD"
    assert [note.path for note in notes if len(note.__dict__) > 2] == [*files][-records._MOST_OPENED :]


@contents
def test_facts_that_are_cached_are_had_without_the_file(
    path: str, content: bytes | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = note_of(path, content)
    note, shelf = cached(path, content, tmp_path, ACTIVE)

    def read_again(path: str) -> Note:
        raise AssertionError(f"{path} is read again")

    monkeypatch.setattr(shelf, "again", read_again)
    for name in FACTS.keys() - NOT_CACHED - CACHED_IF_ASKED:
        assert getattr(note, name) == getattr(fresh, name), name
    for name in (*NOT_CACHED, "text"):
        with pytest.raises(AssertionError, match="is read again"):
            getattr(note, name)


@pytest.mark.parametrize(("active", "count"), [(ACTIVE, 0), (ActiveRules(), 1)], ids=["asked for", "not asked for"])
def test_citations_are_cached_where_a_rule_asks_for_them(active: ActiveRules, count: int, tmp_path: Path) -> None:
    note, shelf = cached("Long.md", LONG.encode(), tmp_path, active)
    assert note.citations == read_note("Long.md", LONG).citations != ()
    assert shelf.again.cache_info().misses == count


def test_texts_hold_facts() -> None:
    """Without facts in the texts, notes would be equal whatever the cache loses. A new fact is tested elsewhere."""
    notes = [note_of(path, content) for path, content in CONTENTS.items()]
    nothing = Note("", "")
    missing = {name for name in FACTS if all(getattr(note, name) == getattr(nothing, name) for note in notes)}
    assert len(missing) < len(FACTS) / 10, missing
