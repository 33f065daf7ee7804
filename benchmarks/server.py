"""The speed of the language server, compared with others, from a keystroke to its diagnostics and for other requests.

    python -m benchmarks.server VAULT [--sizes 1,4] [--edits 200] [--output docs/benchmarks.md]

Makes vaults of some copies of the notes (see `benchmarks.scale`), and talks to a server as an editor does, on its
standard input and output. Every server gets the same notes and the same edits, one at a time. rumdl is measured if
it is installed (`pip install -e '.[benchmarks]'`); it does not resolve wikilinks.

- start: from the start of the process to the diagnostics of the open note. The cache is filled before.
- keystroke: from an edit to the diagnostics of its version. Each edit adds a word or a link to one of ten open notes.
- deleted target: from the message that a file is deleted to new diagnostics of an open note that links to it.
- completion and hover: from the request to the answer, after `[[` and on a link, if the server supports it.
- memory: of all processes of the server, at the end.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from statistics import quantiles
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from benchmarks.measuring import (
    MeasuringError,
    environment,
    installed,
    machine,
    memory_in_words,
    memory_of,
    notes_of,
    show,
    table,
    time_in_words,
    vault_in_words,
    vaultlint_command,
)
from benchmarks.scale import original, write_copies
from vaultlint.config.places import Options
from vaultlint.note import LinkKind, is_note
from vaultlint.project import find_project
from vaultlint.workspace import Gone, OnDisk, Workspace

PATIENCE = 900
"""Seconds to wait for an answer before giving up."""

OPEN, TARGETS, REQUESTS = 10, 40, 40
"""The number of notes that are edited, of targets that are deleted, and of requests of each kind."""

Message = dict[str, Any]


class Session:
    """A server and its client.

    Args:
        command: the command that starts it.
        root: the vault.
    """

    def __init__(self, command: Sequence[str], root: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            command,
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(os.environ),
        )
        self._came: Queue[Message | None] = Queue()
        self._number = 0
        self._root = root
        self.versions: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        Thread(target=self._read, daemon=True).start()
        folder = {"uri": root.as_uri(), "name": root.name}
        result = self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri(),
                "workspaceFolders": [folder],
                "capabilities": {"general": {"positionEncodings": ["utf-16"]}},
            },
        )
        self.capabilities: Message = result["capabilities"]
        self.tell("initialized", {})

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101  # because it is a pipe
        while True:
            size = 0
            while line := stream.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    size = int(line.partition(b":")[2])
            if not size:
                self._came.put(None)
                return
            self._came.put(json.loads(stream.read(size)))

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None  # noqa: S101  # because it is a pipe
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def tell(self, method: str, params: Message) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Message) -> Any:
        """Send a request; return its result."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        return self.until(lambda message: message.get("id") == number and "method" not in message).get("result")

    def until(self, is_wanted: Callable[[Message], bool]) -> Message:
        """Wait for a message; answer requests of the server meanwhile.

        Raises:
            MeasuringError: the message does not come.
        """
        while True:
            try:
                message = self._came.get(timeout=PATIENCE)
            except Empty:
                message = None
            if message is None:
                raise MeasuringError("the server says nothing more")
            if "id" in message and "method" in message:
                items = (message.get("params") or {}).get("items", ())
                result = [None for _ in items] if message["method"] == "workspace/configuration" else None
                self._send({"id": message["id"], "result": result})
            if is_wanted(message):
                return message

    def diagnostics(self, path: str) -> None:
        """Wait for the diagnostics of the current version of a note."""
        uri = self.uri(path)

        def is_wanted(message: Message) -> bool:
            params = message.get("params") or {}
            is_of_note = message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri
            return is_of_note and params.get("version") in (None, self.versions[path])

        self.until(is_wanted)

    def uri(self, path: str) -> str:
        """The URI of a note."""
        return (self._root / path).as_uri()

    def open(self, path: str) -> None:
        """Open a note."""
        self.texts[path] = (self._root / path).read_bytes().decode()
        self.versions[path] = 1
        item = {"uri": self.uri(path), "languageId": "markdown", "version": 1, "text": self.texts[path]}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def append(self, path: str, more: str) -> Message:
        """Append text to a note; return the position after it."""
        text = self.texts[path]
        end = _end(text)
        self.versions[path] += 1
        self.texts[path] = text + more
        named = {"uri": self.uri(path), "version": self.versions[path]}
        change = {"range": {"start": end, "end": end}, "text": more}
        self.tell("textDocument/didChange", {"textDocument": named, "contentChanges": [change]})
        return _end(text + more)

    def memory(self) -> int:
        """The bytes of memory of all its processes."""
        return memory_of(self._process.pid)

    def close(self) -> None:
        """End the server."""
        self.ask("shutdown", {})
        self.tell("exit", {})
        try:
            self._process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()


