"""Each class has its own name, so nobody has to ask which one is meant."""

import ast
from collections import Counter
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src" / "vaultlint"


def test_no_two_classes_have_one_name() -> None:
    trees = (ast.parse(file.read_text("utf-8")) for file in sorted(SOURCES.rglob("*.py")))
    counts = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, count in counts.items() if count > 1] == []
