"""What a finding is known by when lines move and files are renamed."""

import re
from hashlib import blake2b

from vaultlint.diagnostic import Diagnostic
from vaultlint.note import Note
from vaultlint.text import line_span

AROUND = 40
"""Characters of the line before and after a finding that belong to it."""

LONGEST = 200
"""Characters of a finding that are looked at."""

_WORD = re.compile(r"\w")
_NUMBER = re.compile(r"\b[0-9][0-9,.]*\b")


def fingerprint(diagnostic: Diagnostic, note: Note | None) -> str:
    """Ten characters made of the rule and the words at and around the place, without path and line number.

    Two findings of a rule on the same words have the same fingerprint. Where there are no words to blame (the
    finding is about the whole note, or about a fence), those of the message stand for them, without its numbers:
    they may count other notes.
    """
    words = _words(note.text, diagnostic.span.start, diagnostic.span.end) if note else ()
    if not words:
        words = (_NUMBER.sub("", diagnostic.message),)
    text = "\n".join([diagnostic.rule, *(" ".join(part.split()) for part in words)])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def _words(text: str, start: int, end: int) -> tuple[str, ...]:
    """What is before the place on its line, at it, and after it; none if nothing at the place is a word."""
    stop = min(end, start + LONGEST)
    if end <= 1 or _WORD.search(text, start, stop) is None:
        return ()
    before = text[max(0, start - AROUND) : start]
    after = text[end : end + AROUND]
    # Only these are searched for the line's ends: the line may be as long as the note.
    return before[line_span(before, len(before)).start :], text[start:stop], after[: line_span(after, 0).end]
