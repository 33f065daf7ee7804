"""Which rules are on by default, and their severities."""

from pathlib import Path

import pytest

from conftest import run, write_vault
from vaultlint.diagnostic import Severity
from vaultlint.rules import RULES

ERROR, WARNING, INFO, OFF = Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.OFF

DEFAULTS = {
    "broken-link": ERROR,
    "invalid-front-matter": ERROR,
    "unreadable-note": ERROR,
    "broken-anchor": WARNING,
    "malformed-link": WARNING,
    "inconsistent-timestamp": WARNING,
    "impossible-timestamp": WARNING,
    "suspicious-timestamps": INFO,
    "misplaced-citation": WARNING,
    "unsupported-quotation": INFO,
    "unusable-transcript": INFO,
    "invalid-tag": WARNING,
    "unquoted-link": WARNING,
    "deprecated-property": WARNING,
    "invalid-property": WARNING,
    "undefined-footnote": WARNING,
    "malformed-timestamp": WARNING,
    "missing-property": WARNING,
    "dropped-citation": WARNING,
    "unused-suppression": WARNING,
    "missing-front-matter": INFO,
    "ambiguous-link": INFO,
    "unwritten-note": INFO,
    "unused-footnote": INFO,
    "unanchored-timestamp": INFO,
    "uncited-claim": INFO,
    "mass-deletion": INFO,
    "undefined-reference": OFF,
    "orphan-note": OFF,
    "inconsistent-timestamp-format": OFF,
    "nested-property": OFF,
    "unknown-property": OFF,
    "orphan-attachment": OFF,
}
"""Error: the reader loses something. Warning: something does not work. Info: worth a look, never fails a run."""


def test_severity_of_each_rule() -> None:
    assert {rule.name: rule.default_severity for rule in RULES} == DEFAULTS


HEALTHY = {
    "Index.md": "---\ntitle: Index\ntags: [start]\n---\n# Index\n\n- [[Physics]]\n- [[Newton#Life|his life]]\n",
    "Wiki/Physics.md": (
        "---\ntitle: Physics\nvideoId: rT4kQw81LmA\n---\n# Physics\n\nThe laws were found by [[Newton]]. #science\n\n"
        "![[apple.png]]\n\n> [!note] See also\n> [the index](../Index.md#Index) and <https://example.org>\n\n"
        'It falls <a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>.\n'
    ),
    "Wiki/Newton.md": "---\ntitle: Newton\n---\n## Life\n\nA life.[^1] ^born\n\n[[#^born]]\n\n[^1]: A register.\n",
    "Wiki/apple.png": "",
    "Empty.md": "",
}


@pytest.mark.parametrize("fail_on", ["error", "info"])
def test_healthy_vault_is_silent(tmp_path: Path, fail_on: str) -> None:
    write_vault(tmp_path, {".obsidian/app.json": "{}", **HEALTHY})
    ran = run("check", "--fail-on", fail_on, cwd=tmp_path)
    assert ran == (0, "Checked 4 notes: no problems.\n", "")
