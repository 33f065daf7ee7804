"""Fixes that change the text of a heading: the links to it are updated, or the fix is unsafe and says why."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.diagnostic import Diagnostic, Edit, Fix
from vaultlint.edits import headings
from vaultlint.edits.fixing import REFUSED_FIX, Fixer
from vaultlint.files.reading import read_text
from vaultlint.linting.linter import Linter, Plan, lint
from vaultlint.note import Note
from vaultlint.reading import Dialect
from vaultlint.rules.base import Rule
from vaultlint.rules.broken_anchor import BrokenAnchor
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.rules.malformed_timestamp import MalformedTimestamp
from vaultlint.text import Span
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView

TARGET = {"The_Kepler.md": "# Life\n"}
RULES: tuple[Rule, ...] = (BrokenLink(), BrokenAnchor(), MalformedTimestamp())
ACTIVE = ActiveRules(ActiveRule(rule, None) for rule in RULES)
KNOWN = {type(rule).name: type(rule) for rule in RULES}


def read(path: str, text: str) -> Note:
    return read_text(path, text, Dialect())


def vault_of(files: Mapping[str, str]) -> Vault:
    return Vault([read(path, text) for path, text in {**TARGET, **files}.items()])


def found_in(vault: Vault) -> list[Diagnostic]:
    return lint(vault, Plan(tuple(vault.notes), lambda path: ACTIVE, KNOWN))


def fixed(files: Mapping[str, str], *, unsafe: bool = False) -> dict[str, str]:
    """The texts after fixing; asserts that no fix was refused and that a second run changes nothing."""
    vault = vault_of(files)
    work = Fixer(vault, lambda vault, paths: found_in(vault), read, [*vault.notes], unsafe)
    left = work.run()
    assert not [one for one in left if one.rule == REFUSED_FIX]
    return {path: vault.notes[path].text for path in files}


def fix_in(files: Mapping[str, str], path: str = "N.md") -> Fix:
    """The fix of the first finding in a note."""
    fix = next(one.fix for one in found_in(vault_of(files)) if one.path == path)
    assert fix is not None
    return fix


HEADING = "## See [[the kepler]]\n"
FIXED = "## See [[The_Kepler|the kepler]]\n"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("Here.md", "[[N#See the kepler]]", "[[N#See The_Kepler the kepler]]"),
        ("Here.md", "![[N#see the Kepler|x]]", "![[N#see The_Kepler the Kepler|x]]"),
        ("Here.md", "[x](N.md#See%20the%20kepler)", "[x](N.md#See%20The_Kepler%20the%20kepler)"),
        ("Here.md", "[x](<N.md#See the kepler>)", "[x](<N.md#See The_Kepler the kepler>)"),
        ("a/Here.md", "[x](../N.md#See%20the%20kepler)", "[x](../N.md#See%20The_Kepler%20the%20kepler)"),
        ("Here.md", "---\nby: '[[N#See the kepler]]'\n---\n", "---\nby: '[[N#See The_Kepler the kepler]]'\n---\n"),
        (
            "x.canvas",
            '{"nodes":[{"type":"file","file":"N.md","subpath":"#See the kepler"}]}',
            '{"nodes":[{"type":"file","file":"N.md","subpath":"#See The_Kepler the kepler"}]}',
        ),
    ],
)
def test_link_to_the_heading_follows(path: str, before: str, after: str) -> None:
    files = {"N.md": HEADING, path: before}
    fix = fix_in(files)
    assert (fix.title, fix.safe) == ("link to 'The_Kepler'; the link to this heading is updated", True)
    assert fixed(files) == {"N.md": FIXED, path: after}


def test_link_without_the_block_id_at_the_end_of_the_heading_follows() -> None:
    files = {"N.md": "## See [[the kepler]] ^id\n", "M.md": "[[N#See the kepler]]\n"}
    assert fixed(files)["M.md"] == "[[N#See The_Kepler the kepler]]\n"


def test_link_to_a_heading_of_punctuation_follows() -> None:
    view = VaultView(vault_of({"N.md": "# ???\n", "M.md": "[[N#???]]\n"}))
    (edit,) = headings.following([Edit("N.md", Span(2, 5), "Questions")], view).edits["M.md"]
    assert "Questions" in edit.replacement


def test_own_links_and_several_follow() -> None:
    files = {
        "N.md": f"{HEADING}### Sub\n[[#See the kepler]] [[N#See the kepler#Sub]]\n",
        "B.md": "[[N#See the kepler]]",
    }
    assert fix_in(files).title == "link to 'The_Kepler'; 3 links to this heading are updated"
    name = "See The_Kepler the kepler"
    assert fixed(files) == {"N.md": f"{FIXED}### Sub\n[[#{name}]] [[N#{name}#Sub]]\n", "B.md": f"[[N#{name}]]"}


def test_headings_that_link_to_the_heading_follow_one_after_the_other() -> None:
    files = {"N.md": HEADING, "B.md": "# Look [[N#See the kepler|x]]\n", "C.md": "[[B#Look N See the kepler x]]\n"}
    assert fixed(files)["B.md"] == "# Look [[N#See The_Kepler the kepler|x]]\n"
    assert fixed(files)["C.md"] == "[[B#Look N See The_Kepler the kepler x]]\n"


def test_two_fixes_in_one_heading() -> None:
    files = {"N.md": "# [[the kepler]], [[THE KEPLER]]\n", "B.md": "[[N#the kepler THE KEPLER]]"}
    assert fixed(files) == {
        "N.md": "# [[The_Kepler|the kepler]], [[The_Kepler|THE KEPLER]]\n",
        "B.md": "[[N#The_Kepler the kepler The_Kepler THE KEPLER]]",
    }


def test_other_rules_than_those_about_links() -> None:
    anchor = '<a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>'
    broken = anchor.replace("[00:01:02]", "00:01:02")
    files = {"N.md": f"# At {anchor.replace('yt-timestamp', 'yt-timestam')} x\n", "B.md": "[[N#^x]]"}
    assert fixed(files)["B.md"] == "[[N#^x]]"
    assert fix_in({"N.md": f"# At {broken}\n"}).safe


@pytest.mark.parametrize(
    ("note", "link", "reason"),
    [
        (
            f"## See The_Kepler the kepler\n{HEADING}",
            "[[N#See the kepler]]",
            "it would lead to another heading of that text",
        ),
        (
            f"{HEADING}## See The_Kepler the kepler\n",
            "[[N#See The_Kepler the kepler]]",
            "it would lead to another heading of that text",
        ),
        (HEADING, '---\nby: "[[N#See the k\\x65pler]]"\n---\n', "it is written with escapes"),
    ],
)
def test_link_that_can_not_follow_makes_the_fix_unsafe(note: str, link: str, reason: str) -> None:
    files = {"N.md": note, "Here.md": link}
    fix = fix_in(files)
    assert fix.title == f"link to 'The_Kepler'; a link to this heading would break: {reason}"
    assert not fix.safe
    assert {edit.path for edit in fix.edits} == {"N.md"}
    assert fixed(files) == files
    assert FIXED in fixed(files, unsafe=True)["N.md"]


def test_link_that_several_files_answer_makes_the_fix_unsafe() -> None:
    fix = fix_in({"a/N.md": HEADING, "b/N.md": "", "Here.md": "[[N#See the kepler]]"}, "a/N.md")
    assert fix.title.endswith("a link to this heading would break: several files match it")


def test_of_many_such_headings_the_last_are_not_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headings, "MOST_FOLLOWED", 2)
    names = ["One", "Two", "Three"]
    files = {
        "N.md": "".join(f"## {name} [[the kepler]]\n" for name in names),
        "B.md": "".join(f"[[N#{name} the kepler]]\n" for name in names),
    }
    fixes = [one.fix for one in found_in(vault_of(files)) if one.fix]
    assert [fix.safe for fix in fixes] == [True, True, False]
    assert fixes[-1].title.endswith("would break: there are many such headings")
    assert "the kepler]]" not in fixed(files)["B.md"].replace("The_Kepler the kepler", "")


@pytest.mark.parametrize(
    ("note", "link"),
    [
        (HEADING, "[[N#Other]]"),
        (HEADING, "[[N]]"),
        (HEADING, "[[M#See the kepler]]"),
        (HEADING, "[[N#^kepler]]"),
        (HEADING, "[[#See the kepler]]"),
        ("See [[the kepler]]\n# See the kepler\n", "[[N#See the kepler]]"),
        ("- ## See [[the kepler]]\n", "[[N#See the kepler]]"),
        ("## See [[the kepler|x]]\n## Other\n", "[[N#Other]]"),
    ],
)
def test_fix_of_what_no_link_names_stays_as_it_was(note: str, link: str) -> None:
    fix = fix_in({"N.md": note, "M.md": "# See the kepler\n", "Here.md": link})
    assert (fix.title, fix.safe, {edit.path for edit in fix.edits}) == ("link to 'The_Kepler'", True, {"N.md"})
    files = {"N.md": note, "M.md": "# See the kepler\n", "Here.md": link}
    assert {path: text for path, text in fixed(files).items() if path != "N.md"} == {
        path: text for path, text in files.items() if path != "N.md"
    }


def test_finding_depends_on_the_links_to_the_heading() -> None:
    vault = vault_of({"N.md": HEADING, "B.md": "nothing"})
    linter = Linter(vault, lambda path: ACTIVE, KNOWN)
    _, inputs = linter.note("N.md")
    assert not inputs.isdisjoint(one.id for one in vault.put(read("B.md", "[[N#See the kepler]]")))
    _, inputs = linter.note("N.md")
    assert not inputs.isdisjoint(one.id for one in vault.put(read("B.md", "x [[N#See the kepler]]")))


NAMES = ["the kepler", "The_Kepler", "Nobody", "N", "B"]
pieces = st.sampled_from([f"[[{name}]]" for name in NAMES] + ["[[the kepler|x]]", "and", "[[N#See the kepler]]", "x"])
texts = st.lists(pieces, min_size=1, max_size=3).map(" ".join)
lines = texts | texts.map("# {}".format) | texts.map("## See {}".format)


def name_of(line: str) -> str:
    return " ".join(line.replace("[", " ").replace("]", " ").replace("#", " ").replace("|", " ").split())


@st.composite
def vaults(draw: st.DrawFn) -> dict[str, str]:
    files = {path: draw(st.lists(lines, max_size=4)) for path in ("N.md", "B.md", "C.md")}
    named = [(path[:-3], name_of(line)) for path, some in files.items() for line in some if line.startswith("#")]
    wanted = draw(st.lists(st.sampled_from(named), max_size=4)) if named else []
    files["C.md"] += [f"[[{path}#{name}]]" for path, name in wanted]
    return {path: "".join(f"{line}\n" for line in some) for path, some in files.items()}


@settings(max_examples=300)
@given(vaults())
def test_no_safe_fix_breaks_a_link_to_a_heading(files: dict[str, str]) -> None:
    def broken(texts: Mapping[str, str]) -> int:
        return sum(one.rule == BrokenAnchor.name for one in found_in(vault_of(texts)))

    # A link that resolves only after its fix may lead to a missing heading, so the fix is unsafe.
    assert broken(fixed(files)) <= broken(files)
