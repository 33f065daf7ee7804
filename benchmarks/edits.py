"""How the time for `rename` and `--fix` grows with the number of links, notes and headings.

    python -m benchmarks.edits [--most 4000] [--only PART] [--above 1.35]

Each vault is made with an eighth, a quarter, half and all of a number of things. Prints the vaults whose exponent is
at least `--above` (1 is proportional, 2 is quadratic), and exits with 1 if there is one.
"""

import argparse
import gc
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

from msgspec.structs import replace

from benchmarks.growth import Growth, Times, growing
from vaultlint.commands.fix import fix
from vaultlint.commands.rename import rename
from vaultlint.config.places import Options
from vaultlint.project import Project, find_project

Files = dict[str, str]
Vaults = dict[str, Callable[[int], Files]]
"""For each kind of thing, a function that makes the files of a vault with so many of them."""


def _lines(line: str, before: str = "", after: str = "", path: str = "A.md", **others: str) -> Callable[[int], Files]:
    """A note with numbered lines (the number replaces each `{0}`), and other notes by name."""
    return lambda number: {
        path: before + "".join(line.replace("{0}", str(i)) for i in range(number)) + after,
        **{f"{name}.md": text for name, text in others.items()},
    }


def _notes(path: str, text: str, **others: str) -> Callable[[int], Files]:
    """Notes with numbers in their paths and texts, and other notes by name."""
    return lambda number: {
        **{path.replace("{0}", str(i)): text.replace("{0}", str(i)) for i in range(number)},
        **{f"{name}.md": other for name, other in others.items()},
    }


def _both(one: Callable[[int], Files], other: Callable[[int], Files]) -> Callable[[int], Files]:
    return lambda number: one(number) | other(number)


def _canvas(number: int) -> Files:
    place = {"x": 0, "y": 0, "width": 1, "height": 1}
    nodes = [{"id": str(i), "type": "file", "file": "Old.md", **place} for i in range(number)]
    return {"A.canvas": json.dumps({"nodes": nodes, "edges": []}, indent=1), "Old.md": ""}


RENAMES: Vaults = {
    "links": _lines("[[Old]] and [x](Old.md)\n", Old=""),
    "links in one line": _lines("[[Old]] ", Old=""),
    "embeds of a heading": _lines("![[Old#h{0}]]\n", Old="# h1\n"),
    "notes with a link": _notes("N{0}.md", "[[Old]] [[N1]]\n", Old=""),
    "notes with a link to a heading": _notes("N{0}.md", "[[Old#a]]\n", Old="# a\n"),
    "notes of the same name": _both(_notes("f{0}/Old.md", "[[Old]]\n"), _notes("N{0}.md", "[[Old]]\n", Old="")),
    "notes with that alias": _notes("N{0}.md", "---\naliases: [Old, New]\n---\n[[N1]]\n", Old=""),
    "headings with a link": _lines("# See [[Old]] {0}\n\n[[#See Old {0}]]\n\n", Old=""),
    "headings with the same link": _lines("# See [[Old]]\n\n[[#See Old]]\n\n", Old=""),
    "notes that link to a heading with a link": _notes("N{0}.md", "[[A#See Old]]\n", A="# See [[Old]]\n", Old=""),
    "paths of headings": _lines("# [[Old]]\n\n## b{0}\n\n[[#Old#b{0}]]\n\n", Old=""),
    "own links": _both(_lines("[x](N{0}.md) [[N{0}]] [[#h{0}]]\n\n# h{0}\n\n", path="Old.md"), _notes("N{0}.md", "")),
    "definitions": _lines("[{0}]: Old.md\n\n[x][{0}]\n\n", Old=""),
    "links in HTML": _lines('<img src="Old.md">\n\n', Old=""),
    "links in properties": _lines('- "[[Old]]"\n', "---\na:\n", "---\n", Old=""),
    "links in a label": _lines("[a [[Old]] b](Old.md)\n", Old=""),
    "nodes of a canvas": _canvas,
}
"""Vaults in which `Old.md` is renamed to `New.md`."""

