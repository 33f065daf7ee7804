"""Findings stay the same when they are stored and loaded."""

from collections.abc import Callable
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from vaultlint.cache.store import Cache
from vaultlint.cache.texts import Texts
from vaultlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from vaultlint.linting.findings import Findings, Packed, merged
from vaultlint.rules.base import Shared
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
    fixes = [one.fix.safe for one in found if one.fix]
    assert findings.fixes == (fixes.count(True), fixes.count(False))


def test_halves_of_characters_are_escaped() -> None:
    """Rules of plug-ins may produce them, but they can't be encoded."""
    fix = Fix("write \ud800", (Edit("a.md", Span(0, 1), "\udfff"),), safe=True)
    (one,) = Findings.of([Diagnostic("odd-word", Severity.ERROR, "a.md", Span(0, 1), "what \ud800", fix)])
    assert one.message == "what \\ud800"
    assert one.fix == Fix("write \\ud800", (Edit("a.md", Span(0, 1), "\\udfff"),), safe=True)


class CacheInMemory(Cache):
    """A cache that stores only how shared findings were merged."""

    def __init__(self) -> None:
        self._merged = b""

    def merged(self) -> bytes:
        return self._merged

    def save_merged(self, findings: bytes) -> None:
        self._merged = findings


SHARED = {"unwritten-note": Shared("{} notes link to it", "")}

problems = st.tuples(
    st.sampled_from(["unwritten-note", "odd-word"]), st.sampled_from(["Kepler", "kepler", "Newton", "Lee"])
)
vaults = st.dictionaries(
    st.sampled_from(["a.md", "b.md", "b/c.md", "d.md", "e.md", "f.md"]), st.lists(problems, max_size=4)
)


def findings_of(vault: dict[str, list[tuple[str, str]]]) -> Findings:
    return Findings.of(
        Diagnostic(rule, Severity.INFO, path, Span(i, i + 1), message)
        for path in sorted(vault)
        for i, (rule, message) in enumerate(vault[path])
    )


@given(st.lists(vaults, min_size=2, max_size=6), st.sampled_from([lambda i: b"", lambda i: bytes(i // 2)]))
def test_shared_findings_are_told_as_if_nothing_had_been_told_before(
    states: list[dict[str, list[tuple[str, str]]]], profile: Callable[[int], bytes]
) -> None:
    cache = CacheInMemory()
    for i, vault in enumerate(states):
        findings = findings_of(vault)
        seen = {path: path.encode() + found.content for path, found in findings.by_note.items()}
        told = Texts(cache, profile(i), seen, lambda path: True).merged(findings, SHARED)
        anew = merged(findings, SHARED)
        assert {path: [*found] for path, found in told.items()} == {path: [*found] for path, found in anew.items()}
        assert {path: (one.counts, one.shared_by) for path, one in told.items()} == {
            path: (one.counts, one.shared_by) for path, one in anew.items()
        }


def test_only_notes_that_share_a_problem_with_one_that_has_changed_are_looked_at() -> None:
    names = {f"{name}.md": [("unwritten-note", name[0])] for name in ("a1", "a2", "a3", "b1", "b2", "c1", "c2")}
    cache = CacheInMemory()

    def looked_at(vault: dict[str, list[tuple[str, str]]]) -> set[str]:
        paths: set[str] = set()

        def noted(path: str, content: bytes) -> bytes:
            paths.add(path)
            return content

        found = findings_of(vault).by_note
        seen = {path: path.encode() + one.content for path, one in found.items()}
        lazy = {path: Packed(one.counts, one.fixes, partial(noted, path, one.content)) for path, one in found.items()}
        Texts(cache, b"", seen, lambda path: True).merged(Findings(lazy), SHARED)
        return paths

    assert looked_at(names) == {*names}
    assert looked_at(names) == set()
    assert looked_at({**names, "a2.md": [("unwritten-note", "b")]}) == {path for path in names if path[0] in "ab"}
    assert looked_at({**names, "a2.md": [("unwritten-note", "b")], "c1.md": []}) == {"c2.md"}
