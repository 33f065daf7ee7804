"""The rule `dropped-citation`."""

from collections.abc import Callable
from math import log
from pathlib import Path
from time import process_time

import pytest
from git_repository import Repository, plain_git

from vaultlint.claims.losing import Statements, losses
from vaultlint.reading import read_note
from vaultlint.rules.dropped_citation import DroppedCitation
from vaultlint.testing import check, fixed

A = '<a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>'
B = '<a class="yt-timestamp" data-t="00:12:30">[00:12:30]</a>'
LIGHT = "Light sets the clock in the brain early in the morning"
COFFEE = "Coffee in the afternoon shifts the clock by forty minutes"
NAPS = "Pilots who nap for twenty minutes stay alert on long flights"


def lost(before: str, after: str, **others: str) -> list[str]:
    """The messages for a rewritten note; the markers are in the new text."""
    found = check(DroppedCitation(), {"Sleep.md": after, **others}, before={"Sleep.md": before})
    return [one.message for one in found]


# Reported


def test_two_of_three_citations_dropped_in_a_rewrite() -> None:
    before = f"# Sleep\n\n{LIGHT} {A}. {NAPS} [^1].\n\n{COFFEE} {B}.\n\n[^1]: A study.\n"
    after = (
        "# Sleep\n\nEarly in the morning, light sets the brain's clock.  <-- dropped-citation\n\n"
        "Pilots who nap twenty minutes stay alert on long flights [^1].\n\n"
        "Afternoon coffee shifts the clock by forty minutes.  <-- dropped-citation\n\n[^1]: A study.\n"
    )
    lead = "this statement lost its citation, which stood on line"
    assert lost(before, after) == [f"{lead} 3 of the old text: [00:05:10]", f"{lead} 5 of the old text: [00:12:30]"]


@pytest.mark.parametrize(
    ("citation", "shown"),
    [
        (A, "[00:05:10]"),
        ("[12:30]", "[12:30]"),
        ("[12:30](https://youtu.be/rT4kQw81LmA?t=750)", "[12:30](https://youtu.be/rT4kQw81LmA?t=750)"),
        ("[^1]", "[^1]"),
        ("^[A study.]", "^[A study.]"),
        ("[@smith2020, p. 3]", "[@smith2020, p. 3]"),
        ("[[@smith2020]]", "[[@smith2020]]"),
        ("(Smith, 2020)", "(Smith, 2020)"),
        ("(https://example.org/study)", "(https://example.org/study)"),
    ],
)
def test_every_kind_of_citation(citation: str, shown: str) -> None:
    before = f"{LIGHT} {citation}.\n\n[^1]: A study.\n"
    after = f"{LIGHT}.  <-- dropped-citation\n\n[^1]: A study.\n"
    assert lost(before, after) == [
        f"this statement lost its citation, which stood on line 1 of the old text: {shown}"
    ]


def test_link_whose_words_stayed() -> None:
    before = "A [large study](https://example.org/study) of 2019 found that light sets the clock in the brain.\n"
    lost(before, "A large study of 2019 found that light sets the clock in the brain.  <-- dropped-citation\n")


def test_statement_in_a_list_quote_or_table() -> None:
    before = f"- {LIGHT} {A}\n\n> {COFFEE} {B}\n\n| a | b |\n| - | - |\n| {NAPS} [^1] | x |\n\n[^1]: A study.\n"
    after = (
        f"- {LIGHT}  <-- dropped-citation\n\n> {COFFEE}  <-- dropped-citation\n\n| a | b |\n| - | - |\n"
        f"| {NAPS} | x |  <-- dropped-citation\n\n[^1]: A study.\n"
    )
    lost(before, after)


def test_sentences_that_became_one() -> None:
    lost(f"{LIGHT} {A}. {COFFEE} {B}.\n", f"{LIGHT}, and c{COFFEE[1:]} {B}.  <-- dropped-citation\n")


def test_one_of_two_citations_of_a_statement() -> None:
    lost(f"{LIGHT} {A} {B}.\n", f"{LIGHT} {B}.  <-- dropped-citation\n")


def test_citation_that_stays_at_another_statement_before() -> None:
    before = f"{COFFEE} {A}.\n\n{LIGHT} {A}.\n"
    lost(before, f"{COFFEE} {A}.\n\n{LIGHT}.  <-- dropped-citation\n")


def test_other_code_is_another_statement() -> None:
    before = (
        "If `x` is equal to `1`, then it becomes `6` [^1].\n\nIf `x` is equal to `2`, then it becomes `7` [^2].\n"
    )
    lost(before, "If `x` is equal to `2`, then it becomes `7` [^2].\n")


