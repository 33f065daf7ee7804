"""The two Markdown engines read every note alike, and no other code depends on which one is used."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from constructs import CONSTRUCTS
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks import engines as benchmark
from conftest import run, write_vault
from vaultlint.config.places import ConfigError, Options
from vaultlint.note import Note
from vaultlint.project import find_project
from vaultlint.reading import Dialect, engines, read_note
from vaultlint.reading.engines import DEEPEST, EngineName, Token, TokenKind, found_engine, settled

ROOT = Path(__file__).parents[1]
CONFORMANCE = ROOT.parent / "shared" / "conformance"

needs_both = pytest.mark.skipif(find_spec("pyromark") is None, reason="pyromark is not installed")
each_engine = pytest.mark.parametrize(
    "engine", [pytest.param(EngineName.PYROMARK, marks=needs_both), EngineName.MISTUNE], ids=str
)


def read(text: str, engine: EngineName) -> Note:
    return read_note("Note.md", text, Dialect(engine=engine))


def assert_alike(text: str) -> None:
    assert read(text, EngineName.MISTUNE) == read(text, EngineName.PYROMARK)


@needs_both
@pytest.mark.parametrize("text", CONSTRUCTS, ids=ascii)
def test_construct(text: str) -> None:
    assert_alike(text)
    assert_alike(f"[[one]]\n\n{text}\n\n[[two]]\n")


@needs_both
@pytest.mark.parametrize("container", ["> ", "- ", "1. ", "[^0]: "], ids=repr)
def test_constructs_in_a_container(container: str) -> None:
    further = container if container == "> " else "    "[: len(container)]
    for text in CONSTRUCTS:
        if "\t" not in text and "[^1]:" not in text:  # see KNOWN
            assert_alike(container + re.sub(r"(?<=\n)|(?<=\r)(?!\n)", further, text))


@needs_both
def test_files_of_the_project() -> None:
    files = [file for folder in ("fixtures", "docs") for file in (ROOT / folder).rglob("*.md")]
    assert len(files) > 20
    for file in [*files, *ROOT.glob("*.md")]:
        assert_alike(file.read_bytes().decode("utf-8", "replace"))


@needs_both
@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the conformance cases are not at hand")
def test_conformance_cases() -> None:
    for file in CONFORMANCE.glob("*.json"):
        for case in json.loads(file.read_text(encoding="utf-8"))["cases"]:
            for path, text in case.get("vault", {"Note.md": case.get("note")}).items():
                if path.lower().endswith(".md"):
                    assert_alike(text)


MARKS = [
    *(
        "",
        "",
        "> ",
        ">",
        "- ",
        "* ",
        "1. ",
        "10) ",
        "  ",
        "   ",
        "    ",
        "      ",
        "\t",
        " \t",
        "> > ",
        "> - ",
        "- > ",
    ),
    *("  - ", "   1. ", "- [ ] ", "- - ", "-   ", "-     ", "1.\t", "-\t", ">\t", " > ", "      - ", "        "),
]
TEXTS = [
    *("", "a", "b c", "# h", "## h `c` #", "===", "---", "***", "```", "````", "~~~", "```py", "``` x`y", "<div>"),
    *(
        "</div> x",
        "<!-- c",
        "d -->",
        "<br>",
        "<b>x</b>",
        '[a]: <b c> "t"',
        "[a]: b",
        "b 't",
        "[a]",
        "[x](y)",
        "![i](j k)",
    ),
    *(
        "![i](<j k>)",
        "[x](y 't')",
        "`c",
        "c`",
        "``c`d``",
        "$x$",
        "$$",
        "$$ y $$",
        "$5 and $6",
        "x$1-y$2",
        "a\\",
        "a  ",
    ),
    *("[[w]]", "![[w|v]]", "[^1]", "<http://x.y>", '<a href="z">', "<pre>", "</pre> z", "<?php", "?>", "é 😀 `x` é"),
    *("2. x", "- y", "+ z", "> q", "-", "1.", "*", "- [x] t", "&amp; &#35;", "[a][a] [a][] [a][^1]", "[x](/u(v)w)"),
    *(
        "\\`x`",
        "<!x>",
        "<![CDATA[x]]>",
        "[a [b](c) d](e)",
        "![a [b](c)](d)",
        "%% c %%",
        "#",
        "#x",
        "日本 `語`",
        "^id",
    ),
]
TABLES = [
    ("|a|b|", "|-|-|"),
    ("a | `b|c`", "--|:-:", "[[d\\|e]] | $f$ | g", "h"),
    ("| a |", "| - |", "||", "| [b](c) |"),
]

line_marks = st.lists(st.sampled_from(MARKS), max_size=3).map("".join)
lines = st.tuples(line_marks, st.sampled_from(TEXTS), st.sampled_from(["", "", " x", "  "])).map("".join)
tables = st.tuples(line_marks.filter(lambda mark: "\t" not in mark), st.sampled_from(TABLES)).map(
    lambda found: "\n".join(found[0] + row for row in found[1])
)
ends = st.sampled_from(["\n", "\n", "\n", "\n", "\n\n", "\r\n"])
documents = st.tuples(
    st.sampled_from(["", "", "[^1]: "]),
    st.lists(st.tuples(st.one_of(lines, lines, lines, tables), ends), max_size=12),
).map(lambda found: found[0] + "".join(line + end for line, end in found[1]))

NOT_GENERATED = re.compile(r"\t[ \t]*>|\[\^1\]:.*\t")
"""Known differences, see below."""


@needs_both
@given(documents)
@settings(max_examples=1000)
def test_generated_markdown(text: str) -> None:
    assume(not NOT_GENERATED.search(text))
    assert_alike(text)


@needs_both
@pytest.mark.parametrize(
    "text",
    [
        *("a\n\f\n[[b]]", "a\n\v\n# b", "a\n \f\n-", "> a\n\f\nb", "- a\n\f\nb", "a\n\n\f\nb", "\f\na", "a\n\f\n\nb"),
        *("a|b\n-|-\n\fc\n", "a|b\n-|-\n\f\nd\n", "\f!|[\n-|-", "<div>\n\f\n[[a]]", "a\r\f\r=", "- a\n\f\n- b"),
        *("[a]:b\n\f", "> [a]: b 'c'\n> \f\n", "[a]:b\n\f\n\n[x][a]"),
    ],
    ids=repr,
)
def test_form_feeds(text: str) -> None:
    assert_alike(text)


@needs_both
@pytest.mark.parametrize(
    "text",
    [
        *("$\u2028$1", "$a\u00a0$1 $b$", "$a$1$b$1", "$5$6$ $7$8", "- $a$1\n- $1$2 $b$", "|a|\n|-|\n|$a$1$b$1|"),
        *("$a$1 ${$b$}$", "$a$1 $$b$$ $c$2", "$a$1 \\$ $b$"),
    ],
    ids=repr,
)
def test_prices(text: str) -> None:
    assert_alike(text)


KNOWN = {
    "a tab after a closing fence": (
        "```\na\n```\t\n[[b]]",
        "mistune: a closing fence may be followed by blanks and tabs",
    ),
    "a title without a blank before it": ('[a](<b>"c")', "mistune: a blank stands between destination and title"),
    "a tab before a quote": (
        ">\n\t> [[a]]",
        "mistune: a tab at the beginning of a line is four columns, so it is code",
    ),
    "tab stops in a footnote": ("[^1]:>  \t[[a]]", "mistune: tab stops count from the beginning of the line"),
    "a footnote in a footnote": (
        "[^1]: a\n    [^2]: b\n\n        [[c]]",
        "neither: CommonMark has no footnotes; as in cmark-gfm, mistune takes the second for part of the first",
    ),
    "no table in a paragraph": ("a\n|\\\n|-", "mistune: what begins no table does not interrupt a paragraph"),
    "an underline that is lazy": ("> [a]:\n=", "mistune: what continues a paragraph lazily underlines nothing"),
    "a row of dashes after a tab": ("> a|b\n> \t-|-", "mistune: this tab is two columns wide, so no code begins"),
    "a line after what stands too deep": (
        "> " * (DEEPEST + 1) + "# a\nb",
        "mistune: what stands too deep is text, and the next line goes on with it",
    ),
    "a table with very many cells left out": (
        "|" + "a|" * 1000 + "\n|" + "-|" * 1000 + "\n" + "|b\n" * 300,
        "mistune: a table may leave out cells; pulldown-cmark counts them lest they fill the memory",
    ),
    "a form feed before a destination": (
        "[a](\f[[b]])",
        "mistune: blanks, tabs and one line end may stand before a destination, and a form feed is none of them",
    ),
    "a form feed in a definition": ("[a]:\fb\n\n[x][a]", "mistune: as before a destination"),
    "a vertical tab after a destination": ("[a]:b\v", "mistune: blanks and tabs may follow a destination"),
    "math that is a price, before code": ("$5 $a$2`$`", "mistune: math that begins before code may end in it"),
    "a heading row that is lazy": ("- a\n|b|\n  |-|", "mistune: the two rows stand in different containers"),
}


@needs_both
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, marks=pytest.mark.xfail(raises=AssertionError, strict=True, reason=reason), id=name)
        for name, (text, reason) in KNOWN.items()
    ],
)
def test_known_difference(text: str) -> None:
    assert_alike(text)


@each_engine
@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "- > "])
def test_what_stands_too_deep_is_text(engine: EngineName, mark: str) -> None:
    deepest = mark * (DEEPEST // len(mark.split()))
    shallow = deepest.removeprefix(mark)
    assert kinds(f"{shallow}`a`\n", engine)[-1] is TokenKind.CODE
    for inside in ("`[[a]]`", "# a", "    [[a]]", "- a\n\n# b", "> " * 100 + "a\nb", "```\n[[a]]"):
        assert kinds(f"{deepest}{inside}\n", engine)[:DEEPEST] == kinds(f"{deepest}a\n", engine)[:DEEPEST]
    assert [link.target for link in read(f"{deepest}`[[a]]`\n", engine).links] == ["a"]


@needs_both
@pytest.mark.parametrize("depth", [DEEPEST - 1, DEEPEST, DEEPEST + 1, 3 * DEEPEST])
@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "- > "])
def test_depth(mark: str, depth: int) -> None:
    for text in ("`[[a]]`", "[[a]]\nb\n# c", "# a", "|a|b|\n|-|-|", "a\n\n[[b]]\n"):
        assert_alike(mark * depth + text)


def kinds(text: str, engine: EngineName) -> list[TokenKind]:
    return [token.kind for token in settled(found_engine(engine)[1](text), text, 0)]


@each_engine
def test_contract(engine: EngineName) -> None:
    text = '# A\n\n- b `c`\n  > [d](e "f")\n\n![g]\n\n[g]: h&amp;\\_i\n\n[^j]: k <l>\n'
    found = settled(found_engine(engine)[1](text), text, 0)
    assert [(token.kind.value, text[token.start : token.end], token.detail) for token in found] == [
        ("heading", "# A", "1"),
        ("list", '- b `c`\n  > [d](e "f")', ""),
        ("item", '- b `c`\n  > [d](e "f")', ""),
        ("paragraph", "b `c`", ""),
        ("code", "`c`", ""),
        ("quote", '> [d](e "f")', ""),
        ("paragraph", '[d](e "f")', ""),
        ("link", '[d](e "f")', "e"),
        ("paragraph", "![g]", ""),
        ("reference", "![g]", "h&_i"),
        ("footnote definition", "[^j]: k <l>", "j"),
        ("paragraph", "k <l>", ""),
        ("html", "<l>", ""),
    ]


@each_engine
@pytest.mark.parametrize("text", ["", "\n", " ", "\r", "> ", "- ", "-\n\n-", "[^1]:", ">\n>\n>", "- ---", "> [a]: b"])
def test_blocks_that_hold_nothing(engine: EngineName, text: str) -> None:
    body = f"{text}\n"
    for token in settled(found_engine(engine)[1](body), body, 7):
        assert 7 <= token.start < token.end <= 7 + len(text)


def test_offset_in_the_note() -> None:
    tokens = [Token(TokenKind.PARAGRAPH, 0, 3), Token(TokenKind.CODE, 0, 2)]
    assert settled(tokens, "ab\n", 10) == [Token(TokenKind.PARAGRAPH, 10, 12), Token(TokenKind.CODE, 10, 12)]


SCRIPT = r"""
import sys
from vaultlint.reading import Dialect, read_note
from vaultlint.reading.engines import EngineName

