"""What is said of taking up a vault: of the baseline that was written."""

from collections.abc import Iterator

from vaultlint.adopting import Written
from vaultlint.reports.totals import counted
from vaultlint.text import printable


def baseline(written: Written) -> Iterator[str]:
    """How much a baseline holds now, and held before."""
    before = "" if written.before is None else f", before it held {written.before:,}"
    holds = f"{counted(written.findings, 'finding')} in {counted(written.files, 'file')}"
    yield f"{printable(str(written.file))} holds {holds}{before}.\n"
    yield "`vaultlint check` reports what is new.\n"
