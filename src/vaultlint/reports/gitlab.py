"""The format `gitlab`: a report for GitLab's Code Quality."""

from collections.abc import Iterator

import msgspec

from vaultlint.commands.report import Report
from vaultlint.diagnostic import Severity
from vaultlint.digests import blake2b
from vaultlint.linting.findings import by_note
from vaultlint.linting.identities import identities
from vaultlint.reports.json import sendable
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, view: View) -> Iterator[str]:
    """A JSON list with one entry per line. Fingerprints are unique, because GitLab drops entries that repeat one."""
    lines, told_apart = Lines(report), identities(report.diagnostics, report.notes)
    encoder = msgspec.json.Encoder()
    before = "[\n"
    for path, found in by_note(report.diagnostics):
        index, place = lines.of(path), report.prefix + path
        for one in found:
            entry = {
                "description": printable(one.message),
                "check_name": one.rule,
                "fingerprint": blake2b(f"{place}\0{next(told_apart)}".encode(), digest_size=16).hexdigest(),
                "severity": _SEVERITIES[one.severity],
                "location": {"path": place, "lines": {"begin": index.position(one.span.start).line}},
            }
            yield before + sendable(encoder.encode(entry))
            before = ",\n"
    yield "\n]\n" if report.diagnostics else "[]\n"
