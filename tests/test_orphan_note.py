"""The rule `orphan-note`."""

from vaultlint.rules.orphan_note import OrphanNote
from vaultlint.testing import check


def test_only_links_from_elsewhere_count() -> None:
    files = {
        "Physics.md": "[[Newton]] [[Physics]]  <-- orphan-note\n",
        "Newton.md": '---\nfield: "[[Optics]]"\n---\n![[Kepler#Life]]\n',
        "Optics.md": "",
        "Kepler.md": "",
    }
    check(OrphanNote(), files)


def test_allowed() -> None:
    check(
        OrphanNote(allow=("diary/*", "index.md")),
        {"Diary/Monday.md": "", "Index.md": "", "x.md": "  <-- orphan-note\n"},
    )


def test_broken_link_saves_nobody() -> None:
    check(
        OrphanNote(),
        {"Physics.md": "[[Newtom]] [[Physics]]  <-- orphan-note\n", "a/Newton.md": "  <-- orphan-note\n"},
    )
