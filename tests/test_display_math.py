"""Display math, `$$` to `$$`: each case is read by both engines."""

from importlib.util import find_spec

import pytest

from vaultlint.note import Note
from vaultlint.reading import Dialect, read_note
from vaultlint.reading.engines import EngineName
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.rules.undefined_footnote import UndefinedFootnote
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView

needs_both = pytest.mark.skipif(find_spec("pyromark") is None, reason="pyromark is not installed")
each_engine = pytest.mark.parametrize(
    "engine", [pytest.param(EngineName.PYROMARK, marks=needs_both), EngineName.MISTUNE], ids=str
)


def read(text: str, engine: EngineName) -> Note:
    return read_note("Note.md", text, Dialect(engine=engine))


def targets(text: str, engine: EngineName) -> list[str]:
    note = read(text, engine)
    for link in note.links:
        assert text[link.target_span.start : link.target_span.end] == link.target
    return [link.target for link in note.links if link.is_spoken_of]


LINES = [
    "- [[Q]]",
    "+ [[Q]]",
    "* [[Q]]",
    "# [[Q]]",
    "> [[Q]]",
    "1. [[Q]]",
    "=",
    "---",
    "",
    "    [[Q]]",
    "<div>",
    "| a |",
]
LINES += ["~~~", "```", "[[Q]] $x$ y", "\t", "%%", "[^1]: a", "***", "é [[Q]] 😀", "~~~~ a", "<!-- x"]


@each_engine
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=ascii)
@pytest.mark.parametrize("line", LINES)
def test_line_of_display_math(line: str, end: str, engine: EngineName) -> None:
    lines = ["[[a]]", "", "$$", "[[P]] = a", line, "b [^2] #c ^d", "$$", "[[e]]", "# F ^g", ""]
    note = read(end.join(lines), engine)
    assert [link.target for link in note.links] == ["a", "e"]
    assert [heading.text for heading in note.headings] == ["F ^g"]
    assert (note.footnote_references, note.footnote_definitions, note.tags) == ((), (), ())
    assert [one.name for one in note.block_ids] == ["g"]


@each_engine
@pytest.mark.parametrize("line", [line for line in LINES if line.strip()])
@pytest.mark.parametrize("marks", [("> ", "> "), ("- ", "  "), ("1. ", "   "), ("> - ", ">   "), ("[^1]: ", "    ")])
def test_display_math_in_a_container(line: str, marks: tuple[str, str], engine: EngineName) -> None:
    first, further = marks
    text = f"{first}$$\n{further}[[P]]\n{further}{line}\n{further}$$\n{further}[[a]]\n\n[[b]]\n"
    assert targets(text, engine) == ["a", "b"]
    text = f"{first}x\n{further}$$\n{further}[[P]]\n{further}{line}\n{further}$$\n{further}[[a]]\n\n[[b]]\n"
    assert targets(text, engine) == ["a", "b"]


@each_engine
@pytest.mark.parametrize(
    "text",
    [
        "$$ x = \n- [[Q]]\n$$\n[[a]]\n",  # text after the opening
        "text\n$$\n\n[[Q]]\n\n$$\n[[a]]\n",  # directly below a line of text
        "   $$\n\n- [[Q]]\n  $$\n[[a]]\n",  # indented a little
        "$$\n\n[[Q]]\n$$  \t\n[[a]]\n",  # spaces after the closing
        "$$\n\n[[Q]]\n$$\n[[a]]\n$$\n- [[Q]]\n$$\n",  # twice
        "$$\n$$\n[[a]]\n",
        "- b\n  $$\n  - [[Q]]\n  $$\n- [[a]]\n",
        "> [!note]\n> $$\n>\n> - [[Q]]\n> $$\n> [[a]]\n",
        "```\n$$\n```\n[[a]]\n$$\n- [[Q]]\n$$\n",  # `$$` in code opens nothing
        "~~~\n$$\n~~~\n[[a]]\n$$\n- [[Q]]\n$$\n",
        "~~~\n$$\n- [[Q]]\n$$\n~~~\n[[a]]\n",
        "$$ x $$\n\n[[a]] $$y$$\n\n$$\n- [[Q]]\n$$\n",  # formulas of one line
        "`$$` opens it\n\n$$\n- [[Q]]\n$$\n[[a]]\n",
        "text $$\nx\n$$\n[[a]]\n\n$$\n- [[Q]]\n$$\n",  # the opening is after text
        "$$ x\n= [[Q]] $$\n[[a]]\n",  # the closing is after text
        "$$\nx [[Q]]\n$$ where [[a]] is\n",  # text after the closing
    ],
)
def test_where_display_math_ends(text: str, engine: EngineName) -> None:
    assert targets(text, engine) == ["a"]


