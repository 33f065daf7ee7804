"""From the syntax tree to values, with the checks of the npm package `yaml`."""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from msgspec import Struct

from vaultlint.note import ListValue, MapValue, Property, Scalar, ScalarKind, Value
from vaultlint.reading.yaml.before import Around, InFront, read_before
from vaultlint.reading.yaml.faults import Fault, YamlError
from vaultlint.reading.yaml.kinds import CHECKBOX, EMPTY, FLOAT, WHOLE, kind_of
from vaultlint.reading.yaml.lexing import Kind, Lexeme
from vaultlint.reading.yaml.parsing import Form, Node, Part
from vaultlint.reading.yaml.scalars import block_text, double_quoted, folded
from vaultlint.text import Span

LONGEST_NAME = 1024
MOST_ALIASES = 100

_TAGS = "tag:yaml.org,2002:"
_TAGGED = {
    f"{_TAGS}int": (WHOLE, ScalarKind.NUMBER),
    f"{_TAGS}float": (FLOAT, ScalarKind.NUMBER),
    f"{_TAGS}bool": (CHECKBOX, ScalarKind.CHECKBOX),
    f"{_TAGS}null": (EMPTY, ScalarKind.EMPTY),
}
_TAG = re.compile(r"(.*!)([^!]*)", re.DOTALL)


class _Anchored(Struct, gc=False):
    """A value with an anchor: how often it is used, and how many values it expands to through its own aliases."""

    weight: int
    uses: int = 1


