"""The sentences of a note without markup, and their places."""

from itertools import pairwise

import pytest
import sentencex
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_reading_properties import FRAGMENTS

from vaultlint.note import Note
from vaultlint.reading import read_note
from vaultlint.reading.prose import CODE, Sentence, sentences

ANCHOR = '<a class="yt-timestamp" data-t="1:02">[1:02]</a>'


def in_block(note: Note, index: int, language: str = "en") -> list[Sentence]:
    block = note.blocks[index]
    own = [one for one in note.citations if block.span.start <= one.span.start < block.span.end]
    return sentences(note.text, block, own, language)


def read(text: str, language: str = "en") -> list[str]:
    """The sentences of all blocks, as readers see them."""
    note = read_note("Note.md", text)
    return [one.text for i in range(len(note.blocks)) for one in in_block(note, i, language)]


def written(text: str) -> list[str]:
    """The sentences of all blocks, as they are written in the note."""
    note = read_note("Note.md", text)
    spans = [one.span for i in range(len(note.blocks)) for one in in_block(note, i)]
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Plain text.", "Plain text."),
        ("**Bold** _it_ ==mark== ~~gone~~ ***both***.", "Bold it mark gone both."),
        ("A snake_case is __kept__ as a_b_c.", "A snake_case is kept as a_b_c."),
        ("The [[Tides]] and [[Tides#x|the sea]].", "The Tides and the sea."),
        ("Both [the **sea**](Tides.md) and [it](a(b).md).", "Both the sea and it."),
        ("See [the page](https://tides.example).", "See the page."),
        ("See [there][1].\n\n[1]: https://tides.example", "See there."),
        ("See https://tides.example or <https://tides.example>.", "See or."),
        ("A <b>c</b> d.", "A c d."),
        ("The `a. B` and $x. Y$ stay.", f"The {CODE} and {CODE} stay."),
        ("A %% hidden. One %% b <!-- hidden. Two --> c.", "A b c."),
        ("![[Moon.png]] ![The moon.](Moon.png) The moon ![[Tides|300]].", "The moon."),
        ("A sentence #tides #sea/high and more.", "A sentence and more."),
        ("A sentence. ^id", "A sentence."),
        ("One line\nand the  next  \none.", "One line and the next one."),
        ("> One line\n> and the next.", "One line and the next."),
        ("> one\n> > two\n> > three", "one two three"),
        ("- > one\n  > two", "one two"),
        ("> [!quote]- A title. Of two.\n> The body.", "The body."),
        (f"Light sets {ANCHOR} the clock {ANCHOR}.", "Light sets the clock."),
        ("Light sets [^1] the clock [@a; @b].", "Light sets the clock."),
        ("“é” — 漢 😀", "“é” — 漢 😀"),
        ("Unpaired `tick, [[link and <tag.", "Unpaired `tick, [[link and <tag."),
    ],
)
def test_markup_is_not_read(text: str, words: str) -> None:
    assert " ".join(read(text)) == words


