"""The rule `invalid-property`."""

from time import process_time

import pytest

from vaultlint.rules.invalid_property import InvalidProperty
from vaultlint.schema import PropertiesBlock, PropertyKind, PropertyType, Schema
from vaultlint.testing import check

OF_VAULT = Schema(vault_types={kind.value: kind for kind in PropertyKind})
"""Properties named after their types: `date` is a date."""

DATE = "'date' must be a date (YYYY-MM-DD), according to the vault; "
DATETIME = "'datetime' must be a date and time (YYYY-MM-DDTHH:MM:SS), according to the vault; "


def declared(*blocks: dict[str, PropertyKind | PropertyType]) -> Schema:
    return Schema([PropertiesBlock(types=types) for types in blocks])


def note(yaml: str) -> dict[str, str]:
    return {"Physics.md": f"---\n{yaml}\n---\n"}


def message(yaml: str, schema: Schema = OF_VAULT) -> str:
    (found,) = check(InvalidProperty(), note(f"{yaml}  <-- invalid-property"), schema)
    return found.message


@pytest.mark.parametrize(
    ("yaml", "wanted"),
    [
        ("text: [a, b]", "'text' must be one line of text, according to the vault; this is a list"),
        ("text: {a: b}", "'text' must be one line of text, according to the vault; it contains other properties"),
        ("multitext: {a: b}", "'multitext' must be a list, according to the vault; it contains other properties"),
        ("number: nineteen", "'number' must be a number, according to the vault; got 'nineteen'"),
        ("number: 1 + 2", "'number' must be a number, according to the vault; got '1 + 2'"),
        (
            "number: '5'",
            "'number' must be a number, according to the vault; '5' is text because it is in quotes",
        ),
        ("number: [1]", "'number' must be a number, according to the vault; this is a list"),
        ("checkbox: yes", "'checkbox' must be `true` or `false`, according to the vault; got 'yes'"),
        (
            "checkbox: 'true'",
            "'checkbox' must be `true` or `false`, according to the vault; 'true' is text because it is in quotes",
        ),
        ("checkbox: '1'", "'checkbox' must be `true` or `false`, according to the vault; got '1'"),
        ("number: '5 km'", "'number' must be a number, according to the vault; got '5 km'"),
        (
            "number: !!str 5",
            "'number' must be a number, according to the vault; '5' is text because it is in quotes",
        ),
        ("checkbox: 1", "'checkbox' must be `true` or `false`, according to the vault; got '1'"),
        ("date: [2024-01-05]", f"{DATE}this is a list"),
        ("datetime: {a: b}", f"{DATETIME}it contains other properties"),
        (
            "tags: physics, history",
            "'tags' must be a list of tags, according to the vault; text with commas is not a tag",
        ),
        ("tags: 1687", "'tags' must be a list of tags, according to the vault; '1687' is not text"),
        ("tags: {a: b}", "'tags' must be a list of tags, according to the vault; it contains other properties"),
        ("aliases: 1687", "'aliases' must be a list of names, according to the vault; '1687' is not text"),
        ("aliases: true", "'aliases' must be a list of names, according to the vault; 'true' is not text"),
    ],
)
def test_message_says_what_was_wanted_and_found(yaml: str, wanted: str) -> None:
    assert message(yaml) == wanted


@pytest.mark.parametrize(
    "yaml",
    [
        "text: a",
        "text: 1687",
        "text: true",
        "text: 2024-02-30",
        "multitext: [a, b]",
        "multitext: []",
        "multitext: a",
        "number: 1687",
        "number: -2.5",
        "number: 1e3",
        "checkbox: true",
        "checkbox: False",
        "date: 2024-02-29",
        'date: "2024-02-29"',
        "datetime: 2024-02-29T23:59:59",
        "tags: [a, b]",
        "tags: physics",
        "aliases: [a, 1687]",
        "aliases: Principia, 1687",
        "cssclasses: wide, tall",
        "anything: [{a: b}]",
        "born: 2024-13-45",
    ],
)
def test_right_or_without_a_type(yaml: str) -> None:
    check(InvalidProperty(), note(yaml), OF_VAULT)


