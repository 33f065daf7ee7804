"""What all values of a property have in common, where that is sure to hold for the next one, too."""

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from vaultlint.habits.places import Share
from vaultlint.note import Scalar, ScalarKind
from vaultlint.schema import PropertyKind
from vaultlint.text import quoted

FEWEST_VALUES = 20
"""Values from which something can be told."""

DIFFERENT = 20
"""Different ones from which on values that look alike are no set of words that happen to."""

SHORTEST_IDENTIFIER, SHORTEST_NUMBER = 6, 8
"""Characters of an identifier, and of one of digits alone; shorter words are of one length by chance."""

FEWEST_DIGITS, LONGEST_NUMBER = 4, 40
"""Digits of a number with marks in it, and all its characters."""

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
"""What identifiers are made of, the narrowest first."""


class Shape(Struct, frozen=True):
    """What values are: in words that follow "are", and as one of Obsidian's types or as a pattern.

    `share` is how many of them are.
    """

    words: str
    kind: PropertyKind | None
    pattern: str | None
    share: Share


def shape(values: Sequence[Scalar], has_kind: bool) -> Shape | None:
    """What the values of a property are that say anything: a pattern that all have, or a type that nearly all have.

    `has_kind` means that Obsidian itself keeps a type for the property, so that none need be found.
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
    """Digits with the same marks between them, as in `31.12.2024`; one number by itself counts on, and may grow."""
    parts = _DIGITS.split(texts[0])
    count = sum(map(len, parts[1::2]))
    if FEWEST_DIGITS <= count < len(texts[0]) <= LONGEST_NUMBER and len(set(texts)) >= DIFFERENT:
        lengths = ["+" if len(parts) == 3 else f"{{{len(digits)}}}" for digits in parts[1::2]]
        marks = [_SPECIAL.sub(r"\\\g<0>", mark) for mark in parts[::2]]
        pattern = "".join(f"{mark}[0-9]{length}" for mark, length in zip(marks, lengths, strict=False)) + marks[-1]
        yield f"written like {quoted(_DIGITS.sub(lambda match: '0' * len(match[0]), texts[0]))}", pattern


def _identifiers(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is of one length, and no number that may grow."""
    length = len(texts[0])
    if length >= SHORTEST_IDENTIFIER and len(set(texts)) >= DIFFERENT:
        if length < SHORTEST_NUMBER and all(map(str.isdecimal, texts)):
            return
        for characters in _CHARACTERS:
            yield f"identifiers of {length} characters", f"{characters}{{{length}}}"
