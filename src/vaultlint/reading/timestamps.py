"""Video citations `<a class="yt-timestamp" data-t="01:29:54">[01:29:54]</a>`, also damaged ones."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote

from vaultlint.expressions import expression
from vaultlint.note import AnchorFault, Time, TimeFault, Timestamp
from vaultlint.reading.regions import Opaque
from vaultlint.text import Span

_MARK = expression(r"yt-timestamp|(?<![\w-])(?i:data-t)\b")
_TAG_START = expression(r"<\s?a(?![A-Za-z0-9\-])[^<>]*$", re.IGNORECASE)
_CLASS = expression(
    r"""(?<![\w-])(?i:class)\s*=\s*(?:yt-timestamp(?=[\s>])|"(?:[^"<>=y]++|(?!\byt-timestamp\b)y|(?!))*+\byt-timestamp\b[^"<>=]*+\""""
    r"""|'(?:[^'<>=y]++|(?!\byt-timestamp\b)y|(?!))*+\byt-timestamp\b[^'<>=]*+')"""
)
_TAG_END = expression(r"(?:[^<>\r\n]++|(?:\r\n?|\n)(?![ \t]*[\r\n])|(?!))*+>")
_TAG_REST = expression(r"[^<\r\n]*")
_ATTRIBUTE = expression(
    r"""(?<![\w-])(?i:data-t)\s*=\s*(?:"("[0-9:]+"?(?=")|[^"<>]*)["<>]?|'([^'<>]*)['<>]?|([^\s"'<>]*))"""
)
_LABEL = expression(r"((?:[^<\r\n]|(?:\r\n?|\n)(?![ \t]*[\r\n])){0,200})(</a\s*>)?", re.IGNORECASE)
_WRAPPER = expression(r"\[[^\[\]()\r\n]{1,20}\]\($")
_TIME = expression(r"(?:(?P<hours>[0-9]{1,2}):(?P<minutes>[0-9]{2})|(?P<only>[0-9]{1,2})):(?P<seconds>[0-9]{2})")
_CLOCK = r"((?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2})"
_EXACT = expression(rf'<a class="yt-timestamp" data-t="{_CLOCK}">\[{_CLOCK}\]</a>(?!\))')
"""A well-formed anchor outside a Markdown link; its times need not be valid."""

_SEVERAL = expression(r"\s*[0-9:]{1,12}(?:\s?(?:--?|–|—|to|,|;)\s?[0-9:]{1,12}|(?!))++\s*")
_PARTS = expression(r"[0-9]+(?::[0-9]+)+")
_FRACTION = expression(r"([0-9:]*:[0-9]{2})\.[0-9]*")
_SECONDS = expression(r"(?:(?P<hours>[0-9]+)h)?(?:(?P<minutes>[0-9]+)m)?(?:(?P<seconds>[0-9]+)(?:\.[0-9]*)?s?)?")
_FRAGMENT_TIME = expression(r"(?:^|&)t=([^&]*)")
_PLACEHOLDER = expression(r"[HMSXYhmsxy?]{1,4}(?::[HMSXYhmsxy?]{1,4})+|N/?A|TBD|TODO", re.IGNORECASE)


def timestamps(text: str, start: int, opaque: Opaque) -> Iterable[Timestamp]:
    """Anchors outside code, by offset."""
    attributes = text.encode("utf-8", "replace").lower().count(b"data-t")  # ASCII only; bytes are faster than text
    marks = text.count("yt-timestamp")
    if not marks and not attributes:
        return ()
    exact = [*_EXACT.finditer(text, start)]
    if not len(exact) == marks == attributes:
        return _of_marks(text, start, opaque)
    return [_exact(match) for match in exact if not opaque.is_hidden(match.start())]


