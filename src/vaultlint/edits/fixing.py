"""Applying fixes: to a text, and round by round to a vault until nothing more applies.

Nothing here touches the disk. A note that its fixes would damage is left as it was, and so is every note that has a
part in the same fix as such a one.
"""

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import Link, ListValue, MapValue, Note, Value, is_note
from vaultlint.reading.front_matter import foreign_end
from vaultlint.surface import content_digest
from vaultlint.text import Span
from vaultlint.vault import Vault

REFUSED_FIX = "refused-fix"
"""Stands for the rule in a diagnostic that says why a note was not fixed."""

MOST_ROUNDS = 10


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they belong to this text and do not overlap."""
    parts = []
    end = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        parts += [text[end : edit.span.start], edit.replacement]
        end = edit.span.end
    return "".join([*parts, text[end:]])


def moves(edits: Iterable[Edit]) -> Callable[[Span], Span]:
    """Tells where a span of a text is after edits of it; it grows with those inside it."""
    ordered = sorted(edits, key=lambda edit: edit.span.end)
    ends = [edit.span.end for edit in ordered]
    shifts = [0, *accumulate(len(edit.replacement) - (edit.span.end - edit.span.start) for edit in ordered)]

    def moved(span: Span) -> Span:
        return Span(*(offset + shifts[bisect_right(ends, offset)] for offset in (span.start, span.end)))

    return moved


class Fixer:
    """A vault that is being fixed in memory. It knows what each note was before, and which notes go together.

    Args:
        vault: the vault; it is kept up to date with what is fixed.
        lint: the diagnostics of the notes at the given paths, or of all.
        read: the note of a path and a text.
        writable: paths of the notes that may be changed.
        unsafe: whether to apply the fixes that are not safe, too.
        put: replaces a note of the vault; by default that is all that happens.
    """

    def __init__(
        self,
        vault: Vault,
        lint: Callable[[Vault, Collection[str] | None], list[Diagnostic]],
        read: Callable[[str, str], Note],
        writable: Collection[str],
        unsafe: bool,
        put: Callable[[Sequence[Note]], object] | None = None,
    ) -> None:
        self._vault = vault
        self._put = put or (lambda notes: [vault.put(note) for note in notes])
        self._lint = lint
        self._read = read
        self._unsafe = unsafe
        self._originals: dict[str, Note] = {}
        self._earlier: dict[str, list[str]] = {}
        self._applied: dict[frozenset[str], list[str]] = defaultdict(list)  # rules by the notes that a fix changed
        self._shared: dict[str, set[frozenset[str]]] = defaultdict(set)  # of these by each, several in one fix
        self._refused: list[Diagnostic] = []
        self._frozen = vault.notes.keys() - set(writable)

    def run(self) -> list[Diagnostic]:
        """Fix until nothing more applies; what remains, and why notes were left as they were.

        After a round only the notes that it changed are linted, and the whole vault once these are done.
        """
        rounds = 0
        changed: Collection[str] | None = None
        while True:
            found = self._lint(self._vault, changed)
            chosen = list(applicable(found, self._vault.notes, self._frozen, self._unsafe))
            if not chosen and changed is None:
                return self._sorted(found)
            if rounds == MOST_ROUNDS:
                for path in sorted({path for one in chosen for path in _paths(one)}):
                    self._give_up_cycle(path, f"there is no end to the fixes after {MOST_ROUNDS} rounds of")
            elif chosen:
                rounds += 1
                self._apply(chosen)
            changed = {path for one in chosen for path in _paths(one)} - self._frozen or None

    def remaining(self) -> list[Diagnostic]:
        """What there is to report once further notes were given up."""
        return self._sorted(self._lint(self._vault, None))

    def _sorted(self, found: list[Diagnostic]) -> list[Diagnostic]:
        return sorted([*found, *self._refused], key=lambda one: (one.path, one.span, one.rule, one.message))

    def changes(self) -> Iterator[tuple[Note, Note]]:
        """Each note that is fixed, before and after, by path."""
        for path, note in sorted(self._originals.items()):
            if self._vault.notes[path].text != note.text:
                yield note, self._vault.notes[path]

    def together(self) -> Iterator[list[tuple[Note, Note]]]:
        """The changes in groups of which all must be written or none."""
        waiting = {before.path: (before, after) for before, after in self.changes()}
        while waiting:
            group = self._connected(next(iter(waiting)))
            yield [waiting.pop(path) for path in sorted(group & waiting.keys())]

    def counts(self) -> dict[str, int]:
        """How many findings of each rule were fixed."""
        return dict(sorted(Counter(rule for rules in self._applied.values() for rule in rules).items()))

    def give_up(self, path: str, reason: str) -> None:
        """Leave a note and all that is connected with it as they were, and say why."""
        if path in self._frozen:
            return
        lost = self._connected(path)
        self._put([self._originals.pop(other) for other in sorted(lost & self._originals.keys())])
        for paths in self._concerning(lost):
            del self._applied[paths]
        for other in lost:
            self._shared.pop(other, None)
        self._frozen |= lost
        others = sorted(lost - {path})
        message = f"the note is not changed: {reason}"
        if others:
            message += f"; so are {', '.join(map(repr, others))}, which the same fixes change"
        self._refused.append(Diagnostic(REFUSED_FIX, Severity.ERROR, path, Span(0, 0), message))

    def _give_up_cycle(self, path: str, reason: str) -> None:
        rules = sorted({rule for paths in self._concerning({path}) for rule in self._applied[paths]})
        self.give_up(path, f"{reason} {', '.join(map(repr, rules))}")

    def _apply(self, chosen: list[Diagnostic]) -> None:
        """One round: all its edits at once."""
        edits: dict[str, list[Edit]] = defaultdict(list)
        for one in chosen:
            paths = _paths(one)
            self._applied[paths].append(one.rule)
            if len(paths) > 1 and paths not in self._shared[next(iter(paths))]:
                for path in paths:
                    self._shared[path].add(paths)
            for edit in one.fix.edits if one.fix else ():
                edits[edit.path].append(edit)
        results = {}
        for path in edits:
            before = self._whole(path)
            if before is None:
                self.give_up(path, "it was changed while vaultlint was running")
                continue
            results[path] = self._read(path, applied(before.text, edits[path]))
            self._originals.setdefault(path, before)
            self._earlier.setdefault(path, []).append(before.text)
        for path, after in results.items():
            problem = damage(self._vault.notes[path], after, edits[path])
            if problem:
                rules = sorted({one.rule for one in chosen if path in _paths(one)})
                self.give_up(path, f"{problem} by the fixes of {', '.join(map(repr, rules))}")
            elif after.text in self._earlier[path]:
                self._give_up_cycle(path, "it comes back to an earlier text by the fixes of")
        self._put([results[path] for path in sorted(results.keys() - self._frozen)])

    def _whole(self, path: str) -> Note | None:
        """A note with its text, which the disk may lose; None if that is another one than findings are about."""
        if path in self._originals:
            return self._vault.notes[path]
        text, surface = self._vault.notes[path].text, self._vault.surface(path)
        is_same = surface is not None and surface.content == content_digest(text)
        return self._read(path, text) if is_same else None

    def _concerning(self, notes: set[str]) -> set[frozenset[str]]:
        """The sets of notes that fixes changed, with one of these in them."""
        alone = {frozenset({path}) for path in notes}
        return (alone & self._applied.keys()).union(*(self._shared.get(path, ()) for path in notes))

    def _connected(self, path: str) -> set[str]:
        """The notes that have a part in one fix with this one, or with another such note."""
        found, waiting = {path}, [path]
        seen: set[frozenset[str]] = set()
        while waiting:
            for paths in self._shared.get(waiting.pop(), set()) - seen:
                seen.add(paths)
                waiting += paths - found
                found |= paths
        return found


def applicable(
    found: Iterable[Diagnostic], notes: Mapping[str, Note], frozen: Collection[str], unsafe: bool
) -> Iterator[Diagnostic]:
    """Diagnostics whose fixes can be made at once: of fixes that overlap, the first."""
    taken: dict[str, _Taken] = defaultdict(_Taken)
    for one in found:
        if one.fix is None or not (one.fix.safe or unsafe) or not _is_possible(one.fix, notes):
            continue
        if _paths(one).isdisjoint(frozen) and all(
            taken[edit.path].is_free(edit.span, one.rule) for edit in one.fix.edits
        ):
            for edit in one.fix.edits:
                taken[edit.path].take(edit.span, one.rule)
            yield one


def _is_possible(fix: Fix, notes: Mapping[str, Note]) -> bool:
    """Whether the edits stand apart in texts that are there and no other program's, and change something."""
    end: dict[str, int] = {}
    changes = False
    for edit in sorted(fix.edits, key=lambda edit: (edit.path, edit.span)):
        note = notes.get(edit.path)
        if note is None or not end.get(edit.path, 0) <= edit.span.start <= edit.span.end <= len(note.text):
            return False
        if is_note(edit.path) and edit.span.start < foreign_end(note.text):
            return False
        end[edit.path] = edit.span.end
        changes = changes or note.text[edit.span.start : edit.span.end] != edit.replacement
    return changes


