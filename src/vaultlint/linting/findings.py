"""Diagnostics by the note that they are about, packed: a vault may have hundreds of thousands."""

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


class Packed(Iterable[Diagnostic]):
    """What was found in one note: how many findings of which severity are a rule's, and all of them as msgpack.

    Args:
        counts: the numbers.
        content: gives the msgpack when it is first needed.
        shared_by: how many notes share one of them at the most; None if those of other notes make no difference to
            them. See `merged`.
    """

    __slots__ = ("_content", "counts", "shared_by")

    def __init__(
        self,
        counts: tuple[tuple[Severity, str, int], ...],
        content: bytes | Callable[[], bytes],
        shared_by: int | None = None,
    ) -> None:
        self.counts = counts
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


NOTHING = Packed((), msgpack.encode(()))
"""No findings."""


def packed(diagnostics: Collection[Diagnostic]) -> Packed:
    """The diagnostics of one note."""
    if not diagnostics:
        return NOTHING
    counts = Counter(map(_KIND, diagnostics))
    try:
        content = msgpack.encode(diagnostics)
    except UnicodeEncodeError:  # a rule that is not ours may report halves of characters
        content = msgpack.encode(_escaped(to_builtins(diagnostics)))
    return Packed(tuple((*kind, count) for kind, count in counts.items()), content)


def _escaped(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [*map(_escaped, value)]
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


class Findings(Collection[Diagnostic]):
    """The diagnostics of some notes, in order; they are unpacked when they are looked at.

    Args:
        by_note: those of each note, sorted by path.
    """

    def __init__(self, by_note: Mapping[str, Packed]) -> None:
        self.by_note = {path: found for path, found in by_note.items() if found.counts}

    @classmethod
    def of(cls, diagnostics: Iterable[Diagnostic]) -> "Findings":
        """Diagnostics that are sorted by path."""
        return cls({path: packed([*found]) for path, found in groupby(diagnostics, attrgetter("path"))})

    @cached_property
    def counts(self) -> Counter[tuple[Severity, str]]:
        """How many of each severity each rule found."""
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
    """The paths of the notes with what was found in each; diagnostics come sorted by path."""
    if isinstance(diagnostics, Findings):
        return diagnostics.by_note.items()
    return groupby(diagnostics, attrgetter("path"))


def has_shared(found: Packed, shared: Mapping[str, Shared]) -> bool:
    """Whether a note has findings that others may share."""
    return any(rule in shared for _, rule, _ in found.counts)


Problem = tuple[str, str]
"""What notes may share: a rule, and a message without regard to case."""


def problems_of(found: Iterable[Diagnostic], shared: Mapping[str, Shared]) -> list[Problem]:
    """The problems in a note that others may share."""
    return [(one.rule, path_key(one.message)) for one in found if one.rule in shared]


def remerged(
    findings: Findings,
    shared: Mapping[str, Shared],
    problems: Mapping[str, Collection[Problem]],
    changed: Set[Problem],
) -> tuple[dict[str, Packed], set[str]]:
    """What `merged` gives of the notes that have some problems, and the paths of all that do.

    Args:
        findings: what was found in all notes that may share a problem.
        shared: as in `merged`.
        problems: those in each of these notes.
        changed: problems that other notes, or others in number, have now.
    """
    paths = {path for path, own in problems.items() if not changed.isdisjoint(own)}
    first: dict[Problem, str] = {}
    for path, own in problems.items():
        for one in own:
            first.setdefault(one, path)
    # With a note those problems are told of which it is the first; of the others this one must be there.
    needed = paths | {first[one] for path in paths for one in problems[path]}
    needed |= {path for path, own in problems.items() if any(first[one] in paths for one in own)}
    found = merged(Findings({path: one for path, one in findings.by_note.items() if path in needed}), shared)
    return {path: one for path, one in found.items() if path in paths}, paths


def merged(findings: Findings, shared: Mapping[str, Shared]) -> dict[str, Packed]:
    """The findings of the notes that share a problem, in which it is one: at its first place, with the others.

    Args:
        findings: what was found, note by note.
        shared: the rules whose findings with equal messages, but for case, are one problem of the vault.
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
    return Packed(together.counts, together.content, max(map(notes_sharing, ordered), default=0))


def notes_sharing(one: Diagnostic) -> int:
    """How many notes share a finding; 0 if it speaks of no other place."""
    return len({one.path, *(related.path for related in one.related)}) if one.related else 0


def _as_one(group: list[Diagnostic], shared: Shared) -> Diagnostic:
    """Findings of one problem, each in another note, as one."""
    first, *others = group
    related = (*first.related, *(place for one in others for place in (_related(one), *one.related)))
    message = f"{first.message}; {shared.clause.format(f'{len(group):,}')}"
    return replace(first, message=message, related=related)


def _related(one: Diagnostic) -> Related:
    return Related(one.path, one.span, one.message)
