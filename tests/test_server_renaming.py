"""Renaming headings, blocks, tags, properties and aliases: links to them still work."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import write_vault
from vaultlint.config.places import Options
from vaultlint.edits.fixing import applied
from vaultlint.edits.renaming import RenameError
from vaultlint.note import Link, Note
from vaultlint.project import find_project
from vaultlint.reading import read_note
from vaultlint.server.pointing import target_of
from vaultlint.server.renaming import RenameEdits, inside, named_at, renamed_at
from vaultlint.server.words import Words
from vaultlint.text import Span
from vaultlint.vault import Vault
from vaultlint.workspace import Workspace, Written


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An empty vault, for notes in memory."""
    root = write_vault(tmp_path_factory.mktemp("vault"), {"vaultlint.toml": ""})
    return Workspace.with_texts(find_project(Options(paths=(Path(root),))))


def filled(workspace: Workspace, files: Mapping[str, str]) -> Workspace:
    for path in [*workspace.vault.notes]:
        workspace.vault.remove(path)
    workspace.update(Written(path, text.encode()) for path, text in files.items())
    return workspace


def renamed(workspace: Workspace, files: Mapping[str, str], path: str, place: str, new: str) -> dict[str, str]:
    """The files after renaming the thing at the end of a text."""
    vault = filled(workspace, files).vault
    note = vault.notes[path]
    found = renamed_at(workspace, Words(), note, note.text.index(place) + len(place), new, None)
    return after(files, found)


def after(files: Mapping[str, str], found: RenameEdits) -> dict[str, str]:
    moves = dict(found.moves)
    return {
        moves.get(path, path): applied(
            text, sorted((edit for edit in found.edits if edit.path == path), key=lambda edit: edit.span)
        )
        for path, text in files.items()
    }


