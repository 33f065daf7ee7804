"""Path patterns as in .gitignore, wherever a configuration names notes."""

import re
from collections.abc import Iterable

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
        self._spec = GitIgnoreSpec.from_lines(self.patterns)
        self._base = base

    def match(self, path: str) -> bool:
        """Whether a path relative to the vault is meant."""
        return bool(self.patterns) and self._spec.match_file(self._base + path)


def is_pattern(text: str) -> bool:
    """Whether a text can be understood as a pattern; git passes over what can't."""
    try:
        GitIgnoreSpec.from_lines([text])
    except (ValueError, re.error):
        return False
    return True
