"""Placeholders in front matter: their YAML is only known once a program replaces them.

They are replaced by private-use characters without a meaning in YAML before it is read. Every replacement keeps the
length, so offsets stay the same, and each private-use character can be mapped back to the original one.
"""

import re

from vaultlint.expressions import expression
from vaultlint.note import ListValue, MapValue, Property, Scalar, ScalarKind, Value
from vaultlint.reading.placeholders import holds_placeholder

_SHIFT = 0x100000
_LARGEST = 0xFFFD
_SHIFTED = expression(f"[{chr(_SHIFT)}-{chr(_SHIFT + _LARGEST)}]")

_COMMANDS = r"<%(?:[^%<]++|%(?!>)|<(?!%)|(?!))*+%>|`\$?=[^`\r\n]*+`"
_FIELDS = r"\{\{[^{}\r\n]*+\}\}"
_ALONE = rf"(?<![^\r\n]){_FIELDS}[ \t]*(?![^\r\n])"
_RUN = expression(f"{_COMMANDS}|{_ALONE}")
_ALL = expression(f"{_COMMANDS}|{_FIELDS}")


def without_commands(text: str) -> str:
    """The text with Templater's commands, inline queries, and `{{…}}` on a line of its own replaced."""
    return _RUN.sub(_hidden, text)


def without_placeholders(text: str) -> str:
    """The text with `{{…}}` in a value replaced as well; YAML would read it as something else, or not at all."""
    return _ALL.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    """Replace one placeholder; one with lines of its own becomes a comment."""
    shifted = "".join(chr(ord(one) + _SHIFT) if ord(one) <= _LARGEST else one for one in found[0])
    text, start, end = found.string, found.start(), found.end()
    stands_alone = (start == 0 or text[start - 1] in "\r\n") and not text[end : end + 1].strip()
    return "#" + shifted[1:] if stands_alone else shifted


def restored(value: Value) -> Value:
    """A value with its original text, and with placeholders marked as such."""
    if isinstance(value, ListValue):
        return ListValue(tuple(map(restored, value.items)), value.span)
    if isinstance(value, MapValue):
        return MapValue(tuple(map(restored_property, value.properties)), value.span)
    text = _restored(value.text)
    return Scalar(ScalarKind.PLACEHOLDER if holds_placeholder(text) else value.kind, text, value.span)


def restored_property(item: Property) -> Property:
    """Like `restored`, for a property; a placeholder in its name changes nothing."""
    return Property(_restored(item.name), item.name_span, restored(item.value))


def _restored(text: str) -> str:
    return text if text.isascii() else _SHIFTED.sub(lambda found: chr(ord(found[0]) - _SHIFT), text)
