"""Lengths of videos, read from tables and from the info files of yt-dlp."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from vaultlint.text import quoted
from vaultlint.videos import duration

UNKNOWN = frozenset({"", "na", "n/a", "none", "null"})
"""Table cells that mean an unknown length, in lower case."""


class TableError(ValueError):
    """A file that is not a table of lengths."""


def lengths_in(content: bytes, name: str, columns: tuple[str, str]) -> dict[str, int]:
    """Video id -> length in seconds.

    Args:
        content: the bytes of the file.
        name: the name of the file; its extension says the format.
        columns: the names of the columns with the id and the length.

    Raises:
        TableError: the file is not a table with these columns.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(f"it is not encoded in UTF-8 (byte {error.start + 1:,})") from error
    rows = _json_rows(text, columns) if name.lower().endswith(".json") else _rows(text, name, columns)
    found: dict[str, int] = {}
    for where, video, length in rows:
        if str(length if length is not None else "").strip().lower() in UNKNOWN:
            continue
        seconds = _seconds(length)
        if seconds is None:
            raise TableError(f"{where}: {length!r} is not a length")
        found[video] = seconds
    return found


def length_in_info(content: bytes) -> int | None:
    """The length in an info file of yt-dlp, in seconds; None if the file has none.

    Raises:
        TableError: the file is not an info file of yt-dlp.
    """
    try:
        info = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise TableError("it is not JSON") from error
    if not isinstance(info, Mapping):
        raise TableError("it is JSON, but not of yt-dlp")
    length = info.get("duration")
    seconds = _seconds(length)
    if seconds is None and length is not None:
        raise TableError(f"its `duration` {length!r} is not a length")
    return seconds


def _seconds(value: object) -> int | None:
    """A number or a time as text, in whole seconds, rounded up; None if it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value.strip())
        except ValueError:
            return duration(str(value).strip())
    if isinstance(value, int | float) and 0 <= value < 10**9:
        return ceil(value)
    return None


def _rows(text: str, name: str, columns: tuple[str, str]) -> Iterable[tuple[str, str, Any]]:
    head = text.partition("\n")[0]
    tab = name.lower().endswith(".tsv") or ("\t" in head and "," not in head)
    delimiter = "\t" if tab else ";" if ";" in head and "," not in head else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for column in columns:
            if column not in (reader.fieldnames or ()):
                raise TableError(f"there is no column {quoted(column)} (`lengths-columns` names them)")
        return [(f"line {reader.line_num:,}", row[columns[0]] or "", row[columns[1]]) for row in reader]
    except csv.Error as error:
        raise TableError(f"line {reader.line_num:,}: {error}") from error


def _json_rows(text: str, columns: tuple[str, str]) -> Iterable[tuple[str, str, Any]]:
    """The rows of a list of objects, or of an object whose keys are ids: place, id, length."""
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TableError(f"it is not JSON: {error}") from error
    video, length = columns
    if isinstance(table, Mapping):
        values = ((key, one.get(length) if isinstance(one, Mapping) else one) for key, one in table.items())
        return [(quoted(key), key, value) for key, value in values]
    if not isinstance(table, list) or not all(isinstance(row, Mapping) and video in row for row in table):
        raise TableError(f"it is neither an object by id nor a list of objects with the key {quoted(video)}")
    return [(f"row {i:,}", str(row[video]), row.get(length)) for i, row in enumerate(table, 1)]
