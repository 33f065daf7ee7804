"""The rule `invalid-tag`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import ListValue, Note, Scalar, ScalarKind
from vaultlint.reading.obsidian import is_tag
from vaultlint.rules.base import Family, Rule


class InvalidTag(Rule, frozen=True):
    """A tag in the front matter that can't be one.

    ## What it does
    Reports items of `tags` that hold blanks or punctuation other than `_`, `-` and `/`, or digits alone. A `#` in
    front is tolerated.

    ## Why it matters
    Obsidian marks it as invalid, and no search for the tag finds the note.

    ## Example
    `Physics.md`:
    ```md
    ---
    tags:
      - science
      - natural history  <-- invalid-tag
      - 1687  <-- invalid-tag
    ---
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.WARNING

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report each item; text with commas, and a single number, are matters of `invalid-property`."""
        item = note.property("tags")
        if item is None or (note.front_matter and note.front_matter.doubtful):
            return
        is_list = isinstance(item.value, ListValue)
        for value in item.value.items if isinstance(item.value, ListValue) else (item.value,):
            if not isinstance(value, Scalar) or value.kind in (ScalarKind.EMPTY, ScalarKind.ALIAS):
                continue
            if not is_list and (value.kind is not ScalarKind.TEXT or "," in value.text):
                continue
            name = value.text.strip().removeprefix("#")
            if name and not is_tag(name):
                yield self.diagnostic(note, value.span, f"{value.text!r} can't be a tag: {_fault(name)}")


def _fault(name: str) -> str:
    if name.isdigit():
        return "it has no character that is not a digit"
    if any(character.isspace() for character in name):
        return "tags hold no blanks"
    return "of punctuation, tags hold only `_`, `-` and `/`"
