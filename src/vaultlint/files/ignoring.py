"""Paths that git or Obsidian ignore."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vaultlint.digests import blake2b
from vaultlint.files.discovery import content_of, relative
from vaultlint.files.obsidian import obsidian_setting
from vaultlint.globs import is_pattern, spec
from vaultlint.schema import pattern_problem

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class GitIgnore:
    """The .gitignore patterns of a repository (git is not run, because its configuration can run code)."""

    def __init__(self, repository: Path, vault: Path, gitignores: tuple[str, ...]) -> None:
        self._base = relative(vault, repository)
        self._specs: dict[str, GitIgnoreSpec] = {}
        self._patterns: list[tuple[str, list[str]]] = []
        between = [folder / ".gitignore" for folder in (vault, *vault.parents) if folder.is_relative_to(repository)]
        for file in dict.fromkeys([repository / ".git" / "info" / "exclude", *between, *map(Path, gitignores)]):
            lines = _lines(file)
            if lines:
                folder = repository if file.name == "exclude" else file.parent
                base = relative(folder, repository)
                own = spec(lines)
                self._specs[base] = self._specs[base] + own if base in self._specs else own
                self._patterns.append((base, lines))
        self._folders: dict[str, bool] = {"": False}

    def __bool__(self) -> bool:
        return bool(self._specs)

    @property
    def digest(self) -> bytes:
        """A digest of the patterns and the vault's folder in the repository; empty without patterns."""
        found = (self._base, self._patterns)
        return blake2b(ascii(found).encode(), digest_size=8).digest() if self._specs else b""

    def match(self, path: str) -> bool:
        """Whether git would ignore the file at a path relative to the vault."""
        return bool(self._specs) and self._ignored(self._base + path)

    def _ignored(self, path: str) -> bool:
        folder, unknown = path.rpartition("/")[0], []
        while folder not in self._folders:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        ignored = self._folders[folder]
        for folder in reversed(unknown):
            ignored = self._folders[folder] = ignored or self._ignored_here(folder + "/")
        return ignored or self._ignored_here(path)

    def _ignored_here(self, path: str) -> bool:
        """Whether a path (of a folder with `/` at the end) is ignored by the deepest .gitignore that matches it."""
        for base in _bases(path.rstrip("/")):
            own = self._specs.get(base)
            if own is not None and (include := _last_word(own, path[len(base) :])) is not None:
                return include
        return False


def _last_word(own: "GitIgnoreSpec", path: str) -> bool | None:
    """Whether the patterns ignore a path; None if none matches it. The path of a folder ends with `/`."""
    if not path.endswith("/"):
        return own.check_file(path).include
    # The last matching pattern decides. `check_file` gives less weight to one that matches only folders.
    for pattern in reversed([*own.patterns]):
        is_below = str(getattr(pattern, "pattern", "")).endswith("/**")  # matches what is in a folder
        if pattern.include is not None and pattern.match_file(path[:-1] if is_below else path):
            return pattern.include
    return None


def _bases(path: str) -> Iterator[str]:
    """The folders above a path, deepest first, each ending with `/`; the root is empty."""
    while path:
        path, slash, _ = path.rpartition("/")
        yield path + slash


def _lines(file: Path) -> list[str]:
    """The pattern lines of a .gitignore; empty if it can't be read or is a symbolic link (git ignores those)."""
    if file.name == ".gitignore" and file.is_symlink():
        return []
    try:
        text = content_of(os.fspath(file), LARGEST_GITIGNORE).decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#") and is_pattern(line)]


LARGEST_GITIGNORE = 1_000_000
"""Most bytes of a .gitignore; a larger one is ignored."""


class UserIgnoreFilters:
    """Obsidian's setting "Excluded files": path prefixes, and regular expressions between slashes."""

    def __init__(self, root: Path) -> None:
        filters = obsidian_setting(root, "app.json", "userIgnoreFilters")
        texts = [text for text in filters if isinstance(text, str) and text] if isinstance(filters, list) else []
        texts = texts[:MOST_FILTERS]
        expressions = [text for text in texts if len(text) > 2 and text[0] == text[-1] == "/"]
        self._patterns = [text[1:-1] for text in expressions if pattern_problem(text[1:-1]) is None]
        self._timeouts = 0
        self._beginnings = tuple(text for text in texts if text.strip("/") and text not in expressions)

    def __bool__(self) -> bool:
        return bool(self._patterns or self._beginnings)

    def match(self, path: str) -> bool:
        """Whether Obsidian excludes the path. A slow or invalid expression excludes nothing."""
        return path.startswith(self._beginnings) or any(self._searches(pattern, path) for pattern in self._patterns)

    def _searches(self, pattern: str, path: str) -> bool:
        import regex  # has a timeout: a vault's expression must not hang

        try:
            return regex.search(pattern, path, flags=regex.IGNORECASE, timeout=0.1) is not None
        except TimeoutError:
            # Don't try it again: each of thousands of notes would wait for the timeout.
            self._timeouts += 1
            is_enough = self._timeouts == MOST_TIMEOUTS
            self._patterns = [] if is_enough else [other for other in self._patterns if other != pattern]
            return False


MOST_FILTERS, MOST_TIMEOUTS = 1_000, 10
"""Most filters that are read, and the number of timeouts after which all expressions are dropped."""
