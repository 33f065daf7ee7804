"""Inputs: which ones a change of a file affects, and how derived questions stay up to date."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.inputs import (
    ALL_DESCRIPTIONS,
    ALL_LINKS,
    EVERYTHING,
    GITIGNORE,
    HISTORY,
    MOST_LOOKED_AT,
    PATHS,
    TEMPLATES,
    Input,
    ids_of,
)
from vaultlint.names import Likeness, differing_names
from vaultlint.note import CitationKind, Note
from vaultlint.reading import read_note
from vaultlint.surface import ATTACHMENT, Surface, differences, surface_of
from vaultlint.vault import Vault
from vaultlint.vault_view import QUESTIONS, Answers, Meant, Question, VaultView

PATH = "People/Newton.md"
TEXT = "---\naliases: [Isaac]\n---\n# Laws\n\nA body [[Kepler]] #law ^first\n"


CITED = "It falls (Newton, 1687).\n\n" * 3


def surface(text: str, path: str = PATH) -> Surface:
    note = read_note(path, text)
    assert note.cited_blocks is not None  # computed on access, as in `uncited-claim`
    return surface_of(note)


def differing(before: Surface | None, after: Surface | None, path: str = PATH) -> set[str]:
    """The inputs that differ, without those that always differ."""
    found = {*differences(path, before, after)}
    always = {Input.content(path)} if found else set()
    assert found >= always
    return {*map(str, found - always)}


ANCHORS, DESCRIPTION, LINKS = (
    {str(Input.anchors(PATH))},
    {str(Input.description(PATH)), str(ALL_DESCRIPTIONS)},
    {str(Input.links(PATH)), str(ALL_LINKS)},
)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("A body", "Another body", set()),
        ("# Laws\n\n", "# Laws\n\n\n\n", set()),
        ("# Laws", "# Life", ANCHORS),
        ("# Laws", "## Laws", ANCHORS),
        ("^first", "^second", ANCHORS),
        ("#law", "#life", DESCRIPTION),
        ("[Isaac]", "[Isaac, Sir Isaac]", DESCRIPTION | {"aliases sir isaac", "wanted"}),
        ("[Isaac]", "[ISAAC]", DESCRIPTION | {"aliases isaac", "wanted"}),
        ("aliases: [Isaac]", "title: Newton", DESCRIPTION | {"aliases isaac", "wanted"}),
        ("aliases: [Isaac]\n", "aliases: [Isaac]\n# a comment\n", set()),
        ("[[Kepler]]", "[[Tycho]]", LINKS | {"wanted", "linking kepler", "linking tycho"}),
        ("[[Kepler]]", "![[Kepler]]", LINKS | {"wanted"}),
        ("[[Kepler]]", "[[Kepler|him]]", set()),
        ("[[Kepler]]", "[[Kepler#Life|him]]", LINKS | {"wanted"}),
        ("A body", f"A body (Newton, 1687)\n\n{CITED}", {"citing People"}),
        ("---\naliases: [Isaac]\n---\n", "", DESCRIPTION | {"aliases isaac", "front-matter People", "wanted"}),
    ],
)
def test_inputs_that_differ_by_an_edit(old: str, new: str, wanted: set[str]) -> None:
    assert old in TEXT
    before, after = surface(TEXT), surface(TEXT.replace(old, new))
    assert differing(before, after) == wanted
    assert differing(after, before) == wanted


def test_nothing_differs_where_nothing_has_changed() -> None:
    assert [*differences(PATH, surface(TEXT), surface(TEXT))] == []
    assert [*differences(PATH, None, None)] == []
    assert [*differences("a.png", ATTACHMENT, ATTACHMENT)] == []


ALL_OF_A_NOTE = (
    {"aliases isaac", "front-matter People", "citing People", "wanted", "linking kepler", str(PATHS)}
    | ANCHORS
    | DESCRIPTION
    | LINKS
)


def test_all_differs_where_a_note_comes_or_goes() -> None:
    wanted = ALL_OF_A_NOTE | {*map(str, differing_names(PATH))}
    assert differing(None, surface(TEXT)) == wanted
    assert differing(surface(TEXT), None) == wanted
    assert differing(surface(""), None) == wanted - {"aliases isaac", "linking kepler"}, (
        "also of one that has nothing to show"
    )


def test_attachment_that_comes_or_goes() -> None:
    found = differing(None, ATTACHMENT, "plan.png")
    assert {"names plan.png", str(PATHS), "anchors plan.png"} <= found
    assert not found & {"citing ", "front-matter "}, "these are about notes"


def test_note_that_can_not_be_read_any_more_has_other_anchors() -> None:
    before, after = surface_of(Note(PATH, "")), surface_of(Note(PATH, "", unreadable="so"), content=b"")
    assert differing(before, after) >= ANCHORS


def test_kinds_of_citations_that_are_not_known_may_differ() -> None:
    unknown = surface_of(read_note(PATH, TEXT + "More.\n"))
    assert unknown.citing is None
    assert differing(surface(TEXT), unknown) == {"citing People"}
    assert differing(surface(CITED), surface(CITED.replace("1687", "1704"))) == set()
    assert surface(CITED).citing == (frozenset({CitationKind.AUTHOR}),)


def test_another_block_that_changes_no_habit_of_citing_is_no_difference() -> None:
    more = "It is wide and blue, and the moon pulls it to the shore.\n\n"
    assert differing(surface(CITED), surface(CITED + more)) == set()
    assert differing(surface(CITED), surface(CITED + more * 3)) == set()
    assert differing(surface(CITED), surface(CITED + more * 4)) == {"citing People"}


def whole(view: VaultView, path: str) -> str | None:
    return view.notes[path].text if path in view.notes else None


def property_names(view: VaultView, path: str) -> tuple[str, ...] | None:
    found = view.described(path)
    return None if found is None else found.property_names


def asked(vault: Vault, path: str) -> dict[str, tuple[object, set[int]]]:
    """Question -> its answer for a rule, and the ids of its inputs as they are cached; for all kinds of questions."""
    note = vault.notes[path]
    questions: dict[str, Callable[[VaultView], object]] = {
        "habit": lambda view: view.front_matter_habit(note),
        "linked": lambda view: view.linked_paths(),
        "kinds": lambda view: view.citing("People"),
        "count": lambda view: view.count_in("People"),
        "counts": lambda view: view.counts(),
        "described": lambda view: [(one.path, one.property_names) for one in view.all_described()],
        "attachments": lambda view: {*view.attachments},
        "paths": lambda view: [*view.notes],
    }
    for link in note.links:
        questions[f"resolve {link.target}"] = partial(VaultView.resolve, link=link, source=note)
        questions[f"undecided {link.target}"] = partial(VaultView.is_undecided, link=link, source=note)
        questions[f"meant {link.target}"] = partial(VaultView.meant, target=link.target, source=note)
    for other in OTHERS:
        questions[f"anchor {other}"] = partial(VaultView.has_anchor, path=other, subpath="Laws")
        questions[f"text {other}"] = partial(VaultView.link_text, path=other, source=note, full=False)
        questions[f"whole {other}"] = partial(whole, path=other)
        questions[f"properties {other}"] = partial(property_names, path=other)
    found = {}
    for name, ask in questions.items():
        answers = Answers()
        view = VaultView(vault, answers)
        found[name] = ask(view), answers.underlying(ids_of(view.inputs))
    return found


OTHERS = ["People/Newton.md", "Newton.md", "People/Nevton.md", "Isaac.md", "the newton.md", "People/Newton"]
OTHERS += ["Isaac Letters.md", "Isaac Papers.md"]
TEXTS = [TEXT, "", "# Life\n", "---\naliases: [Neuton]\n---\n" + CITED, "[[Newton]]", None]


@given(st.lists(st.tuples(st.sampled_from(OTHERS), st.sampled_from(TEXTS)), max_size=5))
def test_answer_changes_only_with_an_input(changes: list[tuple[str, str | None]]) -> None:
    here = "People/Here.md"
    vault = Vault([read_note(here, "[[Newton#Laws]] [[Isaac]] [[Neuton]] [[../Newton]] [[The Newton]] [[newton_]]")])
    for path, text in changes:
        before = asked(vault, here)
        if text is None:
            changed = vault.remove(path)
        elif path.endswith(".md"):
            changed = vault.put(read_note(path, text))
        else:
            changed = vault.put_attachment(path)
        after = asked(vault, here)
        for name, (answer, inputs) in before.items():
            if inputs.isdisjoint(one.id for one in changed):
                assert after[name] == (answer, inputs), name


class Heading(Question, frozen=True):
    """Whether a note has a heading."""

    path: str
    asked: ClassVar[list[str]] = []

    def answer(self, vault: VaultView) -> bool:
        self.asked.append("heading")
        return vault.has_anchor(self.path, "Laws")


class HeadingOrBlock(Question, frozen=True):
    """Whether a note has a heading or a block id; asks another question and the vault."""

    path: str

    def answer(self, vault: VaultView) -> bool:
        Heading.asked.append("either")
        return bool(vault.ask(Heading(self.path))) or vault.has_anchor("Other.md", "Laws")


class Told(Question, frozen=True):
    """The same answer in words."""

    path: str

    def answer(self, vault: VaultView) -> str:
        Heading.asked.append("told")
        return "there" if vault.ask(HeadingOrBlock(self.path)) else "not there"


TOLD = Told(PATH)


@pytest.fixture
def questions() -> None:
    """Reset the record of asked questions."""
    Heading.asked.clear()


@pytest.fixture
def vault() -> Vault:
    return Vault([read_note(PATH, "# Laws\n"), read_note("Other.md", "# Laws\n"), read_note("Third.md", "")])


def put(vault: Vault, path: str, text: str) -> set[int]:
    return {one.id for one in vault.put(read_note(path, text))}


@pytest.mark.usefixtures("questions")
def test_question_is_answered_once_for_all_who_ask(vault: Vault) -> None:
    answers = Answers()
    views = [VaultView(vault, answers) for _ in range(3)]
    assert [view.ask(TOLD) for view in views] == ["there"] * 3
    assert Heading.asked == ["told", "either", "heading"]
    assert [view.inputs for view in views] == [{TOLD.input}] * 3


@pytest.mark.usefixtures("questions")
def test_change_that_concerns_no_question(vault: Vault) -> None:
    answers = Answers()
    answers.of(TOLD, vault)
    Heading.asked.clear()
    changed = put(vault, "Third.md", "# Laws\n")
    before = {*changed}
    answers.update(changed, vault)
    assert (Heading.asked, changed) == ([], before | {EVERYTHING.id})


@pytest.mark.usefixtures("questions")
def test_same_answer_again_ends_the_chain(vault: Vault) -> None:
    """The heading is deleted, but another note has it, so no derived question is asked again."""
    answers = Answers()
    assert answers.of(TOLD, vault).value == "there"
    Heading.asked.clear()
    changed = put(vault, PATH, "# Life\n")
    answers.update(changed, vault)
    assert Heading.asked == ["heading", "either"]
    assert Heading(PATH).input.id in changed
    assert not changed & {HeadingOrBlock(PATH).input.id, TOLD.input.id}


@pytest.mark.usefixtures("questions")
def test_other_answer_goes_up_the_chain(vault: Vault) -> None:
    answers = Answers()
    put(vault, "Other.md", "")
    assert answers.of(TOLD, vault).value == "there"
    Heading.asked.clear()
    changed = put(vault, PATH, "# Life\n")
    answers.update(changed, vault)
    assert Heading.asked == ["heading", "either", "told"]
    assert {one.input.id for one in (Heading(PATH), HeadingOrBlock(PATH), TOLD)} <= changed
    assert answers.of(TOLD, vault).value == "not there"


@pytest.mark.usefixtures("questions")
def test_new_answers_have_their_inputs(vault: Vault) -> None:
    """The second note becomes an input only after the heading of the first is deleted."""
    answers = Answers()
    answers.of(TOLD, vault)
    answers.update(put(vault, PATH, "# Life\n"), vault)
    answers.update(put(vault, "Other.md", "# Life\n"), vault)
    assert answers.of(TOLD, vault).value == "not there"


def test_other_name_that_changes_no_suggestion_changes_nothing_for_who_asked() -> None:
    """Both names are similar in their first letters, but only one is suggested."""
    vault, answers = Vault([read_note("Kepler.md", ""), read_note("here.md", "")]), Answers()
    view = VaultView(vault, answers)
    for _ in range(2):
        assert view.meant("Keplar", vault.notes["here.md"]) == (Likeness.SLIP, ("Kepler.md",))
    (asked,) = ids_of(view.inputs)
    for path, is_other in (("Kepala.md", False), ("a/Keplar!.md", True)):
        changed = {one.id for one in vault.put(read_note(path, ""))}
        assert not changed.isdisjoint(answers.underlying([asked])), "which is what a cache has to go by"
        answers.update(changed, vault)
        assert (asked in changed) == is_other
    assert VaultView(vault, answers).meant("Keplar", vault.notes["here.md"])[1] == ("a/Keplar!.md",)


def test_underlying_inputs_of_what_is_cached_are_its_own(vault: Vault) -> None:
    answers = Answers()
    answers.of(TOLD, vault)
    assert answers.underlying([TOLD.input.id, PATHS.id]) == {TOLD.input.id, PATHS.id}


class Guess(Question, frozen=True):
    """Whether the vault has a file that a target was meant for."""

    target: str

    def answer(self, vault: VaultView) -> bool:
        return vault.meant(self.target, read_note("here.md", ""))[0] is not None


def test_cached_answer_knows_the_inputs_of_an_answer_that_is_not_cached() -> None:
    vault, before, after = Vault([read_note("here.md", "")]), Answers(), Answers()
    asked = before.of(Guess("Keplar"), vault)
    assert asked.value is False
    after.take(Guess("Keplar"), asked.value, asked.inputs)
    changed = {one.id for one in vault.put(read_note("Kepler.md", ""))}
    after.update(changed, vault)
    assert after.of(Guess("Keplar"), vault).value is True


def test_target_that_is_no_text_can_be_asked_for() -> None:
    view = VaultView(Vault([read_note("here.md", "")]))
    assert view.meant("\ud800", read_note("here.md", "")) == (None, ())


@pytest.mark.usefixtures("questions")
def test_copies_of_answers_change_apart(vault: Vault) -> None:
    answers = Answers()
    answers.of(TOLD, vault)
    other = vault.copy()
    put(other, "Other.md", "")
    changed = {one.id for one in other.put(read_note(PATH, "# Life\n"))}
    copy = answers.copy()
    copy.update(changed, other)
    assert copy.of(TOLD, other).value == "not there"
    assert answers.of(TOLD, vault).value == "there"


def test_kinds_of_questions_are_known_by_name() -> None:
    assert QUESTIONS[Told.kind()] is Told
    assert Told("a.md").input != HeadingOrBlock("a.md").input != Told("b.md").input


def test_links_of_a_note_without_subpaths_are_not_loaded() -> None:
    note, other = read_note("a.md", "[[b]]"), read_note("b.md", "[[a#One]] [[a]]")
    view = VaultView(Vault([note, other], stored={"a.md": surface_of(note)}.get))
    note.__dict__["links"] = None
    assert [link.subpath for path in ("a.md", "b.md") for link in view.links_with_subpath(path)] == ["One"]
    assert view.inputs == {Input.links("a.md"), Input.links("b.md")}


def many(count: int) -> Vault:
    return Vault([read_note(f"{i}.md", "") for i in range(count)])


def looked_at(view: VaultView, count: int) -> None:
    for i in range(count):
        assert view.notes[f"{i}.md"].text == ""


def test_each_note_that_is_looked_at_is_an_input() -> None:
    view = VaultView(many(MOST_LOOKED_AT + 1))
    looked_at(view, MOST_LOOKED_AT)
    looked_at(view, MOST_LOOKED_AT)  # again, but counted once
    assert view.inputs == {Input.content(f"{i}.md") for i in range(MOST_LOOKED_AT)}
    assert len(ids_of(view.inputs)) == MOST_LOOKED_AT


def test_whoever_looks_at_more_depends_on_everything() -> None:
    view = VaultView(many(MOST_LOOKED_AT + 1))
    looked_at(view, MOST_LOOKED_AT + 1)
    assert EVERYTHING in view.inputs
    assert ids_of(view.inputs) == {EVERYTHING.id}


def test_note_that_is_not_there_is_looked_at_too() -> None:
    view = VaultView(many(1))
    assert "1.md" not in view.notes
    assert view.inputs == {Input.content("1.md")}


def test_whoever_walks_through_all_notes_depends_on_everything() -> None:
    for name in ("values", "items"):
        view = VaultView(many(2))
        assert len([*getattr(view.notes, name)()]) == 2
        assert ids_of(view.inputs) == {EVERYTHING.id}


class Whole(Question, frozen=True):
    """The words of all notes, and another answer."""

    def answer(self, vault: VaultView) -> str:
        return " ".join([vault.ask(TOLD), *(note.text for note in vault.notes.values())])


@pytest.mark.parametrize("one", [GITIGNORE, HISTORY, TEMPLATES, Input.history("newton"), Input.video("length", "x")])
def test_whoever_depends_on_everything_is_concerned_by_any_change(one: Input) -> None:
    vault, answers = many(1), Answers()
    view = VaultView(vault, answers)
    assert [*view.notes.values()]
    changed = {one.id}
    answers.update(changed, vault)
    assert not ids_of(view.inputs).isdisjoint(changed)
    changed = set()
    answers.update(changed, vault)
    assert changed == set()


def test_whoever_depends_on_everything_follows_the_answers_it_asked_for(vault: Vault) -> None:
    """The last of several derived answers changes after all notes were walked through again."""
    answers = Answers()
    put(vault, "Other.md", "")
    assert answers.of(Whole(), vault).value == "there # Laws\n  "
    answers.update(put(vault, PATH, "# Life\n"), vault)
    assert answers.of(Whole(), vault).value == "not there # Life\n  "


def test_names_of_all_notes_are_less_than_what_they_hold() -> None:
    view = VaultView(many(2))
    assert len(view.notes) == len([*view.notes]) == 2
    assert view.inputs == {PATHS}


def test_ids_of_inputs() -> None:
    some = {Input.anchors("a.md"), Input.content("a.md"), PATHS}
    assert ids_of(some) == {one.id for one in some}
    assert len(ids_of(some)) == len(some)
    assert ids_of({*some, EVERYTHING}) == {EVERYTHING.id}
    assert ids_of(set()) == frozenset()


@given(st.text(st.characters()))
def test_id_is_a_number_that_sqlite_takes(name: str) -> None:
    assert 0 <= Input.names(name).id < 2**63
    assert Input.names(name).id == Input.names(name).id != Input.aliases(name).id


def test_answers_without_inputs_hold_none() -> None:
    vault = Vault([read_note("A.md", "[[Tide]]"), read_note("Tides.md", "")])
    recorded, not_recorded = (Answers(has_inputs).of(Meant("Tide"), vault) for has_inputs in (True, False))
    assert recorded.value == not_recorded.value
    assert recorded.input == Meant("Tide").input
    assert not not_recorded.input
    assert not not_recorded.inputs
