"""Finds ids that stand for several companies or persons: one delivery gives them names that are not spellings of one.

What is noted of a row are 16 bytes on disk. Which rows are looked at again is decided when all are read.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from graphleads.formats.report import MAX_SAMPLES, DeliveryReport, Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.names.keyed import hash_texts
from graphleads.names.normalize import fold_names

TABLES = ("companies", "persons")
"""Whose names are compared."""

SEVERAL_NAMES = Flaw(
    code="several_names",
    message="One id has several names in this delivery: if they are not one company or person, add what tells them "
    "apart to the id, and ingest again.",
    column="name",
)
"""What is counted of an id for each further name that it has."""

_NOTED = np.dtype([("id", np.uint64), ("name", np.uint32), ("row", np.uint32)])
_TELL_APART = {
    "mentioned": np.uint64(0x9E3779B97F4A7C15),
    "published_on": np.uint64(0xBF58476D1CE4E5B9),
    "start_on": np.uint64(0x94D049BB133111EB),
}
"""What makes two rows of one id no contradiction, and by what it is mixed into the id's hash."""

_READ = ("id", "name", "op", *_TELL_APART)
_AT_ONCE = 4_000_000
"""Rows that are compared at a time: ids are taken in as many turns as that takes."""


class _Place(NamedTuple):
    """Where the rows of a batch come from: its first row among all of its table, and the file."""

    first: int
    file: str


class Naming:
    """Takes note of the names of all companies and persons of a delivery."""

    def __init__(self) -> None:
        self._noted: dict[str, IO[bytes]] = {}
        self._places: dict[str, list[_Place]] = {table: [] for table in TABLES}
        self._n = dict.fromkeys(TABLES, 0)

    def __enter__(self) -> Naming:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._noted.values():
            file.close()

    def note(self, batch: StagedBatch) -> None:
        """Take note of a batch as it is written; batches of other tables say no name of an id."""
        if batch.table not in TABLES or not batch.rows.num_rows:
            return
        rows = batch.rows
        noted = np.zeros(rows.num_rows, _NOTED)
        noted["id"] = _bearers(rows)
        noted["name"] = _hashes(rows["name"]).astype(np.uint32)
        if batch.source_rows is not None:
            noted["row"] = batch.source_rows
        if batch.table not in self._noted:
            self._noted[batch.table] = TemporaryFile(prefix="graphleads-")  # noqa: SIM115 - closed with all of this
        self._noted[batch.table].write(noted.tobytes())
        self._places[batch.table].append(_Place(self._n[batch.table], batch.file or ""))
        self._n[batch.table] += rows.num_rows

    def report(self, folder: Path, report: DeliveryReport, file: str) -> None:
        """Report the ids of several names.

        Args:
            folder: The delivery, in which every row that was noted is written.
            report: Takes the issues.
            file: What to name where a reader does not say which file a row comes from.
        """
        for table in self._noted:
            suspects = self._suspects(table)
            if len(suspects):
                self._report(table, _read_rows(folder / table, suspects), suspects, report=report, file=file)

    def _suspects(self, table: str) -> NDArray[np.int64]:
        """Return the rows of ids that have several names, as they are written, ascending."""
        n, noted = self._n[table], self._noted[table]
        noted.flush()
        n_turns = -(-n // _AT_ONCE)
        found = []
        for turn in range(n_turns):
            rows, ids, names = _of_turn(noted, turn, n_turns)
            order = np.lexsort((names, ids))
            same = ids[order][1:] == ids[order][:-1]
            several = np.unique(ids[order][1:][same & (names[order][1:] != names[order][:-1])])
            found.append(rows[np.isin(ids, several)])
        return np.sort(np.concatenate(found))

    def _report(
        self, table: str, rows: pa.Table, places: NDArray[np.int64], *, report: DeliveryReport, file: str
    ) -> None:
        pairs = _contradictions(rows)
        for first, later in pairs[:MAX_SAMPLES].tolist():
            where, row = self._stands(table, int(places[later]), file)
            before = self._stands(table, int(places[first]), file)
            said = [rows["name"][at].as_py() for at in (first, later)]
            sample = f"{said[0]!r}{_in(*before, where)} and {said[1]!r}{_in(where, row, where)}"
            report.issue(SEVERAL_NAMES, where, row=row, sample=sample)
        if len(pairs) > MAX_SAMPLES:
            report.issue_counts[SEVERAL_NAMES.code] += len(pairs) - MAX_SAMPLES

    def _stands(self, table: str, place: int, file: str) -> tuple[str, int | None]:
        """Return the file and the row in it where a written row comes from, None if its reader does not say."""
        places = self._places[table]
        found = places[int(np.searchsorted([one.first for one in places], place, side="right")) - 1]
        noted = self._noted[table]
        noted.seek(place * _NOTED.itemsize)
        row = int(np.frombuffer(noted.read(_NOTED.itemsize), _NOTED)["row"][0])
        return found.file or file, row or None


def _contradictions(rows: pa.Table) -> NDArray[np.int64]:
    """Return int64[n, 2]: the row that names an id first, and the first with a name that is none of those before."""
    named = np.flatnonzero(rows["name"].is_valid().to_numpy() & _asserted(rows))
    bearer, name = _bearers(rows)[named], _codes(fold_names(rows["name"]))[named]
    order = np.lexsort((name, bearer))
    differs = (np.diff(bearer[order]) != 0) | (np.diff(name[order]) != 0)
    firsts = np.sort(order[np.append(True, differs)[: len(order)]])
    firsts = firsts[np.argsort(bearer[firsts], kind="stable")]
    begins = np.append(True, np.diff(bearer[firsts]) != 0)[: len(firsts)]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(firsts)), 0))
    pairs = np.stack([firsts[first], firsts], axis=1)[~begins]
    found: NDArray[np.int64] = named[pairs[np.argsort(pairs[:, 1])]]
    return found


