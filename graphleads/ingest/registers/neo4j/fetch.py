"""A graph fetched from a server into files: of each pattern one, an object a line, in an order that its keys give.

First the keys of a pattern are fetched page by page and put into order, then what has them, again page by page: only
the keys and one page are held at a time, and the same graph gives the same files whatever ids the server gave it.
Whatever changes meanwhile is either in a file or not. Every statement is a constant and only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from graphleads.ingest.reader import GraphServer
from graphleads.ingest.registers.neo4j.pattern import Pattern
from graphleads.ingest.registers.neo4j.value import encode
from graphleads.model import Progress

NAMES_FILE = "labels and types"
"""The file that says which labels and relationship types the database has."""

_KEY_PAGE = 100_000
_PAGE = 5_000

_NAMES = {
    "labels": "CALL db.labels() YIELD label AS name WHERE EXISTS { MATCH (n:$(name)) } RETURN name ORDER BY name",
    "types": (
        "CALL db.relationshipTypes() YIELD relationshipType AS name WHERE EXISTS { MATCH ()-[r:$(name)]->() } "
        "RETURN name ORDER BY name"
    ),
}
"""A database goes on naming what it had once."""
_NODE_KEYS = (
    "MATCH (n:$($start)) WHERE elementId(n) > $after "
    "WITH n, elementId(n) AS element ORDER BY element LIMIT $most "
    "RETURN element, [name IN $own | toStringOrNull(n[name])] AS key"
)
_RELATIONSHIP_KEYS = (
    "MATCH (s)-[r:$($type)]->(e) WHERE elementId(r) > $after "
    "AND ($start = '' OR $start IN labels(s)) AND ($end = '' OR $end IN labels(e)) "
    "WITH s, r, e, elementId(r) AS element ORDER BY element LIMIT $most "
    "RETURN element, [name IN $of_start | toStringOrNull(s[name])] + [name IN $own | toStringOrNull(r[name])] "
    "+ [name IN $of_end | toStringOrNull(e[name])] AS key"
)
_NODES = "UNWIND $elements AS element MATCH (n) WHERE elementId(n) = element RETURN element, properties(n) AS own"
_RELATIONSHIPS = (
    "UNWIND $elements AS element MATCH (s)-[r]->(e) WHERE elementId(r) = element RETURN element, properties(r) AS own, "
    "[name IN $of_start | [name, s[name]]] AS of_start, [name IN $of_end | [name, e[name]]] AS of_end"
)
_START, _END = "start.", "end."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is fetched of a pattern.

    Attributes:
        pattern: The nodes or relationships. All of their own properties are fetched.
        keys: The columns that they are put into order by.
        columns: The columns that are used: those of relationships' ends are `start.NAME` and `end.NAME`.
        personal: The columns whose values must not be fetched; that there is one is.
    """

    pattern: Pattern
    keys: tuple[str, ...]
    columns: frozenset[str]
    personal: frozenset[str] = frozenset()


def fetch_graph(server: GraphServer, wanted: Sequence[Wanted], folder: Path, progress: Progress) -> list[Path]:
    """Write what is wanted of a graph into files, named by the patterns; return those that have something in them.

    Raises:
        Neo4jError: If the server does not answer in time, does not let the user, or cannot do it.
    """
    names = folder / NAMES_FILE
    found = server.read(lambda run: {what: [row["name"] for row in run(_NAMES[what])] for what in sorted(_NAMES)})
    names.write_bytes(orjson.dumps(found))
    files = [names]
    for one in wanted:
        progress.step(f"fetch {one.pattern}")
        elements = _elements(server, one)
        if not len(elements):
            continue
        progress.step(f"fetch {one.pattern}", len(elements))
        files.append(folder / one.pattern.file_name)
        with files[-1].open("wb") as file:
            for rows in _pages(server, one, elements, progress.advance):
                file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    return files


def _elements(server: GraphServer, wanted: Wanted) -> pa.Array:
    """Return the elements of a pattern, string[n], in the order of their keys."""
    statement = _NODE_KEYS if wanted.pattern.type is None else _RELATIONSHIP_KEYS
    given = _ends(wanted, wanted.keys) | {"own": _own(wanted.keys), "most": _KEY_PAGE}
    given |= {"start": wanted.pattern.start, "end": wanted.pattern.end, "type": wanted.pattern.type}
    pages: list[pa.Table] = []
    after = ""
    while rows := server.read(lambda run, after=after: run(statement, after=after, **given)):  # type: ignore[misc]
        after = rows[-1]["element"]
        keys = zip(*(row["key"] for row in rows), strict=True)
        columns = {f"key {at}": pa.array(key, pa.string()) for at, key in enumerate(keys)}
        pages.append(pa.table({**columns, "element": pa.array([row["element"] for row in rows])}))
    if not pages:
        return pa.array([], pa.string())
    table = pa.concat_tables(pages)
    return table.sort_by([(name, "ascending") for name in table.column_names])["element"].combine_chunks()


def _pages(
    server: GraphServer, wanted: Wanted, elements: pa.Array, advance: Callable[[int], object]
) -> Iterator[list[dict[str, object]]]:
    """Yield the elements as objects, some at a time; one that was deleted since is passed over."""
    statement = _NODES if wanted.pattern.type is None else _RELATIONSHIPS
    ends = _ends(wanted, sorted(wanted.columns))
    for at in range(0, len(elements), _PAGE):
        page = elements.slice(at, _PAGE).to_pylist()
        rows = server.read(lambda run, page=page: run(statement, elements=page, **ends))  # type: ignore[misc]
        told = {row["element"]: row for row in rows}
        yield [_object(told[element], wanted) for element in page if element in told]
        advance(len(page))


def _object(row: dict[str, Any], wanted: Wanted) -> dict[str, object]:
    values = dict(sorted(row["own"].items()))
    for prefix, name in ((_START, "of_start"), (_END, "of_end")):
        values |= {f"{prefix}{name}": value for name, value in row.get(name, ()) if value is not None}
    return {name: True if name in wanted.personal else encode(value) for name, value in values.items()}


def _own(columns: Sequence[str]) -> list[str]:
    return [column for column in columns if not column.startswith((_START, _END))]


def _ends(wanted: Wanted, columns: Sequence[str]) -> dict[str, list[str]]:
    """Return which properties of the ends the columns are, as parameters of a statement."""
    if wanted.pattern.type is None:
        return {}
    both = {"of_start": _START, "of_end": _END}
    return {
        name: [column.removeprefix(prefix) for column in columns if column.startswith(prefix)]
        for name, prefix in both.items()
    }
