"""What results depend on besides vault and configuration: our own code, the interpreter, installed packages."""

import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from vaultlint import __version__
from vaultlint.digests import blake2b
from vaultlint.files.discovery import FileState, state_of

if TYPE_CHECKING:
    from vaultlint.config.settings import Settings


@cache
def code_digest() -> bytes:
    """A digest that changes with our own code, and when packages are installed, updated or removed."""
    folder = Path(__file__).parents[1]
    own = sorted([*_modules(folder), os.path.join(folder, "reports", "page.html")])  # noqa: PTH118  # as text
    scripts = os.path.dirname(sys.executable)  # noqa: PTH120  # first on the path if run as a command
    folders = [folder for folder in sys.path if folder != scripts and os.path.isdir(folder)]  # noqa: PTH112
    parts = [__version__, sys.version, *map(repr, states(own)), *folders]
    parts += [str(Path(folder).stat().st_mtime_ns) for folder in folders if folder.endswith("-packages")]
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def profile(settings: "Settings") -> bytes:
    """A digest of everything that reading and rules depend on except the vault's files: settings and code."""
    from msgspec import msgpack  # imported only here: a run without changes needs neither it nor the settings

    others = (name for rule in settings.rules.values() if not (name := rule.__module__).startswith("vaultlint."))
    modules = modules_of(others)
    parts = [code_digest(), ascii(states(modules)), *settings.parts]
    return blake2b(msgpack.encode(parts, order="deterministic"), digest_size=16).digest()


def states(files: Iterable[str]) -> list[tuple[str, FileState]]:
    """Pairs of a file and its state."""
    return [(file, state_of(file)) for file in files]


def modules_of(names: Iterable[str]) -> list[str]:
    """The files of the packages that contain these modules."""
    files: set[str] = set()
    for name in {name.partition(".")[0] for name in names}:
        module = sys.modules.get(name)
        for folder in getattr(module, "__path__", ()):
            files.update(_modules(Path(folder)))
        if (file := getattr(module, "__file__", None)) is not None:
            files.add(file)
    return sorted(files)


def _modules(folder: Path) -> Iterable[str]:
    return (str(file) for file in folder.rglob("*.py"))
