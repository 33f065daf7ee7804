"""The rule `ambiguous-link`."""

import pytest

from vaultlint.rules.ambiguous_link import AmbiguousLink
from vaultlint.testing import check, fixed

TIE = {"aa/Note.md": "", "bb/Note.md": ""}


def test_paths_of_equal_length() -> None:
    (found,) = check(AmbiguousLink(), {**TIE, "Here.md": "See [[Note]].  <-- ambiguous-link\n"})
    assert [related.path for related in found.related] == ["aa/Note.md", "bb/Note.md"]
    assert fixed(found, "See [[Note]].\n") == "See [[aa/Note|Note]].\n"
    assert found.fix is not None
    assert not found.fix.safe


@pytest.mark.parametrize(
    "files",
    [
        {**TIE, "Note.md": "", "Here.md": "[[Note]]\n"},
        {**TIE, "aa/Here.md": "[[Note]]\n"},
        {**TIE, "Here.md": "[[bb/Note]]\n"},
        {**TIE, "c/Note.md": "", "Here.md": "[[Note]]\n"},
        {"Note.md": "", "NOTE.md": "", "Here.md": "[[Note]]\n"},
    ],
    ids=["exact path", "own folder", "path given", "shortest path", "case only: not established"],
)
def test_settled(files: dict[str, str]) -> None:
    check(AmbiguousLink(), files)


def test_settled_by_length_on_request() -> None:
    files = {"aa/Note.md": "", "b/Note.md": "", "Here.md": "See [[Note]].  <-- ambiguous-link\n"}
    (found,) = check(AmbiguousLink(shortest=True), files)
    assert fixed(found, "See [[Note]].\n") == "See [[b/Note|Note]].\n"


@pytest.mark.parametrize(
    "files",
    [
        {"aa/Note.md": "", "b/Note.md": "", "aa/Here.md": "[[Note]]\n"},
        {"aa/Note.md": "", "Note.md": "", "Here.md": "[[Note]] [[./Note]] [[/Note]]\n"},
        {"aa/Note.md": "", "Here.md": "[[Note]] [[#x]]\n"},
    ],
    ids=["own folder", "exact path", "only one"],
)
def test_own_folder_and_exact_paths_are_never_reported(files: dict[str, str]) -> None:
    check(AmbiguousLink(shortest=True), files)
