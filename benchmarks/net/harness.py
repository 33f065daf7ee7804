"""A vault that changes, and three comparisons that must give equal results after every change.

(a) A cached run prints what a fresh one prints.

(b) An updated workspace gives the same answers as a new one.

(c) `check --staged` reports the difference of two full runs, one on the files of HEAD and one on those of the index,
each with the settings on disk and the history of HEAD. A finding of the second run is reported

- always, in a file that is new or whose content changed;
- in a file that was only renamed, if the first run had no finding of that rule at that place of the file, and not if
  it had the same finding; if it had one with another message, both are allowed;
- in any other file, if its rule is in `BROKEN` and the first run had no finding of that rule at that place; then its
  message ends with a cause, but see `LEADS_ON`.

The reported finding equals that of the second run except for the cause. For a broken link to a renamed file, the hook
knows more than a full run, so message, fix and related places may differ. With a cause, the message does not say when
a file of that name was deleted. Findings of rules on changes themselves (`OF_CHANGES`) are left out of (c).
"""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, chdir, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from unittest.mock import patch

from click.testing import CliRunner
from msgspec import Struct

from benchmarks.net.edits import SETTINGS, VIDEOS, Action, Check, CheckStaged, Commit, Stage, make
from vaultlint.cli import cli
from vaultlint.config.places import Options
from vaultlint.files.discovery import discover
from vaultlint.project import find_project
from vaultlint.rules import RULES
from vaultlint.workspace import OnDisk, Workspace

BROKEN = ("broken-link", "broken-anchor", "ambiguous-link")
"""Rules that can report a link because of a change outside its note."""

LEADS_ON = "only because the other files with that name have longer paths"
"""Part of the message on a link that still leads to the same file, so that a change may or may not have caused it."""

CAUSE = " in this change"

MODES = ("settled", "young", "hash")
"""How the cached run sees that a file did not change: by its state; by its content, because its state is too new to
be trusted; or by its content, because an option demands it. In the last mode, runs that find nothing cached work in
several processes."""

_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}

_LEAVING_OUT = (".gitignore", ".obsidian/app.json", ".obsidian/templates.json")
_EXCLUDE = re.compile("^exclude = .*\n", re.MULTILINE)

_DELETED = re.compile("; it was deleted on [0-9-]+$")

_RULES = "benchmarks.net.odd_rules"
_ENTRIES = {
    "same-opening": "SameOpening",
    "popular-tag": "PopularTag",
    "much-linked": "MuchLinked",
    "longest-note": "LongestNote",
    "busy-word": "BusyWord",
    "common-slip": "CommonSlip",
}


@contextmanager
def trusted_states() -> Iterator[None]:
    """Let the cache trust the states of files that have just changed.

    A file's change time can't be set, so without this no file would be old enough. Only this function knows where the
    cache defines the limit.
    """
    with patch("vaultlint.cache.store.YOUNG", 0):
        yield


@contextmanager
def several_processes() -> Iterator[None]:
    """Let runs that find nothing cached use two processes, however small the vault is."""
    with (
        patch("vaultlint.processes.SMALLEST", 0),
        patch("vaultlint.workspace.LINTED_FIRST", 1),
        patch("vaultlint.workspace.usable_processors", return_value=2),
    ):
        yield


class WorkspaceAnswers(Protocol):
    """The part of a workspace that comparison (b) needs."""

    def update(self, changed: Iterable[str]) -> Iterable[str]:
        """Read changes on disk; return the paths whose findings have changed.

        Args:
            changed: paths of new, deleted and changed files, from the root of the vault; those in `SETTINGS` may be
                among them.
        """

    def findings(self) -> Mapping[str, Any]:
        """The findings of each file by path, in a comparable form; files without findings may be left out."""


