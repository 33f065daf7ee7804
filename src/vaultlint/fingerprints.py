"""What a finding is known by from one run to the next, whatever moves its line."""

from hashlib import blake2b

from vaultlint.diagnostic import Diagnostic
from vaultlint.note import Note
from vaultlint.rules.base import first_line
from vaultlint.text import LINE_END

AROUND = 40
LONGEST = 200
"""Characters that count on each side of a finding in its line, and of the finding itself."""


def fingerprint(diagnostic: Diagnostic, note: Note | None) -> str:
    """Ten characters made of the rule and the words at the finding; of its message where it has no place of its own.

    Neither the path nor the number of the line is in it, so that equal findings of one rule have the same.
    """
    words = (" ".join(part.split()) for part in _words(diagnostic, note))
    data = "\0".join((diagnostic.rule, *words)).encode("utf-8", "backslashreplace")
    return blake2b(data, digest_size=5).hexdigest()


def _words(diagnostic: Diagnostic, note: Note | None) -> tuple[str, ...]:
    """Before, at and after the finding: of two in one line, each is known by its own."""
    span = diagnostic.span
    if note is None or span.start == span.end or span == first_line(note):
        return (diagnostic.message,)
    before = LINE_END.split(note.text[max(0, span.start - AROUND) : span.start])[-1]
    after = LINE_END.split(note.text[span.end : span.end + AROUND], maxsplit=1)[0]
    return before, note.text[span.start : min(span.end, span.start + LONGEST)], after
