"""Any request at any place of any text has an answer, and the answer is about that text."""

from hypothesis import given, settings
from hypothesis import strategies as st
from test_server_completion import PARTS, known

from vaultlint.note import Link
from vaultlint.reading import TextNote, read_note
from vaultlint.server.backlinks import counted, links_to
from vaultlint.server.completion import completions
from vaultlint.server.hovering import hovered, section
from vaultlint.server.outline import foldings, followables, found_symbols, hints, lenses, symbols
from vaultlint.server.pointing import definitions_of, references_to, thing_at
from vaultlint.server.renaming import named_at
from vaultlint.text import Span
from vaultlint.vault import Vault

MORE = [
    "[[Other#One|x]] ",
    "![[p.png]] ",
    "[[#",
    "#a/b ",
    "[x](Other.md#Two) ",
    "[00:12] ",
    "---\naliases: [x, y]\ntags: a\n",
]
MORE += [
    "^id2\n",
    "[^1] ",
    "[[Nowhere]] ",
    '"[[',
    "\r\n",
    "%% vaultlint-ignore x %%",
    "\ud83d",
    "😀",
    "|",
    "[[Other",
    "]]",
]
texts = st.lists(st.sampled_from([*PARTS, *MORE]), max_size=12).map("".join)
OTHER = "---\naliases: [Second]\n---\n# One\n\nText ^id\n\n## Two\n[[Here]] [[Here#One]]\n"


@settings(max_examples=150)
@given(texts, st.data())
def test_there_is_an_answer_anywhere(text: str, data: st.DataObject) -> None:
    here = read_note("Here.md", text)
    vault = known({"Here.md": here.text, "Other.md": OTHER, "p.png": ""})
    note = vault.vault.notes["Here.md"]
    assert isinstance(note, TextNote)
    offset = data.draw(st.integers(0, len(note.text)))
    line = note.text[:offset].count("\n")
    for one in completions(vault, note, offset):
        assert one.span.start <= offset <= one.span.end
        assert note.text[: one.span.start].count("\n") == line == note.text[: one.span.end].count("\n")
    shown = hovered(vault.vault, note, offset, (), {}, vault.words)
    assert shown is None or shown.span.start <= offset <= shown.span.end
    named = named_at(vault.vault, note, offset)
    assert named is None or named.span.end <= len(note.text)
    for place in (*definitions_of(vault.vault, note, offset), *references_to(vault.vault, vault.words, note, offset)):
        assert place.span.end <= len(getattr(vault.vault.notes.get(place.path), "text", ""))
    for span in (*foldings(note), *(one.span for one in followables(vault.vault, note))):
        assert 0 <= span.start <= span.end <= len(note.text)
    assert [one.span for one in lenses(vault.vault, note)][:1] == [Span(0, 0)]
    assert all(one.offset <= len(note.text) for one in hints(vault.vault, note, Span(0, len(note.text))))
    found = found_symbols(vault.vault, vault.names, text[:10])
    assert {one.path for one in found} <= {"Here.md", "Other.md", "p.png"}
    assert sum(1 for _ in symbols(note)) <= len(note.headings)


def test_sections_and_what_links_to_them() -> None:
    one = read_note("One.md", "# A\n## B\ntext\n# C\n")
    other = read_note("Other.md", "[[One#B]] [[one#b|x]] [[One]] [[One#C]]")
    vault = Vault([one, other])
    assert [one.text[span.start : span.end] for span in (section(one, heading) for heading in one.headings)] == [
        "# A\n## B\ntext\n",
        "## B\ntext\n",
        "# C\n",
    ]
    assert str(counted(vault, "One.md")) == "4 links in 1 note"
    assert [link.target for _, link in links_to(vault, "One.md", lambda link: link.subpath == "C")] == ["One"]


def test_the_smallest_thing_is_meant() -> None:
    note = read_note("One.md", "# See [[A]] #tag ^id\n")
    found = thing_at(note, note.text.index("A"))
    assert isinstance(found, Link)
    assert type(thing_at(note, note.text.index("tag"))).__name__ == "Tag"
    assert type(thing_at(note, 3)).__name__ == "Heading"
