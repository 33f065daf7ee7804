"""Renaming a file: links to it are updated and keep their form."""

from collections.abc import Mapping
from contextlib import suppress
from posixpath import dirname, relpath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultlint.edits.renaming import RenameError, file_renames, renamed
from vaultlint.files.reading import read_text
from vaultlint.note import Note
from vaultlint.reading import Dialect
from vaultlint.text import LineIndex
from vaultlint.vault import Vault

OLD, NEW = "a/Old.md", "b/New.md"


def read(path: str, text: str) -> Note:
    return read_text(path, text, Dialect())


def vault(files: Mapping[str, str]) -> Vault:
    notes = [read(path, text) for path, text in files.items() if path.endswith((".md", ".canvas", ".base"))]
    return Vault(notes, files)


def after(files: Mapping[str, str], old: str = OLD, new: str = NEW) -> dict[str, str]:
    """The files after a rename."""
    texts = dict(files)
    for before, changed in renamed(vault(files), old, new, read):
        texts[before.path] = changed.text
    texts[new] = texts.pop(old)
    return texts


def rewritten(text: str, path: str = "Here.md", old: str = OLD, new: str = NEW, **more: str) -> str:
    """A note's text after a file that it links to was renamed."""
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


@settings(max_examples=400)
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


# Links in links


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("![Fig. 1 (see [[Old]])](i.png)", "![Fig. 1 (see [[New]])](i.png)"),
        ("![Fig. 1 (see [[Old#P|it]], [[Old]])](i.png)", "![Fig. 1 (see [[New#P|it]], [[New]])](i.png)"),
        ("[Fig. 1 (see [[Old]])](i.png)", "[Fig. 1 (see [[New]])](i.png)"),
        ("[[Old]](s)", "[[New]](s)"),
        ("![[Old]](s)", "![[New]](s)"),
        ("[[Old]](a/Old.md)", "[[New]](b/New.md)"),
        ("[see [[Old]]](a/Old.md)", "[see [[New]]](b/New.md)"),
        ("[![a](a/Old.md)](a/Old.md)", "[![a](b/New.md)](b/New.md)"),
        ("| a |\n| - |\n| ![x [[Old\\|y]]](i.png) |\n", "| a |\n| - |\n| ![x [[New\\|y]]](i.png) |\n"),
        ("> - ![x [[Old]]](i.png)", "> - ![x [[New]]](i.png)"),
    ],
)
def test_link_in_the_label_of_another_follows(text: str, wanted: str) -> None:
    assert rewritten(f"{text}\n") == f"{wanted}\n"


def test_link_in_a_label_in_a_canvas_follows() -> None:
    canvas = '{"nodes":[{"type":"text","text":"![\\"x\\" [[Old]]](i.png)"},{"type":"file","file":"a/Old.md"}]}'
    assert after({"x.canvas": canvas, OLD: ""})["x.canvas"] == canvas.replace("a/Old", "b/New").replace(
        "[Old", "[New"
    )


# Reasons to refuse a rename


def stopped(files: Mapping[str, str], new: str = NEW) -> str:
    with pytest.raises(RenameError) as caught:
        after({**files, OLD: ""}, new=new)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "new", "where", "why"),
    [
        ("x\n\n![see [[Old]]](i.png)", "a/N#w.md", "line 3, [[Old]]", "a wikilink can't hold '#'"),
        ("[[a/Old#P|x]]", "a/N|w.md", "line 1, [[a/Old#P|x]]", "a wikilink can't hold '|'"),
        (
            "x\n[y](a/Old.md)",
            "a/N#w.md",
            "line 2, [y](a/Old.md)",
            "in a Markdown link '#' ends the path, encoded or not",
        ),
        (
            "[y](<a/Old.md>)",
            "a/<N>.md",
            "line 1, [y](<a/Old.md>)",
            "a destination in angle brackets can't hold '<' or '>'",
        ),
        ('---\nby: "[[Ol\\x64]]"\n---\n', NEW, 'line 2, "[[Ol\\x64]]"', "it is written with escapes"),
        ("z\n\nx [[Old]] and `", "a/N`w.md", "line 3, [[Old]]", "the text around it would be read differently"),
        (
            "[[Other]] [[Old]] [[Last]] `",
            "a/N`w.md",
            "line 1, [[Old]]",
            "the text around it would be read differently",
        ),
        (
            "[i]: <a/Old.md>\n",
            "a/<N>.md",
            "line 1, [i]: <a/Old.md>",
            "a destination in angle brackets can't hold '<' or '>'",
        ),
    ],
)
def test_place_that_can_not_be_rewritten(text: str, new: str, where: str, why: str) -> None:
    said = stopped({"Here.md": text}, new)
    assert said.startswith("the link to '")
    assert said.endswith(f" in 'Here.md' can't be written with that name: {where}: {why}")


