"""Enumerations whose members are found fast."""

from enum import Enum
from typing import TypeVar

E = TypeVar("E", bound=type[Enum])


def direct(kind: E) -> E:
    """Make the members of an enumeration plain attributes of the class, as they are from Python 3.12 on.

    In Python 3.11 a function looks up each one, which takes twice as long as making a citation.
    """
    for member in kind:
        type.__setattr__(kind, member.name, member)
    return kind
