"""YAML as Obsidian reads it, with the place of every key and value.

Obsidian reads front matter with the npm package `yaml`. These modules follow its lexer, parser and composer step
by step (https://github.com/eemeli/yaml, version 2.7.0; its license is in `LICENSE` here) in everything that decides
what is valid and what a value is, so they also agree where the specification leaves room.
"""

import re

from vaultlint.note import Property, Value
from vaultlint.reading.yaml.composing import Composer
from vaultlint.reading.yaml.faults import Fault, YamlError
from vaultlint.reading.yaml.kinds import kind_of, number
from vaultlint.reading.yaml.parsing import MAX_DEPTH, Form, parse
from vaultlint.reading.yaml.simple import read_simply
from vaultlint.reading.yaml.slips import Slip, explained

__all__ = ["MAX_DEPTH", "Fault", "Slip", "YamlError", "explained", "kind_of", "number", "read", "read_fully"]

_LONE_CR = re.compile(r"\r(?!\n)")


def read(text: str, base: int = 0) -> tuple[Value | None, tuple[Property, ...]]:
    """The value of a YAML text (None if it holds none), and the properties whose name repeats an earlier one.

    Args:
        text: the YAML.
        base: offset of the YAML in its file; spans are offsets in the file.

    Raises:
        YamlError: the text is not valid; its offsets count from the beginning of the YAML.
    """
    simple = read_simply(text, base)
    if simple is not None:
        return simple, ()
    return read_fully(_LONE_CR.sub("\n", text) if "\r" in text else text, base)


def read_fully(text: str, base: int = 0) -> tuple[Value | None, tuple[Property, ...]]:
    """Like `read`, always with the full parser; lines end with LF or CRLF."""
    nodes, directives = parse(text)
    documents = [node for node in nodes if node.form is Form.DOCUMENT]
    if nodes and nodes[0].form is Form.DOCUMENT_END:
        raise YamlError(Fault.SECOND, nodes[0].start)
    if not documents:
        if directives:
            raise YamlError(Fault.DIRECTIVE, directives[0].start)
        return None, ()
    composer = Composer(text, base, directives)
    value = composer.document(documents[0])
    composer.check_ends([node for node in nodes if node.form is Form.DOCUMENT_END])
    if len(documents) > 1:
        raise YamlError(Fault.SECOND, documents[1].start, documents[1].end)
    return value, tuple(composer.duplicates)
