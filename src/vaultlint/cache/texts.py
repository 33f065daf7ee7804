"""Cached report texts, so that a run with one changed note need not merge and format the findings of all others."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeVar
from zlib import crc32

from msgspec import DecodeError, Struct, msgpack

from vaultlint.cache.store import Cache, Page
from vaultlint.digests import blake2b
from vaultlint.linting.findings import Counts, Findings, Fixes, Packed, Problem, has_shared, problems_of, remerged
from vaultlint.rules.base import Shared

T = TypeVar("T")

NOTES = 8
"""Average number of notes with findings on a page."""


class _Merged(Struct, frozen=True, array_like=True):
    """The notes with findings that others may share, and their merged findings.

    `seen` is a digest of all these notes; `known` has a digest and the problems of each, as msgpack. `told` has the
    path and the fields of `Packed` for each note whose findings were merged.
    """

    profile: bytes = b""
    seen: bytes = b""
    known: bytes = msgpack.encode({})
    told: list[tuple[str, Counts, Fixes, bytes, int | None]] = []

    def packed(self) -> dict[str, Packed]:
        """The merged findings, by path."""
        return {
            path: Packed(counts, fixes, content, shared_by) for path, counts, fixes, content, shared_by in self.told
        }


_MERGED = msgpack.Decoder(_Merged)
_KNOWN = msgpack.Decoder(dict[str, tuple[bytes, list[Problem]]])


class Texts:
    """Parts of earlier reports: merged findings that notes share, and pages with the findings of some notes.

    Args:
        cache: holds those of earlier reports.
        profile: a digest of what they depend on besides the vault.
        seen: digests of everything shown with the findings of each note, by path.
        is_as_read: whether a file still has the content that was read.
    """

    def __init__(
        self, cache: Cache, profile: bytes, seen: Mapping[str, bytes], is_as_read: Callable[[str], bool]
    ) -> None:
        self._cache = cache
        self._profile = profile
        self._seen = seen
        self._is_as_read = is_as_read

    def merged(self, findings: Findings, shared: Mapping[str, Shared]) -> dict[str, Packed]:
        """See `linting.findings.merged`; only notes that share a problem with a changed note are merged again."""
        concerned = {path: found for path, found in findings.by_note.items() if has_shared(found, shared)}
        seen = blake2b(b"\0".join([self._seen[path] for path in concerned]), digest_size=16).digest()
        try:
            before = _MERGED.decode(self._cache.merged())
        except DecodeError:
            before = _Merged()
        if before.profile != self._profile:
            before = _Merged(self._profile)
        if before.seen == seen:
            return before.packed()
        known = _KNOWN.decode(before.known)
        same = {path for path in known.keys() & concerned.keys() if known[path][0] == self._seen[path]}
        problems = {
            path: known[path][1] if path in same else problems_of(found, shared) for path, found in concerned.items()
        }
        changed = [path for path in known.keys() | concerned.keys() if path not in same]
        others = {one for path in changed for one in problems.get(path, ())}
        others.update(one for path in changed if path in known for one in known[path][1])
        told, anew = remerged(Findings(concerned), shared, problems, others)
        found = {path: one for path, one in before.packed().items() if path in concerned and path not in anew} | told
        self._save(seen, problems, found)
        return found

    def _save(self, seen: bytes, problems: Mapping[str, list[Problem]], found: Mapping[str, Packed]) -> None:
        known = msgpack.encode({path: (self._seen[path], own) for path, own in problems.items()})
        told = [(path, one.counts, one.fixes, one.content, one.shared_by) for path, one in found.items()]
        self._cache.save_merged(msgpack.encode(_Merged(self._profile, seen, known, told)))

    def depending(self, others: Mapping[str, bytes]) -> "Texts":
        """For pages that also depend on findings in other notes; `others` are digests of these findings, by path."""
        seen = {**self._seen} | {path: self._seen[path] + digest for path, digest in others.items()}
        return Texts(self._cache, self._profile, seen, self._is_as_read)

    def pages(self, view: str, found: Iterable[tuple[str, T]], show: Callable[[str, T], str]) -> Iterator[bytes]:
        """The pages with all findings.

        Args:
            view: everything else that affects how findings are shown.
            found: the findings of each note, with its path.
            show: formats the findings of one note.
        """
        sections = [[*notes] for _, notes in groupby(found, _Sections())]
        same = view.encode() + self._profile
        seen = (b"\0".join((same, *(self._seen[path] for path, _ in some))) for some in sections)
        keys = [blake2b(parts, digest_size=16).digest() for parts in seen]
        known = self._cache.pages(keys)
        for key, some in zip(keys, sections, strict=True):
            if key in known:
                yield known[key]
                continue
            text = "".join(show(path, found) for path, found in some).encode("utf-8", "backslashreplace")
            yield Page(text, key) if all(self._is_as_read(path) for path, _ in some) else text


class _Sections:
    """Assigns a page number to each note. Whether a path begins a page does not depend on the pages before it."""

    def __init__(self) -> None:
        self._number = 0

    def __call__(self, one: tuple[str, object]) -> int:
        self._number += crc32(one[0].encode("utf-8", "surrogatepass")) % NOTES == 0
        return self._number
