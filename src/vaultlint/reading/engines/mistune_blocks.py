"""Blocks: mistune's block parser, with our own rules where mistune differs from CommonMark.

mistune parses the content of a container as a text of its own, without the container's marks. So each line of such a
text is the end of a line of the body, and its lines are consecutive: the number of the first line is enough to map a
position in the text to one in the body.
"""

# mypy: disable-error-code="override"
# A rule receives the state that `state_cls` makes; mistune types it as the base class.

import re
from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from typing import Any, ClassVar, Self

from mistune.block_parser import BlockParser
from mistune.core import BlockState
from mistune.helpers import BLOCK_TAGS, parse_link_href, parse_link_title
from mistune.util import unikey

from vaultlint.reading.engines import DEEPEST
from vaultlint.text import LINE_END

BLANKS = " \t\v\f"
MOST_PARENTHESES = 32
"""Deepest nesting of parentheses in a destination; CommonMark leaves the number open."""

_BLOCK_NAMES = "|".join(sorted({*BLOCK_TAGS, "search"} - {"meta", "source"}))  # those of CommonMark 0.31
_BLOCK_HTML = (
    rf"<(?:/?(?i:{_BLOCK_NAMES})(?:[ \t\v\f\n>]|/>)|(?i:pre|script|style|textarea)[ \t\v\f\n>]"
    r"|!--|\?|![A-Za-z]|!\[CDATA\[)"
)
_ENDED_HTML = re.compile(
    r" {0,3}<(?:(?P<comment>!--)|(?P<instruction>\?)|(?P<data>!\[CDATA\[)|(?P<declaration>![A-Za-z])"
    r"|(?P<element>(?i:pre|script|style|textarea))(?=[ \t\v\f\n>]))"
)
_HTML_ENDS = {"comment": "-->", "instruction": "?>", "data": "]]>", "declaration": ">"}
_FOOTNOTE = r"\[\^(?P<label>(?=[^\]\n]*[^\]\s])(?:[^\\\[\]\n]|\\[^\n]){1,999})\]:[ \t\v\f]*"
_MARK = r"(?P<mark>[*+-]|[0-9]{1,9}[.)])"
_BREAK = r"(?:(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+|(?:\*[ \t]*+){3,}+)$"
_FENCE = r"(?:`{3,}[^`\n]*|~{3,}[^\n]*)$"
_INTERRUPTING = re.compile(
    rf" {{0,3}}(?:{_BREAK}|#{{1,6}}[ \t\v\f\n]|{_FENCE}|>|{_MARK}[ \t\n]|{_BLOCK_HTML}|{_FOOTNOTE})"
    r"|[ \t]*\n",
    re.MULTILINE,
)
"""The beginning of a line that continues neither a paragraph of a deeper container nor a table."""

_PLAIN = re.compile(r"(?:[^\W\d_][^\n]*+\n|(?!))++")
_BLANK_LINE = re.compile(r"^[ \t\v\f]*\n", re.MULTILINE)
_LEADING_TABS = re.compile(r"^ *\t[ \t]*", re.MULTILINE)
_QUOTE_MARK = re.compile(r" {0,3}>( ?)")
_ITEM = re.compile(rf"^(?! {{0,3}}{_BREAK})(?P<indent> {{0,3}}){_MARK}(?P<rest>[ \t][^\n]*)?\n", re.MULTILINE)
_TASK = re.compile(r" {0,3}\[[ \t\v\fxX]\](?=[ \t\v\f\n])[ \t]*")
_BAR = re.compile(r" {0,3}\|")
_PIPE = re.compile(r"(?<!\\)\|")
_DEFINITION = re.compile(r"[ \t]*\[(?P<label>(?=[^\]]*[^\]\s])(?:[^\\\[\]]|\\[\s\S]){1,999})\]:")


