"""`python -m vaultlint`."""

import sys
from pathlib import Path

# Python puts the working directory first on the path, where a vault could bring modules and plug-ins of its own.
sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != Path.cwd()]

from vaultlint.cli import main  # noqa: E402

main()
