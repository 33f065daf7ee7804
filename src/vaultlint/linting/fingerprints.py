"""Fingerprints of findings that stay the same when lines move and files are renamed."""

import re

from vaultlint.diagnostic import Diagnostic
from vaultlint.digests import blake2b
from vaultlint.note import Note
from vaultlint.text import line_span

AROUND = 40
"""Characters before and after a finding on its line that are part of the fingerprint."""

LONGEST = 200
"""Most characters of a finding's span that are used."""

_WORD = re.compile(r"\w")
_NUMBER = re.compile(r"\b[0-9][0-9,.]*\b")


def fingerprint(diagnostic: Diagnostic, note: Note | None) -> str:
    """Ten characters computed from the rule and the words at and around the place, without path and line number.

    Two findings of a rule at the same words have the same fingerprint. If there are no words (the finding is about
    the whole note, or about a fence), those of the message are used, without its numbers, because these may count
    other notes.
    """
    words = _words(note.text, diagnostic.span.start, diagnostic.span.end) if note else ()
    if not words:
        words = (_NUMBER.sub("", diagnostic.message),)
    text = "\n".join([diagnostic.rule, *(" ".join(part.split()) for part in words)])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def _words(text: str, start: int, end: int) -> tuple[str, ...]:
    """The text before, at and after the place on its line; empty if the place contains no word."""
    stop = min(end, start + LONGEST)
    if end <= 1 or _WORD.search(text, start, stop) is None:
        return ()
    before = text[max(0, start - AROUND) : start]
    after = text[end : end + AROUND]
    # Line ends are only searched in these parts: the line may be as long as the note.
    return before[line_span(before, len(before)).start :], text[start:stop], after[: line_span(after, 0).end]