def _exact(match: re.Match[str]) -> Timestamp:
    """The same as `_anchor`, for an anchor without faults except perhaps in its times."""
    (start, end), (first, last), (label_first, label_last) = match.regs
    time, label = match.groups()
    seconds, fault = shown = _clock(time)
    if label != time:
        shown = _clock(label)
    return Timestamp(
        Span(start, end),
        Time(time, Span(first, last), seconds, fault),
        Time(label, Span(label_first, label_last), *shown),
    )


def _of_marks(text: str, start: int, opaque: Opaque) -> Iterator[Timestamp]:
    """All anchors, with any fault."""
    done = start
    for match in _MARK.finditer(text, start):
        if match.start() < done:
            continue
        opening = _TAG_START.search(text, max(done, match.start() - 200), match.start())
        if opening is None or opaque.is_hidden(opening.start()):
            continue
        tag = _TAG_END.match(text, match.end())
        tag_end = tag.end() if tag else _rest_end(text, match.end())
        if match[0] != "yt-timestamp" and "yt" not in text[opening.start() : tag_end]:
            continue  # an anchor for something else
        found = _anchor(text, opening.start(), tag_end, closed=tag is not None)
        done = found.span.end
        yield found


def _anchor(text: str, start: int, tag_end: int, closed: bool) -> Timestamp:
    attribute = _ATTRIBUTE.search(text, start, tag_end)
    time = None
    if attribute is not None:
        group = next(i for i in (1, 2, 3) if attribute[i] is not None)
        time = read_time(text, Span(*attribute.span(group)))
    fault = _tag_fault(text, Span(start, tag_end), closed, attribute is not None)
    if not closed:
        return Timestamp(Span(start, tag_end), time, None, fault)
    label_match = _LABEL.match(text, tag_end)
    assert label_match is not None  # noqa: S101  # every part of the pattern is optional
    if label_match[2] is None:
        return Timestamp(Span(start, tag_end), time, None, fault or AnchorFault.NOT_CLOSED)
    span = Span(start, label_match.end())
    written = label_match[1].strip()
    at = tag_end + label_match[1].index(written)
    label = None
    if written.startswith("[") and written.endswith("]"):
        label = _label_time(text, Span(at + 1, at + len(written) - 1))
    elif written:
        label = read_time(text, Span(at, at + len(written)))
        fault = fault or (AnchorFault.NO_BRACKETS if "[" not in written and "]" not in written else None)
    wrapper = _WRAPPER.search(text, max(0, start - 30), start)
    if wrapper is not None and text.startswith(")", span.end):
        return Timestamp(span, time, label, AnchorFault.WRAPPED, Span(wrapper.start(), span.end + 1))
    if fault is AnchorFault.NO_BRACKETS and text[start - 1 : start] == "[":
        is_alone = text.startswith("]", span.end) and not text.startswith("](", span.end)
        outer = Span(start - 1, span.end + 1) if is_alone else None
        return Timestamp(span, time, label, AnchorFault.OUTER_BRACKETS, outer)
    return Timestamp(span, time, label, fault or (AnchorFault.EMPTY if label is None else None))


def _label_time(text: str, span: Span) -> Time:
    """The time of a label; for a range or list, the first that is not valid, else the first."""
    if _SEVERAL.fullmatch(text, span.start, span.end) is None:
        return read_time(text, span)
    times = [read_time(text, Span(*one.span())) for one in _PARTS.finditer(text, span.start, span.end)]
    return next((time for time in times if time.fault is not None), times[0]) if times else read_time(text, span)


def _tag_fault(text: str, tag: Span, closed: bool, has_time: bool) -> AnchorFault | None:
    if not text[tag.start + 2 : tag.start + 3].isspace():
        return AnchorFault.NO_TAG
    if not closed:
        return AnchorFault.UNCLOSED_TAG
    if not has_time:
        return AnchorFault.NO_TIME
    return None if _CLASS.search(text, tag.start, tag.end) else AnchorFault.CLASS


def _rest_end(text: str, offset: int) -> int:
    rest = _TAG_REST.match(text, offset)
    return rest.end() if rest else offset


