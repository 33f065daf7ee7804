"""The rule `uncited-claim`."""

import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import pytest
from msgspec.structs import replace

from vaultlint.cache import records
from vaultlint.claims import Confidence
from vaultlint.claims.coverage import Scope
from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.files.discovery import Source
from vaultlint.linting.linter import Plan, lint
from vaultlint.note import CitationKind, Note
from vaultlint.reading import Dialect, read_note
from vaultlint.reading.prose import Sentence, sentences
from vaultlint.rules import uncited_claim
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.surface import Surface
from vaultlint.testing import check
from vaultlint.vault import Vault

ANCHOR = '<a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>'
CLAIM = "Critics argue that he was wrong and that it led to the war of 1914."
OTHER = "She found that the patients recovered and that they were cured of the disease in 1973."
QUOTATION = 'Newton wrote in 1687 that "the tides are caused by the moon and the sun alone" and was praised.'
PLAIN = "The sea is wide and blue."
MARKED = f"{CLAIM}  <-- uncited-claim"


def note(text: str, head: str = "") -> str:
    """A note that cites by habit, with the text in its middle."""
    cited = "\n\n".join(f"Light sets clock {i} {ANCHOR}." for i in range(4))
    return f"{head}# History\n\n{cited}\n\n{text}\n\n{cited}\n"


def check_note(text: str, rule: UncitedClaim | None = None, head: str = "") -> list[Diagnostic]:
    return check(rule or UncitedClaim(), {"Wars.md": note(text, head)})


def messages(text: str, rule: UncitedClaim | None = None, head: str = "") -> list[str]:
    return [one.message for one in check_note(text, rule, head)]


@pytest.mark.parametrize(
    "text",
    [
        MARKED,
        f"{OTHER}  <-- uncited-claim",
        f"- {MARKED}",
        f"> [!info] Title\n> {MARKED}",
        f"| a |\n|---|\n| {CLAIM} |  <-- uncited-claim",
        f"{PLAIN} {MARKED}",
        f"{PLAIN}\n{MARKED}",
        f"{PLAIN}[^1] {MARKED}",
        f"It is [[@newton1687]]. {MARKED}",
        f"![[Moon.png]] [[Tides]] #tides {MARKED}",
    ],
)
def test_claim(text: str) -> None:
    (found,) = check_note(text)
    assert re.fullmatch(r"no citation, and this [a-z ]+: “\w+”(, “\w+”)*", found.message)
    assert found.severity is Severity.INFO


def test_quotation() -> None:
    (message,) = messages(f"{QUOTATION}  <-- uncited-claim")
    said = '"the tides are caused by the moon and the sun alone"'
    assert message == f"no citation, and this quotes somebody: {said}"


@pytest.mark.parametrize(
    "text",
    [
        f"{CLAIM[:-1]} {ANCHOR}.",
        f"{CLAIM} {ANCHOR}",
        f"{CLAIM}[^1]",
        f"{CLAIM[:-1]} (see https://example.org).",
        f"{CLAIM[:-1]} [@newton1687].",
        f"{CLAIM[:-1]} [12:34].",
        f"{CLAIM[:-1]} [[@newton1687]].",
        f"{CLAIM[:-1]} (Newton, 1687).",
        f"{CLAIM} {PLAIN}[^1]",
        f"[Critics](https://example.org) argue. {CLAIM}",
        f"Wars:[^1]\n\n- {CLAIM}",
        f"- Wars [^1]\n  - {CLAIM}",
        f"| a | b |\n|---|---|\n| {CLAIM} | [^1] |",
        PLAIN,
        f"{CLAIM[:-1]}?",
        f"{CLAIM[:-1]}:",
        f"I see that {CLAIM}",
        f"You know that {CLAIM}",
        f"`{CLAIM}`",
        f"```\n{CLAIM}\n```",
        f"# {CLAIM}",
        f"%% {CLAIM} %%",
        f"<!-- {CLAIM} -->",
        f"[^1]: {CLAIM}",
        f"> [!info] {CLAIM}",
        "Drag Notes onto the canvas.",
        "Take a walk in the morning.",
        'He saw "The Death and Life of Great American Cities" there.',
        f"{CLAIM[:-1]} (Newton 1687, 39).",
        f"{CLAIM[:-1]}, as in *Optics* (pp. 17–19).",
        f"{CLAIM}\n— Isaac Newton",
        f"{CLAIM}\nSource: https://example.org",
        f"## References\n\n{CLAIM}",
        f"## Sources:\n\n- {CLAIM}",
        f"## Conclusion\n\n{CLAIM}",
        f"[[{CLAIM}]]",
        f"- [[{CLAIM}|Wars]]",
    ],
)
def test_cited_or_no_claim(text: str) -> None:
    check_note(text)


