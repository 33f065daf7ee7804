"""The recipes for CI services: validated against the services' schemas, and their shell run on a repository."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from conftest import write_vault

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
JOB = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text("utf-8"))["vaultlint"]
DOCS = (ROOT / "docs/ci.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", DOCS, re.DOTALL)

BIN = Path(sys.executable).parent
EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")
ANNOTATION = re.compile(r"^::(?:error|warning|notice) file=([^,]*),.*?title=vaultlint \(([a-z-]+)\)::", re.MULTILINE)
LINE = re.compile(r"^([^\n:]+):\d+:\d+: \w+ ([a-z-]+): ", re.MULTILINE)

OLD, OF_OTHERS = ("Old.md", "broken-link"), ("Others.md", "broken-link")
OWN = {("Physics.md", "broken-link"), ("Tides.md", "broken-link")}
"""Findings from before the change, from the target branch meanwhile, and introduced by the change."""

posix = pytest.mark.skipif(sys.platform == "win32", reason="bash may be that of another system")


class Ran(NamedTuple):
    """The results of a script, and its output on both streams."""

    code: int
    said: str
    outputs: dict[str, str]


class Host:
    """A repository on a server: a change of a vault, and a target branch with newer commits."""

    def __init__(self, folder: Path, vault: str) -> None:
        self._folder, self._runs = folder, 0
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CI"))}
        self._environment |= {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
            "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
        }
        self.bare, work = folder / "bare.git", folder / "work"
        self.git(folder, "init", "-q", "--bare", str(self.bare))
        self.git(self.bare, "config", "uploadpack.allowAnySHA1InWant", "true")  # as on the services
        self.git(folder, "init", "-q", "-b", "main", str(work))
        self._files = work / vault
        notes = {"Physics.md": "See [[Newton]].\n", "Newton.md": "A physicist.\n", "Old.md": "[[Lost]]\n"}
        write_vault(self._files, {**notes, "vaultlint.toml": ""})
        self.base = self._commit(work)
        self.git(work, "checkout", "-q", "-b", "change")
        (self._files / "Newton.md").unlink()
        write_vault(self._files, {"Tides.md": "See [[Moon]].\n"})
        self.head = self._commit(work)
        self.git(work, "checkout", "-q", "-b", "clean", "main")
        write_vault(self._files, {"Tides.md": "See [[Physics]].\n"})
        self.clean = self._commit(work)
        self.git(work, "checkout", "-q", "main")
        write_vault(self._files, {"Others.md": "[[Found]]\n"})
        self.target = self._commit(work)
        self.merged = self._merge(work, self.head)
        self.merged_clean = self._merge(work, self.clean)
        self.git(work, "push", "-q", str(self.bare), "main", "change")
        for number, commit in enumerate((self.merged, self.merged_clean, self.clean)):
            self.git(work, "push", "-q", str(self.bare), f"{commit}:refs/pull/{number}/merge")

    def git(self, folder: Path, *command: str) -> str:
        ran = subprocess.run(
            ["git", *command],
            cwd=folder,
            env=self._environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def _commit(self, work: Path) -> str:
        self.git(work, "add", "-A")
        self.git(work, "commit", "-qm", "a change")
        return self.git(work, "rev-parse", "HEAD")

    def _merge(self, work: Path, commit: str) -> str:
        """A merge of a commit into the target branch; no branch contains the merge commit."""
        self.git(work, "checkout", "-q", "--detach", "main")
        self.git(work, "merge", "-q", "--no-ff", "-m", "merged", commit)
        merged = self.git(work, "rev-parse", "HEAD")
        self.git(work, "checkout", "-q", "main")
        return merged

    def checkout(self, commit: str, *, whole: bool = False, reachable: bool = True) -> Path:
        """A clone as services make it: of one commit, or with the whole history of all branches."""
        self._runs += 1
        clone = self._folder / f"run {self._runs}" / "clone"
        self.git(self._folder, "init", "-q", str(clone))
        self.git(clone, "remote", "add", "origin", self.bare.as_uri())
        wanted = ["+refs/heads/*:refs/remotes/origin/*"] if whole else ["--depth=1"]
        self.git(clone, "fetch", "-q", "--no-tags", "origin", *wanted, f"+{commit}:refs/remotes/pull/1")
        self.git(clone, "checkout", "-q", "--detach", commit)
        if not reachable:
            self.git(clone, "remote", "set-url", "origin", (self._folder / "nowhere").as_uri())
        return clone

    def run(self, command: list[str], script: str, folder: Path, environment: Mapping[str, str]) -> Ran:
        """Run a script with an interpreter and a file for its outputs, as GitHub does."""
        file, outputs = folder.parent / "script.sh", folder.parent / "outputs"
        file.write_text(script, encoding="utf-8")
        outputs.write_text("", encoding="utf-8")
        ran = subprocess.run(
            [*command, str(file)],
            cwd=folder,
            env={**self._environment, **environment, "GITHUB_OUTPUT": str(outputs)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        lines = outputs.read_text("utf-8").splitlines()
        return Ran(ran.returncode, ran.stdout, dict(line.split("=", 1) for line in lines))


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    return Host(tmp_path_factory.mktemp("host"), "")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder for a clone."""
    folder = tmp_path / "clone"
    folder.mkdir()
    return folder


