"""The length of films and recordings, where the file says it and `tinytag` is installed."""

from math import ceil


def recorded_length(file: str) -> int | None:
    """The length of a film or recording in seconds; None if that can't be told."""
    try:
        from tinytag import TinyTag, TinyTagException
    except ImportError:
        return None
    try:
        seconds = TinyTag.get(file, tags=False).duration
    except (TinyTagException, OSError, ValueError):
        return None
    return ceil(seconds) if seconds else None
