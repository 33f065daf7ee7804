"""From tokens to a syntax tree, as the parser of the npm package `yaml` builds it, without recursion."""

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct, field

from vaultlint.reading.yaml.faults import Fault, YamlError
from vaultlint.reading.yaml.lexing import Kind, Lexeme, tokens

MAX_DEPTH = 100
"""Deepest nesting of lists and maps that is read."""


class Form(Enum):
    """How a node is written."""

    DOCUMENT = "document"
    DOCUMENT_END = "document end"
    BLOCK_MAP = "block map"
    BLOCK_LIST = "block list"
    FLOW = "flow"
    BLOCK_TEXT = "block text"
    PLAIN = "plain"
    SINGLE_QUOTED = "single-quoted"
    DOUBLE_QUOTED = "double-quoted"
    ALIAS = "alias"


_FORMS = {
    Kind.PLAIN: Form.PLAIN,
    Kind.SINGLE_QUOTED: Form.SINGLE_QUOTED,
    Kind.DOUBLE_QUOTED: Form.DOUBLE_QUOTED,
    Kind.ALIAS: Form.ALIAS,
}
"""Forms of values that are a single token."""

_BLOCKS = (Form.BLOCK_MAP, Form.BLOCK_LIST)
_BLANK = (Kind.SPACE, Kind.COMMENT, Kind.NEWLINE)
_LINE_PARTS = (Kind.DOCUMENT_START, Kind.QUESTION, Kind.COLON, Kind.DASH, Kind.NEWLINE)
_ITEM_MARKS = (Kind.COMMA, Kind.QUESTION)
_FLOW_MARKS = (*_ITEM_MARKS, Kind.COLON, Kind.ANCHOR, Kind.TAG)
_OUTSIDE = (Kind.COMMA, Kind.DOCUMENT_START, Kind.DOCUMENT_END, Kind.CLOSING, Kind.COLON)


class Part(Struct, gc=False):
    """An item of a list or map: tokens before its key or value, the key, tokens between the two, and the value.

    `between` is None if no colon can follow: an item without a key.
    """

    before: list[Lexeme] = field(default_factory=list)
    key: "Node | None" = None
    between: list[Lexeme] | None = None
    value: "Node | None" = None
    is_explicit: bool = False


class Node(Struct, gc=False):
    """A value in the syntax tree; `behind` holds the tokens after it on its line, or from the closing bracket."""

    form: Form
    start: int
    end: int
    indent: int
    parts: list[Part] = field(default_factory=list)
    before: list[Lexeme] = field(default_factory=list)
    """Of a document, and of the header of a block scalar."""
    behind: list[Lexeme] | None = None
    value: "Node | None" = None
    """Of a document."""


