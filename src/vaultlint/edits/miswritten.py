"""Messages and fixes for broken links whose target is miswritten: a URL, a timestamp, `%20`, a missing `#`."""

import re

from msgspec.structs import replace

from vaultlint.diagnostic import Edit, Fix
from vaultlint.edits.retargeting import link_fix
from vaultlint.expressions import expression
from vaultlint.note import Link, LinkKind, Note, Place, TimestampForm
from vaultlint.reading.links import split_destination
from vaultlint.reading.timestamps import read_time
from vaultlint.text import Span, quoted
from vaultlint.vault_view import VaultView

_WEB_HOST = expression(
    r"(?:www\.[\w.-]+\.[a-z]{2,}(?=[/:?]|$)|(?:[\w-]+\.)+(?:com|edu|gov|io|net|org)(?=[/:]))\S*$", re.IGNORECASE
)
"""A web address without `https://`: `www.example.org`, or `example.org/page`."""
_BLOCK_ID = expression("[A-Za-z0-9-]+")


def nothing_named(link: Link) -> str:
    """The message for a broken link."""
    return f"no note or attachment named {quoted(link.target)}"


def leading_to(path: str, link: Link, note: Note, vault: VaultView, safe: bool) -> Fix | None:
    """A fix that makes the link lead to the file at `path`; None if no such link can be written."""
    return link_fix(note, link, path, vault, full="/" in link.target, safe=safe)


def miswritten(link: Link, note: Note, vault: VaultView) -> tuple[str, Fix | None] | None:
    """The message and the fix for a link whose target can't name a file as written; None for other links."""
    return _other_than_a_link(link, note) or _misquoted(link, note, vault)


def _other_than_a_link(link: Link, note: Note) -> tuple[str, Fix | None] | None:
    """The message and the fix if the target is a timestamp or a web address."""
    address = _WEB_HOST.match(link.target)
    if not address and not link.target.startswith(("http", *"0123456789")):
        return None  # most notes need not be read again for their text
    written = note.text[link.target_span.start : link.subpath_span.end if link.subpath else link.target_span.end]
    is_time = read_time(written, Span(0, len(written))).seconds is not None
    if link.kind is not LinkKind.WIKILINK:
        if address:
            return f"`https://` is missing; Obsidian looks for a note named {quoted(link.target)}", _inserted(
                "https://", link.target_span.start, link, note
            )
        message = "a timestamp where a link has its destination; Obsidian looks for a note of that name"
        return (message, None) if is_time else None
    if address or written.startswith(("https://", "http://")):
        what = "a web address"
        display = (link.display or "").strip()
        url = f"https://{written}" if address else written
        right = f"[{display}]({url})" if display else f"<{url}>"
    elif is_time:
        what = "a timestamp"
        right = f"[{written}]"
        if any(timestamp.form is TimestampForm.ANCHOR for timestamp in note.timestamps):
            right = f'<a class="yt-timestamp" data-t="{written}">{right}</a>'
    else:
        return None
    fix = None
    if link.place is Place.BODY and not link.embed:
        fix = Fix(f"write {right}", (Edit(note.path, link.span, right),), safe=False)
    return f"{what} in the brackets of a wikilink; Obsidian looks for a note named {quoted(written)}", fix


def _inserted(what: str, at: int, link: Link, note: Note) -> Fix | None:
    """An unsafe fix that inserts `what` at offset `at` in the link's target; None if the link can't be edited."""
    if link.kind is LinkKind.FILE or link.place is Place.DATA or not link.is_placed:
        return None
    return Fix(f"write `{what}` there", (Edit(note.path, Span(at, at), what),), safe=False)


def _misquoted(link: Link, note: Note, vault: VaultView) -> tuple[str, Fix | None] | None:
    """The message and the fix if the target means an existing file, but no link can name it like that."""
    if link.kind is LinkKind.FILE:
        return None
    return _encoded(link, note, vault) or _without_hash(link, note, vault) or _cut_at_hash(link, note, vault)


def _encoded(link: Link, note: Note, vault: VaultView) -> tuple[str, Fix | None] | None:
    """The message and the fix for a percent-encoded wikilink: `[[My%20File]]`."""
    if link.kind is not LinkKind.WIKILINK or "%" not in link.target:
        return None
    decoded, subpath = split_destination(link.target)
    paths = vault.lookup(decoded, note) if decoded != link.target and not subpath else ()
    if not paths:
        return None
    fix = leading_to(paths[0], link, note, vault, False) if len(paths) == 1 else None
    if fix is not None:
        fix = replace(fix, edits=fix.edits[:1])  # drop the edit that keeps `My%20File` as display text
    return f"{nothing_named(link)}; wikilinks are not percent-decoded, and {quoted(paths[0])} is meant", fix


def _without_hash(link: Link, note: Note, vault: VaultView) -> tuple[str, Fix | None] | None:
    """The message and the fix for a block link without `#`: `[[My File^a1]]`, or `[[^a1]]` in the same note."""
    name, _, block = link.target.rpartition("^")
    if not _BLOCK_ID.fullmatch(block) or len(block) == len(link.target):
        return None
    paths = vault.lookup(name.strip(), note) if name.strip() else (note.path,)
    is_there = len(paths) == 1 and vault.has_anchor(paths[0], f"^{block}")
    if not paths or not (name.strip() or is_there):
        return None
    at = note.text.rfind("^", link.target_span.start, link.target_span.end)
    fix = _inserted("#", at, link, note) if is_there and at >= 0 else None
    return f"{nothing_named(link)}; a `#` is missing before the `^`", fix


def _cut_at_hash(link: Link, note: Note, vault: VaultView) -> tuple[str, Fix | None] | None:
    """The message for a file whose name contains `#`: `[[hash#x]]` for `hash#x.md`. There is no fix."""
    if link.subpath_span.start == link.target_span.end:
        return None
    name = f"{link.target}#{link.subpath}"
    is_as_read = link.subpath_span.start == link.target_span.end + 1  # with no space around the `#`
    if link.kind is LinkKind.WIKILINK and link.is_placed and not is_as_read:
        name = note.text[link.target_span.start : link.subpath_span.end]
    paths = vault.lookup(name, note) if "#" in name else ()
    if not paths:
        return None
    return f"{nothing_named(link)}; a `#` in the name of a file can't be linked, as in {quoted(paths[0])}", None
