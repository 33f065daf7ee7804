"""Completions for the shell."""

from collections.abc import Mapping

from click.shell_completion import CompletionItem


def items(texts: Mapping[str, str], incomplete: str) -> list[CompletionItem[str]]:
    """The words that begin with the incomplete one, each with its meaning."""
    return [CompletionItem(word, help=text) for word, text in texts.items() if word.startswith(incomplete)]


def rules() -> dict[str, str]:
    """The summary of each rule; empty if a plug-in is broken, because shell completion can't show a message."""
    from vaultlint.config import plugins
    from vaultlint.config.manual import summary
    from vaultlint.config.places import ConfigError

    try:
        return {name: summary(rule) for name, rule in plugins.known_rules().items()}
    except ConfigError:
        return {}


def rules_and_families() -> dict[str, str]:
    """Names that can be selected, each with its meaning."""
    from vaultlint.rules.base import Family

    return {**rules(), **{family.value: f"All rules of the family {family}." for family in Family}}
