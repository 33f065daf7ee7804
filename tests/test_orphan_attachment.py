"""The rule `orphan-attachment`."""

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.linting.linter import Plan, lint
from vaultlint.reading import read_note
from vaultlint.reading.data_files import read_canvas
from vaultlint.rules.orphan_attachment import OrphanAttachment
from vaultlint.vault import Vault


def test_attachments_without_a_link() -> None:
    note = read_note("Physics.md", "![[apple.png]] [book](papers/Principia.pdf)\n")
    canvas = read_canvas("Board.canvas", '{"nodes": [{"type": "file", "file": "img/tree.png"}]}')
    attachments = [
        "img/apple.png",
        "img/tree.png",
        "papers/Principia.pdf",
        "img/old.png",
        "x/old.png",
        "publish.css",
        "vaultlint.toml",
    ]
    vault = Vault([note, canvas], attachments)
    rule = ActiveRules((ActiveRule(OrphanAttachment(), None),))
    reported = ("Board.canvas", "Physics.md", *sorted(set(attachments) - {"x/old.png"}))
    found = lint(vault, Plan(reported, lambda path: rule, {"orphan-attachment": OrphanAttachment}))
    assert [one.path for one in found] == ["img/old.png"]