class _Taken:
    """The places of one note that the fixes of a round change."""

    def __init__(self) -> None:
        self._places: list[tuple[Span, str]] = []

    def is_free(self, span: Span, rule: str) -> bool:
        """Whether nothing overlaps.

        What is only put in must not even touch, since the order would matter; but one rule reports in an order.
        """
        i = bisect_right(self._places, span, key=lambda place: place[0])
        is_insertion = span.start == span.end
        near = self._places[max(0, i - 1) : i + 1]
        return all(
            (is_insertion and other == span and author == rule) or not _meet(span, other) for other, author in near
        )

    def take(self, span: Span, rule: str) -> None:
        """From now on nothing else may be changed there."""
        insort(self._places, (span, rule))


def _meet(one: Span, other: Span) -> bool:
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def _paths(one: Diagnostic) -> frozenset[str]:
    return frozenset(edit.path for edit in one.fix.edits) if one.fix else frozenset()


def damage(before: Note, after: Note, edits: Iterable[Edit]) -> str | None:
    """What the edits broke that they were not about: the front matter, other properties, other links."""
    if after.unreadable is not None and before.unreadable is None:
        return "it could no longer be read"
    old, new = [], []
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        start = edit.span.start + shift
        old.append(edit.span)
        new.append(Span(start, start + len(edit.replacement)))
        shift += len(edit.replacement) - (edit.span.end - edit.span.start)
    if before.front_matter is not None and before.front_matter.valid:
        if after.front_matter is None or not after.front_matter.valid:
            return "its front matter could no longer be read"
        if _other_properties(before, old) != _other_properties(after, new):
            return "other properties would change"
    if _other_links(before, old) != _other_links(after, new):
        return "other links would change"
    return None


