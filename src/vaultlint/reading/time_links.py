"""Times in other forms than the anchor: `[12:34](https://youtu.be/ID?t=754)`, and bare `[00:12:34]`."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from vaultlint.note import FrontMatter, Link, Time, TimeFault, Timestamp, TimestampForm, fact, texts
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.links import Links, written_link
from vaultlint.reading.regions import Opaque, Regions, is_escaped
from vaultlint.reading.timestamps import read_time, timestamps
from vaultlint.text import Span

_PARAMETER = re.compile(r"[?&#](?:t|start|time_continue)=([^&#\s]*)")
_FRAGMENT = re.compile(r"^#([0-9]+(?::[0-9]+)+)$")
_SECONDS = re.compile(r"(?:(?P<hours>[0-9]+)h)?(?:(?P<minutes>[0-9]+)m)?(?:(?P<seconds>[0-9]+)(?:\.[0-9]+)?s?)?")
_MEDIA_TIME = re.compile(r"t=([^&,]*)")
_LABEL = re.compile(r"[\[(]?\s*([0-9]{1,3}(?::[0-9]{1,3}){1,3})\s*[\])]?")
_ONE = r"[0-9]{1,3}(?::[0-9]{2,3}){1,3}"
_BARE = re.compile(rf"\[(?<![\[>]\[)({_ONE}(?: ?(?:-{{1,2}}|–|—|to|,|;) ?{_ONE})*+)\](?![\[(\]])")
_TIME = re.compile(_ONE)
_VIDEO_NAMES = frozenset({"videoid", "video", "video_id", "youtube"})
_ADDRESS_NAMES = frozenset({"url", "source", "link"})
_VIDEO_ADDRESS = re.compile(r"youtu\.?be|vimeo\.com")
_MEDIA = (".mp3", ".mp4", ".m4a", ".wav", ".webm", ".ogg", ".ogv", ".mov", ".mkv", ".flac", ".3gp")


def names_video(front_matter: FrontMatter | None) -> bool:
    """Whether a property says which video the note is about, so that its bracketed times are times of a video."""
    for item in front_matter.properties if front_matter else ():
        name = item.name.lower()
        if name in _VIDEO_NAMES or (name in _ADDRESS_NAMES and any(map(_VIDEO_ADDRESS.search, texts(item.value)))):
            return True
    return False


def time_links(text: str, tokens: Iterable[Token]) -> Iterator[Timestamp]:
    """Markdown links with a time in their address; the label is None if it is words."""
    for token in tokens:
        if token.kind is not TokenKind.LINK:
            continue
        match = _PARAMETER.search(token.detail) or _FRAGMENT.match(token.detail)
        written = written_link(text, token) if match is not None else None
        if match is None or written is None:
            continue
        at = text.find(match[1], written.destination.start, written.destination.end)
        span = Span(at, at + len(match[1])) if at >= 0 else written.destination
        label = _LABEL.fullmatch(text, written.label.start, written.label.end)
        time = _address_time(match[1], span)
        if time.fault is not None and label is None:
            continue  # `t=` means other things on other sites
        yield Timestamp(
            span=Span(token.start, token.end),
            time=time,
            label=read_time(text, Span(*label.span(1))) if label else None,
            form=TimestampForm.LINK,
        )


def media_times(links: Iterable[Link]) -> Iterator[Timestamp]:
    """`#t=` in embeds and links of media files: `![[talk.mp4#t=75]]`."""
    for link in links:
        match = _MEDIA_TIME.match(link.subpath)
        if match is not None and link.target.lower().endswith(_MEDIA):
            start = link.subpath_span.start + match.start(1)
            time = _address_time(match[1], Span(start, start + len(match[1])))
            yield Timestamp(link.span, time, None, form=TimestampForm.LINK)


def bare_times(text: str, start: int, opaque: Opaque, others: Iterable[Timestamp]) -> Iterator[Timestamp]:
    """Times, ranges and lists of times in brackets, each time for itself; none inside another timestamp."""
    taken = Regions(sorted(timestamp.outer or timestamp.span for timestamp in others))
    for match in _BARE.finditer(text, start):
        if opaque.at(match.start()) or taken.around(match.start()) or is_escaped(text, match.start()):
            continue
        for one in _TIME.finditer(text, *match.span(1)):
            time = read_time(text, Span(*one.span()))
            if time.fault is not TimeFault.FORM:  # `[16:9]` is a ratio
                yield Timestamp(Span(*one.span()), None, time, form=TimestampForm.BARE)


def further_times(text: str, start: int, opaque: Opaque, patterns: Iterable[str]) -> Iterator[Timestamp]:
    """What the patterns of a configuration find; their group `time` holds the time.

    A pattern that takes longer than two seconds on a note is given up there.
    """
    for pattern in patterns:
        import regex  # takes a limit, so that no pattern can hang

        with suppress(TimeoutError):
            for match in regex.finditer(pattern, text, pos=start, timeout=2):
                if not opaque.is_hidden(match.start()) and match.group("time") is not None:
                    time = read_time(text, Span(*match.span("time")))
                    yield Timestamp(Span(*match.span()), None, time, form=TimestampForm.BARE)


def _address_time(written: str, span: Span) -> Time:
    """The time in an address: seconds, `1h2m3s`, or a clock time."""
    match = _SECONDS.fullmatch(written)
    if match is not None and written:
        hours, minutes, seconds = (int((match[name] or "0")[:9]) for name in ("hours", "minutes", "seconds"))
        return Time(written, span, hours * 3600 + minutes * 60 + seconds)
    clock = read_time(written, Span(0, len(written)))
    return Time(written, span, clock.seconds, clock.fault)


class Timestamps(Links):
    """The timestamps in every form."""

    @fact
    def timestamps(self) -> tuple[Timestamp, ...]:
        """See `Facts`."""
        text, start, opaque = self.text, self.body_start, self.opaque
        found = [*timestamps(text, start, opaque), *time_links(text, self.tokens), *media_times(self.body_links)]
        if found or names_video(self.front_matter):
            found += bare_times(text, start, opaque, found)
        found += further_times(text, start, opaque, self.dialect.timestamp_patterns)
        found.sort(key=lambda timestamp: timestamp.span)
        return tuple(found)
