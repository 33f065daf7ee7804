"""The rule `deprecated-property`."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.edits.inserting import written
from vaultlint.note import ListValue, MapValue, Note, Property, Scalar, Value, says_something, texts
from vaultlint.reading.inline import is_tag
from vaultlint.rules.base import Family, Mark, Rule
from vaultlint.rules.invalid_tag import commented_tag
from vaultlint.text import quoted

_TODAY = {"tag": "tags", "alias": "aliases", "cssclass": "cssclasses"}
_SEPARATORS = {"tag": re.compile(r"[,\s]+"), "alias": re.compile(r"\s*,\s*"), "cssclass": re.compile(r"[,\s]+")}


class DeprecatedProperty(Rule, frozen=True):
    """A property name that Obsidian no longer uses.

    ## What it does
    Reports `tag`, `alias` and `cssclass` (in upper or lower case) if they have a value. The fix writes the
    plural with a list, unless the note already has the plural.

    ## Why it matters
    Since version 1.9 Obsidian ignores these names: the note has no such tag and no such alias.

    ## Example
    `Physics.md`:
    ```md
    ---
    tag: science  <-- deprecated-property
    ---
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.WARNING
    mark: ClassVar = Mark.DEPRECATED

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report deprecated names."""
        names = [item.name.lower() for item in note.properties]
        for item in note.properties:
            today = _TODAY.get(item.name.lower())
            if today is not None and says_something(item.value):
                message = f"Obsidian ignores {quoted(item.name)}; its name is now {quoted(today)}"
                yield self.diagnostic(note, item.name_span, message, fix=_renamed(note, item, today, names))


def _renamed(note: Note, item: Property, today: str, names: list[str]) -> Fix | None:
    """A fix that writes the new name; None if another property has it, or if there is more than a name and a text."""
    key = note.text[item.name_span.start : item.name_span.end]
    quote = key[0] if key[0] in "'\"" else ""
    if today in names or names.count(item.name.lower()) > 1 or not (quote or key == item.name):
        return None
    if isinstance(item.value, MapValue):
        return None
    edits = [Edit(note.path, item.name_span, f"{quote}{today}{quote}")]
    values = list(texts(item.value))
    if isinstance(item.value, Scalar):
        there = note.text[item.value.span.start : item.value.span.end]
        # A block scalar, an alias, an anchor that an alias may name, or a YAML tag.
        if there.startswith(("|", ">", "*", "&", "!")) or len(there.splitlines()) > 1:
            return None
        values = [value for value in _SEPARATORS[item.name.lower()].split(item.value.text.strip()) if value]
        edits.append(Edit(note.path, item.value.span, f"[{', '.join(map(written, values))}]"))
    safe = today != "tags" or _are_tags(note, item.value, values)
    return Fix(f"write {quoted(today)} with a list", tuple(edits), safe=safe)


def _are_tags(note: Note, value: Value, names: Iterable[str]) -> bool:
    """Whether all items of a value are valid tags; others would be reported as tags, and may not be meant so."""
    parts = value.items if isinstance(value, ListValue) else (value,)
    if any(isinstance(part, Scalar) and commented_tag(note, part) for part in parts):
        return False
    return all(is_tag(text.strip().removeprefix("#")) for text in names)
