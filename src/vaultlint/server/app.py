"""The server: passes the client's messages to the documents and the worker, and their answers back."""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO, TypeVar, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.json_rpc import JsonRPCNotification, JsonRPCRequestMessage
from pygls.protocol.language_server import lsp_method

from vaultlint import __version__
from vaultlint.config.places import Options
from vaultlint.server import actions, writing
from vaultlint.server.asking import PREFIX
from vaultlint.server.diagnostics import shown
from vaultlint.server.documents import Documents, TextDocument
from vaultlint.server.features import FEATURES, Feature, GeneralFeature
from vaultlint.server.positions import Encoding
from vaultlint.server.uris import file_of
from vaultlint.server.vaults import Client, Vaults, VaultSession
from vaultlint.server.worker import Worker

T = TypeVar("T")

SWITCH_INTERVAL = 0.0005
"""Seconds until a thread gives way to another; short, so that the reading thread does not wait for the worker."""

WORKSPACE_DIAGNOSTICS = "vaultlint.workspaceDiagnostics"

PULLED = (types.TEXT_DOCUMENT_DIAGNOSTIC, types.WORKSPACE_DIAGNOSTIC)
"""Requests that are answered only if the client pulls diagnostics."""

OFF_BY_DEFAULT = ("workspaceDiagnostics",)
"""Features that must be switched on: with this one, an editor asks for the whole vault every few seconds."""

LARGEST_MESSAGE, LONGEST_HEADER = 200_000_000, 10_000
"""The most bytes of a message, and of a header line, that are accepted."""

MOST_WAITED = 5.0
"""Seconds that the server waits at its end for a client that does not read."""

_LOGGER = logging.getLogger(__name__)