def _end(text: str) -> Message:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return {"line": len(lines) - 1, "character": len(lines[-1].encode("utf-16-le")) // 2}


def timed(work: Callable[[], object]) -> float:
    """The seconds that a function takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def keystrokes(session: Session, paths: Sequence[str], edits: int) -> Iterator[float]:
    """The seconds of each edit; the notes are edited in turn."""
    for i in range(edits):
        path, more = paths[i % len(paths)], " word" if i % 4 else f"\n\nSee [[A note that nobody wrote {i}]]."

        def edit(path: str = path, more: str = more) -> None:
            session.append(path, more)
            session.diagnostics(path)

        yield timed(edit)


def deletions(session: Session, root: Path, targets: Mapping[str, str]) -> Iterator[float]:
    """The seconds for each deleted note, with an open note that links to it; the notes are restored afterwards."""
    for target, linking in targets.items():
        file, aside = root / target, root / f"{target}.aside"
        session.open(linking)
        session.diagnostics(linking)
        file.rename(aside)

        def told(kind: int, target: str = target, linking: str = linking) -> None:
            change = {"uri": session.uri(target), "type": kind}
            session.tell("workspace/didChangeWatchedFiles", {"changes": [change]})
            session.diagnostics(linking)

        yield timed(lambda told=told: told(3))  # type: ignore[misc]
        aside.rename(file)
        told(1)
        session.tell("textDocument/didClose", {"textDocument": {"uri": session.uri(linking)}})


def completions(session: Session, paths: Sequence[str]) -> Iterator[float]:
    """The seconds of each completion after `[[`."""
    for i in range(REQUESTS):
        path = paths[i % len(paths)]
        place = session.append(path, "\n\n[[" + "abcdefgh"[i % 8])
        params = {"textDocument": {"uri": session.uri(path)}, "position": place}
        yield timed(lambda params=params: session.ask("textDocument/completion", params))  # type: ignore[misc]


def hovers(session: Session, paths: Sequence[str], name: str) -> Iterator[float]:
    """The seconds of each hover on a link."""
    for i in range(REQUESTS):
        path = paths[i % len(paths)]
        place = session.append(path, f"\n\n[[{name}]]")
        params = {
            "textDocument": {"uri": session.uri(path)},
            "position": {**place, "character": place["character"] - 3},
        }
        yield timed(lambda params=params: session.ask("textDocument/hover", params))  # type: ignore[misc]


def linked_targets(root: Path, avoided: Sequence[str]) -> dict[str, str]:
    """Some notes to delete, each with another one that links to it."""
    workspace = Workspace.open(find_project(Options(paths=(root,), vault=root, no_config=True)))
    found: dict[str, str] = {}
    for path in random.Random(2).sample(workspace.reported(), min(2_000, len(workspace.reported()))):  # noqa: S311
        note = workspace.vault.notes.get(path)
        if len(found) == TARGETS or note is None or not is_note(path) or path in avoided:
            continue
        for link in note.links:
            to = workspace.vault.resolve(link, note) if link.kind is LinkKind.WIKILINK else ()
            if len(to) == 1 and is_note(to[0]) and to[0] not in (path, *found, *avoided):
                if _is_missed(workspace, to[0], path):
                    found[to[0]] = path
                break
    return found


def _is_missed(workspace: Workspace, target: str, path: str) -> bool:
    """Whether a note gets other findings when a target of its links is deleted."""
    before = workspace.findings(path).content
    workspace.take_up([Gone(target)])
    after = workspace.findings(path).content
    workspace.take_up([OnDisk(target)])
    return before != after


def _opened(root: Path) -> list[str]:
    """The notes to edit."""
    paths = [one.relative_to(root).as_posix() for one in notes_of(root)]
    return random.Random(1).sample(paths, OPEN)  # noqa: S311


def in_words(times: Sequence[float]) -> str:
    """The median, and the 95th percentile."""
    cuts = quantiles(times, n=20)
    return f"{cuts[9] * 1000:.1f} / {cuts[18] * 1000:.1f} ms"


def measured(command: Sequence[str], root: Path, edits: int, targets: Mapping[str, str]) -> dict[str, str]:
    """The measurements of one server, by name; `targets` are notes to delete, each with one that links to it."""
    opened = _opened(root)
    starts = []
    for _ in range(4):  # the first run fills the cache
        start = time.perf_counter()
        session = Session(command, root)
        session.open(opened[0])
        session.diagnostics(opened[0])
        starts.append(time.perf_counter() - start)
        session.close()
    session = Session(command, root)
    for path in opened:
        session.open(path)
        session.diagnostics(path)
    found = {"start": time_in_words(sorted(starts[1:])[1]), "first start": time_in_words(starts[0])}
    found["keystroke"] = in_words([*keystrokes(session, opened, edits)])
    if targets:
        found["deleted target"] = in_words([*deletions(session, root, targets)])
    if session.capabilities.get("completionProvider") and targets:
        found["completion"] = in_words([*completions(session, opened)])
    if session.capabilities.get("hoverProvider") and targets:
        found["hover"] = in_words([*hovers(session, opened, Path(next(iter(targets))).stem)])
    found["memory"] = memory_in_words(session.memory())
    session.close()
    return found


def report(vault: Path, sizes: Sequence[int], edits: int) -> Iterator[str]:
    """The lines of the page, with the measurements of all servers."""
    yield from machine()
    found = original(vault)
    rows = []
    for size in sizes:
        with TemporaryDirectory() as folder:
            root, cache = Path(folder, "vault"), Path(folder, "cache")
            write_copies(found, size, root)
            (root / ".obsidian").mkdir()
            commands = {"vaultlint": (*vaultlint_command(), "server", "--cache-dir", str(cache))}
            if (rumdl := installed("rumdl")) is not None:
                commands["rumdl"] = (rumdl, "server", "--stdio")
            targets = linked_targets(root, _opened(root))
            for name, command in commands.items():
                result = measured(command, root, edits, targets if name == "vaultlint" else {})
                notes = vault_in_words(notes_of(root))
                rows += [[notes, name, measure, value] for measure, value in result.items()]
                print(*rows[-len(result) :], sep="\n", file=sys.stderr)
    yield ""
    yield f"Times are medians, and where there are two, what all but a twentieth of {edits} edits, or 40, stay below."
    yield ""
    yield from table(("vault", "server", "measure", "taken"), rows, 1)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vault", type=Path)
    parser.add_argument("--sizes", default="1,4", help="how many copies, separated by commas")
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--output", type=Path, help="the page of which this writes its section")
    given = parser.parse_args()
    show(report(given.vault, [*map(int, given.sizes.split(","))], given.edits), "server", given.output)


if __name__ == "__main__":
    main()
