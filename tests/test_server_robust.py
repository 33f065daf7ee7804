"""Unexpected actions of clients and disks: the server keeps running, and writers see no errors."""

import json
import os
import subprocess
import sys
from math import log
from pathlib import Path
from select import select
from subprocess import PIPE
from time import process_time
from typing import Any

import pytest
from editor import PATIENCE, editor
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from conftest import symlink, write_vault
from vaultlint.cache.store import SUFFIX
from vaultlint.config.places import Options, found_place
from vaultlint.server.diagnostics import shown
from vaultlint.server.documents import TextDocument
from vaultlint.server.features import Feature
from vaultlint.server.manual import Manual
from vaultlint.server.positions import Encoding
from vaultlint.server.vaults import Client, VaultSession
from vaultlint.text import Span

pytestmark = pytest.mark.asyncio

FILES: dict[str, str | bytes] = {"vaultlint.toml": "", "Physics.md": "By [[Nobody]].\n", "Newton.md": "# Laws\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", FILES)


def message(**parts: Any) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **parts}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def initialize(root: Path) -> bytes:
    folders = [{"uri": root.as_uri(), "name": "vault"}]
    params = {"processId": os.getpid(), "rootUri": root.as_uri(), "capabilities": {}, "workspaceFolders": folders}
    return message(id=1, method="initialize", params=params) + message(method="initialized", params={})


def opened(file: Path, text: str) -> bytes:
    item = {"uri": file.as_uri(), "languageId": "markdown", "version": 1, "text": text}
    return message(method="textDocument/didOpen", params={"textDocument": item})


MAIN = "from vaultlint.cli import main; main()"


def served(
    data: bytes, *arguments: str, code: str = MAIN, until: bytes = b"", then: bytes = b""
) -> tuple[int, bytes, bytes]:
    """The exit code, output and error output of a new server that gets some bytes, and then more."""
    command = [sys.executable, "-c", code, "server", *arguments]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(data)
        process.stdin.flush()
        before = b""
        while until not in before and select([process.stdout], [], [], PATIENCE)[0]:
            read = os.read(process.stdout.fileno(), 100_000)
            before += read
            if not read:
                break
        out, err = process.communicate(then, timeout=120)
        return process.returncode, before + out, err


GOODBYE = message(id=9, method="shutdown") + message(method="exit")


async def test_client_that_says_goodbye(root: Path) -> None:
    code, out, err = served(initialize(root) + GOODBYE)
    assert (code, err) == (0, b"")
    assert out.count(b"Content-Length") == 2


async def test_client_that_dies(root: Path) -> None:
    code, _, err = served(initialize(root) + opened(root / "Physics.md", "[[Nobody]]"))
    assert (code, err) == (1, b"")


