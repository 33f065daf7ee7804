"""After any change to a vault, a cached run equals a fresh one, and `--staged` reports what the change introduced.

`python -m benchmarks.net` runs many more steps.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from benchmarks.net.driver import (
    Found,
    checked_step,
    done,
    first_actions,
    read,
    replayed,
    shrunk,
    staged_step,
    walk,
    written,
)
from benchmarks.net.edits import (
    CONFIGURATION,
    Action,
    Check,
    CheckStaged,
    Commit,
    Move,
    Remove,
    Stage,
    Write,
    at_random,
    few,
)
from benchmarks.net.harness import MODES, Difference, Net, Wanted, rule_names, surroundings
from benchmarks.net.words import CLAIMS, SPOKEN, TIMESTAMPS, Choose

CONFIGURED = Write(CONFIGURATION, 'vault = "vault"\n')


@pytest.fixture(autouse=True, scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with surroundings(tmp_path_factory.mktemp("plugin") / "site"):
        yield


class Changes(RuleBasedStateMachine):
    """A vault that changes. A seed decides each step, because a step takes hundreds of decisions."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.names = rule_names()
        self.net: Net
        self.vocabulary: Choose
        self.random = Random()  # noqa: S311

    @initialize(seed=st.integers(0, 10**6), mode=st.sampled_from(MODES))
    def make(self, seed: int, mode: str) -> None:
        self.net = Net(Path(self.folder.name), mode)
        self.vocabulary = few(at_random(self.random))
        self.do(seed, first_actions)

    @rule(seed=st.integers(0, 10**6))
    def check(self, seed: int) -> None:
        self.do(seed, checked_step)

    @precondition(lambda self: self.net.is_repository)
    @rule(seed=st.integers(0, 10**6))
    def check_staged(self, seed: int) -> None:
        self.do(seed, staged_step)

    def do(self, seed: int, step: Callable[[Net, Choose, list[str]], Iterable[Action]]) -> None:
        self.random.seed(seed)
        found = done(self.net, step(self.net, self.vocabulary, self.names))
        if found is not None:
            pytest.fail(report(shrunk(found)))

    def teardown(self) -> None:
        self.folder.cleanup()


def report(found: Found) -> str:
    actions = "\n".join(f"  {action}" for action in found.actions)
    return f"{found.difference.kind} in mode {found.mode}\n{found.difference.text}\n{actions}"


TestChanges = pytest.mark.once(Changes.TestCase)
TestChanges.settings = settings(
    max_examples=6,
    stateful_step_count=10,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # `shrunk` reduces a failure
    suppress_health_check=[*HealthCheck],
)


def _both(rule_name: str, family: str) -> str:
    """Two overrides for the same notes: a rule gets a severity in one, and its family is selected in the other."""
    overrides = (f'severity.{rule_name} = "warning"', f'select = ["{family}"]')
    return "".join(f'[[overrides]]\npaths = ["*"]\n{one}\n' for one in overrides)


WITH_VIDEOS = Write(
    CONFIGURATION,
    'vault = "vault"\n[[sources]]\nlengths = "videos/{id}.info.json"\ntranscripts = "videos/{id}.{lang}.vtt"\n',
)


WITH_PLUGIN = Write(CONFIGURATION, f'{CONFIGURED.text}select = ["broken-link", "much-linked"]\n')


def said(minute: int) -> str:
    """A transcript in which the first sentence is said at the given minute."""
    said_there = f"00:{minute:02}:00.000 --> 00:{minute:02}:09.000\n{SPOKEN[0]}\n"
    return f"WEBVTT\n\n{said_there}\n00:59:00.000 --> 00:59:01.000\nEnd\n"