def test_statement_that_moved_to_another_note_without_its_citation() -> None:
    messages = lost(f"{LIGHT} {A}.\n", "# Sleep\n", **{"Light.md": f"{LIGHT}.  <-- dropped-citation\n"})
    assert messages == ["this statement lost its citation, which stood on line 1 of 'Sleep.md': [00:05:10]"]


def test_note_that_was_written_to_another_file() -> None:
    check(DroppedCitation(), {"New.md": f"{LIGHT}.  <-- dropped-citation\n"}, before={"Old.md": f"{LIGHT} {A}.\n"})


# Not reported


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("# Sleep\n", id="the statement went, too"),
        pytest.param(f"{COFFEE}.\n", id="another statement took its place"),
        pytest.param(f"# Sleep\n\nMore.\n\n{LIGHT} {A}.\n", id="both moved"),
        pytest.param(f"{LIGHT}. It is so {A}.\n", id="at the end of the paragraph"),
        pytest.param(f"{A} {LIGHT}.\n", id="at the head of the paragraph"),
        pytest.param(f"As was said {A}:\n\n- {LIGHT}\n", id="in what leads in"),
        pytest.param(f"## Light {A}\n\n{LIGHT}.\n", id="in the heading"),
        pytest.param(f"| a | b |\n| - | - |\n| {LIGHT} | {A} |\n", id="in the row"),
        pytest.param(f"{LIGHT} [5:10].\n", id="in another form"),
        pytest.param(f"{LIGHT} [00:05:10](https://youtu.be/rT4kQw81LmA?t=310).\n", id="as a link"),
        pytest.param(f"{LIGHT} {A.replace('5:10', '5:13')}.\n", id="a time that was corrected"),
        pytest.param(f"{LIGHT} (Smith, 2020).\n", id="another source"),
        pytest.param(f"{LIGHT} {A}, {A}.\n", id="twice"),
        pytest.param(f"{COFFEE}.\n\nLight is good {A}.\n", id="at another statement"),
    ],
)
def test_citation_that_is_not_lost(after: str) -> None:
    lost(f"{LIGHT} {A}.\n", after)


def test_time_that_vaultlint_corrects() -> None:
    before = f'{LIGHT} <a class="yt-timestamp" data-t="05:10">[05:10]</a>.\n'
    lost(before, f"{LIGHT} {A}.\n")


def test_address_that_moved_to_the_front_matter() -> None:
    lost(f"{LIGHT} (https://example.org/a).\n", f"---\nsource: https://example.org/a\n---\n{LIGHT}.\n")


def test_seconds_of_a_time_are_not_looked_for_in_the_front_matter() -> None:
    lost(f"{LIGHT} {A}.\n", f"---\nlength: 3100\n---\n{LIGHT}.  <-- dropped-citation\n")


def test_footnotes_with_other_numbers() -> None:
    before = f"{COFFEE} [^1]. {LIGHT} [^2].\n\n[^1]: A study.\n[^2]: Another study.\n"
    lost(before, f"{LIGHT} [^1].\n\n[^1]: Another study.\n")
    lost(before, f"{LIGHT}.  <-- dropped-citation\n\n[^1]: A study.\n[^2]: Another study.\n")


def test_other_numbers_of_a_list_of_sources() -> None:
    before = f"{COFFEE} [1]. {LIGHT} [2]. {NAPS} [3].\n"
    lost(before, f"{LIGHT} [1]. {NAPS} [2].\n")
    lost(before, f"{COFFEE} [1]. {LIGHT}. {NAPS} [3].  <-- dropped-citation\n")


def test_link_to_the_web_that_became_one_into_the_vault() -> None:
    words = "of 2019 found that light sets the clock in the brain"
    lost(f"A [study](https://example.org/a) {words}.\n", f"A [[study]] {words}.\n")


def test_time_that_several_statements_now_share() -> None:
    lost(f"{LIGHT} {A}. {COFFEE} {A}.\n", f"{LIGHT}. {COFFEE} {A}.\n")


def test_one_of_equal_statements_went() -> None:
    lost(f"- {LIGHT} {A}.\n- {LIGHT} {B}.\n", f"- {LIGHT} {B}.\n")


def test_statement_that_only_resembles_a_deleted_one() -> None:
    before = f"{LIGHT} {A}.\n\nLight sets the clock in the brain of mice late in the evening {B}.\n"
    lost(before, f"Light sets the clock in the brain of mice late in the evening {B}.\n")


@pytest.mark.parametrize("text", ["The clock {}.\n", "[Docs]({}): all the docs\n"])
def test_what_states_nothing(text: str) -> None:
    lost(text.format("https://example.org/a"), text.format(""))