def test_every_place_that_can_not_be_rewritten_is_named() -> None:
    said = stopped({"One.md": "[[Old]]", "Two.md": "x\n[[Old]] [[Old|y]]", "Three.md": "[x](a/Old.md)"}, "a/N^w.md")
    assert [part.split(" in ")[1].split(":")[0] for part in said.split("; ")] == [
        "'One.md' can't be written with that name",
        "'Two.md' can't be written with that name",
        "'Two.md' can't be written with that name",
    ]
    many = stopped({f"{i}.md": "[[Old]]" for i in range(25)}, "a/N^w.md")
    assert many.count("can't be written") == 10
    assert many.endswith("; and 15 more")


# Links to headings


HEADINGS = {
    "N.md": "## See [[Old]]\n### Sub\n[[#See Old]] [[#see old#Sub|x]]\n## Other\n[[#Other]]\n",
    "Here.md": "[[N#See Old]] [x](N.md#See%20Old) ![[N#See  OLD#Sub]] [x](<N.md#See Old>)"
    " [[N#Other]] [[N#No]] [[N#^id]]",
    "Prop.md": "---\nby: '[[N#See Old]]'\n---\n",
    "Table.md": "| a |\n| - |\n| [[N#See Old\\|x]] |\n",
    "x.canvas": '{"nodes":[{"type":"file","file":"N.md","subpath":"#See Old"},'
    '{"type":"text","text":"[[N#See Old]]"}]}',
    "y.base": "a: 'link(\"N#See Old\")'\n",
    "Def.md": "[i]: N.md#See%20Old\n",
}


def test_links_to_a_heading_follow_the_link_in_it() -> None:
    found = after({**HEADINGS, OLD: ""})
    assert found["N.md"] == "## See [[New]]\n### Sub\n[[#See New]] [[#see New#Sub|x]]\n## Other\n[[#Other]]\n"
    assert found["Here.md"] == HEADINGS["Here.md"].replace("Old", "New").replace("OLD", "New")
    for path in ("Prop.md", "Table.md", "x.canvas", "y.base", "Def.md"):
        assert found[path] == HEADINGS[path].replace("Old", "New"), path
    later = vault(found)
    for note in later.notes.values():
        for link in note.links:
            if link.subpath not in ("No", "^id"):
                assert all(later.has_anchor(path, link.subpath) for path in later.resolve(link, note)), link


@pytest.mark.parametrize(
    ("heading", "link", "wanted"),
    [
        ("## See [[Old|him]]", "[[N#See Old him]]", "[[N#See New him]]"),
        ("## [x](a/Old.md) and more", "[[N#x a Old md and more]]", "[[N#x b New md and more]]"),
        ("## [[Old]] - [[Old]]", "[[N#Old - Old]]", "[[N#New - New]]"),
        ("## See [[Old]] ^id", "[[N#See Old]]", "[[N#See New]]"),
        ("## See [[Old]] ^id", "[[N#See Old id]]", "[[N#See New id]]"),
        ("See [[Old]]\n===", "[[N#See Old]]", "[[N#See New]]"),
        ("## See [[Old]] ##", "[[N#See: Old!]]", "[[N#See: New!]]"),
        ("# A\n## See [[Old]]\n# B\n## See [[Old]]", "[[N#B#See Old]]", "[[N#B#See New]]"),
    ],
)
def test_name_of_a_heading_in_a_link(heading: str, link: str, wanted: str) -> None:
    assert after({"N.md": f"{heading}\n", "Here.md": link, OLD: ""})["Here.md"] == wanted