CAUGHT: dict[str, list[Action]] = {
    "a file comes that a relative link would find if it were searched for": [
        CONFIGURED,
        Write("Kepler.md", "See ![](../isaac-newton.md).\n"),
        Commit(),
        Write("People/isaac-newton.md", ""),
        Stage(),
        CheckStaged(),
    ],
    "what was meant by a link is answered by the file that moved here": [
        CONFIGURED,
        Write("Newton.md", "## [[Newtom]]: laws\n"),
        Check(),
        Commit(),
        Move("Newton.md", "Laws.md"),
        Stage(),
        CheckStaged(),
        Write("Laws.md", "See [[#Law]].\n## [[Newtom]]: laws\n"),
        Check(),
    ],
    "the heading goes that a link by an alias names": [
        CONFIGURED,
        Write("A.md", "[[Old name#Laws]]\n"),
        Write("Newton.md", "---\naliases: [Old name]\n---\n# Laws\n"),
        Check(),
        Write("Newton.md", "---\naliases: [Old name]\n---\n# Life\n"),
        Check(),
    ],
    "the heading goes that a misspelt link names": [
        CONFIGURED,
        Write("A.md", "[[Isaac_Newton#Laws]]\n"),
        Write("Isaac Newton.md", "# Laws\n"),
        Check(),
        Write("Isaac Newton.md", "# Life\n"),
        Check(),
    ],
    "a link to a source becomes an embed, which cites nothing": [
        CONFIGURED,
        Write("A.md", f"{CLAIMS[0]}\n"),
        Write("B.md", "It is [[Kepler]].\n"),
        Write("Kepler.md", "---\ndoi: 10.1/x\n---\n"),
        Check(),
        Write("B.md", "It is ![[Kepler]].\n"),
        Check(),
    ],
    "two overrides together switch on a rule that sees the whole vault": [
        Write(CONFIGURATION, f'{CONFIGURED.text}select = ["claims"]\n{_both("orphan-note", "links")}'),
        Write("A.md", "[[Newton]]\n"),
        Write("Newton.md", "[[A]]\n"),
        Check(),
        Write("A.md", "Newton\n"),
        Check(),
    ],
    "two overrides together switch on a rule of a plug-in": [
        Write(CONFIGURATION, f'{CONFIGURED.text}select = ["claims"]\n{_both("same-opening", "general")}'),
        Write("A.md", "# Laws\n"),
        Write("Newton.md", "# Life\n"),
        Check(),
        Write("A.md", "# Life\n"),
        Check(),
    ],
    "the heading goes that a canvas names": [
        CONFIGURED,
        Write("Map.canvas", '{"nodes": [{"type": "file", "file": "Newton.md", "subpath": "#Laws"}]}'),
        Write("Newton.md", "# Laws\n"),
        Commit(),
        Write("Newton.md", "# Life\n"),
        Stage(),
        CheckStaged(),
    ],
    "the heading goes from the second of two notes that answer alike": [
        CONFIGURED,
        Write("newton.md", "## Lifes\n"),
        Write("Newton.md", "See [[newton#Lifes]].\n"),
        Commit(),
        Write("newton.md", ""),
        Stage(),
        CheckStaged(),
    ],
    "the length of a video and its transcript change": [
        WITH_VIDEOS,
        Write("A.md", f"---\nvideoId: Talk_000001\n---\n{SPOKEN[0]} {TIMESTAMPS[0]}\n"),
        Check(),
        Write("../videos/Talk_000001.info.json", '{"duration": 100}'),
        Check(),
        Write("../videos/Talk_000001.info.json", '{"duration": 9000}'),
        Write("../videos/Talk_000001.en.vtt", said(20)),
        Check(),
        Write("../videos/Talk_000001.en.vtt", said(5)),
        Check(),
        Remove("../videos/Talk_000001.en.vtt"),
        Check(),
        Write("A.md", f"---\nvideoId: Talk_000002\n---\n{SPOKEN[0]} {TIMESTAMPS[0]}\n"),
        Write("../videos/Talk_000002.de.vtt", said(20)),
        Check(),
    ],
    "the note goes to which a relative path may have led": [
        CONFIGURED,
        Write("People/A.md", "[[../Kepler]]\n"),
        Write("Sources/Kepler.md", ""),
        Commit(),
        Remove("Sources/Kepler.md"),
        Stage(),
        CheckStaged(),
    ],
    "only .gitignore changes, and a rule of a plug-in depends on everything": [
        WITH_PLUGIN,
        Write("A.md", "![[People/Kepler]]\n"),
        Commit(),
        Check(),
        Write(".gitignore", "People/*\n"),
        Check(),
    ],
    "only the history changes, and a rule of a plug-in depends on everything": [
        WITH_PLUGIN,
        Write("Newton.md", "[him](newton#Life)\n"),
        Commit(),
        Move("Newton.md", "Laws.md"),
        Check(),
        Commit(),
        Check(),
    ],
    "only the length of a video changes, and a rule of a plug-in depends on everything": [
        Write(CONFIGURATION, WITH_VIDEOS.text.replace("[[", 'select = ["timestamps", "much-linked"]\n[[', 1)),
        Write("A.md", f"---\nvideoId: Talk_000001\n---\n{SPOKEN[0]} {TIMESTAMPS[0]}\n"),
        Write("../videos/Talk_000001.info.json", '{"duration": 9000}'),
        Check(),
        Write("../videos/Talk_000001.info.json", '{"duration": 100}'),
        Check(),
    ],
    "an alias comes that one answer to a plug-in asks another one for": [
        Write(CONFIGURATION, f'{CONFIGURED.text}select = ["common-slip"]\n'),
        Write("A.md", "[[Nobody]]\n"),
        Write("Kepler.md", ""),
        Check(),
        Write("Kepler.md", "---\naliases: [Nobody]\n---\n"),
        Check(),
    ],
}
"""Changes after which a cached run, or `--staged`, was wrong once."""


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", CAUGHT)
def test_fault_that_was_caught_before(case: str, mode: str) -> None:
    assert replayed(mode, CAUGHT[case]) is None


