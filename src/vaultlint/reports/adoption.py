"""Output of `vaultlint baseline` and `vaultlint init`: the written baseline and the proposed configuration."""

import json
import re
from collections.abc import Iterable, Iterator

from vaultlint.commands.baseline import WrittenBaseline
from vaultlint.commands.init import Survey
from vaultlint.commands.report import Report
from vaultlint.habits import CitedBlocks, OddFolder, RequiredThere
from vaultlint.habits.places import HabitScope, Share, literal
from vaultlint.habits.shapes import Shape
from vaultlint.habits.sources import FoundSources
from vaultlint.reports.totals import counted, total
from vaultlint.text import UNPRINTABLE, printable

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def baseline(written: WrittenBaseline) -> Iterator[str]:
    """The number of findings in a written baseline, and in the one before."""
    before = "" if written.before is None else f", before it held {written.before:,}"
    holds = f"{counted(written.findings, 'finding')} in {counted(written.files, 'file')}"
    yield f"{printable(str(written.file))} holds {holds}{before}.\n"
    yield "`vaultlint check` reports only new findings.\n"


def configuration(survey: Survey) -> str:
    """The proposed configuration as TOML; a comment on each line says what it is based on."""
    settings = [*_settings(survey)]
    citations = [*_citations(survey)]
    return "\n\n".join("\n".join(lines) for lines in ([*_head(survey)], *settings, citations) if lines) + "\n"


def outcome(survey: Survey, report: Report, *, is_written: bool) -> Iterator[str]:
    """Where the configuration was written, and the totals of a check with it."""
    if is_written:
        yield f"Wrote {printable(str(survey.file))}.\n"
    yield f"With {'it' if is_written else 'this configuration'}: {total(report)}\n"
    if report.diagnostics:
        yield "`vaultlint baseline` records these findings, so that `vaultlint check` reports only new ones.\n"


def no_notes(survey: Survey) -> Iterator[str]:
    """The message for a vault without notes."""
    yield f"There are no notes in {printable(str(survey.project.root))} yet, so there is nothing to propose.\n"
    yield "vaultlint works without a configuration, too.\n"


def _head(survey: Survey) -> Iterator[str]:
    habits = survey.habits
    yield f"# Proposed by `vaultlint init` from the habits of {counted(habits.notes, 'note')}."
    if survey.left_out:
        yield f"# {counted(survey.left_out, 'note')} did not count: .gitignore or Obsidian's settings leave them out."
    if survey.typed:
        types = counted(survey.typed, "property", "properties")
        yield f"# Obsidian's settings give types to {types}; they are checked without a line here."
    found = (habits.templates, habits.archives, habits.timestamps, habits.ahead, habits.required, habits.cited)
    if any((*found, survey.sources.lengths, survey.sources.transcripts)):
        yield "# The comment after each line says where it comes from; delete what does not fit."
    else:
        yield "# Nothing in them calls for a setting, and vaultlint works well without any."


def _of_videos(sources: FoundSources) -> Iterator[str]:
    """The lines of a `[[sources]]` table."""
    if sources.lengths is not None:
        path, count = sources.lengths
        yield f"lengths = {_string(path)}  # of {counted(count, 'video')} that notes name"
        if sources.columns != FoundSources().columns:
            yield f"lengths-columns = [{_string(sources.columns[0])}, {_string(sources.columns[1])}]"
    if sources.transcripts is not None:
        path, count = sources.transcripts
        yield f"transcripts = {_string(path)}  # of {counted(count, 'video')} that notes name"


