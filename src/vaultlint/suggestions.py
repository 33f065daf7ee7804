"""The name that was probably meant."""

from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The most similar name, if one is similar enough to be a slip."""
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        name, [*map(str, names)], scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=70
    )
    return found[0] if found else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A clause for the end of a message; empty if nothing is near."""
    found = nearest(name, names)
    return f"; did you mean {found!r}?" if found else ""
