"""Applying fixes to a vault in memory: rounds, overlaps, cycles, and fixes that would damage a note."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

import pytest

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.edits.fixing import MOST_ROUNDS, REFUSED_FIX, Fixer, damage
from vaultlint.linting.linter import Plan, lint
from vaultlint.note import Note
from vaultlint.reading import read_note
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView


class Spelling(Rule, frozen=True):
    """Replace one word with another."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    wrong: str = "teh"
    right: str = "the"
    safe: bool = True

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report each."""
        at = note.text.find(self.wrong)
        while at >= 0:
            span = Span(at, at + len(self.wrong))
            fix = Fix("write it right", (Edit(note.path, span, self.right),), safe=self.safe)
            yield self.diagnostic(note, span, "wrong", fix=fix)
            at = note.text.find(self.wrong, at + 1)


class Undoing(Spelling, frozen=True):
    """Replace the words in the other direction."""

    wrong: str = "the"
    right: str = "teh"

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report each."""
        return Spelling.check_note(self, note)


class Everywhere(Rule, frozen=True):
    """A word, reported once for the whole vault: one fix for all notes with the word."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    wrong: str = "teh"
    right: str = "the"

    def check_vault(self, vault: VaultView) -> Iterator[Diagnostic]:
        """Report it once."""
        edits = tuple(
            Edit(path, Span(at, at + len(self.wrong)), self.right)
            for path, note in sorted(vault.notes.items())
            if (at := note.text.find(self.wrong)) >= 0
        )
        if edits:
            note = vault.notes[edits[0].path]
            yield self.diagnostic(note, edits[0].span, "wrong", fix=Fix("write it right", edits, safe=True))


class Given(Rule, frozen=True):
    """A fix with exactly these edits, as long as the first note is unchanged."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    edits: tuple[tuple[str, int, int, str], ...] = ()

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report the note `a.md`."""
        edits = tuple(Edit(path, Span(start, end), text) for path, start, end, text in self.edits)
        if note.path == "a.md" and "old" in note.text:
            yield self.diagnostic(note, Span(0, 0), "wrong", fix=Fix("do as told", edits, safe=True))


def fixer(files: Mapping[str, str], *rules: Rule, unsafe: bool = False) -> tuple[Fixer, Vault]:
    vault = Vault([read_note(path, text) for path, text in files.items()])
    active = ActiveRules(ActiveRule(rule, None) for rule in rules)

    def remaining(vault: Vault, paths: Collection[str] | None) -> list[Diagnostic]:
        reported = tuple(sorted(vault.notes if paths is None else paths))
        return lint(vault, Plan(reported, lambda path: active, {type(rule).name: type(rule) for rule in rules}))

    return Fixer(vault, remaining, read_note, [*files], unsafe), vault


def fixed(files: Mapping[str, str], *rules: Rule, unsafe: bool = False) -> tuple[dict[str, str], list[Diagnostic]]:
    """The texts after fixing, and the remaining findings."""
    work, vault = fixer(files, *rules, unsafe=unsafe)
    found = work.run()
    return {path: note.text for path, note in vault.notes.items()}, found


def refusals(found: Iterable[Diagnostic]) -> list[tuple[str, str]]:
    return [(one.path, one.message) for one in found if one.rule == REFUSED_FIX]


def test_all_of_a_note_in_one_round() -> None:
    texts, found = fixed({"a.md": "teh teh", "b.md": "other"}, Spelling())
    assert (texts, found) == ({"a.md": "the the", "b.md": "other"}, [])


def test_what_is_not_safe_waits_to_be_asked_for() -> None:
    rule = Spelling(safe=False)
    texts, found = fixed({"a.md": "teh"}, rule)
    assert (texts, [one.rule for one in found]) == ({"a.md": "teh"}, ["spelling"])
    assert fixed({"a.md": "teh"}, rule, unsafe=True) == ({"a.md": "the"}, [])


def test_of_overlapping_fixes_one_is_made_in_a_round() -> None:
    texts, found = fixed({"a.md": "aaa"}, Spelling(wrong="aa", right="b"))
    assert (texts, found) == ({"a.md": "ba"}, [])


def test_what_a_fix_brings_up_is_fixed_in_the_next_round() -> None:
    texts, found = fixed({"a.md": "abcd"}, Spelling(wrong="ab", right="x"), Undoing(wrong="xc", right="y"))
    assert (texts, found) == ({"a.md": "yd"}, [])


@pytest.mark.parametrize(("one", "other"), [((1, 1), (1, 1)), ((1, 1), (1, 3)), ((0, 1), (1, 1))])
def test_insertion_that_touches_another_edit_waits(
    one: tuple[int, int], other: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Second(Given, frozen=True):
        """As above."""

        def check_note(self, note: Note) -> Iterator[Diagnostic]:
            """As above."""
            return Given.check_note(self, note)

    work, vault = fixer(
        {"a.md": "1 old"}, Given(edits=(("a.md", *one, "A"),)), Second(edits=(("a.md", *other, "B"),))
    )
    first: list[str] = []
    put = vault.put

    def noted(note: Note) -> None:
        first.append(note.text)
        put(note)

    monkeypatch.setattr(vault, "put", noted)
    work.run()
    assert "A" in first[0]
    assert "B" not in first[0]


def test_edits_that_only_stand_beside_each_other_are_made_at_once() -> None:
    work, _ = fixer({"a.md": "tehteh"}, Spelling())
    work.run()
    assert work.counts() == {"spelling": 2}


def test_counts_are_of_findings_by_rule() -> None:
    work, _ = fixer({"a.md": "teh teh hte", "b.md": "teh"}, Spelling(), Undoing(wrong="hte", right="x"))
    work.run()
    assert work.counts() == {"spelling": 3, "undoing": 1}
    assert [(before.path, after.text) for before, after in work.changes()] == [
        ("a.md", "the the x"),
        ("b.md", "the"),
    ]


def test_cycle_leaves_the_note_and_names_the_rules() -> None:
    work, vault = fixer({"a.md": "teh", "b.md": "x"}, Spelling(), Undoing())
    found = work.run()
    assert vault.notes["a.md"].text == "teh"
    message = "the note is not changed: it comes back to an earlier text by the fixes of 'spelling', 'undoing'"
    assert refusals(found) == [("a.md", message)]
    assert (work.counts(), [*work.changes()]) == ({}, [])
    assert {one.severity for one in found if one.rule == REFUSED_FIX} == {Severity.ERROR}


def test_text_that_grows_without_end_is_left() -> None:
    texts, found = fixed({"a.md": "x"}, Spelling(wrong="x", right="xx"))
    assert texts == {"a.md": "x"}
    message = f"the note is not changed: there is no end to the fixes after {MOST_ROUNDS} rounds of 'spelling'"
    assert refusals(found) == [("a.md", message)]


def test_note_that_others_change_without_end_is_left() -> None:
    class Elsewhere(Given, frozen=True):
        """A fix that changes another note than the reported one."""

        def check_note(self, note: Note) -> Iterator[Diagnostic]:
            """Report a.md every time."""
            if note.path == "a.md":
                edit = Edit("b.md", Span(0, 0), "x")
                yield self.diagnostic(note, Span(0, 0), "wrong", fix=Fix("put in more", (edit,), safe=True))

    work, vault = fixer({"a.md": "", "b.md": ""}, Elsewhere())
    found = work.run()
    assert vault.notes["b.md"].text == ""
    assert [path for path, _ in refusals(found)] == ["b.md"]


def test_as_many_rounds_as_are_allowed_are_no_cycle() -> None:
    start = "a" * MOST_ROUNDS + "b"
    texts, found = fixed({"a.md": start}, Spelling(wrong="ab", right="b"))
    assert (texts, found) == ({"a.md": "b"}, [])


@pytest.mark.parametrize(
    ("text", "wrong", "right", "problem"),
    [
        ("---\na: 1\n---\n", "1", "[", "its front matter could no longer be read"),
        ("---\na: 1\n---\n", "---\na", "a", "its front matter could no longer be read"),
        ("---\na: 1\nb: 2\n---\n", "1", "1\n---", "other properties would change"),
        ("x y [[A]]", "x", "`", None),
        ("x y` [[A]] `z", "x", "`", "other links would change"),
        ("x\n\n[[A]]", "x", "<!--", "other links would change"),
        ("x\n\n[[A]] --", "x", "```", "other links would change"),
    ],
)
def test_note_that_would_be_damaged_is_left(text: str, wrong: str, right: str, problem: str | None) -> None:
    texts, found = fixed({"a.md": text}, Spelling(wrong=wrong, right=right))
    if problem is None:
        assert texts["a.md"] != text
    else:
        assert texts["a.md"] == text
        assert refusals(found) == [("a.md", f"the note is not changed: {problem} by the fixes of 'spelling'")]


@pytest.mark.parametrize(
    ("before", "after", "edit"),
    [
        ("[[A]] [[B]]", "[[C]] [[B]]", Edit("a.md", Span(2, 3), "C")),
        ("[[A]] [[B]]", "[[A|x]] [[B]]", Edit("a.md", Span(3, 3), "|x")),
        ("[[A]] [[B]]", " [[B]]", Edit("a.md", Span(0, 5), "")),
        ("[[A]]", "---\nx: '[[C]]'\n---\n[[A]]", Edit("a.md", Span(0, 0), "---\nx: '[[C]]'\n---\n")),
        ("---\na: 1\nb: 2\n---\n", "---\na: 1\nc: 3\nb: 2\n---\n", Edit("a.md", Span(9, 9), "c: 3\n")),
        ("---\na: 1\nb: 2\n---\n", "---\nb: 2\n---\n", Edit("a.md", Span(4, 9), "")),
    ],
)
def test_what_an_edit_is_about_may_change(before: str, after: str, edit: Edit) -> None:
    assert damage(read_note("a.md", before), read_note("a.md", after), [edit]) is None


def test_canvas_that_can_not_be_read_any_more_is_damaged() -> None:
    assert damage(Note("a.canvas", "{}"), Note("a.canvas", "{", unreadable="it is not JSON"), []) is not None


def test_unreadable_front_matter_may_stay_so() -> None:
    assert damage(read_note("a.md", "---\na: [\n---\nx"), read_note("a.md", "---\na: [\n---\ny"), []) is None


def test_fix_for_several_notes_is_made_in_all_of_them() -> None:
    work, _ = fixer({"a.md": "teh", "b.md": "teh", "c.md": "x"}, Everywhere())
    assert work.run() == []
    assert [[after.path for _, after in group] for group in work.together()] == [["a.md", "b.md"]]
    assert work.counts() == {"everywhere": 1}


def test_notes_that_share_no_fix_are_written_apart() -> None:
    work, _ = fixer({"a.md": "teh", "b.md": "teh"}, Spelling())
    work.run()
    assert [[after.path for _, after in group] for group in work.together()] == [["a.md"], ["b.md"]]


def test_fix_for_several_notes_is_made_in_none_if_one_would_be_damaged() -> None:
    files = {"a.md": "teh x", "b.md": "---\nteh: 1\n---\n", "c.md": "x"}
    texts, found = fixed(files, Everywhere(right="["), Spelling(wrong="x", right="y"))
    assert texts == files | {"c.md": "y"}
    ((path, message),) = refusals(found)
    assert path == "b.md"
    assert message.endswith("; so are 'a.md', which the same fixes change")


def test_giving_up_later_takes_back_what_is_connected() -> None:
    work, vault = fixer({"a.md": "teh", "b.md": "teh", "c.md": "hte"}, Everywhere(), Spelling(wrong="hte"))
    work.run()
    work.give_up("b.md", "it is read-only")
    work.give_up("a.md", "of this nothing is said any more")
    found = work.remaining()
    assert {path: note.text for path, note in vault.notes.items()} == {"a.md": "teh", "b.md": "teh", "c.md": "the"}
    assert [one.rule for one in found] == ["everywhere", REFUSED_FIX]
    assert work.counts() == {"spelling": 1}


@pytest.mark.parametrize(
    "edits",
    [
        (("b.md", 0, 1, "x"),),
        (("a.md", 4, 7, "x"),),
        (("a.md", 0, 2, "x"), ("a.md", 1, 3, "y")),
        (("a.md", 0, 1, "m"),),
        (),
    ],
    ids=["no such note", "beyond the end", "overlapping", "no change", "none"],
)
def test_impossible_fix_is_not_made(edits: tuple[tuple[str, int, int, str], ...]) -> None:
    texts, found = fixed({"a.md": "my old"}, Given(edits=edits))
    assert (texts, [one.rule for one in found]) == ({"a.md": "my old"}, ["given"])


def test_only_changed_notes_are_linted_between_rounds() -> None:
    asked: list[Collection[str] | None] = []

    def remaining(vault: Vault, paths: Collection[str] | None) -> list[Diagnostic]:
        asked.append(paths)
        return [found for note in vault.notes.values() for found in Spelling().check_note(note)]

    vault = Vault([read_note("a.md", "teh"), read_note("b.md", "x")])
    Fixer(vault, remaining, read_note, ["a.md", "b.md"], unsafe=False).run()
    assert asked == [None, {"a.md"}, None]


def test_notes_of_a_round_are_taken_up_at_once() -> None:
    """Questions about a whole folder are answered again after each update, so each round updates the vault once."""
    put: list[list[str]] = []
    vault = Vault([read_note(f"{i}.md", "teh") for i in range(20)])

    def taken_up(notes: Sequence[Note]) -> None:
        put.append([note.path for note in notes])
        for note in notes:
            vault.put(note)

    def remaining(vault: Vault, paths: Collection[str] | None) -> list[Diagnostic]:
        return [found for note in vault.notes.values() for found in Spelling().check_note(note)]

    Fixer(vault, remaining, read_note, [*vault.notes], unsafe=False, put=taken_up).run()
    assert put == [sorted(vault.notes)]


def test_notes_that_fixes_concern_together() -> None:
    """Groups of notes: a chain of fixes of two notes each, and single notes."""
    pairs = [("a.md", "b.md"), ("b.md", "c.md"), ("x.md", "y.md")]
    vault = Vault([read_note(path, "old old") for path in ("a.md", "b.md", "c.md", "x.md", "y.md", "z.md")])

    def remaining(vault: Vault, paths: Collection[str] | None) -> list[Diagnostic]:
        edits = [[Edit(one, Span(0, 3), "new"), Edit(other, Span(4, 7), "new")] for one, other in pairs]
        edits += [[Edit("z.md", Span(0, 3), "new")]]
        if "new" in vault.notes["a.md"].text:
            return []
        return [
            Diagnostic("rule", Severity.ERROR, some[0].path, Span(0, 0), "x", fix=Fix("x", tuple(some), safe=True))
            for some in edits
        ]

    work = Fixer(vault, remaining, read_note, [*vault.notes], unsafe=False)
    work.run()
    groups = [[before.path for before, _ in group] for group in work.together()]
    assert groups == [["a.md", "b.md", "c.md"], ["x.md", "y.md"], ["z.md"]]
    work.give_up("b.md", "it is so")
    assert [[before.path for before, _ in group] for group in work.together()] == [["x.md", "y.md"], ["z.md"]]
    assert work.counts() == {"rule": 2}


def test_note_that_may_not_be_changed_is_not() -> None:
    vault = Vault([read_note("a.md", "teh"), read_note("b.md", "teh")])
    work = Fixer(
        vault, lambda vault, paths: [*Everywhere().check_vault(VaultView(vault))], read_note, ["a.md"], unsafe=False
    )
    assert [one.rule for one in work.run()] == ["everywhere"]
    assert [*work.changes()] == []


@pytest.mark.parametrize(
    ("block", "behind"),
    [
        ("+++\ntitle = 'teh'\n[[teh]]\n+++\n", "teh\n"),
        ("+++\r\ntitle = 'teh'\r\n+++ \r\n", "teh\r\n"),
        ('{\n  "title": "teh"\n}\n', "teh\n"),
        ('{"title": "teh"}', " teh\n"),
        ("\ufeff+++\ntitle = 'teh'\n+++\n", "teh\n"),
    ],
)
def test_front_matter_of_other_programs_is_never_written_to(block: str, behind: str) -> None:
    files, remaining = fixed({"a.md": block + behind}, Spelling())
    assert files == {"a.md": block + behind.replace("teh", "the")}
    assert len(remaining) == block.count("teh")


@pytest.mark.parametrize(
    "text", ["+++\nteh\n", "+++ teh\n", "{ teh }\n", "{{teh}}\n", '{"teh": \n', "text\n+++\nteh\n+++\n"]
)
def test_text_that_looks_like_it_is_written_to(text: str) -> None:
    assert fixed({"a.md": text}, Spelling())[0] == {"a.md": text.replace("teh", "the")}
