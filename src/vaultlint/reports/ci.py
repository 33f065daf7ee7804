"""Outputs in which a CI service finds no command: it reads what a step prints, and obeys some of it.

GitHub obeys lines that begin with `::`, GitHub, Azure and TeamCity obey `##[…]`, `##vso[…]` and `##teamcity[…]`
wherever they stand, Buildkite takes `---` at the beginning of a line for a heading.
"""

import re
from collections.abc import Iterable, Iterator

_HARMLESS_FIRST = frozenset("_./")
_COMMAND = re.compile(rb"#(#[A-Za-z]*\[)|^([ \t]*):(?=:)", re.MULTILINE)
_COMMAND_IN_LINE = re.compile(r"(?:^|[\r\n])\s*::|##[A-Za-z]*\[")
_NUMBER, _COLON = rb"\x23", rb"\x3a"

_JSON = rb"\u0023", rb"\u003a"
_WRITTEN = {
    **dict.fromkeys(("json", "jsonl", "gitlab", "sarif", "toml"), _JSON),
    "junit": (rb"&#35;", rb"&#58;"),
    "github": (_NUMBER, b":"),  # the commands that it writes are its own
}
"""How formats for machines write `#` and `:` otherwise; they mean the same."""


def guarded(path: str) -> str:
    """A path to begin a line with."""
    return path if path[:1].isalnum() or path[:1] in _HARMLESS_FIRST else f"./{path}"


def holds_command(line: str) -> bool:
    """Whether a CI service might obey a line, were it printed as it is."""
    return _COMMAND_IN_LINE.search(line) is not None


def harmless(blocks: Iterable[bytes], format_: str) -> Iterator[bytes]:
    """An output without commands but those of its format."""
    number, colon = _WRITTEN.get(format_, (_NUMBER, _COLON))
    for block in blocks:
        yield _COMMAND.sub(lambda match: number + match[1] if match[1] else match[2] + colon, block)


def harmless_text(text: str) -> str:
    """A message without commands."""
    return b"".join(harmless([text.encode("utf-8", "surrogateescape")], "text")).decode("utf-8", "surrogateescape")
