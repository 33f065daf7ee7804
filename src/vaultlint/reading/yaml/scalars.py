"""The text that a scalar means: lines joined, escapes replaced."""

import re

from vaultlint.expressions import expression
from vaultlint.reading.yaml.faults import Fault, YamlError

_ESCAPED = expression(
    r"\\(?:\r?\n[ \t]*|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S]|\Z)"
    r"|(?:[ \t]++|(?=[\r\n]))(?:\r?\n[ \t\n\r]*)?"
)
"""An escape, a line end with the white space around it, or other white space."""
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "\t": "\t",
}
_SURROGATE = expression("[\ud800-\udfff]")
_LAST_CODE_POINT = 0x10FFFF


def folded(text: str) -> str:
    """A text with its lines folded: one line end becomes a space, of several all but the first stay."""
    if "\n" not in text:
        return text
    first, *others = re.split(r"\r?\n", text)
    pieces = [first.rstrip(" \t")]
    separator = " "
    for line in others[:-1]:
        stripped = line.strip(" \t")
        if stripped:
            pieces += [separator, stripped]
            separator = " "
        elif separator == "\n":
            pieces.append("\n")
        else:
            separator = "\n"
    pieces += [separator, others[-1].lstrip(" \t")]
    return "".join(pieces)


def double_quoted(source: str, start: int) -> str:
    """The text of a double-quoted scalar; `start` is the offset of its opening quote.

    Raises:
        YamlError: the quotes are not closed, or there is an invalid escape.
    """
    if len(source) == 1 or not source.endswith('"'):
        raise YamlError(Fault.QUOTE, start)
    inner = source[1:-1]
    if "\\" not in inner and "\n" not in inner:
        return inner

    def replacement(found: re.Match[str]) -> str:
        written = found[0]
        if written[0] == "\\":
            return _unescaped(written, start + 1 + found.start())
        if "\n" not in written:
            return written
        lines = written.count("\n")
        return "\n" * (lines - 1) or " "

    text = _ESCAPED.sub(replacement, inner)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _unescaped(written: str, at: int) -> str:
    code = written[1:2]
    if code in _ESCAPES and len(written) == 2:
        return _ESCAPES[code]
    if "\n" in written:
        return ""  # an escaped line end, with the indentation of the next line
    if len(written) > 2 and (point := int(written[2:], 16)) <= _LAST_CODE_POINT:
        return chr(point)
    raise YamlError(Fault.ESCAPE, at, at + 2)


def block_text(source: str, header: str, indent: int, at_root: bool, start: int) -> str:
    """The text of a block scalar (`|`, `>`).

    Args:
        source: its lines.
        header: `|` or `>` with digits and signs.
        indent: indentation of the node around it.
        at_root: whether it is the whole document, which needs no indentation.
        start: offset of the header, for errors.

    Raises:
        YamlError: the header or the indentation is not valid.
    """
    given, chomping = _header(header, start)
    lines = [_split(line) for line in source.split("\n")] if source else []
    stop = len(lines)
    while stop and lines[stop - 1][1] in ("", "\r"):
        stop -= 1
    if stop == 0:
        return "\n" * max(1, len(lines) - 1) if chomping == "+" and lines else ""
    trim, first = _trimmed(lines, stop, indent, given, at_root, start)
    for i in range(len(lines) - 1, stop - 1, -1):
        if len(lines[i][0]) > trim:
            stop = i + 1
            break
    head = "".join(white[trim:] + "\n" for white, _ in lines[:first])
    body = _joined(lines[first:stop], trim, header[0] == ">", start)
    if chomping == "-":
        return head + body
    if chomping == "+":
        tail = "".join("\n" + white[trim:] for white, _ in lines[stop:])
        text = head + body + tail
        return text if text.endswith("\n") else text + "\n"
    return head + body + "\n"


def _header(header: str, start: int) -> tuple[int, str]:
    given, chomping = 0, ""
    for char in header[1:]:
        if not chomping and char in "-+":
            chomping = char
        elif not given and char in "123456789":
            given = int(char)
        else:
            raise YamlError(Fault.BLOCK_HEADER, start)
    return given, chomping


def _split(line: str) -> tuple[str, str]:
    content = line.lstrip(" ")
    return line[: len(line) - len(content)], content


def _trimmed(
    lines: list[tuple[str, str]], stop: int, indent: int, given: int, at_root: bool, start: int
) -> tuple[int, int]:
    """How many spaces of indentation to cut off, and the index of the first line that is not empty."""
    trim, first = indent + given, 0
    for i, (white, content) in enumerate(lines[:stop]):
        if content in ("", "\r"):
            if not given and len(white) > trim:
                trim = len(white)
            continue
        if len(white) < trim:
            raise YamlError(Fault.BLOCK, start)
        if not given:
            trim = len(white)
        first = i
        if trim == 0 and not at_root:
            raise YamlError(Fault.BLOCK, start)
        break
    return trim, first


def _joined(lines: list[tuple[str, str]], trim: int, is_folded: bool, start: int) -> str:
    pieces: list[str] = []
    separator = ""
    was_indented = False
    for white, written in lines:
        content = written.removesuffix("\r")
        if content and len(white) < trim:
            raise YamlError(Fault.BLOCK, start)
        if not is_folded:
            pieces += [separator, white[trim:], content]
            separator = "\n"
        elif len(white) > trim or content.startswith("\t"):
            if separator == " ":
                separator = "\n"
            elif not was_indented and separator == "\n":
                separator = "\n\n"
            pieces += [separator, white[trim:], content]
            separator, was_indented = "\n", True
        elif not content:
            if separator == "\n":
                pieces.append("\n")
            else:
                separator = "\n"
        else:
            pieces += [separator, content]
            separator, was_indented = " ", False
    return "".join(pieces)
