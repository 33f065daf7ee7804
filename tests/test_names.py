"""Suggestions for a misspelt name."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from vaultlint.inputs import Input
from vaultlint.names import (
    LONG,
    SHORTEST,
    Likeness,
    Names,
    affixes,
    asked_about,
    common_folders,
    differing_names,
    folded_name,
    names_of,
    same_folders,
)
from vaultlint.past import PastNames
from vaultlint.reading import read_note
from vaultlint.surface import surface_of

PATHS = ["Artificial intelligence.md", "a/ai_agents.md", "b/AI-Agents.md", "C.md", "Café.md", "img/Figure 1.png"]


@pytest.fixture
def names() -> Names:
    note = read_note("Artificial intelligence.md", "---\naliases: [AI, A.I.]\n---\n")
    other = read_note("x.md", "---\naliases: Machine mind\n---\n")
    notes = [note, other, read_note("y.md", "---\naliases:\n---\n")]
    return Names([(note.path, surface_of(note).aliases) for note in notes], PATHS)


def test_aliases_in_lists_and_alone(names: Names) -> None:
    assert names.meant("ai", "") == (Likeness.ALIAS, ("Artificial intelligence.md",))
    assert names.meant("machine mind", "") == (Likeness.ALIAS, ("x.md",))


@pytest.mark.parametrize(
    ("folder", "wanted"), [("", ("a/ai_agents.md", "b/AI-Agents.md")), ("b", ("b/AI-Agents.md",))]
)
def test_candidates_in_the_folder_win(names: Names, folder: str, wanted: tuple[str, ...]) -> None:
    assert names.meant("AI agents", folder) == (Likeness.SPELLING, wanted)


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("ai agents.md", (Likeness.SPELLING, ("a/ai_agents.md",))),
        ("figure_1.png", (Likeness.SPELLING, ("img/Figure 1.png",))),
        ("figure_1", (None, ())),
        ("C++", (Likeness.MARKS, ("C.md",))),
        ("Cafe", (Likeness.MARKS, ("Café.md",))),
        ("???", (None, ())),
        ("Artifical intelligence", (Likeness.SLIP, ("Artificial intelligence.md",))),
        ("Artificial inteligance", (Likeness.SLIP, ("Artificial intelligence.md",))),
        ("Artificial ignorance", (None, ())),
        ("Figure 2.png", (None, ())),
        ("Cafa", (None, ())),
        ("The artificial intelligence", (Likeness.SLIP, ("Artificial intelligence.md",))),
        ("Figures 1.png", (Likeness.SLIP, ("img/Figure 1.png",))),
    ],
    ids=str,
)
def test_likeness(names: Names, target: str, wanted: object) -> None:
    assert names.meant(target, "a") == wanted
    assert names.meant(target, "a") == wanted, "the second answer is remembered"


@pytest.mark.parametrize(
    ("target", "path", "wanted"),
    [
        ("Note", "a/b/Note.md", True),
        ("b/Note", "a/b/Note.md", True),
        ("B_/note", "a/b/Note.md", True),
        ("../b/Note", "a/b/Note.md", True),
        ("a/Note", "a/b/Note.md", False),
        ("x/a/b/Note", "a/b/Note.md", False),
    ],
)
def test_folders_of_a_target(target: str, path: str, wanted: bool) -> None:
    assert same_folders(target, path) is wanted


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("Einstien", "Einstein"),
        ("astrophsyics", "Astrophysics"),
        ("Newton's theroy of motoin", "Newton's theory of motion"),
        ("MATH 20C lectrues", "MATH 20C lectures"),
        ("JavaScirpt", "JavaScript"),
        ("Galielo's moons", "Galileo's moons"),
        ("Галилео", "Галилей"),
        ("The role of light on sleep", "The role of light in sleep"),
        ("Old dictoinary", "Old dictionary"),
        ("Roles of light", "Role of light"),
        ("Of cat and dogs", "Of cats and dogs"),
    ],
)
def test_slip_in_an_ordinary_word(target: str, name: str) -> None:
    assert Names([], [f"{name}.md"]).meant(target, "") == (Likeness.SLIP, (f"{name}.md",))


def test_apostrophe_alone_is_no_word() -> None:
    names = Names([], ["Newtonian mechanics.md"])
    assert names.meant("Newtonian ' mechanicz", "") == (Likeness.SLIP, ("Newtonian mechanics.md",))


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("@gell2016", "@gall2016"),
        ("@gellmann", "@gallmann"),
        ("gellmann2016deep", "gallmann2016deep"),
        ("AWS ECS", "AWS ECR"),
        ("NAACL papers", "EAACL papers"),
        ("siRNA delivery", "miRNA delivery"),
        ("MATH 20C", "MATH 20D"),
        ("Physics 101a", "Physics 101b"),
        ("Lecture 1", "Lecture 2"),
        ("World War I", "World War"),
        ("World War II", "World War I"),
        ("Kants", "Kant"),
        ("Wars", "War"),
        ("Hepatitis A", "Hepatitis B"),
        ("Old red fox hunt", "Old red fog hunt"),
        ("第一章的介绍", "第二章的介绍"),
        ("Paris", "Physics"),
    ],
)
@pytest.mark.parametrize("ending", [".md", ".pdf"])
def test_other_letters_of_an_identifier_or_a_short_word_are_another_thing(
    target: str, name: str, ending: str
) -> None:
    written = target if ending == ".md" else f"{target}{ending}"
    assert Names([], [f"{name}{ending}"]).meant(written, "") == (None, ())


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("diagarm.png", "img/diagram.png"),
        ("diagarm 2.png", "img/diagram 2.png"),
        ("Lectures 3.mp4", "Lecture 3.mp4"),
        ("diagram.jpeg", "img/diagram.jpg"),
        ("plan.pfd", "plan.pdf"),
    ],
)
def test_attachment_one_letter_off(target: str, path: str) -> None:
    assert Names([], [path]).meant(target, "") == (Likeness.SLIP, (path,))


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("figure 2.png", "figure 1.png"),
        ("IMG_20250101a.png", "IMG_20250101b.png"),
        ("song.mp4", "song.mp3"),
        ("ecs.png", "ecr.png"),
        ("Kepler", "Kepler.png"),
    ],
)
def test_another_attachment(target: str, path: str) -> None:
    assert Names([], [path]).meant(target, "") == (None, ())


@pytest.mark.parametrize(
    ("target", "name"), [("2025-11-1", "2025-1-11"), ("Release 1.5", "Release 15"), ("Vol 1 2", "Vol_12")]
)
def test_digits_that_belong_together_otherwise_are_another_number(target: str, name: str) -> None:
    assert Names([], [f"{name}.md"]).meant(target, "") == (None, ())


def test_number_that_is_written_otherwise() -> None:
    assert Names([], ["H2O.md"]).meant("H₂O", "") == (Likeness.MARKS, ("H2O.md",))


@pytest.mark.parametrize("mark", ["_", "__"])
def test_underscore_at_the_beginning_is_part_of_a_name(mark: str) -> None:
    board, topic = f"{mark}Physics.md", "Physics.md"
    assert Names([], [board]).meant("physics", "") == (Likeness.MARKS, (board,))
    assert Names([], [topic]).meant(f"{mark}physics", "") == (Likeness.MARKS, (topic,))
    assert Names([], [board]).meant(f"{mark} physics", "") == (Likeness.MARKS, (board,))
    assert Names([], [board]).meant("_physics_", "")[0] is (Likeness.SPELLING if mark == "_" else Likeness.MARKS)


@pytest.mark.parametrize(
    ("target", "paths", "wanted"),
    [
        ("Algebra", ["Algebra Course.md"], ["Algebra Course.md"]),
        ("linear-algebra", ["a/Linear Algebra (course).md", "b/x.md"], ["a/Linear Algebra (course).md"]),
        ("MATH 20C", ["math-20c-lectures.md"], ["math-20c-lectures.md"]),
        ("Algebra", ["a/Algebra Course.md", "b/Algebra Course.md"], ["a/Algebra Course.md", "b/Algebra Course.md"]),
        ("b/Algebra", ["a/Algebra Course.md", "b/Algebra Course.md"], ["b/Algebra Course.md"]),
        ("Algebra", ["Algebra Course.md", "Algebra Exercises.md"], []),
        ("Algebra", ["Algebra Course.md", "Algebra.pdf"], ["Algebra Course.md"]),
        ("Algebra", ["Algebra course notes.md"], []),
        ("Algebra", ["Algebraic.md"], []),
        ("Algebra", ["Linear algebra.md"], []),
        ("Algebra", ["Algebra Course.pdf"], []),
        ("Algebra Course", ["Algebra.md"], []),
        ("War", ["War I.md"], []),
        ("Food", ["food-tracker.md"], []),
        ("Lecture", ["Lecture 12.md"], []),
        ("AWS", ["AWS LAMBDA.md"], []),
        ("Newton", ["Newton's.md"], []),
    ],
)
def test_only_name_that_begins_so(target: str, paths: list[str], wanted: list[str]) -> None:
    assert Names([], paths).meant(target, "") == (Likeness.LONGER if wanted else None, tuple(wanted))


def test_long_names_have_few_beginnings() -> None:
    asked = [one for one in differing_names(f"{'word ' * 1000}end.md") if one.startswith("beginnings ")]
    assert len(asked) == 8
    assert asked[0] == "beginnings word"
    assert not [one for one in differing_names("a b c.png") if one.startswith("beginnings ")]


LETTERS = st.text(st.sampled_from("abcdeth12 -.'éжя中\U0001f600"), min_size=1, max_size=24)


@st.composite
def names_with_slips(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and the same with up to two letters too many, missing, exchanged or different."""
    words = st.lists(
        st.sampled_from(["the", "theory", "motion", "light", "Schröder", "галилей"]), min_size=1, max_size=4
    )
    other = name = draw(LETTERS | words.map(" ".join))
    for _ in range(draw(st.integers(0, 2))):
        i = draw(st.integers(0, len(other)))
        new = draw(st.sampled_from(["", "e", "t", "я", "中"]))
        more = draw(st.sampled_from([0, 1, 2]))
        other = other[:i] + (other[i : i + 2][::-1] if more == 2 else new) + other[i + more :]
    return name, other