class _Updated:
    """A workspace that is updated; if settings change, it is opened again."""

    def __init__(self, vault: Path, is_parallel: bool) -> None:
        self._vault = vault
        self._is_parallel = is_parallel
        self._workspace = self._opened()

    def _opened(self) -> Workspace:
        with several_processes() if self._is_parallel else nullcontext():
            workspace = Workspace.open(find_project(Options(paths=(self._vault,))))
            workspace.lint()
        return workspace

    def update(self, changed: Iterable[str]) -> Iterable[str]:
        """See `WorkspaceAnswers`."""
        changed = [*changed]
        if not {*SETTINGS}.isdisjoint(changed):
            before = self.findings()
            self._workspace = self._opened()
            after = self.findings()
            return {path for path in {*before, *after} if before.get(path) != after.get(path)}
        return self._workspace.update(OnDisk(path) for path in changed)

    def findings(self) -> Mapping[str, Any]:
        """See `WorkspaceAnswers`."""
        found = {path: [*self._workspace.findings(path)] for path in self._workspace.reported()}
        return {path: some for path, some in found.items() if some}


def workspace_answers(vault: Path, *, is_parallel: bool = False) -> WorkspaceAnswers:
    """A workspace opened on a vault, for comparison (b); with `is_parallel`, by two processes."""
    return _Updated(vault, is_parallel)


@contextmanager
def surroundings(folder: Path) -> Iterator[None]:
    """Install the plug-in as an installer would, and hide the user's settings for git and vaultlint."""
    metadata = folder / "vaultlint_net-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.4\nName: vaultlint-net\nVersion: 1.0\n", "utf-8")
    entries = "".join(f"{name} = {_RULES}:{cls}\n" for name, cls in _ENTRIES.items())
    (metadata / "entry_points.txt").write_text(f"[vaultlint.rules]\n{entries}", "utf-8")
    hidden = [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT", "VAULTLINT_")) or name == "CI"]
    environment = {name: value for name, value in os.environ.items() if name not in hidden} | _GIT
    # Looking for plug-ins takes a fifth of a run; the result is cached, because none is installed in between.
    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "path", [str(folder), *sys.path]),
        patch("importlib.metadata.entry_points", cache(importlib.metadata.entry_points)),
    ):
        yield


def rule_names() -> list[str]:
    """The names of all rules, with those of the plug-in."""
    ran = CliRunner().invoke(cli, ["rules"], catch_exceptions=False)
    return [line.split()[0] for line in ran.stdout.splitlines()]


class Difference(Struct, frozen=True):
    """Two answers that should be equal; `kind` groups similar differences."""

    kind: str
    text: str


class Ran(NamedTuple):
    """The exit code and output of a run of the command."""

    code: int
    out: str
    err: str


