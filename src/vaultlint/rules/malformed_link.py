"""The rule `malformed-link`."""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import Link, LinkKind, LinkSlip, LinkSlipKind, Note, Place
from vaultlint.rules.base import Family, Rule
from vaultlint.vault_view import VaultView

_FILE_OR_ADDRESS = re.compile(r"\w+://|.*\.[A-Za-z0-9]{2,5}(?:#.*)?$")


class MalformedLink(Rule, frozen=True):
    """Text that was meant for a link and is none.

    ## What it does
    Reports a `[[` that no `]]` closes on its line, and a Markdown link whose destination holds a blank and
    names a file or a web address. On request also a `|` in a wikilink in a table that is not written `\\|`.

    ## Why it matters
    Obsidian shows all of it as text: readers see brackets, and nobody can follow them.

    ## Example
    `Physics.md`:
    ```md
    The laws were found by [[Newton in 1687.  <-- malformed-link
    They are in [his book](The Principia.md).  <-- malformed-link
    ```
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.WARNING

    table_bars: Annotated[
        bool, Meta(description="Report wikilinks in tables whose `|` is not escaped; what Obsidian does is unknown.")
    ] = False

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report slips, in the order in which they stand."""
        for slip in note.link_slips:
            if slip.kind is LinkSlipKind.UNCLOSED:
                yield self.diagnostic(note, slip.span, "no `]]` closes this wikilink on its line, so it is text")
            elif slip.kind is LinkSlipKind.BLANKS and _is_destination(slip, note, vault):
                message = "blanks in the destination make this Markdown link text"
                edit = Edit(note.path, slip.span, f"<{slip.text.strip()}>")
                fix = Fix("put the destination in angle brackets", (edit,), safe=False)
                yield self.diagnostic(note, slip.span, message, fix=fix)
        if self.table_bars:
            for link in filter(_has_table_bar, note.links):
                yield self.diagnostic(note, link.span, r"the `|` of a wikilink in a table is written `\|`")


def _is_destination(slip: LinkSlip, note: Note, vault: VaultView) -> bool:
    """Whether what stands in the parentheses names a file or an address; it may just be a remark."""
    written = slip.text.strip()
    return _FILE_OR_ADDRESS.match(written) is not None or bool(vault.lookup(written.partition("#")[0], note))


def _has_table_bar(link: Link) -> bool:
    return link.kind is LinkKind.WIKILINK and link.place is Place.TABLE and link.doubtful and link.display is not None
