"""Properties of the fixes of any front matter."""

import json
import re
from typing import Any

import frontmatter
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.fixing import applied
from vaultlint.note import says_something
from vaultlint.reading import read_note
from vaultlint.reading.handler import ObsidianHandler
from vaultlint.rules.deprecated_property import DeprecatedProperty
from vaultlint.rules.unquoted_link import UnquotedLink
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView

TODAY = {"tag": "tags", "alias": "aliases", "cssclass": "cssclasses"}
HANDLER = ObsidianHandler()

words = st.text(st.sampled_from("aBé犬😀 019,;:#-_/'\"\\[]{}&*!|>%@~?.\t\x7f\x85\u2028\ufeff"), max_size=12)
plain_words = st.sampled_from(
    ["a", "a b", "a, b", "a,b , c", "yes", "null", "true", "1687", "2024-13-45", "a #b", "#a"]
)
link_texts = st.text(st.sampled_from("aBé犬 019,#|/'\"\\-.:?!"), min_size=1, max_size=8)


def in_quotes(text: str) -> str:
    return re.sub("[^ -~é犬😀]", lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


one_line = plain_words | words.map(in_quotes)
texts = one_line | words.map(lambda text: "'{}'".format(text.replace("'", "''")))
links = link_texts.map("[[{}]]".format)
flow_lists = st.lists(texts | links, max_size=3).map(lambda items: f"[{', '.join(items)}]")
block_lists = st.lists(texts | links, min_size=1, max_size=3).map(lambda items: "".join(f"\n  - {i}" for i in items))
odd_values = st.sampled_from(
    [
        "",
        "# why",
        "&x a",
        "*x",
        "!!str 1",
        "{a: b}",
        "{a: [[b]]}",
        "|\n  a\n  b",
        ">-\n  a",
        "a\n  b",
        "[[1, 2]]",
        "[[a],\n  [b]]",
    ]
)
values = texts | links | flow_lists | block_lists | odd_values
deprecated_names = st.sampled_from(["tag", "alias", "cssclass", "TAG", "Alias", "'tag'", '"alias"'])
names = deprecated_names | st.sampled_from(["tags", "ALIASES", "title", "author", '"a b"', "place"])
pairs = st.tuples(names, values)
blocks = st.lists(pairs, min_size=1, max_size=5, unique_by=lambda pair: pair[0].strip("'\"")).map(
    lambda pairs: "".join(f"{name}: {value}\n" for name, value in pairs)
)
bodies = st.sampled_from(["", "\n\n", "Text.\n", "  tag: a\n[[A]]  \n---\nby: [[B]]\n---\n", "\n---\ntag: a\n---"])


def found_in(text: str) -> list[Diagnostic]:
    note = read_note("Note.md", text)
    return [*DeprecatedProperty().check_note(note), *UnquotedLink().check(note, VaultView(Vault([note])))]


def fixed_all(text: str) -> str:
    return applied(text, [edit for one in found_in(text) if one.fix for edit in one.fix.edits])


def properties(text: str) -> dict[str, Any]:
    yaml_text, _ = HANDLER.split(text)
    found = HANDLER.load(yaml_text)
    assert isinstance(found, dict)
    return found


def as_others_read(text: str) -> Any:
    """The properties as PyYAML reads them, with aliases resolved; every scalar as text."""
    return yaml.load(HANDLER.split(text)[0], yaml.BaseLoader)  # noqa: S506  # makes nothing but text


def wanted(before: dict[str, Any], text: str) -> dict[str, Any]:
    """The properties expected after the fixes, computed from values instead of text."""
    note = read_note("Note.md", text)
    assert note.front_matter
    renamed = {
        text[one.span.start : one.span.end].strip("'\""): one
        for one in found_in(text)
        if one.rule == DeprecatedProperty.name
    }
    linked = {one.span for one in found_in(text) if one.rule == UnquotedLink.name and one.fix}
    after = {}
    for item in note.front_matter.properties:
        name, value = item.name, before[item.name]
        if item.value.span in linked:
            value = text[item.value.span.start : item.value.span.end]
        elif isinstance(value, list):
            spans = [part.span for part in getattr(item.value, "items", ())]
            value = [
                text[span.start : span.end] if span in linked else one for span, one in zip(spans, value, strict=True)
            ]
        if name in renamed and renamed[name].fix:
            if value is not None and not isinstance(before[name], list):
                value = parts(name.lower(), getattr(item.value, "text", ""))
            name = TODAY[name.lower()]
        after[name] = value
    return after


def parts(name: str, text: str) -> list[str]:
    found = text.split(",") if name == "alias" else text.replace(",", " ").split()
    return [part.strip() for part in found if part.strip()]


@settings(max_examples=500)
@given(blocks, bodies, st.sampled_from(["\n", "\r\n", "\r"]))
@example("tag: a\nTag: b\n", "", "\n")
@example("tag: [[a]]\nby: [[[a]], [[b]]]\n", "", "\n")
@example("tag: &x a\nby: *x\n", "", "\n")
@example("alias: |\n  a\nby: b\n", "", "\r")
@example('alias: "\\x7f, \\N"\n', "", "\n")
def test_fixes_do_what_they_say_and_nothing_else(block: str, body: str, line_end: str) -> None:
    head = f"---\n{block}---\n".replace("\n", line_end)
    text = head + body
    note = read_note("Note.md", text)
    assume(note.front_matter and note.front_matter.valid)
    assume(HANDLER.split(text)[1] == body)
    before = properties(text)
    found = found_in(text)

    after = fixed_all(text)

    assert HANDLER.split(after)[1] == body
    assert properties(after) == wanted(before, text)
    assert [one.message for one in found_in(after)] == [one.message for one in found if one.fix is None]
    assert fixed_all(after) == after
    assert all(one.fix.safe for one in found if one.fix and "'tags'" not in one.fix.title)


@settings(max_examples=500)
@given(blocks)
@example("tag: &x a\nby: *x\n")
@example("&x tag: a\nby: *x\n")
def test_what_is_not_edited_reads_the_same_to_others(block: str) -> None:
    text = f"---\n{block}---\nText.\n"
    note = read_note("Note.md", text)
    assume(note.front_matter and note.front_matter.valid)
    try:
        before = as_others_read(text)
    except yaml.YAMLError:
        assume(False)
    after = as_others_read(fixed_all(text))
    for item in note.front_matter.properties if note.front_matter else ():
        written = text[item.value.span.start : item.value.span.end]
        if item.name.lower() not in TODAY and "[[" not in written:
            assert after[item.name] == before[item.name]


@given(st.dictionaries(st.sampled_from(["tag", "alias", "author"]), one_line, min_size=1))
def test_python_frontmatter_finds_lists_and_the_body(values: dict[str, str]) -> None:
    lines = [f"{name}: {value}" for name, value in values.items()]
    text = "\n".join(["---", *lines, "---", "Text.", ""])
    note = read_note("Note.md", text)
    assume(note.front_matter and note.front_matter.valid)
    metadata, body = frontmatter.parse(fixed_all(text), handler=ObsidianHandler())
    assert body == "Text."
    for name in ("tag", "alias"):
        item = note.property(name)
        if item and says_something(item.value):
            assert name not in metadata
            assert isinstance(metadata[TODAY[name]], list | None)