def tag_pattern(blank: str) -> str:
    """A pattern for a complete HTML tag; `blank` is the pattern for the white space in it."""
    name = "[A-Za-z][A-Za-z0-9-]*+"
    value = r"""(?:[^ \t\n\v\f"'=<>`]++|'[^']*+'|"[^"]*+")"""
    attribute = f"{blank}++[A-Za-z_:][A-Za-z0-9_.:-]*+(?:{blank}*+={blank}*+{value}|(?!))?+"
    return f"<(?:{name}(?:{attribute}|(?!))*+{blank}*+/?>|/{name}{blank}*+>)"


_LONE_TAG = tag_pattern(r"[ \t\v\f]") + r"[ \t\v\f]*$"

Content = Callable[[str, int], str | None]
"""Function from a line of the surrounding text and its number to the line without marks; None if it is outside."""


class Body:
    """The lines of a body, and their offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = LINE_END.split(text) if "\r" in text else text.split("\n")
        if "\r" in text:
            self.starts = [0, *(match.end() for match in LINE_END.finditer(text))]
        else:
            self.starts = [0, *accumulate(len(line) + 1 for line in self.lines[:-1])]

    def end(self, number: int) -> int:
        """Offset of the end of a line, without its line end."""
        return self.starts[number] + len(self.lines[number])

    def expanded(self, rest: str, number: int) -> str:
        """The rest of a line, with its leading tabs expanded to spaces."""
        lead = len(rest) - len(rest.lstrip(" \t"))
        if "\t" not in rest[:lead]:
            return rest
        line = self.lines[number]
        column = len(line[: len(line) - len(rest.rstrip("\n"))].expandtabs(4))
        return (" " * column + rest[:lead]).expandtabs(4)[column:] + rest[lead:]


class State(BlockState):
    """The parser's state for the text of one container, or the whole body."""

    body: Body

    def __init__(self, parent: "State | None" = None) -> None:
        super().__init__(parent)
        self.level = 0
        self.first_line = 0
        self._known = (0, 0)
        self._content: Content = lambda line, number: None
        if parent is not None:
            self.body = parent.body
            self.level = parent.level + 1

    @classmethod
    def of(cls, body: Body) -> Self:
        """The initial state for a body."""
        state = cls()
        state.body = body
        state.env["footnotes"] = set()
        source = "\n".join(body.lines) + "\n"
        if "\t" in source:
            source = _LEADING_TABS.sub(lambda match: match[0].expandtabs(4), source)
        state.process(source)
        return state

    def line_at(self, position: int) -> int:
        """The number of the body's line for a position in this text."""
        at, number = self._known
        number += self.src.count("\n", at, position) - self.src.count("\n", position, at)
        self._known = (position, number)
        return number

    def offset(self, position: int) -> int:
        """The offset in the body for a position in this text."""
        number = self.line_at(position)
        end = self.src.find("\n", position)
        return max(self.body.starts[number], self.body.end(number) - (end - position))

    def child(self, content: Content, first: str | None = None, *, task: bool = False) -> "State":
        """The state for the text of a container.

        Args:
            content: decides which lines from the cursor on belong to it, and strips their marks.
            first: its part of the line before the cursor.
            task: whether `first` is the text of a task, which is a paragraph whatever it looks like.
        """
        child = State(self)
        child._content = content
        if first is None:
            child.fill()
        elif task:
            child.add_line(first, self.line_at(self.cursor) - 1)
            child.tokens[0]["task"] = True
            child.fill()
        else:
            child.fill(first)
        return child

    def fill(self, *lines: str) -> None:
        """Read the lines of the surrounding text that belong to this container, after `lines`."""
        parent: State = self.parent
        number = parent.line_at(parent.cursor)
        self.first_line = number - len(lines)
        self._known = (0, self.first_line)
        found = [*lines]
        cursor, source = parent.cursor, parent.src
        while cursor < parent.cursor_max:
            end = source.index("\n", cursor) + 1
            line = self._content(source[cursor:end], number)
            if line is None:
                break
            found.append(line)
            cursor = end
            number += 1
        parent.cursor = cursor
        self.cursor = 0
        self.process("".join(found))

    @property
    def paragraph(self) -> dict[str, Any] | None:
        """The open paragraph, if there is one."""
        token = self.tokens[-1] if self.tokens else None
        return token if token is not None and token["type"] == "paragraph" and "text" not in token else None

    def add_line(self, line: str, number: int) -> None:
        """Add a line to the open paragraph, or open one."""
        paragraph = self.paragraph
        if paragraph is None:
            self.tokens.append({"type": "paragraph", "line": number, "lines": [line]})
        else:
            paragraph["lines"].append(line)

    def append_token(self, token: dict[str, Any]) -> None:
        """Add a token; this closes the paragraph before it."""
        self.close_paragraph()
        self.tokens.append(token)

    def close_paragraph(self) -> None:
        """Close the open paragraph and remove the definitions at its beginning."""
        paragraph = self.paragraph
        if paragraph is not None:
            text = "".join(paragraph.pop("lines"))
            end = self.defined(paragraph, text)
            paragraph["line"] += text.count("\n", 0, end)
            paragraph["text"] = text[end:]
            if end == len(text):
                self.tokens.pop()

    def heading_row(self, columns: int) -> str | None:
        """Remove and return the last line of the open paragraph, if it is the heading row of a table."""
        paragraph = self.tokens[-1]
        lines = paragraph["lines"]
        row: str = lines[-1][lines[-1].rfind("\n", 0, -1) + 1 :]
        if paragraph.get("lazy") == len(lines) or _header_columns(row) != columns:
            return None
        text = "".join(lines)[: -len(row)]
        if text and not _BAR.match(row) and self.defined(paragraph, text) < len(text):
            return None  # only a row that begins with `|` interrupts a paragraph
        self.tokens.pop()
        if text:
            self.add_line(text, paragraph["line"])
        return row[:-1]

    def place(self, token: dict[str, Any], end: int) -> dict[str, Any]:
        """Add start and end offsets to the token of the block at the cursor."""
        line = self.get_text(self.find_line_end())
        token["start"] = self.offset(self.cursor + len(line) - len(line.lstrip(BLANKS)))
        token["end"] = self.body.end(self.line_at(end - 1))
        return token

    def go_on_lazily(self) -> bool:
        """Read the next line of a surrounding container if it continues the open paragraph without marks (lazily)."""
        paragraph = self.paragraph
        line = self.parent.lazy_line() if self.parent is not None and paragraph is not None else None
        if line is None or paragraph is None:
            return False
        self.add_line(*line)
        paragraph["lazy"] = len(paragraph["lines"])
        self.fill()
        return True

    def defined(self, paragraph: dict[str, Any], text: str) -> int:
        """Read the definitions at the beginning of a paragraph's text; returns the offset of their end."""
        if paragraph.get("task") or not text.lstrip(BLANKS).startswith("["):
            return 0
        end = define_links(text, self.env["ref_links"])
        return len(text) if end and not text[end:].strip(f"{BLANKS}\n") else end  # a form feed alone is no paragraph

    def lazy_line(self) -> tuple[str, int] | None:
        """The next line and its number, if it lazily continues a paragraph of a deeper container."""
        if self.cursor < self.cursor_max:
            if _INTERRUPTING.match(self.src, self.cursor):
                return None
            number = self.line_at(self.cursor)
            end = self.find_line_end()
            line = self.get_text(end)
            self.cursor = end
            return line, number
        found = None if self.parent is None else self.parent.lazy_line()
        if found is not None:
            self.fill()
        return found


