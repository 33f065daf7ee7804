"""Fits the weights of `uncited-claim` to unlabelled texts and to labelled sentences.

The texts give the vocabulary (words that are not names and occur in several channels or vaults) and word vectors, in
which words with similar neighbours are close, so that labels also help with words that no labelled sentence has.
Everything is linear, and ends up as a few numbers for each word.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from benchmarks.word_kinds import KINDS, SAY
from vaultlint.claims import SentencePlace, look, looks, places
from vaultlint.claims.lexicon import Reason
from vaultlint.claims.weights import (
    ENDINGS,
    NAME,
    NAME_FIRST,
    OPENING,
    Scale,
    Weights,
    WordKind,
    as_word,
    kinds_by_form,
    tokens,
)

FEWEST_GROUPS, FEWEST_TIMES = 3, 20
"""A word must occur in at least this many channels or vaults, and this many times."""

MOST_CAPITALS = 0.5
"""A word that has a capital letter more often than this, inside sentences, is a name."""

FEWEST_SAMPLES = 3
"""A feature must occur in at least this many labelled sentences to get its own weight."""

WINDOW, DIMENSIONS = 5, 200
"""The neighbours on each side of a word that its vector depends on, and the dimensions of the vector."""

SHARED, FIRST = 10.0, 4.0
"""Scales of the mean vectors of all words and of the first words; a higher scale gives the vectors more influence."""

STRENGTH = 0.1
"""Inverse of the regularisation."""

_MARKUP = re.compile(r"<[^>]*>|\[[0-9:]+\]|https?://\S+")


class Sample(Struct, frozen=True):
    """A labelled sentence with its place."""

    group: str
    sentence: str
    place: SentencePlace
    wanted: bool
    weight: float


class Texts:
    """The vocabulary of some texts, and a vector for each word."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """Read texts, each with its group."""
        read = [(group, tokens(_MARKUP.sub(" ", text))) for group, text in texts]
        self.words = _vocabulary(read)
        self.index = {word: i for i, word in enumerate(self.words)}
        self.vectors = _vectors([[self.index.get(as_word(one), -1) for one in text] for _, text in read], self.index)


def _vocabulary(texts: Sequence[tuple[str, list[str]]]) -> list[str]:
    times: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    groups: dict[str, set[str]] = defaultdict(set)
    for group, text in texts:
        for token in text:
            if token[0].isalpha():
                word = as_word(token)
                times[word] += 1
                capitals[word] += token[0].isupper()
                groups[word].add(group)
    return sorted(
        word
        for word, count in times.items()
        if count >= FEWEST_TIMES and len(groups[word]) >= FEWEST_GROUPS and capitals[word] <= MOST_CAPITALS * count
    )


def _vectors(texts: Iterable[list[int]], index: dict[str, int]) -> Any:
    """Word vectors: the largest singular values of the positive pointwise mutual information of neighbours."""
    import numpy as np
    import scipy.sparse as sp
    from sklearn.utils.extmath import randomized_svd

    size = len(index)
    line = np.array([number for text in texts for number in (*text, *(-1,) * WINDOW)])
    counts = sp.csr_matrix((size, size))
    for distance in range(1, WINDOW + 1):
        left, right = line[:-distance], line[distance:]
        both = (left >= 0) & (right >= 0)
        share = np.full(both.sum(), 1 / distance)
        found = sp.coo_matrix((share, (left[both], right[both])), shape=(size, size)).tocsr()
        counts = counts + found + found.T
    table = counts.tocoo()
    totals = np.asarray(counts.sum(1)).ravel()
    context = totals**0.75 / (totals**0.75).sum()
    information = np.log(table.data / totals[table.row] / context[table.col])
    more = information > 0
    positive = sp.csr_matrix((information[more], (table.row[more], table.col[more])), shape=(size, size))
    left_vectors, values, _ = randomized_svd(positive, DIMENSIONS, n_iter=4, random_state=0)
    vectors = left_vectors * np.sqrt(values)
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)


def _listed() -> tuple[dict[str, set[str]], list[tuple[str, str]]]:
    """The kinds of each listed word, and the listed stems with their kinds."""
    whole: dict[str, set[str]] = defaultdict(set)
    stems = []
    for kind, (_, listed) in KINDS.items():
        for word in listed.split():
            if word.endswith("*"):
                stems.append((word[:-1], kind))
            else:
                whole[word].add(kind)
    return whole, stems


SAYS = "says"


class Kinds:
    """The kinds of words; each is one bit."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.names = [*KINDS, SAYS, NAME, NAME_FIRST, *(name for name in ENDINGS if name not in KINDS)]
        self.bits = {name: 1 << i for i, name in enumerate(self.names)}
        whole, stems = _listed()
        says = re.compile(SAY)
        of_word: dict[str, set[str]] = defaultdict(set, {word: {*kinds} for word, kinds in whole.items()})
        for stem, kind in stems:
            for word in vocabulary[bisect_left(vocabulary, stem) : bisect_left(vocabulary, f"{stem}\uffff")]:
                of_word[word].add(kind)
        for word in {*vocabulary, *whole}:
            if says.fullmatch(word):
                of_word[word].add(SAYS)
        self.of_word = {word: sum(self.bits[kind] for kind in kinds) for word, kinds in of_word.items()}

    def places(self, word: str) -> list[int]:
        """The indices of a word's kinds among all kinds."""
        return [i for i, name in enumerate(self.names) if self.of_word.get(word, 0) & self.bits[name]]

    def reason(self, name: str) -> Reason | None:
        """The reason of findings for a kind."""
        if name == SAYS:
            return Reason.ATTRIBUTION
        return KINDS[name][0] if name in KINDS else None