def _in(file: str, row: int | None, here: str) -> str:
    return ("" if row is None else f" in row {row}") + ("" if file == here else f" of {file}")


def _bearers(rows: pa.Table) -> NDArray[np.uint64]:
    """Return who a row names, and as what: its id, whether it only mentions it, and since when it says so."""
    bearers = hash_texts(_texts(rows["id"]))
    for name, mix in _TELL_APART.items():
        if name in rows.column_names and rows[name].null_count < rows.num_rows:
            numbers = pc.fill_null(rows[name].cast(pa.int32()), 0).to_numpy().astype(np.int64)
            bearers ^= numbers.view(np.uint64) * mix
    return bearers


def _hashes(names: pa.ChunkedArray) -> NDArray[np.uint64]:
    return hash_texts(_texts(pc.fill_null(names, "")))


def _texts(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def _asserted(rows: pa.Table) -> NDArray[np.bool_]:
    asserted: NDArray[np.bool_] = pc.equal(rows["op"].cast(pa.string()), "assert").to_numpy()
    return asserted


def _codes(names: pa.Array) -> NDArray[np.int64]:
    codes: NDArray[np.int64] = pc.fill_null(names.dictionary_encode().indices.cast(pa.int64()), -1).to_numpy()
    return codes


def _of_turn(
    noted: IO[bytes], turn: int, n_turns: int
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint32]]:
    """Return the rows whose ids one turn takes, with both hashes."""
    noted.seek(0)
    pieces, first = [], 0
    while block := noted.read(_AT_ONCE * _NOTED.itemsize):
        read = np.frombuffer(block, _NOTED)
        mine = np.flatnonzero(read["id"] % np.uint64(n_turns) == turn)
        pieces.append((mine + first, read["id"][mine], read["name"][mine]))
        first += len(read)
    rows, ids, names = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return rows, ids, names


def _read_rows(folder: Path, places: NDArray[np.int64]) -> pa.Table:
    """Return some rows of a written table."""
    pieces, first = [], 0
    for part in sorted(folder.glob("part-*.parquet")):
        file = pq.ParquetFile(part)
        names = [name for name in _READ if name in file.schema_arrow.names]
        for group in range(file.num_row_groups):
            behind = first + file.metadata.row_group(group).num_rows
            wanted = places[np.searchsorted(places, first) : np.searchsorted(places, behind)]
            if len(wanted):
                pieces.append(file.read_row_group(group, names).take(pa.array(wanted - first)))
            first = behind
    return pa.concat_tables(pieces).unify_dictionaries()
