"""The rule `invalid-front-matter`."""

import pytest

from vaultlint.rules.invalid_front_matter import InvalidFrontMatter
from vaultlint.testing import check

MARK = "  <-- invalid-front-matter"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"---\ntitle: a\ntitle: b{MARK}\n---\n", "property 'title' stands here a second time"),
        (f"---{MARK}\ntitle: a\n", "front matter is not closed: no later line is `---`"),
        (f"---\n- a{MARK}\n- b\n---\n", "front matter is a list, not properties (`name: value`)"),
        (f"---\nJust text{MARK}\n---\n", "front matter is a single text, not properties (`name: value`)"),
        (f"---\nok: 1\ntitle: a: b{MARK}\n---\n", "invalid YAML: a value that holds `: ` must stand in quotes"),
        (f"---\nby: @newton{MARK}\n---\n", "invalid YAML: a value that begins with `@` must stand in quotes"),
        (
            f'---\nok: 1\ntitle: "a{MARK}\n---\n',
            'invalid YAML: the quote `"` is not closed, or its further lines are not indented',
        ),
        (f"---\nmap:\n  a: 1\n  a: 2{MARK}\n---\n", "property 'a' stands here a second time"),
    ],
)
def test_fault_and_its_place(text: str, message: str) -> None:
    (found,) = check(InvalidFrontMatter(), {"Physics.md": text})
    assert found.message == message


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Physics\n---\n",
        "---\n---\n",
        "---\nA rule, not front matter.\n",
        "---\n\nAlso a rule.\n\n---\n\nText.\n".replace("---\n\nAlso", "----\n\nAlso"),
        "\ufeff---\ntitle: [\n---\n",
        "---\ncreated: 2024-13-45\n---\n",
        "---\ntitle: a\n...\ntext\n---\n",
        "---\nTitle: a\ntitle: b\n---\n",
    ],
)
def test_valid_or_not_established(text: str) -> None:
    check(InvalidFrontMatter(), {"Physics.md": text})
