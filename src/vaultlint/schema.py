"""What a vault's owner demands of the properties of notes: the `[[properties]]` of the configuration."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from vaultlint.patterns import PathPatterns


class PropertiesBlock(Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[properties]]` table."""

    paths: Annotated[
        tuple[str, ...], Meta(description="Notes that this is about, as in .gitignore; without it all notes.")
    ] = ()
    required: Annotated[tuple[str, ...], Meta(description="Properties that each of them must have.")] = ()


class Schema:
    """The blocks of a configuration, ready to be asked about a note. Several blocks add up."""

    def __init__(self, blocks: Iterable[PropertiesBlock] = (), base: str = "") -> None:
        self._blocks = [(PathPatterns(block.paths, base), block) for block in blocks]

    def required(self, path: str) -> tuple[str, ...]:
        """Names of the properties that the note at `path` must have, in the order they are demanded."""
        names = (
            name
            for patterns, block in self._blocks
            if not block.paths or patterns.match(path)
            for name in block.required
        )
        return tuple(dict.fromkeys(names))
