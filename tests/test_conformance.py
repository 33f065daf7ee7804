"""The cases of the Obsidian specification, where they are at hand; they are not part of the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from vaultlint.note import LinkKind
from vaultlint.reading import read_note
from vaultlint.vault import Vault

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


def expectation(vault: Vault, source: Any, links: list[Any]) -> dict[str, Any]:
    if not links:
        return {"kind": "none", "resolves_to": None, "subpath": "none"}
    [link] = links
    kind = "embed" if link.embed else "wikilink" if link.kind is LinkKind.WIKILINK else "markdown"
    found = vault.resolve(link, source)
    subpath = "none"
    if link.subpath:
        subpath = "ok" if found and vault.has_anchor(found[0], link.subpath) else "missing"
    return {"kind": kind, "resolves_to": found[0] if found else None, "subpath": subpath}
