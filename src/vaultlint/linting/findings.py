"""Diagnostics by the note that they are about, packed: a vault may have hundreds of thousands."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from msgspec import msgpack, to_builtins

from vaultlint.diagnostic import Diagnostic, Severity

_DIAGNOSTICS = msgpack.Decoder(tuple[Diagnostic, ...])
_KIND = attrgetter("severity", "rule")


class Packed(Iterable[Diagnostic]):
    """What was found in one note: how many findings of which severity are a rule's, and all of them as msgpack.

    Args:
        counts: the numbers.
        content: gives the msgpack when it is first needed.
    """

    __slots__ = ("_content", "counts")

    def __init__(self, counts: tuple[tuple[Severity, str, int], ...], content: bytes | Callable[[], bytes]) -> None:
        self.counts = counts
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
