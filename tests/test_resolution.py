"""What a link leads to, and whether its heading or block exists."""

from collections.abc import Iterable

import pytest

from vaultlint.names import Likeness, PathKey
from vaultlint.note import Link, Note, is_note
from vaultlint.reading import read_note
from vaultlint.vault import Vault


def vault_of(*paths: str) -> Vault:
    """A vault of empty files."""
    return Vault([read_note(path, "") for path in paths if is_note(path)], [p for p in paths if not is_note(p)])


def asking(source: str, text: str) -> tuple[Note, Link]:
    """A note with one link; the note need not be in the vault."""
    note = read_note(source, text)
    (link,) = note.links
    return note, link


def resolved(paths: Iterable[str], source: str, text: str) -> tuple[str, ...]:
    note, link = asking(source, text)
    return vault_of(*paths, source).resolve(link, note)


@pytest.mark.parametrize(
    ("paths", "source", "text", "found"),
    [
        # the name alone
        (["Tides.md"], "Sea.md", "[[Tides]]", "Tides.md"),
        (["Tides.md"], "Sea.md", "[[Tides.md]]", "Tides.md"),
        (["Tides.md"], "Sea.md", "[[tIDES]]", "Tides.md"),
        (["TIDES.MD"], "Sea.md", "[[tides]]", "TIDES.MD"),
        (["log/moon/Tides.md"], "Sea.md", "[[Tides]]", "log/moon/Tides.md"),
        (["log/Tides.md"], "log/moon/Sea.md", "[[Tides]]", "log/Tides.md"),
        (["Ébbe.md"], "Sea.md", "[[E\u0301bbe]]", "Ébbe.md"),
        (["E\u0301bbe.md"], "Sea.md", "[[ébbe]]", "E\u0301bbe.md"),
        (["J\u030cakob.md"], "Sea.md", "[[\u01f0akob]]", "J\u030cakob.md"),
        (["ΚΥΜΑΤΙΣΜΟΣ.md"], "Sea.md", "[[ΚΥΜΑΤΙΣΜΟΣ]]", "ΚΥΜΑΤΙΣΜΟΣ.md"),
        (["κυματισμός/Tides.md"], "Sea.md", "[[ΚΥΜΑΤΙΣΜΌΣ/tides]]", "κυματισμός/Tides.md"),
        (["Vol. 1.2.md"], "Sea.md", "[[Vol. 1.2]]", "Vol. 1.2.md"),
        (["Tides.md"], "Sea.md", "[[ Tides ]]", "Tides.md"),
        # only `.md` may be left out
        (["Moon.png"], "Sea.md", "![[Moon.png]]", "Moon.png"),
        (["Moon.png"], "Sea.md", "![[Moon]]", None),
        (["Moon.canvas", "Moon.md"], "Sea.md", "[[Moon]]", "Moon.md"),
        (["Moon.PNG"], "Sea.md", "![[moon.png]]", "Moon.PNG"),
        (["Moon.png", "Moon.png.md"], "Sea.md", "[[Moon.png]]", "Moon.png"),
        # the note itself
        ([], "log/Sea.md", "[[#Waves]]", "log/Sea.md"),
        ([], "log/Sea.md", "[x](#Waves)", "log/Sea.md"),
        ([], "log/Sea.md", "[[Sea]]", "log/Sea.md"),
        # relative
        (["log/Tides.md", "Tides.md"], "log/Sea.md", "[[./Tides]]", "log/Tides.md"),
        (["log/Tides.md", "Tides.md"], "log/Sea.md", "[[../Tides]]", "Tides.md"),
        (["a/Tides.md"], "log/moon/Sea.md", "[x](../../a/Tides.md)", "a/Tides.md"),
        (["log/a/Tides.md"], "log/Sea.md", "[x](./a/../a/Tides)", "log/a/Tides.md"),
        (["Tides.md"], "log/Sea.md", "[[./Tides]]", None),
        (["Tides.md"], "Sea.md", "[[../Tides]]", None),
        # from the root
        (["log/Tides.md", "Tides.md"], "log/Sea.md", "[x](/Tides.md)", "Tides.md"),
        (["log/Tides.md"], "log/Sea.md", "[[/Tides]]", None),
        (["log/Tides.md"], "Sea.md", "[[/log/Tides]]", "log/Tides.md"),
        # with folders
        (["a/b/Tides.md", "c/Tides.md"], "Sea.md", "[[b/Tides]]", "a/b/Tides.md"),
        (["a/b/c/Tides.md"], "Sea.md", "[[a/c/Tides]]", None),
        (["a/b/Tides.md"], "Sea.md", "[[x/Tides]]", None),
        (["A/B/Tides.md"], "Sea.md", "[[a/b/tides]]", "A/B/Tides.md"),
        (["a/b/Tides.md", "c/a/b/Tides.md"], "c/a/b/Sea.md", "[[a/b/Tides]]", "a/b/Tides.md"),
        (["a/Tides.md"], "Sea.md", "[[a]]", None),
        # several files of that name
        (["Tides.md", "log/Tides.md"], "log/Sea.md", "[[Tides]]", "Tides.md"),
        (["a/Tides.md", "log/moon/Tides.md"], "log/moon/Sea.md", "[[Tides]]", "log/moon/Tides.md"),
        (["log/Tides.md", "a/Tides.md"], "log/moon/Sea.md", "[[Tides]]", "a/Tides.md"),
        (["a/b/c/Tides.md", "december/Tides.md"], "Sea.md", "[[Tides]]", "a/b/c/Tides.md"),
        (["İİ/Tides.md", "log/Tides.md"], "Sea.md", "[[Tides]]", "İİ/Tides.md"),
        (["a/Moon.png", "log/Moon.png"], "log/Sea.md", "![](Moon.png)", "log/Moon.png"),
        # Markdown links behave the same
        (["log/Tides.md"], "Sea.md", "[x](Tides.md)", "log/Tides.md"),
        (["log/High tides.md"], "Sea.md", "[x](High%20tides)", "log/High tides.md"),
        (["log/50% off.md"], "Sea.md", "[x](50%25%20off.md)", "log/50% off.md"),
        (["50%25 off.md"], "Sea.md", "[[50%25 off]]", "50%25 off.md"),
        # no such file
        ([], "Sea.md", "[[Tides]]", None),
        ([], "Sea.md", "[[https://tides.example]]", None),
        (["Tides.md"], "Sea.md", "[[Tides and moon]]", None),
        (["High Tides.md"], "Sea.md", "[[Tides]]", None),
    ],
)
def test_where_a_link_leads(paths: list[str], source: str, text: str, found: str | None) -> None:
    assert resolved(paths, source, text) == (() if found is None else (found,))