class Design:
    """Converts samples to rows of numbers, and the weights of these to a `Weights`."""

    def __init__(self, texts: Texts, samples: Sequence[Sample]) -> None:
        import numpy as np
        import scipy.sparse as sp
        from sklearn.feature_extraction import DictVectorizer

        self.texts = texts
        self.kinds = Kinds(texts.words)
        self.words = {*texts.words, *self.kinds.of_word}
        rows = [self._row(sample) for sample in samples]
        self._table = DictVectorizer()
        self._sparse = self._table.fit_transform(rows).tocsr()
        self._dense = sp.csr_matrix(np.array([self._means(sample.sentence) for sample in samples]))

    def _row(self, sample: Sample) -> dict[str, float]:
        written = tokens(sample.sentence)
        found: Counter[str] = Counter()
        kinds = []
        for i, token in enumerate(written):
            word = as_word(token)
            if word in self.words:
                found[f"word {word}"] += 1
            names = {name for name in self.kinds.names if self.kinds.of_word.get(word, 0) & self.kinds.bits[name]}
            names.update(kinds_by_form(token, word, i == 0))
            kinds.append(sorted(names))
            found.update(f"kind {name}" for name in names)
        found.update(f"first {name}" for one in kinds[:1] for name in one)
        for i in range(1, len(kinds)):
            found.update(f"pair {one}|{other}" for one in kinds[i - 1] for other in kinds[i])
            if i > 1 and "adverb" in kinds[i - 1]:
                found.update(f"pair {one}|{other}" for one in kinds[i - 2] for other in kinds[i])
        names_in = sum(NAME in one for one in kinds)
        for name in (*looks(look(sample.sentence, len(written), names_in)), *places(sample.place)):
            found[f"place {name}"] = 1
        found.update(f"heading {as_word(token)}" for token in tokens(sample.place.heading))
        return dict(found)

    def _means(self, sentence: str) -> list[float]:
        import numpy as np

        words = [as_word(token) for token in tokens(sentence)]
        means = []
        for part, scale in ((words, SHARED), (words[:OPENING], FIRST)):
            known = [word for word in part if word in self.words]
            vectors = [self.texts.vectors[self.texts.index[word]] for word in known if word in self.texts.index]
            total = np.sum(vectors, axis=0) if vectors else np.zeros(DIMENSIONS)
            means.append(total * scale / max(1, len(known)))
        found: list[float] = np.concatenate(means).tolist()
        return found

    def fit(self, samples: Sequence[Sample], chosen: Sequence[int]) -> tuple[Any, Any]:
        """A model fitted to some of the samples, and a mask of the columns that it uses."""
        import numpy as np
        import scipy.sparse as sp
        from sklearn.linear_model import LogisticRegression

        rows = self._sparse[chosen]
        used = np.asarray((rows > 0).sum(0)).ravel() >= FEWEST_SAMPLES
        model = LogisticRegression(C=STRENGTH, max_iter=5000)
        model.fit(
            sp.hstack([rows[:, used], self._dense[chosen]]).tocsr(),
            [samples[i].wanted for i in chosen],
            [samples[i].weight for i in chosen],
        )
        return model, used

    def scores(self, fitted: tuple[Any, Any], chosen: Sequence[int]) -> list[float]:
        """The model's scores of some of the samples, in log odds."""
        import scipy.sparse as sp

        model, used = fitted
        rows = sp.hstack([self._sparse[chosen][:, used], self._dense[chosen]]).tocsr()
        found: list[float] = model.decision_function(rows).tolist()
        return found

    def _reach(self, model: Any, used: Any) -> int:
        """The most that the pairs of a sample weigh."""
        import numpy as np

        names = self._table.get_feature_names_out()[used]
        are_pairs = np.array([name.startswith("pair ") for name in names])
        sums = self._sparse[:, used][:, are_pairs] @ model.coef_[0][: len(names)][are_pairs]
        return round(100 * float(sums.max()))

    def weights(self, fitted: tuple[Any, Any], lowest: dict[str, int]) -> Weights:
        """The model in the form that is shipped."""
        model, used = fitted
        names = self._table.get_feature_names_out()[used]
        parts: dict[str, dict[str, int]] = defaultdict(dict)
        for name, value in zip(names, model.coef_[0], strict=False):  # the mean vectors come after these
            part, _, rest = name.partition(" ")
            parts[part][rest] = round(100 * value)
        shared, opening = model.coef_[0][len(names) :].reshape(2, DIMENSIONS)
        by_vector = zip(
            (100 * SHARED * self.texts.vectors @ shared).round().astype(int).tolist(),
            (100 * FIRST * self.texts.vectors @ opening).round().astype(int).tolist(),
            strict=True,
        )
        vectors = dict(zip(self.texts.words, by_vector, strict=True))
        pairs: dict[str, dict[str, int]] = defaultdict(dict)
        for name, value in sorted(parts["pair"].items()):
            one, _, other = name.partition("|")
            if value:
                pairs[one][other] = value
        return Weights(
            base=round(100 * model.intercept_[0]),
            lowest=lowest,
            reach=self._reach(model, used),
            kinds={
                name: WordKind(parts["kind"].get(name, 0), parts["first"].get(name, 0), self.kinds.reason(name))
                for name in self.kinds.names
            },
            pairs=pairs,
            places=dict(sorted(parts["place"].items())),
            headings=dict(sorted(parts["heading"].items())),
            words=Raw(
                msgspec.json.encode(
                    {
                        word: (parts["word"].get(word, 0), *vectors.get(word, (0, 0)), *self.kinds.places(word))
                        for word in sorted(self.words)
                    }
                )
            ),
        )


def folds(groups: Sequence[str], count: int = 10) -> list[list[int]]:
    """Parts of about the same size, as indices of items; each group is in only one part."""
    parts: list[list[int]] = [[] for _ in range(count)]
    members: dict[str, list[int]] = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    for group in sorted(members, key=lambda name: (-len(members[name]), name)):
        min(parts, key=len).extend(members[group])
    return [part for part in parts if part]


def check_weights(weights: Weights, samples: Sequence[Sample], expected: Sequence[float]) -> float:
    """The largest difference in log odds between the shipped and the fitted weights."""
    measuring = Scale(weights)
    greatest = 0.0
    for sample, score in zip(samples, expected, strict=True):
        _, read = measuring.read(sample.sentence)
        total, names_in = measuring.words(read)
        total += measuring.pairs(read)
        names = [*looks(look(sample.sentence, len(read), names_in)), *places(sample.place)]
        total += weights.base + measuring.places(names)
        total += measuring.heading(sample.place.heading)
        greatest = max(greatest, abs(total / 100 - score))
    return greatest
