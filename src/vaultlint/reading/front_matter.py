"""Front matter: the YAML block at the top of a note, with the span of every key and value."""

from enum import Enum
from functools import cache
from json import JSONDecoder
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from vaultlint.expressions import expression
from vaultlint.note import (
    FrontMatter,
    FrontMatterProblem,
    ListValue,
    MapValue,
    Property,
    Scalar,
    ScalarKind,
    Value,
    fact,
)
from vaultlint.reading.base import Reading
from vaultlint.reading.placeholders import holds_placeholder
from vaultlint.reading.property_placeholders import (
    restored,
    restored_property,
    without_commands,
    without_placeholders,
)
from vaultlint.reading.yaml import MAX_DEPTH as MAX_DEPTH
from vaultlint.reading.yaml import Slip, YamlError, explained, number
from vaultlint.reading.yaml import read as read_as_yaml
from vaultlint.text import LINE_END, Span, line_span, quoted

if TYPE_CHECKING:
    from vaultlint.reading.handler import ObsidianHandler

MAX_LENGTH = 1_000_000
"""Maximum length of YAML that is read, in code points."""

_OPENING = expression(r"(\ufeff?)---([ \t]*)(?:\r\n?|\n)")
_CLOSING = expression(r"---(?<=[\r\n]---)[ \t]*+(?![^\r\n])")
_KEY = expression(r"[^\s:#\-][^:\r\n]*:(?:[ \t]|$|[\r\n])")
_ENTRY = expression(r"[\w\"'][^:\r\n]*:(?:[ \t]|$|[\r\n])")
_GLUED = expression(r"([^\W\d][\w \-]{0,40}):(?=[^\s:/\\])")
_EMPTY_LINE = expression(r"[\r\n][ \t]*[\r\n](?<!\r\n)|[\r\n][ \t]*\r\n")
_OF_YAML = expression(r"[ \t]|#|-[ \t]|[^\s:#][^:\r\n]*:(?:[ \t]|(?![^\r\n]))|(?![^\r\n])")
"""Matches the beginning of a line of YAML: indentation, a comment, list item or key, or an empty line."""
_ODD_CLOSING = expression(r"(?<![^\r\n])(?:\.\.\.[ \t]*(?![^\r\n])|---[ \t]+[^\s])")
"""A line that closes a block in other programs: `...`, or a fence followed by text."""
_DASHES = expression(r"---+[ \t]*[\r\n]")
_TOML = expression(r"\+\+\+[ \t]*[\r\n]")
_TOML_END = expression(r"[\r\n]\+\+\+[ \t]*(?![^\r\n])")
_JSON = expression(r"\{[ \t]*[\r\n]|\{[ \t]*\"")
_UNOPENED = expression(
    r"(?=[^\W\d])(?:(?:[^\W\d][^:\r\n]*:(?:[ \t][^\r\n]*)?|[ \t]+[^\r\n]*|-[ \t][^\r\n]*)(?:\r\n?|\n)|(?!))++"
    r"---[ \t]*(?:[\r\n]|\Z)"
)


def plain_values(yaml: str) -> Any:
    """The properties of a block as plain Python values, by the core schema of YAML 1.2.

    Raises:
        ValueError: Obsidian can't read the block.
    """
    read = _read_block(yaml, 0, Span(0, 0))
    if read.problems or read.is_open:
        raise ValueError(
            read.problems[0].message if read.problems else "a placeholder is at a place where no value is allowed"
        )
    return {item.name: _plain(item.value) for item in read.properties}


def read_front_matter(text: str) -> tuple[FrontMatter | None, tuple[FrontMatterProblem, ...]]:
    """The front matter of a note (None if it has none), and the problems in it."""
    first = _OPENING.match(text)
    if first is None:
        return None, ()
    try:
        yaml_text, body = _handler().split(text)
    except ValueError:  # it is not closed
        # A note may begin with a horizontal rule; only a line that looks like a key shows that a block was meant.
        if first[1] or first[2] or not _KEY.match(text, first.end()):
            return None, ()
        if _is_oddly_closed(text, first.end()):
            return None, ()
        start = first.start()
        message = "front matter is not closed: no later line is `---`"
        return None, (FrontMatterProblem(message, Span(start, start + 3)),)
    fence = Span(first.end(1), first.end(1) + 3)
    read = _read_block(yaml_text, first.end(), fence)
    block = FrontMatter(
        span=Span(0, len(text) - len(body)),
        properties=read.properties,
        valid=not read.problems and not read.is_open,
        doubtful=bool(first[1] or first[2] or read.is_open or _may_end_before(yaml_text)),
    )
    return block, read.problems


