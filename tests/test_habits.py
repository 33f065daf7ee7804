"""What the notes of a vault have in common, and what only looks like it."""

from collections.abc import Mapping

import pytest

from vaultlint.habits import CitationUse, Habits, OddFolder, habits
from vaultlint.habits.places import Share
from vaultlint.reading import read_note
from vaultlint.vault import Vault


def found(files: Mapping[str, str], typed: tuple[str, ...] = ()) -> Habits:
    vault = Vault([read_note(path, text) for path, text in files.items()])
    return habits(vault, tuple(files), typed)


def many(folder: str, text: str, count: int = 20) -> dict[str, str]:
    """Notes of a folder; `@` in the text is replaced by the number of the note."""
    return {f"{folder}{i:03}.md": text.replace("@", f"{i}") for i in range(count)}


def required(these: Habits) -> dict[str, list[str]]:
    """Names of required properties by the patterns of the notes that need them."""
    return {
        " ".join(pattern for place in there.places for pattern in place.patterns("")): [
            one.name for one in there.properties
        ]
        for there in these.required
    }


NOTE = "---\ntitle: A\nYear: 20@\n---\nText.\n"


def test_nothing_is_found_in_nothing() -> None:
    assert found({}) == Habits(0, (), (), (), None, (), None)
    assert found(many("", "Text and [[a link]].\n")) == Habits(20, (), (), (), None, (), None)


# Properties


def test_properties_of_the_whole_vault() -> None:
    these = found(many("", NOTE))
    assert required(these) == {"/*": ["title", "Year"]}
    ((title, year),) = (there.properties for there in these.required)
    assert (title.share, title.shape) == (Share(20, 20), None)
    assert year.shape is not None
    assert year.shape.kind == "number"


def test_properties_of_a_folder() -> None:
    files = many("a/", NOTE) | many("b/", "---\ntitle: B\n---\n") | many("c/", "Text.\n")
    assert required(found(files)) == {"/a/ /b/": ["title"], "/a/": ["Year"]}


@pytest.mark.parametrize(("without", "wanted"), [(1, {"/*": ["title", "Year"]}), (2, {})])
def test_nearly_all_notes(without: int, wanted: dict[str, list[str]]) -> None:
    assert required(found(many("", NOTE, 20 - without) | many("x", "---\ntags: []\n---\n", without))) == wanted


def test_few_notes_have_no_habit() -> None:
    assert required(found(many("", NOTE, 9))) == {}
    assert required(found(many("", NOTE, 10))) == {"/*": ["title", "Year"]}


def test_name_counts_in_any_case_and_is_written_as_most_do() -> None:
    files = many("", "---\nAuthor: A\n---\n") | many("x", "---\nauthor: A\n---\n", 30)
    assert required(found(files)) == {"/*": ["author"]}


@pytest.mark.parametrize(
    "text",
    ["", "\n", "---\ntitle: [\n---\n", "---\ntitle: A\n...\n---\n"],
    ids=["empty", "blank", "invalid", "doubtful"],
)
def test_note_of_which_nothing_is_demanded_is_no_exception(text: str) -> None:
    files = many("", NOTE) | many("x", text, 5)
    (there,) = found(files).required
    assert there.properties[0].share == Share(20, 20)


def test_note_without_front_matter_is_an_exception() -> None:
    assert required(found(many("", NOTE, 40) | {"x.md": "Text.\n"})) == {"/*": ["title", "Year"]}
    assert required(found(many("", NOTE, 40) | many("x", "Text.\n", 3))) == {}


def test_own_property_of_vaultlint_and_a_blank_name_are_no_habit() -> None:
    assert required(found(many("", '---\nvaultlint-ignore: links\n"": x\n" ": y\n---\n'))) == {}


def test_shape_comes_from_the_values_that_say_anything() -> None:
    filled = many("", "---\nday: 2024-01-0@\n---\n", 10) | many("x", "---\nday: 2024-02-1@\n---\n", 10)
    empty = {"e.md": "---\nday: [2024-03-01, null]\n---\n"}
    ((day,),) = (there.properties for there in found(filled | empty).required)
    assert day.shape is not None
    assert (day.share, day.shape.kind, day.shape.share) == (Share(21, 21), "date", Share(21, 21))


