"""What tells findings apart and stays the same when lines move, for services that remember them."""

from collections import Counter
from collections.abc import Iterator

from vaultlint.fingerprints import fingerprint
from vaultlint.project import Report


def identities(report: Report) -> Iterator[str]:
    """For each diagnostic its fingerprint and its number among those of its note with the same: `a1b2c3d4e5:1`."""
    seen: Counter[tuple[str, str]] = Counter()
    for one in report.diagnostics:
        words = fingerprint(one, report.notes.get(one.path))
        seen[one.path, words] += 1
        yield f"{words}:{seen[one.path, words]}"
