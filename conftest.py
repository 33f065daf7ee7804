"""Options of the test-suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Generated files are compared, and written anew only on demand."""
    parser.addoption("--bless", action="store_true", help="write generated files (docs, schema, picture) anew")


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """Whether generated files are to be written."""
    return bool(request.config.getoption("--bless"))
