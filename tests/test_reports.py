"""Reports: one snapshot for each format, and text that must never be printed on a terminal."""

import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from vaultlint.commands.report import Report
from vaultlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from vaultlint.linting.findings import Findings, Packed
from vaultlint.reading import read_note
from vaultlint.reports import FORMATS, progress
from vaultlint.reports import json as json_format
from vaultlint.reports import text as text_format
from vaultlint.reports.progress import ReadingBar
from vaultlint.reports.totals import fixable
from vaultlint.reports.view import View
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.text import Span, utf8_blocks

ROOT = Path("/vault")

PHYSICS = "The laws were found by [[newton]].\n\n- by [[Kepler]], too\n"


def span_of(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def report(files: dict[str, str], diagnostics: Iterable[Diagnostic]) -> Report:
    notes = {path: read_note(path, text) for path, text in files.items()}
    return Report(ROOT, Findings.of(diagnostics), notes, len(notes))


def rendered(these: Report, format_: str = "text", view: View | None = None) -> str:
    return b"".join(utf8_blocks(FORMATS[format_](these, view or View(ROOT)))).decode()


def one_finding(text: str, part: str, message: str = "bad", path: str = "a.md") -> Report:
    return report({path: text}, [Diagnostic("broken-link", Severity.ERROR, path, span_of(text, part), message)])


SMALL = report(
    {"Wiki/Physics.md": PHYSICS, "Empty.md": "", "Wiki/Newton.md": "A man.\n"},
    [
        Diagnostic("missing-front-matter", Severity.INFO, "Empty.md", Span(0, 0), "the note has no front matter"),
        Diagnostic(
            "broken-link",
            Severity.ERROR,
            "Wiki/Physics.md",
            span_of(PHYSICS, "newton"),
            "no note or attachment named 'newton'",
            Fix("link to 'Newton'", (Edit("Wiki/Physics.md", span_of(PHYSICS, "newton"), "Newton"),), safe=True),
        ),
        Diagnostic(
            "broken-link",
            Severity.ERROR,
            "Wiki/Physics.md",
            span_of(PHYSICS, "Kepler"),
            "no note or attachment named 'Kepler'",
            related=(Related("Wiki/Newton.md", Span(2, 5), "is near"),),
        ),
    ],
)


def test_text() -> None:
    assert (
        rendered(replace(SMALL, rules={"broken-link": BrokenLink}))
        == """\
Empty.md:1:1: info missing-front-matter: the note has no front matter

Wiki/Physics.md:1:26: error broken-link: no note or attachment named 'newton'
     1 | The laws were found by [[newton]].
       |                          ^^^^^^
       = fix: link to 'Newton'

Wiki/Physics.md:3:8: error broken-link: no note or attachment named 'Kepler'
     3 | - by [[Kepler]], too
       |        ^^^^^^

  2  error    broken-link
  1  info     missing-front-matter

Checked 3 notes: 2 errors, 1 info in 2 notes.
1 finding has a safe fix: `vaultlint check --fix` applies it, `--diff` instead shows it.
`vaultlint explain broken-link` explains a rule; `%% vaultlint-ignore broken-link %%` silences it on a line.
"""
    )


def test_concise() -> None:
    assert (
        rendered(SMALL, "concise")
        == """\
Empty.md:1:1: info missing-front-matter: the note has no front matter
Wiki/Physics.md:1:26: error broken-link: no note or attachment named 'newton'
Wiki/Physics.md:3:8: error broken-link: no note or attachment named 'Kepler'
Checked 3 notes: 2 errors, 1 info in 2 notes.
1 finding has a safe fix: `vaultlint check --fix` applies it, `--diff` instead shows it.
"""
    )


def test_jsonl() -> None:
    assert (
        rendered(SMALL, "jsonl")
        == """\
{"id":"fin7sq3v","rule":"missing-front-matter","severity":"info","path":"Empty.md",\
"start":{"line":1,"column":1},"end":{"line":1,"column":1},\
"message":"the note has no front matter","fix":null,"related":[]}
{"id":"nbnbt4dw","rule":"broken-link","severity":"error","path":"Wiki/Physics.md",\
"start":{"line":1,"column":26},"end":{"line":1,"column":32},\
"message":"no note or attachment named 'newton'",\
"fix":{"title":"link to 'Newton'","safe":true,"edits":[{"path":"Wiki/Physics.md",\
"start":{"line":1,"column":26},"end":{"line":1,"column":32},"replacement":"Newton"}]},"related":[]}
{"id":"au5mwkve","rule":"broken-link","severity":"error","path":"Wiki/Physics.md",\
"start":{"line":3,"column":8},"end":{"line":3,"column":14},\
"message":"no note or attachment named 'Kepler'","fix":null,\
"related":[{"path":"Wiki/Newton.md","start":{"line":1,"column":3},"end":{"line":1,"column":6},"message":"is near"}]}
"""
    )


def test_json() -> None:
    document = rendered(report({"a.md": "[[X]]"}, [replaced_root_finding()]), "json")
    root = json.dumps(str(ROOT))
    assert (
        document
        == f"""\
{{
  "version": 1,
  "root": {root},
  "summary": {{
    "notes": 1,
    "error": 0,
    "warning": 1,
    "info": 0,
    "held_back": 0,
    "gone": 0,
    "canvases": 0,
    "bases": 0
  }},
  "fixed": {{}},
  "diagnostics": [
    {{
      "id": "7xuyc2dv",
      "rule": "broken-anchor",
      "severity": "warning",
      "path": "a.md",
      "start": {{
        "line": 1,
        "column": 3
      }},
      "end": {{
        "line": 1,
        "column": 4
      }},
      "message": "bad",
      "fix": null,
      "related": []
    }}
  ]
}}
"""
    )


def replaced_root_finding() -> Diagnostic:
    return Diagnostic("broken-anchor", Severity.WARNING, "a.md", Span(2, 3), "bad")


def test_json_holds_the_lines_of_jsonl() -> None:
    document = json.loads(rendered(SMALL, "json"))
    assert document["summary"] == {
        "notes": 3,
        "error": 2,
        "warning": 0,
        "info": 1,
        "held_back": 0,
        "gone": 0,
        "canvases": 0,
        "bases": 0,
    }
    assert document["diagnostics"] == [json.loads(line) for line in rendered(SMALL, "jsonl").splitlines()]


@pytest.mark.parametrize("block", [1, 2, 3, 4])
def test_json_is_the_same_whatever_is_laid_out_at_once(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    whole = rendered(SMALL, "json")
    monkeypatch.setattr(json_format, "_BLOCK", block)
    assert rendered(SMALL, "json") == whole == json.dumps(json.loads(whole), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("format_", [*FORMATS])
def test_same_report_gives_the_same_bytes(format_: str) -> None:
    assert rendered(SMALL, format_) == rendered(SMALL, format_)


@pytest.mark.parametrize(
    ("format_", "wanted"),
    [
        ("text", "Checked 1 note: no problems.\n"),
        ("concise", "Checked 1 note: no problems.\n"),
        ("agent", "vaultlint: Checked 1 note: no problems.\n"),
        ("jsonl", ""),
    ],
)
def test_nothing_found(format_: str, wanted: str) -> None:
    assert rendered(report({"a.md": ""}, []), format_) == wanted


def test_nothing_to_check() -> None:
    assert rendered(report({}, [])) == "No notes to check.\n"


def test_total_of_other_files_than_notes() -> None:
    found = Diagnostic("broken-link", Severity.ERROR, "a.canvas", Span(0, 1), "gone")
    shown = rendered(Report(ROOT, Findings.of([found]), {}, checked=0, data_files={"canvas": 1}), "concise")
    assert shown.endswith("\nChecked 1 canvas: 1 error in 1 canvas.\n")


def concerning(*paths: str) -> Findings:
    return Findings.of(Diagnostic("broken-link", Severity.ERROR, path, Span(0, 1), "gone") for path in paths)


@pytest.mark.parametrize(
    ("checked", "data_files", "paths", "total"),
    [
        (0, {"canvas": 1}, [], "Checked 1 canvas: no problems."),
        (1, {"canvas": 2}, [], "Checked 1 note and 2 canvases: no problems."),
        (1_200, {"canvas": 1, "base": 1}, [], "Checked 1,200 notes, 1 canvas and 1 base: no problems."),
        (0, {"base": 2}, ["a.base", "b.Base"], "Checked 2 bases: 2 errors in 2 bases."),
        (1, {"canvas": 1}, ["a.canvas", "b.md"], "Checked 1 note and 1 canvas: 2 errors in 2 files."),
        (1, {"canvas": 1}, ["b.md"], "Checked 1 note and 1 canvas: 1 error in 1 note."),
        (1, {}, ["a.png"], "Checked 1 note: 1 error in 1 file."),
        (0, {}, ["a.png", "b.png"], "Found 2 errors in 2 files."),
        (0, {}, [], "No notes to check."),
        (0, {"canvas": 0}, [], "No notes to check."),
    ],
)
def test_what_was_checked(checked: int, data_files: dict[str, int], paths: list[str], total: str) -> None:
    these = Report(ROOT, concerning(*paths), {}, checked, data_files=data_files)
    assert rendered(these, "concise").splitlines()[-1] == total
    summary = json.loads(rendered(these, "json"))["summary"]
    assert (summary["notes"], summary["canvases"], summary["bases"]) == (
        checked,
        data_files.get("canvas", 0),
        data_files.get("base", 0),
    )


@pytest.mark.parametrize("format_", ["text", "concise", "agent"])
def test_quiet_prints_findings_alone(format_: str) -> None:
    full, quiet = rendered(SMALL, format_), rendered(SMALL, format_, View(ROOT, quiet=True))
    assert quiet in full
    assert "Checked" not in quiet
    assert quiet.count("broken-link:") == 2


# The reader's working directory


@pytest.mark.parametrize(
    ("folder", "wanted"),
    [
        ("/vault", "Wiki/a.md:1:3:"),
        ("/", "vault/Wiki/a.md:1:3:"),
        ("/vault/Wiki", "a.md:1:3:"),
        ("/vault/Other", "../Wiki/a.md:1:3:"),
        ("/elsewhere", "/vault/Wiki/a.md:1:3:"),
    ],
)
def test_paths_are_from_the_readers_folder(folder: str, wanted: str) -> None:
    these = one_finding("[[X]]", "X", path="Wiki/a.md")
    assert rendered(these, "concise", View(Path(folder))).split()[0] == wanted


# Unsafe text on a terminal

NASTY = "\x1b[31m\x00\x07\r\x9b\u202e\u2066\u200f\u2028\ufeff"
SHOWN = r"\x1b[31m\x00\x07\x0d\x9b\u202e\u2066\u200f\u2028\ufeff"


@pytest.mark.parametrize("format_", ["text", "concise"])
def test_message_and_name_are_shown_escaped(format_: str) -> None:
    these = one_finding("x [[X]]", "X", message=f"named {NASTY}", path=f"a{NASTY}\n.md")
    head = rendered(these, format_).partition("\n")[0]
    assert head == rf"a{SHOWN}\x0a.md:1:5: error broken-link: named {SHOWN}"


def test_source_line_is_shown_escaped_and_underlined_in_its_place() -> None:
    line = "a\x1b\u202e\x85 [[X]] \x07"
    out = rendered(one_finding(line, "X")).splitlines()
    assert out[1:3] == [r"     1 | a\x1b\u202e\x85 [[X]] \x07", "       | " + " " * 18 + "^"]


def test_fix_is_shown_escaped() -> None:
    these = report(
        {"a.md": "x"}, [Diagnostic("r", Severity.INFO, "a.md", Span(0, 1), "m", Fix(NASTY, (), safe=True))]
    )
    assert f"= fix: {SHOWN}\n" in rendered(these)


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_json_is_escaped_and_read_back_whole(format_: str) -> None:
    document = rendered(one_finding("[[X]]", "X", message=NASTY, path=f"a{NASTY}\n.md"), format_)
    assert not {*NASTY} - {*"[31m"} & {*document}
    read = json.loads(document)
    finding = read if format_ == "jsonl" else read["diagnostics"][0]
    assert (finding["message"], finding["path"]) == (NASTY, f"a{NASTY}\n.md")


def test_root_whose_name_is_no_utf_8_can_be_written_as_json() -> None:
    odd = Report(Path("/va\udcffult"), Findings({}), {}, 0)
    assert json.loads(rendered(odd, "json"))["root"].endswith("ult")
    rendered(odd, "json").encode("utf-8")


# The source line


@pytest.mark.parametrize(
    ("line", "part", "before", "carets"),
    [
        ("see [[X]]", "X", 6, 1),
        ("\tsee\t[[X]]", "X", 7, 1),
        ("見よ [[ニュートン]]", "ニュートン", 7, 10),
        ("cafe\u0301 [[e\u0301a]]", "e\u0301a", 7, 2),
        ("😀 [[X]]", "X", 5, 1),
        ("end", "", 0, 1),
    ],
    ids=["plain", "tabs", "wide", "combining", "emoji", "nothing"],
)
def test_underline_stands_below_the_place(line: str, part: str, before: int, carets: int) -> None:
    out = rendered(one_finding(line, part)).splitlines()
    assert out[1] == f"     1 | {line.replace(chr(9), ' ')}"
    assert out[2] == f"       | {' ' * before}{'^' * carets}"


@pytest.mark.parametrize(
    "line", ["“plain” – [[X]] ✓", "漢字 [[X]]", "e\u0301 [[X]]", "\t[[X]]", "a\x07 [[X]]", "[[X]]"]
)
@pytest.mark.parametrize("times", [1, 40])
def test_short_cut_for_plain_characters_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, line: str, times: int
) -> None:
    text = line * times
    these = report(
        {"a.md": text},
        [
            Diagnostic("r", Severity.INFO, "a.md", Span(start, end), "m")
            for start in range(0, len(text) + 1, times)
            for end in (start, min(start + 3, len(text)), len(text))
        ],
    )
    out = rendered(these)
    monkeypatch.setattr(text_format, "_MAYBE_WIDE", re.compile(""))
    assert rendered(these) == out


def test_what_may_be_wide() -> None:
    for character in text_format._MAYBE_WIDE.sub("", "".join(map(chr, range(0x10000)))):
        assert unicodedata.east_asian_width(character) not in "WF"
        assert not unicodedata.combining(character)


def test_place_of_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    out = rendered(one_finding("one two\nthree", "two\nthr")).splitlines()
    assert out[1:3] == ["     1 | one two", "       |     ^^^"]


def test_blank_line_is_not_shown() -> None:
    these = report({"a.md": "\n\nx"}, [Diagnostic("r", Severity.INFO, "a.md", Span(1, 1), "m")])
    assert rendered(these).startswith("a.md:2:1: info r: m\n\n  1  info")


def test_only_line_feed_and_carriage_return_end_a_line() -> None:
    out = rendered(one_finding("a\r\nb\rc\x0cd\u2028e [[X]]\n", "X")).splitlines()
    assert out[0].startswith("a.md:3:9:")
    assert out[1] == r"     3 | c\x0cd\u2028e [[X]]"


def test_long_line_is_cut_at_its_end() -> None:
    out = rendered(one_finding("[[X]] " + "word " * 100, "X")).splitlines()
    assert (len(out[1]), out[1][-1]) == (9 + 100 + 1, "…")
    assert out[2] == "       |   ^"


def test_long_line_is_cut_at_its_beginning() -> None:
    out = rendered(one_finding("word " * 100 + "[[X]]", "X")).splitlines()
    assert out[1] == "     1 | …" + ("word " * 100 + "[[X]]")[-43:]
    assert out[2].index("^") == out[1].index("X")


def test_long_line_is_cut_at_both_ends() -> None:
    out = rendered(one_finding("word " * 100 + "[[X]]" + " word" * 100, "X")).splitlines()
    assert (out[1][9], out[1][-1]) == ("…", "…")
    assert out[2].index("^") == out[1].index("X")


def test_long_place_is_underlined_as_far_as_it_is_shown() -> None:
    out = rendered(one_finding("a" * 300, "a" * 300)).splitlines()
    assert out[1:3] == ["     1 | " + "a" * 100 + "…", "       | " + "^" * 100]


# Shortened on a terminal


def findings(*counts: tuple[str, Severity, int]) -> Report:
    found = [Diagnostic(rule, severity, "a.md", Span(0, 1), "m") for rule, severity, n in counts for _ in range(n)]
    return report({"a.md": "x"}, found)


def shown_of(these: Report, cut_short: bool = True) -> list[str]:
    out = rendered(these, "text", View(ROOT, cut_short=cut_short))
    return [line.split()[2].rstrip(":") for line in out.splitlines() if line.startswith("a.md:")]


def test_at_most_ten_of_a_rule_and_errors_first() -> None:
    these = findings(("mild", Severity.INFO, 12), ("grave", Severity.ERROR, 11))
    assert shown_of(these) == ["grave"] * 10 + ["mild"] * 10
    out = rendered(these, "text", View(ROOT, cut_short=True))
    assert "3 findings are not shown; --show-all shows everything.\n" in out
    assert "  12  info     mild\n" in out


def test_at_most_a_hundred_in_all() -> None:
    these = findings(*((f"rule-{chr(97 + i)}", Severity.ERROR, 10) for i in range(11)))
    assert len(shown_of(these)) == 100


def test_one_that_is_hidden_is_counted_in_words() -> None:
    out = rendered(findings(("mild", Severity.INFO, 11)), "text", View(ROOT, cut_short=True))
    assert "1 finding is not shown" in out


def test_everything_is_shown_otherwise() -> None:
    these = findings(("mild", Severity.INFO, 12), ("grave", Severity.ERROR, 11))
    assert shown_of(these, cut_short=False) == ["mild"] * 12 + ["grave"] * 11
    assert "not shown" not in rendered(these)


# Colour


@pytest.mark.parametrize("format_", ["text", "concise"])
def test_colour_is_all_that_differs(format_: str) -> None:
    coloured = rendered(SMALL, format_, View(ROOT, colour=True))
    assert "\x1b[31;1merror\x1b[0m" in coloured
    assert "\x1b" not in rendered(SMALL, format_)
    for code in ("31;1", "33;1", "36;1", "1", "2", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == rendered(SMALL, format_)


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_json_has_no_colour(format_: str) -> None:
    assert "\x1b" not in rendered(SMALL, format_, View(ROOT, colour=True))


# The progress bar


def read_notes(enabled: bool) -> None:
    with ReadingBar(enabled) as bar:
        bar(0, 2)
        bar(2, 2)


@pytest.mark.parametrize(("enabled", "delay", "drawn"), [(True, -1, True), (False, -1, False), (True, 1000, False)])
def test_bar_is_drawn_where_it_helps(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], enabled: bool, delay: float, drawn: bool
) -> None:
    monkeypatch.setattr(progress, "DELAY", delay)
    monkeypatch.setenv("FORCE_COLOR", "1")
    read_notes(enabled)
    captured = capsys.readouterr()
    assert ("Reading notes" in captured.err) is drawn
    assert captured.out == ""


def test_fixes_are_counted_without_unpacking_findings() -> None:
    """A run with one changed note would unpack the findings of all others, which took a fifth of its time."""

    def unpacked() -> bytes:
        raise AssertionError

    found = Findings({"a.md": Packed(((Severity.ERROR, "broken-link", 3),), (2, 1), unpacked)})
    (line,) = fixable(Report(ROOT, found, {}, 1), View(ROOT))
    assert line.startswith("2 findings have a safe fix:")
