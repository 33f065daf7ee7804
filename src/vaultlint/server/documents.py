"""The texts that are open in the editor."""

from collections.abc import Iterator
from functools import cached_property

from lsprotocol import types

from vaultlint.server.positions import Encoding, Positions, changed, whole


class TextDocument:
    """One text in one version; each change makes a new document.

    Args:
        uri: its URI, as the client writes it.
        version: the client's version number; None if the text is not open.
        text: the text.
        encoding: the unit of columns in positions.
    """

    def __init__(self, uri: str, version: int | None, text: str, encoding: Encoding) -> None:
        self.uri = uri
        self.version = version
        self.text = text
        self.encoding = encoding

    @cached_property
    def positions(self) -> Positions:
        """Converts between offsets and positions in this text."""
        return Positions(self.text, self.encoding)


class Documents:
    """All open texts, by URI.

    Args:
        encoding: the unit of columns in positions.
    """

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._open: dict[str, TextDocument] = {}

    def __iter__(self) -> Iterator[TextDocument]:
        return iter(self._open.values())

    def get(self, uri: str) -> TextDocument | None:
        """The open text with this URI, or None."""
        return self._open.get(uri)

    def open(self, item: types.TextDocumentItem) -> TextDocument:
        """Add an open text; it replaces one with the same URI."""
        return self._put(item.uri, item.version, whole(item.text))

    def change(self, params: types.DidChangeTextDocumentParams) -> TextDocument | None:
        """Apply changes to a text; None if it is not open."""
        named = params.text_document
        before = self._open.get(named.uri)
        if before is None:
            return None
        return self._put(named.uri, named.version, changed(before.text, params.content_changes, self._encoding))

    def close(self, uri: str) -> bool:
        """Remove a text; return whether it was open."""
        return self._open.pop(uri, None) is not None

    def _put(self, uri: str, version: int, text: str) -> TextDocument:
        document = self._open[uri] = TextDocument(uri, version, text, self._encoding)
        return document
