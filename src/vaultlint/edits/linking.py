"""Writing a new link in the style of the vault."""

import re
from posixpath import dirname, relpath
from urllib.parse import quote

from vaultlint.edits.retargeting import NEEDS_ENCODING
from vaultlint.files.obsidian import LinkFormat, LinkStyle
from vaultlint.names import file_name
from vaultlint.note import Heading, Note, is_note
from vaultlint.reading.placeholders import holds_placeholder
from vaultlint.vault import Vault, headings_named

_BREAKS_LINKS = re.compile(r"[#^\[\]|\r\n\\]|%%")
_STRIPPED = re.compile(r"[:#|^\\\r\n\s]+|%%|\[\[|\]\]")
"""What Obsidian replaces in a heading when it writes a link to it (`stripHeadingForLink` of its API)."""
_MARKS = re.compile(r"[!-&(-,./:-@\[-^`{-~\s]+")
"""Characters that count as a space when headings are compared."""
_BRACKETS = re.compile(r"[\[\]]+")
_SHOWN_MARKS = re.compile(r"[\[\]|\r\n]+|%%")


def written_target(vault: Vault, style: LinkStyle, source: Note, path: str, *, extension: bool) -> str | None:
    """The target to write in a link to a file, in the link format of the vault; None if no target leads there.

    Args:
        vault: the vault.
        style: how the vault writes links.
        source: the note with the link.
        path: the linked file.
        extension: whether to write the extension of notes, as in Markdown links.
    """
    written = path if extension or not is_note(path) else path[:-3]
    name = written.rpartition("/")[2]
    way = relpath(written, dirname(source.path) or ".")
    ways = {
        LinkFormat.SHORTEST: (name,),
        LinkFormat.RELATIVE: (way, f"./{way}"),
        LinkFormat.ABSOLUTE: (),
    }[style.format]
    for target in (*ways, written, path, f"/{written}", f"/{path}"):
        if target == target.strip() and not holds_placeholder(target) and vault.lookup(target, source) == (path,):
            return target
    return None


def is_wikilinkable(target: str) -> bool:
    """Whether a wikilink can contain this target or part of a subpath."""
    return _BREAKS_LINKS.search(target) is None


def encoded_part(text: str) -> str:
    """A target or part of a subpath, percent-encoded for a Markdown link if necessary; letters stay unencoded."""
    if not NEEDS_ENCODING.search(text):
        return text
    return quote(text, safe="/!$&'*+,;=:@~-._" + "".join(c for c in text if ord(c) > 127))


def shown_text(text: str) -> str:
    """A text as display text of a link, without the characters that would end it."""
    return " ".join(_SHOWN_MARKS.sub(" ", text).split())


def default_display(path: str) -> str:
    """The display text of a Markdown link to a file if no other is given: the file name."""
    return shown_text(file_name(path))


def heading_subpath(headings: tuple[Heading, ...], number: int) -> str | None:
    """The subpath of a link to the heading with this index: its text, preceded by parent headings if it is ambiguous.

    None if no subpath leads there, because an earlier heading has the same text and parents.
    """
    named = headings_named(headings)
    for form in (_STRIPPED, _MARKS):
        parts = [_linkable(heading.text, form) for heading in (*_above(headings, number), headings[number])]
        if not parts[-1]:
            continue
        for first in range(len(parts) - 1, -1, -1):
            subpath = "#".join(part for part in parts[first:] if part)
            found = named(subpath)
            if found and found[-1] == number and not holds_placeholder(subpath):
                return subpath
    return None


def _linkable(text: str, form: re.Pattern[str]) -> str:
    return " ".join(_BRACKETS.sub(" ", form.sub(" ", text)).split())


def _above(headings: tuple[Heading, ...], number: int) -> list[Heading]:
    """The parent headings of the heading with this index, outermost first."""
    above: list[Heading] = []
    level = headings[number].level
    for heading in reversed(headings[:number]):
        if heading.level < level:
            above.insert(0, heading)
            level = heading.level
    return above
