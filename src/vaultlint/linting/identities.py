"""What tells findings apart and stays the same when lines move: for services that store them, and to name one."""

import re
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from vaultlint.diagnostic import Diagnostic
from vaultlint.linting.findings import by_note
from vaultlint.linting.fingerprints import fingerprint
from vaultlint.note import Note

SHORTEST, LONGEST = 8, 16
"""Characters of an id."""

ID = rf"[a-z2-7]{{{SHORTEST},{LONGEST}}}"
"""An id, as a regular expression."""


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


def long_ids(diagnostics: Iterable[Diagnostic], notes: Mapping[str, Note]) -> list[str]:
    """The ids of findings in full, made of the path and what `identities` tells; arguments are as there."""
    ids = []
    for path, found in by_note(diagnostics):
        of_path = [*found]
        begun = blake2b(path.encode("utf-8", "surrogatepass") + b"\0", digest_size=LONGEST * 5 // 8)
        for identity in identities(of_path, notes):
            digest = begun.copy()
            digest.update(identity.encode())
            ids.append(b32encode(digest.digest()).decode().lower())
    return ids


def ids(diagnostics: Iterable[Diagnostic], notes: Mapping[str, Note]) -> list[str]:
    """What people and programs call the findings of a run: the beginnings of their ids, long enough to differ."""
    return shortened(long_ids(diagnostics, notes))


def shortened(full: Sequence[str]) -> list[str]:
    """The beginnings of texts; those that others share are longer."""
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
    """The places of the ids that begin as somebody calls one; none if that is too short for an id."""
    if re.fullmatch(ID, name) is None:
        return []
    return [i for i, one in enumerate(full) if one.startswith(name)]
