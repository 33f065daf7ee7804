"""The rule `broken-link`."""

import pytest

from vaultlint.diagnostic import Diagnostic, Fix, Severity
from vaultlint.files.obsidian import Templates
from vaultlint.files.surroundings import Surroundings
from vaultlint.reading import read_note
from vaultlint.reading.data_files import read_canvas
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.testing import check, fixed
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView


def test_missing_note() -> None:
    check(
        BrokenLink(),
        {"Physics.md": "See [[Newton]] and [[Kepler]].  <-- broken-link\n", "Kepler.md": "# Kepler\n"},
    )


def test_missing_image() -> None:
    check(BrokenLink(), {"Physics.md": "![[orbit.png]]  <-- broken-link\n"})


def test_missing_target_of_a_markdown_link() -> None:
    check(BrokenLink(), {"Physics.md": "By [him](Newton.md).  <-- broken-link\n"})


def test_missing_target_in_a_property() -> None:
    check(BrokenLink(), {"Physics.md": '---\nauthor: "[[Newton]]"  <-- broken-link\n---\n'})


def test_alias_does_not_resolve() -> None:
    check(
        BrokenLink(),
        {"Physics.md": "By [[Sir Isaac]].  <-- broken-link\n", "Newton.md": "---\naliases: [Sir Isaac]\n---\n"},
    )


@pytest.mark.parametrize(
    "text",
    [
        "[[#Laws]] of this note\n",
        "[[]] and [[|shown]]\n",
        "[site](https://example.org) and <https://example.org>\n",
        "`[[Newton]]` in code\n",
        "<code>[[Newton]]</code> in an element that holds no prose\n",
        "[[../Newton]] from above the root\n",
        "| a | b |\n| - | - |\n| [[Newton|him]] | x |\n",
    ],
)
def test_not_a_link_or_not_established(text: str) -> None:
    check(BrokenLink(), {"Physics.md": text})


def test_allowed_target_in_any_case() -> None:
    rule = BrokenLink(allow=("ideas/*", "newton"))
    check(rule, {"Physics.md": "[[Newton]] [[Ideas/Light]] [[Kepler]]  <-- broken-link\n"})


def test_message_names_what_was_looked_for() -> None:
    (found,) = check(BrokenLink(), {"Physics.md": "See [[ Newton#Life | him ]].  <-- broken-link\n"})
    assert found.message == "no note or attachment named 'Newton'"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("See [[Johannes Kepler]].", "See [[johannes_kepler|Johannes Kepler]]."),
        ("See [[Johannes-Kepler | him]].", "See [[johannes_kepler | him]]."),
        ("See [[Johannes Kepler#Life]].", "See [[johannes_kepler#Life|Johannes Kepler > Life]]."),
        ("![[Johannes Kepler]]", "![[johannes_kepler]]"),
        ("[him](Johannes%20Kepler.md)", "[him](johannes_kepler.md)"),
        ("[him](<Johannes Kepler>)", "[him](<johannes_kepler>)"),
        ("---\nby: '[[Johannes Kepler]]'\n---", "---\nby: '[[johannes_kepler|Johannes Kepler]]'\n---"),
        ("|a|b|\n|-|-|\n|[[Johannes Kepler]]|x|", "|a|b|\n|-|-|\n|[[johannes_kepler\\|Johannes Kepler]]|x|"),
    ],
)
def test_respelling_keeps_what_readers_see(written: str, wanted: str) -> None:
    marked = "".join(
        f"{line}  <-- broken-link\n" if "epler" in line else f"{line}\n" for line in written.splitlines()
    )
    (found,) = check(BrokenLink(), {"Physics.md": marked, "johannes_kepler.md": "## Life\n"})
    assert fixed(found, f"{written}\n") == f"{wanted}\n"
    assert found.fix is not None
    assert found.fix.safe
    check(BrokenLink(), {"Physics.md": f"{wanted}\n", "johannes_kepler.md": "## Life\n"})


