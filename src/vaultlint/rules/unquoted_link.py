"""The rule `unquoted-link`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import ListValue, Note, Scalar, ScalarKind, Value, holds_placeholder
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault_view import VaultView


class UnquotedLink(Rule, frozen=True):
    """A wikilink in a property without quotes around it.

    ## What it does
    Reports `[[…]]` without quotes as the value of a property, or as an item of its list. Numbers in two
    brackets (`[[1687]]`) are reported if a file has that name.

    ## Why it matters
    For YAML this is a list in a list, so Obsidian sees no link.

    ## Example
    `Physics.md`:
    ```md
    ---
    author: [[Newton]]  <-- unquoted-link
    ---
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.WARNING

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report nested lists written as a wikilink; a nested list of numbers only if a file has that name."""
        for item in note.properties:
            values = [item.value, *(item.value.items if isinstance(item.value, ListValue) else ())]
            for value in filter(_is_list_in_list, values):
                written = note.text[value.span.start : value.span.end]
                if _is_link(value, written) and (not _is_number(value) or vault.lookup(written[2:-2].strip(), note)):
                    message = f"without quotes this is a list in a list, not a link: {written}"
                    yield self.diagnostic(note, value.span, message, fix=_quoted(note, value.span, written))


def _quoted(note: Note, span: Span, written: str) -> Fix | None:
    quote = "'" if '"' in written or "\\" in written else '"'
    if quote in written or written[2] in "'\"":
        return None  # the last case: a quoted text in a nested list
    return Fix("put the link in quotes", (Edit(note.path, span, f"{quote}{written}{quote}"),), safe=True)


def _is_list_in_list(value: Value) -> bool:
    """Whether a value may be `[[…]]`; only then the note's text is needed, which may have to be read again."""
    return isinstance(value, ListValue) and len(value.items) == 1 and isinstance(value.items[0], ListValue)


def _is_link(value: Value, written: str) -> bool:
    """Whether a nested list is written as `[[…]]` on one line, with no other list inside."""
    if not (written.startswith("[[") and written.endswith("]]")) or len(written.splitlines()) > 1:
        return False
    inner = value.items[0] if isinstance(value, ListValue) else value
    items = inner.items if isinstance(inner, ListValue) else ()
    return not any(isinstance(i, ListValue) for i in items) and not holds_placeholder(value)


def _is_number(value: Value) -> bool:
    """Whether a nested list contains only numbers: `[[1687]]`."""
    inner = value.items[0] if isinstance(value, ListValue) else value
    items = inner.items if isinstance(inner, ListValue) else ()
    return all(isinstance(i, Scalar) and i.kind is ScalarKind.NUMBER for i in items)
