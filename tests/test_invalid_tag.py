"""The rule `invalid-tag`."""

import pytest

from vaultlint.rules.invalid_tag import InvalidTag
from vaultlint.testing import check, fixed
from vaultlint.text import quoted

PUNCTUATION = "the only punctuation in tags is `_`, `-` and `/`"
BLANKS = "a tag can't contain spaces"
DIGITS = "a tag can't have only digits"


@pytest.mark.parametrize(
    ("item", "blamed", "fault"),
    [
        ("natural history", "natural history", BLANKS),
        ('"natural\\thistory"', "natural\thistory", BLANKS),
        ("1687", "1687", DIGITS),
        ('"1687"', "1687", DIGITS),
        ('"#1687"', "#1687", DIGITS),
        ("a.b", "a.b", PUNCTUATION),
        ("3.14", "3.14", PUNCTUATION),
        ("c++", "c++", PUNCTUATION),
        ("a#b", "a#b", PUNCTUATION),
        ('"##a"', "##a", PUNCTUATION),
        ("it's", "it's", PUNCTUATION),
        ("a:b", "a:b", PUNCTUATION),
        ("'a, b'", "a, b", BLANKS),
        ("'a,b'", "a,b", PUNCTUATION),
        ("a\u2019b", "a\u2019b", PUNCTUATION),
    ],
)
def test_item_that_is_no_tag(item: str, blamed: str, fault: str) -> None:
    text = f"---\ntags:\n  - physics\n  - {item}\n---\n"
    (found,) = check(InvalidTag(), {"Physics.md": text.replace(item, f"{item}  <-- invalid-tag")})
    assert found.message == f"{quoted(blamed)} can't be a tag: {fault}"
    assert text[found.span.start : found.span.end] == item


@pytest.mark.parametrize("yaml", ["tags: natural history", "TAGS: [natural history]", "tags: '1687'", "Tags: a.b"])
def test_single_text_and_list_in_brackets(yaml: str) -> None:
    check(InvalidTag(), {"Physics.md": f"---\n{yaml}  <-- invalid-tag\n---\n"})


def test_every_item_is_reported() -> None:
    found = check(
        InvalidTag(), {"Physics.md": "---\ntags: [a b, c, 1, d.e]  <-- invalid-tag, invalid-tag, invalid-tag\n---\n"}
    )
    assert [one.message.split("'")[1] for one in found] == ["a b", "1", "d.e"]


@pytest.mark.parametrize(
    "item",
    [
        "physics",
        "a/b/c",
        "a-b_c",
        "y1984",
        "2024/05",
        "2024-05-01",
        "-5",
        '"#physics"',
        "' physics '",
        "Été",
        "物理",
        "физика",
        "🔭",
        "true",
        "[nested]",
        "{a: b c}",
        "*x",
        "~",
        "''",
        "",
        "# physics",
    ],
)
def test_tag_or_no_matter_of_tags(item: str) -> None:
    check(InvalidTag(), {"Physics.md": f"---\ntags:\n  - {item}\n---\n"})


@pytest.mark.parametrize(
    "text",
    [
        "---\ntags: physics\n---\n",
        "---\ntags: a, b c\n---\n",
        "---\ntags: 1687\n---\n",
        "---\ntags:\n---\n",
        "---\ntags: []\n---\n",
        "---\ntags: {a b: c}\n---\n",
        "---\ntag: a b\nkeywords: [a b]\n---\n",
        "---\nx:\n  tags: [a b]\n---\n",
        "---\ntags: [a b]\ntags: c\n---\n",
        "\ufeff---\ntags: [a b]\n---\n",
        "--- \ntags: [a b]\n---\n",
        "#1687 and #a.b in the body\n",
    ],
    ids=[
        "one tag",
        "commas are a matter of invalid-property",
        "number is a matter of invalid-property",
        "empty",
        "empty list",
        "map is a matter of invalid-property",
        "other properties",
        "nested property",
        "invalid block",
        "byte order mark",
        "blank after opening",
        "body",
    ],
)
def test_silent(text: str) -> None:
    check(InvalidTag(), {"Physics.md": text})


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        ("natural history", "natural-history"),
        ("natural  history of/all things", "natural-history-of/all-things"),
        ("'natural history'", "'natural-history'"),
        ('" #natural history"', '"natural-history"'),
        ("'##physics'", "'physics'"),
    ],
)
def test_fix_joins_words_and_drops_marks(item: str, wanted: str) -> None:
    text = f"---\ntags:\n  - {item}\n---\n"
    (found,) = check(InvalidTag(), {"Physics.md": text.replace(item, f"{item}  <-- invalid-tag")})
    assert fixed(found, text) == text.replace(item, wanted)
    assert found.fix is not None
    assert not found.fix.safe


@pytest.mark.parametrize("item", ["a.b", "1687", "'a, b'", '"a\\tb"', "a:b", "&x a b"])
def test_no_fix_where_no_tag_comes_of_it(item: str) -> None:
    (found,) = check(InvalidTag(), {"Physics.md": f"---\ntags:\n  - {item}  <-- invalid-tag\n---\n"})
    assert found.fix is None


@pytest.mark.parametrize(
    ("yaml", "wanted"),
    [
        ("tags: #physics", "tags: physics"),
        ("tags:\n  - a\n  -  #natural/history ", "tags:\n  - a\n  - natural/history "),
        ("tags:\n  - #a\n  - b", "tags:\n  - a\n  - b"),
    ],
)
def test_tag_that_yaml_takes_for_a_comment(yaml: str, wanted: str) -> None:
    text = f"---\n{yaml}\nx: 1\n---\n"
    line = next(line for line in yaml.splitlines() if "#" in line)
    (found,) = check(InvalidTag(), {"Physics.md": text.replace(line, f"{line.rstrip()}  <-- invalid-tag")})
    assert "is a comment to YAML" in found.message
    assert fixed(found, text) == f"---\n{wanted}\nx: 1\n---\n"


@pytest.mark.parametrize(
    "yaml",
    ["tags: # none yet", "tags: #1687", "tags: #a b", "tags: a #b", "tags: ~ #a", "tags:\n  # a", "tags: #a\n  - b"],
)
def test_comment_that_is_no_tag(yaml: str) -> None:
    check(InvalidTag(), {"Physics.md": f"---\n{yaml}\n---\n"})
