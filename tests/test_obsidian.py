"""Facts read from the body of a note: links, headings, block ids, tags and footnotes."""

import pytest

from vaultlint.note import Footnote, Link, LinkKind, Note, Place
from vaultlint.reading import read_note
from vaultlint.text import Span


def read(text: str) -> Note:
    """The note read from a text; asserts that each fact equals the text at its span."""
    note = read_note("Note.md", text)
    assert_spans(note)
    return note


def assert_spans(note: Note) -> None:
    """Assert that each fact of the body equals the text at its span."""
    for link in note.links:
        assert_link_spans(note, link)
    for heading in note.headings:
        assert heading.text in at(note, heading.span)
        assert at(note, heading.span) == at(note, heading.span).strip(" \t\r\n")
    for block_id in note.block_ids:
        assert at(note, block_id.span) == f"^{block_id.name}"
    for tag in note.tags:
        assert at(note, tag.span) == f"#{tag.name}"
    for footnote in (*note.footnote_references, *note.footnote_definitions):
        assert at(note, footnote.span) == f"[^{footnote.label}]"


def assert_link_spans(note: Note, link: Link) -> None:
    if link.display_span is not None:
        assert at(note, link.display_span) == link.display
    for span in (link.target_span, link.subpath_span):
        assert link.span.start <= span.start <= span.end <= link.span.end
    if link.place is Place.PROPERTY and (link.display is None) != (link.display_span is None):
        return  # written with YAML escapes: its parts have no spans
    if link.kind is LinkKind.MARKDOWN:
        if link.display_span is None or any(mark in at(note, link.span) for mark in "%&\\"):
            return  # decoded
        assert at(note, link.span).endswith(")")
    elif link.place is not Place.PROPERTY:
        assert at(note, link.span).startswith("![[" if link.embed else "[[")
        assert at(note, link.span).endswith("]]")
    if at(note, link.target_span) != at(note, link.span):
        assert at(note, link.target_span) == link.target
        assert at(note, link.subpath_span) == link.subpath


def at(note: Note, span: Span) -> str:
    return note.text[span.start : span.end]


def written(text: str) -> list[str]:
    """The links of a text, as written there."""
    note = read(text)
    return [at(note, link.span) for link in note.links]


def only_link(text: str) -> Link:
    (link,) = read(text).links
    return link


@pytest.mark.parametrize(
    ("text", "target", "subpath", "display"),
    [
        ("[[Tides]]", "Tides", "", None),
        ("[[Tides|the sea]]", "Tides", "", "the sea"),
        ("[[Tides#Spring tide]]", "Tides", "Spring tide", None),
        ("[[Tides#Spring#Cause|why]]", "Tides", "Spring#Cause", "why"),
        ("[[Tides#^proof]]", "Tides", "^proof", None),
        ("[[#Spring tide]]", "", "Spring tide", None),
        ("[[#^proof|above]]", "", "^proof", "above"),
        ("[[sea/Tides.md]]", "sea/Tides.md", "", None),
        ("[[../sea/Tides]]", "../sea/Tides", "", None),
        ("[[ Tides # Spring tide | the sea ]]", "Tides", "Spring tide", " the sea "),
        ("[[Tides||x|y]]", "Tides", "", "|x|y"),
        ("[[Tides|]]", "Tides", "", ""),
        ("[[Tides#]]", "Tides", "", None),
        ("[[Ti]des]]", "Ti]des", "", None),
        ("[[Moon [near]]]", "Moon [near]", "", None),
        ("[[Moon|the [near]]]", "Moon", "", "the [near]"),
        ("[[100%20 sure]]", "100%20 sure", "", None),
        ("[[https://tides.example]]", "https://tides.example", "", None),
        ("[[Ébbe 漢 😀#é|漢]]", "Ébbe 漢 😀", "é", "漢"),
        ("[[Ebb $x$]]", "Ebb $x$", "", None),
        ("[[Tides|`spring`]]", "Tides", "", "`spring`"),
    ],
)
def test_parts_of_a_wikilink(text: str, target: str, subpath: str, display: str | None) -> None:
    link = only_link(text)
    assert (link.kind, link.embed, link.place) == (LinkKind.WIKILINK, False, Place.BODY)
    assert (link.target, link.subpath, link.display) == (target, subpath, display)
    assert link.span == Span(0, len(text))
    assert not link.doubtful


