"""The changes of fixes as a unified diff."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from vaultlint.commands.rename import Renaming
from vaultlint.commands.report import Report
from vaultlint.note import Note
from vaultlint.reports.ci import holds_command
from vaultlint.reports.view import View
from vaultlint.text import printable

CONTEXT = 3
"""Lines shown before and after a change."""

MOST_COMPARED = 2_000
"""Most lines that are compared one by one, because the time grows with the square of their number."""

_Change = tuple[int, int, int, int]
"""Start and end line (0-based, half-open) before, and start and end line after."""


def render(report: Report | Renaming, view: View) -> Iterator[str]:
    """A diff for `git apply` in the reader's folder. On a terminal, unprintable characters are escaped."""
    place = _place(report, view)
    # Files that are only renamed come last: git would read what follows them as their hunks.
    changes = [*report.changes, *_links(report)]
    for before, after in sorted(changes, key=lambda change: change[0].text == change[1].text):
        old, new = f"{place}{before.path}", f"{place}{after.path}"
        hunks: Iterable[str] = _hunks(before, after, view)
        if view.in_ci and any(map(holds_command, hunks := [*hunks])):  # an escaped patch would not apply
            yield f"vaultlint: {_name(old).strip()} is not shown: the CI service might execute a line of it\n"
            continue
        if old != new:
            names = _name(f"a/{old}"), _name(f"b/{new}")
            yield f"diff --git {names[0].strip()} {names[1].strip()}\n"
            yield f"rename from {_name(old).strip()}\nrename to {_name(new).strip()}\n"
        if before.text != after.text:
            yield f"--- {_name(f'a/{old}')}\n+++ {_name(f'b/{new}')}\n"
        yield from hunks


def _links(report: Report | Renaming) -> list[tuple[Note, Note]]:
    """Symbolic links that change, as git diffs them: a text that is the target."""
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
    """Lines as in diffs: only LF ends a line."""
    lines = [f"{line}\n" for line in text.split("\n")]
    return lines[:-1] if lines[-1] == "\n" else [*lines[:-1], lines[-1][:-1]]


def _changes(old: list[str], new: list[str]) -> Iterator[_Change]:
    """Runs of lines that differ. With equal line counts, as after most fixes, lines are compared by number."""
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
    """The changes with adjacent ones merged."""
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
    """Groups of changes whose context lines touch or overlap."""
    group: list[_Change] = []
    for change in changes:
        if group and change[0] - group[-1][1] > 2 * CONTEXT:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _range(start: int, end: int) -> str:
    """A range in a hunk header: 1-based first line and count; the line before if there are no lines."""
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
    """The vault's path from the reader's folder, ending with `/`; empty if it is not below it."""
    if report.root == view.folder or not report.root.is_relative_to(view.folder):
        return ""
    return f"{report.root.relative_to(view.folder).as_posix()}/"


def _name(path: str) -> str:
    """A path as git writes it: quoted if necessary, and with a tab at the end if it contains a space."""
    if printable(path) == path and not set('"\\') & set(path) and not holds_command(path):
        return f"{path}\t" if " " in path else path
    return f'"{"".join(map(_escaped, path))}"'.replace("##", "#\\043")


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if printable(character) == character:
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
