"""The tokens of a plain text, found with regular expressions alone, without a Markdown engine.

In most notes, nothing hides or changes a link that only an engine can see: no math, table, escape or indented code.
In such a text headings begin with `#` in the first column, fenced code and HTML comments too, and other code, links
and tags are within one line. Paragraphs, lists and quotes can be told by how their lines begin. A text that is not
clearly plain is left to the engine, so most conditions here are stricter than necessary.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from vaultlint.expressions import expression
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.text import Span

_PARAGRAPH, _LIST, _ITEM = TokenKind.PARAGRAPH, TokenKind.LIST, TokenKind.ITEM

_NEVER = "\r\v\f\0"
"""What no plain text contains: unusual line ends and spaces."""

_BLOCK = expression(
    r"\n(?:<!--(?![->])(?:[^-]++|-(?!->)|(?!))*+(?:-->[^\n]*+(?=\n)|(?P<open>\Z))"
    r"|```(?!`)[^`\n]*+\n(?:(?! {0,3}```)[^\n]*+\n|(?!))*+ {0,3}```++ *+(?=\n))"
)
"""Comments and fenced code that begin in the first column, so they are in no container."""

_BEHIND_LABEL = expression(r"\]([:(])")

_LINE = expression(
    r"\n(?=[ #>|:=+*.)0-9<-])"
    r"(?:(?P<heading>#{1,6})(?: [^\n]*+)?(?=\n)"
    r"|[ >]*+(?P<rule>[-|:=][-|:= ]*+)(?=\n)"
    r"|(?P<other> {1,3}#|(?= *+[-+*>0-9]) *+(?:(?:[-+*>]|[0-9]{1,9}[.)]) *+|(?!)){6}"
    r"|[ >*+.)0-9-]*+<[^\n>]*+> *+(?=\n)))"
)
"""Headings; what may underline one or be the head of a table; and others: headings that may be in a list, many
nested containers (text below the maximum depth is plain text), tags that begin a block of HTML.
"""

_MARKS = expression(r"\n *+([-+*>0-9][-+*>.) 0-9]*+)")
_TEXT = expression(r"[ >]*+(?:(?:[-+*]|[0-9]{1,9}[.)]) ++|(?!))*+[\"'(*_!\[`]*+[^\W\d_]")
"""A line of a paragraph; the line after it is not code, however far it is indented."""

_CLOSING = expression(r"\$(?<=[^ \n]\$)(?![0-9])")
"""A dollar sign that may end a formula."""

_CODE = r"`[^`\n]++`"
_NAME = "(?:a|b|big|br|button|del|em|font|i|ins|kbd|mark|s|small|span|strong|sub|sup|u)"
"""Elements that begin no block of HTML if text follows the tag."""

_TAG = rf"""<(?:/{_NAME}|{_NAME}(?: [a-z][a-z-]*+(?:="[^"<>`\n\[\]]*+"|=[A-Za-z0-9_-]++)?|(?!))*+ ?/?)>"""
_HARMLESS = expression(r'<(?:a class="yt-timestamp" data-t="[0-9:]*+">\[?+[0-9:]*+\]?+<(/)a>|br/?>)')
"""Line breaks, and citations of videos: their tags hide nothing, and there is no link in them."""

_BREAK = expression("<br/?>")
_ANY_TAG = expression("<[^<>]*>")
_IN_PATH = r"[^\s()<>`\[\]\x00-\x1f\x7f]++"
_DESTINATION = rf"""\((?!["'(])((?:{_IN_PATH}|\((?:{_IN_PATH})?\)|(?!))*+)(?:(?<!\() ++"[^"<>`\n\[\]]*+")?\)"""


def _with_links(others: str, *elsewhere: str) -> re.Pattern[str]:
    """A pattern for links, for `others`, which may be inside the label of a link, and for what may not.

    The `!` of an image is left out: if each alternative begins with a fixed character, the search is twice as fast.
    """
    link = rf"\[(?![ xX]\]|\^)(?:[^\[\]`<\n]++|{others}|(?!))*+\]{_DESTINATION}"
    return re.compile("|".join((others, *elsewhere, link)))


_CODE_OR_TAG = expression(f"{_CODE}|{_TAG}")
_ALL_INLINE = _with_links(_CODE_OR_TAG.pattern, r"<https?://[^\s<>`\[\]]++>")
_CODE_OR_LINK = _with_links(_CODE)
_CODE_ALONE = expression(_CODE)  # a fixed first character makes the search faster


def plain_tokens(text: str, start: int) -> list[Token] | None:
    """The tokens of a body that links and headings depend on; None if the text is not plain.

    The only blocks are headings, fenced code and comments outside quotes and lists. The text after a line's first tag
    is a paragraph token; but if all tags of the text are harmless, there are no tokens for them.

    Args:
        text: the text of a note.
        start: offset of its body.
    """
    body = f"\n{text[start:]}\n"
    if any(sign in body for sign in _NEVER) or body.startswith("\n\ufeff") or ("$" in body and "$$" in body):
        return None
    blocks: list[Token] | None = []
    if ("`" in body and "\n```" in body) or ("!" in body and "\n<!--" in body):
        body, blocks = _without_blocks(body, start - 1)
    behind_labels = _BEHIND_LABEL.findall(body)
    if blocks is None or not _is_plain(body, behind_labels.count(":")):
        return None
    headings = _headings(body, start - 1)
    inline = None if headings is None else _Inline(body, start - 1, behind_labels.count("("))
    if headings is None or inline is None or not inline.is_plain:
        return None
    return sorted([*blocks, *headings, *inline.tokens], key=lambda token: token.start)


_ALONE = r"(?:[-+*]|[0-9]{1,9}[.)])(?:[ \n]|\Z)"
"""The mark of a list item, with nothing or a space after it."""

_RULE = r"(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})(?:(?=\n)|\Z)"
_MORE = r"[^\n]*(?:\n(?! *(?:[-+*_>#0-9\n]|\Z))[^\n]+)*"
"""The rest of a line, and lines of the same paragraph; others that belong to it are found by `plain_blocks`."""

_PART = expression(
    rf"(?:(?P<text>[^ \n#>*+_0-9-]{_MORE})"
    r"|(?P<heading>(?P<marks>#{1,6})(?: [^\n]*)?(?=\n|\Z))"
    rf"|(?P<rule>{_RULE})"
    rf"|(?P<item> *(?P<mark>[-+*]|[0-9]{{1,9}}[.)]) {{1,4}}"
    rf"(?P<own>(?![ #>]|{_ALONE}|\[[ xX]\]|{_RULE})[^\n]+))"
    r"|(?P<quote>>[^\n]*(?:\n>[^\n]*)*)"
    rf"|(?P<odd> *(?:{_ALONE}|>| {_RULE}))"
    rf"|(?P<other>(?! *(?:\n|\Z)){_MORE}))?"
    r"(?: *(?:\n|\Z))*"
)
"""A part of a plain text with the empty lines after it; `text` and `other` are a paragraph or a part of one."""

_QUOTED = expression(rf"> {{0,4}}(?P<text>(?![ #>]|{_ALONE}|{_RULE})[^\n]*)(?:\n|\Z)|>")
"""A line of a quote; without a group if it may be more than a paragraph."""


class _List(Struct):
    """An open list and its open item: the indices of their tokens, the column of the item's text, and the mark."""

    index: int
    item: int
    column: int
    mark: str


def plain_blocks(text: str, start: int) -> list[Token] | None:
    """The tokens of the blocks of a plain text; None if these are not clear without an engine.

    Args:
        text: the text of a note for which `plain_tokens` gives tokens, but no fenced code or comments.
        start: offset of its body.
    """
    found: list[Token] = []
    lists: list[_List] = []
    is_open = is_quote = False  # whether the line before is text of the last paragraph, or of a quote

    def close(level: int) -> None:
        """End the lists from a level on: with the last block in them, which is the last token."""
        end = found[-1].end
        for one in lists[level:]:
            for index in (one.index, one.item):
                found[index] = Token(found[index].kind, found[index].start, end)
        del lists[level:]

    for part in _PART.finditer(text, start):
        group = part.lastgroup
        if group is None:  # empty lines at the beginning, or the end
            continue
        if is_quote or group == "odd":
            return None  # text may belong to the quote
        first, end = part.span(group)
        is_followed = part.end() <= end + 1  # by a line that is not empty
        while text[end - 1] == " ":
            end -= 1
        if group == "text" or group == "other":
            if is_open:
                found[-1] = Token(_PARAGRAPH, found[-1].start, end)
            else:
                while text[first] == " ":
                    first += 1
                indent = first - part.start()
                if lists or indent:
                    level, column = _level(lists, indent)
                    if indent - column > 3:
                        return None
                    if level < len(lists):
                        close(level)
                found.append(Token(_PARAGRAPH, first, end))
            is_open = is_followed
            continue
        if group == "item":
            mark, own = part["mark"], part.start("own")
            first, indent = part.start("mark"), part.start("mark") - first
            level, column = _level(lists, indent)
            if indent - column > 3:
                return None
            if level < len(lists) and lists[level].mark == mark[-1]:
                close(level + 1)
                one = lists[level]
                found[one.item] = Token(_ITEM, found[one.item].start, found[-1].end)
                one.item, one.column = len(found), own - part.start()
            else:
                if is_open and len(mark) > 1 and int(mark[:-1]) != 1:
                    return None  # it is text
                if level < len(lists):
                    close(level)
                lists.append(_List(len(found), len(found) + 1, own - part.start(), mark[-1]))
                found.append(Token(_LIST, first, first))
            found.append(Token(_ITEM, first, first))
            found.append(Token(_PARAGRAPH, own, end))
            is_open = is_followed
            continue
        if lists:
            close(0)
        is_open = False
        if group == "heading":
            level = len(part["marks"])
            found.append(Token(TokenKind.HEADING, first, end, str(level)))
        elif group == "quote":
            is_quote = is_followed
            if not _add_quote(found, text, first, end):
                return None
    if lists:
        close(0)
    return found


def plain_tags(text: str, start: int, anchors: int) -> Iterator[Span]:
    """The tags of a plain text without tokens for them, if `anchors` of the anchors are known; else of the others."""
    tags = _BREAK if text.count("<a", start) == anchors else _ANY_TAG
    return (Span(*tag.span()) for tag in tags.finditer(text, start))


def _level(lists: list[_List], indent: int) -> tuple[int, int]:
    """The number of open items that a line with this indentation is in, and the column of the text of the last."""
    level = len(lists)
    while level and indent < lists[level - 1].column:
        level -= 1
    return level, lists[level - 1].column if level else 0


def _add_quote(found: list[Token], text: str, start: int, end: int) -> bool:
    """Add the tokens of a quote; returns whether there is nothing but paragraphs in it."""
    index, is_open = len(found), False
    found.append(Token(TokenKind.QUOTE, start, end))
    for line in _QUOTED.finditer(text, start, end):
        if line.lastgroup is None:
            return False
        first, last = line.span("text")
        while last > first and text[last - 1] == " ":
            last -= 1
        if is_open and first < last:
            found[-1] = Token(_PARAGRAPH, found[-1].start, last)
        elif first < last:
            found.append(Token(_PARAGRAPH, first, last))
        is_open = first < last
    found[index] = Token(TokenKind.QUOTE, start, found[-1].end)
    return len(found) > index + 1


def _without_blocks(body: str, offset: int) -> tuple[str, list[Token] | None]:
    """The body with empty lines in place of fenced code and comments, and these; None if one is never closed."""
    found: list[Token] = []
    parts: list[str] = []
    end = 0
    for match in _BLOCK.finditer(body):
        start = match.start()
        if match["open"] is not None:
            return body, None
        kind = TokenKind.HTML_BLOCK if body[start + 1] == "<" else TokenKind.CODE_BLOCK
        found.append(Token(kind, offset + start + 1, offset + start + len(match[0].rstrip(" \t"))))
        parts += body[end:start], "\n" * len(match[0])
        end = match.end()
    return "".join([*parts, body[end:]]), found


def _is_plain(body: str, definitions: int) -> bool:
    """Whether the body has no definitions (they can make `[text]` a link), and no math or code of several lines.

    Args:
        body: the body.
        definitions: how often it contains `]:`, which does not begin a definition in `[[link]]:`.
    """
    if "\\" in body or "\t" in body or (definitions and definitions != body.count("]]:")):
        return False
    if "$" in body and body.count("$") > 1 and _CLOSING.search(body):
        return False
    if "~" in body and "~~~" in body:
        return False
    return "    " not in body or _is_without_indented_code(body)


def _is_without_indented_code(body: str) -> bool:
    if f"\n{'':20}" in body or any("    " in match[1] for match in _MARKS.finditer(body)):
        return False
    at = body.find("\n    ")
    while at >= 0:
        if _TEXT.match(body, body.rfind("\n", 0, at) + 1, at) is None:
            return False
        at = body.find("\n    ", at + 1)
    return True


def _headings(body: str, offset: int) -> list[Token] | None:
    """The headings; None if there may be tables, or headings other than those with `#` in the first column."""
    found = []
    for match in _LINE.finditer(body):
        start = match.start()
        if marks := match["heading"]:
            end = start + len(match[0].rstrip(" "))
            found.append(Token(TokenKind.HEADING, offset + start + 1, offset + end, str(len(marks))))
        elif (rule := match["rule"]) is None or "|" in rule or ":" in rule or not body.endswith("\n", 0, start):
            return None
    return found


class _Inline:
    """The code, tags, autolinks and links of a body; `is_plain` if these are all, and all elements are simple.

    Args:
        body: the body, between two line ends.
        offset: offset of the body in the note.
        links: how many `](` it has.
    """

    def __init__(self, body: str, offset: int, links: int) -> None:
        self.tokens: list[Token] = []
        self._body = body
        self._offset = offset
        self._code: list[str] = []
        self._tags = self._links = 0
        self._element = ""  # the open one
        self._line_end = 0  # of the latest tag
        self._is_simple = True
        ticks = body.count("`") if "`" in body else 0
        tags = body.count("<")
        harmless = _HARMLESS.findall(body) if tags else []
        has_others = tags != len(harmless) + harmless.count("/")
        if ticks and "``" in body:
            self._is_simple = False
        elif has_others:
            self._read(_ALL_INLINE)
        elif ticks or links:
            self._read(_CODE_OR_LINK if links else _CODE_ALONE)
        code = "".join(self._code)
        is_all = ticks == 2 * len(self._code) and links == self._links + code.count("](")
        is_all = is_all and (not has_others or tags == self._tags + code.count("<"))
        self.is_plain = self._is_simple and is_all and not self._element

    def _read(self, pattern: re.Pattern[str]) -> None:
        body = self._body
        for match in pattern.finditer(body):
            first = match.start()
            if body[first] == "`":
                self._add_code(match)
            elif body.startswith("<http", first):
                self._tags += 1
                self._add(TokenKind.AUTOLINK, match, match[0][1:-1])
            elif body[first] == "<":
                self._add_tag(match)
            else:
                is_image = body[first - 1] == "!"
                destination = match[1]
                if "&" in destination and ";" in destination:  # it may hold entities
                    self._is_simple = False
                self._links += 1
                start, end = self._offset + first - is_image, self._offset + match.end()
                self.tokens.append(Token(TokenKind.IMAGE if is_image else TokenKind.LINK, start, end, destination))
                for inner in _CODE_OR_TAG.finditer(body, first, match.start(1)):
                    (self._add_code if inner[0].startswith("`") else self._add_tag)(inner)

    def _add(self, kind: TokenKind, match: re.Match[str], detail: str = "") -> None:
        self.tokens.append(Token(kind, self._offset + match.start(), self._offset + match.end(), detail))

    def _add_code(self, match: re.Match[str]) -> None:
        self._code.append(match[0])
        self._add(TokenKind.CODE, match)

    def _add_tag(self, match: re.Match[str]) -> None:
        """Add a tag; elements are simple if each ends on its line and holds no other element."""
        first = match.start()
        if first > self._line_end:
            self._is_simple = self._is_simple and not self._element
            self._line_end = self._body.index("\n", first)
            self.tokens.append(Token(TokenKind.PARAGRAPH, self._offset + first, self._offset + self._line_end))
        self._tags += 1
        self._add(TokenKind.HTML, match)
        name = match[0].strip("<>").partition(" ")[0]
        if name == f"/{self._element}":
            self._element = ""
        elif name not in ("br", "br/"):
            self._is_simple = self._is_simple and not (self._element or name.startswith("/"))
            self._element = name.removesuffix("/")