@pytest.mark.parametrize(
    ("text", "target", "subpath", "display"),
    [
        ("[sea](Tides.md)", "Tides.md", "", "sea"),
        ("[sea](Tides)", "Tides", "", "sea"),
        ("[sea](<High tides.md>)", "High tides.md", "", "sea"),
        ("[sea](High%20tides.md#Spring%20tide)", "High tides.md", "Spring tide", "sea"),
        ("[sea](Tides%23Spring)", "Tides", "Spring", "sea"),
        ("[sea](#Spring)", "", "Spring", "sea"),
        ("[sea](../Tides.md)", "../Tides.md", "", "sea"),
        ("[sea]( Tides.md )", "Tides.md", "", "sea"),
        ('[sea](Tides.md "high")', "Tides.md", "", "sea"),
        ("[sea](Tides.md 'high')", "Tides.md", "", "sea"),
        ("[sea](Tides.md (high))", "Tides.md", "", "sea"),
        ('[sea](Tides.md "a ](b) c")', "Tides.md", "", "sea"),
        ("[sea](Tides(1).md)", "Tides(1).md", "", "sea"),
        ("[sea](Tides\\).md)", "Tides).md", "", "sea"),
        ("[sea](Ebb&amp;flow.md)", "Ebb&flow.md", "", "sea"),
        ("[sea](%FF.md)", "%FF.md", "", "sea"),
        ("[sea](Tides\u00a0high.md)", "Tides\u00a0high.md", "", "sea"),
        ("[sea](Tides\\\n)", "Tides\\", "", "sea"),
        ("[a\\](b)](Tides.md)", "Tides.md", "", "a\\](b)"),
        ("[`](a)`](Tides.md)", "Tides.md", "", "`](a)`"),
        ("[](Tides.md)", "Tides.md", "", ""),
        ("[mer é 漢 😀](é.md)", "é.md", "", "mer é 漢 😀"),
    ],
)
def test_parts_of_a_markdown_link(text: str, target: str, subpath: str, display: str) -> None:
    link = only_link(text)
    assert (link.kind, link.embed, link.doubtful) == (LinkKind.MARKDOWN, False, False)
    assert (link.target, link.subpath, link.display) == (target, subpath, display)
    assert link.span == Span(0, len(text))


def test_spans_of_a_decoded_link_cover_what_is_written() -> None:
    note = read("See [sea](High%20tides.md%23Spring%20tide).")
    (link,) = note.links
    assert at(note, link.target_span) == "High%20tides.md"
    assert at(note, link.subpath_span) == "Spring%20tide"


@pytest.mark.parametrize(
    ("text", "target", "display"),
    [
        ("![[Moon.png]]", "Moon.png", None),
        ("![[Moon.png|100x145]]", "Moon.png", "100x145"),
        ("![Moon](Moon.png)", "Moon.png", "Moon"),
        ("![100](Moon%20rise.png)", "Moon rise.png", "100"),
    ],
)
def test_embed(text: str, target: str, display: str | None) -> None:
    link = only_link(text)
    assert link.embed
    assert (link.target, link.display, link.span) == (target, display, Span(0, len(text)))


