"""The rule `missing-front-matter`."""

import re
from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.reading.front_matter import Opening, opening
from vaultlint.rules.base import Family, Rule, first_line, listed
from vaultlint.rules.missing_property import given
from vaultlint.vault_view import VaultView

MAJORITY_NOTES, MAJORITY = 4, 0.8
HABIT_NOTES, HABIT = 20, 0.9
"""The fewest notes in a folder, and the share of them with front matter, that make a missing one a warning."""

_ODDITIES: dict[Opening | None, str] = {
    Opening.UNOPENED: "; the line `---` before its properties seems to be missing",
    Opening.TOML: "; it begins with TOML, which Obsidian does not read",
    Opening.JSON: "; it begins with JSON, which Obsidian reads only between two lines `---`",
}
_TEMPLATES = re.compile(r"\btemplates?\b", re.IGNORECASE)


class MissingFrontMatter(Rule, frozen=True):
    """A note without front matter among notes that have it.

    ## What it does
    Reports a note without front matter if the configuration requires properties of it, or if its folder has at
    least four notes and 80 % of the others have front matter. It is a warning if properties are required, and
    in a folder of at least 20 notes of which 90 % have front matter; else it is info. It is an error if the
    properties are required by a note format (key `standard`, which a [profile](../profiles.md) sets). Front matter
    that does not begin on the first line is always reported. Empty notes are skipped; so are `README.md` and
    folders of templates, unless properties are required of them. (If a note format requires them, nothing is
    skipped.)

    The fix adds front matter with the required properties whose values are known (see `missing-property`).
    There is no fix if the note already has something like front matter: TOML, JSON, a block without its first
    `---`, or one that ends with `...`.

    ## Why it matters
    Searches, Bases and publishing tools find notes by their properties, so they miss this note.

    ## Example
    ```toml
    [[properties]]
    required = ["title"]
    ```
    `Chemistry.md`:
    ```md
    The study of substances.  <-- missing-front-matter
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.INFO

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report the note if front matter is required or usual in its folder."""
        if note.front_matter or note.front_matter_problems or note.unreadable:
            return
        required = vault.schema.required(note)
        standard = next(filter(None, (vault.schema.standard_requiring(note, name) for name in required)), "")
        if not note.text.strip() and not standard:
            return
        with_it, others = vault.front_matter_habit(note)
        is_habit = others + 1 >= HABIT_NOTES and with_it >= HABIT * (others + 1)
        severity = Severity.WARNING if required or is_habit else None
        severity = Severity.ERROR if standard else severity
        begins = opening(note.text)
        if begins is Opening.ODDLY_CLOSED:
            return  # it is not known whether Obsidian accepts it
        if begins is Opening.LATE:
            reason = "front matter must begin on the first line, but an empty line comes before it"
        elif required:
            reason = f"{standard or 'the configuration'} requires {listed(required)}"
        elif others + 1 >= MAJORITY_NOTES and with_it >= MAJORITY * others and not _is_special(note.path):
            reason = f"{with_it} of {others} other notes in this folder have it"
        else:
            return
        reason += _ODDITIES.get(begins, "")
        if note.text.startswith(("\ufeff", "---", "...")):
            severity = None  # it is not known whether Obsidian accepts such an opening
        fix = given(note, vault, required) if required and begins is None else None
        message = f"the note has no front matter; {reason}"
        yield self.diagnostic(note, first_line(note), message, fix=fix, severity=severity)


def _is_special(path: str) -> bool:
    """Whether the note at a path is a README or a template."""
    folder, _, name = path.rpartition("/")
    return name.lower() == "readme.md" or _TEMPLATES.search(folder) is not None
