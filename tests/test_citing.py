"""Which notes are sources, which citations count, and which folders usually cite."""

import pytest

from vaultlint.claims.citing import Citing, CitingNotes, Counting, is_habit
from vaultlint.note import CitationCounts, CitationKind
from vaultlint.reading import read_note
from vaultlint.vault import Vault
from vaultlint.vault_view import Answers, Question, VaultView

ALL = frozenset(CitationKind)


def citing(files: dict[str, str], *reference_notes: str, kinds: frozenset[CitationKind] = ALL) -> Citing:
    vault = Vault([read_note(path, text) for path, text in files.items()])
    return Citing(VaultView(vault), Counting(kinds, reference_notes))


def sources(files: dict[str, str], *reference_notes: str) -> set[str]:
    """Paths of the notes that are sources."""
    return {path for path in files if citing(files, *reference_notes).is_source(path)}


def counted(text: str, files: dict[str, str], *reference_notes: str) -> list[str]:
    """The citations of a note, as they are written."""
    note = read_note("Note.md", text)
    found = citing({**files, "Note.md": text}, *reference_notes).citations(note)
    return [text[citation.span.start : citation.span.end] for citation in found]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        *(("@newton1687.md", ""), ("Sources/@newton1687.md", "")),
        *((("Newton.md", f"---\n{name}: x\n---\n")) for name in ("citekey", "doi", "isbn", "DOI")),
        ("Newton.md", "---\nisbn: 9780520088177\n---\n"),
    ],
)
def test_reference_note(path: str, text: str) -> None:
    assert sources({path: text}) == {path}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Newton.md", "The @newton1687 is a book."),
        ("@Sources/Newton.md", ""),
        ("Newton@1687.md", ""),
        ("Newton.md", "---\nvideoId: rT4kQw81LmA\n---\n"),
        ("Newton.md", "---\nsource: https://tides.example\ntype: book\ntags: source\n---\n"),
        ("Newton.md", "---\ndoi:\n---\n"),
        ("Newton.md", "doi: 10.1000/182"),
        ("Newton.md", "---\ndoi: {\n---\n"),
    ],
)
def test_no_reference_note(path: str, text: str) -> None:
    assert sources({path: text}) == set()


@pytest.mark.parametrize(
    ("entry", "path", "text"),
    [
        ("#source", "Newton.md", "A book. #source"),
        ("#source", "Newton.md", "A book. #Source/Book"),
        ("#Source", "Newton.md", "---\ntags: [physics, source]\n---\n"),
        ("#source", "Newton.md", "---\ntags: source/book\n---\n"),
        ("#source", "Newton.md", "---\ntags: '#source'\n---\n"),
        ("#source/book", "Newton.md", "A book. #source/book/old"),
        ("type: book", "Newton.md", "---\ntype: book\n---\n"),
        ("type: book", "Newton.md", "---\nType: [paper, book]\n---\n"),
        ("kind of: a: b", "Newton.md", "---\nkind of: 'a: b'\n---\n"),
        ("Sources/", "Sources/Old/Newton.md", ""),
        ("*.src.md", "Newton.src.md", ""),
    ],
)
def test_listed_note(entry: str, path: str, text: str) -> None:
    assert sources({path: text}, "other/", entry) == {path}


@pytest.mark.parametrize(
    ("entry", "path", "text"),
    [
        ("#source", "Newton.md", "A book. #sources"),
        ("#source/book", "Newton.md", "A book. #source"),
        ("#source", "Newton.md", "`#source` \\#source source"),
        ("type: book", "Newton.md", "---\ntype: notebook\n---\n"),
        ("type: book", "Newton.md", "---\nkind: book\n---\n"),
        ("type: book", "Newton.md", "type: book"),
        ("Sources/", "Sources.md", ""),
        ("Sources/", "Sources/Map.canvas", "{}"),
    ],
)
def test_note_that_is_not_listed(entry: str, path: str, text: str) -> None:
    assert sources({path: text}, entry) == set()


SOURCES = {"@newton1687.md": "", "Books/Principia.md": "", "Kepler.md": ""}


@pytest.mark.parametrize(
    "link",
    ["[[Principia]]", "[[Books/Principia]]", "[[principia#Book 3]]", "[[Principia|Newton]]", "[[@newton1687]]"],
)
def test_wikilink_to_a_source_counts(link: str) -> None:
    assert counted(f"It falls {link}.", SOURCES, "Books/") == [link]


@pytest.mark.parametrize(
    "text",
    ["[[Kepler]]", "[[Opticks]]", "![[Principia]]", "[[Twins]]", "`[[Principia]]`", "[Newton](Books/Principia.md)"],
)
def test_other_link_does_not_count(text: str) -> None:
    twins = {"Books/Twins.md": "", "Other/Twins.md": ""}
    assert counted(f"It falls {text}.", {**SOURCES, **twins}, "Books/") == []


def test_wikilink_that_can_only_lead_to_sources_counts() -> None:
    twins = {"Books/A/Twins.md": "", "Books/B/Twins.md": ""}
    assert counted("It falls [[Twins]].", twins, "Books/") == ["[[Twins]]"]


