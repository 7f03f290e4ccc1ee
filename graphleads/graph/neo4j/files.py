"""A snapshot as the files that `neo4j-admin database import full` reads.

::

    DIR/companies-header.csv, companies-000.csv, …     and so for persons, contact_points and each relation
    DIR/snapshot-header.csv, snapshot-000.csv          the (:Snapshot), which says that indexes are still to be made

The importer matches ends by the nodes' numbers, which it does not store.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from graphleads.errors import FileUnreadable, ValueInvalid
from graphleads.graph.neo4j.load import INDEXES_STEP
from graphleads.graph.neo4j.marker import describe
from graphleads.graph.neo4j.model import ENTITY, FORMAT, LABELS, LOADING, MADE_BY, SNAPSHOT, TYPES
from graphleads.graph.neo4j.rows import NODE_SCHEMAS, RELATIONSHIP_SCHEMA, GraphRows
from graphleads.graph.snapshot import Snapshot
from graphleads.model import NodeKind, Progress
from graphleads.remedy import Remedy

PART = 100_000
"""Rows of a file: what is made of them at a time fits into 300 MB."""

_AT_A_TIME = 2
"""Files that are written at a time: what takes the time needs no Python."""

_SEPARATORS = ("\x1f", "\x1e", "\x1d", "\x1c", "\ue000", "\ue001")
"""What may stand between the values of a list: the first that no text holds."""

_FILES = {NodeKind.COMPANY: "companies", NodeKind.PERSON: "persons", NodeKind.CONTACT_POINT: "contact_points"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFiles:
    """Files for the importer.

    Attributes:
        folder: Where they are.
        command: The command that imports them, to be run where the stopped server is.
        n_nodes: How many nodes they hold.
        n_relationships: How many relationships.
        size: Bytes.
    """

    folder: Path
    command: str
    n_nodes: int
    n_relationships: int
    size: int


def write_import_files(snapshot: Snapshot, folder: Path, *, database: str, progress: Progress) -> ImportFiles:
    """Write a snapshot into an empty folder, which is made if it is not there.

    Args:
        snapshot: The snapshot.
        folder: Where to write.
        database: The database that the command imports into.
        progress: Where to say how far it is.

    Raises:
        ValueInvalid: If something is in the folder already.
        FileUnreadable: If it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ValueInvalid(f"{folder} is not empty: name an empty folder, or one that is not there yet.")
        return _Writer(GraphRows(snapshot), folder.resolve(), progress).write(database)
    except NotADirectoryError as error:
        raise FileUnreadable(f"{folder} is no folder: name another one.") from error
    except FileExistsError as error:
        raise FileUnreadable(f"{folder} is a file: name a folder.") from error


