"""Our own requests, `vaultlint/…`: their parameters, and the vault that they are about."""

from collections.abc import Callable, Generator
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from lsprotocol import types
from msgspec import Struct, ValidationError
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from vaultlint.server.uris import file_of
from vaultlint.server.vaults import Vaults, VaultSession

P = TypeVar("P", bound="VaultParams")

PREFIX = "vaultlint/"
"""The prefix of the names of these requests."""

Steps = Generator[None, None, Any]
"""A generator that works in steps and returns a value that JSON can represent."""

BYTE_ORDER_MARK = "\ufeff"


class VaultParams(Struct, frozen=True, rename="camel"):
    """Parameters of a request about the vault of a folder; without `uri`, that of the first workspace folder."""

    uri: str | None = None


def answering(kind: type[P], answer: Callable[[VaultSession, P], Steps]) -> Callable[[Vaults, Any], Steps]:
    """A handler that converts the parameters to a struct; if they do not fit, it refuses the request and says why."""

    def answered(vaults: Vaults, params: Any) -> Steps:
        try:
            asked = msgspec.convert({} if params is None else params, kind)
        except ValidationError as error:
            raise _invalid(str(error)) from None
        return (yield from answer(_session(vaults, asked.uri), asked))

    return answered


def _session(vaults: Vaults, uri: str | None) -> VaultSession:
    folder = vaults.folders[0] if uri is None and vaults.folders else file_of(uri or "")
    found = None if folder is None else vaults.in_which(folder)
    if found is None:
        raise JsonRpcException("no vault is open there", types.LSPErrorCodes.RequestFailed)
    return found


def _invalid(message: str) -> JsonRpcException:
    error = JsonRpcInvalidParams()
    error.message = message
    return error


def text_digest(text: str) -> str:
    """SHA-256 of a text's UTF-8 in hexadecimal, without a byte order mark, to see whether the text has changed."""
    return sha256(text.removeprefix(BYTE_ORDER_MARK).encode()).hexdigest()
