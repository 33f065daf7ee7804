"""Takes many random steps, and reduces the failing ones."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from benchmarks.net.edits import (
    BREAKING,
    Action,
    Check,
    CheckStaged,
    Commit,
    Stage,
    Write,
    at_random,
    few,
    first_edits,
    next_edits,
)
from benchmarks.net.harness import MODES, Difference, Net
from benchmarks.net.words import Choose

T = TypeVar("T")

STEPS_OF_A_VAULT = 40

ARGUMENTS = (
    *[("--format=json",)] * 12,
    *(("--format=text",), ("--format=concise", "--quiet"), ("--format=json", "--select=links")),
    *(
        ("--format=json", "--ignore=links"),
        ("--format=json", "--no-baseline"),
        ("--statistics",),
        ("--format=sarif",),
    ),
)


class Found(Struct, frozen=True):
    """A difference, and the actions that lead to it."""

    mode: str
    difference: Difference
    actions: list[Action]


def next_step(net: Net, choose: Choose, rules: Sequence[str]) -> Iterator[Action]:
    """Some edits and a comparison. Do each action before you request the next one."""
    if net.is_repository and choose((True, False, False)):
        yield from staged_step(net, choose, rules)
    else:
        yield from checked_step(net, choose, rules)


def checked_step(net: Net, choose: Choose, rules: Sequence[str]) -> Iterator[Action]:
    """Some edits, mostly one, and a check; sometimes a commit before it."""
    for _ in range(choose((1, 1, 1, 1, 1, 1, 2, 4))):
        yield from next_edits(net.vault, choose, rules)
    if net.is_repository and choose((True, False, False)):
        yield Commit()
    yield Check(choose(ARGUMENTS))


def staged_step(net: Net, choose: Choose, rules: Sequence[str]) -> Iterator[Action]:
    """Some staged edits, and a check of the findings that they introduce; mostly after a commit."""
    if not net.is_repository or choose((True, True, False)):
        yield Commit()
    for _ in range(choose((1, 1, 2, 3))):
        yield from next_edits(net.vault, choose, rules, choose((BREAKING, BREAKING, ())))
    yield Stage()
    if choose((True, False, False)):
        yield from next_edits(net.vault, choose, rules)
    yield CheckStaged()


def walk(folder: Path, random: Random, rules: Sequence[str], steps: int) -> Iterator[Found | None]:
    """Make a vault and take steps. Yields None after each step, and ends with the first difference."""
    choose = few(at_random(random))
    net = Net(folder, choose((*MODES, "settled", "settled")))
    found = done(net, first_actions(net, choose, rules))
    for _ in range(steps):
        found = found or done(net, next_step(net, choose, rules))
        yield found
        if found is not None:
            return


def first_actions(net: Net, choose: Choose, rules: Sequence[str]) -> Iterator[Action]:
    """The actions that make a vault, half of the time in a repository, and a first check."""
    yield from first_edits(net.vault, choose, rules)
    if choose((True, False)):
        yield Commit()
    yield Check()


def done(net: Net, actions: Iterable[Action]) -> Found | None:
    """Do the actions up to the first one that shows a difference."""
    for action in actions:
        difference = net.do(action)
        if difference is not None:
            return Found(net.mode, difference, net.actions)
    return None


def replayed(mode: str, actions: Iterable[Action]) -> Difference | None:
    """The first difference that the actions show in a new vault."""
    with tempfile.TemporaryDirectory() as folder:
        net = Net(Path(folder), mode)
        for action in actions:
            if isinstance(action, Stage | CheckStaged) and not net.is_repository:
                continue
            difference = net.do(action)
            if difference is not None:
                return difference
    return None


def shrunk(found: Found) -> Found:
    """The same difference with fewer actions and shorter texts."""
    kind = found.difference.kind

    def shows(actions: Sequence[Action]) -> bool:
        difference = replayed(found.mode, actions)
        return difference is not None and difference.kind == kind

    few_checks = (_last_checks(found.actions, most) for most in (1, 2, 3))  # checks take nearly all the time
    actions = _fewer(next(filter(shows, few_checks), found.actions), shows)
    for i, action in enumerate(actions):
        if isinstance(action, Write):
            actions = _with_shorter_text(actions, i, action, shows)
    actions = _fewer(actions, shows)
    difference = replayed(found.mode, actions)
    return replace(found, actions=actions, difference=difference or found.difference)


def _last_checks(actions: Sequence[Action], most: int) -> list[Action]:
    checks = [i for i, action in enumerate(actions) if isinstance(action, Check | CheckStaged)]
    dropped = {*checks[:-most]}
    return [action for i, action in enumerate(actions) if i not in dropped]


def _with_shorter_text(
    actions: list[Action], i: int, action: Write, shows: Callable[[Sequence[Action]], bool]
) -> list[Action]:
    def of(lines: Sequence[str]) -> list[Action]:
        return [*actions[:i], replace(action, text="".join(lines)), *actions[i + 1 :]]

    return of(_fewer(action.text.splitlines(keepends=True), lambda lines: shows(of(lines))))


def _fewer(parts: Sequence[T], shows: Callable[[Sequence[T]], bool]) -> list[T]:
    """A part of the list that still shows the difference; each single element of it is needed."""
    left = list(parts)
    size = max(1, len(left) // 2)
    while True:
        at = len(left)
        has_shrunk = False
        while at > 0:
            fewer = [*left[: max(0, at - size)], *left[at:]]
            if len(fewer) < len(left) and shows(fewer):
                left, has_shrunk = fewer, True
            at -= size
        if size == 1 and not has_shrunk:
            return left
        size = max(1, size // 2)


def written(found: Found) -> bytes:
    """A difference with its actions as JSON."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2)


def read(content: bytes) -> Found:
    """The difference that `written` encoded."""
    return msgspec.json.decode(content, type=Found)