@pytest.mark.parametrize("text", ["! [[Moon]]", "\\![[Moon]]", "!\n[[Moon]]"])
def test_exclamation_mark_that_embeds_nothing(text: str) -> None:
    link = only_link(text)
    assert (link.embed, link.target) == (False, "Moon")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[[a]][[b]]", ["[[a]]", "[[b]]"]),
        ("x[[a]]y", ["[[a]]"]),
        ("[[a [[b]] c]]", ["[[b]]"]),
        ("[[a]]]", ["[[a]]"]),
        ("[[a [b]]] [[c]]", ["[[a [b]]]", "[[c]]"]),
        ("x^[[[a]]] ^[[[b]], p. 5]", ["[[a]]", "[[b]]"]),
        ("**[[a]]** _[[b]]_ ==[[c]]== ~~[[d]]~~", ["[[a]]", "[[b]]", "[[c]]", "[[d]]"]),
        ("# [[a]]", ["[[a]]"]),
        ("- [[a]]\n  - [ ] [[b]]\n1. [[c]]", ["[[a]]", "[[b]]", "[[c]]"]),
        ("> [[a]]\n> > [[b]]", ["[[a]]", "[[b]]"]),
        ("> [!tip] [[a]]\n> [[b]]", ["[[a]]", "[[b]]"]),
        ("|x|\n|-|\n|[[a]]|", ["[[a]]"]),
        ("Tide.[^1]\n\n[^1]: [[a]]\n    [[b]]", ["[[a]]", "[[b]]"]),
        ("Tide.^[See [[a]].]", ["[[a]]"]),
        ("%% [[a]] %%", ["[[a]]"]),
        ("%%\n[[a]]\n\n[[b]]\n%%", ["[[a]]", "[[b]]"]),
        ("<br>[[a]]", ["[[a]]"]),
        ("<div>\n</div>\n\n[[a]]", ["[[a]]"]),
        ("a line\n    [[b]]", ["[[b]]"]),
        ("a ` b [[c]]", ["[[c]]"]),
        ("`x` [[a]] `y`", ["[[a]]"]),
        ("\\\\[[a]]", ["[[a]]"]),
        ("$ [[a]]$", ["[[a]]"]),
        ("$x$[[a]]$y$", ["[[a]]"]),
        ("[[Cost $5]] and [[Cost $6]]", ["[[Cost $5]]", "[[Cost $6]]"]),
        ("$5 for [[a]] and $6", ["[[a]]"]),
        ("~~~\n[[a]]\n```\n[[b]]\n~~~\n[[c]]", ["[[c]]"]),
        ("[a](b.md)[[c]]", ["[a](b.md)", "[[c]]"]),
        ("[[a]\n[[b]]", ["[[b]]"]),
    ],
)
def test_where_links_are_read(text: str, found: list[str]) -> None:
    assert written(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "`[[a]]`",
        "``[[a]] ` [[b]]``",
        "[[a`]]`",
        "```\n[[a]]\n```",
        "```\n[[a]]",
        "~~~mermaid\n[[a]]\n~~~",
        "- x\n\n  ```\n  [[a]]\n  ```",
        "> ```\n> [[a]]\n> ```",
        "    [[a]]",
        "\t[[a]]",
        "- x\n\n      [[a]]",
        "\\[[a]]",
        "\\[\\[a\\]\\]",
        "<!-- [[a]] -->",
        "x <!-- [[a]]\n[b](c.md) --> y",
        "<div>\n[[a]] [b](c.md)\n</div>",
        '<img alt="[[a]]">',
        "$[[a]]$",
        "$$\n[[a]]\n$$",
        "[[]]",
        "[[ ]]",
        "[[a\nb]]",
        "[[a",
        "[a]]",
        "[a](b c.md)",
        "[a]()",
        "[a](https://tides.example)",
        "[a](mailto:a@tides.example)",
        "[a](//tides.example/x)",
        "![a](https://tides.example/x.png)",
        "<https://tides.example/[[a]]>",
        "https://tides.example",
        "[a][b]\n\n[b]: c.md",
        "[a]\n\n[a]: c.md",
        "> [!tip]\n> x",
        "[^1]\n\n[^1]: x",
    ],
)
def test_where_no_links_are_read(text: str) -> None:
    assert written(text) == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_link_stands_alike_after_any_line_end(line_end: str) -> None:
    assert written(line_end.join(["```", "[[a]]", "```", "", "é [[b]]", "[c](d.md)"])) == ["[[b]]", "[c](d.md)"]


def test_bar_in_a_table_is_escaped() -> None:
    link = only_link("| Sea | Moon |\n|---|---|\n| [[Tides\\|the sea]] | x |")
    assert (link.place, link.target, link.display, link.doubtful) == (Place.TABLE, "Tides", "the sea", False)


def test_escaped_bar_after_a_subpath_in_a_table() -> None:
    link = only_link("| Sea |\n|---|\n| [[Tides#Spring\\|x]] |")
    assert (link.target, link.subpath, link.display) == ("Tides", "Spring", "x")


def test_markdown_link_in_a_table() -> None:
    assert only_link("| Sea |\n|---|\n| [sea](Tides.md) |").place is Place.TABLE


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| [[Tides|sea]] | x |",
        "[[[Tides]]]",
        "\\^[[[Tides]]]",
        '---\nup: "[[[Tides]]]"\n---\n',
        "[[|sea]]",
        "<code>[[Tides]]</code>",
        "<b><kbd>[[Tides]]</kbd></b>",
    ],
)
def test_doubtful_place(text: str) -> None:
    assert only_link(text).doubtful


@pytest.mark.parametrize("text", ["<span>[[Tides]]</span>", "<b><i>[[Tides]]</i></b>"])
def test_inline_element(text: str) -> None:
    assert (only_link(text).doubtful, only_link(text).in_html) == (False, True)


