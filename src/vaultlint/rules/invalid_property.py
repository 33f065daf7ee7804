"""The rule `invalid-property`."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from posixpath import dirname
from typing import ClassVar, NamedTuple

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import ListValue, MapValue, Note, Property, Scalar, ScalarKind, Value, holds_placeholder
from vaultlint.reading.yaml import kind_of
from vaultlint.rules.base import Family, Rule, listed
from vaultlint.schema import PropertyKind, PropertyType, Schema
from vaultlint.suggestions import did_you_mean
from vaultlint.text import Span, quoted
from vaultlint.vault_view import VaultView

_SPECIAL = {"tags": PropertyKind.TAGS, "aliases": PropertyKind.ALIASES}
_SAY_NOTHING = frozenset({ScalarKind.EMPTY, ScalarKind.ALIAS, ScalarKind.PLACEHOLDER})
_WANTED = {
    PropertyKind.TEXT: "one line of text",
    PropertyKind.MULTITEXT: "a list",
    PropertyKind.NUMBER: "a number",
    PropertyKind.CHECKBOX: "`true` or `false`",
    PropertyKind.DATE: "a date (YYYY-MM-DD)",
    PropertyKind.DATETIME: "a date and time (YYYY-MM-DDTHH:MM:SS)",
    PropertyKind.ALIASES: "a list of names",
    PropertyKind.TAGS: "a list of tags",
}
# A time after a date, or no time in a date and time, is not reported: how the app treats the looser forms is not
# known. Only the day, and a time in the full form, are checked.
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt Z+-].*)?")
_TIME = re.compile(r".{10}[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?")
_SHORT_YEAR = re.compile(r"\d{2}-\d{1,2}-\d{1,2}(?!\d)")


class InvalidProperty(Rule, frozen=True):
    """A value that does not have the type of its property.

    ## What it does
    Checks values against the type that the configuration gives the property, else the one in Obsidian's
    settings (`.obsidian/types.json`); `tags` and `aliases` have their own types. A declaration may
    also list the values that are allowed (`enum`), give a `pattern` for the whole value or the most characters that
    it may have (`max-length`), or say that it is the name of the note's folder (`is-folder`). Empty values suit every
    type, and a property without a type can hold anything. If the block has the key `standard`, which names a note
    format (a [profile](../profiles.md) sets it), a wrong value is an error.

    ## Why it matters
    Obsidian marks the value as invalid, and searches, Bases and publishing tools skip the note.

    ## Configuration
    ```toml
    [[properties]]
    [properties.types]
    created = "date"
    status = { type = "text", enum = ["draft", "done"] }
    videoId = { pattern = "[A-Za-z0-9_-]{11}" }
    ```

    ## Example
    With the configuration above, `Physics.md`:
    ```md
    ---
    created: 2024-02-30  <-- invalid-property
    status: drafd  <-- invalid-property
    tags: science, history  <-- invalid-property
    ---
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.WARNING

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report each value once: for its type, or else for another demand that it does not meet."""
        for item in note.properties:
            if isinstance(item.value, Scalar) and _says_nothing(item.value):
                continue
            is_open = holds_placeholder(item.value)
            demands = vault.schema.demands(note, item.name)
            kind, origin = vault.schema.kind(note, item.name) or (_SPECIAL.get(item.name.lower()), "Obsidian")
            fault = None if is_open else kind and _fault(item, kind)
            if kind and fault:
                message = f"{quoted(item.name)} must be {_WANTED[kind]}, according to {origin}; {fault}"
                yield self.diagnostic(note, _blamed(item), message, severity=_severity(origin, demands))
                continue
            for value in _items(item.value):
                if not isinstance(value, Scalar) or _says_nothing(value):
                    continue
                misfits = (
                    (misfit, standard)
                    for demand, standard in demands
                    if (misfit := _misfit(_Value(item.name, value.text, note.path), demand, standard, vault.schema))
                )
                for misfit, standard in islice(misfits, 1):
                    yield self.diagnostic(note, value.span, misfit, severity=_severity(standard, demands))


def _says_nothing(value: Scalar) -> bool:
    """Whether a value is empty (the app leaves `""` when a text is deleted), an alias or a placeholder."""
    return value.kind in _SAY_NOTHING or not value.text.strip()


class _Value(NamedTuple):
    """A value of a property, and the path of its note."""

    name: str
    text: str
    path: str


def _severity(origin: str, demands: Iterable[tuple[PropertyType, str]]) -> Severity | None:
    """Error if the demand comes from a standard that the note must conform to; else the rule's severity (None)."""
    return Severity.ERROR if origin and any(origin == standard for _, standard in demands) else None


def _misfit(value: _Value, demand: PropertyType, standard: str, schema: Schema) -> str | None:
    """The message for a value that is not allowed, too long, or does not match the pattern; None if it is valid."""
    by = f"by {standard}, " if standard else ""
    must, text = f"{by}{quoted(value.name)} must", value.text
    if demand.enum and text not in demand.enum:
        return f"{must} be one of {listed(demand.enum)}, not {quoted(text)}{did_you_mean(text, demand.enum)}"
    if demand.max_length is not None and len(text) > demand.max_length:
        return f"{must} have no more than {demand.max_length:,} characters, and has {len(text):,}"
    folder = dirname(value.path).rpartition("/")[2]
    if demand.is_folder and folder and text != folder:
        return f"{must} be the name of the note's folder, {quoted(folder)}, not {quoted(text)}"
    if demand.pattern is None:
        return None
    fits = schema.fits(demand.pattern, text)
    if fits is None:
        return f"the pattern {quoted(demand.pattern)} for {quoted(value.name)} takes too long on this value"
    return None if fits else f"{must} match {quoted(demand.pattern)}, and {quoted(text)} does not"


def _items(value: Value) -> tuple[Value, ...]:
    return value.items if isinstance(value, ListValue) else (value,)


def _blamed(item: Property) -> Span:
    """The span to report: the value, but the name for lists and maps, which may be many lines long."""
    return item.value.span if isinstance(item.value, Scalar) else item.name_span


def _fault(item: Property, kind: PropertyKind) -> str | None:
    """Why a value does not have a type; None if it has, or if that is not known."""
    value = item.value
    if isinstance(value, MapValue):
        return "it contains other properties"
    if isinstance(value, ListValue):
        takes_lists = kind in (PropertyKind.MULTITEXT, PropertyKind.TAGS, PropertyKind.ALIASES)
        return None if takes_lists or not value.items else "this is a list"
    if kind in (PropertyKind.TAGS, PropertyKind.ALIASES) and value.kind in (ScalarKind.NUMBER, ScalarKind.CHECKBOX):
        return f"{quoted(value.text)} is not text"
    if kind is PropertyKind.TAGS and "," in value.text:
        return "text with commas is not a tag"
    if kind is PropertyKind.NUMBER and value.kind is not ScalarKind.NUMBER:
        return _of_quoted(value, ScalarKind.NUMBER) or f"got {quoted(value.text)}"
    if kind is PropertyKind.CHECKBOX and value.kind is not ScalarKind.CHECKBOX:
        return _of_quoted(value, ScalarKind.CHECKBOX) or f"got {quoted(value.text)}"
    if kind in (PropertyKind.DATE, PropertyKind.DATETIME):
        return _date_fault(value.text.strip())
    return None


def _of_quoted(value: Scalar, wanted: ScalarKind) -> str | None:
    """The message for a text that would have the wanted type without its quotes."""
    if value.kind is not ScalarKind.TEXT or kind_of(value.text.strip()) is not wanted:
        return None
    return f"{quoted(value.text)} is text because it is in quotes"


def _date_fault(text: str) -> str | None:
    match = _DATE.fullmatch(text)
    if match is None:
        if _SHORT_YEAR.match(text):
            return f"{quoted(text)} has a year of two digits"
        return f"{quoted(text)} is not of that form"
    year, month, day = map(int, match.groups())
    if month > 12 >= day > 0:
        return f"day and month seem to be swapped in {quoted(text)}"
    try:
        date(year, month, day)
    except ValueError:
        return f"{quoted(match[0][:10])} is not a day in the calendar"
    time = _TIME.fullmatch(text)
    if time and (int(time[1]) > 24 or int(time[2]) > 59 or int(time[3] or 0) > 59):
        return f"{quoted(text[11:])} is not a time of day"
    return None
