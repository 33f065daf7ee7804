"""Names in links that give nothing but the name, and which of them are of notes not written yet."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain

FEWEST_NAMES, LEAST_SHARE = 20, 0.02
"""Linking ahead is a habit from this many missing names, and this share of the links, on."""


class Wanted:
    """The number of notes that link to each name. Can be updated note by note.

    Args:
        names: for each note, the names that it links to, each once.
    """

    def __init__(self, names: Iterable[Iterable[str]]) -> None:
        self.counts = Counter(chain.from_iterable(names))
        self.unwritten: set[str] = set()
        """Names known to be of notes not written yet."""
        self.uncertain = dict.fromkeys(self.counts)
        """Names for which this is not known; those that are probably unwritten are last."""

    @classmethod
    def known(cls, counts: Counter[str], unwritten: Iterable[str], uncertain: Iterable[str]) -> "Wanted":
        """Create from cached values."""
        wanted = cls(())
        wanted.counts, wanted.unwritten, wanted.uncertain = counts, {*unwritten}, dict.fromkeys(uncertain)
        return wanted

    def copy(self) -> "Wanted":
        """A copy that can be changed independently."""
        return Wanted.known(self.counts.copy(), self.unwritten, self.uncertain)

    def replace(self, before: Iterable[str], after: Iterable[str]) -> None:
        """Replace the names that a note links to."""
        old, new = {*before}, {*after}
        for name in old - new:
            self.counts[name] -= 1
            if not self.counts[name]:
                del self.counts[name]
                self.unwritten.discard(name)
                self.uncertain.pop(name, None)
        for name in new - old:
            self.counts[name] += 1
            if self.counts[name] == 1:
                self.uncertain[name] = None

    def doubt(self, is_there: Callable[[str], bool]) -> None:
        """Mark all names as uncertain, because files were added or removed, except those that a file has."""
        before = dict.fromkeys(self.unwritten)
        self.uncertain = dict.fromkeys(n for n in self.counts if n not in before and not is_there(n)) | before
        self.unwritten = set()

    def is_habit(self, is_unwritten: Callable[[str], bool]) -> bool:
        """Whether the notes of this vault habitually link ahead, to notes not written yet.

        Args:
            is_unwritten: says whether no file has this name or a similar one; called as rarely as possible.
        """
        least = LEAST_SHARE * self.counts.total()
        links = sum(self.counts[name] for name in self.unwritten)
        while self.uncertain and (len(self.unwritten) < FEWEST_NAMES or links < least):
            name, _ = self.uncertain.popitem()
            if is_unwritten(name):
                self.unwritten.add(name)
                links += self.counts[name]
        return len(self.unwritten) >= FEWEST_NAMES and links >= least

    def settle(self, is_unwritten: Callable[[str], bool]) -> None:
        """Determine for each uncertain name whether it is unwritten."""
        self.unwritten.update(filter(is_unwritten, self.uncertain))
        self.uncertain = {}