def asked(names: Names, target: str) -> set[Input]:
    inputs: list[Input] = []
    names.likeliest(target, inputs)
    return {*inputs}


@given(names_with_slips(), st.lists(LETTERS, max_size=3), st.sampled_from([".md", ".png"]))
def test_name_that_changes_a_suggestion_is_an_input_of_it(
    pair: tuple[str, str], others: list[str], suffix: str
) -> None:
    target, name = pair
    names = Names([], [f"{other}.md" for other in others])
    before, inputs = names.likeliest(target, []), asked(names, target)
    names.add(f"a/{name}{suffix}")
    after = names.likeliest(target, [])
    differing = {*differing_names(f"a/{name}{suffix}")}
    assert before == after or inputs & differing
    assert before == after or {one.id for one in inputs} & {one.id for one in differing}, "as the cache has them"
    inputs = asked(names, target)
    names.discard(f"a/{name}{suffix}")
    assert names.likeliest(target, []) == before
    assert before == after or inputs & differing


@given(names_with_slips())
@example(("Theory of motion", "Theeory of motioon"))
@example(("Theory of motions", "Theeory of motioons"))
@example(("Theory of lights", "Thory of lihts"))
@example(("Theory of lights", "Thdory of lighds"))
@example(("Theory of lights", "Thoery of lihgts"))
@example(("motion", "motiion"))
@example(("galileis", "galiileis"))
def test_name_one_or_two_slips_away_is_an_input(pair: tuple[str, str]) -> None:
    target, name = map(folded_name, pair)
    most = 1 if len(target) < LONG else 2
    if len(target) >= SHORTEST and {*affixes(target)} & {*affixes(name)} and OSA.distance(target, name) <= most:
        similar = {one for one in asked_about(target) if one.startswith("similar ")}
        differing = {one for one in differing_names(f"{name}.md") if one.startswith("similar ")}
        assert similar & differing
        assert {one.id for one in similar} & {one.id for one in differing}


