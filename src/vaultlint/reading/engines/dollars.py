"""Dollar signs, and which of them delimit math."""

import re
from bisect import bisect_left, bisect_right

_DOLLAR = re.compile(r"\\[!-/:-@\[-`{-~]|[${}]")


class Dollars:
    """The dollar signs of a text.

    A formula holds no other dollar sign, unless braces separate them (`$\\text{a $b$ c}$`).
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._groups: dict[int, list[int]] = {}
        self._group_of: dict[int, int] = {}
        stack: list[int] = []
        outermost = count = 0
        for match in _DOLLAR.finditer(text):
            at, sign = match.start(), match[0]
            if sign == "$":
                if not stack:
                    stack.append(outermost)
                self._groups.setdefault(stack[-1], []).append(at)
                self._group_of[at] = stack[-1]
            elif sign == "{" and stack:
                count += 1
                stack.append(count)
            elif sign == "}" and len(stack) > 1:
                stack.pop()
            elif sign == "}" and stack:
                outermost -= 1
                stack[0] = outermost

    def end(self, start: int) -> int | None:
        """The end of the formula that the sign at `start` opens."""
        text = self._text
        if text[start + 1 : start + 2] in ("", *" \t\n\v\f"):
            return None
        double = start + 1 in self._group_of
        first = start + 1 + double
        signs = self._groups[self._group_of[start]]
        i = bisect_right(signs, first - 1)
        if i == len(signs):
            return None
        at = signs[i]
        if double:
            return at + 2 if at + 1 in self._group_of else None
        closes = text[at - 1] not in " \t\n\v\f" and text[at + 1 : at + 2] not in [*"0123456789"]
        return at + 1 if closes else None

    def opening_none(self, start: int) -> list[int]:
        """Signs from `start` on that open no formula, if none before them does; of two adjacent signs, the first."""
        signs = sorted(self._group_of)
        found = []
        i = bisect_left(signs, start)
        while i < len(signs):
            end = self.end(signs[i])
            if end is None:
                found.append(signs[i])
            i = bisect_left(signs, signs[i] + 1 if end is None else end)
        return found
