"""Damaged caches: a run with a cut, changed, foreign or wrongly typed cache must print the same as without one."""

import io
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, closing, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from random import Random
from unittest.mock import patch

from benchmarks.attack.vaults import odd_text, odd_vault
from benchmarks.net.harness import trusted_states
from vaultlint.cli import main

TIMES = 12
"""The number of times that the cache of one vault is damaged, each time with or without an edit of a note."""


def attack(folder: Path, random: Random) -> Iterator[str]:
    """Make a vault, damage its cache repeatedly, and compare the outputs."""
    vault, caches, kept = folder / "vault", folder / "caches", folder / "kept"
    vault.mkdir()
    odd_vault(vault, random)
    notes = sorted(vault.rglob("*.md"))
    names = [note.relative_to(vault).as_posix() for note in notes]
    options = ("--cache-dir", str(caches))
    with trusted_states():
        for _ in range(2):
            unedited = said(vault, *options)
        caches.rename(kept)
        for _ in range(TIMES):
            shutil.copytree(kept, caches)
            kind, note, fresh = random.choice(DAMAGES), random.choice(notes), unedited
            kind(next(caches.glob("*.vaultlint")), random)
            before = note.read_bytes()
            edited = random.random() < 0.6
            if edited:
                note.write_text(odd_text(random, names), "utf-8")
                fresh = said(vault, "--no-cache")
            for times in ("", ", in the second run"):
                cached = said(vault, *options)
                if cached != fresh:
                    yield f"{kind.__name__}{', a note edited' if edited else ''}{times}: {_difference(cached, fresh)}"
                if random.random() < 0.7:
                    break
            note.write_bytes(before)
            shutil.rmtree(caches)


def said(vault: Path, *options: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of a run."""
    (out, err), code = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)), 0
    arguments = ["vaultlint", "check", "--format", "concise", "--jobs", "1", *options]
    with chdir(vault), patch.object(sys, "argv", arguments), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return code, texts[0], texts[1]


def _difference(cached: tuple[int, str, str], fresh: tuple[int, str, str]) -> str:
    lines = [set((one[1] + one[2]).splitlines()) for one in (cached, fresh)]
    more, less = sorted(lines[0] - lines[1])[:2], sorted(lines[1] - lines[0])[:2]
    return f"exit codes {cached[0]}, {fresh[0]}; too much {more}, too little {less}"


def cut(file: Path, random: Random) -> None:
    """Cut off the end of the file."""
    os.truncate(file, random.randrange(file.stat().st_size + 1))


def bits(file: Path, random: Random) -> None:
    """Flip a few bits of the file."""
    content = bytearray(file.read_bytes())
    for _ in range(random.choice((1, 1, 2, 30))):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    file.write_bytes(content)


def block(file: Path, random: Random) -> None:
    """Replace a part of the file with zeros or random bytes."""
    content = bytearray(file.read_bytes())
    start, size = random.randrange(len(content)), random.choice((1, 16, 512, 16384))
    content[start : start + size] = bytes(size) if random.random() < 0.5 else random.randbytes(size)
    file.write_bytes(content)


def foreign(file: Path, random: Random) -> None:
    """Replace the file with something else."""
    file.unlink()
    kind = random.randrange(6)
    if kind == 0:
        file.mkdir()
    elif kind == 1:
        file.symlink_to(random.choice((file.name, "/dev/null", "nowhere/x", "/dev/full")))
    elif kind == 2:
        os.mkfifo(file)
    elif kind == 3:
        file.write_bytes(random.randbytes(random.randrange(5000)))
    else:
        with closing(sqlite3.connect(file)) as database:
            database.execute("create table notes (x)")
            database.execute(f"pragma user_version = {random.choice((0, 1, 5, 6, 2**31 - 1))}")
            database.commit()


def rows(file: Path, random: Random) -> None:
    """Give values of a table another type, swap them between rows, or delete rows."""
    with closing(sqlite3.connect(file)) as database, suppress(sqlite3.Error):
        tables = [name for (name,) in database.execute("select name from sqlite_schema where type = 'table'")]
        table = random.choice(tables)
        columns = [name for _, name, *_ in database.execute(f"pragma table_info({table})")]
        column = random.choice(columns)
        values = (None, 1, -1, 2**62, 1.5, "text", b"", b"\x00" * 9, b"\xc1" * 40, "\ud800".encode(errors="replace"))
        where = f"where abs(random() % {random.choice((1, 2, 5))}) = 0"
        kind = random.randrange(6)
        if kind == 0:
            database.execute(f"delete from {table} {where}")  # noqa: S608
        elif kind == 1:
            database.execute(f"drop table {table}")
        elif kind == 2:
            other = f"(select {column} from {table} order by random() limit 1)"  # noqa: S608
            database.execute(f"update or ignore {table} set {column} = {other} {where}")  # noqa: S608
        else:
            database.execute(f"update or ignore {table} set {column} = ? {where}", (random.choice(values),))  # noqa: S608
        database.commit()


def beside(file: Path, random: Random) -> None:
    """Put random bytes in a file that SQLite writes beside the cache."""
    file.with_name(file.name + random.choice(("-wal", "-shm", "-journal"))).write_bytes(random.randbytes(40_000))


DAMAGES: tuple[Callable[[Path, Random], None], ...] = (cut, bits, bits, block, foreign, rows, rows, rows, beside)
