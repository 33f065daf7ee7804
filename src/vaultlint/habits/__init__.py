"""The habits of a vault: what its notes have in common, so that a configuration can require it of new notes."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from posixpath import basename, dirname
from typing import get_args

from msgspec import Struct

from vaultlint.globs import PathPatterns
from vaultlint.habits.places import FEWEST_NOTES, HabitScope, Share, places, summed
from vaultlint.habits.shapes import Shape, shape
from vaultlint.note import ListValue, Note, Scalar, ScalarKind, Value, holds_placeholder, is_note, says_something
from vaultlint.rules.inconsistent_timestamp_format import Form, times, written
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView

FEWEST = 20
"""Fewest timestamps, or blocks that assert something, that can show a habit."""

FEWEST_LINKS = 100
"""Fewest links to names that can show that a vault does not link to unwritten notes."""

SHOWN_FOLDERS = 3
"""Most folders shown for a kind of citation."""

TEMPLATE_NOTES, TEMPLATE_SHARE, NAMED_SHARE = 3, 0.8, 0.5
"""When a folder is one of templates: the fewest notes with gaps to fill in, and their least share in it, which is
`NAMED_SHARE` if it is named like one (with fewer gaps, its notes are about templates)."""

_TEMPLATE_NAME = re.compile(r"[\W\d_]*templates?", re.IGNORECASE)
_ARCHIVE_NAME = re.compile(r"(?:[\W\d_]|z)*archived?s?", re.IGNORECASE)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)  # notes about templates contain examples
_GAP = re.compile(r"\{\{(?:title|date|time)(?::[^{}\n]*)?\}\}|<%[*~+_-]?\s*(?:tp\.|await\b)", re.IGNORECASE)

_NEVER_REQUIRED = re.compile(
    r"vaultlint-ignore|tag|alias|cssclass|\s*|.+-plugin|(?:excalidraw|kanban|linter)-.+", re.IGNORECASE
)
"""Property names never proposed: of vaultlint, deprecated in Obsidian, or written by plug-ins."""

_CREATED = re.compile(r"(?:date|time|datetime|file)?[ _-]*(?:created?|creation|ctime)[ _-]*(?:at|on|date|time)?")
_CHANGED = re.compile(
    r"(?:date|time|datetime|file|last|latest|auto)?[ _-]*"
    r"(?:modified|modification|mtime|updated?|edited|edit|mod|changed)[ _-]*(?:at|on|date|time)?"
)
"""Names of properties in which plug-ins (Linter, Update time on edit) record creation and change times."""
_TIME_OF_DAY = re.compile(r"[0-9]:[0-9]{2}")


class Required(Struct, frozen=True):
    """A property that nearly all notes in some places have, and the common form of its values."""

    name: str
    share: Share
    shape: Shape | None


class RequiredThere(Struct, frozen=True):
    """The required properties that have the same places."""

    places: tuple[HabitScope, ...]
    properties: tuple[Required, ...]


class TimeHabit(Struct, frozen=True):
    """The form of nearly all timestamps."""

    form: Form
    share: Share


class CitationUse(Struct, frozen=True):
    """How often a kind of citation is used, in how many notes, and the top-level folders with the most.

    Each form of timestamps is a kind of its own.
    """

    kind: str
    count: int
    notes: int
    folders: tuple[tuple[str, int], ...]


class CitedBlocks(Struct, frozen=True):
    """The places in which nearly every block that asserts something has a citation."""

    places: tuple[HabitScope, ...]
    share: Share


class OddFolder(Struct, frozen=True):
    """A folder of templates or an archive, with its number of notes and the reason for taking it as one."""

    folder: str
    notes: int
    reason: str


class LinkingAhead(Struct, frozen=True):
    """The number of names that notes link to but that have no note yet, the share of links to such names (each name
    counts once per note), and whether that is a habit.
    """

    names: int
    share: Share
    is_habit: bool


class Habits(Struct, frozen=True):
    """All habits found, and the number of notes examined."""

    notes: int
    templates: tuple[OddFolder, ...]
    archives: tuple[OddFolder, ...]
    required: tuple[RequiredThere, ...]
    timestamps: TimeHabit | None
    citations: tuple[CitationUse, ...]
    cited: CitedBlocks | None
    ahead: LinkingAhead | None = None


def habits(vault: Vault, paths: Collection[str], typed: Collection[str] = ()) -> Habits:
    """Find the habits of some notes of a vault.

    Args:
        vault: the vault.
        paths: the notes to examine, without the templates in Obsidian's settings.
        typed: names of properties that have a type in Obsidian's settings.
    """
    notes = [note for path in paths if is_note(path) and (note := vault.notes.get(path)) and note.unreadable is None]
    templates = _templates(notes)
    finished = [note for note in notes if not _is_below(note.path, templates)]
    return Habits(
        notes=len(notes),
        templates=templates,
        archives=_archives(finished),
        required=_required(finished, frozenset(map(str.lower, typed))),
        timestamps=_timestamp_form(finished),
        citations=_citation_uses(finished),
        cited=_cited_blocks(finished, vault),
        ahead=_linking_ahead(vault),
    )


def _linking_ahead(vault: Vault) -> LinkingAhead | None:
    """The links to unwritten notes; None if they are no habit and there are too few links to rule one out."""
    unwritten, is_habit = vault.unwritten(), vault.links_ahead()
    share = Share(sum(unwritten.values()), vault.wanted.counts.total())
    return LinkingAhead(len(unwritten), share, is_habit) if is_habit or share.of >= FEWEST_LINKS else None


def _templates(notes: Sequence[Note]) -> tuple[OddFolder, ...]:
    gaps: dict[str, list[bool]] = defaultdict(list)
    own: dict[str, list[bool]] = defaultdict(list)
    for note in notes:
        has_gap = _GAP.search(note.text) is not None and _GAP.search(_CODE.sub("", note.text)) is not None
        own[dirname(note.path)].append(has_gap)
        for folder in _above(note.path):
            gaps[folder].append(has_gap)
    ordinary = {folder for folder, found in own.items() if sum(found) < NAMED_SHARE * len(found)}
    parents = ordinary.union(*map(_above, ordinary))
    reasons: dict[str, str] = {}
    for folder, found in gaps.items():
        is_named = _TEMPLATE_NAME.fullmatch(basename(folder)) is not None
        if folder in parents and not is_named:
            continue
        least = NAMED_SHARE * len(found) if is_named else max(TEMPLATE_NOTES, TEMPLATE_SHARE * len(found))
        if sum(found) >= least:
            reasons[folder] = f"{sum(found):,} {'has' if sum(found) == 1 else 'have'} gaps to fill in"
    return _odd_folders(notes, reasons)


def _archives(notes: Sequence[Note]) -> tuple[OddFolder, ...]:
    folders = {folder for note in notes for folder in _above(note.path)}
    named = [folder for folder in folders if _ARCHIVE_NAME.fullmatch(basename(folder))]
    return _odd_folders(notes, dict.fromkeys(named, "its name says so"))


def _odd_folders(notes: Iterable[Note], reasons: Mapping[str, str]) -> tuple[OddFolder, ...]:
    """The outermost folders in `reasons` (reasons by folder) that contain notes, with note counts."""
    counts: Counter[str] = Counter()
    for note in notes:
        outermost = next((folder for folder in reversed(_above(note.path)) if folder in reasons), None)
        counts.update([outermost] if outermost else [])
    return tuple(OddFolder(folder, count, reasons[folder]) for folder, count in sorted(counts.items()))


def _above(path: str) -> list[str]:
    """The folders above a path, innermost first, without the root."""
    folders = []
    while path := dirname(path):
        folders.append(path)
    return folders


def _required(notes: Iterable[Note], typed: Collection[str]) -> tuple[RequiredThere, ...]:
    notes = [note for note in notes if _is_asked_for_properties(note)]
    asked = Counter(dirname(note.path) for note in notes)
    having: dict[str, Counter[str]] = defaultdict(Counter)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for note in notes:
        given = {item.name.lower(): item.name for item in note.properties if _is_given(item.value)}
        for lower, name in given.items():
            having[lower][dirname(note.path)] += 1
            spellings[lower][name] += 1
    is_stamped = any(_CHANGED.fullmatch(lower) for lower, counts in having.items() if counts.total() >= FEWEST_NOTES)
    found: dict[tuple[HabitScope, ...], list[Required]] = defaultdict(list)
    for lower, counts in having.items():
        if counts.total() < FEWEST_NOTES or _NEVER_REQUIRED.fullmatch(lower):
            continue
        there = places({folder: Share(counts[folder], of) for folder, of in asked.items()})
        if there:
            name = max(spellings[lower], key=lambda name: (spellings[lower][name], name))
            asked_there = _at(there, notes)
            values = [item.value for note in asked_there if (item := note.property(name)) and _is_given(item.value)]
            if _is_stamp(lower, values, is_stamped):
                continue
            share = Share(len(values), len(asked_there))
            found[there].append(Required(name, share, _shape(values, lower in typed)))
    order = sorted(found, key=lambda there: -max(one.share.having for one in found[there]))
    return tuple(RequiredThere(there, tuple(found[there])) for there in order)


def _is_asked_for_properties(note: Note) -> bool:
    """Whether a note would be reported if a required property were missing."""
    if note.front_matter is None:
        return not note.front_matter_problems and bool(note.text.strip())
    return note.front_matter.valid and not note.front_matter.doubtful


def _is_given(value: Value) -> bool:
    """Whether a value is neither empty nor a placeholder."""
    return says_something(value) and not holds_placeholder(value)


def _is_stamp(name: str, values: Sequence[Value], is_stamped: bool) -> bool:
    """Whether a plug-in seems to write a property: nobody types change times, or creation times with minutes.

    `is_stamped`: a plug-in records when notes were changed, so it probably records their creation, too.
    """
    texts = [value.text for value in values if isinstance(value, Scalar)]
    if len(texts) < len(values) or not all(any(map(str.isdigit, text)) for text in texts):
        return False
    if _CHANGED.fullmatch(name):
        return True
    has_times = all(_TIME_OF_DAY.search(text) for text in texts)
    return _CREATED.fullmatch(name) is not None and (is_stamped or has_times)


def _shape(values: Iterable[Value], has_kind: bool) -> Shape | None:
    items = [item for value in values for item in (value.items if isinstance(value, ListValue) else [value])]
    scalars = [item for item in items if isinstance(item, Scalar)]
    if len(scalars) < len(items):
        return None
    says_nothing = (ScalarKind.EMPTY, ScalarKind.ALIAS, ScalarKind.PLACEHOLDER)
    return shape([one for one in scalars if one.kind not in says_nothing and one.text.strip()], has_kind)


def _timestamp_form(notes: Iterable[Note]) -> TimeHabit | None:
    counts: Counter[Form] = Counter()
    total = 0
    forms: tuple[Form, ...] = get_args(Form)
    for note in notes:
        for time, seconds in times(note):
            total += 1
            counts.update(form for form in forms if time.text == written(seconds, form))
    form = max(forms, key=lambda form: counts[form])
    share = Share(counts[form], total)
    return TimeHabit(form, share) if total >= FEWEST and share.is_habit else None


def _citation_uses(notes: Iterable[Note]) -> tuple[CitationUse, ...]:
    by_folder: dict[str, Counter[str]] = defaultdict(Counter)
    with_it: Counter[str] = Counter()
    for note in notes:
        forms = {timestamp.span: f"timestamp ({timestamp.form.value})" for timestamp in note.timestamps}
        kinds = [forms.get(citation.span, citation.kind.value) for citation in note.citations]
        for kind in kinds:
            by_folder[kind][(_above(note.path) or [""])[-1]] += 1
        with_it.update(set(kinds))
    return tuple(
        CitationUse(kind, folders.total(), with_it[kind], tuple(folders.most_common(SHOWN_FOLDERS)))
        for kind, folders in sorted(by_folder.items(), key=lambda item: -item[1].total())
    )


def _cited_blocks(notes: Sequence[Note], vault: Vault) -> CitedBlocks | None:
    """Where blocks are cited. The rule itself counts them: only blocks that it would report without a citation."""
    rule, view = UncitedClaim(require="blocks", notes="all"), VaultView(vault)

    def reported(note: Note) -> int:
        return rule.asserting_blocks(note, view, cited=False)

    by_folder: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        by_folder[dirname(note.path)].append(note)
    shares: dict[str, Share] = {}
    for folder, inside in by_folder.items():
        blocks, uncited = sum(len(note.blocks) for note in inside), sum(map(reported, inside))
        asserting = blocks
        if Share(blocks - uncited, blocks).is_habit:  # if not, the share of asserting blocks is no habit either
            asserting = sum(rule.asserting_blocks(note, view, cited=True) for note in inside)
        shares[folder] = Share(asserting - uncited, asserting)
    there = tuple(place for place in places(shares, FEWEST) if len(_at((place,), notes)) >= FEWEST_NOTES)
    folders = {dirname(note.path) for note in _at(there, notes)}
    return CitedBlocks(there, summed(shares[folder] for folder in folders)) if there else None


def _at(there: tuple[HabitScope, ...], notes: Iterable[Note]) -> list[Note]:
    """The notes in these places."""
    if any(place.is_all for place in there):
        return [*notes]
    patterns = PathPatterns(pattern for place in there for pattern in place.patterns(""))
    return [note for note in notes if patterns.match(note.path)]


def _is_below(path: str, folders: Iterable[OddFolder]) -> bool:
    return any(path.startswith(f"{one.folder}/") for one in folders)