@given(LETTERS, st.lists(LETTERS, max_size=3), st.lists(LETTERS, max_size=3))
def test_nothing_else_is_asked_about_a_name(target: str, others: list[str], aliases: list[str]) -> None:
    names = Names([("x.md", aliases)], [f"{other}.md" for other in others])
    assert asked(names, target) <= {*asked_about(target)}
    assert asked(Names([], []), target) == {*asked_about(target)}


def test_name_with_the_same_beginning_is_no_input_if_its_letters_are_others() -> None:
    """In a vault with many names that begin with `The`, few suggestions may change when one goes."""
    inputs = asked(Names([], []), "The role of light on sleep")
    assert inputs & {*differing_names("The rule of light in sleep.md")}
    assert not inputs & {*differing_names("The impact of war on trade.md")}


def test_templates_are_not_meant() -> None:
    aliases = [("Templates/Person.md", ["Human"]), ("People.md", ["Humans"])]
    paths = ["Templates/Person.md", "Templates/Algebra Course.md", "Templates/Lectures.md", "People.md"]
    names = Names(aliases, paths, lambda path: path.startswith("Templates/"))
    for target in ("Human", "per-son", "Person!", "Persom", "Algebra", "Lectrues"):
        assert names.meant(target, "Templates") == (None, ()), target
    assert names.meant("Humans", "") == (Likeness.ALIAS, ("People.md",))
    names.add("Templates/Lecture.md")
    names.set_aliases("Templates/Lecture.md", (), ["Talk"])
    assert names.meant("Talk", "") == names.meant("lec_ture", "") == (None, ())
    names.set_aliases("Templates/Lecture.md", ["Talk"], ())
    names.discard("Templates/Lecture.md")
    names.add("Lecture.md")
    assert names.meant("lec_ture", "") == (Likeness.SPELLING, ("Lecture.md",))


