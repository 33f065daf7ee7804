"""Links to files that may be behind a symbolic link out of the vault that is not followed."""

from posixpath import dirname, join

from vaultlint.excuses.hidden import path_in_vault
from vaultlint.names import path_key
from vaultlint.note import Link, LinkKind, Note
from vaultlint.text import quoted
from vaultlint.vault_view import VaultView

REASON = "it may lie behind the symbolic link {}, which leads out of the vault and is not followed"
REASON_FOR_MANY = "it may lie behind one of {} symbolic links that lead out of the vault and are not followed"


def outside(link: Link, note: Note, vault: VaultView) -> str | None:
    """The reason if the target may be behind a symbolic link that is not followed; else None."""
    not_followed = vault.not_followed()
    if not not_followed:
        return None
    if link.kind is LinkKind.FILE or link.target.startswith(("/", "./", "../")):
        answering = _at_its_place(link, note, not_followed)
    else:  # Obsidian looks for a name in all folders
        key = path_key(link.target)
        ends = (f"/{key}", f"/{key}.md")
        answering = [one for one in not_followed if one.endswith("/") or f"/{path_key(one)}".endswith(ends)]
    if not answering:
        return None
    if len(answering) > 1:
        return REASON_FOR_MANY.format(len(answering))
    return REASON.format(quoted(answering[0].removesuffix("/")))


def _at_its_place(link: Link, note: Note, not_followed: tuple[str, ...]) -> list[str]:
    """The symbolic links that the path of a link with a fixed path leads through."""
    is_relative = link.target.startswith(("./", "../")) and link.kind is not LinkKind.FILE
    path = path_in_vault(join(dirname(note.path), link.target) if is_relative else link.target.removeprefix("/"))
    if path is None:
        return []
    key = path_key(path)
    return [
        one
        for one in not_followed
        if (key.startswith(path_key(one)) if one.endswith("/") else path_key(one) in (key, f"{key}.md"))
    ]
