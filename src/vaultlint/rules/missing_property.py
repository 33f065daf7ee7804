"""The rule `missing-property`."""

import re
from collections.abc import Collection, Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Fix, Severity
from vaultlint.edits.inserting import inserted
from vaultlint.names import file_name
from vaultlint.note import Note, says_something
from vaultlint.rules.base import Family, Rule, listed
from vaultlint.suggestions import nearest
from vaultlint.text import Span, quoted
from vaultlint.vault_view import VaultView

_MARKUP = re.compile(r"[\[\]*_`<>#%$\\=~^]")


class MissingProperty(Rule, frozen=True):
    """A property that the configuration requires and the note does not have.

    ## What it does
    Reports each property that a `[[properties]]` block requires and that the front matter of the note does not
    have. As in Obsidian, upper and lower case make no difference. A note without front matter is reported once,
    by `missing-front-matter`. Without `[[properties]]` in the configuration this rule is silent.

    If the block has the key `standard`, which names a note format (a [profile](../profiles.md) sets it), a missing
    property is an error, and so is one without a value.

    The fix adds the value in `defaults` of the block, after the property that comes before it in `required`. A
    `title` without a default is taken from the first heading, or else from the name of the note; this fix is
    not safe.

    ## Why it matters
    A list, a search or a published page that uses the property skips the note or shows a gap.

    ## Configuration
    ```toml
    [[properties]]
    paths = ["Wiki/**"]
    required = ["title", "videoId"]
    ```

    ## Example
    With the configuration above, `Wiki/Physics.md`:
    ```md
    ---  <-- missing-property
    title: Physics
    ---
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.WARNING

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report required properties that are missing."""
        if note.front_matter is None or not note.front_matter.valid or note.front_matter.doubtful:
            return
        for name in vault.schema.required(note):
            standard = vault.schema.standard_requiring(note, name)
            required = f", and {standard} requires it" if standard else ""
            severity = Severity.ERROR if standard else None
            item = note.property(name)
            if item is None:
                start = note.front_matter.span.start
                similar = nearest(name, (item.name for item in note.front_matter.properties))
                hint = f"; {quoted(similar)} may be meant" if similar else ""
                fix = None if similar else given(note, vault, [name])
                message = f"the property {quoted(name)} is missing{required}{hint}"
                yield self.diagnostic(note, Span(start, start + 3), message, fix=fix, severity=severity)
            elif standard and not says_something(item.value):
                message = f"the property {quoted(name)} is empty{required}"
                yield self.diagnostic(note, item.name_span, message, severity=severity)


def given(note: Note, vault: VaultView, names: Collection[str]) -> Fix | None:
    """A fix that adds missing properties whose value is known from the configuration, and the title from the note."""
    defaults = vault.schema.defaults(note)
    values = {name: defaults[name] for name in names if name in defaults}
    safe = True
    title = next((name for name in names if name.lower() == "title" and name not in defaults), None)
    if title is not None:
        values, safe = {title: _title(note)} | values, False
    order = vault.schema.required(note)
    edit = inserted(note, values, order) if values else None
    return Fix(f"add {listed(values)}", (edit,), safe=safe) if edit else None


def _title(note: Note) -> str:
    """The first heading, if it is of level 1 and plain text; else the name of the note."""
    heading = note.headings[0] if note.headings else None
    if heading and heading.level == 1 and heading.text.strip() and not _MARKUP.search(heading.text):
        return heading.text.strip()
    return file_name(note.path)