class Net:
    """One vault in its own folder, with its cache beside it.

    Args:
        folder: an empty folder.
        mode: one of `MODES`.
    """

    def __init__(self, folder: Path, mode: str) -> None:
        self.top, self.vault, self._cache = folder / "top", folder / "top" / "vault", folder / "cache"
        self._exports = folder / "exports"
        self.mode = mode
        self._number = 0
        self.actions: list[Action] = []
        self.vault.mkdir(parents=True)
        self._workspace = workspace_answers(self.vault, is_parallel=mode == "hash")
        self._states: dict[str, tuple[int, ...]] = {}

    @property
    def is_repository(self) -> bool:
        """Whether there was a commit."""
        return (self.top / ".git").exists()

    def do(self, action: Action) -> Difference | None:
        """Do an edit or a comparison; return the difference if there is one."""
        self.actions.append(action)
        self._number += 1
        if isinstance(action, Check):
            return self._compare_runs(("check", *action.arguments)) or self._compare_workspaces()
        if isinstance(action, CheckStaged):
            return self._compare_staged()
        if isinstance(action, Commit):
            if not self.is_repository:
                self._git("init", "-q", "-b", "main")
            self._stage()
            self._git("commit", "-q", "--allow-empty", "-m", "x")
        elif isinstance(action, Stage):
            self._stage()
        else:
            make(action, self.vault, self._number)
        return None

    def _stage(self) -> None:
        self._git("add", "-A")
        # By itself, git misses an edit that keeps the time and the size of a file that was staged in the same second.
        self._git("add", "--renormalize", ".")

    def _git(self, *command: str, environment: Mapping[str, str] | None = None) -> bytes:
        done = subprocess.run(  # noqa: S603
            ["git", *command],  # noqa: S607
            cwd=self.top,
            env=None if environment is None else os.environ | environment,
            capture_output=True,
            check=True,
        )
        return done.stdout

    def _run(self, *arguments: str, cwd: Path | None = None) -> Ran:
        with ExitStack() as stack:
            stack.enter_context(chdir(cwd or self.vault))
            if self.mode == "settled":
                stack.enter_context(trusted_states())
            ran = CliRunner().invoke(cli, arguments, prog_name="vaultlint", catch_exceptions=False)
            return Ran(ran.exit_code, ran.stdout, ran.stderr)

    def _fresh(self, *arguments: str, cwd: Path | None = None) -> Ran:
        return self._run(*arguments, "--no-cache", "--jobs=1", cwd=cwd)

    def _cached(self, *arguments: str) -> Ran:
        if self.mode != "hash":
            return self._run(*arguments, f"--cache-dir={self._cache}", "--jobs=1")
        with several_processes():
            return self._run(*arguments, f"--cache-dir={self._cache}", "--cache-check=hash")

    def _compare_runs(self, arguments: Sequence[str]) -> Difference | None:
        """Comparison (a)."""
        cached, fresh = self._cached(*arguments), self._fresh(*arguments)
        if fresh.code not in (0, 1) and "People" not in arguments:  # the folder may not exist
            return Difference("wrong use", fresh.err)
        if fresh.code in (0, 1) and "--format=json" in arguments and not self._is_of_vault(fresh.out):
            return Difference("wrong use", f"another vault: {fresh.out}")
        if cached == fresh:
            return None
        staged = "staged " if "--staged" in arguments else ""
        if "--format=json" in arguments and cached.code in (0, 1):
            kinds, lines = differences(json.loads(cached.out), json.loads(fresh.out))
            return Difference(f"{staged}cached: {kinds}", "\n".join(lines))
        return Difference(f"{staged}cached: {' '.join(arguments)}", f"cached: {cached}\nfresh: {fresh}")

    def _is_of_vault(self, document: str) -> bool:
        return Path(json.loads(document)["root"]).samefile(self.vault)

    def _compare_workspaces(self) -> Difference | None:
        """Comparison (b)."""
        states = _states(self.vault)
        paths = {path for path in {*states, *self._states} if states.get(path) != self._states.get(path)}
        self._states = states
        before = dict(self._workspace.findings())
        told = set(self._workspace.update(sorted(paths)))
        updated, rebuilt = self._workspace.findings(), workspace_answers(self.vault)
        anew = rebuilt.findings()
        wrong = sorted(path for path in {*updated, *anew} if (updated.get(path) or ()) != (anew.get(path) or ()))
        if wrong:
            lines = [f"{path}: updated {updated.get(path)}, rebuilt {anew.get(path)}" for path in wrong]
            return Difference("workspace: findings", "\n".join(lines))
        changed = {path for path in {*updated, *before} if (updated.get(path) or ()) != (before.get(path) or ())}
        untold = sorted(changed - told)
        return Difference("workspace: untold paths", "\n".join(untold)) if untold else None

    def _compare_staged(self) -> Difference | None:
        """Comparison (c), and (a) for the same command."""
        if b"120000" in self._git("ls-files", "--stage") + self._git("ls-tree", "-r", "HEAD"):
            return None  # files behind a symbolic link are read from disk, not from the index
        arguments = ("check", "--staged", "--format=json")
        if (difference := self._compare_runs(arguments)) is not None:
            return difference
        said = json.loads(self._fresh(*arguments).out)["diagnostics"]
        said = [one for one in said if one["rule"] not in OF_CHANGES]
        shutil.rmtree(self._exports, ignore_errors=True)
        before, after = self._full_run("HEAD"), self._full_run(None)
        changed, origins = self._changes()
        return staged_difference(said, introduced(before, after, changed, origins), after, bool(origins))

    def _changes(self) -> tuple[set[str], dict[str, str]]:
        """Paths in the index with new content, and the old paths of renamed files by the new ones."""
        options = ("--no-ext-diff", "--find-renames", "--raw", "--no-abbrev", "-z")
        fields = iter(self._git("diff", "--cached", *options, "HEAD").decode().split("\0")[:-1])
        changed: set[str] = set()
        origins: dict[str, str] = {}
        for head in fields:
            _, _, old_blob, blob, status = head.split(" ")
            path = next(fields).removeprefix("vault/")
            if status.startswith("R"):
                new = next(fields).removeprefix("vault/")
                origins[new] = path
                path = new
            if status[0] in "AMT" or (status[0] == "R" and blob != old_blob):
                changed.add(path)
        return changed, origins

    def _full_run(self, tree: str | None) -> list[dict[str, Any]]:
        """All findings in the files of a commit, or of the index if `tree` is None, with the settings on disk."""
        folder = self._exports / (tree or "index")
        folder.mkdir(parents=True)
        environment = {}
        if tree is not None:
            environment = {"GIT_INDEX_FILE": str(self._exports / "index-of-tree")}
            self._git("read-tree", tree, environment=environment)
        self._git("checkout-index", "--all", f"--prefix={folder}/", environment=environment)
        vault = folder / "vault"
        vault.mkdir(exist_ok=True)
        (folder / ".git").write_text(f"gitdir: {self.top / '.git'}\n", "utf-8")  # so that it has the history
        for path in SETTINGS:
            (vault / path).unlink(missing_ok=True)
            if (self.vault / path).exists() and (tree is None or path not in _LEAVING_OUT):
                (vault / path).parent.mkdir(exist_ok=True)
                text = (self.vault / path).read_text("utf-8")
                # For a renamed file, the findings before count, even if the old path was excluded.
                (vault / path).write_text(text if tree is None else _EXCLUDE.sub("", text), "utf-8")
        shutil.rmtree(vault / VIDEOS, ignore_errors=True)
        if (self.vault / VIDEOS).is_dir():  # these are not versioned
            shutil.copytree(self.vault / VIDEOS, vault / VIDEOS)
        ran = self._fresh("check", "--format=json", cwd=vault)
        found: list[dict[str, Any]] = json.loads(ran.out)["diagnostics"]
        return found


