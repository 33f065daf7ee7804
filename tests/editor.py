"""An editor that talks to the server, for tests."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO, Union

from cattrs import Converter
from lsprotocol import types
from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from vaultlint.config.places import Options
from vaultlint.server.app import Server
from vaultlint.server.positions import Encoding, Positions
from vaultlint.server.uris import file_of
from vaultlint.text import Span

PROFILES = ("neovim", "visual-studio-code", "emacs")
"""Editors whose capabilities are known."""

PATIENCE = 120
"""Seconds after which something that should come does not."""


class Editor:
    """One editor: its open texts, and what the server sent to it.

    Args:
        client: sends its messages.
        root: the folder that its paths start from.
    """

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client = client
        self.root = root
        self.encoding = Encoding.Utf16
        self.capabilities = types.ServerCapabilities()
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.published: list[types.PublishDiagnosticsParams] = []
        self.errors: list[types.ShowMessageParams] = []
        self._news = asyncio.Condition()

    def uri(self, path: str) -> str:
        """The URI of a path."""
        return (self.root / path).as_uri()

    def open(self, path: str, text: str | None = None) -> None:
        """Open a file."""
        self.texts[path] = (self.root / path).read_text(encoding="utf-8") if text is None else text
        self.versions[path] = 1
        item = types.TextDocumentItem(self.uri(path), "markdown", 1, self.texts[path])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text with another one, as a separate edit."""
        start = self.texts[path].index(old)
        self.edit(path, Span(start, start + len(old)), new)

    def edit(self, path: str, span: Span, new: str) -> None:
        """Replace a span."""
        text = self.texts[path]
        place = Positions(text, self.encoding).range(span)
        self.texts[path] = text[: span.start] + new + text[span.end :]
        self.versions[path] += 1
        named = types.VersionedTextDocumentIdentifier(self.versions[path], self.uri(path))
        change = types.TextDocumentContentChangePartial(place, new)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(named, [change]))

    def close(self, path: str) -> None:
        """Close a file."""
        del self.texts[path]
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri(path)))
        )

    async def received(self, params: types.PublishDiagnosticsParams) -> None:
        """Store diagnostics that the server sent."""
        async with self._news:
            self.published.append(params)
            self._news.notify_all()

    async def until(self, is_so: Callable[[], object]) -> None:
        """Wait for diagnostics until a condition holds."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(is_so), PATIENCE)

    def latest(self, path: str) -> types.PublishDiagnosticsParams | None:
        """The last diagnostics sent for a path."""
        of_path = [one for one in self.published if one.uri == self.uri(path)]
        return of_path[-1] if of_path else None

    async def diagnostics(self, path: str) -> list[types.Diagnostic]:
        """The diagnostics of the current version of an open text."""
        await self.until(lambda: (found := self.latest(path)) and found.version == self.versions[path])
        found = self.latest(path)
        assert found is not None
        return [*found.diagnostics]

    async def messages_of(self, path: str) -> list[str]:
        """The messages of the diagnostics of an open text."""
        return [one.message for one in await self.diagnostics(path)]

    async def command(self, name: str, *arguments: Any) -> Any:
        """Ask the server to execute a command."""
        return await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams(name, [*arguments] or None)
        )


@asynccontextmanager
async def editor(
    root: Path,
    profile: str = "neovim",
    *,
    folders: Iterable[Path] | None = None,
    wanted: Mapping[str, object] = {},
    adapt: Callable[[types.ClientCapabilities], object] = lambda capabilities: None,
    options: Options | None = None,
) -> AsyncIterator[Editor]:
    """An editor with its own server, which ends when the editor ends.

    Args:
        root: the folder that paths start from.
        profile: the editor whose capabilities it has.
        folders: its workspace folders, by default the root.
        wanted: the initialization options.
        adapt: changes the capabilities.
        options: the options on the command line.
    """
    client = LanguageClient(converter_factory=_converter)
    here = Editor(client, root)
    own: dict[str, Callable[[Any], Any]] = {
        types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: here.received,
        types.WINDOW_SHOW_MESSAGE: here.errors.append,
        types.CLIENT_REGISTER_CAPABILITY: lambda params: None,
    }
    register_lsp_features(
        client, {name: handler for name, handler in DEFAULT_CLIENT_FEATURES.items() if name not in own}
    )
    for name, handler in own.items():
        client.feature(name)(_handler(handler))
    gone = _connected(client, options or Options(cache_dir=Path(os.environ["VAULTLINT_CACHE_DIR"])))
    capabilities = client_capabilities(profile)
    adapt(capabilities)
    named = [root] if folders is None else [*folders]
    result = await client.initialize_session(
        types.InitializeParams(
            capabilities,
            root_uri=named[0].as_uri() if named else None,
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in named] or None,
            initialization_options={**wanted} or None,
        )
    )
    here.capabilities = result.capabilities
    here.encoding = Encoding(result.capabilities.position_encoding or Encoding.Utf16)
    try:
        yield here
    finally:
        await asyncio.wait_for(client.shutdown_session(), PATIENCE)
        await asyncio.wait_for(gone, PATIENCE)


class _OwnThreadWriter(StdoutWriter):
    """Writes in its own thread, as editors do, so reading never waits until the server has read."""

    def __init__(self, stdout: BinaryIO) -> None:
        super().__init__(stdout)
        self._thread = ThreadPoolExecutor(1)

    def write(self, data: bytes) -> None:
        self._thread.submit(super().write, data)

    def close(self) -> None:
        self._thread.shutdown()
        super().close()  # type: ignore[no-untyped-call]


def _connected(client: LanguageClient, options: Options) -> "asyncio.Future[Any]":
    """Connect a client to a server in this process, until the server ends."""
    (server_in, client_out), (client_in, server_out) = _pipe(), _pipe()
    client.protocol.set_writer(_OwnThreadWriter(client_out))
    server = Server(options)
    loop = asyncio.get_running_loop()
    serving = loop.run_in_executor(None, server.start_io, server_in, server_out)
    reading = asyncio.ensure_future(
        run_async(Event(), StdinAsyncReader(client_in), client.protocol, error_handler=client.report_server_error)
    )
    return asyncio.gather(serving, reading)


def _converter() -> Converter:
    """Reads a code action with a command as a code action; lsprotocol reads it as a command."""
    converter: Converter = default_converter()  # type: ignore[no-untyped-call]

    def structured(value: Any, kind: Any) -> Any:
        del kind
        is_command = isinstance(value.get("command"), str)
        return converter.structure(value, types.Command if is_command else types.CodeAction)

    converter.register_structure_hook(Union[types.Command, types.CodeAction], structured)  # noqa: UP007  # as there
    return converter


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    read, write = os.pipe()
    return os.fdopen(read, "rb"), os.fdopen(write, "wb")


def _handler(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function that can have attributes."""

    async def handle(params: Any) -> None:
        result = function(params)
        if asyncio.iscoroutine(result):
            await result

    return handle


