"""Kill writing runs at a random moment: no text is lost, and the next run finishes and cleans up."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

from benchmarks.attack.vaults import contents, project
from vaultlint.commands.fix import fix
from vaultlint.commands.rename import rename

NOTES = 40
FOLDERS = ("a", "b", "c/d")
OLD, NEW = "a/Isaac Newton.md", "b/New ton.md"


def attack(folder: Path, random: Random) -> Iterator[str]:
    """Kill a run that fixes and one that renames, each in its own vault."""
    yield from _killed(folder / "fix", random, lambda root: fix(project(root), unsafe=False))
    shutil.rmtree(folder / "whole")
    yield from _killed(folder / "rename", random, lambda root: renamed(root, OLD, NEW))


def renamed(root: Path, old: str, new: str) -> None:
    rename(project(root, root / old), root / new)


def _killed(root: Path, random: Random, run: Callable[[Path], object]) -> Iterator[str]:
    before = made(root)
    made(root.with_name("whole"))
    began = time.monotonic()
    run(root.with_name("whole"))
    lasts = time.monotonic() - began
    after = contents(root.with_name("whole"))
    child = os.fork()
    if child == 0:
        try:
            run(root)
        finally:
            os._exit(0)
    time.sleep(lasts * random.uniform(0, 1.2))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    found = contents(root)
    yield from _lost(before, after, found)
    renamed(root, "Other.md", "Others.md")
    left = [path for path in contents(root) if path.endswith(".tmp")]
    if left:
        yield f"temporary files stay: {left}"
    if root.name == "fix" or (root / OLD).is_file():
        run(root)
        now = contents(root)
        now["Other.md"] = now.pop("Others.md")
        if now != after:
            yield "the next run did not finish what was begun"


def _lost(before: Mapping[str, bytes], after: Mapping[str, bytes], found: Mapping[str, bytes]) -> Iterator[str]:
    for path in before.keys() | after.keys():
        texts = {before.get(path), after.get(path)}
        if found.get(path) not in texts:
            yield f"neither the old nor the new text: {path}"
    moved = before.keys() - after.keys()
    if moved and not (moved | (after.keys() - before.keys())) & found.keys():
        yield f"lost: {moved}"
    yield from (f"made: {path}" for path in found.keys() - before.keys() - after.keys() if not path.endswith(".tmp"))


def made(root: Path) -> dict[str, bytes]:
    files = {
        "vaultlint.toml": 'select = ["broken-link"]\n',
        OLD: "[[isaac_newton]]\n",
        "Other.md": "",
    }
    for number in range(NOTES):
        path = f"{FOLDERS[number % len(FOLDERS)]}/Note {number}.md"
        files[path] = f"[[Isaac Newton]] [[isaac_newton]] [[note_{number}]]\n"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return contents(root)