async def test_client_that_reads_no_more(root: Path) -> None:
    command = [sys.executable, "-m", "vaultlint", "server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(initialize(root))
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(opened(root / "Physics.md", "[[Nobody]]") + message(id=3, method="nonsense"))
        process.stdin.close()
        assert process.wait(60) == 1
        assert process.stderr.read() == b""


STRANGE = {"uri": "://", "version": 1}


NONSENSE = (
    b"Content-Length: 9\r\n\r\n{nonsense",
    b"Content-Length: 2\r\n\r\n[]",
    b"Content-Length: 4\r\n\r\nnull",
    b"Content-Length: 4\r\n\r\n\xff\xfe\xfd\xfc",
    b"GET / HTTP/1.1\r\n\r\n",
    message(method="nonsense", params={"a": 1}),
    message(id=7, method="nonsense"),
    message(id=7, method="textDocument/codeAction", params={"textDocument": 5}),
    message(id=7, result=None),
    message(id=[1], method="textDocument/codeAction"),
    message(method="textDocument/didChange", params={"textDocument": STRANGE, "contentChanges": []}),
    message(method="textDocument/didClose", params={"textDocument": STRANGE}),
    message(method="textDocument/didOpen", params={"textDocument": {**STRANGE, "languageId": "", "text": ""}}),
    message(id=7, method="workspace/executeCommand", params={"command": "rm", "arguments": ["-rf"]}),
    message(id=7, method="workspace/executeCommand", params={"command": "vaultlint.explain", "arguments": [{}]}),
    message(id=7, method="codeAction/resolve", params={"title": "x", "data": {"uri": 5}}),
    message(id=7, method="vaultlint/links", params=[5]),
    message(id=7, method="vaultlint/links", params={"texts": [{"path": "../x.md"}], "type_name": 1}),
    message(id=7, method="vaultlint/fixes", params={"paths": ["..", "/", ""], "rule": "\ud800"}),
    message(id=7, method="vaultlint/nonsense", params={}),
    message(method="vaultlint/links", params={}),
    b"Content-Length: 60000\r\n\r\n" + b"[" * 60_000,
)


async def test_nonsense(root: Path) -> None:
    whole = {"command": "vaultlint.workspaceDiagnostics"}
    asked = (message(id=100 + i, method="workspace/executeCommand", params=whole) for i in range(len(NONSENSE)))
    data = b"".join(part for parts in zip(NONSENSE, asked, strict=True) for part in parts)
    note, last = opened(root / "Physics.md", "[[Nobody]]"), b'"id": %d' % (99 + len(NONSENSE))
    code, out, err = served(initialize(root) + note + data, until=last, then=GOODBYE)
    assert (code, err) == (0, b"")
    assert b"no note or attachment named 'Nobody'" in out
    assert b"Traceback" not in out
    assert out.count(b'"id": 7') == sum(b'"id": 7, "method"' in one for one in NONSENSE)
    assert all(b'"id": %d' % (100 + i) in out for i in range(len(NONSENSE)))


async def test_message_that_is_too_long(root: Path) -> None:
    code, _, err = served(initialize(root) + b"Content-Length: 9" + b"9" * 30 + b"\r\n" + b"x" * 100_000 + b"\r\n")
    assert (code, err) == (1, b"")


async def test_bug_in_a_feature_is_told_in_one_line(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(
        "vaultlint.server.app.FEATURES", (Feature(types.TEXT_DOCUMENT_CODE_ACTION, broken, "actions"),)
    )
    async with editor(root) as client:
        client.open("Physics.md")
        place = types.Range(types.Position(0, 0), types.Position(0, 0))
        named = types.TextDocumentIdentifier(client.uri("Physics.md"))
        params = types.CodeActionParams(named, place, types.CodeActionContext([]))
        with pytest.raises(JsonRpcException, match="ValueError: a bug; please report this") as error:
            await client.client.text_document_code_action_async(params)
        assert error.value.data is None
        assert len(await client.diagnostics("Physics.md")) == 1
        assert client.errors == []


async def test_same_file_twice(root: Path) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        client.open("Physics.md", "By [[Somebody]].\n")
        await client.until(lambda: "Somebody" in str(client.latest("Physics.md")))
        client.replace("Physics.md", "Somebody", "Newton")
        assert await client.diagnostics("Physics.md") == []


async def test_same_file_by_two_addresses(root: Path) -> None:
    symlink(root / "Again.md", root / "Physics.md")
    async with editor(root) as client:
        client.open("Physics.md")
        client.open("Again.md", "By [[Somebody]].\n")
        assert await client.messages_of("Again.md") == ["no note or attachment named 'Somebody'"]
        client.close("Again.md")
        client.replace("Physics.md", "By", "Of")
        assert await client.messages_of("Physics.md") == ["no note or attachment named 'Nobody'"]


async def test_file_that_is_in_no_vault(root: Path, tmp_path: Path) -> None:
    write_vault(tmp_path, {"Stray.md": "[[Nobody]]\n"})
    async with editor(tmp_path, folders=[root]) as client:
        for path in ("Stray.md", "vault/notes.txt", "vault/.hidden.md", "vault/new/folder/Note.md"):
            client.open(path, "[[Nobody]]\n")
            client.replace(path, "Nobody", "Someone")
        assert len(await client.diagnostics("vault/new/folder/Note.md")) == 1
        assert {one.uri for one in client.published if one.diagnostics} == {client.uri("vault/new/folder/Note.md")}
        assert client.errors == []


async def test_text_that_was_never_saved(root: Path) -> None:
    async with editor(root) as client:
        item = types.TextDocumentItem("untitled:Untitled-1", "markdown", 1, "[[Nobody]]")
        client.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        client.open("Physics.md")
        assert len(await client.diagnostics("Physics.md")) == 1


async def test_many_changes(root: Path) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        for i in range(500):
            text = client.texts["Physics.md"]
            client.edit("Physics.md", Span(len(text), len(text)), f"[[Note {i}]]\n")
        assert len(await client.diagnostics("Physics.md")) == 501
        versions = [one.version for one in client.published if one.uri == client.uri("Physics.md")]
        assert versions == sorted({*versions}, key=lambda version: version or 0)
        assert len(versions) < 250


async def test_vault_that_is_moved_away(root: Path, tmp_path: Path) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        assert len(await client.diagnostics("Physics.md")) == 1
        root.rename(tmp_path / "elsewhere")
        client.replace("Physics.md", "Nobody", "Somebody")
        assert len(await client.diagnostics("Physics.md")) == 1
        named = types.TextDocumentIdentifier(client.uri("Physics.md"))
        client.client.text_document_did_save(types.DidSaveTextDocumentParams(named))
        gone = [types.FileEvent(client.uri(path), types.FileChangeType.Deleted) for path in FILES]
        client.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(gone))
        client.replace("Physics.md", "Somebody", "Anybody")
        assert len(await client.diagnostics("Physics.md")) == 1
        assert all("Traceback" not in one.message for one in client.errors)


async def test_note_of_ten_megabytes(root: Path) -> None:
    lines = "A line of words without a link, and some more words.\n" * 999 + "One with a link to [[Newton]].\n"
    text = lines * (10_000_000 // len(lines))
    async with editor(root) as client:
        client.open("Large.md", text)
        client.open("Physics.md")
        assert len(await client.diagnostics("Physics.md")) == 1
        client.edit("Large.md", Span(0, 0), "[[Nobody]] ")
        assert await client.messages_of("Large.md") == ["no note or attachment named 'Nobody'"]


async def test_nothing_is_written_but_the_cache(root: Path, cache_dir: Path) -> None:
    def files(folder: Path) -> dict[str, tuple[int, bytes]]:
        found = sorted(one for one in folder.rglob("*") if one.is_file())
        return {str(one.relative_to(folder)): (one.stat().st_mtime_ns, one.read_bytes()) for one in found}

    before = files(root.parent)
    async with editor(root) as client:
        client.open("Physics.md")
        await client.diagnostics("Physics.md")
        await client.command("vaultlint.workspaceDiagnostics")
        client.replace("Physics.md", "By", "Of")
        await client.diagnostics("Physics.md")
    assert files(root.parent) == before
    (cache,) = [file for file in cache_dir.iterdir() if file.is_file() and file.suffix == SUFFIX]
    others = {file for file in cache_dir.rglob("*") if file.is_file() and not file.name.startswith(cache.name)}
    assert {file.parent for file in others} == {cache_dir / "rules"}


async def test_log(root: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    data = initialize(root) + message(id=7, method="nonsense", params={}) + opened(root / "Physics.md", "x")
    code, _, err = served(data, "--log-file", str(log), until=b"publishDiagnostics", then=GOODBYE)
    assert (code, err) == (0, b"")
    text = log.read_text("utf-8")
    assert f"opened {root}: 2 notes" in text
    assert "unknown method 'nonsense'" in text


async def test_log_that_can_not_be_written(tmp_path: Path) -> None:
    code, out, err = served(b"", "--log-file", str(tmp_path / "nowhere" / "log"))
    assert (code, out) == (2, b"")
    assert err.decode() == f"Error: {tmp_path / 'nowhere' / 'log'}: the log can't be written: {os.strerror(2)}\n"


@pytest.mark.parametrize("package", ["pygls", "lsprotocol"])
async def test_without_the_packages_one_line_says_what_to_install(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; from vaultlint.cli import main; main()"
    assert served(b"", code=code) == (
        2,
        b"",
        b"Error: the server needs the package 'pygls': pipx inject obsidian-vaultlint pygls\n",
    )


@pytest.mark.parametrize("is_open", [False, True])
async def test_showing_a_note_grows_with_its_length(tmp_path: Path, is_open: bool) -> None:
    few, many = 1_000, 4_000
    taken = [min(shown_in(tmp_path / f"{lines} {i}", lines, is_open) for i in range(2)) for lines in (few, many)]
    assert log(taken[1] / taken[0], many / few) < 1.5


def shown_in(root: Path, lines: int, is_open: bool) -> float:
    """Seconds of work to compute the diagnostics of a note with `lines` broken links."""
    text = "A line with a link to [[Nobody]] that 😀 wrote.\n" * lines
    write_vault(root, {"vaultlint.toml": "", "Long.md": text})
    options = Options(paths=(root,))
    session = VaultSession(found_place(options), options, Client(), Manual(None), lambda uri: None)
    document = TextDocument((root / "Long.md").as_uri(), 1, text, Encoding.Utf16)
    start = process_time()
    if is_open:
        session.change([("Long.md", document.uri, document)])
    found = shown(session, "Long.md").items
    taken = process_time() - start
    assert sum(1 + len(one.related_information or ()) for one in found) >= lines
    return taken


@pytest.mark.skipif(os.name == "nt", reason="select takes no pipes there")
async def test_client_that_writes_a_lot_before_it_reads(root: Path) -> None:
    """A server that waits for it to read would not read either, and both would wait for ever."""
    command = [sys.executable, "-m", "vaultlint", "server", "--no-cache"]
    asked = [message(id=i, method="nonsense", params={"text": "x" * 1000}) for i in range(2, 3002)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE) as server:
        assert server.stdin
        assert server.stdout
        rest = memoryview(b"".join([initialize(root), *asked]))
        os.set_blocking(server.stdin.fileno(), False)
        while rest and select([], [server.stdin], [], PATIENCE)[1]:
            rest = rest[os.write(server.stdin.fileno(), rest) :]
        is_written = not rest
        server.stdin.close()
        answered = server.stdout.read().count(b'"error"')
    assert (is_written, answered) == (True, len(asked))
