"""Path patterns as in .gitignore, wherever a configuration names notes."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class PathPatterns:
    """Patterns that are relative to a folder above (or at) the vault.

    `base` is the way from that folder down to the vault: empty, or it ends with `/`.

    Raises:
        ValueError: one of them is no pattern.
    """

    def __init__(self, patterns: Iterable[str], base: str = "") -> None:
        self.patterns = tuple(patterns)
        for pattern in self.patterns:
            if not is_pattern(pattern):
                raise ValueError(f"{pattern!r} is no pattern as in .gitignore")
        self._spec = _spec(self.patterns) if self.patterns else None
        self._base = base

    def __bool__(self) -> bool:
        return self._spec is not None

    def match(self, path: str) -> bool:
        """Whether a path relative to the vault is meant."""
        return self._spec is not None and self._spec.match_file(self._base + path)


def is_pattern(text: str) -> bool:
    """Whether a text can be understood as a pattern; git passes over what can't."""
    try:
        _spec([text])
    except (ValueError, re.error):
        return False
    return True


def _spec(lines: Iterable[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec  # only where there are patterns

    return GitIgnoreSpec.from_lines(lines)