@pytest.mark.parametrize(
    ("heading", "link"),
    [
        ("## See [[Old]]", "[[N#Not there]]"),
        ("## See [[Old]]\n", "[[N#^old]]"),
        ("> ## See [[Old]]", "[[N#See Old]]"),
        ("## See `[[Old]]`", "[[N#See Old]]"),
        ("## See Old", "[[N#See Old]]"),
        ("## See [[Old]]\n## Other", "[[N#Other]]"),
        ("## See [[Old]]", "[[M#See Old]]"),
    ],
)
def test_link_that_names_no_such_heading_is_left(heading: str, link: str) -> None:
    files = {"N.md": f"{heading}\n", "M.md": "# See Old\n", "Here.md": link, OLD: ""}
    assert after(files)["Here.md"] == link


def test_folder_alone_changes_no_heading_by_name() -> None:
    assert after({**HEADINGS, OLD: ""}, OLD, "b/Old.md") == {**HEADINGS, "b/Old.md": ""}


def test_headings_that_link_to_headings_follow_one_after_the_other() -> None:
    files = {
        "A.md": "# See [[Old]]\n",
        "B.md": "# Look [[A#See Old|x]]\n",
        "C.md": "[[B#Look A See Old x]]\n",
        OLD: "# Part\n[[A#See Old]]\n",
    }
    found = after(files)
    assert found["B.md"] == "# Look [[A#See New|x]]\n"
    assert found["C.md"] == "[[B#Look A See New x]]\n"
    assert found[NEW] == "# Part\n[[A#See New]]\n"


@pytest.mark.parametrize(
    ("note", "link"),
    [("## See New\n## See [[Old]]\n", "[[N#See Old]]"), ("## See [[Old]]\n## See New\n", "[[N#See New]]")],
)
def test_heading_that_another_would_be_taken_for_stops_it(note: str, link: str) -> None:
    said = stopped({"N.md": note, "Here.md": f"x\n\n{link}"})
    where = f"the link to 'N' in 'Here.md' can't be written with that name: line 3, {link}"
    assert said == f"{where}: it would lead to another heading of that text"


def test_heading_without_a_letter_left_stops_it() -> None:
    said = stopped({"N.md": "# [[Old]]\n", "Here.md": "[[N#Old]]"}, "a/!.md")
    assert said.endswith("line 1, [[N#Old]]: nothing would be left of the heading's name")


# Definitions and HTML


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[a][i]\n\n[i]: a/Old.md\n", "[a][i]\n\n[i]: b/New.md\n"),
        (
            "[i]: <a/Old.md> 'T'\n[j]: ./a/Old.md#p\n[k]:\n  Old\n",
            "[i]: <b/New.md> 'T'\n[j]: ./b/New.md#p\n[k]:\n  New\n",
        ),
        ("> - [i]: a/Old.md\n", "> - [i]: b/New.md\n"),
    ],
)
def test_reference_definition_follows(text: str, wanted: str) -> None:
    assert rewritten(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "text\n[i]: a/Old.md\n",
        "```\n[i]: a/Old.md\n```\n",
        "[^1]: a/Old.md\n",
        "[i]: https://x.org/a/Old.md\n",
        "\\[i]: a/Old.md\n",
        "[i]: a/Other.md\n",
        "[i]: a/Old.md and more\n",
    ],
)
def test_what_is_no_definition_is_left(text: str) -> None:
    assert rewritten(text) == text


def mentions(files: Mapping[str, str], old: str = OLD, new: str = NEW) -> list[tuple[str, int, str]]:
    return [(one.path, one.line, one.text) for one in file_renames(vault(files), {old: new}, read).mentions]


def test_html_that_names_the_file_is_told_and_left() -> None:
    text = "x\n\n<img src=\"a/Old.md\"> <a class=x href=Old.md>\n\n<div>\n<video poster='a/Old.md'>\n</div>\n"
    files = {"Here.md": text, "n/There.md": '<img src="../a/Old.md#x">', OLD: ""}
    assert after(files)["Here.md"] == text
    assert mentions(files) == [
        ("Here.md", 3, 'src="a/Old.md"'),
        ("Here.md", 3, "href=Old.md"),
        ("Here.md", 6, "poster='a/Old.md'"),
        ("n/There.md", 1, 'src="../a/Old.md#x"'),
    ]


def test_own_html_of_a_note_that_moves_away_is_told() -> None:
    files = {OLD: '<img src="./x.png"> <img src="y.png">', "a/x.png": "", "y.png": ""}
    assert mentions(files) == [(OLD, 1, 'src="./x.png"')]