@pytest.mark.parametrize(
    "text", ["#tides #sea", "![[Moon.png]]", "^id", "%% hidden %%", "[^1] [@a]", ANCHOR, "> [!tip] A title", "**"]
)
def test_nothing_to_read(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The sea rises. The moon pulls.", ["The sea rises.", "The moon pulls."]),
        ("Does it rise? It does! So.", ["Does it rise?", "It does!", "So."]),
        ("It rises.\nThe moon\npulls.", ["It rises.", "The moon pulls."]),
        ("The sea<br>The moon<br/>The sun", ["The sea", "The moon", "The sun"]),
        ("Dr. Lee met Mr. Smith at 5 p.m. there. She left.", ["Dr. Lee met Mr. Smith at 5 p.m. there.", "She left."]),
        ("See e.g. the sea, i.e. water. So.", ["See e.g. the sea, i.e. water.", "So."]),
        ("J. R. R. Tolkien wrote. Version 3.5.1 came.", ["J. R. R. Tolkien wrote.", "Version 3.5.1 came."]),
        ("The [[Mr. Lee]] page. It is.", ["The Mr. Lee page.", "It is."]),
        ("Yes. Never. Stop.", ["Yes.", "Never.", "Stop."]),
        ("😀 The sea 😀 rises. 👩‍👩‍👧 The moon!", ["😀 The sea 😀 rises.", "👩‍👩‍👧 The moon!"]),
        ("הים עולה. הירח מושך.", ["הים עולה.", "הירח מושך."]),
        ("البحر يرتفع. القمر يجذب؟ نعم.", ["البحر يرتفع.", "القمر يجذب؟", "نعم."]),
        ("海水上升。月亮牵引！真的？", ["海水上升。", "月亮牵引！", "真的？"]),
        ("潮が満ちる。月が引く。", ["潮が満ちる。", "月が引く。"]),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize("language", ["de", "ja", "he", "xx", "", "no-such"])
def test_language_that_is_not_known(language: str) -> None:
    assert read("The sea rises. The moon pulls.", language) == ["The sea rises.", "The moon pulls."]


def test_full_stops_of_another_language() -> None:
    assert read("Am 3. Mai kam z. B. Dr. Lee. Dann ging er.", "de") == [
        "Am 3. Mai kam z. B. Dr. Lee.",
        "Dann ging er.",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('He said "the sea. And left. So it is.', ['He said "the sea.', "And left.", "So it is."]),
        ("He said “the sea. And left. So it is.", ["He said “the sea.", "And left.", "So it is."]),
        ('He said "the sea. It is wide." Then he left.', ['He said "the sea. It is wide."', "Then he left."]),
        ("He said “the sea. It is wide.” Then he left.", ["He said “the sea. It is wide.”", "Then he left."]),
    ],
)
def test_only_a_quotation_that_is_closed_holds_sentences(text: str, found: list[str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    "marks",
    [
        *("[^1]", "[^1][^2]", "[^1] [^2]", "^[A note. Of two.]", ANCHOR, f"{ANCHOR} {ANCHOR}", "(1:02)", "[1:02]"),
        *("[@a]", "[@a] [@b, p. 3]", "[[@a]]", "[1:02](https://youtu.be/a?t=62)", "https://tides.example"),
        *(
            "([Source](https://tides.example))",
            "(https://tides.example)",
            "(Lee, 2019)",
            "[^1] ([Source](https://a.b))",
        ),
    ],
)
@pytest.mark.parametrize("blank", ["", " "])
def test_citation_after_the_full_stop_belongs_to_the_sentence_before(marks: str, blank: str) -> None:
    first = f"The sea rises.{blank}{marks}"
    assert written(f"{first} The moon pulls. It is far.") == [first, "The moon pulls.", "It is far."]
    assert written(first) == [first]


@pytest.mark.parametrize("mark", ["[^1]", ANCHOR, "[@a]", "(1:02)", "[Tides](https://tides.example)"])
def test_citation_before_the_first_sentence_belongs_to_it(mark: str) -> None:
    assert written(f"{mark} The sea rises. The moon pulls.") == [f"{mark} The sea rises.", "The moon pulls."]


def test_link_that_opens_a_sentence_belongs_to_it() -> None:
    opening = "[The moon](https://tides.example) pulls."
    assert written(f"The sea rises. {opening}") == ["The sea rises.", opening]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**The sea.** The moon.", ["**The sea.**", "The moon."]),
        ("*The sea. The moon.*", ["*The sea.", "The moon.*"]),
        ("It is `code`. It ends in `code`", ["It is `code`.", "It ends in `code`"]),
        ("- one.\n  Two and\n  three", ["one.", "Two and\n  three"]),
        ("> One. Two\n> three.", ["One.", "Two\n> three."]),
        ("One and\r\ntwo.  Three.\r\n", ["One and\r\ntwo.", "Three."]),
        ("é 漢 😀. The [sea](Tides.md) rises.", ["é 漢 😀.", "The [sea](Tides.md) rises."]),
        ("The sea. ^id", ["The sea."]),
        ("| The sea. | The moon. It |\n|---|---|", ["The sea.", "The moon.", "It"]),
    ],
)
def test_span(text: str, found: list[str]) -> None:
    assert written(text) == found


PARTS = [*FRAGMENTS, "Word. ", "Another! ", "[a](https://x.y) ", "(Lee, 2019) ", ANCHOR, "[@a] ", '." ', "。", "<br>"]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PARTS), max_size=20).map("".join))
@example("One. [a](https://x.y) Two.")
@example("第一。**第二。**第三。")
@example('\x00<a class="yt-timestamp"^[---\n>\t')
def test_every_text_has_sentences_in_order_that_lie_in_their_block(text: str) -> None:
    note = read_note("Note.md", text)
    for i, block in enumerate(note.blocks):
        found = in_block(note, i)
        for one in found:
            assert block.span.start <= one.span.start < one.span.end <= block.span.end
            assert one.text == " ".join(one.text.split())
            words = one.text.replace(CODE, "").split()
            assert all(character in text[one.span.start : one.span.end] for character in "".join(words))
        assert all(one.span.end <= following.span.start for one, following in pairwise(found))


@given(
    st.lists(st.sampled_from(["Tides rise", " ", "and fall", ", ", ": ", '"', ")", "; ", "3,5", "-", "  "])).map(
        "".join
    )
)
def test_one_sentence_is_seen_without_the_splitter(text: str) -> None:
    split = [one for one in sentencex.segment("en", text) if one.strip()]
    assert len(split) == len(read(f"A{text}")) or not text.strip()
