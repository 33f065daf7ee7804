"""`vaultlint init --agents`: files that tell agents when to run vaultlint and how to read it; and taking them away.

What a person wrote, or changed, is left: a file and a block are ours if they hold a digest of themselves, or are just
what would be written.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

from vaultlint.commands.agent_texts import PLUGIN, RULES, SECTION, SKILL
from vaultlint.config.places import ConfigError
from vaultlint.files import writing

INSTRUCTIONS = "AGENTS.md"

SKILLS = (".agents/skills/vaultlint/SKILL.md", ".claude/skills/vaultlint/SKILL.md")
"""Where Codex, Gemini CLI and others look for skills, and where Claude Code does."""

PLUGIN_FOLDER = ".claude/skills/vaultlint-server"
"""Claude Code takes a folder of skills that has a manifest for a plug-in; it reads no `.lsp.json` of a project."""

_CHANGED = "it is not as vaultlint wrote it"
_BLOCK = re.compile(r"<!-- vaultlint:begin ([0-9a-f]{8}) -->\n(.*?)<!-- vaultlint:end -->\n?", re.DOTALL)
_ANY_MARK = re.compile("<!-- vaultlint:(?:begin|end)")
_SIGN = "<!-- written by `vaultlint init --agents`, {} -->"
_SIGNED = re.compile(_SIGN.format("([0-9a-f]{8})"))


class FileOutcome(Struct, frozen=True):
    """What becomes of a file: the text that it had and gets, None if there is no file; and why it is left, if so."""

    path: str
    before: str | None = None
    after: str | None = None
    left: str = ""


class _OwnFile(Struct, frozen=True):
    """A file that is ours as a whole, and what tells whether a text is one that we wrote."""

    path: str
    text: str
    is_ours: Callable[[str], bool]


def put_agent_files(
    folder: Path, options: str = "", *, remove: bool = False, write: bool = True
) -> list[FileOutcome]:
    """Write the files for agents, or what has changed in those that are there; or remove them.

    Args:
        folder: where agents work.
        options: what names the vault to the commands in the files.
        remove: whether to remove them, with folders that are empty then.
        write: whether to do it; else it is only told.

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
    """Whether a text is as it was signed."""
    text = text.replace("\r\n", "\n")
    sign = _SIGNED.search(text)
    return sign is not None and sign[1] == _digest(f"{text[: sign.start()]}{{sign}}{text[sign.end() :]}")


def _like(content: Mapping[str, object]) -> Callable[[str], bool]:
    """Tells whether a text is the same JSON, but for its version."""

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
    """The file in which a block is ours; it stands after an empty line, or at the top."""
    before, left = _read(folder, INSTRUCTIONS)
    end = "\r\n" if "\r\n" in (before or "") else "\n"
    text = (before or "").replace("\r\n", "\n")
    found = _BLOCK.search(text)
    if len(_ANY_MARK.findall(text)) != (0 if found is None else 2):
        left = left or "it has marks of vaultlint that are not one beginning and one end"
    if found is not None and found[1] != _digest(found[2]):
        left = left or "what stands between the marks of vaultlint was changed; delete it to get it anew"
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
    """What is in a file, None if there is none; and why it is to be left, if it is."""
    file = folder / path
    if file.is_symlink():
        return None, "it is a symbolic link"
    if not Path(os.path.realpath(file.parent)).is_relative_to(os.path.realpath(folder)):
        return None, "its folder lies behind a symbolic link"
    try:
        return file.read_bytes().decode("utf-8"), ""
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
    with suppress(OSError):  # a folder with something in it stays
        for above in [*file.relative_to(folder).parents][:-1]:
            (folder / above).rmdir()