@cache
def _handler() -> "ObsidianHandler":
    from vaultlint.reading.handler import ObsidianHandler  # slow to import

    return ObsidianHandler()


def _may_end_before(text: str) -> bool:
    """Whether a block may end before its last line: at `...`, or at `---`, a text, and then prose."""
    closing = _ODD_CLOSING.search(text) if "..." in text or "---" in text else None
    if closing is None or closing[0].startswith("..."):
        return closing is not None
    return not all(map(_OF_YAML.match, LINE_END.split(text[next_line(text, closing.end()) :])))


def next_line(text: str, at: int) -> int:
    line_end = LINE_END.search(text, at)
    return line_end.end() if line_end else len(text)


class Opening(Enum):
    """How a note without front matter may begin if the block is for another program, or mistyped."""

    LATE = "a block below empty lines"
    UNOPENED = "a block without its first `---`"
    ODDLY_CLOSED = "a block that ends with `...`, or with text behind its last `---`"
    DOUBTFUL = "a byte order mark, `...`, or dashes that Obsidian may not take for the first line of a block"
    TOML = "TOML"
    JSON = "JSON"


def opening(text: str) -> Opening | None:
    """The kind of opening of a note without front matter; None if front matter can be inserted at its top."""
    body = text.lstrip()
    first = _OPENING.match(body)
    if first and len(body) < len(text) and _KEY.match(body, first.end()):
        return Opening.LATE
    body = text.removeprefix("\ufeff")
    if _TOML.match(body):
        return Opening.TOML
    if _JSON.match(body):
        return Opening.JSON
    if first and _is_oddly_closed(body, first.end()):
        return Opening.ODDLY_CLOSED
    if text.startswith(("\ufeff", "...")) or (_DASHES.match(text) and _KEY.match(text, next_line(text, 0))):
        return Opening.DOUBTFUL
    return Opening.UNOPENED if _UNOPENED.match(text) else None


def foreign_end(text: str) -> int:
    """The end of TOML or JSON at the beginning of a note, written for another program; 0 if there is none."""
    start = len(text) - len(text.removeprefix("\ufeff"))
    if _TOML.match(text, start):
        closing = _TOML_END.search(text, start + 3)
        return closing.end() if closing else 0
    if _JSON.match(text, start):
        try:
            return JSONDecoder().raw_decode(text[:MAX_LENGTH], start)[1]
        except (ValueError, RecursionError):
            return 0
    return 0


def _is_oddly_closed(text: str, start: int) -> bool:
    """Whether YAML lines from `start` on end with a line that closes a block only in other programs."""
    closing = _ODD_CLOSING.search(text, start)
    return closing is not None and all(map(_OF_YAML.match, LINE_END.split(text[start : closing.start()])))


def block_span(text: str) -> Span | None:
    """The span of the text between the fences, with the line end of its last line."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    closing = _CLOSING.search(text, opening.end())
    return Span(opening.end(), closing.start()) if closing else None


def read_yaml(text: str, base: int) -> tuple[Value | None, FrontMatterProblem | None]:
    """The value of YAML at offset `base` of a file (None if it is empty), and the problem if it can't be read."""
    value, _, slip = _read(text, base)
    return value, _problem(slip, base) if slip else None


def _read(text: str, base: int) -> tuple[Value | None, tuple[Property, ...], Slip | None]:
    """The value, the properties that repeat an earlier name, and the error if it can't be read."""
    if len(text) > MAX_LENGTH:
        message = f"YAML of {len(text):,} characters is not read (the limit is {MAX_LENGTH:,})"
        return None, (), Slip(message, 0, 0)
    if not holds_placeholder(text):
        return _parsed(text, text, base)
    value, duplicates, slip = _parsed(without_commands(text), text, base)
    if slip is not None:
        return value, duplicates, slip
    as_text, same, slip = _parsed(without_placeholders(text), text, base)
    if slip is None:
        value, duplicates = as_text, same
    return restored(value) if value else None, tuple(map(restored_property, duplicates)), None


