"""The manual pages of rules, as files that editors can open."""

import logging
from pathlib import Path

from vaultlint.config.manual import page
from vaultlint.files import writing
from vaultlint.rules.base import Rule
from vaultlint.server.uris import uri_of

_LOGGER = logging.getLogger(__name__)


class Manual:
    """Manual pages of rules, also of plug-ins, in the cache directory.

    Args:
        folder: the directory; None if nothing may be written.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._written: dict[type[Rule], str | None] = {}

    def uri_of(self, rule: type[Rule]) -> str | None:
        """The URI of a rule's page; None if it can't be written."""
        if rule not in self._written:
            self._written[rule] = self._write(rule)
        return self._written[rule]

    def _write(self, rule: type[Rule]) -> str | None:
        if self._folder is None:
            return None
        file, text = self._folder / "rules" / f"{rule.name}.md", page(rule)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.is_file() or file.read_bytes() != text.encode():
                writing.write(file, [text])
        except OSError as error:
            _LOGGER.warning("%s: the page can't be written: %s", file, error.strerror)
            return None
        return uri_of(file.absolute())
