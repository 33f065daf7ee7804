"""Links to files that .gitignore would hide: they may exist on the author's disk."""

import re
from posixpath import dirname, join

from vaultlint.note import Link, LinkKind, Note
from vaultlint.vault_view import VaultView

LONGEST_PATH = 1024
"""Most characters of a target that can be the path of a file."""

REASON = ".gitignore hides files of that name, so a checkout can't tell whether it is there"

_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}\Z")


def hidden(link: Link, note: Note, vault: VaultView) -> str | None:
    """The reason if a .gitignore pattern would hide the target of a link; else None."""
    if len(link.target) > LONGEST_PATH:
        return None
    names = [link.target]
    if _EXTENSION.search(link.target) is None:
        names = [f"{link.target}.md"]
    elif link.kind is not LinkKind.FILE and not link.target.lower().endswith(".md"):
        names.append(f"{link.target}.md")  # a note with a dot in its name
    folder = "" if link.kind is LinkKind.FILE else dirname(note.path)
    return REASON if any(_is_hidden(name, folder, vault) for name in names) else None


def _is_hidden(target: str, folder: str, vault: VaultView) -> bool:
    """Whether a pattern hides the target, taken from the root or from the note's folder."""
    from_root = path_in_vault(target.removeprefix("/"))
    from_folder = None if target.startswith("/") else path_in_vault(join(folder, target))
    if from_folder is not None and vault.is_hidden(from_folder):
        return True
    if from_root is None or target.startswith(("./", "../")) or not vault.is_hidden(from_root):
        return False
    if "/" in target:
        return True
    # The file may be in any folder. Its name is hidden at the root; if any other name is hidden there, too, the
    # pattern is about the place and not about the name.
    return not vault.is_hidden(f"{'x' * len(target)}{_extension(target)}")


def path_in_vault(path: str) -> str | None:
    """The path with `.` and `..` resolved; None if it is the root or leads out of the vault."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or None


def _extension(name: str) -> str:
    found = _EXTENSION.search(name)
    return found[0] if found else ""