@pytest.mark.parametrize(
    "text",
    [
        '`<img src="a/Old.md">`',
        '```\n<img src="a/Old.md">\n```',
        '<!-- <img src="a/Old.md"> -->',
        '<img src="a/Other.md">',
        '<img src="https://x.org/Old.md">',
        '<img alt="a/Old.md" data-src="a/Old.md">',
        'src="a/Old.md"',
    ],
)
def test_html_that_names_something_else_is_not_told(text: str) -> None:
    assert mentions({"Here.md": text, OLD: ""}) == []


# Spaces at the ends of names


def test_name_with_a_space_at_its_end_is_written_so_that_it_is_found() -> None:
    assert rewritten("[[Old]] [x](a/Old.md)", new="a/New .md") == "[[New .md]] [x](a/New%20.md)"


# Renaming back


WAYS = ["[x]({way})", "[x]({way}.md)", "[x](<{plain}.md>)"]
STEADY = ["[[{name}]]", "[[{path}]]", "[[/{path}]]", "[x](/{encoded}.md)", "[[{name}.md#p|x]]", *WAYS]
"""Forms of links that are unchanged after a file is moved to another folder and back."""
OTHERS = [
    "[[./{name}]]",
    "[[{plain}]]",
    "[x]({encoded}.md)",
    "[x](<{path}.md>)",
    "[x](./{last}.md)",
    "![[{path}.md]]",
]


@st.composite
def renames(draw: st.DrawFn, forms: list[str]) -> tuple[dict[str, str], str, str]:
    """A vault with unique names, the path of one of its files, and a new path for that."""
    names = draw(st.lists(st.sampled_from([*NAMES, "é", "It's"]), min_size=2, max_size=4, unique=True))
    is_move = forms is STEADY
    folders = st.sampled_from(FOLDERS[1:] if is_move else FOLDERS)
    found = [draw(folders) + name for name in names]
    texts = {}
    for path in found:
        text = f"# About [[{draw(st.sampled_from(names))}]]\n"
        for target in draw(st.lists(st.sampled_from(found), max_size=3)):
            plain = relpath(target, dirname(path) or ".")
            parts = {"name": target.rpartition("/")[2], "path": target, "plain": plain}
            parts |= {"encoded": target.replace(" ", "%20"), "way": plain.replace(" ", "%20")}
            parts["last"] = parts["name"].replace(" ", "%20")
            text += draw(st.sampled_from(forms)).format(**parts) + "\n"
        texts[f"{path}.md"] = text
    texts["Last.md"] = "".join(
        f"[[{path}#{' '.join(text.splitlines()[0][2:].replace('[', '').replace(']', '').split())}]]\n"
        for path, text in texts.items()
    )
    old = draw(st.sampled_from([f"{path}.md" for path in found]))
    folder = draw(folders) if is_move else old[: old.rfind("/") + 1]
    new = draw(st.sampled_from(["New", "It's new", "Née", "New (1)"]))
    return texts, old, f"{folder}{new}.md"


def there_and_back(case: tuple[dict[str, str], str, str]) -> None:
    files, old, new = case
    there = after(files, old, new)
    assert after(there, new, old) == files
    later = vault(there)
    for note in later.notes.values():
        for link in note.links:
            if link.subpath != "p":
                assert all(later.has_anchor(path, link.subpath) for path in later.resolve(link, note))


@settings(max_examples=300)
@given(renames([*STEADY, *OTHERS]))
def test_renaming_back_in_the_same_folder_gives_the_same_bytes(case: tuple[dict[str, str], str, str]) -> None:
    there_and_back(case)


@pytest.mark.once
@settings(max_examples=300)
@given(renames(STEADY))
def test_coming_back_from_another_folder_gives_the_same_bytes(case: tuple[dict[str, str], str, str]) -> None:
    there_and_back(case)


