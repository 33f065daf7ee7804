"""The cases of the Obsidian specification, if they are available; they are not part of the project."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from vaultlint.diagnostic import Diagnostic
from vaultlint.note import Link, LinkKind, Note
from vaultlint.reading import read_note
from vaultlint.rules import RULES
from vaultlint.rules.base import Rule
from vaultlint.schema import PropertyKind, Schema
from vaultlint.text import LineIndex
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView

FOLDER = Path(__file__).parents[2] / "shared" / "conformance"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the conformance cases are not at hand")


def cases(name: str) -> list[Any]:
    file = FOLDER / name
    found = json.loads(file.read_text(encoding="utf-8"))["cases"] if file.is_file() else []
    return [pytest.param(case, id=case["id"]) for case in found]


@pytest.mark.parametrize("case", cases("resolution.json"))
def test_resolution(case: dict[str, Any]) -> None:
    visible = {
        path: text
        for path, text in case["vault"].items()
        if not any(part.startswith(".") for part in path.split("/"))
    }
    notes = {path: read_note(path, text) for path, text in visible.items() if path.lower().endswith(".md")}
    vault = Vault(notes.values(), [path for path in visible if path not in notes])
    source = notes[case["source"]]
    start = source.text.index(case["find"])
    links = [link for link in source.links if source.text[link.span.start : link.span.end] == case["find"]]
    links = [link for link in links if link.span.start == start and (link.target or link.subpath)]
    assert expectation(vault, source, links) == case["expect"], case["why"]


def expectation(vault: Vault, source: Note, links: list[Link]) -> dict[str, Any]:
    if not links:
        return {"kind": "none", "resolves_to": None, "subpath": "none"}
    [link] = links
    kind = "embed" if link.embed else "wikilink" if link.kind is LinkKind.WIKILINK else "markdown"
    found = vault.resolve(link, source)
    subpath = "none"
    if link.subpath:
        subpath = "ok" if found and vault.has_anchor(found[0], link.subpath) else "missing"
    return {"kind": kind, "resolves_to": found[0] if found else None, "subpath": subpath}


RULE_OF = {
    "unclosed": "invalid-front-matter",
    "invalid-yaml": "invalid-front-matter",
    "duplicate-key": "invalid-front-matter",
    "not-a-mapping": "invalid-front-matter",
    "deprecated-key": "deprecated-property",
    "wrong-type": "invalid-property",
    "invalid-date": "invalid-property",
    "invalid-datetime": "invalid-property",
    "invalid-tag": "invalid-tag",
    "unquoted-link": "unquoted-link",
    "nested-value": "nested-property",
}


@pytest.mark.parametrize("case", cases("properties.json"))
def test_properties(case: dict[str, Any]) -> None:
    rules = {rule.name: rule for rule in RULES}
    note = read_note("Note.md", case["note"])
    state = "absent" if note.front_matter is None else "ok" if note.front_matter.valid else "invalid"
    assert state == case["expect"]["front_matter"], case["why"]
    lines = LineIndex(note.text)
    types = {name: PropertyKind(kind) for name, kind in (case.get("types") or {}).items()}
    vault = Vault([note], schema=Schema(vault_types=types))
    found = [
        (name, lines.position(one.span.start).line)
        for name in sorted(set(RULE_OF.values()))
        for one in reported_by(rules[name](), note, vault)
    ]
    wanted = [(RULE_OF[problem["what"]], problem["line"]) for problem in case["expect"]["problems"]]
    slack = [1 if problem["what"] == "invalid-yaml" else 0 for problem in case["expect"]["problems"]]
    assert [name for name, _ in found] == [name for name, _ in wanted], case["why"]
    assert all(0 <= got - line <= more for (_, got), (_, line), more in zip(found, wanted, slack, strict=True))


def reported_by(rule: Rule, note: Note, vault: Vault) -> Iterable[Diagnostic]:
    return rule.check_note(note) if rule.rung == "check_note" else rule.check(note, VaultView(vault))
