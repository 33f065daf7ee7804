"""Findings come out as they went in."""

from hypothesis import given
from hypothesis import strategies as st

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from vaultlint.linting.findings import Findings
from vaultlint.text import Span

spans = st.builds(Span, st.integers(0, 99), st.integers(0, 99))
texts = st.text(st.characters(exclude_categories=["Cs"]))
paths = st.sampled_from(["a.md", "b/c.md", "é.md"])
diagnostics = st.builds(
    Diagnostic,
    st.sampled_from(["broken-link", "odd-word"]),
    st.sampled_from([Severity.ERROR, Severity.WARNING, Severity.INFO]),
    paths,
    spans,
    texts,
    st.none() | st.builds(Fix, texts, st.tuples(st.builds(Edit, paths, spans, texts)), st.booleans()),
    st.tuples() | st.tuples(st.builds(Related, paths, spans, texts)),
)


@given(st.lists(diagnostics))
def test_nothing_is_lost(found: list[Diagnostic]) -> None:
    found.sort(key=lambda one: one.path)
    findings = Findings.of(found)
    assert [*findings] == found
    assert len(findings) == len(found)
    assert bool(findings) == bool(found)
    assert all(one in findings for one in found)
    assert [*findings.by_note] == sorted({one.path for one in found})
    assert findings.counts == {
        kind: sum((one.severity, one.rule) == kind for one in found) for kind in {(o.severity, o.rule) for o in found}
    }


def test_halves_of_characters_are_escaped() -> None:
    """They come from rules of others, and no text that is written or sent can hold them."""
    fix = Fix("write \ud800", (Edit("a.md", Span(0, 1), "\udfff"),), safe=True)
    (one,) = Findings.of([Diagnostic("odd-word", Severity.ERROR, "a.md", Span(0, 1), "what \ud800", fix)])
    assert one.message == "what \\ud800"
    assert one.fix == Fix("write \\ud800", (Edit("a.md", Span(0, 1), "\\udfff"),), safe=True)
