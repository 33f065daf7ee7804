"""The rule `broken-anchor`."""

import pytest

from vaultlint.diagnostic import Severity
from vaultlint.rules.broken_anchor import BrokenAnchor
from vaultlint.testing import check, fixed

NEWTON = "# Newton\n\n## Laws\n\n### Inertia\n\nA body stays at rest. ^rest\n\n## Life\n"


@pytest.mark.parametrize("subpath", ["Optics", "Life#Inertia", "^motion", "law-of-inertia", "rest", "^laws"])
def test_missing(subpath: str) -> None:
    check(BrokenAnchor(), {"Physics.md": f"[[Newton#{subpath}]]  <-- broken-anchor\n", "Newton.md": NEWTON})


@pytest.mark.parametrize("subpath", ["laws", "Laws#Inertia", "Newton#Inertia", "^REST", "Laws?", "", "Laws#^rest"])
def test_there(subpath: str) -> None:
    check(BrokenAnchor(), {"Physics.md": f"[[Newton#{subpath}]]\n", "Newton.md": NEWTON})


def test_in_the_note_itself() -> None:
    check(BrokenAnchor(), {"Physics.md": "# Laws\n\n[[#Laws]]\n\n[[#Life]]  <-- broken-anchor\n"})


def test_in_a_markdown_link() -> None:
    text = "[a](Newton.md#Laws) and\n[b](Newton.md#my%20life)  <-- broken-anchor\n"
    check(BrokenAnchor(), {"Physics.md": text, "Newton.md": NEWTON})


def test_broken_link_has_no_broken_anchor() -> None:
    check(BrokenAnchor(), {"Physics.md": "[[Kepler#Laws]]\n"})


@pytest.mark.parametrize("time", ["01:02:03.5", "01%3A40", "npt:10,20", ",20", "10"])
def test_time_of_a_media_file_is_not_looked_for(time: str) -> None:
    text = f"[[v.mp4#t={time}]] ![[v.mp4#t={time}]] [x](v.mp4#t={time}) ![x](v.mp4#t={time})\n"
    check(BrokenAnchor(), {"a.md": text, "v.mp4": ""})


def test_page_of_a_pdf_is_not_looked_for() -> None:
    check(BrokenAnchor(), {"Physics.md": "![[Principia.pdf#page=3]]\n", "Principia.pdf": ""})


def test_any_of_several_candidates_will_do() -> None:
    check(BrokenAnchor(), {"x/Physics.md": "[[Newton#Laws]]\n", "a/Newton.md": "", "b/Newton.md": NEWTON})


def test_link_in_a_comment_weighs_less() -> None:
    text = (
        "%% [[#Life]] %%  <-- broken-anchor\n\n%%\n[[#Life]]  <-- broken-anchor\n%%\n\n[[#Life]]  <-- broken-anchor\n"
    )
    found = check(BrokenAnchor(), {"Physics.md": text})
    assert [one.severity for one in found] == [Severity.INFO, Severity.INFO, Severity.WARNING]


def test_message_and_place() -> None:
    (one, other) = check(
        BrokenAnchor(),
        {"Physics.md": "[[#^x]] [[Newton#Optics|y]]  <-- broken-anchor, broken-anchor\n", "Newton.md": ""},
    )
    assert one.message == "no block '^x' in this note"
    assert other.message == "no heading 'Optics' in 'Newton.md'"
    assert (other.span.start, other.span.end) == (17, 23)


@pytest.mark.parametrize(
    ("link", "hint", "wanted"),
    [
        ("[[Newton#the-laws]]", "; did you mean 'The laws?'?", "[[Newton#The laws?]]"),
        ("[x](Newton.md#the-laws)", "; did you mean 'The laws?'?", "[x](Newton.md#The%20laws%3F)"),
        ("[[Newton#The lows]]", "; did you mean 'The laws?'?", None),
        ("[[Newton#Optics]]", "", None),
        ("[x](#t=00:12:34)", "; Obsidian reads this time as a heading", None),
        ("[x](#12:34)", "; Obsidian reads this time as a heading", None),
        *(
            (f"[[Newton#{time}]]", "; Obsidian reads this time as a heading", None)
            for time in ("t=10", "t=00:00:31.00", "t=01%3A40", "t=npt:10,20", "t=,20", "00:00:31.00", "12:34")
        ),
        *((f"[[Newton#{text}]]", "", None) for text in ("10", "t=soon", "t=", "10,20", "75:75", "1h2m")),
    ],
)
def test_what_was_probably_meant(link: str, hint: str, wanted: str | None) -> None:
    text = f"See {link}.\n"
    files = {"a.md": text.replace("\n", "  <-- broken-anchor\n"), "Newton.md": "# The laws?\n"}
    (found,) = check(BrokenAnchor(), files)
    assert found.message.endswith(("in 'Newton.md'" if "Newton" in link else "in this note") + hint)
    assert (fixed(found, text) if found.fix else None) == (wanted and f"See {wanted}.\n")
    if wanted:
        check(BrokenAnchor(), {"a.md": f"See {wanted}.\n", "Newton.md": "# The laws?\n"})


def test_heading_in_a_property_is_not_rewritten() -> None:
    (found,) = check(BrokenAnchor(), {"a.md": '---\nx: "[[#the-laws]]"  <-- broken-anchor\n---\n# The laws\n'})
    assert found.fix is None


def test_destination_that_can_not_be_placed_is_not_rewritten() -> None:
    files = {"a.md": "See [x](N(e(w)t)on.md#the-laws).  <-- broken-anchor\n", "N(e(w)t)on.md": "# The laws\n"}
    (found,) = check(BrokenAnchor(), files)
    assert found.fix is None


@pytest.mark.parametrize("parts", [7, 1_200, 100_000])
def test_path_of_very_many_parts(parts: int) -> None:
    nested = "".join(f"{'#' * level} a\n\n" for level in range(1, 7))
    check(BrokenAnchor(), {"Physics.md": f"{nested}[[{'#a' * parts}]]  <-- broken-anchor\n"})
    check(BrokenAnchor(), {"Physics.md": f"{nested}[[{'#a' * 6}]] [[#a#a]]\n"})


@pytest.mark.parametrize(
    ("subpath", "title"),
    [
        ("chapter the 777rd", "Chapter the 777th"),
        ("Introdiction", "Introduction"),
        ("Chapter the 77-7th", "Chapter the 777th"),
        ("Something else", None),
        ("Chapter " * 40, None),
    ],
)
def test_what_was_probably_meant_in_a_note_of_many_headings(subpath: str, title: str | None) -> None:
    headings = "".join(f"# Chapter the {number}th\n\n" for number in range(1_000))
    (one,) = check(
        BrokenAnchor(),
        {"Physics.md": f"[[Newton#{subpath}]]  <-- broken-anchor\n", "Newton.md": f"{headings}# Introduction\n"},
    )
    assert one.message.partition("; did you mean ")[2] == (f"{title!r}?" if title else "")
