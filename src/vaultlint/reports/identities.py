"""What tells findings apart and stays the same when lines move, for services that remember them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from vaultlint.commands.report import Report
from vaultlint.diagnostic import Diagnostic
from vaultlint.linting.fingerprints import fingerprint
from vaultlint.reports.view import by_note


def identities(diagnostics: Iterable[Diagnostic], report: Report) -> Iterator[str]:
    """For each diagnostic its fingerprint and its number among those of its note with the same: `a1b2c3d4e5:1`.

    Args:
        diagnostics: all that the report has of some notes.
        report: what they are from.
    """
    for path, found in by_note(diagnostics):
        note = report.notes.get(path)
        seen: Counter[str] = Counter()
        for one in found:
            words = fingerprint(one, note)
            seen[words] += 1
            yield f"{words}:{seen[words]}"
