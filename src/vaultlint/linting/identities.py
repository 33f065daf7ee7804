"""Ids of findings that stay the same when lines move: for services that store findings, and to name one of them."""

import re
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vaultlint.diagnostic import Diagnostic
from vaultlint.digests import blake2b
from vaultlint.linting.findings import by_note
from vaultlint.linting.fingerprints import fingerprint
from vaultlint.note import Note

SHORTEST, LONGEST = 8, 16
"""Shortest and longest id, in characters."""

ID = rf"[a-z2-7]{{{SHORTEST},{LONGEST}}}"
"""A regular expression for an id."""


def identities(diagnostics: Iterable[Diagnostic], notes: Mapping[str, Note]) -> Iterator[str]:
    """For each diagnostic its fingerprint, and its number among those of its note with the same one: `a1b2c3d4e5:1`.

    Args:
        diagnostics: all diagnostics of a report for some notes.
        notes: these notes, by path.
    """
    for path, found in by_note(diagnostics):
        note = notes.get(path)
        yield from _numbered(fingerprint(one, note) for one in found)


def _numbered(fingerprints: Iterable[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for words in fingerprints:
        seen[words] += 1
        yield f"{words}:{seen[words]}"


def long_ids(diagnostics: Iterable[Diagnostic], notes: Mapping[str, Note]) -> list[str]:
    """The full ids of findings, computed from the path and the result of `identities`; same arguments."""
    full: list[str] = []
    for path, found in by_note(diagnostics):
        note = notes.get(path)
        full += long_ids_in(path, [fingerprint(one, note) for one in found])
    return full


def long_ids_in(path: str, fingerprints: Iterable[str]) -> Iterator[str]:
    """The full ids of the findings in a note, in the order of their fingerprints."""
    begun = blake2b(path.encode("utf-8", "surrogatepass") + b"\0", digest_size=LONGEST * 5 // 8)
    for identity in _numbered(fingerprints):
        digest = begun.copy()
        digest.update(identity.encode())
        yield b32encode(digest.digest()).decode().lower()


def ids(diagnostics: Iterable[Diagnostic], notes: Mapping[str, Note]) -> list[str]:
    """The ids to show for the findings of a run: prefixes of the full ids, long enough to be unique."""
    return shortened(long_ids(diagnostics, notes))


def shortened(full: Sequence[str]) -> list[str]:
    """The shortest unique prefixes of texts, within the limits of an id's length."""
    short = [one[:SHORTEST] for one in full]
    for length in range(SHORTEST + 1, LONGEST + 1):
        counts = Counter(short)
        if len(counts) == len(short):
            break
        short = [
            one[:length] if counts[beginning] > 1 else beginning for one, beginning in zip(full, short, strict=True)
        ]
    return short


def matching(full: Sequence[str], name: str) -> list[int]:
    """The indexes of the full ids that begin with `name`; none if it is too short or not an id."""
    if re.fullmatch(ID, name) is None:
        return []
    return [i for i, one in enumerate(full) if one.startswith(name)]
