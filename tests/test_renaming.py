"""Giving a file another name: links follow in the form that they have."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultlint.edits.renaming import RenameError, renamed
from vaultlint.files.reading import read_text
from vaultlint.note import Note
from vaultlint.reading import Dialect
from vaultlint.vault import Vault

OLD, NEW = "a/Old.md", "b/New.md"


def read(path: str, text: str) -> Note:
    return read_text(path, text, Dialect())


def vault(files: Mapping[str, str]) -> Vault:
    notes = [read(path, text) for path, text in files.items() if path.endswith((".md", ".canvas", ".base"))]
    return Vault(notes, files)


def after(files: Mapping[str, str], old: str = OLD, new: str = NEW) -> dict[str, str]:
    """The files afterwards."""
    texts = dict(files)
    for before, changed in renamed(vault(files), old, new, read):
        texts[before.path] = changed.text
    texts[new] = texts.pop(old)
    return texts


def rewritten(text: str, path: str = "Here.md", old: str = OLD, new: str = NEW, **more: str) -> str:
    """A text with links to a file that gets another name."""
    others = {name.replace("__", "/") + ".md": content for name, content in more.items()}
    return after({path: text, old: "", **others}, old, new)[new if path == old else path]


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("[[Old]]", "[[New]]"),
        ("[[old]]", "[[New]]"),
        ("[[Old.md]]", "[[New.md]]"),
        ("![[Old]]", "![[New]]"),
        ("[[Old|Old]]", "[[New|Old]]"),
        ("[[ Old | shown ]]", "[[ New | shown ]]"),
        ("[[Old#Part]] [[Old#^id|x]]", "[[New#Part]] [[New#^id|x]]"),
        ("[[a/Old]]", "[[b/New]]"),
        ("[[A/Old.md#x]]", "[[b/New.md#x]]"),
        ("[[/a/Old]]", "[[/b/New]]"),
        ("[[./a/Old]]", "[[./b/New]]"),
        ("[Old](a/Old.md)", "[Old](b/New.md)"),
        ("[Old](a/Old)", "[Old](b/New)"),
        ("[Old](<a/Old.md>)", "[Old](<b/New.md>)"),
        ('[x](./a/Old.md#p "title")', '[x](./b/New.md#p "title")'),
        ("![x](Old.md)", "![x](New.md)"),
        ("| a |\n| - |\n| [[Old\\|x]] |\n", "| a |\n| - |\n| [[New\\|x]] |\n"),
        ("---\nby: '[[Old]]'\n---\n", "---\nby: '[[New]]'\n---\n"),
        ('---\nby: ["[[Old|x]]", 1]\n---\n', '---\nby: ["[[New|x]]", 1]\n---\n'),
        ("---\nby: >-\n  [[Old]]\n---\n", "---\nby: >-\n  [[New]]\n---\n"),
        ("%% [[Old]] %%", "%% [[New]] %%"),
    ],
)
def test_form_of_a_link_is_kept(link: str, wanted: str) -> None:
    assert rewritten(f"{link}\r\nOld [[Other]] `[[Old]]`") == f"{wanted}\r\nOld [[Other]] `[[Old]]`"


@pytest.mark.parametrize(
    "text", ["[[Other]]", "[[Olde]]", "[x](https://x.org/Old.md)", "`[[Old]]`", "[[#Old]]", "\\[[Old]]"]
)
def test_what_does_not_lead_there_is_left(text: str) -> None:
    assert rewritten(text, Other="") == text


def test_link_by_name_is_left_where_only_the_folder_changes() -> None:
    assert rewritten("[[Old]] [[a/Old]]", new="b/Old.md") == "[[Old]] [[b/Old]]"


@pytest.mark.parametrize(
    ("path", "link", "wanted"),
    [
        ("a/Here.md", "[x](Old.md)", "[x](../b/New.md)"),
        ("b/Here.md", "[x](../a/Old.md)", "[x](New.md)"),
        ("b/c/Here.md", "[x](../../a/Old.md)", "[x](../New.md)"),
        ("a/Here.md", "[[./Old]]", "[[../b/New]]"),
        ("b/Here.md", "[[../a/Old]]", "[[New]]"),
    ],
)
def test_way_from_the_note_stays_one(path: str, link: str, wanted: str) -> None:
    assert rewritten(link, path) == wanted


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        ("b/New name (1).md", "[x](b/New%20name%20%281%29.md) [[New name (1)]]"),
        ("b/Né.md", "[x](b/Né.md) [[Né]]"),
        ("b/50%.md", "[x](b/50%25.md) [[50%]]"),
    ],
)
def test_markdown_links_are_encoded_and_wikilinks_are_not(new: str, wanted: str) -> None:
    assert rewritten("[x](a/Old.md) [[Old]]", new=new) == wanted


def test_markdown_link_is_encoded_as_it_was() -> None:
    assert rewritten("[x](a/%C3%A9.md) [x](a/é.md)", old="a/é.md", new="a/ü.md") == "[x](a/%C3%BC.md) [x](a/ü.md)"


def test_quotes_of_a_property_are_doubled() -> None:
    text = "---\none: '[[Old]]'\ntwo: \"[[Old]]\"\n---\n"
    assert rewritten(text, new="a/It's.md") == "---\none: '[[It''s]]'\ntwo: \"[[It's]]\"\n---\n"


def test_name_that_others_have_too_is_lengthened() -> None:
    assert rewritten("[[Old]]", c__New="") == "[[b/New]]"
    assert rewritten("[[Old]] [[New]]", New="") == "[[b/New]] [[New]]"


def test_links_to_others_of_the_new_name_still_lead_there() -> None:
    files = {"Here.md": "[[New]]", "long/New.md": "", OLD: ""}
    assert after(files)["Here.md"] == "[[long/New]]"


def test_own_links_follow_to_another_folder() -> None:
    text = "[x](Beside.md) [[./Beside]] [[Beside]] [[a/Beside|x]] [own](Old.md) [[Old]] [[#Part]] ![](img/x.png)"
    files = {OLD: text, "a/Beside.md": "", "a/img/x.png": ""}
    assert after(files)[NEW] == (
        "[x](../a/Beside.md) [[../a/Beside]] [[Beside]] [[a/Beside|x]] [own](New.md) [[New]] [[#Part]] "
        "![](../a/img/x.png)"
    )


def test_name_beside_the_note_is_lengthened_when_the_note_leaves() -> None:
    files = {OLD: "[[Same]]", "a/Same.md": "", "c/Same.md": ""}
    assert after(files)[NEW] == "[[a/Same]]"


def test_only_the_case_changes() -> None:
    files = {"Here.md": "[[Newton]] [[NEWTON]] [x](p/Newton.md)", "p/Newton.md": ""}
    assert after(files, "p/Newton.md", "p/newton.md")["Here.md"] == "[[newton]] [[NEWTON]] [x](p/newton.md)"


def test_attachment() -> None:
    files = {"Here.md": "![[x.png|100]] ![a](i/x.png)", "i/x.png": ""}
    assert after(files, "i/x.png", "j/y.png")["Here.md"] == "![[y.png|100]] ![a](j/y.png)"


def test_broken_and_ambiguous_links_are_left() -> None:
    files = {"Here.md": "[[Nope]] [[Same]]", "p/Same.md": "", "q/Same.md": "", OLD: ""}
    assert after(files)["Here.md"] == "[[Nope]] [[Same]]"


CANVAS = """{
\t"nodes": [
\t\t{"id":"1","type":"file","file":"a/Old.md","subpath":"#Part","x":0},
\t\t{"id":"2","type":"text","text":"See [[Old|\\"x\\"]]\\nand [y](a/Old.md)"},
\t\t{"id":"3","type":"group","background":"a/Old.md"}
\t]
}"""


def test_canvas() -> None:
    found = after({"x.canvas": CANVAS, OLD: ""}, new='b/N"é.md')["x.canvas"]
    assert found == CANVAS.replace("a/Old", 'b/N\\"é').replace("[[Old", '[[N\\"é')


BASE = """# all about it
filters:
  and:
    - file.hasLink("Old")
    - 'link("a/Old") == "[[Old]]"'
