"""Running rules: severities, order, and rules that fail."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.inputs import Input
from vaultlint.linting import linter as linter_module
from vaultlint.linting.linter import Linter, Plan, lint, lint_change
from vaultlint.note import Note
from vaultlint.reading import Dialect, read_note
from vaultlint.reading.data_files import read_canvas
from vaultlint.rules import RULES
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.unused_suppression import UnusedSuppression
from vaultlint.text import Span
from vaultlint.vault import Vault
from vaultlint.vault_change import NoteChange, VaultChange
from vaultlint.vault_view import VaultView


class LoudWord(Rule, frozen=True):
    """A word in capitals."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        for start in (i for i, letter in enumerate(note.text) if letter == "!"):
            yield self.diagnostic(note, Span(start, start + 1), "loud")


class QuietWord(Rule, frozen=True):
    """Off by default."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.OFF

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        yield self.diagnostic(note, Span(0, 0), f"one of {len(vault.notes)}")


class SinkingRule(Rule, frozen=True):
    """A rule that reports one kind of finding only as info."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        yield self.diagnostic(note, Span(0, 1), "!", severity=Severity.INFO)


class RisingRule(Rule, frozen=True):
    """Gives one finding a higher severity than the others."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        yield self.diagnostic(note, Span(0, 0), "weighty", severity=Severity.WARNING)


class CrowdedVault(Rule, frozen=True):
    """Reports every note in one call."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    def check_vault(self, vault: VaultView) -> Iterator[Diagnostic]:
        for note in reversed([*vault.notes.values()]):
            yield self.diagnostic(note, Span(0, 0), f"one of {len(vault.notes)}")


class FailingNote(Rule, frozen=True):
    """Has a bug."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        yield self.diagnostic(note, Span(0, 0), "not kept")
        raise ValueError("no such luck")


class FailingVault(Rule, frozen=True):
    """Has a bug, too."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check_vault(self, vault: VaultView) -> Iterator[Diagnostic]:
        yield from ()
        raise KeyError("x")


def run(
    files: dict[str, str], *rules: Rule, severity: Severity | None = None, reported: tuple[str, ...] = ()
) -> list[Diagnostic]:
    active = ActiveRules(ActiveRule(rule, severity) for rule in rules)
    known = {rule.name: rule for rule in (*RULES, *(type(rule) for rule in rules))}
    vault = Vault([read_note(path, text) for path, text in files.items()])
    return lint(vault, Plan(reported or tuple(files), lambda path: active, known))


@pytest.mark.parametrize(
    ("rule", "configured", "wanted"),
    [
        (LoudWord(), None, Severity.INFO),
        (LoudWord(), Severity.ERROR, Severity.ERROR),
        (RisingRule(), None, Severity.WARNING),
        (RisingRule(), Severity.ERROR, Severity.ERROR),
        (RisingRule(), Severity.INFO, Severity.INFO),
        (SinkingRule(), None, Severity.INFO),
        (SinkingRule(), Severity.WARNING, Severity.INFO),
        (SinkingRule(), Severity.ERROR, Severity.INFO),
        (QuietWord(), None, Severity.WARNING),
        (QuietWord(), Severity.INFO, Severity.INFO),
        (CrowdedVault(), None, Severity.WARNING),
        (CrowdedVault(), Severity.INFO, Severity.INFO),
    ],
)
def test_severity_is_stamped(rule: Rule, configured: Severity | None, wanted: Severity) -> None:
    (one,) = run({"a.md": "!"}, rule, severity=configured)
    assert one.severity is wanted


def test_severity_may_differ_by_note() -> None:
    by_path = {"a.md": Severity.ERROR, "b.md": Severity.INFO}
    vault = Vault([read_note("a.md", ""), read_note("b.md", "")])
    plan = Plan(
        ("a.md", "b.md"),
        lambda path: ActiveRules((ActiveRule(CrowdedVault(), by_path[path]), ActiveRule(QuietWord(), by_path[path]))),
        {"crowded-vault": CrowdedVault, "quiet-word": QuietWord},
    )
    assert {(one.path, one.severity) for one in lint(vault, plan)} == set(by_path.items())


