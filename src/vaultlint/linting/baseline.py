"""What a vault had when it took vaultlint up, so that only new findings are reported.

The file holds a line for each note and rule, sorted, and no line touches its neighbours, so that git merges it well
and anyone may delete lines.
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
"""Characters of a fingerprint that are kept: it need only differ from others of the same note and rule."""

_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|$)", re.MULTILINE)
_BETWEEN = re.compile(r"[\s,]*")
_ENTRIES = re.compile(r'"entries"\s*:\s*\[')


Entry = tuple[str, str]
"""The path of a note from the baseline's folder, and the name of a rule."""

Marked = tuple[Diagnostic, Entry, str]
"""A finding with the entry that it belongs to and its short fingerprint."""

Known = Mapping[Entry, str]
"""Sorted short fingerprints by note and rule, with counts (`1a2b3cx2`) where there are more than one."""

_MARK = rf"[0-9a-f]{{{LENGTH}}}(?:x[1-9][0-9]{{0,8}})?"


class _Head(Struct):
    """What a file of any version begins with."""

    version: int


_Row = tuple[str, str, Annotated[str, Meta(pattern=f"^{_MARK}(?: {_MARK})*$")]]
"""An entry as it stands in the file, with its short fingerprints."""


class _File(Struct, forbid_unknown_fields=True):
    """The file as it stands; after the last entry there is a null, so that each line of an entry ends alike."""

    version: int
    entries: list[_Row | None]


class BaselineComparison(NamedTuple):
    """New findings, how many known ones there are, and how many known ones no longer occur."""

    new: tuple[Diagnostic, ...]
    held_back: int
    gone: int


def marked(
    found: Iterable[Diagnostic], notes: Mapping[str, Note], base: str, origins: Mapping[str, str] = {}
) -> Iterator[Marked]:
    """The findings as a baseline knows them.

    Args:
        found: the findings.
        notes: the notes that they are about, by path.
        base: the way from the baseline's folder down to the vault; empty, or it ends with `/`.
        origins: under which paths notes are known that a change renamed.
    """
    for one in found:
        yield one, (base + origins.get(one.path, one.path), one.rule), fingerprint(one, notes.get(one.path))[:LENGTH]


def known_from(found: Iterable[Marked]) -> Known:
    """A baseline with these findings."""
    counts: dict[Entry, Counter[str]] = defaultdict(Counter)
    for _, entry, mark in found:
        counts[entry][mark] += 1
    return {entry: _written(marks) for entry, marks in counts.items()}


def compared(found: Iterable[Marked], known: Known, was_checked: Callable[[Entry], bool]) -> BaselineComparison:
    """The findings apart from the known ones; of those that look alike, the last are new.

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
    """A baseline with what is found now; what was not checked stays as it was."""
    return {entry: marks for entry, marks in known.items() if not was_checked(entry)} | dict(found)


def pruned(known: Known, found: Known, was_checked: Callable[[Entry], bool]) -> Known:
    """A baseline without what no longer occurs; what was not checked stays as it was."""
    kept = {
        entry: _written(_counts(marks) & _counts(found.get(entry, ""))) if was_checked(entry) else marks
        for entry, marks in known.items()
    }
    return {entry: marks for entry, marks in kept.items() if marks}


def carried(known: Known, paths: Mapping[str, str], marks: Mapping[Entry, Iterable[tuple[str, str]]]) -> Known:
    """A baseline after files got other paths, and findings other marks.

    Args:
        known: the baseline before.
        paths: new paths by old ones, from the baseline's folder.
        marks: by entry the short fingerprint of each of its findings, before and after.
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
    """How many findings a baseline holds."""
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
    """The text of the file."""
    lines = [json.dumps([*entry, marks], ensure_ascii=False) + "," for entry, marks in sorted(known.items())]
    return "\n".join([f'{{"version": {VERSION}, "entries": [', *lines, "null]}", ""])


def parsed(content: bytes, origin: str) -> Known:
    """The baseline in a file; `origin` is what to call that in errors.

    Raises:
        ConfigError: it is no baseline; the message names the line.
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
    """The first row whose note and rule stand in an earlier one, and its number."""
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
    """The line of an entry that a path of keys and indexes leads to, else the first."""
    match path:
        case ["entries", int(number), *_]:
            return _line(content, _offset_of_entry(content, number))
        case _:
            return 1


def _end_of_json(content: bytes) -> int:
    """The offset from which on a text is no JSON."""
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
    """Where the entry of a number, counted from 0, begins in a text that is JSON."""
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