length = int(sys.argv[1])
shapes = [
    *("[[", "[a](", "`", "$", "<!--", "> ", "[^1]", "](", "![", "[a](<", '[a](b "', "[a](b(c(", "[a](b 'c", "${"),
    *("}$", "($1)", "<?", "<![CDATA[", "<a ", '<a b="c" ', "<a b='", "<!x ", "<a@b.c", "<http://", "- ", "1. "),
    *("- a\n", "> - ", "> a\nb\n", "> # a\nb\n", "- a\nb\n", "> - a\nb\n> c\n", "[a]: b\n> [c]: d\n", "[a]: b\n"),
    *("[a]:\n", "[a]: b '\n", "[a]: <b\n", "[x][a]\n", "|-|\n", "a|b\n-|-\n", "|a|\n|-|\nx\n", "1) a\n\n", "```\n"),
    *("- ```\n", "<div>\n\n", "<pre>\n", "[^1]: a\n", "[^1]: [^1]: ", "    a\n", ">\n\n", "-\n", "- \n\n", "# a\n"),
    *("a\\\n", "a\n=\n", "- [ ] a\n", "a\r", "\t- a\n"),
]
texts = [(shape * length)[:length] for shape in shapes]
texts += ["[b]: c\n\n" + text for text in texts if "[" in text or "]" in text]
texts += [
    "[b]: c\n\n" + "[" * (length // 2) + "]" * (length // 2),
    "[^1]: c\n\n" + "[^1]" * (length // 4),
    "![" * (length // 6) + "a" + "](b)" * (length // 6),
    "- " * length + "a",
    ">" * (length // 2) + "a\n" + "b\n" * (length // 4),
    (">" * 19 + " a\nb\n") * (length // 24),
    "|" + "a|" * (length // 4) + "\n|" + "-|" * (length // 4),
    "|" + "a|" * 1000 + "\n|" + "-|" * 1000 + "\n" + "|a\n" * (length // 3),
    "a\n" + "|-" * (length // 2) + "a",
    "<a" + " " * length,
    '[a]: b "' + "x" * length,
    "".join("  " * depth + "- a\n" for depth in range(int(length**0.5))),
]
for text in texts:
    read_note("Note.md", text, Dialect(engine=EngineName.MISTUNE))
print("done")
"""


def test_the_engine_in_python_takes_linear_time() -> None:
    """Quadratic time would take hours."""
    command = [sys.executable, "-c", SCRIPT, "60000"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


@pytest.fixture
def without_pyromark(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Act as if pyromark were not installed."""
    monkeypatch.setitem(sys.modules, "pyromark", None)
    monkeypatch.delitem(sys.modules, "vaultlint.reading.engines.pulldown", raising=False)
    monkeypatch.delattr(engines, "pulldown", raising=False)
    found_engine.cache_clear()
    yield
    found_engine.cache_clear()


@pytest.mark.usefixtures("without_pyromark")
def test_auto_reads_with_what_is_installed(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "`[[b]]` [[c]]\n"})
    ran = run("check", "--select", "broken-link", "--format", "concise", cwd=tmp_path)
    assert (ran.code, ran.out.count("broken-link")) == (1, 1)
    assert "Markdown engine: mistune " in run("--version", "--verbose", cwd=tmp_path).out


@pytest.mark.usefixtures("without_pyromark")
def test_engine_that_is_not_installed(tmp_path: Path) -> None:
    ran = run("check", "--engine", "pyromark", cwd=tmp_path)
    assert ran.code == 2
    assert ran.err.startswith("Error: --engine: pyromark can't be used here: ")
    write_vault(tmp_path, {"vaultlint.toml": 'engine = "pyromark"\n'})
    ran = run("check", cwd=tmp_path)
    assert ran.code == 2
    assert f"{tmp_path / 'vaultlint.toml'}: engine: pyromark can't be used here: " in ran.err


@needs_both
def test_auto_takes_the_fast_engine() -> None:
    assert found_engine(EngineName.AUTO)[0] is EngineName.PYROMARK


@pytest.mark.parametrize("value", ['"pulldown"', '"Mistune"', '""', "1", "[]"])
def test_engine_that_is_none(value: str, tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": f"engine = {value}\n"})
    with pytest.raises(
        ConfigError, match=r"vaultlint\.toml: engine: (.* is not one of auto, pyromark, mistune|expected)"
    ):
        find_project(Options(paths=(tmp_path,)))


def test_wrong_engine_on_the_command_line(tmp_path: Path) -> None:
    ran = run("check", "--engine", "pulldown", cwd=tmp_path)
    assert ran.code == 2
    assert "'auto', 'pyromark', 'mistune'" in ran.err


@each_engine
def test_configured_engine(engine: EngineName, tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": f'engine = "{engine}"\n', "a.md": "`[[b]]` [[c]]\n", "b.canvas": "{}"})
    assert find_project(Options(paths=(tmp_path,))).settings.dialect.engine is engine
    assert run("check", "--select", "broken-link", "--format", "concise", cwd=tmp_path).out.count("broken-link") == 1
    assert f'engine = "{engine}"' in run("config", cwd=tmp_path).out


@each_engine
def test_command_line_wins(engine: EngineName, tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": 'engine = "auto"\n', "a.md": "[[c]]\n"})
    assert find_project(Options(paths=(tmp_path,), engine=engine)).settings.dialect.engine is engine
    assert run("check", "--engine", engine, "--select", "broken-link", cwd=tmp_path).code == 1


def test_version(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).out.startswith("vaultlint, version ")
    both = [run(*options, cwd=tmp_path).out for options in (("--version", "--verbose"), ("--verbose", "--version"))]
    assert both[0] == both[1]
    name, _ = found_engine(EngineName.AUTO)
    assert re.fullmatch(rf"vaultlint, version \S+\nMarkdown engine: {name} [\d.]+\n", both[0])


@needs_both
@pytest.mark.parametrize(("text", "code"), [("[[a]]\n\n# b\n", 0), (KNOWN["a tab before a quote"][0], 1)])
def test_benchmark(
    text: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_vault(tmp_path, {"a.md": text, "b.md": "---\nc: d\n---\n[[e]]\n"})
    monkeypatch.setattr(sys, "argv", ["engines", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        benchmark.main()
    out = capsys.readouterr().out
    assert ended.value.code == code
    assert f"{code} of 2 notes differ; {2 - code} are plain\n" in out
    assert re.search(r"pyromark: [\d.]+ MB/s\nmistune: [\d.]+ MB/s\nplain: [\d.]+ MB/s\n", out)
    assert (str(tmp_path / "a.md") in out) == ("links, pyromark alone: " in out) == bool(code)


@needs_both
def test_benchmark_reads_plain_texts_without_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_vault(tmp_path, {"a.md": "# a\n", "b.md": "b\n"})
    monkeypatch.setattr(benchmark, "plain_tokens", lambda text, start: [])
    monkeypatch.setattr("vaultlint.reading.base.plain_tokens", lambda text, start: [])
    monkeypatch.setattr(sys, "argv", ["engines", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        benchmark.main()
    out = capsys.readouterr().out
    assert ended.value.code == 1
    assert "headings, pyromark alone: Heading(" in out or "headings, mistune alone: Heading(" in out
    assert "1 of 2 notes differ; 2 are plain\n" in out
