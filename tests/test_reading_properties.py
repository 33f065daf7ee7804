"""Properties of reading any text."""

import re
from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict
from test_obsidian import assert_spans

from vaultlint.note import FACTS, Block, LinkKind, ListValue, Note, Place, Scalar, Value
from vaultlint.reading import read_note
from vaultlint.text import Span

FRAGMENTS = [
    *(
        "[[",
        "]]",
        "|",
        "\\|",
        "`",
        "``",
        "```",
        "~~~",
        "$",
        "$$",
        "%%",
        "(",
        ")",
        "](",
        "[",
        "]",
        "!",
        "\\",
        "*",
        "_",
        "~",
    ),
    *(
        "\n",
        "\n\n",
        " ",
        "  ",
        "    ",
        "\t",
        "a",
        "b ",
        "#",
        "# ",
        "> ",
        "- ",
        "1. ",
        "- [ ] ",
        "===",
        "---",
        "---\n",
    ),
    *(
        "|a|b|\n|-|-|\n",
        "^id",
        " ^id",
        "[^1]",
        "[^1]: ",
        "^[",
        "[@",
        ":",
        "a: b\n",
        "a: ",
        "- a\n",
        '"',
        "'",
        "{",
        "&x",
        "*x",
    ),
    *(
        '<a class="yt-timestamp"',
        ' data-t="1:02"',
        ">",
        "[1:02]",
        "</a>",
        "<b>",
        "</b>",
        "<div>",
        "<!--",
        "-->",
        "&amp;",
    ),
    *(
        "https://",
        "x.y",
        "%20",
        "%% vaultlint-ignore ",
        "vaultlint-ignore-start",
        "vaultlint-ignore-end %%",
        "x: y %%",
    ),
    *("é", "e\u0301", "漢", "😀", "\u2028", "\x0c", "\x85", "\x00", "\ufeff", "\u00a0"),
]

LINE_ENDS_OF_YAML = re.compile("[\n\x85\u2028\u2029]")

anything = st.text(st.characters(categories=None)) | st.text(st.characters(max_codepoint=0x7F))
markdown = st.lists(st.sampled_from(FRAGMENTS), max_size=20).map("".join)
with_front_matter = st.builds("---\n{}\n---\n{}".format, markdown, markdown)
unix_texts = markdown | with_front_matter
line_ends = st.sampled_from(["\n", "\r\n", "\r"])
mixed_texts = st.lists(st.tuples(st.sampled_from([*FRAGMENTS, "\r", "\r\n", "\ud800", "\udfff"])), max_size=20).map(
    lambda parts: "".join(part for (part,) in parts)
)
texts = anything | unix_texts | mixed_texts


@settings(max_examples=500)
@given(texts)
@example("---\na: {\n---")
@example('<a class="yt-timestamp" data-t="' + "0" * 5000 + ':02">')
def test_every_text_makes_a_note_whose_facts_lie_in_it(text: str) -> None:
    note = read_note("Note.md", text)
    assert note.text == re.sub("[\ud800-\udfff]", "\ufffd", text)
    for span in spans(note):
        assert 0 <= span.start <= span.end <= len(text)


@settings(max_examples=500)
@given(texts)
@example("[a](b\\\n)")
@example("[[a|b](c) d]](e)")
def test_facts_say_what_stands_at_their_spans(text: str) -> None:
    note = read_note("Note.md", text)
    assert_spans(note)
    for link in note.links:
        written = note.text[link.span.start : link.span.end]
        if link.place is Place.PROPERTY and not written.startswith("["):
            continue  # in YAML with escapes, the span is that of the whole value
        assert written.startswith("![" if link.embed else "[")
        assert written.endswith("]]" if link.kind is LinkKind.WIKILINK else ")")


