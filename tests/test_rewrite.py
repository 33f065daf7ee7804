"""Writing notes: all of them or none, never in part, and only if they have not changed since they were read."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import symlink, write_vault
from vaultlint.files import writing
from vaultlint.files.writing import Rewrite, remove_left_over, rewrite


def one(file: Path, before: str, after: str) -> Rewrite:
    return Rewrite(str(file), before, after)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def refusal(root: Path, *rewrites: Rewrite) -> str:
    with pytest.raises(OSError) as caught:  # noqa: PT011  # the message is tested below
        rewrite(root, rewrites)
    return str(caught.value.strerror)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", {"a.md": "old a", "b.md": "old b"})


def test_written_bytes_are_those_of_the_text(vault: Path) -> None:
    text = "\ufeffone\r\ntwo\rthree\n\x85\u2028é no end"
    rewrite(vault, [one(vault / "a.md", "old a", text)])
    assert contents(vault) == {"a.md": text.encode(), "b.md": b"old b"}


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_mode_is_kept(vault: Path, mode: int) -> None:
    (vault / "a.md").chmod(mode)
    rewrite(vault, [one(vault / "a.md", "old a", "new")])
    assert stat.S_IMODE((vault / "a.md").stat().st_mode) == mode


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_nobody_else_can_read_while_it_is_written(vault: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    (vault / "a.md").chmod(mode)
    seen = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    rewrite(vault, [one(vault / "a.md", "old a", "new")])
    assert seen == [0o600]
    assert stat.S_IMODE((vault / "a.md").stat().st_mode) == mode


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_nobody_else_can_read_a_report_or_baseline_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report"
    file.touch(0o600)
    file.chmod(0o600)
    seen = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode)))
    writing.write(file, ["new"])
    assert seen == [0o600]


def test_extended_attributes_are_kept(vault: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("Python knows those of Linux")
    try:
        os.setxattr(vault / "a.md", "user.tag", b"mine")
    except OSError:
        pytest.skip("this file system has none")
    rewrite(vault, [one(vault / "a.md", "old a", "new a")], (vault / "a.md", vault / "c.md"))
    assert os.getxattr(vault / "c.md", "user.tag") == b"mine"


def test_owner_is_kept_where_that_is_allowed(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def chown(path: Path, *ids: int) -> None:
        asked.append(ids)
        raise PermissionError

    monkeypatch.setattr(os, "chown", chown, raising=False)
    like = (vault / "a.md").stat()
    rewrite(vault, [one(vault / "a.md", "old a", "new")])
    assert asked == [(like.st_uid, like.st_gid)]
    assert contents(vault)["a.md"] == b"new"


def test_note_that_was_edited_meanwhile_is_not_written(vault: Path) -> None:
    assert refusal(vault, one(vault / "a.md", "older", "new")) == "it was changed while vaultlint was running"
    assert contents(vault) == {"a.md": b"old a", "b.md": b"old b"}


def test_note_that_is_edited_at_the_last_moment_is_not_written(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def edited(descriptor: int) -> None:
        sync(descriptor)
        (vault / "a.md").write_text("by hand", "utf-8")

    monkeypatch.setattr(os, "fsync", edited)
    assert refusal(vault, one(vault / "a.md", "old a", "new")) == "it was changed while vaultlint was running"
    assert contents(vault)["a.md"] == b"by hand"


def test_several_are_written_together(vault: Path) -> None:
    rewrite(vault, [one(vault / "a.md", "old a", "new a"), one(vault / "b.md", "old b", "new b")])
    assert contents(vault) == {"a.md": b"new a", "b.md": b"new b"}


def test_none_is_written_if_one_was_edited(vault: Path) -> None:
    refusal(vault, one(vault / "a.md", "old a", "new a"), one(vault / "b.md", "older", "new b"))
    assert contents(vault) == {"a.md": b"old a", "b.md": b"old b"}


def test_none_is_written_if_one_is_gone(vault: Path) -> None:
    refusal(vault, one(vault / "a.md", "old a", "new a"), one(vault / "c.md", "", "new c"))
    assert contents(vault) == {"a.md": b"old a", "b.md": b"old b"}


def failing(call: int, real: Callable[..., object], also: int = 0) -> Callable[..., object]:
    """A function that fails when it is called for the nth time."""
    calls = 0

    def wrapped(*args: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls in (call, also):
            raise OSError(28, "No space left on device")
        return real(*args, **options)

    return wrapped


@pytest.mark.parametrize(
    ("owner", "name"), [(os, "fsync"), (Path, "replace"), (Path, "open"), (Path, "chmod"), (writing, "content_of")]
)
@pytest.mark.parametrize("call", [1, 2])
def test_none_is_written_if_an_operation_fails(
    vault: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, call: int
) -> None:
    monkeypatch.setattr(owner, name, failing(call, getattr(owner, name)))
    rewrites = one(vault / "a.md", "old a", "new a"), one(vault / "b.md", "old b", "new b")
    assert refusal(vault, *rewrites) == "No space left on device"
    assert contents(vault) == {"a.md": b"old a", "b.md": b"old b"}, "nor is anything left over"


def test_what_could_not_be_taken_back_is_said(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", failing(2, Path.replace, also=3))
    rewrites = one(vault / "a.md", "old a", "new a"), one(vault / "b.md", "old b", "new b")
    said = refusal(vault, *rewrites)
    assert said == (
        f"No space left on device; what is written already, and can't be put back: {os.path.realpath(vault / 'a.md')}"
    )
    assert contents(vault) == {"a.md": b"new a", "b.md": b"old b"}


class KilledError(BaseException):
    """Simulates a killed process: no later code runs, so none may be needed."""


OPERATIONS = [
    (os, "fsync"),
    (Path, "replace"),
    (Path, "open"),
    (Path, "chmod"),
    (Path, "stat"),
    (writing, "content_of"),
]


@pytest.mark.parametrize(("owner", "name"), OPERATIONS)
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_operation_each_note_is_old_or_new(
    vault: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, after: bool
) -> None:
    real = getattr(owner, name)

    def killed(*args: object, **options: object) -> object:
        if after:
            real(*args, **options)
        raise KilledError

    rewrites = [one(vault / "a.md", "old a", "new a"), one(vault / "b.md", "old b", "new b")]
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, killed)
        patched.setattr(Path, "unlink", lambda *args, **options: None)
        with pytest.raises(KilledError):
            rewrite(vault, rewrites)
    found = contents(vault)
    assert found["a.md"] in (b"old a", b"new a")
    assert found["b.md"] in (b"old b", b"new b")


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_read_only_note_is_not_written_even_by_who_could(vault: Path) -> None:
    (vault / "a.md").chmod(0o444)
    assert refusal(vault, one(vault / "a.md", "old a", "new")) == "it is read-only"
    assert contents(vault)["a.md"] == b"old a"


def test_note_that_may_not_be_written_is_not(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert refusal(vault, one(vault / "a.md", "old a", "new")) == "it is read-only"


def test_link_that_leaves_the_vault_is_not_written_through(vault: Path, tmp_path: Path) -> None:
    write_vault(tmp_path, {"outside.md": "old", "vault-too/x.md": "old"})
    for name, target in (("c.md", "outside.md"), ("d.md", "vault-too/x.md")):
        symlink(vault / name, tmp_path / target)
        assert refusal(vault, one(vault / name, "old", "new")) == "a symbolic link leads out of the vault"
        assert (tmp_path / target).read_bytes() == b"old"
        assert (vault / name).is_symlink()


def test_folder_that_became_a_link_out_of_the_vault_is_not_written_through(vault: Path, tmp_path: Path) -> None:
    write_vault(tmp_path, {"outside/x.md": "old"})
    symlink(vault / "sub", tmp_path / "outside")
    assert refusal(vault, one(vault / "sub" / "x.md", "old", "new")) == "a symbolic link leads out of the vault"


def test_link_within_the_vault_stays_a_link(vault: Path) -> None:
    symlink(vault / "c.md", vault / "a.md")
    rewrite(vault, [one(vault / "c.md", "old a", "new")])
    assert (vault / "c.md").is_symlink()
    assert contents(vault)["a.md"] == b"new"


def test_vault_that_is_a_link_itself_is_written(vault: Path, tmp_path: Path) -> None:
    symlink(tmp_path / "link", vault)
    rewrite(tmp_path / "link", [one(tmp_path / "link" / "a.md", "old a", "new")])
    assert contents(vault)["a.md"] == b"new"


def test_of_two_fixers_at_once_each_note_gets_a_whole_text(vault: Path) -> None:
    texts = ["A" * 100_000, "B" * 100_000]
    start = threading.Barrier(2)

    def work(text: str) -> None:
        start.wait()
        try:
            rewrite(vault, [one(vault / "a.md", "old a", text)])
        except OSError as error:
            assert error.strerror == "it was changed while vaultlint was running"  # noqa: PT017

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert contents(vault)["a.md"].decode() in texts
    assert len(contents(vault)) == 2


def by_hand(file: Path, call: int, real: Callable[..., object]) -> Callable[..., object]:
    """A function; just before its nth call, somebody edits a file."""
    calls = 0

    def wrapped(*args: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            file.write_text("by hand", "utf-8")
        return real(*args, **options)

    return wrapped


def test_edit_of_one_while_another_is_put_in_place_is_kept(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", by_hand(vault / "b.md", 1, Path.replace))
    rewrites = one(vault / "a.md", "old a", "new a"), one(vault / "b.md", "old b", "new b")
    assert refusal(vault, *rewrites) == "it was changed while vaultlint was running"
    assert contents(vault) == {"a.md": b"old a", "b.md": b"by hand"}


def test_edit_of_what_is_written_already_is_kept_when_the_rest_is_put_back(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, calls = Path.replace, 0

    def failing(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == 2:
            (vault / "a.md").write_text("by hand", "utf-8")
            raise OSError(28, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    said = refusal(vault, one(vault / "a.md", "old a", "new a"), one(vault / "b.md", "old b", "new b"))
    assert said.endswith(f"can't be put back: {os.path.realpath(vault / 'a.md')}")
    assert contents(vault) == {"a.md": b"by hand", "b.md": b"old b"}


@pytest.mark.parametrize("with_hard_links", [True, False])
def test_file_that_takes_the_new_name_at_the_last_moment_is_kept(
    vault: Path, monkeypatch: pytest.MonkeyPatch, with_hard_links: bool
) -> None:
    taken = False

    def late(path: Path, target: Path) -> None:
        nonlocal taken
        if not taken:
            path.write_text("by hand", "utf-8")
            taken = True
        if not with_hard_links:
            raise PermissionError(1, "Operation not permitted")
        os.link(target, path)

    monkeypatch.setattr(Path, "hardlink_to", late)
    with pytest.raises(OSError, match=r"'c\.md' already exists"):
        rewrite(vault, [one(vault / "b.md", "old b", "new b")], (vault / "a.md", vault / "c.md"))
    assert contents(vault) == {"a.md": b"old a", "b.md": b"old b", "c.md": b"by hand"}


def test_file_moves_where_there_are_no_hard_links(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(path: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", unsupported)
    rewrite(vault, [one(vault / "b.md", "old b", "new b")], (vault / "a.md", vault / "c.md"))
    assert contents(vault) == {"b.md": b"new b", "c.md": b"old a"}


def test_name_that_is_taken_again_before_the_way_back_is_kept(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(path: Path, target: Path) -> Path:
        (vault / "a.md").write_text("by hand", "utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="No space left on device; what is written already, and can't be put back"):
        rewrite(vault, [one(vault / "a.md", "old a", "new a")], (vault / "a.md", vault / "c.md"))
    assert contents(vault) == {"a.md": b"by hand", "b.md": b"old b", "c.md": b"old a"}


LEFT_OVER = ".vaultlint-0123456789abcdef.tmp"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_what_a_killed_run_has_left_is_removed(vault: Path) -> None:
    others = {".0123456789abcdef.tmp": "mine", ".vaultlint-baseline.json": "{}", f"{LEFT_OVER}.md": "mine"}
    write_vault(vault, {LEFT_OVER: "half", f"sub/{LEFT_OVER}": "half", f"other/{LEFT_OVER}": "half", **others})
    write_vault(vault, {"sub/c.md": "old c"})
    remove_left_over(vault, [str(vault / "a.md"), "b.md", "sub/c.md"])
    assert {*contents(vault)} == {"a.md", "b.md", *others}
    assert {*contents(vault / "sub")} == {"c.md"}
    assert {*contents(vault / "other")} == {LEFT_OVER}, "no file of the vault is there"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_killed_run_leaves_only_what_the_next_one_removes(vault: Path) -> None:
    script = f"""
