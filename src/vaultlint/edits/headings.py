"""Headings that edits give another text: the links that name them follow."""

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
from vaultlint.vault import heading_key, headings_named
from vaultlint.vault_view import VaultView

MOST_STEPS = 10
"""Headings that change because a link in them follows another heading, one after the other."""

MOST_FOLLOWED = 100
"""Fixes in one note whose headings links may follow: for each of them all links to the note are looked at."""

_WORD = re.compile(r"[^!-&(-,./:-@\[-^`{-~\s]+")
"""What stands between the marks that count as spaces in a heading; see `heading_key`."""


class Lost(Struct, frozen=True):
    """A link that can't follow its heading, and why; without a link, it is the heading that is not known."""

    note: Note
    link: Link | None
    reason: str


class Following(Struct, frozen=True):
    """The edits by which links follow, and those links that can't.

    Edits are by note; `subpaths` are what the links say then, by note and place of the subpath. `headings` are those
    of the notes in which some have other names then.
    """

    edits: dict[str, list[Edit]]
    lost: tuple[Lost, ...]
    subpaths: dict[tuple[str, Span], str]
    headings: dict[str, tuple[Heading, ...]]


def following(
    edits: Iterable[Edit], vault: VaultView, definitions: Mapping[str, tuple[Link, ...]] = MappingProxyType({})
) -> Following:
    """What it takes that links to headings still lead there after some edits.

    The edits may stand in headings themselves, and so may the links that follow.

    Args:
        edits: the edits.
        vault: the vault before them.
        definitions: reference definitions that are to follow as well, by note.
    """
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
            for note, link, subpath in _links_that_follow(path, after, given, vault, definitions, lost):
                subpaths[note.path, link.subpath_span] = subpath
                found[note.path].append(Edit(note.path, link.subpath_span, _written(note, link, subpath)))
        if found == more or lost:
            return Following(dict(found), tuple(lost), subpaths, changed)
        more = dict(found)
    source = vault.notes[next(iter(more))]
    return Following({}, (Lost(source, None, "there is no end to the headings that link to headings"),), {}, {})


def followed(found: Iterable[Diagnostic], note: Note, vault: VaultView) -> Iterator[Diagnostic]:
    """Findings in a note, whose fixes take along the links to headings that they change.

    Where these can't follow, the fix is not safe and says why.
    """
    used: set[str] | None = None
    left = MOST_FOLLOWED
    for one in found:
        keys = _other_names(note, one.fix.edits) if one.fix else set()
        if one.fix is None or not keys:
            yield one
            continue
        used = _names_in_use(note, vault) if used is None else used
        if keys.isdisjoint(used):
            yield one
        elif left:
            left -= 1
            yield _followed(one, one.fix, vault)
        else:
            yield _unsafe(one, one.fix, "there are many such headings")


def _other_names(note: Note, edits: Iterable[Edit]) -> set[str]:
    """The names that headings of the note have no longer after edits, or have then."""
    by_heading: dict[int, list[Edit]] = defaultdict(list)
    for edit in edits:
        if edit.path == note.path:
            i = bisect_left(note.headings, edit.span.start, key=lambda heading: heading.span.end)
            while i < len(note.headings) and note.headings[i].span.start <= edit.span.end:
                by_heading[i].append(edit)
                i += 1
    names: set[str] = set()
    for i, some in by_heading.items():
        before, after = note.headings[i].text, _text_after(note, note.headings[i], sorted(some, key=_span))
        if after is None or heading_key(before) != heading_key(after):
            names |= {heading_key(before), heading_key(after or "")}
    return names


def _names_in_use(note: Note, vault: VaultView) -> set[str]:
    """The names of headings in the links that may lead to a note."""
    elsewhere = (link for path in vault.linking(note.path) for link in vault.links(path)[1])
    links = (*note.links, *elsewhere)
    return {heading_key(part) for link in links for part in link.subpath.split("#")}


