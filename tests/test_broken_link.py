"""The rule `broken-link`."""

import pytest

from vaultlint.diagnostic import Fix
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
        ("Sir Isaac", "aliases resolve no links, and this is one of 'People/Newton.md'", True),
        ("NEW-TON", "'People/Newton.md' differs only in case, blanks, `_` or `-`", True),
        ("Newton!", "'People/Newton.md' differs only in punctuation or accents", False),
        ("Newtom", "'People/Newton.md' has a similar name", False),
        (
            "Places/new_ton",
            "'People/Newton.md' differs only in case, blanks, `_` or `-` and lies in another folder",
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
    assert found.message.endswith("; aliases resolve no links, and 2 notes have this one")
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


def test_tables_of_toml_are_no_links() -> None:
    check(BrokenLink(), {"a.md": "+++\n[[resources]]\nsrc = 'x'\n+++\n[[nowhere]]  <-- broken-link\n"})
    check(BrokenLink(), {"a.md": '{"see": "[[gone]]"}\n\n[[nowhere]]  <-- broken-link\n'})