def parse(text: str) -> tuple[list[Node], list[Lexeme]]:
    """The documents of a text with the ends (`...`) between them, in order, and the directives of the first document.

    Raises:
        YamlError: the text is not valid.
    """
    parser = _Parser(text)
    for token in tokens(text):
        parser.take(token)
    parser.end()
    return parser.documents, parser.directives


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.documents: list[Node] = []
        self.directives: list[Lexeme] = []
        self._stack: list[Node] = []
        self._indent = 0
        self._at_line_start = True
        self._on_key_line = False
        self._broken_off: int | None = None  # start of brackets that were ended by an unindented line
        self._token = Lexeme(Kind.NEWLINE, 0, 0)

    def take(self, token: Lexeme) -> None:
        """Process the next token."""
        self._token = token
        token.indent = self._indent
        kind = token.kind
        if kind is Kind.PLAIN or kind is Kind.BLOCK_TEXT:
            self._at_line_start = False
        self._step()
        if kind is Kind.NEWLINE:
            self._at_line_start, self._indent = True, 0
        elif kind is Kind.SPACE:
            if self._at_line_start and self.text[token.start] == " ":
                self._indent += token.end - token.start
        elif kind is Kind.DASH or kind is Kind.COLON or kind is Kind.QUESTION:
            if self._at_line_start:
                self._indent += 1
        elif kind not in (Kind.DOCUMENT, Kind.BROKEN_OFF, Kind.PLAIN, Kind.BLOCK_TEXT):
            self._at_line_start = False

    def end(self) -> None:
        """Close all open nodes."""
        while self._stack:
            self._pop()

    def _step(self) -> None:
        top = self._stack[-1] if self._stack else None
        token = self._token
        if token.kind is Kind.DOCUMENT_END and (top is None or top.form is not Form.DOCUMENT_END):
            self.end()
            self._stack.append(Node(Form.DOCUMENT_END, token.start, token.end, 0, behind=[]))
        elif top is None:
            self._stream()
        elif top.form is Form.BLOCK_MAP:
            self._block_map(top)
        elif top.form is Form.BLOCK_LIST:
            self._block_list(top)
        elif top.form is Form.FLOW:
            self._flow(top)
        elif top.form is Form.BLOCK_TEXT:
            self._block_text(top)
        elif top.form is Form.DOCUMENT:
            self._document(top)
        elif top.form is Form.DOCUMENT_END:
            self._document_end(top)
        else:
            self._scalar(top)

    def _again(self) -> None:
        self._pop()
        self._step()

    def _push(self, node: Node) -> None:
        if node.form in (*_BLOCKS, Form.FLOW) and len(self._stack) > MAX_DEPTH:  # the document is one, too
            raise YamlError(Fault.DEEP, node.start, node.start + 1)
        self._stack.append(node)

    def _pop(self) -> None:
        node = self._stack.pop()
        if not self._stack:
            self.documents.append(node)
            return
        top = self._stack[-1]
        if node.form is Form.BLOCK_TEXT:
            node.indent = top.indent  # counts from its parent, not from its header
        elif node.form is Form.FLOW:
            if top.form is Form.DOCUMENT:
                node.indent = 0
            _mend_list(self.text, node)
        if self._is_value(top, node) and node.form in _BLOCKS:
            _move_empty_end(top, node)

    def _is_value(self, top: Node, node: Node) -> bool:
        """Put a finished node into the one around it; returns whether it became a value in a block."""
        if top.form is Form.DOCUMENT:
            top.value = node
            return True
        part = top.parts[-1] if top.parts else None
        if top.form is Form.BLOCK_LIST:
            if part is None or part.value is not None:
                top.parts.append(Part(value=node))
            else:
                part.value = node
            return True
        if part is not None and part.value is None and part.between is not None:
            part.value = node
            return top.form is Form.BLOCK_MAP
        if part is None or part.value is not None:
            top.parts.append(Part(key=node, between=[]))
            is_explicit = False
        else:
            part.key, part.between = node, []
            is_explicit = part.is_explicit
        if top.form is Form.BLOCK_MAP:
            self._on_key_line = not is_explicit
        return False

    def _stream(self) -> None:
        token = self._token
        if token.kind is Kind.DIRECTIVE:
            self.directives.append(token)
        elif token.kind is Kind.DOCUMENT or token.kind is Kind.DOCUMENT_START:
            others = [node for node in self.documents[:4] if node.form is Form.DOCUMENT]
            if len(others) > 1:
                raise YamlError(Fault.SECOND, others[1].start, others[1].end)
            before = [token] if token.kind is Kind.DOCUMENT_START else []
            self._stack.append(Node(Form.DOCUMENT, token.start, token.end, 0, before=before))
        elif token.kind is not Kind.BYTE_ORDER_MARK and token.kind not in _BLANK:
            raise self._unexpected(token)

    def _unexpected(self, token: Lexeme) -> YamlError:
        if self._broken_off is not None:
            return YamlError(Fault.BRACKET, self._broken_off)
        return YamlError(Fault.UNEXPECTED, token.start)

    def _document(self, document: Node) -> None:
        token = self._token
        if document.value is not None:
            self._line_end(document)
        elif token.kind is Kind.DOCUMENT_START and any(one.kind not in _BLANK for one in document.before):
            self._again()
        elif token.kind in (Kind.DOCUMENT_START, Kind.ANCHOR, Kind.TAG, *_BLANK):
            document.before.append(token)
        else:
            node = self._started(document)
            if node is None:
                raise self._unexpected(token)
            self._push(node)

    def _document_end(self, node: Node) -> None:
        if self._token.kind is not Kind.DOCUMENT:
            assert node.behind is not None  # noqa: S101  # given above
            node.behind.append(self._token)
            if self._token.kind is Kind.NEWLINE:
                self._pop()

    def _scalar(self, scalar: Node) -> None:
        if self._token.kind is not Kind.COLON:
            self._line_end(scalar)
            return
        before = _key_properties(_properties_of(self._stack[-2]))
        between = [*(scalar.behind or ()), self._token]
        scalar.behind = None
        self._on_key_line = True
        self._stack.pop()
        self._push(Node(Form.BLOCK_MAP, scalar.start, scalar.start, scalar.indent, [Part(before, scalar, between)]))

    def _block_text(self, node: Node) -> None:
        if self._token.kind in _BLANK:
            node.before.append(self._token)
        elif self._token.kind is Kind.BLOCK_TEXT:
            node.end = self._token.end
            node.before.append(self._token)
            self._at_line_start, self._indent = True, 0
            self._pop()
        else:
            self._again()

    def _blank_in_block(self, node: Node) -> bool:
        """Process a space, comment or line end in a block map or list; False if the token is something else."""
        token, part = self._token, node.parts[-1]
        if token.kind not in _BLANK:
            return False
        if token.kind is Kind.NEWLINE and node.form is Form.BLOCK_MAP:
            self._on_key_line = False
        if part.value is not None:
            behind = part.value.behind
            if token.kind is Kind.NEWLINE and behind and behind[-1].kind is Kind.COMMENT:
                behind.append(token)
            else:
                node.parts.append(Part([token]))
            return True
        if part.between is not None:
            part.between.append(token)
            return True
        if self._is_indented_comment(part, node.indent):
            last = node.parts[-2].value if len(node.parts) > 1 else None
            if last is not None and last.behind is not None:
                last.behind += [*part.before, token]
                node.parts.pop()
                return True
        part.before.append(token)
        return True

    def _is_indented_comment(self, part: Part, indent: int) -> bool:
        if self._token.kind is not Kind.COMMENT or self._indent <= indent:
            return False
        return all(token.kind in (Kind.NEWLINE, Kind.SPACE) for token in reversed(part.before))

    def _block_map(self, node: Node) -> None:
        if self._blank_in_block(node):
            return
        if self._indent < node.indent:
            self._again()
            return
        token, part = self._token, node.parts[-1]
        at_indent = not self._on_key_line and self._indent == node.indent
        at_next = at_indent and (part.between is not None or part.is_explicit) and token.kind is not Kind.DASH
        before: list[Lexeme] = []
        if at_next and part.between is not None and part.value is None:
            before = _next_item(part.between, node.indent)
        if token.kind is Kind.ANCHOR or token.kind is Kind.TAG:
            self._property_in_map(node, part, at_next, before)
        elif token.kind is Kind.QUESTION:
            self._question(node, part, at_next, before)
        elif token.kind is Kind.COLON:
            self._colon(node, part, at_next, before)
            self._on_key_line = True
        elif token.kind in _FORMS:
            scalar = self._one_token()
            if at_next or part.value is not None:
                node.parts.append(Part(before, scalar, []))
                self._on_key_line = True
            elif part.between is not None:
                self._push(scalar)
            else:
                part.key, part.between = scalar, []
                self._on_key_line = True
        else:
            started = self._started(node)
            if started is None:
                self._again()
                return
            if at_indent and started.form is not Form.BLOCK_LIST:
                node.parts.append(Part(before))
            self._push(started)

    def _property_in_map(self, node: Node, part: Part, at_next: bool, before: list[Lexeme]) -> None:
        """Process a tag or an anchor."""
        if at_next or part.value is not None:
            node.parts.append(Part([*before, self._token]))
            self._on_key_line = True
        elif part.between is not None:
            part.between.append(self._token)
        else:
            part.before.append(self._token)

    def _question(self, node: Node, part: Part, at_next: bool, before: list[Lexeme]) -> None:
        token = self._token
        if part.between is None and not part.is_explicit:
            part.before.append(token)
            part.is_explicit = True
        elif at_next or part.value is not None:
            node.parts.append(Part([*before, token], is_explicit=True))
        else:
            parts = [Part([token], is_explicit=True)]
            self._push(Node(Form.BLOCK_MAP, token.start, token.start, self._indent, parts))
        self._on_key_line = True

    def _push_map(self, part: Part) -> None:
        start = self._token.start
        self._push(Node(Form.BLOCK_MAP, start, start, self._indent, [part]))

    def _colon(self, node: Node, part: Part, at_next: bool, before: list[Lexeme]) -> None:
        token = self._token
        if part.is_explicit:
            self._colon_of_explicit(node, part, before)
        elif part.between is None:
            part.between = [token]
        elif part.value is not None or at_next:
            node.parts.append(Part(before, None, [token]))
        elif any(one.kind is Kind.COLON for one in part.between):
            self._push_map(Part(between=[token]))
        else:
            part.between.append(token)

    def _colon_of_explicit(self, node: Node, part: Part, before: list[Lexeme]) -> None:
        """Process a colon in an item that begins with a question mark."""
        token = self._token
        if part.between is None:
            if any(one.kind is Kind.NEWLINE for one in part.before):
                part.between = [token]
            else:
                self._push_map(Part(_key_properties(part.before), None, [token]))
        elif part.value is not None:
            node.parts.append(Part(between=[token]))
        elif any(one.kind is Kind.COLON for one in part.between):
            self._push_map(Part(before, None, [token]))
        elif _is_inline(part.key) and not any(one.kind is Kind.NEWLINE for one in part.between):
            inner = Part(_key_properties(part.before), part.key, [*part.between, token])
            part.key = part.between = None
            self._push_map(inner)
        else:
            part.between += [*before, token]

    def _block_list(self, node: Node) -> None:
        if self._blank_in_block(node):
            return
        token, part = self._token, node.parts[-1]
        if token.kind is Kind.ANCHOR or token.kind is Kind.TAG:
            if part.value is None and self._indent > node.indent:
                part.before.append(token)
                return
        elif token.kind is Kind.DASH and self._indent == node.indent:
            if part.value is not None or any(one.kind is Kind.DASH for one in part.before):
                node.parts.append(Part([token]))
            else:
                part.before.append(token)
            return
        started = self._started(node) if self._indent > node.indent else None
        if started is None:
            self._again()
        else:
            self._push(started)

    def _flow(self, node: Node) -> None:
        token = self._token
        part = node.parts[-1] if node.parts else None
        if token.kind is Kind.BROKEN_OFF:
            self._broken_off = node.start if self._broken_off is None else self._broken_off
            while self._stack and self._stack[-1].form is Form.FLOW:
                self._pop()
            return
        if node.behind:
            self._behind_flow(node)
        elif token.kind in _FLOW_MARKS or token.kind in _BLANK:
            self._mark_in_flow(node, part)
        elif token.kind in _FORMS:
            self._scalar_in_flow(node, part)
        elif token.kind is Kind.CLOSING:
            node.behind = [token]
            node.end = token.end
        else:
            started = self._started(node)
            if started is None:
                self._again()
            else:
                self._push(started)

    def _mark_in_flow(self, node: Node, part: Part | None) -> None:
        """Process a mark before or between keys and values in brackets."""
        token = self._token
        if part is None or (token.kind not in _ITEM_MARKS and part.value is not None):
            node.parts.append(Part(between=[token]) if token.kind is Kind.COLON else Part([token]))
        elif token.kind in _ITEM_MARKS:
            if part.between is None:
                part.before.append(token)
            else:
                node.parts.append(Part([token]))
        elif part.between is not None:
            part.between.append(token)
        elif token.kind is Kind.COLON:
            part.between = [token]
        else:
            part.before.append(token)

    def _scalar_in_flow(self, node: Node, part: Part | None) -> None:
        scalar = self._one_token()
        if part is None or part.value is not None:
            node.parts.append(Part(key=scalar, between=[]))
        elif part.between is not None:
            self._push(scalar)
        else:
            part.key, part.between = scalar, []

    def _behind_flow(self, node: Node) -> None:
        """Process what follows the closing bracket: a colon makes the whole a key."""
        kind, parent = self._token.kind, self._stack[-2]
        is_in_map = parent.form is Form.BLOCK_MAP
        is_at_margin = kind is Kind.COLON and parent.indent == node.indent
        is_name = kind is Kind.NEWLINE and is_in_map and parent.parts[-1].between is None
        if is_in_map and (is_at_margin or is_name):
            self._again()
        elif kind is Kind.COLON and parent.form is not Form.FLOW:
            before = _key_properties(_properties_of(parent))
            _mend_list(self.text, node)
            assert node.behind is not None  # noqa: S101  # the bracket
            between = [*node.behind[1:], self._token]
            del node.behind[1:]
            self._on_key_line = True
            self._stack.pop()
            self._push(Node(Form.BLOCK_MAP, node.start, node.start, node.indent, [Part(before, node, between)]))
        else:
            self._line_end(node)

    def _one_token(self) -> Node:
        token = self._token
        return Node(_FORMS[token.kind], token.start, token.end, self._indent)

    def _started(self, parent: Node) -> Node | None:
        """The node that begins with the current token; None if no node does."""
        token = self._token
        if token.kind in _FORMS:
            return self._one_token()
        if token.kind is Kind.BLOCK_HEADER:
            return Node(Form.BLOCK_TEXT, token.start, token.end, self._indent, before=[token])
        if token.kind is Kind.OPENING:
            return Node(Form.FLOW, token.start, token.end, self._indent)
        if token.kind is Kind.DASH:
            return Node(Form.BLOCK_LIST, token.start, token.start, self._indent, [Part([token])])
        if token.kind is Kind.QUESTION or token.kind is Kind.COLON:
            self._on_key_line = True
            before = _key_properties(_properties_of(parent))
            is_explicit = token.kind is Kind.QUESTION
            part = Part([*before, token], is_explicit=True) if is_explicit else Part(before, None, [token])
            return Node(Form.BLOCK_MAP, token.start, token.start, self._indent, [part])
        return None

    def _line_end(self, node: Node) -> None:
        token = self._token
        if token.kind in _OUTSIDE:
            self._again()
            return
        if token.kind is Kind.NEWLINE:
            self._on_key_line = False
        node.behind = node.behind or []
        node.behind.append(token)
        if token.kind is Kind.NEWLINE:
            self._pop()


