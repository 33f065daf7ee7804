"""The format `json`, and its records, which `jsonl` shares; documented in docs/json.md."""

import re
from collections.abc import Iterator
from itertools import islice

import msgspec
from msgspec import Struct

from vaultlint.commands.report import Report
from vaultlint.diagnostic import Severity
from vaultlint.files.discovery import shown
from vaultlint.linting.findings import by_note
from vaultlint.linting.identities import ids
from vaultlint.reports.totals import SEVERITIES, counts_by_severity
from vaultlint.reports.view import Lines, View
from vaultlint.text import Position, Span

VERSION = 1
"""Increased when a field is renamed, removed or changes its meaning; not when one is added."""

_UNSENT = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_ENCODER = msgspec.json.Encoder()

_BLOCK = 256
"""Findings formatted at a time: formatting a whole document may take several times the memory of its findings."""

_BEFORE, _AFTER = '{\n  "diagnostics": [', "\n  ]\n}"
_NONE = "[]\n}"
"""The text around the findings of a document (`_BEFORE`, `_AFTER`), and its end without findings (`_NONE`)."""


class EditRecord(Struct, gc=False):
    """One edit of a fix."""

    path: str
    start: Position
    end: Position
    replacement: str


class FixRecord(Struct, gc=False):
    """A fix."""

    title: str
    safe: bool
    edits: list[EditRecord]


class RelatedRecord(Struct, gc=False):
    """A related place."""

    path: str
    start: Position
    end: Position
    message: str


class Finding(Struct, gc=False):
    """A diagnostic in the published JSON."""

    id: str
    rule: str
    severity: Severity
    path: str
    start: Position
    end: Position
    message: str
    fix: FixRecord | None
    related: list[RelatedRecord]


class Summary(Struct):
    """Counts. Known findings (in the baseline) are counted only in `held_back`."""

    notes: int
    error: int
    warning: int
    info: int
    held_back: int
    gone: int
    canvases: int
    bases: int


class Document(Struct):
    """The output of `--format json`."""

    version: int
    root: str
    summary: Summary
    fixed: dict[str, int]
    diagnostics: list[Finding]


def render(report: Report, view: View) -> Iterator[str]:
    """One JSON document, in blocks."""
    found = counts_by_severity(report.diagnostics)
    counts = {severity.value: found[severity] for severity in SEVERITIES}
    others = {"canvases": report.data_files.get("canvas", 0), "bases": report.data_files.get("base", 0)}
    summary = Summary(report.checked, **counts, held_back=report.held_back, gone=report.gone, **others)
    document = Document(VERSION, shown(str(report.root)), summary, dict(report.fixed), [])
    empty = sendable(msgspec.json.format(_ENCODER.encode(document), indent=2))
    if not report.diagnostics:
        yield f"{empty}\n"
        return
    before = f"{empty.removesuffix(_NONE)}["
    all_records = records(report)
    while some := ",".join(islice(all_records, _BLOCK)):
        block = msgspec.json.format(f'{{"diagnostics":[{some}]}}', indent=2)
        yield before + block.removeprefix(_BEFORE).removesuffix(_AFTER)
        before = ","
    yield f"{_AFTER}\n"


def records(report: Report) -> Iterator[str]:
    """Each diagnostic as a JSON object on one line."""
    lines, named = Lines(report), iter(ids(report.diagnostics, report.notes))

    def place(path: str, span: Span) -> tuple[Position, Position]:
        index = lines.of(path)
        return index.position(span.start), index.position(span.end)

    for path, found in by_note(report.diagnostics):
        position = lines.of(path).position
        for one in found:
            related = [RelatedRecord(r.path, *place(r.path, r.span), r.message) for r in one.related]
            fix = None
            if one.fix is not None:
                edits = [
                    EditRecord(edit.path, *place(edit.path, edit.span), edit.replacement) for edit in one.fix.edits
                ]
                fix = FixRecord(one.fix.title, one.fix.safe, edits)
            start, end = position(one.span.start), position(one.span.end)
            finding = Finding(next(named), one.rule, one.severity, path, start, end, one.message, fix, related)
            yield sendable(_ENCODER.encode(finding))


def sendable(document: bytes) -> str:
    """The document as text, with characters escaped that JSON allows but terminals act on."""
    text = document.decode()
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSENT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
