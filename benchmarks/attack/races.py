"""Two runs that write at the same time while notes are edited: no edit is lost, and no note is half written."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from benchmarks.attack.kills import made, renamed
from benchmarks.attack.vaults import contents, project
from vaultlint.commands.fix import fix

EDITS = 60


def attack(folder: Path, random: Random) -> Iterator[str]:
    """Run a fix and another fix or a rename while lines are added to notes."""
    before = made(folder)
    runs: list[Callable[[], object]] = [lambda: fix(project(folder), unsafe=False)]
    runs.append(random.choice([runs[0], lambda: renamed(folder, "a/Isaac Newton.md", "b/New ton.md")]))
    children = [_forked(run) for run in runs]
    notes = [path for path in before if path.endswith(".md") and path != "a/Isaac Newton.md"]
    expected: dict[str, list[bytes]] = {}
    for number in range(EDITS):
        path, line = random.choice(notes), b"edit %d\n" % number
        whole = (folder / path).read_bytes() + line
        beside = folder / ".edited"
        beside.write_bytes(whole)
        if (folder / path).read_bytes() == whole[: -len(line)]:  # like an editor that checks before it saves
            beside.replace(folder / path)
            expected.setdefault(path, []).append(line)
    for child in children:
        os.waitpid(child, 0)
    (folder / ".edited").unlink(missing_ok=True)
    found = contents(folder)
    for path, lines in expected.items():
        yield from (f"lost: {line!r} in {path}" for line in lines if line not in found.get(path, b""))
    if {"a/Isaac Newton.md", "b/New ton.md"}.isdisjoint(found):
        yield "the note that was renamed is lost"
    yield from (f"left: {path}" for path in found if path.endswith(".tmp"))
    for path in notes:
        links = found[path].split(b"\n")[0].decode()
        if before[path] and links.lower().replace("_", " ").count("[[") != 3:
            yield f"not whole: {path}: {links}"


def _forked(run: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        try:
            run()
        finally:
            os._exit(0)
    return child