def test_note_that_was_split() -> None:
    lost(f"{LIGHT} {A}.\n\n{COFFEE} {B}.\n", f"{COFFEE} {B}.\n", **{"Light.md": f"{LIGHT} {A}.\n"})


def test_statement_whose_citation_is_in_another_note_now() -> None:
    lost(f"{LIGHT} {A}.\n", f"{LIGHT}.\n", **{"Light.md": f"{LIGHT} {A}.\n"})


def test_statement_that_the_other_note_had_already() -> None:
    before = {"Sleep.md": f"{LIGHT} {A}.\n", "Light.md": f"{LIGHT}.\n"}
    check(DroppedCitation(), {"Sleep.md": "# Sleep\n", "Light.md": f"{LIGHT}.\n\nMore.\n"}, before=before)


def test_new_note_and_no_change() -> None:
    check(DroppedCitation(), {"Sleep.md": f"{LIGHT}.\n"}, before={})
    lost(f"{LIGHT}.\n", f"{LIGHT}, they say.\n")


def test_suppressed_finding() -> None:
    lost(f"{LIGHT} {A}.\n", f"{LIGHT}. %% vaultlint-ignore dropped-citation %%\n")


# The fix


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (f"{LIGHT} {A}.\n", f"{LIGHT}.\n", f"{LIGHT} {A}.\n"),
        (f"{LIGHT}. {A}\n", f"{LIGHT}.\n", f"{LIGHT}. {A}\n"),
        (f"{LIGHT}.[^1]\n\n[^1]: A.\n", f"{LIGHT}.\n\n[^1]: A.\n", f"{LIGHT}.[^1]\n\n[^1]: A.\n"),
        (f"{LIGHT} [12:30].\n", f"{LIGHT}.\n", f"{LIGHT} [12:30].\n"),
        (f"{LIGHT} (Smith, 2020).\n", f"*{LIGHT}.*\n", f"*{LIGHT}.* (Smith, 2020)\n"),
        (f"- {LIGHT} {A}\n", f"- {LIGHT}\n", f"- {LIGHT} {A}\n"),
    ],
)
def test_fix_puts_the_citation_back(before: str, after: str, wanted: str) -> None:
    marked = after.replace("\n", "  <-- dropped-citation\n", 1)
    [one] = check(DroppedCitation(), {"A.md": marked}, before={"A.md": before})
    assert fixed(one, after) == wanted
    assert one.fix is not None
    assert not one.fix.safe
    check(DroppedCitation(), {"A.md": wanted}, before={"A.md": before})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{LIGHT} [^1].\n\n[^1]: A study.\n", f"{LIGHT}.\n"),
        (
            "A [study](https://example.org/a) of 2019 found that light sets the clock in the brain.\n",
            "A study of 2019 found that light sets the clock in the brain.\n",
        ),
    ],
)
def test_no_fix_that_leads_nowhere_or_changes_words(before: str, after: str) -> None:
    marked = after.replace("\n", "  <-- dropped-citation\n", 1)
    [one] = check(DroppedCitation(), {"A.md": marked}, before={"A.md": before})
    assert one.fix is None


# In a repository


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    plain_git(monkeypatch)
    made = Repository(tmp_path / "repository")
    made.commit({"vaultlint.toml": "", "Sleep.md": f"# Sleep\n\n{LIGHT} {A}.\n\n{COFFEE} {B}.\n"})
    return made


REWRITTEN = f"# Sleep\n\n{LIGHT}.\n\n{COFFEE} {B}.\n"
FOUND = (
    "Sleep.md:3 dropped-citation: this statement lost its citation, which stood on line 3 of the old text: [00:05:10]"
)


@pytest.mark.parametrize("command", [["--staged"], ["--since", "HEAD"], ["--staged", "--fix"]], ids=" ".join)
def test_change_of_a_repository(repository: Repository, command: list[str]) -> None:
    repository.stage({"Sleep.md": REWRITTEN})
    assert repository.found("--select", "dropped-citation", *command) == [FOUND]
    assert repository.lint("check", *command).code == 1


def test_a_vault_alone_shows_nothing(repository: Repository) -> None:
    repository.stage({"Sleep.md": REWRITTEN})
    assert repository.found("--select", "dropped-citation") == []
    repository.commit()
    assert repository.found("--select", "dropped-citation", "--staged") == []
    assert repository.found("--select", "dropped-citation", "--since", "HEAD~1") == [FOUND]


