"""The rule `invalid-front-matter`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule


class InvalidFrontMatter(Rule, frozen=True):
    """Front matter that Obsidian can't read.

    ## What it does
    Reports a block that is not closed, is not valid YAML, has the same name twice, or is not a list
    of properties.

    ## Why it matters
    Obsidian ignores the whole block: the note has no properties, tags or aliases, and readers see the raw
    text.

    ## Example
    `Physics.md`:
    ```md
    ---
    title: Physics
    title: The study of matter  <-- invalid-front-matter
    ---
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.ERROR

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report the problems that were found when reading the front matter."""
        if note.front_matter is not None and note.front_matter.doubtful:
            return
        for problem in note.front_matter_problems:
            yield self.diagnostic(note, problem.span, problem.message)
