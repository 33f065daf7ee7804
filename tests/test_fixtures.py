"""The fixture vault: one note for each kind of mistake, and no other findings."""

from pathlib import Path

from vaultlint.commands.check import check
from vaultlint.config.places import Options
from vaultlint.diagnostic import Severity
from vaultlint.project import find_project
from vaultlint.rules import RULES
from vaultlint.text import LineIndex

WIKI = Path(__file__).parents[1] / "fixtures" / "wiki"

EXPECTED = [
    ("evenings.md", 5, 35, "info", "unanchored-timestamp"),
    ("index.md", 12, 5, "info", "ambiguous-link"),
    ("index.md", 14, 5, "info", "unwritten-note"),
    ("plan.canvas", 4, 78, "error", "broken-link"),
    ("talks/bird_migration.md", 1, 1, "warning", "missing-front-matter"),
    ("talks/bird_migration.md", 3, 44, "info", "unanchored-timestamp"),
    ("talks/bread_chemistry.md", 8, 60, "info", "unusable-transcript"),
    ("talks/bread_chemistry.md", 10, 27, "warning", "malformed-link"),
    ("talks/bread_chemistry.md", 10, 49, "warning", "malformed-link"),
    ("talks/bread_chemistry.md", 12, 54, "warning", "broken-anchor"),
    ("talks/city_noise.md", 10, 1, "info", "uncited-claim"),
    ("talks/city_noise.md", 12, 1, "info", "uncited-claim"),
    ("talks/cloud_names.md", 4, 11, "warning", "invalid-property"),
    ("talks/cloud_names.md", 6, 1, "warning", "deprecated-property"),
    ("talks/cloud_names.md", 8, 5, "warning", "invalid-tag"),
    ("talks/cloud_names.md", 9, 10, "warning", "unquoted-link"),
    ("talks/cloud_names.md", 14, 84, "warning", "inconsistent-timestamp"),
    ("talks/cloud_names.md", 15, 33, "warning", "impossible-timestamp"),
    ("talks/cloud_names.md", 16, 33, "warning", "inconsistent-timestamp-format"),
    ("talks/deep_sea_vents.md", 9, 7, "error", "broken-link"),
    ("talks/deep_sea_vents.md", 11, 38, "error", "broken-link"),
    ("talks/glass_making.md", 11, 97, "warning", "unused-suppression"),
    ("talks/glass_making.md", 13, 62, "info", "suspicious-timestamps"),
    ("talks/memory_palaces.md", 19, 33, "warning", "misplaced-citation"),
    ("talks/memory_palaces.md", 21, 95, "info", "unsupported-quotation"),
    ("talks/paper_folding.md", 1, 1, "warning", "missing-property"),
    ("talks/paper_folding.md", 7, 72, "info", "unanchored-timestamp"),
    ("talks/paper_folding.md", 9, 64, "warning", "undefined-footnote"),
    ("talks/paper_folding.md", 12, 1, "info", "unused-footnote"),
    ("talks/soil_life.md", 2, 17, "error", "invalid-front-matter"),
    ("talks/tidal_power.md", 8, 72, "warning", "malformed-timestamp"),
    ("talks/tidal_power.md", 9, 76, "warning", "malformed-timestamp"),
    ("talks/tidal_power.md", 10, 72, "warning", "malformed-timestamp"),
    ("talks/wind_maps.md", 1, 1, "error", "unreadable-note"),
]


def test_every_diagnostic_of_the_fixture_vault() -> None:
    report = check(find_project(Options(paths=(WIKI,))))
    found = []
    for one in report.diagnostics:
        start = LineIndex(report.notes[one.path].text).position(one.span.start)
        found.append((one.path, start.line, start.column, one.severity.value, one.rule))
    assert found == EXPECTED


def test_every_rule_that_is_on_finds_something() -> None:
    ran = (rule for rule in RULES if rule.rung != "check_change")  # such a rule needs a change
    on = {rule.name for rule in ran if rule.default_severity is not Severity.OFF}
    assert {rule for *_, rule in EXPECTED} == on | {"inconsistent-timestamp-format"}, "the last by the configuration"
