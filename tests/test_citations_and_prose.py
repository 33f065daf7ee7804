"""Marks that say where something is from, and the prose they stand in."""

import pytest

from vaultlint.note import BlockKind, CitationKind
from vaultlint.reading import read_note
from vaultlint.reading.prose import prose
from vaultlint.text import Span

ANCHOR = '<a class="yt-timestamp" data-t="1:02">[1:02]</a>'


def citations(text: str) -> list[tuple[CitationKind, str]]:
    found = read_note("Note.md", text).citations
    return [(citation.kind, text[citation.span.start : citation.span.end]) for citation in found]


def blocks(text: str) -> list[tuple[BlockKind, str]]:
    found = read_note("Note.md", text).blocks
    return [(block.kind, text[block.span.start : block.span.end].strip()) for block in found]


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        (f"Rise {ANCHOR}.", CitationKind.TIMESTAMP, ANCHOR),
        ("Rise (1:02).", CitationKind.TIMESTAMP, "(1:02)"),
        ("Rise [1:02:03].", CitationKind.TIMESTAMP, "[1:02:03]"),
        ("Rise (1:02-1:10).", CitationKind.TIMESTAMP, "(1:02-1:10)"),
        ("Rise (1:02 – 1:10).", CitationKind.TIMESTAMP, "(1:02 – 1:10)"),
        ("Rise [1:02, 1:10; 2:00].", CitationKind.TIMESTAMP, "[1:02, 1:10; 2:00]"),
        ("Rise ( 1:02 to 1:10 ).", CitationKind.TIMESTAMP, "( 1:02 to 1:10 )"),
        ("Rise.[^1]", CitationKind.FOOTNOTE, "[^1]"),
        ("Rise.^[See there.]", CitationKind.FOOTNOTE, "^["),
        ("Rise [@kepler1609].", CitationKind.KEY, "[@kepler1609]"),
        ("Rise [-@kepler1609, p. 3].", CitationKind.KEY, "[-@kepler1609, p. 3]"),
        ("Rise [@kepler1609; @newton1687].", CitationKind.KEY, "[@kepler1609; @newton1687]"),
        ("Rise [[@kepler1609]].", CitationKind.KEY, "[[@kepler1609]"),
        ("Rise https://tides.example/x.", CitationKind.LINK, "https://tides.example/x."),
        ("Rise (http://tides.example).", CitationKind.LINK, "http://tides.example"),
        ("Rise <https://tides.example>.", CitationKind.LINK, "<https://tides.example>"),
        ("Rise [there](https://tides.example).", CitationKind.LINK, "[there](https://tides.example)"),
        ("漢 é 😀 [there](<https://tides.example>)", CitationKind.LINK, "[there](<https://tides.example>)"),
        ("Rise %% https://tides.example %%", CitationKind.LINK, "https://tides.example"),
    ],
)
def test_citation(text: str, kind: CitationKind, written: str) -> None:
    assert citations(text) == [(kind, written)]


@pytest.mark.parametrize(
    "text",
    [
        "At 1:02 it rose.",
        "(see 1:02)",
        "(123:45)",
        "@kepler1609",
        "[kepler1609]",
        "mail@tides.example",
        "[[Kepler]] [there](Kepler.md) ![[Kepler.png]]",
        "[there](mailto:a@tides.example)",
        "ftp://tides.example",
        "`https://tides.example [@kepler] [^1] (1:02)`",
        "```\nhttps://tides.example [@kepler] [^1] (1:02)\n```",
        "$[@kepler]$",
        "<!-- https://tides.example [@kepler] (1:02) -->",
        "---\nsource: https://tides.example\n---\n",
        "[^1]: See Kepler.",
    ],
)
def test_no_citation(text: str) -> None:
    assert citations(text) == []


def test_citation_inside_another_is_part_of_it() -> None:
    assert citations("[(1:02)](https://tides.example) [@a, https://b.example]") == [
        (CitationKind.LINK, "[(1:02)](https://tides.example)"),
        (CitationKind.KEY, "[@a, https://b.example]"),
    ]


