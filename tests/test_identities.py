"""The ids of findings: short, unique, and unchanged when other lines change."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from conftest import run, write_vault
from vaultlint.linting.identities import LONGEST, SHORTEST, shortened

NOTE = "See [[Newton]].\n\nSee [[Kepler]].\n\n- [[Kepler]]\n- [[Kepler]]\n"


def ids(folder: Path, *options: str) -> dict[tuple[str, str, int], str]:
    """The id of each finding, by its path, its message, and its number among equal ones."""
    found: dict[tuple[str, str, int], str] = {}
    for line in run("check", "--format", "jsonl", *options, cwd=folder).out.splitlines():
        one = json.loads(line)
        number = next(n for n in range(10) if (one["path"], one["message"], n) not in found)
        found[one["path"], one["message"], number] = one["id"]
    return found


def test_each_finding_has_its_own(tmp_path: Path) -> None:
    found = ids(write_vault(tmp_path, {"a.md": NOTE, "b.md": NOTE}))
    assert len(found) == 8
    assert len({*found.values()}) == 8
    assert all(len(one) == SHORTEST and one.isalnum() and one.islower() for one in found.values())


@pytest.mark.parametrize(
    "changed",
    [
        f"# Title\n\nMore [[Halley]].\n\n{NOTE}\nEnd.\n",
        NOTE.replace("\n\n", "\n\n\nwords\n\n"),
    ],
)
def test_it_stays_when_other_lines_change(tmp_path: Path, changed: str) -> None:
    before = ids(write_vault(tmp_path, {"a.md": NOTE}))
    after = ids(write_vault(tmp_path, {"a.md": changed, "b.md": NOTE}))
    assert {key: after[key] for key in before} == before


def test_it_changes_with_its_line(tmp_path: Path) -> None:
    before = ids(write_vault(tmp_path, {"a.md": NOTE}))
    after = ids(write_vault(tmp_path, {"a.md": NOTE.replace("See [[Newton]]", "Look at [[Newton]]")}))
    newton = next(key for key in before if "Newton" in key[1])
    assert after.pop(newton) != before.pop(newton)
    assert after == before


def test_it_is_the_same_whatever_is_checked(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": NOTE, "b.md": "[[Halley]] #a\n"})
    every = ids(tmp_path)
    assert ids(tmp_path, "b.md").items() < every.items()
    assert ids(tmp_path, "--select", "links") == every


def test_formats_agree(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": NOTE, "b.md": NOTE})
    wanted = [*ids(tmp_path).values()]
    sarif = json.loads(run("check", "--format", "sarif", cwd=tmp_path).out)["runs"][0]["results"]
    agent = run("check", "--format", "agent", "--quiet", cwd=tmp_path).out
    assert [one["properties"]["id"] for one in sarif] == wanted
    assert [line.split()[0] for line in agent.splitlines() if line and not line.startswith("==")] == wanted


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ([], []),
        (["a" * 16, "b" * 16], ["a" * 8, "b" * 8]),
        (["a" * 16, "a" * 9 + "b" * 7, "c" * 16], ["a" * 10, "a" * 9 + "b", "c" * 8]),
        (["a" * 16, "a" * 8 + "b" * 8, "a" * 10 + "b" * 6], ["a" * 11, "a" * 8 + "b", "a" * 10 + "b"]),
    ],
)
def test_those_that_begin_alike_are_longer(full: list[str], short: list[str]) -> None:
    assert shortened(full) == short
    assert all(len(one) <= LONGEST for one in short)


def test_order_makes_no_difference() -> None:
    full = ["a" * 16, "a" * 9 + "b" * 7, "a" * 9 + "c" * 7, "d" * 16]
    named: Mapping[str, str] = dict(zip(full, shortened(full), strict=True))
    backwards = full[::-1]
    assert dict(zip(backwards, shortened(backwards), strict=True)) == named