def define_links(text: str, references: dict[str, dict[str, str]]) -> int:
    """Read the definitions at the beginning of a paragraph; returns the offset of their end."""
    at = 0
    while (match := _DEFINITION.match(text, at)) is not None:
        href, href_end = parse_link_href(text, match.end(), block=True, max_nested_level=MOST_PARENTHESES)
        if href is None or href_end is None or (href == "" and text[href_end - 1] != ">"):
            break
        line_end = text.find("\n", href_end)
        end = line_end + 1 if not text[href_end:line_end].strip(BLANKS) else None
        _, title_end = parse_link_title(text, href_end, len(text))
        if title_end is not None:
            title_line_end = text.find("\n", title_end)
            if not text[title_end:title_line_end].strip(BLANKS):
                end = title_line_end + 1
        if end is None:
            break
        if not match["label"].startswith("^"):  # that would be a footnote
            references.setdefault(unikey(match["label"]), {"url": href})
        at = end
    return at


class Blocks(BlockParser):
    """mistune's block parser with CommonMark's containers, HTML blocks and definitions, tables and footnotes."""

    state_cls = State

    SPECIFICATION: ClassVar[dict[str, str]] = {
        **BlockParser.SPECIFICATION,
        "setex_heading": r"^ {0,3}(?P<setext_1>=+|-+)[ \t\v\f]*$",
        "table": r"^ {0,3}[|:-][|: -]*$",
        "gap": r"^(?:[ \t]*\n)+",
        "atx_heading": r"^ {0,3}(?P<atx_1>#{1,6})(?P<atx_2>[ \t\v\f][^\n]*|$)",
        "indent_code": r"^(?= {4}[^\n]*[^ \t\v\f\n])(?: {4}[^\n]*+\n|[ \t\v\f]*+\n|(?!))++",
        "block_quote": r"^ {0,3}>",
        "thematic_break": rf"^ {{0,3}}{_BREAK}",
        "list": _ITEM.pattern,
        "raw_html": rf"^ {{0,3}}(?:(?P<block_html>{_BLOCK_HTML})|{_LONE_TAG})",
        "footnote": rf"^ {{0,3}}{_FOOTNOTE}",
    }
    UNDERLINES = ("setex_heading", "table")
    """Rules that turn the paragraph before them into something else."""

    LEAVES = ("blank_line", "indent_code", "fenced_code", "raw_html", "thematic_break", "atx_heading")
    CONTAINERS = ("footnote", "list", "block_quote")

    def __init__(self) -> None:
        super().__init__()
        self._find_underline = self.compile_sc([*self.UNDERLINES]).match
        # Indented text continues a paragraph; measuring the indentation at each line would take long.
        # A line with a form feed is empty between blocks, but continues a paragraph.
        interrupting = ["gap", *(rule for rule in self.LEAVES if rule not in ("blank_line", "indent_code"))]
        self._find_leaf = self.compile_sc([*self.LEAVES]).match, self.compile_sc(interrupting).match
        self._find = (
            self.compile_sc([*self.LEAVES, *self.CONTAINERS]).match,
            self.compile_sc([*interrupting, *self.CONTAINERS]).match,
        )

    def parse(self, state: State, rules: list[str] | None = None) -> None:
        """Parse a text, and the lines that lazily continue its last paragraph."""
        find = self._find if state.level < DEEPEST else self._find_leaf
        while True:
            while state.cursor < state.cursor_max:
                if plain := _PLAIN.match(state.src, state.cursor):
                    state.add_line(plain[0], state.line_at(state.cursor))
                    state.cursor = plain.end()
                    continue
                is_open = state.paragraph is not None
                match = self._find_underline(state.src, state.cursor) if is_open else None
                end = self.parse_method(match, state) if match is not None else None
                if end is None and (match := find[is_open](state.src, state.cursor)) is not None:
                    end = self.parse_method(match, state)
                if end is None:
                    end = state.find_line_end()
                    state.add_line(state.get_text(end), state.line_at(state.cursor))
                state.cursor = end
            if not state.go_on_lazily():
                break
        state.close_paragraph()

    def parse_gap(self, m: re.Match[str], state: State) -> int:
        """Lines that end a paragraph."""
        return self.parse_blank_line(m, state)

    def parse_fenced_code(self, m: re.Match[str], state: State) -> int | None:
        """mistune's own rule, with offsets."""
        end = super().parse_fenced_code(m, state)
        if end is not None:
            state.place(state.tokens[-1], end)
        return end

    def parse_indent_code(self, m: re.Match[str], state: State) -> int:
        """Lines indented by four spaces that continue no paragraph."""
        code = state.place({"type": "block_code"}, state.cursor + len(m[0].rstrip(f"{BLANKS}\n")))
        state.append_token(code)
        return m.end()

    def parse_raw_html(self, m: re.Match[str], state: State) -> int | None:
        """The seven kinds of HTML blocks; the last (any other tag alone on its line) can't interrupt a paragraph."""
        if (ended := _ENDED_HTML.match(state.src, state.cursor)) is not None:
            mark = _HTML_ENDS.get(ended.lastgroup or "") or f"</{ended['element'].lower()}>"
            found = state.src.find(mark, state.cursor)
            end = state.cursor_max if found < 0 else state.find_line_end_at(found)
        elif m["block_html"] is None and state.paragraph is not None:
            return None
        else:
            blank = _BLANK_LINE.search(state.src, state.cursor)
            end = state.cursor_max if blank is None else blank.start()
        state.append_token(state.place({"type": "block_html"}, end))
        return end

    def parse_atx_heading(self, m: re.Match[str], state: State) -> int:
        """A heading with its marks; the content of closing marks does not matter."""
        token = {
            "type": "heading",
            "level": str(len(m["atx_1"])),
            "text": m["atx_2"],
            "at": state.offset(m.end("atx_1")),
        }
        state.append_token(state.place(token, m.end()))
        return m.end() + 1

    def parse_setex_heading(self, m: re.Match[str], state: State) -> int | None:
        """Turn the paragraph before into a heading, unless it holds only definitions."""
        heading = state.last_token()
        text = "".join(heading["lines"])
        if state.defined(heading, text) == len(text):
            return None
        state.close_paragraph()
        heading["type"] = "heading"
        heading["level"] = "1" if m["setext_1"][0] == "=" else "2"
        heading["end"] = state.body.end(state.line_at(m.start()))
        return m.end() + 1

    def parse_table(self, m: re.Match[str], state: State) -> int | None:
        """The delimiter row of a table; the last line of the paragraph before it is the heading row."""
        columns = _columns(m[0].strip(" "))
        heading = state.heading_row(columns) if columns else None
        if heading is None:
            return None
        number = state.line_at(m.start())
        rows = [(number - 1, heading)]
        at = m.end() + 1
        while at < state.cursor_max:
            number += 1
            end = state.src.index("\n", at)
            row = state.src[at:end]
            if _INTERRUPTING.match(f"{row.lstrip(BLANKS)}\n") or not any(_cells(row)):
                break
            rows.append((number, row))
            at = end + 1
        cells = []
        for line, row in rows:
            base = state.body.end(line) - len(row)
            for start, end in islice(_cells(row), columns):
                token = {"type": "cell", "start": base + start, "end": base + end}
                cells.append(token | {"text": row[start:end], "at": base + start})
        line, row = rows[0]
        start = state.body.end(line) - len(row.lstrip(BLANKS))
        end = state.body.end(rows[-1][0] if len(rows) > 1 else line + 1)
        state.append_token({"type": "table", "start": start, "end": end, "children": cells})
        return at

    def parse_block_quote(self, m: re.Match[str], state: State) -> int:
        """The lines that begin with `>`."""
        body = state.body

        def content(line: str, number: int) -> str | None:
            mark = _QUOTE_MARK.match(line)
            if mark is None:
                return None
            rest = line[mark.end() :]
            if rest[:1] == "\t" and not mark[1]:
                return body.expanded(rest, number)[1:]
            return body.expanded(rest, number)

        return self._parse_container({"type": "block_quote", "start": state.offset(m.end() - 1)}, state, content)

    def parse_list(self, m: re.Match[str], state: State) -> int | None:
        """Consecutive items with the same mark."""
        is_blank = not (m["rest"] or "").strip(BLANKS)
        if state.paragraph is not None and (is_blank or (len(m["mark"]) > 1 and int(m["mark"][:-1]) != 1)):
            return None
        mark = m["mark"][-1]
        item: re.Match[str] | None = m
        token: dict[str, Any] = {"type": "list", "start": state.offset(m.start("mark")), "children": []}
        state.append_token(token)
        while item is not None and item["mark"][-1] == mark:
            token["children"].append(self._item(item, state))
            item = _ITEM.match(state.src, state.cursor)
        token["end"] = token["children"][-1]["end"]
        return state.cursor

    def _item(self, item: re.Match[str], state: State) -> dict[str, Any]:
        token = {"type": "list_item", "start": state.offset(item.start("mark"))}
        rest = state.body.expanded(item["rest"] or "", state.line_at(item.start())) + "\n"
        state.cursor = item.end()
        width = len(item["indent"]) + len(item["mark"])
        blanks = len(rest) - len(rest.lstrip(" "))
        if not rest.strip(f"{BLANKS}\n") or blanks > 4:
            blanks = 1
        rest = rest[blanks:]
        task = _TASK.match(rest)
        if task is not None:
            rest = rest[task.end() :]
        is_blank = not rest.strip(f"{BLANKS}\n")
        content = _indented(width + blanks)
        if is_blank:
            rest = "\n"
            if _BLANK_LINE.match(state.src, state.cursor):
                content = _blank  # an item begins with one empty line at most
        child = state.child(content, rest, task=task is not None and not is_blank)
        return self._with_children(token, child, state)

    def parse_footnote(self, m: re.Match[str], state: State) -> int:
        """A footnote definition, and the lines after it that are indented by four spaces."""
        state.env["footnotes"].add(unikey(m["label"]))
        token = {"type": "footnote", "start": state.offset(m.start("label") - 2), "label": m["label"]}
        end = state.find_line_end()
        state.close_paragraph()
        rest = state.src[m.end() : end]
        state.cursor = end
        return self._parse_container(token, state, _indented(4), rest)

    def _parse_container(
        self, token: dict[str, Any], state: State, content: Content, first: str | None = None
    ) -> int:
        state.append_token(token)
        self._with_children(token, state.child(content, first), state)
        return state.cursor

    def _with_children(self, token: dict[str, Any], child: State, state: State) -> dict[str, Any]:
        self.parse(child)
        token["children"] = child.tokens
        token["end"] = state.body.end(state.line_at(state.cursor) - 1)
        return token


