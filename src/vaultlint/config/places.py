"""Finding a vault and its configuration."""

import os
import re
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.files.discovery import NO_REACH, OBSIDIAN_SETTINGS, Reach, content_of, git_root, is_linking
from vaultlint.text import quoted

FILE_NAME = "vaultlint.toml"
PYPROJECT = "pyproject.toml"
BASELINE = ".vaultlint-baseline.json"
HISTORY = ".vaultlint-history.jsonl"


class ConfigError(Exception):
    """A configuration that can't be used; the message names the file and the key."""


class Options(Struct, frozen=True):
    """The options of the command line about the vault and what to check in it.

    `content` replaces the content of the file at the one path, which need not exist. `jobs` is the number of
    processes, 0 for as many as there are processors. `cache_dir` is the cache directory, None for no cache; with
    `by_content`, a file counts as unchanged only if its content is the same.
    `profile` replaces the profile of the configuration.
    `follow_symlinks` is None if only the configuration decides; `in_ci` is whether a CI service runs this.
    """

    paths: tuple[Path, ...] = ()
    vault: Path | None = None
    config: Path | None = None
    no_config: bool = False
    profile: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    no_baseline: bool = False
    engine: str | None = None
    content: bytes | None = None
    jobs: int = 0
    cache_dir: Path | None = None
    by_content: bool = False
    follow_symlinks: bool | None = None
    in_ci: bool = False


class VaultLocation(Struct, frozen=True):
    """The location of a vault, how its root was found, the configuration file, and the paths to check in it.

    `reach` is how far symbolic links out of the vault are followed.
    """

    root: Path
    root_from: str
    guessed: bool
    file: Path | None
    paths: tuple[Path, ...] = ()
    reach: Reach = NO_REACH

    @property
    def top(self) -> Path:
        """The folder of the configuration if that is above the vault, else the root."""
        above = None if self.file is None else self.file.parent
        return above if above is not None and self.root.is_relative_to(above) else self.root

    @property
    def baseline(self) -> Path:
        """The baseline file, which need not exist."""
        return self.top / BASELINE

    @property
    def history(self) -> Path:
        """The file with the history of runs, which need not exist."""
        return self.top / HISTORY


def found_place(options: Options) -> VaultLocation:
    """The one vault that contains all paths.

    Raises:
        ConfigError: a path does not exist or can't be replaced by `content`, or the paths are in several vaults or
            outside the named one.
    """
    demand_working_directory()
    for path in options.paths:
        if options.content is not None:
            if os.path.isdir(path) or not is_linking(path.name):  # noqa: PTH112  # as below
                raise ConfigError(f"{path}: not a note, canvas or base file")
        elif not os.path.exists(path):  # noqa: PTH110  # a name that no file can have must not raise
            raise ConfigError(f"{path}: there is no such file or folder")
    given_paths = options.paths or (options.vault or Path(),)
    paths = tuple(Path(os.path.abspath(path)) for path in given_paths)  # noqa: PTH100  # does not follow links
    try:
        places = [_place_of(path, options) for path in paths]
    except OSError as error:  # for a name that no file can have, or a folder without permission
        raise ConfigError(f"{error.filename or paths[0]}: {error.strerror}") from error
    if len({place.root for place in places}) > 1:
        roots = " and ".join(sorted({str(place.root) for place in places}))
        raise ConfigError(f"these paths lie in different vaults: {roots}; run vaultlint once for each")
    place = places[0]
    if not options.paths and not paths[0].is_relative_to(place.root):
        paths = (place.root,)  # the working directory only led to the configuration, which names a vault
    for path in paths:
        if not (path.is_relative_to(place.root) or place.root.is_relative_to(path)):
            raise ConfigError(f"{path} is not in the vault {place.root}")
    if options.in_ci:
        _demand_own_settings(place)
    return replace(place, paths=paths, reach=_reach(place.file, options))


def _demand_own_settings(place: VaultLocation) -> None:
    """Refuse settings behind a symbolic link out of the repository, because the link may come with a pull request.

    Raises:
        ConfigError: a settings file is outside its repository or, if there is none, outside its folder.
    """
    folder = place.root / ".obsidian"
    for file in (place.file, place.baseline, *(folder / name for name in OBSIDIAN_SETTINGS)):
        if file is None or not file.is_file():
            continue
        above = place.root if file.is_relative_to(folder) else file.parent
        if not _is_really_in(git_root(Path(os.path.realpath(above))) or above, file):
            raise ConfigError(f"{file}: in CI, settings behind a symbolic link out of the repository are not read")


def demand_working_directory() -> None:
    """Check that the working directory exists, because paths are relative to it and shown that way.

    Raises:
        ConfigError: it can't be used.
    """
    try:
        Path.cwd()
    except OSError as error:
        raise ConfigError(f"the working directory can't be used: {error.strerror}") from error


