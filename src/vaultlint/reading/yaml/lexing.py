"""From YAML to the tokens that the lexer of the npm package `yaml` makes, in time linear in the text."""

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from msgspec import Struct

from vaultlint.expressions import expression
from vaultlint.reading.yaml.faults import Fault, YamlError


class Kind(Enum):
    """The kind of a token."""

    SPACE = "space"
    COMMENT = "comment"
    NEWLINE = "newline"
    BYTE_ORDER_MARK = "byte order mark"
    DIRECTIVE = "directive"
    DOCUMENT = "document"
    DOCUMENT_START = "---"
    DOCUMENT_END = "..."
    DASH = "-"
    QUESTION = "?"
    COLON = ":"
    COMMA = ","
    OPENING = "[ or {"
    CLOSING = "] or }"
    BROKEN_OFF = "end of a list in brackets whose next line is not indented"
    ANCHOR = "anchor"
    ALIAS = "alias"
    TAG = "tag"
    PLAIN = "plain"
    SINGLE_QUOTED = "single-quoted"
    DOUBLE_QUOTED = "double-quoted"
    BLOCK_HEADER = "block header"
    BLOCK_TEXT = "block text"


_INDICATORS = {"-": Kind.DASH, "?": Kind.QUESTION, ":": Kind.COLON}


class Lexeme(Struct, gc=False):
    """A token. `indent` is the indentation of its line as far as the parser had counted it by then."""

    kind: Kind
    start: int
    end: int
    indent: int = 0


_State = Callable[[], Any]  # a type can't name itself

_SPACES = expression(" *")
_WHITE = expression("[ \t]*")
_DIRECTIVE = expression(r"%(?:[^ \t\r\n]++|[ \t]+(?![ \t#\r\n]|\Z)|(?!))*+")
_WORD = expression(r"(?:[^ \t\r\n:]++|:(?![ \t\r\n]|\Z)|(?!))*+")
_FLOW_WORD = expression(r"(?:[^ \t\r\n:,\[\]{}]++|:(?![ \t\r\n,\[\]{}]|\Z)|(?!))*+")
_ANCHOR_NAME = expression(r"[^ ,\[\]{}\n\r\t]*")
_TAG = expression(r"!<[^ \t\r\n>]*>?|!(?:[0-9A-Za-z\-#;/?:@&=+$_.!~*'()]|%[0-9A-Fa-f]{2})*")
_SINGLE_QUOTED_END = expression("(?:[^']++|'')*+'")
_DOUBLE_QUOTED_END = expression(r'(?:[^"\\]++|\\[\s\S])*+"')
_BLOCK_HEADER = expression(r"[|>]([-+1-9]*)[^ \t\r\n#]*")

_EMPTY = ("", " ", "\t", "\r", "\n")
_FLOW_MARKS = (",", "[", "]", "{", "}")


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """The end of a match of `pattern` at `start`; `start` if there is no match."""
    found = pattern.match(text, start)
    return found.end() if found else start


def tokens(text: str) -> Iterator[Lexeme]:
    """The tokens of a text whose lines end with LF or CRLF."""
    lexer = _Lexer(text)
    state: _State = lexer.stream
    while lexer.at < len(text):
        state = state()
        yield from lexer.found
        lexer.found.clear()


