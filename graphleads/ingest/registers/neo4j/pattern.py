"""Patterns: what of a graph makes one file of a delivery, written as in Cypher.

`(:Firm)` are the nodes with a label, `(:Human)-[:DIRECTS]->(:Firm)` the relationships of a type between two labels; an
end without a label, `()`, may be anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"\s*:\s*`?([^`\[\]()]+?)`?\s*"
_NODE = re.compile(rf"\({_NAME}\)")
_RELATIONSHIP = re.compile(rf"\((?:{_NAME})?\s*\)\s*-\[{_NAME}\]->\s*\((?:{_NAME})?\s*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Some nodes, or some relationships, of a graph.

    Attributes:
        type: The relationships' type, None where nodes are meant.
        start: The label of the nodes, or of those that the relationships go out from; empty: any.
        end: The label of the nodes that the relationships go to; empty: any.
    """

    type: str | None = None
    start: str = ""
    end: str = ""

    @property
    def file_name(self) -> str:
        """The name of the file that it is fetched into."""
        return str(self).replace("/", "_")

    def __str__(self) -> str:
        if self.type is None:
            return _node(self.start)
        return f"{_node(self.start)}-[:{self.type}]->{_node(self.end)}"


def parse_pattern(text: str) -> Pattern | None:
    """Return the pattern that a text is, None if it is none."""
    text = text.strip()
    if found := _NODE.fullmatch(text):
        return Pattern(start=found[1])
    if found := _RELATIONSHIP.fullmatch(text):
        return Pattern(type=found[2], start=found[1] or "", end=found[3] or "")
    return None


def _node(label: str) -> str:
    return f"(:{label})" if label else "()"