@pytest.mark.parametrize(
    ("yaml", "fault"),
    [
        ("date: 2024-02-30", f"{DATE}'2024-02-30' is not a day in the calendar"),
        ("date: 2023-02-29", f"{DATE}'2023-02-29' is not a day in the calendar"),
        ("date: 2024-04-00", f"{DATE}'2024-04-00' is not a day in the calendar"),
        ("date: 2024-13-45", f"{DATE}'2024-13-45' is not a day in the calendar"),
        ("date: 2024-02-30 10:00", f"{DATE}'2024-02-30' is not a day in the calendar"),
        ("date: 2024-25-12", f"{DATE}day and month seem to be swapped in '2024-25-12'"),
        ("date: 24-12-25", f"{DATE}'24-12-25' has a year of two digits"),
        ("date: 5-12-2024", f"{DATE}'5-12-2024' is not of that form"),
        ("date: 25-12-2024", f"{DATE}'25-12-2024' is not of that form"),
        ("date: 25/12/2024", f"{DATE}'25/12/2024' is not of that form"),
        ("date: 25. Dezember 2024", f"{DATE}'25. Dezember 2024' is not of that form"),
        ("date: tomorrow", f"{DATE}'tomorrow' is not of that form"),
        ("date: 2024", f"{DATE}'2024' is not of that form"),
        ("datetime: 2024-02-30", f"{DATETIME}'2024-02-30' is not a day in the calendar"),
        ("datetime: 2024-25-12T10:00:00", f"{DATETIME}day and month seem to be swapped in '2024-25-12T10:00:00'"),
        ("datetime: 24-12-25T10:00:00", f"{DATETIME}'24-12-25T10:00:00' has a year of two digits"),
        ("datetime: 25/12/2024 10:00", f"{DATETIME}'25/12/2024 10:00' is not of that form"),
        ("datetime: 10:00", f"{DATETIME}'10:00' is not of that form"),
        ("datetime: 2024-12-25T25:00:00", f"{DATETIME}'25:00:00' is not a time of day"),
        ("datetime: 2024-12-25T10:60:00", f"{DATETIME}'10:60:00' is not a time of day"),
        ("datetime: 2024-12-25T10:00:61", f"{DATETIME}'10:00:61' is not a time of day"),
    ],
)
def test_fault_of_a_date_is_named(yaml: str, fault: str) -> None:
    assert message(yaml) == fault


@pytest.mark.parametrize(
    "yaml",
    [
        "datetime: 2024-12-25T10:00",
        "datetime: 2024-12-25 10:00:00",
        "datetime: 2024-12-25 10:00",
        "datetime: 2024-12-25T10:00:00.123",
        "datetime: 2024-12-25T10:00:00Z",
        "datetime: 2024-12-25T10:00:00+02:00",
        "datetime: 2024-12-25T10:00-0530",
        "datetime: 2024-12-25",
        "date: 2024-12-25T10:00:00",
        "date: 2024-12-25 10:00",
        "date: ' 2024-12-25 '",
    ],
    ids=[
        "no seconds",
        "blank for T",
        "blank for T, no seconds",
        "fractions",
        "UTC",
        "zone",
        "zone without colon",
        "bare date",
        "date with a time",
        "date with a time after a blank",
        "blanks around it",
    ],
)
def test_form_of_which_it_is_not_established_what_the_app_makes(yaml: str) -> None:
    check(InvalidProperty(), note(yaml), OF_VAULT)


@pytest.mark.parametrize("value", ["", " ~", " null", ' ""', " ''", " *x"])
@pytest.mark.parametrize("kind", PropertyKind)
def test_empty_values_and_aliases_suit_every_type(kind: PropertyKind, value: str) -> None:
    wanted = PropertyType(kind, pattern="[0-9]{4}", enum=("a",))
    check(InvalidProperty(), note(f"x: &x\n{kind.value}:{value}"), declared({kind.value: wanted}))


def test_types_of_the_vault_hold_for_names_in_any_case() -> None:
    schema = Schema(vault_types={"Born": PropertyKind.DATE})
    assert message("BORN: tomorrow", schema).startswith("'BORN' must be a date (YYYY-MM-DD), according to the vault")


def test_special_names_need_no_configuration() -> None:
    assert message("TAGS: a, b", Schema()).startswith("'TAGS' must be a list of tags, according to Obsidian")
    assert message("Aliases: 5", Schema()).startswith("'Aliases' must be a list of names, according to Obsidian")


def test_configuration_wins_over_the_vault() -> None:
    block = PropertiesBlock(paths=("talks/",), types={"BORN": PropertyKind.NUMBER})
    schema = Schema([block], vault_types={"born": PropertyKind.DATE})
    found = check(
        InvalidProperty(),
        {
            "talks/a.md": "---\nborn: 1643\n---\n",
            "talks/b.md": "---\nborn: 1643-01-04  <-- invalid-property\n---\n",
            "c.md": "---\nborn: 1643-01-04\n---\n",
            "d.md": "---\nborn: 1643  <-- invalid-property\n---\n",
        },
        schema,
    )
    assert [one.message for one in found] == [
        "'born' must be a date (YYYY-MM-DD), according to the vault; '1643' is not of that form",
        "'born' must be a number, according to the configuration; got '1643-01-04'",
    ]


def test_demand_without_a_type_leaves_the_type_of_the_vault() -> None:
    schema = Schema(
        [PropertiesBlock(types={"born": PropertyType(pattern="16.*")})], vault_types={"born": PropertyKind.DATE}
    )
    assert message("born: tomorrow", schema).endswith(", according to the vault; 'tomorrow' is not of that form")
    assert message("born: 1743-01-04", schema) == "'born' must match '16.*', and '1743-01-04' does not"


STATUS = PropertyType(PropertyKind.TEXT, enum=("draft", "done"))


