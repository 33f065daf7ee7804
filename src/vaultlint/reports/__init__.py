"""One module per format; each turns a report into text, block by block."""

from collections.abc import Callable, Iterator

from vaultlint.project import Report
from vaultlint.reports import concise, github, gitlab, json, jsonl, junit, sarif, text
from vaultlint.reports.view import View

FORMATS: dict[str, Callable[[Report, View], Iterator[str]]] = {
    "text": text.render,
    "concise": concise.render,
    "json": json.render,
    "jsonl": jsonl.render,
    "github": github.render,
    "gitlab": gitlab.render,
    "sarif": sarif.render,
    "junit": junit.render,
}

__all__ = ["FORMATS", "View"]
