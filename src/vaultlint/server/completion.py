"""Completions at a place of a note: links, tags, properties, footnotes and names of rules."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from vaultlint.diagnostic import Edit
from vaultlint.files.obsidian import LinkStyle
from vaultlint.reading import TextNote
from vaultlint.reading.front_matter import foreign_end
from vaultlint.reading.inline import is_tag
from vaultlint.reading.regions import LINE_HEAD, is_escaped
from vaultlint.server.names import VaultNames
from vaultlint.server.search import MOST, Finder
from vaultlint.server.words import Words, usual
from vaultlint.text import Span, line_span
from vaultlint.vault import Vault

_TAG = re.compile(r"(?<![\w#/&\-])#([^\s\u2000-\u206f\u2e00-\u2e7f!-,.:-@\[-^`{-~]*)$")
_REST_OF_TAG = re.compile(r"[^\s\u2000-\u206f\u2e00-\u2e7f!-,.:-@\[-^`{-~]*")
_FOOTNOTE = re.compile(r"(?<!\^)\[\^([^\]\[\s]*)$")
_REST_OF_FOOTNOTE = re.compile(r"[^\]\[\s]*\](?::[ \t]?)?|")
_DIRECTIVE = re.compile(r"(?:%%|<!--)[ \t]*(vaultlint-[a-z\-]*)$")
_RULES = re.compile(r"(?:%%|<!--)[ \t]*vaultlint-ignore(?:-start|-end|-file)?[ \t]+(?:[\w\-]+[ \t,]+)*([\w\-]*)$")
_REST_OF_RULE = re.compile(r"[\w\-]*")
_ADDRESS = re.compile(r"[a-z]://\S*$")

DIRECTIVES = ("vaultlint-ignore", "vaultlint-ignore-start", "vaultlint-ignore-end", "vaultlint-ignore-file")


class CompletionKind(StrEnum):
    """The kind of a completion."""

    NOTE = "note"
    ATTACHMENT = "attachment"
    ALIAS = "alias"
    HEADING = "heading"
    BLOCK = "block"
    TAG = "tag"
    PROPERTY = "property"
    VALUE = "value"
    FOOTNOTE = "footnote"
    RULE = "rule"


class Completion(Struct, frozen=True):
    """One completion: `text` replaces `span`; `edits` are applied too, also in other notes.

    For a link, `path` and `subpath` are where it leads.
    """

    kind: CompletionKind
    label: str
    span: Span
    text: str
    detail: str = ""
    path: str = ""
    subpath: str = ""
    edits: tuple[Edit, ...] = ()


class Completing(Struct, frozen=True):
    """The data of a vault for completions: its files, its words, and how it writes links.

    `rules` are the names of rules and families.
    """

    vault: Vault
    names: VaultNames
    words: Words
    style: LinkStyle = LinkStyle()
    rules: tuple[str, ...] = ()


def completions(known: Completing, note: TextNote, offset: int) -> tuple[Completion, ...]:
    """The completions at an offset of a note, the likeliest first."""
    from vaultlint.server.completing_front_matter import front_matter_completions, head
    from vaultlint.server.completing_links import link_completions

    if offset < foreign_end(note.text):
        return ()
    block = head(note)
    is_in_block = block is not None and block.start <= offset <= block.end
    found = link_completions(known, note, offset, is_in_block)
    if found is not None:
        return found
    if is_in_block:
        return front_matter_completions(known, note, offset)
    for complete in (_directives, _tags, _footnotes):
        some = complete(known, note, offset)
        if some is not None:
            return tuple(some)
    return ()


def best(query: str, words: Iterable[str], most: int = MOST) -> list[str]:
    """The words that match a query best; of equal matches, the first ones."""
    order = {word: i for i, word in enumerate(dict.fromkeys(words))}
    return Finder((word, word) for word in order).find(query, order.__getitem__, most)


def _before(note: TextNote, offset: int) -> tuple[str, int]:
    """The line up to an offset, and where the line begins."""
    start = line_span(note.text, offset).start
    return note.text[start:offset], start


def _directives(known: Completing, note: TextNote, offset: int) -> Iterator[Completion] | None:
    before, start = _before(note, offset)
    match = _RULES.search(before) or _DIRECTIVE.search(before)
    if match is None or note.opaque.in_code(start + match.start()):
        return None
    names = DIRECTIVES if match.re is _DIRECTIVE else known.rules
    span = Span(start + match.start(1), _rest(note, offset, _REST_OF_RULE))
    return (Completion(CompletionKind.RULE, name, span, name) for name in best(match[1], names))


def _rest(note: TextNote, offset: int, pattern: re.Pattern[str]) -> int:
    match = pattern.match(note.text, offset)
    return match.end() if match else offset


def _is_prose(note: TextNote, offset: int) -> bool:
    """Whether text at an offset is read as Obsidian's own syntax."""
    return (
        note.opaque.at(offset) is None
        and not is_escaped(note.text, offset)
        and note.doubtful_math.around(offset) is None
    )


def _tags(known: Completing, note: TextNote, offset: int) -> Iterator[Completion] | None:
    before, start = _before(note, offset)
    match = _TAG.search(before)
    if match is None or not _is_prose(note, start + match.start()) or _ADDRESS.search(before):
        return None
    at = start + match.start()
    if any(link.span.start <= at < link.span.end for link in note.links):
        return None
    known.words.take_up(known.vault, note.path)
    span = Span(at, _rest(note, offset, _REST_OF_TAG))
    own = Counter(tag.name for tag in note.tags if tag.span.start == at)
    return tag_completions(known, match[1], span, "#", own)


def tag_completions(
    known: Completing, query: str, span: Span, mark: str, written: Counter[str]
) -> Iterator[Completion]:
    """The tags of the vault that match a query, except the one that is being `written`."""
    counts = known.words.tags - written
    for tag in best(query, filter(is_tag, usual(counts))):
        yield Completion(CompletionKind.TAG, f"#{tag}", span, mark + tag, f"{counts[tag]:,}")


def _footnotes(known: Completing, note: TextNote, offset: int) -> Iterator[Completion] | None:
    before, start = _before(note, offset)
    match = _FOOTNOTE.search(before)
    if match is None or not _is_prose(note, start + match.start()):
        return None
    at = start + match.start()
    span = Span(at, _rest(note, offset, _REST_OF_FOOTNOTE))
    references = dict.fromkeys(one.label for one in note.footnote_references if one.span.start != at)
    defined = {one.label: one.span for one in note.footnote_definitions if one.span.start != at}
    if LINE_HEAD.search(note.text, max(0, at - 20), at):
        waiting = [label for label in references if label not in defined]
        return (
            Completion(CompletionKind.FOOTNOTE, f"[^{label}]:", span, f"[^{label}]: ")
            for label in best(match[1], waiting)
        )
    return (
        Completion(CompletionKind.FOOTNOTE, f"[^{label}]", span, f"[^{label}]", _said(note, defined[label]))
        for label in best(match[1], defined)
    )


def _said(note: TextNote, head: Span) -> str:
    """The text of a footnote, in its first line."""
    return note.text[head.end : line_span(note.text, head.end).end].lstrip(": \t")
