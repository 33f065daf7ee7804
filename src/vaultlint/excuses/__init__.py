"""Reasons why a broken link is no mistake; it is then reported as info.

One module per reason; `Excuses` tries them in order.
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
    """Finds reasons for the broken links of one note. Facts about the note are computed lazily and cached."""

    def __init__(self, note: Note, vault: VaultView) -> None:
        self._note = note
        self._vault = vault

    def whatever_is_similar(self, link: Link) -> str | None:
        """Why a link is no mistake even if a file has a similar name (text after a semicolon), or None."""
        if not may_be_address(link) or self._site is None:
            return None
        return published(link, self._note, self._site, self._vault)

    def of(self, link: Link) -> str | None:
        """Why a link is no mistake if no similar name was surely meant (text after a semicolon), or None."""
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