def test_suppression_is_not_called_unused(repository: Repository) -> None:
    repository.stage({"Sleep.md": f"{REWRITTEN}\n%% vaultlint-ignore-file dropped-citation %%\n"})
    for command in (["--staged"], []):
        assert repository.found("--select", "dropped-citation,unused-suppression", *command) == []


def test_unsafe_fix_of_what_is_staged(repository: Repository) -> None:
    repository.stage({"Sleep.md": REWRITTEN})
    ran = repository.lint("check", "--staged", "--fix", "--unsafe-fixes", "--select", "dropped-citation")
    assert "Fixed 1 finding" in ran.out
    assert (repository.vault / "Sleep.md").read_text("utf-8") == f"# Sleep\n\n{LIGHT} {A}.\n\n{COFFEE} {B}.\n"


def test_renamed_note(repository: Repository) -> None:
    repository.git("mv", "Sleep.md", "Rest.md")
    assert repository.found("--select", "dropped-citation", "--staged") == []
    repository.stage({"Rest.md": REWRITTEN})
    [found] = repository.found("--select", "dropped-citation", "--staged")
    assert found.startswith("Rest.md:3 dropped-citation: ")


def test_merge_of_what_was_dropped_before(repository: Repository) -> None:
    repository.git("switch", "-q", "-c", "other")
    repository.commit({"Sleep.md": REWRITTEN})
    repository.git("switch", "-q", "main")
    repository.commit({"Sleep.md": f"# Sleep\n\n{LIGHT} {A}.\n\n{COFFEE} {B}.\n\nMore.\n"})
    repository.git("merge", "-q", "--no-commit", "other")
    repository.stage({"Sleep.md": f"{REWRITTEN}\nMore.\n"})
    assert repository.found("--select", "dropped-citation", "--staged") == []
    repository.stage({"Sleep.md": f"# Sleep\n\n{LIGHT}.\n\n{COFFEE}.\n"})
    [found] = repository.found("--select", "dropped-citation", "--staged")
    assert found.startswith("Sleep.md:5 ")


def test_options_of_uncited_claim_say_what_counts(repository: Repository) -> None:
    repository.stage({"Sleep.md": REWRITTEN})
    repository.write({"vaultlint.toml": '[rules.uncited-claim]\ncitations = ["footnote"]\n'})
    assert repository.found("--select", "dropped-citation", "--staged") == []


def test_notes_that_are_sources(repository: Repository) -> None:
    repository.commit({"Smith.md": "---\ndoi: 10.1/1\n---\n", "Light.md": f"{LIGHT} ([[Smith]]).\n"})
    repository.stage({"Light.md": f"{LIGHT} (Smith).\n"})
    [found] = repository.found("--select", "dropped-citation", "--staged")
    assert found.endswith("line 1 of the old text: ([[Smith]])")


def test_canvas_and_unreadable_note(repository: Repository) -> None:
    repository.stage({"Sleep.md": b"\xff\xfe", "Plan.canvas": "{}"})
    assert repository.found("--select", "dropped-citation", "--staged") == []


# Time

_NAMES = "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa"
WORDS = _NAMES.split()


def sentence(number: int) -> str:
    """A sentence that shares some words with many others, but has some of its own."""
    return " ".join(WORDS[number >> shift & 15] + str(shift) for shift in (0, 4, 8, 12)) + f" w{number} says this"


def cited(number: int) -> str:
    """A citation of a unique time."""
    return f" [{number // 60}:{number % 60:02}]"


SHAPES: dict[str, Callable[[int], tuple[str, str]]] = {
    "items": lambda i: (f"- {sentence(i)}{cited(i)}\n", f"- So {sentence(i)}\n"),
    "one paragraph": lambda i: (f"So {sentence(i)}{cited(i)}. ", f"So {sentence(i)} again. "),
    "the same sentence": lambda i: (f"- {sentence(1)}{cited(i)}\n", f"- {sentence(1)}\n"),
    "the same words": lambda i: (f"- {sentence(1)} {i}{cited(i)}\n", f"- Of {i} {sentence(1)}\n"),
    "half of them": lambda i: (f"- {sentence(i)}{cited(i)}\n", f"- So {sentence(i)}{cited(i) if i % 2 else ''}\n"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_time_grows_with_the_text(name: str) -> None:
    def seconds(count: int) -> float:
        texts = ["".join(part) for part in zip(*map(SHAPES[name], range(count)), strict=True)]
        old, new = (
            Statements(note, note.citations) for note in (read_note("A.md", f"Of this:\n\n{text}") for text in texts)
        )
        begin = process_time()
        assert sum(1 for _ in losses(old, new)) > 0
        return process_time() - begin

    seconds(50)
    assert log(seconds(1600) / seconds(400)) / log(4) < 1.5