import os, sys, signal
from pathlib import Path
from vaultlint.files.writing import Rewrite, rewrite
vault = Path({str(vault)!r})
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
rewrite(vault, [Rewrite(str(vault / "a.md"), "old a", "new a"), Rewrite(str(vault / "b.md"), "old b", "new b")])
"""
    subprocess.run([sys.executable, "-c", script], check=False)
    assert len(contents(vault)) == 4
    remove_left_over(vault, ["a.md"])
    assert contents(vault) == {"a.md": b"old a", "b.md": b"old b"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_what_another_run_is_writing_is_not_removed(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run waits until the other one has finished."""
    reached, go = threading.Event(), threading.Event()
    real = Path.replace

    def slow(path: Path, target: Path) -> Path:
        if target.name == "a.md":
            reached.set()
            go.wait(10)
        return real(path, target)

    monkeypatch.setattr(Path, "replace", slow)
    first = threading.Thread(target=rewrite, args=(vault, [one(vault / "a.md", "old a", "new a")]))

    def clean_and_write() -> None:
        remove_left_over(vault, ["a.md"])
        rewrite(vault, [one(vault / "b.md", "old b", "new b")])

    second = threading.Thread(target=clean_and_write)
    first.start()
    reached.wait(10)
    second.start()
    second.join(0.3)
    assert contents(vault)["b.md"] == b"old b"
    go.set()
    first.join(10)
    second.join(10)
    assert contents(vault) == {"a.md": b"new a", "b.md": b"new b"}
