"""What can be wrong with YAML, in plain words for people who write notes."""

from enum import Enum


class Fault(Enum):
    """A kind of fault and its message; `{}` is replaced by the character at its place."""

    TAB = "a tab is not allowed here; indent YAML with spaces"
    COLON = "a value that contains `: ` must be in quotes"
    START = "a value that begins with `{}` must be in quotes"
    QUOTE = "the quote `{}` is not closed, or its next lines are not indented"
    BRACKET = "the bracket `{}` is not closed, or its next lines are not indented"
    COMMA = "there is one comma too many"
    NO_COMMA = "a comma is missing between two items"
    NO_SPACE = "a space is missing after the colon"
    BEHIND = "only a comment can follow a closing quote or bracket on its line"
    COMMENT = "a space is missing before `#`; a value that contains `#` may need quotes"
    ESCAPE = "in double quotes, a backslash is not allowed before `{}`; put the value in single quotes"
    INDENT = "this line is not indented like the lines that it belongs to"
    NAME = "this is neither `name: value` nor part of the value above"
    NAME_LINES = "the name of a property must be on one line, followed by a colon"
    NAME_LENGTH = "the name of a property has more than 1,024 characters"
    NO_DASH = "an item of this list does not begin with `- `"
    LIST = "a list can't begin here; it begins on the line below the name of its property"
    ALIAS = "a value that begins with `*` must be in quotes"
    MANY_ALIASES = "a value is repeated by too many references (`*`)"
    BLOCK = "the text below `{}` is not indented correctly"
    BLOCK_HEADER = "text can't follow `|` or `>` on its line; it must be below, indented"
    DIRECTIVE = "a line can't begin with `%`"
    SECOND = "a second document begins"
    UNEXPECTED = "`{}` is not allowed here"
    DEEP = "YAML is nested deeper than 100 levels"


class YamlError(Exception):
    """YAML that is not valid: the fault, and its start and end offsets; an end of None is the end of the line."""

    def __init__(self, fault: Fault, start: int, end: int | None = None) -> None:
        super().__init__(fault, start, end)
        self.fault = fault
        self.start = start
        self.end = end