def test_respelling_goes_to_the_note_in_the_same_folder() -> None:
    (found,) = check(
        BrokenLink(),
        {"a/Physics.md": "See [[Isaac Newton]].  <-- broken-link\n", "a/isaac_newton.md": "", "isaac-newton.md": ""},
    )
    assert fixed(found, "See [[Isaac Newton]].\n") == "See [[isaac_newton|Isaac Newton]].\n"


def test_respelling_writes_the_path_where_the_name_is_not_enough() -> None:
    (found,) = check(
        BrokenLink(),
        {"b/Physics.md": "See [[x/Isaac Newton]].  <-- broken-link\n", "a/x/isaac_newton.md": ""},
    )
    assert fixed(found, "See [[x/Isaac Newton]].\n") == "See [[a/x/isaac_newton|x/Isaac Newton]].\n"


def test_several_candidates_are_named_and_not_chosen() -> None:
    (found,) = check(
        BrokenLink(),
        {"Physics.md": "[[Isaac Newton]]  <-- broken-link\n", "a/isaac_newton.md": "", "b/isaac-newton.md": ""},
    )
    assert found.fix is None
    assert [related.path for related in found.related] == ["a/isaac_newton.md", "b/isaac-newton.md"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("[[C_sharp]]", "C-sharp|x"),
        ('---\nby: "[[Isaac\\x20Newton]]"\n---', "isaac_newton"),
        ("[him](<Isaac Newton>)", "isaac_newton<"),
    ],
)
def test_no_fix_where_it_could_not_be_written(written: str, name: str) -> None:
    marked = "".join(f"{line}  <-- broken-link\n" if "[" in line else f"{line}\n" for line in written.splitlines())
    found = check(BrokenLink(), {"Physics.md": marked, f"{name}.md": ""})
    assert [one.fix for one in found] == [None]


def test_quotes_in_a_property_are_escaped() -> None:
    (found,) = check(
        BrokenLink(),
        {"Physics.md": '---\nby: "[[the-great one]]"  <-- broken-link\n---\n', 'The_"great" one.md': "", "x.md": ""}
        | {"the_great_one.md": ""},
    )
    assert isinstance(found.fix, Fix)
    text = '---\nby: "[[the-great one]]"\n---\n'
    assert fixed(found, text) == '---\nby: "[[the_great_one|the-great one]]"\n---\n'


@pytest.mark.parametrize(
    ("target", "reason", "safe"),
    [
        ("Sir Isaac", "links don't resolve aliases, and this is an alias of 'People/Newton.md'", True),
        ("NEW-TON", "'People/Newton.md' differs only in case, spaces, `_` or `-`", True),
        ("Newton!", "'People/Newton.md' differs only in punctuation or accents", False),
        ("Newtom", "'People/Newton.md' has a similar name", False),
        (
            "Places/new_ton",
            "'People/Newton.md' differs only in case, spaces, `_` or `-` and lies in another folder",
            None,
        ),
        ("Places/Newton", "'People/Newton.md' has that name and lies in another folder", None),
        ("Kepler", None, None),
    ],
)
def test_what_was_probably_meant(target: str, reason: str | None, safe: bool | None) -> None:
    files = {"a.md": f"By [[{target}]].  <-- broken-link\n", "People/Newton.md": "---\naliases: [Sir Isaac]\n---\n"}
    (found,) = check(BrokenLink(), files)
    assert found.message == f"no note or attachment named {target!r}" + (f"; {reason}" if reason else "")
    assert (found.fix and found.fix.safe) == safe


@pytest.mark.parametrize("again", ["sir isaac", "Sir Isaac"])
def test_note_with_one_alias_twice(again: str) -> None:
    alias = f"---\naliases: [Sir Isaac, {again}]\n---\n"
    (found,) = check(BrokenLink(), {"a.md": "[[Sir Isaac]]  <-- broken-link\n", "Newton.md": alias})
    assert fixed(found, "[[Sir Isaac]]\n") == "[[Newton|Sir Isaac]]\n"


