"""A rule's manual page, from its docstring and its fields."""

import inspect
from typing import Any

import msgspec

from vaultlint.diagnostic import Severity
from vaultlint.rules.base import Rule

EXAMPLE = "## Example\n"
MARK = "`<--` marks the lines with a finding; it is not part of the note.\n\n"

_TYPES = {"string": "text", "integer": "number", "number": "number", "boolean": "`true` or `false`"}


def page(cls: type[Rule]) -> str:
    """The manual page of a rule, in Markdown."""
    title, _, body = inspect.cleandoc(cls.__doc__ or "").partition("\n")
    severity = "off" if cls.default_severity is Severity.OFF else f"`{cls.default_severity.value}`"
    body = body.strip().replace(EXAMPLE, EXAMPLE + MARK)
    facts = f"Family `{cls.family.value}`. Severity by default: {severity}."
    return f"# {cls.name}\n\n{title}\n\n{facts}\n\n{body}\n\n{_options(cls)}".rstrip() + "\n"


def _options(cls: type[Rule]) -> str:
    fields = msgspec.structs.fields(cls)
    if not fields:
        return ""
    kinds = msgspec.json.schema(cls)["$defs"]
    properties = kinds[cls.__name__]["properties"]
    lines = ["## Options", f"In the table `[rules.{cls.name}]` of the configuration:", ""]
    for field in fields:
        about = properties[field.encode_name]
        default = "not set" if field.default is None else f"`{msgspec.json.encode(field.default).decode()}`"
        kind = _type(about, kinds)
        lines.append(f"- `{field.encode_name}` ({kind}, default {default}): {about['description']}")
    return "\n".join(lines)


def _type(about: dict[str, Any], kinds: dict[str, dict[str, Any]]) -> str:
    """The type that a JSON Schema describes, in words."""
    if "$ref" in about:
        return _type(kinds[about["$ref"].rpartition("/")[2]], kinds)
    if "anyOf" in about:
        return " or ".join(_type(one, kinds) for one in about["anyOf"] if one.get("type") != "null")
    if "enum" in about:
        *others, last = (f'`"{one}"`' for one in about["enum"])
        return f"{', '.join(others)} or {last}" if others else last
    if about.get("type") == "array":
        return f"list of {_type(about['items'], kinds)}" if "items" in about else "list"
    return _TYPES.get(str(about.get("type")), "value")


def summary(cls: type[Rule]) -> str:
    """The first line of a rule's manual page."""
    return (cls.__doc__ or "").partition("\n")[0]


def reason(cls: type[Rule]) -> str:
    """The section "Why it matters" of a rule's manual page, in one line."""
    _, _, after = inspect.cleandoc(cls.__doc__ or "").partition("\n## Why it matters\n")
    return " ".join(after.partition("\n## ")[0].split())
