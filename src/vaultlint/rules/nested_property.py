"""The rule `nested-property`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import ListValue, MapValue, Note, Value, holds_placeholder
from vaultlint.rules.base import Family, Rule
from vaultlint.text import quoted


class NestedProperty(Rule, frozen=True):
    """A property that contains other properties.

    ## What it does
    Reports properties whose value is a map, or a list with a map in it. It is off by default: nested properties
    are valid and usual where a site generator reads the notes.

    ## Why it matters
    Obsidian's property editor can't show or change them.

    ## Example
    `Physics.md`:
    ```md
    ---
    place:  <-- nested-property
      city: Cambridge
    ---
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.OFF

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report the outermost name of each nested property."""
        for item in note.front_matter.properties if note.front_matter else ():
            if _holds_map(item.value) and not holds_placeholder(item.value):
                yield self.diagnostic(note, item.name_span, f"{quoted(item.name)} contains other properties")


def _holds_map(value: Value) -> bool:
    if isinstance(value, ListValue):
        return any(isinstance(item, MapValue) for item in value.items)
    return isinstance(value, MapValue)