def test_several_notes_of_one_alias() -> None:
    alias = "---\naliases: [Sir Isaac]\n---\n"
    (found,) = check(BrokenLink(), {"a.md": "[[Sir Isaac]]  <-- broken-link\n", "b.md": alias, "c.md": alias})
    assert found.message.endswith("; links don't resolve aliases, and 2 notes have this one")
    assert found.fix is None


def test_link_that_would_lead_to_its_own_note_is_not_certain() -> None:
    (found,) = check(BrokenLink(), {"rose-pine.md": "My theme: [[Rose Pine]].  <-- broken-link\n"})
    assert found.fix is not None
    assert not found.fix.safe


ANCHOR = '<a class="yt-timestamp" data-t="00:01:00">[00:01:00]</a>'


@pytest.mark.parametrize(
    ("written", "message", "wanted"),
    [
        ("[[https://example.org/a#b]]", "a web address in the brackets of a wikilink", "<https://example.org/a#b>"),
        ("[[http://example.org|site]]", "a web address in the brackets of a wikilink", "[site](http://example.org)"),
        ("[[00:12:34]]", "a timestamp in the brackets of a wikilink", "[00:12:34]"),
        ("[then](00:12:34)", "a timestamp where a link has its destination", None),
        ("![[00:12:34]]", "a timestamp in the brackets of a wikilink", None),
    ],
)
def test_what_is_no_link_at_all(written: str, message: str, wanted: str | None) -> None:
    text = f"See {written}.\n"
    (found,) = check(BrokenLink(), {"a.md": text.replace("\n", "  <-- broken-link\n")})
    assert found.message.startswith(message)
    assert (fixed(found, text) if found.fix else None) == (wanted and f"See {wanted}.\n")


def test_timestamp_becomes_an_anchor_where_there_are_anchors() -> None:
    text = f"See {ANCHOR} and [[00:12:34]].\n"
    (found,) = check(BrokenLink(), {"a.md": text.replace("\n", "  <-- broken-link\n")})
    assert fixed(found, text) == f"See {ANCHOR} and {ANCHOR.replace('00:01:00', '00:12:34')}.\n"


def test_canvas_is_checked_and_not_rewritten() -> None:
    canvas = '{"nodes": [{"type": "text", "text": "[[isaac newton]]"}, {"type": "file", "file": "gone.md"}]}'
    vault = Vault([read_canvas("b.canvas", canvas), read_note("Isaac_Newton.md", "")])
    found = list(BrokenLink().check(vault.notes["b.canvas"], VaultView(vault)))
    assert [canvas[one.span.start : one.span.end] for one in found] == ["isaac newton", "gone.md"]
    assert [one.fix for one in found] == [None, None]


def test_destination_that_can_not_be_placed_is_not_rewritten() -> None:
    files = {"a.md": "By [him](Isaac_N(e(w)t)on.md).  <-- broken-link\n", "isaac-n(e(w)t)on.md": ""}
    (found,) = check(BrokenLink(), files)
    assert "differs only in case" in found.message
    assert found.fix is None


def one_finding(files: dict[str, str], written: str) -> Diagnostic:
    """The only finding in a note with one link."""
    (found,) = check(BrokenLink(), {**files, "here/Here.md": f"See {written}.  <-- broken-link\n"})
    return found


