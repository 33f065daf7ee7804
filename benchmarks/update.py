"""The time that a workspace takes for one edit, including the new findings.

    python -m benchmarks.update VAULT [--sizes 1,4] [--edits 40] [--seed 1] [--cpu]

Opens vaults of some copies of the notes (see `benchmarks.scale`) in this process and edits one note at a time in
memory: a word of its prose, a new link, a heading that other notes link to, an alias, and a deleted target.
Each time is that of `Workspace.update` with the findings of all affected notes. After each edit the text is
restored, which is not timed. With `--cpu`, processor time is measured, which other programs on the machine affect
less.
"""

import argparse
import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from benchmarks.scale import original, write_copies
from vaultlint.config.places import Options
from vaultlint.note import is_note
from vaultlint.project import find_project
from vaultlint.workspace import Change, Gone, OnDisk, Workspace, Written

LINKING = 200
"""The most notes that link to the heading that is edited."""

Clock = Callable[[], float]
"""Returns a time in seconds."""

Edit = Callable[[str, str], Change]
"""Makes a change of a note from its path and text."""


def prose(path: str, text: str) -> Change:
    """Add a word at the end."""
    return Written(path, f"{text.rstrip()} further\n".encode())


def link(path: str, text: str) -> Change:
    """Add a link to a missing note."""
    return Written(path, f"{text.rstrip()}\n\nSee also [[A note that nobody wrote]].\n".encode())


def alias(path: str, text: str) -> Change:
    """Add an alias to the front matter."""
    head, _, rest = text.partition("\n")
    block = (
        f"{head}\naliases: [A note that nobody wrote]\n{rest}" if head == "---" else f"---\naliases: [x]\n---\n{text}"
    )
    return Written(path, block.encode())


def deleted(path: str, text: str) -> Change:
    """Delete the note."""
    return Gone(path)


def heading(path: str, text: str) -> Change:
    """Change the text of the heading that many notes link to."""
    return Written(path, text.replace("# Much linked", "# Seldom linked").encode())


EDITS: dict[str, Edit] = {"prose": prose, "link": link, "alias": alias, "deleted target": deleted}


def timed(workspace: Workspace, paths: Sequence[str], edit: Edit, clock: Clock) -> Iterator[tuple[float, int]]:
    """For each path, the seconds that an edit takes, and the number of notes whose findings change."""
    for path in paths:
        text = workspace.vault.notes[path].text
        change = edit(path, text)
        start = clock()
        affected = workspace.update([change])
        taken = clock() - start
        workspace.update([OnDisk(path)])
        yield taken, len(affected)


def with_heading(workspace: Workspace, paths: Sequence[str]) -> str:
    """Add a heading to a note, and links to it to many others; return its path."""
    target, *others = paths
    name = target.rpartition("/")[2].removesuffix(".md")
    texts = {path: workspace.vault.notes[path].text for path in paths}
    changes = [Written(target, f"{texts[target]}\n# Much linked\n".encode())]
    changes += (Written(path, f"{texts[path]}\n[[{name}#Much linked]]\n".encode()) for path in others[:LINKING])
    workspace.update(changes)
    return target


def measured(root: Path, edits: int, seed: int, clock: Clock) -> None:
    """Measure one vault and print a line for each kind of edit."""
    start = clock()
    workspace = Workspace.open(find_project(Options(paths=(root,), vault=root, no_config=True)))
    workspace.lint()
    opened = clock() - start
    paths = [path for path in workspace.reported() if is_note(path)]
    print(f"\n{len(paths):,} notes, opened and linted in {opened:.1f} s")
    print(f"{'edit':<16} {'p50':>9} {'p95':>9} {'notes with other findings, median':>36}")
    chosen = random.Random(seed).sample(paths, min(edits + LINKING + 1, len(paths)))  # noqa: S311
    gc.collect()
    rows = {name: [*timed(workspace, chosen[:edits], edit, clock)] for name, edit in EDITS.items()}
    rows["heading"] = [*_of_heading(workspace, with_heading(workspace, chosen[edits:]), edits, clock)]
    for name, found in rows.items():
        times, affected = sorted(taken for taken, _ in found), sorted(count for _, count in found)
        cuts = quantiles(times, n=20)
        print(f"{name:<16} {cuts[9] * 1000:>6.1f} ms {cuts[18] * 1000:>6.1f} ms {affected[len(affected) // 2]:>36}")


def _of_heading(workspace: Workspace, target: str, edits: int, clock: Clock) -> Iterator[tuple[float, int]]:
    text = workspace.vault.notes[target].text
    for _ in range(edits):
        start = clock()
        affected = workspace.update([heading(target, text)])
        yield clock() - start, len(affected)
        workspace.update([Written(target, text.encode())])


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vault", type=Path)
    parser.add_argument("--sizes", default="1,4", help="how many copies, separated by commas")
    parser.add_argument("--edits", type=int, default=40, help="edits of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cpu", action="store_true", help="time of the processor instead of that on the clock")
    given = parser.parse_args()
    found = original(given.vault)
    for size in map(int, given.sizes.split(",")):
        with TemporaryDirectory() as folder:
            write_copies(found, size, Path(folder))
            measured(Path(folder), given.edits, given.seed, time.process_time if given.cpu else time.perf_counter)


if __name__ == "__main__":
    main()