@pytest.mark.parametrize("value", ["", " ''", " []", " [null, '']", " ~", " {{date}}", ' "<% tp.date.now() %>"'])
def test_name_without_a_value_is_no_habit(value: str) -> None:
    files = many("", f"---\nday:{value}\ntitle: A\n---\n")
    assert required(found(files)) == {"/*": ["title"]}
    assert required(found(files | many("x", "---\nday: 2024-01-05\ntitle: A\n---\n", 60))) == {"/*": ["title"]}
    assert required(found(many("", f"---\nday:{value}\n---\n", 1) | many("x", "---\nday: 5\n---\n"))) == {
        "/*": ["day"]
    }


@pytest.mark.parametrize(
    "yaml",
    [
        "tag: a",
        "Alias: b",
        "cssclass: wide",
        "kanban-plugin: basic",
        "excalidraw-plugin: parsed",
        "excalidraw-open-md: true",
        "updated: 2024-01-05",
        "modified: 2024-01-05T10:20",
        "date modified: Friday, January 5th 2024, 10:20:30 am",
        "last-edited: 2024-01-05",
        "created: 2024-01-05T10:20",
        "date created: Friday, January 5th 2024, 10:20:30 am",
        "created: 2024-01-05\nupdated: 2024-02-05",
        "ctime: 2024-01-05\nmtime: 2024-02-05",
    ],
)
def test_what_plug_ins_write_and_obsidian_gave_up_is_never_required(yaml: str) -> None:
    assert required(found(many("", f"---\n{yaml}\n---\n"))) == {}


@pytest.mark.parametrize(
    "yaml", ["created: 2024-01-05", "date: 2024-01-05T10:20", "creator: 5 men", "created: by hand", "edition: 2nd"]
)
def test_what_people_write_is_required(yaml: str) -> None:
    assert required(found(many("", f"---\n{yaml}\n---\n"))) == {"/*": [yaml.split(":")[0]]}


def test_items_of_a_list_have_a_shape() -> None:
    ((links,),) = (there.properties for there in found(many("", '---\nup: ["[[A@]]", "[[B]]"]\n---\n')).required)
    assert links.shape is not None
    assert (links.shape.pattern, links.shape.share) == (r"\[\[[^\[\]]+\]\]", Share(40, 40))


def test_maps_have_no_shape() -> None:
    ((one,),) = (there.properties for there in found(many("", "---\na: {b: 1}\n---\n")).required)
    assert one.shape is None


def test_type_that_obsidian_keeps_is_not_found_again() -> None:
    ((year,),) = (there.properties for there in found(many("", "---\nYear: 20@\n---\n"), typed=("year",)).required)
    assert year.shape is None


# Timestamps


@pytest.mark.parametrize(
    ("written", "form"),
    [("00:0@:10", "HH:MM:SS"), ("0:0@:10", "H:MM:SS"), ("0@:10", "MM:SS"), ("1:0@:10", "H:MM:SS")],
)
def test_form_of_timestamps(written: str, form: str) -> None:
    these = found(many("", f'So it is <a class="yt-timestamp" data-t="{written}">[{written}]</a>.\n', 10))
    assert these.timestamps is not None
    assert (these.timestamps.form, these.timestamps.share) == (form, Share(20, 20))


@pytest.mark.parametrize("forms", [("00:0@:10", "0@:10"), ("00:00:10",), ()], ids=["two forms", "few", "none"])
def test_no_form_of_timestamps(forms: tuple[str, ...]) -> None:
    anchors = " ".join(f'<a class="yt-timestamp" data-t="{form}">[{form}]</a>' for form in forms)
    assert found(many("", f"So it is {anchors}.\n", 9)).timestamps is None


# Citations


def test_citations_are_counted_by_kind_and_folder() -> None:
    files = {
        "a/b/1.md": '<a class="yt-timestamp" data-t="00:01:10">[00:01:10]</a> [01:10](https://youtu.be/x?t=70)\n',
        "a/2.md": '<a class="yt-timestamp" data-t="00:01:10">[00:01:10]</a>\n',
        "3.md": "See <https://a.b> and https://c.d.\n",
        "c/4.md": "See <https://a.b>.\n",
    }
    assert found(files).citations == (
        CitationUse("link", 3, 2, (("", 2), ("c", 1))),
        CitationUse("timestamp (anchor)", 2, 2, (("a", 2),)),
        CitationUse("timestamp (link)", 1, 1, (("a", 1),)),
    )


