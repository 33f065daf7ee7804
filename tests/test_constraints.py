"""The versions for development: which packages the file lists, and which commands install them."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONSTRAINTS = (ROOT / "constraints.txt").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

NAME = re.compile(r"[\w.-]+")
COMMAND = re.compile(r"uv pip compile .*")


def normalized(requirement: str) -> str:
    """The name in a requirement, as package indexes compare names."""
    found = NAME.match(requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_every_dependency_has_a_version() -> None:
    listed = {normalized(line) for line in CONSTRAINTS.splitlines() if "==" in line and not line.startswith("#")}
    wanted = {normalized(one) for one in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]}
    assert wanted - listed == set(), "write constraints.txt anew, see CONTRIBUTING.md"


def test_command_is_the_documented_one() -> None:
    [documented] = COMMAND.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    [used] = COMMAND.findall(CONSTRAINTS)
    assert documented.replace(" --upgrade", "") == used


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_development_installs_these_versions(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text("utf-8").splitlines() if " -m pip install " in line]
    assert lines
    assert [line for line in lines if "-c constraints.txt" not in line] == []
