"""Rules such as a plug-in may have: each uses the vault in a way that our own rules do not."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

from vaultlint.diagnostic import Diagnostic, Related, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault_view import Question, VaultView


class SameOpening(Rule, frozen=True):
    """A first heading that another note has, too."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    def check(self, note: Note, vault: Any) -> Iterator[Diagnostic]:
        """Report the heading, with the other notes."""
        if not note.headings:
            return
        first = note.headings[0]
        others = [
            Related(path, other.headings[0].span, "has it, too")
            for path, other in sorted(vault.notes.items())
            if path != note.path and other.headings and other.headings[0].text == first.text
        ]
        if others:
            message = f"{len(others)} other notes begin with {first.text!r}"
            yield self.diagnostic(note, first.span, message, related=tuple(others))


class PopularTag(Rule, frozen=True):
    """A tag, and how often the vault has it."""

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.INFO

    def check(self, note: Note, vault: Any) -> Iterator[Diagnostic]:
        """Report each tag in the body."""
        counts = Counter(tag.name for other in vault.notes.values() for tag in other.tags) if note.tags else Counter()
        for tag in note.tags:
            yield self.diagnostic(note, tag.span, f"{counts[tag.name]} tags #{tag.name} in the vault")


class MuchLinked(Rule, frozen=True):
    """A note to which others link."""

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.INFO

    def check(self, note: Note, vault: Any) -> Iterator[Diagnostic]:
        """Report how many links lead here."""
        count = sum(note.path in vault.resolve(link, other) for other in vault.notes.values() for link in other.links)
        if count > 1:
            yield self.diagnostic(note, Span(0, 0), f"{count} links and {len(vault.attachments)} attachments")


class LongestNote(Rule, frozen=True):
    """The note with the longest text."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check_vault(self, vault: Any) -> Iterator[Diagnostic]:
        """Report one note."""
        if vault.notes:
            longest = max(sorted(vault.notes.values(), key=lambda note: note.path), key=lambda note: len(note.text))
            yield self.diagnostic(longest, Span(0, 0), f"{len(longest.text)} characters")


class BusyWord(Rule, frozen=True):
    """A word that a note has several times."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report the first place of the word."""
        count = note.text.count("Newton")
        if count > 1:
            start = note.text.index("Newton")
            yield self.diagnostic(note, Span(start, start + 6), f"{count} times")


class Slips(Question, frozen=True):
    """How many links in the vault lead nowhere and resemble a name; this asks another question for each of them."""

    def answer(self, vault: VaultView) -> int:
        """The number of links."""
        linking = map(vault.links, sorted(vault.paths()))
        broken = [(link, note) for note, links in linking for link in links if not vault.resolve(link, note)]
        return sum(vault.meant(link.target, note)[0] is not None for link, note in broken)


class CommonSlip(Rule, frozen=True):
    """A link, and how many links in the vault are misspelt."""

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.INFO

    def check(self, note: Note, vault: Any) -> Iterator[Diagnostic]:
        """Report it at the first link."""
        for link in note.links[:1]:
            yield self.diagnostic(note, link.span, f"{vault.ask(Slips())} misspelt links in the vault")
