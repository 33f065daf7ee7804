"""Comments and properties that suppress: `%% vaultlint-ignore broken-link: planned note %%`."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from vaultlint.note import Directive, DirectiveKind, FrontMatter, ListValue, RuleReference, Scalar
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.obsidian import Opaque
from vaultlint.text import Span, line_span

PROPERTY = "vaultlint-ignore"

_COMMENT = re.compile(
    r"(?P<open>%%|<!--)[ \t]*vaultlint-(?P<kind>ignore(?:-start|-end|-file)?)(?![\w-])"
    r"(?P<rules>[^:%\r\n<>]*?)(?::[^\r\n]{0,1000}?)?[ \t]*(?P<close>%%|-->)"
)
_RULE = re.compile(r"[^\s,]+")
_BLOCKS = frozenset(
    {
        TokenKind.PARAGRAPH,
        TokenKind.HEADING,
        TokenKind.CODE_BLOCK,
        TokenKind.HTML_BLOCK,
        TokenKind.QUOTE,
        TokenKind.LIST,
        TokenKind.ITEM,
        TokenKind.TABLE,
        TokenKind.FOOTNOTE_DEFINITION,
    }
)
_LEAVES = frozenset({TokenKind.PARAGRAPH, TokenKind.HEADING, TokenKind.HTML_BLOCK})


def directives(text: str, start: int, tokens: list[Token], opaque: Opaque) -> list[Directive]:
    """Directives in comments, each with the text that it covers."""
    found: list[Directive] = []
    open_starts: list[int] = []
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
            scope = _line_scope(text, Span(*match.span()), tokens)
        elif kind is DirectiveKind.START:
            open_starts.append(len(found))
            scope = Span(match.start(), len(text))
        elif open_starts:
            i = open_starts.pop()
            found[i] = replace(found[i], scope=Span(found[i].span.start, match.end()))
            scope = Span(*match.span())
        found.append(Directive(kind, Span(*match.span()), rules, scope))
    return found


def _line_scope(text: str, span: Span, tokens: list[Token]) -> Span:
    """The directive's line; if it is alone there, the rest of its block or else the next block."""
    line = line_span(text, span.start)
    alone = not text[line.start : span.start].strip(" \t>") and not text[span.end : line.end].strip()
    if not alone:
        return line
    for token in tokens:
        if token.kind in _LEAVES and token.start <= span.start and text[line.end : token.end].strip():
            if token.end > line.end:
                return Span(line.start, token.end)
        elif token.kind in _BLOCKS and token.start > line.end:
            return Span(line.start, token.end)
    return line


def property_directive(front_matter: FrontMatter, length: int) -> Iterator[Directive]:
    """`vaultlint-ignore: [rule, …]` in the front matter covers the note."""
    for item in front_matter.properties:
        if item.name == PROPERTY:
            values = item.value.items if isinstance(item.value, ListValue) else (item.value,)
            rules = tuple(
                RuleReference(value.text, value.span) for value in values if isinstance(value, Scalar) and value.text
            )
            if rules:
                yield Directive(DirectiveKind.FILE, item.name_span, rules, Span(0, length))