class _Protocol(LanguageServerProtocol):
    """The protocol with our own documents, because pygls splits lines differently from the protocol."""

    _server: "Server"

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Handle `textDocument/didOpen`."""
        self._server.document_opened(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Handle `textDocument/didChange`."""
        self._server.document_changed(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Handle `textDocument/didClose`."""
        self._server.document_closed(params)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> None:  # type: ignore[override]
        """The client wants to end: drop its open requests."""
        for future in [*self._request_futures.values()]:  # pygls changes this dictionary during the loop
            future.cancel()
        self._shutdown = True

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Build a message from JSON; answer an invalid request at once with an error."""
        if str(data.get("method", "")).startswith(PREFIX) and "id" in data and data.get("jsonrpc") == self.VERSION:
            return JsonRPCRequestMessage(data["id"], data["method"], self.VERSION, data.get("params"))
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            return JsonRPCNotification("$/nonsense", self.VERSION, None)

    def _send_response(self, msg_id: Any, result: Any = None, error: types.ResponseError | None = None) -> None:
        if error is not None and isinstance(error.data, dict) and "traceback" in error.data:
            error.data = None  # it is in the log
        super()._send_response(msg_id, result, error)


class Server(LanguageServer):
    """A language server for the vaults of one editor.

    Args:
        options: the configuration and cache options of the command line.
    """

    def __init__(self, options: Options) -> None:
        super().__init__("vaultlint", __version__, protocol_cls=_Protocol, max_workers=2)
        self._options = options
        self.worker = Worker()
        self.documents = Documents(Encoding.Utf16)
        self.client = Client()
        self.vaults = Vaults(options, self.client, (), self.tell, self.documents.get)
        self._pending: dict[str, TextDocument | None] = {}
        self._lock = threading.Lock()
        self._sent: dict[str, str] = {}  # digests of the diagnostics that were sent, by URI
        handlers: dict[str, Callable[..., Any]] = {
            types.INITIALIZE: self._initialize,
            types.INITIALIZED: self._initialized,
            types.TEXT_DOCUMENT_DID_SAVE: self._saved,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self._watched,
            types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: self._folders_changed,
        }
        for method, handler in handlers.items():
            self.feature(method)(partial(handler))  # a `partial`, because pygls sets attributes on it
        self.command(WORKSPACE_DIAGNOSTICS)(partial(self._workspace_diagnostics))
        self.command(actions.EXPLAIN)(partial(self._explain))
        self.command(writing.APPLY)(partial(self._apply))
        files: dict[str, Callable[..., Any]] = {
            types.WORKSPACE_DID_RENAME_FILES: self._files_renamed,
            types.WORKSPACE_DID_CREATE_FILES: self._files_changed,
            types.WORKSPACE_DID_DELETE_FILES: self._files_changed,
        }
        for method, handler in files.items():
            self.feature(method, writing.ALL_FILES)(partial(handler))

    # Messages from the client.

    def _initialize(self, params: types.InitializeParams) -> None:
        self._loop = asyncio.get_running_loop()
        encoding = Encoding(self.workspace.position_encoding or Encoding.Utf16)
        self.documents = Documents(encoding)
        self.client = _client(params, encoding)
        folders = [folder.uri for folder in params.workspace_folders or ()]
        if not folders and params.root_uri is not None:
            folders = [params.root_uri]
        files = [file for folder in folders if (file := file_of(folder)) is not None]
        self.vaults = Vaults(self._options, self.client, files, self.tell, self.documents.get)
        for one in FEATURES:
            is_wanted = self.client.wanted.get(one.switch, one.switch not in OFF_BY_DEFAULT) is not False
            if is_wanted and (self.client.pulls or one.method not in PULLED):
                answer = self._answering(one) if isinstance(one, Feature) else self._answering_generally(one)
                self.feature(one.method, one.options)(answer)

    def _initialized(self, params: types.InitializedParams) -> None:
        del params
        self._do(self.vaults.open_folders)
        if self.client.watches_files:
            watchers = [types.FileSystemWatcher(types.Pattern("**/*"))]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            self.client_register_capability(types.RegistrationParams([registration]))

    def document_opened(self, params: types.DidOpenTextDocumentParams) -> None:
        """Handle a newly opened text."""
        self._text_is(params.text_document.uri, self.documents.open(params.text_document))

    def document_changed(self, params: types.DidChangeTextDocumentParams) -> None:
        """Handle changes of an open text."""
        document = self.documents.change(params)
        if document is None:
            _LOGGER.warning("a change of %s, which is not open", params.text_document.uri)
        else:
            self._text_is(document.uri, document)

    def document_closed(self, params: types.DidCloseTextDocumentParams) -> None:
        """Handle a closed text."""
        uri = params.text_document.uri
        if self.documents.close(uri):
            self._text_is(uri, None)

    def _saved(self, params: types.DidSaveTextDocumentParams) -> None:
        del params
        if not self.client.watches_files:
            self._do(self._rescan)

    def _watched(self, params: types.DidChangeWatchedFilesParams) -> None:
        files = [file for change in params.changes if (file := file_of(change.uri)) is not None]
        self._do(lambda: self._disk_changed(files))

    def _files_renamed(self, params: types.RenameFilesParams) -> None:
        self._do(lambda: self._disk_changed(self.vaults.within(writing.renamed_files(params))))

    def _files_changed(self, params: types.CreateFilesParams | types.DeleteFilesParams) -> None:
        files = [file for one in params.files if (file := file_of(one.uri)) is not None]
        self._do(lambda: self._disk_changed(self.vaults.within((file, file) for file in files)))

    async def _apply(self, root: str, edits: list[dict[str, Any]]) -> None:
        """Have the client edit other notes as well, after a completion that needs it."""
        edit = await self._done(lambda: writing.applied(self.vaults, root, edits))
        if edit is not None:
            self.workspace_apply_edit(types.ApplyWorkspaceEditParams(edit))

    def _folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        added, removed = (
            [file for folder in folders if (file := file_of(folder.uri)) is not None]
            for folders in (params.event.added, params.event.removed)
        )
        self._do(lambda: self._take_up_folders(added, removed))

    async def _workspace_diagnostics(self) -> int:
        """Show the findings of all open vaults; return their number."""
        return await self._done_in_steps(self._shown_all())

    async def _explain(self, rule: str) -> str | None:
        """Show the manual page of a rule; return its text."""
        text = await self._done(lambda: actions.explained(self.vaults, rule))
        uri = await self._done(lambda: self.vaults.page_of(rule))
        if uri is not None and self.client.shows_documents:
            self.window_show_document(types.ShowDocumentParams(uri))
        elif text is not None:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
        return text

    def _answering(self, feature: Feature) -> Callable[[Any], Any]:
        """A handler for a request about one text."""

        async def answer(params: Any) -> Any:
            uri = params.text_document.uri
            asked = self.documents.get(uri)

            def work() -> Any:
                found = self.vaults.of(uri)
                return feature.nothing if found is None else feature.answer(*found, params)

            result = await self._done(work)
            if asked is not self.documents.get(uri):
                raise _overtaken(feature)
            if feature.method == types.TEXT_DOCUMENT_DIAGNOSTIC:
                self._sent[uri] = result.result_id or ""
            return result

        return answer

    def _answering_generally(self, feature: GeneralFeature) -> Callable[[Any], Any]:
        """A handler for a request that is not about one text."""

        async def answer(params: Any) -> Any:
            if feature.in_steps:
                return await self._done_in_steps(feature.answer(self.vaults, params))
            return await self._done(lambda: feature.answer(self.vaults, params))

        return answer

    # What the worker does.

    def _do(self, job: Callable[[], object]) -> None:
        """Run a job in the worker's thread; if it fails, log it."""

        def work() -> None:
            try:
                job()
            except Exception:  # a bug must not end the server
                _LOGGER.exception("work failed")

        self.worker.submit(work)

    async def _done(self, job: Callable[[], T]) -> T:
        """The result of a job that the worker runs after it has taken up all changed texts."""

        def work() -> T:
            self._take_up()
            return job()

        return await _answered(self.worker.submit(work))

    async def _done_in_steps(self, steps: Generator[object, None, T]) -> T:
        """The result of a job that the worker runs in steps; before the first one, it takes up all changed texts."""
        done: Future[T] = Future()

        def work() -> Iterator[object]:
            try:
                self._take_up()
                result = yield from steps
            except Exception as error:  # the caller gets it
                done.set_exception(error)
            else:
                done.set_result(result)

        self.worker.submit_slow(work())
        return await _answered(done)

    def _text_is(self, uri: str, document: TextDocument | None) -> None:
        """Queue a changed text for the worker; of several waiting changes of one text, only the last counts."""
        with self._lock:
            is_waiting = bool(self._pending)
            self._pending.pop(uri, None)
            self._pending[uri] = document
        if not is_waiting:
            self._do(self._take_up)

    def _take_up(self) -> None:
        """Take up all changed texts and show the new findings, those of the latest text first."""
        with self._lock:
            pending, self._pending = self._pending, {}
        sessions: dict[VaultSession, list[tuple[str, str, TextDocument | None]]] = {}
        for uri, document in pending.items():
            found = self.vaults.of(uri)
            if found is not None:
                sessions.setdefault(found[0], []).append((found[1], uri, document))
            else:
                self._post(uri, document, [])
        for session, changes in sessions.items():
            if not session.is_prepared and self.client.wanted.get("completion") is not False:
                self.worker.submit_slow(session.prepare())
            stale = session.change(changes)
            for path, uri, document in changes:
                if document is None and session.document(path) is None:
                    self._post(uri, None, [])
                    self._sent.pop(uri, None)
            self._show(session, [path for path, _, _ in reversed(changes)], stale)

    def _take_up_folders(self, added: list[Path], removed: list[Path]) -> None:
        self.vaults.change_folders(added, removed)
        with self._lock:
            for document in [*self.documents]:
                self._pending.setdefault(document.uri, document)
        self._take_up()

    def _disk_changed(self, files: Iterable[Path]) -> None:
        self._take_up()
        for session, stale in [*self.vaults.disk_changed(files)]:
            self._show(session, (), stale)

    def _rescan(self) -> None:
        self._take_up()
        for session, stale in [*self.vaults.rescan()]:
            self._show(session, (), stale)

    def _show(self, session: VaultSession, changed: Iterable[str], stale: set[str]) -> None:
        """Show the findings of open texts, first those that changed; then all other stale ones, if wanted."""
        changed = dict.fromkeys(path for path in changed if session.document(path) is not None)
        others = [path for path in session.open_paths if path in stale and path not in changed]
        for path in changed:
            if not self.client.pulls:
                self._push(session, path, always=True)
        for path in others:
            if not self.client.pulls:
                self._push(session, path)
            elif self._sent.get(session.uri_of(path), "") != shown(session, path).digest:
                self._call(self._refresh)
                break
        if session.shows_all:
            rest = sorted(stale - {*session.open_paths})
            self.worker.submit_slow(self._pushed(session, rest))

    def _push(self, session: VaultSession, path: str, *, always: bool = False) -> int:
        """Send the findings of a path, if they differ from what the client has; return their number."""
        document, uri = session.document(path), session.uri_of(path)
        found = shown(session, path)
        if always or self._sent.get(uri) != found.digest:
            self._sent[uri] = found.digest
            self._post(uri, document, found.items)
        return len(found.items)

    def _pushed(self, session: VaultSession, paths: Iterable[str]) -> Iterator[int]:
        for path in paths:
            if session.document(path) is None:
                yield self._push(session, path)

    def _shown_all(self) -> Generator[None, None, int]:
        """Show the findings of all vaults, step by step; return their number."""
        count = 0
        self._rescan()
        for session in self.vaults:
            session.shows_all = True
            for path in session.workspace.reported():
                yield
                if session.document(path) is not None:
                    count += len(session.findings(path))
                elif session.workspace.findings(path).counts:
                    count += self._push(session, path)
        return count

    # Messages to the client, from any thread.

    def _call(self, function: Callable[..., object], *arguments: object) -> None:
        self._loop.call_soon_threadsafe(function, *arguments)

    def _post(self, uri: str, document: TextDocument | None, items: list[types.Diagnostic]) -> None:
        """Send diagnostics, unless the text has changed meanwhile."""
        self._call(self._send, uri, document, items)

    def _send(self, uri: str, document: TextDocument | None, items: list[types.Diagnostic]) -> None:
        if document is self.documents.get(uri):
            version = None if document is None else document.version
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, items, version))

    def _refresh(self) -> None:
        self.workspace_diagnostic_refresh(None)

    def tell(self, kind: types.MessageType, message: str) -> None:
        """Show a message to the user."""
        self._call(self.window_show_message, types.ShowMessageParams(kind, f"vaultlint: {message}"))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log an error; do not show it to the user."""
        _LOGGER.warning("%s: %s", getattr(source, "__name__", source), error)

    @property
    def said_goodbye(self) -> bool:
        """Whether the client asked the server to end."""
        return self.protocol._shutdown

    def shutdown(self) -> None:
        """Shut down the server."""
        self.worker.stop()
        super().shutdown()  # type: ignore[no-untyped-call]


async def _answered(future: "Future[T]") -> T:
    """The result of a future; if it fails, the client gets an error of one line."""
    try:
        return await asyncio.wrap_future(future)
    except JsonRpcException:
        raise
    except Exception as error:
        _LOGGER.exception("a request failed")
        raise JsonRpcInternalError(f"{type(error).__name__}: {error}; please report this") from None


def _overtaken(feature: Feature) -> JsonRpcException:
    """The error for a request whose text changed before it was answered."""
    if feature.method == types.TEXT_DOCUMENT_DIAGNOSTIC:
        data = types.DiagnosticServerCancellationData(retrigger_request=True)
        return JsonRpcException("the text has changed", types.LSPErrorCodes.ServerCancelled, data)
    return JsonRpcException("the text has changed", types.LSPErrorCodes.ContentModified)


def _client(params: types.InitializeParams, encoding: Encoding) -> Client:
    """The client's capabilities and options, from its `initialize` request."""
    can = params.capabilities
    texts, workspace, window = can.text_document, can.workspace, can.window
    edit = workspace and workspace.workspace_edit
    action = texts and texts.code_action
    watching = workspace and workspace.did_change_watched_files
    refreshing = workspace and workspace.diagnostics
    item = texts.completion.completion_item if texts and texts.completion else None
    wanted = params.initialization_options
    return Client(
        encoding=encoding,
        pulls=bool(texts and texts.diagnostic and refreshing and refreshing.refresh_support),
        document_changes=bool(edit and (edit.document_changes or edit.resource_operations)),
        shows_markdown=_has_markdown(texts.hover.content_format if texts and texts.hover else None),
        documents_in_markdown=_has_markdown(item.documentation_format if item else None),
        renames_files=bool(edit and types.ResourceOperationKind.Rename in (edit.resource_operations or ())),
        creates_files=bool(edit and types.ResourceOperationKind.Create in (edit.resource_operations or ())),
        resolves_actions=bool(action and action.resolve_support and "edit" in action.resolve_support.properties),
        shows_documents=bool(window and window.show_document and window.show_document.support),
        watches_files=bool(watching and watching.dynamic_registration),
        wanted=wanted if isinstance(wanted, dict) else {},
    )


