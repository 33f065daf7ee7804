"""`vaultlint init --agents`: write or remove files that say when agents should run vaultlint and how to read it.

Text that a person wrote or changed is left as it is. A file or block is ours if it contains a digest of itself, or is
equal to the text that would be written.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from vaultlint.commands.agent_texts import PLUGIN, RULES, SECTION, SKILL
from vaultlint.config.places import ConfigError
from vaultlint.digests import blake2b
from vaultlint.files import writing
from vaultlint.files.discovery import content_of

INSTRUCTIONS = "AGENTS.md"

SKILLS = (".agents/skills/vaultlint/SKILL.md", ".claude/skills/vaultlint/SKILL.md")
"""Where Codex, Gemini CLI and others look for skills, and where Claude Code does."""

PLUGIN_FOLDER = ".claude/skills/vaultlint-server"
"""Claude Code treats a folder of skills with a manifest as a plug-in; it ignores an `.lsp.json` of a project."""

_CHANGED = "it is not as vaultlint wrote it"
_BLOCK = re.compile(r"<!-- vaultlint:begin ([0-9a-f]{8}) -->\n(.*?)<!-- vaultlint:end -->\n?", re.DOTALL)
_ANY_MARK = re.compile("<!-- vaultlint:(?:begin|end)")
_SIGN = "<!-- written by `vaultlint init --agents`, {} -->"
_SIGNED = re.compile(_SIGN.format("([0-9a-f]{8})"))


class FileOutcome(Struct, frozen=True):
    """The change of one file: its old and new text, None if there is no file; and why it is left, if it is."""

    path: str
    before: str | None = None
    after: str | None = None
    left: str = ""


class _OwnFile(Struct, frozen=True):
    """A file that is ours as a whole, with a test whether a text is one that we wrote."""

    path: str
    text: str
    is_ours: Callable[[str], bool]


def put_agent_files(
    folder: Path, options: str = "", *, remove: bool = False, write: bool = True
) -> list[FileOutcome]:
    """Write the files for agents, update those that exist, or remove them.

    Args:
        folder: the folder in which agents work.
        options: the options that name the vault in the commands in the files.
        remove: whether to remove them, and folders that are empty then.
        write: whether to write; otherwise the outcomes are only returned.

    Raises:
        ConfigError: a file can't be written or removed.
    """
    outcomes = [_of_instructions(folder, "" if remove else _block(options))]
    outcomes += (_of_own(folder, own, remove) for own in _own_files(options))
    for one in outcomes if write else ():
        if one.after != one.before:
            _put(folder, one)
    return outcomes


def _own_files(options: str) -> Iterator[_OwnFile]:
    skill = SKILL.replace("{rules}", RULES).replace("{vault}", options)
    signed = skill.replace("{sign}", _SIGN.format(_digest(skill)), 1)
    yield from (_OwnFile(path, signed, _is_signed) for path in SKILLS)
    for name, content in PLUGIN.items():
        yield _OwnFile(f"{PLUGIN_FOLDER}/{name}", json.dumps(content, indent=2) + "\n", _like(content))


def _is_signed(text: str) -> bool:
    """Whether a text is unchanged since it was signed."""
    text = text.replace("\r\n", "\n")
    sign = _SIGNED.search(text)
    return sign is not None and sign[1] == _digest(f"{text[: sign.start()]}{{sign}}{text[sign.end() :]}")


def _like(content: Mapping[str, object]) -> Callable[[str], bool]:
    """A test whether a text is the same JSON except for its version."""

    def is_ours(text: str) -> bool:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return False
        return isinstance(found, dict) and {**found, "version": 0} == {**content, "version": 0}

    return is_ours


def _of_own(folder: Path, own: _OwnFile, remove: bool) -> FileOutcome:
    text, left = _read(folder, own.path)
    if text is not None and not own.is_ours(text):
        left = left or _CHANGED
    return FileOutcome(own.path, text, text if left else None if remove else own.text, left)


def _block(options: str) -> str:
    body = SECTION.replace("{rules}", RULES).replace("{vault}", options)
    return f"<!-- vaultlint:begin {_digest(body)} -->\n{body}<!-- vaultlint:end -->\n"


def _of_instructions(folder: Path, block: str) -> FileOutcome:
    """The change of the file that contains our block, after an empty line or at the top."""
    before, left = _read(folder, INSTRUCTIONS)
    end = "\r\n" if "\r\n" in (before or "") else "\n"
    text = (before or "").replace("\r\n", "\n")
    found = _BLOCK.search(text)
    if len(_ANY_MARK.findall(text)) != (0 if found is None else 2):
        left = left or "it has marks of vaultlint that are not one beginning and one end"
    if found is not None and found[1] != _digest(found[2]):
        left = left or "the text between the marks of vaultlint was changed; delete it, and it is written again"
    if left:
        return FileOutcome(INSTRUCTIONS, before, before, left)
    if found is None:
        after = f"{text}\n{block}" if text and block else text or block
    else:
        above = text[: found.start()] if block else text[: found.start()].removesuffix("\n")
        after = f"{above}{block}{text[found.end() :]}"
    return FileOutcome(INSTRUCTIONS, before, after.replace("\n", end) or None)


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=4).hexdigest()


def _read(folder: Path, path: str) -> tuple[str | None, str]:
    """The text of a file, None if there is no file; and the reason to leave it, if there is one."""
    file = folder / path
    if file.is_symlink():
        return None, "it is a symbolic link"
    if not Path(os.path.realpath(file.parent)).is_relative_to(os.path.realpath(folder)):
        return None, "its folder lies behind a symbolic link"
    try:
        return content_of(os.fspath(file)).decode("utf-8"), ""
    except FileNotFoundError:
        return None, ""
    except UnicodeDecodeError:
        return None, "it is not encoded in UTF-8"
    except OSError as error:
        return None, f"it can't be read: {error.strerror}"


def _put(folder: Path, one: FileOutcome) -> None:
    file = folder / one.path
    try:
        if one.after is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            writing.write(file, [one.after], through_links=False)
            return
        file.unlink()
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from error
    with suppress(OSError):  # a folder with other files stays
        for above in [*file.relative_to(folder).parents][:-1]:
            (folder / above).rmdir()