def pull_request(commit: str, **others: str) -> dict[str, str]:
    """GitHub's environment variables for a pull request."""
    return {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_BASE_REF": "main",
        "GITHUB_HEAD_REF": "change",
        "GITHUB_REF": "refs/pull/1/merge",
        "GITHUB_SHA": commit,
        **others,
    }


PUSH = {"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main", "GITHUB_BASE_REF": "", "GITHUB_HEAD_REF": ""}


def run_step(host: Host, name: str, clone: Path, environment: Mapping[str, str], values: Mapping[str, str]) -> Ran:
    """Run the shell script of a step, with values for the expressions in its environment."""
    step = STEPS[name]
    assert step["shell"] == "bash"
    own = {
        key: EXPRESSION.sub(lambda match: values.get(match[1], ""), text) for key, text in step.get("env", {}).items()
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]  # the meaning of `shell: bash`
    runner = {"RUNNER_TEMP": str(clone.parent), "GITHUB_ACTION_PATH": str(ROOT)}
    return host.run(command, step["run"], clone, {**runner, **environment, **own})


def check(host: Host, clone: Path, environment: Mapping[str, str], **inputs: str) -> Ran:
    """Run the action without its installation; the conditions of its steps are evaluated."""
    values = {f"inputs.{name}": setting["default"] for name, setting in ACTION["inputs"].items()}
    values |= {f"inputs.{name}": value for name, value in inputs.items()}
    values |= {"steps.install.outputs.bin": str(BIN)}
    base = STEPS["Find the base of the pull request"]
    assert base["if"] == "github.base_ref"
    if environment["GITHUB_BASE_REF"]:
        ran = run_step(host, base["name"], clone, environment, values)
        assert ran.code == 0, ran.said
        values |= {f"steps.base.outputs.{name}": value for name, value in ran.outputs.items()}
    return run_step(host, "Check the vault", clone, environment, values)


def annotated(ran: Ran) -> set[tuple[str, str]]:
    return set(ANNOTATION.findall(ran.said))


# GitHub


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.gitlab-ci", "ci/gitlab.yml"),
    ],
)
def test_file_is_valid(schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / file)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stdout


def test_no_step_puts_a_value_into_the_text_of_a_script() -> None:
    scripts = [step["run"] for step in STEPS.values() if "run" in step]
    assert len(scripts) == 4
    assert not [script for script in scripts if "${{" in script]


def test_every_value_that_a_step_uses_is_there() -> None:
    outputs = {
        step["id"]: set(re.findall(r'echo "(\w+)=', step.get("run", ""))) for step in STEPS.values() if "id" in step
    }
    outputs["python"] = {"python-version", "python-path"}
    used = re.findall(r"(inputs|steps)\.([\w-]+)(?:\.outputs\.([\w-]+))?", (ROOT / "action.yml").read_text("utf-8"))
    assert {name for kind, name, _ in used if kind == "inputs"} == set(ACTION["inputs"])
    assert {name for kind, name, _ in used if kind == "steps"} == set(outputs)
    assert all(output in outputs[name] for kind, name, output in used if kind == "steps")


