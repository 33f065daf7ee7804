"""Converts plain values to typed ones, and says what is wrong where.

msgspec is fast, but gives the place of a wrong value only in the text of its message, without the key inside a
mapping. So if it rejects a value, the value is converted part by part to find the smallest wrong part.
"""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from vaultlint.suggestions import did_you_mean
from vaultlint.text import quoted

T = TypeVar("T")

ValuePath = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


class DecodingError(ValueError):
    """A value that does not match its type.

    Args:
        path: keys and indexes of the value.
        value: the value itself.
        problem: what is wrong with it.
    """

    def __init__(self, path: ValuePath, value: object, problem: str) -> None:
        super().__init__(f"{written(path)}: {problem}" if path else problem)
        self.path = path
        self.value = value
        self.problem = problem


class UnknownKeyError(DecodingError):
    """A table with an unknown key; `key` is that key, `known` the allowed ones."""

    def __init__(self, path: ValuePath, value: object, problem: str, key: str, known: tuple[str, ...]) -> None:
        super().__init__(path, value, problem)
        self.key = key
        self.known = known


class OneTableError(DecodingError):
    """A table instead of a list of tables."""


def converted(value: object, kind: type[T]) -> T:
    """Convert a value from TOML or JSON to a type that msgspec supports.

    Raises:
        DecodingError: it does not match the type.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _smallest(value, kind, (), error) from error


def decoded(content: bytes, kind: type[T]) -> T:
    """Decode a JSON document to a type that msgspec supports.

    Raises:
        DecodingError: it does not match the type.
        msgspec.DecodeError, UnicodeDecodeError, RecursionError: the document is not valid JSON.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        try:
            value = msgspec.json.decode(content)
        except RecursionError:
            raise DecodingError((), content, _in_words(error)) from error
    return converted(value, kind)


def written(path: ValuePath) -> str:
    """A path in the usual notation: `overrides[0].select`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _smallest(value: object, kind: Any, path: ValuePath, error: msgspec.ValidationError) -> DecodingError:
    """The error for a value that msgspec rejected: for a wrong part of it if there is one, else for the whole."""
    kind = _alternative(value, kind)
    if isinstance(value, dict) and _is_a(kind, Struct) and kind.__struct_config__.forbid_unknown_fields:
        known = tuple(field.encode_name for field in fields(kind))
        unknown = next((key for key in value if key not in known), None)
        if unknown is not None:
            return UnknownKeyError(path, value, f"unknown key '{unknown}'", unknown, known)
    for key, part, part_kind in _parts(value, kind):
        try:
            msgspec.convert(part, part_kind)
        except msgspec.ValidationError as inner:
            return _smallest(part, part_kind, (*path, key), inner)
    if isinstance(value, dict) and _is_a(kind, tuple) and _is_a(get_args(kind)[0], Struct):
        return OneTableError(path, value, "expected a list of tables, got one table")
    return DecodingError(path, value, _problem(value, kind, error))


def _problem(value: object, kind: Any, error: msgspec.ValidationError) -> str:
    """The problem of a value whose parts are right."""
    if _is_a(kind, Enum) or get_origin(kind) is Literal:
        choices = [str(one) for one in get_args(kind)] or [str(member.value) for member in kind]
        near = did_you_mean(value, choices) if isinstance(value, str) else ""
        said = quoted(value) if isinstance(value, str) else msgspec.json.encode(value).decode()
        return f"{said} is not one of {', '.join(choices)}{near}"
    if isinstance(value, list) and _is_a(kind, tuple):
        return f"expected a list of length {len(get_args(kind))}"
    said = _in_words(error)
    return f"{said}; put it in square brackets" if said == "expected a list, got text" else said


def _alternative(value: object, kind: Any) -> Any:
    """For a union, the member that was probably meant for the value; else `kind` itself."""
    if get_origin(kind) is Annotated:
        kind = kind.__origin__
    if get_origin(kind) not in (Union, UnionType):
        return kind
    shapes: tuple[type, ...] = (Enum,)
    if isinstance(value, dict):
        shapes = (Struct, Mapping)
    elif isinstance(value, list):
        shapes = (tuple, list)
    alternatives = [_alternative(value, one) for one in get_args(kind)]
    return next((one for one in alternatives if any(_is_a(one, shape) for shape in shapes)), kind)


def _parts(value: object, kind: Any) -> Iterator[tuple[str | int, object, Any]]:
    """The parts of a value with types of their own: key or index, part, and type."""
    arguments = get_args(kind)
    if isinstance(value, dict) and _is_a(kind, Struct):
        kinds = {field.encode_name: field.type for field in fields(kind)}
        yield from ((key, value[key], kinds[key]) for key in value if key in kinds)
    elif isinstance(value, dict) and _is_a(kind, Mapping) and len(arguments) == 2:
        yield from ((key, part, arguments[1]) for key, part in value.items())
    elif isinstance(value, list) and _is_a(kind, tuple) and Ellipsis not in arguments:
        yield from ((i, part, one) for i, (part, one) in enumerate(zip(value, arguments, strict=False)))
    elif isinstance(value, list) and (_is_a(kind, tuple) or _is_a(kind, list)) and arguments:
        yield from ((i, part, arguments[0]) for i, part in enumerate(value))


def _is_a(kind: Any, base: type) -> bool:
    plain = get_origin(kind) or kind
    return isinstance(plain, type) and issubclass(plain, base)


_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "",
}
_TYPES = re.compile("`((?:{0})(?: \\| (?:{0}))*)`".format("|".join(_WORDS)))
_MISSING = re.compile("^object missing required field `([^`]+)`")


def _in_words(error: msgspec.ValidationError) -> str:
    """The message of msgspec, in lower case and in common words."""
    text = str(error)
    text = text[:1].lower() + text[1:]
    return _TYPES.sub(lambda found: _named(found[1].split(" | ")), _MISSING.sub(r"missing key '\1'", text))


def _named(types: list[str]) -> str:
    return " or ".join(filter(None, map(_WORDS.__getitem__, types))) or "nothing"
