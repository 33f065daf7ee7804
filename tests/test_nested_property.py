"""The rule `nested-property`."""

import pytest

from vaultlint.diagnostic import Severity
from vaultlint.rules.nested_property import NestedProperty
from vaultlint.testing import check


@pytest.mark.parametrize(
    ("yaml", "name"),
    [
        ("place:  <-- nested-property\n  city: Cambridge\n", "place"),
        ("place: {city: Cambridge}  <-- nested-property\n", "place"),
        ("place: {}  <-- nested-property\n", "place"),
        ("cast:  <-- nested-property\n  - name: Mark\n  - Carrie\n", "cast"),
        ("cast: [Carrie, {name: Mark}]  <-- nested-property\n", "cast"),
        ("a:  <-- nested-property\n  b:\n    c: {d: e}\n", "a"),
    ],
)
def test_outermost_name_is_reported(yaml: str, name: str) -> None:
    (found,) = check(NestedProperty(), {"Physics.md": f"---\ntitle: x\n{yaml}---\n"})
    assert found.message == f"{name!r} contains other properties"
    assert found.span.end - found.span.start == len(name)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\n---\n",
        "---\ntags: [a, b]\n---\n",
        "---\nmatrix: [[1, 2], [3, 4]]\n---\n",
        "---\nby: [[Newton]]\n---\n",
        "---\nplace: '{city: Cambridge}'\n---\n",
        "---\nplace: |\n  city: Cambridge\n---\n",
        "---\nplace:\n---\n",
        '---\n{"title": "x"}\n---\n',
        "---\n---\n",
        "---\nplace: {city: [}\n---\n",
        "place:\n  city: Cambridge\n",
    ],
    ids=[
        "text",
        "list",
        "lists in a list",
        "unquoted link",
        "text in quotes",
        "block of text",
        "empty",
        "JSON",
        "empty block",
        "invalid block",
        "body",
    ],
)
def test_flat(text: str) -> None:
    check(NestedProperty(), {"Physics.md": text})


def test_off_by_default() -> None:
    assert NestedProperty.default_severity is Severity.OFF