def test_order_is_path_then_place_then_rule() -> None:
    found = run({"b.md": "!", "a.md": "  ! !", "a/c.md": "!"}, LoudWord(), CrowdedVault())
    assert [(one.path, one.span.start, one.rule) for one in found] == [
        ("a.md", 0, "crowded-vault"),
        ("a.md", 2, "loud-word"),
        ("a.md", 4, "loud-word"),
        ("a/c.md", 0, "crowded-vault"),
        ("a/c.md", 0, "loud-word"),
        ("b.md", 0, "crowded-vault"),
        ("b.md", 0, "loud-word"),
    ]


def test_order_of_the_rules_does_not_matter() -> None:
    files = {"a.md": "! !", "b.md": "!"}
    assert run(files, LoudWord(), CrowdedVault(), QuietWord()) == run(files, QuietWord(), CrowdedVault(), LoudWord())


def test_vault_rule_sees_all_and_speaks_of_the_reported() -> None:
    found = run({"a.md": "", "b.md": ""}, CrowdedVault(), reported=("b.md",))
    assert [(one.path, one.message) for one in found] == [("b.md", "one of 2")]


def test_vault_rule_speaks_only_where_it_is_active() -> None:
    vault = Vault([read_note("a.md", ""), read_note("b.md", "")])
    active = {"a.md": ActiveRules((ActiveRule(CrowdedVault(), None),)), "b.md": ActiveRules()}
    found = lint(vault, Plan(("a.md", "b.md"), lambda path: active[path], {"crowded-vault": CrowdedVault}))
    assert [one.path for one in found] == ["a.md"]


def test_finding_of_a_vault_rule_can_be_suppressed() -> None:
    assert run({"a.md": "%% vaultlint-ignore crowded-vault %%"}, CrowdedVault()) == []


def test_rule_that_fails_on_a_note_is_one_error_and_others_go_on() -> None:
    found = run({"a.md": "!"}, FailingNote(), LoudWord(), severity=Severity.INFO)
    assert [(one.rule, one.severity, one.message) for one in found] == [
        (
            "internal-error",
            Severity.ERROR,
            "the rule 'failing-note' failed (ValueError: no such luck); please report this",
        ),
        ("loud-word", Severity.INFO, "loud"),
    ]


def test_rule_that_fails_on_the_vault_is_one_error() -> None:
    found = run({"a.md": "", "b.md": ""}, FailingVault(), CrowdedVault())
    assert [(one.rule, one.path) for one in found] == [
        ("crowded-vault", "a.md"),
        ("internal-error", "a.md"),
        ("crowded-vault", "b.md"),
    ]
    assert found[1].severity is Severity.ERROR


def test_name_comes_from_the_class() -> None:
    assert (LoudWord.name, LoudWord.rung) == ("loud-word", "check_note")
    assert (QuietWord.rung, CrowdedVault.rung) == ("check", "check_vault")


def test_rule_without_a_check_is_refused() -> None:
    with pytest.raises(TypeError, match="Idle must define exactly one of check_note, check, check_vault"):

        class Idle(Rule, frozen=True):
            """Does nothing."""


def test_rule_with_two_checks_is_refused() -> None:
    with pytest.raises(TypeError, match="Busy must define exactly one of"):

        class Busy(Rule, frozen=True):
            """Does too much."""

            def check_note(self, note: Note) -> Iterator[Diagnostic]:
                yield from ()

            def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
                yield from ()


class ShorterNote(Rule, frozen=True):
    """Says that a note became shorter."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    def check_change(self, change: VaultChange) -> Iterator[Diagnostic]:
        for one in change.notes:
            if one.before and one.after and len(one.after.text) < len(one.before.text):
                yield self.diagnostic(one.after, Span(0, 1), "shorter")


class FailingChange(Rule, frozen=True):
    """Fails."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    def check_change(self, change: VaultChange) -> Iterator[Diagnostic]:
        raise ValueError("no such luck")


