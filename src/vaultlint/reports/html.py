"""The format `html`: one page, with all that is shown in it as JSON.

`page.html` beside this module is built in `report-ui/`. The data stand in blocks of JSON that the page reads when it
needs them; in columns, because there may be a hundred thousand findings.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from typing import Any

import msgspec

from vaultlint import __version__
from vaultlint.commands.health import Health, placed
from vaultlint.commands.report import Report
from vaultlint.commands.trend import Run, differences
from vaultlint.config.manual import reason, summary
from vaultlint.diagnostic import Diagnostic, Related
from vaultlint.files.discovery import shown
from vaultlint.note import CitationKind, is_note
from vaultlint.reports.advice import steps
from vaultlint.reports.json import sendable
from vaultlint.reports.totals import SEVERITIES
from vaultlint.reports.view import View

VERSION = 1
"""Of the data, which only the page of the same version reads."""

MOST_RELATED = 5
"""Other places of a finding that are shown at the most."""

LONGEST = 400
"""Characters of a message that are shown."""

_CORE, _BLOCKS = "<!--core-->", "<!--data-->"

_MARKUP = re.compile("[<>&]")

Column = list[int]


def render(report: Report, view: View) -> Iterator[str]:
    """The page."""
    health = report.health or Health(placed(report))
    before, rest = (files("vaultlint.reports") / "page.html").read_text("utf-8").split(_CORE)
    script, after = rest.split(_BLOCKS)
    names = _Numbers()
    paths = [*(health.standing.files if health.standing else ())]
    for path in paths:
        names(path)
    findings = _findings(report, health, names)
    yield before
    yield _block("core", _core(report, health, view))
    yield script
    yield _block("files", _files(names, health))
    yield _block("findings", findings)
    if health.standing is not None:
        yield _block("links", {"targets": health.standing.targets, "wanting": health.standing.wanting})
        yield _block("wanted", _wanted(health, names))
        yield _block("citations", _citations(health))
    if health.placed.excerpts:
        yield _block("excerpts", health.placed.excerpts)
    yield after


def _block(name: str, data: Any) -> str:
    """Data in a block of a page, in which no text can become markup or change the direction of what follows."""
    text = sendable(msgspec.json.encode(data))
    text = _MARKUP.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f'<script type="application/json" id="{name}">{text}</script>\n'


class _Numbers(dict[str, int]):
    """Texts by number, each once."""

    def __call__(self, text: str) -> int:
        return self.setdefault(text, len(self))


def _core(report: Report, health: Health, view: View) -> dict[str, Any]:
    """What the page shows first."""
    found, runs = health.standing, health.runs
    return {
        "version": VERSION,
        "program": __version__,
        "vault": shown(report.root.name),
        "root": shown(report.root.as_posix()),
        "date": view.date,
        "notes": report.checked,
        "others": dict(report.data_files),
        "clean": report.checked - sum(map(is_note, report.diagnostics.by_note)),
        "links": None if found is None else found.links,
        "citations": None if found is None else found.citations,
        "wanted": None if found is None else len(found.wanted),
        "heldBack": report.held_back,
        "rules": _rules(report),
        "steps": [msgspec.to_builtins(step) for step in steps(report, found)],
        "runs": [_run(run, before) for run, before in zip(runs.runs, (None, *runs.runs), strict=False)],
        "unread": runs.unread,
        "kept": health.is_kept,
        "change": _change(report, health),
        "excerpts": bool(health.placed.excerpts),
    }


def _change(report: Report, health: Health) -> dict[str, Any] | None:
    """What is otherwise than in the last run that was written down before this one."""
    runs = health.runs.runs[: -1 if health.is_kept else None]
    if not runs:
        return None
    counts = Counter[str]()
    for (_, rule), count in report.diagnostics.counts.items():
        counts[rule] += count
    now = Run("", report.checked, 0, 0, counts, health.placed.marks)
    new, gone = differences(runs[-1], now)
    rules = {rule: counts[rule] - runs[-1].findings.get(rule, 0) for rule in sorted({*counts, *runs[-1].findings})}
    changed = {rule: difference for rule, difference in rules.items() if difference}
    return {"at": runs[-1].at, "new": new, "gone": gone, "rules": changed, "notes": now.notes - runs[-1].notes}


def _run(run: Run, before: Run | None) -> dict[str, Any]:
    new, gone = (None, None) if before is None else differences(before, run)
    told = {"at": run.at, "notes": run.notes, "links": run.links, "citations": run.citations}
    return {**told, "findings": run.findings, "new": new, "gone": gone}


def _rules(report: Report) -> list[dict[str, Any]]:
    """The rules that found something, worst and most first."""
    counts: dict[str, dict[str, int]] = {}
    for (severity, rule), count in report.diagnostics.counts.items():
        counts.setdefault(rule, {})[severity.value] = count
    told = []
    for name, by_severity in counts.items():
        kind = report.rules.get(name)
        family = kind.family.value if kind else ""
        what, why = (summary(kind), reason(kind)) if kind else ("", "")
        told.append({"name": name, "family": family, "summary": what, "why": why, "counts": by_severity})
    return sorted(told, key=lambda one: ([-one["counts"].get(level.value, 0) for level in SEVERITIES], one["name"]))


def _files(names: _Numbers, health: Health) -> dict[str, Any]:
    """The files, each by its folder and its name; a note's goes without `.md`, or is in `whole`."""
    folders = _Numbers()
    folder: Column = []
    name: list[str] = []
    whole: Column = []
    for number, path in enumerate(names):
        parent, _, own = path.rpartition("/")
        folder.append(folders(parent))
        if own.endswith(".md"):
            name.append(own[:-3])
        else:
            name.append(own)
            whole.append(number)
    found = health.standing
    left_out = [] if found is None else [i for i in range(len(found.files)) if i not in found.citing]
    return {"folders": [*folders], "folder": folder, "name": name, "whole": whole, "leftOut": left_out}