@pytest.mark.parametrize(
    ("written", "files", "reason", "wanted"),
    [
        (
            "[[Algebra]]",
            ["Algebra Course.md"],
            "only 'Algebra Course.md' has a name that starts like this",
            "[[Algebra Course|Algebra]]",
        ),
        (
            "![[diagarm 2.png]]",
            ["img/diagram 2.png"],
            "'img/diagram 2.png' has a similar name",
            "![[diagram 2.png]]",
        ),
        (
            "[[My%20File]]",
            ["a/My File.md"],
            "wikilinks are not percent-decoded, and 'a/My File.md' is meant",
            "[[My File]]",
        ),
        (
            "[[a/My%20File#Head|shown]]",
            ["a/My File.md"],
            "wikilinks are not percent-decoded, and 'a/My File.md' is meant",
            "[[a/My File#Head|shown]]",
        ),
        ("[[My File^a1]]", ["My File.md"], "a `#` is missing before the `^`", "[[My File#^a1]]"),
        ("[[My File ^a1|it]]", ["My File.md"], "a `#` is missing before the `^`", "[[My File #^a1|it]]"),
        ("[it](My%20File^a1)", ["My File.md"], "a `#` is missing before the `^`", "[it](My%20File#^a1)"),
        ("[[My File^other]]", ["My File.md"], "a `#` is missing before the `^`", None),
        ("[[hash#x]]", ["hash#x.md"], "a `#` in the name of a file can't be linked, as in 'hash#x.md'", None),
        ("[[a/C#]]", ["a/C#.md"], "a `#` in the name of a file can't be linked, as in 'a/C#.md'", None),
        (
            "[[hash # x|it]]",
            ["hash # x.md"],
            "a `#` in the name of a file can't be linked, as in 'hash # x.md'",
            None,
        ),
        ("[it](hash%23x.md)", ["hash#x.md"], "a `#` in the name of a file can't be linked, as in 'hash#x.md'", None),
        (
            "[[x/b/Kepler]]",
            ["a/b/Kepler.md", "c/Kepler.md"],
            "'a/b/Kepler.md' has that name and lies in another folder",
            "[[a/b/Kepler|x/b/Kepler]]",
        ),
    ],
)
def test_more_that_was_probably_meant(written: str, files: list[str], reason: str, wanted: str | None) -> None:
    found = one_finding(dict.fromkeys(files, "# Head\n\nA text. ^a1\n"), written)
    assert found.message.startswith("no note or attachment named ")
    assert found.message.endswith(f"; {reason}")
    if wanted is None:
        assert found.fix is None
    else:
        assert fixed(found, f"See {written}.\n") == f"See {wanted}.\n"
        assert found.fix is not None
        assert not found.fix.safe
        check(BrokenLink(), {**dict.fromkeys(files, "text ^a1\n"), "here/Here.md": f"See {wanted}.\n"})


@pytest.mark.parametrize(
    ("written", "files"),
    [
        ("[[Algebra]]", ["Algebra Course.md", "Algebra II.md"]),
        ("[[100%25]]", ["A hundred.md"]),
        ("[[Your%20File]]", ["My File.md"]),
        ("[[Nobody^a1]]", ["My File.md"]),
        ("[[My File^a 1]]", ["My File.md"]),
        ("[[^1]]", ["My File.md"]),
        ("[[hash#y]]", ["hash#x.md"]),
        ("[[Algebra/Groups]]", ["Courses/Groups Course.md"]),
        ("[[gell2016]]", ["gall2016.md"]),
        ("[[AWS ECS]]", ["AWS ECR.md"]),
    ],
)
def test_nothing_that_was_probably_meant(written: str, files: list[str]) -> None:
    found = one_finding(dict.fromkeys(files, "A text. ^a1\n"), written)
    assert ";" not in found.message
    assert found.fix is None


def test_missing_hash_before_a_block_of_the_note_itself() -> None:
    text = "A text. ^a1\n\nSee [[^a1]].\n"
    (found,) = check(BrokenLink(), {"a.md": text.replace("]].", "]].  <-- broken-link")})
    assert found.message == "no note or attachment named '^a1'; a `#` is missing before the `^`"
    assert fixed(found, text) == "A text. ^a1\n\nSee [[#^a1]].\n"


def test_hash_is_not_put_into_a_canvas() -> None:
    canvas = '{"nodes": [{"type": "text", "text": "[[Kepler^a1]] [[x%20y]] [x](www.example.org)"}]}'
    vault = Vault([read_canvas("b.canvas", canvas), read_note("Kepler.md", "text ^a1"), read_note("x y.md", "")])
    found = [*BrokenLink().check(vault.notes["b.canvas"], VaultView(vault))]
    assert len(found) == 3
    assert [one.fix for one in found] == [None] * 3


def test_note_with_a_longer_name_does_not_mean_itself() -> None:
    (found,) = check(BrokenLink(), {"Einstein Papers.md": "See [[Einstein]].  <-- broken-link\n"})
    assert found.message == "no note or attachment named 'Einstein'"
    assert found.fix is None