@posix
@pytest.mark.parametrize("whole", [False, True])
def test_pull_request_is_held_to_what_it_changes(host: Host, tmp_path: Path, whole: bool) -> None:
    clone = host.checkout(host.merged, whole=whole)
    summary = tmp_path / "summary.md"
    ran = check(host, clone, pull_request(host.merged, GITHUB_STEP_SUMMARY=str(summary)))
    assert (ran.code, annotated(ran)) == (1, OWN)
    assert "was deleted" in ran.said
    assert "| error | `broken-link` | 2 |" in summary.read_text("utf-8")


@posix
def test_nothing_is_fetched_where_the_history_is_there(host: Host) -> None:
    clone = host.checkout(host.merged, whole=True, reachable=False)
    ran = check(host, clone, pull_request(host.merged))
    assert (ran.code, annotated(ran)) == (1, OWN)


@posix
@pytest.mark.parametrize("whole", [False, True])
def test_pull_request_that_breaks_nothing_passes(host: Host, whole: bool) -> None:
    ran = check(host, host.checkout(host.merged_clean, whole=whole), pull_request(host.merged_clean))
    assert (ran.code, annotated(ran)) == (0, set())


@posix
def test_head_of_a_pull_request_is_compared_with_where_it_left_its_base(host: Host) -> None:
    ran = check(host, host.checkout(host.head, whole=True), pull_request(host.merged))
    assert (ran.code, annotated(ran)) == (1, OWN)


@posix
@pytest.mark.parametrize("event", ["pull_request_target", "pull_request"])
def test_head_of_a_pull_request_without_its_history_says_what_is_missing(host: Host, event: str) -> None:
    said_of_base = {"GITHUB_REF": "refs/heads/main"} if event == "pull_request_target" else {}
    ran = check(host, host.checkout(host.head), pull_request(host.target, **said_of_base))
    assert (ran.code, annotated(ran)) == (2, set())
    assert "`fetch-depth: 0`" in ran.said


@posix
def test_base_that_cannot_be_fetched_says_what_is_missing(host: Host) -> None:
    clone = host.checkout(host.merged, reachable=False)
    ran = check(host, clone, pull_request(host.merged))
    assert (ran.code, annotated(ran)) == (2, set())
    assert "`fetch-depth: 0`" in ran.said


@posix
def test_push_is_held_to_the_whole_vault(host: Host) -> None:
    ran = check(host, host.checkout(host.target), {**PUSH, "GITHUB_SHA": host.target})
    assert (ran.code, annotated(ran)) == (1, {OLD, OF_OTHERS})


@posix
def test_arguments_are_split_at_blanks(host: Host) -> None:
    clone = host.checkout(host.target)
    for arguments, code in [("--ignore links", 0), ("--ignore\n  links\n", 0), ("--exit-zero", 0), ("Old.md", 1)]:
        ran = check(host, clone, {**PUSH, "GITHUB_SHA": host.target}, args=arguments)
        assert ran.code == code
    assert annotated(ran) == {OLD}


@posix
@pytest.mark.parametrize("vault", ["content", "My notes", 'a\'b $(x) "c" *'])
def test_vault_in_a_folder_of_any_name(tmp_path: Path, vault: str) -> None:
    host = Host(tmp_path, vault)
    ran = check(host, host.checkout(host.merged), pull_request(host.merged), vault=vault)
    assert ran.code == 1
    assert {(path.removeprefix(f"{vault}/"), rule) for path, rule in annotated(ran)} == OWN


HOSTILE = ["$(touch own) `touch own`", "; touch own; && touch own\ntouch own\n", "\"'; touch own; '\""]


@posix
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["vault", "args", "sarif"])
def test_input_is_no_command(host: Host, name: str, text: str) -> None:
    clone = host.checkout(host.target)
    ran = check(host, clone, {**PUSH, "GITHUB_SHA": host.target}, **{name: text})
    assert ran.code == (1 if name == "sarif" else 2), ran.said
    assert not [*clone.parent.rglob("own")]


