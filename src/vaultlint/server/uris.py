"""Converting file paths to the URIs of clients and back."""

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes
from urllib.request import url2pathname


def file_of(uri: str) -> Path | None:
    """The file of a URI; None if it is not a file URI, such as that of a text that was never saved."""
    scheme, _, rest = uri.partition("://")
    host, slash, written = rest.partition("/")
    if scheme.lower() != "file" or not slash:
        return None
    if os.name == "nt":
        return Path(url2pathname(f"//{host}/{written}" if host else f"/{written}"))
    path = os.fsdecode(unquote_to_bytes(f"/{written}"))  # works also for clients that do not encode `?`, `#` and `;`
    return None if "\0" in path else Path(os.path.normpath(path))


def uri_of(file: Path) -> str:
    """The URI of a file."""
    return file.as_uri()
