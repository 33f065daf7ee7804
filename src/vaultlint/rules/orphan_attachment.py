"""The rule `orphan-attachment`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault_view import VaultView

NOT_LINKED = frozenset({"publish.css", "publish.js", "vaultlint.toml"})
"""Files in the root that other programs read."""


class OrphanAttachment(Rule, frozen=True):
    """An attachment that nothing links to.

    ## What it does
    Reports files other than notes, canvases and bases that no note, canvas or base links to or embeds. It is
    off by default. Files in the root that are for Obsidian Publish (`publish.css`, `publish.js`) or for vaultlint
    (`vaultlint.toml`) are skipped.

    ## Why it matters
    Images that were replaced and papers that were never read use space, and nobody knows if they can be deleted.
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.OFF

    def check_vault(self, vault: VaultView) -> Iterator[Diagnostic]:
        """Report attachments that no file links to."""
        for path in sorted(vault.attachments - vault.linked_paths() - NOT_LINKED):
            message = "nothing links to this attachment"
            yield Diagnostic(self.name, self.default_severity, path, Span(0, 0), message)
