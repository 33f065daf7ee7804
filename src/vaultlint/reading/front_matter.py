"""Front matter: the YAML block at the head of a note, with the span of every key and value.

python-frontmatter's own `parse` and `load` strip the text and turn CRLF into LF, so its handler is called on
the untouched text instead. YAML is read from parser events on a stack of our own: `yaml.compose` recurses in
C and crashes on deeply nested input.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

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
from vaultlint.reading.yaml_text import (
    restored,
    unindented_line,
    with_laxer_forms,
    with_own_line_ends,
    without_placeholders,
)
from vaultlint.text import LINE_END, Span, line_span

MAX_DEPTH = 100
MAX_LENGTH = 1_000_000
"""Code points of YAML that are read at the most."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_OPENING = re.compile(r"(\ufeff?)---([ \t]*)(?:\r\n?|\n)")
_DOUBTFUL_END = re.compile(r"(?<![^\r\n])(?:\.\.\.[ \t]*(?![^\r\n])|---[ \t]+[^\s])")
"""A line that may end a block: `...`, or a fence with text behind it."""

_OF_YAML = re.compile(r"[ \t]|#|-[ \t]|[^\s:#][^:\r\n]*:(?:[ \t]|(?![^\r\n]))|(?![^\r\n])")
"""How a line of a block begins."""

_CLOSING = re.compile(r"^---[ \t]*$")
_KEY = re.compile(r"[^\s:#\-][^:\r\n]*:(?:[ \t]|$|[\r\n])")

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")
_SPECIAL_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_CHECKBOX = re.compile("true|True|TRUE|false|False|FALSE")
_EMPTY = re.compile("null|Null|NULL|~|")
_YAML_BLANKS = " \t\r\n\x85\u2028\u2029"

_PLAIN_REASONS = {
    "mapping values are not allowed in this context": "a value that holds `: ` must stand in quotes",
    "found character that cannot start any token": "a value that begins with `{}` must stand in quotes",
}
"""What the commonest of the parser's messages mean to somebody who writes notes."""


_NO_ANCHOR = "invalid YAML: `{}` refers to a value above that is not there; a text that begins with `*` needs quotes"
_QUOTES = frozenset("\"'")

_TOO_DEEP = "exceeded maximum nesting depth"
"""What libyaml says since 0.2.6 when it looks ahead over more than its own limit of 1,000 levels."""