def test_paths_of_equal_length_tie_in_order() -> None:
    assert resolved(["b/Tides.md", "a/Tides.md", "ccc/Tides.md"], "Sea.md", "[[Tides]]") == (
        "a/Tides.md",
        "b/Tides.md",
    )


def test_names_differing_in_case_tie() -> None:
    assert resolved(["tides.md", "Tides.md"], "Sea.md", "[[TIDES]]") == ("Tides.md", "tides.md")


def test_alias_title_and_heading_resolve_nothing() -> None:
    text = "---\naliases: [Ebb]\ntitle: Ebb\n---\n# Ebb\n"
    note, link = asking("Sea.md", "[[Ebb]]")
    assert Vault([note, read_note("Tides.md", text)]).resolve(link, note) == ()


@pytest.mark.parametrize(
    ("paths", "source", "text"),
    [
        (["Tides.md"], "Sea.md", "[[../Tides]]"),
        (["Tides.md"], "log/Sea.md", "[x](../../Tides.md)"),
        (["a/Tides.md"], "log/Sea.md", "[[./Tides]]"),
        (["b/Tides.md"], "log/Sea.md", "[[../Tides]]"),
        (["moonlog/Tides.md"], "Sea.md", "[[log/Tides]]"),
        (["moonlog/Moon.png"], "Sea.md", "![[log/Moon.png]]"),
    ],
)
def test_broken_or_not_is_not_established(paths: list[str], source: str, text: str) -> None:
    note, link = asking(source, text)
    vault = vault_of(*paths, source)
    assert vault.resolve(link, note) == ()
    assert vault.is_undecided(link, note)


