"""YAML as Obsidian reads it, where the parser at hand reads it otherwise: what to give that one instead.

Obsidian follows YAML 1.2, PyYAML 1.1. Every change keeps the length, so places stay what they are, and what may stand
in a value is changed to private characters from which the value is told again.
"""

import re

from vaultlint.text import LINE_END

_SHIFT = 0x100000
_LARGEST = 0xFFFD
_NOT_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_SHIFTED = re.compile(f"[{chr(_SHIFT)}-{chr(_SHIFT + _LARGEST)}]")

_BLANK_LINE = re.compile(r"(?<![^\r\n])[ \t]*\t[ \t]*(?![^\r\n])")
_TAB_BEHIND_DASH = re.compile(r"(?<![^\r\n])(?: *-)+[ ]*\t[ \t]*")
_ANCHOR = re.compile(r"(?<=[:\-] )[&*][^\s\[\]{},]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_EMPTY_IN_BRACKETS = re.compile(r":(?=[\]},])")

_INDENT = re.compile(r"[ \t]*+")

_PLACEHOLDER = re.compile(r"\{\{[^{}\r\n]*+\}\}|<%(?:(?!%>|<%)[\s\S])*+%>|`\$?=[^`\r\n]*+`")


def with_own_line_ends(text: str) -> str:
    """The text with private characters for those that end a line in YAML 1.1 alone."""
    return text if text.isascii() else _NOT_LINE_ENDS.sub(_shifted, text)


def with_laxer_forms(text: str) -> str:
    """The text without what is allowed in YAML 1.2 alone.

    These are lines of tabs, tabs behind `-`, anchors with letters that are not Latin, and `[a:]`.
    """
    text = _BLANK_LINE.sub(_blanks, text)
    text = _TAB_BEHIND_DASH.sub(lambda found: found[0].replace("\t", " "), text)
    text = _ANCHOR.sub(lambda found: _NOT_ASCII.sub("x", found[0]), text)
    return _EMPTY_IN_BRACKETS.sub(_shifted, text)


def without_placeholders(text: str) -> str:
    """The text with private characters for placeholders; one that has lines of its own becomes a comment."""
    return _PLACEHOLDER.sub(_hidden, text)


def restored(value: str) -> str:
    """What a value holds in the note."""
    return _SHIFTED.sub(lambda found: chr(ord(found[0]) - _SHIFT), value) if not value.isascii() else value


def unindented_line(text: str, start: int, end: int, column: int) -> int | None:
    """Where a further line of `text[start:end]` begins that is not indented by more spaces than `column`.

    The text stands in brackets or quotes. Blank lines need not be indented, nor comments in brackets, nor the closing
    bracket by more than the property itself.
    """
    is_quoted = text[start] in "\"'"
    at = start
    while (line_end := LINE_END.search(text, at, end)) is not None:
        at = line_end.end()
        line = text[at : at + column + 1]
        if line.startswith(" " * (column + 1)):
            continue
        indent = _INDENT.match(text, at)
        first = indent.end() if indent else at
        is_closing = first == end - 1 == at + column and not is_quoted
        is_blank = first >= end or text[first] in "\r\n"
        if not is_blank and not is_closing and (is_quoted or text[first] != "#"):
            return at
    return None


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _shifted(found: re.Match[str]) -> str:
    return "".join(chr(ord(one) + _SHIFT) if ord(one) <= _LARGEST else one for one in found[0])


def _hidden(found: re.Match[str]) -> str:
    shifted = _shifted(found)
    text, start, end = found.string, found.start(), found.end()
    stands_alone = (start == 0 or text[start - 1] in "\r\n") and not text[end : end + 1].strip()
    return "#" + shifted[1:] if stands_alone else shifted
