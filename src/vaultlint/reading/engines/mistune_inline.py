"""Inline constructs in the text of a block, by mistune's inline parser, with their offsets."""

# mypy: disable-error-code="override"
# A rule receives the state that `state_cls` makes; mistune types it as the base class.

import re
from collections.abc import MutableMapping
from html.entities import html5
from typing import Any, ClassVar

from mistune.core import InlineState
from mistune.helpers import MAX_LINK_LABEL_LENGTH, parse_link_href, parse_link_label
from mistune.inline_parser import InlineParser
from mistune.util import unikey

from vaultlint.reading.engines import TokenKind
from vaultlint.reading.engines.dollars import Dollars
from vaultlint.reading.engines.mistune_blocks import MOST_PARENTHESES, tag_pattern

Found = tuple[TokenKind, int, int, str]

_TAG = re.compile(tag_pattern(r"[ \t\n\v\f]"))
_DECLARATION = re.compile("<![A-Za-z]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&#[xX]([0-9A-Fa-f]{1,6});|&#([0-9]{1,7});|&([A-Za-z0-9]+;)")


def unescaped(written: str) -> str:
    """A destination with backslash escapes and entities replaced."""
    return _ESCAPED.sub(_character, written) if "\\" in written or "&" in written else written


def _character(match: re.Match[str]) -> str:
    escape, hexadecimal, decimal, name = match.groups()
    if escape is not None:
        return escape
    if name is not None:
        return html5.get(name, match[0])
    code = int(hexadecimal, 16) if hexadecimal is not None else int(decimal)
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"


class _State(InlineState):
    """The text of a block with the constructs found in it."""

    def __init__(self, env: MutableMapping[str, Any]) -> None:
        super().__init__(env)
        self.found: list[Found] = []
        self.dollars: Dollars | None = None

    def append_token(self, token: dict[str, Any]) -> None:
        """Add a token; nesting depth is not counted, because that would take quadratic time."""
        self.tokens.append(token)


class Inlines(InlineParser):
    """mistune's inline parser without emphasis and line breaks, with math, and with HTML as in CommonMark."""

    state_cls = _State
    SPECIFICATION: ClassVar[dict[str, str]] = {**InlineParser.SPECIFICATION, "link_close": r"\]"}

    def __init__(self) -> None:
        super().__init__(max_nested_level=MOST_PARENTHESES)
        self.rules = [rule for rule in self.rules if rule not in ("emphasis", "linebreak", "softbreak")]
        self.register("math", r"\$", Inlines.parse_math, start_chars="$")

    def found(self, text: str, env: MutableMapping[str, Any]) -> list[Found]:
        """The constructs in a text, by offset."""
        state = self.state_cls(env)
        state.src = text
        self.parse(state)
        state.found.sort(key=lambda one: (one[1], -one[2]))
        return state.found

    def finalize_tokens(self, tokens: list[dict[str, Any]], depth: int) -> list[dict[str, Any]]:
        """No emphasis."""
        return tokens

    def parse_math(self, m: re.Match[str], state: _State) -> int | None:
        """`$…$` and `$$…$$`."""
        if state.dollars is None:
            state.dollars = Dollars(state.src)
        return self._add(TokenKind.MATH, m.start(), state.dollars.end(m.start()), state)

    def parse_codespan(self, m: re.Match[str], state: _State) -> int:
        """mistune's own rule, with offsets."""
        end = super().parse_codespan(m, state)
        if state.tokens[-1]["type"] == "codespan":
            self._add(TokenKind.CODE, m.start(), end, state)
        return end

    def parse_auto_link(self, m: re.Match[str], state: _State) -> int:
        """An address in angle brackets."""
        self._add(TokenKind.AUTOLINK, m.start(), m.end(), state, m[0][1:-1])
        return m.end()

    def parse_auto_email(self, m: re.Match[str], state: _State) -> int:
        """An e-mail address in angle brackets."""
        return self.parse_auto_link(m, state)

    def parse_inline_html(self, m: re.Match[str], state: _State) -> int | None:
        """A tag, comment, processing instruction, declaration or CDATA section."""
        start, src, find = m.start(), state.src, state.delimiters.find
        end: int | None = None
        if src.startswith(("<!-->", "<!--->"), start):
            end = src.index(">", start) + 1
        elif src.startswith("<!--", start):
            end = _after("-->", find("-->", start + 4))
        elif src.startswith("<?", start):
            end = _after("?>", find("?>", start + 2))
        elif src.startswith("<![CDATA[", start):
            end = _after("]]>", find("]]>", start + 9))
        elif _DECLARATION.match(src, start):
            end = _after(">", find(">", start + 3))
        elif (tag := _TAG.match(src, start)) is not None:
            end = tag.end()
        return self._add(TokenKind.HTML, start, end, state)

    def parse_link_close(self, m: re.Match[str], state: _State) -> int:
        """mistune's own rule, with offsets; a footnote reference is not a link, and can't hold one."""
        opener = state.brackets[-1] if state.brackets else None
        end = super().parse_link_close(m, state)
        if opener is None or not (opener.active or opener.image):
            return end
        start = opener.start - 1 - opener.image
        token = state.tokens[-1]
        if token["type"] in ("link", "image") and len(state.tokens) == opener.token_index + 1:
            token["children"] = []
            if "ref" in token:
                state.found.append((TokenKind.REFERENCE, start, end, unescaped(token["attrs"]["url"])))
            else:
                kind = TokenKind.IMAGE if opener.image else TokenKind.LINK
                url, _ = parse_link_href(state.src, m.end() + 1, max_nested_level=MOST_PARENTHESES)
                state.found.append((kind, start, end, unescaped(url or "")))
        elif m.start() - opener.start <= MAX_LINK_LABEL_LENGTH and not _has_label(state.src, end):
            label = unikey(state.src[opener.start : m.start()])
            if label.removeprefix("^") in state.env["footnotes"] and label.startswith("^"):
                state.brackets.clear()
                state.last_link = None
            elif label in state.env["ref_links"] and not opener.nested:
                # The brackets that follow are not a label, so mistune need not have tried it.
                state.found.append((TokenKind.REFERENCE, start, end, unescaped(state.env["ref_links"][label]["url"])))
                bracket = None if opener.image else state.last_link
                while bracket is not None and bracket.active:
                    bracket.active = False
                    bracket = bracket.previous_link
        return end

    def _add(self, kind: TokenKind, start: int, end: int | None, state: _State, detail: str = "") -> int | None:
        if end is not None:
            state.found.append((kind, start, end, detail))
            state.append_token({"type": kind.value})
        return end


def _after(mark: str, at: int | None) -> int | None:
    return None if at is None else at + len(mark)


def _has_label(src: str, at: int) -> bool:
    """Whether the label of a definition follows in brackets."""
    label, _ = parse_link_label(src, at + 1) if src.startswith("[", at) else (None, None)
    return label is not None and label.strip() != "" and not label.startswith("^")
