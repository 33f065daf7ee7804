"""The rule `missing-property`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule
from vaultlint.suggestions import nearest
from vaultlint.text import Span
from vaultlint.vault import Vault


class MissingProperty(Rule, frozen=True):
    """A property that the configuration requires and the note does not have.

    ## What it does
    Reports each property that a `[[properties]]` block requires and the front matter of the note lacks.
    The name counts in any case, as in Obsidian. A note without front matter is reported once, by
    `missing-front-matter`. Without `[[properties]]` in the configuration this rule is silent.

    ## Why it matters
    What is built on the property (a list, a search, a published page) leaves the note out or shows a gap.

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

    def check(self, note: Note, vault: Vault) -> Iterator[Diagnostic]:
        """Report required names that are not there."""
        if note.front_matter is None or not note.front_matter.valid or note.front_matter.doubtful:
            return
        for name in vault.schema.required(note):
            if note.property(name) is None:
                start = note.front_matter.span.start
                similar = nearest(name, (item.name for item in note.front_matter.properties))
                hint = f"; {similar!r} may be meant for it" if similar else ""
                yield self.diagnostic(note, Span(start, start + 3), f"the property {name!r} is missing{hint}")
