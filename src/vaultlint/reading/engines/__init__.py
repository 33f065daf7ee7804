"""The contract between a Markdown engine and everything above it.

An engine is a function from the body of a note to a list of tokens. A token covers a whole construct
(containers too) and stands before what it holds, so the list is sorted by start. Text, emphasis and line
breaks yield no token. The text of a tight list item is a paragraph like any other.
"""

from enum import StrEnum

from msgspec import Struct


class TokenKind(StrEnum):
    """What a token covers."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE_BLOCK = "code block"
    HTML_BLOCK = "html block"
    QUOTE = "quote"
    LIST = "list"
    ITEM = "item"
    TABLE = "table"
    CELL = "cell"
    FOOTNOTE_DEFINITION = "footnote definition"
    CODE = "code"
    MATH = "math"
    HTML = "html"
    LINK = "link"
    IMAGE = "image"
    REFERENCE = "reference"
    AUTOLINK = "autolink"


class Token(Struct, frozen=True, gc=False):
    """One construct: `text[start:end]`, in code points.

    `detail` is the level of a heading ("1" to "6"), the label of a footnote definition, the destination of a link
    or image (unescaped, not percent-decoded); otherwise empty. A reference is a link or image whose destination
    stands in a definition elsewhere.
    """

    kind: TokenKind
    start: int
    end: int
    detail: str = ""
