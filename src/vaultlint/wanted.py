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
        self._uncertain: set[str] | None = None  # all of them

    @classmethod
    def known(cls, counts: Counter[str], unwritten: Iterable[str]) -> "Wanted":
        """What was known of a vault."""
        wanted = cls(())
        wanted.counts, wanted.unwritten, wanted._uncertain = counts, {*unwritten}, set()
        return wanted

    def copy(self) -> "Wanted":
        """Names that can be changed without these."""
        other = Wanted.known(self.counts.copy(), self.unwritten)
        other._uncertain = None if self._uncertain is None else {*self._uncertain}
        return other

    def replace(self, before: Iterable[str], after: Iterable[str]) -> None:
        """Take up that a note links to other names than before."""
        old, new = {*before}, {*after}
        for name in old - new:
            self.counts[name] -= 1
            if not self.counts[name]:
                del self.counts[name]
                self.unwritten.discard(name)
        for name in new - old:
            self.counts[name] += 1
            if self.counts[name] == 1 and self._uncertain is not None:
                self._uncertain.add(name)

    @property
    def is_certain(self) -> bool:
        """Whether it is known of each name whether it is unwritten."""
        return self._uncertain == set()

    def doubt(self) -> None:
        """Say that other files have come or gone, so that each name may have been written or be missing now."""
        self._uncertain = None

    def is_habit(self, is_unwritten: Callable[[str], bool]) -> bool:
        """Whether the notes of this vault link ahead as a habit, to notes that are yet to be written.

        Args:
            is_unwritten: tells whether no file has a name, nor one that it resembles.
        """
        if self._uncertain is None:
            self.unwritten = set(filter(is_unwritten, self.counts))
        else:
            uncertain = self._uncertain & self.counts.keys()
            self.unwritten = self.unwritten - uncertain | set(filter(is_unwritten, uncertain))
        self._uncertain = set()
        links = sum(self.counts[name] for name in self.unwritten)
        return len(self.unwritten) >= FEWEST_NAMES and links >= LEAST_SHARE * self.counts.total()