class Composer:
    """Composes one document.

    Args:
        text: the whole YAML text.
        base: offset of the text in its file.
        directives: the directives before the document (`%…`).
    """

    def __init__(self, text: str, base: int, directives: Sequence[Lexeme]) -> None:
        self.duplicates: list[Property] = []
        """Properties whose name repeats an earlier one of the same map."""
        self._text = text
        self._base = base
        self._anchors: dict[str, _Anchored] = {}
        self._weight = 0
        self._at_root = True
        self._handles = {"!!": _TAGS}
        self._directives = directives
        for directive in directives:
            self._read_directive(directive)

    def document(self, node: Node) -> Value:
        """The value of a document.

        Raises:
            YamlError: the document is not valid.
        """
        if any(one.start < node.start for one in self._directives) and not _has_start(node):
            raise YamlError(Fault.DIRECTIVE, self._directives[0].start)
        behind = node.behind[0] if node.behind else None
        before = self._before(
            node.before, node.value or behind, Around(Kind.DOCUMENT_START, node.start, 0, at_line_start=True)
        )
        value = node.value
        is_block = value is not None and value.form in (Form.BLOCK_MAP, Form.BLOCK_LIST)
        if value is not None and is_block and before.found and not before.has_newline:
            raise YamlError(Fault.SECOND, before.found.start, before.found.end)
        composed = self._value(value, before) if value else self._empty(before, before.end)
        self._check_behind(node.behind, needs_space=False)
        return composed

    def check_ends(self, ends: Sequence[Node]) -> None:
        """Check that nothing follows `...` on its line.

        Raises:
            YamlError: something does.
        """
        for node in ends:
            self._check_behind(node.behind)

    def _span(self, start: int, end: int) -> Span:
        return Span(self._base + start, self._base + max(start, end))

    def _read_directive(self, token: Lexeme) -> None:
        name, *parts = self._text[token.start : token.end].split()
        if name == "%TAG" and len(parts) == 2:
            self._handles[parts[0]] = parts[1]
        elif name == "%TAG" or (
            name == "%YAML" and not (len(parts) == 1 and re.fullmatch(r"[0-9]+\.[0-9]+", parts[0]))
        ):
            raise YamlError(Fault.DIRECTIVE, token.start, token.end)

    def _before(self, tokens: Sequence[Lexeme], following: Node | Lexeme | None, around: Around) -> InFront:
        return read_before(self._text, tokens, following, around)

    def _check_behind(self, behind: Sequence[Lexeme] | None, needs_space: bool = True) -> None:
        """Check that only white space and a comment follow a value on its line."""
        has_space = False
        for token in behind or ():
            if token.kind is Kind.SPACE or token.kind is Kind.NEWLINE:
                has_space = True
            elif token.kind is not Kind.COMMENT:
                raise YamlError(Fault.BEHIND, token.start)
            elif needs_space and not has_space:
                raise YamlError(Fault.COMMENT, token.start, token.start + 1)

    def _value(self, node: Node, before: InFront) -> Value:
        name = self._text[before.anchor.start + 1 : before.anchor.end] if before.anchor else None
        if node.form is Form.ALIAS:
            if before.anchor or before.tag:
                raise YamlError(Fault.START, before.start)
            return self._alias(node)
        if node.form in (Form.BLOCK_MAP, Form.BLOCK_LIST, Form.FLOW):
            return self._collection(node, before, name)
        value = self._scalar(node, before)
        self._weight = 1
        if name is not None:
            self._anchors[name] = _Anchored(1)
        return value

    def _collection(self, node: Node, before: InFront, name: str | None) -> Value:
        last = _last(before.anchor, before.tag)
        if node.form is Form.BLOCK_LIST and last and before.newline_behind < last.start:
            raise YamlError(Fault.LIST, node.start)
        if before.tag:
            self._tag_name(before.tag)
        is_root, self._at_root = self._at_root, False
        anchored = _Anchored(0)
        if name is not None:
            self._anchors[name] = anchored
        if node.form is Form.FLOW:
            value = self._flow(node, is_root, before)
        elif node.form is Form.BLOCK_MAP:
            value = self._block_map(node, before)
        else:
            value = self._block_list(node, before)
        anchored.weight = self._weight
        return value

    def _empty(self, before: InFront, at: int) -> Scalar:
        """The empty value at offset `at`, for example after a colon or a tag with nothing behind it."""
        kind = ScalarKind.EMPTY
        if before.tag:
            kind = self._tagged_kind(before.tag, "", ScalarKind.TEXT)
        if before.anchor:
            self._anchors[self._text[before.anchor.start + 1 : before.anchor.end]] = _Anchored(1)
        self._weight = 1
        last = _last(before.anchor, before.tag) or before.found
        start = before.start if before.anchor or before.tag else last.end if last else at
        return Scalar(kind, "", self._span(start, last.end if last else at))

    def _alias(self, node: Node) -> Scalar:
        written = self._text[node.start : node.end]
        anchored = self._anchors.get(written[1:])
        if anchored is None:
            raise YamlError(Fault.ALIAS, node.start, node.end)
        anchored.uses += 1
        if anchored.uses * anchored.weight > MOST_ALIASES:
            raise YamlError(Fault.MANY_ALIASES, node.start, node.end)
        self._weight = anchored.uses * anchored.weight
        self._check_behind(node.behind)
        return Scalar(ScalarKind.ALIAS, written, self._span(node.start, node.end))

    def _scalar(self, node: Node, before: InFront) -> Scalar:
        source = self._text[node.start : node.end]
        kind = ScalarKind.TEXT
        if node.form is Form.PLAIN:
            if source[:1] in ("\t", ",", "%", "|", ">", "@", "`") and source:
                raise YamlError(Fault.START, node.start)
            text = folded(source)
            kind = kind_of(text)
        elif node.form is Form.SINGLE_QUOTED:
            if len(source) == 1 or not source.endswith("'"):
                raise YamlError(Fault.QUOTE, node.start)
            text = folded(source[1:-1]).replace("''", "'")
        elif node.form is Form.DOUBLE_QUOTED:
            text = double_quoted(source, node.start)
        else:
            text = self._block_text(node)
        if node.form is not Form.BLOCK_TEXT:
            self._check_behind(node.behind)
        if before.tag:
            kind = self._tagged_kind(before.tag, text, ScalarKind.TEXT)
        start = before.start if before.anchor or before.tag else node.start
        return Scalar(kind, text, self._span(start, node.end))

    def _block_text(self, node: Node) -> str:
        header, *others = node.before
        has_space = False
        for token in others:
            has_space = has_space or token.kind is Kind.SPACE
            if token.kind is Kind.COMMENT and not has_space:
                raise YamlError(Fault.COMMENT, token.start, token.start + 1)
        lines = others[-1] if others and others[-1].kind is Kind.BLOCK_TEXT else None
        source = self._text[lines.start : lines.end] if lines else ""
        sign = self._text[header.start : header.end]
        return block_text(source, sign, node.indent, self._at_root, header.start)

    def _tagged_kind(self, tag: Lexeme, text: str, otherwise: ScalarKind) -> ScalarKind:
        pattern, kind = _TAGGED.get(self._tag_name(tag), (None, otherwise))
        return kind if pattern and pattern.fullmatch(text) else otherwise

    def _tag_name(self, tag: Lexeme) -> str:
        source = self._text[tag.start : tag.end]
        if source == "!":
            return source
        if source.startswith("!<"):
            if source in ("!<!>", "!<!!>") or not source.endswith(">"):
                raise YamlError(Fault.START, tag.start)
            return source[2:-1]
        match = _TAG.fullmatch(source)
        if match is None or not match[2]:
            raise YamlError(Fault.START, tag.start)
        if match[1] in self._handles:
            try:
                return self._handles[match[1]] + unquote(match[2], errors="strict")
            except UnicodeDecodeError:
                raise YamlError(Fault.START, tag.start) from None
        if match[1] != "!":
            raise YamlError(Fault.START, tag.start)
        return source

    def _block_map(self, node: Node, around: InFront) -> MapValue:
        properties = _Properties(self.duplicates)
        offset = end = node.start
        skipped = -1
        weight = 0
        for part in node.parts:
            place = Around(Kind.QUESTION, offset, node.indent, at_line_start=True)
            before = self._before(part.before, part.key or _first(part.between), place)
            if before.is_empty and part.between is None:
                skipped = before.end
                continue
            if before.found is None:
                self._check_implicit_key(part, node, before)
            elif before.found.indent != node.indent:
                raise YamlError(Fault.INDENT, before.found.start)
            key = self._key(part, before)
            weight = max(weight, self._weight)
            value, offset = self._value_in_map(part, before, node)
            weight = max(weight, self._weight)
            properties.add(_name(key, self._text, self._base), key, value)
            end = value.span.end - self._base
        if 0 <= skipped < offset:
            raise YamlError(Fault.NAME, skipped)
        self._weight = weight
        start = around.start if around.anchor or around.tag else node.start
        return MapValue(tuple(properties.found), self._span(start, end))

    def _value_in_map(self, part: Part, before: InFront, node: Node) -> tuple[Value, int]:
        """The value of a key, and the offset of its end."""
        behind = part.key.end if part.key else before.end
        is_loose = part.key is None or part.key.form is Form.BLOCK_TEXT
        place = Around(Kind.COLON, behind, node.indent, at_line_start=is_loose)
        between = self._before(part.between or (), part.value, place)
        if between.found:
            value = self._map_value(part, before, between)
        elif before.found is None:
            raise YamlError(Fault.NAME, before.start if part.key is None else part.key.start)
        else:
            value = self._empty(InFront(behind, behind), behind)
        return value, max(between.end, part.value.end if part.value else 0)

    def _check_implicit_key(self, part: Part, node: Node, before: InFront) -> None:
        key = part.key
        if key is not None and key.form is Form.BLOCK_LIST:
            raise YamlError(Fault.LIST, key.start)
        if key is not None and key.indent != node.indent:
            raise YamlError(Fault.INDENT, key.start)
        if before.newline_behind >= 0 or (key is not None and _has_newline(key, self._text)):
            is_plain = key is not None and key.form is Form.PLAIN
            raise YamlError(Fault.NAME if is_plain else Fault.NAME_LINES, key.start if key else before.start)

    def _key(self, part: Part, before: InFront) -> Value:
        return self._value(part.key, before) if part.key else self._empty(before, before.end)

    def _map_value(self, part: Part, before: InFront, between: InFront) -> Value:
        value, found = part.value, between.found
        assert found is not None  # noqa: S101  # the caller checked
        if before.found is None:
            if value is not None and value.form is Form.BLOCK_MAP and not between.has_newline:
                colon = _first_colon(value)
                raise YamlError(
                    Fault.UNEXPECTED if colon is None else Fault.COLON, value.start if colon is None else colon
                )
            if _length(self._text, before.start, found.start) > LONGEST_NAME:
                raise YamlError(Fault.NAME_LENGTH, before.start, found.start)
        return self._value(value, between) if value else self._empty(between, between.end)

    def _block_list(self, node: Node, around: InFront) -> ListValue:
        items: list[Value] = []
        offset = end = node.start
        weight = 0
        for part in node.parts:
            before = self._before(part.before, part.value, Around(Kind.DASH, offset, node.indent, at_line_start=True))
            if before.found is None:
                if before.anchor or before.tag or part.value:
                    is_list = part.value is not None and part.value.form is Form.BLOCK_LIST
                    at = part.value.start if part.value else before.start
                    raise YamlError(Fault.INDENT if is_list else Fault.NO_DASH, at)
                continue
            value = self._value(part.value, before) if part.value else self._empty(before, before.end)
            weight = max(weight, self._weight)
            items.append(value)
            end = value.span.end - self._base
            offset = part.value.end if part.value else before.end
        self._weight = weight
        start = around.start if around.anchor or around.tag else node.start
        return ListValue(tuple(items), self._span(start, end))

    def _flow(self, node: Node, is_root: bool, around: InFront) -> Value:
        is_map = self._text[node.start] == "{"
        properties = _Properties(self.duplicates)
        items: list[Value] = []
        weight = 0
        offset = node.start + 1
        for i, part in enumerate(node.parts):
            flow = Around(Kind.QUESTION, offset, node.indent, at_line_start=False, flow=True)
            before = self._before(part.before, part.key or _first(part.between), flow)
            if _is_empty(part, before):
                _check_empty(i, node, before)
                offset = before.end
                continue
            _check_comma(i, before)
            if not is_map and part.between is None and before.found is None:
                value = self._value(part.value, before) if part.value else self._empty(before, before.end)
                _check_inline(part.value)
                items.append(value)
                offset = part.value.end if part.value else before.end
            else:
                key, value, offset = self._pair(part, before, node, is_map)
                if is_map:
                    properties.add(_name(key, self._text, self._base), key, value)
                else:
                    name = Property(_name(key, self._text, self._base), key.span, value)
                    items.append(MapValue((name,), Span(key.span.start, max(key.span.end, value.span.end))))
            weight = max(weight, self._weight)
        self._check_closed(node, is_map)
        self._weight = weight
        start = around.start if around.anchor or around.tag else node.start
        span = self._span(start, node.end)
        return MapValue(tuple(properties.found), span) if is_map else ListValue(tuple(items), span)

    def _pair(self, part: Part, before: InFront, node: Node, is_map: bool) -> tuple[Value, Value, int]:
        """The key and value of a pair in brackets, and the offset of its end."""
        if not is_map and before.found is None and part.key and _has_newline(part.key, self._text):
            raise YamlError(Fault.NAME_LINES, part.key.start)
        key = self._key(part, before)
        weight = self._weight
        _check_inline(part.key)
        behind = part.key.end if part.key else before.end
        flow = Around(Kind.COLON, behind, node.indent, at_line_start=False, flow=True)
        between = self._before(part.between or (), part.value, flow)
        if between.found:
            if not is_map and before.found is None:
                self._check_pair_in_list(part, before, between.found)
        elif part.value:
            has_colon = self._text.startswith(":", part.value.start) and part.value.form is Form.PLAIN
            raise YamlError(Fault.NO_SPACE if has_colon else Fault.NO_COMMA, part.value.start)
        _check_inline(part.value)
        if part.value:
            value = self._value(part.value, between)
        else:
            value = self._empty(between, between.end if between.found else behind)
        self._weight = max(weight, self._weight)
        return key, value, part.value.end if part.value else between.end

    def _check_pair_in_list(self, part: Part, before: InFront, colon: Lexeme) -> None:
        if any(token.kind is Kind.NEWLINE and token.start < colon.start for token in part.between or ()):
            raise YamlError(Fault.NAME_LINES, before.start)
        if _length(self._text, before.start, colon.start) > LONGEST_NAME:
            raise YamlError(Fault.NAME_LENGTH, before.start, colon.start)

    def _check_closed(self, node: Node, is_map: bool) -> None:
        closing, *others = node.behind or (None,)
        if closing is None or self._text[closing.start] != ("}" if is_map else "]"):
            raise YamlError(Fault.BRACKET, node.start)
        self._check_behind(others)