def run_on_change(before: str, after: str, active: ActiveRules, reported: str = "a.md") -> list[Diagnostic]:
    old, new = read_note("a.md", before), read_note("a.md", after)
    change = VaultChange((NoteChange(old, new),), Vault([old]), Vault([new]))
    return lint_change(change, Plan((reported,), lambda path: active, {"shorter-note": ShorterNote}))


def test_rule_of_changes_sees_the_older_text() -> None:
    found = run_on_change("long", "l", ActiveRules((ActiveRule(ShorterNote(), Severity.INFO),)))
    assert [(one.path, one.severity, one.message) for one in found] == [("a.md", Severity.INFO, "shorter")]


def test_rule_of_changes_speaks_only_where_it_is_active_and_reported() -> None:
    active = ActiveRules((ActiveRule(ShorterNote(), None),))
    assert run_on_change("long", "l", active, "b.md") == []
    assert run_on_change("long", "l", ActiveRules()) == []


def test_rule_of_changes_finds_nothing_in_a_vault() -> None:
    assert run({"a.md": "l"}, ShorterNote()) == []


@pytest.mark.parametrize("names", ["shorter-note", "general", ""])
def test_finding_of_a_rule_of_changes_can_be_suppressed(names: str) -> None:
    active = ActiveRules((ActiveRule(ShorterNote(), None),))
    assert run_on_change("long " * 20, f"%% vaultlint-ignore-file {names} %%", active) == []


def test_directive_of_a_rule_of_changes_is_not_called_unused() -> None:
    active = (ShorterNote(), UnusedSuppression())
    assert run({"a.md": "%% vaultlint-ignore shorter-note %%"}, *active) == []


def test_rule_that_fails_on_a_change_is_one_error() -> None:
    found = run_on_change("long", "l", ActiveRules((ActiveRule(FailingChange(), None),)))
    assert [(one.rule, one.path, one.severity) for one in found] == [("internal-error", "a.md", Severity.ERROR)]


RAN: list[str] = []


class LacksAnchor(Rule, frozen=True):
    """Asks the same question as another rule."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        RAN.append(self.name)
        if not vault.once("laws", lambda: vault.has_anchor("Newton.md", "Laws")):
            yield self.diagnostic(note, Span(0, 0), "no laws")


class HasAnchor(Rule, frozen=True):
    """The other rule."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        RAN.append(self.name)
        if vault.once("laws", lambda: vault.has_anchor("Newton.md", "Laws")):
            yield self.diagnostic(note, Span(0, 0), "laws")


class CountsNotes(Rule, frozen=True):
    """Asks another question."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        RAN.append(self.name)
        yield self.diagnostic(note, Span(0, 0), f"one of {len(vault.notes)}")


def test_only_rules_whose_answers_differ_look_at_a_note_again() -> None:
    rules = LacksAnchor(), HasAnchor(), CountsNotes()
    active = ActiveRules(ActiveRule(rule, Severity.INFO) for rule in rules)
    vault = Vault([read_note("a.md", "Apples."), read_note("Newton.md", "# Laws\n")])

    def linter_of(vault: Vault) -> Linter:
        return Linter(vault, lambda path: active, {rule.name: type(rule) for rule in rules})

    linter = linter_of(vault)
    asked_of_anchors, asked_of_paths = {"lacks-anchor", "has-anchor"}, {"counts-notes"}
    for path, text, wanted in (
        ("Newton.md", "# Life\n", asked_of_anchors | asked_of_paths),  # at first, inputs are not known per rule
        ("Newton.md", "# Laws\n", asked_of_anchors),
        ("b.md", "", asked_of_paths),
        ("b.md", "More.", set()),
        ("Newton.md", "# Life\n", asked_of_anchors),
        ("a.md", "Pears.", asked_of_anchors | asked_of_paths),
    ):
        linter.update({one.id for one in vault.put(read_note(path, text))})
        RAN.clear()
        found = linter.note("a.md")
        assert {*RAN} == wanted, text
        assert found == linter_of(vault).note("a.md")


def test_what_rules_say_is_known_of_the_latest_notes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linter_module, "MOST_LATEST", 2)
    vault = Vault(read_note(f"{name}.md", "") for name in "abc")
    active = ActiveRules([ActiveRule(CountsNotes(), Severity.INFO)])
    linter = Linter(vault, lambda path: active, {})
    linter.update({one.id for one in vault.put(read_note("d.md", ""))})
    for name in "abcb":
        linter.note(f"{name}.md")
    RAN.clear()
    for name in "cba":
        linter.note(f"{name}.md")
    assert len(RAN) == 1


class OddLink(Rule, frozen=True):
    """Runs only on notes with an unclear link."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO
    needs_unclear_links: ClassVar = True

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        yield self.diagnostic(note, Span(0, 0), "odd")