def _settings(survey: Survey) -> Iterator[list[str]]:
    """The sections of the file, as lines. Top-level keys come first, as TOML requires."""
    habits, base = survey.habits, survey.base
    if base:
        yield [f"vault = {_string(base.removesuffix('/'))}  # the folder that the notes are in"]
    if habits.templates:
        yield [*_folders("exclude", habits.templates, base, "templates")]
    if habits.timestamps is not None:
        share = _of(habits.timestamps.share)
        yield [
            "[rules.inconsistent-timestamp-format]",
            f'form = "{habits.timestamps.form}"  # {share} times; all others get a finding with a fix',
        ]
    sources = survey.sources
    if sources.lengths or sources.transcripts:
        yield ["[[sources]]", *_of_videos(sources)]
    if habits.ahead is not None:
        names, share = counted(habits.ahead.names, "name has", "names have"), _of(habits.ahead.share)
        planned = "allowed" if habits.ahead.is_habit else "forbidden"
        yield [
            "[rules.unwritten-note]",
            f'planned = "{planned}"  # {names} no note yet, and {share} links to names lead to these',
        ]
    for there in habits.required:
        yield [*_required(there, base)]
    if habits.archives:
        yield [
            "[[overrides]]",
            *_folders("paths", habits.archives, base, "an archive"),
            'ignore = ["links"]  # what they link to may be gone',
        ]
    if habits.cited is not None:
        yield [*_cited(habits.cited, base)]


def _folders(key: str, folders: Iterable[OddFolder], base: str, what: str) -> Iterator[str]:
    lines = (
        (literal(f"/{base}{one.folder}/"), f"{what}: {counted(one.notes, 'note')}; {one.reason}") for one in folders
    )
    return _list(key, lines)


def _required(there: RequiredThere, base: str) -> Iterator[str]:
    yield "[[properties]]"
    yield from _paths(there.places, base)
    yield from _list("required", ((one.name, f"{_of(one.share)} notes") for one in there.properties))
    for one in there.properties:
        if one.shape is not None:
            share = _of(one.shape.share)
            yield f"types.{_key(one.name)} = {_type(one.shape)}  # {share} values are {printable(one.shape.words)}"


def _type(shape: Shape) -> str:
    return f'"{shape.kind}"' if shape.pattern is None else f"{{ pattern = {_string(shape.pattern)} }}"


def _cited(cited: CitedBlocks, base: str) -> Iterator[str]:
    comment = f"# {_of(cited.share)} blocks that assert something have a citation"
    if any(place.is_all for place in cited.places):
        yield "[rules.uncited-claim]"
        yield f'require = "blocks"  {comment}'
    else:
        yield "[[overrides]]"
        yield from _paths(cited.places, base)
        yield f'rules.uncited-claim.require = "blocks"  {comment}'


def _paths(places: Iterable[HabitScope], base: str) -> Iterator[str]:
    """The lines of the key `paths`; none for the whole vault."""
    lines: list[tuple[str, str]] = []
    for place in places:
        if not place.is_all:
            first, *others = place.patterns(base)
            reach = "" if place.own and place.below else "not in its folders" if place.own else "all folders in it"
            lines += [(first, reach), *((other, "not there") for other in others)]
    return _list("paths", lines) if lines else iter(())


def _list(key: str, items: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The lines of a key with a list of strings; `items` are strings and their comments."""
    items = [(_string(text), f"  # {printable(comment)}" if comment else "") for text, comment in items]
    if len(items) == 1:
        yield f"{key} = [{items[0][0]}]{items[0][1]}"
        return
    yield f"{key} = ["
    yield from (f"  {text},{comment}" for text, comment in items)
    yield "]"


def _citations(survey: Survey) -> Iterator[str]:
    """The citations in the notes, as comments: by default, every kind counts."""
    uses = survey.habits.citations
    if uses:
        yield "# Citations in these notes (`vaultlint citations` shows how much they cover):"
    for use in uses:
        folders = ", ".join(f"{printable(folder) or 'the root'} {count:,}" for folder, count in use.folders)
        yield f"#   {use.kind}: {use.count:,} in {counted(use.notes, 'note')}; by folder: {folders}"


def _of(share: Share) -> str:
    return f"{share.having:,} of {share.of:,}" if share.having < share.of else f"all {share.of:,}"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    """A TOML string; a literal one if that saves doubling backslashes."""
    if "\\" in text and "'" not in text and UNPRINTABLE.search(text) is None:
        return f"'{text}'"
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