class _Writer:
    def __init__(self, rows: GraphRows, folder: Path, progress: Progress) -> None:
        self._rows = rows
        self._folder = folder
        self._progress = progress
        self._separator = _free_separator(rows.snapshot)
        self._breaks_lines = False

    def write(self, database: str) -> ImportFiles:
        words = ["neo4j-admin", "database", "import", "full", database, "--id-type=integer"]
        words.append(f"--array-delimiter=U+{ord(self._separator):04X}")
        words += [self._write_nodes(kind) for kind in NodeKind] + [self._write_snapshot()]
        words += [self._write_relationships(relation) for relation in TYPES]
        if self._breaks_lines:
            words.append("--multiline-fields=true")
        return ImportFiles(
            folder=self._folder,
            command=shlex.join(words),
            n_nodes=self._rows.snapshot.n_nodes,
            n_relationships=int(self._rows.snapshot.edges.num_rows),
            size=sum(path.stat().st_size for path in self._folder.iterdir()),
        )

    def _write_nodes(self, kind: NodeKind) -> str:
        first, name = self._rows.first[kind], _FILES[kind]
        self._write_header(name, [":ID", *_typed(NODE_SCHEMAS[kind])])

        def write(number: int, rows: NDArray[np.int64]) -> None:
            self._write_part(name, number, {":ID": pa.array(rows + first)}, self._rows.nodes(kind, rows))

        self._write_parts(name, self._rows.n_nodes[kind], write)
        return f"--nodes={ENTITY}:{LABELS[kind]}={self._paths(name)}"

    def _write_relationships(self, relation: str) -> str:
        edges = self._rows.edges_of[relation]
        self._write_header(relation, [":START_ID", ":END_ID", *_typed(RELATIONSHIP_SCHEMA)])

        def write(number: int, rows: NDArray[np.int64]) -> None:
            found = self._rows.relationships(edges[rows])
            ends = {":START_ID": pa.array(found.source), ":END_ID": pa.array(found.target)}
            self._write_part(relation, number, ends, found.table)

        self._write_parts(relation, len(edges), write)
        return f"--relationships={TYPES[relation]}={self._paths(relation)}"

    def _write_snapshot(self) -> str:
        said: dict[str, Any] = describe(self._rows.snapshot, self._rows.schemes()) | {
            "made_by": MADE_BY, "format": FORMAT, "version": version("graphleads"), "state": LOADING,
            "target": self._rows.snapshot.id, "step": INDEXES_STEP,
        }  # fmt: skip
        table = pa.table({name: pa.array([value]) for name, value in said.items() if value != []})
        self._write_header("snapshot", [":ID", *_typed(table.schema)])
        self._write_part("snapshot", 0, {":ID": pa.array([self._rows.snapshot.n_nodes])}, table)
        return f"--nodes={SNAPSHOT}={self._paths('snapshot')}"

    def _write_parts(self, name: str, n: int, write: Callable[[int, NDArray[np.int64]], None]) -> None:
        """Write each part; one without rows, where there are none."""
        self._progress.step(name.replace("_", " "), n)
        parts = [np.arange(first, min(n, first + PART)) for first in range(0, max(n, 1), PART)]
        with ThreadPoolExecutor(_AT_A_TIME) as threads:
            for rows, _ in zip(parts, threads.map(write, range(len(parts)), parts), strict=True):
                self._progress.advance(len(rows))

    def _paths(self, name: str) -> str:
        return f"{self._folder / name}-header.csv,{self._folder / name}-[0-9]+.csv"

    def _write_header(self, name: str, columns: list[str]) -> None:
        (self._folder / f"{name}-header.csv").write_text(",".join(columns) + "\n", encoding="utf-8")

    def _write_part(self, name: str, number: int, numbers: dict[str, pa.Array], table: pa.Table) -> None:
        columns = numbers | {field.name: self._told(table[field.name]) for field in table.schema}
        options = pyarrow.csv.WriteOptions(include_header=False)
        pyarrow.csv.write_csv(pa.table(columns), self._folder / f"{name}-{number:03}.csv", options)

    def _told(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return a column as CSV has it: text that quotes are doubled in, lists as one text."""
        if pa.types.is_list(column.type):
            column = pc.binary_join(column, self._separator)
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        if pa.types.is_string(column.type) and not self._breaks_lines:
            self._breaks_lines = bool(pc.any(pc.match_substring_regex(column, r"[\r\n]")).as_py())
        return column


def _typed(schema: pa.Schema) -> list[str]:
    return [f"{field.name}{_type(field.type)}" for field in schema]


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return ":string[]"
    if pa.types.is_date32(kind):
        return ":date"
    if pa.types.is_boolean(kind):
        return ":boolean"
    if pa.types.is_floating(kind):
        return ":double"
    return ":long" if pa.types.is_integer(kind) else ""


def _free_separator(snapshot: Snapshot) -> str:
    """Return what no text holds that stands in a list."""
    texts = [
        snapshot.names["name"], snapshot.identifiers["value"], snapshot.table("redirects")["id"],
        snapshot.table("statements")["record"],
    ]  # fmt: skip
    for separator in _SEPARATORS:
        if not any(pc.any(pc.match_substring(column, separator)).as_py() for column in texts):
            return separator
    raise ValueInvalid("The register's texts hold every separator that a list may have.", Remedy.LOAD_INSTEAD)
