"""The findings of a vault at the time of the baseline, so that only new ones are reported.

The file has one line for each note and rule, sorted, and no line depends on another, so that git merges it well and
anyone may delete lines.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct

from vaultlint.config.places import ConfigError
from vaultlint.decoding import DecodingError, ValuePath, decoded
from vaultlint.diagnostic import Diagnostic
from vaultlint.linting.fingerprints import fingerprint
from vaultlint.note import Note
from vaultlint.text import quoted

VERSION = 1

LENGTH = 6
"""Characters of a fingerprint that are stored: it must only differ from others of the same note and rule."""

_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|$)", re.MULTILINE)
_BETWEEN = re.compile(r"[\s,]*")
_ENTRIES = re.compile(r'"entries"\s*:\s*\[')


Entry = tuple[str, str]
"""The path of a note relative to the baseline's folder, and the name of a rule."""

Marked = tuple[Diagnostic, Entry, str]
"""A finding with its entry and its short fingerprint."""

Known = Mapping[Entry, str]
"""Sorted short fingerprints by note and rule; a repeated one has a count (`1a2b3cx2`)."""

_MARK = rf"[0-9a-f]{{{LENGTH}}}(?:x[1-9][0-9]{{0,8}})?"


class _Head(Struct):
    """The beginning of a file of any version."""

    version: int


_Row = tuple[str, str, Annotated[str, Meta(pattern=f"^{_MARK}(?: {_MARK})*$")]]
"""An entry as in the file, with its short fingerprints."""


class _File(Struct, forbid_unknown_fields=True):
    """The content of the file; a null follows the last entry, so that every line of an entry ends with a comma."""

    version: int
    entries: list[_Row | None]


class BaselineComparison(NamedTuple):
    """New findings, the number of known ones, and the number of known ones that no longer occur."""

    new: tuple[Diagnostic, ...]
    held_back: int
    gone: int


def marked(
    found: Iterable[Diagnostic], notes: Mapping[str, Note], base: str, origins: Mapping[str, str] = {}
) -> Iterator[Marked]:
    """Findings with their entries and short fingerprints.

    Args:
        found: the findings.
        notes: the notes with these findings, by path.
        base: the path from the baseline's folder to the vault; empty, or it ends with `/`.
        origins: the paths under which the baseline knows notes that a change renamed.
    """
    for one in found:
        yield one, (base + origins.get(one.path, one.path), one.rule), fingerprint(one, notes.get(one.path))[:LENGTH]


def known_from(found: Iterable[Marked]) -> Known:
    """The baseline for these findings."""
    counts: dict[Entry, Counter[str]] = defaultdict(Counter)
    for _, entry, mark in found:
        counts[entry][mark] += 1
    return {entry: _written(marks) for entry, marks in counts.items()}


def compared(found: Iterable[Marked], known: Known, was_checked: Callable[[Entry], bool]) -> BaselineComparison:
    """Separate new findings from known ones; of those that look alike, the last are new.

    An entry that was not checked may still occur.
    """
    left: dict[Entry, Counter[str]] = {}
    new: list[Diagnostic] = []
    held_back = 0
    for one, entry, mark in found:
        if entry not in left:
            left[entry] = _counts(known.get(entry, ""))
        if left[entry][mark]:
            left[entry][mark] -= 1
            held_back += 1
        else:
            new.append(one)
    gone = sum(
        left[entry].total() if entry in left else _total(marks)
        for entry, marks in known.items()
        if was_checked(entry)
    )
    return BaselineComparison(tuple(new), held_back, gone)


def renewed(known: Known, found: Known, was_checked: Callable[[Entry], bool]) -> Known:
    """The baseline with the current findings; entries that were not checked are unchanged."""
    return {entry: marks for entry, marks in known.items() if not was_checked(entry)} | dict(found)


def pruned(known: Known, found: Known, was_checked: Callable[[Entry], bool]) -> Known:
    """The baseline without findings that no longer occur; entries that were not checked are unchanged."""
    kept = {
        entry: _written(_counts(marks) & _counts(found.get(entry, ""))) if was_checked(entry) else marks
        for entry, marks in known.items()
    }
    return {entry: marks for entry, marks in kept.items() if marks}


