"""Properties of every fix of every rule, on generated notes."""

from collections import Counter
from collections.abc import Collection

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.fixing import REFUSED_FIX, Fixer, applied
from vaultlint.linting.linter import Plan, lint
from vaultlint.note import Note
from vaultlint.past import PastNames, Was
from vaultlint.reading import read_note
from vaultlint.reading.handler import ObsidianHandler
from vaultlint.rules import RULES
from vaultlint.rules.base import Rule
from vaultlint.schema import PropertiesBlock, Schema
from vaultlint.vault import Vault

pytestmark = pytest.mark.once

OPTIONS = {"inconsistent-timestamp-format": {"form": "HH:MM:SS"}, "ambiguous-link": {"shortest": True}}
RUN: tuple[Rule, ...] = tuple(msgspec.convert(OPTIONS.get(rule.name, {}), rule) for rule in RULES)
ACTIVE = ActiveRules(ActiveRule(rule, None) for rule in RUN)
SCHEMA = Schema([PropertiesBlock(required=("title", "status"), defaults={"status": "it's new"})])
PAST = PastNames([Was("Past.md", "People/Kepler.md", "2025-03-01", True)])
OTHERS = {
    "People/Kepler.md": "---\ntitle: K\nstatus: x\naliases: [Johannes, 'K, J']\n---\n# Laws of motion!\n# Third\n^id",
    "Isaac_Newton.md": "---\ntitle: N\nstatus: x\n---\nSee [[Note]].\n",
    "a/Same.md": "---\ntitle: S\nstatus: x\n---\n",
    "bb/Same.md": "---\ntitle: S\nstatus: x\n---\n",
}

ANCHOR = '<a class="yt-timestamp" data-t="{}">{}</a>'
times = st.sampled_from(["00:18:58", "18:58", "00:75:10", "", "(00:18:58)", "HH:MM:SS", "14:00:00", "1:2"])
anchors = st.one_of(
    st.tuples(times, times).map(lambda pair: ANCHOR.format(pair[0], f"[{pair[1]}]")),
    times.map(lambda time: ANCHOR.format(time, time)),
    times.map(lambda time: f"[{ANCHOR.format(time, time)}]"),
    times.map(lambda time: f"[{time}]({ANCHOR.format(time, time)})"),
    times.map(lambda time: f'<a data-t="{time}" class="yt-timestamps">[{time}]</a>'),
    times.map(lambda time: f"[{time}](https://youtu.be/abcdefghijk?t=75)"),
)
targets = st.sampled_from(
    [
        "isaac newton",
        "Isaac-Newton",
        "Johannes",
        "K, J",
        "Past",
        "Same",
        "Nope",
        "kepler",
        "People/kepler",
        "00:12:34",
    ]
)
subpaths = st.sampled_from(["", "", "#Laws of motion", "#laws-of-motion", "#Third", "#^id", "#Nope", "#"])
displays = st.sampled_from(["", "", "|x", "| x ", "|"])
links = st.one_of(
    st.tuples(st.sampled_from(["", "!"]), targets, subpaths, displays).map(lambda p: f"{p[0]}[[{p[1]}{p[2]}{p[3]}]]"),
    st.tuples(targets, subpaths).map(lambda p: f"[x](<{p[0]}{p[1]}>)"),
    st.tuples(targets, subpaths).map(lambda p: f"[x]({p[0].replace(' ', '%20')}{p[1].replace(' ', '%20')})"),
    st.tuples(targets).map(lambda p: f"[x]({p[0]}.md)"),
)
directives = st.tuples(
    st.sampled_from(["", "-start", "-end", "-file"]),
    st.sampled_from(["", " broken-link", " links, malformed-timestamp", " broken-link broken-anchor", " nope"]),
).map(lambda p: f"%% vaultlint-ignore{p[0]}{p[1]} %%")
words = st.sampled_from(["Text", "and `code`", "[[", "%%", "<!--", "é犬😀", "`", "$", "#tag", "[^1]", "\\", "**"])
pieces = st.one_of(links, anchors, directives, words)
sentences = st.lists(pieces, min_size=1, max_size=4).map(" ".join)
lines = st.tuples(
    st.sampled_from(["", "", "- ", "> ", "# ", "  ", "1. ", "| ", "```\n", "%%\n", "<div>\n"]), sentences
).map("".join)
tables = st.tuples(pieces, links.map(lambda link: link.replace("|", "\\|"))).map(
    lambda p: f"| a | b |\n| - | - |\n| {p[0]} | {p[1]} |"
)
bodies = st.lists(st.one_of(lines, tables, st.just("")), max_size=6).map("\n".join)

