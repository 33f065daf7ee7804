"""The rule `invalid-front-matter`."""

import json
import re
from pathlib import Path

import pytest

from vaultlint.reading.front_matter import read_front_matter
from vaultlint.rules.invalid_front_matter import InvalidFrontMatter
from vaultlint.testing import check

MARK = "  <-- invalid-front-matter"
CASES: list[tuple[str, object]] = json.loads((Path(__file__).parent / "yaml_cases.json").read_text(encoding="utf-8"))
_OF_PARSERS = re.compile(
    r"expected key|escape character|alphabetic|numeric character|\bmap(?:ping)?s?\b|token|scalar|node|sequence|anchor"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"---\ntitle: a\ntitle: b{MARK}\n---\n", "property 'title' appears here a second time"),
        (f"---{MARK}\ntitle: a\n", "front matter is not closed: no later line is `---`"),
        (f"---\n- a{MARK}\n- b\n---\n", "front matter is a list, not properties (`name: value`)"),
        (f"---\nJust text{MARK}\n---\n", "front matter is a single text, not properties (`name: value`)"),
        (f"---\nok: 1\ntitle: a: b{MARK}\n---\n", "invalid YAML: a value that contains `: ` must be in quotes"),
        (f"---\nby: @newton{MARK}\n---\n", "invalid YAML: a value that begins with `@` must be in quotes"),
        (
            f'---\nok: 1\ntitle: "a{MARK}\n---\n',
            'invalid YAML: the quote `"` is not closed, or its next lines are not indented',
        ),
        (f"---\nmap:\n  a: 1\n  a: 2{MARK}\n---\n", "property 'a' appears here a second time"),
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


QUOTE = "must be in quotes"


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        (
            f"people: [[A]], [[B]]{MARK}",
            "nothing can follow a link without quotes; put each link in quotes, and more than one in a list",
        ),
        (
            f"note: [[A]] and more{MARK}",
            "nothing can follow a link without quotes; put each link in quotes, and more than one in a list",
        ),
        (f"a: *bold*{MARK}", f"a value that begins with `*` {QUOTE}"),
        (f"a: **bold** text{MARK}", f"a value that begins with `*` {QUOTE}"),
        (f"- a\n- *.md{MARK}", f"a value that begins with `*` {QUOTE}"),
        (f"title: a: b{MARK}", f"a value that contains `: ` {QUOTE}"),
        (f"title: a\n  b: c{MARK}", f"a value that contains `: ` {QUOTE}"),
        (f"x: y\ntype:[[X]]{MARK}\nz: w", "a space is missing after the colon: `type: …`"),
        (f'"a":b{MARK}', "a space is missing after the colon"),
        (f'a: "[[P\\|A]]"{MARK}', "in double quotes, a backslash is not allowed before `|`; remove it"),
        (
            f'a: "C:\\Users"{MARK}',
            "in double quotes, a backslash is not allowed before `U`; put the value in single quotes",
        ),
        (
            f"when: {{{{date}}}}, {{{{time}}}}{MARK}",
            f"Obsidian can't read this; a value that begins with `{{{{` {QUOTE}",
        ),
        (f"tags:\n\t- a{MARK}", "a tab is not allowed here; indent YAML with spaces"),
        (f"a: b\n\tc: d{MARK}", "a tab is not allowed here; indent YAML with spaces"),
        (f"x: y\n<<<<<<< HEAD{MARK}\na: 1\n=======\na: 2\n>>>>>>> b", "a merge conflict is not resolved (`<<<<<<<`)"),
        (f"a: `b`{MARK}", f"a value that begins with ``` {QUOTE}"),
        (f"a: %b{MARK}", f"a value that begins with `%` {QUOTE}"),
        (f'a: "b" c{MARK}', "text follows a closing quote; put the whole value in quotes of the other kind"),
        (f"a: 'it's'{MARK}", "text follows a closing quote; put the whole value in quotes of the other kind"),
        (f"a: [b](c){MARK}", f"text follows a closing bracket; a value that begins with `[` {QUOTE}"),
        (f"a: [b, c{MARK}\nd: e", "the bracket `[` is not closed, or its next lines are not indented"),
        (f"a: [{MARK}\nb\n]", "the bracket `[` is not closed, or its next lines are not indented"),
        (f'a: "b{MARK}\nc"', 'the quote `"` is not closed, or its next lines are not indented'),
        (f"a: b\nc{MARK}\nd: e", "this is neither `name: value` nor part of the value above"),
        (f"a: - b{MARK}", "a list can't begin here; it begins on the line below the name of its property"),
        (f"a: b\n- c{MARK}", "a list can't begin here; it begins on the line below the name of its property"),
        (f"- a\nb: c{MARK}", "a property is not allowed here, next to a list or a text"),
        (f"a: [b,, c]{MARK}", "there is one comma too many"),
        (f"a: |  b{MARK}", "text can't follow `|` or `>` on its line; it must be below, indented"),
        (f"a:\n  - b\n c{MARK}", "this line is not indented like the lines that it belongs to"),
        (f"a: b\n--- c{MARK}\nd: e", "a second document begins"),
    ],
)
def test_slips_in_plain_words(yaml: str, message: str) -> None:
    (found,) = check(InvalidFrontMatter(), {"Physics.md": f"---\n{yaml}\n---\nText.\n"})
    assert found.message == f"invalid YAML: {message}"


def test_missing_space_in_the_only_line() -> None:
    (found,) = check(InvalidFrontMatter(), {"Physics.md": f"---\ntype:[[X]]{MARK}\n---\n"})
    assert found.message == "a space is missing after the colon: `type: …`"


@pytest.mark.parametrize(
    "body",
    [
        *("Some text.\n", "Text *and*\nmore.\n", "# Heading\n\nText.\n", "- item\n- [ ] task\n", "> quote\n"),
        *("![[a]]\n", "**bold** text\n", "[[Link]] and [text](a.md).\n", "| a |\n|---|\n", "Text.\r\n", "`code`\n"),
    ],
)
def test_missing_closing_line_that_a_later_rule_swallowed(body: str) -> None:
    text = f"---{MARK}\ntitle: a\ntags:\n  - b\n\n{body}\n---\n\nMore.\n"
    (found,) = check(InvalidFrontMatter(), {"Physics.md": text})
    line = text[: text.index("\n---\n", 5)].count("\n") + 2
    assert found.message == (
        f"front matter is not closed: no `---` follows its last property; the next one is in line {line}"
    )


@pytest.mark.parametrize(
    "yaml", [f"a: b\n\nc{MARK}\nd: e", f"a: b\n\nc: d: e{MARK}", f"\na: *b{MARK}", f"a: b\nc{MARK}"]
)
def test_block_that_is_closed_where_it_ends(yaml: str) -> None:
    (found,) = check(InvalidFrontMatter(), {"Physics.md": f"---\n{yaml}\n---\n"})
    assert found.message.startswith("invalid YAML: ")


@pytest.mark.parametrize("text", [text for text, tree in CASES if tree is None], ids=repr)
def test_no_message_speaks_of_parsers(text: str) -> None:
    _, problems = read_front_matter(f"---\n{text}\n---\n")
    for problem in problems:
        said = problem.message.replace(repr(text), "")
        assert not _OF_PARSERS.search(said)
        assert said[0].islower() or said.startswith("YAML ")
        assert not said.endswith(".")
