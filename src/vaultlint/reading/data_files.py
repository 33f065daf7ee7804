"""Links in canvas files (JSON Canvas 1.0) and in base files (YAML whose texts are expressions).

The JSON is scanned here, with an explicit stack: no available parser reports where a string is, and recursive ones
fail on deeply nested input.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, cast

from msgspec.structs import replace

from vaultlint.note import (
    Link,
    LinkKind,
    ListValue,
    MapValue,
    Note,
    Place,
    Scalar,
    ScalarKind,
    SyntaxFault,
    Value,
    fact,
)
from vaultlint.reading import Dialect, read_note
from vaultlint.reading.front_matter import read_yaml
from vaultlint.reading.links import wikilink
from vaultlint.reading.placeholders import without_placeholders
from vaultlint.text import LineIndex, Span

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | Span | None"
"""A JSON value; a string is the span inside its quotes, a number or literal is None."""

_SURROGATES = re.compile("[\ud800-\udfff]")

_BLANK = r"[ \t\r\n]*+"
_STRING = r'"([^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+|(?!))*+)"'
_KEY = re.compile(rf"{_BLANK}{_STRING}{_BLANK}:")
_VALUE = re.compile(
    rf"{_BLANK}(?:{_STRING}|(?P<empty>\{{{_BLANK}\}}|\[{_BLANK}\])|(?P<open>[{{\[])"
    r"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?|true|false|null)"
)
_AFTER = re.compile(rf"{_BLANK}([,}}\]])")
_BLANKS = re.compile(_BLANK)
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")

# https://help.obsidian.md/bases/functions: `link()` and `file()` are global, `hasLink()` is a method of a file.
_LITERAL = re.compile(
    r"(?:^|[(,=&|!])\s*+/(?:\\.|[^/\\\r\n])*+/"  # a regular expression, whose quotes begin no text
    r"|(?:(?P<function>(?:(?<![\w$.])(?:link|file)|(?<![\w$])hasLink)\s*+\(\s*+))?"
    r"""(?:"(?P<double>(?:\\.|[^"\\])*+)"?|'(?P<single>(?:\\.|[^'\\])*+)'?)""",
    re.DOTALL,
)
_ARGUMENT_END = re.compile(r"\s*+[,)]")
_WIKILINK = re.compile(r"\[\[(?!\s*+\]\])[^\[\]\r\n]++\]\]")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//")


class DataNote(Note):
    """A canvas or base file: its links and nothing else."""

    def __init__(self, path: str, text: str, links: Iterable[Link]) -> None:
        super().__init__(path, text)
        self.__dict__["_links"] = without_placeholders(tuple(links))

    @fact
    def links(self) -> tuple[Link, ...]:
        """See `Facts`."""
        return cast(tuple[Link, ...], self.__dict__["_links"])


def read_canvas(path: str, text: str, dialect: Dialect = Dialect()) -> Note:  # noqa: B008  # frozen
    """Read a canvas: links to files, group backgrounds, and links in the Markdown of its text nodes.

    Args:
        path: path of the file relative to the vault, with `/`.
        text: its text, with its line ends unchanged. Lone surrogates are replaced by U+FFFD.
        dialect: holds the engine that reads the Markdown.
    """
    text = _SURROGATES.sub("\ufffd", text)
    if not text.removeprefix("\ufeff").strip():
        return Note(path, text)  # a new canvas is an empty file
    try:
        content = _read_json(text)
    except _JsonError as error:
        place = LineIndex(text).position(error.offset)
        reason = "it is not JSON"
        fault = SyntaxFault(reason, _character(text, error.offset))
        return Note(path, text, f"{reason} (line {place.line:,}, column {place.column:,})", fault)
    if not isinstance(content, dict):
        reason = "its JSON is not an object"
        return Note(path, text, reason, SyntaxFault(reason, _character(text, _start(text))))
    nodes = content.get("nodes")
    if not isinstance(nodes, list):
        return Note(path, text)
    return DataNote(path, text, (link for node in nodes for link in _node_links(path, text, node, dialect)))


