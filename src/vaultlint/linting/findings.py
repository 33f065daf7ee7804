"""Diagnostics by the note that they are about, packed: a vault may have hundreds of thousands."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
        is_merged: whether some are here only because of what was found in other notes; see `merged`.
    """

    __slots__ = ("_content", "counts", "is_merged")

    def __init__(
        self,
        counts: tuple[tuple[Severity, str, int], ...],
        content: bytes | Callable[[], bytes],
        is_merged: bool = False,
    ) -> None:
        self.counts = counts
        self.is_merged = is_merged
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


def merged(findings: Findings, shared: Mapping[str, Shared]) -> Findings:
    """The findings of some notes, in which a problem that notes share is one: at its first place, with the others.

    Args:
        findings: what was found, note by note.
        shared: the rules whose findings with equal messages, but for case, are one problem of the vault.
    """
    by_note = {**findings.by_note}
    unpacked: dict[str, list[Diagnostic]] = {}
    groups: dict[tuple[str, str], list[Diagnostic]] = {}
    for path, found in by_note.items():
        if any(rule in shared for _, rule, _ in found.counts):
            unpacked[path] = [*found]
            for one in unpacked[path]:
                if one.rule in shared:
                    groups.setdefault((one.rule, path_key(one.message)), []).append(one)
    several = [group for group in groups.values() if len(group) > 1]
    others: dict[str, list[Diagnostic]] = {one.path: [] for group in several for one in group}
    for path, kept in others.items():
        kept += (
            one
            for one in unpacked[path]
            if one.rule not in shared or len(groups[one.rule, path_key(one.message)]) == 1
        )
    for group in several:
        others[group[0].path].append(_as_one(group, shared[group[0].rule]))
    for path, rest in others.items():
        together = packed(sorted(rest, key=lambda one: (one.span, one.rule, one.message)))
        by_note[path] = Packed(together.counts, together.content, is_merged=True)
    return Findings(by_note)


def _as_one(group: list[Diagnostic], shared: Shared) -> Diagnostic:
    """Findings of one problem, each in another note, as one."""
    first, *others = group
    related = (*first.related, *(place for one in others for place in (_related(one), *one.related)))
    message = f"{first.message}; {shared.clause.format(f'{len(group):,}')}"
    return replace(first, message=message, related=related)


def _related(one: Diagnostic) -> Related:
    return Related(one.path, one.span, one.message)