CASES = {
    "heading": (
        {"A.md": "# One two\n\n[[#One two]]", "B.md": "[[A#one two|x]] [y](A.md#One%20two) [[A#Other]]"},
        ("A.md", "# On", "One three"),
        {"A.md": "# One three\n\n[[#One three]]", "B.md": "[[A#one three|x]] [y](A.md#One%20three) [[A#Other]]"},
    ),
    "block": (
        {"A.md": "Text ^id\n", "B.md": "[[A#^ID]] [y](A.md#^id) [[A#^id2]]"},
        ("A.md", "^i", "new-1"),
        {"A.md": "Text ^new-1\n", "B.md": "[[A#^new-1]] [y](A.md#^new-1) [[A#^id2]]"},
    ),
    "tag": (
        {"A.md": "#a/b #A #ab `#a`", "B.md": "---\ntags: ['#a', a/c, b]\n---\n"},
        ("A.md", "#a/b #A", "z"),
        {"A.md": "#z/b #z #ab `#a`", "B.md": "---\ntags: ['#z', z/c, b]\n---\n"},
    ),
    "property": (
        {"A.md": "---\nKind: x\n---\n", "B.md": '---\n"kind": y\nkinds: z\n---\n'},
        ("A.md", "Ki", "sort of"),
        {"A.md": "---\nsort of: x\n---\n", "B.md": '---\n"sort of": y\nkinds: z\n---\n'},
    ),
    "alias": (
        {"A.md": "---\naliases:\n  - Old\n  - Other\n---\n", "B.md": "[[A|Old]] [[A|Older]] [Old](A.md) [[Old]]"},
        ("B.md", "[[A|O", "New: one"),
        {
            "A.md": '---\naliases:\n  - "New: one"\n  - Other\n---\n',
            "B.md": "[[A|New: one]] [[A|Older]] [New: one](A.md) [[Old]]",
        },
    ),
    "note": (
        {"A.md": "[[B#x|y]]", "f/B.md": "[[A]] [[#x]]\n# x\n"},
        ("A.md", "[[B", "C d"),
        {"A.md": "[[C d#x|y]]", "f/C d.md": "[[A]] [[#x]]\n# x\n"},
    ),
    "note at another path": (
        {"A.md": "[[f/B]]", "f/B.md": ""},
        ("A.md", "[[f", "g/B"),
        {"A.md": "[[g/B]]", "g/B.md": ""},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_other_name(workspace: Workspace, name: str) -> None:
    files, (path, place, new), wanted = CASES[name]
    assert renamed(workspace, files, path, place, new) == wanted


@pytest.mark.parametrize(
    ("files", "path", "place", "new"),
    [
        ({"A.md": "# One\n# Two\n", "B.md": "[[A#Two]]"}, "A.md", "# Tw", "One"),
        ({"A.md": "# One\n"}, "A.md", "# On", "#"),
        ({"A.md": "Text ^a\n\nMore ^b\n"}, "A.md", "^a", "B"),
        ({"A.md": "---\na: 1\n---\n", "B.md": "---\na: 1\nb: 2\n---\n"}, "A.md", "\na", "B"),
        ({"A.md": "#a"}, "A.md", "#a", "b c"),
        ({"A.md": "---\naliases: [x]\n---\n"}, "A.md", "[x", "a|b"),
        ({"A.md": "[[B]]", "B.md": ""}, "A.md", "[[B", "../x"),
        ({"A.md": "[[B]]", "B.md": "", "c.md": ""}, "A.md", "[[B", "C"),
        ({"A.md": "words"}, "A.md", "wor", "x"),
        ({"A.md": "[[No]]"}, "A.md", "[[N", "x"),
    ],
)
def test_what_can_not_be(workspace: Workspace, files: dict[str, str], path: str, place: str, new: str) -> None:
    with pytest.raises(RenameError):
        renamed(workspace, files, path, place, new)


def test_files_in_a_folder_move_with_it() -> None:
    vault = Vault([read_note("a/b.md", ""), read_note("ab.md", "")], ["a/c/d.png"])
    assert inside(vault, [("a", "x/y")]) == {"a/b.md": "x/y/b.md", "a/c/d.png": "x/y/c/d.png"}


names = st.sampled_from(["One", "Two", "One two", "A/b", "C: d", "E `f`", "#g h", "[[A]] i", "J^k", "é"])
links = st.sampled_from(
    ["[[A#One]] ", "[[#Two]] ", "[[A#One#Two|x]] ", "[y](A.md#One%20two) ", "![[A#A b]]\n", "[[A#e f]] ", "[[B#^i]] "]
)
texts = st.lists(st.one_of(names.map(lambda name: f"\n# {name}\n"), names.map(lambda name: f"\n## {name}\n"), links))


@settings(max_examples=200)
@given(texts.map("".join), texts.map("".join), names, st.data())
def test_links_to_headings_lead_where_they_led(
    workspace: Workspace, one: str, other: str, new: str, data: st.DataObject
) -> None:
    files = {"A.md": f"{one}\n# Last\n", "B.md": f"{other}\nText ^i\n"}
    vault = Vault([read_note(path, text) for path, text in files.items()])
    number = data.draw(st.integers(0, len(vault.notes["A.md"].headings) - 1))
    heading = vault.notes["A.md"].headings[number]
    offset = heading.span.end
    named = named_at(vault, vault.notes["A.md"], offset)
    try:
        found = renamed_at(filled(workspace, files), Words(), vault.notes["A.md"], offset, new, None)
    except RenameError:
        return
    if named is None or not found.edits:
        return
    later = Vault([read_note(path, text) for path, text in after(files, found).items()])
    for path, note in vault.notes.items():
        now = later.notes[path]
        for before, link in zip(_others(note, number), _others(now, number), strict=True):
            was, led = target_of(vault, note, before), target_of(later, now, link)
            assert was is not None
            assert led is not None
            assert led.path == was.path
            assert _number(vault.notes[was.path], was.anchor) in (None, _number(later.notes[led.path], led.anchor))


def _others(note: Note, number: int) -> list[Link]:
    """The links of a note, without those in a renamed heading."""
    span = note.headings[number].span if note.path == "A.md" else Span(0, 0)
    return [link for link in note.links if not span.start <= link.span.start < span.end]


def _number(note: Note, anchor: object) -> int | None:
    """The index of a heading, or of a block id, in its note."""
    anchors = [*note.headings, *note.block_ids]
    return next((i for i, one in enumerate(anchors) if one == anchor), None)
