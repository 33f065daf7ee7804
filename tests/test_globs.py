"""Patterns of paths: what they match, and how long that takes."""

import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from vaultlint.globs import PathPatterns, without_backtracking

PIECES = ["*", "**", "/", "a", "b", "?", "[ab]", "\\*", ".", "/**/", "**/", "a*", "*b", "*a*", "/*/"]
NAMES = st.lists(st.text("aab.*x", min_size=1, max_size=4), min_size=1, max_size=6)


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), NAMES)
def test_same_paths_match_without_backtracking(pattern: str, names: list[str]) -> None:
    try:
        regex: Any = getattr(GitIgnoreSpec.from_lines([pattern]).patterns[0], "regex", None)
    except (ValueError, IndexError):
        return
    if regex is not None:
        path = "/".join(names)
        found = [one.search(path) for one in (regex, re.compile(without_backtracking(regex.pattern)))]
        assert [match and match.groupdict() for match in found[:1]] == [
            match and match.groupdict() for match in found[1:]
        ]


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("*a*b*c", ["xaxbxc", "abc", "d/abbc", "abc/d"], ["acb", "ab/c", "abcd"]),
        ("/a/**/b/**/c", ["a/b/c", "a/x/b/y/z/c", "a/b/b/c/c", "a/b/c/d"], ["a/c/b", "x/a/b/c", "a/bc"]),
        ("*[!a]*[!b]*c", ["xxc", "bac"], ["a/c", "ac"]),
        ("**/a*/**/b*/*", ["a/b/c", "x/a1/y/b2/c"], ["b/a/c", "a/b"]),
    ],
)
def test_patterns_with_many_wildcards(pattern: str, matching: list[str], others: list[str]) -> None:
    patterns = PathPatterns([pattern])
    assert [path for path in (*matching, *others) if patterns.match(path)] == matching


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 20 + "b", "a" * 255),
        ("*?" * 20 + "b", "a" * 255),
        ("*[ab]" * 20 + "c", "a" * 255),
        ("*[!x]" * 20 + "c", "a" * 255),
        ("a**" * 20 + "b", "a" * 255),
        ("**/a/" * 20 + "b", "a/" * 500 + "c"),
        ("*a*b/**/" * 10 + "c", "aaaab/" * 300 + "d"),
    ],
)
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    """Each of these once took longer than anybody would wait."""
    begin = time.process_time()
    assert not PathPatterns([pattern]).match(path)
    assert time.process_time() - begin < 5
