"""What fixes change, as a unified diff."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from vaultlint.commands.rename import Renaming
from vaultlint.commands.report import Report
from vaultlint.note import Note
from vaultlint.reports.ci import holds_command
from vaultlint.reports.view import View
from vaultlint.text import printable

CONTEXT = 3
"""Lines that are shown before and after a change."""

MOST_COMPARED = 2_000
"""Lines of which those that changed are searched for; the time for that grows with their square."""

_Change = tuple[int, int, int, int]
"""First line and end, before and after."""


def render(report: Report | Renaming, view: View) -> Iterator[str]:
    """A diff that `git apply` takes from the reader's folder; made visible on a terminal, exact elsewhere."""
    place = _place(report, view)
    # Git takes what follows on a file that is only renamed for a part of it.
    changes = [*report.changes, *_links(report)]
    for before, after in sorted(changes, key=lambda change: change[0].text == change[1].text):
        old, new = f"{place}{before.path}", f"{place}{after.path}"
        hunks: Iterable[str] = _hunks(before, after, view)
        if view.in_ci and any(map(holds_command, hunks := [*hunks])):  # a patch is exact, or it is none
            yield f"vaultlint: {_name(old).strip()} is not shown: the CI service might obey a line of it\n"
            continue
        if old != new:
            names = _name(f"a/{old}"), _name(f"b/{new}")
            yield f"diff --git {names[0].strip()} {names[1].strip()}\n"
            yield f"rename from {_name(old).strip()}\nrename to {_name(new).strip()}\n"
        if before.text != after.text:
            yield f"--- {_name(f'a/{old}')}\n+++ {_name(f'b/{new}')}\n"
        yield from hunks


def _links(report: Report | Renaming) -> list[tuple[Note, Note]]:
    """Symbolic links that change, as git shows them: a text that is where they lead."""
    links = report.links if isinstance(report, Renaming) else ()
    return [(Note(path, before), Note(path, after)) for path, before, after in links]


def _hunks(before: Note, after: Note, view: View) -> Iterator[str]:
    old, new = _lines(before.text), _lines(after.text)
    for group in _groups(_changes(old, new)):
        first, last = group[0], group[-1]
        head = min(CONTEXT, first[0])
        tail = min(CONTEXT, len(old) - last[1])
        ranges = (first[0] - head, last[1] + tail), (first[2] - head, last[3] + tail)
        yield f"@@ -{_range(*ranges[0])} +{_range(*ranges[1])} @@\n"
        at = ranges[0][0]
        for start, end, new_start, new_end in group:
            yield from _shown(" ", old[at:start], view)
            yield from _shown("-", old[start:end], view)
            yield from _shown("+", new[new_start:new_end], view)
            at = end
        yield from _shown(" ", old[at : ranges[0][1]], view)


def _lines(text: str) -> list[str]:
    """Lines as diffs know them: they end at LF and nothing else."""
    lines = [f"{line}\n" for line in text.split("\n")]
    return lines[:-1] if lines[-1] == "\n" else [*lines[:-1], lines[-1][:-1]]


def _changes(old: list[str], new: list[str]) -> Iterator[_Change]:
    """Runs of lines that differ. Fixes mostly change lines in their place, which is quick to see."""
    if len(old) == len(new):
        yield from _merged((i, i + 1, i, i + 1) for i in range(len(old)) if old[i] != new[i])
        return
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    ends = len(old) - tail, len(new) - tail
    if max(ends) - head > MOST_COMPARED:
        yield head, ends[0], head, ends[1]
        return
    matcher = SequenceMatcher(None, old[head : ends[0]], new[head : ends[1]], autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            yield start + head, end + head, new_start + head, new_end + head


def _merged(changes: Iterator[_Change]) -> Iterator[_Change]:
    """Changes that follow on each other as one."""
    last: _Change | None = None
    for change in changes:
        if last is not None and change[0] == last[1]:
            last = last[0], change[1], last[2], change[3]
            continue
        if last is not None:
            yield last
        last = change
    if last is not None:
        yield last


def _groups(changes: Iterator[_Change]) -> Iterator[list[_Change]]:
    """Changes whose context would meet, together."""
    group: list[_Change] = []
    for change in changes:
        if group and change[0] - group[-1][1] > 2 * CONTEXT:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _range(start: int, end: int) -> str:
    """Lines of a hunk, counted from 1; of none, the line before."""
    return f"{start + 1},{end - start}" if end > start else f"{start},0"


def _shown(mark: str, lines: list[str], view: View) -> Iterator[str]:
    style = {"-": "error", "+": "added"}.get(mark)
    for line in lines:
        end = "\n" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        text = line.removesuffix("\n")
        if view.on_terminal:
            text = "\t".join(printable(part) for part in text.removesuffix("\r").split("\t"))
        shown = f"{mark}{text}"
        yield (view.styled(shown, style) if style else shown) + end


def _place(report: Report | Renaming, view: View) -> str:
    """The way from the reader's folder down to the vault; paths that lead upwards are nothing that can be applied."""
    if report.root == view.folder or not report.root.is_relative_to(view.folder):
        return ""
    return f"{report.root.relative_to(view.folder).as_posix()}/"


def _name(path: str) -> str:
    """A path as git writes it: in quotes if it must be, and with a tab at its end if it holds a blank."""
    if printable(path) == path and not set('"\\') & set(path) and not holds_command(path):
        return f"{path}\t" if " " in path else path
    return f'"{"".join(map(_escaped, path))}"'.replace("##", "#\\043")


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if printable(character) == character:
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