plain = st.sampled_from(
    ["a", "a b", "a, b", "natural history", "1687", "#science", "yes", "~", "x # y", "[a b, c.d]"]
)
values = st.one_of(
    plain,
    plain.map(lambda text: f"'{text}'"),
    st.lists(plain, min_size=1, max_size=3).map(lambda items: "".join(f"\n  - {item}" for item in items)),
    st.sampled_from(["", "|\n  a\n", "{a: b}", "[[a], [b]]", ">-\n  a\n  b", "&x a", "*x", '"0:48:10"']),
)
link_values = st.one_of(links.map(lambda link: f'"{link}"'), targets.map(lambda target: f"[[{target}]]"))
pairs = st.one_of(
    st.tuples(st.sampled_from(["tag", "tags", "alias", "title", "status", "TAGS", "duration", "'q'"]), values),
    st.tuples(st.sampled_from(["author", "title", "cited"]), link_values),
    st.tuples(
        st.just("vaultlint-ignore"), st.sampled_from(["links", "[nope, links]", "\n  - links\n  - nope", "' '"])
    ),
)
heads = st.lists(pairs, max_size=4, unique_by=lambda pair: pair[0].strip("'")).map(
    lambda pairs: "---\n" + "".join(f"{name}: {value}\n" for name, value in pairs) + "---\n"
)
texts = st.tuples(
    st.one_of(heads, st.just(""), st.just("\ufeff")),
    bodies,
    st.sampled_from(["", "\n"]),
    st.sampled_from(["\n", "\r\n"]),
).map(lambda parts: "".join(parts[:3]).replace("\n", parts[3]))


def vault_of(text: str) -> Vault:
    notes = [read_note(path, content) for path, content in {**OTHERS, "Note.md": text}.items()]
    return Vault(notes, ["The image.png"], SCHEMA, PAST)


def findings(vault: Vault, paths: Collection[str] | None = None) -> list[Diagnostic]:
    return lint(vault, Plan(("Note.md",), lambda path: ACTIVE, {rule.name: rule for rule in RULES}))


def fixed(text: str, unsafe: bool) -> tuple[str, list[Diagnostic]]:
    vault = vault_of(text)
    found = Fixer(vault, findings, read_note, ["Note.md"], unsafe).run()
    return vault.notes["Note.md"].text, found


def properties(note: Note) -> dict[str, object]:
    block = note.front_matter
    return ObsidianHandler().load(ObsidianHandler().split(note.text)[0]) if block and block.valid else {}


SHOWN = {
    "unquoted-link": {"broken-link", "broken-anchor", "ambiguous-link"},
    "malformed-timestamp": {"inconsistent-timestamp-format", "impossible-timestamp"},
}
"""What can be said of a link or time only once it is one."""


@pytest.mark.parametrize("unsafe", [False, True])
@settings(max_examples=300)
@given(texts)
def test_fixing_twice_is_fixing_once(unsafe: bool, text: str) -> None:
    once, found = fixed(text, unsafe)
    assert not [one for one in found if one.rule == REFUSED_FIX], text
    assert not [one for one in found if one.fix and (one.fix.safe or unsafe)]
    twice, again = fixed(once, unsafe)
    assert (twice, again) == (once, found)


FOLDED = ("malformed-timestamp", "impossible-timestamp")
"""Rules of which one finding stands for all places of a slip."""


def what(found: Collection[Diagnostic]) -> Counter[str]:
    """The number of places that each rule reports."""
    counts = Counter[str]()
    for one in found:
        counts[one.rule] += 1 + len(one.related) if one.rule in FOLDED else 1
    return counts


@settings(max_examples=500)
@given(texts)
def test_each_fix_mends_its_finding_and_brings_up_no_other(text: str) -> None:
    vault = vault_of(text)
    before = findings(vault)
    for one in before:
        if one.fix is None:
            continue
        after = applied(text, one.fix.edits)
        changed = vault_of(after)
        mended = what(before) - what(findings(changed))
        assert one.rule in mended, after
        if one.fix.safe:
            assert (what(findings(changed)) - what(before)).keys() <= SHOWN.get(one.rule, set()), after


@settings(max_examples=500)
@given(texts)
def test_what_no_edit_is_about_stays(text: str) -> None:
    note = read_note("Note.md", text)
    for one in findings(vault_of(text)):
        if one.fix is None:
            continue
        after = applied(text, one.fix.edits)
        edits = sorted(one.fix.edits, key=lambda edit: edit.span)
        starts = [0, *(edit.span.end for edit in edits)]
        kept = [text[a:b] for a, b in zip(starts, [*(edit.span.start for edit in edits), len(text)], strict=True)]
        at = 0
        for part, edit in zip(kept, [*edits, None], strict=True):
            assert after.startswith(part, at)
            at += len(part) + (len(edit.replacement) if edit else 0)
        concerned = {
            item.name
            for item in (note.front_matter.properties if note.front_matter else ())
            if any(e.span.start <= item.value.span.end and item.name_span.start <= e.span.end for e in edits)
        }
        then = properties(read_note("Note.md", after))
        for name, value in properties(note).items():
            assert name in concerned or then[name] == value, after
