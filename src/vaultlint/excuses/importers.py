"""Links to names that an importer wrote: authors and topics that nobody intended to write a note about."""

from bisect import bisect_right
from functools import cached_property
from posixpath import dirname

from vaultlint.note import Link, LinkKind, Note, Place, texts

REASON = "an importer wrote this name"

_OWN_PROPERTIES = ("kindle-sync", "citekey")
"""Properties by which the plug-ins for Kindle and Zotero recognise their notes."""

_CLIPPED = ("source", "author", "published", "created", "description", "tags")
"""The properties that the Web Clipper always writes, even if empty."""

_FOLDERS = frozenset(("readwise", "clippings"))
"""The default folders of Readwise and the Web Clipper."""

_NAMES = frozenset(("author", "authors", "tag", "tags", "topic", "topics"))
_LABELS = _NAMES | {"document tags"}

_LONGEST_LINE = 1000
"""Most characters before a link to search for its label."""


class ImportedNames:
    """Tells which links of a note are names that an importer wrote."""

    def __init__(self, note: Note) -> None:
        self._note = note

    def reason(self, link: Link) -> str | None:
        """The reason if an importer wrote the link as a name; else None."""
        if link.kind is not LinkKind.WIKILINK or link.embed or "/" in link.target or not self._is_by_importer:
            return None
        if link.place is Place.PROPERTY:
            return REASON if self._property_of(link) in _NAMES else None
        is_there = any(start < link.span.start < end for start, end in self._metadata)
        return REASON if is_there and self._label_of(link) in _LABELS else None

    @cached_property
    def _is_by_importer(self) -> bool:
        note = self._note
        names = frozenset(note.property_names)
        if not names.isdisjoint(_OWN_PROPERTIES) or self._is_clipped(names):
            return True
        if any(folder.lower() in _FOLDERS for folder in dirname(note.path).split("/")):
            return True
        titles = {heading.text.lower() for heading in note.headings}
        return {"metadata", "highlights"} <= titles and "readwise.io" in note.text

    def _is_clipped(self, names: frozenset[str]) -> bool:
        tags = self._note.property("tags")
        return names.issuperset(_CLIPPED) and tags is not None and "clippings" in texts(tags.value)

    @cached_property
    def _properties(self) -> tuple[list[int], list[str]]:
        """The start offsets of the properties, and their names in lower case."""
        found = self._note.properties
        return [item.name_span.start for item in found], [item.name.lower() for item in found]

    def _property_of(self, link: Link) -> str:
        starts, names = self._properties
        i = bisect_right(starts, link.span.start) - 1
        return names[i] if i >= 0 else ""

    @cached_property
    def _metadata(self) -> list[tuple[int, int]]:
        """The start and end of the first section *Metadata*, where Readwise and Kindle put authors; empty if none."""
        headings = self._note.headings
        for i, heading in enumerate(headings):
            if heading.text.lower() == "metadata":
                end = headings[i + 1].span.start if i + 1 < len(headings) else len(self._note.text)
                return [(heading.span.end, end)]
        return []

    def _label_of(self, link: Link) -> str:
        """The label before a link on its line in lower case, such as `author` in `- Author: [[X]]`; empty if none."""
        start = max(0, link.span.start - _LONGEST_LINE)
        line = self._note.text[start : link.span.start].rpartition("\n")[2]
        label, colon, _ = line.partition(":")
        return label.lstrip("-*+ \t").rstrip("* ").lower() if colon else ""
