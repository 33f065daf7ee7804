"""A note and the facts read from it. All spans are in code points of the note's text."""

from collections.abc import Callable
from copy import copy
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast, get_type_hints

from msgspec import Raw, Struct, msgpack

from vaultlint.text import Span

T = TypeVar("T")


def is_note(path: str) -> bool:
    """Whether the file at a path is a note and not an attachment."""
    return path.endswith(".md") or path.lower().endswith(".md")


DATA_KINDS = ("canvas", "base")
"""Files with links and no other facts: the name of the kind, by extension."""


def kind_of(path: str) -> str:
    """The word for the file at a path: a note, canvas, base, or just a file."""
    if is_note(path):
        return "note"
    _, dot, extension = path.lower().rpartition(".")
    return extension if dot and extension in DATA_KINDS else "file"


class LinkKind(StrEnum):
    """How a link is written; `file` is a path in a canvas, from the vault's root and with its extension."""

    WIKILINK = "wikilink"
    MARKDOWN = "markdown"
    FILE = "file"


class Place(StrEnum):
    """Where a link is, which decides how its parts are escaped; `data` is a string of a canvas or base file."""

    BODY = "body"
    TABLE = "table"
    PROPERTY = "property"
    DATA = "data"


class Link(Struct, frozen=True, array_like=True, gc=False):
    """`[[target#subpath|display]]` or `[display](target#subpath)`; `embed` if there is a `!` before it.

    `target` and `subpath` are as Obsidian looks them up: trimmed, and percent-decoded in a Markdown link. `subpath`
    is empty if there is none, and has no leading `#`. `display` is None if it is not written. `doubtful`: it is not
    established that Obsidian reads a link here, so no rule of severity warning or above reports it. `commented`: it
    is in `%%…%%`, so Obsidian counts it and readers do not see it. `in_html`: it is inside an HTML element of a
    paragraph; readers see it, but it is not established whether Obsidian counts it. `ending` is the text in
    parentheses after a wikilink, as in `[[Law]](s)`: it ends the word, unless it is the name of a file. `in_math`: it
    is not established whether it is in math, as after a `$$` that is never closed.
    """

    kind: LinkKind
    place: Place
    embed: bool
    span: Span
    target: str
    target_span: Span
    subpath: str
    subpath_span: Span
    display: str | None
    display_span: Span | None
    doubtful: bool = False
    commented: bool = False
    in_html: bool = False
    ending: str = ""
    in_math: bool = False

    @property
    def is_spoken_of(self) -> bool:
        """Whether rules of severity warning or above may report it."""
        return not (self.doubtful or self.in_math or self.is_empty)

    @property
    def is_empty(self) -> bool:
        """Whether it is a Markdown link without a label, which readers can neither see nor click."""
        if self.kind is not LinkKind.MARKDOWN or self.embed:
            return False
        return self.display is not None and not self.display.strip()

    @property
    def is_placed(self) -> bool:
        """Whether its parts have exact spans; otherwise they all cover the whole link, and can't be edited."""
        return self.span.start < self.target_span.start


class LinkSlipKind(StrEnum):
    """The mistake in a failed link.

    `[[` without `]]` on its line, a space in a destination, a destination without `)` on its line, or `[text][label]`
    without a definition.
    """

    UNCLOSED = "unclosed"
    BLANKS = "blanks"
    NO_PARENTHESIS = "no parenthesis"
    REFERENCE = "reference"


class LinkSlip(Struct, frozen=True, array_like=True, gc=False):
    """Text that was probably meant as a link, but is not one to Obsidian.

    `text` is the text after the `[[`, the destination, or the label; `span` covers the `[[`, or that text. `size`
    covers the size of an image after its destination, `=90x50`.
    """

    kind: LinkSlipKind
    text: str
    span: Span
    size: Span | None = None


class Heading(Struct, frozen=True, array_like=True, gc=False):
    """A heading that can be linked to: not in a quote, list or code. `text` is raw Markdown."""

    level: int
    text: str
    span: Span


class BlockId(Struct, frozen=True, array_like=True, gc=False):
    """`^id` at the end of a line; `name` is without the caret."""

    name: str
    span: Span


class Tag(Struct, frozen=True, array_like=True, gc=False):
    """`#tag` in the body; `name` is without the `#`."""

    name: str
    span: Span


class Footnote(Struct, frozen=True, array_like=True, gc=False):
    """`[^label]`, as a reference or at the beginning of a definition."""

    label: str
    span: Span


