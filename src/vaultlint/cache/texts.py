"""How the findings in a note were shown, so that a run in which one note has changed need not lay out the others."""

from collections.abc import Collection

from vaultlint.cache.store import Cache


class Texts:
    """The texts of one profile, as of the findings that are saved.

    Args:
        cache: where they are.
        profile: digest of the profile.
        paths: notes whose findings are saved.
    """

    def __init__(self, cache: Cache, profile: bytes, paths: Collection[str]) -> None:
        self._cache = cache
        self._profile = profile
        self._paths = paths
        self._known: dict[str, dict[str, bytes]] = {}
        self._new: dict[str, dict[str, str]] = {}

    def shown(self, path: str, view: str, mark: str = "") -> bytes | None:
        """How what was found in a note was shown to a view, in UTF-8; None if it was not.

        `mark` stands for all that this depends on beside the note's own findings.
        """
        if path not in self._paths:
            return None
        if view not in self._known:
            self._known[view] = self._cache.texts(self._profile, view)
        text = self._known[view].get(path)
        return text[len(mark) :] if text is not None and text.startswith(mark.encode()) else None

    def show(self, path: str, view: str, text: str, mark: str = "") -> None:
        """Say how it is shown to a view."""
        if path in self._paths:
            self._new.setdefault(view, {})[path] = mark + text

    def save(self) -> None:
        """Save what was shown for the next run."""
        for view, texts in self._new.items():
            self._cache.save_texts(self._profile, view, texts)