@each_engine
@pytest.mark.parametrize(
    "text",
    [
        "    $$\n    x\n    $$\n\n[[a]]\n",  # code
        "\\$$\n[[a]]\n\n$x$\n",
        "<!--\n$$\n-->\n\n[[a]]\n",
        "$$$\n[[a]]\n",
        "[[a]] costs $$ and more\n",
        "[[a]] costs $$\n",
        "> $$\n> x\n\n[[a]]\n",  # ends where the quote ends
        "- $$\n  x\n\n[[a]]\n",
        "- b $$\n- c\n\n[[a]]\n",
    ],
)
def test_no_display_math(text: str, engine: EngineName) -> None:
    assert targets(text, engine) == ["a"]


@each_engine
@pytest.mark.parametrize(
    "text",
    [
        "$$\n[[Q]]\n",  # never closed
        "$$\n\n- [[Q]]\n\n# b\n\n> [[Q]] [^1]\n",
        "> $$\n> - [[Q]] [^1]\n",
        "- $$\n\n  [[Q]]\n",
        "$$ x\n- [[Q]] [^1] $$\n",  # closes after text
        "x $$\n- [[Q]]\n$$\n",  # opens after text
        "$$\n\n[[Q]]\n\n$$ y $$\n",
    ],
)
def test_doubtful_display_math(text: str, engine: EngineName) -> None:
    note = read(text, engine)
    assert list(BrokenLink().check(note, VaultView(Vault([note])))) == []
    assert list(UndefinedFootnote().check_note(note)) == []


@each_engine
def test_text_behind_doubtful_math(engine: EngineName) -> None:
    text = "$$\nx\n$$ where\n\n[[a]]\n\n$$\n- [[Q]]\n$$\n# B\n\n[[c]]\n\n$$\n[[Q]]\n# D\n"
    note = read(text, engine)
    assert targets(text, engine) == ["a", "c"]
    assert [heading.text for heading in note.headings] == ["B", "D"]  # links may lead to it


@needs_both
@pytest.mark.parametrize("mark", ["", "> ", "- ", "  ", "> > "])
def test_odd_display_math_is_read_alike(mark: str) -> None:
    parts = ["$$", "$$ x", "x $$", "~~~", "```", "$$ y $$", "- a", "", "[[a]]", "$$\t", "~~~~~"]
    for first in parts:
        for second in parts:
            for third in parts:
                text = f"{mark}{first}\n{mark}{second}\n{third}\n{mark}{first}\n[[b]]\n{second}\n[[c]]\n"
                assert read(text, EngineName.MISTUNE) == read(text, EngineName.PYROMARK), text


@pytest.mark.parametrize(
    "shape", ["$$\n", "$$ a\n", "> $$\n", "$$ a\n> $$\n", "a $$\n", "~~~\n$$\n", "```a\n$$\n", "$$ ", "~", "- $$\n"]
)
def test_much_display_math(shape: str) -> None:
    text = shape * (200_000 // len(shape)) + "\n$$\nx\n$$\n"
    assert len(read(text, EngineName.AUTO).text) == len(text)
    assert read(text, EngineName.AUTO).links == ()
