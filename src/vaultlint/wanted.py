"""Names that notes link to without saying more, and those among them that are of notes yet to be written."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain

FEWEST_NAMES, LEAST_SHARE = 20, 0.02
"""From how many names that nothing has, and from which share of the links on, linking ahead is a habit."""


class Wanted:
    """How many notes link to each name. It can be kept up to date note by note.

    Args:
        names: of each note, the names that it links to, each once.
    """

    def __init__(self, names: Iterable[Iterable[str]]) -> None:
        self.counts = Counter(chain.from_iterable(names))
        self.unwritten: set[str] = set()
        """Names that are known to be of notes yet to be written."""
        self.uncertain = {*self.counts}
        """Names of which it is not known."""

    @classmethod
    def known(cls, counts: Counter[str], unwritten: Iterable[str], uncertain: Iterable[str]) -> "Wanted":
        """What was known of a vault."""
        wanted = cls(())
        wanted.counts, wanted.unwritten, wanted.uncertain = counts, {*unwritten}, {*uncertain}
        return wanted

    def copy(self) -> "Wanted":
        """Names that can be changed without these."""
        return Wanted.known(self.counts.copy(), self.unwritten, self.uncertain)

    def replace(self, before: Iterable[str], after: Iterable[str]) -> None:
        """Take up that a note links to other names than before."""
        old, new = {*before}, {*after}
        for name in old - new:
            self.counts[name] -= 1
            if not self.counts[name]:
                del self.counts[name]
                self.unwritten.discard(name)
                self.uncertain.discard(name)
        for name in new - old:
            self.counts[name] += 1
            if self.counts[name] == 1:
                self.uncertain.add(name)

    def doubt(self) -> None:
        """Say that other files have come or gone, so that each name may have been written or be missing now."""
        self.unwritten, self.uncertain = set(), {*self.counts}

    def is_habit(self, is_unwritten: Callable[[str], bool]) -> bool:
        """Whether the notes of this vault link ahead as a habit, to notes that are yet to be written.

        Args:
            is_unwritten: tells whether no file has a name, nor one that it resembles; it is asked of no more names
                than are needed.
        """
        least = LEAST_SHARE * self.counts.total()
        links = sum(self.counts[name] for name in self.unwritten)
        while self.uncertain and (len(self.unwritten) < FEWEST_NAMES or links < least):
            name = self.uncertain.pop()
            if is_unwritten(name):
                self.unwritten.add(name)
                links += self.counts[name]
        return len(self.unwritten) >= FEWEST_NAMES and links >= least

    def settle(self, is_unwritten: Callable[[str], bool]) -> None:
        """Find out of each name whether it is unwritten."""
        self.unwritten.update(filter(is_unwritten, self.uncertain))
        self.uncertain = set()
