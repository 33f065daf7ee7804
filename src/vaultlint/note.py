"""A note and the facts read from it. Every span is in code points of the note's text."""

from collections.abc import Callable
from copy import copy
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast, get_type_hints

from msgspec import Raw, Struct, msgpack

from vaultlint.text import Span

T = TypeVar("T")


def is_note(path: str) -> bool:
    """Whether a file of that name is a note and no attachment."""
    return path.endswith(".md") or path.lower().endswith(".md")


DATA_KINDS = ("canvas", "base")
"""Files that hold links and no other facts, by their extension, which is also what they are called."""


def kind_of(path: str) -> str:
    """What to call a file of that name: a note, canvas or base, or a mere file."""
    if is_note(path):
        return "note"
    _, dot, extension = path.lower().rpartition(".")
    return extension if dot and extension in DATA_KINDS else "file"


class LinkKind(StrEnum):
    """How a link is written; `file` is the path of a file in a canvas, from the vault's root, extension and all."""

    WIKILINK = "wikilink"
    MARKDOWN = "markdown"
    FILE = "file"


class Place(StrEnum):
    """Where a link stands, which rules how its parts are escaped; `data` is a string of a canvas or base file."""

    BODY = "body"
    TABLE = "table"
    PROPERTY = "property"
    DATA = "data"


class Link(Struct, frozen=True, array_like=True, gc=False):
    """`[[target#subpath|display]]` or `[display](target#subpath)`; `embed` with a `!` in front.

    `target` and `subpath` are as Obsidian looks them up: trimmed, and percent-decoded in a Markdown link.
    `subpath` is empty when there is none, and goes without its first `#`. `display` is None where it is not
    written. `doubtful` marks a place where it is not established that Obsidian reads a link; no rule of
    severity warning or above speaks of it. `commented` marks one in `%%…%%`: Obsidian counts it, readers do not
    see it. `in_html` marks one inside an HTML element of a paragraph: readers see it, and whether Obsidian counts it
    is not established. `ending` is what stands in parentheses behind a wikilink, as in `[[Law]](s)`: it ends the
    word, unless it is the name of a file. `in_math` marks one where it is not established whether math stands, as
    behind a `$$` that is never closed.
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
        """Whether rules of severity warning or above may speak of it."""
        return not (self.doubtful or self.in_math or self.is_empty)

    @property
    def is_empty(self) -> bool:
        """Whether it is a Markdown link without a label, which readers neither see nor click."""
        if self.kind is not LinkKind.MARKDOWN or self.embed:
            return False
        return self.display is not None and not self.display.strip()

    @property
    def is_placed(self) -> bool:
        """Whether its parts have spans of their own; else they cover the whole link, and nothing can be edited."""
        return self.span.start < self.target_span.start


class LinkSlipKind(StrEnum):
    """What is wrong.

    `[[` without `]]` on its line, a blank in a destination, a destination without `)` on its line, `[text][label]`
    without a definition.
    """

    UNCLOSED = "unclosed"
    BLANKS = "blanks"
    NO_PARENTHESIS = "no parenthesis"
    REFERENCE = "reference"


class LinkSlip(Struct, frozen=True, array_like=True, gc=False):
    """What was probably meant for a link and is text to Obsidian.

    `text` is what stands after the `[[`, the destination, or the label; `span` covers the `[[`, or that text. `size`
    covers that of an image behind its destination, `=90x50`.
    """

    kind: LinkSlipKind
    text: str
    span: Span
    size: Span | None = None


class Heading(Struct, frozen=True, array_like=True, gc=False):
    """A heading that can be linked to: not one in a quote, list or code. `text` is raw Markdown."""

    level: int
    text: str
    span: Span


class BlockId(Struct, frozen=True, array_like=True, gc=False):
    """`^id` at the end of a line; `name` goes without the caret."""

    name: str
    span: Span


class Tag(Struct, frozen=True, array_like=True, gc=False):
    """`#tag` in the body; `name` goes without the `#`."""

    name: str
    span: Span


class Footnote(Struct, frozen=True, array_like=True, gc=False):
    """`[^label]`, as reference or at the head of a definition."""

    label: str
    span: Span


class TimeFault(StrEnum):
    """Why a text is no time of the form H:MM:SS, HH:MM:SS, MM:SS or M:SS."""

    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    STRAY = "stray"
    PARTS = "parts"
    RANGE = "range"
    FORM = "form"
    NO_TIME = "no time"


class Time(Struct, frozen=True, array_like=True, gc=False):
    """A time as written: its text, and either the seconds it means or what is wrong with it."""

    text: str
    span: Span
    seconds: int | None
    fault: TimeFault | None = None


class AnchorFault(StrEnum):
    """What is wrong with an anchor apart from its times."""

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
    """A mark of a place in a video: the time it leads to, the time it shows, and the worst fault of its markup.

    `time` is that of `data-t` or of the address; `address` is where a link leads, empty if that is the video which
    the note is about. `time` and `label` are None where the text for them is missing altogether. `outer` covers the
    anchor with the brackets or the `[…](…)` that stand around it, where these belong to the fault.
    """

    span: Span
    time: Time | None
    label: Time | None
    fault: AnchorFault | None = None
    outer: Span | None = None
    form: TimestampForm = TimestampForm.ANCHOR
    address: str = ""


class CitedSentence(Struct, frozen=True, array_like=True, gc=False):
    """A sentence with timestamps in it, or behind its full stop: what readers see of it, and which these are.

    `timestamps` are indices among the note's. `span` is as of a `Sentence`.
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
    """A mark that says where something is from."""

    kind: CitationKind
    span: Span


