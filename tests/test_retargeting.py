"""Rewriting a link: it leads to the new place, and readers see the same text."""

from hypothesis import assume, given
from hypothesis import strategies as st

from vaultlint.edits.fixing import applied
from vaultlint.edits.retargeting import retargeted
from vaultlint.note import Link
from vaultlint.reading import read_note
from vaultlint.vault import Vault

NAMES = (
    st.text(alphabet="abÀ é_-.'\"&%()<>+,;=~😀$`*", min_size=1, max_size=8)
    .map(str.strip)
    .filter(
        lambda name: (
            bool(name.strip(". ")) and not name.startswith(".") and "%%" not in name and not name.endswith(".md")
        )
    )
)
SHAPES = [
    "See [[{}]] there.\n",
    "See [[{}|shown]] there.\n",
    "See [[{}#Part]] there.\n",
    "![[{}]]\n",
    "See [shown](<{}>) there.\n",
    "| a | b |\n| - | - |\n| [[{}]] | x |\n",
    "---\nby: '[[{}]]'\n---\n",
    '---\nby: "[[{}|shown]]"\n---\n',
]


def shown(link: Link) -> str:
    """The text that readers see of a link; for an embed, the embedded file."""
    if link.embed:
        return ""
    if link.display is not None and link.display.strip():
        return link.display.replace('\\"', '"').replace("''", "'")
    return " > ".join(part for part in (link.target, link.subpath) if part)


@given(st.sampled_from(SHAPES), NAMES, st.booleans())
def test_link_leads_to_the_new_name_and_shows_the_same(shape: str, name: str, in_folder: bool) -> None:
    note = read_note("Here.md", shape.format("Old name"))
    assert len(note.links) == 1
    path = f"{'dir/' if in_folder else ''}{name}.md"
    vault = Vault([note, read_note(path, "# Part\n")])
    edits = retargeted(note, note.links[0], vault.link_text(path, note, full=in_folder))
    assume(edits is not None)
    changed = read_note("Here.md", applied(note.text, edits or ()))
    assert len(changed.links) == 1, changed.text
    (link,) = changed.links
    assert vault.resolve(link, changed) == (path,), changed.text
    assert shown(link) == shown(note.links[0]), changed.text
    assert link.subpath == note.links[0].subpath
