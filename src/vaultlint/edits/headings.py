"""Updating the links to headings when edits change the headings' text."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.diagnostic import Diagnostic, Edit, Fix
from vaultlint.edits.retargeting import as_written, encoded, is_as_read
from vaultlint.names import path_key
from vaultlint.note import Heading, Link, LinkKind, Note
from vaultlint.text import LINE_END, Span, quoted
from vaultlint.vault import heading_key, heading_keys, headings_named
from vaultlint.vault_view import VaultView

MOST_STEPS = 10
"""Longest chain of headings that change because a link inside them is updated for another heading."""

MOST_FOLLOWED = 100
"""Most fixes per note for which links to headings are updated. Each fix goes through all headings of the note."""

_WORD = re.compile(r"[^!-&(-,./:-@\[-^`{-~\s]+")
"""A word of a heading: the text between characters that Obsidian treats as spaces. See `heading_key`."""


class Lost(Struct, frozen=True):
    """A link that can't be updated for its heading, and why. No link: the heading's new text is unclear."""

    note: Note
    link: Link | None
    reason: str


class Following(Struct, frozen=True):
    """The edits that update links to headings, and the links that can't be updated.

    `edits` are by note path. `subpaths` are the new subpaths by note path and span of the old one. `headings` are
    all headings after the edits of each note in which a heading changed.
    """

    edits: dict[str, list[Edit]]
    lost: tuple[Lost, ...]
    subpaths: dict[tuple[str, Span], str]
    headings: dict[str, tuple[Heading, ...]]


class HeadingLinks:
    """The links that may lead to the headings of a note, found by the headings' names (as `heading_key`).

    Args:
        path: the note's path.
        vault: the vault.
        definitions: reference definitions that are links as well, by note path.
    """

    def __init__(
        self, path: str, vault: VaultView, definitions: Mapping[str, tuple[Link, ...]] = MappingProxyType({})
    ) -> None:
        self._vault = vault
        self._links: list[tuple[str, Link]] = []
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for source in dict.fromkeys((path, *vault.linking(path), *definitions)):
            for link in (*vault.links_with_subpath(source), *definitions.get(source, ())):
                for name in {heading_key(part) for part in link.subpath.split("#") if part.strip()}:
                    self._by_name[name].append(len(self._links))
                self._links.append((source, link))

    def has(self, names: Iterable[str]) -> bool:
        """Whether a link has one of these names in its subpath."""
        return any(name in self._by_name for name in names)

    def naming(self, names: Iterable[str]) -> Iterator[tuple[Note, Link]]:
        """The links with one of these names in their subpath, each with its note."""
        for i in sorted({i for name in names for i in self._by_name.get(name, ())}):
            path, link = self._links[i]
            yield self._vault.notes[path], link


def following(
    edits: Iterable[Edit],
    vault: VaultView,
    definitions: Mapping[str, tuple[Link, ...]] = MappingProxyType({}),
    links: Mapping[str, HeadingLinks] = MappingProxyType({}),
) -> Following:
    """The further edits that keep links to headings working after some edits.

    The edits may change headings, and the updated links may be inside headings, too.

    Args:
        edits: the edits.
        vault: the vault before them.
        definitions: reference definitions to update as well, by note path.
        links: the links to the headings of notes by path, as far as they were collected before.
    """
    known = {**links}
    given: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        given[edit.path].append(edit)
    for some in given.values():
        some.sort(key=_span)
    more: dict[str, list[Edit]] = {}
    for _ in range(MOST_STEPS):
        changed: dict[str, tuple[Heading, ...]] = {}
        lost: list[Lost] = []
        for path in sorted(path for path in {*given, *more} if path in vault.notes):
            after = _headings_after(vault.notes[path], [*given.get(path, ()), *more.get(path, ())], lost)
            if after is not None:
                changed[path] = after
        found: dict[str, list[Edit]] = defaultdict(list)
        subpaths: dict[tuple[str, Span], str] = {}
        for path, after in changed.items():
            if path not in known:
                known[path] = HeadingLinks(path, vault, definitions)
            for note, link, subpath in _links_that_follow(path, after, given, vault, known[path], lost):
                subpaths[note.path, link.subpath_span] = subpath
                found[note.path].append(Edit(note.path, link.subpath_span, _written(note, link, subpath)))
        if found == more or lost:
            return Following(dict(found), tuple(lost), subpaths, changed)
        more = dict(found)
    source = vault.notes[next(iter(more))]
    return Following({}, (Lost(source, None, "there is no end to the headings that link to headings"),), {}, {})


def followed(found: Iterable[Diagnostic], note: Note, vault: VaultView) -> Iterator[Diagnostic]:
    """The findings of a note. Fixes that change a heading also update the links to it.

    If a link can't be updated, the fix becomes unsafe and its title says why.
    """
    links: HeadingLinks | None = None
    left = MOST_FOLLOWED
    for one in found:
        keys = _other_names(note, one.fix.edits) if one.fix else set()
        if one.fix is None or not keys:
            yield one
            continue
        links = links or HeadingLinks(note.path, vault)
        if not links.has(keys):
            yield one
        elif left:
            left -= 1
            yield _followed(one, one.fix, vault, {note.path: links})
        else:
            yield _unsafe(one, one.fix, "there are many such headings")


def _other_names(note: Note, edits: Iterable[Edit]) -> set[str]:
    """The old and new names (as `heading_key`) of the headings of `note` that the edits change."""
    by_heading: dict[int, list[Edit]] = defaultdict(list)
    for edit in edits:
        if edit.path == note.path:
            i = bisect_left(note.headings, edit.span.start, key=lambda heading: heading.span.end)
            while i < len(note.headings) and note.headings[i].span.start <= edit.span.end:
                by_heading[i].append(edit)
                i += 1
    names: set[str] = set()
    for i, some in by_heading.items():
        heading = note.headings[i]
        after = _text_after(note, heading, sorted(some, key=_span))
        if after is None or heading_key(heading.text) != heading_key(after):
            names.update(heading_keys(heading))
            names.update(heading_keys(replace(heading, text=after)) if after is not None else ())
    return names


def _unsafe(one: Diagnostic, fix: Fix, reason: str) -> Diagnostic:
    title = f"{fix.title}; a link to this heading would break: {reason}"
    return replace(one, fix=Fix(title, fix.edits, safe=False))


def _followed(one: Diagnostic, fix: Fix, vault: VaultView, links: Mapping[str, HeadingLinks]) -> Diagnostic:
    found = following(fix.edits, vault, links=links)
    if found.lost:
        return _unsafe(one, fix, found.lost[0].reason)
    more = [edit for edits in found.edits.values() for edit in edits]
    if not more:
        return one
    updated = (
        "the link to this heading is updated" if len(more) == 1 else f"{len(more)} links to this heading are updated"
    )
    return replace(one, fix=Fix(f"{fix.title}; {updated}", (*fix.edits, *more), fix.safe))


def _headings_after(note: Note, edits: Sequence[Edit], lost: list[Lost]) -> tuple[Heading, ...] | None:
    """The headings after the edits; None if no heading changes. Unclear headings are added to `lost`."""
    after = [*note.headings]
    edits = sorted(edits, key=_span)
    first = 0
    for i, heading in enumerate(note.headings):
        while first < len(edits) and edits[first].span.end < heading.span.start:
            first += 1
        last = first
        while last < len(edits) and edits[last].span.start <= heading.span.end:
            last += 1
        if first == last:
            continue
        text = _text_after(note, heading, edits[first:last])
        if text is None:
            lost.append(Lost(note, None, f"it is not clear what happens to the heading {quoted(heading.text)}"))
        elif heading_key(text) != heading_key(heading.text):
            after[i] = replace(heading, text=text)
    return tuple(after) if after != [*note.headings] else None


def _text_after(note: Note, heading: Heading, edits: Sequence[Edit]) -> str | None:
    """The heading's text after the edits; None if an edit goes beyond it or adds a line end."""
    start = note.text.find(heading.text, heading.span.start, heading.span.end)
    end = start + len(heading.text)
    parts, at = [], start
    for edit in edits:
        if edit.span.end < start or edit.span.start > end:
            continue  # in the heading's markers, or outside it
        if start < 0 or edit.span.start < start or edit.span.end > end or LINE_END.search(edit.replacement):
            return None
        parts += [note.text[at : edit.span.start], edit.replacement]
        at = edit.span.end
    return "".join([*parts, note.text[at:end]]).strip()


