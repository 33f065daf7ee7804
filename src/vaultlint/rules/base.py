"""The base class of all rules, and what they share."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from msgspec import Struct, msgpack

from vaultlint.diagnostic import Diagnostic, Fix, Related, Severity
from vaultlint.digests import blake2b
from vaultlint.note import Note
from vaultlint.text import Span, quoted
from vaultlint.vault_change import VaultChange
from vaultlint.vault_view import VaultView

RUNGS = ("check_note", "check", "check_vault", "check_change")

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Family(StrEnum):
    """What a rule is about; a family can be selected like a rule."""

    LINKS = "links"
    FRONT_MATTER = "front-matter"
    TIMESTAMPS = "timestamps"
    CLAIMS = "claims"
    GENERAL = "general"


class Mark(StrEnum):
    """How an editor shows a finding in addition to underlining it: faded, or struck through."""

    UNNECESSARY = "unnecessary"
    DEPRECATED = "deprecated"


class Shared(Struct, frozen=True):
    """How a report joins findings with equal messages that are one problem of the vault.

    It shows the first one with `clause` after the message, with the number of notes for `{}`, and lists the others as
    related places. `at_end` is printed once, at the end.
    """

    clause: str
    at_end: str


class Rule(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", dict=True):
    """One check. An instance is the rule with its options; its fields are the options.

    A rule defines exactly one of `check_note`, `check`, `check_vault` and `check_change`, the first that is enough:
    what sees one note alone is cached with the note. The docstring is the manual page.

    `facts` are those that `check` asks for and that take long to find, so that they are found where the note is read.
    A rule that `needs_transcripts` runs only if the configuration says where these are, and its facts are found only
    for notes with one. One that `needs_unclear_links` runs only on notes with a link that leads to no file or to
    several, or that gives a path.
    """

    family: ClassVar[Family]
    default_severity: ClassVar[Severity]
    shared: ClassVar[Shared | None] = None
    mark: ClassVar[Mark | None] = None
    quotes_after: ClassVar[str] = ""
    """The text in a message before a quote from the note, for reports that omit the quote; empty if there is none."""
    facts: ClassVar[tuple[str, ...]] = ()
    needs_transcripts: ClassVar[bool] = False
    needs_unclear_links: ClassVar[bool] = False
    name: ClassVar[str]
    rung: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        defined = [rung for rung in RUNGS if rung in cls.__dict__]
        if len(defined) != 1:
            raise TypeError(f"{cls.__name__} must define exactly one of {', '.join(RUNGS)}")
        cls.rung = defined[0]
        if "needs_unclear_links" not in cls.__dict__:
            cls.needs_unclear_links = False  # not inherited, because the method is the rule's own
        cls.name = _HUMP.sub("-", cls.__name__).lower()

    @cached_property
    def cache_key(self) -> str:
        """The key of the rule's cached findings in a note: the rule's name, and a digest of its options."""
        options = msgpack.encode(self, order="deterministic")
        return f"{self.name} {blake2b(options, digest_size=8).hexdigest()}"

    def check_note(self, note: Note) -> Iterable[Diagnostic]:
        """Problems that can be found in the note alone."""
        raise NotImplementedError

    def confirmed(self, note: Note, vault: VaultView, found: Sequence[Diagnostic]) -> Iterable[Diagnostic]:
        """The findings of `check_note` that remain valid in the note's vault; by default all.

        `check_note` runs when the note is read, and its findings are cached with the note. A rule that takes long to
        examine a text, and then asks the vault, is split into these two methods.
        """
        return found

    def folded(self, note: Note, vault: VaultView, found: Sequence[Diagnostic]) -> Iterable[Diagnostic]:
        """The findings to report, from those in a note that no directive suppresses; by default all.

        A rule that reports many places as one finding joins them here, so that a directive at one place does not
        suppress the others.
        """
        return found

    def check(self, note: Note, vault: VaultView) -> Iterable[Diagnostic]:
        """Problems of the note that depend on its vault."""
        raise NotImplementedError

    def check_vault(self, vault: VaultView) -> Iterable[Diagnostic]:
        """Problems of the vault as a whole."""
        raise NotImplementedError

    def check_change(self, change: VaultChange) -> Iterable[Diagnostic]:
        """Problems found by comparing notes with their older texts; runs if two states of a vault are compared."""
        raise NotImplementedError

    def diagnostic(
        self,
        note: Note,
        span: Span,
        message: str,
        *,
        fix: Fix | None = None,
        related: tuple[Related, ...] = (),
        severity: Severity | None = None,
    ) -> Diagnostic:
        """A diagnostic of this rule; pass `severity` only if it differs from the rule's for this finding."""
        return Diagnostic(self.name, severity or self.default_severity, note.path, span, message, fix, related)


def listed(names: Iterable[str]) -> str:
    """`'a', 'b' and 'c'`, for a message."""
    *first, last = [quoted(name) for name in names]
    return f"{', '.join(first)} and {last}" if first else last


def first_line(note: Note) -> Span:
    """The span at which a finding about the whole note is shown: its first character."""
    return Span(0, 0) if not note.text else Span(0, min(1, len(note.text)))
