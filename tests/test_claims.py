"""Which sentences are claims that need a source, and which are not."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw
from msgspec.structs import replace

from vaultlint import claims
from vaultlint.claims import (
    Claim,
    Confidence,
    SentencePlace,
    claim_in,
    is_assertion,
    is_english,
    is_instruction,
    lists_sources,
    look,
    looks,
    places,
    quotation,
    restates,
)
from vaultlint.claims.lexicon import Reason
from vaultlint.claims.weights import (
    _TOKEN,
    ENDINGS,
    MOST_SUMMED,
    NAME,
    NAME_FIRST,
    Scale,
    Weights,
    WordKind,
    _Words,
    as_word,
    scale,
    tokens,
)
from vaultlint.note import BlockKind
from vaultlint.reading.prose import CODE

MIDDLE = SentencePlace(BlockKind.PARAGRAPH, "History", index=4, count=9)


def claim(sentence: str, place: SentencePlace = MIDDLE, least: Confidence = Confidence.LOW) -> Claim | None:
    return claim_in(sentence, place, "en", least)


def test_reasons_are_in_the_order_in_which_they_are_given() -> None:
    assert [*Reason] == [
        *("quotation", "statistic", "attribution", "superlative"),
        *("scientific", "historical", "causal", "other-factual"),
    ]


def test_each_reason_is_said_in_words_of_its_own() -> None:
    assert len({reason.in_words for reason in Reason}) == len(Reason)
    assert all(reason.in_words.startswith("this ") for reason in Reason)


# Scores

SMALL = Weights(
    base=-100,
    lowest={"high": 300, "medium": 100, "low": 0},
    reach=200,
    kinds={
        "says": WordKind(30, 5, Reason.ATTRIBUTION),
        "science": WordKind(20, 0, Reason.SCIENTIFIC),
        NAME: WordKind(10, 0, Reason.OTHER_FACTUAL),
        NAME_FIRST: WordKind(1, 2),
        "percentage": WordKind(0, 0, Reason.STATISTIC),
        **{name: WordKind(0, 0) for name in ENDINGS},
    },
    pairs={NAME: {"says": 100}, NAME_FIRST: {"says": 200}, "says": {"science": 7}},
    places={"in paragraph": 3, "5 words": 4, "0 words": -4, "quotation": 50},
    headings={"history": 11},
    words=Raw(b'{"argued":[5,40,8,0],"cells":[6,20,0,1],"sea":[-9,0,-4],"#%":[60,0,0,4]}'),
)


@pytest.mark.parametrize(
    ("sentence", "total"),
    [
        ("", 0),
        ("moon", 0),
        ("sea", -9 - 4),
        ("sea sea", 2 * -9 - 4),
        ("argued", 5 + 30 + 5 + 40 + 8),
        ("moon argued", 5 + 30 + 40 + 8),
        ("moon moon moon moon argued", 5 + 30 + 40),
        ("argued cells", 5 + 30 + 5 + 6 + 20 + (40 + 20) // 2 + 8 // 2 + 7),
        ("Newton argued", 1 + 2 + 5 + 30 + 40 + 8 + 200),
        ("moon Newton argued", 10 + 5 + 30 + 40 + 8 + 100),
        ("moon Newton strongly argued", 10 + 5 + 30 + 40 + 8 + 100),
        ("moon Newton moon argued", 10 + 5 + 30 + 40 + 8),
        ("The argued", 5 + 30 + 40 + 8),
        ("40 %", 60),
        ("40%", 60),
    ],
)
def test_sum_of_words(sentence: str, total: int) -> None:
    measuring = Scale(SMALL)
    read = measuring.read(sentence)[1]
    assert measuring.words(read)[0] + measuring.pairs(read) == total


@pytest.mark.parametrize("times", [MOST_SUMMED - 1, MOST_SUMMED, 3 * MOST_SUMMED + 1])
@pytest.mark.parametrize(("own", "shared"), [(-300, -16_000), (-300, 16_000), (300, -16_000)])
def test_sum_of_very_many_words(times: int, own: int, shared: int) -> None:
    measuring = Scale(replace(SMALL, words=Raw(msgspec.json.encode({"sea": (own, shared, -4)}))))
    read = measuring.read("sea " * times + "Newton " * times)[1]
    assert measuring.words(read) == (times * (own + 10) + shared - 4, times)


@given(st.text(alphabet="aZé'’-. ,$%9_\n") | st.text())
def test_words_without_an_expression(text: str) -> None:
    assert tokens(text) == _TOKEN.findall(text)


def test_weights_of_a_word_are_the_same_when_it_is_met_again() -> None:
    measuring = Scale(SMALL)
    once = measuring.pairs(measuring.read("Newton argued that cells rise")[1])
    measuring.read("argued Newton cells")
    assert measuring.pairs(measuring.read("Newton argued that cells rise")[1]) == once


def test_weights_of_a_word_are_the_same_after_all_were_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaultlint.claims.weights.MOST_TOKENS", 2)
    measuring = Scale(SMALL)
    found = []
    for sentence in ("Newton argued that cells rise", "moon argued", "Newton argued that cells rise"):
        read = measuring.read(sentence)[1]
        found.append((measuring.words(read), measuring.pairs(read)))
    assert found[0] == found[2]
    assert len(measuring._numbers.packed) <= 5, "no weights of earlier sentences are left"


def test_weights_are_found_by_the_whole_word() -> None:
    words = {"arc": (1, 2, 3), "arch": (-4, 5, 6, 7), "a's": (8, 9, 0), "naïve": (1, 0, 0), "#": (2, 0, 0, 12)}
    known = _Words(Raw(msgspec.json.encode(words)))
    assert {word: known.get(word) for word in words} == words
    assert [known.get(word) for word in ("ar", "archer", "c", "na", "#%", "[", "1")] == [None] * 7


def test_shares_of_words() -> None:
    measuring = Scale(SMALL)
    assert measuring.shares(measuring.read("moon Newton argued")[1]) == [0, 10 + 50, 5 + 30 + 40 + 50]


def test_what_weighs_most_is_shown_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "scale", lambda: Scale(SMALL))
    assert claim("moon Newton argued, sea cells.") == Claim(
        Reason.ATTRIBUTION, ("Newton", "argued", "cells"), Confidence.MEDIUM
    )
    assert claim("cells, cells, cells, cells, cells and moon.") == Claim(
        Reason.SCIENTIFIC, ("cells",), Confidence.LOW
    )
    assert claim("Newton argued, cells 40 %.") == Claim(Reason.STATISTIC, ("40 %",), Confidence.MEDIUM)
    assert claim("moon Newton argued, sea cells.", least=Confidence.HIGH) is None
    assert claim("sea.") is None


@pytest.mark.parametrize("tier", Confidence)
def test_least_sum_of_a_confidence(tier: Confidence, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "moon Newton argued, sea cells."
    total = claims.weight(sentence, MIDDLE)
    found = []
    for least in (total, total + 1):
        weights = replace(scale().weights, lowest={"high": 10**6, "medium": 10**6, "low": 10**6, tier.value: least})
        monkeypatch.setattr(claims, "scale", lambda weights=weights: Scale(weights))
        found.append(claim(sentence, least=tier))
    assert (found[0] is not None, found[1]) == (True, None)


@pytest.mark.parametrize(
    ("token", "word"),
    [
        *(("Newton’s", "newton's"), ("40%", "#%"), ("40 ％", "#%"), ("$3.5", "#$"), ("1973", "#year")),
        *(("1973,", "#year"), ("3,000", "#"), ("2300", "#"), ("Straße", "straße")),
    ],
)
def test_word_of_a_token(token: str, word: str) -> None:
    assert as_word(token) == word
    assert tokens(f"x {token} y")[1] in (token, token.rstrip(","), f"{token}")


def test_looks() -> None:
    assert [*looks(look("The sea: wide", 3, 2))] == ["0 words", "2 names", "unfinished", "label"]
    assert [*looks(look('He said "the sea is wide and old" there.', 99, 9))] == ["40 words", "4 names", "quotation"]
    assert [*looks(look("It is. So: no.", 12, 0))] == ["10 words", "0 names"]


def test_places() -> None:
    first = SentencePlace(BlockKind.ITEM, "", 0, 1, is_led_in=True, opens=True, ends=True, follows_citation=True)
    assert [*places(first)] == [
        *("in item", "block 0", "0 blocks left", "no heading", "led in", "opens its block", "ends its block"),
        "follows a citation",
    ]
    assert [*places(MIDDLE)] == ["in paragraph", "block 3"]


# The weights that are shipped


def test_weights_are_whole_and_small() -> None:
    weights = scale().weights
    words = msgspec.json.decode(weights.words, type=dict[str, tuple[int, ...]])
    assert weights.lowest["high"] > weights.lowest["medium"] > weights.lowest["low"]
    assert {*Confidence} == {*weights.lowest}
    assert all(0 <= i < len(weights.kinds) for _, _, _, *kinds in words.values() for i in kinds)
    assert all(first in weights.kinds and {*row} <= {*weights.kinds} for first, row in weights.pairs.items())
    assert {*ENDINGS, NAME, NAME_FIRST} <= {*weights.kinds}
    assert all(abs(shared) < 16_000 for _, shared, *_ in words.values()), "they are summed in 24 bits"
    assert all(" " not in word and word == word.lower() for word in words), "single words, and no names"


@pytest.mark.parametrize(
    "sentence",
    [
        "Critics argued that he was wrong and that his theory led to the war of 1914.",
        "Newton argued that the patients were cured and that the disease was caused by bacteria.",
        "The company was founded in 1973 and was sold to its rival after the war.",
    ],
)
def test_plain_claim(sentence: str) -> None:
    found = claim(sentence, least=Confidence.MEDIUM)
    assert found is not None
    assert all(word in sentence for word in found.words)


@pytest.mark.parametrize(
    "sentence",
    [
        "Communication matters in teams.",
        "This highlights the importance of rest.",
        "It is a groundbreaking company with a remarkable journey.",
        "Notes should be kept in a folder.",
        "In conclusion, this is a testament to all of them.",
    ],
)
def test_plainly_no_claim(sentence: str) -> None:
    assert claim(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Newton argued that the theory of his rivals was wrong.", Reason.ATTRIBUTION),
        ("About 40 % of the 3,000 users left within 12 days.", Reason.STATISTIC),
        ("Dopamine and cortisol reach the brain and the muscles of patients.", Reason.SCIENTIFIC),
        ("It was founded, sold and closed before the war.", Reason.HISTORICAL),
    ],
)
def test_reason(sentence: str, reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = replace(scale().weights, lowest=dict.fromkeys(Confidence, -(10**6)))
    monkeypatch.setattr(claims, "scale", lambda: Scale(weights))
    found = claim(sentence)
    assert found is not None
    assert found.reason is reason


def test_place_changes_confidence() -> None:
    sentence = "She found that the patients recovered within a week."
    closing = SentencePlace(BlockKind.PARAGRAPH, "Conclusion", index=8, count=9)
    assert claims.weight(sentence, MIDDLE) > claims.weight(sentence, closing)


# Quotations


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ('He said "the sea is wide and old" there.', '"the sea is wide and old"'),
        ("“Simplicity is a choice,” she told the board.", "“Simplicity is a choice,”"),
        ("Er schrieb „die Sonne ist eine alte Uhr“ dazu.", "„die Sonne ist eine alte Uhr“"),
        ("Er schrieb »die Sonne ist eine alte Uhr« dazu.", "»die Sonne ist eine alte Uhr«"),
        ("Il dit « le soleil est une horloge » hier.", "« le soleil est une horloge »"),
        ("Han sade ”solen är en gammal klocka” igår.", "”solen är en gammal klocka”"),
        ("Он сказал «солнце это старые часы» вчера.", "«солнце это старые часы»"),
        ("彼は「太陽は古い時計である」と言った。", "「太陽は古い時計である」"),
        ("他说“太阳是一个非常非常古老的时钟”然后离开。", "“太阳是一个非常非常古老的时钟”"),
        ('הוא אמר "השמש היא שעון ישן מאוד" אתמול.', '"השמש היא שעון ישן מאוד"'),
        ("قال «الشمس ساعة قديمة جدا» أمس.", "«الشمس ساعة قديمة جدا»"),
        ("He said “the sea is wide and old", "“the sea is wide and old"),
        ("«a» and then «the sea is wide and old» there.", "«the sea is wide and old»"),
    ],
)
def test_quotation(sentence: str, words: str) -> None:
    assert quotation(sentence) == words


@pytest.mark.parametrize(
    "sentence",
    [
        'He wrote "The Death and Life of Great American Cities" there.',
        'Click "Save All Notes Now" there.',
        'The word "clock" is short.',
        'The "theory of all" is old.',
        "The “space-time continuum” is old.",
        "Er sah „Der Herr der Ringe“ dort.",
        "他看「你好」。",
        'A 5" disk and a 3" disk.',
        "«a» is a long text that stands between «b» and more.",
        "»a« is a long text that stands between »b« and more.",
        "„so“, and more of the text that follows here",
        "“so”, and more of the text that stands here, “and so” on.",
        'The "a" is a long text that stands between "b" and more.',
        'wide and old," he said of the sea and of the "moon" there.',
        "「海」は太陽と月のあいだにある「月」である。",
    ],
)
def test_what_is_no_quotation(sentence: str) -> None:
    assert quotation(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Newton schrieb: „die Sonne ist eine alte Uhr“.", "„die Sonne ist eine alte Uhr“"),
        ("„Die Sonne ist eine alte Uhr“, sagte Anna Lee dazu.", "„Die Sonne ist eine alte Uhr“"),
        ("« le soleil est une horloge », dit Newton hier.", "« le soleil est une horloge »"),
        ("Ньютон сказал: «солнце это старые часы».", "«солнце это старые часы»"),
        ("彼は「太陽は古い時計である」と言った。", "「太陽は古い時計である」"),
    ],
)
def test_quotation_of_another_language_with_who_said_it(sentence: str, words: str) -> None:
    for language in ("de", None):
        found = claim_in(sentence, MIDDLE, language, Confidence.LOW)
        assert found == Claim(Reason.QUOTATION, (words,), Confidence.MEDIUM)
        assert claim_in(sentence, MIDDLE, language, Confidence.HIGH) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Er schrieb „die Sonne ist eine alte Uhr“ dazu.",
        "Dort steht „die Sonne ist eine alte Uhr“ an der Wand.",
        "Etwa 40 % der Nutzer gehen.",
        "Kritiker sagen, die Steuer sei schlecht.",
        "In 1973 fusionierten die Firmen.",
        "Es war the first port und Dopamin.",
        "太陽は古い時計である。",
        "الشمس ساعة قديمة جدا.",
        "😀 😀 😀 😀 😀",
    ],
)
def test_silence_on_the_rest_of_another_language(sentence: str) -> None:
    assert claim_in(sentence, MIDDLE, None, Confidence.LOW) is None


@pytest.mark.parametrize("heading", ["References", "Sources:", "Further Sources", "Quellen", "Works cited sources"])
def test_list_of_sources(heading: str) -> None:
    assert lists_sources(heading)


@pytest.mark.parametrize("heading", ["", "History", "Sources of the Nile", "How they found their sources", ":"])
def test_no_list_of_sources(heading: str) -> None:
    assert not lists_sources(heading)


@pytest.mark.parametrize("heading", ["Conclusion", "Conclusion and outlook", "Key takeaways:", "SUMMARY", "3. Recap"])
def test_heading_of_what_is_said_again(heading: str) -> None:
    assert restates(heading)


@pytest.mark.parametrize("heading", ["", "History", "Conclusive evidence", "Summarising"])
def test_heading_of_what_is_new(heading: str) -> None:
    assert not restates(heading)


def test_pairs_can_lift_a_sentence_up_to_their_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "moon moon Newton argued moon moon."
    found = []
    for reach in (100, 99):  # the weight of the pair
        weights = replace(SMALL, reach=reach, lowest={"high": 111, "medium": 111, "low": 111})
        monkeypatch.setattr(claims, "scale", lambda weights=weights: Scale(weights))
        found.append((claims.weight(sentence, MIDDLE), claim(sentence) is not None))
    assert found == [(111, True), (111, False)]


def test_ranks() -> None:
    assert sorted(Confidence, key=lambda one: one.rank) == ["low", "medium", "high"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The sea rises at noon.",
        "Figure skating is wide and blue there.",
        "For more than a year, scholars looked at the sea.",
        "The sea is wide and the moon pulls it to the shore",
        "Critics argue that it is small.",
        "We saw the sea at noon.",
        "Use of force was banned there.",
        "World War I ended in 1918.",
        "Charles I was king of it.",
        'He said "I saw the sea and you did not" there.',
        "“My heart is in the sea,” she said.",
        'He asked "why is it so?" of her.',
        "Il dit que le soleil est une horloge.",
        "太陽は古い時計である。",
        "太阳是一个古老的时钟。",
        "הים עולה והירח מושך.",
    ],
)
def test_assertion(sentence: str) -> None:
    assert is_assertion(sentence, 0)


@pytest.mark.parametrize(
    "sentence",
    [
        "Is the sea wide and blue?",
        "Is it so (and is it wide)?",
        '"Is the sea wide and blue?"',
        "太陽は古い時計であるか？",
        "هل البحر واسع وأزرق هنا؟",
        "Key factors include these four:",
        "Key factors include “these four”:",
        "合計は次のとおりである：",
        "The sea rises.",
        "Sea, moon, sun.",
        "1, 2, 3, 4, 5.",
        "😀 😀 😀 😀 😀",
        f"The sea {CODE} is very wide.",
        "Figure 3: The sea is wide and the moon is full.",
        "Table 2 The sea is wide and the moon is full.",
        "Take a walk in the morning.",
        "For related topics, explore the tides and the moon.",
        "For those interested in tides, consider works on the moon.",
        "The market cycle of long-term debt",
        "Then open the file and look.",
        "Step 1: Open the folder with it.",
        "I saw the sea at noon.",
        "I’ve seen the sea at noon.",
        "My father saw the sea there.",
        "It seems to me that it is wide.",
        "You can see the sea there.",
        "Your notes are in a folder.",
        "",
    ],
)
def test_no_assertion(sentence: str) -> None:
    assert not is_assertion(sentence, 0)


def test_row_of_links_is_no_assertion() -> None:
    assert not is_assertion("Tides, Moon, Sun, Earth and Sea", linked_words=5)
    assert is_assertion("Tides and Moon are pulled by Earth.", linked_words=3)


@pytest.mark.parametrize("sentence", ["Add the folder.", "Please add the folder.", "Note: Use the other one."])
def test_instruction(sentence: str) -> None:
    assert is_instruction(sentence)


@pytest.mark.parametrize(
    "sentence", ["Adding it helps.", "The open sea.", "Add", "", "Critics add that.", "Use: none."]
)
def test_no_instruction(sentence: str) -> None:
    assert not is_instruction(sentence)


@pytest.mark.parametrize("text", ["", "The sea is wide and the moon pulls it to the shore.", "It is not for this."])
def test_english(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Das Meer ist weit und der Mond zieht es an.",
        "La mer est large et la lune la tire vers la côte.",
        "Het water is van de zee en de maan trekt het aan.",
        "潮が満ちる。月が引く。",
        "הים עולה. הירח מושך.",
        "Das Meer ist weit und blau. " * 300 + "The sea is wide and the moon pulls it. " * 300,
    ],
)
def test_not_english(text: str) -> None:
    assert not is_english(text)
