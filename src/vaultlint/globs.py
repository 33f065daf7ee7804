"""Path patterns as in .gitignore, used wherever a configuration names notes."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from vaultlint.expressions import expression
from vaultlint.text import quoted

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class PathPatterns:
    """Patterns relative to a folder above (or at) the vault.

    `base` is the path from that folder to the vault: empty, or it ends with `/`.

    Raises:
        ValueError: one of them is not a valid pattern.
    """

    def __init__(self, patterns: Iterable[str], base: str = "") -> None:
        self.patterns = tuple(patterns)
        for pattern in self.patterns:
            if not is_pattern(pattern):
                raise ValueError(f"{quoted(pattern)} is not a pattern as in .gitignore")
        self._spec = spec(self.patterns) if self.patterns else None
        self._base = base

    def __bool__(self) -> bool:
        return self._spec is not None

    def match(self, path: str) -> bool:
        """Whether a path, relative to the vault, matches a pattern."""
        return self._spec is not None and self._spec.match_file(self._base + path)


def is_pattern(text: str) -> bool:
    """Whether a text is a valid pattern; git ignores invalid ones."""
    try:
        spec([text])
    except (ValueError, re.error):
        return False
    return True


def spec(lines: Iterable[str]) -> "GitIgnoreSpec":
    """Patterns as a pathspec object, rewritten so that matching a long path stays fast.

    Raises:
        ValueError, re.error: one of them is not a valid pattern.
    """
    from pathspec import GitIgnoreSpec  # only needed if there are patterns

    found = GitIgnoreSpec.from_lines(lines)
    for pattern in found.patterns:
        regex = getattr(pattern, "regex", None)
        if regex is not None and len(_WILDCARD.findall(regex.pattern)) > FEW_WILDCARDS:
            pattern.regex = re.compile(without_backtracking(regex.pattern), regex.flags)
    return found


FEW_WILDCARDS = 2
"""Up to this many wildcards a pattern stays unchanged; each more multiplies the time by the length of a name."""

_STAR = r"\[\^/\][*+]"
_WILDCARD = expression(rf"{_STAR}|\.\+")
_SET = r"\[\^?\]?(?:\\.|[^\\\]])*\]"
_OF_SET = expression(rf"\\.|(?!\[\^/\])({_SET})", re.DOTALL)
_ONE = rf"(?:\\.|\(\?!/\){_SET}|\[\^/\](?![*+])|[^\\\[\](){{}}*+?.|^$/])"
_BEFORE_STAR = expression(rf"\[\^/\]([*+])({_ONE}*)(?={_STAR})", re.DOTALL)
_FOLDERS = r"\(\?:/\.\+\)\?"
_WITHOUT_FOLDERS = rf"((?:(?!{_FOLDERS}).)+)"
_FIRST_FOLDERS = expression(rf"^\^\(\?:\.\+/\)\?{_WITHOUT_FOLDERS}(?={_FOLDERS})", re.DOTALL)
_BEFORE_FOLDERS = expression(rf"{_FOLDERS}{_WITHOUT_FOLDERS}(?={_FOLDERS})", re.DOTALL)


def without_backtracking(regex: str) -> str:
    """Rewrite the regular expression that pathspec makes of a pattern, so that only its last wildcard can backtrack.

    The text between two wildcards can be matched at its first occurrence: the second wildcard matches everything up
    to any later one. So `*a*b` is "the first `a`, then the first `b`"; the same holds for folders with `**`.
    """
    regex = _OF_SET.sub(lambda match: f"(?!/){match[1]}" if match[1] else match[0], regex)  # as in git
    regex = _BEFORE_STAR.sub(r"(?>[^/]\1?\2)", regex)
    regex = _FIRST_FOLDERS.sub(r"^(?>(?:.+?/)??\1(?=/))", regex)
    return _BEFORE_FOLDERS.sub(r"(?>(?:/.+?)??\1(?=/))", regex)
