"""Checks that YAML is read as the npm package `yaml` reads it, which Obsidian uses for front matter.

    npm install --prefix DIR yaml@2.7.0
    python -m benchmarks.yaml DIR [VAULT…] [--generated 20000] [--seed 1] [--bless]

Compares validity, and names, texts and kinds of all values, on the cases of `tests/yaml_cases.json`, on the
front matter of all notes of the vaults, and on generated blocks (combined pieces, and real blocks with errors).
Prints the differences and exits with 1 if there are any. With `--bless`, the results of the package are written to
the cases; to add a case, add `["…", null]`.

Known differences, which are not generated: a CR without LF ends a line here, but not there; `%YAML 1.1` is read as
1.2 here; the tags `!!set`, `!!omap`, `!!pairs`, `!!timestamp` and `!!binary` are not checked here; the limit of fifty
repetitions is counted in another way if repeated values contain repeated values; text after `? |` on its
line is dropped there, but an error here. Version 2.9.1 of the package rejects an empty list that begins on the line
of its property (`a: -`), which 2.7.0 accepts.
"""

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from vaultlint.files import reading
from vaultlint.files.discovery import discover
from vaultlint.note import ListValue, MapValue, Value
from vaultlint.reading.handler import ObsidianHandler
from vaultlint.reading.yaml import YamlError, read
from vaultlint.text import printable

CASES = Path(__file__).parents[1] / "tests" / "yaml_cases.json"
SCRIPT = Path(__file__).with_suffix(".mjs")
SHOWN = 20

Tree = list[Any]
"""`[kind, text]` of a scalar, `["list", items]`, or `["map", pairs of name and tree]`."""

PIECES = (
    *("a", "b", "é", "😀", "1", "012", "true", "null", "~", "x y", "0x1F", ".5", "1e3", "-.inf", ".nan", "a:b"),
    *("http://x.y/z#q", "-", "?", ":", ",", "[", "]", "{", "}", "#", "&a", "&b ", "*a", "*b", "!", "!!str", "!!int"),
    *(" !t ", "|", ">", "|-", ">+", "|2", "'", '"', "''", '""', "%", "@", "`", "\\", "\\n", "\\u0041", "\\x4", "="),
    *(
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n- ",
        "\n  - ",
        "\na: ",
        "\nb: ",
        "\n\t",
        "\t",
        " ",
        " ",
        "  ",
        ": ",
        ": ",
    ),
    *("- ", "? ", " #c", "\r\n", "\n---", "\n--- ", "\n...", "...\n", "{{x}}", "[[X]]", '"q"', "'s'", "<% x %>"),
    *("\u2028", "\x85", "\ufeff", "\x01", "<<: ", "\n\n", "\n# c", "\n  # c", "|\n  t\n", ">\n  u\n   v\n\n  w\n"),
    *('"a\n  b"', '""#', "[a, b]", "{a: b}", "[a: b]", "\n]", "\n}", "{\n", "[\n"),
)


def main() -> None:
    """Compare the readings of the given vaults, the cases and generated blocks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the package is installed")
    parser.add_argument("vault", nargs="*", type=Path)
    parser.add_argument("--generated", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bless", action="store_true")
    args = parser.parse_args()
    if shutil.which("node") is None:
        sys.exit("node is not installed")
    cases = [text for text, _ in json.loads(CASES.read_text(encoding="utf-8"))]
    if args.bless:
        bless(cases, args.folder)
    blocks = [*fronts(args.vault)]
    made = [*generated(random.Random(args.seed), blocks or cases, args.generated)]  # noqa: S311
    different = 0
    for name, texts in (("cases", cases), ("blocks of vaults", blocks), ("generated", made)):
        found = [*differences(texts, args.folder)]
        different += len(found)
        for text, here, there in found[:SHOWN]:
            print(f"{printable(json.dumps(text))}\n  here:  {printable(str(here))}\n  there: {printable(str(there))}")
        print(f"{name}: {len(found):,} of {len(texts):,} differ")
    sys.exit(1 if different else 0)


def bless(texts: Iterable[str], folder: Path) -> None:
    """Write the cases with the results of the package."""
    known = list(dict.fromkeys(texts))
    lines = (json.dumps([text, tree]) for text, tree in zip(known, read_there(known, folder), strict=True))
    CASES.write_text("[\n{}\n]\n".format(",\n".join(lines)), encoding="utf-8")


def fronts(vaults: Iterable[Path]) -> Iterator[str]:
    """The YAML of the front matter of all notes of some vaults."""
    handler = ObsidianHandler()
    for vault in vaults:
        for source in discover(vault).notes:
            text = reading.read(source).text
            if handler.detect(text):
                yield handler.split(text)[0]


def generated(chance: random.Random, blocks: Sequence[str], count: int) -> Iterator[str]:
    """Randomly generated blocks."""
    while count > 0:
        if chance.random() < 0.6:
            text = "".join(chance.choices(PIECES, k=chance.randint(1, 14)))
            text = f"a: {text}" if chance.random() < 0.25 else text
        else:
            text = slipped(chance, chance.choice(blocks))
        if re.search(r"\r(?!\n)", text) is None:
            count -= 1
            yield text


def slipped(chance: random.Random, text: str) -> str:
    """Some lines of a block, with a few random pieces inserted or written over the text."""
    lines = text.splitlines(keepends=True)[:200]
    start = chance.randrange(max(1, len(lines) - 3))
    text = "".join(lines[start : start + chance.randint(2, 8)])
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(PIECES) + text[at + chance.choice((0, 0, 0, 1, 1, 2, 5)) :]
    return text


def differences(texts: Sequence[str], folder: Path) -> Iterator[tuple[str, Tree | None, Tree | None]]:
    """Texts that are read differently, with our result and that of the package."""
    for text, there in zip(texts, read_there(texts, folder), strict=True):
        here = tree_of(text)
        if named_alike(here, there) != there:
            yield text, here, there


def read_there(texts: Sequence[str], folder: Path) -> list[Tree | None]:
    """The package's result for each text; None if it can't read it."""
    if not texts:
        return []
    given = "".join(f"{json.dumps(text)}\n" for text in texts)
    command = ["node", str(SCRIPT), str(folder.resolve())]
    ran = subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8", check=True)  # noqa: S603
    return [json.loads(line) for line in ran.stdout.split("\n")[:-1]]


def tree_of(text: str) -> Tree | None:
    """Our result for a text; None if it can't be read, or has a name twice."""
    try:
        value, duplicates = read(text)
    except YamlError:
        return None
    return None if duplicates else _tree(value) if value else ["empty", ""]


def _tree(value: Value) -> Tree:
    if isinstance(value, ListValue):
        return ["list", [*map(_tree, value.items)]]
    if isinstance(value, MapValue):
        return ["map", [[item.name, _tree(item.value)] for item in value.properties]]
    return [value.kind.value, value.text]


def named_alike(here: Tree | None, there: Tree | None) -> Tree | None:
    """Our result without the names that are a list or map, because each side writes those differently."""
    if here is None or there is None or here[0] != there[0] or len(here[1]) != len(there[1]):
        return here
    if here[0] == "list":
        return ["list", [named_alike(one, other) for one, other in zip(here[1], there[1], strict=True)]]
    if here[0] == "map":
        pairs = zip(here[1], there[1], strict=True)
        return ["map", [[other if other is None else name, named_alike(a, b)] for (name, a), (other, b) in pairs]]
    return here


if __name__ == "__main__":
    main()
