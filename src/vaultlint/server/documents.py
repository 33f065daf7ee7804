"""The texts that are open in the editor."""

from collections.abc import Iterator
from functools import cached_property

from lsprotocol import types

from vaultlint.server.positions import Encoding, Positions, changed, whole


class TextDocument:
    """One text in one version; a change makes another document.

    Args:
        uri: its address, as the client writes it.
        version: the number that the client gives it; None if it is not open.
        text: the text.
        encoding: what positions in it count.
    """

    def __init__(self, uri: str, version: int | None, text: str, encoding: Encoding) -> None:
        self.uri = uri
        self.version = version
        self.text = text
        self.encoding = encoding

    @cached_property
    def positions(self) -> Positions:
        """The way from offsets to positions and back."""
        return Positions(self.text, self.encoding)


class Documents:
    """All texts that are open, by address.

    Args:
        encoding: what positions in them count.
    """

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._open: dict[str, TextDocument] = {}

    def __iter__(self) -> Iterator[TextDocument]:
        return iter(self._open.values())

    def get(self, uri: str) -> TextDocument | None:
        """The text at an address, if it is open."""
        return self._open.get(uri)

    def open(self, item: types.TextDocumentItem) -> TextDocument:
        """A text is open from now on; if it was already, it is replaced."""
        return self._put(item.uri, item.version, whole(item.text))

    def change(self, params: types.DidChangeTextDocumentParams) -> TextDocument | None:
        """A text has changed; None if it is not open."""
        named = params.text_document
        before = self._open.get(named.uri)
        if before is None:
            return None
        return self._put(named.uri, named.version, changed(before.text, params.content_changes, self._encoding))

    def close(self, uri: str) -> bool:
        """A text is not open any more; whether it was."""
        return self._open.pop(uri, None) is not None

    def _put(self, uri: str, version: int, text: str) -> TextDocument:
        document = self._open[uri] = TextDocument(uri, version, text, self._encoding)
        return document