def test_citations_are_in_order() -> None:
    assert [kind for kind, _ in citations("[@a] (1:02) https://b.example [^1]")] == [
        CitationKind.KEY,
        CitationKind.TIMESTAMP,
        CitationKind.LINK,
        CitationKind.FOOTNOTE,
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one\ntwo\n\nthree", [(BlockKind.PARAGRAPH, "one\ntwo"), (BlockKind.PARAGRAPH, "three")]),
        ("- one\n- two", [(BlockKind.ITEM, "one"), (BlockKind.ITEM, "two")]),
        ("- one\n\n- two", [(BlockKind.ITEM, "one"), (BlockKind.ITEM, "two")]),
        ("- one\n  - two\n- three", [(BlockKind.ITEM, "one"), (BlockKind.ITEM, "two"), (BlockKind.ITEM, "three")]),
        ("- [ ] one", [(BlockKind.ITEM, "one")]),
        ("1. *one* `two`", [(BlockKind.ITEM, "*one* `two`")]),
        ("> one\n> two", [(BlockKind.QUOTE, "one\n> two")]),
        ("> - one", [(BlockKind.ITEM, "one")]),
        ("- > one", [(BlockKind.QUOTE, "one")]),
        ("> one\n\ntwo", [(BlockKind.QUOTE, "one"), (BlockKind.PARAGRAPH, "two")]),
        ("| a | b |\n|---|---|\n| c | |", [(BlockKind.CELL, "a"), (BlockKind.CELL, "b"), (BlockKind.CELL, "c")]),
        ("> | a |\n> |---|", [(BlockKind.CELL, "a")]),
        ("# one\ntwo", [(BlockKind.PARAGRAPH, "two")]),
        ("é 漢\n\n- 😀 é", [(BlockKind.PARAGRAPH, "é 漢"), (BlockKind.ITEM, "😀 é")]),
        ("one\r\n\r\n- two\r\n", [(BlockKind.PARAGRAPH, "one"), (BlockKind.ITEM, "two")]),
        ("---\na: b\n---\none", [(BlockKind.PARAGRAPH, "one")]),
    ],
)
def test_prose_blocks(text: str, found: list[tuple[BlockKind, str]]) -> None:
    assert [block for block in blocks(text) if block[1]] == found


@pytest.mark.parametrize(
    "text", ["# one", "```\none\n```", "    one", "<div>\none\n</div>", "[^1]: one\n    two", "***", "<!-- one -->"]
)
def test_no_prose_block(text: str) -> None:
    assert blocks(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plain text", "plain text"),
        ("**bold** _it_ ==mark== ~~gone~~", "bold it mark gone"),
        ("snake_case __init__ a_", "snake_case init a"),
        ("`code` text", "text"),
        ("a %% hidden %% b <!-- hidden --> c", "a b c"),
        ("a <b>c</b>", "a c"),
        ("[[Tides]] and [[Tides#x|the sea]]", "Tides and the sea"),
        ("![[Moon.png]] ![x](Moon.png) a", "a"),
        ("[the sea](Tides.md) and [it](a(b).md)", "[the sea and [it"),  # the bracket is in nobody's way
        ("> [!quote] Title\n> text", "text"),
        ("one\n> two\n  > > three", "one two three"),
        (f"one {ANCHOR}", "one [1:02]"),
        ("“é” — 漢 😀", "“é” — 漢 😀"),
        ("unpaired `tick, [[link and <tag", "unpaired `tick, link and <tag"),
    ],
)
def test_prose_without_markup(text: str, words: str) -> None:
    found = prose(text, Span(0, len(text)))
    assert found.split() == words.split()


@pytest.mark.parametrize(
    "text",
    ["**bold** `code`\n> [[a|b]] %% c %%\r\n", "é [漢](😀.md) <b>x</b>", "a" + "_" * 300 + "a", "%%%%%", "[[[a]]]"],
)
def test_prose_keeps_every_offset(text: str) -> None:
    found = prose(f"before {text} after", Span(7, 7 + len(text)))
    assert len(found) == len(text)
    assert all(new in (old, " ") for old, new in zip(text, found, strict=True))
