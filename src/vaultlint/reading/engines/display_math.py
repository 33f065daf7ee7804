"""Display math, which no engine reads as Obsidian does: `$$` at the beginning of a line opens it like a code fence.

The text inside is math, whatever it looks like. Both engines know code fences and the containers that end them, so
they get the text with tildes instead of the dollar signs, and their offsets are mapped back.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from vaultlint.reading.engines import Engine, Token, TokenKind
from vaultlint.text import line_start

LONGEST_FENCE = 100
"""Longest code fence, in tildes, so that many long ones don't fill the memory; beyond it, the text stays as it is."""

_STOP = re.compile(r"\$\$|`{3,}|~{3,}")
_TILDES = re.compile("~{3,}")
HEAD = re.compile(r"[ \t>]*+(?:(?:[-+*]|[0-9]{1,9}[.)]|\[\^[^\]\r\n]++\]:)[ \t]++[ \t>]*+|(?!))*+")
"""The container marks at the beginning of a line."""

_CODE = re.compile(r"(?<!`)(`++)(?!`)[^\r\n]*?(?<!`)\1(?!`)")
_LINE = re.compile(r"[^\r\n]*")
_OPAQUE_BLOCKS = frozenset({TokenKind.CODE_BLOCK, TokenKind.HTML_BLOCK})


class _Kind(Enum):
    """The role of a line: a code fence, `$$` alone, `$$` and text, or another line with `$$`."""

    CODE = "code"
    ALONE = "alone"
    OPENING = "opening"
    TAIL = "tail"  # `text $$`: it may open or close
    OTHER = "other"


class _Line(Struct):
    """A relevant line; `at` is the offset of its content, `fence` a code fence with the text after it."""

    kind: _Kind
    at: int
    fence: str = ""


def with_display_math(engine: Engine, text: str) -> list[Token]:
    """The tokens of an engine, with a token for each block of display math.

    `$$` that is never closed, or that opens or closes at the end of a line with text, is left to the engine.
    """
    marks = _marks(text) if "$$" in text else []
    if not marks:
        return engine(text)
    fenced = _Fenced(text, marks)
    tokens = engine(fenced.text)
    misread = fenced.misread(tokens)
    if misread:
        fenced = _Fenced(text, [mark for i, mark in enumerate(marks) if i not in misread])
        tokens = engine(fenced.text)
    return [fenced.led_back(token) for token in tokens]


def _marks(text: str) -> list[int]:
    """Offsets of the `$$` that open or close display math outside code."""
    found: list[int] = []
    lines = [*_lines(text)]
    i = 0
    while i < len(lines):
        line = lines[i]
        if line.kind is _Kind.CODE:
            i = _after_code(lines, i)
        elif line.kind is _Kind.OTHER:
            i += 1
        else:
            end = i + 1
            while end < len(lines) and lines[end].kind is _Kind.CODE:
                end += 1
            if line.kind is not _Kind.TAIL and (end == len(lines) or lines[end].kind is _Kind.ALONE):
                found += [one.at for one in lines[i : end + 1] if one.kind is not _Kind.CODE]
            i = end + 1
    return found


def _after_code(lines: list[_Line], i: int) -> int:
    fence = lines[i].fence.rstrip()
    for end in range(i + 1, len(lines)):
        closing = lines[end].fence.rstrip()
        if closing.startswith(fence[:3]) and closing.strip(fence[0]) == "" and len(closing) >= _length(fence):
            return end + 1
    return len(lines)


def _length(fence: str) -> int:
    return len(fence) - len(fence.lstrip(fence[0]))


def _lines(text: str) -> Iterator[_Line]:
    """The lines that matter to display math, in order."""
    end = 0
    while (stop := _STOP.search(text, end)) is not None:
        start = line_start(text, stop.start(), end)
        whole = _LINE.match(text, start)
        end = max(whole.end() if whole else start, stop.end())
        head = HEAD.match(text, start, end)
        at = head.end() if head else start
        rest = text[at:end]
        if rest.startswith("~~~") or (rest.startswith("```") and "`" not in rest.lstrip("`")):
            yield _Line(_Kind.CODE, at, rest)
        elif rest.startswith("$$") and "$" not in rest[2:]:
            yield _Line(_Kind.OPENING if rest[2:].strip() else _Kind.ALONE, at)
        else:
            shown = _CODE.sub("", rest) if "`" in rest else rest
            if "$$" in shown:
                is_tail = shown.count("$$") % 2 == 1 and shown.rstrip().endswith("$$")
                yield _Line(_Kind.TAIL if is_tail else _Kind.OTHER, at)


class _Fenced:
    """A text with code fences in place of the display math marks.

    Args:
        text: the text.
        marks: offsets of the `$$` that open or close display math, in order.
    """

    def __init__(self, text: str, marks: list[int]) -> None:
        length = max((len(run) for run in _TILDES.findall(text)), default=2) + 1
        marks = marks if length <= LONGEST_FENCE else []
        self._added = length - 2
        self.starts = [mark + i * self._added for i, mark in enumerate(marks)]
        parts: list[str] = []
        at = 0
        for mark in marks:
            parts += text[at:mark], "~" * length
            at = mark + 2
            blanks = len(text[at : at + 100]) - len(text[at : at + 100].lstrip(" \t"))
            parts.append(" " * blanks)  # engines differ on a tab there
            at += blanks
        self.text = "".join([*parts, text[at:]])

    def opened_by(self, token: Token) -> int | None:
        """The index of the mark that opens a code block; None if it is another block."""
        if token.kind is not TokenKind.CODE_BLOCK:
            return None
        i = bisect_left(self.starts, token.start)
        is_there = i < len(self.starts) and self.starts[i] < token.end
        return i if is_there and not self.text[token.start : self.starts[i]].strip() else None

    def misread(self, tokens: list[Token]) -> set[int]:
        """Indexes of marks that neither open nor close a block, and of those in a block that is never closed."""
        left = {*range(len(self.starts))}
        misread: set[int] = set()
        for token in tokens:
            if token.kind not in _OPAQUE_BLOCKS:
                continue
            opening = self.opened_by(token)
            inside = range(bisect_left(self.starts, token.start), bisect_left(self.starts, token.end))
            left.difference_update(inside)
            if opening is not None and not self._is_closed(inside, token):
                misread.update(inside)
        return misread | left

    def _is_closed(self, inside: range, token: Token) -> bool:
        last = self.starts[inside[-1]]
        return len(inside) > 1 and not self.text[last : token.end].strip("~ \t\r\n>")

    def led_back(self, token: Token) -> Token:
        """A token with its offsets in the original text."""
        kind = TokenKind.MATH_BLOCK if self.opened_by(token) is not None else token.kind
        return Token(kind, self._offset(token.start), self._offset(token.end), token.detail)

    def _offset(self, at: int) -> int:
        return at - bisect_left(self.starts, at) * self._added
