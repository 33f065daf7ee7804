"""Inputs: the questions that a rule asked of a vault, as small values.

A result is valid as long as the answers to its questions stay the same. `surface.differences` lists the inputs
that a change of the vault affects; results that depend on none of them are still valid.
"""

from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

from vaultlint.digests import blake2b


class Input(str):
    """One question, as text: its kind, and the name, path or folder it is about."""

    __slots__ = ("_id",)

    _id: int

    @property
    def id(self) -> int:
        """A 63-bit number for the input; two inputs with the same number cause extra work, but no wrong result."""
        try:
            return self._id
        except AttributeError:
            digest = blake2b(self.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            self._id = int.from_bytes(digest, "big") >> 1
            return self._id

    @classmethod
    @lru_cache(2_000)  # many notes link to the same names
    def names(cls, key: str) -> "Input":
        """Which files have a name (a path key without folders)."""
        return cls(f"names {key}")

    @classmethod
    def aliases(cls, key: str) -> "Input":
        """Which notes have an alias (a path key)."""
        return cls(f"aliases {key}")

    @classmethod
    def spellings(cls, folded: str) -> "Input":
        """Which files have a name, ignoring case, spaces, `_` and `-`."""
        return cls(f"spellings {folded}")

    @classmethod
    def letters(cls, bare: str) -> "Input":
        """Which files have a name, ignoring punctuation and accents."""
        return cls(f"letters {bare}")

    @classmethod
    def without_article(cls, rest: str) -> "Input":
        """Which files have a name, with or without an article."""
        return cls(f"without-article {rest}")

    @classmethod
    def similar(
        cls, affix: str, is_end: bool, numbers: str, some: Iterable[tuple[int, int, int]]
    ) -> Iterator["Input"]:
        """Which files have a name with this beginning or end, these numbers, and about so many letters of each kind.

        There is one input for each of some counts of characters. Their ids are near each other, so that the cache
        finds them together.
        """
        kind = cls(f"similar {is_end:d} {numbers} {affix}")
        first = kind.id & ~0xFFFFFF
        for a, b, c in some:
            one = cls(f"{kind} {a} {b} {c}")
            one._id = first | (a & 0xFF) << 16 | (b & 0xFF) << 8 | c & 0xFF
            yield one

    @classmethod
    def beginnings(cls, words: str) -> "Input":
        """Which notes have a longer name that begins with these words."""
        return cls(f"beginnings {words}")

    @classmethod
    def anchors(cls, path: str) -> "Input":
        """The headings and block ids of a file, and whether it can be read."""
        return cls(f"anchors {path}")

    @classmethod
    def links(cls, path: str) -> "Input":
        """The link targets of a note."""
        return cls(f"links {path}")

    @classmethod
    def linking(cls, key: str) -> "Input":
        """Which notes have a link that names a file (a path key without folders)."""
        return cls(f"linking {key}")

    @classmethod
    def description(cls, path: str) -> "Input":
        """The properties and tags of a note."""
        return cls(f"description {path}")

    @classmethod
    def content(cls, path: str) -> "Input":
        """Anything in a file."""
        return cls(f"content {path}")

    @classmethod
    def front_matter(cls, folder: str) -> "Input":
        """Which notes directly in a folder have front matter."""
        return cls(f"front-matter {folder}")

    @classmethod
    def citing(cls, folder: str) -> "Input":
        """The citation habits of the notes directly in a folder."""
        return cls(f"citing {folder}")

    @classmethod
    def history(cls, key: str) -> "Input":
        """What became of files that had a name (a path key without folders)."""
        return cls(f"history {key}")

    @classmethod
    def video(cls, what: str, video: str) -> "Input":
        """The known facts about a video: its length, or its transcript."""
        return cls(f"video {what} {video}")

    @classmethod
    def answer(cls, question: str) -> "Input":
        """The answer to a `Question`, which is derived from other inputs."""
        return cls(f"answer {question}")

    @property
    def is_answer(self) -> bool:
        """Whether it is the answer to a `Question`."""
        return self.startswith("answer ")


PATHS = Input("paths")
"""Which files there are."""

ALL_LINKS = Input("all-links")
"""All link targets of all notes, and which files there are."""

WANTED = Input("wanted")
"""The names in links that give nothing but a name, and which names there are."""

ALL_DESCRIPTIONS = Input("all-descriptions")
"""The properties and tags of all notes, and which notes there are."""

HISTORY = Input("history")
"""Whether the vault has a history."""

TEMPLATES = Input("templates")
"""Which files are templates, according to the settings of Obsidian and its plug-ins."""

GITIGNORE = Input("gitignore")
"""Which files .gitignore hides."""

SITES_ABOVE = Input("sites-above")
"""Which site generators there are above the vault."""

NOT_FOLLOWED = Input("not-followed")
"""Which symbolic links out of the vault were not followed."""

PERIOD_FORMATS = Input("period-formats")
"""The name formats of daily, weekly and other periodic notes."""

EVERYTHING = Input("everything")
"""Anything: it changes with every other input (see `Answers.update`), so a result needs no other beside it."""

_EVERYTHING = frozenset((EVERYTHING.id,))

MOST_LOOKED_AT = 200
"""Most files of which one result may depend as a whole; beyond that, it depends on everything."""


def ids_of(inputs: Iterable[Input], others: Set[int] = frozenset()) -> frozenset[int]:
    """The ids of the inputs of a result, with the ids in `others`.

    `EVERYTHING` alone is enough if it is among them.
    """
    ids = frozenset([one.id for one in inputs])
    if others:
        ids |= others
    return _EVERYTHING if ids >= _EVERYTHING else ids
