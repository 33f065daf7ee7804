"""Placeholders in front matter: what they are in YAML is settled only when something replaces them.

They are read as text of private characters that mean nothing in YAML. Every change keeps the length, so places stay
what they are, and from a private character the one that it stands for can be told.
"""

import re

from vaultlint.note import ListValue, MapValue, Property, Scalar, ScalarKind, Value
from vaultlint.reading.placeholders import holds_placeholder

_SHIFT = 0x100000
_LARGEST = 0xFFFD
_SHIFTED = re.compile(f"[{chr(_SHIFT)}-{chr(_SHIFT + _LARGEST)}]")

_COMMANDS = r"<%(?:[^%<]++|%(?!>)|<(?!%)|(?!))*+%>|`\$?=[^`\r\n]*+`"
_FIELDS = r"\{\{[^{}\r\n]*+\}\}"
_ALONE = rf"(?<![^\r\n]){_FIELDS}[ \t]*(?![^\r\n])"
_RUN = re.compile(f"{_COMMANDS}|{_ALONE}")
_ALL = re.compile(f"{_COMMANDS}|{_FIELDS}")


def without_commands(text: str) -> str:
    """The text with private characters for Templater's commands, inline queries, and `{{…}}` on a line of its own."""
    return _RUN.sub(_hidden, text)


def without_placeholders(text: str) -> str:
    """The same also for `{{…}}` in a value, which is YAML of another meaning, or none."""
    return _ALL.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    """What has lines of its own becomes a comment."""
    shifted = "".join(chr(ord(one) + _SHIFT) if ord(one) <= _LARGEST else one for one in found[0])
    text, start, end = found.string, found.start(), found.end()
    stands_alone = (start == 0 or text[start - 1] in "\r\n") and not text[end : end + 1].strip()
    return "#" + shifted[1:] if stands_alone else shifted


def restored(value: Value) -> Value:
    """A value as it stands in the note, with placeholders marked as such."""
    if isinstance(value, ListValue):
        return ListValue(tuple(map(restored, value.items)), value.span)
    if isinstance(value, MapValue):
        return MapValue(tuple(map(restored_property, value.properties)), value.span)
    text = _restored(value.text)
    return Scalar(ScalarKind.PLACEHOLDER if holds_placeholder(text) else value.kind, text, value.span)


def restored_property(item: Property) -> Property:
    """The same for a property; in its name a placeholder changes nothing."""
    return Property(_restored(item.name), item.name_span, restored(item.value))


def _restored(text: str) -> str:
    return text if text.isascii() else _SHIFTED.sub(lambda found: chr(ord(found[0]) - _SHIFT), text)
