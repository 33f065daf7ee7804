"""`Reading`: a note read from its text, with what several of its facts are computed from."""

from msgspec import Struct

from vaultlint.note import Note, fact
from vaultlint.reading.engines import BLOCKS, EngineName, Token, TokenKind, found_engine, settled
from vaultlint.reading.engines.display_math import with_display_math
from vaultlint.reading.plain import plain_blocks, plain_tokens
from vaultlint.reading.regions import Opaque, Regions, comments, doubtful_math
from vaultlint.text import Span

_OF_LINES = frozenset({TokenKind.CODE_BLOCK, TokenKind.HTML_BLOCK})
"""Blocks that `plain_blocks` does not know."""


class Dialect(Struct, frozen=True):
    """A vault's own syntax, and the engine that reads its Markdown.

    Regular expressions for further timestamps have a group `time`; those for further citations match all of one.
    The engine does not change the facts.
    """

    timestamp_patterns: tuple[str, ...] = ()
    citation_patterns: tuple[str, ...] = ()
    engine: EngineName = EngineName.AUTO


class Reading(Note):
    """A note's text and the engine's tokens. The other modules here add the facts that they read.

    Args:
        path: path of the note relative to the vault, with `/`.
        text: its text, with its line ends unchanged, and without lone surrogates.
        dialect: the vault's own forms, and the engine.
    """

    dialect: Dialect

    def __init__(self, path: str, text: str, dialect: Dialect) -> None:
        super().__init__(path, text)
        self.__dict__["dialect"] = dialect

    @fact
    def body_start(self) -> int:
        """The offset where the body begins, after the front matter."""
        return self.front_matter.span.end if self.front_matter else 0

    @fact
    def tokens(self) -> list[Token]:
        """The engine's tokens for the body."""
        body = self.text[self.body_start :]
        if not body.endswith(("\n", "\r")):
            body += "\n"
        return settled(with_display_math(found_engine(self.dialect.engine)[1], body), body, self.body_start)

    @fact
    def marks(self) -> list[Token]:
        """The tokens that links and headings depend on: all, or a subset for a plain text; see `plain_tokens`."""
        if "tokens" in self.__dict__:
            return self.tokens
        found = plain_tokens(self.text, self.body_start)
        return self.tokens if found is None else found

    @fact
    def prose_tokens(self) -> list[Token]:
        """The tokens that prose depends on, blocks first: all, or those of a plain text; see `plain_blocks`."""
        marks = self.marks
        if "tokens" in self.__dict__ or any(token.kind in _OF_LINES for token in marks):
            return self.tokens
        found = plain_blocks(self.text, self.body_start)
        return self.tokens if found is None else found + [token for token in marks if token.kind not in BLOCKS]

    @fact
    def opaque(self) -> Opaque:
        """The parts that are not read as prose; for a plain text, only HTML that may contain other constructs."""
        return Opaque(self.text, self.marks)

    @fact
    def doubtful_math(self) -> Regions:
        """Places that may or may not be math in Obsidian; this is not established."""
        return Regions(doubtful_math(self.text, self.body_start, self.marks, self.opaque))

    @fact
    def comments(self) -> list[Span]:
        """Spans of `%%…%%` comments."""
        return list(comments(self.text, self.body_start, self.opaque))