def _properties_of(parent: Node) -> list[Lexeme]:
    """The tokens before the value that begins in a node."""
    if parent.form is Form.DOCUMENT:
        return parent.before
    if parent.form in _BLOCKS:
        part = parent.parts[-1]
        return part.before if part.between is None or parent.form is Form.BLOCK_LIST else part.between
    return []


def _key_properties(before: list[Lexeme]) -> list[Lexeme]:
    """Remove tags and anchors after the last line end or mark: they belong to the next key, not to its map."""
    i = len(before)
    while i and before[i - 1].kind not in _LINE_PARTS:
        i -= 1
    while i < len(before) and before[i].kind is Kind.SPACE:
        i += 1
    taken = before[i:]
    del before[i:]
    return taken


def _next_item(between: list[Lexeme], indent: int) -> list[Lexeme]:
    """Remove empty lines before an item, with the comments there that are not indented more than it."""
    newlines: list[int] = []
    for i, token in enumerate(between):
        if token.kind is Kind.NEWLINE:
            newlines.append(i)
        elif token.kind is not Kind.SPACE and not (token.kind is Kind.COMMENT and token.indent <= indent):
            newlines.clear()
    if len(newlines) < 2:
        return []
    taken = between[newlines[1] :]
    del between[newlines[1] :]
    return taken