class _Laid:
    """Findings in columns; `kinds` are rules with severities, `files` has each file with its number of findings."""

    def __init__(self) -> None:
        self.kinds, self.messages, self.fixes = _Numbers(), _Numbers(), _Numbers()
        self.files: list[tuple[int, int]] = []
        self.kind: Column = []
        self.message: Column = []
        self.fix: Column = []
        self.related: dict[int, list[tuple[int, int]]] = {}
        self.more: dict[int, int] = {}


def _findings(report: Report, health: Health, names: _Numbers) -> dict[str, Any]:
    told = _Messages(report, bool(health.placed.excerpts))
    laid = _Laid()
    laid.fixes("")
    for path, found in report.diagnostics.by_note.items():
        first = len(laid.kind)
        for one in found:
            _lay(one, laid, told, names)
        laid.files.append((names(path), len(laid.kind) - first))
    return {
        "kinds": [kind.split(" ") for kind in laid.kinds],
        "messages": [*laid.messages],
        "fixes": [[text[1:], text[0] == "+"] if text else ["", False] for text in laid.fixes],
        "files": laid.files,
        "kind": laid.kind,
        "id": " ".join(health.placed.ids),
        "line": health.placed.lines,
        "column": health.placed.columns,
        "message": laid.message,
        "fix": laid.fix,
        "related": laid.related,
        "more": laid.more,
    }


def _lay(one: Diagnostic, laid: _Laid, told: "_Messages", names: _Numbers) -> None:
    number = len(laid.kind)
    laid.kind.append(laid.kinds(f"{one.rule} {one.severity.value}"))
    laid.message.append(laid.messages(told(one, one.message)))
    laid.fix.append(0 if one.fix is None else laid.fixes(f"{'+-'[not one.fix.safe]}{one.fix.title[:LONGEST]}"))
    if one.related:
        shown_ones: Sequence[Related] = one.related[:MOST_RELATED]
        laid.related[number] = [(names(other.path), laid.messages(told(one, other.message))) for other in shown_ones]
        if len(one.related) > MOST_RELATED:
            laid.more[number] = len(one.related) - MOST_RELATED


class _Messages:
    """Messages as the page has them: without the words of notes, if these are to be left out."""

    def __init__(self, report: Report, excerpts: bool) -> None:
        self._ends = {} if excerpts else {name: rule.quotes_after for name, rule in report.rules.items()}

    def __call__(self, one: Diagnostic, message: str) -> str:
        end = self._ends.get(one.rule)
        told = message.partition(end)[0] if end else message
        return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"


def _wanted(health: Health, names: _Numbers) -> dict[str, Any]:
    wanted = health.standing.wanted if health.standing else []
    return {
        "name": [one.name for one in wanted],
        "likeness": [one.likeness for one in wanted],
        "resembled": [[names.get(path, path) for path in one.resembled] for one in wanted],
        "now": [one.now for one in wanted],
        "date": [one.date for one in wanted],
        "planned": [int(one.planned) for one in wanted],
    }


def _citations(health: Health) -> dict[str, Any]:
    citing = health.standing.citing if health.standing else {}
    told = {number: one for number, one in citing.items() if one.kinds or one.covered or one.uncovered}
    kinds: Iterable[CitationKind] = sorted({kind for one in told.values() for kind in one.kinds})
    return {
        "file": [*told],
        "covered": [one.covered for one in told.values()],
        "uncovered": [one.uncovered for one in told.values()],
        "kinds": {kind.value: [one.kinds.get(kind, 0) for one in told.values()] for kind in kinds},
    }
