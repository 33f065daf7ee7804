"""Reference definitions and attributes in HTML, which a rename updates; both engines read them alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.reading import Dialect, read_note
from vaultlint.reading.definitions import attributes, definitions, may_define
from vaultlint.reading.engines import EngineName


def targets(text: str, engine: EngineName = EngineName.AUTO) -> list[tuple[str, str]]:
    note = read_note("Note.md", text, Dialect(engine=engine))
    found = [*definitions(note)]
    for link in found:
        assert (
            note.text[link.span.start : link.span.end].endswith((")", ">")) or link.span.end >= link.subpath_span.end
        )
        assert link.span.start < link.target_span.start
    return [(link.target, link.subpath) for link in found]


def named(text: str, engine: EngineName = EngineName.AUTO) -> list[tuple[str, str]]:
    note = read_note("Note.md", text, Dialect(engine=engine))
    return [(one.target, note.text[one.span.start : one.span.end]) for one in attributes(note)]


ENGINES = [EngineName.PYROMARK, EngineName.MISTUNE]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> EngineName:
    if request.param is EngineName.PYROMARK:
        pytest.importorskip("pyromark")
    found: EngineName = request.param
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[i]: Note.md\n", [("Note.md", "")]),
        ("   [a b]: <A note.md#Part> 'title'\n", [("A note.md", "Part")]),
        ("[i]:\n  ./A%20note.md#Part%20one\n", [("./A note.md", "Part one")]),
        ("text\n\n[i]: A.md\n[j]: B.md\n\ntext\n", [("A.md", ""), ("B.md", "")]),
        ("> [i]: A.md\n\n- [j]: B.md\n", [("A.md", ""), ("B.md", "")]),
        ("[i]: a\\(1\\).md\r\n", [("a(1).md", "")]),
        ("---\na: 1\n---\n[i]: A.md", [("A.md", "")]),
    ],
)
def test_definitions(text: str, wanted: list[tuple[str, str]], engine: EngineName) -> None:
    assert targets(text, engine) == wanted
    assert may_define(text)


@pytest.mark.parametrize(
    "text",
    [
        "text\n[i]: A.md\n",
        "    [i]: A.md\n",
        "```\n[i]: A.md\n```\n",
        "[^i]: A.md\n",
        "[i]: https://x.org\n",
        "[i]: //x.org\n",
        "[i]: mailto:x\n",
        "[i]: #part\n",
        "[i]: A.md and more\n",
        "\\[i]: A.md\n",
        "[ ]: A.md\n",
        "<div>\n[i]: A.md\n</div>\n",
        "---\n[i]: A.md\n---\n",
    ],
)
def test_what_is_no_definition(text: str, engine: EngineName) -> None:
    assert targets(text, engine) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('<img src="a/x.png">', [("a/x.png", 'src="a/x.png"')]),
        ("x <IMG SRC='x y.png' alt=z>", [("x y.png", "SRC='x y.png'")]),
        ("<a href=x.md#p>y</a>", [("x.md", "href=x.md#p")]),
        ('<div>\n<video poster="x%20y.png">\n</div>', [("x y.png", 'poster="x%20y.png"')]),
        ('<img src="a&amp;b.png?1">', [("a&b.png", 'src="a&amp;b.png?1"')]),
    ],
)
def test_attributes(text: str, wanted: list[tuple[str, str]], engine: EngineName) -> None:
    assert named(text, engine) == wanted
    assert may_define(text)


@pytest.mark.parametrize(
    "text",
    [
        '`<img src="x.png">`',
        '<!-- <img src="x.png"> -->',
        '<div>\n<!-- <img src="x.png"> -->\n</div>',
        '<img src="https://x.org/x.png">',
        '<img data-src="x.png">',
        '<img src="">',
        'src="x.png"',
    ],
)
def test_what_names_no_file(text: str, engine: EngineName) -> None:
    assert named(text, engine) == []


@given(st.text(st.sampled_from("[]:<> \n\r\"'ab.#()\\-`&=srcimg^\t"), max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    targets(text)
    named(text)
    may_define(text)
