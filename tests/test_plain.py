"""The facts of a plain text are the same as with a Markdown engine."""

from importlib.util import find_spec

import pytest
from constructs import CONSTRUCTS
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vaultlint.note import FACTS
from vaultlint.reading import Dialect, TextNote, read_note
from vaultlint.reading.engines import EngineName
from vaultlint.reading.plain import plain_blocks, plain_tokens

ENGINES = [EngineName.MISTUNE, *([EngineName.PYROMARK] if find_spec("pyromark") else [])]

ANCHOR = '<a class="yt-timestamp" data-t="01:02">[01:02]</a>'

LINES = [
    *("", "a", "b c", "# a", "## b #", "###### c ##", "#", "#d", "- a", "* b", "+ c", "1. a", "2) b", "10. c", "> a"),
    *(
        "  - a",
        "    - b",
        "    c",
        "      1. d",
        "  e",
        " f",
        "   - - g",
        "> - h",
        ">> i",
        "- # j",
        "-",
        "- ",
        "1.",
        ">",
    ),
    *(
        "---",
        "***",
        "- - -",
        "===",
        "-|-",
        "|-|",
        "a|b",
        ":-",
        "- [ ] a",
        "- [x] b",
        "**a**",
        "__b__",
        "2020 a",
        "_ _ _",
    ),
    *(
        "    ",
        "  ",
        "-     a",
        ">     a",
        "- >",
        "1.  a",
        "-  b",
        "12345678901. a",
        "[[a]]:",
        "[a]:",
        "[a]: b",
        "$$",
        "~~~",
    ),
    *(
        "<br>",
        "<b>",
        "</b>",
        "<div>",
        "<!--",
        "-->",
        "```",
        "\ta",
        "\\",
        "%%",
        "\u00a0",
        "\u2028",
        "> # a",
        "<!-- a -->",
        "<!-- [[a]] --> b",
        "<!--> a",
        "<!---",
        "``` a",
        "````",
        "```b`",
        "    ```",
        "* * *",
        "#\u00a0a",
    ),
    *(
        "> [!a] b",
        ">  c",
        ">",
        "> - d",
        "1. a",
        "2. b",
        "1) a",
        "   c",
        "   - c",
        "* d:",
        "a:",
        "*e* f",
        "2020 b",
        "    1. g",
    ),
]
PARTS = [
    *(
        "[[a]]",
        "![[b#c|d]]",
        "[[e^f]]",
        "[[a](b)]]",
        "[a](b)",
        "![c](d.png)",
        "[](e)",
        "[f]()",
        "[g](h(i)j)",
        "[k](l%20m#n)",
    ),
    *(
        '[a](b "c")',
        "[a]( b)",
        "[a](<b>)",
        "[a](b&amp;c)",
        "[a](b&c)",
        "[x](y)",
        "[^1](z)",
        "[`a`](b)",
        "[a [b](c)](d)",
    ),
    *(
        "[a](b c)",
        "[a][b]",
        "[a]",
        "[^1]",
        "^[a]",
        "(a](b)",
        "[a](b",
        "`a`",
        "`b",
        "``c``",
        "`[[d]]`",
        "`<`",
        "`](`",
        "`$`",
    ),
    *(
        "$",
        "$1",
        "$a$",
        "1$",
        "$$a$$",
        "($5)",
        "#tag",
        "^id",
        "%%c%%",
        "==m==",
        "a < b",
        "<3",
        "<https://a.b>",
        "<http://a.b/#c>",
        "[a <https://b.c> d](e)",
        "<https://a b>",
        "&lt;",
    ),
    *(
        ANCHOR,
        "<br>",
        "<br/>",
        "<br />",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        '<a href="https://x.y/#z">',
        "</a>",
        "<a>",
        "<x>",
    ),
    *(
        '<span class="a">[[b]]</span>',
        "<b>[c](d)</b>",
        "<button id=HH>e</button>",
        "<b/>",
        '<a b="[">',
        "<b",
        "</br>",
    ),
    *(
        "[<b>a</b>](c)",
        f"[{ANCHOR}](c)",
        "https://a.b/#c",
        "[12:34]",
        "[t](https://youtu.be/a?t=1)",
        "!",
        "*",
        "**",
        "_",
        "~~",
    ),
    *(
        " ",
        "  ",
        "a",
        "é",
        "漢",
        "😀",
        "|",
        "\\|",
        "\\",
        "[",
        "]",
        "(",
        ")",
        "]:",
        "[[",
        "]]",
        "|-",
        "\x0b",
        "\u00a0",
        "\u2028",
    ),
]
inline = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)
line = st.sampled_from(LINES) | inline | st.builds(str.__add__, st.sampled_from(LINES), inline)
texts = st.lists(line, max_size=10).map("\n".join)
plain_lines = st.sampled_from([one for one in LINES if plain_tokens(one, 0) is not None])
plain_parts = st.sampled_from([one for one in PARTS if plain_tokens(f"a{one}b", 0) is not None])
mostly_plain = st.lists(
    st.builds(str.__add__, plain_lines, st.lists(plain_parts, max_size=4).map("".join)), max_size=12
)


def read(text: str, engine: EngineName) -> TextNote:
    note = read_note("Note.md", text, Dialect(engine=engine))
    assert isinstance(note, TextNote)
    return note


def assert_alike(text: str) -> None:
    for engine in ENGINES:
        note, by_engine = read(text, engine), read(text, engine)
        assert by_engine.tokens is by_engine.marks  # all facts are made from these
        for name in FACTS:
            assert getattr(note, name) == getattr(by_engine, name), name