def _unsafe(one: Diagnostic, fix: Fix, reason: str) -> Diagnostic:
    title = f"{fix.title}; a link to this heading would break: {reason}"
    return replace(one, fix=Fix(title, fix.edits, safe=False))


def _followed(one: Diagnostic, fix: Fix, vault: VaultView) -> Diagnostic:
    found = following(fix.edits, vault)
    if found.lost:
        return _unsafe(one, fix, found.lost[0].reason)
    more = [edit for edits in found.edits.values() for edit in edits]
    if not more:
        return one
    links = (
        "the link to this heading is updated" if len(more) == 1 else f"{len(more)} links to this heading are updated"
    )
    return replace(one, fix=Fix(f"{fix.title}; {links}", (*fix.edits, *more), fix.safe))


def _headings_after(note: Note, edits: Sequence[Edit], lost: list[Lost]) -> tuple[Heading, ...] | None:
    """The headings after the edits; None if none of them is another name then."""
    after = [*note.headings]
    edits = sorted(edits, key=_span)
    first = 0
    for i, heading in enumerate(note.headings):
        while first < len(edits) and edits[first].span.end < heading.span.start:
            first += 1
        last = first
        while last < len(edits) and edits[last].span.start <= heading.span.end:
            last += 1
        text = _text_after(note, heading, edits[first:last])
        if text is None:
            lost.append(Lost(note, None, f"it is not clear what happens to the heading {quoted(heading.text)}"))
        elif heading_key(text) != heading_key(heading.text):
            after[i] = replace(heading, text=text)
    return tuple(after) if after != [*note.headings] else None


def _text_after(note: Note, heading: Heading, edits: Sequence[Edit]) -> str | None:
    """The text of a heading after the edits; None if they go beyond it."""
    start = note.text.find(heading.text, heading.span.start, heading.span.end)
    end = start + len(heading.text)
    parts, at = [], start
    for edit in edits:
        if edit.span.end < start or edit.span.start > end:
            continue  # in its marks, or beside it
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
    definitions: Mapping[str, tuple[Link, ...]],
    lost: list[Lost],
) -> Iterator[tuple[Note, Link, str]]:
    """The links to headings of a note of which some have another text now, and the subpaths that they get."""
    target = vault.notes[path]
    named_before, named_after = headings_named(target.headings), headings_named(after)
    sources = {note.path: note for note in (target, *(vault.notes[other] for other in vault.linking(path)))}
    sources |= {other: vault.notes[other] for other in definitions}
    for note in sources.values():
        for link in (*note.links, *definitions.get(note.path, ())):
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
    """Why a subpath can't be written there, if so."""
    if not is_certain:
        return "several files match it"
    if not is_as_read(note, link, link.subpath_span, link.subpath):
        return "it is written with escapes"
    if not all(part.strip() for part in subpath.split("#")):
        return "nothing would be left of the heading's name"
    i = bisect_right(given, link.subpath_span.start, key=lambda edit: edit.span.end)  # which stand apart, in order
    if i < len(given) and given[i].span.start < link.subpath_span.end:
        return "it is changed itself"
    return None


def _written(note: Note, link: Link, subpath: str) -> str:
    if link.kind is LinkKind.MARKDOWN:
        subpath = "#".join(encoded(note, link, part, is_subpath=True) for part in subpath.split("#"))
    return as_written(note, link, subpath)


def _renamed(subpath: str, headings: Sequence[tuple[str, str]]) -> str:
    """A subpath for headings that have another text now; each part of it names one."""
    parts = subpath.split("#")
    names = iter(headings)
    for i, part in enumerate(parts):
        if part.strip():
            old, new = next(names)
            if heading_key(old) != heading_key(new):
                parts[i] = _reworded(part, old, new)
    return "#".join(parts)


def _reworded(part: str, old: str, new: str) -> str:
    """The name of a heading with the words in which its new text differs; all others stay as they are written."""
    there = [*_WORD.finditer(part)]
    keys = [path_key(match[0]) for match in there]
    if keys != [*map(path_key, _WORD.findall(old))]:  # one that goes without the block id at its end
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