@settings(max_examples=500)
@given(with_front_matter)
@example("---\n\ufeffa: b\n---\n")
@example("---\na: \u00a0\n---\n")
@example("---\né: 漢\n😀: é\n---\n")
def test_properties_say_what_stands_at_their_spans(text: str) -> None:
    note = read_note("Note.md", text)
    for item in note.front_matter.properties if note.front_matter else ():
        for written, said in [(item.name_span, item.name), *scalars(item.value)]:
            plain = text[written.start : written.end]
            is_quoted = plain.startswith(("'", '"', "|", ">", "!", "&", "\ufeff"))
            if not is_quoted and not LINE_ENDS_OF_YAML.search(plain):
                assert plain == said


@settings(max_examples=200)
@given(texts)
def test_facts_are_in_order(text: str) -> None:
    note = read_note("Note.md", text)
    kinds: list[tuple[Any, ...]] = [
        note.headings,
        note.block_ids,
        note.tags,
        note.timestamps,
        note.citations,
        note.blocks,
    ]
    for facts in kinds:
        starts = [fact.span.start for fact in facts]
        assert starts == sorted(starts)
    apart: list[tuple[Any, ...]] = [note.headings, note.block_ids, note.tags, note.timestamps, note.blocks]
    for facts in apart:
        assert all(one.span.end <= following.span.start for one, following in pairwise(facts))


@settings(max_examples=500)
@given(unix_texts, line_ends)
@example("https://x.y\n#a", "\r\n")
@example("---\n[[\n---\n", "\r\n")
@example("[a](b\\\n)", "\r\n")
@example("a\n\n%% vaultlint-ignore %%\n\nb", "\r\n")
@example('[[\n<a class="yt-timestamp"\n[[', "\r")
def test_line_ends_make_no_difference(text: str, line_end: str) -> None:
    """The facts of a text and their places are the same with all kinds of line endings."""
    note = read_note("Note.md", text)
    moved = read_note("Note.md", text.replace("\n", line_end))
    longer = len(line_end) - 1

    def with_unix_lines(value: str) -> str:
        return value.replace(line_end, "\n")

    def with_line_ends(span: Span) -> Span:
        return Span(*(offset + longer * text.count("\n", 0, offset) for offset in (span.start, span.end)))

    assert rewritten(moved, with_unix_lines, lambda span: span) == rewritten(note, str, with_line_ends)


@settings(max_examples=200)
@given(texts)
def test_what_is_read_of_a_block_lies_in_it(text: str) -> None:
    for block in read_note("Note.md", text).blocks:
        assert all(length >= 0 for length in block.runs)
        assert sum(block.runs) <= block.span.end - block.span.start


@given(unix_texts)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read_note("Note.md", text) == read_note("Note.md", text)


def scalars(value: Value) -> Iterator[tuple[Span, str]]:
    """The span and text of each single value in a value."""
    if isinstance(value, Scalar):
        yield value.span, value.text
    else:
        values = value.items if isinstance(value, ListValue) else [item.value for item in value.properties]
        for part in values:
            yield from scalars(part)


def spans(value: object) -> Iterator[Span]:
    """Every span in a fact, at any depth."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, Struct | Note):
        for part in parts_of(value).values():
            yield from spans(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from spans(part)


def parts_of(value: Struct | Note) -> dict[str, Any]:
    """The fields of a fact, or text and facts of a note."""
    return {name: getattr(value, name) for name in ("text", *FACTS)} if isinstance(value, Note) else asdict(value)


def rewritten(value: Any, text: Callable[[str], str], span: Callable[[Span], Span]) -> Any:
    """A fact as plain values with its texts and spans changed."""
    if isinstance(value, Span):
        return span(value)
    if isinstance(value, Struct | Note):
        parts = parts_of(value)
        if isinstance(value, Block):  # lengths, not places
            bounds = accumulate(value.runs, initial=value.span.start)
            parts["runs"] = tuple(Span(*bound) for bound in pairwise(bounds))
        return {key: rewritten(part, text, span) for key, part in parts.items()}
    if isinstance(value, tuple):
        return tuple(rewritten(part, text, span) for part in value)
    return text(value) if type(value) is str else value