def carried(known: Known, paths: Mapping[str, str], marks: Mapping[Entry, Iterable[tuple[str, str]]]) -> Known:
    """The baseline after files were renamed and fingerprints changed.

    Args:
        known: the baseline before.
        paths: new paths by old ones, relative to the baseline's folder.
        marks: by entry, the short fingerprints of its findings before and after.
    """
    found: dict[Entry, Counter[str]] = defaultdict(Counter)
    for entry, written in known.items():
        left, gone = _counts(written), Counter[str]()
        for before, after in marks.get(entry, ()):
            if left[before]:
                left[before] -= 1
                gone[after] += 1
        found[paths.get(entry[0], entry[0]), entry[1]] += left + gone
    return {entry: _written(counts) for entry, counts in found.items()}


def size(known: Known) -> int:
    """The number of findings in a baseline."""
    return sum(map(_total, known.values()))


def _written(counts: Counter[str]) -> str:
    return " ".join(mark if count == 1 else f"{mark}x{count}" for mark, count in sorted(counts.items()))


def _counts(marks: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for written in marks.split():
        mark, _, count = written.partition("x")
        counts[mark] += int(count or 1)
    return counts


def _total(marks: str) -> int:
    return _counts(marks).total() if "x" in marks else marks.count(" ") + 1


def rendered(known: Known) -> str:
    """The text of the baseline file."""
    lines = [json.dumps([*entry, marks], ensure_ascii=False) + "," for entry, marks in sorted(known.items())]
    return "\n".join([f'{{"version": {VERSION}, "entries": [', *lines, "null]}", ""])


def parsed(content: bytes, origin: str) -> Known:
    """Parse a baseline file; `origin` is its name in errors.

    Raises:
        ConfigError: it is not a valid baseline; the message gives the line.
    """

    def error(line: int, problem: str) -> ConfigError:
        return ConfigError(f"{origin}:{line}: {problem}")

    try:
        version = decoded(content, _Head).version
        if version != VERSION:
            raise error(1, f"this is a baseline of version {version}, and this vaultlint reads version {VERSION}")
        file = decoded(content, _File)
    except DecodingError as wrong:
        match wrong.path:
            case ["entries", _, 2] if isinstance(wrong.value, str):
                problem = "these are not fingerprints"
            case _:
                problem = wrong.problem
        raise error(_line_of(content, wrong.path), problem) from wrong
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        if conflict := _CONFLICT.search(content):
            raise error(_line(content, conflict.start()), "a merge conflict is left here") from wrong
        raise error(_line(content, _end_of_json(content)), "this is not JSON") from wrong
    known = {(row[0], row[1]): row[2] for row in file.entries if row is not None}
    if len(known) < len(file.entries) - file.entries.count(None):
        number, (path, rule) = _second(file.entries)
        line = _line(content, _offset_of_entry(content, number))
        raise error(line, f"{quoted(path)} and {quoted(rule)} appear here a second time")
    return known


def _second(rows: Iterable[_Row | None]) -> tuple[int, Entry]:
    """The first row with the same note and rule as an earlier row: its index, note and rule."""
    seen: set[Entry] = set()
    for number, row in enumerate(rows):
        if row is not None:
            if row[:2] in seen:
                return number, row[:2]
            seen.add(row[:2])
    raise ValueError("each row is unique")


def _line(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1


def _line_of(content: bytes, path: ValuePath) -> int:
    """The line of the entry at a path of keys and indexes; the first line if there is none."""
    match path:
        case ["entries", int(number), *_]:
            return _line(content, _offset_of_entry(content, number))
        case _:
            return 1


def _end_of_json(content: bytes) -> int:
    """The offset at which a text stops being valid JSON."""
    try:
        text = content.decode("utf-8")
        json.loads(text)
    except UnicodeDecodeError as error:
        return error.start
    except json.JSONDecodeError as error:
        return len(text[: error.pos].encode())
    except RecursionError:
        pass
    return len(content)


def _offset_of_entry(content: bytes, number: int) -> int:
    """The offset of an entry in valid JSON, by its 0-based number."""
    text = content.decode("utf-8")
    start = _ENTRIES.search(text)
    offset = start.end() if start else 0
    for i in range(number + 1):
        offset = _end_of_blank(text, offset)
        if i < number:
            offset = json.JSONDecoder().raw_decode(text, offset)[1]
    return len(text[:offset].encode())


def _end_of_blank(text: str, offset: int) -> int:
    match = _BETWEEN.match(text, offset)
    return match.end() if match else offset