def _place_of(path: Path, options: Options) -> VaultLocation:
    folder = path if path.is_dir() else path.parent
    file = None if options.no_config else configuration_file(folder, options.config)
    if options.vault is not None:
        root = Path(os.path.abspath(options.vault))  # noqa: PTH100  # does not follow links
        if not os.path.isdir(root):  # noqa: PTH112  # as above
            raise ConfigError(f"--vault {options.vault}: there is no such folder")
        return VaultLocation(root, "--vault", False, file)
    if file is not None and (named := _named_vault(file)) is not None:
        root = Path(os.path.normpath(file.parent / named))
        if not (root.is_relative_to(file.parent) and _is_really_in(file.parent, root)):
            raise ConfigError(f"{file}: vault: {quoted(named)} lies outside the configuration's folder")
        if not os.path.isdir(root):  # noqa: PTH112  # as above
            raise ConfigError(f"{file}: vault: there is no folder {quoted(named)}")
        return VaultLocation(root, f"`vault` in {file}", False, file)
    above = vault_above(folder)
    if above is not None:
        return VaultLocation(above, "it holds .obsidian", False, file)
    if file is not None and folder.is_relative_to(file.parent):
        return VaultLocation(file.parent, f"it holds {file.name}", False, file)
    here = Path.cwd()
    if folder.is_relative_to(here):
        return VaultLocation(here, "the working directory", True, file)
    return VaultLocation(folder, "the path given", True, file)


def _is_really_in(above: Path, folder: Path) -> bool:
    """Whether a folder is in another after resolving symbolic links."""
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(above))


def vault_above(folder: Path) -> Path | None:
    """The nearest folder at or above that contains `.obsidian`."""
    return next((above for above in (folder, *folder.parents) if (above / ".obsidian").is_dir()), None)


def configuration_file(folder: Path, given: Path | None = None) -> Path | None:
    """The given file, or else the nearest one at or above the folder and not above the git root."""
    if given is not None:
        if not os.path.isfile(given):  # noqa: PTH113  # as above
            raise ConfigError(f"--config {given}: there is no such file")
        if not has_configuration(given):
            raise ConfigError(f"--config {given}: the file has no [tool.vaultlint]")
        return Path(os.path.abspath(given))  # noqa: PTH100  # does not follow links, so that the vault is below it
    repository = git_root(folder)
    for above in (folder, *folder.parents):
        for name in (FILE_NAME, PYPROJECT):
            if has_configuration(above / name):
                return above / name
        if above == repository:
            break
    return None


def has_configuration(file: Path) -> bool:
    """Whether a file exists and configures vaultlint (a `pyproject.toml` may be about other things).

    A file that can't be parsed counts if it names vaultlint's table; the error is shown when it is read.
    """
    if not file.is_file():
        return False
    if file.name != PYPROJECT:
        return True
    try:
        content = contents(file)
        tool = toml(content.decode("utf-8")).get("tool")
    except OSError:
        return False
    except ValueError:
        return _OWN_TABLE.search(content) is not None
    return isinstance(tool, dict) and "vaultlint" in tool


_OWN_TABLE = re.compile(rb"(?m)^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*vaultlint\b")


def _named_vault(file: Path) -> str | None:
    """The vault's folder as named in a configuration."""
    named = _table(file).get("vault")
    return named if isinstance(named, str) else None


def _reach(file: Path | None, options: Options) -> Reach:
    """How far symbolic links are followed: as the command line says, else as the configuration does.

    A configuration may come from anybody, as in a pull request. So it can only allow its own repository; in CI,
    if there is no repository, its own folder.
    """
    if options.follow_symlinks is not None:
        return Reach(options.follow_symlinks)
    if file is None or _table(file).get("follow-symlinks") is not True:
        return NO_REACH
    folder = Path(os.path.realpath(file.parent))
    own = git_root(folder) or (folder if options.in_ci else None)
    return Reach(True, "" if own is None else os.fspath(own))


def _table(file: Path) -> dict[str, Any]:
    """The configuration as a table, for keys that are needed early; errors are shown when it is read as a whole."""
    try:
        table: Any = toml(contents(file).decode("utf-8"))
    except (OSError, ValueError):
        return {}
    if file.name == PYPROJECT:
        table = table["tool"]["vaultlint"]
    return table if isinstance(table, dict) else {}


def contents(file: Path) -> bytes:
    """The bytes of a configuration file.

    Raises:
        OSError: it can't be read, is not a regular file, or is too large.
    """
    return content_of(os.fspath(file), LARGEST_CONFIGURATION)


LARGEST_CONFIGURATION = 1_000_000
"""The most bytes of a configuration file."""

_DEEP_KEY = re.compile(r"""(?<![\w\\-])(?:(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""")


_TWICE = re.compile(r"Cannot declare \(([^)]*)\) twice")


def _twice(found: re.Match[str]) -> str:
    name = ".".join(re.findall("'([^']*)'", found[1]))
    return f"the table [{name}] occurs twice; if there can be several of them, write [[{name}]]"


def toml(text: str) -> dict[str, Any]:
    """The table in a TOML document.

    Raises:
        ValueError: it is not valid, or its keys or values are nested too deeply.
    """
    import tomllib  # many vaults have no configuration

    if (deep := _DEEP_KEY.search(text)) is not None:  # such keys take quadratic time and memory
        raise ValueError(f"a key has too many parts (at line {text.count(chr(10), 0, deep.start()) + 1:,})")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"not valid TOML: {_TWICE.sub(_twice, str(error))}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