def _links_that_follow(
    path: str,
    after: tuple[Heading, ...],
    given: Mapping[str, Sequence[Edit]],
    vault: VaultView,
    links: HeadingLinks,
    lost: list[Lost],
) -> Iterator[tuple[Note, Link, str]]:
    """The links whose subpath must change because headings of the note at `path` did, with the new subpaths."""
    target = vault.notes[path]
    named_before, named_after = headings_named(target.headings), headings_named(after)
    changed = {one for pair in zip(target.headings, after, strict=True) if pair[0] != pair[1] for one in pair}
    for note, link in links.naming({name for heading in changed for name in heading_keys(heading)}):
        numbers = named_before(link.subpath) if link.subpath else ()
        found = vault.resolve(link, note) if numbers else ()
        if path not in found:
            continue
        subpath = _renamed(link.subpath, [(target.headings[i].text, after[i].text) for i in numbers])
        if subpath == link.subpath and named_after(subpath) == numbers:
            continue
        reason = _obstacle(note, link, subpath, len(found) == 1, given.get(note.path, ()))
        if reason is None and named_after(subpath) != numbers:
            reason = "it would lead to another heading of that text"
        if reason is not None:
            lost.append(Lost(note, link, reason))
        else:
            yield note, link, subpath


def _obstacle(note: Note, link: Link, subpath: str, is_certain: bool, given: Sequence[Edit]) -> str | None:
    """Why the link's subpath can't be replaced; None if it can."""
    if not is_certain:
        return "several files match it"
    if not is_as_read(note, link, link.subpath_span, link.subpath):
        return "it is written with escapes"
    if not all(part.strip() for part in subpath.split("#")):
        return "nothing would be left of the heading's name"
    i = bisect_right(given, link.subpath_span.start, key=lambda edit: edit.span.end)  # sorted, no overlaps
    if i < len(given) and given[i].span.start < link.subpath_span.end:
        return "it is changed itself"
    return None