@pytest.mark.parametrize("mark", ["_", "__"])
def test_fix_is_not_safe_where_a_name_begins_with_underscores(mark: str) -> None:
    found = one_finding({f"{mark}Physics.md": ""}, "[[Physics]]")
    assert found.fix is not None
    assert not found.fix.safe


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("[x](www.example.org)", "[x](https://www.example.org)"),
        ("[x](<www.example.org/a b>)", None),
        ("![x](www.example.org/a.png)", "![x](https://www.example.org/a.png)"),
        ("[x](example.com/page#part)", "[x](https://example.com/page#part)"),
        ("[x](WWW.Example.org?q=1)", "[x](https://WWW.Example.org?q=1)"),
    ],
)
def test_web_address_without_its_scheme(written: str, wanted: str | None) -> None:
    found = one_finding({}, written)
    if wanted is None:
        assert "https" not in found.message
        return
    assert found.message.startswith("`https://` is missing; Obsidian looks for a note named ")
    assert fixed(found, f"See {written}.\n") == f"See {wanted}.\n"
    assert found.fix is not None
    assert not found.fix.safe
    check(BrokenLink(), {"here/Here.md": f"See {wanted}.\n"})


def test_web_address_without_its_scheme_in_a_wikilink() -> None:
    found = one_finding({}, "[[www.example.org|site]]")
    assert found.message.startswith("a web address in the brackets of a wikilink")
    assert fixed(found, "See [[www.example.org|site]].\n") == "See [site](https://www.example.org).\n"


@pytest.mark.parametrize("written", ["[x](notes.org)", "[x](www)", "[[Booking.com]]", "[x](a/www.example.org)"])
def test_name_that_looks_like_a_web_address(written: str) -> None:
    assert "https" not in one_finding({}, written).message


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("[x](./Kepler.md)", "'People/Kepler.md' has that name"),
        ("[x](../Kepler)", "'People/Kepler.md' has that name"),
        ("[x](../../../People/Kepler.md)", "'People/Kepler.md' has that name"),
        ("![x](../plan.png)", "2 files have that name"),
    ],
)
def test_relative_link_to_a_file_that_lies_elsewhere(written: str, where: str) -> None:
    found = one_finding({"People/Kepler.md": "", "a/plan.png": "", "b/plan.png": ""}, written)
    assert found.severity is Severity.INFO
    assert found.message.endswith(f", seen from this note; {where}")
    assert len(found.related) == (2 if "2 files" in where else 1)
    assert found.fix is None


@pytest.mark.parametrize("written", ["[[../Kepler]]", "[[./Kepler]]", "[x](../../../Nobody.md)", "[x](at/Kepler.md)"])
def test_relative_link_that_is_not_established(written: str) -> None:
    check(BrokenLink(), {"here/Here.md": f"See {written}.\n", "People/Kepler.md": "", "flat/Kepler.md": ""})


def test_relative_link_to_nothing_is_an_error() -> None:
    assert one_finding({}, "[x](../Kepler.md)").severity is Severity.ERROR


def test_template_is_not_offered() -> None:
    note = read_note("a.md", "[[Persom]] [[Templates/Person]]\n")
    template = read_note("Templates/Person.md", "---\naliases: [Persom]\n---\n")
    vault = Vault([note, template], surroundings=Surroundings(Templates(frozenset({"templates"}))))
    (found,) = BrokenLink().check(note, VaultView(vault))
    assert found.message == "no note or attachment named 'Persom'", "and a template can be linked"
    assert vault.copy().names.meant("Persom", "") == (None, ())


def test_tables_of_toml_are_no_links() -> None:
    check(BrokenLink(), {"a.md": "+++\n[[resources]]\nsrc = 'x'\n+++\n[[nowhere]]  <-- broken-link\n"})
    check(BrokenLink(), {"a.md": '{"see": "[[gone]]"}\n\n[[nowhere]]  <-- broken-link\n'})
