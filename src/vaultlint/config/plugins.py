"""All rules by name: our own, and those of installed packages."""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Severity
from vaultlint.files.discovery import content_of
from vaultlint.rules import RULES
from vaultlint.rules.base import Family, Rule
from vaultlint.suggestions import did_you_mean
from vaultlint.text import quoted

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


PLUGIN_GROUP = "vaultlint.rules"


def known_rules() -> dict[str, type[Rule]]:
    """All rules by name: our own, and those of installed packages (entry-point group `vaultlint.rules`).

    Raises:
        ConfigError: an installed package can't be used.
    """
    found: dict[str, type[Rule]] = {rule.name: rule for rule in RULES}
    for entry in _plugins():
        origin = f"the plug-in {quoted(entry.name)} ({entry.value})"
        try:
            rule = entry.load()
        except Exception as error:
            raise ConfigError(f"{origin} can't be loaded: {error}") from error
        if not (isinstance(rule, type) and issubclass(rule, Rule) and hasattr(rule, "name")):
            raise ConfigError(f"{origin} is not a rule")
        if not isinstance(getattr(rule, "family", None), Family):
            raise ConfigError(f"{origin} has no `family`, or it is not a Family")
        if not isinstance(getattr(rule, "default_severity", None), Severity):
            raise ConfigError(f"{origin} has no `default_severity`, or it is not a Severity")
        if rule.name in found:
            raise ConfigError(f"{origin} defines a rule {quoted(rule.name)}, which already exists")
        found[rule.name] = rule
    return found


def _plugins() -> "Iterable[EntryPoint]":
    """The entry points of our group. Finding them takes as long as all rules, so folders are searched first."""
    if not any(map(_may_bring_rules, dict.fromkeys(sys.path))):
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=PLUGIN_GROUP)


def _may_bring_rules(folder: str) -> bool:
    """Whether a place where Python looks for packages has one with rules; True for a place that is not a folder."""
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
    except NotADirectoryError:
        return True
    except OSError:
        return False
    return any(_brings_rules(os.path.join(folder, name, "entry_points.txt")) for name in names)  # noqa: PTH118


def _brings_rules(file: str) -> bool:
    try:
        return PLUGIN_GROUP.encode() in content_of(file)
    except OSError:
        return False


def unknown_rule(name: str, rules: Iterable[str]) -> str:
    """Why a name that should be the name of a rule is not one."""
    if name in [*Family]:
        return "a family, not a rule; `vaultlint rules` lists all rules"
    return f"unknown rule{did_you_mean(name, rules) or '; `vaultlint rules` lists all rules'}"
