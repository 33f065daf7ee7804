"""The input that programs of agents write to a hook, and the answer that each one reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from vaultlint.cli.output import WRONG_USE, WrongUse, say

LARGEST = 20_000_000
"""The most bytes of input that are read; it may contain a whole written file."""

_NAMES = ("file_path", "filePath", "path", "notebook_path")
_INPUTS = ("tool_input", "toolArgs")
_PATCHES = ("command", "input", "patch")
_PATCH = "*** Begin Patch"
_PATCHED = re.compile(r"^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+?)\s*$", re.MULTILINE)


class HookCall(Struct, frozen=True):
    """A call of an agent's tool that wrote files, and the form of answer that the agent's program expects."""

    files: tuple[Path, ...]
    event: str
    is_camel_case: bool

    def answer(self, text: str) -> int:
        """Send the findings to the model and return the exit code.

        Claude Code, Codex and others pass standard error to the model if the code is 2. Gemini CLI would show it in
        place of the tool's own result, and Cursor would not show it; both read JSON.
        """
        if self.event == "AfterTool":
            output: dict[str, Any] = {"hookEventName": self.event, "additionalContext": text}
            return _answer({"hookSpecificOutput": output})
        if self.is_camel_case:
            return _answer({"additionalContext": text})
        if self.event[:1].islower():
            return _answer({"additional_context": text})
        say(text, err=True, nl=False)
        return WRONG_USE


def _answer(answer: dict[str, Any]) -> int:
    say(msgspec.json.encode(answer).decode())
    return 0


def hook_call(data: bytes) -> HookCall:
    """The call that a hook gets on standard input.

    Raises:
        WrongUse: the input is not JSON, or not an object.
    """
    try:
        call = msgspec.json.decode(data[: LARGEST + 1])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WrongUse(f"standard input is not the JSON of a hook: {error}; or name the files") from error
    if not isinstance(call, dict):
        raise WrongUse("standard input is not the JSON of a hook: it is no object; or name the files")
    folder = next((Path(one) for one in _folders(call)), Path())
    event = call.get("hook_event_name")
    files = dict.fromkeys(folder / file for file in _files(call) if "\0" not in file)
    return HookCall(tuple(files), event if isinstance(event, str) else "", "toolName" in call)


def _folders(call: dict[str, Any]) -> Iterator[str]:
    """The folders that relative paths may start from."""
    roots = call.get("workspace_roots")
    for one in (call.get("cwd"), *(roots if isinstance(roots, list) else ())):
        if isinstance(one, str) and one and "\0" not in one:
            yield one


def _files(call: dict[str, Any]) -> Iterator[str]:
    for part in (call, *map(call.get, _INPUTS)):
        if isinstance(part, str) and part.lstrip().startswith("{"):
            try:
                part = msgspec.json.decode(part)
            except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
                continue
        if not isinstance(part, dict):
            continue
        for name in _NAMES:
            if isinstance(part.get(name), str):
                yield part[name]
        for name in _PATCHES:
            if isinstance(part.get(name), str) and _PATCH in part[name]:
                yield from _PATCHED.findall(part[name])
