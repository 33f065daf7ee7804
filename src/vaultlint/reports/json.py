"""The formats `json` and its records, which `jsonl` shares; documented in docs/json.md."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from vaultlint import diagnostic
from vaultlint.discovery import shown
from vaultlint.project import Report
from vaultlint.reports.view import Lines, View
from vaultlint.text import Position, Span

VERSION = 1
"""Rises when a field is renamed, removed or changes its meaning; not when one is added."""

_UNSENT = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class Edit(Struct):
    """One replacement."""

    path: str
    start: Position
    end: Position
    replacement: str


class Fix(Struct):
    """A proposal."""

    title: str
    safe: bool
    edits: list[Edit]


class Related(Struct):
    """Another place."""

    path: str
    start: Position
    end: Position
    message: str


class Finding(Struct):
    """A diagnostic as it is published."""

    rule: str
    severity: str
    path: str
    start: Position
    end: Position
    message: str
    fix: Fix | None
    related: list[Related]


class Summary(Struct):
    """Counts; what the baseline holds back is in none of the others."""

    notes: int
    error: int
    warning: int
    info: int
    held_back: int
    gone: int


class Document(Struct):
    """All that `--format json` prints."""

    version: int
    root: str
    summary: Summary
    fixed: dict[str, int]
    diagnostics: list[Finding]


def render(report: Report, view: View) -> Iterator[str]:
    """One JSON document."""
    found = [one.severity.value for one in report.diagnostics]
    counts = {severity: found.count(severity) for severity in ("error", "warning", "info")}
    summary = Summary(report.checked, **counts, held_back=report.held_back, gone=report.gone)
    document = Document(VERSION, shown(str(report.root)), summary, dict(report.fixed), list(findings(report)))
    yield sendable(msgspec.json.format(msgspec.json.encode(document), indent=2).decode()) + "\n"


def findings(report: Report) -> Iterator[Finding]:
    """The diagnostics with lines and columns."""
    lines = Lines(report)
    others = Lines(report)

    def place(of: Lines, path: str, span: Span) -> tuple[Position, Position]:
        index = of.of(path)
        return index.position(span.start), index.position(span.end)

    for one in report.diagnostics:
        related = [Related(r.path, *place(others, r.path, r.span), r.message) for r in one.related]
        fix = None
        if one.fix is not None:
            edits = [_edit(edit, place(others, edit.path, edit.span)) for edit in one.fix.edits]
            fix = Fix(one.fix.title, one.fix.safe, edits)
        start, end = place(lines, one.path, one.span)
        yield Finding(one.rule, one.severity.value, one.path, start, end, one.message, fix, related)


def line(finding: Finding) -> str:
    """A finding on one line."""
    return sendable(msgspec.json.encode(finding).decode()) + "\n"


def _edit(edit: diagnostic.Edit, place: tuple[Position, Position]) -> Edit:
    return Edit(edit.path, *place, edit.replacement)


def sendable(document: str) -> str:
    """Without control characters that JSON allows and terminals act on."""
    return _UNSENT.sub(lambda match: f"\\u{ord(match[0]):04x}", document)