def read_base(path: str, text: str) -> Note:
    """Read a base: texts given to `link()`, `file()` and `hasLink()`, and wikilinks.

    Args:
        path: path of the file relative to the vault, with `/`.
        text: its text, with its line ends unchanged. Lone surrogates are replaced by U+FFFD.
    """
    text = _SURROGATES.sub("\ufffd", text)
    value, problem = read_yaml(text, 0)
    if problem is not None:
        place = LineIndex(text).position(problem.span.start)
        fault = SyntaxFault(problem.message, problem.span)
        return Note(path, text, f"{problem.message} (line {place.line:,})", fault)
    return DataNote(path, text, (link for scalar in _texts(value) for link in _scalar_links(text, scalar)))


class _JsonError(Exception):
    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def _read_json(text: str) -> _Json:
    """The value of a JSON text; of duplicate keys the last wins.

    Raises:
        _JsonError: the text is not valid JSON.
    """
    result: _Json = None
    stack: list[dict[str, _Json] | list[_Json]] = []
    at = int(text.startswith("\ufeff"))
    while True:
        key = ""
        if stack and isinstance(stack[-1], dict):
            match = _matched(_KEY, text, at)
            key, at = _JsonString(text, Span(*match.span(1))).text, match.end()
        match = _matched(_VALUE, text, at)
        at = match.end()
        value: _Json = None
        if match[1] is not None:
            value = Span(*match.span(1))
        elif match["open"] or match["empty"]:
            value = {} if (match["open"] or match["empty"])[0] == "{" else []
        if not stack:
            result = value
        elif isinstance(stack[-1], dict):
            stack[-1][key] = value
        else:
            stack[-1].append(value)
        if match["open"] and isinstance(value, dict | list):
            stack.append(value)
            continue
        while stack:
            match = _matched(_AFTER, text, at)
            if match[1] not in (",", "}" if isinstance(stack[-1], dict) else "]"):
                raise _JsonError(match.start(1))
            at = match.end()
            if match[1] == ",":
                break
            stack.pop()
        if not stack:
            end = _matched(_BLANKS, text, at).end()
            if end < len(text):
                raise _JsonError(end)
            return result


