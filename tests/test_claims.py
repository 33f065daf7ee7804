"""What asks "says who?", and what does not."""

from unittest.mock import patch

import pytest

from vaultlint import claims
from vaultlint.claims import Claim, Confidence, claim_in, is_assertion, is_english, is_instruction, placed_cues
from vaultlint.claims.lexicon import Reason
from vaultlint.note import BlockKind
from vaultlint.reading.prose import CODE

NOWHERE: frozenset[str] = frozenset()


def seen_in(sentence: str) -> Claim | None:
    """The claim that the cues of an English sentence show, whatever they weigh."""
    with patch.object(claims, "BASE", 10_000):
        return claim_in(sentence, NOWHERE, True, Confidence.LOW)


def test_reasons_are_in_the_order_in_which_they_are_given() -> None:
    assert [*Reason] == [
        *("quotation", "statistic", "attribution", "superlative"),
        *("scientific", "historical", "causal", "other-factual"),
    ]


@pytest.mark.parametrize(
    ("sentence", "reason", "words"),
    [
        ('He said "the sea is wide and old" there.', Reason.QUOTATION, '"the sea is wide and old"'),
        ("“Simplicity is a choice,” she told the board.", Reason.QUOTATION, "“Simplicity is a choice,”"),
        ("About 40 % of users leave.", Reason.STATISTIC, "40 %"),
        ("Some 12.5 percent of them leave.", Reason.STATISTIC, "12.5 percent"),
        ("They spent $3.5 on it.", Reason.STATISTIC, "$3.5"),
        ("It has 30 million readers.", Reason.STATISTIC, "30 million"),
        ("Critics argue the tax is bad.", Reason.ATTRIBUTION, "Critics argue"),
        ("Others have argued so.", Reason.ATTRIBUTION, "Others have argued"),
        ("She found that it stopped.", Reason.ATTRIBUTION, "She found"),
        ("It is often seen as a toy.", Reason.ATTRIBUTION, "is often seen as"),
        ("It was the first port of all.", Reason.SUPERLATIVE, "the first"),
        ("It is one of the oldest ports.", Reason.SUPERLATIVE, "one of the oldest ports"),
        ("Cold raises dopamine for hours.", Reason.SCIENTIFIC, "dopamine"),
        ("The two firms merged that day.", Reason.HISTORICAL, "merged"),
        ("The tax forced all to leave.", Reason.CAUSAL, "forced"),
        ("The recall pushed buyers away, causing a rush.", Reason.CAUSAL, "causing"),
        ("There is a board in Kyoto, mostly.", Reason.OTHER_FACTUAL, "Kyoto"),
    ],
)
def test_reason_and_words(sentence: str, reason: Reason, words: str) -> None:
    found = seen_in(sentence)
    assert found is not None
    assert (found.reason, found.words) == (reason, words)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ('Critics say "the first 40 % of all users are the best" there.', Reason.QUOTATION),
        ("Critics argue that the first 40 % left.", Reason.STATISTIC),
        ("Critics argue that it was the first of all.", Reason.ATTRIBUTION),
        ("It was the first drug that caused pain.", Reason.SUPERLATIVE),
        ("The drug that caused pain was sold by then.", Reason.SCIENTIFIC),
        ("The war of 1914 caused it.", Reason.HISTORICAL),
        ("The ban forced the government of India to act.", Reason.CAUSAL),
    ],
)
def test_first_reason_that_fits(sentence: str, reason: Reason) -> None:
    found = seen_in(sentence)
    assert found is not None
    assert found.reason is reason


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
    ],
)
def test_title_or_term_is_no_quotation(sentence: str) -> None:
    assert claim_in(sentence, NOWHERE, False, Confidence.LOW) is None


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Er schrieb „die Sonne ist eine alte Uhr“ dazu.", "„die Sonne ist eine alte Uhr“"),
        ("Er schrieb »die Sonne ist eine alte Uhr« dazu.", "»die Sonne ist eine alte Uhr«"),
        ("Il dit « le soleil est une horloge » hier.", "« le soleil est une horloge »"),
        ("Han sade ”solen är en gammal klocka” igår.", "”solen är en gammal klocka”"),
        ("Он сказал «солнце это старые часы» вчера.", "«солнце это старые часы»"),
        ("彼は「太陽は古い時計である」と言った。", "「太陽は古い時計である」"),
        ("他说“太阳是一个非常非常古老的时钟”然后离开。", "“太阳是一个非常非常古老的时钟”"),
        ('הוא אמר "השמש היא שעון ישן מאוד" אתמול.', '"השמש היא שעון ישן מאוד"'),
        ("قال «الشمس ساعة قديمة جدا» أمس.", "«الشمس ساعة قديمة جدا»"),
        ("Etwa 40 % der Nutzer gehen.", "40 %"),
        ("用户的40%离开了。", "40%"),
        ("用户的40％离开了。", "40％"),
    ],
)
def test_cue_of_another_language(sentence: str, words: str) -> None:
    found = claim_in(sentence, NOWHERE, False, Confidence.LOW)
    assert found is not None
    assert found.words == words


@pytest.mark.parametrize(
    "sentence",
    [
        "Kritiker sagen, die Steuer sei schlecht.",
        "In 1973 fusionierten die Firmen.",
        "Die Firma hat 30 Million Leser.",
        "Es war the first port und Dopamin.",
        "太陽は古い時計である。",
        "الشمس ساعة قديمة جدا.",
        "😀 😀 😀 😀 😀",
    ],
)
def test_cues_of_english_are_for_english_only(sentence: str) -> None:
    assert claim_in(sentence, NOWHERE, False, Confidence.LOW) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Critics argued that he was wrong and that his theory led to the war of 1914.",
        "She found that the patients recovered and that they were cured of the disease in 1973.",
        'Newton wrote in 1687 that "the tides are caused by the moon and the sun alone" and was praised.',
    ],
)
def test_plain_claim(sentence: str) -> None:
    found = claim_in(sentence, NOWHERE, True, Confidence.LOW)
    assert found is not None
    assert found.confidence is Confidence.HIGH


@pytest.mark.parametrize(
    "sentence",
    [
        "Communication matters in teams.",
        "The sea is wide and blue.",
        "This highlights the importance of rest.",
        "It is a groundbreaking company with a remarkable journey.",
        "Notes should be kept in a folder.",
        "In conclusion, this is a testament to all of them.",
    ],
)
def test_plainly_no_claim(sentence: str) -> None:
    assert claim_in(sentence, NOWHERE, True, Confidence.LOW) is None


def test_place_changes_confidence() -> None:
    sentence = "She found that the patients recovered within a week."
    closing = placed_cues(BlockKind.PARAGRAPH, "Conclusion", sentence, is_last=True)
    found = [claim_in(sentence, placed, True, Confidence.LOW) for placed in (NOWHERE, closing)]
    ranks = [-1 if claim is None else claim.confidence.rank for claim in found]
    assert ranks[0] > ranks[1]


def test_ranks() -> None:
    assert sorted(Confidence, key=lambda one: one.rank) == ["low", "medium", "high"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The sea rises at noon.",
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
