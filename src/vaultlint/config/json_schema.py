"""JSON Schema of the configuration file."""

from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

import msgspec

from vaultlint.config.file import Configuration
from vaultlint.config.manual import summary
from vaultlint.rules.base import Family, Rule


def json_schema(rules: Mapping[str, type[Rule]]) -> dict[str, Any]:
    """JSON Schema (2020-12) of `vaultlint.toml` with the options of the given rules."""
    _, components = msgspec.json.schema_components([Configuration, *rules.values()], ref_template="#/$defs/{name}")
    for component in components.values():
        # A docstring. Python 3.13 and msgspec 0.23 remove its indentation, older ones don't.
        if "description" in component:
            component["description"] = cleandoc(component["description"])
    by_rule = {name: {"$ref": f"#/$defs/{cls.__name__}", "description": summary(cls)} for name, cls in rules.items()}
    names = {"enum": [*rules, *(family.value for family in Family)]}
    for cls in rules.values():
        components[cls.__name__]["description"] = summary(cls)
    for holder in ("Configuration", "Override"):
        properties = components[holder]["properties"]
        properties["rules"] |= {"properties": by_rule, "additionalProperties": False}
        properties["severity"] |= {"propertyNames": {"enum": [*rules]}}
        for key in ("select", "ignore"):
            for variant in properties[key].get("anyOf", [properties[key]]):
                if variant.get("type") == "array":
                    variant["items"] = names
    configuration = components.pop("Configuration")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **configuration,
        "title": "vaultlint",
        "$defs": components,
    }