class _Lexer:
    """The position in the text and the lexer's state. Each state is a method that returns the next one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: list[Lexeme] = []
        self._line_end = -1
        self._flow_level = 0
        self._flow_key = False  # whether a colon ends a key even without a space after it
        self._indent = 0
        self._least_indent = 0  # least indentation of further lines of the current value

    def _char(self, offset: int = 0) -> str:
        at = self.at + offset
        return self.text[at : at + 1]

    def _push(self, kind: Kind, end: int) -> None:
        if end > self.at:
            self.found.append(Lexeme(kind, self.at, end))
            self.at = end

    def _push_white(self) -> int:
        start = self.at
        self._push(Kind.SPACE, _end(_WHITE, self.text, start))
        return self.at - start

    def _push_spaces(self) -> int:
        start = self.at
        self._push(Kind.SPACE, _end(_SPACES, self.text, start))
        return self.at - start

    def _push_newline(self) -> bool:
        char = self._char()
        if char == "\n" or (char == "\r" and self._char(1) == "\n"):
            self._push(Kind.NEWLINE, self.at + (1 if char == "\n" else 2))
            return True
        return False

    def _end_of_line(self) -> int:
        """The offset of the end of the current line, cached."""
        if self._line_end < self.at:
            found = self.text.find("\n", self.at)
            self._line_end = found if found >= 0 else len(self.text)
        end = self._line_end
        return end - 1 if end > self.at and self.text[end - 1] == "\r" and end < len(self.text) else end

    def stream(self) -> _State:
        """The state between documents."""
        text = self.text
        if self._char() == "\ufeff":
            self._push(Kind.BYTE_ORDER_MARK, self.at + 1)
        if self._char() == "%":
            self._push(Kind.DIRECTIVE, _end(_DIRECTIVE, text, self.at))
            self._push_white()
            self._push(Kind.COMMENT, self._end_of_line())
            return self.stream
        behind = _end(_WHITE, text, self.at)
        if text[behind : behind + 1] in ("", "#", "\n") or text.startswith("\r\n", behind):
            self._push_white()
            self._push(Kind.COMMENT, self._end_of_line())
            self._push_newline()
            return self.stream
        self.found.append(Lexeme(Kind.DOCUMENT, self.at, self.at))
        return self._line_start()

    def _is_fence(self, at: int) -> bool:
        return self.text.startswith(("---", "..."), at) and self.text[at + 3 : at + 4] in _EMPTY

    def _line_start(self) -> _State:
        if self._is_fence(self.at):
            is_start = self._char() == "-"
            self._push(Kind.DOCUMENT_START if is_start else Kind.DOCUMENT_END, self.at + 3)
            self._indent = self._least_indent = 0
            return self._document if is_start else self.stream
        self._indent = self._push_spaces()
        if self._least_indent > self._indent and self._char(1) not in _EMPTY:
            self._least_indent = self._indent
        return self._block_start

    def _block_start(self) -> _State:
        char = self._char()
        if char in _INDICATORS and self._char(1) in _EMPTY:
            start = self.at
            self._push(_INDICATORS[char], start + 1)
            self._push_white()
            self._least_indent = self._indent + 1
            self._indent += self.at - start
            return self._block_start
        return self._document

    def _document(self) -> _State:
        self._push_white()
        end = self._end_of_line()
        self._push_indicators()
        char = self._char() if self.at < end else ""
        if char in ("", "#"):
            self._push(Kind.COMMENT, end)
            self._push_newline()
            return self._line_start
        if char in "{[":
            self._push(Kind.OPENING, self.at + 1)
            self._flow_key, self._flow_level = False, 1
            return self._flow
        if char in "}]":
            self._push(Kind.CLOSING, self.at + 1)
            return self._document
        if char == "*":
            self._push(Kind.ALIAS, _end(_ANCHOR_NAME, self.text, self.at))
            return self._document
        if char in "\"'":
            return self._quoted()
        if char in "|>":
            return self._block_text(end)
        return self._plain()

    def _flow(self) -> _State:
        indent = -1
        while True:
            if self._push_newline():
                self._indent = indent = self._push_spaces()
                self._push_white()
            elif not self._push_white():
                break
        end = self._end_of_line()
        if self._is_broken_off(indent, end):
            self._flow_level = 0
            self.found.append(Lexeme(Kind.BROKEN_OFF, self.at, self.at))
            return self._line_start
        while self._char() == ",":
            self._push(Kind.COMMA, self.at + 1)
            self._push_white()
            self._flow_key = False
        self._push_indicators()
        return self._flow_item(end)

    def _is_broken_off(self, indent: int, end: int) -> bool:
        """Whether a line in brackets is indented too little. The last bracket may be as far left as its list."""
        char = self._char() if self.at < end else ""
        is_outside = indent != -1 and indent < self._least_indent and char != "#"
        if not is_outside and not (indent == 0 and self._is_fence(self.at)):
            return False
        return not (indent == self._least_indent - 1 and self._flow_level == 1 and char in ("]", "}"))

    def _flow_item(self, end: int) -> _State:
        char = self._char() if self.at < end else ""
        if char in ("", "#"):
            self._push(Kind.COMMENT, end)
            return self._flow
        if char in "{[":
            self._push(Kind.OPENING, self.at + 1)
            self._flow_key = False
            self._flow_level += 1
            return self._flow
        if char in "}]":
            self._push(Kind.CLOSING, self.at + 1)
            self._flow_key = True
            self._flow_level -= 1
            return self._flow if self._flow_level else self._document
        if char == "*":
            self._push(Kind.ALIAS, _end(_ANCHOR_NAME, self.text, self.at))
            return self._flow
        if char in "\"'":
            self._flow_key = True
            return self._quoted()
        if char == ":" and (self._flow_key or self._char(1) in _EMPTY or self._char(1) == ","):
            self._flow_key = False
            self._push(Kind.COLON, self.at + 1)
            self._push_white()
            return self._flow
        self._flow_key = False
        return self._plain()

    def _quoted(self) -> _State:
        text, start = self.text, self.at
        is_double = text[start] == '"'
        match = (_DOUBLE_QUOTED_END if is_double else _SINGLE_QUOTED_END).match(text, start + 1)
        end = match.end() if match else len(text)
        newline = text.find("\n", start, end) if match else -1
        while newline != -1:
            behind = self._continued(newline + 1)
            if behind == -1:
                end = newline - (text[newline - 1] == "\r")
                break
            newline = text.find("\n", behind, end)
        self._push(Kind.DOUBLE_QUOTED if is_double else Kind.SINGLE_QUOTED, end)
        return self._flow if self._flow_level else self._document

    def _continued(self, at: int) -> int:
        """The start of a continuation line after its indentation; -1 if the line does not continue the value."""
        if self._least_indent > 0:
            behind = _end(_SPACES, self.text, at)
            if self.text.startswith("\r\n", behind):
                return behind + 1
            is_part = self.text.startswith("\n", behind) or behind - at >= self._least_indent
            return behind if is_part else -1
        return -1 if self._is_fence(at) else at

    def _block_text(self, line_end: int) -> _State:
        """A block scalar (`|`, `>`) with its header."""
        header = _BLOCK_HEADER.match(self.text, self.at)
        assert header is not None  # noqa: S101  # the caller saw the sign
        self._push(Kind.BLOCK_HEADER, header.end())
        self._push_white()
        rest = self.text[self.at : line_end]
        if rest and rest not in _INDICATORS and rest[0] != "#":
            raise YamlError(Fault.BLOCK_HEADER, self.at)
        self._push(_INDICATORS.get(rest, Kind.COMMENT), line_end)
        self._push_newline()
        digits = [int(char) for char in header[1] if char.isdigit()]
        end = self._end_of_block(digits[-1] if digits else 0, "+" in header[1])
        # After an indicator, it no longer belongs to that header.
        self.found.append(Lexeme(Kind.PLAIN if rest in _INDICATORS else Kind.BLOCK_TEXT, self.at, end))
        self.at = end
        return self._line_start

    def _end_of_block(self, indent_given: int, keeps_end: bool) -> int:
        text = self.text
        newline, indent = self._first_indent()
        if indent >= self._least_indent:
            self._least_indent = indent_given - 1 + (self._least_indent or 1) if indent_given else indent
            while True:
                behind = self._continued(newline + 1)
                if behind == -1:
                    break
                newline = text.find("\n", behind)
                if newline == -1:
                    newline = len(text)
                    break
        behind = _end(_SPACES, text, newline + 1) if newline < len(text) else len(text)
        if text.startswith("\t", behind):  # tabs that indent too little are part of it, so that they are a fault
            while text[behind : behind + 1] in ("\t", " ", "\r", "\n"):
                behind += 1
            return behind
        return min(newline if keeps_end else self._without_empty_end(newline, indent), len(text) - 1) + 1

    def _first_indent(self) -> tuple[int, int]:
        """The line end before the first line that is not empty, and the indentation of that line."""
        text = self.text
        newline = self.at - 1
        while True:
            behind = _end(_SPACES, text, newline + 1)
            if text.startswith("\n", behind):
                newline = behind
            elif text.startswith("\r\n", behind):
                newline = behind + 1
            else:
                return newline, behind - newline - 1

    def _without_empty_end(self, newline: int, indent: int) -> int:
        text = self.text
        while True:
            at = newline - 1
            if at >= 0 and text[at] == "\r":
                at -= 1
            last = at
            while at >= 0 and text[at] == " ":
                at -= 1
            if at >= self.at and text[at] == "\n" and at + 1 + indent > last:
                newline = at
            else:
                return newline

    def _plain(self) -> _State:
        text = self.text
        in_flow = self._flow_level > 0
        word = _FLOW_WORD if in_flow else _WORD
        at = end = self.at
        while True:
            behind = _end(word, text, at)
            if behind > at:
                at = end = behind
            behind = _end(_WHITE, text, at)
            newline = behind + text.startswith("\r\n", behind)
            if text.startswith("\n", newline):
                if text.startswith("#", newline + 1):
                    break
                further = self._continued(newline + 1)
                if further == -1:
                    break
                at = max(newline + 1, further - 1)
            elif behind == at or behind == len(text) or text[behind] == "#":
                break
            else:
                at = behind
        self.found.append(Lexeme(Kind.PLAIN, self.at, end))
        self.at = end
        return self._flow if in_flow else self._document

    def _push_indicators(self) -> None:
        """Read tags, anchors and indicators before a value; the parser reports those that are not allowed."""
        while True:
            char = self._char()
            if char == "!":
                self._push(Kind.TAG, _end(_TAG, self.text, self.at))
            elif char == "&":
                self._push(Kind.ANCHOR, _end(_ANCHOR_NAME, self.text, self.at))
            elif char in _INDICATORS and self._is_indicator():
                if not self._flow_level:
                    self._least_indent = self._indent + 1
                elif self._flow_key:
                    self._flow_key = False
                self._push(_INDICATORS[char], self.at + 1)
            else:
                return
            self._push_white()

    def _is_indicator(self) -> bool:
        following = self._char(1)
        return following in _EMPTY or (self._flow_level > 0 and following in _FLOW_MARKS)