@pytest.mark.parametrize(
    ("paths", "source", "text"),
    [
        ([], "Sea.md", "[[Tides]]"),
        ([], "log/Sea.md", "[[./Tides]]"),
        ([], "log/Sea.md", "[[../Tides]]"),
        (["a/Tides.md"], "Sea.md", "[[b/Tides]]"),
        (["High Tides.md"], "Sea.md", "[[Tides]]"),
        (["a/b/c/Tides.md"], "Sea.md", "[[a/c/Tides]]"),
    ],
)
def test_link_is_surely_broken(paths: list[str], source: str, text: str) -> None:
    note, link = asking(source, text)
    vault = vault_of(*paths, source)
    assert vault.resolve(link, note) == ()
    assert not vault.is_undecided(link, note)


OUTLINE = """\
# Tides
## Spring tide
### Cause
## Neap: tide/ebb (new)
### Effect
# Moon
## Cause of [[Tides|them]]
## `Code` & *more*
## Don't re-do snake_case
## Größe – 漢
### Ebb ^ebb-1
Same
---
text ^Proof-2

> # Quoted
"""


@pytest.mark.parametrize(
    "subpath",
    [
        "",
        "#",
        " # ",
        "Tides",
        "tides",
        "Spring tide",
        "SPRING  TIDE",
        "Tides#Spring tide",
        "Tides#Spring tide#Cause",
        "Tides#Cause",
        "Spring tide#Cause",
        "Neap tide ebb new",
        "Neap: tide/ebb (new)",
        "Neap, tide & ebb [new]",
        "Moon#Cause of Tides them",
        "Cause of [[Tides|them]]",
        "Code more",
        "Don't re-do snake_case",
        "GRÖSSE – 漢".replace("SS", "ß"),
        "Gro\u0308ße – 漢",
        "Ebb",
        "Ebb ^ebb-1",
        "Same",
        "^ebb-1",
        "^proof-2",
        "^PROOF-2",
        "Moon#^proof-2",
        "[^1]",
    ],
)
def test_anchor_that_is_there(subpath: str) -> None:
    assert Vault([read_note("Sea.md", OUTLINE)]).has_anchor("Sea.md", subpath)


@pytest.mark.parametrize(
    "subpath",
    [
        "Tide",
        "Tides and moon",
        "Spring",
        "spring-tide",
        "Moon#Spring tide",
        "Spring tide#Tides",
        "Tides#Moon",
        "Spring tide#Effect",
        "Tides#Tides",
        "Spring tide#Cause#Cause",
        "Größe 漢",
        "Dont re-do snake_case",
        "Don't redo snakecase",
        "Quoted",
        "^Tides",
        "^proof",
        "proof-2",
        "^",
        "text ^Proof-2",
    ],
)
def test_anchor_that_is_missing(subpath: str) -> None:
    assert not Vault([read_note("Sea.md", OUTLINE)]).has_anchor("Sea.md", subpath)


def test_each_of_several_equal_headings_may_lead_on() -> None:
    vault = Vault([read_note("Sea.md", "# A\n## B\n# A\n## C\n# D\n## B\n")])
    assert vault.has_anchor("Sea.md", "A#C")
    assert vault.has_anchor("Sea.md", "D#B")
    assert not vault.has_anchor("Sea.md", "D#C")


def test_anchor_of_what_is_no_note_is_not_checked() -> None:
    assert vault_of("Chart.pdf").has_anchor("Chart.pdf", "page=3")