class TimeFault(StrEnum):
    """Why a text is not a time in the form H:MM:SS, HH:MM:SS, MM:SS or M:SS."""

    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    STRAY = "stray"
    PARTS = "parts"
    RANGE = "range"
    FORM = "form"
    NO_TIME = "no time"


class Time(Struct, frozen=True, array_like=True, gc=False):
    """A time as written: its text, and either its seconds or what is wrong with it."""

    text: str
    span: Span
    seconds: int | None
    fault: TimeFault | None = None


class AnchorFault(StrEnum):
    """What is wrong with an anchor, apart from its times."""

    NO_TAG = "no tag"
    UNCLOSED_TAG = "unclosed tag"
    NO_TIME = "no time"
    CLASS = "class"
    NOT_CLOSED = "not closed"
    WRAPPED = "wrapped"
    EMPTY = "empty"
    OUTER_BRACKETS = "outer brackets"
    NO_BRACKETS = "no brackets"


class TimestampForm(StrEnum):
    """A `yt-timestamp` anchor, a link with a time in its address, or a time in bare brackets."""

    ANCHOR = "anchor"
    LINK = "link"
    BARE = "bare"


class Timestamp(Struct, frozen=True, array_like=True, gc=False):
    """A reference to a place in a video: the time it leads to, the time it shows, and the worst fault of its markup.

    `time` is from `data-t` or the address; `address` is the link's destination, empty for the video that the note is
    about. `time` and `label` are None if their text is missing. `outer` covers the anchor with the brackets or the
    `[…](…)` around it, if they are part of the fault.
    """

    span: Span
    time: Time | None
    label: Time | None
    fault: AnchorFault | None = None
    outer: Span | None = None
    form: TimestampForm = TimestampForm.ANCHOR
    address: str = ""


class CitedSentence(Struct, frozen=True, array_like=True, gc=False):
    """A sentence with timestamps in it or after its full stop: its visible text and those timestamps.

    `timestamps` are indexes into the note's timestamps. `span` is as in `Sentence`.
    """

    span: Span
    text: str
    timestamps: tuple[int, ...]


class CitationKind(StrEnum):
    """What a citation is made of.

    A time of a video; `[^1]` or `^[…]`; `[@key]` or `[[@key]]`; a link to a page of the web or a bare address;
    `(Author, 2020)` or `Author (2020)`; a wikilink to a note that is a source (which takes the vault to see); what a
    pattern of the configuration finds.
    """

    TIMESTAMP = "timestamp"
    FOOTNOTE = "footnote"
    KEY = "key"
    LINK = "link"
    AUTHOR = "author"
    NOTE = "note"
    PATTERN = "pattern"


class Citation(Struct, frozen=True, array_like=True, gc=False):
    """A mark that names the source of a statement."""

    kind: CitationKind
    span: Span


CitationCounts = tuple[tuple[tuple[CitationKind, ...], int], ...]
"""For each combination of citation kinds in one block (plain links left out), the number of such blocks.

The first is the number of uncited blocks that are long enough to assert something. Empty if there are too few
citations for a habit.
"""


