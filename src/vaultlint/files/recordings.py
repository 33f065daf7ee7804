"""The length of video and audio files, if the file states it and `tinytag` is installed."""

from math import ceil


def recorded_length(file: str) -> int | None:
    """The length of a video or audio file in seconds; None if it is unknown."""
    try:
        from tinytag import TinyTag, TinyTagException
    except ImportError:
        return None
    try:
        seconds = TinyTag.get(file, tags=False).duration
    except (TinyTagException, OSError, ValueError):
        return None
    return ceil(seconds) if seconds else None