def test_start_tag_without_an_end_tag_raises_no_doubt() -> None:
    assert not only_link("<br> and <b> [[Tides]]").doubtful


def test_wikilink_as_label_leaves_both_links_in_doubt() -> None:
    assert [link.doubtful for link in read("[[Tides]](Moon.md)").links] == [True, True]


def test_image_in_the_label_of_a_link_is_an_embed_of_its_own() -> None:
    assert written("[![Moon](Moon.png)](Moon.md)") == ["[![Moon](Moon.png)](Moon.md)", "![Moon](Moon.png)"]


def test_alternative_text_of_an_image_embeds_nothing() -> None:
    assert written("![a ![b](c.png) [d](e.md)](f.png)") == ["![a ![b](c.png) [d](e.md)](f.png)"]


@pytest.mark.parametrize(
    ("yaml", "target", "subpath", "display"),
    [
        ('up: "[[Tides]]"', "Tides", "", None),
        ("up: '[[Tides#Spring|sea]]'", "Tides", "Spring", "sea"),
        ('up: " [[Tides]] "', "Tides", "", None),
        ('up:\n  - "[[Tides]]"', "Tides", "", None),
        ('up: ["[[Tides]]"]', "Tides", "", None),
        ('up: "[sea](High%20tides.md#Spring)"', "High tides.md", "Spring", "sea"),
        ('up: "[[Moon [near]]]"', "Moon [near]", "", None),
        ('up: "[[Ti\\u0064es]]"', "Tides", "", None),
        ('up: "[[Ti\\u0064es|sea]]"', "Tides", "", "sea"),
    ],
)
def test_property_that_is_a_link(yaml: str, target: str, subpath: str, display: str | None) -> None:
    link = only_link(f"---\n{yaml}\n---\n")
    assert (link.place, link.embed) == (Place.PROPERTY, False)
    assert (link.target, link.subpath, link.display) == (target, subpath, display)


@pytest.mark.parametrize(
    "yaml",
    [
        "up: [[Tides]]",
        'up: "see [[Tides]]"',
        'up: "[[Tides]] and [[Moon]]"',
        'up: "[sea](High tides.md)"',
        'up: "[sea](https://tides.example)"',
        'up: "[sea]()"',
        '"[[Tides]]": x',
        "# [[Tides]]",
        'up: "[[Tides]]"\nup: x',
    ],
)
def test_property_that_is_no_link(yaml: str) -> None:
    assert written(f"---\n{yaml}\n---\n") == []


def test_links_are_sorted_with_properties_first() -> None:
    assert written('---\nup: "[[a]]"\n---\n[b](b.md) [[c]] ![d](d.png)') == [
        "[[a]]",
        "[b](b.md)",
        "[[c]]",
        "![d](d.png)",
    ]


@pytest.mark.parametrize(
    ("text", "level", "title"),
    [
        ("# Tides", 1, "Tides"),
        ("###### Tides", 6, "Tides"),
        ("  ## Tides  ", 2, "Tides"),
        ("## Tides ##", 2, "Tides"),
        ("## Tides #######", 2, "Tides"),
        ("# Tides#", 1, "Tides#"),
        ("# Tide #sea", 1, "Tide #sea"),
        ("#\tTides", 1, "Tides"),
        ("# ", 1, ""),
        ("## ##", 2, ""),
        ("# The `sea` and [[Moon|her]]", 1, "The `sea` and [[Moon|her]]"),
        ("Tides\n===", 1, "Tides"),
        ("Tides\n---", 2, "Tides"),
        ("High\ntides\n---", 2, "High\ntides"),
        ("text\n# Tides\ntext", 1, "Tides"),
        ("> quote\n# Tides", 1, "Tides"),
        ("- item\n# Tides", 1, "Tides"),
        ("[^1]: note\n\n# Tides", 1, "Tides"),
        ("---\na: b\n---\n# Tides", 1, "Tides"),
        ("%%\n# Tides\n%%", 1, "Tides"),
        ("# 漢 😀 é", 1, "漢 😀 é"),
    ],
)
def test_heading(text: str, level: int, title: str) -> None:
    (heading,) = read(text).headings
    assert (heading.level, heading.text) == (level, title)


