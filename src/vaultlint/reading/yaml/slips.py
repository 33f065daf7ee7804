"""Explains YAML errors by the most common mistakes of people who write notes, in plain words."""

import re

from msgspec import Struct

from vaultlint.expressions import expression
from vaultlint.reading.yaml.faults import Fault, YamlError
from vaultlint.text import line_start

_CONFLICT = expression(r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \t\r\n]|\Z)", re.MULTILINE)
_ENTRY = expression(
    r"(?:[ \t]*-[ \t]+|(?!))*+(?:[ \t]*+[^\s:#'\"\[{][^:\r\n]*+:(?:[ \t]+|$))?(?P<value>.*)", re.DOTALL
)
_GLUED = expression(r"[ \t]*(?:-[ \t]+)*(?P<name>[^\W\d][\w \-]{0,40}):(?=[^\s:/\\])")
_TAB = expression(r" *\t")


_MISPLACED = (
    *(Fault.TAB, Fault.INDENT, Fault.NAME, Fault.NAME_LINES, Fault.NO_DASH, Fault.LIST),
    *(Fault.UNEXPECTED, Fault.START),
)
"""Faults that indentation with a tab may cause."""
_AFTER_A_VALUE = (Fault.BEHIND, Fault.UNEXPECTED, Fault.COMMENT)
"""Faults that text after a value may cause."""
_END_OF_LINE = expression(r"[\r\n]")


class Slip(Struct, frozen=True):
    """An error message with its start and end offsets."""

    message: str
    start: int
    end: int


def explained(error: YamlError, text: str) -> Slip:
    """The message and place for a YAML error; the place is usually from the fault to the end of its line."""
    if error.fault is Fault.DEEP:
        return Slip(error.fault.value, error.start, error.start + 1)
    start = min(error.start, len(text))
    if start == len(text):  # at the very end: report the last line, not the fence
        start = len(text.rstrip("\r\n"))
    end = error.end if error.end is not None else _line_end(text, start)
    conflict = _CONFLICT.search(text)
    if conflict:
        message = f"a merge conflict is not resolved (`{conflict[0]}`)"
        return Slip(f"invalid YAML: {message}", conflict.start(), _line_end(text, conflict.start()))
    first = line_start(text, start)
    tab = _TAB.match(text, first)
    if tab and error.fault in _MISPLACED:
        return Slip(f"invalid YAML: {Fault.TAB.value}", tab.end() - 1, _line_end(text, start))
    said = _from_line(error.fault, text[first : _line_end(text, start)], start - first)
    character = text[start + 1 : start + 2] if error.fault is Fault.ESCAPE else text[start : start + 1]
    message = said or error.fault.value.replace("{}", character.strip() or "this line")
    return Slip(f"invalid YAML: {message}", start, max(start, end))


def _from_line(fault: Fault, line: str, column: int) -> str | None:
    """A message specific to the line with the fault; None if there is none."""
    if fault in (Fault.NAME, Fault.NAME_LINES) and (glued := _GLUED.match(line)):
        return f"{Fault.NO_SPACE.value}: `{glued['name']}: …`"
    if fault is Fault.ESCAPE:
        is_bar = line.startswith("|", column + 1)
        return "in double quotes, a backslash is not allowed before `|`; remove it" if is_bar else None
    entry = _ENTRY.match(line)
    value = entry["value"] if entry else ""
    if fault is Fault.NAME and value.startswith("- "):
        return Fault.LIST.value
    before = line[entry.start("value") : column] if entry else ""
    if "{{" in before or value.startswith("{{"):
        return "Obsidian can't read this; a value that begins with `{{` must be in quotes"
    if fault not in _AFTER_A_VALUE:
        return None
    if line.startswith(":", column):
        is_glued = line[column + 1 : column + 2].strip() != ""
        return Fault.NO_SPACE.value if is_glued else "a property is not allowed here, next to a list or a text"
    if value.startswith("[["):
        return "nothing can follow a link without quotes; put each link in quotes, and more than one in a list"
    return _behind(value, before)


def _behind(value: str, before: str) -> str | None:
    """The message for text after a value in brackets or quotes; None for other values."""
    is_closed = before.count("[") == before.count("]") and before.count("{") == before.count("}")
    if value[:1] in ("[", "{") and is_closed:
        return f"text follows a closing bracket; a value that begins with `{value[0]}` must be in quotes"
    if value[:1] in ("'", '"'):
        return "text follows a closing quote; put the whole value in quotes of the other kind"
    return None


def _line_end(text: str, at: int) -> int:
    found = _END_OF_LINE.search(text, at)
    return found.start() if found else len(text)
