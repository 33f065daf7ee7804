"""Links in text that is read doubtfully or more than once: both engines read each case."""

from importlib.util import find_spec

import pytest

from vaultlint.diagnostic import Severity
from vaultlint.note import Link, Note
from vaultlint.reading import Dialect, read_note
from vaultlint.reading.data_files import read_base, read_canvas
from vaultlint.reading.engines import EngineName
from vaultlint.rules.broken_anchor import BrokenAnchor
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.rules.undefined_footnote import UndefinedFootnote
from vaultlint.testing import check
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView

needs_both = pytest.mark.skipif(find_spec("pyromark") is None, reason="pyromark is not installed")
each_engine = pytest.mark.parametrize(
    "engine", [pytest.param(EngineName.PYROMARK, marks=needs_both), EngineName.MISTUNE], ids=str
)


def read(text: str, engine: EngineName) -> Note:
    return read_note("Note.md", text, Dialect(engine=engine))


def clear(note: Note) -> list[str]:
    """Targets and subpaths of the links that rules check."""
    return [_written(link) for link in note.links if not link.doubtful and not link.is_empty]


def _written(link: Link) -> str:
    return f"{link.target}#{link.subpath}" if link.subpath else link.target


@each_engine
@pytest.mark.parametrize(
    "text",
    [
        "As shown.[[1\\]](#_ftn1)\n",
        "[[2\\]](#_ftnref2) See Smith.\n",
        "- [[iv\\]](notes.md#_ftn4)\n",
        "| a |\n| - |\n| [[1\\]](#_ftn1) |\n",
    ],
)
def test_footnote_of_a_word_processor(text: str, engine: EngineName) -> None:
    assert clear(read(text, engine)) == []


@each_engine
def test_brackets_that_do_not_cross(engine: EngineName) -> None:
    assert clear(read("[[1\\]] and (#x), [\\[1\\]](#_ftn1), [[a]] [b](c)\n", engine)) == ["1\\", "#_ftn1", "a", "c"]


@each_engine
@pytest.mark.parametrize(
    ("text", "target", "ending"),
    [
        ("[[Law]](s) of motion\n", "Law", "s"),
        ("many [[Law|laws]](es)\n", "Law", "es"),
        ("![[x.png]](s)\n", "x.png", "s"),
        ("> - [[Law]](s)\n", "Law", "s"),
        ("[[Law]]()\n", "Law", ""),
        ("[[Law]](n%20)\n", "Law", "n"),
        ("[[Law]](see there)\n", "Law", ""),
        ("[[Law]] (s)\n", "Law", ""),
    ],
)
def test_ending_behind_a_wikilink(text: str, target: str, ending: str, engine: EngineName) -> None:
    [link] = read(text, engine).links
    assert (link.target, link.ending, link.doubtful) == (target, ending, False)


@each_engine
@pytest.mark.parametrize("destination", ["https://example.org", "b.md", "a/b", "#c", "<s>", 's "t"', "mailto:x"])
def test_destination_behind_a_wikilink(destination: str, engine: EngineName) -> None:
    for mark in ("", "!"):
        assert clear(read(f"{mark}[[Law]]({destination})\n", engine)) == []


def test_ending_that_is_the_name_of_a_file() -> None:
    check(BrokenLink(), {"Physics.md": "[[Law]](s)  <-- broken-link\n"})
    check(BrokenLink(), {"Physics.md": "[[Law]](s)\n", "Letters/s.md": ""})
    check(BrokenAnchor(), {"Physics.md": "[[Law#One]](s)  <-- broken-anchor\n", "Law.md": ""})
    check(BrokenAnchor(), {"Physics.md": "[[Law#One]](s)\n", "Law.md": "", "s.md": ""})