@pytest.mark.parametrize(
    "text",
    [
        "#Tides",
        "####### Tides",
        "\\# Tides",
        "    # Tides",
        "```\n# Tides\n```",
        "<!--\n# Tides\n-->",
        "<div>\n# Tides\n</div>",
        "> # Tides",
        "> [!tip]\n> # Tides",
        "- # Tides",
        "1. x\n\n   # Tides",
        "[^1]: x\n\n    # Tides",
        "---\n# Tides\n---",
    ],
)
def test_no_heading(text: str) -> None:
    assert read(text).headings == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The sea rises. ^rise", ["rise"]),
        ("^rise", ["rise"]),
        ("The sea. ^Rise-2", ["Rise-2"]),
        ("The sea. ^rise  ", ["rise"]),
        ("The sea.\t^rise", ["rise"]),
        ("- a ^one\n- b ^two", ["one", "two"]),
        ("- a\n- b\n\n^list", ["list"]),
        ("> a\n\n^quote", ["quote"]),
        ("> a\n> ^quote", ["quote"]),
        ("> a\n>^quote", ["quote"]),
        ("|a|\n|-|\n|b|\n\n^table", ["table"]),
        ("a ^one\r\nb ^two\rc ^three", ["one", "two", "three"]),
        ("%% a ^one\n%%", ["one"]),
        ("# Tides ^top", ["top"]),
        ("![[Moon.png]]^moon", ["moon"]),
    ],
)
def test_block_id(text: str, names: list[str]) -> None:
    assert [block_id.name for block_id in read(text).block_ids] == names


@pytest.mark.parametrize(
    "text",
    [
        "a ^rise b",
        "a^rise",
        "a ->^rise",
        "a <b>b</b>^rise",
        "a ^ri_se",
        "a ^rise.",
        "a ^é",
        "a \\^rise",
        "`a ^rise`",
        "```\na ^rise\n```",
        "<!-- a ^rise\n-->",
        "a ^",
        "---\na: ^rise\n---",
    ],
)
def test_no_block_id(text: str) -> None:
    assert read(text).block_ids == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#sea", ["sea"]),
        ("A #sea, a #moon.", ["sea", "moon"]),
        ("#sea/tides-2_b", ["sea/tides-2_b"]),
        ("#y1984", ["y1984"]),
        ("#2024/05", ["2024/05"]),
        ("#海 #мор #🌊", ["海", "мор", "🌊"]),
        ("(#sea)", ["sea"]),
        ("#sea’s", ["sea"]),
        ("#sea…", ["sea"]),
        ("#sea#moon", ["sea"]),
        ("%% #sea %%", ["sea"]),
        ("\\[\\[#sea", ["sea"]),
        ("# The #sea", ["sea"]),
        ("- #sea\n> #moon", ["sea", "moon"]),
        ("https://tides.example\n#sea", ["sea"]),
        ("https://tides.example #sea", ["sea"]),
    ],
)
def test_tag(text: str, names: list[str]) -> None:
    assert [tag.name for tag in read(text).tags] == names


@pytest.mark.parametrize(
    "text",
    [
        "#1984",
        "sea#moon",
        "# sea",
        "#",
        "\\#sea",
        "`#sea`",
        "```\n#sea\n```",
        "<!-- #sea -->",
        "$#sea$",
        "[[#sea]]",
        "[[Tides#sea]]",
        "[a](#sea)",
        "https://tides.example/#sea",
        "<https://tides.example/#sea>",
        "&#39;",
        "---\na: '#sea'\n---",
    ],
)
def test_no_tag(text: str) -> None:
    assert read(text).tags == ()


def test_footnotes() -> None:
    note = read("Rise.[^1] Fall.[^b-é]\n\n[^1]: One.\n> [^b-é]: Two.")
    assert labels(note.footnote_references) == ["1", "b-é"]
    assert labels(note.footnote_definitions) == ["1", "b-é"]


def test_footnote_without_a_definition_is_a_reference() -> None:
    note = read("Rise.[^1]")
    assert (labels(note.footnote_references), note.footnote_definitions) == (["1"], ())


def test_reference_in_a_definition() -> None:
    note = read("[^1]: See [^2].\n")
    assert (labels(note.footnote_references), labels(note.footnote_definitions)) == (["2"], ["1"])


@pytest.mark.parametrize(
    "text", ["`[^1]`", "```\n[^1]\n```", "\\[^1]", "[^a b]", "[^]", "^[x]", "<!-- [^1] -->", "$[^1]$"]
)
def test_no_footnote(text: str) -> None:
    note = read(text)
    assert (note.footnote_references, note.footnote_definitions) == ((), ())


def labels(footnotes: tuple[Footnote, ...]) -> list[str]:
    return [footnote.label for footnote in footnotes]
