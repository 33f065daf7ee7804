"""Citations, and the blocks of prose that contain them."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.claims.citing import is_habit
from vaultlint.note import Block, BlockKind, CitationCounts, CitationKind
from vaultlint.reading import Dialect, read_note

prose_module = sys.modules["vaultlint.reading.prose"]
citations_module = sys.modules["vaultlint.reading.citations"]  # in the package, the function has the same name

ANCHOR = '<a class="yt-timestamp" data-t="1:02">[1:02]</a>'


def citations(text: str, *patterns: str) -> list[tuple[CitationKind, str]]:
    found = read_note("Note.md", text, Dialect(citation_patterns=patterns)).citations
    return [(citation.kind, text[citation.span.start : citation.span.end]) for citation in found]


def blocks(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, written(text, block)) for block in read_note("Note.md", text).blocks]


def written(text: str, block: Block) -> str:
    return text[block.span.start : block.span.end].strip()


def lead_ins(text: str) -> dict[str, str]:
    """List item -> its lead-in."""
    found = read_note("Note.md", text).blocks
    return {written(text, one): written(text, found[one.lead_in]) for one in found if one.lead_in >= 0}


# Citations


@pytest.mark.parametrize(
    "mark",
    [
        ANCHOR,
        "[12:34](https://youtu.be/a?t=754)",
        "[12:34](https://youtube.com/watch?v=a&t=754)",
        "[00:01:06](#t=66)",
        "[00:12:34]",
        "[[00:12:34]]",
        "(00:12:34)",
        "(1:02)",
        "[02:20:30, 02:20:36]",
        "[00:50:58 - 00:51:00]",
        "(1:02-1:10)",
        "(1:02 – 1:10)",
        "[1:02, 1:10; 2:00]",
        "( 1:02 to 1:10 )",
        "(00:12:34, 00:13:00)",
    ],
)
def test_timestamp(mark: str) -> None:
    ((kind, found),) = citations(f"The sea rises {mark}. So it is.")
    assert kind is CitationKind.TIMESTAMP
    assert found == mark or f"[{found}]" == mark


@pytest.mark.parametrize(
    "mark",
    [
        "[^1]",
        "[^a-label]",
        "^[See there.]",
        "^[See [there](https://tides.example), [@kepler] and (1:02).]",
        "^[See [[Kepler]], p. 5.]",
        "^[[[Kepler]], p. 5]",
    ],
)
def test_footnote(mark: str) -> None:
    assert citations(f"The sea rises.{mark} So it is.") == [(CitationKind.FOOTNOTE, mark)]


@pytest.mark.parametrize(
    "mark",
    [
        "[@kepler1609]",
        "[-@kepler1609, p. 3]",
        "[see @kepler1609; @newton1687]",
        "[see @kepler1609, pp. 33-35; also @newton1687, ch. 1]",
        "[@a, https://tides.example]",
        "[[@kepler1609]]",
        "[[@kepler1609|Kepler]]",
        "[[Sources/@kepler1609#Page 3|Kepler]]",
    ],
)
def test_key(mark: str) -> None:
    assert citations(f"The sea rises {mark}. So it is.") == [(CitationKind.KEY, mark)]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("See https://tides.example/x.", "https://tides.example/x"),
        ("See https://tides.example/x, and more.", "https://tides.example/x"),
        ("Is it in (http://tides.example)?", "http://tides.example"),
        ('In "https://tides.example/x"!', "https://tides.example/x"),
        ("See **https://tides.example/x**.", "https://tides.example/x"),
        ("海https://tides.example/x。月", "https://tides.example/x"),
        ("See https://tides.example/x?a=1&b=2#c; so.", "https://tides.example/x?a=1&b=2#c"),
        ("See <https://tides.example>.", "<https://tides.example>"),
        ("See [there](https://tides.example).", "[there](https://tides.example)"),
        ("漢 é 😀 [there](<https://tides.example>)", "[there](<https://tides.example>)"),
        ("See [(1:02)](https://tides.example).", "[(1:02)](https://tides.example)"),
        ('See <a href="https://tides.example">there</a>.', '<a href="https://tides.example">'),
        ("See <A class=x HREF='http://tides.example'>there</A>.", "<A class=x HREF='http://tides.example'>"),
        ("[![x](Moon.png)](https://tides.example)", "[![x](Moon.png)](https://tides.example)"),
        ("See it %% https://tides.example %%", "https://tides.example"),
    ],
)
def test_link(text: str, mark: str) -> None:
    assert citations(text) == [(CitationKind.LINK, mark)]


def test_reference_link() -> None:
    found = citations("See [there][1].\n\n[1]: https://tides.example\n")
    assert found == [(CitationKind.LINK, "[there][1]")], "the definition is no second citation"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("The sea rises (Kepler, 1609).", "(Kepler, 1609)"),
        ("The sea rises (Kepler, 1609a, p. 3).", "(Kepler, 1609a, p. 3)"),
        ("The sea rises (see Kepler, 1609).", "(see Kepler, 1609)"),
        ("The sea rises (Kepler et al., 1609).", "(Kepler et al., 1609)"),
        ("The sea rises (Smith and Jones, 2020).", "(Smith and Jones, 2020)"),
        ("The sea rises (Smith & Jones, 2020; Lee, 2019).", "(Smith & Jones, 2020; Lee, 2019)"),
        ("The sea rises (Müller & O'Neil-López, 2020).", "(Müller & O'Neil-López, 2020)"),
        ("The sea rises (van Dijk, 2020).", "(van Dijk, 2020)"),
        ("Kepler (1609) saw it.", "Kepler (1609)"),
        ("As Kepler et al. (1609) saw.", "Kepler et al. (1609)"),
        ("As Smith & Jones (2020, p. 4) saw.", "Smith & Jones (2020, p. 4)"),
    ],
)
def test_author(text: str, mark: str) -> None:
    assert citations(text) == [(CitationKind.AUTHOR, mark)]


@pytest.mark.parametrize(
    "text",
    [
        *("At 1:02 it rose.", "(see 1:02)", "(123:45)", "[[00:12:34|then]]", "(Genesis, 1:2)", "[16-9]"),
        *("@kepler1609", "[kepler1609]", "#kepler1609", "**Kepler** saw it.", "Johannes Kepler saw it."),
        *("mail@tides.example", "[write to mail@tides.example]", "<mail@tides.example>"),
        *("[there](mailto:a@tides.example)", "ftp://tides.example", "www.tides.example", r"\[^1]"),
        *("[[Kepler]] [[Kepler|@kepler1609]] [there](Kepler.md)", '<a href="Kepler.md">there</a>'),
        *("![[Kepler.png]]", "![[Kepler]]", "![[@kepler1609]]", "![[https://tides.example/a.png]]"),
        *("![x](https://tides.example/a.png)", '<img src="https://tides.example/a.png">'),
        *("![(1:02) https://b.example](https://tides.example/a.png)", "![x][1]\n\n[1]: https://tides.example/a.png"),
        *(
            "(March 2020)",
            "In (2020) it rose.",
            "The (2020) sea.",
            "(2020)",
            "(in 2020)",
            "(Kepler)",
            "(the sea, 2020)",
        ),
        *("Kepler, 1609", "(Kepler, 123)", "(Since, 2020)"),
        "`https://tides.example [@kepler] [^1] ^[a] (1:02) (Kepler, 1609)`",
        "```\nhttps://tides.example [@kepler] [^1] ^[a] (1:02) (Kepler, 1609)\n```",
        "$[@kepler]$",
        "$$\n(Kepler, 1609)\n$$",
        "<!-- https://tides.example [@kepler] (1:02) (Kepler, 1609) -->",
        "---\nsource: https://tides.example\n---\n",
        "[^1]: See Kepler.",
        "^[",
    ],
)
def test_no_citation(text: str) -> None:
    assert citations(text) == []


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("The sea rises (Kepler 1609, 39).", ["(Kepler 1609, 39)"]),
        ("The sea rises (see Kepler 1609: 39–41).", ["(see Kepler 1609: 39–41)"]),
        ("The sea rises (Smith & Jones, 2020: 14).", ["(Smith & Jones, 2020: 14)"]),
        ("In *Harmony* the sea rises (pp. 17–19).", ["(pp. 17–19)"]),
        ("In _The Harmony_ the sea rises (p. 17).", ["(p. 17)"]),
        ("As “Harmony of the World” says, it rises (p. 17f.).", ["(p. 17f.)"]),
        ("As [[Harmony]] says, it rises (p. 17).", ["(p. 17)"]),
        ("The sea rises, as in *Harmony*, par. 6.", ["par. 6"]),
        ("The sea rises (Harmony, par. 6).", ["par. 6)"]),
        ("> The sea rises.\n> — Johannes Kepler", ["— Johannes Kepler"]),
        ("> The sea rises.\n>\n> -- Johannes Kepler, *Harmony*", ["-- Johannes Kepler, *Harmony*"]),
        ("“The sea rises.” – Kepler", ["– Kepler"]),
        ("The sea rises.\n— Ludwig van der Lee\n\nSo it is.", ["— Ludwig van der Lee"]),
        ("The sea rises [12]. The moon pulls it [3, 4].", ["[12]", "[3, 4]"]),
        ("The sea rises.[1] The moon pulls it.[2]", ["[1]", "[2]"]),
        ("The sea rises [1], and falls [1-3]", ["[1]", "[1-3]"]),
    ],
)
def test_forms_of_printed_works(text: str, marks: list[str]) -> None:
    assert citations(text) == [(CitationKind.AUTHOR, mark) for mark in marks]


@pytest.mark.parametrize(
    "text",
    [
        "The sea rises (March 2020).",
        "The sea rises (March 2020 and later).",
        "The sea rises (pp. 17–19).",
        "The sea rises on p. 17 of it.",
        "*Harmony* is on p. 17 of it.",
        "The sea (p) rises in *Harmony*.",
        "The sea — Kepler said — rises.",
        "The sea rises — Johannes Kepler",
        "The sea rises.\n— and it falls",
        "The sea rises.\n— Kepler said so once more.",
        "- Kepler\n- Newton",
        "---\ntitle: Sea\n---\n",
        "The sea rises [12].",
        "The sea rises [12], and falls [12].",
        "Between [1, 2] and in [3, 4] it rises.",
        "A list[1] and a list[2] rise.",
        "`a [1]` and `b [2]` rise.",
        "- [1] rises\n- [2] falls",
        "The sea [0] rises [00] there.",
        "The sea [1]: rises, the moon [2]: falls.",
        "The sea [1](#a) rises [2](#b) there.",
        "The sea $x [1]$ rises $y [2]$ there.",
    ],
)
def test_what_is_not_such_a_form(text: str) -> None:
    assert citations(text) == []


def test_citation_inside_another_is_part_of_it() -> None:
    assert citations("[(1:02)](https://tides.example) [@a, https://b.example]") == [
        (CitationKind.LINK, "[(1:02)](https://tides.example)"),
        (CitationKind.KEY, "[@a, https://b.example]"),
    ]


def test_citations_are_in_order() -> None:
    assert [kind for kind, _ in citations("[@a] (1:02) https://b.example [^1] (Lee, 2019) @1@", "@1@")] == [
        CitationKind.KEY,
        CitationKind.TIMESTAMP,
        CitationKind.LINK,
        CitationKind.FOOTNOTE,
        CitationKind.AUTHOR,
        CitationKind.PATTERN,
    ]


def test_own_patterns() -> None:
    text = "---\na: {3}\n---\nThe sea {3} rises {12}, `{4}` <!-- {5} --> Gen 1:2.\n"
    assert citations(text, r"\{\d+\}", r"Gen \d+:\d+") == [
        (CitationKind.PATTERN, "{3}"),
        (CitationKind.PATTERN, "{12}"),
        (CitationKind.PATTERN, "Gen 1:2"),
    ]


def test_own_pattern_that_finds_nothing_everywhere() -> None:
    assert citations("The sea rises.", "x*") == []


def test_own_pattern_that_hangs_is_given_up() -> None:
    assert citations("a" * 5000 + "! {3}", r"(a|aa)+$", r"\{3\}") == [(CitationKind.PATTERN, "{3}")]


# Blocks


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
        ("> [!tip] one\n>\n> two", [(BlockKind.CALLOUT, "[!tip] one"), (BlockKind.CALLOUT, "two")]),
        ("> [!tip]\n> - one", [(BlockKind.CALLOUT, "[!tip]"), (BlockKind.ITEM, "one")]),
        ("> one\n>\n> > [!tip]- two", [(BlockKind.QUOTE, "one"), (BlockKind.CALLOUT, "[!tip]- two")]),
        ("> [!tip] one\n\n> two", [(BlockKind.CALLOUT, "[!tip] one"), (BlockKind.QUOTE, "two")]),
        ("| a | b |\n|---|---|\n| c | |", [(BlockKind.CELL, "a"), (BlockKind.CELL, "b"), (BlockKind.CELL, "c")]),
        ("> | a |\n> |---|", [(BlockKind.CELL, "a")]),
        ("# one\ntwo", [(BlockKind.PARAGRAPH, "two")]),
        ("[^1]: one\n\ntwo", [(BlockKind.PARAGRAPH, "two")]),
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
    ("text", "found"),
    [
        ("sum:\n- one\n- two", {"one": "sum:", "two": "sum:"}),
        ("sum:\n\n1. one", {"one": "sum:"}),
        ("**sum:**\n- one", {"one": "**sum:**"}),
        ("*sum*:\n- one", {"one": "*sum*:"}),
        ("[sum:](Tides.md)\n- one", {"one": "[sum:](Tides.md)"}),
        ("sum: [^1]\n- one", {"one": "sum: [^1]"}),
        (f"sum: {ANCHOR}\n\n- one", {"one": f"sum: {ANCHOR}"}),
        ("sum: ^id\n- one", {"one": "sum: ^id"}),
        ("sum: %% aside %%\n- one", {"one": "sum: %% aside %%"}),
        ("合計：\n- one", {"one": "合計："}),
        ("> sum:\n> - one", {"one": "sum:"}),
        ("> [!tip] Title\n> sum:\n> - one", {"one": "[!tip] Title\n> sum:"}),
        ("- sum\n  - one", {"one": "sum"}),
        ("- sum\n  - one\n    - two\n  - three", {"one": "sum", "two": "one", "three": "sum"}),
        ("sum:\n- one\n  - two", {"one": "sum:", "two": "one"}),
        ("- sum\n\n  more\n  - one", {"one": "more"}),
        ("sum:\n\n-\n  - one\n- two", {"one": "sum:", "two": "sum:"}),
        ("sum:\n\n- one\n\nmore\n\n- two", {"one": "sum:"}),
    ],
)
def test_lead_in(text: str, found: dict[str, str]) -> None:
    assert lead_ins(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "sum\n- one",
        "sum: more.\n- one",
        "sum `code:`\n- one",
        "sum:\n\nmore\n\n- one",
        "sum:\n\n# More\n\n- one",
        "sum:\n\n```\nmore\n```\n\n- one",
        "sum:\n\n---\n\n- one",
        "sum:\n\n| a |\n|---|\n\n- one",
        "sum:\n\n> more\n\n- one",
        "sum:\n\n![[Moon.png]]\n\n- one",
        "sum:\n\n> - one",
        "> sum:\n\n- one",
        "> [!tip] Title:\n> - one",
        "sum:\n\nmore",
        "- one\n- two",
        "-\n  - one",
        "# sum:\n- one",
    ],
)
def test_no_lead_in(text: str) -> None:
    assert lead_ins(text) == {}


@given(
    st.lists(
        st.sampled_from(
            [
                '<a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>',
                *(
                    '<a href="#">[00:12]</a>',
                    '">[1:23]',
                    "[1:23]",
                    "([00:12])",
                    '">',
                    "(1:02, 1:03)",
                    " ",
                    "word",
                    "`",
                ),
                *("\n\n", "(", ")", "[", "]"),
            ]
        ),
        max_size=10,
    )
)
def test_labels_that_are_passed_over_are_no_citations(pieces: list[str]) -> None:
    text = "".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(citations_module, "_BESIDE_LABELS", citations_module._IN_BRACKETS)
        everything_looked_at = read_note("a.md", text).citations
    assert read_note("a.md", text).citations == everything_looked_at


# How many blocks cite


def cited_blocks(text: str) -> CitationCounts:
    return read_note("Note.md", text).cited_blocks


LONG = "The sea is wide and blue, and the moon pulls it to the shore."


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", ()),
        (f"{LONG}\n\n" * 9, ()),
        ("It is [^1].\n\nSo it is [^1].\n", ()),
        ("It is https://a.example/b.\n\n" * 9, ()),
        ("It is [^1].\n\n" * 3, (((CitationKind.FOOTNOTE,), 3),)),
        (f"{LONG}\n\nShort.\n\n" + "It is [^1].\n\n" * 3, (((), 1), ((CitationKind.FOOTNOTE,), 3))),
        (
            f"It is [^1] [^2] [@kepler].\n\n{LONG} https://a.example\n",
            (((), 1), ((CitationKind.FOOTNOTE, CitationKind.KEY), 1)),
        ),
        (f"- {LONG} [^1]\n- {LONG} [^1] [^1]\n- {LONG}", (((), 1), ((CitationKind.FOOTNOTE,), 2))),
        (
            "`code that is long and no prose at all, of course`\n\n" + "It is [^1].\n\n" * 3,
            (((CitationKind.FOOTNOTE,), 3),),
        ),
    ],
)
def test_cited_blocks(text: str, counts: CitationCounts) -> None:
    assert cited_blocks(text) == counts


PIECES = (
    *(
        "[1:02]",
        "(1:02:03)",
        "[^1]",
        "^[From him.]",
        "[@lee]",
        "[[@lee]]",
        "Lee (2019)",
        "(Lee, 2019)",
        "(Lee 1987, 3)",
    ),
    *(
        "was so [12].",
        "was [3, 4].",
        "*Tides*, p. 12.",
        "*Tides* (pp. 3-4)",
        ", par. 6",
        "—",
        "--",
        "---",
        "> — Ann Lee",
    ),
    *('"Wide." -- Ann Lee', "\n\n", " ", "word", "1999-01-02", "2019)", "https://x.com/@a", ANCHOR, "[^1]: Note"),
)
"""Citations, and texts that look like one."""


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_a_quick_look_never_misses_a_habit(text: str) -> None:
    note = read_note("Note.md", text)
    assert note.cited_blocks == prose_module.cited_blocks(note.blocks, note.citations)


@given(
    st.dictionaries(st.frozensets(st.sampled_from(CitationKind)), st.integers(1, 5)),
    st.frozensets(st.sampled_from(CitationKind)),
)
def test_smallest_sets_of_kinds_tell_by_which_a_note_cites_as_a_habit(
    counts: dict[frozenset[CitationKind], int], kinds: frozenset[CitationKind]
) -> None:
    blocks = tuple((tuple(sorted(found)), count) for found, count in counts.items())
    smallest = prose_module.habitual_kinds(blocks)
    assert is_habit(blocks, kinds) == any(kinds >= some for some in smallest)
    assert not any(some < other for some in smallest for other in smallest)


@pytest.mark.parametrize("dashes", ["----- Names", "%% ----- Names", "--- Names"])
def test_no_citation_is_looked_for_where_there_can_be_none(dashes: str) -> None:
    note = read_note("Note.md", f"The sea is wide, and [so](https://x.com) on.\n\n{dashes}\n\n" * 5)
    assert note.cited_blocks == ()
    assert "citations" not in note.__dict__
