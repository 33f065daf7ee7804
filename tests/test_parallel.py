"""Reading and linting by several processes: the same results, and what happens when one of them dies."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from git_repository import Repository, plain_git

from conftest import run, write_vault
from vaultlint import history, processes, workspace
from vaultlint.cache import workers
from vaultlint.cache.records import Reader, RecordFile, StoredRecord
from vaultlint.cache.workers import read_records
from vaultlint.config.places import Options
from vaultlint.config.settings import ActiveRules
from vaultlint.files.discovery import ReadingError, Source, discover
from vaultlint.git.repository import GitError
from vaultlint.linting.findings import Packed
from vaultlint.linting.linter import Linter
from vaultlint.linting.workers import Result, lint_in_processes
from vaultlint.processes import usable_processors
from vaultlint.project import find_project
from vaultlint.reading import Dialect
from vaultlint.vault import Vault
from vaultlint.workspace import Workspace

FILES: dict[str, str | bytes] = {
    f"folder {i % 3}/note {i}.md": f"# {i}\n\n[[note {i + 1}]] [[x]]\n" for i in range(50)
}


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small vault that is read like a large one."""
    monkeypatch.setattr(processes, "SMALLEST", 0)
    return write_vault(tmp_path / "vault", FILES)


def no_rules(path: str) -> ActiveRules:
    return ActiveRules()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_jobs_make_no_difference(vault: Path, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if method not in ("spawn", processes.START_METHOD):
        pytest.skip("processes are not begun that way here")
    sources = 'paths = ["folder 1/"]\ntranscripts = "{id}.vtt"'
    write_vault(vault, {"vaultlint.toml": f"[[sources]]\n{sources}\n", "talk.vtt": ""})
    one = run("check", "--no-cache", "--jobs=1", "--format=json", cwd=vault)
    monkeypatch.setattr(processes, "START_METHOD", method)
    assert run("check", "--no-cache", "--jobs=3", "--format=json", cwd=vault) == one
    assert run("check", "--no-cache", "--jobs=auto", "--format=json", cwd=vault) == one


SCRIPT = """
import sys
from vaultlint import processes
from vaultlint.cli import main

if __name__ == "__main__":
    processes.START_METHOD, processes.SMALLEST = "spawn", 0
    main()
"""
HOSTILE = "open(r'{}', 'a').write(__name__)\n"


def run_in(vault: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Check a vault from its folder, with processes that are new interpreters."""
    script = vault.parent / "script.py"
    script.write_text(SCRIPT, "utf-8")
    command = [sys.executable, *options, str(script), "check", "--no-cache", "--jobs=2", "--select=broken-link"]
    found = subprocess.run(
        command,
        cwd=vault,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert found.returncode == 1, found.stderr
    return found


@pytest.mark.parametrize("options", [[], ["-E"]], ids=["plain", "without environment"])
@pytest.mark.parametrize("path", ["", os.pathsep], ids=["no path", "an empty entry in the path"])
def test_no_module_of_the_vault_runs(vault: Path, options: list[str], path: str) -> None:
    ran = vault.parent / "ran"
    modules = ["multiprocessing/__init__.py", "signal.py", "pickle.py"] if not path else ["regex.py", "sqlite3.py"]
    write_vault(vault, dict.fromkeys(modules, HOSTILE.format(ran)))
    plugin = "[vaultlint.rules]\nhostile = hostile:Rule\n"
    if path:
        write_vault(vault, {"hostile.py": HOSTILE.format(ran), "hostile-1.dist-info/entry_points.txt": plugin})
    run_in(vault, *options, PYTHONPATH=path)
    assert not ran.exists()


def test_environment_is_as_before(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "here")
    monkeypatch.setattr(processes, "START_METHOD", "spawn")
    before = dict(os.environ)
    read_records(discover(vault).notes, Reader(Dialect(), no_rules), {}, 2, lambda done: None)
    assert dict(os.environ) == before


def test_progress_is_told(vault: Path) -> None:
    told: list[int] = []
    sources = discover(vault).notes
    found = read_records(sources, Reader(Dialect(), no_rules), {}, 2, told.append)
    assert len(found) == len(sources)
    assert told == sorted(told)
    assert told[-1] == len(sources)


def read_by_two(vault: Path) -> list[bytes]:
    found = read_records(discover(vault).notes, Reader(Dialect(), no_rules), {}, 2, lambda done: None)
    return [record.packed() for record in found if record is not None]


def test_contents_of_many_notes_are_in_a_file(vault: Path) -> None:
    sources = discover(vault).notes
    reader = Reader(Dialect(), no_rules)
    found = read_records(sources, reader, {}, 2, lambda done: None)
    assert all(isinstance(record, StoredRecord) for record in found)
    assert [record.packed() for record in found if record is not None] == [
        reader.record(source).packed() for source in sources
    ]


@pytest.mark.parametrize("failing", ["tempfile.TemporaryFile", "os.pwrite"])
def test_contents_stay_in_memory_if_they_can_not_be_written(
    vault: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    before = read_by_two(vault)
    writing = Mock(side_effect=OSError)
    monkeypatch.setattr(failing, writing)
    assert read_by_two(vault) == before
    assert writing.called


def test_contents_stay_in_memory_if_the_disk_is_full(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_by_two(vault)
    write = os.pwrite
    left = iter((20, None))
    monkeypatch.setattr(os, "pwrite", lambda file, data, at: write(file, data[: next(left, None)], at))
    assert read_by_two(vault) == before


@pytest.mark.skipif(not hasattr(os, "pread"), reason="there is no such file without it")
@pytest.mark.parametrize("disk_is_full", [False, True])
@pytest.mark.parametrize("jobs", ["1", "3"])
def test_findings_wait_in_the_file_if_they_can_be_written(
    vault: Path, monkeypatch: pytest.MonkeyPatch, jobs: str, disk_is_full: bool
) -> None:
    write_vault(vault, {f"folder 0/broken {i}.md": "[[nothing like it]] " * 20 for i in range(5)})
    command = ("check", "--no-cache", "--format=json", f"--jobs={jobs}")
    before = run(*command, cwd=vault)
    moved: list[bool] = []
    move = RecordFile.moved

    def noted(file: RecordFile, found: Packed) -> Packed:
        if disk_is_full:
            monkeypatch.setattr(os, "pwrite", lambda file, data, at: 0)
        there = move(file, found)
        moved.append(there is not found)
        assert [*there] == [*found]
        return there

    monkeypatch.setattr(RecordFile, "moved", noted)
    assert run(*command, cwd=vault) == before
    assert (moved.count(True), moved.count(False) > 0) == (0 if disk_is_full else 5, True)


@pytest.mark.parametrize("finer", [1, 4])
def test_chunks_end_small(finer: int) -> None:
    sizes = [10_000] * 2_000
    bounds = processes.chunks(sizes, 2, finer)
    assert [i for first, last in bounds for i in range(first, last)] == [*range(2_000)]
    counts = [last - first for first, last in bounds]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] <= processes.CHUNK / 10_000
    assert counts[-2] >= counts[0] // processes.SMALLER
    assert counts[-1] < counts[0] / 4


def sent(items: Iterable[int]) -> bytes:
    return b"".join(str(item).encode() * 1_000_000 for item in items)  # more than a pipe holds


def test_results_are_taken_while_this_process_works() -> None:
    taken: list[int] = []
    waited = []

    def here(chunk: Sequence[int]) -> Iterator[None]:
        """Work until two chunks of the other process are there; what is taken later would be too late."""
        for _ in range(1_000 if len(taken) < 2 else 0):
            if len(taken) >= 2:
                break
            time.sleep(processes.TURN)
            yield
        waited.append((chunk[0], len(taken) >= 2))

    bounds = [(i, i + 1) for i in range(5)]
    for chunk, result in processes.in_processes(sent, range(5), bounds, 1, str, here):
        assert result == sent([chunk])
        taken.append(chunk)
    assert waited[0] == (2, True)
    assert sorted(taken + [item for item, _ in waited]) == [*range(5)]


def test_small_vault_is_read_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "in_processes", lambda *_: pytest.fail("there is too little to read"))
    write_vault(tmp_path, FILES)
    read_records(discover(tmp_path).notes, Reader(Dialect(), no_rules), {}, 8, lambda done: None)
    assert read_records((), Reader(Dialect(), no_rules), {}, 8, lambda done: None) == []


class Deadly(Reader, frozen=True):
    """Reads notes; its process ends at one of them."""

    def _parts(self, source: Source, *rest: Any) -> tuple[object, ...] | None:
        if source.path == "folder 0/note 30.md":
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._parts(source, *rest)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that kills")
@pytest.mark.parametrize("jobs", [2, 4])
def test_death_of_a_process_names_the_note(vault: Path, jobs: int) -> None:
    with pytest.raises(ReadingError, match=r"^the process that read 'folder 0/note 30\.md' was ended by SIGKILL$"):
        read_records(discover(vault).notes, Deadly(Dialect(), no_rules), {}, jobs, lambda done: None)


def test_death_of_a_process_is_an_error(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(work: object, sources: Sequence[Source], *_: object) -> None:
        raise ReadingError(f"the process that read {sources[0].path!r} ended with exit code 3")

    monkeypatch.setattr(workers, "in_processes", dying)
    ran = run("check", "--no-cache", "--jobs=2", cwd=vault)
    assert ran.code == 2
    assert ran.err.endswith("Error: the process that read 'folder 0/note 0.md' ended with exit code 3\n")


forked = pytest.mark.skipif(processes.START_METHOD != "fork", reason="notes are linted by forked processes")


@forked
def test_cache_of_several_processes_serves_later_runs(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_vault(vault, {"Home.md": "[[folder 0/note 3]] [[note 300]] [[nota 4]]\n", "vaultlint.toml": ""})
    linted: list[str] = []

    def spied(linter: Linter, paths: Sequence[str], *rest: Any) -> Iterator[tuple[str, Result]]:
        linted.extend(paths)
        return lint_in_processes(linter, paths, *rest)

    monkeypatch.setattr(workspace, "lint_in_processes", spied)
    command = ("check", "--format=json", f"--cache-dir={tmp_path / 'cache'}", "--jobs=3")
    first = run(*command, cwd=vault)
    assert linted
    linted.clear()
    assert run(*command, cwd=vault) == first
    (vault / "folder 0/note 3.md").rename(vault / "note 300.md")
    (vault / "Home.md").write_text("[[note 4]] [[note 3]]\n", "utf-8")
    changed = run(*command, cwd=vault)
    assert changed == run("check", "--format=json", "--no-cache", "--jobs=1", cwd=vault) != first
    assert not linted


@forked
def test_notes_linted_first_are_from_all_parts_of_the_vault(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = Mock(return_value=[])
    monkeypatch.setattr(workspace, "LINTED_FIRST", 4)
    monkeypatch.setattr(workspace, "lint_in_processes", rest)
    monkeypatch.setattr(Workspace, "_has_unknown_name", lambda *_: False)
    opened = Workspace.open(find_project(Options(paths=(vault,), jobs=2)))
    opened.lint()
    paths = opened.reported()
    assert [i for i, path in enumerate(paths) if path not in rest.call_args[0][1]] == [0, 11, 22, 33]


@forked
def test_lookups_are_dropped_after_each_chunk(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop = Mock(wraps=Vault.drop_lookups)
    monkeypatch.setattr(Vault, "drop_lookups", lambda vault: drop(vault))
    opened = Workspace.open(find_project(Options(paths=(vault,), jobs=2)))
    opened.lint()
    assert drop.call_count > 1
    assert not opened.vault._looked_up


@forked
def test_history_that_another_process_could_not_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_git(monkeypatch)
    repository = Repository(tmp_path / "vault")
    gone = "Newton.md"
    write_vault(repository.vault, {"A.md": "[[Newton]]\n", "B.md": "", gone: ""})
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "x")
    repository.git("rm", "-q", gone)
    repository.git("commit", "-q", "-m", "y")
    command = ("check", "--format=json", "--select=links", f"--cache-dir={tmp_path / 'cache'}", "--jobs=2")
    fresh = ("check", "--format=json", "--select=links", "--no-cache")
    with monkeypatch.context() as patched:
        patched.setattr(processes, "SMALLEST", 0)
        patched.setattr(workspace, "LINTED_FIRST", 0)  # with the next line: the other process gets both notes
        patched.setattr(workspace.Workspace, "_has_unknown_name", lambda *_: False)

        def failing(*_: object) -> None:
            raise GitError("git is not there")

        patched.setattr(history, "known", failing)
        first = run(*command, cwd=repository.vault)
    assert run(*command, cwd=repository.vault) == run(*fresh, cwd=repository.vault) != first


@forked
def test_death_of_a_process_that_lints_names_the_note(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, note = os.getpid(), Linter.note

    def dying(linter: Linter, path: str) -> object:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return note(linter, path)

    monkeypatch.setattr(Linter, "note", dying)
    ran = run("check", "--no-cache", "--jobs=2", cwd=vault)
    assert ran.code == 2
    assert re.search(r"Error: the process that checked 'folder \d/note \d+\.md' was ended by SIGKILL\n\Z", ran.err)


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "", "257", "²"])
def test_wrong_number_of_jobs(vault: Path, value: str) -> None:
    ran = run("check", f"--jobs={value}", cwd=vault)
    assert ran.code == 2
    assert "is neither 'auto' nor a number from 1 to 256" in ran.err


def test_processors() -> None:
    assert usable_processors() >= 1


@pytest.fixture
def heeded_interrupt() -> Iterator[None]:
    """Make child processes react to SIGINT: background jobs of a shell ignore it, and so do their children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded_interrupt")
@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_interruption_ends_all_at_once(tmp_path: Path) -> None:
    text = "[[Newton]] and `code`, *more* words than one.\n\n" * 2000
    write_vault(tmp_path, {f"{i}.md": text for i in range(200)})
    command = [sys.executable, "-m", "vaultlint", "check", "--no-cache", "--jobs=2", "--vault", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert b"Traceback" not in out + err
    until = time.monotonic() + 5
    while is_group_there(process.pid):
        assert time.monotonic() < until
        time.sleep(0.05)


def is_group_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