def read_time(text: str, span: Span) -> Time:
    """The time at `span`: H:MM:SS, HH:MM:SS, MM:SS or M:SS."""
    written = text[span.start : span.end]
    return Time(written, span, *_clock(written.strip()))


def read_exact_time(text: str, span: Span) -> Time:
    """The time at `span`, with an optional fraction of a second: `00:00:31.50`."""
    written = text[span.start : span.end]
    match = _FRACTION.fullmatch(written)
    return Time(written, span, *_clock(match[1] if match else written))


def read_address_time(text: str, span: Span) -> Time:
    """The time in an address at `span`: seconds, `1h2m3s` or a clock time, all with optional fractions.

    For a media fragment (`10,20`, `npt:10,20`, `,20`) it is the first time that is not valid, else the first. See
    https://www.w3.org/TR/media-frags/#naming-time.
    """
    written = text[span.start : span.end]
    decoded = unquote(written)
    if decoded == written:
        return _fragment_time(text, span)
    time = _fragment_time(decoded, Span(0, len(decoded)))
    return Time(written, span, time.seconds, time.fault)  # its parts have no spans of their own


def _fragment_time(text: str, span: Span) -> Time:
    written = text[span.start : span.end]
    start = span.start + (len("npt:") if written.startswith("npt:") else 0)
    mark = text.find(",", start, span.end)
    first = _seconds(text, Span(start, span.end if mark < 0 else mark))
    last = _seconds(text, Span(mark + 1, span.end)) if 0 <= mark < span.end - 1 else None
    if last is not None and last.fault is not None:
        return last
    if mark == start:  # an empty start is the beginning
        return Time(written, span, None, TimeFault.EMPTY) if last is None else Time(written, span, 0)
    return first


def _seconds(text: str, span: Span) -> Time:
    """One time in an address."""
    written = text[span.start : span.end]
    match = _SECONDS.fullmatch(written)
    if match is None or not written:
        return read_exact_time(text, span)
    hours, minutes, seconds = (int((match[name] or "0")[:9]) for name in ("hours", "minutes", "seconds"))
    return Time(written, span, hours * 3600 + minutes * 60 + seconds)


def fragment_time(subpath: str) -> Span | None:
    """The span of the time in a media fragment: the `75` of `t=75`."""
    match = _FRAGMENT_TIME.search(subpath)
    return Span(*match.span(1)) if match else None


def is_time(subpath: str) -> bool:
    """Whether a subpath is a time: `t=75` as for media, or `12:34`."""
    if subpath.startswith("t="):
        return read_address_time(subpath, Span(2, len(subpath))).seconds is not None
    return read_exact_time(subpath, Span(0, len(subpath))).seconds is not None


@lru_cache(2_000)
def _clock(written: str) -> tuple[int | None, TimeFault | None]:
    """The time in seconds, or what is wrong with it."""
    match = _TIME.fullmatch(written)
    if match is None:
        return None, _fault(written)
    hours, minutes, seconds = (
        int(part or 0) for part in (match["hours"], match["minutes"] or match["only"], match["seconds"])
    )
    return (hours * 3600 + minutes * 60 + seconds, None) if minutes < 60 and seconds < 60 else (None, TimeFault.RANGE)


def _fault(written: str) -> TimeFault:
    if not written:
        return TimeFault.EMPTY
    if _PLACEHOLDER.fullmatch(written):
        return TimeFault.PLACEHOLDER
    if _PARTS.fullmatch(written):
        parts = written.split(":")
        if len(parts) > 3:
            return TimeFault.PARTS
        over = any(int(part.lstrip("0")[:3] or 0) > 59 for part in parts[-2:])
        return TimeFault.RANGE if over else TimeFault.FORM
    if _TIME.search(written) and _TIME.fullmatch(written.strip("[](){}<>\"'` ,;.")):
        return TimeFault.STRAY
    return TimeFault.NO_TIME