CitationCounts = tuple[tuple[tuple[CitationKind, ...], int], ...]
"""Kinds of citations that stand together in blocks, plain links left out, each with the number of these blocks.

First those with none that are long enough to assert something. Empty where there are too few citations for a habit.
"""


class BlockKind(StrEnum):
    """What a prose block is part of; the innermost container wins."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    CALLOUT = "callout"
    CELL = "cell"


class Block(Struct, frozen=True, array_like=True, gc=False):
    """A run of prose: a paragraph, the own text of a list item, a table cell.

    `lead_in` is the index among the note's blocks of what leads a list item in: the text of the item above it, or
    the paragraph before the list if that ends with a colon; -1 where there is none. `runs` are lengths in code
    points of what is read and what is markup in turn, what is read first; the rest of the span is read.
    """

    kind: BlockKind
    span: Span
    lead_in: int = -1
    runs: tuple[int, ...] = ()


class ScalarKind(StrEnum):
    """What a plain scalar is by the YAML 1.2 core schema; `alias` is a reference that is not followed.

    `placeholder` is a text that some program replaces later, quoted or not; no rule speaks of it.
    """

    TEXT = "text"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    EMPTY = "empty"
    ALIAS = "alias"
    PLACEHOLDER = "placeholder"


class Scalar(Struct, frozen=True, array_like=True, gc=False, tag="scalar"):
    """One value, as text."""

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
    """The text of a value, or of each item of a list; what is empty, a list or a map has none."""
    values = value.items if isinstance(value, ListValue) else (value,)
    return tuple(item.text for item in values if isinstance(item, Scalar) and item.kind is not ScalarKind.EMPTY)


def says_something(value: Value) -> bool:
    """Whether a value is there, or an item of a list: a name whose text was deleted, or is yet to come, has none."""
    items = value.items if isinstance(value, ListValue) else (value,)
    return any(map(_is_there, items))


def _is_there(value: Value) -> bool:
    if isinstance(value, ListValue):
        return bool(value.items)
    if isinstance(value, MapValue):
        return bool(value.properties)
    return value.kind is not ScalarKind.EMPTY and bool(value.text.strip())


def holds_placeholder(value: Value) -> bool:
    """Whether a value, or one in it, is still to be replaced."""
    if isinstance(value, ListValue):
        return any(map(holds_placeholder, value.items))
    if isinstance(value, MapValue):
        return any(holds_placeholder(item.value) for item in value.properties)
    return value.kind is ScalarKind.PLACEHOLDER


class Property(Struct, frozen=True, array_like=True):
    """One key of the front matter with its value; `name` is the key as written, without quotes."""

    name: str
    name_span: Span
    value: Value


class FrontMatter(Struct, frozen=True, array_like=True):
    """The YAML block at the head of a note.

    `span` covers both fences. `properties` is empty where the block is not `valid`: Obsidian then shows it as
    text. `doubtful` marks a block of which it is not established that Obsidian takes it (a byte order mark in
    front, blanks after the opening, a line `...` in it); nothing is demanded of it.
    """

    span: Span
    properties: tuple[Property, ...]
    valid: bool
    doubtful: bool = False


class SyntaxFault(Struct, frozen=True, array_like=True):
    """Why the text of a file can't be parsed, at the place to blame."""

    message: str
    span: Span


class FrontMatterProblem(Struct, frozen=True, array_like=True):
    """Why a block can't be read, at the place to blame."""

    message: str
    span: Span


class DirectiveKind(StrEnum):
    """How far a directive reaches."""

    LINE = "ignore"
    START = "ignore-start"
    END = "ignore-end"
    FILE = "ignore-file"


class RuleReference(Struct, frozen=True, array_like=True):
    """A rule or family that a directive names."""

    name: str
    span: Span


class Directive(Struct, frozen=True, array_like=True):
    """A comment or property that suppresses. No `rules` means all rules.

    `scope` is the text it covers, from a start without end the rest of the note; an end covers itself, and nothing
    if it has no start.
    """

    kind: DirectiveKind
    span: Span
    rules: tuple[RuleReference, ...]
    scope: Span | None


if TYPE_CHECKING:
    from functools import cached_property

    fact = cached_property