def _states(vault: Path) -> dict[str, tuple[int, ...]]:
    """The states of all files, to find those that changed."""
    states: dict[str, tuple[int, ...]] = {}
    found = discover(vault)  # by every path, also through symbolic links
    links = (one.removesuffix("/") for one in found.not_followed)
    for path in (*(source.path for source in found.notes), *found.attachments, *links, *SETTINGS):
        try:
            state = (vault / path).stat() if (vault / path).exists() else (vault / path).lstat()
        except OSError:
            continue
        states[path] = state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino
    return states


OF_CHANGES = frozenset(rule.name for rule in RULES if rule.rung == "check_change")
"""Rules that report a change itself; a full run has no such findings."""

Key = tuple[str, str, int, int]


def place(one: Mapping[str, Any], path: str | None = None) -> Key:
    """Rule and place of a finding, which identify it in an unchanged text."""
    return one["rule"], path or one["path"], one["start"]["line"], one["start"]["column"]


class Wanted(NamedTuple):
    """Findings of the second full run: those that `--staged` must report, those with a cause, and optional ones."""

    new: list[Mapping[str, Any]]
    caused: list[Mapping[str, Any]]
    possible: list[Mapping[str, Any]]


def introduced(
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    changed: set[str],
    origins: Mapping[str, str],
) -> Wanted:
    """The findings of the second full run that are not in the first; see the module's docstring."""
    wanted = Wanted([], [], [])
    old: dict[Key, list[str]] = {}
    for one in before:
        old.setdefault(place(one), []).append(one["message"])
    changed_words: list[Mapping[str, Any]] = []
    for one in after:
        messages = old.get(place(one, origins.get(one["path"])), [])
        if one["path"] in changed:
            wanted.new.append(one)
        elif one["message"] in messages:
            messages.remove(one["message"])
        else:
            changed_words.append(one)
    for one in changed_words:
        is_old = bool(old.get(place(one, origins.get(one["path"]))))
        if one["path"] in origins:
            (wanted.possible if is_old else wanted.new).append(one)
        elif one["rule"] in BROKEN and not is_old:
            (wanted.possible if LEADS_ON in one["message"] else wanted.caused).append(one)
    return wanted