def _other_properties(note: Note, spans: list[Span]) -> list[tuple[str, object]]:
    """The properties in which none of the spans lies: names and values."""
    return [
        (item.name, _content(item.value))
        for item in (note.front_matter.properties if note.front_matter else ())
        if not _is_concerned(Span(item.name_span.start, item.value.span.end), spans)
    ]


def _content(value: Value) -> object:
    if isinstance(value, ListValue):
        return [_content(item) for item in value.items]
    if isinstance(value, MapValue):
        return [(item.name, _content(item.value)) for item in value.properties]
    return value.kind, value.text


def _other_links(note: Note, spans: list[Span]) -> list[tuple[object, ...]]:
    """The links in which none of the spans lies: what they are, wherever they stand."""
    # In a canvas the subpath of a link stands apart from its path.
    others = (
        link for link in note.links if not any(_is_concerned(it, spans) for it in (link.span, link.subpath_span))
    )
    return [_meaning(link) for link in others]


def _meaning(link: Link) -> tuple[object, ...]:
    return link.kind, link.embed, link.target, link.subpath, link.display


def _is_concerned(place: Span, spans: list[Span]) -> bool:
    """Whether a place overlaps one of the spans, which stand apart and in order."""
    i = bisect_right(spans, place.start, key=lambda span: span.end)
    return i < len(spans) and spans[i].start < place.end
