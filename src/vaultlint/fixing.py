"""Applying edits to a text."""

from collections.abc import Iterable

from vaultlint.diagnostic import Edit


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they belong to this text and do not overlap."""
    parts = []
    end = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        parts += [text[end : edit.span.start], edit.replacement]
        end = edit.span.end
    return "".join([*parts, text[end:]])
