"""Inserting properties into front matter, in the style of the existing properties."""

import json
import math
from collections.abc import Mapping, Sequence

from vaultlint.diagnostic import Edit
from vaultlint.expressions import expression
from vaultlint.note import ListValue, MapValue, Note, Property, Scalar, ScalarKind, Value
from vaultlint.reading.front_matter import opening
from vaultlint.schema import Default
from vaultlint.text import LINE_END, Span, line_span

_PLAIN = expression(r"[^\W\d_][\w \-/]*(?<! )")
_YAML_1_1_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
_UNWRITABLE = expression("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML forbids, or reads as a line end even in quotes."""


def written(text: str, quote: str = "") -> str:
    """A text as a YAML value, also for a list in brackets; quoted if YAML might read it as something else."""
    if not quote and _PLAIN.fullmatch(text) and text.lower() not in _YAML_1_1_WORDS:
        return text
    if quote == "'" and text.isprintable():
        return "'{}'".format(text.replace("'", "''"))
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def inserted(note: Note, values: Mapping[str, Default], order: Sequence[str] = ()) -> Edit | None:
    """The edit that inserts properties into the note's front matter, or adds front matter if there is none.

    Args:
        note: the note.
        values: the properties; the note must have none of them.
        order: the wanted order of property names. Other properties and comments stay in place.

    Returns:
        None if the front matter is written in a form that takes no further line (indented, `{name: value}`), or if
        the note begins with something that may be front matter.
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
    """The offset after the nearest property that `order` puts before `name`; None if there is none."""
    lower = [one.lower() for one in order]
    before = lower[: lower.index(name.lower())] if name.lower() in lower else []
    for wanted in reversed(before):
        for i, item in enumerate(properties):
            if item.name.lower() == wanted:
                # The lines between the last property and the fence may be part of its value, as empty lines can be.
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
    """Whether the value ends in a block scalar (`|`, `>`), whose end the parsed span may miss."""
    value: Value = item.value
    while isinstance(value, ListValue | MapValue):
        inner = value.items if isinstance(value, ListValue) else tuple(one.value for one in value.properties)
        if not inner:
            return False
        value = inner[-1]
    return note.text.startswith(("|", ">"), value.span.start)


def _quote(note: Note, properties: Sequence[Property]) -> str:
    """The quote character that all text values start with; empty if they differ or are unquoted."""
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