# Which notes


def test_note_that_cites_nothing() -> None:
    check(UncitedClaim(), {"Wars.md": f"# History\n\n{CLAIM}\n\n{PLAIN}\n"})


def test_every_note_may_be_looked_at() -> None:
    check(UncitedClaim(notes="all"), {"Wars.md": f"# History\n\n{MARKED}\n\n{PLAIN}\n"})


CITING = "".join(f"Light sets clock {i} [^1].\n\n" for i in range(3))


@pytest.mark.parametrize(
    ("citations", "mark"),
    [
        ([ANCHOR] * 3, "  <-- uncited-claim"),
        (["[^1]", "(Newton, 1687)", "[@newton1687]"], "  <-- uncited-claim"),
        ([ANCHOR] * 2, ""),
        (["https://example.org"] * 9, ""),
        (["[Optics](https://example.org)"] * 9, ""),
        ([ANCHOR] * 2 + [""] * 2, ""),
    ],
)
def test_note_that_cites_as_a_habit(citations: list[str], mark: str) -> None:
    """Three blocks cite, and at least half of the blocks that are long enough for an assertion."""
    cited = "\n\n".join(f"Light sets the clocks of all who live there {one}." for one in citations)
    check(UncitedClaim(), {"Wars.md": f"# History\n\n{cited}\n\n{CLAIM}{mark}\n"})


@pytest.mark.parametrize("require", ["blocks", "sentences"])
def test_house_rules_hold_for_a_conclusion(require: Literal["blocks", "sentences"]) -> None:
    check_note(f"## Conclusion\n\n{MARKED}", UncitedClaim(require=require))


def test_claim_beside_links() -> None:
    check_note(f"[[Wars]] {MARKED}")
    check_note(f"[[Wars]]: {CLAIM} [[Peace]]  <-- uncited-claim")


