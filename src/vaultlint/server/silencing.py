"""Edits that suppress a finding: comments in the note, and a table in the configuration."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types
from msgspec.structs import replace

from vaultlint.config.places import FILE_NAME, PYPROJECT, ConfigError, contents
from vaultlint.diagnostic import Diagnostic, Edit
from vaultlint.edits.fixing import applied, damage, moves
from vaultlint.linting.suppression import unsuppressed
from vaultlint.note import Note, is_note
from vaultlint.project import with_configuration
from vaultlint.server.edits import appended, created
from vaultlint.server.uris import uri_of
from vaultlint.server.vaults import VaultSession
from vaultlint.text import Span, line_span

_EMPTY_LINE = re.compile(r"(?:\r\n?|\n)[ \t>]*(?=\r|\n)")
_SPECIAL = re.compile(r"([\\*?\[\]])")


def in_note(session: VaultSession, note: Note, one: Diagnostic) -> Iterator[tuple[str, Edit]]:
    """A title and an edit for each way to suppress the finding in the note without changing anything else.

    Each edit is tried first: in code a comment has no effect, and in a heading it changes the heading's text.
    """
    if not is_note(note.path) or note.unreadable is not None:
        return
    for where, edit in (
        ("on this line", _on_line(note, one)),
        ("in this block", _in_block(note, one)),
        ("in this note", _in_whole(note, one)),
    ):
        if _is_suppressed(session, note, one, edit):
            yield f"Silence {one.rule} {where}", edit


def _comment(kind: str, one: Diagnostic) -> str:
    return f"%% vaultlint-{kind} {one.rule} %%"


def _on_line(note: Note, one: Diagnostic) -> Edit:
    """A comment at the end of the line, before a block id, because that must be last."""
    line = line_span(note.text, one.span.start)
    end = line.start + len(note.text[line.start : line.end].rstrip())
    block_id = next((it for it in note.block_ids if it.span.end == end), None)
    if block_id is not None:
        end = line.start + len(note.text[line.start : block_id.span.start].rstrip())
    return Edit(note.path, Span(end, end), f" {_comment('ignore', one)}")


def _in_block(note: Note, one: Diagnostic) -> Edit:
    """A comment on its own line before the block."""
    start = _body(note)
    for empty in _EMPTY_LINE.finditer(note.text, start, line_span(note.text, one.span.start).start):
        start = empty.end() + len(_line_end(note.text, empty.end()))
    return _before(note, start, _comment("ignore", one))


def _in_whole(note: Note, one: Diagnostic) -> Edit:
    """A comment at the beginning of the note, after the front matter."""
    return _before(note, _body(note), _comment("ignore-file", one))


def _before(note: Note, offset: int, comment: str) -> Edit:
    end = "\r\n" if "\r\n" in note.text else "\n"
    before = "" if offset == 0 or note.text[offset - 1] in "\r\n" else end
    return Edit(note.path, Span(offset, offset), f"{before}{comment}{end}{end}")


def _body(note: Note) -> int:
    """The offset after the front matter."""
    if note.front_matter is None:
        return int(note.text.startswith("\ufeff"))
    end = note.front_matter.span.end
    return end + len(_line_end(note.text, end))


def _line_end(text: str, offset: int) -> str:
    return "\r\n" if text.startswith("\r\n", offset) else text[offset : offset + 1]


def _is_suppressed(session: VaultSession, note: Note, one: Diagnostic, edit: Edit) -> bool:
    after = session.read(note.path, applied(note.text, [edit]))
    found = [replace(one, span=moves([edit])(one.span))]
    if unsuppressed(after.directives, found, session.project.settings.rules) or damage(note, after, [edit]):
        return False
    return [heading.text for heading in after.headings] == [heading.text for heading in note.headings]


def in_configuration(session: VaultSession, path: str, rule: str) -> types.WorkspaceEdit | None:
    """A table at the end of the configuration that ignores a rule in one note; None if a table has no such effect."""
    project = session.project
    file = project.file or session.root / FILE_NAME
    document = session.opened(uri_of(file))
    try:
        before = document.text if document is not None else contents(file).decode() if file.is_file() else ""
        more = _table(file, project.base + path, rule, before)
        settings = with_configuration(project, file, before + more).settings
    except (OSError, ValueError, ConfigError):
        return None
    if any(active.rule.name == rule for active in settings.rules_for(path)):
        return None
    if file.is_file() or document is not None:
        return appended(uri_of(file), before, more, session)
    return created(uri_of(file), appended(uri_of(file), "", more, session)) if session.client.creates_files else None


def _table(file: Path, path: str, rule: str, before: str) -> str:
    name = "tool.vaultlint.overrides" if file.name == PYPROJECT else "overrides"
    end = "\r\n" if "\r\n" in before else "\n"
    gap = "" if not before else end if before.endswith(("\n", "\r")) else end * 2
    pattern = json.dumps("/" + _SPECIAL.sub(r"\\\1", path), ensure_ascii=False)
    return f"{gap}[[{name}]]{end}paths = [{pattern}]{end}ignore = [{json.dumps(rule)}]{end}"
