"""`python -m vaultlint`."""

import os
import sys

# Python puts the working directory first on the path, where a vault could have modules and plug-ins of its own.
# Before this, import only modules that the interpreter has already imported.
try:
    _here = os.path.realpath(os.getcwd())  # noqa: PTH109
except OSError:
    _here = ""  # it was deleted
sys.path[:] = [entry for entry in sys.path if entry and os.path.realpath(entry) != _here]

from vaultlint.cli import main  # noqa: E402

main()
