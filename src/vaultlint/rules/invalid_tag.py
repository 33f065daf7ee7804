"""The rule `invalid-tag`."""

import re
from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import ListValue, Note, Scalar, ScalarKind
from vaultlint.reading.inline import is_tag
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span, quoted

_COMMENT = re.compile(r"[ \t]+#([^\s#]+)[ \t]*(?=[\r\n])")


class InvalidTag(Rule, frozen=True):
    """A tag in the front matter that is not a valid tag.

    ## What it does
    Reports items of `tags` that contain spaces or punctuation other than `_`, `-` and `/`, or digits alone. A `#` in
    front is tolerated in quotes; without them it makes the tag a comment, which is reported. The fix writes `-` for
    spaces and leaves out the `#`.

    ## Why it matters
    Obsidian marks it as invalid, and a search for the tag does not find the note.

    ## Example
    `Physics.md`:
    ```md
    ---
    tags:
      - science
      - natural history  <-- invalid-tag
      - 1687  <-- invalid-tag
    ---
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.WARNING

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report each invalid item; `invalid-property` reports text with commas, and single numbers."""
        item = note.property("tags")
        if item is None or (note.front_matter and note.front_matter.doubtful):
            return
        is_list = isinstance(item.value, ListValue)
        for value in item.value.items if isinstance(item.value, ListValue) else (item.value,):
            if not isinstance(value, Scalar) or value.kind in (ScalarKind.ALIAS, ScalarKind.PLACEHOLDER):
                continue
            if value.kind is ScalarKind.EMPTY:
                yield from self._commented(note, value)
                continue
            if not is_list and (value.kind is not ScalarKind.TEXT or "," in value.text):
                continue
            name = value.text.strip().removeprefix("#")
            if name and not is_tag(name):
                message = f"{quoted(value.text)} can't be a tag: {_fault(name)}"
                yield self.diagnostic(note, value.span, message, fix=_respelt(note, value))

    def _commented(self, note: Note, value: Scalar) -> Iterator[Diagnostic]:
        span = commented_tag(note, value)
        if span is not None:
            name = note.text[span.start + 1 : span.end]
            message = f"'#{name}' is a comment to YAML, so there is no tag; leave out the `#`"
            # The edit includes the character before the value, so that it belongs to the property.
            edit = Edit(note.path, Span(value.span.start - 1, span.end), f"{note.text[value.span.start - 1]} {name}")
            yield self.diagnostic(note, span, message, fix=Fix(f"write {quoted(name)}", (edit,), safe=False))


def commented_tag(note: Note, value: Scalar) -> Span | None:
    """The span of a tag after an empty value: in `- #science` it is a YAML comment, so the item is empty."""
    match = _COMMENT.match(note.text, value.span.start)
    if match is None or note.text[value.span.start - 1] not in ":-" or not is_tag(match[1]):
        return None
    return Span(match.start(1) - 1, match.end(1))


def _respelt(note: Note, value: Scalar) -> Fix | None:
    """A fix that writes `-` for spaces and drops `#`, if that makes a valid tag and the value has no escapes."""
    name = "-".join(value.text.strip().lstrip("#").split())
    written = note.text[value.span.start : value.span.end]
    quote = written[0] if written[0] in "'\"" else ""
    if not is_tag(name) or written != f"{quote}{value.text}{quote}":
        return None
    return Fix(f"write {quoted(name)}", (Edit(note.path, value.span, f"{quote}{name}{quote}"),), safe=False)


def _fault(name: str) -> str:
    if name.isdigit():
        return "a tag can't have only digits"
    if any(character.isspace() for character in name):
        return "a tag can't contain spaces"
    return "the only punctuation in tags is `_`, `-` and `/`"