class ObsidianHandler(YAMLHandler):
    """A handler for python-frontmatter that cuts and reads the block as Obsidian does."""

    def detect(self, text: str) -> bool:
        """Whether the note opens with a block that is closed."""
        return _yaml_span(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """The YAML and the body, both as they stand in the note."""
        span = _yaml_span(text)
        if span is None:
            raise ValueError("the text has no front matter")
        return text[span.start : span.end], text[_closing_end(text, span.end) :]

    def load(self, fm: str, **_: object) -> Any:
        """The properties as plain values, by the core schema of YAML 1.2.

        Raises:
            ValueError: the block is one that Obsidian can't read.
        """
        found, problems, is_template = _read_yaml(fm, 0)
        if problems or is_template:
            raise ValueError(problems[0].message if problems else "a placeholder stands where no value can")
        return {item.name: _plain(item.value) for item in found}


def read_front_matter(text: str) -> tuple[FrontMatter | None, tuple[FrontMatterProblem, ...]]:
    """The block at the head of a note, and what is wrong with it."""
    opening = _OPENING.match(text)
    if opening is None:
        return None, ()
    handler = ObsidianHandler()
    if not handler.detect(text):
        # A note may open with a horizontal rule; only what looks like a key tells that a block was meant.
        if opening[1] or opening[2] or not _KEY.match(text, opening.end()) or ends_doubtfully(text):
            return None, ()
        start = opening.start()
        message = "front matter is not closed: no later line is `---`"
        return None, (FrontMatterProblem(message, Span(start, start + 3)),)
    yaml_text, body = handler.split(text)
    properties, problems, is_template = _read_yaml(yaml_text, opening.end())
    block = FrontMatter(
        span=Span(0, len(text) - len(body)),
        properties=() if problems else properties,
        valid=not problems and not is_template,
        doubtful=bool(opening[1] or opening[2] or is_template or _ends_early(yaml_text)),
    )
    return block, problems


def _ends_early(yaml_text: str) -> bool:
    """Whether a block may end before the line that closes it, because what follows the earlier line is no YAML."""
    end = _DOUBTFUL_END.search(yaml_text)
    if end is None or end[0].startswith("."):
        return end is not None
    _, *following = LINE_END.split(yaml_text[end.start() :])
    return not all(map(_OF_YAML.match, following))


def ends_doubtfully(text: str) -> bool:
    """Whether a block opens that nothing closes for certain, and that `...` or `--- text` may close."""
    opening = _OPENING.match(text)
    if opening is None or _yaml_span(text) is not None:
        return False
    end = _DOUBTFUL_END.search(text, opening.end())
    return end is not None and all(map(_OF_YAML.match, LINE_END.split(text[opening.end() : end.start()])))


def begins_late(text: str) -> bool:
    """Whether what looks like front matter stands below blank lines, so that it is none."""
    body = text.lstrip()
    opening = _OPENING.match(body)
    return len(body) < len(text) and opening is not None and _KEY.match(body, opening.end()) is not None


def _yaml_span(text: str) -> Span | None:
    """The text between the fences, line end of its last line included."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    start = opening.end()
    while True:
        line_end = LINE_END.search(text, start)
        end = line_end.start() if line_end else len(text)
        if text.startswith("---", start) and _CLOSING.match(text[start:end]):
            return Span(opening.end(), start)
        if line_end is None:
            return None
        start = line_end.end()


def _closing_end(text: str, start: int) -> int:
    line_end = LINE_END.search(text, start)
    return line_end.end() if line_end else len(text)


class _ProblemError(Exception):
    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.problem = FrontMatterProblem(message, span)


def read_yaml(text: str, base: int) -> tuple[Value | None, FrontMatterProblem | None]:
    """The value of YAML that begins at `base` of a file, None if it is blank; or why it can't be read."""
    if len(text) > MAX_LENGTH:
        message = f"YAML of {len(text):,} characters is not read (the limit is {MAX_LENGTH:,})"
        return None, FrontMatterProblem(message, Span(base, base))
    base += len(text) - len(text := text.lstrip("\ufeff"))  # the parser does not count a byte order mark
    source, text = text, with_own_line_ends(text)
    value, problem = _parsed(text, source, base)
    if problem is not None and (laxer := with_laxer_forms(text)) != text:
        value, problem = _parsed(laxer, source, base)
    if problem is not None and holds_placeholder(source):
        value, problem = _parsed(without_placeholders(with_laxer_forms(text)), source, base)
    return value, problem


def _parsed(text: str, source: str, base: int) -> tuple[Value | None, FrontMatterProblem | None]:
    """What the parser reads in a text, which stands for that of the note."""
    try:
        return _value(text, source, base), None
    except _ProblemError as error:
        return None, error.problem
    except yaml.MarkedYAMLError as error:
        return None, _syntax_problem(error, source, base)
    except yaml.reader.ReaderError as error:
        character = _character(error)
        place = base + max(text.find(character), 0)  # the loaders disagree on whether its position is in bytes
        message = f"invalid YAML: the character U+{ord(character):04X} is not allowed"
        return None, FrontMatterProblem(message, Span(place, place + 1))


def _read_yaml(text: str, base: int) -> tuple[tuple[Property, ...], tuple[FrontMatterProblem, ...], bool]:
    """Properties of a block whose text begins at `base` of the note; none where there is a problem.

    The last is whether only a placeholder keeps it from being read, which is no problem.
    """
    value, problem = read_yaml(text, base)
    if problem is not None:
        line = line_span(text, problem.span.start - base)
        written = text[line.start : line.end]
        is_template = without_placeholders(written) != written
        return (), () if is_template else (problem,), is_template
    if value is None or (isinstance(value, Scalar) and value.kind is ScalarKind.EMPTY):
        return (), (), False
    if not isinstance(value, MapValue):
        kind = "a list" if isinstance(value, ListValue) else "a single text"
        message = f"front matter is {kind}, not properties (`name: value`)"
        end = LINE_END.search(text, value.span.start - base)
        stop = min(value.span.end, base + (end.start() if end else len(text)))
        return (), (FrontMatterProblem(message, Span(value.span.start, stop)),), False
    return value.properties, _duplicates(value), False


def _character(error: Any) -> str:
    character = error.character
    return chr(character) if isinstance(character, int) else str(character)[:1] or "\0"


def _syntax_problem(error: Any, text: str, base: int) -> FrontMatterProblem:
    """PyYAML's error at its place: where the faulty construct begins, if it says so, else where it broke off.

    The start of the mapping or unquoted text that a fault lies in is no help, so that context is passed over.
    """
    mark = error.problem_mark or error.context_mark
    if error.context_mark and not (error.context or "").endswith(("block mapping", "plain scalar")):
        mark = error.context_mark
    start = min(mark.index, len(text)) if mark else 0
    if start == len(text):  # at the very end: blame the last line, not the fence
        start = len(text.removesuffix("\n").removesuffix("\r"))
    line_end = LINE_END.search(text, start)
    end = line_end.start() if line_end else len(text)
    reason = error.problem or error.context or "it can't be parsed"
    if reason == _TOO_DEEP:
        return FrontMatterProblem(
            f"YAML is nested deeper than {MAX_DEPTH} levels", Span(base + start, base + start + 1)
        )
    plain = _PLAIN_REASONS.get(reason, reason).replace("{}", text[start : start + 1])
    if text.startswith("\t", start):
        plain = "a tab can't stand here; YAML is indented with blanks"
    return FrontMatterProblem(f"invalid YAML: {plain}", Span(base + start, base + max(start, end)))


def _duplicates(mapping: MapValue) -> tuple[FrontMatterProblem, ...]:
    """Equal names at any depth: Obsidian gives up on the whole block."""
    problems = []
    waiting: list[Value] = [mapping]
    while waiting:
        value = waiting.pop()
        if isinstance(value, ListValue):
            waiting.extend(value.items)
        elif isinstance(value, MapValue):
            seen: set[str] = set()
            for item in value.properties:
                if item.name in seen:
                    message = f"property {item.name!r} stands here a second time"
                    problems.append(FrontMatterProblem(message, item.name_span))
                seen.add(item.name)
                waiting.append(item.value)
    return tuple(sorted(problems, key=lambda problem: problem.span))


class _Open:
    """A list or map whose end has not come yet."""

    def __init__(self, event: Any, start: int) -> None:
        self.start = start
        self.is_map = isinstance(event, yaml.MappingStartEvent)
        self.is_flow: bool = event.flow_style
        self.column: int = event.start_mark.column
        self.values: list[Value] = []

    def close(self, end: int) -> Value:
        span = Span(self.start, max(self.start, end))
        if not self.is_map:
            return ListValue(tuple(self.values), span)
        pairs = zip(self.values[::2], self.values[1::2], strict=True)
        return MapValue(tuple(Property(_name(key), key.span, value) for key, value in pairs), span)


def _name(key: Value) -> str:
    """A key as text; a list or map as key has no name that Obsidian could show."""
    if isinstance(key, Scalar):
        return key.text
    raise _ProblemError("a property name must be text, not a list or map", key.span)


def _value(text: str, source: str, base: int) -> Value | None:
    """The one value of a YAML document, read from parser events; None if the block is empty.

    Args:
        text: what is given to the parser.
        source: what stands in the note instead, of the same length.
        base: where in the note it begins.
    """
    stack: list[_Open] = []
    anchors: set[str | None] = set()
    is_template = holds_placeholder(source)
    result: Value | None = None
    documents = 0
    last_end = base
    events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
    for event in events:
        start, end = base + event.start_mark.index, base + event.end_mark.index
        value: Value
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _ProblemError("invalid YAML: a second document begins", Span(start, end))
            continue
        if isinstance(event, yaml.CollectionStartEvent):
            if len(stack) == MAX_DEPTH:
                message = f"YAML is nested deeper than {MAX_DEPTH} levels"
                raise _ProblemError(message, Span(start, end))
            stack.append(_Open(event, start))
            anchors.add(event.anchor)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            # The end of a block collection is only noticed at the next token, lines later.
            closed = stack.pop()
            value = closed.close(end if end > start else last_end)
            if closed.is_flow:
                _check_flow(source, value.span, base, stack)
        elif isinstance(event, yaml.ScalarEvent):
            value = _scalar(event, Span(start, end), source, base, is_template)
            anchors.add(event.anchor)
            if event.style in _QUOTES:
                _check_flow(source, value.span, base, stack)
        elif isinstance(event, yaml.AliasEvent):
            value = Scalar(ScalarKind.ALIAS, source[start - base : end - base], Span(start, end))
            if event.anchor not in anchors:
                raise _ProblemError(_NO_ANCHOR.format(value.text), value.span)
        else:
            continue
        last_end = value.span.end
        if stack:
            stack[-1].values.append(value)
        else:
            result = value
    return result


def _check_flow(source: str, span: Span, base: int, around: list[_Open]) -> None:
    """What is in brackets or quotes is indented deeper than its property, and no comment is glued to it.

    Raises:
        _ProblemError: it is not.
    """
    start, end = span.start - base, span.end - base
    if source.startswith("#", end):
        raise _ProblemError("invalid YAML: a comment needs a space before it", Span(span.end, span.end + 1))
    blocks = [one for one in around[-1:] if not one.is_flow]
    if blocks and unindented_line(source, start, end, blocks[0].column) is not None:
        line_end = LINE_END.search(source, start)
        message = "invalid YAML: further lines of a value in brackets or quotes are indented deeper than its name"
        raise _ProblemError(message, Span(span.start, base + line_end.start() if line_end else span.end))


def _scalar(event: Any, span: Span, text: str, base: int, is_template: bool) -> Scalar:
    kind = ScalarKind.TEXT
    written = restored(event.value)
    if is_template and holds_placeholder(written):
        return Scalar(ScalarKind.PLACEHOLDER, written, span)
    if not event.style and event.tag is None:  # the style of a plain scalar is None or "", by loader
        kind = _kind(written)
        if span.start != span.end:  # a plain scalar over several lines may swallow blanks behind it
            shown = text[span.start - base : span.end - base].rstrip(_YAML_BLANKS)
            span = Span(span.start, span.start + len(shown))
    return Scalar(kind, written, span)


def _kind(plain: str) -> ScalarKind:
    if _EMPTY.fullmatch(plain):
        return ScalarKind.EMPTY
    if _CHECKBOX.fullmatch(plain):
        return ScalarKind.CHECKBOX
    if _NUMBER.fullmatch(plain) or _SPECIAL_NUMBER.fullmatch(plain):
        return ScalarKind.NUMBER
    return ScalarKind.TEXT


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
        return _number(value.text)
    return value.text


def _number(text: str) -> int | float | str:
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    if _SPECIAL_NUMBER.fullmatch(text):
        return float(text.replace(".", "", 1))
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text) if len(text) < 4000 else text  # int() refuses more digits than that
    return float(text)


class Properties(Reading):
    """The facts of the front matter."""

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
