"""Packed diagnostics by note, because a vault may have hundreds of thousands."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from functools import cached_property
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from msgspec import msgpack, to_builtins
from msgspec.structs import replace

from vaultlint.diagnostic import Diagnostic, Related, Severity
from vaultlint.names import path_key
from vaultlint.rules.base import Shared

_DIAGNOSTICS = msgpack.Decoder(tuple[Diagnostic, ...])
_KIND = attrgetter("severity", "rule")

Counts = tuple[tuple[Severity, str, int], ...]
"""Numbers of findings by severity and rule."""

Fixes = tuple[int, int]
"""The number of findings with a safe fix, and of those with an unsafe one."""


class Packed(Iterable[Diagnostic]):
    """The findings in one note: their numbers by severity and rule, and all of them as msgpack.

    Args:
        counts: the numbers.
        fixes: the number of findings with a safe fix, and of those with an unsafe one.
        content: the msgpack, or a function that gives it on first access.
        shared_by: the largest number of notes that share one of these findings; None if they don't depend on findings
            of other notes. See `merged`.
    """

    __slots__ = ("_content", "counts", "fixes", "shared_by")

    def __init__(
        self,
        counts: Counts,
        fixes: Fixes,
        content: bytes | Callable[[], bytes],
        shared_by: int | None = None,
    ) -> None:
        self.counts = counts
        self.fixes = fixes
        self.shared_by = shared_by
        self._content = content

    @property
    def content(self) -> bytes:
        """All findings as msgpack."""
        if not isinstance(self._content, bytes):
            self._content = self._content()
        return self._content

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(_DIAGNOSTICS.decode(self.content)) if self.counts else iter(())


NOTHING = Packed((), (0, 0), msgpack.encode(()))
"""No findings."""


def packed(diagnostics: Collection[Diagnostic]) -> Packed:
    """Pack the diagnostics of one note."""
    if not diagnostics:
        return NOTHING
    counts = Counter(map(_KIND, diagnostics))
    try:
        content = msgpack.encode(diagnostics)
    except UnicodeEncodeError:  # a rule of a plug-in may report lone surrogates
        content = msgpack.encode(_escaped(to_builtins(diagnostics)))
    safe = [one.fix.safe for one in diagnostics if one.fix is not None]
    fixes = sum(safe), len(safe) - sum(safe)
    return Packed(tuple((*kind, count) for kind, count in counts.items()), fixes, content)


def _escaped(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [*map(_escaped, value)]
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


class Findings(Collection[Diagnostic]):
    """The diagnostics of some notes, in order; they are unpacked on access.

    Args:
        by_note: the packed findings of each note, sorted by path.
    """

    def __init__(self, by_note: Mapping[str, Packed]) -> None:
        self.by_note = {path: found for path, found in by_note.items() if found.counts}

    @classmethod
    def of(cls, diagnostics: Iterable[Diagnostic]) -> "Findings":
        """Pack diagnostics that are sorted by path."""
        return cls({path: packed([*found]) for path, found in groupby(diagnostics, attrgetter("path"))})

    @property
    def fixes(self) -> Fixes:
        """The number of findings with a safe fix, and of those with an unsafe one."""
        return sum(one.fixes[0] for one in self.by_note.values()), sum(one.fixes[1] for one in self.by_note.values())

    @cached_property
    def counts(self) -> Counter[tuple[Severity, str]]:
        """The number of findings by severity and rule."""
        counts: Counter[tuple[Severity, str]] = Counter()
        for found in self.by_note.values():
            for severity, rule, count in found.counts:
                counts[severity, rule] += count
        return counts

    def __iter__(self) -> Iterator[Diagnostic]:
        return chain.from_iterable(self.by_note.values())

    def __len__(self) -> int:
        return self.counts.total()

    def __contains__(self, one: object) -> bool:
        return any(one == other for other in self)


def by_note(diagnostics: Iterable[Diagnostic]) -> Iterable[tuple[str, Iterable[Diagnostic]]]:
    """Group diagnostics by note, as pairs of path and findings; they must be sorted by path."""
    if isinstance(diagnostics, Findings):
        return diagnostics.by_note.items()
    return groupby(diagnostics, attrgetter("path"))


def has_shared(found: Packed, shared: Mapping[str, Shared]) -> bool:
    """Whether a note has findings that other notes may share."""
    return any(rule in shared for _, rule, _ in found.counts)


Problem = tuple[str, str]
"""A problem that notes may share: a rule, and a message with its case folded."""


def problems_of(found: Iterable[Diagnostic], shared: Mapping[str, Shared]) -> list[Problem]:
    """The problems in a note that other notes may share."""
    return [(one.rule, path_key(one.message)) for one in found if one.rule in shared]


def remerged(
    findings: Findings,
    shared: Mapping[str, Shared],
    problems: Mapping[str, Collection[Problem]],
    changed: Set[Problem],
) -> tuple[dict[str, Packed], set[str]]:
    """The result of `merged` for the notes with a changed problem, and the paths of all these notes.

    Args:
        findings: the findings in all notes that may share a problem.
        shared: as in `merged`.
        problems: the problems in each of these notes.
        changed: problems whose notes, or number of notes, have changed.
    """
    paths = {path for path, own in problems.items() if not changed.isdisjoint(own)}
    first: dict[Problem, str] = {}
    for path, own in problems.items():
        for one in own:
            first.setdefault(one, path)
    # A problem is reported in its first note, which needs all its other notes; they need the first note to exist.
    needed = paths | {first[one] for path in paths for one in problems[path]}
    needed |= {path for path, own in problems.items() if any(first[one] in paths for one in own)}
    found = merged(Findings({path: one for path, one in findings.by_note.items() if path in needed}), shared)
    return {path: one for path, one in found.items() if path in paths}, paths


def merged(findings: Findings, shared: Mapping[str, Shared]) -> dict[str, Packed]:
    """The findings of notes that share problems, each problem as one finding: at its first place, with the others.

    Args:
        findings: the findings by note.
        shared: rules whose findings with the same message (ignoring case) are one problem of the vault.
    """
    unpacked: dict[str, list[Diagnostic]] = {}
    groups: dict[tuple[str, str], list[Diagnostic]] = {}
    for path, found in findings.by_note.items():
        if has_shared(found, shared):
            unpacked[path] = [*found]
            for one in unpacked[path]:
                if one.rule in shared:
                    groups.setdefault((one.rule, path_key(one.message)), []).append(one)
    several = [group for group in groups.values() if len(group) > 1]
    told: dict[str, list[Diagnostic]] = {one.path: [] for group in several for one in group}
    for path, kept in told.items():
        kept += (
            one
            for one in unpacked[path]
            if one.rule not in shared or len(groups[one.rule, path_key(one.message)]) == 1
        )
    for group in several:
        told[group[0].path].append(_as_one(group, shared[group[0].rule]))
    return {path: _together(rest) for path, rest in told.items()}


def _together(found: Iterable[Diagnostic]) -> Packed:
    ordered = sorted(found, key=lambda one: (one.span, one.rule, one.message))
    together = packed(ordered)
    return Packed(together.counts, together.fixes, together.content, max(map(notes_sharing, ordered), default=0))


def notes_sharing(one: Diagnostic) -> int:
    """The number of notes that share a finding; 0 if it refers to no other place."""
    return len({one.path, *(related.path for related in one.related)}) if one.related else 0


def _as_one(group: list[Diagnostic], shared: Shared) -> Diagnostic:
    """Merge findings of one problem in several notes into one."""
    first, *others = group
    related = (*first.related, *(place for one in others for place in (_related(one), *one.related)))
    message = f"{first.message}; {shared.clause.format(f'{len(group):,}')}"
    return replace(first, message=message, related=related)


def _related(one: Diagnostic) -> Related:
    return Related(one.path, one.span, one.message)