def _is_inline(node: Node | None) -> bool:
    return node is not None and node.form in (*_FORMS.values(), Form.FLOW)


def _mend_list(text: str, node: Node) -> None:
    """Turn keys without a colon into values, as in `[a, b]`."""
    if text[node.start] != "[":
        return
    for part in node.parts:
        if part.between is None or part.value is not None:
            continue
        if _has(part.before, Kind.QUESTION) or _has(part.between, Kind.COLON):
            continue
        part.value, part.key = part.key, None
        if part.value is not None and _is_inline(part.value):
            part.value.behind = [*(part.value.behind or ()), *part.between]
        else:
            part.before += part.between
        part.between = None


def _has(among: Iterable[Lexeme], kind: Kind) -> bool:
    return any(token.kind is kind for token in among)


def _move_empty_end(top: Node, node: Node) -> None:
    """Move empty lines and comments at the end of a block to the block around it."""
    last = node.parts[-1]
    if last.between is not None or last.value is not None or not last.before:
        return
    if any(token.kind not in _BLANK for token in last.before):
        return
    if node.indent and any(token.kind is Kind.COMMENT and token.indent >= node.indent for token in last.before):
        return
    if top.form is Form.DOCUMENT:
        top.behind = last.before
    else:
        top.parts.append(Part(last.before))
    node.parts.pop()