@pytest.mark.parametrize(
    ("value", "end"),
    [
        ("drafd", "not 'drafd'; did you mean 'draft'?"),
        ("Draft", "not 'Draft'; did you mean 'draft'?"),
        ("published", "not 'published'"),
        ("1", "not '1'"),
    ],
)
def test_value_that_is_not_allowed(value: str, end: str) -> None:
    assert message(f"Status: {value}", declared({"status": STATUS})) == (
        f"'Status' must be one of 'draft' and 'done', {end}"
    )


def test_wrong_type_is_not_reported_twice() -> None:
    assert message("status: [drafd]", declared({"status": STATUS})).endswith("this is a list")


@pytest.mark.parametrize("yaml", ["status: done", "status: 'draft'", "status:", "other: drafd"])
def test_allowed_value(yaml: str) -> None:
    check(InvalidProperty(), note(yaml), declared({"status": STATUS}))


VIDEO = PropertyType(pattern="[A-Za-z0-9_-]{11}")


@pytest.mark.parametrize("value", ["dQw4w9WgXc", "dQw4w9WgXcQQ", "x dQw4w9WgXcQ", "dQw4w9 gXcQ"])
def test_pattern_is_for_the_whole_value(value: str) -> None:
    assert message(f"videoId: {value}", declared({"videoId": VIDEO})) == (
        f"'videoId' must match '[A-Za-z0-9_-]{{11}}', and {value!r} does not"
    )


@pytest.mark.parametrize("yaml", ["videoId: dQw4w9WgXcQ", "videoId: '12345678901'", "videoId: 12345678901"])
def test_value_of_the_pattern(yaml: str) -> None:
    check(InvalidProperty(), note(yaml), declared({"videoId": VIDEO}))


def test_items_of_a_list_are_checked_each() -> None:
    schema = declared({"cast": PropertyType(PropertyKind.MULTITEXT, pattern="[A-Z].*", enum=("Mark", "carrie"))})
    found = check(
        InvalidProperty(),
        note(
            "cast:\n  - &x Mark\n  - carrie  <-- invalid-property\n  - Mrak  <-- invalid-property\n"
            "  - [x]\n  - {a: b}\n  -\n  - *x"
        ),
        schema,
    )
    assert [one.message for one in found] == [
        "'cast' must match '[A-Z].*', and 'carrie' does not",
        "'cast' must be one of 'Mark' and 'carrie', not 'Mrak'; did you mean 'Mark'?",
    ]


def test_demands_of_several_blocks_add_up_and_each_value_is_reported_once() -> None:
    schema = declared({"status": STATUS}, {"Status": PropertyType(pattern="[a-z]{4}")}, {"STATUS": STATUS})
    assert "must match" in message("status: draft", schema)
    assert "must be one of" in message("status: drafd", schema)
    check(InvalidProperty(), note("status: done"), schema)


@pytest.mark.parametrize(
    ("pattern", "value", "reason"),
    [
        ("(a+)+b", "a" * 40, "does not"),
        ("(a|aa)+", "a" * 60 + "c", "takes too long on this value"),
    ],
    ids=["engine sees that b is missing", "limit"],
)
def test_pattern_that_would_backtrack_forever_does_not_hang(pattern: str, value: str, reason: str) -> None:
    start = process_time()
    said = message(f"x: {value}", declared({"x": PropertyType(pattern=pattern)}))
    assert said.endswith(reason)
    assert repr(pattern) in said
    assert process_time() - start < 5


@pytest.mark.parametrize(
    ("yaml", "blamed"),
    [
        ("a: b\ndate: 2024-02-30 # why", "2024-02-30"),
        ('a: b\n"date" :   "2024-02-30"', '"2024-02-30"'),
        ("text:\n  - a\n  - b", "text"),
        ("tags: a, b", "a, b"),
        ("videoId:\n  - dQw4w9WgXcQ\n  - 'short'", "'short'"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_span_is_the_value_or_the_name_of_a_long_one(yaml: str, blamed: str, line_end: str) -> None:
    schema = Schema(
        [PropertiesBlock(types={"videoId": VIDEO})], vault_types={kind.value: kind for kind in PropertyKind}
    )
    lines = [
        f"{line}  <-- invalid-property" if blamed in line else line for line in f"---\n{yaml}\n---\n".split("\n")
    ]
    (found,) = check(InvalidProperty(), {"Physics.md": line_end.join(lines)}, schema)
    text = f"---\n{yaml}\n---\n".replace("\n", line_end)
    assert text[found.span.start : found.span.end] == blamed


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff---\ndate: tomorrow\n---\n",
        "--- \ndate: tomorrow\n---\n",
        "---\ndate: [tomorrow\n---\n",
        "---\ndate: tomorrow\n",
        "date: tomorrow\n",
        "---\nmap:\n  date: tomorrow\n---\n",
    ],
    ids=["byte order mark", "blank after opening", "invalid block", "not closed", "body", "nested"],
)
def test_no_property_of_the_note(text: str) -> None:
    check(InvalidProperty(), {"Physics.md": text}, OF_VAULT)
