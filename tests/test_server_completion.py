"""Completion while a note is edited; every accepted item resolves to the target that it names."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultlint.diagnostic import Edit
from vaultlint.edits.fixing import applied
from vaultlint.files.obsidian import LinkFormat, LinkStyle
from vaultlint.note import Link, Note
from vaultlint.reading import TextNote, read_note
from vaultlint.schema import PropertiesBlock, PropertyKind, PropertyType, Schema
from vaultlint.server.completion import Completing, Completion, CompletionKind, completions
from vaultlint.server.names import VaultNames
from vaultlint.server.search import MOST
from vaultlint.server.words import Words
from vaultlint.vault import Vault, headings_named

WIKI, MARKDOWN = LinkStyle(), LinkStyle(markdown=True)
FILES = {
    "a/Kepler.md": "---\naliases: [Johannes]\ntags: [astro/old]\nstatus: done\n---\n"
    "# Laws\n## One\n# More\n## One\ntext\n",
    "b/Kepler.md": "#astro #Astro #astro\n\nA paragraph. ^named\n\nAnother one\n",
    "Newton.md": "---\nStatus: done\nyear: 1687\n---\n#physics\n",
    "img/Moon.png": "",
    "c/d/Deep note.md": "# TCP/IP: a [[Newton|link]]\n\n> quote\n",
}


def known(files: Mapping[str, str], style: LinkStyle = WIKI, schema: Schema | None = None) -> Completing:
    notes = [read_note(path, text) for path, text in files.items() if path.endswith(".md")]
    return Completing(
        Vault(notes, files, schema), VaultNames(), Words(), style, ("links", "broken-link", "orphan-note")
    )


def at(text: str, style: LinkStyle = WIKI, path: str = "Here.md", schema: Schema | None = None) -> list[Completion]:
    """The completions at the `|>` of a text."""
    offset = text.index("|>")
    vault = known({**FILES, path: text.replace("|>", "")}, style, schema)
    note = vault.vault.notes[path]
    assert isinstance(note, TextNote)
    return [*completions(vault, note, offset)]


def taken(text: str, label: str, style: LinkStyle = WIKI, path: str = "Here.md", detail: str | None = None) -> str:
    """The text after accepting the item with this label."""
    found = [one for one in at(text, style, path) if one.label == label and detail in (None, one.detail)]
    assert len(found) == 1, found
    plain = text.replace("|>", "")
    return plain[: found[0].span.start] + found[0].text + plain[found[0].span.end :]


@pytest.mark.parametrize(
    ("text", "label", "wanted"),
    [
        ("See [[|>", "Newton", "See [[Newton]]"),
        ("See [[ne|>]] then", "Newton", "See [[Newton]] then"),
        ("See [[Ne|>wt]] then", "Newton", "See [[Newton]] then"),
        ("See [[ne|>#x|y]]", "Newton", "See [[Newton#x|y]]"),
        ("See [[ne|>|y]]", "Newton", "See [[Newton|y]]"),
        ("See [[ne|> and [[Other]]", "Newton", "See [[Newton]] and [[Other]]"),
        ("See [[joh|>", "Johannes", "See [[a/Kepler|Johannes]]"),
        ("See [[joh|>|him]]", "Johannes", "See [[a/Kepler|him]]"),
        ("![[moo|>", "Moon.png", "![[Moon.png]]"),
        ("See [[deep|>", "Deep note", "See [[Deep note]]"),
        ("See [[depe not|>", "Deep note", "See [[Deep note]]"),
        ("See [[c/d|>", "Deep note", "See [[Deep note]]"),
        ("| a |\n| - |\n| [[joh|> |\n", "Johannes", "| a |\n| - |\n| [[a/Kepler\\|Johannes]] |\n"),
        ("---\nby: [[new|>\n---\n", "Newton", '---\nby: "[[Newton]]"\n---\n'),
        ("---\nby: [[new|>]]\n---\n", "Newton", '---\nby: "[[Newton]]"\n---\n'),
        ("---\nby: '[[new|>]]'\n---\n", "Newton", "---\nby: '[[Newton]]'\n---\n"),
        ('---\nby:\n  - "[[joh|>"\n---\n', "Johannes", '---\nby:\n  - "[[a/Kepler|Johannes]]"\n---\n'),
        ("%% [[new|> %%", "Newton", "%% [[Newton]] %%"),
        ("[x](new|>", "Newton", "[x](Newton.md)"),
        ("[x](dee|>)", "Deep note", "[x](Deep%20note.md)"),
        ("[x](<dee|>>)", "Deep note", "[x](<Deep note.md>)"),
        ("![](moo|>)", "Moon.png", "![](Moon.png)"),
    ],
)
def test_link_is_written(text: str, label: str, wanted: str) -> None:
    assert taken(text, label) == wanted


@pytest.mark.parametrize(
    ("style", "path", "wanted"),
    [
        (WIKI, "Here.md", "[[Deep note]]"),
        (LinkStyle(format=LinkFormat.ABSOLUTE), "Here.md", "[[c/d/Deep note]]"),
        (LinkStyle(format=LinkFormat.RELATIVE), "c/Here.md", "[[d/Deep note]]"),
        (LinkStyle(format=LinkFormat.RELATIVE), "x/Here.md", "[[../c/d/Deep note]]"),
        (MARKDOWN, "Here.md", "[Deep note](Deep%20note.md)"),
        (LinkStyle(True, LinkFormat.ABSOLUTE), "Here.md", "[Deep note](c/d/Deep%20note.md)"),
        (LinkStyle(True, LinkFormat.RELATIVE), "x/Here.md", "[Deep note](../c/d/Deep%20note.md)"),
    ],
)
def test_link_is_written_in_the_style_of_the_vault(style: LinkStyle, path: str, wanted: str) -> None:
    assert taken("[[deep|>", "Deep note", style, path) == wanted


def test_name_of_two_notes_is_written_with_its_folder_but_beside_it() -> None:
    assert taken("[[kep|>", "Kepler", detail="b") == "[[b/Kepler]]"
    assert taken("[[kep|>", "Kepler", path="b/Here.md", detail="b") == "[[Kepler]]"
    assert taken("[[kep|>", "Kepler", path="b/Here.md", detail="a") == "[[a/Kepler]]"


@pytest.mark.parametrize(
    "text",
    [
        "`[[|>`",
        "```\n[[|>\n```\n",
        "$[[|>$",
        "$$\n[[|>\n$$\n",
        "<!-- [[|> -->",
        "\\[[|>",
        "[[[|>",
        "+++\n[[|>\n+++\n",
        "[[Newton|new|>",
        "[[Newton]] |>",
        "---\nby: see [[|>\n---\n",
        "[x](https://ne|>",
        "[x] (ne|>",
        "`[x](ne|>`",
        "[[No such note#|>",
        "# |>",
        "a#|>",
        "https://x.org/#|>",
        "[[Newton#x #|>",
        "`#|>`",
        "^[^|>",
        "`[^|>`",
        "`%% vaultlint-ignore |>`",
    ],
)
def test_nothing_is_offered(text: str) -> None:
    assert at(text) == []


def test_attachments_come_first_in_an_embed_and_last_in_a_link() -> None:
    assert at("![[|>")[0].label == "Moon.png"
    assert at("[[|>")[-1].label == "Moon.png"


def test_headings_are_nested_where_the_text_is_not_enough() -> None:
    found = at("[[a/Kepler#|>]]")
    assert [one.text for one in found] == ["#Laws", "#One", "#More", "#More#One"]
    assert [one.text for one in at("[[a/Kepler#More#|>]]")] == ["#More#One"]
    assert taken("[[a/Kepler#mor|>", "More") == "[[a/Kepler#More]]"
    assert taken("# Own\n[[#|>]]", "Own") == "# Own\n[[#Own]]"
    written = "[[Newton#x]] [[Deep note#TCP/IP a Newton link]]"
    assert taken("[[Newton#x]] [[Deep note#tcp|>]]", "TCP/IP: a [[Newton|link]]") == written
    assert taken("[[a/Kepler#mor|>]]", "More", MARKDOWN) == "[More](a/Kepler#More)"


def test_block_without_an_id_gets_one() -> None:
    named, other = (one for one in at("[[b/Kepler#^|>]]") if one.label.startswith("A"))
    assert (named.label, named.text, named.edits) == ("A paragraph. ^named", "#^named", ())
    (edit,) = other.edits
    assert other.text == f"#{edit.replacement.strip()}"
    assert applied(FILES["b/Kepler.md"], other.edits).endswith(f"Another one{edit.replacement}\n")


def test_block_of_the_link_itself_is_not_offered() -> None:
    assert [one.label for one in at("One\n\nSee [[#^|>]]\n\nTwo")] == ["One", "Two"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("#ast|>", ["#astro", "#astro/old"]),
        ("---\ntags: [ast|>\n---\n", ["#astro", "#astro/old"]),
        ("---\ntags:\n  - phy|>\n---\n", ["#physics"]),
        ("---\nsta|>\n---\n", ["status"]),
        ("---\nstatus: x\nsta|>\n---\n", []),
        ("---\nstatus: |>\n---\n", ["done"]),
        ("---\nyear: 1|>\n---\n", ["1687"]),
        ("---\nvaultlint-ignore: bro|>\n---\n", ["broken-link"]),
        ("%% vaultlint-ignore links, or|> %%", ["orphan-note"]),
        ("<!-- vaultlint-ignore-f|> -->", ["vaultlint-ignore-file"]),
        ("x[^|> y\n\n[^n]: said\n", ["[^n]"]),
        ("x[^one]\n\n[^|>", ["[^one]:"]),
    ],
)
def test_words_are_offered(text: str, wanted: list[str]) -> None:
    assert [one.label for one in at(text)] == wanted


def test_tag_of_the_most_notes_is_spelled_as_most_do() -> None:
    first = at("#ASTRO|>")[0]
    assert (first.label, first.detail) == ("#astro", "1")


def test_properties_that_are_demanded_come_first() -> None:
    block = PropertiesBlock(
        required=("kind",), types={"kind": PropertyType(enum=("talk", "book: x")), "done": PropertyKind.CHECKBOX}
    )
    schema = Schema([block], vault_types={"rating": PropertyKind.NUMBER})
    offered = [(one.label, one.detail) for one in at("---\n|>\n---\n", schema=schema)]
    assert offered[0] == ("kind", "required")
    assert ("done", "checkbox") in offered
    assert ("rating", "number") in offered
    assert [one.text for one in at("---\nkind: |>\n---\n", schema=schema)] == ["talk", '"book: x"']
    assert [one.text for one in at("---\ndone: |>\n---\n", schema=schema)] == ["true", "false"]


def test_destination_that_begins_with_an_escape_gets_no_heading_of_another_note() -> None:
    vault = known({"\\.md": "# One\n", "Here.md": "[x](\\#"})
    note = vault.vault.notes["Here.md"]
    assert isinstance(note, TextNote)
    assert completions(vault, note, len(note.text)) == ()


def test_label_of_a_name_of_brackets() -> None:
    vault = known({"[.md": "", "f/Here.md": "[["}, LinkStyle(True, LinkFormat.RELATIVE))
    note = vault.vault.notes["f/Here.md"]
    assert isinstance(note, TextNote)
    assert "[../ .md](../[.md)" in [one.text for one in completions(vault, note, 2)]


def test_no_more_are_offered_than_can_be_looked_at() -> None:
    vault = known({**{f"n{i}.md": "" for i in range(3 * MOST)}, "Here.md": "[["})
    note = vault.vault.notes["Here.md"]
    assert isinstance(note, TextNote)
    assert len(completions(vault, note, 2)) == MOST


def test_names_and_words_are_kept_up_to_date() -> None:
    vault = known({**FILES, "Here.md": "[["})
    here = vault.vault.notes["Here.md"]
    assert isinstance(here, TextNote)
    completions(vault, here, 2)
    vault.vault.put(read_note("Newton.md", "---\naliases: [Isaac]\n---\n#new\n"))
    vault.vault.put(read_note("Fresh.md", ""))
    vault.vault.remove("a/Kepler.md")
    fresh = Completing(vault.vault, VaultNames(), Words())
    assert {*completions(vault, here, 2)} == {*completions(fresh, here, 2)}
    tagging = read_note("Here.md", "#")
    assert isinstance(tagging, TextNote)
    assert completions(vault, tagging, 1) == completions(fresh, tagging, 1)


# --- every accepted item resolves to the target that it names

ODD = [
    "A b",
    "C++",
    "x`y",
    "a$b",
    "c$d",
    "50% [x]",
    "p#q",
    "r^s",
    "é",
    "E\u0301",
    "a|b",
    "t]u",
    "[v",
    "w&amp;x",
    "<b>",
]
ODD += [
    "A b",
    "a_b",
    "*y*",
    "~z~",
    "{{t}}",
    "a:b",
    "..",
    "x.y",
    "Note.md",
    "%%q",
    " pad",
    "it's",
    'say "x"',
    "\\d",
    "#",
]
names = st.one_of(st.sampled_from(ODD), st.text("ab[]$`#^|%<>&:é .'\"\\", min_size=1, max_size=4))
folders = st.sampled_from(["", "", "f/", "f/g/", "$h/"])
extensions = st.sampled_from([".md", ".md", ".md", ".png", ".canvas"])
PARTS = [
    "# One\n",
    "## One\n",
    "### $x a`b\n",
    "# A [[b|c]] d\n",
    "#### T: a/b #c ^i\n",
    "> q\n",
    "- item\n",
    "\n",
    "\n",
]
PARTS += [
    "text `code` more\n",
    "| a | b |\n| - | - |\n| 1 | ",
    "$ and ` and <\n",
    "%% c %%\n",
    "para ^id1\n",
    "end  \n",
]
PARTS += [
    "---\n",
    "k: ",
    "- [ ] task $5\n",
    "  - sub\n",
    "<div>\n",
    "Set\n===\n",
    "```\n",
    "$$\n",
    "\ttab\n",
    "[^1]: f\n",
]
bodies = st.lists(st.sampled_from(PARTS), max_size=8).map("".join)
opened = st.sampled_from(["[[", "![[", "[x](", "![](", "[x](<", "[[#", "[[^", "[[#^", '"[[', "- [[", "`a` [["])
files = st.dictionaries(
    st.tuples(folders, names, extensions).map("".join).filter(lambda path: "/." not in f"/{path}"),
    bodies,
    max_size=6,
)
tails = st.sampled_from(
    ["", "]]", ")", ">)", "x]]", "#y]]", "|z]]", " `b`\n", " and $c$ [[A b]]\n", '"\n', " |\n", "\n# One\n"]
)
styles = st.builds(LinkStyle, st.booleans(), st.sampled_from(LinkFormat))


def _after(vault: Vault, note: Note, one: Completion) -> tuple[Note, Link | None]:
    """The note after an item was accepted, and the new link; other notes of the vault may change too."""
    edits = [*one.edits, Edit(note.path, one.span, one.text)]
    for path in {edit.path for edit in edits}:
        some = sorted((edit for edit in edits if edit.path == path), key=lambda edit: edit.span)
        vault.put(read_note(path, applied(vault.notes[path].text, some)))
    before = (edit for edit in one.edits if edit.path == note.path and edit.span.start <= one.span.start)
    start = one.span.start + sum(len(edit.replacement) for edit in before)
    after = vault.notes[note.path]
    return after, next((link for link in after.links if link.span.start <= start + 2 <= link.span.end), None)


@pytest.mark.once
@settings(max_examples=400)
@given(files, bodies, opened, st.sampled_from(["", "", "#", "#^", "a", "#o"]), tails, styles)
def test_whatever_is_taken_leads_where_it_says(
    there: dict[str, str], before: str, opening: str, more: str, tail: str, style: LinkStyle
) -> None:
    texts = {path: text if path.endswith(".md") else "" for path, text in there.items()}
    linked = next(iter(there)).removesuffix(".md") if there and more.startswith("#") and "#" not in opening else ""
    written = f"{before}{opening}{linked}{more}"
    found = known({**texts, "f/Here.md": written + tail}, style)
    note = found.vault.notes["f/Here.md"]
    assert isinstance(note, TextNote)
    for one in filter(lambda one: one.path, completions(found, note, len(written))[:12]):
        vault = found.vault.copy()
        after, link = _after(vault, note, one)
        assert link is not None, (after.text, one)
        assert vault.resolve(link, after) == (one.path,), (after.text, one)
        assert not one.subpath or vault.has_anchor(one.path, link.subpath), (after.text, one)
        if one.kind is CompletionKind.HEADING:
            headings = vault.notes[one.path].headings
            assert headings[headings_named(headings)(link.subpath)[-1]].text == one.label