@pytest.mark.parametrize(
    ("files", "old", "new", "back"),
    [
        ({"Here.md": "[[old]]"}, OLD, "a/New.md", "[[Old]]"),
        ({"Here.md": "[x](a/O%6Cd.md)"}, OLD, "a/New.md", "[x](a/Old.md)"),
        ({"Here.md": "[[New]]"}, OLD, "a/New.md", "[[Old]]"),
        ({"Here.md": "[[Old]]", "c/New.md": ""}, OLD, "a/New.md", "[[a/Old]]"),
        ({"Here.md": "[[a/Old]]"}, OLD, "New.md", "[[Old]]"),
        ({"Here.md": "[[./a/Old]]"}, OLD, "New.md", "[[./a/Old]]"),
        ({"b/Here.md": "[[../a/Old]]"}, OLD, NEW, "[[Old]]"),
        ({"N.md": "# See [[Old]]", "Here.md": "[[N#see old]]"}, OLD, "a/New.md", "[[N#see Old]]"),
    ],
    ids=["case", "encoding", "asked for", "taken", "root", "way down", "way up", "heading"],
)
def test_what_does_not_come_back(files: dict[str, str], old: str, new: str, back: str) -> None:
    there = after({**files, old: ""}, old, new)
    found = after(there, new, old)
    assert next(text for path, text in found.items() if path.endswith("Here.md")) == back


@pytest.mark.parametrize("block", ["+++\nsee = '[[Old]]'\n[[Old]]\n+++\n", '{"see": "[[Old]]"}\n'])
def test_front_matter_of_other_programs_is_left(block: str) -> None:
    assert rewritten(f"{block}[[Old]]\n") == f"{block}[[New]]\n"


def after_all(files: Mapping[str, str], moves: Mapping[str, str]) -> dict[str, str]:
    """The files after several were moved at once."""
    changes = {before.path: changed.text for before, changed, _ in file_renames(vault(files), moves, read).changes}
    return {moves.get(path, path): changes.get(path, text) for path, text in files.items()}


def test_folder_moves_as_a_whole() -> None:
    files = {
        "a/One.md": "[x](Two.md) [y](../Here.md) [[a/Two]] [[Two]]",
        "a/Two.md": "[[One#p]]",
        "a/p.png": "",
        "Here.md": "[[a/One]] ![[a/p.png]] [x](a/Two.md)",
    }
    moves = {path: path.replace("a/", "b/c/") for path in files if path.startswith("a/")}
    assert after_all(files, moves) == {
        "b/c/One.md": "[x](Two.md) [y](../../Here.md) [[b/c/Two]] [[Two]]",
        "b/c/Two.md": "[[One#p]]",
        "b/c/p.png": "",
        "Here.md": "[[b/c/One]] ![[b/c/p.png]] [x](b/c/Two.md)",
    }


def test_files_change_places() -> None:
    files = {"A.md": "I am A, not [[B]]", "B.md": "I am B, not [[A]]", "Here.md": "[[A]] [[B]]"}
    wanted = {"B.md": "I am A, not [[A]]", "A.md": "I am B, not [[B]]", "Here.md": "[[B]] [[A]]"}
    assert after_all(files, {"A.md": "B.md", "B.md": "A.md"}) == wanted


@settings(max_examples=100)
@given(st.permutations(["a/One.md", "a/Two.md", "b/Three.md", "Four.md"]), st.data())
def test_several_move_as_one_after_another(paths: list[str], data: st.DataObject) -> None:
    link = st.sampled_from(
        ["[[One]]", "[[a/Two]]", "[x](Two.md)", "[x](../b/Three.md)", "[[Four|x]]", "![[Three#p]]"]
    )
    files = {path: " ".join(data.draw(st.lists(link, max_size=4))) for path in paths}
    moves = {paths[0]: "new/Fifth.md", paths[1]: f"c/{paths[1].rpartition('/')[2]}"}
    before = vault(files)
    later = vault(after_all(files, moves))
    for path in paths:
        was, now = before.notes[path], later.notes[moves.get(path, path)]
        for one, other in zip(was.links, now.links, strict=True):
            led = before.resolve(one, was)
            assert later.resolve(other, now) == tuple(moves.get(path, path) for path in led) or len(led) != 1


@pytest.mark.parametrize("text", ["<img src='a/Old.md'>\n\n" * 50, "[[Old]]\n" * 50], ids=["mentions", "problems"])
def test_lines_are_counted_once_or_for_what_is_shown(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    class Counted(LineIndex):
        def __init__(self, text: str) -> None:
            counted.append(len(text))
            super().__init__(text)

    monkeypatch.setattr("vaultlint.edits.renaming.LineIndex", Counted)
    notes = vault({"Here.md": text, OLD: ""})
    with suppress(RenameError):
        file_renames(notes, {OLD: "n/N|w.md"}, read)
    assert 1 <= len(counted) <= 10
