"""The queries of the page on Neo4j, by heading, and what runs them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphleads.graph.neo4j.connection import Neo4jServer

PAGE = Path(__file__).parents[2] / "docs" / "neo4j.md"

Ask = Callable[..., list[dict[str, Any]]]
"""Runs a query by its heading, a second one of a heading by `heading (2)`; returns its rows."""


def read_queries() -> dict[str, str]:
    found: dict[str, str] = {}
    heading = ""
    for title, query in re.findall(r"^### ([^\n]+)$|^```cypher\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S):
        heading = title or heading
        if query:
            found[f"{heading} (2)" if heading in found else heading] = query
    return found


def asker(server: Neo4jServer) -> Ask:
    queries = read_queries()

    def ask(heading: str, **parameters: object) -> list[dict[str, Any]]:
        rows = server.read(lambda run: run(queries[heading], **parameters))
        return [{name: _plain(value) for name, value in row.items()} for row in rows]

    return ask


def _plain(value: Any) -> Any:
    return value.to_native() if hasattr(value, "to_native") else value
