"""JSON Schema of the configuration file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from vaultlint.rules.base import Family, Rule

if TYPE_CHECKING:
    pass
from vaultlint.config.file import Configuration
from vaultlint.config.manual import summary


def json_schema(rules: Mapping[str, type[Rule]]) -> dict[str, Any]:
    """JSON Schema (2020-12) of `vaultlint.toml` with the options of the given rules."""
    _, components = msgspec.json.schema_components([Configuration, *rules.values()], ref_template="#/$defs/{name}")
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
