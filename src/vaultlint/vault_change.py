"""A change of a vault as rules see it: its notes before and after."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from vaultlint.note import Note
from vaultlint.vault import Vault
from vaultlint.vault_view import Answers, VaultView


class NoteChange(Struct, frozen=True):
    """A note that a change touches, before and after; None where it is not there. At least one of them is."""

    before: Note | None
    after: Note | None

    @property
    def path(self) -> str:
        """Where the note is, or was."""
        note = self.after or self.before
        return note.path if note else ""


class VaultChange:
    """The notes that a change touches, and the vault before and after it.

    Nothing that is asked here is recorded, because what is found in a change is never cached.

    Args:
        notes: the notes that are changed, added or deleted; a note that was only renamed is none of these.
        before: the vault before.
        after: the vault after.
        answers: what is known to be answered about the vault before, and about that after.
        options: gives the rules as they are configured for the note at a path.
    """

    def __init__(
        self,
        notes: tuple[NoteChange, ...],
        before: Vault,
        after: Vault,
        answers: tuple[Answers, Answers] | None = None,
        options: Callable[[str], Mapping[type, Any]] = lambda path: {},
    ) -> None:
        self.notes = notes
        self._vaults = before, after
        self._answers = answers or (Answers(), Answers())
        self._options = options

    def before(self, path: str) -> VaultView:
        """The vault before, for a look at the note that is at a path after, or was there."""
        return VaultView(self._vaults[0], self._answers[0], self._options(path))

    def after(self, path: str) -> VaultView:
        """The vault after, for a look at the note at a path."""
        return VaultView(self._vaults[1], self._answers[1], self._options(path))