@posix
def test_name_of_a_branch_is_no_command(host: Host) -> None:
    environment = pull_request(host.merged, GITHUB_BASE_REF="a$(touch${IFS}own)`touch${IFS}own`")
    clone = host.checkout(host.head, whole=True)
    ran = check(host, clone, environment)
    assert (ran.code, annotated(ran)) == (2, set())
    assert not [*clone.parent.rglob("own")]


@posix
def test_nothing_in_an_argument_is_a_pattern(host: Host) -> None:
    ran = check(host, host.checkout(host.target), {**PUSH, "GITHUB_SHA": host.target}, args="Old*")
    assert ran.code == 2
    assert "Old*: there is no such file or folder" in ran.said


@posix
def test_code_scanning_gets_the_whole_vault_and_the_log_what_is_new(host: Host) -> None:
    clone = host.checkout(host.merged)
    ran = check(host, clone, pull_request(host.merged), sarif="true")
    assert (ran.code, annotated(ran)) == (1, OWN)
    file = Path(ran.outputs["sarif"])
    assert not file.is_relative_to(clone)
    (run,) = json.loads(file.read_text("utf-8"))["runs"]
    found = {
        (one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], one["ruleId"]) for one in run["results"]
    }
    assert found == OWN | {OLD, OF_OTHERS}
    upload = STEPS["Upload to code scanning"]
    assert upload["if"] == "${{ !cancelled() && steps.check.outputs.sarif }}"  # even if there are findings
    assert upload["with"]["sarif_file"] == "${{ steps.check.outputs.sarif }}"


@posix
@pytest.mark.parametrize(("vault", "name"), [("", "vault-report"), ("My notes/a", "vault-report-My-notes-a")])
def test_page_is_of_the_whole_vault(tmp_path: Path, vault: str, name: str) -> None:
    host = Host(tmp_path, vault)
    clone = host.checkout(host.merged)
    ran = check(host, clone, pull_request(host.merged), report="true", vault=vault)
    assert ran.code == 1
    assert ran.outputs["artifact"] == name
    text = Path(ran.outputs["report"]).read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert all(word in text for word in ("Old", "Others", "Tides"))
    upload = STEPS["Upload the page"]
    assert upload["if"] == "${{ !cancelled() && steps.check.outputs.report }}"
    assert upload["with"]["path"] == "${{ steps.check.outputs.report }}"
    assert upload["with"]["name"] == "${{ steps.check.outputs.artifact }}"


@posix
def test_nothing_is_uploaded_unasked_or_after_wrong_use(host: Host) -> None:
    clone = host.checkout(host.target)
    assert check(host, clone, {**PUSH, "GITHUB_SHA": host.target}).outputs == {}
    ran = check(host, clone, {**PUSH, "GITHUB_SHA": host.target}, sarif="true", args="--select nonsense")
    assert (ran.code, ran.outputs) == (2, {})


