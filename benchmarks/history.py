"""Measures the time to read the history of a vault, on a generated repository.

python -m benchmarks.history [--commits 10000] [--notes 20000]
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from vaultlint.files.git_head import position
from vaultlint.git.history import Known, files_of, known

PER_FOLDER = 100
PER_COMMIT = 3
"""Notes that a commit edits, renames or deletes; for each deleted note, it adds another one."""

RENAMED, DELETED = 0.15, 0.1
"""The shares of these notes that are renamed and deleted."""


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__.partition("\n")[0])
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--notes", type=int, default=20_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        _git(root, "init", "-q", "-b", "main")
        _import(root, _commits(given.commits, given.notes))
        first = _measured("all commits", root, None)
        print(f"{sum(len(commit.changes) for commit in first.commits)} changes, {len(files_of(first.commits))} names")
        _import(root, _one_more(first))
        _measured("one new commit", root, first)
    return 0


def _measured(what: str, root: Path, before: Known | None) -> Known:
    began = _seconds()
    found = known(root, position(root), before)
    ours, of_git = (after - begun for after, begun in zip(_seconds(), began, strict=True))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{what}: {ours:.2f} s and of git {of_git:.2f} s of a processor; git had {peak} MB")
    return found


def _seconds() -> tuple[float, float]:
    """Processor seconds of this process and of its child processes."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ours, of_others = (usage.ru_utime + usage.ru_stime for usage in usages)
    return ours, of_others


def _git(root: Path, *command: str, input_: bytes | None = None) -> None:
    subprocess.run(["git", *command], cwd=root, input=input_, check=True)  # noqa: S603, S607


def _import(root: Path, lines: Iterator[str]) -> None:
    _git(root, "fast-import", "--quiet", input_="".join(lines).encode())


def _data(text: str) -> str:
    return f"data {len(text)}\n{text}\n"


def _written(path: str, number: int, edits: int) -> str:
    words = Random(number).choices([f"word{i}" for i in range(900)], k=90)  # noqa: S311
    return f'M 100644 inline "{path}"\n' + _data("\n".join([f"# {number}", *words, *["Edited."] * edits]))


def _head(number: int) -> str:
    return f"commit refs/heads/main\ncommitter A <a@b> {1_600_000_000 + number * 3600} +0000\n" + _data("x")


def _commits(commits: int, notes: int) -> Iterator[str]:
    """A first commit with all notes, and more commits that change a few of them, as input for `git fast-import`."""
    random = Random(1)  # noqa: S311
    files = {f"F{i // PER_FOLDER}/Note {i}.md": [i, 0] for i in range(notes)}
    paths = [*files]
    yield _head(0)
    yield from (_written(path, *of) for path, of in files.items())
    for commit in range(1, commits):
        yield _head(commit)
        for i, at in enumerate(random.sample(range(len(paths)), PER_COMMIT)):
            path, kind, new = paths[at], random.random(), f"F{random.randrange(PER_FOLDER)}/Name {commit}-{i}.md"
            of = files[path]
            if kind < RENAMED:
                yield f'R "{path}" "{new}"\n'
                files[new], paths[at] = files.pop(path), new
            elif kind < RENAMED + DELETED:
                yield f'D "{path}"\n'
                del files[path]
                files[new], paths[at] = [notes + commit * PER_COMMIT + i, 0], new
                yield _written(new, *files[new])
            else:
                of[1] += 1
                yield _written(path, *of)


def _one_more(before: Known) -> Iterator[str]:
    """A commit that renames one note."""
    renamed = next(one.new for commit in before.commits for one in commit.changes if one.new is not None)
    yield f'{_head(10**6)}from refs/heads/main^0\nR "{renamed}" "Another name.md"\n'


if __name__ == "__main__":
    sys.exit(main())
