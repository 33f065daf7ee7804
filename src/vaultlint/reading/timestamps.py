"""Video citations: `<a class="yt-timestamp" data-t="01:29:54">[01:29:54]</a>` and its damaged forms."""

import re
from collections.abc import Iterator

from vaultlint.note import AnchorFault, Time, TimeFault, Timestamp
from vaultlint.reading.obsidian import Opaque
from vaultlint.text import Span

_CLASS = re.compile("yt-timestamp")
_TAG_START = re.compile(r"<\s?a\b[^<>]*$", re.IGNORECASE)
_TAG_END = re.compile(r"(?:[^<>\r\n]|(?:\r\n?|\n)(?![ \t]*[\r\n]))*+>")
_TAG_REST = re.compile(r"[^<\r\n]*")
_ATTRIBUTE = re.compile(r"""(?<![\w-])data-t\s*=\s*(?:"([^"<>]*)["<>]?|'([^'<>]*)['<>]?|([^\s"'<>]*))""")
_LABEL = re.compile(r"((?:[^<\r\n]|(?:\r\n?|\n)(?![ \t]*[\r\n])){0,200})(</a\s*>)?", re.IGNORECASE)
_TIME = re.compile(r"(?:(?P<hours>[0-9]{1,2}):(?P<minutes>[0-9]{2})|(?P<only>[0-9]{1,2})):(?P<seconds>[0-9]{2})")
_PARTS = re.compile(r"[0-9]+(?::[0-9]+)+")
_PLACEHOLDER = re.compile(r"[HMSXYhmsxy?]{1,4}(?::[HMSXYhmsxy?]{1,4})+|N/?A|TBD|TODO", re.IGNORECASE)


def timestamps(text: str, start: int, opaque: Opaque) -> Iterator[Timestamp]:
    """Anchors outside code, by place."""
    done = start
    for match in _CLASS.finditer(text, start):
        if match.start() < done:
            continue
        window = max(done, match.start() - 200)
        opening = _TAG_START.search(text, window, match.start())
        if opening is None or opaque.is_hidden(opening.start()):
            continue
        found = _anchor(text, opening.start(), match.end())
        done = found.span.end
        yield found


def _anchor(text: str, start: int, class_end: int) -> Timestamp:
    tag = _TAG_END.match(text, class_end)
    tag_end = tag.end() if tag else _rest_end(text, class_end)
    attribute = _ATTRIBUTE.search(text, start, tag_end)
    time = None
    if attribute is not None:
        group = next(i for i in (1, 2, 3) if attribute[i] is not None)
        time = read_time(text, Span(*attribute.span(group)))
    if tag is None:
        return Timestamp(Span(start, tag_end), time, None, AnchorFault.UNCLOSED_TAG)
    label_match = _LABEL.match(text, tag_end)
    assert label_match is not None  # noqa: S101  # every part of the pattern is optional
    if label_match[2] is None:
        return Timestamp(Span(start, tag_end), time, None, AnchorFault.NOT_CLOSED)
    span = Span(start, label_match.end())
    written = label_match[1].strip()
    fault = AnchorFault.NO_TIME if attribute is None else None
    if not written:
        return Timestamp(span, time, None, fault or AnchorFault.EMPTY)
    at = tag_end + label_match[1].index(written)
    if written.startswith("[") and written.endswith("]"):
        return Timestamp(span, time, read_time(text, Span(at + 1, at + len(written) - 1)), fault)
    label = read_time(text, Span(at, at + len(written)))
    if "[" not in written and "]" not in written:
        fault = fault or AnchorFault.NO_BRACKETS
    return Timestamp(span, time, label, fault)


def _rest_end(text: str, offset: int) -> int:
    rest = _TAG_REST.match(text, offset)
    return rest.end() if rest else offset


def read_time(text: str, span: Span) -> Time:
    """The time written at `span`: H:MM:SS, HH:MM:SS or MM:SS."""
    written = text[span.start : span.end]
    bare = written.strip()
    match = _TIME.fullmatch(bare)
    if match is not None:
        hours, minutes, seconds = (
            int(part or 0) for part in (match["hours"], match["minutes"] or match["only"], match["seconds"])
        )
        if minutes < 60 and seconds < 60:
            return Time(written, span, hours * 3600 + minutes * 60 + seconds)
        return Time(written, span, None, TimeFault.RANGE)
    return Time(written, span, None, _fault(bare))


def _fault(written: str) -> TimeFault:
    if not written:
        return TimeFault.EMPTY
    if _PLACEHOLDER.fullmatch(written):
        return TimeFault.PLACEHOLDER
    if _PARTS.fullmatch(written):
        parts = written.split(":")
        if len(parts) > 3:
            return TimeFault.PARTS
        over = any(len(part.lstrip("0")) > 2 or int(part) > 59 for part in parts[-2:])
        return TimeFault.RANGE if over else TimeFault.FORM
    if _TIME.search(written) and _TIME.fullmatch(written.strip("[](){}<>\"'` ,;.")):
        return TimeFault.STRAY
    return TimeFault.NO_TIME