@pytest.mark.parametrize(
    ("target", "folder", "wanted"),
    [
        ("note", "", ["a/b/no-te.md", "b/no_te.md", "c/no te.md"]),
        ("b/note", "", ["a/b/no-te.md", "b/no_te.md"]),
        ("a/b/note", "", ["a/b/no-te.md"]),
        ("x/c/note", "", ["c/no te.md"]),
        ("../b/note", "b", ["b/no_te.md"]),
        ("c/note", "b", ["c/no te.md"]),
        ("x/note", "b", ["b/no_te.md"]),
    ],
)
def test_path_that_ends_most_like_the_target_wins(target: str, folder: str, wanted: list[str]) -> None:
    names = Names([], ["a/b/no-te.md", "b/no_te.md", "c/no te.md"])
    assert names.meant(target, folder) == (Likeness.SPELLING, tuple(wanted))


@pytest.mark.parametrize(
    ("target", "path", "count"), [("a/b/N", "x/a/b/N.md", 2), ("N", "a/N.md", 0), ("a/x/N", "a/b/N.md", 0)]
)
def test_number_of_common_folders(target: str, path: str, count: int) -> None:
    assert common_folders(target, path) == count


PARTS = st.text(st.sampled_from("aZ./ ßΣςǰİ\u030c\u0301é漢\udcff"), max_size=6)


@given(st.lists(st.builds("{}{}".format, PARTS, st.sampled_from(["", ".md", ".MD", ".png"])).filter(bool)))
def test_names_of_committed_files_are_those_that_links_may_give(paths: list[str]) -> None:
    past = PastNames((), paths)
    names = {name for path in paths for name in names_of(path)}
    assert all(map(past.is_committed, names - {""}))
    assert not any(past.is_committed(f"{name}a") for name in names if f"{name}a" not in names)
    assert past._committed - {""} == names - {""}
