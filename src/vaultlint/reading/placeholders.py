"""Text that some program replaces later: `{{title}}`, `<% tp.file.title %>`, `= this.file.name` in a code span."""

from collections.abc import Iterable

from vaultlint.note import Link

_MARKS = ("{{", "<%", "`=", "`$=")


def holds_placeholder(text: str) -> bool:
    """Whether a text holds what begins a placeholder of the Templates plug-in, Templater or Dataview."""
    return any(mark in text for mark in _MARKS)


def without_placeholders(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links that have a target already."""
    return tuple(link for link in links if not (holds_placeholder(link.target) or holds_placeholder(link.subpath)))
