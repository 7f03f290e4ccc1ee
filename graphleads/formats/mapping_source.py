"""A mapping file as it was written: YAML of one plain kind, with the line of everything in it.

YAML guesses: `NO` is false, `0123` is 83, `62.10` is 62.1, `2024-03-31` is a date. A mapping is full of codes that look
like these, so here keys are text as written, and values too unless they are `true`, `false`, `null` or a whole number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from graphleads.errors import FileUnreadable, MappingInvalid

SIZE_MAX = 1 << 20
"""Bytes of the largest mapping file that is read."""

NODES_MAX = 100_000
"""Values of the largest mapping, aliases written out: a few lines of aliases can stand for billions of values."""

_MESSAGE_MAX = 500
"""Characters of a message: it shows what was written, which may be of any length."""

Place = Sequence[str | int]
"""Where in a mapping something is: keys and positions from the top."""


_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSource:
    """A mapping file that was read and not yet checked.

    Attributes:
        name: How messages call the file.
        content: What it says, as dicts, lists, texts, whole numbers and booleans.
        text: The text that it was read from.
    """

    name: str
    content: Any
    text: str
    _root: Node

    def line(self, path: Place) -> int:
        """Return the line, from 1, of what stands at a path, or of the nearest thing above it."""
        node, mark = self._root, self._root.start_mark
        for part in path:
            found = _child(node, part)
            if found is None:
                break
            mark, node = found[0].start_mark, found[1]
        return int(mark.line) + 1

    def error(self, path: Place, message: str) -> MappingInvalid:
        """Return the error that says what is wrong at a path."""
        shown = message if len(message) <= _MESSAGE_MAX else f"{message[:_MESSAGE_MAX]} …"
        return MappingInvalid(f"Mapping {self.name}, line {self.line(path)}: {shown}")


def read_mapping_source(path: Path) -> MappingSource:
    """Return the content of a mapping file with its lines.

    Raises:
        FileUnreadable: If the file is missing, a directory or larger than 1 MiB.
        MappingInvalid: If it is no YAML, has a key twice, or stands for more values than a mapping can need.
    """
    data = _read_bytes(path)
    root = _compose(path.name, data)
    if root is None:
        raise MappingInvalid(f"Mapping {path.name} is empty: docs/mapping.md has an example to begin with.")
    _check_nodes(path.name, root)
    return MappingSource(name=path.name, content=_construct(root), text=data.decode("utf-8"), _root=root)


def _compose(name: str, data: bytes) -> Node | None:
    try:
        return yaml.compose(data.decode("utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MappingInvalid(f"Mapping {name}{_place(error)}: this is no YAML in UTF-8; {_problem(error)}.") from error
    except RecursionError:
        raise MappingInvalid(f"Mapping {name} is nested too deeply.") from None


def as_text(value: str | bool | int) -> str:
    """Return a value of a mapping as the text that a data file has for it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_MAX + 1)
    except OSError as error:
        raise FileUnreadable(f"The mapping {path} cannot be read: {error.strerror}.") from error
    if len(data) > SIZE_MAX:
        raise FileUnreadable(f"The mapping {path} is larger than 1 MiB: is it a data file?")
    return data


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}" if mark is not None else ""


def _problem(error: Exception) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", error))


def _child(node: Node, part: str | int) -> tuple[Node, Node] | None:
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if key.value == part), None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def _check_nodes(name: str, root: Node) -> None:
    """Refuse keys that are no text, keys given twice, aliases that hold themselves or stand for too much."""
    counts: dict[int, int | None] = {}

    def count(node: Node) -> int:
        known = counts.get(id(node), 0)
        if known is None:
            raise MappingInvalid(
                f"Mapping {name}, line {node.start_mark.line + 1}: this holds itself through an alias."
            )
        if known:
            return known
        counts[id(node)] = None
        if isinstance(node, MappingNode):
            _check_keys(name, node)
        total = counts[id(node)] = 1 + sum(count(child) for child in _children(node))
        return total

    if count(root) > NODES_MAX:
        raise MappingInvalid(f"Mapping {name} stands for more than {NODES_MAX:,} values: use fewer aliases.")


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        yield from (value for _, value in node.value)
    elif isinstance(node, SequenceNode):
        yield from node.value


def _check_keys(name: str, node: MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise MappingInvalid(f"Mapping {name}, line {line}: a key must be a plain text.")
        if key.value in seen:
            raise MappingInvalid(f"Mapping {name}, line {line}: the key {key.value!r} is there twice.")
        seen.add(key.value)


def _construct(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {key.value: _construct(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_construct(value) for value in node.value]
    return node.value if getattr(node, "style", None) else _scalar(node.value)


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text
