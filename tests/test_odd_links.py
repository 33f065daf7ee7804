"""Links and vaults that are too long, too many, or alike."""

import pytest

from vaultlint.note import Note
from vaultlint.reading import read_note
from vaultlint.rules.broken_anchor import BrokenAnchor
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.rules.orphan_note import OrphanNote
from vaultlint.testing import check
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView


def test_link_of_ten_thousand_characters() -> None:
    (found,) = check(BrokenLink(), {"a.md": f"[[{'x' * 10_000}]]  <-- broken-link\n", "b.md": ""})
    assert found.span.end - found.span.start == 10_000


def test_many_links_to_one_missing_target() -> None:
    note = read_note("a.md", "[[Isaac Newtom]] [[#Laws]]\n" * 100_000)
    vault = Vault([note, *(read_note(f"Isaac Newton {i}.md", "") for i in range(1000)), Note("Isaac Newton.md", "")])
    found = list(BrokenLink().check(note, VaultView(vault)))
    assert len(found) == 100_000
    assert {one.message for one in found} == {
        "no note or attachment named 'Isaac Newtom'; 'Isaac Newton.md' has a similar name"
    }
    assert len(list(BrokenAnchor().check(note, VaultView(vault)))) == 100_000


def test_many_notes_of_one_name() -> None:
    links = read_note("here/a.md", "[[Note]] " * 20_000)
    vault = Vault([links, *(Note(f"{i}/Note.md", "") for i in range(20_000))])
    assert {vault.resolve(link, links) for link in links.links} == {tuple(f"{i}/Note.md" for i in range(10))}


def test_many_headings_of_one_name() -> None:
    text = "# A\n## B\n" * 5_000
    note = read_note("a.md", text + "".join(f"[[#A#B]] [[#A#B#{i}]]\n" for i in range(2_000)))
    assert len(list(BrokenAnchor().check(note, VaultView(Vault([note]))))) == 2_000


def test_cycle_of_embeds() -> None:
    check(BrokenAnchor(), {"a.md": "![[b]]\n", "b.md": "![[a]] ![[b]]\n"})
    check(OrphanNote(), {"a.md": "![[b]]\n", "b.md": "![[a]]\n"})


@pytest.mark.parametrize("name", ["Caf\u00e9", "Cafe\u0301"])
@pytest.mark.parametrize("link", ["Caf\u00e9", "Cafe\u0301"])
def test_composed_and_decomposed_names(name: str, link: str) -> None:
    check(BrokenLink(), {f"{name}.md": "", "a.md": f"[[{link}]]\n"})


def test_names_that_differ_in_case_only() -> None:
    check(BrokenLink(), {"Note.md": "", "NOTE.md": "", "a.md": "[[note]] [[Note]]\n"})


def test_fifty_thousand_empty_notes() -> None:
    source = read_note("a.md", "[[n49999]] [[x/n7]] [[missing]]\n")
    vault = Vault([source, *(Note(f"x/n{i}.md", "") for i in range(50_000))])
    assert [one.span.start for one in BrokenLink().check(source, VaultView(vault))] == [22]
