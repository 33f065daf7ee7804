"""Path patterns as in .gitignore, wherever a configuration names notes."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from vaultlint.text import quoted

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
                raise ValueError(f"{quoted(pattern)} is not a pattern as in .gitignore")
        self._spec = spec(self.patterns) if self.patterns else None
        self._base = base

    def __bool__(self) -> bool:
        return self._spec is not None

    def match(self, path: str) -> bool:
        """Whether a path relative to the vault is meant."""
        return self._spec is not None and self._spec.match_file(self._base + path)


def is_pattern(text: str) -> bool:
    """Whether a text can be understood as a pattern; git passes over what can't."""
    try:
        spec([text])
    except (ValueError, re.error):
        return False
    return True


def spec(lines: Iterable[str]) -> "GitIgnoreSpec":
    """Patterns as pathspec knows them, which take no longer for any path than its length allows.

    Raises:
        ValueError, re.error: one of them is no pattern.
    """
    from pathspec import GitIgnoreSpec  # only where there are patterns

    found = GitIgnoreSpec.from_lines(lines)
    for pattern in found.patterns:
        regex = getattr(pattern, "regex", None)
        if regex is not None and len(_WILDCARD.findall(regex.pattern)) > FEW_WILDCARDS:
            pattern.regex = re.compile(without_backtracking(regex.pattern), regex.flags)
    return found


FEW_WILDCARDS = 2
"""With so many a pattern is matched as it is; each further one multiplies the time by the length of a name."""

_STAR = r"\[\^/\][*+]"
_WILDCARD = re.compile(rf"{_STAR}|\.\+")
_SET = r"\[\^?\]?(?:\\.|[^\\\]])*\]"
_OF_SET = re.compile(rf"\\.|(?!\[\^/\])({_SET})", re.DOTALL)
_ONE = rf"(?:\\.|\(\?!/\){_SET}|\[\^/\](?![*+])|[^\\\[\](){{}}*+?.|^$/])"
_BEFORE_STAR = re.compile(rf"\[\^/\]([*+])({_ONE}*)(?={_STAR})", re.DOTALL)
_FOLDERS = r"\(\?:/\.\+\)\?"
_WITHOUT_FOLDERS = rf"((?:(?!{_FOLDERS}).)+)"
_FIRST_FOLDERS = re.compile(rf"^\^\(\?:\.\+/\)\?{_WITHOUT_FOLDERS}(?={_FOLDERS})", re.DOTALL)
_BEFORE_FOLDERS = re.compile(rf"{_FOLDERS}{_WITHOUT_FOLDERS}(?={_FOLDERS})", re.DOTALL)


def without_backtracking(regex: str) -> str:
    """The expression that pathspec makes of a pattern, each of its wildcards but the last matched once and for all.

    What stands between two wildcards may be taken where it is found first: the second one matches all that lies
    between that and any later place. So `*a*b` is "the first `a`, then the first `b`", and so are folders with `**`.
    """
    regex = _OF_SET.sub(lambda match: f"(?!/){match[1]}" if match[1] else match[0], regex)  # as git has it
    regex = _BEFORE_STAR.sub(r"(?>[^/]\1?\2)", regex)
    regex = _FIRST_FOLDERS.sub(r"^(?>(?:.+?/)??\1(?=/))", regex)
    return _BEFORE_FOLDERS.sub(r"(?>(?:/.+?)??\1(?=/))", regex)