views:
  - type: table   # kept
"""


def test_base() -> None:
    wanted = BASE.replace("a/Old", "b/New").replace('"Old', '"New').replace("[[Old", "[[New")
    assert after({"x.base": BASE, OLD: ""})["x.base"] == wanted


@pytest.mark.parametrize(
    ("files", "new"),
    [
        ({"Here.md": "[[Old]]"}, "a/New#1.md"),
        ({"Here.md": "[[Old]]"}, "a/New|1.md"),
        ({"Here.md": "[[Old]]"}, "a/[New].md"),
        ({"Here.md": "[x](<a/Old.md>)"}, "a/<New>.md"),
        ({"Here.md": "[x](a/Old.md)"}, "a/New#1.md"),
        ({"Here.md": '---\nby: "[[Ol\\x64]]"\n---\n'}, NEW),
        ({"x.base": "a: 'link(\"Old\")'\n"}, "a/It's.md"),
    ],
)
def test_name_that_a_link_can_not_have(files: dict[str, str], new: str) -> None:
    with pytest.raises(RenameError, match="can't be written with that name"):
        after({**files, OLD: ""}, new=new)


def test_name_that_no_wikilink_can_have_is_fine_where_none_is() -> None:
    assert rewritten("[x](a/Old.md)", new="a/New|1.md") == "[x](a/New%7C1.md)"


FOLDERS = ["", "a/", "b/", "a/c/"]
NAMES = ["One", "Two", "Two 2", "Drei"]
FORMS = [
    "[[{name}]]",
    "[[{path}|x]]",
    "![[{path}#p]]",
    "[x]({encoded}.md)",
    "[[./{name}]]",
    "[[../{name}]]",
    "[x](<{path}.md>)",
]
paths = st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES)).map("".join)


@st.composite
def vaults(draw: st.DrawFn) -> dict[str, str]:
    found = draw(st.lists(paths, min_size=2, max_size=6, unique=True))
    texts = {}
    for path in found:
        targets = draw(st.lists(st.tuples(st.sampled_from(FORMS), st.sampled_from(found)), max_size=4))
        texts[f"{path}.md"] = " ".join(
            form.format(name=target.rpartition("/")[2], path=target, encoded=target.replace(" ", "%20"))
            for form, target in targets
        )
    return texts


@settings(max_examples=400, deadline=None)
@given(vaults(), paths, st.data())
def test_every_link_leads_where_it_led(files: dict[str, str], target: str, data: st.DataObject) -> None:
    old, new = data.draw(st.sampled_from(sorted(files))), f"{target}.md"
    if new in files:
        return
    before, later = vault(files), vault(after(files, old, new))
    for path, note in before.notes.items():
        moved = later.notes[new if path == old else path]
        for link, changed in zip(note.links, moved.links, strict=True):
            found = before.resolve(link, note)
            if len(found) == 1:
                assert later.resolve(changed, moved) == (new if found[0] == old else found[0],)
            assert (link.kind, link.subpath, link.display) == (changed.kind, changed.subpath, changed.display)


def test_two_hundred_links_and_back() -> None:
    forms = [
        "[[Old]]",
        "[[a/Old#P|x]]",
        "[x](../a/Old.md)",
        "![[Old]]",
        "[[/a/Old.md]]",
        "[[../a/Old]]",
        "[x](<../a/Old.md>)",
    ]
    files = {f"n/{i}.md": f"{i} {forms[i % len(forms)]}\r\n" for i in range(200)}
    files |= {OLD: "[[n/1]] [x](../n/2.md) [[3]]", "x.canvas": CANVAS, "y.base": BASE}
    there = after(files)
    assert sum(there.get(path) != text for path, text in files.items()) == 203
    later = vault(there)
    assert all(later.resolve(link, note) for note in later.notes.values() for link in note.links)
    assert after(there, NEW, OLD) == files


@pytest.mark.parametrize("block", ["+++\nsee = '[[Old]]'\n[[Old]]\n+++\n", '{"see": "[[Old]]"}\n'])
def test_front_matter_of_other_programs_is_left(block: str) -> None:
    assert rewritten(f"{block}[[Old]]\n") == f"{block}[[New]]\n"
