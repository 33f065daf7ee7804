"""Comments and properties that suppress: `%% vaultlint-ignore broken-link: planned note %%`."""

from bisect import bisect_right
from collections.abc import Iterator

from msgspec.structs import replace

from vaultlint.expressions import expression
from vaultlint.note import Directive, DirectiveKind, FrontMatter, ListValue, RuleReference, Scalar, fact
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.front_matter import Properties
from vaultlint.reading.regions import Opaque
from vaultlint.text import Span, line_span

PROPERTY = "vaultlint-ignore"
_SIGN = "vaultlint-"
"""Every text with a directive contains this."""

_COMMENT = expression(
    r"(?P<open>%%|<!--)[ \t]*vaultlint-(?P<kind>ignore(?:-start|-end|-file)?)(?![\w-])"
    r"(?P<rules>(?:[^:%\r\n<>\-]|-(?!->)|(?!))*+)(?::(?:[^%\-\r\n]|%(?!%)|-(?!->)|(?!)){0,1000}+)?"
    r"[ \t]*+(?P<close>%%|-->)"
)
_RULE = expression(r"[^\s,]+")
_BLOCKS = frozenset(
    {
        TokenKind.PARAGRAPH,
        TokenKind.HEADING,
        TokenKind.CODE_BLOCK,
        TokenKind.HTML_BLOCK,
        TokenKind.MATH_BLOCK,
        TokenKind.QUOTE,
        TokenKind.LIST,
        TokenKind.ITEM,
        TokenKind.TABLE,
        TokenKind.FOOTNOTE_DEFINITION,
    }
)
_LEAVES = frozenset({TokenKind.PARAGRAPH, TokenKind.HEADING, TokenKind.HTML_BLOCK})
_NOT_BLANK = expression(r"\S")


def directives(text: str, start: int, tokens: list[Token], opaque: Opaque) -> list[Directive]:
    """Directives in comments, each with the span that it covers."""
    found: list[Directive] = []
    open_starts: list[int] = []
    scopes: _Scopes | None = None
    for match in _COMMENT.finditer(text, start):
        if (match["open"] == "%%") != (match["close"] == "%%") or opaque.in_code(match.start()):
            continue
        kind = DirectiveKind(match["kind"])
        names = _RULE.finditer(text, *match.span("rules"))
        rules = tuple(RuleReference(name[0], Span(*name.span())) for name in names)
        scope: Span | None = None
        if kind is DirectiveKind.FILE:
            scope = Span(0, len(text))
        elif kind is DirectiveKind.LINE:
            scopes = scopes or _Scopes(text, tokens)
            scope = scopes.of_line(Span(*match.span()))
        elif kind is DirectiveKind.START:
            open_starts.append(len(found))
            scope = Span(match.start(), len(text))
        elif open_starts:
            i = open_starts.pop()
            found[i] = replace(found[i], scope=Span(found[i].span.start, match.end()))
            scope = Span(*match.span())
        found.append(Directive(kind, Span(*match.span()), rules, scope))
    return found


class _Scopes:
    """Finds the line or block that a directive covers; call it in the order of the text."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._line = Span(0, -1)  # of the last directive, cached: a long line may hold many
        self._blocks = [token for token in tokens if token.kind in _BLOCKS]
        self._leaves = [token for token in tokens if token.kind in _LEAVES]

    def of_line(self, span: Span) -> Span:
        """The directive's line; if nothing else is on it, also the rest of its block, or the next block."""
        text = self._text
        if span.start < self._line.end:
            return self._line
        self._line = line_span(text, span.start)
        start, end = self._line.start, self._line.end
        if text[start : span.start].strip(" \t>") or text[span.end : end].strip():
            return self._line
        leaf = bisect_right(self._leaves, span.start, key=lambda token: token.start) - 1
        if leaf >= 0 and _NOT_BLANK.search(text, end, self._leaves[leaf].end):
            return Span(start, self._leaves[leaf].end)
        following = bisect_right(self._blocks, end, key=lambda token: token.start)
        return Span(start, self._blocks[following].end if following < len(self._blocks) else end)


def property_directive(front_matter: FrontMatter, length: int) -> Iterator[Directive]:
    """`vaultlint-ignore: [rule, …]` in the front matter, which covers the whole note."""
    for item in front_matter.properties:
        if item.name.lower() == PROPERTY:
            values = item.value.items if isinstance(item.value, ListValue) else (item.value,)
            rules = tuple(
                RuleReference(value.text, value.span) for value in values if isinstance(value, Scalar) and value.text
            )
            if rules:
                yield Directive(DirectiveKind.FILE, item.name_span, rules, Span(0, length))


class Directives(Properties):
    """The directives of a note, which suppress rules."""

    @fact
    def directives(self) -> tuple[Directive, ...]:
        """See `Facts`."""
        block = self.front_matter
        return (
            *(property_directive(block, len(self.text)) if block else ()),
            *(directives(self.text, self.body_start, self.tokens, self.opaque) if _SIGN in self.text else ()),
        )
