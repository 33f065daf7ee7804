"""Keeping commands of CI services out of the output: they execute commands in what a step prints.

GitHub executes lines that begin with `::`; GitHub, Azure and TeamCity execute `##[…]`, `##vso[…]` and
`##teamcity[…]` anywhere in a line; Buildkite reads `---` at the beginning of a line as a heading.
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
    "github": (_NUMBER, b":"),  # its commands are wanted
}
"""Equivalent escapes for `#` and `:` in machine-readable formats."""


def guarded(path: str) -> str:
    """A path that is safe at the beginning of a line, with `./` in front if necessary."""
    return path if path[:1].isalnum() or path[:1] in _HARMLESS_FIRST else f"./{path}"


def holds_command(line: str) -> bool:
    """Whether a CI service might execute part of a line if it were printed unchanged."""
    return _COMMAND_IN_LINE.search(line) is not None


def harmless(blocks: Iterable[bytes], format_: str) -> Iterator[bytes]:
    """The output with CI commands escaped, except those that the format itself writes."""
    number, colon = _WRITTEN.get(format_, (_NUMBER, _COLON))
    for block in blocks:
        yield _COMMAND.sub(lambda match: number + match[1] if match[1] else match[2] + colon, block)


def harmless_text(text: str) -> str:
    """A message with CI commands escaped."""
    return b"".join(harmless([text.encode("utf-8", "surrogateescape")], "text")).decode("utf-8", "surrogateescape")
