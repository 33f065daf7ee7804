"""Which notes are sources, which citations count, and where citing is the habit."""

from pathlib import Path

import pytest

from conftest import write_vault
from vaultlint.claims.citing import Citing, Counting, References
from vaultlint.config.file import read_configuration
from vaultlint.config.places import ConfigError
from vaultlint.config.settings import Settings
from vaultlint.note import CitationKind
from vaultlint.reading import read_note
from vaultlint.rules import RULES
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.vault import Vault

ALL = frozenset(CitationKind)


def citing(files: dict[str, str], *reference_notes: str, kinds: frozenset[CitationKind] = ALL) -> Citing:
    vault = Vault([read_note(path, text) for path, text in files.items()])
    return Citing(vault, Counting(kinds, reference_notes))


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
    assert citing({path: text}).references == {path}


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
    assert citing({path: text}).references == set()


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
    assert citing({path: text}, "other/", entry).references == {path}


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
    assert citing({path: text}, entry).references == set()


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


def test_share_of_a_folder() -> None:
    found = citing({"a.md": "[^1]", "b.md": "", "A/a.md": "", "A/B/a.md": "[@a]", "c.canvas": "{}"})
    assert [found.share(folder) for folder in ("", "A", "A/B", "C")] == [0.5, 0.0, 1.0, 0.0]


def test_share_goes_by_what_counts() -> None:
    files = {"a.md": "[^1]", "b.md": "[[Book]]", "Book.md": "", "c.md": "(1:02)"}
    assert citing(files, "/Book.md", kinds=frozenset({CitationKind.NOTE})).share("") == 0.25


def test_work_is_done_once_until_a_file_changes() -> None:
    vault = Vault([read_note("a.md", "[^1]")])

    def kept() -> Citing:
        return vault.once("citing", lambda: Citing(vault, Counting(ALL)))

    first = kept()
    assert kept() is first
    assert vault.once("other", lambda: None) is None
    vault.put(read_note("b.md", ""))
    assert kept().share("") == 0.5
    vault.remove("b.md")
    assert kept().share("") == 1.0


@pytest.mark.parametrize("entry", ["!", "[z-a]"])
def test_entry_that_is_no_pattern(entry: str) -> None:
    with pytest.raises(ValueError, match=r"is no pattern as in \.gitignore"):
        References((entry,))
    with pytest.raises(ValueError, match=r"is no pattern as in \.gitignore"):
        UncitedClaim(reference_notes=("Sources/", entry))


@pytest.mark.parametrize("table", ["", "[[overrides]]\npaths = ['a']\n"])
def test_entry_that_is_no_pattern_is_named_by_the_configuration(tmp_path: Path, table: str) -> None:
    head = "overrides.rules" if table else "rules"
    write_vault(tmp_path, {"vaultlint.toml": f"{table}[{head}.uncited-claim]\nreference-notes = ['!']\n"})
    with pytest.raises(ConfigError) as caught:
        Settings(
            read_configuration(tmp_path / "vaultlint.toml")[0], "vaultlint.toml", {rule.name: rule for rule in RULES}
        )
    place = f"{'overrides[0].' if table else ''}rules.uncited-claim"
    assert str(caught.value).startswith(f"vaultlint.toml: {place}")
    assert "reference-notes" in str(caught.value)
    assert "'!' is no pattern as in .gitignore" in str(caught.value)