def _has_markdown(kinds: Iterable[types.MarkupKind] | None) -> bool:
    return types.MarkupKind.Markdown in (kinds or ())


class _Input:
    """Standard input that reads at most one message of the allowed size at once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """A line, or the beginning of one that is too long."""
        return self._stream.readline(LONGEST_HEADER)

    def read(self, size: int) -> bytes:
        """Read `size` bytes; if that is more than the limit, skip them and return an invalid message."""
        if size <= LARGEST_MESSAGE:
            return self._stream.read(size)
        while size > 0 and (block := self._stream.read(min(size, LARGEST_MESSAGE))):
            size -= len(block)
        return b"?"


class _Output:
    """Standard output with a thread of its own, so that a client that does not read holds up nothing else.

    Args:
        descriptor: the file descriptor.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: SimpleQueue[bytes] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="vaultlint output", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Queue a message; it is not empty."""
        self._waiting.put(data)

    def flush(self) -> None:
        """Do nothing: each message is written as soon as the client reads the one before."""

    def close(self) -> None:
        """Wait until the client has everything, but no longer than `MOST_WAITED`."""
        self._waiting.put(b"")
        self._thread.join(MOST_WAITED)

    def _run(self) -> None:
        while data := self._waiting.get():
            with suppress(OSError):  # the client is gone
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]


def serve(options: Options, log_file: Path | None) -> int:
    """Serve the client on standard input and output until it disconnects; return the exit code.

    Raises:
        OSError: the log can't be written.
    """
    handler = logging.NullHandler() if log_file is None else logging.FileHandler(log_file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.getLogger("pygls").setLevel(logging.WARNING)  # otherwise it logs every message
    sys.setswitchinterval(SWITCH_INTERVAL)
    out = _Output(os.dup(sys.stdout.fileno()))
    sys.stdout = sys.stderr  # output of a plug-in must not get into the protocol
    server = Server(options)
    try:
        server.start_io(cast(BinaryIO, _Input(sys.stdin.buffer)), cast(BinaryIO, out))
    finally:
        out.close()
    return 0 if server.said_goodbye else 1
