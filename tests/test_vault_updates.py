"""An updated vault gives the same answers as a new one."""

from hypothesis import given
from hypothesis import strategies as st

from vaultlint.note import Note
from vaultlint.reading import read_note
from vaultlint.vault import Vault

PATHS = [
    "Note.md",
    "a/Note.md",
    "b/Note.md",
    "a/b/note.md",
    "NOTE.md",
    "a/Figure 1.png",
    "b/Figure 1.png",
    "Figure 1",
    "Tide Tables.md",
    "b/tide-tables.md",
    "Tide/Tide Waves.md",
]
TEXTS = [
    "",
    "## Laws\n",
    "---\naliases: [Law]\n---\n## Life\n\nText ^id\n",
    "[[Note]] [[Law]] [[Tide]] [[Nobody]]\n",
    "[[Nobody]] [[Tide Table]] [[Figure 1]]\n",
]
TARGETS = [
    "Note",
    "note",
    "b/Note",
    "../Note",
    "Figure 1.png",
    "Figure 1",
    "figure-1.png",
    "Law",
    "Nota",
    "Tide",
    "b/Tide",
]

steps = st.lists(
    st.tuples(st.sampled_from(["put", "attach", "remove", "ask"]), st.sampled_from(PATHS), st.sampled_from(TEXTS)),
    max_size=30,
)


def answers(vault: Vault) -> list[object]:
    found: list[object] = []
    for path in ("Here.md", "a/Here.md"):
        source = read_note(path, "".join(f"[[{target}]] " for target in TARGETS))
        for link in source.links:
            resolved = vault.resolve(link, source)
            found += [resolved, vault.is_undecided(link, source), vault.is_settled_by_length(link, source)]
            found += [vault.has_anchor(file, "Laws") for file in resolved]
            found += [vault.names.meant(link.target, ""), vault.names.meant(link.target, "a")]
    habits = [vault.front_matter_habit(note) for _, note in sorted(vault.notes.items())]
    linking = [sorted(vault.paths_linking([name])) for name in ("note", "nobody", "tide")]
    described = sorted(vault.paths_with(["aliases"]))
    counts = {folder: [note.path for note in vault.notes_in(folder)] for folder in vault.counts_in()}
    return [
        *found,
        habits,
        linking,
        described,
        sorted(vault.linked_paths()),
        counts,
        vault.links_ahead(),
        vault.unwritten(),
    ]


def change(vault: Vault, what: str, path: str, text: str) -> None:
    if what == "put":
        vault.put(read_note(path, text))
    elif what == "attach":
        vault.put_attachment(path)
    elif what == "remove":
        vault.remove(path)


@given(
    st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(TEXTS)), max_size=8),
    st.lists(st.tuples(st.booleans(), steps.map(lambda some: some[:3])), max_size=6),
)
def test_copy_and_what_it_is_of_change_apart(
    files: list[tuple[str, str]], turns: list[tuple[bool, list[tuple[str, str, str]]]]
) -> None:
    vault = Vault([read_note(path, text) for path, text in files])
    before = answers(vault)
    copy = vault.copy()
    assert answers(copy) == before
    for is_copy, changes in turns:
        changed, other = (copy, vault) if is_copy else (vault, copy)
        before = answers(other)
        for what, path, text in changes:
            change(changed, what, path, text)
        assert answers(other) == before
        for one in (changed, other):
            assert answers(one) == answers(Vault(one.notes.values(), one.attachments))


@given(steps)
def test_any_sequence_of_changes(changes: list[tuple[str, str, str]]) -> None:
    vault = Vault([])
    notes: dict[str, Note] = {}
    attachments: set[str] = set()
    for what, path, text in changes:
        if what == "ask":
            answers(vault)  # answers computed before a change must not be used after it
        elif what == "remove":
            vault.remove(path)
            notes.pop(path, None)
            attachments.discard(path)
        elif what == "put" and path.endswith(".md"):
            note = read_note(path, text)
            vault.put(note)
            notes[path] = note
        elif what == "attach" and not path.endswith(".md"):
            vault.put_attachment(path)
            attachments.add(path)
    assert answers(vault) == answers(Vault(notes.values(), attachments))