def test_anchor_of_an_unreadable_note_is_not_checked() -> None:
    assert Vault([Note("Sea.md", "", unreadable="it is not UTF-8")]).has_anchor("Sea.md", "Tides")


@pytest.mark.parametrize(
    ("paths", "target", "folder", "found"),
    [
        (["High tides.md"], "high_tides", "", ("High tides.md",)),
        (["log/high-tides.md"], "High  Tides", "", ("log/high-tides.md",)),
        (["log/high-tides.md"], "x/High Tides.md", "", ("log/high-tides.md",)),
        (["High tides.md"], "High tides", "", ("High tides.md",)),
        (["a/high-tides.md", "b/high_tides.md"], "High tides", "b", ("b/high_tides.md",)),
        (["a/high-tides.md", "b/high_tides.md"], "High tides", "", ("a/high-tides.md", "b/high_tides.md")),
        (["New moon.png"], "new-moon.png", "", ("New moon.png",)),
        (["New moon.png"], "new-moon", "", ()),
        (["High tides.md"], "High tide", "", ()),
        (["High tides.md"], "High, tides", "", ()),
    ],
)
def test_same_but_for_spelling(paths: list[str], target: str, folder: str, found: tuple[str, ...]) -> None:
    likeness, meant = vault_of(*paths).names.meant(target, folder)
    assert (meant if likeness is Likeness.SPELLING else ()) == found


@pytest.mark.parametrize(
    ("paths", "path", "source", "written"),
    [
        ([], "Tides.md", "Sea.md", "Tides"),
        ([], "log/Tides.md", "Sea.md", "Tides"),
        ([], "log/Moon.png", "Sea.md", "Moon.png"),
        (["log/Tides.md"], "a/b/Tides.md", "Sea.md", "a/b/Tides"),
        (["Tides.md"], "log/Tides.md", "log/Sea.md", "log/Tides"),
        (["a/Tides.md"], "log/Tides.md", "log/Sea.md", "Tides"),
        (["a/Tides.md"], "b/Tides.md", "Sea.md", "b/Tides"),
        (["log/Map.png"], "log/Map.png.md", "Sea.md", "log/Map.png.md"),
    ],
)
def test_text_that_leads_to_a_file(paths: list[str], path: str, source: str, written: str) -> None:
    vault = vault_of(*paths, path, source)
    note = vault.notes[source]
    assert vault.link_text(path, note, full=False) == written
    assert vault.lookup(written, note) == (path,)


def test_full_text_holds_the_folders() -> None:
    vault = vault_of("log/Tides.md", "Sea.md")
    assert vault.link_text("log/Tides.md", vault.notes["Sea.md"], full=True) == "log/Tides"


def test_lookups_are_cached_by_folder_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaultlint.vault.MOST_LOOKED_UP", 2)
    vault = vault_of("log/Tides.md", "sea/Tides.md", "Waves.md")
    asked: list[str] = []
    look_up = vault._lookup

    def spied(target: PathKey, folder: PathKey) -> tuple[str, ...]:
        asked.append(target)
        return look_up(target, folder)

    monkeypatch.setattr(vault, "_lookup", spied)
    for _ in range(2):
        for source, name, found in (
            ("log/A.md", "Tides", "log/Tides.md"),
            ("sea/A.md", "Tides", "sea/Tides.md"),
            ("sea/B.md", "Tides", "sea/Tides.md"),
            ("sea/B.md", "waves", "Waves.md"),
        ):
            assert vault.lookup(name, read_note(source, "")) == (found,)
    assert asked == ["tides", "tides", "waves"] * 2, "two are cached, and dropped for the next"


def test_index_of_linked_names_can_be_made_in_advance(monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault([read_note("Sea.md", "[[Tides]]")])
    assert vault.paths_linking(()) == set()
    monkeypatch.delattr(Vault, "surface")
    assert vault.paths_linking(["tides"]) == {"Sea.md"}
