"""A change of a vault for rules: its notes before and after."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from vaultlint.note import Note
from vaultlint.vault import Vault
from vaultlint.vault_view import Answers, VaultView


class NoteChange(Struct, frozen=True):
    """A note in a change, before and after; None if it is not there. At least one of them is."""

    before: Note | None
    after: Note | None

    @property
    def path(self) -> str:
        """The current path of the note, or the last one."""
        note = self.after or self.before
        return note.path if note else ""


class VaultChange:
    """The notes in a change, and the vault before and after it.

    Nothing asked here is recorded, because findings in a change are never cached.

    Args:
        notes: the notes that are changed, added or deleted; a note that was only renamed is not included.
        before: the vault before.
        after: the vault after.
        answers: the known answers about the vault before, and about the vault after.
        options: gives the rules as configured for the note at a path.
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
        """The vault before, as seen by the note that is or was at a path."""
        return VaultView(self._vaults[0], self._answers[0], self._options(path))

    def after(self, path: str) -> VaultView:
        """The vault after, as seen by the note at a path."""
        return VaultView(self._vaults[1], self._answers[1], self._options(path))
