"""Inputs: the questions that a rule asked of a vault, as small values.

A result holds while the answers to its questions hold. What changes in a vault says which inputs differ by it
(`surface.differences`), and what was derived from none of these is still right.
"""

from collections.abc import Iterable, Set
from hashlib import blake2b


class Input(str):
    """One question, as text: what it is about, and of which name, path or folder."""

    __slots__ = ("_id",)

    _id: int

    @property
    def id(self) -> int:
        """A number of 63 bits for it; two inputs with one number cost work and no correctness."""
        try:
            return self._id
        except AttributeError:
            digest = blake2b(self.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            self._id = int.from_bytes(digest, "big") >> 1
            return self._id

    @classmethod
    def names(cls, key: str) -> "Input":
        """Which files answer to a name, as it is compared, without folders."""
        return cls(f"names {key}")

    @classmethod
    def aliases(cls, key: str) -> "Input":
        """Which notes have an alias, as names are compared."""
        return cls(f"aliases {key}")

    @classmethod
    def spellings(cls, folded: str) -> "Input":
        """Which files have a name but for case, spaces, `_` and `-`."""
        return cls(f"spellings {folded}")

    @classmethod
    def letters(cls, bare: str) -> "Input":
        """Which files have a name but for punctuation and accents."""
        return cls(f"letters {bare}")

    @classmethod
    def without_article(cls, rest: str) -> "Input":
        """Which files have a name but for an article."""
        return cls(f"without-article {rest}")

    @classmethod
    def similar(cls, affix: str, is_end: bool, numbers: str, length: int) -> "Input":
        """Which files have a name that begins or ends so, has these numbers, and is about that long."""
        return cls(f"similar {length} {is_end:d} {numbers} {affix}")

    @classmethod
    def beginnings(cls, words: str) -> "Input":
        """Which notes have a name that begins with these words and goes on."""
        return cls(f"beginnings {words}")

    @classmethod
    def anchors(cls, path: str) -> "Input":
        """The headings and block ids of a file, and whether they can be read."""
        return cls(f"anchors {path}")

    @classmethod
    def links(cls, path: str) -> "Input":
        """Where a note links to."""
        return cls(f"links {path}")

    @classmethod
    def linking(cls, key: str) -> "Input":
        """Which notes have a link that gives a name, as names are compared, without folders."""
        return cls(f"linking {key}")

    @classmethod
    def description(cls, path: str) -> "Input":
        """The properties and tags of a note."""
        return cls(f"description {path}")

    @classmethod
    def content(cls, path: str) -> "Input":
        """Anything about a file."""
        return cls(f"content {path}")

    @classmethod
    def front_matter(cls, folder: str) -> "Input":
        """Which notes directly in a folder have front matter."""
        return cls(f"front-matter {folder}")

    @classmethod
    def citing(cls, folder: str) -> "Input":
        """How the notes directly in a folder cite."""
        return cls(f"citing {folder}")

    @classmethod
    def history(cls, key: str) -> "Input":
        """What became of files that had a name, as it is compared, without folders."""
        return cls(f"history {key}")

    @classmethod
    def video(cls, what: str, video: str) -> "Input":
        """What is known of a video: its length, or its transcript."""
        return cls(f"video {what} {video}")

    @classmethod
    def answer(cls, question: str) -> "Input":
        """What a question is answered that is derived from others."""
        return cls(f"answer {question}")


PATHS = Input("paths")
"""Which files there are."""

ALL_LINKS = Input("all-links")
"""Where all notes link to, and which files there are."""

WANTED = Input("wanted")
"""Which names the notes link to without saying more than the name, and what names there are."""

ALL_DESCRIPTIONS = Input("all-descriptions")
"""The properties and tags of all notes, and which there are."""

HISTORY = Input("history")
"""Whether there is a history of the vault."""

TEMPLATES = Input("templates")
"""Which files are templates, as settings of Obsidian and its plug-ins name them."""

GITIGNORE = Input("gitignore")
"""What patterns of .gitignore hide."""

SITES_ABOVE = Input("sites-above")
"""Which site generators there are above the vault."""

NOT_FOLLOWED = Input("not-followed")
"""Which symbolic links out of the vault are not followed."""

PERIOD_FORMATS = Input("period-formats")
"""How names of daily, weekly and other notes of a period are written."""

EVERYTHING = Input("everything")
"""Anything about any file."""

MOST_LOOKED_AT = 200
"""Notes that one result may look at as wholes; with more, it is taken to depend on everything."""


def ids_of(inputs: Iterable[Input], others: Set[int] = frozenset()) -> frozenset[int]:
    """The ids of the inputs of a result, some of which may be known.

    The one that stands for all others is enough where it is among them.
    """
    ids = frozenset([one.id for one in inputs]) | others
    return frozenset((EVERYTHING.id,)) if EVERYTHING.id in ids else ids