def _parsed(text: str, source: str, base: int) -> tuple[Value | None, tuple[Property, ...], Slip | None]:
    """Parse `text`, a version of the note's text `source` without placeholders; errors are explained by `source`."""
    try:
        return *read_as_yaml(text, base), None
    except YamlError as error:
        return None, (), explained(error, source)


def _problem(slip: Slip, base: int) -> FrontMatterProblem:
    return FrontMatterProblem(slip.message, Span(base + slip.start, base + slip.end))


class _Block(Struct, frozen=True):
    """The result for a block; `is_open` if it can't be read only because of a placeholder, which is no problem."""

    properties: tuple[Property, ...] = ()
    problems: tuple[FrontMatterProblem, ...] = ()
    is_open: bool = False


def _read_block(text: str, base: int, fence: Span) -> _Block:
    """Read the block at offset `base`, below its fence; it has no properties if it has problems."""
    value, duplicates, slip = _read(text, base)
    if slip is not None:
        return _unreadable(text, slip, base, fence)
    if value is None or (isinstance(value, Scalar) and value.kind is ScalarKind.EMPTY):
        return _Block()
    if not isinstance(value, MapValue):
        return _Block(problems=(_not_properties(value, text, base),))
    if not duplicates:
        return _Block(value.properties)
    return _Block(
        problems=tuple(
            FrontMatterProblem(f"property {quoted(item.name)} appears here a second time", item.name_span)
            for item in sorted(duplicates, key=lambda item: item.name_span)
        )
    )


def _unreadable(text: str, slip: Slip, base: int, fence: Span) -> _Block:
    span = line_span(text, slip.start)
    line = text[span.start : span.end]
    if without_commands(line) != line:
        return _Block(is_open=True)
    if not _is_swallowed(text, slip.start):
        return _Block(problems=(_problem(slip, base),))
    following = len(LINE_END.findall(text)) + 2
    message = f"front matter is not closed: no `---` follows its last property; the next one is in line {following}"
    return _Block(problems=(FrontMatterProblem(message, fence),))


def _not_properties(value: Value, text: str, base: int) -> FrontMatterProblem:
    """The problem of a block that holds a list or a text instead of properties."""
    start = value.span.start
    end = LINE_END.search(text, start - base)
    stop = min(value.span.end, base + (end.start() if end else len(text)))
    glued = _GLUED.match(text, start - base) if isinstance(value, Scalar) else None
    if glued:
        message = f"a space is missing after the colon: `{glued[1]}: …`"
    else:
        kind = "a list" if isinstance(value, ListValue) else "a single text"
        message = f"front matter is {kind}, not properties (`name: value`)"
    return FrontMatterProblem(message, Span(start, stop))


def _is_swallowed(text: str, at: int) -> bool:
    """Whether an error is in prose below an empty line: the block is not closed, and a later rule ends it."""
    start = line_span(text, at).start
    if _ENTRY.match(text, start) or text[start : start + 1] in (" ", "\t") or not _EMPTY_LINE.search(text, 0, start):
        return False
    return not _ENTRY.match(text, line_span(text, len(text.rstrip())).start)


def _plain(value: Value) -> object:
    if isinstance(value, ListValue):
        return [_plain(item) for item in value.items]
    if isinstance(value, MapValue):
        return {item.name: _plain(item.value) for item in value.properties}
    if value.kind is ScalarKind.EMPTY:
        return None
    if value.kind is ScalarKind.CHECKBOX:
        return value.text.lower() == "true"
    if value.kind is ScalarKind.NUMBER:
        return number(value.text)
    return value.text


class Properties(Reading):
    """The facts about the front matter."""

    @fact
    def _block(self) -> tuple[FrontMatter | None, tuple[FrontMatterProblem, ...]]:
        return read_front_matter(self.text)

    @fact
    def front_matter(self) -> FrontMatter | None:
        """See `Facts`."""
        return self._block[0]

    @fact
    def front_matter_problems(self) -> tuple[FrontMatterProblem, ...]:
        """See `Facts`."""
        return self._block[1]