@each_engine
@pytest.mark.parametrize("name", ["mark", "u", "font", "span", "sup", "sub", "b", "i", "small", "big", "ins", "del"])
def test_inline_element(name: str, engine: EngineName) -> None:
    start = f'<{name} style="color:red">'
    note = read(f"A {start}*[[b]]* and [c](d.md#e)</{name}> [[f]]\n", engine)
    assert [(_written(link), link.in_html, link.doubtful) for link in note.links] == [
        ("b", True, False),
        ("d.md#e", True, False),
        ("f", False, False),
    ]


@each_engine
@pytest.mark.parametrize(
    "text",
    [
        "# <u>[[a]]</u>\n",
        "- <u>[[a]]</u>\n",
        "> <u>x [[a]] y</u>\n",
        "| x |\n| - |\n| <u>[[a]]</u> |\n",
        "<u><b>[[a]]</b></u>\n",
        "<mark>x\n[[a]]\ny</mark>\n",
    ],
)
def test_place_of_an_inline_element(text: str, engine: EngineName) -> None:
    [link] = read(text, engine).links
    assert (link.target, link.in_html, link.doubtful) == ("a", True, False)


@each_engine
@pytest.mark.parametrize(
    "text",
    [
        "<code>[[a]]</code>\n",
        "<kbd>[[a]]</kbd>\n",
        '<a href="b">[[a]]</a>\n',
        "<u><code>[[a]]</code></u>\n",
        "<code><u>[[a]]</u></code>\n",
        '<span title="[[a]]">b</span>\n',
        "<div>\n[[a]]\n</div>\n",
        "<!-- [[a]] -->\n",
    ],
)
def test_element_that_holds_no_running_text(text: str, engine: EngineName) -> None:
    assert clear(read(text, engine)) == []


@each_engine
@pytest.mark.parametrize("text", ["<br>[[a]]\n", "<u>x</u> [[a]] <u>y</u>\n", "<u>x [[a]]\n", "<u>x\n\n[[a]]</u>\n"])
def test_link_in_no_element(text: str, engine: EngineName) -> None:
    [link] = read(text, engine).links
    assert (link.in_html, link.doubtful) == (False, False)


def test_findings_in_an_element_are_only_shown() -> None:
    notes = {"Physics.md": "<mark>[[Gone]]</mark>  <-- broken-link\n\n[[Gone]]  <-- broken-link\n"}
    assert [one.severity for one in check(BrokenLink(), notes)] == [Severity.INFO, Severity.ERROR]
    notes = {"Physics.md": "<u>[[#Two]]</u>  <-- broken-anchor\n\n[[#Two]]  <-- broken-anchor\n"}
    assert [one.severity for one in check(BrokenAnchor(), notes)] == [Severity.INFO, Severity.WARNING]


@each_engine
@pytest.mark.parametrize("text", ["[](#slug)\n", "[ ](b.md)\n", "a [](b.md#c) d\n", "- [](<b c.md>)\n"])
def test_link_without_a_label(text: str, engine: EngineName) -> None:
    note = read(text, engine)
    vault = VaultView(Vault([note]))
    assert len(note.links) == 1  # a rename of the file must update it
    assert [*BrokenLink().check(note, vault), *BrokenAnchor().check(note, vault)] == []


@each_engine
@pytest.mark.parametrize("text", ["![](b.png)\n", "[a](b.png)\n", "[![](b.png)](https://example.org)\n"])
def test_image_without_a_description(text: str, engine: EngineName) -> None:
    note = read(text, engine)
    assert [one.rule for one in BrokenLink().check(note, VaultView(Vault([note])))] == ["broken-link"]


PLACEHOLDERS = [
    "{{date}}",
    "{{date:YYYY-MM-DD}} log",
    "Logs/{{title}}",
    "<% tp.file.title %>",
    '<% tp.date.now("YYYY", -1) %>',
    "`= this.up`",
    "`$= dv.current().up`",
    "Note#{{heading}}",
    "Note#^<% id %>",
    "#{{heading}}",
]


@each_engine
@pytest.mark.parametrize("target", PLACEHOLDERS)
def test_placeholder_as_target(target: str, engine: EngineName) -> None:
    assert read(f"See [[{target}]], ![[{target}]] and [[{target}|shown]].\n", engine).links == ()
    if " " not in target:
        assert read(f"[x]({target}) ![x](a/{target}.png)\n", engine).links == ()


