"""What a shell offers for a word that is being written."""

from collections.abc import Mapping

from click.shell_completion import CompletionItem


def items(texts: Mapping[str, str], incomplete: str) -> list[CompletionItem[str]]:
    """The words that a beginning can become, each with what it means."""
    return [CompletionItem(word, help=text) for word, text in texts.items() if word.startswith(incomplete)]


def rules() -> dict[str, str]:
    """What each rule is about; nothing if a plug-in is broken, because a shell that completes shows no message."""
    from vaultlint.config import plugins
    from vaultlint.config.manual import summary
    from vaultlint.config.places import ConfigError

    try:
        return {name: summary(rule) for name, rule in plugins.known_rules().items()}
    except ConfigError:
        return {}


def rules_and_families() -> dict[str, str]:
    """What can be selected, and what it stands for."""
    from vaultlint.rules.base import Family

    return {**rules(), **{family.value: f"All rules of the family {family}." for family in Family}}
