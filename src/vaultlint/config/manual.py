"""A rule's manual page, from its docstring and its fields."""

import inspect

import msgspec

from vaultlint.diagnostic import Severity
from vaultlint.rules.base import Rule

_TYPES = {"string": "text", "integer": "number", "number": "number", "boolean": "`true` or `false`"}


def page(cls: type[Rule]) -> str:
    """The manual page of a rule, in Markdown."""
    title, _, body = inspect.cleandoc(cls.__doc__ or "").partition("\n")
    severity = "off" if cls.default_severity is Severity.OFF else f"`{cls.default_severity.value}`"
    facts = f"Family `{cls.family.value}`. Severity by default: {severity}."
    return f"# {cls.name}\n\n{title}\n\n{facts}\n\n{body.strip()}\n\n{_options(cls)}".rstrip() + "\n"


def _options(cls: type[Rule]) -> str:
    fields = msgspec.structs.fields(cls)
    if not fields:
        return ""
    properties = msgspec.json.schema(cls)["$defs"][cls.__name__]["properties"]
    lines = ["## Options", f"In the table `[rules.{cls.name}]` of the configuration:", ""]
    for field in fields:
        about = properties[field.encode_name]
        default = msgspec.json.encode(field.default).decode()
        lines.append(f"- `{field.encode_name}` ({_type(about)}, default `{default}`): {about['description']}")
    return "\n".join(lines)


def _type(about: dict[str, object]) -> str:
    if about.get("type") == "array":
        items = about.get("items")
        return f"list of {_type(items)}" if isinstance(items, dict) else "list"
    return _TYPES.get(str(about.get("type")), "value")


def summary(cls: type[Rule]) -> str:
    """The first line of a rule's manual page."""
    return (cls.__doc__ or "").partition("\n")[0]


def reason(cls: type[Rule]) -> str:
    """The section "Why it matters" of a rule's manual page, in one line."""
    _, _, after = inspect.cleandoc(cls.__doc__ or "").partition("\n## Why it matters\n")
    return " ".join(after.partition("\n## ")[0].split())
