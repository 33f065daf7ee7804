"""The server finds what `check` finds: the same rules, places, severities, messages and ids."""

import os
import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from editor import Editor, editor
from lsprotocol import types

from vaultlint.commands.check import check
from vaultlint.config.places import Options
from vaultlint.diagnostic import Severity
from vaultlint.linting.identities import ids
from vaultlint.note import is_note
from vaultlint.project import find_project
from vaultlint.server.positions import Encoding
from vaultlint.text import LineIndex, Span

pytestmark = pytest.mark.asyncio

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures").iterdir())
VAULT = "VAULTLINT_PARITY_VAULT"
"""The variable that names a vault of which notes are compared, too."""
MOST_NOTES = 300

Found = dict[str, list[tuple[object, ...]]]

LEVELS = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def checked(root: Path) -> tuple[Found, list[str]]:
    """What `check` finds by path, and the notes that an editor can open."""
    report = check(find_project(Options(paths=(root,))))
    found: Found = {}
    for path, packed in report.diagnostics.by_note.items():
        text = report.notes[path].text
        index = LineIndex(text)
        ones = [*packed]
        found[path] = [
            (one.rule, LEVELS[one.severity], one.message, _span(index, one.span), name)
            for one, name in zip(ones, ids(ones, report.notes), strict=True)
        ]
    return found, [path for path, note in report.notes.items() if is_note(path) and note.unreadable is None]


def _span(index: LineIndex, span: Span) -> tuple[int, ...]:
    ends = (index.position(span.start), index.position(span.end))
    return tuple(part for end in ends for part in (end.line - 1, end.column - 1))


def sent(items: Iterable[types.Diagnostic]) -> list[tuple[object, ...]]:
    """What an editor was sent, in the same form."""
    return [
        (one.code, one.severity, one.message, _place(one.range), one.data["id"] if isinstance(one.data, dict) else "")
        for one in items
    ]


def _place(place: types.Range) -> tuple[int, ...]:
    return place.start.line, place.start.character, place.end.line, place.end.character


async def open_findings(client: Editor, paths: Iterable[str]) -> Found:
    """What is found in notes while they are open."""
    found: Found = {}
    for path in paths:
        client.open(path, (client.root / path).read_bytes().decode())
        found[path] = sent(await client.diagnostics(path))
        client.close(path)
    return {path: items for path, items in found.items() if items}


@pytest.mark.parametrize("root", FIXTURES, ids=lambda root: root.name)
async def test_whole_vault(root: Path) -> None:
    wanted, _ = checked(root)
    async with editor(root, "emacs") as client:
        assert client.encoding == Encoding.Utf32
        count = await client.command("vaultlint.workspaceDiagnostics")
        assert count == sum(map(len, wanted.values()))
        await client.until(lambda: len(client.published) >= len(wanted))
        found = {one.uri: sent(one.diagnostics) for one in client.published}
        assert found == {client.uri(path): items for path, items in wanted.items()}


@pytest.mark.parametrize("root", FIXTURES, ids=lambda root: root.name)
async def test_open_notes(root: Path) -> None:
    wanted, paths = checked(root)
    async with editor(root, "emacs") as client:
        assert await open_findings(client, paths) == {path: wanted[path] for path in paths if path in wanted}


@pytest.mark.skipif(VAULT not in os.environ, reason=f"{VAULT} names no vault")
async def test_notes_of_a_vault() -> None:
    root = Path(os.environ[VAULT])
    wanted, paths = checked(root)
    chosen = random.Random(1).sample(paths, min(MOST_NOTES, len(paths)))  # noqa: S311
    async with editor(root, "emacs") as client:
        assert await open_findings(client, chosen) == {path: wanted[path] for path in chosen if path in wanted}
