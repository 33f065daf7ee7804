"""The format `gitlab`: a report for GitLab's Code Quality."""

from collections.abc import Iterator
from hashlib import blake2b

import msgspec

from vaultlint.diagnostic import Severity
from vaultlint.project import Report
from vaultlint.reports.identities import identities
from vaultlint.reports.json import sendable
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, view: View) -> Iterator[str]:
    """A list with an entry on each line; GitLab drops an entry whose fingerprint it has met before."""
    lines = Lines(report)
    before = "[\n"
    for one, identity in zip(report.diagnostics, identities(report), strict=True):
        path = report.prefix + one.path
        entry = {
            "description": printable(one.message),
            "check_name": one.rule,
            "fingerprint": blake2b(f"{path}\0{identity}".encode(), digest_size=16).hexdigest(),
            "severity": _SEVERITIES[one.severity],
            "location": {"path": path, "lines": {"begin": lines.of(one.path).position(one.span.start).line}},
        }
        yield before + sendable(msgspec.json.encode(entry).decode())
        before = ",\n"
    yield "\n]\n" if report.diagnostics else "[]\n"
