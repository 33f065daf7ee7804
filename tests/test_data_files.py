"""Reading canvas and base files."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.files.discovery import Source
from vaultlint.files.reading import read
from vaultlint.note import Link, LinkKind, Note, Place
from vaultlint.reading import read_note
from vaultlint.reading.data_files import read_base, read_canvas
from vaultlint.reading.front_matter import MAX_DEPTH, MAX_LENGTH
from vaultlint.reading.placeholders import holds_placeholder
from vaultlint.text import Span


def canvas(*nodes: object, ensure_ascii: bool = False) -> Note:
    return read_canvas("a.canvas", json.dumps({"nodes": nodes, "edges": []}, ensure_ascii=ensure_ascii))


def file_node(file: str, **more: object) -> dict[str, object]:
    return {"id": "1", "type": "file", "file": file, "x": -1.5e3, "y": 0, **more}


def text_node(text: str) -> dict[str, object]:
    return {"id": "1", "type": "text", "text": text, "x": 0, "y": 0}


def at(note: Note, span: Span | None) -> str | None:
    return None if span is None else note.text[span.start : span.end]


def parts(link: Link) -> tuple[str, str, str | None]:
    return link.target, link.subpath, link.display


def written(note: Note, link: Link) -> tuple[str | None, ...]:
    return tuple(at(note, span) for span in (link.span, link.target_span, link.subpath_span, link.display_span))


# Canvas


def test_file_node() -> None:
    note = canvas(file_node("Folder/Note.md"))
    (link,) = note.links
    assert (link.kind, link.place, link.embed) == (LinkKind.FILE, Place.DATA, True)
    assert parts(link) == ("Folder/Note.md", "", None)
    assert written(note, link) == ("Folder/Note.md", "Folder/Note.md", "", None)
    assert link.subpath_span == Span(link.target_span.end, link.target_span.end)


@pytest.mark.parametrize(
    ("subpath", "read"),
    [("#Heading", "Heading"), ("#A#B", "A#B"), ("#^id", "^id"), ("Heading", "Heading"), ("#", ""), ("", "")],
)
def test_subpath_of_a_file_node(subpath: str, read: str) -> None:
    note = canvas(file_node("Note.md", subpath=subpath))
    (link,) = note.links
    assert link.subpath == at(note, link.subpath_span) == read


def test_subpath_may_stand_first() -> None:
    note = canvas({"subpath": "#A", "file": "Note.md", "type": "file"})
    (link,) = note.links
    assert written(note, link) == ("Note.md", "Note.md", "A", None)


def test_background_of_a_group() -> None:
    note = canvas({"type": "group", "label": "G", "background": "img/back.png", "backgroundStyle": "cover"})
    (link,) = note.links
    assert (link.kind, parts(link), at(note, link.span)) == (
        LinkKind.FILE,
        ("img/back.png", "", None),
        "img/back.png",
    )


def test_text_node() -> None:
    note = canvas(text_node("See [[Note#Heading|shown]]"))
    (link,) = note.links
    assert (link.kind, link.place, link.embed) == (LinkKind.WIKILINK, Place.DATA, False)
    assert parts(link) == ("Note", "Heading", "shown")
    assert written(note, link) == ("[[Note#Heading|shown]]", "Note", "Heading", "shown")


@pytest.mark.parametrize("ensure_ascii", [False, True])
@pytest.mark.parametrize(
    "before",
    ["# A\n\n", 'He said "so"\\\\ ', "é", "😀 ", "😀\n😀\té/\\* ", "| a |\n|---|\n", "\ud83d", "\ude00\ud83d"],
)
def test_escapes_shift_the_spans(before: str, ensure_ascii: bool) -> None:
    note = canvas(text_node(f"{before}[[Nöte 😀#H|d]]\n![p](q.png)"), ensure_ascii=ensure_ascii)
    first, second = note.links
    assert (first.target, second.target) == ("Nöte 😀", "q.png")
    target = json.dumps("Nöte 😀", ensure_ascii=ensure_ascii)[1:-1]
    assert written(note, first) == (f"[[{target}#H|d]]", target, "H", "d")
    assert written(note, second) == ("![p](q.png)", "q.png", "", "p")


def test_bar_in_a_table_is_escaped_twice() -> None:
    note = canvas(text_node("| a |\n|---|\n| [[Note\\|b]] |\n"))
    (link,) = note.links
    assert (parts(link), link.doubtful) == (("Note", "", "b"), False)
    assert written(note, link) == (r"[[Note\\|b]]", "Note", "", "b")


def test_escaped_file() -> None:
    note = read_canvas(
        "a.canvas", r'{"nodes":[{"type":"file","file":"a\/\u00e9 \ud83d\ude00.md","subpath":"\u0023A"}]}'
    )
    (link,) = note.links
    assert parts(link) == ("a/é 😀.md", "A", None)
    assert written(note, link) == (r"a\/\u00e9 \ud83d\ude00.md", r"a\/\u00e9 \ud83d\ude00.md", "A", None)


def test_code_and_comments_in_a_text_node_are_read_as_in_a_note() -> None:
    (link,) = canvas(text_node("`[[code]]` %%[[Note]]%%")).links
    assert (link.target, link.commented) == ("Note", True)


def test_front_matter_in_a_text_node_is_doubtful() -> None:
    links = canvas(text_node('---\nup: "[[A]]"\n---\n[[B]]')).links
    assert [(link.target, link.doubtful) for link in links] == [("A", True), ("B", False)]


def test_order_is_that_of_the_nodes() -> None:
    links = canvas(text_node("[[B]] [[A]]"), file_node("c.md"), file_node("a.md")).links
    assert [link.target for link in links] == ["B", "A", "c.md", "a.md"]
    assert list(links) == sorted(links, key=lambda link: link.span)


@pytest.mark.parametrize(
    "node",
    [
        {"type": "link", "url": "https://example.org", "file": "a.md", "text": "[[a]]"},
        {"type": "file"},
        {"type": "file", "file": ""},
        {"type": "file", "file": 1},
        {"type": "file", "file": ["a.md"]},
        {"type": "file", "file": None},
        {"type": "group", "label": "[[a]]"},
        {"type": "text", "text": {"text": "[[a]]"}},
        {"type": ["file"], "file": "a.md"},
        {"file": "a.md"},
        {"type": "file", "more": {"file": "a.md"}},
        [{"type": "file", "file": "a.md"}],
        "[[a]]",
        None,
        1,
    ],
)
def test_node_without_links(node: object) -> None:
    note = canvas(node)
    assert (note.links, note.unreadable) == ((), None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \r\n\t",
        "\ufeff",
        "{}",
        '{"nodes": []}',
        '{"nodes": {"a": {"type": "file", "file": "a.md"}}}',
        '{"nodes": "[[a]]"}',
        '{"edges": [{"type": "file", "file": "a.md"}]}',
        '{"a": {"nodes": [{"type": "file", "file": "a.md"}]}}',
        '{"nodes": [{"type": "file", "file": "a.md"}], "nodes": []}',
    ],
)
def test_canvas_without_links(text: str) -> None:
    note = read_canvas("a.canvas", text)
    assert (note.text, note.links, note.unreadable) == (text, (), None)


def test_last_of_equal_keys_wins() -> None:
    note = read_canvas(
        "a.canvas", '{"nodes": 1, "nod\\u0065s": [{"type": "file", "file": "a.md", "file": "b.md"}], "x": null}'
    )
    assert [link.target for link in note.links] == ["b.md"]


def test_byte_order_mark_before_json() -> None:
    note = read_canvas("a.canvas", '\ufeff{"nodes": [{"type": "file", "file": "a.md"}]}\n')
    (link,) = note.links
    assert at(note, link.span) == "a.md"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello", "it is not JSON (line 1, column 1)"),
        ("{", "it is not JSON (line 1, column 2)"),
        ('{\n  "nodes": [\n    {"a": 1,}\n  ]\n}', "it is not JSON (line 3, column 13)"),
        ('{"nodes": [}', "it is not JSON (line 1, column 12)"),
        ('{"nodes": [1}', "it is not JSON (line 1, column 13)"),
        ('{"nodes": [1 2]}', "it is not JSON (line 1, column 14)"),
        ('{"nodes" 1}', "it is not JSON (line 1, column 2)"),
        ("{} {}", "it is not JSON (line 1, column 4)"),
        ('{"a": "\n"}', "it is not JSON (line 1, column 7)"),
        ('{"a": "\\x"}', "it is not JSON (line 1, column 7)"),
        ('{"a": "\0"}', "it is not JSON (line 1, column 7)"),
        ("\0", "it is not JSON (line 1, column 1)"),
        ('{"a": 01}', "it is not JSON (line 1, column 8)"),
        ('{"a": NaN}', "it is not JSON (line 1, column 7)"),
        ("{'a': 1}", "it is not JSON (line 1, column 2)"),
        ("<<<<<<< HEAD\n{}", "it is not JSON (line 1, column 1)"),
        ("[]", "its JSON is not an object"),
        ('[{"type": "file", "file": "a.md"}]', "its JSON is not an object"),
        ('"nodes"', "its JSON is not an object"),
        ("null", "its JSON is not an object"),
        ("[" * 100_000, "it is not JSON (line 1, column 100,001)"),
        ("[" * 100_000 + "]" * 100_000, "its JSON is not an object"),
        ('{"a":' * 100_000, "it is not JSON (line 1, column 500,001)"),
    ],
)
def test_canvas_that_is_no_json_object(text: str, reason: str) -> None:
    note = read_canvas("a.canvas", text)
    assert (note.text, note.links, note.unreadable) == (text, (), reason)


def test_depth_does_no_harm() -> None:
    deep = '{"a":[' * 50_000 + "]}" * 50_000
    note = read_canvas("a.canvas", f'{{"deep": {deep}, "nodes": [{deep}, {{"type": "file", "file": "a.md"}}]}}')
    assert [link.target for link in note.links] == ["a.md"]


def test_lone_surrogates_in_a_canvas_are_replaced() -> None:
    note = read_canvas("a.canvas", '{"nodes": [{"type": "file", "file": "\ud83d\\ude00.md"}]}')
    (link,) = note.links
    assert (link.target, at(note, link.span)) == ("\ufffd\ufffd.md", "\ufffd\\ude00.md")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_all_json_objects_are_readable_and_nothing_else(content: object) -> None:
    note = read_canvas("a.canvas", json.dumps(content))
    assert (note.unreadable is None) is isinstance(content, dict)


@given(st.text('[]{}",:\\u0e19.- \t\ntrualsn', max_size=12))
def test_what_is_json_is_what_python_takes_for_it(text: str) -> None:
    try:
        is_json = isinstance(json.loads(text), dict | list | str | int | float | None)
    except json.JSONDecodeError:
        is_json = not text.strip()
    reason = read_canvas("a.canvas", text).unreadable
    assert (reason is None or not reason.startswith("it is not JSON")) is is_json


@given(st.lists(st.tuples(st.text(), st.text(), JSON)), st.booleans(), st.sampled_from([None, 2]))
def test_every_file_node_has_its_link(
    nodes: list[tuple[str, str, object]], ensure_ascii: bool, indent: int | None
) -> None:
    found = [file_node(file, subpath="#" + subpath, more=more) for file, subpath, more in nodes]
    text = json.dumps({"nodes": found}, ensure_ascii=ensure_ascii, indent=indent)
    note = read_canvas("a.canvas", text)
    wanted = [
        (file, subpath)
        for file, subpath, _ in nodes
        if file and not holds_placeholder(file) and not holds_placeholder(subpath)
    ]
    assert [(link.target, link.subpath) for link in note.links] == wanted
    for link in note.links:
        assert json.loads(f'"{at(note, link.target_span)}"') == link.target
        assert json.loads(f'"{at(note, link.subpath_span)}"') == link.subpath


@given(
    st.lists(
        st.sampled_from(["[[a#b|c]]", "![[é😀]]", "[d](e%20f.md#g)", "| x |\n|---|\n", "\\", '"', "\n", "😀", "\x01"])
    ),
    st.booleans(),
)
def test_links_of_a_text_node_are_those_of_a_note(pieces: list[str], ensure_ascii: bool) -> None:
    text = "".join(pieces)
    plain = read_note("a.md", text)
    note = canvas(text_node(text), ensure_ascii=ensure_ascii)
    assert list(map(parts, note.links)) == list(map(parts, plain.links))
    for link, wanted in zip(note.links, plain.links, strict=True):
        said = [None if part is None else json.loads(f'"{part}"') for part in written(note, link)]
        assert said == list(written(plain, wanted))


# Base

BASE = """\
filters:
  and:
    - file.hasLink("Textbook")
    - not:
        - 'author == link("People/Ada Lovelace#Work")'