class Forgetful(Net):
    """Fails as soon as a text contains "fault"."""

    def do(self, action: Action) -> Difference | None:
        if isinstance(action, Check) and any(isinstance(one, Write) and "fault" in one.text for one in self.actions):
            return Difference("a fault", "found")
        return super().do(action)


def test_only_actions_that_matter_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.net.driver.Net", Forgetful)
    actions: list[Action] = [
        CONFIGURED,
        Write("A.md", "a\n"),
        Check(),
        Write("B.md", "a\na fault\nb\n"),
        Move("A.md", "C.md"),
        Check(),
    ]
    found = shrunk(Found("young", Difference("a fault", ""), actions))
    assert found.actions == [Write("B.md", "a fault\n"), Check()]
    assert read(written(found)) == found


def test_same_seed_takes_the_same_steps(tmp_path: Path) -> None:
    walks = [list(walk(tmp_path / name, Random(5), rule_names(), 2)) for name in "ab"]  # noqa: S311
    assert walks[0] == walks[1]


STAGED: list[Action] = [
    CONFIGURED,
    Write("A.md", "[[Kepler]] [[Nobody]]\n"),
    Write("Kepler.md", ""),
    Commit(),
    Move("Kepler.md", "Newton.md"),
    Write("B.md", "[[Nobody]]\n"),
    Stage(),
    Write("B.md", "[[Anybody]]\n"),
    CheckStaged(),
]


def test_staged_check_is_the_difference_of_two_runs() -> None:
    assert replayed("settled", STAGED) is None


@pytest.mark.parametrize("wrong", ["missing", "needless", "invented", "no cause"])
def test_wrong_staged_check_is_seen(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.net import harness

    compared = harness.staged_difference

    def spoilt(
        said: list[dict[str, object]], wanted: Wanted, after: list[dict[str, object]], knows_renames: bool
    ) -> object:
        known = next(one for one in after if one not in said and "Nobody" in str(one["message"]))
        caused = next(one for one in said if one["path"] == "A.md")
        others = [one for one in said if one is not caused]
        spoilt_ones = {
            "missing": others,
            "needless": [*said, known],
            "invented": [*said, dict(caused, rule="uncited-claim")],
            "no cause": [*others, dict(caused, message="no note or attachment named 'Kepler'")],
        }
        return compared(spoilt_ones[wrong], wanted, after, knows_renames)

    monkeypatch.setattr(harness, "staged_difference", spoilt)
    difference = replayed("settled", STAGED)
    assert difference is not None
    assert difference.kind.startswith(f"staged: {wrong}")
