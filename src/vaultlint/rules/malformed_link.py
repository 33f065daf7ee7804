"""The rule `malformed-link`."""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.expressions import expression
from vaultlint.note import Link, LinkKind, LinkSlip, LinkSlipKind, Note, Place
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault_view import VaultView

_EXTENSIONS = (
    "md|canvas|base|avif|bmp|gif|jpe?g|png|svg|webp|flac|m4a|mp3|ogg|wav|webm|3gp|mkv|mov|mp4|ogv|pdf"
    "|html?|txt|csv|docx?|xlsx?|pptx?|odt|epub|zip|json|ya?ml"
)
_CERTAIN_DESTINATION = expression(
    rf"(?:(?:https?|file|obsidian)://\S{{2,}}\w/?|[^\s:]*[^\s:/]\.(?:{_EXTENSIONS})(?:#\S*\w)?)(?=[.,;:!?]*(?:\s|$))",
    re.IGNORECASE,
)
_FILE_OR_ADDRESS = expression(r"\w+://|.*\.[A-Za-z0-9]{2,5}(?:#.*)?$")


class MalformedLink(Rule, frozen=True):
    """Text that was meant as a link but is not one.

    ## What it does
    Reports a `[[` that no `]]` closes on its line, and a Markdown link whose destination names a file or a web
    address and contains a space, or has no `)` on its line. With the option `table-bars`, it also reports a `|` in a
    wikilink in a table that is not written as `\\|`.

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
        """Report link slips in order."""
        for slip in note.link_slips:
            if slip.kind is LinkSlipKind.UNCLOSED:
                yield self.diagnostic(
                    note, slip.span, "no `]]` closes this wikilink on its line, so it is plain text"
                )
            elif slip.kind is LinkSlipKind.BLANKS and _is_destination(slip, note, vault):
                message = "spaces in the destination make this Markdown link plain text"
                yield self.diagnostic(note, slip.span, message, fix=_without_blanks(slip, note))
            elif slip.kind is LinkSlipKind.NO_PARENTHESIS and (written := _first_destination(slip, note, vault)):
                span = Span(slip.span.start, slip.span.start + len(written))
                fix = Fix("close the link", (Edit(note.path, span, _bracketed(written) + ")"),), safe=False)
                message = "no `)` closes this Markdown link on its line, so it is plain text"
                yield self.diagnostic(note, span, message, fix=fix)
        if self.table_bars:
            for link in filter(_has_table_bar, note.links):
                yield self.diagnostic(note, link.span, r"the `|` of a wikilink in a table is written `\|`")


def _is_destination(slip: LinkSlip, note: Note, vault: VaultView) -> bool:
    """Whether the text in the parentheses is the name of a file or an address, and not a remark."""
    written = slip.text.strip()
    return _FILE_OR_ADDRESS.match(written) is not None or bool(vault.lookup(written.partition("#")[0], note))


def _first_destination(slip: LinkSlip, note: Note, vault: VaultView) -> str:
    """The start of a text that is a file or an address, or the whole text if it names a file; empty for a remark."""
    first = _CERTAIN_DESTINATION.match(slip.text)
    if first is not None:
        return first[0]
    written = slip.text.rstrip()
    name = written.partition("#")[0].strip()
    return written if "." in name and vault.lookup(name, note) else ""


def _bracketed(destination: str) -> str:
    return f"<{destination}>" if any(blank in destination for blank in " \t") else destination


def _without_blanks(slip: LinkSlip, note: Note) -> Fix | None:
    """A fix that puts the destination in angle brackets, and the size of an image after a `|` in its label."""
    written = _bracketed(slip.text.strip())
    if slip.size is None:
        edits: tuple[Edit, ...] = (Edit(note.path, slip.span, written),)
        return Fix("put the destination in angle brackets", edits, safe=False)
    size = note.text[slip.size.start + 1 : slip.size.end].strip("x")
    label_end = slip.span.start - 2
    edits = (
        Edit(note.path, Span(label_end, label_end), f"|{size}"),
        Edit(note.path, Span(slip.span.start, slip.size.end), written),
    )
    return Fix("write the size in the label", edits, safe=False)


def _has_table_bar(link: Link) -> bool:
    return link.kind is LinkKind.WIKILINK and link.place is Place.TABLE and link.doubtful and link.display is not None
