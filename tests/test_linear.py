"""Reading takes time in proportion to the text, whatever stands in it."""

import subprocess
import sys

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
    """What is quadratic would take hours."""
    command = [sys.executable, "-c", SCRIPT, str(LENGTH)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
