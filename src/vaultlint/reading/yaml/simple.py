"""The most common front matter, read line by line: keys at the margin with a one-line text or a list of these.

Most blocks are no more than that, and this is ten times faster than the full parser. A block with anything else
is left to the full parser. A test checks that both give the same result.
"""

import re

from vaultlint.note import ListValue, MapValue, Property, Scalar, ScalarKind
from vaultlint.reading.yaml.kinds import kind_of
from vaultlint.text import Span

_LONGEST_NAME = 200
_VALUE = (
    r"""(?:[^\s\-?:,\[\]{}#&*!|>'"%@`]|-(?=[^\s,\[\]{}]))(?:[^\s:#]|:(?=\S)|(?<=\S)\#|[ ](?!\#)|(?!))*+"""
    r"""|"[^"\\\s]*+(?:[ ]++[^"\\\s]*+)*+"|'[^'\s]*+(?:[ ]++[^'\s]*+)*+'"""
)
_LINE = re.compile(
    rf"(?:(?P<name>[^\W\d][\w-]*+(?:[ ][\w-]++|(?!))*+):|(?P<dash>[ ]*+-))"
    rf"(?:[ ]++(?P<value>{_VALUE}))?[ ]*+(?:\r?\n|\Z)|\r?\n"
)


def read_simply(text: str, base: int) -> MapValue | None:
    """The properties of a YAML text at offset `base` of its file; None if it holds anything but simple lines."""
    properties: dict[str, Property] = {}
    name, name_span = "", Span(base, base)
    items: list[Scalar] = []
    list_start = item_indent = -1
    last: Scalar | None = None
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        if line is None:
            return None
        at = line.end()
        if line["dash"] is not None:
            indent = line.end("dash") - line.start()
            if last is None or (indent != item_indent if items else last.kind is not ScalarKind.EMPTY or last.text):
                return None
            if not items:
                item_indent, list_start = indent, base + line.end("dash") - 1
            items.append(_scalar(line, line.end("dash"), base))
        elif line["name"] is not None:
            if last is not None:
                properties[name] = _property(name, name_span, last, items, list_start)
                items = []
            name = line["name"]
            if name in properties or len(name) > _LONGEST_NAME or kind_of(name) is not ScalarKind.TEXT:
                return None
            name_span = Span(base + line.start(), base + line.end("name"))
            last = _scalar(line, line.end("name") + 1, base)
    if last is None:
        return None
    properties[name] = _property(name, name_span, last, items, list_start)
    found = tuple(properties.values())
    return MapValue(found, Span(found[0].name_span.start, found[-1].value.span.end))


def _scalar(line: re.Match[str], behind: int, base: int) -> Scalar:
    written = line["value"]
    if written is None:
        return Scalar(ScalarKind.EMPTY, "", Span(base + behind, base + behind))
    start = base + line.start("value")
    if written[0] in "'\"":
        return Scalar(ScalarKind.TEXT, written[1:-1], Span(start, start + len(written)))
    text = written.rstrip(" ")
    return Scalar(kind_of(text), text, Span(start, start + len(text)))


def _property(name: str, name_span: Span, scalar: Scalar, items: list[Scalar], start: int) -> Property:
    if not items:
        return Property(name, name_span, scalar)
    return Property(name, name_span, ListValue(tuple(items), Span(start, items[-1].span.end)))