class BlockKind(StrEnum):
    """The innermost container of a prose block."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    CALLOUT = "callout"
    CELL = "cell"


class Block(Struct, frozen=True, array_like=True, gc=False):
    """A run of prose: a paragraph, the own text of a list item, a table cell.

    `lead_in` is the index (in the note's blocks) of the block that leads in a list item: the text of the item above
    it, or the paragraph before the list if that ends with a colon; -1 if there is none. `runs` are lengths in code
    points, alternately of prose and markup, beginning with prose; the rest of the span is prose.
    """

    kind: BlockKind
    span: Span
    lead_in: int = -1
    runs: tuple[int, ...] = ()


class ScalarKind(StrEnum):
    """The type of a plain scalar in the YAML 1.2 core schema; `alias` is a reference, which is not followed.

    `placeholder` is a text that a program replaces later, quoted or not; no rule reports it.
    """

    TEXT = "text"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    EMPTY = "empty"
    ALIAS = "alias"
    PLACEHOLDER = "placeholder"


class Scalar(Struct, frozen=True, array_like=True, gc=False, tag="scalar"):
    """A single value, as text."""

    kind: ScalarKind
    text: str
    span: Span


class ListValue(Struct, frozen=True, array_like=True, tag="list"):
    """A list of values."""

    items: "tuple[Value, ...]"
    span: Span


class MapValue(Struct, frozen=True, array_like=True, tag="map"):
    """A map inside a property."""

    properties: "tuple[Property, ...]"
    span: Span


Value = Scalar | ListValue | MapValue


def texts(value: Value) -> tuple[str, ...]:
    """The text of a value, or of each item of a list; empty values, nested lists and maps are left out."""
    values = value.items if isinstance(value, ListValue) else (value,)
    return tuple(item.text for item in values if isinstance(item, Scalar) and item.kind is not ScalarKind.EMPTY)


def says_something(value: Value) -> bool:
    """Whether a value, or an item of a list, is not empty: a key may have no text yet, or its text was deleted."""
    items = value.items if isinstance(value, ListValue) else (value,)
    return any(map(_is_there, items))


def _is_there(value: Value) -> bool:
    if isinstance(value, ListValue):
        return bool(value.items)
    if isinstance(value, MapValue):
        return bool(value.properties)
    return value.kind is not ScalarKind.EMPTY and bool(value.text.strip())


def holds_placeholder(value: Value) -> bool:
    """Whether a value, or one inside it, contains a placeholder."""
    if isinstance(value, ListValue):
        return any(map(holds_placeholder, value.items))
    if isinstance(value, MapValue):
        return any(holds_placeholder(item.value) for item in value.properties)
    return value.kind is ScalarKind.PLACEHOLDER


class Property(Struct, frozen=True, array_like=True):
    """One key of the front matter with its value; `name` is the key without quotes."""

    name: str
    name_span: Span
    value: Value


class FrontMatter(Struct, frozen=True, array_like=True):
    """The YAML block at the top of a note.

    `span` covers both fences. `properties` is empty if the block is not `valid`: Obsidian then shows it as text.
    `doubtful`: it is not established that Obsidian reads the block (a byte order mark before it, spaces after its
    first fence, a line `...` in it), so nothing is required of it.
    """

    span: Span
    properties: tuple[Property, ...]
    valid: bool
    doubtful: bool = False


class SyntaxFault(Struct, frozen=True, array_like=True):
    """Why a file's text can't be parsed, and where."""

    message: str
    span: Span


class FrontMatterProblem(Struct, frozen=True, array_like=True):
    """Why a block can't be read, and where."""

    message: str
    span: Span


class DirectiveKind(StrEnum):
    """The range that a directive covers."""

    LINE = "ignore"
    START = "ignore-start"
    END = "ignore-end"
    FILE = "ignore-file"


class RuleReference(Struct, frozen=True, array_like=True):
    """A rule or family that a directive names."""

    name: str
    span: Span


class Directive(Struct, frozen=True, array_like=True):
    """A comment or property that suppresses rules. No `rules` means all rules.

    `scope` is the text it covers. A start without an end covers the rest of the note; an end covers itself, and
    nothing if it has no start.
    """

    kind: DirectiveKind
    span: Span
    rules: tuple[RuleReference, ...]
    scope: Span | None


if TYPE_CHECKING:
    from functools import cached_property

    fact = cached_property
else:

    class fact:  # noqa: N801  # lower case like `property`
        """Like `cached_property`, without its lock, which doubles the time in Python 3.11."""

        def __init__(self, func: Callable[[Any], Any]) -> None:
            self.func = func
            self.__doc__ = func.__doc__
            self.name = func.__name__

        def __get__(self, note: Any, owner: type) -> Any:
            if note is None:
                return self
            value = note.__dict__[self.name] = self.func(note)
            return value


class Facts:
    """The facts of a note, here all empty; each kind of note overrides those that it has.

    A fact is computed on first access, and never changes.
    """

    @fact
    def unreadable(self) -> str | None:
        """Why the file can't be read; it then has no other facts, but it can be linked to."""
        return None

    @fact
    def syntax_fault(self) -> SyntaxFault | None:
        """The place where a canvas or base file can't be parsed, if that is why it is unreadable."""
        return None

    @fact
    def front_matter(self) -> FrontMatter | None:
        """The YAML block at the top."""
        return None

    @fact
    def front_matter_problems(self) -> tuple[FrontMatterProblem, ...]:
        """Why the front matter can't be read."""
        return ()

    @fact
    def links(self) -> tuple[Link, ...]:
        """Links and embeds by offset, those in the front matter first."""
        return ()

    @fact
    def link_slips(self) -> tuple[LinkSlip, ...]:
        """Failed links, by kind."""
        return ()

    @fact
    def headings(self) -> tuple[Heading, ...]:
        """Headings by offset."""
        return ()

    @fact
    def block_ids(self) -> tuple[BlockId, ...]:
        """Block ids by offset."""
        return ()

    @fact
    def tags(self) -> tuple[Tag, ...]:
        """Tags in the body by offset."""
        return ()

    @fact
    def footnote_references(self) -> tuple[Footnote, ...]:
        """Footnote references in the body, by offset."""
        return ()

    @fact
    def footnote_definitions(self) -> tuple[Footnote, ...]:
        """Footnote definitions in the body, by offset."""
        return ()

    @fact
    def timestamps(self) -> tuple[Timestamp, ...]:
        """References to places in videos, by offset."""
        return ()

    @fact
    def cited_sentences(self) -> tuple[CitedSentence, ...]:
        """Sentences of the prose with timestamps, by offset."""
        return ()

    @fact
    def citations(self) -> tuple[Citation, ...]:
        """Citations, by offset."""
        return ()

    @fact
    def blocks(self) -> tuple[Block, ...]:
        """Runs of prose, by offset."""
        return ()

    @fact
    def cited_blocks(self) -> CitationCounts:
        """The number of blocks with each combination of citation kinds; empty if citing can't be a habit."""
        return ()

    @fact
    def directives(self) -> tuple[Directive, ...]:
        """Comments and properties that suppress rules."""
        return ()


FACTS: dict[str, Any] = {
    name: get_type_hints(value.func)["return"] for name, value in vars(Facts).items() if isinstance(value, fact)
}
"""The type of each fact, by name."""

NOT_CACHED = frozenset(("blocks", "footnote_references", "footnote_definitions", "syntax_fault"))
"""Facts used only by rules for one note, whose findings are cached instead."""

CACHED_IF_ASKED = frozenset(("citations", "cited_blocks", "timestamps", "cited_sentences"))
"""Facts that are slow to compute; they are cached if a rule for one note used them."""


class Note(Facts):
    """A Markdown file of the vault with its facts; a canvas or base file has only links.

    Args:
        path: path relative to the vault, with `/`.
        text: the text of the file, with its line ends unchanged.
        unreadable: why the file can't be read, if so.
        syntax_fault: where its text can't be parsed, if that is why.
    """

    path: str

    def __init__(
        self, path: str, text: str, unreadable: str | None = None, syntax_fault: SyntaxFault | None = None
    ) -> None:
        self.__dict__.update(path=path, text=text, unreadable=unreadable, syntax_fault=syntax_fault, _known={})

    @fact
    def text(self) -> str:
        """The text of the file, with its line ends unchanged."""
        raise NotImplementedError

    def at(self, path: str) -> "Note":
        """The same note at another path, without the results of `once`."""
        other = copy(self)
        other.__dict__.update(path=path, _known={})
        return other

    def once(self, key: str, kind: type[T], work: Callable[[], T]) -> T:
        """The result of `work`, which depends on the note only; computed once per key.

        A result cached as msgpack is decoded as a `kind` on first access.
        """
        known = self.__dict__["_known"]
        value = known.get(key)
        if value is None:
            value = known[key] = work()
        elif type(value) is Raw:
            value = known[key] = msgpack.decode(value, type=kind)
        return cast(T, value)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{name} of a note can't be set")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Note):
            return NotImplemented
        return self.path == other.path and all(
            getattr(self, name) == getattr(other, name) for name in ("text", *FACTS)
        )

    __hash__ = None  # type: ignore[assignment]  # as for anything with an expensive comparison

    def __repr__(self) -> str:
        return f"Note({self.path!r})"

    @property
    def properties(self) -> tuple[Property, ...]:
        """The properties, if it is established that Obsidian reads their block."""
        block = self.front_matter
        return () if block is None or block.doubtful else block.properties

    @fact
    def property_names(self) -> tuple[str, ...]:
        """The names of all properties in lower case, in order."""
        return () if self.front_matter is None else tuple(item.name.lower() for item in self.front_matter.properties)

    def property(self, name: str) -> Property | None:
        """The property with this name, ignoring case (as Obsidian does)."""
        names, wanted = self.property_names, name.lower()
        if self.front_matter is None or wanted not in names:
            return None
        return self.front_matter.properties[names.index(wanted)]
