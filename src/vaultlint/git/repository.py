"""The git repository of a vault: its files in commits, in the index and on disk, and renames between them.

Runs the git command line with machine-readable output.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from threading import Timer

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.files.discovery import FileState, content_of, is_linking, shown, state_of
from vaultlint.files.git_head import is_pipe, pipe_for_git, places, start
from vaultlint.text import quoted

_MERGED = "GITHEAD_"
PIECE = 65536
"""Bytes of output that are read at a time."""

MOST_TRIED = 100
"""Most tracked files to try when looking for the top of a work tree, or to name in one command."""

LINK = "120000"
"""The mode of a symbolic link."""

SUBMODULE = "160000"
"""The mode of a submodule."""

MOST_SECONDS = 120.0
"""Time limit for a git command without a limit of its own."""

_EMPTY = {
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813": (
        "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
    ),
}
"""The hash of the empty tree by the hash of the empty file, for SHA-1 and SHA-256 repositories."""

_FILES = frozenset(("100644", "100755"))
_OPTIONS = (
    *("--no-pager", "--no-optional-locks"),
    # Each of these settings may run a program: https://git-scm.com/docs/git-config
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "log.showSignature=false"),
    # `git diff` rewrites the index after a file was touched, even with `--no-optional-locks`.
    *("-c", "core.quotePath=false", "-c", "diff.autoRefreshIndex=false"),
)
_NAMES_ONLY = (
    # Descendants before their ancestors, and all commits, whichever side of a merge won.
    *("--topo-order", "--full-history", "--no-follow", "--format=%cd", "--date=short"),
    *("--no-ext-diff", "--no-textconv", "--raw", "--no-abbrev", "-z", "--no-color"),
    # `-l400`: with more files, git finds only renames without changes.
    *("--find-renames", "--no-rename-empty", "-l400", "--diff-filter=DR", "--ignore-submodules"),
)
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
"""Keeps git from fetching objects that a partial clone lacks, by any protocol."""


class GitError(Exception):
    """Git failed, or the request was invalid; the message says why."""


class GitTimeoutError(GitError):
    """Git took too long."""


class PartialCloneError(GitError):
    """A partial clone lacks contents that are needed, and git must not fetch them."""


class TreeEntry(Struct, frozen=True, gc=False):
    """A file as git stores it: the mode and the hash of its content."""

    mode: str
    blob: str


class Snapshot(Struct, frozen=True):
    """The vault's files at one time, by path with `/`.

    Files in `on_disk` have the same content on disk, or are not on disk because the checkout is sparse. `submodules`
    are the paths of submodules; their files are in other repositories.
    """

    entries: Mapping[str, TreeEntry]
    on_disk: frozenset[str] = frozenset()
    submodules: frozenset[str] = frozenset()


class Comparison(Struct, frozen=True):
    """A vault before and after a change; a merge has several snapshots before.

    `renames` has new paths by old paths for each snapshot before.
    """

    before: tuple[Snapshot, ...]
    after: Snapshot
    renames: tuple[Mapping[str, str], ...]

    @property
    def is_empty(self) -> bool:
        """Whether the snapshot after equals one of those before."""
        after = self.after
        return any((side.entries, side.submodules) == (after.entries, after.submodules) for side in self.before)


class Repository:
    """The git repository that contains a vault.

    Raises:
        GitError: the vault is in no repository, or git is not installed.
    """

    def __init__(self, vault: Path) -> None:
        self._environment = {name: value for name, value in os.environ.items() if not name.endswith("_PATHSPECS")}
        for name, place in places(vault).items():
            if place is None:
                del self._environment[name]
            else:
                self._environment[name] = place
        self._prefix = ""
        self._environment |= {"GIT_LITERAL_PATHSPECS": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **_OFFLINE}
        self._without_filters: list[str] = []
        self._compared: tuple[str, ...] = ()
        self._index_file = ""
        # For hooks in a linked worktree, git sets GIT_DIR and takes the working directory as the top of the tree.
        self._top = start() if os.environ.get("GIT_DIR") else vault
        if (pipe := pipe_for_git(vault)) is not None:
            raise GitError(f"{shown(pipe)} is not a file")
        top = _path(self._run("rev-parse", "--show-toplevel").removesuffix(b"\n"))
        self._top = Path(top)
        if os.environ.get("GIT_DIR") and not os.path.isabs(os.environ.get("GIT_WORK_TREE", "")):  # noqa: PTH117
            top = self._found_top()
        real = Path(os.path.realpath(vault))
        if not real.is_relative_to(os.path.realpath(top)):
            raise GitError(f"the vault {vault} is not in the git repository {top}")
        relative = real.relative_to(os.path.realpath(top)).as_posix()
        self._prefix = "" if relative == "." else f"{relative}/"

    def staged(self) -> Comparison:
        """The index compared with HEAD; with nothing before the first commit, with all parents during a merge."""
        parents = ["HEAD", *self._merged()] if self._commit("HEAD") else []
        self._compared = (*parents,)
        after = self._index(changes_on_disk=False)
        if not parents:
            return Comparison((Snapshot({}),), after, ({},))
        return _compared(after, [self._before(after, "--cached", parent) for parent in parents])

    def since(self, ref: str) -> Comparison:
        """The tracked files on disk compared with the merge base of `ref` and HEAD."""
        base = self._merge_base(ref, "HEAD")
        self._compared = base, "HEAD"
        after = self._index(changes_on_disk=True)
        return _compared(after, [self._before(after, base)])

    def between(self, old: str, new: str) -> Comparison:
        """The commit `new` compared with its merge base with `old`."""
        base = self._merge_base(old, new)
        self._compared = base, new
        index = self._index(changes_on_disk=False)
        entries = self._before(index, "--cached", new)[0].entries
        on_disk = frozenset(path for path in index.on_disk if index.entries[path] == entries.get(path))
        after = Snapshot(entries, on_disk, index.submodules)
        return _compared(after, [self._before(after, base, new)])

    def noticed(self, comparison: Comparison, states: Iterable[tuple[str, FileState]]) -> Comparison:
        """The comparison with files removed from `on_disk` that git wrongly takes as unchanged.

        Args:
            comparison: the comparison from git.
            states: paths of files with their states at discovery.
        """
        after = comparison.after
        asked = (one for one in states if one[0] in after.on_disk)
        unnoticed = self._unnoticed(asked, after.entries)
        return replace(comparison, after=replace(after, on_disk=after.on_disk - unnoticed.keys()))

    def head(self) -> str:
        """The hash of HEAD's commit.

        Raises:
            GitError: there is no commit yet.
        """
        return self._run("rev-parse", "--verify", "HEAD^{commit}").decode().strip()

    def commits_between(self, old: str, new: str, seconds: float) -> tuple[int, int]:
        """The number of commits on paths from `old` to `new`, and of all in `old..new` (with merged branches)."""
        counts = []
        for ways in (["--ancestry-path"], []):
            command = ("rev-list", "--count", *ways, f"{old}..{new}", "--")
            counted = self._run(*command, may_fail=True, seconds=seconds)
            counts.append(int(counted or 0))
        return counts[0], counts[1]

    def names_at(self, commit: str, seconds: float) -> list[str]:
        """Paths of all files of the vault in a commit; empty if git fails.

        Raises:
            GitError: in a folder of them, .gitattributes is a pipe or a device.
        """
        command = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, *filter(None, [self._prefix]))
        listed = self._run(*command, may_fail=True, seconds=seconds)
        paths = [self._within(path) for path in _path(listed).split("\0")[:-1]]
        self._refuse_pipes(paths)
        return paths

    def name_changes(self, commits: str, seconds: float) -> Generator[tuple[str, ...], None, None]:
        """The files that commits renamed or deleted in the vault, latest commit first.

        Each commit yields `(date,)`, then for each file `(blob, old path, new path)`. `blob` is empty if the content
        changed with the rename; the new path is empty if the file was deleted. Merge commits yield no files.

        Raises:
            GitError: git failed.
            GitTimeoutError: git took more than `seconds`.
        """
        with closing(self._streamed("log", *_NAMES_ONLY, commits, "--", self._prefix, seconds=seconds)) as fields:
            for field in fields:  # `\n:100644 100644 <blob> <blob> R090`: https://git-scm.com/docs/git-log
                if not field.startswith((":", "\n:")):
                    yield (field,)
                    continue
                mode, _, old_blob, blob, status = field.lstrip("\n:").split(" ")
                old = self._within(next(fields, ""))
                new = self._within(next(fields, "")) if status.startswith("R") else ""
                if mode in _FILES or mode == LINK:
                    yield old_blob if not new or blob == old_blob else "", old, new

    def not_checked_out(self) -> list[str]:
        """Sorted paths of files in the index that a sparse checkout leaves off the disk."""
        self._check_index()
        entries: dict[str, TreeEntry] = {}
        for line in self._listed("ls-files", "-t", "--stage", "-z"):
            head, _, name = line.partition("\t")
            mark, mode, blob, _ = head.split(" ")
            if mark == "S":
                entries[self._within(name)] = TreeEntry(mode, blob)
        return sorted(path for path in _visible(entries) if not self.is_there(path))

    def is_anything_staged(self) -> bool:
        """Whether the index differs from HEAD anywhere in the repository."""
        self._check_index()
        if self._commit("HEAD") is None:
            return bool(self._run("ls-files", "-z"))
        return bool(self._run("diff", "--cached", "--no-ext-diff", "--name-only", "-z"))

    def at_head(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The contents at HEAD of those paths that are files there; empty if there is no commit.

        Attachments get empty contents.

        Raises:
            GitError: git failed.
        """
        self._switch_off_filters()
        self._compared = ("HEAD",)
        asked = {*paths}
        names = sorted(f"{self._prefix}{path}" for path in asked)
        options = ["-z", "--full-tree"]
        if len(names) > MOST_TRIED:  # the length of a command line is limited
            options, names = [*options, "-r"], [*filter(None, [self._prefix])]
        listed = self._run("ls-tree", *options, "HEAD", "--", *names, may_fail=True) if asked else b""
        there = {}
        for line in _path(listed).split("\0")[:-1]:
            head, _, name = line.partition("\t")
            mode, _, blob = head.split(" ")
            if mode in _FILES and self._within(name) in asked:
                there[self._within(name)] = TreeEntry(mode, blob)
        wanted = [(path, entry) for path, entry in there.items() if is_linking(path)]
        contents = {path: content for (path, _), content in zip(wanted, self.contents(wanted), strict=True)}
        found = ((path, contents.get(path) if is_linking(path) else b"") for path in there)
        return {path: content for path, content in found if content is not None}

    def changed_since_head(self) -> list[str]:
        """Paths of the vault's files that differ on disk from HEAD's commit, or are missing on disk.

        Raises:
            GitError: git failed.
        """
        self._switch_off_filters()
        self._refuse_pipes(map(self._within, self._listed("ls-files", "-z")))
        listed = self._listed(
            "diff", "--no-ext-diff", "--no-renames", "--name-only", "--ignore-submodules", "-z", "HEAD"
        )
        return [self._within(name) for name in listed]

    def contents(self, wanted: Iterable[tuple[str, TreeEntry]]) -> list[bytes | None]:
        """The contents of stored files, with the line ends that git would write to disk; None if one is missing.

        Runs no filter programs of the repository and fetches nothing: a partial clone may lack contents.

        Raises:
            GitError: the repository is damaged, or git would wait for a pipe.
        """
        asked = list(wanted)
        self._refuse_pipes(path for path, _ in asked)
        try:
            return [*self._contents(asked)]
        except PartialCloneError:
            listed = self._run("rev-list", "--objects", "--no-walk", "--missing=print", *self._compared, "--")
            missing = {line[1:] for line in listed.decode("ascii", "replace").splitlines() if line.startswith("?")}
        there = self._contents([one for one in asked if one[1].blob not in missing])
        return [None if entry.blob in missing else next(there) for _, entry in asked]

    def _contents(self, asked: Sequence[tuple[str, TreeEntry]]) -> Iterator[bytes]:
        # The size that git prints is the one before filters. So ask for an impossible object after each file; git's
        # line that it is missing marks the file's end.
        mark = os.urandom(20).hex()
        lines = (_line(f"{entry.blob} {self._prefix}{path}\n{mark}") for path, entry in asked if "\n" not in path)
        out = self._run("cat-file", "--batch", "--filters", input_=b"".join(lines))
        parts = iter(out.split(f"\n{mark} missing\n".encode()))
        for path, entry in asked:
            if "\n" in path:  # can't be named in a line of `--batch`
                yield self._run("cat-file", "--filters", f"--path={self._prefix}{path}", entry.blob)
                continue
            head, _, content = next(parts).partition(b"\n")
            if b" blob " not in head:
                raise GitError(f"git has no content for {path}")
            yield content

    def _switch_off_filters(self) -> None:
        """Keep git from running the filter programs that the repository configures."""
        listed = _path(self._run("config", "-z", "--name-only", "--get-regexp", r"^filter\.", may_fail=True))
        filters = {name.rpartition(".")[0] for name in listed.split("\0")[:-1]}
        self._environment |= {"VAULTLINT_": "", "VAULTLINT_FALSE": "false"}
        for one in sorted(filters):
            for key, value in (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false")):
                if "=" in one:  # `-c` can't take such a name; older git has only `-c`
                    self._without_filters.append(f"--config-env={one}.{key}=VAULTLINT_{value.upper()}")
                else:
                    self._without_filters += ["-c", f"{one}.{key}={value}"]

    def _found_top(self) -> str:
        """The top of the work tree, if git takes the working directory as the top and that may be a subfolder.

        If there is no `.git`, it is that folder, or one above it, in which most of the tracked files exist.
        """
        if not os.path.lexists(self._top / ".git"):
            names = self._listed("ls-files", "-z")
            some = names[:: len(names) // MOST_TRIED + 1]
            tops = (self._top, *self._top.parents)
            self._top = max(tops, key=lambda top: sum(os.path.lexists(top / name) for name in some))
            self._environment["GIT_WORK_TREE"] = str(self._top)
        return str(self._top)

    def _check_index(self) -> None:
        """Refuse an index that is missing or not a file: git would take it as empty, or wait for it.

        Raises:
            GitError: the index is not a file, or it is missing although one is named or there are commits.
        """
        name = _path(self._run("rev-parse", "--git-path", "index").removesuffix(b"\n"))
        self._index_file = os.fspath(self._top / name)
        if os.path.isfile(self._index_file):  # noqa: PTH113  # str path
            return
        if os.path.lexists(self._index_file):
            raise GitError(f"the git index {name} is not a file")
        if self._environment.get("GIT_INDEX_FILE") or self._commit("HEAD") is not None:
            raise GitError(f"the git index {name} is not there")

    def _refuse_pipes(self, paths: Iterable[str]) -> None:
        """Refuse a pipe or device as .gitattributes in the folders of files: git would wait for it.

        Raises:
            GitError: there is one.
        """
        folders: set[str] = set()
        for folder in {path.rpartition("/")[0] for path in paths}:
            while folder and folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        for folder in sorted(folders):
            attributes = self.file(f"{folder}/.gitattributes")
            if is_pipe(attributes):
                raise GitError(f"{shown(attributes)} is not a file")

    def _index(self, changes_on_disk: bool) -> Snapshot:
        """The staged files, if `changes_on_disk` with unstaged changes; never untracked files."""
        self._check_index()
        self._switch_off_filters()
        entries: dict[str, TreeEntry] = {}
        changed: set[str] = set()
        for line in self._listed("ls-files", "-v", "--stage", "-z"):
            head, _, name = line.partition("\t")
            mark, mode, blob, _ = head.split(" ")
            path = self._within(name)
            entries[path] = TreeEntry(mode, blob)
            if mark != "H":  # git was told not to compare it with the disk
                changed.add(path)
        self._refuse_pipes(entries)
        listed = self._listed("diff", "--no-ext-diff", "--name-only", "--ignore-submodules", "-z")
        seen = {self._within(name) for name in listed}
        if changes_on_disk:
            for path in sorted(seen & entries.keys()):
                entry = self._on_disk(path, entries.pop(path).mode)
                if entry is not None:
                    entries[path] = entry
            states = ((path, state_of(self.file(path))) for path in entries.keys() - seen)
            for path, blob in self._unnoticed(states, entries).items():
                entries[path] = TreeEntry(entries[path].mode, blob)
        else:
            changed |= seen
            for path in self._intended(entries):
                del entries[path]
        visible = _visible(entries)
        on_disk = (path for path, entry in visible.items() if path not in changed and entry.mode in _FILES)
        return Snapshot(visible, frozenset(on_disk), _submodules(entries))

    def _on_disk(self, path: str, mode: str) -> TreeEntry | None:
        """The entry that git would store for a file on disk; None if there is no such file."""
        if self.has_link(path):
            text = os.fsencode(os.readlink(self.file(path)))  # noqa: PTH115  # str path
            return TreeEntry(LINK, self._run("hash-object", "--stdin", input_=text).decode().strip())
        if not self.is_there(path):
            return None
        return TreeEntry("100644" if mode == LINK else mode, *self._blobs([path]))

    def _unnoticed(self, states: Iterable[tuple[str, FileState]], entries: Mapping[str, TreeEntry]) -> dict[str, str]:
        """Files that differ from the index although git sees no change: the hashes of their contents by path.

        Git compares size and times. A file that is rewritten in the second in which it was added, with its old time,
        looks unchanged. So contents are compared for files that are not older than the index.
        """
        _, at, _, _ = state_of(self._index_file)
        latest = (path for path, (_, written, changed, _) in states if written >= at or changed >= at)
        young = (path for path in latest if entries[path].mode in _FILES)
        names = [*filter(self.is_there, young)]
        blobs = self._blobs(names)
        return {path: blob for path, blob in zip(names, blobs, strict=True) if blob != entries[path].blob}

    def _blobs(self, paths: Sequence[str]) -> list[str]:
        """The hashes that git gives the contents of files on disk."""
        names = [f"{self._prefix}{path}" for path in paths]
        if any(name.startswith('"') or "\n" in name for name in names):  # git would misread these in a list
            return [self._run("hash-object", "--", name).decode().strip() for name in names]
        lines = b"".join(map(_line, names))
        return self._run("hash-object", "--stdin-paths", input_=lines).decode().split() if lines else []

    def _intended(self, entries: Mapping[str, TreeEntry]) -> list[str]:
        """Files that are only marked to be added later (`git add --intent-to-add`); a commit won't include them."""
        empty = {path: entry.blob for path, entry in entries.items() if entry.blob in _EMPTY}
        if not empty:
            return []
        tree = _EMPTY[next(iter(empty.values()))]
        command = ("diff", "--cached", "--no-ext-diff", "--no-renames", "--name-only", "--ignore-submodules", "-z")
        added = {self._within(name) for name in self._listed(*command, tree)}
        return [path for path in empty if path not in added]

    def is_there(self, path: str) -> bool:
        """Whether the file is on disk. In a sparse checkout it may be missing, and git does not report that."""
        return os.path.isfile(self.file(path))  # noqa: PTH113  # a name that no file can have must not raise

    def has_link(self, path: str) -> bool:
        """Whether there is a symbolic link on disk at a path of the vault."""
        return os.path.islink(self.file(path))  # noqa: PTH114  # as above

    def file(self, path: str) -> str:
        """The path on disk of the file at a path of the vault."""
        return os.path.join(self._top, self._prefix, path)  # noqa: PTH118  # once for each note

    def _before(self, after: Snapshot, *sides: str) -> tuple[Snapshot, dict[str, str]]:
        """The snapshot before `after`, and new paths by old paths, from a `git diff` whose later side is `after`."""
        command = (
            "diff",
            "--no-ext-diff",
            "--find-renames",
            "--raw",
            "--no-abbrev",
            "-z",
            "--ignore-submodules=dirty",
        )
        fields = iter(self._listed(*command, *sides))
        old_entries: dict[str, TreeEntry] = {}
        renames: dict[str, str] = {}
        gone: set[str] = set()
        for head in fields:  # `:100644 100644 <blob> <blob> R090`: https://git-scm.com/docs/git-diff
            mode, _, blob, _, status = head.removeprefix(":").split(" ")
            old = self._within(next(fields))
            if status.startswith("R"):
                renames[old] = self._within(next(fields))
                gone.add(renames[old])
            if status == "A":
                gone.add(old)
            else:
                old_entries[old] = TreeEntry(mode, blob)
        entries = {**after.entries}
        for path in gone | old_entries.keys():
            entries.pop(path, None)
        submodules = (after.submodules - gone - old_entries.keys()) | _submodules(old_entries)
        return Snapshot(entries | _visible(old_entries), submodules=submodules), renames

    def _merged(self) -> list[str]:
        """The commits that are being merged into HEAD.

        In the hook `pre-merge-commit` there is no MERGE_HEAD yet; git names them in variables, GITHEAD_<commit>.
        """
        name = _path(self._run("rev-parse", "--git-path", "MERGE_HEAD").removesuffix(b"\n"))
        try:
            return content_of(os.path.join(self._top, name)).decode("ascii").split()  # noqa: PTH118  # str path
        except OSError:
            return [name.removeprefix(_MERGED) for name in self._environment if name.startswith(_MERGED)]

    def _merge_base(self, one: str, other: str) -> str:
        for ref in (one, other):
            if self._commit(ref) is None:
                raise GitError(f"git has no commit {quoted(ref)}{self._shallow()}")
        found = self._run("merge-base", one, other, may_fail=True).decode().split()
        if not found:
            raise GitError(f"{quoted(one)} and {quoted(other)} have no commit in common{self._shallow()}")
        return found[0]

    def _shallow(self) -> str:
        is_shallow = self._run("rev-parse", "--is-shallow-repository") == b"true\n"
        hint = "fetch more of it (`git fetch --unshallow`, or `fetch-depth: 0` in a workflow)"
        return f"; the clone is shallow: {hint}" if is_shallow else ""

    def _commit(self, ref: str) -> str | None:
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", may_fail=True)
        return found.decode().strip() or None

    def _listed(self, *command: str) -> list[str]:
        """The NUL-terminated entries that a command prints for the vault's folder."""
        of_vault = ["--", self._prefix] if self._prefix else []
        return _path(self._run(*command, *of_vault)).split("\0")[:-1]

    def _within(self, path: str) -> str:
        within = path.removeprefix(self._prefix)
        return within if within.isascii() else shown(within)

    def _run(
        self,
        *command: str,
        input_: bytes | None = None,
        may_fail: bool = False,
        seconds: float | None = None,
    ) -> bytes:
        seconds = MOST_SECONDS if seconds is None else seconds
        try:
            done = subprocess.run(  # noqa: S603  # no shell
                [_program(), *_OPTIONS, *self._without_filters, *command],
                cwd=self._top,
                env=self._environment,
                input=input_ or b"",
                capture_output=True,
                check=False,
                timeout=seconds,
            )
        except OSError as error:
            raise GitError(f"git can't be run: {error.strerror}") from error
        except subprocess.TimeoutExpired as error:
            raise GitTimeoutError(f"git {command[0]} took more than {seconds:g} seconds") from error
        if done.returncode and not may_fail:
            raise self._failure(command[0], done.stderr.decode("utf-8", "replace"))
        return done.stdout

    def _failure(self, command: str, said: str) -> GitError:
        """The error for git's stderr output, with the `safe.directory` command that git suggests."""
        lines = [line.strip() for line in said.splitlines()]
        first = next((line for line in lines if line.startswith("fatal: ")), lines[0] if lines else "")
        if "promisor remote" in first:
            return self.partial()
        if first.startswith("fatal: not a git repository"):
            return GitError("this folder is not in a git repository, so there is nothing to compare with")
        advice = next((line for line in lines if line.startswith("git config --global --add safe.directory ")), None)
        hint = "" if advice is None else f"; if you trust what is in it, run `{advice}`"
        return GitError((first.removeprefix("fatal: ") or f"git {command} failed") + hint)

    def partial(self) -> PartialCloneError:
        """The error for contents that a partial clone lacks."""
        commit = self._commit(self._compared[0]) if self._compared else "HEAD"
        return PartialCloneError(
            "the clone is partial and lacks files that are to be compared, and vaultlint fetches nothing;"
            f" `git diff {commit} > {os.devnull}` fetches them"
        )

    def _streamed(self, *command: str, seconds: float) -> Generator[str, None, None]:
        """The NUL-terminated fields that a command prints, as they arrive."""
        try:
            process = subprocess.Popen(  # noqa: S603  # no shell
                [_program(), *_OPTIONS, *filter(None, command)],
                cwd=self._top,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise GitError(f"git can't be run: {error.strerror}") from error
        began = time.monotonic()
        timer = Timer(seconds, process.kill)
        timer.start()
        try:
            yield from _fields(process)
            process.wait()
        finally:
            timer.cancel()
            process.kill()
            process.communicate()
        if process.returncode and time.monotonic() - began >= seconds:
            raise GitTimeoutError(f"git {command[0]} took more than {seconds:g} seconds")
        if process.returncode:
            raise GitError(f"git {command[0]} failed")


def _program() -> str:
    git = shutil.which("git")
    if git is None or not os.path.isabs(git):  # noqa: PTH117  # never run a `git` from the vault
        raise GitError("git can't be run: it is not installed")
    return git


def _fields(process: "subprocess.Popen[bytes]") -> Iterator[str]:
    rest = b""
    while process.stdout is not None and (piece := os.read(process.stdout.fileno(), PIECE)):
        *fields, rest = (rest + piece).split(b"\0")
        yield from map(_path, fields)


def _compared(after: Snapshot, before: Sequence[tuple[Snapshot, dict[str, str]]]) -> Comparison:
    return Comparison(tuple(side for side, _ in before), after, tuple(renames for _, renames in before))


def _visible(entries: Mapping[str, TreeEntry]) -> dict[str, TreeEntry]:
    """The entries without submodules and without paths that Obsidian ignores (names that start with a dot)."""
    return {
        path: entry
        for path, entry in entries.items()
        if "/." not in path and not path.startswith(".") and (entry.mode in _FILES or entry.mode == LINK)
    }


def _submodules(entries: Mapping[str, TreeEntry]) -> frozenset[str]:
    return frozenset(path for path, entry in entries.items() if entry.mode == SUBMODULE)


def _path(name: bytes) -> str:
    return os.fsdecode(name)


def _line(text: str) -> bytes:
    return os.fsencode(f"{text}\n")
