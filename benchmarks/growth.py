"""How the time for a note grows with its length, on notes made to be slow.

    python -m benchmarks.growth [--engine mistune] [--longest 1000000] [--only PART] [--above 1.25]

Each shape is read and checked by all rules at an eighth, a quarter, half and all of a length. The exponent is 1 if
the time is proportional to the length, 2 if it grows with its square. Prints the shapes with at least `--above`, and
exits with 1 if there is one.
"""

import argparse
import gc
import sys
from collections.abc import Callable, Iterator
from itertools import count
from math import log
from time import process_time
from typing import NamedTuple

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.linting.linter import Plan, lint
from vaultlint.note import FACTS
from vaultlint.reading import Dialect, read_note
from vaultlint.reading.engines import EngineName
from vaultlint.rules import RULES
from vaultlint.vault import Vault

Shape = Callable[[int], str]
"""Makes a text of about the given length, in characters."""

ENGINES = [EngineName.PYROMARK, EngineName.MISTUNE]

SHORTEST = 0.02
"""Seconds; shorter times are too inexact to show growth."""

_REPEATED = (
    *("[[", "[a](", "`", "$", "<!--", "> ", "[^1]", "[@", "^a ", "#a ", "https://", "A.A.A.", '"', "|a|b\n", "%%"),
    *("%% vaultlint-ignore ", "<!-- vaultlint-ignore:", "<a ", '<a class="yt-timestamp" ', "---", "---\n", "[[a]]]"),
    *("[[a[b]]]", "\\[[a]]", "](", "![", "[a](<", '[a](b "', "[a](b(c(", "<a>[[x]]</a>", "[[x]]<b><i>", "$a ", "${"),
    *("%% a ", "a <!-- ", "<?", "<![CDATA[", "- ", "- a\n", "> - ", "a\n===\n", "*a ", "_", "\\", "\r", "😀a "),
    *("a:// #a", "[^1]: a\n", "(1:02,", "<a data-t=\n", "%% vaultlint-ignore: ", "%% vaultlint-ignore-start %%\n"),
    *("%% vaultlint-ignore x: y %%\n", "%% vaultlint-ignore x: y %%\n\n", "> %% vaultlint-ignore x %%\n"),
    *("}$", "($1)", '<a b="c" ', "<a b='", "<!x ", "<a@b.c", "<http://", "1. ", "> a\nb\n", "> # a\nb\n", "- a\nb\n"),
    *("> - a\nb\n> c\n", "[a]: b\n> [c]: d\n", "[a]: b\n", "[a]:\n", "[a]: b '\n", "[a]: <b\n", "[x][a]\n", "|-|\n"),
    *("a|b\n-|-\n", "|a|\n|-|\nx\n", "|a|\n|-|\n", "1) a\n\n", "```\n", "- ```\n", "<div>\n\n", "<pre>\n"),
    *("[^1]: [^1]: ", "    a\n", ">\n\n", "-\n", "- \n\n", "# a\n", "a\\\n", "a\n=\n", "- [ ] a\n", "a\r", "\t- a\n"),
    *("    😀\n", "<?author: [[N]]\n\t- item [[X]]\n", "# a\n\n## b\n\n[[#a#b#a#b]]\n\n", "[[a]] [[b#c]] [[#d]]\n"),
    *("[x](y.md#z)\n", "![[a.png]]\n", "#1 #a/b #a//b\n", "A claim [1:02](https://youtu.be/abc?t=62).\n", "<b>\n"),
    *("1:02 2:03 1:01:3609\n", "Most people were wrong in 1999, said Smith.\n", "^b\n\n", "[^2] [^3]\n", "(a\n"),
    *(
        "[a][b] ",
        "[a]\n",
        "</",
        "<!DOCTYPE\n",
        "$$\n",
        "$$ a\n",
        "\ta\n",
        "> ```\n",
        "  - a\n    b\n",
        "- a\n\n    b\n",
    ),
)

_FRONT = (
    *("a: b\n", "- a\n", "[", "{", "- ", "? ", "&", "'", "#", "a:\n", "a: [b]\n", 'a: "[[b]]"\n', "tags: a\n", "\n"),
    *("!", "*a ", "a: |\n", "a: 'b\n", "a: &b *b\n", "<<: a\n", "\t", "a: [[b]]\n", "---a\n"),
)