@settings(max_examples=1500)
@given(texts | mostly_plain.map("\n".join) | st.builds("---\na: b\n---\n{}".format, texts))
@example("`a``b`")
@example("# a\n<b>[[c]]</b> [[d]]")
@example("# <b>[[c]]\na</b> [[d]]")
@example("<b>a\n[[b]]</b>")
@example("a <i>b</b>[[c]]</i>")
@example("- a\n    - b\n\n        c [[d]]")
@example("- \n    [[a]]")
@example("- # a\n      [[b]]")
@example("\ufeff# a")
@example("> a\n---")
@example("($5) and ($6) [[a]] $7")
@example("\u00a0$a\u00a0$ [[b]]")
@example("[x](y)\n- [x](y)\n- [ ](y)")
@example("[a](b\u00a0c)")
@example("[a](b&c;d)")
@example('[a]("b")')
@example("#\x0ba")
@example("- a\n```\n[[b]]\n```\n    c [[d]]")
@example("> a\n<!-- [[b]]\n\n# c --> [[d]]\n===")
@example("a\n<!-- $$ -->\n$$\nb\n$$")
@example("```\n ```` \n[[a]]\n``` b\n```\n[[c]]")
@example("<!-- a\n[[b]]\n```\n--> c\n[[d]]\n```")
@example("<!-- a -->  \n<!-- b")
@example("```a\n>\n>\n```")
@example("- - - - - - - - - - - - - - - - - - - - - - [[a]] [b](c)")
def test_facts_are_those_of_an_engine(text: str) -> None:
    assert_alike(text)


BLOCKS = [
    "a:",
    "b c\nd",
    "# e",
    "- f",
    "  - g:\n    - h",
    "1. i\n2. j",
    "   k",
    "> l\n> m",
    "> [!n] o\n>\n> p",
    "***",
    "* q\nr",
]


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(BLOCKS) | st.sampled_from(["s", "", "  "]), max_size=10), st.sampled_from(["\n", "\n\n"])
)
@example(["1. a", "   b", "", "   c", "", "d"], "\n")
@example(["- a", " - b", "  - c", "* d"], "\n")
@example(["a", "2. b"], "\n")
@example(["> a", "b"], "\n")
@example(["- a", "  ***", "- b"], "\n")
def test_blocks_are_those_of_an_engine(parts: list[str], between: str) -> None:
    assert_alike(between.join(parts))


@pytest.mark.parametrize(
    "text",
    [
        "# Laws\n\nThe laws:\n\n- a\n  - [b](c.md)\n    - `d`\n\n  e\n* f\n\n---\n\nk\n",
        "> g\n> h\n\n> [!info] i\n>\n> j\n\nk\n",
        "1. **A**: b\n2. c\nd\n\n10. e\n",
        "**a** b\n2020 c\n*d*\n",
    ],
)
def test_blocks_are_found_without_an_engine(text: str) -> None:
    assert plain_tokens(text, 0) is not None
    assert plain_blocks(text, 0) is not None
    note = read(text, ENGINES[0])
    assert note.blocks
    assert "tokens" not in note.__dict__
    assert_alike(text)


@pytest.mark.parametrize("text", ["> a\nb", "> - a", "- [ ] a", "-", "- - a", "a\n2. b", " ***", "  > a"])
def test_blocks_are_left_to_an_engine(text: str) -> None:
    assert plain_blocks(text, 0) is None


@pytest.mark.parametrize("text", [text for text in CONSTRUCTS if plain_tokens(text, 0) is not None], ids=ascii)
def test_constructs(text: str) -> None:
    assert_alike(text)
    assert_alike(f"a\n\n{text}\n\n# b\n[[c]] [d](e)\n")


@pytest.mark.parametrize(
    "text",
    [
        "# Laws\n\nSee [[Newton]] and ![[a.png]].\n\n- a\n  - [b](c.md)\n    - `d`\n\n> e\n",
        f"From: [[x]] <br/>\n\n- **A**: b {ANCHOR}.\n  \n- C {ANCHOR}\n",
        "Costs $5, then $6; or 1 $ at most.\n",
        "[[Law]]: see `[[x]]`\n\n---\n\nLinks: [<button id=HH>Open</button>](obsidian://x) | [b](https://c.d/e(f)?g=h&i=j)\n",
        '<span class="footer">[Edit](https://a.b "title")</span>\n',
        "# a\n<!-- - [[b]]: <https://> ^c-->\n<!--\n## d\n\n-->\n- <https://e.f> ^g\n",
        "- a\n```sh\n\t[[b]] \\ `c`\n\n    d\n```\n\n[[e]]\n",
    ],
)
def test_is_plain(text: str) -> None:
    assert plain_tokens(text, 0) is not None
    assert_alike(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "``` `a`\na\n```",
            "```\na\n``` b",
            "```\na",
            "    a",
            "a\n\n    b",
            "a\n===",
            "|a|\n|-|",
            "a\n-",
            "<div>",
            "<b>\n[[a]]",
            "`a\nb`",
            "[a]: b",
            "$a$",
        ),
        *(
            "\\[[a]]",
            "\t- a",
            "a\r\nb",
            "- a\n # b",
            " <!-- a -->",
            "<!-- a",
            "[a\nb](c)",
            "[a][b]\n\n[b]: c",
            "~~~\na\n~~~",
            "$$\na\n$$",
        ),
        *(
            "[a](<b>)",
            "[a](b 'c')",
            "<https://a.b>",
            "[a <https://b.c> d](e)",
            "``a``",
            "[a [b](c)](d)",
            "[a](b&amp;c)",
            "<b>a\nb</b>",
            "> " * 30,
        ),
    ],
)
def test_is_not_plain(text: str) -> None:
    assert plain_tokens(text, 0) is None