formulas:
  cover: file("img/cover.png").asLink("[[shown]]")
  link: link( '[[Note#H|d]]' , "display")
views:
  - type: table
    name: All
    filters: "file.hasLink(this.file)"
"""


def test_links_of_a_base() -> None:
    note = read_base("a.base", BASE)
    found = [(*parts(link), link.doubtful) for link in note.links]
    assert found == [
        ("Textbook", "", None, False),
        ("People/Ada Lovelace", "Work", None, False),
        ("img/cover.png", "", None, False),
        ("shown", "", None, True),
        ("Note", "H", "d", False),
    ]
    assert {(link.kind, link.place, link.embed) for link in note.links} == {(LinkKind.WIKILINK, Place.DATA, False)}
    assert [written(note, link) for link in note.links] == [
        ("Textbook", "Textbook", "", None),
        ("People/Ada Lovelace#Work", "People/Ada Lovelace", "Work", None),
        ("img/cover.png", "img/cover.png", "", None),
        ("[[shown]]", "shown", "", None),
        ("[[Note#H|d]]", "Note", "H", "d"),
    ]


@pytest.mark.parametrize(
    ("expression", "targets"),
    [
        ('link("A")', ["A"]),
        ("link('A')", ["A"]),
        ('link("A#B")', ["A"]),
        ('link(" A ")', ["A"]),
        ('file(link("[[A]]"))', ["A"]),
        ('file.hasLink("A") || this.file.hasLink("B")', ["A", "B"]),
        ('link("A", "shown")', ["A"]),
        ('link(\n  "A"\n)', ["A"]),
        ('[link("A"), link("B")]', ["A", "B"]),
        ('x.replace(/"/g, "") == link("A")', ["A"]),
        ("/'/.matches(x) && link('A')", ["A"]),
        ('link("it\'s")', ["it's"]),
    ],
)
def test_functions_that_take_a_link(expression: str, targets: list[str]) -> None:
    note = read_base("a.base", json.dumps({"filters": expression}))
    assert [link.target for link in note.links if not link.doubtful] == targets


@pytest.mark.parametrize(
    "expression",
    [
        'link("Folder/" + file.name)',
        'link("[[" + file.name + "]]")',
        'link("https://obsidian.md")',
        'file("obsidian://open")',
        'link("")',
        'link("#Heading")',
        'link(file.name, "shown")',
        'link("A"',
        'link("A',
        'blink("A")',
        'note.link("A")',
        'profile("A")',
        'file.name == "A"',
        'file.inFolder("A")',
        '"link(A)"',
        "\"link('A')\"",
        "[[1, 2], [3]].flat()",
        "list[[index]]",
        '"[[ ]]"',
        'link[["A"]]',
    ],
)
def test_no_link_of_a_base(expression: str) -> None:
    note = read_base("a.base", json.dumps({"formulas": {"a": expression}}))
    assert (note.links, note.unreadable) == ((), None)


@pytest.mark.parametrize(
    "expression",
    ["[[A]]", " [[A]] ", '"[[A]]"', 'title.contains("see [[A]]")', 'link("see [[A]]")', r'link("[[A]]\x")'],
)
def test_wikilink_that_may_be_text_is_doubtful(expression: str) -> None:
    (link,) = read_base("a.base", json.dumps({"formulas": {"a": expression}})).links
    assert (link.target, link.doubtful) == ("A", True)


@pytest.mark.parametrize(
    "scalar",
    [
        '"link(\\"A\\")"',
        "'link(''A'')'",
        '|\n    true &&\n    link("A")',
        "\"link('\\u0041')\"",
    ],
)
def test_link_in_a_text_not_as_written_has_the_span_of_all(scalar: str) -> None:
    note = read_base("a.base", f"filters: {scalar}\n")
    (link,) = note.links
    assert link.target == "A"
    assert {at(note, link.span), at(note, link.target_span), at(note, link.subpath_span)} == {
        (at(note, link.span) or "")
    }
    assert (at(note, link.span) or "").strip() == scalar


def test_spans_in_a_base_count_code_points() -> None:
    note = read_base("a.base", "\ufefffilters: '😀 é' # 😀\r\nformulas:\r\n  a: '\"😀\" + link(\"é 😀\")'\r\n")
    (link,) = note.links
    assert (link.target, at(note, link.target_span)) == ("é 😀", "é 😀")


@pytest.mark.parametrize(
    "text", ["", " \n", "# comment\n", "---\n", "null", "hello", "- a\n- 1\n", "a: &x b\nc: *x\n"]
)
def test_base_without_links(text: str) -> None:
    note = read_base("a.base", text)
    assert (note.text, note.links, note.unreadable) == (text, (), None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("filters:\n  and: [\n", "invalid YAML: "),
        ("filters:\n\tand: a\n", "invalid YAML: a tab is not allowed here; indent YAML with spaces (line 2)"),
        ("a: b: c\n", "invalid YAML: a value that contains `: ` must be in quotes (line 1)"),
        ("a: 1\n---\nb: 2\n", "invalid YAML: a second document begins (line 2)"),
        ("[" * 100_000, f"YAML is nested deeper than {MAX_DEPTH} levels (line 1)"),
        ("a" * (MAX_LENGTH + 1), "YAML of 1,000,001 characters is not read (the limit is 1,000,000) (line 1)"),
    ],
    ids=["unclosed", "tab", "colon", "two documents", "deep", "long"],
)
def test_base_that_is_no_yaml(text: str, reason: str) -> None:
    note = read_base("a.base", text)
    assert (note.text, note.links) == (text, ())
    assert (note.unreadable or "").startswith(reason)


def test_lone_surrogates_in_a_base_are_replaced() -> None:
    note = read_base("a.base", "a: link('\ud83d')")
    (link,) = note.links
    assert (link.target, at(note, link.span)) == ("\ufffd", "\ufffd")


# Both

JSON_PIECES = ['{"nodes":[', '{"type":"file","file":"', '{"type":"text","text":"', '"}', "]}", ",", "\\ud83d", "\\n"]
YAML_PIECES = ["a: ", "- ", "\n  ", "---\n", "&x", "*x", "!<%ff>", "|\n", ">-\n", "link(", 'hasLink("', ")", "/", "#"]
OTHER_PIECES = ["[[a", "|b]]", "'", '"', "\\", "\0", "\t", "\r", "😀", "\ud800", "\ufeff"]
ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.lists(
    st.sampled_from([*JSON_PIECES, *YAML_PIECES, *OTHER_PIECES]), max_size=25
).map("".join)


@given(ANY_TEXT)
def test_reading_never_raises(text: str) -> None:
    for note in (read_canvas("a.canvas", text), read_base("a.base", text)):
        assert len(note.text) == len(text)
        for link in note.links:
            for span in (link.span, link.target_span, link.subpath_span, link.display_span or link.span):
                assert 0 <= span.start <= span.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        'link("',
        "link( ",
        "(/",
        '"\\',
        '\\"',
        "'\"",
        "[[a",
        "[[a]",
        'link("a" ',
        "\"'link(",
        "(  ",
        "link('[[a]]'),",
        "/\\",
    ],
)
def test_time_is_linear_in_an_expression(piece: str) -> None:
    text = "a: |\n  '[[ " + piece * (900_000 // len(piece))
    started = time.process_time()
    read_base("a.base", text)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "piece", ['{"', '"\\', '"', "[ ", "{ ", '{"a":', "[[],", '{"nodes":[{"type":"file","file":"\\n']
)
def test_time_is_linear_in_json(piece: str) -> None:
    started = time.process_time()
    read_canvas("a.canvas", piece * (900_000 // len(piece)))
    assert time.process_time() - started < 10


def test_time_is_linear_in_escapes() -> None:
    started = time.process_time()
    note = canvas(text_node("\n[[a]]" * 50_000))
    assert time.process_time() - started < 20
    assert at(note, note.links[-1].span) == "[[a]]"


@pytest.mark.parametrize(
    ("name", "content", "target"),
    [
        ("a.canvas", '{"nodes": [{"type": "file", "file": "b.md"}]}', "b.md"),
        ("A.CANVAS", '{"nodes": [{"type": "file", "file": "b.md"}]}', "b.md"),
        ("a.base", "filters: file.hasLink('b')", "b"),
        ("A.Base", "filters: file.hasLink('b')", "b"),
        ("a.md", "[[b]]", "b"),
    ],
)
def test_file_is_read_by_its_extension(tmp_path: Path, name: str, content: str, target: str) -> None:
    (tmp_path / name).write_bytes(content.encode())
    note = read(Source(name, str(tmp_path / name)))
    assert (note.path, note.text, [link.target for link in note.links]) == (name, content, [target])
