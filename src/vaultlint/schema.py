"""What the configuration requires of the properties of notes: its `[[properties]]` tables."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from vaultlint.globs import PathPatterns
from vaultlint.note import Note, texts
from vaultlint.text import quoted


class PropertyKind(StrEnum):
    """Obsidian's own types of properties."""

    TEXT = "text"
    MULTITEXT = "multitext"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    DATE = "date"
    DATETIME = "datetime"
    ALIASES = "aliases"
    TAGS = "tags"


Default = str | bool | int | float | tuple[str, ...]
"""The types of default values."""


class PropertyType(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What the values of a property must be; of a list, each of its items."""

    type: Annotated[PropertyKind | None, Meta(description="One of Obsidian's types of properties.")] = None
    pattern: Annotated[str | None, Meta(description="A regular expression that the whole value must match.")] = None
    enum: Annotated[tuple[str, ...], Meta(description="The values that are allowed.")] = ()
    max_length: Annotated[Annotated[int, Meta(ge=1)] | None, Meta(description="The most characters of a value.")] = (
        None
    )
    is_folder: Annotated[bool, Meta(description="Whether it must be the name of the folder that the note is in.")] = (
        False
    )


class PropertiesBlock(Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[properties]]` table. It is about the notes that all of `paths`, `tags` and `where` fit, if given."""

    paths: Annotated[
        tuple[str, ...],
        Meta(description="The notes that this block is for, as patterns like those in .gitignore; by default all."),
    ] = ()
    tags: Annotated[
        tuple[str, ...], Meta(description="Notes with one of these tags, or a tag nested in one of them.")
    ] = ()
    where: Annotated[dict[str, str], Meta(description="Notes whose properties have these values.")] = {}
    required: Annotated[tuple[str, ...], Meta(description="Properties that each of them must have.")] = ()
    defaults: Annotated[
        dict[str, Default], Meta(description="What `--fix` gives to required properties that are missing.")
    ] = {}
    types: Annotated[
        dict[str, PropertyKind | PropertyType],
        Meta(
            description="Type of a property, or a table of `type`, `pattern`, `enum`, `max-length` and `is-folder`."
        ),
    ] = {}
    standard: Annotated[
        str,
        Meta(
            description="What to call a format that demands this: what does not conform to it is an error, and a"
            " required property must have a value."
        ),
    ] = ""


class SchemaError(ValueError):
    """Blocks that contradict each other; the message begins with the index of the block."""


class Schema:
    """The `[[properties]]` blocks of a configuration, combined, to be looked up by note.

    Args:
        blocks: the `[[properties]]` tables.
        base: the path from the configuration's folder to the vault; empty, or ends with `/`.
        vault_types: types by name from Obsidian's own settings; blocks take precedence.

    Raises:
        SchemaError: two blocks give one property two types (Obsidian has one type per name in a vault), a pattern is
            not a valid regular expression, or a default is for a property that is not required.
    """

    def __init__(
        self,
        blocks: Iterable[PropertiesBlock] = (),
        base: str = "",
        vault_types: Mapping[str, PropertyKind] | None = None,
    ) -> None:
        self._blocks = [(PathPatterns(block.paths, base), block) for block in blocks]
        self._vault_types = {name.lower(): kind for name, kind in (vault_types or {}).items()}
        self._given_up: set[str] = set()
        kinds: dict[str, PropertyKind] = {}
        for i, (_, block) in enumerate(self._blocks):
            for name in block.defaults:
                if name not in block.required:
                    raise SchemaError(f"[{i}].defaults.{name}: the property is not among those required")
            for name, given in block.types.items():
                wanted = _as_type(given)
                kind = wanted.type
                if kind is not None and kinds.setdefault(name.lower(), kind) is not kind:
                    other = kinds[name.lower()].value
                    raise SchemaError(
                        f"[{i}].types.{name}: {quoted(kind.value)} contradicts {quoted(other)} in another block"
                    )
                problem = pattern_problem(wanted.pattern) if wanted.pattern is not None else None
                if problem:
                    raise SchemaError(f"[{i}].types.{name}.pattern: {problem}")

    def required(self, note: Note) -> tuple[str, ...]:
        """Names of the properties that a note must have, in the order of the blocks."""
        return tuple(dict.fromkeys(name for block in self._about(note) for name in block.required))

    def defaults(self, note: Note) -> dict[str, Default]:
        """Default values for a note's required properties, each from the first block that has one."""
        blocks = [*self._about(note)]
        return {name: value for block in reversed(blocks) for name, value in block.defaults.items()}

    def standard_requiring(self, note: Note, name: str) -> str:
        """The name of the format that requires a property of a note; empty if none does."""
        return next((one.standard for one in self._about(note) if one.standard and name in one.required), "")

    def standard_of(self, note: Note) -> str:
        """The name of the format, if all blocks for a note are from the same one; else empty."""
        found = {block.standard for block in self._about(note)}
        return found.pop() if len(found) == 1 else ""

    def kind(self, note: Note, name: str) -> tuple[PropertyKind, str] | None:
        """The type of a property of a note, and the name of what sets it."""
        for wanted, standard in self.demands(note, name):
            if wanted.type is not None:
                return wanted.type, standard or "the configuration"
        kind = self._vault_types.get(name.lower())
        return (kind, "the vault") if kind else None

    def demands(self, note: Note, name: str) -> list[tuple[PropertyType, str]]:
        """The type demands on a property of a note, each with the name of its format (may be empty)."""
        return [
            (_as_type(given), block.standard)
            for block in self._about(note)
            for key, given in block.types.items()
            if key.lower() == name.lower()
        ]

    def names(self, note: Note) -> list[str]:
        """The properties that blocks mention for a note; empty if no block is about it."""
        return list(dict.fromkeys(name for block in self._about(note) for name in (*block.required, *block.types)))

    @property
    def vault_names(self) -> list[str]:
        """Names with a type in Obsidian's own settings, in lower case."""
        return [*self._vault_types]

    def fits(self, pattern: str, text: str) -> bool | None:
        """Whether the whole value matches a pattern; None if matching takes too long.

        After that the pattern always matches, so that thousands of notes don't each wait for the timeout.
        """
        import regex  # has a timeout, so that no pattern can hang

        if pattern in self._given_up:
            return True
        try:
            return regex.fullmatch(pattern, text, timeout=0.1) is not None
        except TimeoutError:
            self._given_up.add(pattern)
            return None

    def _about(self, note: Note) -> Iterable[PropertiesBlock]:
        return (block for paths, block in self._blocks if _fits(paths, block, note))


def _as_type(given: PropertyKind | PropertyType) -> PropertyType:
    return given if isinstance(given, PropertyType) else PropertyType(given)


def _fits(paths: PathPatterns, block: PropertiesBlock, note: Note) -> bool:
    if block.paths and not paths.match(note.path):
        return False
    if block.tags and not any(_is_under(tag, wanted) for tag in note_tags(note) for wanted in block.tags):
        return False
    return all(_has_value(note, name, value) for name, value in block.where.items())


def _is_under(tag: str, wanted: str) -> bool:
    return f"{tag.lower()}/".startswith(f"{wanted.lower().strip('#/')}/")


def note_tags(note: Note) -> list[str]:
    """Tags of a note, those in its front matter first, without `#`."""
    item = note.property("tags")
    listed = [text.lstrip("#") for text in texts(item.value)] if item else []
    return [*listed, *(tag.name for tag in note.tags)]


def _has_value(note: Note, name: str, value: str) -> bool:
    item = note.property(name)
    return item is not None and value in texts(item.value)


def pattern_problem(pattern: str, group: str | None = None) -> str | None:
    """Why a pattern is not valid, takes too much time or memory, or lacks a required group; None if it is usable."""
    import regex

    if _CALL.search(pattern):
        return "it calls a group, which may have no end"
    if len(pattern) << len(_REPEATED_GROUP.findall(pattern)) > LARGEST_PATTERN:
        return "it is too large, or repeats too many groups"
    try:
        compiled = regex.compile(pattern)
    except RecursionError:
        return "it is nested too deeply"
    except (regex.error, ValueError) as error:  # ValueError for contradictory flags
        return f"not a valid regular expression: {error}"
    return f"it has no group (?P<{group}>…)" if group and group not in compiled.groupindex else None


LARGEST_PATTERN = 1 << 16
"""Largest pattern, in characters; each repeated group counts double, because groups may be nested."""

_REPEATED_GROUP = re.compile(r"(?<=[)\s])[+{]")
_CALL = re.compile(r"\(\?(?:R\)|[+-]?[0-9]+\)|&|P>)")