FIXES: Vaults = {
    "links that differ in case": _lines("[[big star]] [x](big-star.md)\n", Big_Star=""),
    "links in one line": _lines("[[big star]] ", Big_Star=""),
    "links to different notes": _both(_lines("[[the note {0}]]\n"), _notes("The_note {0}.md", "")),
    "notes with a link": _notes("N{0}.md", "[[big star]]\n", Big_Star=""),
    "aliases": _both(_lines("[[other {0}]]\n"), _notes("N{0}.md", "---\naliases: Other {0}\n---\n")),
    "headings with a link": _lines("# See [[big star]] {0}\n\n[[#See big star {0}]]\n\n", Big_Star=""),
    "headings with the same link": _lines("# See [[big star]]\n\n[[#See big star]]\n\n", Big_Star=""),
    "notes that link to a heading with a link": _notes(
        "N{0}.md", "[[A#See big star]]\n", A="# See [[big star]]\n", Big_Star=""
    ),
    "headings": _lines("# One heading {0}\n\n[[#one-heading {0}]]\n\n"),
    "times": _lines("[1:02](https://youtu.be/abc?t={0})\n"),
    "times without brackets": _lines("(01:02:03) [a](https://youtu.be/abc?t={0})\n"),
    "comments that suppress nothing": _lines("a %% vaultlint-ignore broken-link %%\n\n"),
    "properties that need quotes": _lines("k{0}: [[A]]\n", "---\n", "---\n"),
    "tags": _lines("- a b{0}\n", "---\ntags:\n", "---\n"),
    "malformed links": _lines("[[A]\n\n[[A#h{0}]]\n\n"),
    "links in properties": _lines('- "[[big star]]"\n', "---\na:\n", "---\n", Big_Star=""),
}
"""Vaults in which all fixes are computed."""


def seconds(work: str, files: Files) -> float:
    """The processor seconds that `rename` or `fix` takes in a vault."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            file = root / path
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        project = find_project(Options(paths=(root,), vault=root, no_config=True, jobs=1))
        gc.disable()
        try:
            start = process_time()
            _worked_out(work, project)
            return process_time() - start
        finally:
            gc.enable()


def _worked_out(work: str, project: Project) -> None:
    if work == "fix":
        fix(project, unsafe=True)
        return
    rename(replace(project, paths=(project.root / "Old.md",)), project.root / "New.md")


def growth(work: str, name: str, most: int, above: float) -> list[Growth]:
    """The measurements of a command whose exponent is at least `above`.

    Two numbers are tried; if they exceed the limit, all four, three times each.
    """
    made = {"rename": RENAMES, "fix": FIXES}[work][name]
    times = [Times(0, seconds(work, made(most // part))) for part in (8, 1)]
    if not [*growing(times, 8, above)]:
        return []
    best = (min(seconds(work, made(most // part)) for _ in range(3)) for part in (8, 4, 2, 1))
    return [*growing([Times(0, time) for time in best], 2, above)]


def tried() -> list[tuple[str, str]]:
    """All commands, each with the name of a vault."""
    return [("rename", name) for name in RENAMES] + [("fix", name) for name in FIXES]


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--most", type=int, default=4_000)
    parser.add_argument("--above", type=float, default=1.35)
    parser.add_argument("--only", default="", help="only vaults with this in their name")
    given = parser.parse_args()
    chosen = [one for one in tried() if given.only in ": ".join(one)]
    odd = 0
    for work, name in chosen:
        for _, exponent, times in growth(work, name, given.most, given.above):
            odd += 1
            print(f"{work}: {name}: {exponent:.2f} ({' '.join(f'{time:.2f}' for time in times)} s)", flush=True)
    print(f"{odd} of {len(chosen)} grow faster than they should")
    return 1 if odd else 0


if __name__ == "__main__":
    sys.exit(main())
