"""The rule `unknown-property`."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule
from vaultlint.suggestions import did_you_mean
from vaultlint.text import quoted
from vaultlint.vault_view import VaultView

OBSIDIAN_NAMES = ("tags", "aliases", "cssclasses", "publish", "permalink", "description", "image", "cover")
"""Properties that Obsidian or Obsidian Publish uses."""


class UnknownProperty(Rule, frozen=True):
    """A property that the configuration does not list.

    ## What it does
    Reports properties that no `[[properties]]` block for the note lists, and that are not Obsidian's own. It is
    off by default, and silent for notes that no block is about.

    ## Why it matters
    A misspelt name is a new property, and nothing looks for it.

    ## Configuration
    ```toml
    [[properties]]
    required = ["author"]
    ```

    ## Example
    With the configuration above, `Physics.md`:
    ```md
    ---
    author: Newton
    authr: Kepler  <-- unknown-property
    ---
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.OFF

    allow: Annotated[tuple[str, ...], Meta(description="More names that are allowed.")] = ()

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report undeclared names."""
        declared = vault.schema.names(note)
        if note.front_matter is None or not declared:
            return
        known = [*declared, *self.allow, *OBSIDIAN_NAMES, "vaultlint-ignore"]
        lower = {name.lower() for name in known}
        knowing = vault.schema.standard_of(note) or "the configuration"
        for item in note.front_matter.properties:
            if item.name.lower() not in lower:
                message = f"{knowing} does not list the property {quoted(item.name)}{did_you_mean(item.name, known)}"
                yield self.diagnostic(note, item.name_span, message)