@pytest.mark.parametrize(("citations", "reads_again"), [(3, False), (2, True)])
def test_note_that_cites_a_little_is_read_once(
    citations: int, reads_again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is checked when it is read, in case the other notes in its folder cite by habit."""
    blocks = [f"Light sets clock {i} {ANCHOR}." for i in range(citations)] + [PLAIN * 3] * 5
    files = {f"{i}.md": CITING for i in range(3)} | {"Wars.md": "\n\n".join([*blocks, CLAIM])}
    assert checked_without_texts(files, UncitedClaim(), monkeypatch) == ({"Wars.md"} if reads_again else set())


@pytest.mark.parametrize(("cited", "mark"), [(3, "  <-- uncited-claim"), (2, "")])
def test_half_of_the_blocks(cited: int, mark: str) -> None:
    blocks = [f"Light sets the clock {ANCHOR}."] * cited + [PLAIN * 3] * (cited - 1)
    check(UncitedClaim(), {"Wars.md": "# History\n\n" + "\n\n".join([*blocks, f"{CLAIM}{mark}"])})
    check(UncitedClaim(), {"Wars.md": "# History\n\n" + "\n\n".join([*blocks, PLAIN * 3, CLAIM])})


@pytest.mark.parametrize(("others", "mark"), [(1, "  <-- uncited-claim"), (2, "")])
def test_folder_in_which_half_of_the_notes_cite(others: int, mark: str) -> None:
    """`others` does not count the note itself and the two notes that cite."""
    check(
        UncitedClaim(),
        {
            "A/Wars.md": f"# History\n\n{CLAIM}{mark}\n\n{PLAIN}\n",
            **{f"A/Cites {i}.md": CITING for i in range(2)},
            **{f"A/{i}.md": PLAIN for i in range(others)},
            "B/Wars.md": f"# History\n\n{CLAIM}\n\n{PLAIN}\n",
            "A/C/Wars.md": f"# History\n\n{CLAIM}\n\n{PLAIN}\n",
        },
    )


@pytest.mark.parametrize(("citing", "mark"), [(3, "  <-- uncited-claim"), (2, "")])
def test_vault_in_which_half_of_the_notes_cite(citing: int, mark: str) -> None:
    files = {f"A/{i}.md": CITING for i in range(citing)}
    files |= {"A/Plain.md": PLAIN, "B/Plain.md": PLAIN}
    check(UncitedClaim(), {**files, "B/Wars.md": f"# History\n\n{CLAIM}{mark}\n"})


def test_links_to_sources_make_a_habit() -> None:
    rule = UncitedClaim(reference_notes=("Books/",))
    cited = "\n\n".join(f"Light sets clock {i} [[Optics]]." for i in range(3))
    text = f"# History\n\n{cited}\n\n{MARKED}\n"
    check(rule, {"Wars.md": text, "Books/Optics.md": PLAIN})
    check(UncitedClaim(), {"Wars.md": text.replace("  <-- uncited-claim", ""), "Books/Optics.md": PLAIN})


def test_no_sentence_is_read_where_citing_is_no_habit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uncited_claim, "sentences", lambda *arguments: 1 / 0)
    files = {"Wars.md": f"{CLAIM} [^1]\n\n{CLAIM} https://example.org\n", "Plain.md": CLAIM}
    assert check(UncitedClaim(), files) == []


@pytest.mark.parametrize(
    "head",
    [
        "source: https://example.org",
        "url: x",
        "doi: 10.1/2",
        "citekey: a",
        "isbn: 978",
        "Source: [a]",
        "source: '[[A]]'",
        "author: Newton\ntitle: Optics",
        "Author: [Newton]\nTitle: Optics",
        "kindle-sync:\n  bookId: 12",
        "readwise_url: https://example.org",
    ],
)
def test_note_about_one_source(head: str) -> None:
    check_note(CLAIM, head=f"---\n{head}\n---\n")


@pytest.mark.parametrize(
    "head",
    [
        *("videoId: rT4kQw81LmA", "link: https://example.org", "source:", "source: ''", "source: []", "url: ' '"),
        *("doi:", "citekey: ''", "sources: a", "tags: source", "author: Newton", "title: Optics"),
        "author: ''\ntitle: Optics",
    ],
)
def test_property_that_names_no_source(head: str) -> None:
    check_note(MARKED, head=f"---\n{head}\n---\n")


def test_highlights_that_readwise_has_written() -> None:
    readwise = "## Metadata\n\n- Author: Newton\n- Full Title: Optics\n\n## Highlights\n\n"
    check_note(f"{readwise}{CLAIM}")
    check_note(f"## Highlights\n\n{MARKED}")


def test_sources_section_covers_nothing() -> None:
    check_note(f"{MARKED}\n\n# Sources\n\n- https://example.org")


def test_source_properties_are_an_option() -> None:
    check_note(CLAIM, UncitedClaim(source_properties=("origin",)), head="---\norigin: a\n---\n")
    check_note(MARKED, UncitedClaim(source_properties=()), head="---\nsource: a\n---\n")


def test_reference_note() -> None:
    check(UncitedClaim(), {"@newton1687.md": note(CLAIM), "Sources/@a.md": note(CLAIM)})


def test_listed_reference_note_is_covered_and_covers() -> None:
    rule = UncitedClaim(reference_notes=("Books/",))
    check(rule, {"Books/Optics.md": note(CLAIM), "Wars.md": note(f"{CLAIM[:-1]} [[Optics]].")})
    files = {"Books/Optics.md": note(MARKED), "Wars.md": note(f"{CLAIM[:-1]} [[Optics]].  <-- uncited-claim")}
    check(UncitedClaim(), files)


# Findings


def test_one_diagnostic_a_block_with_the_others_related() -> None:
    block = f"{PLAIN} {CLAIM} {PLAIN} {OTHER}"
    (found,) = check_note(f"{block}  <-- uncited-claim")
    text = note(block)
    assert text[found.span.start : found.span.end] == CLAIM
    assert [text[one.span.start : one.span.end] for one in found.related] == [OTHER]
    assert all(one.message.startswith("no citation, and this ") for one in found.related)


def test_one_diagnostic_for_each_block() -> None:
    (one, other) = check_note(f"- {MARKED}\n- {OTHER}  <-- uncited-claim")
    assert (one.related, other.related) == ((), ())


def test_only_what_stands_after_the_last_citation() -> None:
    (found,) = check_note(f"{CLAIM} {PLAIN}[^1] {OTHER}  <-- uncited-claim")
    assert found.span.start == note(f"{CLAIM} {PLAIN}[^1] {OTHER}").index(OTHER)
    assert found.related == ()


def test_long_words_are_cut() -> None:
    quotation = "the tides are caused by the moon " * 9
    (message,) = messages(f'Newton wrote in 1687 that "{quotation}" and was praised there.  <-- uncited-claim')
    assert message.startswith('no citation, and this quotes somebody: "the tides')
    assert message.endswith("…")
    assert len(message) < 110


# How strict


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{PLAIN}  <-- uncited-claim", "no citation in this paragraph"),
        (f"- {PLAIN}  <-- uncited-claim", "no citation in this list item"),
        (f"> {PLAIN}  <-- uncited-claim", "no citation in this quote"),
        (f"> [!info]\n> {PLAIN}  <-- uncited-claim", "no citation in this callout"),
        (f"| a |\n|---|\n| {PLAIN} |  <-- uncited-claim", "no citation in this table cell"),
        ("Das Meer ist weit und blau.  <-- uncited-claim", "no citation in this paragraph"),
        (f"Is it? {PLAIN} {CLAIM}  <-- uncited-claim", "no citation in this paragraph"),
    ],
)
def test_blocks(text: str, message: str) -> None:
    (found,) = check_note(text, UncitedClaim(require="blocks"))
    assert (found.message, found.severity, found.related) == (message, Severity.WARNING, ())


@pytest.mark.parametrize(
    "text",
    [
        f"{PLAIN}[^1] {CLAIM}",
        f"{PLAIN} {CLAIM} [^1]",
        f"Seas:[^1]\n\n- {PLAIN}",
        "Is the sea wide and blue?",
        "Key factors include these four:",
        "Take a walk in the morning.",
        "I saw the sea at noon.",
        "The sea.",
        "[[The Tides]] [[The Moon]] [[The Sun and the Earth]]",
        "![[Moon.png]]",
        "#tides #of #the #sea",
        "The `code` is very long.",
    ],
)
def test_block_that_asserts_nothing_or_is_cited(text: str) -> None:
    check_note(text, UncitedClaim(require="blocks"))


def test_sentences() -> None:
    block = f"{PLAIN} {CLAIM}[^1] Is the sea wide? {OTHER} {PLAIN}"
    (found,) = check_note(f"{block}  <-- uncited-claim", UncitedClaim(require="sentences", scope=Scope.SENTENCE))
    text = note(block)
    assert (found.message, found.severity) == ("no citation for this sentence", Severity.WARNING)
    spans = [found.span, *(one.span for one in found.related)]
    assert [text[span.start : span.end] for span in spans] == [PLAIN, OTHER, PLAIN]


@pytest.mark.parametrize("text", [f"{PLAIN} {CLAIM}[^1]", f"- Seas [^1]\n  - {PLAIN}", "Is the sea wide and blue?"])
def test_sentences_that_are_covered(text: str) -> None:
    check_note(text, UncitedClaim(require="sentences"))


@pytest.mark.parametrize("rule", [UncitedClaim(min_confidence=Confidence.HIGH), UncitedClaim()])
def test_plain_sentence_is_never_reported(rule: UncitedClaim) -> None:
    check_note(PLAIN, rule)


def test_less_confidence_reports_more() -> None:
    sentence = "Newton schrieb: „die Sonne ist eine alte Uhr“."  # medium, because it is not measured
    head = "---\nlang: de\n---\n"
    check_note(f"{sentence}  <-- uncited-claim", UncitedClaim(min_confidence=Confidence.LOW), head)
    check_note(f"{sentence}  <-- uncited-claim", UncitedClaim(min_confidence=Confidence.MEDIUM), head)
    check_note(sentence, UncitedClaim(min_confidence=Confidence.HIGH), head)


# What a citation covers


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (Scope.BLOCK, f"{CLAIM} {PLAIN}[^1]\n\n{OTHER}  <-- uncited-claim"),
        (Scope.SENTENCE, f"{CLAIM} {PLAIN}[^1]  <-- uncited-claim\n\n{OTHER}  <-- uncited-claim"),
        (Scope.SENTENCE, f"Wars:[^1]\n- {MARKED}\n- {OTHER} [^1]"),
        (Scope.SECTION, f"{CLAIM} {PLAIN}[^1]\n\n{OTHER}"),
        (Scope.SECTION, f"{CLAIM}\n\n## Cures\n\n{OTHER}  <-- uncited-claim\n\n## End"),
    ],
)
def test_scope(scope: Scope, text: str) -> None:
    check_note(text, UncitedClaim(scope=scope))


def test_after_last() -> None:
    check_note(f"{PLAIN}[^1] {MARKED}")
    check_note(f"{PLAIN}[^1] {CLAIM}\n\n{MARKED}", UncitedClaim(after_last="covered"))


def test_kinds_of_citations() -> None:
    rule = UncitedClaim(citations=(CitationKind.TIMESTAMP, CitationKind.FOOTNOTE))
    check_note(f"{CLAIM}[^1]\n\n{CLAIM[:-1]} (https://example.org).  <-- uncited-claim", rule)
    authors = CITING.replace("[^1]", "(Newton, 1687)")
    check(rule, {"Wars.md": f"# History\n\n{CLAIM}\n\n{authors}\n"})


# Languages


@pytest.mark.parametrize(
    "head",
    [
        *("lang: en", "lang: EN", "lang: en-GB", "lang: en_US", "language: English", "Language: english"),
        *("lang: [en, de]", "lang:", "language: Rust", "language: Python", "title: de"),
    ],
)
def test_note_in_english(head: str) -> None:
    check_note(MARKED, head=f"---\n{head}\n---\n")


@pytest.mark.parametrize("head", ["lang: de", "language: de-AT", "lang: [de, en]", "lang: DE"])
def test_note_in_another_language(head: str) -> None:
    check_note(CLAIM, head=f"---\n{head}\n---\n")


GERMAN = (
    f"# Geschichte\n\n{{}}\n\n{'Das Meer ist weit und blau [^1]. ' * 2}\n" + "\n\nEs ist weit und blau [^1].\n" * 4
)


def test_language_is_told_by_its_words() -> None:
    text = GERMAN.format("Critics argue, dass Newton wrong ist und argued 1914, dass er led. " * 3)
    check(UncitedClaim(), {"Meer.md": text})


def test_quotation_with_who_said_it_in_another_language() -> None:
    (one,) = check(
        UncitedClaim(),
        {
            "Meer.md": GERMAN.format("Newton schrieb: „die Sonne ist eine alte Uhr“.  <-- uncited-claim"),
            "Ohne.md": GERMAN.format("Dort steht „die Sonne ist eine alte Uhr“ an der Wand."),
            "See.md": GERMAN.format("Etwa 40 % der Nutzer gehen nach einer Woche."),
        },
    )
    assert one.message == "no citation, and this quotes somebody: „die Sonne ist eine alte Uhr“"


def test_language_of_the_configuration_is_for_notes_that_name_none() -> None:
    check_note(CLAIM, UncitedClaim(language="de"))
    check_note(MARKED, UncitedClaim(language="de"), head="---\nlang: en\n---\n")
    check(UncitedClaim(language="en"), {"Meer.md": GERMAN.format(MARKED)})


# Notes without their text


KEPT = {
    "Books/Light.md": f"# Light\n\n{CLAIM}\n\n" + "Clocks are set by light [@lee].\n\n" * 3,
    "Books/Stars.md": f"# Stars\n\n{OTHER}\n\n" + "Clocks are set by light [[@lee2019]].\n\n" * 3,
    "Books/Page.md": f"---\nurl: https://a.b\n---\n{CLAIM} [@lee]\n",
    "Books/@lee2019.md": f"{CLAIM} [@lee]\n",
    "Books/Sky.md": f"---\ndoi: 10.1000/182\n---\n{CLAIM} [@lee]\n",
    "Plain/One.md": f"{CLAIM}\n",
    "Plain/Two.md": f"{CLAIM}\n",
    "Plain/Three.md": f"{CLAIM}\n",
    "Templates/None.md": f"{CLAIM} {ANCHOR}\n",
}
LINKING = {"Books/Linking.md": f"{OTHER} [[Sky]]\n\n{CLAIM} [[Sky]] {CLAIM}\n", "Books/Moon.md": "[[Sun]]"}
HELD = {"Habit/Silent.md": f"{CLAIM}\n", "Habit/A.md": CITING, "Habit/B.md": CITING}
"""The first note has to cite because the others do, which depends on the vault."""


def checked_without_texts(files: dict[str, str], rule: UncitedClaim, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Asserts that notes without their text get the same findings; returns the paths of notes that are read again."""
    active = ActiveRules((ActiveRule(rule, None),))

    def rules_for(path: str) -> ActiveRules:
        return ActiveRules() if path.startswith("Templates/") else active

    def reported(notes: Iterable[Note], surfaces: Mapping[str, Surface] = {}) -> list[Diagnostic]:
        return lint(Vault(notes, stored=surfaces.get), Plan(tuple(files), rules_for, {rule.name: UncitedClaim}))

    sources = {path: Source(path, path, content=text.encode()) for path, text in files.items()}
    reader = records.Reader(Dialect(), rules_for)
    packed = records.unpacked(reader.packed(sources.values(), {}))
    kept = {path: record for path, record in zip(files, packed, strict=True) if record is not None}
    contents = {path: record.opened() for path, record in kept.items()}
    again: set[str] = set()

    def load(source: Source) -> bytes | str:
        again.add(source.path)
        return source.content or ""

    monkeypatch.setattr(records, "load", load)
    shelf = records.Shelf(sources, contents.__getitem__, reader)
    surfaces = {path: record.surface for path, record in kept.items()}
    found = reported([records.CachedNote(path, shelf) for path in kept], surfaces)
    assert found == reported(read_note(path, text) for path, text in files.items())
    return again


@pytest.mark.parametrize("require", ["claims", "blocks", "sentences"])
@pytest.mark.parametrize("kinds", [(*CitationKind,), (CitationKind.NOTE,), (CitationKind.KEY,)])
def test_of_a_note_without_its_text(
    require: Literal["claims", "blocks", "sentences"],
    kinds: tuple[CitationKind, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = UncitedClaim(require=require, citations=kinds, min_confidence=Confidence.LOW)
    ignored = {"Templates/None.md"}  # it counts among all notes, though the rule does not run on it
    assert checked_without_texts(KEPT, rule, monkeypatch) == ignored
    assert checked_without_texts(KEPT, replace(rule, notes="all"), monkeypatch) == set()
    linking = {"Books/Linking.md"} if CitationKind.NOTE in kinds else set()
    assert checked_without_texts({**KEPT, **LINKING}, rule, monkeypatch) == linking | ignored
    held = {"Habit/Silent.md"} if CitationKind.FOOTNOTE in kinds else set()
    assert checked_without_texts({**KEPT, **HELD}, rule, monkeypatch) == held | ignored


def test_note_that_cites_only_as_its_folder_does_is_split_once(monkeypatch: pytest.MonkeyPatch) -> None:
    split: list[str] = []

    def recorded(text: str, *others: Any) -> list[Sentence]:
        split.append(text)
        return sentences(text, *others)

    monkeypatch.setattr(uncited_claim, "sentences", recorded)
    check(UncitedClaim(), {**HELD, "Habit/Silent.md": f"{MARKED}\n"})
    assert split.count(f"{CLAIM}\n") == 1


def test_that_fails_on_a_note_without_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uncited_claim, "sentences", lambda *arguments: 1 / 0)
    files = {"Wars.md": note(CLAIM)}
    assert checked_without_texts(files, UncitedClaim(), monkeypatch) == set()


# Bad input

LENGTH = 1_000_000

SCRIPT = r"""
import sys
from vaultlint.claims import Confidence
from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.claims.coverage import Scope
from vaultlint.linting.linter import Plan, lint
from vaultlint.reading import read_note
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.vault import Vault

RULES = (
    UncitedClaim(notes="all", min_confidence=Confidence.LOW),
    UncitedClaim(notes="all", require="sentences", scope=Scope.SENTENCE),
)


def checked(text):
    note = read_note("Wars.md", "# History\n\n" + text)
    vault = Vault([note])
    for rule in RULES:
        active = ActiveRules((ActiveRule(rule, None),))
        for one in lint(vault, Plan((note.path,), lambda path: active, {rule.name: UncitedClaim})):
            assert one.rule == rule.name, one
            assert all(0 <= place.span.start < place.span.end <= len(note.text) for place in (one, *one.related))


def filled(shape, length):
    return (shape * (length // len(shape) + 1))[:length]


CLAIM = "Critics argue that he was wrong and that it led to the war of 1914. "
ROW = "| " + CLAIM + "| 40 % | c |\n"
long = int(sys.argv[1])
shapes = (
    *("critics argue that the sea was wide and ", "a", "海水上升", "海水上升。月亮牵引！", "「古い時計」と言った。"),
    *('"', "“ ", "הים עולה והירח מושך. ", "البحر يرتفع. القمر يجذب؟ ", "😀 👩‍👩‍👧 😀. ", CLAIM),
    "It rises [^1]. ",
)
for shape in shapes:
    checked(filled(shape, long))
checked("Stop. " * 100_000)
checked("| a | b | c |\n|---|---|---|\n" + ROW * 5_000)
checked("| a | b | c |\n|---|---|---|\n" + ROW.replace("| c |", "| [^1] |") * 5_000)

short = long // 5
tricky = (
    *("Stop.", "a.a. ", '"a b c d e" ', '" ', "“a. ", "'", "(a. ", "*_=~", "Aa ", "Aa (2020, ", "(Aa, 2020; "),
    *("Aa & ", "^[a", "^[[[", "[[Wars]] ", "(1:02, ", "[@a; ", "`a` ", "<br>", "[^1] ", "#a "),
    *(CLAIM + "[^1] ", CLAIM + "\n", "- " + CLAIM + "\n", "| " + CLAIM),
    *("> [!tip] a\n", "40 % ", "A-", "https://a.", "[a](https://b.c). ", "He says "),
)
for shape in tricky:
    checked(filled(shape, short))
checked(CLAIM + '"' + filled(CLAIM, short))
checked(CLAIM + "“" + filled(CLAIM, short))
checked("Wars:\n\n" + filled("- " + CLAIM + "\n", short) + "\n- Last [^1]\n")
checked("".join("  " * depth + "- " + CLAIM + "\n" for depth in range(int(short**0.5))))
print("done")
"""


@pytest.mark.once
def test_a_megabyte_of_anything_ends() -> None:
    """Quadratic time would take hours."""
    command = [sys.executable, "-c", SCRIPT, str(LENGTH)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