def replaced(text: str, edits: Iterable[types.TextEdit], encoding: Encoding) -> str:
    """A text after edits that do not overlap, applied as an editor applies them."""
    positions = Positions(text, encoding)
    for edit in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
        span = positions.span(edit.range)
        text = text[: span.start] + edit.new_text + text[span.end :]
    return text


async def actions_at(
    client: Editor, path: str, old: str, only: list[str] | None = None
) -> dict[str, types.CodeAction]:
    """The code actions at the first occurrence of a text, by title."""
    text = client.texts[path]
    start = text.index(old)
    place = Positions(text, client.encoding).range(Span(start, start + len(old)))
    context = types.CodeActionContext([], only)
    params = types.CodeActionParams(types.TextDocumentIdentifier(client.uri(path)), place, context)
    found = await client.client.text_document_code_action_async(params)
    return {one.title: one for one in found or () if isinstance(one, types.CodeAction)}


async def resolved(client: Editor, action: types.CodeAction) -> types.WorkspaceEdit:
    """The edit of a code action, requested from the server if the action does not contain it."""
    if action.edit is None:
        action = await client.client.code_action_resolve_async(action)
    assert action.edit is not None
    return action.edit


def applied_to(client: Editor, edit: types.WorkspaceEdit) -> dict[str, str]:
    """The texts after an edit, by path; a new file is empty at first."""
    texts: dict[str, str] = {}

    def path_of(uri: str) -> str:
        file = file_of(uri)
        assert file is not None
        return file.relative_to(client.root).as_posix()

    def change(uri: str, edits: Iterable[Any]) -> None:
        path = path_of(uri)
        file = client.root / path
        before = texts.get(path, client.texts.get(path))
        texts[path] = replaced(before if before is not None else file.read_text("utf-8"), edits, client.encoding)

    for one in edit.document_changes or ():
        if isinstance(one, types.CreateFile):
            texts[path_of(one.uri)] = ""
        elif isinstance(one, types.TextDocumentEdit):
            path = path_of(one.text_document.uri)
            assert one.text_document.version == client.versions.get(path)
            change(one.text_document.uri, one.edits)
    for uri, edits in (edit.changes or {}).items():
        change(uri, edits)
    return texts
