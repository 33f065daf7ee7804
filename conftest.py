"""Options of the test suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--bless`: without it, generated files are compared; with it, they are written again."""
    parser.addoption("--bless", action="store_true", help="write generated files (docs, schema, picture) again")


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """Whether to write generated files."""
    return bool(request.config.getoption("--bless"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Don't measure the coverage of slow tests: that makes them up to four times as slow."""
    for item in items:
        if item.get_closest_marker("once"):
            item.add_marker("no_cover")