@each_engine
def test_placeholder_as_display(engine: EngineName) -> None:
    text = "[[Note|{{title}}]] [[Note#One|`= this.x`]] [{{title}}](Note.md)\n"
    assert clear(read(text, engine)) == ["Note", "Note#One", "Note.md"]


@each_engine
def test_what_looks_like_a_placeholder(engine: EngineName) -> None:
    assert clear(read("[[{date}]] [[a % b]] [[a = b]] [[100%> x]]\n", engine)) == [
        "{date}",
        "a % b",
        "a = b",
        "100%> x",
    ]


def test_placeholder_in_other_files() -> None:
    canvas = '{"nodes": [{"type": "file", "file": "{{x}}.md"}, {"type": "text", "text": "[[<% a %>]] [[b]]"}]}'
    assert [link.target for link in read_canvas("a.canvas", canvas).links] == ["b"]
    base = 'filters: file.hasLink("{{x}}")\nformulas:\n  a: link("b")\n'
    assert [link.target for link in read_base("a.base", base).links] == ["b"]
    assert read_note("a.md", '---\nup: "[[{{x}}]]"\nat: ["[[<% a %>]]", "[[b]]"]\n---\n').links[0].target == "b"


@each_engine
@pytest.mark.parametrize("text", ["^[^aeiou]*$\n", "a^[^b]\n", "`x` ^[^1] y\n", "> ^[^a-z]+\n", "^[^1]: x\n"])
def test_inline_footnote_with_a_caret(text: str, engine: EngineName) -> None:
    assert list(UndefinedFootnote().check_note(read(text, engine))) == []


@each_engine
@pytest.mark.parametrize("text", ["\\^[^a]\n", "a[^b]\n", "[^a]\n", "^ [^a]\n", "^[see [^a]]\n", "[^a]^[b]\n"])
def test_footnote_reference(text: str, engine: EngineName) -> None:
    assert len(list(UndefinedFootnote().check_note(read(text, engine)))) == 1


DRAWING = "---\nexcalidraw-plugin: parsed\n---\n# Data\n\n## Text Elements\nHello ^k3Rw9xQz\n"


@pytest.mark.parametrize(
    "subpath", ["^group=x1", "^frame=x", "^area=x_1", "^clippedframe=x", "group=x", "^Zt5yQw81", "^k3Rw9xQz", "Data"]
)
def test_part_of_a_drawing(subpath: str) -> None:
    check(BrokenAnchor(), {"D.excalidraw.md": DRAWING, "a.md": f"![[D.excalidraw#{subpath}]]\n"})


def test_frame_or_heading_of_a_drawing() -> None:
    notes = {"D.excalidraw.md": DRAWING, "a.md": "[[D.excalidraw#Sketch]]  <-- broken-anchor\n"}
    assert [one.severity for one in check(BrokenAnchor(), notes)] == [
        Severity.INFO
    ]  # it is not known which one Obsidian reads


@pytest.mark.parametrize("subpath", ["^group=x1", "^Zt5yQw81", "group=x"])
def test_part_of_an_ordinary_note(subpath: str) -> None:
    notes = {"D.excalidraw.md": DRAWING.replace("excalidraw-", "other-"), "a.md": f"[[D.excalidraw#{subpath}]]"}
    check(BrokenAnchor(), notes | {"a.md": notes["a.md"] + "  <-- broken-anchor\n"})


def test_note_that_becomes_a_drawing() -> None:
    plain = read_note("D.md", DRAWING.replace("excalidraw-", "other-"))
    vault = Vault([plain, read_note("a.md", "[[D#^x]]\n")])
    view = VaultView(vault)
    assert not view.has_anchor("D.md", "^x")
    assert view.inputs & vault.put(read_note("D.md", DRAWING))
    assert vault.has_anchor("D.md", "^x")