def shapes() -> dict[str, Shape]:
    """All shapes by name."""
    found = {repr(part): _repeated(part) for part in _REPEATED}
    found |= {f"after a definition: {part!r}": _repeated(part, "[b]: c\n\n") for part in _REPEATED if "[" in part}
    found |= {f"after a line of text: {part!r}": _repeated(part, "a\n") for part in ("    b\n", "\tb\n", "|-", "=\n")}
    found |= {f"properties: {part!r}": _properties(part) for part in _FRONT}
    found |= {f"in a quote: {part!r}": _in(part, "> ") for part in ("a\n", "- a\n", "```\n", "|a|\n", "[[#b]]\n")}
    found |= {f"in an item: {part!r}": _in(part, "  ", "- a\n") for part in ("a\n", "- a\n", "```\n", "[a]: b\n")}
    return found | _OTHERS


def _repeated(part: str, before: str = "") -> Shape:
    return lambda length: before + (part * (length // len(part) + 1))[:length]


def _properties(part: str) -> Shape:
    return lambda length: f"---\n{_repeated(part)(length)}\n---\n"


def _in(part: str, mark: str, before: str = "") -> Shape:
    return lambda length: before + (mark + part) * (length // (len(mark) + len(part)))


def _numbered(line: str, before: str = "", after: str = "") -> Shape:
    """Numbered lines; the number replaces each `{0}`."""

    def made(length: int) -> str:
        lines = [before]
        for number in count():
            lines.append(line.format(number))
            length -= len(lines[-1])
            if length < 0:
                return "".join([*lines, after])
        raise AssertionError

    return made


def _runs_of_backticks(length: int) -> str:
    return "".join("`" * size + "a" for size in range(1, int((2 * length) ** 0.5)))


def _path_of(part: str) -> Shape:
    """Headings, and one link whose subpath goes through as many of them."""
    return lambda length: f"# {part}\n" * (length // 8) + "[[" + f"#{part}" * (length // 4) + "]]\n"


def _paths_through(headings: str, path: str, times: int) -> Shape:
    """Headings, and links with subpaths that get longer."""

    def made(length: int) -> str:
        found = [headings * (length // 2 // len(headings))]
        left = length // 2
        for size in count(1):
            found.append(f"[[{path * (size * times)}]]\n")
            left -= len(found[-1])
            if left < 0:
                return "\n".join(found)
        raise AssertionError

    return made


_OTHERS: dict[str, Shape] = {
    "runs of backticks": _runs_of_backticks,
    "a heading of spaces": lambda length: "# " + " " * length,
    "deeper and deeper": lambda length: "".join("  " * depth + "- a\n" for depth in range(int(length**0.5))),
    "backslashes": lambda length: "\\" * length + "[[a]]",
    "spaces in a link": lambda length: "[[x](" + " " * length + "y](c)",
    "images in images": lambda length: "![" * (length // 6) + "a" + "](b)" * (length // 6),
    "brackets": lambda length: "[b]: c\n\n" + "[" * (length // 2) + "]" * (length // 2),
    "images around links": lambda length: "![" * (length // 12) + "[[x]]" * (length // 6) + "](b)" * (length // 12),
    "a table": _repeated("|[[a\\|b]]|`$b|\n", "|a|b|\n|-|-|\n"),
    "a wide table": lambda length: "|" + "a|" * (length // 4) + "\n|" + "-|" * (length // 4),
    "cells left out": lambda length: "|" + "a|" * 1000 + "\n|" + "-|" * 1000 + "\n" + "|a\n" * (length // 3),
    "footnotes": _numbered("[^{0}]: a\n\n"),
    "footnotes used": _numbered("a [^{0}]\n\n[^{0}]: a\n\n"),
    "footnotes without a text": _numbered("a [^{0}]\n\n"),
    "definitions": _numbered("[a{0}]: b\n"),
    "definitions used": _numbered("[a{0}]: b\n\n[x][a{0}]\n\n"),
    "references without a definition": _numbered("[x][a{0}]\n\n"),
    "classes": lambda length: '<a class="' + _repeated("yt-timestamp ")(length) + ">",
    "attributes": lambda length: '<a class="yt-timestamp" ' + _repeated("data-t ")(length) + ">",
    "spaces in a tag": lambda length: "<a" + " " * length,
    "spaces in a directive": lambda length: "%% vaultlint-ignore" + " " * length,
    "directives in a deep quote": lambda length: _repeated("%% vaultlint-ignore %%", ">" * length)(length),
    "a title that does not end": lambda length: '[a]: b "' + "x" * length,
    "items in a line": lambda length: "- " * (length // 2) + "a",
    "quotes in a line": lambda length: ">" * (length // 2) + "a\n" + "b\n" * (length // 4),
    "lazy lines": lambda length: (">" * 19 + " a\nb\n") * (length // 24),
    "tables of one cell with text": _numbered("|a{0}|\n|-|\n"),
    "a list of links in properties": lambda length: "---\na: [" + '"[[x]]",' * (length // 8) + "]\n---\n",
    "many properties": _numbered("k{0}: v\n", "---\n", "---\n"),
    "many tags": _numbered("- t{0}\n", "---\ntags:\n", "---\n"),
    "many aliases": _numbered("- t{0}\n", "---\naliases:\n", "---\n"),
    "headings nearly right": _numbered("# heading of the part {0}\n\n[[#heading of the pqrt {0}]]\n\n"),
    "headings of one letter more": _numbered("# heading{0}\n\n[[#heading{0}x]]\n\n"),
    "headings unlike": _numbered("# heading {0}\n\n[[#quite another thing {0}]]\n\n"),
    "headings alike": _repeated("# heading\n\n[[#heading]]\n\n"),
    "headings alike but for accents": _repeated("# heading\n\n[[#héading]]\n\n"),
    "anchors nowhere": _numbered("[[#b{0}]] [[#^b{0}]] [a](#c{0})\n"),
    "blocks": _numbered("a ^b{0}\n\n[[#^b{0}]] [[#^c{0}]]\n\n"),
    "links nowhere": _numbered("[[Other note {0}]] [[Oter {0}]]\n"),
    "links to folders nowhere": _numbered("[[a/b{0}/c]] [x](d{0}/e.md)\n"),
    "one long link": lambda length: "[[" + "a" * length + "]]\n",
    "one long path": lambda length: "[[" + "a/" * (length // 2) + "b]]\n",
    "one long subpath": lambda length: "# b\n[[#" + "a" * length + "]]\n",
    "one way of headings": _path_of("a"),
    "one heading often in paths": _paths_through("# h\n", "#h", 5),
    "two headings in paths": _paths_through("# a\n## b\n", "#a#b", 1),
    "headings in paths through levels": _paths_through("# a\n## a\n### a\n#### a\n##### a\n###### a\n", "#a", 1),
    "paths that differ": _numbered("# a\n\n## b\n\n[[#a#a#b#{0}]]\n\n"),
    "paths of many headings": _numbered("# a\n\n## b{0}\n\n[[#a#b{0}]]\n\n"),
    "one path of headings that differ": lambda length: _numbered("# a{0}\n")(length // 2)
    + "[[" + _numbered("#a{0}")(length // 2) + "]]\n",
    "times of a video": _numbered("[1:02](https://youtu.be/abc?t={0})\n"),
    "times of videos": _numbered("[0:{0}](https://youtu.be/abc{0}?t=1)\n"),
    "tags": _numbered("#t{0} #{0}\n"),
    "claims": _numbered("In {0}, Smith showed that most of them were wrong. [@a{0}]\n"),
    "directives": _numbered("%% vaultlint-ignore broken-link: because {0} %%\n[[x{0}]]\n"),
    "directives that open and close": _numbered(
        "%% vaultlint-ignore-start x{0} %%\n\na [[b{0}]]\n\n%% vaultlint-ignore-end x{0} %%\n\n"
    ),
    "HTML blocks": _numbered("<div>\n[[a{0}]]\n</div>\n\n"),
    "unbalanced tags": lambda length: "<b>" * (length // 6) + "</i>" * (length // 8),
    "nested tags": lambda length: "<b>" * (length // 7) + "[[a]]" + "</b>" * (length // 7),
    "comments": _numbered("%% [[a{0}]] %%\n\n<!-- [[b{0}]] -->\n\n"),
    "malformed links": _numbered("[[a{0}] [a{0}]] [b](c d{0}) ![[e{0}\n\n"),
    "mathematics": _numbered("$a{0}$ $$b$$ $5 and $6\n"),
    "numbers in a list": _numbered("{0}. a\n"),
}  # fmt: skip


class Times(NamedTuple):
    """Processor seconds."""

    reading: float
    rules: float


def seconds(text: str, engine: EngineName, best_of: int = 1) -> Times:
    """The processor time for reading a text and checking it."""
    found = [_seconds(text, engine) for _ in range(best_of)]
    return Times(min(one.reading for one in found), min(one.rules for one in found))


def _seconds(text: str, engine: EngineName) -> Times:
    gc.disable()
    try:
        start = process_time()
        note = read_note("Note.md", text, Dialect(engine=engine))
        for fact in FACTS:
            getattr(note, fact)
        middle = process_time()
        other = read_note("Other note.md", "# heading 1\n\n[[Note]]\n", Dialect(engine=engine))
        active = ActiveRules(tuple(ActiveRule(rule(), None) for rule in RULES))
        known = {rule.name: rule for rule in RULES}
        found = lint(Vault([note, other]), Plan(("Note.md",), lambda path: active, known))
        end = process_time()
    finally:
        gc.enable()
    failed = [one.message for one in found if one.rule == "internal-error"]
    if failed:
        raise AssertionError(failed[0])
    return Times(middle - start, end - middle)


class Growth(NamedTuple):
    """The growth of one part of the time: its exponent, and the seconds at each length."""

    part: str
    exponent: float
    seconds: tuple[float, ...]


def growth(shape: Shape, engine: EngineName, longest: int, most: float, limit: float = 60) -> list[Growth]:
    """The parts, reading or rules, whose exponent is at least `most`.

    Two lengths are tried; if they exceed the limit, all four, three times each. If a length probably takes more than
    `limit` seconds, it and longer ones are not measured.
    """
    times = [seconds(shape(longest // 8), engine)]
    if sum(times[0]) * 8 < limit:
        times.append(seconds(shape(longest), engine))
        if not [*growing(times, 8, most)]:
            return []
    times.clear()
    for part in (8, 4, 2, 1):
        times.append(seconds(shape(longest // part), engine, best_of=3))
        if sum(times[-1]) * 4 > limit:
            break
    return [*growing(times, 2, most)]


def growing(times: list[Times], factor: int, most: float) -> Iterator[Growth]:
    """The growth of each part, if each length is `factor` times the last; times below `SHORTEST` are raised to it."""
    for part in Times._fields:
        found = tuple(getattr(one, part) for one in times)
        steps = [i for i, time in enumerate(found) if time >= SHORTEST]
        if not steps or steps == [0]:
            continue
        first = max(0, min(steps[0], len(found) - 2))
        exponent = log(found[-1] / max(found[first], SHORTEST)) / log(factor) / (len(found) - 1 - first)
        if exponent >= most:
            yield Growth(part, exponent, found)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--engine", type=EngineName, action="append", choices=ENGINES)
    parser.add_argument("--longest", type=int, default=1_000_000)
    parser.add_argument("--above", type=float, default=1.25)
    parser.add_argument("--only", default="", help="only shapes with this in their name")
    given = parser.parse_args()
    tried = [(engine, name) for engine in given.engine or ENGINES for name in shapes() if given.only in name]
    odd = 0
    for engine, name in tried:
        for part, exponent, times in growth(shapes()[name], engine, given.longest, given.above):
            odd += 1
            shown = " ".join(f"{time:.2f}" for time in times)
            print(f"{engine}: {part}: {name}: {exponent:.2f} ({shown} s)", flush=True)
    print(f"{odd} of {len(tried)} shapes grow faster than they should")
    return 1 if odd else 0


if __name__ == "__main__":
    sys.exit(main())
