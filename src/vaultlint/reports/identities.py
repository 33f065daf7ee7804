"""What tells findings apart and stays the same when lines move, for services that remember them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from vaultlint.diagnostic import Diagnostic
from vaultlint.linting.fingerprints import fingerprint
from vaultlint.note import Note
from vaultlint.reports.view import by_note


def identities(diagnostics: Iterable[Diagnostic], notes: Mapping[str, Note]) -> Iterator[str]:
    """For each diagnostic its fingerprint and its number among those of its note with the same: `a1b2c3d4e5:1`.

    Args:
        diagnostics: all that a report has of some notes.
        notes: these, by path.
    """
    for path, found in by_note(diagnostics):
        note = notes.get(path)
        seen: Counter[str] = Counter()
        for one in found:
            words = fingerprint(one, note)
            seen[words] += 1
            yield f"{words}:{seen[words]}"
