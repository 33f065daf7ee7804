"""A handler for python-frontmatter.

That package's own `parse` and `load` strip the text and turn CRLF into LF, so this handler is called on the
unchanged text instead.
"""

from typing import Any

from frontmatter.default_handlers import YAMLHandler

from vaultlint.reading.front_matter import block_span, next_line, plain_values


class ObsidianHandler(YAMLHandler):
    """Splits and reads the block as Obsidian does."""

    def detect(self, text: str) -> bool:
        """Whether the note begins with a closed block."""
        return block_span(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """The YAML and the body, both exactly as written in the note."""
        span = block_span(text)
        if span is None:
            raise ValueError("the text has no front matter")
        return text[span.start : span.end], text[next_line(text, span.end) :]

    def load(self, fm: str, **_: object) -> Any:
        """The properties as plain Python values, by the core schema of YAML 1.2.

        Raises:
            ValueError: Obsidian can't read the block.
        """
        return plain_values(fm)
