"""Diagnostics by the note that they are about, packed: a vault may have hundreds of thousands."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from msgspec import Raw, Struct, msgpack, to_builtins

from vaultlint.diagnostic import Diagnostic, Severity

_DIAGNOSTICS = msgpack.Decoder(tuple[Diagnostic, ...])
_KIND = attrgetter("severity", "rule")


class Packed(Struct, frozen=True, array_like=True, gc=False):
    """What was found in one note: how many findings of which severity are a rule's, and all of them as msgpack."""

    counts: tuple[tuple[Severity, str, int], ...]
    content: Raw

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(_DIAGNOSTICS.decode(self.content))


def packed(diagnostics: Collection[Diagnostic]) -> Packed:
    """The diagnostics of one note."""
    counts = Counter(map(_KIND, diagnostics))
    try:
        content = msgpack.encode(diagnostics)
    except UnicodeEncodeError:  # a rule that is not ours may report halves of characters
        content = msgpack.encode(_escaped(to_builtins(diagnostics)))
    return Packed(tuple((*kind, count) for kind, count in counts.items()), Raw(content))


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
