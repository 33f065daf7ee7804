"""The type of an unquoted text in the core schema of YAML 1.2."""

import re

from vaultlint.note import ScalarKind

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
WHOLE = re.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+|[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)"
    r"|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN"
)
CHECKBOX = re.compile("true|True|TRUE|false|False|FALSE")
EMPTY = re.compile("null|Null|NULL|~|")
_NOT_TEXT = re.compile("|".join(one.pattern for one in (WHOLE, FLOAT, CHECKBOX, EMPTY)))


def kind_of(plain: str) -> ScalarKind:
    """The type of an unquoted text in the core schema of YAML 1.2."""
    if not _NOT_TEXT.fullmatch(plain):  # the most common case
        return ScalarKind.TEXT
    if EMPTY.fullmatch(plain):
        return ScalarKind.EMPTY
    return ScalarKind.CHECKBOX if CHECKBOX.fullmatch(plain) else ScalarKind.NUMBER


def number(text: str) -> int | float | str:
    """The Python number for a text; an integer with too many digits stays text."""
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    if text[-1] in "fFnN":
        return float(text.replace(".", "", 1))
    if WHOLE.fullmatch(text):
        return int(text) if len(text) < 4000 else text  # int() refuses more digits than that
    return float(text)
