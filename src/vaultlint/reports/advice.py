"""The three most useful next steps, in plain English."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from posixpath import dirname
from urllib.parse import quote, urlencode

from msgspec import Struct

from vaultlint.commands.report import Report
from vaultlint.commands.standing import Standing, WantedName
from vaultlint.diagnostic import Severity
from vaultlint.names import file_name
from vaultlint.note import is_note
from vaultlint.reports.totals import counted

MOST = 3
FEWEST_NOTES = 5
"""Fewest notes in a folder that is compared with others."""

FEWEST_WANTING = 3
"""Fewest notes linking to a missing name for which it comes before findings."""

LARGE_SHARE = 0.4
"""The least share of errors and warnings from one rule for which the rule is a step of its own."""

_GRAVE = (Severity.ERROR, Severity.WARNING)
_Wanted = tuple[int, WantedName] | None


class Step(Struct, frozen=True):
    """One step: its title, a reason, a link to the view of the HTML page that shows it, and an optional command."""

    title: str
    text: str
    view: str
    command: str = ""


def steps(report: Report, found: Standing | None) -> list[Step]:
    """The first steps to take, at most three."""
    return [*islice(_candidates(report, found, _most_wanted(found)), MOST)]


def _candidates(report: Report, found: Standing | None, wanted: _Wanted) -> Iterator[Step]:
    """All possible steps, most useful first."""
    safe, proposed = report.diagnostics.fixes
    if safe:
        yield Step(
            f"Let vaultlint fix {counted(safe, 'finding')}",
            "Readers see no difference after these fixes. Look through them, then run the command in your vault.",
            _view("findings", fix="safe"),
            "vaultlint check --fix",
        )
    if wanted is not None and wanted[0] >= FEWEST_WANTING:
        yield _wanted_step(*wanted)
    yield from _worst_place(report, found)
    if proposed:
        yield Step(
            f"Look through {counted(proposed, 'proposed fix', 'proposed fixes')}",
            "vaultlint proposes a fix for each of these findings. Only you can say whether it is what you meant.",
            _view("findings", fix="proposed"),
            "vaultlint check --diff --unsafe-fixes",
        )
    yield from _most_of_one_rule(report)
    if wanted is not None and wanted[0] < FEWEST_WANTING:
        yield _wanted_step(*wanted)
    yield from _least_cited(found)


def _view(view: str, /, **parameters: str) -> str:
    return f"#{view}?{urlencode(parameters, quote_via=quote)}"


def _most_wanted(found: Standing | None) -> _Wanted:
    """The number of notes that link to the most wanted missing name, and the name."""
    if found is None or not found.wanted:
        return None
    counts = Counter(number for wanting in found.wanting for number in wanting)
    number, count = max(counts.items(), key=lambda item: (item[1], -item[0]))
    return count, found.wanted[number]


def _wanted_step(count: int, one: WantedName) -> Step:
    who = counted(count, "note links", "notes link")
    view = _view("wanted", name=one.name)
    if one.now:
        now = file_name(one.now)
        return Step(f"Change links from “{one.name}” to “{now}”", f"{who} to the old name of this note.", view)
    if one.date:
        return Step(f"Decide on “{one.name}”", f"{who} to it, and it was deleted on {one.date}.", view)
    if one.resembled:
        like = file_name(one.resembled[0])
        return Step(f"Decide on “{one.name}”", f"{who} to it. No note has this name; “{like}” is similar.", view)
    return Step(f"Write “{one.name}”", f"{who} to this note, and it is not written yet.", view)


def _worst_place(report: Report, found: Standing | None) -> Iterator[Step]:
    """The folder with the most errors and warnings per note, or with too few folders, the note with the most."""
    grave = {
        path: sum(count for severity, _, count in packed.counts if severity in _GRAVE)
        for path, packed in report.diagnostics.by_note.items()
        if is_note(path)
    }
    notes = Counter(dirname(found.files[number]) for number in found.citing) if found else Counter[str]()
    counts = Counter[str]()
    for path, count in grave.items():
        counts[dirname(path)] += count
    folders = [(counts[name] / notes[name], name) for name in counts if notes[name] >= FEWEST_NOTES and counts[name]]
    severity = ",".join(severity.value for severity in _GRAVE)
    if len(folders) > 1:
        rate, name = max(folders, key=lambda item: (item[0], item[1]))
        where = f"the folder “{name}”" if name else "the notes that are in no folder"
        text = (
            f"{rate:.1f} errors and warnings per note, more than in any other folder"
            f" ({counts[name]:,} in {counted(notes[name], 'note')})."
        )
        yield Step(f"Clear up {where}", text, _view("findings", folder=name or ".", severity=severity))
    elif any(grave.values()):
        path, count = max(grave.items(), key=lambda item: (item[1], item[0]))
        text = f"It has {counted(count, 'error or warning', 'errors and warnings')}; no note has more."
        yield Step(f"Clear up “{file_name(path)}”", text, _view("findings", note=path))


def _most_of_one_rule(report: Report) -> Iterator[Step]:
    counts = Counter[str]()
    for (severity, rule), count in report.diagnostics.counts.items():
        if severity in _GRAVE:
            counts[rule] += count
    if len(counts) < 2:
        return
    rule, count = counts.most_common(1)[0]
    if count >= LARGE_SHARE * counts.total():
        text = (
            f"{count:,} of {counts.total():,} errors and warnings are from this rule. If your notes are right,"
            " change the options of the rule instead."
        )
        yield Step(f"Settle {rule}", text, _view("findings", rule=rule), f"vaultlint explain {rule}")


def _least_cited(found: Standing | None) -> Iterator[Step]:
    """The note with the most uncited blocks among the notes that have citations."""
    if found is None:
        return
    some = [(one.uncovered, number) for number, one in found.citing.items() if one.kinds and one.uncovered]
    if some:
        uncovered, number = max(some, key=lambda item: (item[0], -item[1]))
        total = uncovered + found.citing[number].covered
        text = f"{uncovered:,} of its {counted(total, 'block')} of text have no citation."
        path = found.files[number]
        yield Step(f"Add sources to “{file_name(path)}”", text, _view("findings", note=path))