def _written(note: Note, link: Link, subpath: str) -> str:
    if link.kind is LinkKind.MARKDOWN:
        subpath = "#".join(encoded(note, link, part, is_subpath=True) for part in subpath.split("#"))
    return as_written(note, link, subpath)


def _renamed(subpath: str, headings: Sequence[tuple[str, str]]) -> str:
    """The subpath with renamed headings; `headings` has an old and a new text for each non-empty part."""
    parts = subpath.split("#")
    names = iter(headings)
    for i, part in enumerate(parts):
        if part.strip():
            old, new = next(names)
            if heading_key(old) != heading_key(new):
                parts[i] = _reworded(part, old, new)
    return "#".join(parts)


def _reworded(part: str, old: str, new: str) -> str:
    """`part` with only those words replaced that differ between the old and the new heading text."""
    there = [*_WORD.finditer(part)]
    keys = [path_key(match[0]) for match in there]
    if keys != [*map(path_key, _WORD.findall(old))]:  # the link omits the block id at the heading's end
        old, new = old.rpartition(" ^")[0], new.rpartition(" ^")[0] or new
    before, after = _WORD.findall(old), _WORD.findall(new)
    if keys != [*map(path_key, before)]:
        return " ".join(after)
    same = _same_at_start(before, after)
    rest = _same_at_start(before[same:][::-1], after[same:][::-1])
    words = " ".join(after[same : len(after) - rest])
    first, last = same, len(there) - rest
    if first < last:
        start, end = there[first].start(), there[last - 1].end()
        kept = (part[:start], part[end:]) if words else (f"{part[:start].rstrip()} ", part[end:].lstrip())
        return words.join(kept).strip()
    if first == len(there):
        return f"{part} {words}"
    return f"{part[: there[first].start()]}{words} {part[there[first].start() :]}"


def _span(edit: Edit) -> Span:
    return edit.span


def _same_at_start(one: Sequence[str], other: Sequence[str]) -> int:
    same = 0
    for word, another in zip(one, other, strict=False):
        if path_key(word) != path_key(another):
            break
        same += 1
    return same
