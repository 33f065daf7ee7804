"""The rule `unwritten-note`, and which links lead to notes that are not written yet."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Related, Severity
from vaultlint.edits.miswritten import miswritten
from vaultlint.excuses.periods import is_period_to_come
from vaultlint.names import is_plain, path_key
from vaultlint.note import Link, Note
from vaultlint.rules.base import Family, Rule, Shared
from vaultlint.text import quoted
from vaultlint.vault_view import Question, VaultView


class Planned(StrEnum):
    """Whether notes may be planned by linking to them; `auto`: if that is the vault's habit."""

    AUTO = "auto"
    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"


class UnwrittenNote(Rule, frozen=True):
    """A link to a note that does not exist yet.

    ## What it does
    Many people plan notes by linking to them. In a vault where that is a habit, this rule shows the names that
    no note has yet, each once, with the number of notes that link to it. It is about wikilinks that give only a
    name (no folder, extension, heading or block, and no embed), if no file has a similar name, and if no file
    in the history of git had the name. Every other link that leads nowhere is a `broken-link`.

    It is a habit if there are at least 20 such names, and if at least 2 % of all links that give only a name lead
    to one (a name counts once in a note). The name of a daily, weekly or other note of a period, as Obsidian's
    settings or those of the plug-ins Periodic Notes and Calendar write it, or in a common form such as `2025-03-01`,
    is planned in any case if there is a note of the period before or after, if the note with the link is of a day
    nearby, or if the period is later than all that have a note.

    ## Why it matters
    The names that most notes link to are the notes to write next. Some may be typing errors.

    ## Example
    `Physics.md`:
    ```md
    The laws were found by [[Newton]].  <-- unwritten-note
    ```

    ## How to fix it
    Write the note, or correct the name. `planned` sets what is allowed in your vault, whatever its habit: with
    `"forbidden"`, each such link is a `broken-link`, an error.
    ```toml
    [rules.unwritten-note]
    planned = "allowed"
    ```
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.INFO
    needs_unclear_links: ClassVar = True
    shared: ClassVar = Shared(
        "{} notes link to it",
        'Links to notes that do not exist yet are shown as info; `planned = "forbidden"` under'
        " [rules.unwritten-note] in vaultlint.toml makes them errors.",
    )

    planned: Annotated[
        Planned,
        Meta(
            description="Whether notes may be planned by linking to them: `allowed`, `forbidden`, or `auto`, which"
            " allows it if it is a habit of the vault."
        ),
    ] = Planned.AUTO

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report each name once, at its first place in the note."""
        places: dict[str, list[Link]] = {}
        for link in planned_links(note, vault):
            places.setdefault(path_key(link.target), []).append(link)
        for first, *others in places.values():
            related = tuple(Related(note.path, link.target_span, "links to it, too") for link in others)
            message = f"no note named {quoted(first.target)} yet"
            yield self.diagnostic(note, first.target_span, message, related=related)


class LinksAhead(Question, frozen=True):
    """Whether the vault regularly links to notes that are not written yet."""

    def answer(self, vault: VaultView) -> bool:
        """True or false."""
        return vault.links_ahead()


def unresolved(note: Note, vault: VaultView) -> Sequence[Link]:
    """The links of a note that resolve to no file and that rules may report."""

    def found() -> list[Link]:
        return [link for link, paths in vault.resolved(note) if not paths and link.target and link.is_spoken_of]

    return vault.once("unresolved", found)


def planned_links(note: Note, vault: VaultView) -> Sequence[Link]:
    """The unresolved links of a note whose targets are planned notes, if the configuration allows planning."""
    return vault.once("planned", lambda: [link for link in unresolved(note, vault) if _is_planned(link, note, vault)])


def _is_planned(link: Link, note: Note, vault: VaultView) -> bool:
    planned = vault.options(UnwrittenNote).planned
    if planned is Planned.FORBIDDEN or not is_plain(link):
        return False
    if vault.meant(link.target, note)[0] is not None or vault.is_past_name(path_key(link.target)):
        return False
    if miswritten(link, note, vault) is not None:
        return False
    return planned is Planned.ALLOWED or bool(vault.ask(LinksAhead())) or is_period_to_come(link, note, vault)
