"""Links to what may lie behind a symbolic link that leads out of the vault and is not followed."""

from posixpath import dirname, join

from vaultlint.excuses.hidden import path_in_vault
from vaultlint.names import path_key
from vaultlint.note import Link, LinkKind, Note
from vaultlint.text import quoted
from vaultlint.vault_view import VaultView

REASON = "it may lie behind the symbolic link {}, which leads out of the vault and is not followed"
REASON_FOR_MANY = "it may lie behind one of {} symbolic links that lead out of the vault and are not followed"


def outside(link: Link, note: Note, vault: VaultView) -> str | None:
    """The reason if only what is behind such a link could answer a link."""
    not_followed = vault.not_followed()
    if not not_followed:
        return None
    if link.kind is LinkKind.FILE or link.target.startswith(("/", "./", "../")):
        answering = _at_its_place(link, note, not_followed)
    else:  # a name is looked for in all folders
        key = path_key(link.target)
        ends = (f"/{key}", f"/{key}.md")
        answering = [one for one in not_followed if one.endswith("/") or f"/{path_key(one)}".endswith(ends)]
    if not answering:
        return None
    if len(answering) > 1:
        return REASON_FOR_MANY.format(len(answering))
    return REASON.format(quoted(answering[0].removesuffix("/")))


def _at_its_place(link: Link, note: Note, not_followed: tuple[str, ...]) -> list[str]:
    """Those behind which the one path lies that a link leads to."""
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
