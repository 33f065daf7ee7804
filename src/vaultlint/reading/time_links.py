"""Times other than in anchors: `[12:34](https://youtu.be/ID?t=754)`, and bare `[00:12:34]`."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from msgspec.structs import replace

from vaultlint.expressions import expression
from vaultlint.note import FrontMatter, Link, TimeFault, Timestamp, TimestampForm, fact, texts
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.links import Links, written_link
from vaultlint.reading.regions import Opaque, Regions, is_escaped
from vaultlint.reading.timestamps import (
    fragment_time,
    read_address_time,
    read_exact_time,
    read_time,
    timestamps,
)
from vaultlint.text import Span

_ADDRESS = expression(
    r"(?:[A-Za-z][A-Za-z0-9+.\-]*+:)?(?://(?P<host>[^/?#]*+))?(?P<path>[^?#]*+)(?P<rest>.*)", re.DOTALL
)
_PARAMETER = expression(r"[?&#](?:t|start|time_continue)=([^&#\s]*)")
_OWN_TIME = expression(r"#t=([^&#\s]*)|#([0-9]+(?::[0-9]+)+(?:\.[0-9]*)?)$")
_LABEL = expression(r"[\[(]?\s*([0-9]{1,9}(?::[0-9]{1,9}){1,3}(?:\.[0-9]{1,9})?)\s*[\])]?")
_ONE = r"[0-9]{1,3}:[0-9]{2,3}(?::[0-9]{2,9}(?::[0-9]{2,3})?)?(?![0-9])"
_BARE = expression(rf"\[(?<![\[>]\[)({_ONE}(?: ?(?:-{{1,2}}|–|—|to|,|;) ?{_ONE}|(?!))*+)\](?![\[(\]])")
_TIME = expression(_ONE)
_VIDEO_NAMES = frozenset({"videoid", "video", "video_id", "youtube"})
_ADDRESS_NAMES = frozenset({"url", "source", "link"})
_VIDEO_ADDRESS = expression(r"youtu\.?be|vimeo\.com")
MEDIA = (".mp3", ".mp4", ".m4a", ".wav", ".webm", ".ogg", ".ogv", ".mov", ".mkv", ".flac", ".3gp")


_VIDEO_HOSTS = frozenset(
    {
        *("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "twitch.tv", "dailymotion.com", "dai.ly"),
        *("bilibili.com", "b23.tv", "odysee.com", "rumble.com", "rutube.ru", "streamable.com", "loom.com"),
        *("archive.org", "c-span.org", "media.ccc.de", "soundcloud.com", "open.spotify.com"),
    }
)
"""Video and audio sites, subdomains included; on other sites `t=` and `start=` mean other things."""


def names_video(front_matter: FrontMatter | None) -> bool:
    """Whether a property says which video the note is about; its bracketed times are then times of that video."""
    for item in front_matter.properties if front_matter else ():
        name = item.name.lower()
        if name in _VIDEO_NAMES or (name in _ADDRESS_NAMES and any(map(_VIDEO_ADDRESS.search, texts(item.value)))):
            return True
    return False


def time_links(text: str, tokens: Iterable[Token]) -> Iterator[Timestamp]:
    """Markdown links with a time in their address; the label is None if it is not a time."""
    for token in tokens:
        if token.kind is not TokenKind.LINK:
            continue
        where = _time_in(token.detail)
        written = written_link(text, token) if where is not None else None
        if where is None or written is None:
            continue
        label = _LABEL.fullmatch(text, written.label.start, written.label.end)
        time = read_address_time(token.detail, where)
        if time.fault is not None and label is None:
            continue
        # The character in front is `=` or `#`.
        as_read = token.detail[where.start - 1 : where.end]
        at = text.find(as_read, written.destination.start, written.destination.end) + 1
        moved = at - where.start
        span = Span(time.span.start + moved, time.span.end + moved) if at else written.destination
        yield Timestamp(
            span=Span(token.start, token.end),
            time=replace(time, span=span),
            label=read_exact_time(text, Span(*label.span(1))) if label else None,
            form=TimestampForm.LINK,
            address="" if token.detail.startswith("#") else token.detail,
        )


def _time_in(address: str) -> Span | None:
    """The span of the time in an address of a video site, a media file, or the note's own video."""
    if "=" not in address and ":" not in address:
        return None
    parts = _ADDRESS.match(address)
    if parts is None or not parts["rest"]:
        return None
    start = parts.start("rest")
    if parts["host"] and _is_video_host(parts["host"]):
        match = _PARAMETER.search(address, start)
        return Span(*match.span(1)) if match else None
    if parts["path"].lower().endswith(MEDIA):
        mark = address.find("#", start) + 1
        found = fragment_time(address[mark:]) if mark else None
        return Span(found.start + mark, found.end + mark) if found else None
    own = _OWN_TIME.match(address)
    return Span(*own.span(own.lastindex or 0)) if own else None


