"""The formats `json` and its records, which `jsonl` shares; documented in docs/json.md."""

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
"""Rises when a field is renamed, removed or changes its meaning; not when one is added."""

_UNSENT = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_ENCODER = msgspec.json.Encoder()

_BLOCK = 256
"""Findings that are laid out at once: a document as a whole may need several times the memory of its findings."""

_BEFORE, _AFTER = '{\n  "diagnostics": [', "\n  ]\n}"
_NONE = "[]\n}"
"""What stands around the findings of a document, and for them."""


class EditRecord(Struct, gc=False):
    """One replacement."""

    path: str
    start: Position
    end: Position
    replacement: str


class FixRecord(Struct, gc=False):
    """A proposal."""

    title: str
    safe: bool
    edits: list[EditRecord]


class RelatedRecord(Struct, gc=False):
    """Another place."""

    path: str
    start: Position
    end: Position
    message: str


class Finding(Struct, gc=False):
    """A diagnostic as it is published."""

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
    """Counts; known findings, those in the baseline, are not in the others."""

    notes: int
    error: int
    warning: int
    info: int
    held_back: int
    gone: int
    canvases: int
    bases: int


class Document(Struct):
    """All that `--format json` prints."""

    version: int
    root: str
    summary: Summary
    fixed: dict[str, int]
    diagnostics: list[Finding]


def render(report: Report, view: View) -> Iterator[str]:
    """One JSON document."""
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
    """Each diagnostic in JSON, without line breaks."""
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
    """Without control characters that JSON allows and terminals act on."""
    text = document.decode()
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSENT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