class _Properties:
    """The properties of a map; reports those that repeat a name."""

    def __init__(self, duplicates: list[Property]) -> None:
        self.found: list[Property] = []
        self._seen: set[object] = set()
        self._duplicates = duplicates

    def add(self, name: str, key: Value, value: Value) -> None:
        item = Property(name, key.span, value)
        self.found.append(item)
        same = _comparable(key)
        if same is not None and same in self._seen:
            self._duplicates.append(item)
        self._seen.add(same)


def _comparable(key: Value) -> object:
    """A value that is equal for two equal keys: `1` equals `01`, but not `"1"`."""
    if not isinstance(key, Scalar) or key.kind is ScalarKind.ALIAS:
        return None
    if key.kind is ScalarKind.NUMBER:
        return _number(key.text)
    if key.kind is ScalarKind.CHECKBOX:
        return key.kind, key.text.lower()
    return key.kind, "" if key.kind is ScalarKind.EMPTY else key.text


def _number(text: str) -> float | None:
    """A number as JavaScript reads it; None for NaN, which is not equal to itself."""
    if text.startswith(("0o", "0x")):
        digits = text[2:].lstrip("0")
        return float(int(text, 0)) if len(digits) < 256 else float("inf")
    lower = text.lower()
    if lower.endswith("nan"):
        return None
    return float(lower.replace(".inf", "inf"))


