"""Why nobody is to blame for a broken link: reasons to tell of it as info.

Each module has one reason; `Excuses` puts them in their order.
"""

from functools import cached_property

from vaultlint.excuses.hidden import hidden
from vaultlint.excuses.importers import ImportedNames
from vaultlint.excuses.outside import outside
from vaultlint.excuses.sites import Site, may_be_address, published, site_of
from vaultlint.note import Link, Note
from vaultlint.vault_view import VaultView

__all__ = ["Excuses"]


class Excuses:
    """The reasons for the broken links of a note; what they depend on is worked out once, if a link asks."""

    def __init__(self, note: Note, vault: VaultView) -> None:
        self._note = note
        self._vault = vault

    def whatever_is_similar(self, link: Link) -> str | None:
        """The reason, to follow a semicolon, if a link is no fault even though a file has a similar name."""
        if not may_be_address(link) or self._site is None:
            return None
        return published(link, self._note, self._site, self._vault)

    def of(self, link: Link) -> str | None:
        """The reason, to follow a semicolon, if a link is no fault unless a name that surely was meant is known."""
        return (
            self._imported.reason(link)
            or hidden(link, self._note, self._vault)
            or outside(link, self._note, self._vault)
        )

    @cached_property
    def _site(self) -> Site | None:
        return site_of(self._note, self._vault)

    @cached_property
    def _imported(self) -> ImportedNames:
        return ImportedNames(self._note)