def _matched(expected: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    match = expected.match(text, at)
    if match is None:
        raise _JsonError(_after_blanks(text, at))
    return match


def _start(text: str) -> int:
    """The offset where the JSON begins."""
    return _after_blanks(text, int(text.startswith("\ufeff")))


def _after_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _character(text: str, at: int) -> Span:
    """The span of the character at an offset; an empty span at the end."""
    return Span(at, min(at + 1, len(text)))


class _JsonString:
    """The text of a JSON string, and a mapping from offsets in it to offsets in the file."""

    def __init__(self, text: str, span: Span) -> None:
        self.text = text[span.start : span.end]
        self._start = span.start
        self._escapes: list[int] = []  # offsets in the decoded text
        self._shifts = [0]  # how much longer the written text is, up to each escape
        if "\\" in self.text:
            for match in _ESCAPE.finditer(self.text):
                self._escapes.append(match.start() - self._shifts[-1])
                self._shifts.append(self._shifts[-1] + len(match[0]) - 1)
            self.text = _SURROGATES.sub("\ufffd", json.loads(f'"{self.text}"'))

    def written(self, span: Span) -> Span:
        """The span in the file for a span in the decoded text."""
        return Span(self._offset(span.start), self._offset(span.end))

    def _offset(self, at: int) -> int:
        return self._start + at + self._shifts[bisect_left(self._escapes, at)]


def _node_links(path: str, text: str, node: _Json, dialect: Dialect) -> Iterator[Link]:
    if not isinstance(node, dict):
        return
    kind = _string(text, node, "type").text
    if kind == "file":
        yield from _file_link(_string(text, node, "file"), _string(text, node, "subpath"))
    elif kind == "group":
        yield from _file_link(_string(text, node, "background"), _JsonString("", Span(0, 0)))
    elif kind == "text":
        markdown = _string(text, node, "text")
        for link in read_note(path, markdown.text, Dialect(engine=dialect.engine)).links:
            # It is not established whether a text in a canvas can have front matter.
            is_doubtful = link.doubtful or link.place is Place.PROPERTY
            yield replace(_placed(link, markdown.written), doubtful=is_doubtful)


def _string(text: str, node: dict[str, _Json], key: str) -> _JsonString:
    """The string that a node has for a key; an empty one if there is none."""
    value = node.get(key)
    return _JsonString(text, value if isinstance(value, Span) else Span(0, 0))


def _file_link(file: _JsonString, subpath: _JsonString) -> Iterator[Link]:
    if not file.text:
        return
    whole = file.written(Span(0, len(file.text)))
    mark = int(subpath.text.startswith("#"))
    yield Link(
        kind=LinkKind.FILE,
        place=Place.DATA,
        embed=True,
        span=whole,
        target=file.text,
        target_span=whole,
        subpath=subpath.text[mark:],
        subpath_span=subpath.written(Span(mark, len(subpath.text))) if subpath.text else Span(whole.end, whole.end),
        display=None,
        display_span=None,
    )


def _texts(value: Value | None) -> Iterator[Scalar]:
    """The texts in a value, by offset; names of properties are not expressions."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, ListValue):
            waiting.extend(reversed(value.items))
        elif isinstance(value, MapValue):
            waiting.extend(item.value for item in reversed(value.properties))
        elif value is not None and value.kind in (ScalarKind.TEXT, ScalarKind.PLACEHOLDER):
            yield value


def _scalar_links(text: str, scalar: Scalar) -> Iterator[Link]:
    """Links in a text of a base; their parts have exact spans only if the text has no escapes."""
    shift = text.find(scalar.text, scalar.span.start, scalar.span.end)

    def written(span: Span) -> Span:
        return scalar.span if shift < 0 else Span(span.start + shift, span.end + shift)

    for link in _expression_links(scalar.text):
        yield _placed(link, written)


def _expression_links(expression: str) -> Iterator[Link]:
    """Links in an expression; a wikilink that is not an argument of these functions may be plain text: doubtful."""
    content = expression.strip()
    if _WIKILINK.fullmatch(content):
        start = expression.index(content)
        yield wikilink(expression, Span(start, start + len(content)), Place.DATA, embed=False, doubtful=True)
        return
    for match in _LITERAL.finditer(expression):
        span = Span(*match.span("single" if match["double"] is None else "double"))
        is_argument = match["function"] is not None and _ARGUMENT_END.match(expression, match.end()) is not None
        link = _argument_link(expression, span) if is_argument else None
        if link is not None:
            yield link
        elif span.start >= 0:
            for inner in _WIKILINK.finditer(expression, span.start, span.end):
                yield wikilink(expression, Span(*inner.span()), Place.DATA, embed=False, doubtful=True)


def _argument_link(expression: str, span: Span) -> Link | None:
    """The link for a function's argument: a wikilink, or a name with an optional subpath; None for an address."""
    written = expression[span.start : span.end]
    if _WIKILINK.fullmatch(written):
        around = span
    elif not written.partition("#")[0].strip() or "[[" in written or _URL.match(written):
        return None
    else:
        around = Span(span.start - 2, span.end + 2)  # as if the name were in `[[…]]`
    link = wikilink(expression, around, Place.DATA, embed=False, doubtful="\\" in written)  # escapes: undocumented
    return replace(link, span=span)


def _placed(link: Link, written: Callable[[Span], Span]) -> Link:
    """A link with its spans mapped from one of the strings to the file."""
    return replace(
        link,
        place=Place.DATA,
        span=written(link.span),
        target_span=written(link.target_span),
        subpath_span=written(link.subpath_span),
        display_span=written(link.display_span) if link.display_span else None,
    )
