"""The common form of a property's values, if the next value is sure to have it, too."""

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from vaultlint.habits.places import Share
from vaultlint.note import Scalar, ScalarKind
from vaultlint.schema import PropertyKind
from vaultlint.text import quoted

FEWEST_VALUES = 20
"""Fewest values to find a common form."""

DIFFERENT = 20
"""Fewest different values: with fewer, words may look alike by chance."""

SHORTEST_IDENTIFIER, SHORTEST_NUMBER = 6, 8
"""Fewest characters of an identifier, and of one with digits only; shorter values have one length by chance."""

FEWEST_DIGITS, LONGEST_NUMBER = 4, 40
"""Fewest digits, and most characters in all, of a number with punctuation."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_DIGITS = re.compile("([0-9]+)")
_SPECIAL = re.compile(r"[.^$*+?{}\[\]\\|()]")

_KINDS: dict[PropertyKind, tuple[str, Callable[[Scalar], bool]]] = {
    PropertyKind.CHECKBOX: ("true or false", lambda value: value.kind is ScalarKind.CHECKBOX),
    PropertyKind.DATE: ("dates", lambda value: _DATE.fullmatch(value.text.strip()) is not None),
    PropertyKind.DATETIME: ("dates with a time", lambda value: _DATETIME.fullmatch(value.text.strip()) is not None),
    PropertyKind.NUMBER: ("numbers", lambda value: value.kind is ScalarKind.NUMBER),
}
_FORMS = {
    "addresses of the web": r"https?://\S+",
    "links to notes": r"\[\[[^\[\]]+\]\]",
    "DOIs": r"10\.[0-9]{4,9}/\S+",
}
_CHARACTERS = ("[0-9]", "[0-9a-f]", "[A-Za-z0-9]", "[A-Za-z0-9_-]")
"""Character sets of identifiers, narrowest first."""


class Shape(Struct, frozen=True):
    """The common form of values: in words (to follow "are"), and as an Obsidian type or a regular expression.

    `share` is the share of values that have it.
    """

    words: str
    kind: PropertyKind | None
    pattern: str | None
    share: Share


def shape(values: Sequence[Scalar], has_kind: bool) -> Shape | None:
    """The common form of a property's non-empty values: a pattern that all match, or a type that nearly all have.

    `has_kind`: the property has a type in Obsidian's settings, so no type is searched for.
    """
    if len(values) < FEWEST_VALUES:
        return None
    kind = None if has_kind else _kind(values)
    if kind is not None and kind.kind is not PropertyKind.NUMBER:
        return kind
    texts = [value.text for value in values]
    for words, pattern in (*_FORMS.items(), *_numbers(texts), *_identifiers(texts)):
        fits = re.compile(pattern).fullmatch
        if all(map(fits, texts)):
            return Shape(words, None, pattern, Share(len(texts), len(texts)))
    return kind


def _kind(values: Sequence[Scalar]) -> Shape | None:
    for kind, (words, fits) in _KINDS.items():
        share = Share(sum(map(fits, values)), len(values))
        if share.is_habit:
            return Shape(words, kind, None, share)
    return None


def _numbers(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Patterns of digits and punctuation, as in `31.12.2024`. A single number may get longer as it counts up."""
    parts = _DIGITS.split(texts[0])
    count = sum(map(len, parts[1::2]))
    if FEWEST_DIGITS <= count < len(texts[0]) <= LONGEST_NUMBER and len(set(texts)) >= DIFFERENT:
        lengths = ["+" if len(parts) == 3 else f"{{{len(digits)}}}" for digits in parts[1::2]]
        marks = [_SPECIAL.sub(r"\\\g<0>", mark) for mark in parts[::2]]
        pattern = "".join(f"{mark}[0-9]{length}" for mark, length in zip(marks, lengths, strict=False)) + marks[-1]
        yield f"written like {quoted(_DIGITS.sub(lambda match: '0' * len(match[0]), texts[0]))}", pattern


def _identifiers(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Patterns of values of one length, except short numbers, which may get longer."""
    length = len(texts[0])
    if length >= SHORTEST_IDENTIFIER and len(set(texts)) >= DIFFERENT:
        if length < SHORTEST_NUMBER and all(map(str.isdecimal, texts)):
            return
        for characters in _CHARACTERS:
            yield f"identifiers of {length} characters", f"{characters}{{{length}}}"