def test_citations_are_in_order() -> None:
    text = "It [^1] falls [[Principia]] and [@a] rises [[@newton1687]]."
    assert counted(text, SOURCES, "Books/") == ["[^1]", "[[Principia]]", "[@a]", "[[@newton1687]]"]


@pytest.mark.parametrize(
    ("kind", "left"),
    [(CitationKind.FOOTNOTE, "[^1]"), (CitationKind.NOTE, "[[Principia]]"), (CitationKind.KEY, "[[@newton1687]]")],
)
def test_kind_that_is_not_chosen_does_not_count(kind: CitationKind, left: str) -> None:
    text = "It [^1] falls [[Principia]] and [[@newton1687]]."
    found = citing({**SOURCES, "Note.md": text}, "Books/", kinds=frozenset({kind}))
    spans = [citation.span for citation in found.citations(read_note("Note.md", text))]
    assert [text[span.start : span.end] for span in spans] == [left]


HABIT = "It falls [^1].\n\n" * 3


def asked(files: dict[str, str], folder: str, kinds: frozenset[CitationKind] = ALL, *listed: str) -> int:
    """How many notes of a folder cite as a habit."""
    vault = Vault([read_note(path, text) for path, text in files.items()])
    found: int = VaultView(vault).ask(CitingNotes(folder, tuple(sorted(kinds)), listed))
    return found


def test_notes_that_cite_as_a_habit() -> None:
    files = {"a.md": HABIT, "b.md": "[^1]", "A/a.md": "", "A/B/a.md": HABIT, "A/B/b.md": HABIT, "c.canvas": "{}"}
    assert [asked(files, folder) for folder in ("", "A", "A/B", "C")] == [1, 0, 2, 0]


def test_habit_goes_by_what_counts() -> None:
    times = "It falls (1:02).\n\n" * 3
    books = "It falls [[Book]].\n\n" * 3
    files = {"a.md": HABIT, "b.md": books, "Book.md": "", "c.md": times, "d.md": "[[Book]]"}
    assert asked(files, "", frozenset({CitationKind.NOTE}), "/Book.md") == 1
    assert asked(files, "", frozenset({CitationKind.NOTE, CitationKind.TIMESTAMP}), "/Book.md") == 2
    assert asked(files, "", frozenset({CitationKind.LINK})) == 0


@pytest.mark.parametrize(
    ("counts", "is_so"),
    [
        ((), False),
        ((((), 3), ((CitationKind.KEY,), 3)), True),
        ((((), 4), ((CitationKind.KEY,), 3)), False),
        ((((CitationKind.KEY,), 2),), False),
        ((((CitationKind.FOOTNOTE,), 3), ((CitationKind.KEY,), 3)), True),
        ((((CitationKind.FOOTNOTE,), 2), ((CitationKind.FOOTNOTE, CitationKind.KEY), 1)), False),
    ],
)
def test_habit(counts: CitationCounts, is_so: bool) -> None:
    assert is_habit(counts, frozenset({CitationKind.KEY, CitationKind.NOTE})) is is_so


def test_folder_that_cites_often_does_so_with_one_note_more() -> None:
    notes = [read_note("x/a.md", HABIT), read_note("x/b.md", HABIT), read_note("x/c.md", "")]
    vault, answers = Vault([*notes, *(read_note(f"{i}.md", "") for i in range(9))]), Answers()
    counting = Counting(frozenset({CitationKind.FOOTNOTE}))
    for path, often, is_other in (("x/d.md", True, False), ("x/e.md", False, True)):
        before = VaultView(vault, answers)
        assert Citing(before, counting).cites_often("x")
        changed = {one.id for one in vault.put(read_note(path, ""))}
        answers.update(changed, vault)
        assert (not changed.isdisjoint(one.id for one in before.inputs)) == is_other
        assert Citing(VaultView(vault, answers), counting).cites_often("x") == often


def test_vault_that_cites_often_holds_all_its_folders_to_it() -> None:
    vault, answers = Vault([read_note("x/a.md", HABIT), read_note("y/b.md", "")]), Answers()
    counting = Counting(frozenset({CitationKind.FOOTNOTE}))
    assert Citing(VaultView(vault, answers), counting).cites_often("y")
    changed = {one.id for one in vault.put(read_note("x/c.md", ""))}
    answers.update(changed, vault)
    assert not Citing(VaultView(vault, answers), counting).cites_often("y")


class Asked(Question, frozen=True):
    """How many notes of a folder cite; counts how often that was computed."""

    folder: str

    def answer(self, vault: VaultView) -> int:
        WORKED_OUT.append(self.folder)
        return sum(map(bool, vault.citing(self.folder).values()))


WORKED_OUT: list[str] = []


def test_work_is_done_once_until_a_file_changes() -> None:
    WORKED_OUT.clear()
    vault, answers = Vault([read_note("a.md", HABIT), read_note("x/a.md", "")]), Answers()
    assert [VaultView(vault, answers).ask(Asked(folder)) for folder in ("", "x", "")] == [1, 0, 1]
    assert WORKED_OUT == ["", "x"]
    changed = {one.id for one in vault.put(read_note("b.md", HABIT))}
    answers.update(changed, vault)
    assert Asked("").input.id in changed
    assert Asked("x").input.id not in changed
    assert VaultView(vault, answers).ask(Asked("")) == 2
    assert WORKED_OUT == ["", "x", ""]