def staged_difference(
    said: Sequence[Mapping[str, Any]], wanted: Wanted, after: Sequence[Mapping[str, Any]], knows_renames: bool
) -> Difference | None:
    """The first finding that `--staged` misses, invents or reports wrongly; `knows_renames` if files were renamed."""
    left = list(said)
    for one in (*wanted.new, *wanted.caused):
        twins = [other for other in left if place(other) == place(one)]
        if not twins:
            return Difference(f"staged: missing {one['rule']}", str(one))
        undated = _DELETED.sub("", one["message"])
        twin = max(twins, key=lambda other: other["message"].startswith(undated))
        left.remove(twin)
        is_caused = twin["message"].endswith(CAUSE)
        if one in wanted.caused and not is_caused:
            return Difference(f"staged: no cause {one['rule']}", str(twin))
        if is_caused and knows_renames and one["rule"] == "broken-link":
            continue
        told = dict(twin) | ({"message": twin["message"].rpartition("; ")[0]} if is_caused else {})
        full = {**one, "message": undated} if is_caused else one
        if told != full:
            fields = ", ".join(sorted(name for name in full if told.get(name) != full[name]))
            return Difference(f"staged: {fields} of {one['rule']}", f"staged: {twin}\nfull: {one}")
    possible = [*map(place, wanted.possible)]
    for one in left:
        if place(one) in possible:
            possible.remove(place(one))
            continue
        what = "needless" if place(one) in map(place, after) else "invented"
        return Difference(f"staged: {what} {one['rule']}", str(one))
    return None


def differences(cached: Mapping[str, Any], fresh: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The kind of difference between two documents, and its lines."""
    kinds: set[str] = set()
    lines: list[str] = []
    sides = [_by_place(document["diagnostics"]) for document in (cached, fresh)]
    for key in sorted({*sides[0], *sides[1]}):
        ours, theirs = (side.get(key, []) for side in sides)
        if ours == theirs:
            continue
        if len(ours) != len(theirs):
            kinds.add(f"{'missing' if len(ours) < len(theirs) else 'needless'} {key[0]}")
        else:
            fields = sorted({name for a, b in zip(ours, theirs, strict=True) for name in a if a[name] != b[name]})
            kinds.update(f"{name} of {key[0]}" for name in fields)
        lines.append(f"{key}\n  cached: {ours}\n  fresh:  {theirs}")
    if not kinds:
        kinds.add("order" if cached["summary"] == fresh["summary"] else "summary")
        lines.append(f"cached: {cached['summary']}\nfresh: {fresh['summary']}")
    return ", ".join(sorted(kinds)), lines


def _by_place(found: Sequence[dict[str, Any]]) -> dict[Key, list[dict[str, Any]]]:
    by_place: dict[Key, list[dict[str, Any]]] = {}
    for one in found:
        by_place.setdefault(place(one), []).append(one)
    return by_place