def _indented(width: int) -> Content:
    prefix = " " * width

    def content(line: str, number: int) -> str | None:
        if line.startswith(prefix):
            return line[width:]
        return _blank(line, number)

    return content


def _blank(line: str, number: int) -> str | None:
    return None if line.strip(" \t\n") else "\n"


def _columns(dashes: str) -> int:
    """The number of columns of a delimiter row; 0 if it is not one."""
    if "|" not in dashes or "-" not in dashes:
        return 0
    *cells, last = dashes.removeprefix("|").split("|")
    if not all("-" in cell for cell in cells):
        return 0
    return len(cells) + bool(last.strip())


def _header_columns(line: str) -> int:
    row = line.strip(f"{BLANKS}\n")
    pipes = [match.start() for match in _PIPE.finditer(row)]
    if not pipes or (len(line) - len(line[:-1].rstrip("\\"))) % 2 == 0:  # it ends in a backslash
        return 0
    return len(pipes) + 1 - (pipes[0] == 0) - (pipes[-1] == len(row) - 1)


def _cells(row: str) -> Iterator[tuple[int, int]]:
    at, last = len(row) - len(row.lstrip(" \t")), len(row.rstrip(BLANKS))
    while True:
        at += row.startswith("|", at)
        if at >= last:
            return
        pipe = _PIPE.search(row, at)
        end = len(row) if pipe is None else pipe.start()
        yield at, end
        at = end
