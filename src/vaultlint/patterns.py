"""Path patterns as in .gitignore, wherever a configuration names notes."""

from collections.abc import Iterable

from pathspec import GitIgnoreSpec


class PathPatterns:
    """Patterns that are relative to a folder above (or at) the vault.

    `base` is the way from that folder down to the vault: empty, or it ends with `/`.
    """

    def __init__(self, patterns: Iterable[str], base: str = "") -> None:
        self.patterns = tuple(patterns)
        self._spec = GitIgnoreSpec.from_lines(self.patterns)
        self._base = base

    def match(self, path: str) -> bool:
        """Whether a path relative to the vault is meant."""
        return bool(self.patterns) and self._spec.match_file(self._base + path)
