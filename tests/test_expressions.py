"""Every expression must mean the same in all Pythons from 3.11 up.

Before 3.11.5, if an attempt of a possessive repeat fails, the position may stay where it failed: `(?:ab?c)*+` takes
the first letter of `aca` once more (https://github.com/python/cpython/issues/106052). A last alternative that never
matches, `(?:ab?c|(?!))*+`, resets the position. Before 3.12.8, a group that captures within a possessive repeat may
hang (https://github.com/python/cpython/issues/101955).
"""

import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from copy import copy
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from vaultlint.expressions import expression
from vaultlint.globs import without_backtracking

_ONE = {codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN, codes.AT}
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}
_NEVER = ("FAILURE", "ASSERT_NOT")

RECORDING = """
import importlib, inspect, json, pkgutil, re, sys
from re import _compiler

found = set()
compiled = _compiler.compile

def record(pattern, flags=0):
    if isinstance(pattern, str):
        found.add((pattern, int(flags)))
    return compiled(pattern, flags)

_compiler.compile = record
import vaultlint
from vaultlint import expressions
from vaultlint.claims import _IDEOGRAPH, _WRITTEN_WORD, _large_set

for module in pkgutil.walk_packages(vaultlint.__path__, "vaultlint."):
    if not module.name.endswith("__main__"):
        try:
            names = vars(importlib.import_module(module.name))
        except ModuleNotFoundError as error:
            if error.name not in ("pyromark", "mcp"):  # an engine and a server that need not be there
                raise
            continue
        for value in names.values():
            if isinstance(value, expressions._Expression):
                value.flags  # compiles it
            if hasattr(value, "cache_clear") and not inspect.signature(value).parameters:
                value()  # what is compiled when it is needed
for pattern in (_IDEOGRAPH, _WRITTEN_WORD):
    _large_set(pattern)
json.dump(sorted(found), sys.stdout)
"""

Items = Sequence[tuple[Any, Any]]


def is_steady(items: Items) -> bool:
    """Whether a failed attempt of these leaves the position: nothing that can fail follows a repeat or a choice."""
    if len(items) == 1 and items[0][0] is codes.BRANCH:
        alternatives = items[0][1][1]
        return never_fits(alternatives[-1]) or all(map(is_steady, alternatives))
    (first, argument), *rest = items
    if all(code in _ONE for code, _ in items):
        return True
    one = first in _ONE or (first in _REPEATS and is_one(argument[2]))
    return one and all(code in _REPEATS and argument[0] == 0 and is_one(argument[2]) for code, argument in rest)


def never_fits(items: Items) -> bool:
    return len(items) == 1 and str(items[0][0]) in _NEVER and not (items[0][1] and items[0][1][1])


def is_one(items: Items) -> bool:
    return len(items) == 1 and items[0][0] in _ONE


def inner(argument: Any) -> Iterator[Items]:
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, list | tuple):
        for part in argument:
            yield from inner(part)


def faults(items: Items, repeated: bool = False) -> Iterator[str]:
    """The parts of an expression that early Pythons match wrongly; `repeated` inside a possessive repeat."""
    for code, argument in items:
        if repeated and code is codes.SUBPATTERN and argument[0] is not None:
            yield "captures in a possessive repeat"
        possessive = code is codes.POSSESSIVE_REPEAT
        if possessive and not is_steady(argument[2]):
            yield f"needs a last alternative (?!): {argument[2]}"
        for part in inner(argument):
            yield from faults(part, repeated or (possessive and argument[1] != 1))


def of(pattern: str, flags: int = 0) -> list[str]:
    return list(faults(parser.parse(pattern, flags)))


def test_expressions_are_compiled_on_first_use() -> None:
    wrong = expression("(")
    with pytest.raises(re.error):
        wrong.search("(")
    word = expression(r"[a-z]+", re.IGNORECASE)
    assert word.findall("Two words") == ["Two", "words"]
    assert word.flags == re.compile(word.pattern, re.IGNORECASE).flags


def test_all_expressions_mean_the_same_in_early_pythons() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run([sys.executable, "-c", RECORDING], stdout=subprocess.PIPE, check=True, env=environment)
    found = json.loads(done.stdout)
    assert any("|ibn" in pattern for pattern, _ in found)  # an expression that is compiled on first use
    assert {pattern: told for pattern, flags in found if (told := of(pattern, flags))} == {}


@pytest.mark.parametrize("pattern", ["*a*a*b*", "**/a*b*/**/c*/**/d", "[!a]*b*[a-c]*d*"])
def test_patterns_of_paths_mean_the_same_in_early_pythons(pattern: str) -> None:
    from pathspec import GitIgnoreSpec

    (made,) = GitIgnoreSpec.from_lines([pattern]).patterns
    assert made.regex is not None
    assert of(without_backtracking(made.regex.pattern)) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:ab?c)*+",
        "(?:(?!ab).)*+",
        "(?:[ab]c?d){1,3}+",
        "(?:ab|ac|a[bd]d?e)++",
        "(?:a|bc?d)*+",
        "(?:a*b|c)?+",
        "(?>x(?:a*b)*+)",
        "(?:(a)|b|(?!))*+",
    ],
)
def test_what_early_pythons_read_wrongly_is_told(pattern: str) -> None:
    assert of(pattern)


STEADY = {
    "(?:ab?c|(?!))*+": ("aca", 2),
    "(?:ab?c)*": ("aca", 2),
    "(?:abc|d)*+": ("abcab", 3),
    "(?:[ab]++c*+|d)*+": ("abd", 3),
    "(?:ab?c|(?!))?+": ("a", 0),
    "(?:ab?c|(?!)){1,3}+": ("aca", 2),
    "(?:(?!ab).|(?!))*+": ("ccab", 2),
    "((?:ab?c|(?!))*+)": ("aca", 2),
    "(?:(a)|b|(?!))?+": ("ab", 1),
}


@pytest.mark.parametrize("pattern", STEADY)
def test_what_all_pythons_read_alike_is_not_told(pattern: str) -> None:
    text, end = STEADY[pattern]
    assert of(pattern) == []
    found = re.match(pattern, text)
    assert found is not None
    assert found.end() == end


def test_a_wikilink_ends_at_the_first_brackets_that_close_it() -> None:
    from vaultlint.reading.links import _WIKILINK

    assert [found[0] for found in _WIKILINK.finditer("[[a]] [[b[c]d]] [[e[[f]] [[g]]] [[h")] == [
        "[[a]]",
        "[[b[c]d]]",
        "[[f]]",
        "[[g]]",
    ]


def test_expression_can_be_copied_and_pickled() -> None:
    for one in (copy(expression("a+")), pickle.loads(pickle.dumps(expression("a+")))):  # noqa: S301
        assert one.fullmatch("aa")