CITED = (
    "Light sets the clock of the body [^1].\n\nSleep takes eight hours a night [^1].\n\n- [[Light]]\n\n[^1]: Book.\n"
)
UNCITED = CITED.replace("night [^1]", "night")


def test_blocks_are_cited_where_nearly_all_that_assert_cite() -> None:
    these = found(many("a/", CITED) | many("b/", UNCITED)).cited
    assert these is not None
    assert [place.patterns("") for place in these.places] == [["/a/"]]
    assert these.share == Share(40, 40)


@pytest.mark.parametrize(
    "files",
    [
        many("", UNCITED),
        many("", CITED, 9),
        many("", "# A\n\n- [Site](https://a.b)\n- [Other](https://c.d)\n"),
        many("", CITED, 16) | many("x", UNCITED, 4),
    ],
    ids=["half", "few notes", "lists of links", "nine of ten"],
)
def test_citing_is_no_habit(files: dict[str, str]) -> None:
    assert found(files).cited is None


# Odd folders

GAPS = "---\ncreated: {{date}}\n---\n# {{title}}\n"


@pytest.mark.parametrize("name", ["Templates", "template", "_templates", "99 Templates", "Meta/Templates"])
def test_folder_of_templates_by_its_name(name: str) -> None:
    these = found(many("", NOTE) | {f"{name}/a.md": GAPS, f"{name}/sub/b.md": "Text.\n"})
    assert these.templates == (OddFolder(name, 2, "1 has gaps to fill in"),)
    assert required(these) == {"/*": ["title", "Year"]}, "a template is no exception"
    assert these.notes == 22


@pytest.mark.parametrize("gap", ["{{title}}", "{{date:YYYY-MM-DD}}", "<% tp.file.title %>", "<%* await x() %>"])
def test_folder_of_templates_by_its_notes(gap: str) -> None:
    files = {f"Vorlagen/{i}.md": f"# {gap}\n" for i in range(4)} | {"Vorlagen/index.md": "Text.\n"}
    (one,) = found(files).templates
    assert (one.folder, one.notes, one.reason) == ("Vorlagen", 5, "4 have gaps to fill in")


@pytest.mark.parametrize(
    "files",
    [
        many("Templates/", "Text.\n"),
        many("Templates/", "Text.\n") | {"Templates/a.md": GAPS},
        {"Temples/a.md": GAPS, "Temples/b.md": GAPS},
        many("Templates/", "Text about `{{title}}`.\n\n```\n# {{title}}\n```\n"),
        many("a/", GAPS, 3) | many("a/x", "Text.\n", 3),
        many("", GAPS),
        many("a/", "{{ math }} and <% percent\n"),
    ],
    ids=["no gaps", "few gaps", "few notes", "about templates", "half of them", "the root", "other braces"],
)
def test_no_folder_of_templates(files: dict[str, str]) -> None:
    assert found(files).templates == ()


def test_parent_of_ordinary_notes_is_no_folder_of_templates() -> None:
    forms = many("Meta/Forms/", "# {{title}}\n")
    (one,) = found(forms | {"Meta/Plan.md": "Text.\n"}).templates
    assert one.folder == "Meta/Forms"
    (one,) = found(forms | many("Meta/Plans/", "Text.\n", 2)).templates
    assert one.folder == "Meta/Forms"
    (one,) = found(forms | many("Meta/Sheets/", "# {{title}}\n")).templates
    assert one.folder == "Meta", "all that lies in it is to be filled in"


@pytest.mark.parametrize("name", ["Archive", "archives", "99 Archive", "_archived", "zArchive", "Work/Archive"])
def test_archive_by_its_name(name: str) -> None:
    these = found({f"{name}/a.md": "Text.\n", f"{name}/Archive/b.md": "Text.\n", "c.md": ""})
    assert these.archives == (OddFolder(name, 2, "its name says so"),)


@pytest.mark.parametrize("path", ["Archive.md", "Archivists/a.md", "The Internet Archive/a.md", "Search/a.md"])
def test_no_archive(path: str) -> None:
    assert found({path: "Text.\n"}).archives == ()


def test_unreadable_notes_and_canvases_do_not_count() -> None:
    vault = Vault([read_note("a.md", ""), read_note("b.canvas", "")])
    assert habits(vault, ("a.md", "b.canvas")).notes == 1
