"""Completion of property names and values."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from vaultlint.edits.inserting import written
from vaultlint.reading import TextNote
from vaultlint.reading.directives import PROPERTY
from vaultlint.reading.front_matter import block_span
from vaultlint.schema import PropertyKind
from vaultlint.server.completion import Completing, Completion, CompletionKind, best, tag_completions
from vaultlint.server.search import MOST
from vaultlint.server.words import all_words, usual
from vaultlint.text import LINE_END, Span, line_span

_KEY = re.compile(r"""(?P<key>[^\s:#\-\[\]{}"'][^:\r\n]*|"[^"\r\n]*"|'[^'\r\n]*')[ \t]*:(?:[ \t]+(?P<value>.*)|$)""")
_NAME = re.compile(r"[^\s:#\[\]{}\"'\-][^:\r\n]*|")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>.*)")
_LIST_ABOVE = re.compile(r"[ \t]*-(?:[ \t]|$)")
_IN_BRACKETS = re.compile(r"\[(?:.*,)?[ \t]*(?P<value>[^,\[\]]*)")
_OPENING = re.compile(r"---[ \t]*(?:\r\n?|\n)")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]+)?|true|false")
_NO_WORDS = frozenset({"aliases", "alias", "cssclass"})


class _Slot(Struct, frozen=True):
    """A place for a property value: the text that is written there, and its span."""

    name: str
    query: str
    span: Span


def head(note: TextNote) -> Span | None:
    """The lines between the fences of the front matter; if it is not closed yet, up to an empty line."""
    if note.front_matter is not None:
        return block_span(note.text)
    first = _OPENING.match(note.text)
    if first is None:
        return None
    empty = re.search(r"(?<![^\r\n])[ \t]*(?=[\r\n]|$)", note.text[first.end() :])
    end = first.end() + (empty.start() if empty else len(note.text))
    return Span(first.end(), end)


def front_matter_completions(known: Completing, note: TextNote, offset: int) -> tuple[Completion, ...]:
    """The completions at an offset in the front matter."""
    line = line_span(note.text, offset)
    before, after = note.text[line.start : offset], note.text[offset : line.end]
    slot = _slot(note, line, before, after)
    if slot is not None:
        return tuple(_values(known, note, slot))
    if _NAME.fullmatch(before):
        return tuple(_names(known, note, before, Span(line.start, offset), after))
    return ()


def _slot(note: TextNote, line: Span, before: str, after: str) -> _Slot | None:
    key = _KEY.fullmatch(before)
    item = None if key else _ITEM.fullmatch(before)
    name = key["key"].strip("\"'") if key else _name_above(note, line.start) if item else None
    found = key or item
    if name is None or found is None or found["value"] is None:
        return None
    start = line.start + found.start("value")
    value = found["value"]
    if value.startswith("["):
        inner = _IN_BRACKETS.fullmatch(value)
        if inner is None:
            return None
        start, value = start + inner.start("value"), inner["value"]
        after = re.split(r"[,\]]", after, maxsplit=1)[0]
    if value.startswith(("{", "|", ">", "&", "*", "!", "#")):
        return None
    return _Slot(name, value.strip("\"' "), Span(start, line.start + len(before) + len(after.rstrip())))


def _name_above(note: TextNote, start: int) -> str | None:
    """The property of the list whose item is on the line that begins at `start`."""
    block = head(note)
    lines = LINE_END.split(note.text[block.start : start])[:-1] if block else []
    for line in reversed(lines):
        if not line.strip() or _LIST_ABOVE.match(line):
            continue
        key = _KEY.fullmatch(line)
        return key["key"].strip("\"'") if key and not (key["value"] or "").strip() else None
    return None


def _names(known: Completing, note: TextNote, query: str, span: Span, after: str) -> Iterator[Completion]:
    """Properties that the note does not have yet: first those that a schema demands, then those of other notes."""
    known.words.take_up(known.vault, note.path)
    words, schema = known.words, known.vault.schema
    there = {match["key"].strip("\"'").lower() for match in map(_KEY.match, _other_lines(note, span)) if match}
    required = set(map(str.lower, schema.required(note)))
    names = all_words(schema.names(note), usual(words.properties), schema.vault_names)
    for name in best(query, (name for name in names if name.lower() not in there)):
        kind = schema.kind(note, name)
        detail = ", ".join([*(["required"] if name.lower() in required else []), *([kind[0].value] if kind else [])])
        text = written(name) if after.lstrip().startswith(":") else f"{written(name)}: "
        yield Completion(CompletionKind.PROPERTY, name, span, text, detail)


def _other_lines(note: TextNote, span: Span) -> list[str]:
    block = head(note)
    if block is None:
        return []
    end = line_span(note.text, span.start).end
    return LINE_END.split(note.text[block.start : span.start]) + LINE_END.split(note.text[end : block.end])


def _values(known: Completing, note: TextNote, slot: _Slot) -> Iterator[Completion]:
    """Values of a property: first those that are allowed or fit its type, then those of other notes."""
    known.words.take_up(known.vault, note.path)
    name = slot.name.lower()
    kind = known.vault.schema.kind(note, name)
    if name == PROPERTY:
        for rule in best(slot.query, known.rules):
            yield Completion(CompletionKind.RULE, rule, slot.span, rule)
    elif name in ("tags", "tag") or (kind and kind[0] is PropertyKind.TAGS):
        yield from tag_completions(known, slot.query.lstrip("#"), slot.span, "", Counter([slot.query.lstrip("#")]))
    elif name not in _NO_WORDS and not (kind and kind[0] is PropertyKind.ALIASES):
        allowed = [value for demand, _ in known.vault.schema.demands(note, name) for value in demand.enum]
        is_checkbox = kind is not None and kind[0] is PropertyKind.CHECKBOX
        used = known.words.values.get(name, Counter())
        fewest = 1 if len(used) <= MOST else 2  # a value that is used once is hardly written again
        often = [value for value, count in used.items() if count > (value == slot.query) and count >= fewest]
        usual_values = [] if allowed else sorted(often, key=lambda value: (-used[value], value))
        is_plain = is_checkbox or (kind is not None and kind[0] in (PropertyKind.NUMBER, PropertyKind.DATE))
        for value in best(slot.query, [*allowed, *(["true", "false"] if is_checkbox else usual_values)]):
            text = value if is_plain or _is_plain(value) else written(value)
            yield Completion(CompletionKind.VALUE, value, slot.span, text, f"{used[value]:,}" if used[value] else "")


def _is_plain(value: str) -> bool:
    """Whether a value is a number, a date or a checkbox, which means the same without quotes."""
    return (
        re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]+)?|true|false", value) is not None
    )
