"""Text that a program replaces later: `{{title}}`, `<% tp.file.title %>`, `= this.file.name` in a code span."""

from vaultlint.note import Link


def holds_placeholder(text: str) -> bool:
    """Whether a text contains the start of a placeholder of the Templates plug-in, Templater or Dataview."""
    return "{{" in text or "<%" in text or "`=" in text or "`$=" in text


def without_placeholders(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The links without a placeholder in their target."""
    if not holds_placeholder("\n".join([f"{link.target}\n{link.subpath}" for link in links])):
        return links  # as in most notes, and a quick test
    return tuple(link for link in links if not (holds_placeholder(link.target) or holds_placeholder(link.subpath)))
