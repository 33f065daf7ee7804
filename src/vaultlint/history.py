"""The names in the history of one vault: read on demand, and cached by commit."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import DecodeError, msgpack

from vaultlint.cache.identity import code_digest
from vaultlint.cache.store import Cache
from vaultlint.digests import blake2b
from vaultlint.files.git_head import position
from vaultlint.git.history import Known, files_of, known
from vaultlint.inputs import HISTORY, Input
from vaultlint.past import PastNames, Was

UNREAD = "unread"
"""The position of a repository that git could not read."""

_NOTHING: tuple[tuple[Was, ...], bool] = (), False
"""The answer for a name that the history does not know."""

_LOGGER = logging.getLogger(__name__)
_KNOWN = msgpack.Decoder(tuple[bytes, Known])


class History:
    """The names that files of a vault had, up to the repository's current commit.

    Args:
        root: the vault.
        cache: its cache, if there is one.
    """

    def __init__(self, root: Path, cache: Cache | None) -> None:
        self._root = root
        self._cache = cache
        self._position = position(root)
        self._names: PastNames | None = None
        self._unread: dict[str, None] = {}  # the position, if git could not read it
        self._read = b""  # what was read last, in cached form
        self.asked: dict[str, bytes] = {}
        """Digests of the answers so far, by name."""

    @property
    def is_there(self) -> bool:
        """See `Past`."""
        return bool(self._position)

    @property
    def position(self) -> str:
        """The commit up to which the history is known, for a later comparison."""
        return UNREAD if self._unread else self._position

    @property
    def logs(self) -> tuple[dict[str, Any], ...]:
        """What `position` and `asked` depend on, to which other processes add."""
        return self.asked, self._unread

    def named(self, key: str) -> tuple[Was, ...]:
        """See `Past`."""
        return self._asked(key)[0]

    def is_committed(self, key: str) -> bool:
        """See `Past`."""
        return self._asked(key)[1]

    def _asked(self, key: str) -> tuple[tuple[Was, ...], bool]:
        if self.asked.get(key) == b"":
            return _NOTHING
        if self._names is None:
            read = self._known()
            self._names = PastNames() if read is None else PastNames(files_of(read.commits), read.paths)
        answer = self._names.named(key), self._names.is_committed(key)
        if key not in self.asked:
            self.asked[key] = _digest(answer)
        return answer

    def take(self, before: str, asked: Mapping[str, bytes]) -> set[Input]:
        """Take over answers from the time of commit `before`; returns the inputs whose answers have changed."""
        if before == self.position:
            self.asked.update(asked)
            return set()
        self.asked.clear()
        changed = set() if before and self.is_there else {HISTORY}
        changed.update(Input.history(key) for key, answer in asked.items() if _digest(self._asked(key)) != answer)
        return changed

    def moved(self) -> set[Input]:
        """Read the repository's current commit; returns the inputs whose answers have changed."""
        now = position(self._root)
        if now == self._position:
            return set()
        before, asked = self.position, {**self.asked}
        self._position, self._names = now, None
        self._unread.clear()
        return self.take(before, asked)

    def _known(self) -> Known | None:
        if not self._position:
            return None
        from vaultlint.git.repository import GitError

        before = self._cached()
        if before is not None and before.position == self._position:
            return before
        try:
            found = known(self._root, self._position, before)
        except GitError as error:
            _LOGGER.debug("the history can't be read: %s", error)
            self._unread[self._position] = None
            return None
        self._read = msgpack.encode((code_digest(), found))
        if self._cache is not None:
            self._cache.save_history(self._read)
        return found

    def _cached(self) -> Known | None:
        content = self._read or (self._cache.history() if self._cache is not None else b"")
        if not content:
            return None
        try:
            code, found = _KNOWN.decode(content)
        except DecodeError:
            return None
        return found if code == code_digest() else None


def _digest(answer: tuple[tuple[Was, ...], bool]) -> bytes:
    return blake2b(msgpack.encode(answer), digest_size=8).digest() if any(answer) else b""
