"""The rule `unquoted-link`."""

import pytest

from vaultlint.edits.fixing import applied
from vaultlint.note import Place
from vaultlint.reading import read_note
from vaultlint.rules.unquoted_link import UnquotedLink
from vaultlint.testing import check, fixed


def links(text: str) -> list[tuple[str, str | None]]:
    """Targets of links in properties, with subpath, and their display text."""
    note = read_note("Physics.md", text)
    assert all(link.place is Place.PROPERTY for link in note.links)
    return [("#".join(filter(None, [link.target, link.subpath])), link.display) for link in note.links]


@pytest.mark.parametrize(
    ("written", "quoted", "link"),
    [
        ("[[Newton]]", '"[[Newton]]"', ("Newton", None)),
        ("[[Newton|Sir Isaac]]", '"[[Newton|Sir Isaac]]"', ("Newton", "Sir Isaac")),
        ("[[People/Newton#Life|him]]", '"[[People/Newton#Life|him]]"', ("People/Newton#Life", "him")),
        ("[[ Newton ]]", '"[[ Newton ]]"', ("Newton", None)),
        ("[[Newton, Isaac]]", '"[[Newton, Isaac]]"', ("Newton, Isaac", None)),
        ("[[1687, a year]]", '"[[1687, a year]]"', ("1687, a year", None)),
        ("[[2024-01-05]]", '"[[2024-01-05]]"', ("2024-01-05", None)),
        ("[[Newton's laws]]", '"[[Newton\'s laws]]"', ("Newton's laws", None)),
        ('[[The "laws"]]', "'[[The \"laws\"]]'", ('The "laws"', None)),
        ("[[Été 犬]]", '"[[Été 犬]]"', ("Été 犬", None)),
        ("[[true]]", '"[[true]]"', ("true", None)),
        ("[[Part 2: light]]", '"[[Part 2: light]]"', ("Part 2: light", None)),
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        "by: {}",
        "by:   {}   # him",
        "by:\n  - {}",
        "by:\n- Kepler\n- {}",
        "by: [Kepler, {}]",
        "by: [{}]",
        '{{"by":{}}}',
    ],
)
def test_after_the_fix_the_note_has_the_link(
    place: str, written: str, quoted: str, link: tuple[str, str | None]
) -> None:
    yaml = place.format(written)
    marked = "\n".join(f"{line}  <-- unquoted-link" if "[[" in line else line for line in yaml.split("\n"))
    (found,) = check(UnquotedLink(), {"Physics.md": f"---\n{marked}\n---\n"})
    text = f"---\n{yaml}\n---\n"
    assert text[found.span.start : found.span.end] == written
    assert found.message == f"without quotes this is a list in a list, not a link: {written}"
    assert found.fix is not None
    assert found.fix.safe
    assert links(text) == []
    text = fixed(found, text)
    assert text == f"---\n{place.format(quoted)}\n---\n"
    assert links(text) == [link]
    check(UnquotedLink(), {"Physics.md": text})


def test_no_fix_where_both_quotes_are_taken() -> None:
    (found,) = check(UnquotedLink(), {"Physics.md": '---\nby: [[Newton\'s "laws"]]  <-- unquoted-link\n---\n'})
    assert found.fix is None


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_all_fixes_together(line_end: str) -> None:
    lines = ["---", "by: [[Newton]]", "cast:", "  - [[Kepler]]", '  - "[[Galilei]]"', "  - [[Hooke|him]]", "---", ""]
    marked = [f"{line}  <-- unquoted-link" if " [[" in line else line for line in lines]
    found = check(UnquotedLink(), {"Physics.md": line_end.join(marked)})
    text = applied(line_end.join(lines), [edit for one in found if one.fix for edit in one.fix.edits])
    assert [target for target, _ in links(text)] == ["Newton", "Kepler", "Galilei", "Hooke"]
    check(UnquotedLink(), {"Physics.md": text})


def test_links_of_a_list_in_brackets_are_reported_each() -> None:
    found = check(UnquotedLink(), {"Physics.md": "---\nby: [[[A]], [[B]]]  <-- unquoted-link, unquoted-link\n---\n"})
    edits = [edit for one in found if one.fix for edit in one.fix.edits]
    assert applied("---\nby: [[[A]], [[B]]]\n---\n", edits) == '---\nby: ["[[A]]", "[[B]]"]\n---\n'


@pytest.mark.parametrize(
    "yaml",
    [
        'by: "[[Newton]]"',
        "by: '[[Newton]]'",
        'by: ["[[Newton]]", "[[Kepler]]"]',
        "by: By [[Newton]]",
        "by: |\n  [[Newton]]",
        "matrix: [[1, 2]]",
        "matrix: [[1]]",
        "matrix: [[-1.5, 0x10]]",
        "matrix: [[a], [b]]",
        "matrix: [[a],[b]]",
        "matrix: [ [a] ]",
        "matrix: [[a, [b]]]",
        "matrix: [[]]",
        "matrix: []",
        "matrix:\n  - - a",
        "matrix: [[a,\n  b]]",
        "by: [Newton]",
        "by: # [[Newton]]",
        "by: &x [[Newton]]",
        "by:",
    ],
)
def test_no_unquoted_link(yaml: str) -> None:
    check(UnquotedLink(), {"Physics.md": f"---\n{yaml}\n---\n"})


@pytest.mark.parametrize(
    "text",
    [
        "by: [[Newton]]\n",
        "---\n\nby: [[Newton]]\n",
        "---\nby: [[Newton]] and others\n---\n",
        "\ufeff---\nby: [[Newton]]\n---\n",
        "--- \nby: [[Newton]]\n---\n",
    ],
    ids=["body", "rule, then text", "invalid block", "byte order mark", "blank after opening"],
)
def test_no_property(text: str) -> None:
    check(UnquotedLink(), {"Physics.md": text})
