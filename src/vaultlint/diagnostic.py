"""What a rule reports: diagnostics with their edits and fixes."""

from enum import StrEnum

from msgspec import Struct

from vaultlint.text import Span


class Severity(StrEnum):
    """How bad a diagnostic is; `off` stands only in configurations."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"

    @property
    def rank(self) -> int:
        """The rank of a severity: 0 for `off` up to 3 for `error`."""
        return ("off", "info", "warning", "error").index(self.value)


class Edit(Struct, frozen=True, array_like=True):
    """The replacement of one span in one note."""

    path: str
    span: Span
    replacement: str


class Fix(Struct, frozen=True, array_like=True):
    """A proposed fix with a title. A safe one never changes what readers see or what the author meant."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool


class Related(Struct, frozen=True, array_like=True):
    """Another place that a diagnostic refers to."""

    path: str
    span: Span
    message: str


class Diagnostic(Struct, frozen=True, array_like=True):
    """A problem at a place.

    `path` is relative to the vault, with `/`; `span` is in code points of that note's text.
    """

    rule: str
    severity: Severity
    path: str
    span: Span
    message: str
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
