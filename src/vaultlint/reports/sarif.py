"""The format `sarif`: SARIF 2.1.0, as code scanning services and editors read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

import msgspec

from vaultlint import __version__
from vaultlint.commands.report import Report
from vaultlint.config.manual import page, summary
from vaultlint.diagnostic import Diagnostic, Fix, Severity
from vaultlint.linting.identities import identities, ids
from vaultlint.reports.json import sendable
from vaultlint.reports.totals import SEVERITIES
from vaultlint.reports.view import Lines, View
from vaultlint.rules.base import Rule
from vaultlint.text import LineIndex, Position, Span, printable

MOST = 5_000
"""Results in a document; GitHub takes no more into account, and none at all of a document with many more."""

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note", Severity.OFF: "warning"}
_WHAT_IT_DOES = re.compile(r"^## What it does\n(.*?)\n\n", re.MULTILINE | re.DOTALL)
_LINK_OR_PLACEHOLDER = re.compile(r"\]\(|\{\d+\}")

Object = dict[str, Any]


def render(report: Report, view: View) -> Iterator[str]:
    """One document, without line breaks between its parts to keep it small."""
    found = _most_severe(report)
    rules = sorted({one.rule for one, *_ in found})
    lines, others = Lines(report), Lines(report)
    results = []
    for one, identity, short in found:
        result: Object = {
            "ruleId": one.rule,
            "ruleIndex": rules.index(one.rule),
            "level": _LEVELS[one.severity],
            "message": _message(one.message),
            "locations": [_location(report, lines, one.path, one.span)],
            "partialFingerprints": {"vaultlint/v1": identity},
            "properties": {"id": short},
        }
        if one.related:
            result["relatedLocations"] = [
                _location(report, others, other.path, other.span) | {"message": _message(other.message)}
                for other in dict.fromkeys(one.related)
            ]
        if one.fix and one.fix.edits:
            result["fixes"] = [_fix(report, others, one.fix)]
        results.append(result)
    driver = {
        "name": "vaultlint",
        "semanticVersion": __version__,
        "rules": [_rule(name, report.rules.get(name)) for name in rules],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report, len(results))],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository, or else of the vault."}}},
        "columnKind": "unicodeCodePoints",
        "defaultEncoding": "utf-8",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": results,
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    yield sendable(msgspec.json.encode(document)) + "\n"


def _most_severe(report: Report) -> list[tuple[Diagnostic, str, str]]:
    """As many findings as a document holds, with what tells each apart from the others of its note, and of all."""
    found = [*report.diagnostics]
    worst_first = (i for severity in SEVERITIES for i, one in enumerate(found) if one.severity is severity)
    chosen = set(islice(worst_first, MOST))
    paths = {found[i].path for i in chosen}
    of_paths = [i for i, one in enumerate(found) if one.path in paths]
    some = [found[i] for i in of_paths]
    told_apart = zip(of_paths, identities(some, report.notes), ids(some, report.notes), strict=True)
    return [(found[i], identity, short) for i, identity, short in told_apart if i in chosen]


def _rule(name: str, rule: type[Rule] | None) -> Object:
    if rule is None:  # a rule that failed has its bug reported under a name that no rule has
        text = {"text": "A failure of vaultlint or of a plug-in."}
        return {"id": name, "shortDescription": text, "fullDescription": text, "help": text}
    manual = page(rule)
    found = _WHAT_IT_DOES.search(manual)
    return {
        "id": name,
        "name": rule.__name__,
        "shortDescription": {"text": summary(rule)},
        "fullDescription": {"text": " ".join(found[1].split()) if found else summary(rule)},
        "help": {"text": manual, "markdown": manual},
        "defaultConfiguration": {"level": _LEVELS[rule.default_severity]},
        "properties": {"tags": [rule.family.value]},
    }


def _invocation(report: Report, shown: int) -> Object:
    invocation: Object = {"executionSuccessful": True}
    if shown < len(report.diagnostics):
        text = f"{shown:,} of {len(report.diagnostics):,} findings are in this document, the most severe ones."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    return invocation


def _location(report: Report, lines: Lines, path: str, span: Span) -> Object:
    return {"physicalLocation": {"artifactLocation": _artifact(report, path), "region": _region(lines, path, span)}}


def _artifact(report: Report, path: str) -> Object:
    return {"uri": quote(report.prefix + path), "uriBaseId": _ROOT}


def _region(lines: Lines, path: str, span: Span) -> Object:
    index = lines.of(path)
    start, end = index.position(span.start), index.position(span.end)
    return {
        "startLine": start.line,
        "startColumn": _column(index, start),
        "endLine": end.line,
        "endColumn": _column(index, end),
    }


def _column(index: LineIndex, position: Position) -> int:
    """The column; SARIF does not count a byte order mark."""
    return position.column - (index.has_mark and position.line == 1 and position.column > 1)


def _message(text: str) -> Object:
    """A message in which nothing is a link or a placeholder, whatever a note is called."""
    return {"text": _LINK_OR_PLACEHOLDER.sub(_inert, printable(text))}


def _inert(match: re.Match[str]) -> str:
    return "] (" if match[0] == "](" else f"{{{match[0]}}}"


def _fix(report: Report, lines: Lines, fix: Fix) -> Object:
    replacements: dict[str, list[Object]] = {}
    for edit in fix.edits:
        replacement = {
            "deletedRegion": _region(lines, edit.path, edit.span),
            "insertedContent": {"text": edit.replacement},
        }
        replacements.setdefault(edit.path, []).append(replacement)
    return {
        "description": _message(fix.title),
        "artifactChanges": [
            {"artifactLocation": _artifact(report, path), "replacements": changes}
            for path, changes in replacements.items()
        ],
        "properties": {"safe": fix.safe},
    }
