"""Reading and checking take time in proportion to the length of the text, for any text."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from benchmarks import edits
from benchmarks.growth import Times, growth, shapes
from vaultlint.reading.engines import EngineName

pytestmark = pytest.mark.once

LENGTH = 1_000_000

SCRIPT = r"""
import sys
from itertools import count
from vaultlint.reading import read_note


def filled(shape, length):
    return (shape * (length // len(shape) + 1))[:length]


def runs_of_backticks(length):
    runs = []
    for size in count(1):
        runs.append("`" * size + "a")
        length -= size + 1
        if length < 0:
            return "".join(runs)


long = int(sys.argv[1])
shapes = (
    *("[[", "[a](", "`", "$", "<!--", "> ", "[^1]", "[@", "^a ", "#a ", "https://", "A.A.A.", '"', "|a|b\n"),
    *("%%", "%% vaultlint-ignore ", "<!-- vaultlint-ignore:", "<a ", '<a class="yt-timestamp" ', "---", "---\n"),
)
for shape in shapes:
    read_note("Note.md", filled(shape, long))
read_note("Note.md", runs_of_backticks(long))
read_note("Note.md", "# " + " " * long)
read_note("Note.md", "".join("  " * depth + "- a\n" for depth in range(int(long**0.5))))

short = long // 5
tricky = [
    *("[[a]]]", "[[a[b]]]", "\\[[a]]", "](", "![", "[a](<", '[a](b "', "[a](b(c(", "<a>[[x]]</a>", "[[x]]<b><i>"),
    *("$a ", "${", "%% a ", "a <!-- ", "<?", "<![CDATA[", "- ", "- a\n", "> - ", "a\n===\n", "*a ", "_", "\\", "\r"),
    "😀a ",
    *("a:// #a", "[^1]: a\n", "(1:02,", "<a data-t=\n", "%% vaultlint-ignore: ", "%% vaultlint-ignore-start %%\n"),
    *("%% vaultlint-ignore x: y %%\n", "%% vaultlint-ignore x: y %%\n\n", "> %% vaultlint-ignore x %%\n"),
]
texts = [filled(shape, short) for shape in tricky]
texts += [
    "\\" * short + "[[a]]",
    "[[x](" + " " * short + "y](c)",
    "![" * (short // 6) + "a" + "](b)" * (short // 6),
    "![" * (short // 12) + "[[x]]" * (short // 6) + "](b)" * (short // 12),
    "|a|b|\n|-|-|\n" + filled("|[[a\\|b]]|`$b|\n", short),
    "".join(f"[^{i}]: a\n\n" for i in range(short // 10)),
    '<a class="' + filled("yt-timestamp ", short) + ">",
    '<a class="yt-timestamp" ' + filled("data-t ", short) + ">",
    "%% vaultlint-ignore" + " " * short,
    "%% vaultlint-ignore:" + " " * short,
    ">" * (short // 2) + filled("%% vaultlint-ignore %%", short // 2),
    "---\n" + filled("--- a\n", short),
    "---\na: [" + filled('"[[x]]",', short // 8 * 8) + "]\n---\n",
]
texts += ["---\n" + filled(shape, short) + "\n---\n" for shape in ("[", "{", "- ", "? ", "a: b\n", "&", "- a\n")]
for text in texts:
    read_note("Note.md", text)
print("done")
"""


def test_reading_a_megabyte_of_anything_ends() -> None:
    """Quadratic time would take hours."""
    command = [sys.executable, "-c", SCRIPT, str(LENGTH)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


needs_pyromark = pytest.mark.skipif(find_spec("pyromark") is None, reason="pyromark is not installed")


@pytest.mark.parametrize(
    "engine", [pytest.param(EngineName.PYROMARK, marks=needs_pyromark), EngineName.MISTUNE], ids=str
)
def test_growth(engine: EngineName) -> None:
    """`python -m benchmarks.growth` measures longer texts."""
    found = {name: growth(shape, engine, 8_000, most=1.5) for name, shape in shapes().items()}
    assert len(found) > 60
    assert {name: grown for name, grown in found.items() if grown} == {}


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        pytest.param(EngineName.PYROMARK, "headings nearly right", marks=needs_pyromark),
        pytest.param(EngineName.PYROMARK, "one heading often in paths", marks=needs_pyromark),
        pytest.param(EngineName.PYROMARK, "one way of headings", marks=needs_pyromark),
        pytest.param(EngineName.PYROMARK, "quotes in a line", marks=needs_pyromark),
        (EngineName.MISTUNE, "after a line of text: '    b\\n'"),
    ],
)
def test_growth_of_what_was_quadratic(engine: EngineName, name: str) -> None:
    assert growth(shapes()[name], engine, 80_000, most=1.5, limit=20) == []


def test_growth_of_renames_and_fixes() -> None:
    """`python -m benchmarks.edits` measures larger vaults."""
    found = {one: edits.growth(*one, most=160, above=1.6) for one in edits.tried()}
    assert len(found) > 30
    assert {one: grown for one, grown in found.items() if grown} == {}


@pytest.mark.parametrize("name", ["headings with a link", "headings with the same link"])
def test_growth_of_renames_that_was_quadratic(name: str) -> None:
    assert edits.growth("rename", name, most=4_000, above=1.4) == []


def test_growth_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(text: str, engine: EngineName) -> Times:
        return Times(len(text) / 1_000, (len(text) / 1_000) ** 2)

    monkeypatch.setattr("benchmarks.growth._seconds", measured)
    (found,) = growth(lambda length: "a" * length, EngineName.AUTO, 8_000, most=1.5, limit=10_000)
    assert (found.part, round(found.exponent, 6), found.seconds) == ("rules", 2, (1, 4, 16, 64))