def _name(key: Value, text: str, base: int) -> str:
    """A key as text; a list or map as it is written in the source."""
    return key.text if isinstance(key, Scalar) else text[key.span.start - base : key.span.end - base]


def _has_start(document: Node) -> bool:
    return any(token.kind is Kind.DOCUMENT_START for token in document.before)


def _first(tokens: Sequence[Lexeme] | None) -> Lexeme | None:
    return tokens[0] if tokens else None


def _last(one: Lexeme | None, other: Lexeme | None) -> Lexeme | None:
    return max(filter(None, (one, other)), key=lambda token: token.start, default=None)


def _length(text: str, start: int, end: int) -> int:
    """Length in UTF-16 code units, as JavaScript counts."""
    return len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2


def _first_colon(node: Node) -> int | None:
    between = node.parts[0].between or ()
    return next((token.start for token in between if token.kind is Kind.COLON), None)


def _is_empty(part: Part, before: InFront) -> bool:
    return part.between is None and part.value is None and before.is_empty


def _check_empty(i: int, node: Node, before: InFront) -> None:
    """Check that an empty item in brackets is the last one, after a comma."""
    is_last = i == len(node.parts) - 1
    if before.comma and (i == 0 or not is_last):
        raise YamlError(Fault.COMMA, before.comma.start, before.comma.end)
    if not is_last:
        raise YamlError(Fault.UNEXPECTED, before.start)


def _check_comma(i: int, before: InFront) -> None:
    """Check that there is a comma between items and none before the first."""
    if i == 0 and before.comma:
        raise YamlError(Fault.COMMA, before.comma.start, before.comma.end)
    if i > 0 and not before.comma:
        raise YamlError(Fault.NO_COMMA, before.start)


def _check_inline(node: Node | None) -> None:
    if node is not None and node.form in (Form.BLOCK_MAP, Form.BLOCK_LIST):
        raise YamlError(Fault.UNEXPECTED, node.start)


def _has_newline(node: Node, text: str) -> bool:
    """Whether a key spans more than one line."""
    if node.form is Form.FLOW:
        for part in node.parts:
            if any(token.kind is Kind.NEWLINE for token in (*part.before, *(part.between or ()))):
                return True
            if any(_has_newline(inner, text) for inner in (part.key, part.value) if inner):
                return True
        return False
    if node.form in (Form.BLOCK_MAP, Form.BLOCK_LIST, Form.BLOCK_TEXT):
        return True
    return "\n" in text[node.start : node.end] or any(token.kind is Kind.NEWLINE for token in node.behind or ())
