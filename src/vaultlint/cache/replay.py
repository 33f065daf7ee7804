"""Prints the report of an earlier run if nothing has changed since: only the states of files are read.

Imports here cost time in every run, so there are no rules and readers among them.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import msgpack

from vaultlint.cache import identity
from vaultlint.cache.store import Cache, Shown, is_young
from vaultlint.config.places import Options, VaultLocation
from vaultlint.digests import blake2b
from vaultlint.files.discovery import (
    OBSIDIAN_SETTINGS,
    Discovery,
    FileState,
    Source,
    content_of,
    discover,
    git_root,
    may_have_git,
    site_files_above,
)


class Replay:
    """The report of a run, if an earlier run had the same one; saves it for later runs.

    Args:
        options: the options of the command line.
        place: the location of the vault.
        manner: how the report is shown; any value that msgpack supports.
        cache: holds the reports.
        completed: adds files known from elsewhere to those found below a folder.
    """

    def __init__(
        self,
        options: Options,
        place: VaultLocation,
        manner: object,
        cache: Cache,
        completed: Callable[[Path, Discovery], Discovery] | None = None,
    ) -> None:
        self._by_content = options.by_content
        began = self._began = time.time_ns()
        found = discover(place.root, place.reach)
        self.found = found if completed is None else completed(place.root, found)
        self._cache = cache
        # A file that has just changed may change again without a visible difference.
        is_settled = options.by_content or not any(is_young(one.state, began) for one in self.found.notes)
        self._key = _key(options, place, manner, self.found) if is_settled else b""

    def shown(self) -> tuple[Shown, list[bytes]] | None:
        """The saved report for the current state, and the pages of its text; None if there is none."""
        report = self._cache.report(self._key) if self._key else None
        if report is not None:
            witnesses = report[0].witnesses
            if identity.states(file for file, _ in witnesses) != witnesses:
                return None
        return report

    @property
    def is_saved(self) -> bool:
        """Whether the report of this run will be saved."""
        return bool(self._key)

    def save(
        self,
        pages: Sequence[bytes],
        total: str,
        failed: bool,
        plugins: Iterable[str],
        beside: Mapping[str, FileState],
    ) -> None:
        """Save the report for later runs.

        Args:
            pages: the parts of its text.
            total: the summary sentence.
            failed: whether the run failed.
            plugins: names of the modules with plug-in rules.
            beside: other files that it depends on, with their states when they were read.
        """
        is_vouched_for = not any(self._by_content or is_young(state, self._began) for state in beside.values())
        if self._key and is_vouched_for:
            witnesses = [*identity.states(identity.modules_of(plugins)), *sorted(beside.items())]
            self._cache.save_report(self._key, Shown(total, failed, witnesses, len(pages)), pages)


def _key(options: Options, place: VaultLocation, manner: object, found: Discovery) -> bytes:
    """A digest of everything that a report depends on."""
    repository = git_root(place.root)
    settings = [place.root / ".obsidian" / name for name in OBSIDIAN_SETTINGS]
    ignoring = [Path(file) for file in found.gitignores]
    if repository is not None:
        above = (folder / ".gitignore" for folder in place.root.parents if folder.is_relative_to(repository))
        ignoring += [*above, repository / ".git" / "info" / "exclude"]
    others = [*settings, *ignoring, place.baseline, place.history, *([] if place.file is None else [place.file])]
    parts = [
        identity.code_digest(),
        [os.fsencode(str(part)) for part in (*place.paths, place.root, place.file, repository, Path.cwd())],
        place.guessed,
        [options.profile, options.select, options.ignore, options.engine, options.no_baseline, manner],
        [(os.fsencode(file), _content(file)) for file in others],
        [(one.path, one.linked, _digest(one) if options.by_content else one.state) for one in found.notes],
        found.attachments,
        found.not_followed,
        _position(place.root),
        site_files_above(place.root),
    ]
    return blake2b(msgpack.encode(parts), digest_size=16).digest()


def _position(root: Path) -> str:
    """The current commit of the vault's git repository, whose history the report uses; empty if there is none."""
    if not may_have_git(root):
        return ""
    from vaultlint.files.git_head import position

    return position(root)


def _content(file: Path) -> bytes | None:
    try:
        return content_of(os.fspath(file))
    except OSError:
        return None


def _digest(source: Source) -> bytes:
    content = _content(Path(source.file))
    return b"" if content is None else blake2b(content, digest_size=16).digest()
