"""Putting properties into front matter, in the style of what stands there."""

import json
import math
import re
from collections.abc import Mapping, Sequence

from vaultlint.diagnostic import Edit
from vaultlint.note import ListValue, MapValue, Note, Property, Scalar, ScalarKind, Value
from vaultlint.reading.front_matter import opening
from vaultlint.schema import Default
from vaultlint.text import LINE_END, Span, line_span

_PLAIN = re.compile(r"[^\W\d_][\w \-/]*(?<! )")
_YAML_1_1_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
_UNWRITABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What YAML forbids or takes for a line end even in quotes."""


def written(text: str, quote: str = "") -> str:
    """A text as a value in YAML, also in a list in brackets: in quotes where it might be read as something else."""
    if not quote and _PLAIN.fullmatch(text) and text.lower() not in _YAML_1_1_WORDS:
        return text
    if quote == "'" and text.isprintable():
        return "'{}'".format(text.replace("'", "''"))
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def inserted(note: Note, values: Mapping[str, Default], order: Sequence[str] = ()) -> Edit | None:
    """Puts properties into the note's front matter; makes one if there is none.

    Args:
        note: the note.
        values: the properties, of which the note has none.
        order: names in the order in which properties should stand. Others and comments stay where they are.

    Returns:
        None if the block is written in a form that has no place for another line, or if a new one would stand on top
        of what may be one.
    """
    line_end = LINE_END.search(note.text)
    end = line_end[0] if line_end else "\n"
    block = note.front_matter
    quote = _quote(note, block.properties) if block else ""
    lines = "".join(f"{written(name)}: {_value(value, quote)}{end}" for name, value in values.items())
    if block is None:
        if opening(note.text) is not None or note.front_matter_problems:
            return None
        return Edit(note.path, Span(0, 0), f"---{end}{lines}---{end}")
    if any(_column(note.text, item.name_span.start) for item in block.properties):
        return None  # indented, or `{name: value}`
    (first, *_) = values
    at = _after_predecessor(note, block.properties, first, order)
    if at is None:
        at = line_span(note.text, len(note.text[: block.span.end].rstrip("\r\n"))).start
    return Edit(note.path, Span(at, at), lines)


def _column(text: str, offset: int) -> int:
    return offset - line_span(text, offset).start


def _after_predecessor(note: Note, properties: Sequence[Property], name: str, order: Sequence[str]) -> int | None:
    """Where the line after the nearest property begins that comes before this one in the order."""
    lower = [one.lower() for one in order]
    before = lower[: lower.index(name.lower())] if name.lower() in lower else []
    for wanted in reversed(before):
        for i, item in enumerate(properties):
            if item.name.lower() == wanted:
                # After the last one the lines to the fence may belong to the value, as blank ones of a text do.
                return (
                    _next_line(note.text, _end(item)) if properties[i + 1 :] and not _is_block(note, item) else None
                )
    return None


def _end(item: Property) -> int:
    return max(item.value.span.end, item.name_span.end)


def _next_line(text: str, offset: int) -> int:
    found = LINE_END.search(text, offset)
    return found.end() if found else len(text)


def _is_block(note: Note, item: Property) -> bool:
    """Whether the value ends in a text of its own lines (`|`, `>`), whose end is not where it seems."""
    value: Value = item.value
    while isinstance(value, ListValue | MapValue):
        inner = value.items if isinstance(value, ListValue) else tuple(one.value for one in value.properties)
        if not inner:
            return False
        value = inner[-1]
    return note.text.startswith(("|", ">"), value.span.start)


def _quote(note: Note, properties: Sequence[Property]) -> str:
    """The quotes round every text of the block, if there are such."""
    firsts = {
        note.text[item.value.span.start]
        for item in properties
        if isinstance(item.value, Scalar) and item.value.kind is ScalarKind.TEXT
    }
    return firsts.pop() if len(firsts) == 1 and firsts <= {"'", '"'} else ""


def _value(value: Default, quote: str) -> str:
    if isinstance(value, str):
        return written(value, quote)
    if isinstance(value, tuple):
        return f"[{', '.join(written(item, quote) for item in value)}]"
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else f"{'-' * (value < 0)}.inf"
    return json.dumps(value)
