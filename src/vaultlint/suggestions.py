"""Suggestions for mistyped names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from vaultlint.text import quoted

MOST_COMPARED = 200
"""Most names that a missing name is compared with."""

LONGEST = 200
"""Longest name that is compared, in characters; the time grows with the product of the lengths."""

_ENDS = 4
_WORD = re.compile(r"[0-9]+|[^\W_0-9]+")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The most similar name; None if no name is similar enough to be a typo."""
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        name, [*map(str, names)], scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=70
    )
    return found[0] if found else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A clause for the end of a message; empty if no name is similar."""
    found = nearest(name, names)
    return f"; did you mean {quoted(found)}?" if found else ""


class LikeNames:
    """Names for repeated lookups: each lookup compares with only the few most likely ones."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [name for name in names if len(name) <= LONGEST]

    def nearest(self, name: str) -> str | None:
        """See `nearest`."""
        return nearest(name, self._likely(name)) if len(name) <= LONGEST else None

    def _likely(self, name: str) -> list[str]:
        """Names that share a word, the beginning or the end with `name`; those with the rarest parts come first."""
        if len(self._names) <= MOST_COMPARED:
            return self._names
        sharing = sorted((self._by_part[part] for part in {*_parts(name)} & self._by_part.keys()), key=_first_of_few)
        found: dict[int, None] = {}
        for places in sharing:
            found |= dict.fromkeys(places[: MOST_COMPARED - len(found)])
            if len(found) == MOST_COMPARED:
                break
        return [self._names[i] for i in found]

    @cached_property
    def _by_part(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for i, name in enumerate(self._names):
            for part in {*_parts(name)}:
                found[part].append(i)
        return found


def _first_of_few(places: list[int]) -> tuple[int, int]:
    return len(places), places[0]


def _parts(name: str) -> Iterator[str]:
    """The words and numbers of a name, its beginning and its end."""
    words = _WORD.findall(name.lower())
    text = "".join(words)
    yield from words
    yield f"^{text[:_ENDS]}"
    yield f"{text[-_ENDS:]}$"