@posix
def test_cache_is_one_for_system_python_and_requirements(host: Host, tmp_path: Path, place: Path) -> None:
    runner = {"RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "RUNNER_TEMP": str(tmp_path / "temp")}
    copy = tmp_path / "action"
    copy.mkdir()
    shutil.copyfile(ROOT / "pyproject.toml", copy / "pyproject.toml")
    here = {**runner, "GITHUB_ACTION_PATH": str(copy)}
    values = {"steps.python.outputs.python-version": "3.14.1"}

    def key(environment: Mapping[str, str], values: Mapping[str, str] = values) -> str:
        ran = run_step(host, "Find the cache", place, environment, values)
        assert ran.code == 0, ran.said
        assert Path(ran.outputs["path"]).is_relative_to(tmp_path / "temp")
        return ran.outputs["key"]

    first = key(here)
    assert re.fullmatch(r"vaultlint-Linux-X64-3\.14\.1-[0-9a-f]{40}", first)
    assert key(here) == first
    (copy / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    others = [
        key(here),
        key({**here, "RUNNER_OS": "macOS"}),
        key(here, {"steps.python.outputs.python-version": "3.15.0"}),
    ]
    assert len({first, *others}) == 4


def write_modules(folder: Path) -> None:
    """Write modules that leave a trace if they are imported instead of Python's own."""
    own = "from pathlib import Path\nPath(__file__).with_name('own').touch()\n"
    write_vault(folder, {f"{name}.py": own for name in ("venv", "ensurepip", "pip", "logging", "shutil")})


@posix
@pytest.mark.network
def test_action_installs_its_own_checkout(host: Host, tmp_path: Path, place: Path) -> None:
    values = {"steps.python.outputs.python-path": sys.executable, "steps.cache.outputs.path": str(tmp_path / "pip")}
    write_modules(place)
    ran = run_step(host, "Install vaultlint", place, {}, values)
    assert not (place / "own").exists()
    if "No matching distribution found" in ran.said:
        pytest.skip("nothing can be installed without a network")
    assert ran.code == 0, ran.said
    command = [f"{ran.outputs['bin']}/vaultlint", "check"]
    checked = subprocess.run(command, cwd=ROOT / "docs", capture_output=True, encoding="utf-8", check=False)
    assert checked.returncode == 0, checked.stdout


# GitLab


def run_job(host: Host, clone: Path, shell: list[str], **variables: str) -> Ran:
    """Run the lines of the job in one shell, as runners do."""
    own = {name: value.replace("$CI_PROJECT_DIR", str(clone)) for name, value in JOB["variables"].items()}
    return host.run(shell, "\n".join(JOB["script"]), clone, {"CI": "true", **own, **variables})


def reported(clone: Path) -> set[tuple[str, str]]:
    report = json.loads((clone / JOB["artifacts"]["reports"]["codequality"]).read_text("utf-8"))
    return {(one["location"]["path"], one["check_name"]) for one in report}


shells = pytest.mark.parametrize("shell", [["bash", "-eo", "pipefail"], ["sh", "-e"]], ids=["bash", "sh"])


@posix
@shells
def test_merge_request_is_held_to_what_it_changes(host: Host, shell: list[str]) -> None:
    clone = host.checkout(host.head, whole=True)
    ran = run_job(host, clone, shell, CI_MERGE_REQUEST_DIFF_BASE_SHA=host.base)
    assert (ran.code, set(LINE.findall(ran.said))) == (1, OWN)
    assert reported(clone) == OWN | {OLD}


@posix
@shells
def test_merge_request_that_is_checked_as_merged(host: Host, shell: list[str]) -> None:
    clone = host.checkout(host.merged, whole=True)
    target = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": host.base, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": host.target}
    ran = run_job(host, clone, shell, **target)
    assert (ran.code, set(LINE.findall(ran.said))) == (1, OWN)


@posix
@shells
def test_merge_request_that_breaks_nothing_passes(host: Host, shell: list[str]) -> None:
    clone = host.checkout(host.clean, whole=True)
    ran = run_job(host, clone, shell, CI_MERGE_REQUEST_DIFF_BASE_SHA=host.base)
    assert (ran.code, LINE.findall(ran.said)) == (0, [])
    assert reported(clone) == {OLD}


@posix
@shells
def test_branch_is_held_to_the_whole_vault(host: Host, shell: list[str]) -> None:
    clone = host.checkout(host.target, whole=True)
    ran = run_job(host, clone, shell)
    assert (ran.code, set(LINE.findall(ran.said))) == (1, {OLD, OF_OTHERS})
    ran = run_job(host, clone, shell, VAULTLINT_ARGS="--ignore links")
    assert (ran.code, LINE.findall(ran.said)) == (0, [])


@posix
@shells
@pytest.mark.parametrize("text", [*HOSTILE, "Old*"])
def test_variable_of_a_job_is_no_command(host: Host, shell: list[str], text: str) -> None:
    clone = host.checkout(host.target, whole=True)
    ran = run_job(host, clone, shell, VAULTLINT_ARGS=text)
    assert ran.code == 2
    assert not [*clone.parent.rglob("own")]


@posix
@shells
def test_job_keeps_the_page(host: Host, shell: list[str]) -> None:
    clone = host.checkout(host.target, whole=True)
    run_job(host, clone, shell)
    [page] = JOB["artifacts"]["paths"]
    assert (clone / page).read_text("utf-8").startswith("<!doctype html>")
    assert page.startswith(".")  # a hidden folder, so not part of the vault


@posix
@shells
def test_report_of_a_job_is_no_attachment(host: Host, shell: list[str]) -> None:
    clone = host.checkout(host.clean, whole=True)
    (clone / "plan.png").touch()
    ran = run_job(host, clone, shell, VAULTLINT_ARGS="--select orphan-attachment")
    assert (ran.code, LINE.findall(ran.said)) == (1, [("plan.png", "orphan-attachment")])


@posix
def test_history_that_is_missing_is_told(host: Host) -> None:
    clone = host.checkout(host.head)
    ran = run_job(host, clone, ["bash", "-eo", "pipefail"], CI_MERGE_REQUEST_DIFF_BASE_SHA=host.base)
    assert ran.code == 2
    assert "the clone is shallow" in ran.said
    assert JOB["variables"]["GIT_DEPTH"] == "0"


@posix
@pytest.mark.network
def test_job_installs_from_its_source(host: Host, tmp_path: Path, place: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    path = os.pathsep.join([str(environment / "bin"), os.environ["PATH"]])
    variables = {"VAULTLINT_SOURCE": str(ROOT), "PIP_CACHE_DIR": str(tmp_path / "pip"), "PATH": path}
    write_modules(place)
    ran = host.run(["sh", "-e"], "\n".join(JOB["before_script"]), place, variables)
    assert not (place / "own").exists()
    if "No matching distribution found" in ran.said:
        pytest.skip("nothing can be installed without a network")
    assert ran.code == 0, ran.said
    assert (environment / "bin" / "vaultlint").is_file()


# The documentation page


def fragments(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def test_workflow_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "vaultlint.yml"
    file.write_text(fragments("yaml")[0], encoding="utf-8")
    test_file_is_valid("vendor.github-workflows", str(file))


def test_workflows_set_what_can_be_set() -> None:
    used = [yaml.safe_load(re.sub(r"^ {4,6}", "", text, flags=re.MULTILINE)) for text in fragments("yaml")[1:3]]
    steps = [used[0][0], used[1]["steps"][1]]
    assert [step["uses"] for step in steps] == ["OWNER/vaultlint@main"] * 2
    assert {name for step in steps for name in step["with"]} == {"vault", "args", "sarif"}


def test_every_input_is_told_with_its_default() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| .* \| (?:`(.*)` )?\|$", DOCS, re.MULTILINE)
    assert dict(rows) == {name: setting["default"] for name, setting in ACTION["inputs"].items()}


def test_job_that_includes_the_file_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "gitlab-ci.yml"
    file.write_text(fragments("yaml")[3], encoding="utf-8")
    test_file_is_valid("vendor.gitlab-ci", str(file))
    included = yaml.safe_load(fragments("yaml")[3])
    assert set(included["vaultlint"]["variables"]) <= set(JOB["variables"])
    assert included["vaultlint"]["variables"]["VAULTLINT_SOURCE"] == JOB["variables"]["VAULTLINT_SOURCE"]


@posix
@pytest.mark.parametrize(("branch", "code"), [("head", 1), ("clean", 0)])
def test_commands_for_any_other_service(host: Host, tmp_path: Path, branch: str, code: int) -> None:
    (script,) = fragments("sh")
    shims, said = tmp_path / "shims", tmp_path / "pipx.txt"
    shims.mkdir()
    (shims / "pipx").write_text(f'#!/bin/sh\necho "$@" > "{said}"\n', encoding="utf-8")
    (shims / "pipx").chmod(0o755)
    clone = host.checkout(getattr(host, branch), whole=True)
    path = os.pathsep.join([str(shims), str(BIN), os.environ["PATH"]])
    ran = host.run(["sh", "-e"], script, clone, {"PATH": path})
    assert ran.code == code, ran.said
    assert said.read_text("utf-8") == "install git+https://github.com/OWNER/vaultlint\n"
    report = (clone / ".vaultlint.xml").read_text("utf-8")
    assert ("Physics.md" in report, "Old.md" in report) == (bool(code), False)