else:

    class fact:  # noqa: N801  # as `property`
        """Like `cached_property`, without the lock that takes as long as the rest of it in Python 3.11."""

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
    """What a note holds. Here it holds nothing; each way of knowing a note overrides what it knows.

    A fact is computed when it is first asked for, and never changes.
    """

    @fact
    def unreadable(self) -> str | None:
        """Why nothing could be read from the file; there are no other facts then, but it can be linked to."""
        return None

    @fact
    def syntax_fault(self) -> SyntaxFault | None:
        """Where a canvas or base file can't be parsed, if that is why it is unreadable."""
        return None

    @fact
    def front_matter(self) -> FrontMatter | None:
        """The YAML block at the head."""
        return None

    @fact
    def front_matter_problems(self) -> tuple[FrontMatterProblem, ...]:
        """Why that block can't be read."""
        return ()

    @fact
    def links(self) -> tuple[Link, ...]:
        """Links and embeds by place, those in the front matter first."""
        return ()

    @fact
    def link_slips(self) -> tuple[LinkSlip, ...]:
        """What was probably meant for a link, by kind."""
        return ()

    @fact
    def headings(self) -> tuple[Heading, ...]:
        """Headings by place."""
        return ()

    @fact
    def block_ids(self) -> tuple[BlockId, ...]:
        """Block ids by place."""
        return ()

    @fact
    def tags(self) -> tuple[Tag, ...]:
        """Tags of the body by place."""
        return ()

    @fact
    def footnote_references(self) -> tuple[Footnote, ...]:
        """Footnotes that the body refers to, by place."""
        return ()

    @fact
    def footnote_definitions(self) -> tuple[Footnote, ...]:
        """Footnotes that the body defines, by place."""
        return ()

    @fact
    def timestamps(self) -> tuple[Timestamp, ...]:
        """Marks of places in videos, by place."""
        return ()

    @fact
    def cited_sentences(self) -> tuple[CitedSentence, ...]:
        """Sentences of the prose that timestamps stand for, by place."""
        return ()

    @fact
    def citations(self) -> tuple[Citation, ...]:
        """Marks that say where something is from, by place."""
        return ()

    @fact
    def blocks(self) -> tuple[Block, ...]:
        """Runs of prose, by place."""
        return ()

    @fact
    def cited_blocks(self) -> CitationCounts:
        """Where citing may be the habit, how many blocks carry citations of which kinds."""
        return ()

    @fact
    def directives(self) -> tuple[Directive, ...]:
        """Comments and properties that suppress rules."""
        return ()


FACTS: dict[str, Any] = {
    name: get_type_hints(value.func)["return"] for name, value in vars(Facts).items() if isinstance(value, fact)
}
"""The type of each fact by its name."""

NOT_CACHED = frozenset(("blocks", "footnote_references", "footnote_definitions", "syntax_fault"))
"""Facts that only rules for one note ask for, whose findings are cached instead."""

CACHED_IF_ASKED = frozenset(("citations", "cited_blocks", "timestamps", "cited_sentences"))
"""Facts that take long to compute, and are cached if a rule for one note asked for them."""


class Note(Facts):
    """A Markdown file of the vault and what it holds; of a canvas or base file, only its links.

    Args:
        path: where it is, relative to the vault, with `/`.
        text: the text of the file, line ends untouched.
        unreadable: why nothing could be read from the file, if so.
        syntax_fault: where its text can't be parsed, if that is why.
    """

    path: str

    def __init__(
        self, path: str, text: str, unreadable: str | None = None, syntax_fault: SyntaxFault | None = None
    ) -> None:
        self.__dict__.update(path=path, text=text, unreadable=unreadable, syntax_fault=syntax_fault, _known={})

    @fact
    def text(self) -> str:
        """The text of the file, line ends untouched."""
        raise NotImplementedError

    def at(self, path: str) -> "Note":
        """The same note at another path, with nothing that `once` knows."""
        other = copy(self)
        other.__dict__.update(path=path, _known={})
        return other

    def once(self, key: str, kind: type[T], work: Callable[[], T]) -> T:
        """What `work` computes from the note alone; of calls with the same key only the first does the work.

        What is cached as msgpack is decoded as a `kind` when it is first asked for.
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

    __hash__ = None  # type: ignore[assignment]  # as of anything that is compared by so much

    def __repr__(self) -> str:
        return f"Note({self.path!r})"

    @property
    def properties(self) -> tuple[Property, ...]:
        """The properties, if it is established that Obsidian reads the block that they stand in."""
        block = self.front_matter
        return () if block is None or block.doubtful else block.properties

    @property
    def property_names(self) -> tuple[str, ...]:
        """The names of all properties in lower case, in their order."""
        return () if self.front_matter is None else tuple(item.name.lower() for item in self.front_matter.properties)

    def property(self, name: str) -> Property | None:
        """The property of that name, whatever its case (Obsidian holds equal names in other case for one)."""
        names, wanted = self.property_names, name.lower()
        if self.front_matter is None or wanted not in names:
            return None
        return self.front_matter.properties[names.index(wanted)]
