"""Names in links that give nothing but the name, and which of them are of notes not written yet."""

from collections import Counter
from collections.abc import Callable, Iterable, Set
from itertools import chain

from vaultlint.inputs import Input
from vaultlint.names import asked_about

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
        self.others: set[str] = set()
        """Names that no file has, but known not to be of notes not written yet."""
        self.uncertain = dict.fromkeys(self.counts)
        """Names for which this is not known; those that are probably unwritten are last."""
        self._askers: dict[Input, set[str]] | None = None  # names by what was asked about them, built for `doubt`
        self._left = 0  # names still in `_askers`, possibly of a copy, to which no note links any more

    @classmethod
    def known(
        cls, counts: Counter[str], unwritten: Iterable[str], others: Iterable[str], uncertain: Iterable[str]
    ) -> "Wanted":
        """Create from cached values."""
        wanted = cls(())
        wanted.counts, wanted.unwritten, wanted.others = counts, {*unwritten}, {*others}
        wanted.uncertain = dict.fromkeys(uncertain)
        return wanted

    def copy(self) -> "Wanted":
        """A copy that can be changed independently."""
        other = Wanted.known(self.counts.copy(), self.unwritten, self.others, self.uncertain)
        other._askers, other._left = self._askers, self._left  # shared: a name too many in it does no harm
        return other

    def replace(self, before: Iterable[str], after: Iterable[str]) -> None:
        """Replace the names that a note links to."""
        old, new = {*before}, {*after}
        for name in old - new:
            self.counts[name] -= 1
            if not self.counts[name]:
                del self.counts[name]
                self.unwritten.discard(name)
                self.others.discard(name)
                self.uncertain.pop(name, None)
                self._left += 1
        if self._left > len(self.counts):
            self._askers, self._left = None, 0
        for name in new - old:
            self.counts[name] += 1
            if self.counts[name] == 1:
                self.uncertain[name] = None

    def doubt_all(self) -> None:
        """Mark as uncertain all names that no file has."""
        self._doubt((), {*self.others, *self.unwritten})

    def doubt(self, names: Iterable[str], changed: Iterable[Input]) -> None:
        """Mark as uncertain the names of a file that was added or removed, and those that may now be like others.

        Args:
            names: the names of the file.
            changed: the inputs whose answers may differ.
        """
        if self._askers is None:
            self._askers = {}
            for name in chain(self.others, self.unwritten):
                self._enter(name, self._askers)
        self._doubt(names, {name for one in changed for name in self._askers.get(one, ())})

    def _doubt(self, there: Iterable[str], missing: Set[str]) -> None:
        probable = self.unwritten & missing
        self.uncertain |= dict.fromkeys(chain(self.others & missing, self.counts.keys() & {*there}, probable))
        self.unwritten -= probable
        self.others -= missing

    def _enter(self, name: str, askers: dict[Input, set[str]]) -> None:
        for one in asked_about(name):
            askers.setdefault(one, set()).add(name)

    def is_habit(self, is_there: Callable[[str], bool], is_unwritten: Callable[[str], bool]) -> bool:
        """Whether the notes of this vault habitually link ahead, to notes not written yet.

        Args:
            is_there: says whether a file has this name.
            is_unwritten: says of another name whether no file has a similar one; called as rarely as possible.
        """
        least = LEAST_SHARE * self.counts.total()
        links = sum(map(self.counts.__getitem__, self.unwritten))
        while self.uncertain and (len(self.unwritten) < FEWEST_NAMES or links < least):
            name = self._settle(is_there, is_unwritten)
            links += self.counts[name] if name in self.unwritten else 0
        return len(self.unwritten) >= FEWEST_NAMES and links >= least

    def settle(self, is_there: Callable[[str], bool], is_unwritten: Callable[[str], bool]) -> None:
        """Determine for each uncertain name whether it is unwritten; see `is_habit`."""
        while self.uncertain:
            self._settle(is_there, is_unwritten)

    def _settle(self, is_there: Callable[[str], bool], is_unwritten: Callable[[str], bool]) -> str:
        """Determine this for the last uncertain name, and return the name."""
        name, _ = self.uncertain.popitem()
        if not is_there(name):
            (self.unwritten if is_unwritten(name) else self.others).add(name)
            if self._askers is not None:
                self._enter(name, self._askers)
        return name