OTHERS = {
    "Newton.md": "# Laws\n",
    "People/Kepler.md": "",
    "A/Hooke.md": "",
    "B/Hooke.md": "",
    "euler.md": "",
    "Euler.md": "",
}


class AnyLink(OddLink, frozen=True):
    """Extends a rule that needs unclear links, but runs on all notes."""

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        yield self.diagnostic(note, Span(0, 0), "any")


def test_need_of_unclear_links_is_not_inherited() -> None:
    assert run({**OTHERS, "a.md": "[[Newton]]"}, AnyLink(), reported=("a.md",))


@pytest.mark.parametrize(
    ("text", "is_clear"),
    [
        ("No link.", True),
        ("[[Newton]], [[kepler|him]], ![[Newton#Laws]], [x](Kepler.md#y), [[#Laws]], [y](https://example.org)", True),
        ("[[Newton]], [[Leibniz]]", False),
        ("[[People/Kepler]]", False),
        ("[x](./Newton.md)", False),
        ("[[Hooke]]", False),
        ("[[Euler]]", False),
    ],
)
def test_rule_that_needs_unclear_links(text: str, is_clear: bool) -> None:
    found = run({**OTHERS, "a.md": text}, OddLink(), reported=("a.md",))
    assert (not found) is is_clear


def test_rule_that_needs_unclear_links_and_a_path_in_a_canvas() -> None:
    canvas = read_canvas("a.canvas", '{"nodes": [{"type": "file", "file": "Kepler.md"}]}', Dialect())
    vault = Vault([canvas, read_note("People/Kepler.md", "")])
    active = ActiveRules([ActiveRule(OddLink(), None)])
    assert lint(vault, Plan(("a.canvas",), lambda path: active, {}))


def test_what_is_clear_depends_on_names() -> None:
    vault = Vault([read_note("a.md", "[[Newton]]"), read_note("Newton.md", "")])
    active = ActiveRules([ActiveRule(OddLink(), None)])
    linter = Linter(vault, lambda path: active, {})
    assert linter.note("a.md") == ([], frozenset([Input.names("newton").id]))
    linter.update({one.id for one in vault.put(read_note("B/newton.md", ""))})
    assert linter.note("a.md")[0]


PARTS = (
    "[[Newton]]",
    "[[kepler|him]]",
    "[[Hooke]]",
    "[[Leibniz]]",
    "![[People/Kepler]]",
    "[[Newton#Laws]]",
    "[[Newton#Life]]",
    "[x](Kepler.md)",
    "[x](../Newton.md)",
    "[[Newton.md]](s)",
    "[[euler]]",
    "[[|x]]",
    "| [[Newton|y]] |\n|-|\n",
)


@given(st.lists(st.sampled_from(PARTS), max_size=3))
def test_rules_find_nothing_in_notes_with_clear_links(parts: list[str]) -> None:
    files = {**OTHERS, "a.md": " ".join(parts)}
    rules = [rule() for rule in RULES if rule.needs_unclear_links]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(VaultView, "are_links_clear", lambda view, note: False)
        wanted = run(files, *rules)
    assert run(files, *rules) == wanted