def _is_video_host(host: str) -> bool:
    name = host.rpartition("@")[2].partition(":")[0].lower()
    return any(name == one or name.endswith(f".{one}") for one in _VIDEO_HOSTS)


def media_times(text: str, links: Iterable[Link], others: Iterable[Timestamp]) -> Iterator[Timestamp]:
    """`#t=` in embeds and links of media files (`![[talk.mp4#t=75]]`), unless it is another timestamp."""
    taken = {timestamp.span for timestamp in others}
    for link in links:
        if not link.subpath or link.span in taken or not link.target.lower().endswith(MEDIA):
            continue
        at = link.subpath_span.start
        where = fragment_time(text[at : link.subpath_span.end])
        if where is not None:
            time = read_address_time(text, Span(where.start + at, where.end + at))
            yield Timestamp(link.span, time, None, form=TimestampForm.LINK, address=link.target)
        elif (where := fragment_time(link.subpath)) is not None:  # the written text differs (escapes)
            time = replace(read_address_time(link.subpath, where), span=link.subpath_span)
            yield Timestamp(link.span, time, None, form=TimestampForm.LINK, address=link.target)


def bare_times(text: str, start: int, opaque: Opaque, others: Iterable[Timestamp]) -> Iterator[Timestamp]:
    """Times, and each time of ranges and lists, in brackets; none inside another timestamp."""
    taken = Regions(sorted(timestamp.outer or timestamp.span for timestamp in others))
    for match in _BARE.finditer(text, start):
        if opaque.at(match.start()) or taken.around(match.start()) or is_escaped(text, match.start()):
            continue
        for one in _TIME.finditer(text, *match.span(1)):
            time = read_time(text, Span(*one.span()))
            if time.fault is not TimeFault.FORM or time.text.count(":") > 1:  # `[100:09]` may be a ratio
                yield Timestamp(Span(*one.span()), None, time, form=TimestampForm.BARE)


def further_times(text: str, start: int, opaque: Opaque, patterns: Iterable[str]) -> Iterator[Timestamp]:
    """Matches of the configured patterns; their group `time` is the time.

    A pattern that takes longer than two seconds on a note is skipped for the rest of it.
    """
    for pattern in patterns:
        import regex  # has a timeout, so that no pattern can hang

        with suppress(TimeoutError):
            for match in regex.finditer(pattern, text, pos=start, timeout=2):
                if not opaque.is_hidden(match.start()) and match.group("time") is not None:
                    time = read_time(text, Span(*match.span("time")))
                    yield Timestamp(Span(*match.span()), None, time, form=TimestampForm.BARE)


class Timestamps(Links):
    """The timestamps of a note, in all forms."""

    @fact
    def timestamps(self) -> tuple[Timestamp, ...]:
        """See `Facts`."""
        text, start, opaque = self.text, self.body_start, self.opaque
        found = [*timestamps(text, start, opaque), *time_links(text, self.marks)]
        found += media_times(text, self.body_links, found)
        if found or names_video(self.front_matter):
            found += bare_times(text, start, opaque, found)
        found += further_times(text, start, opaque, self.dialect.timestamp_patterns)
        found.sort(key=lambda timestamp: timestamp.span)
        return tuple(found)
