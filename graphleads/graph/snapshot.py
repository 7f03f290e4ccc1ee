"""Snapshots: immutable folders, each named by a hash of what went into it, one of them current.

::

    snapshots/CURRENT                   the id of the current snapshot, and of those that were it before, last first
    snapshots/<id>/manifest.json        what it was built from, with the checksum of every other file
    snapshots/<id>/*.arrow              tables, mapped
    snapshots/<id>/{adjacency,walk,nodes}/*.npy
    snapshots/<id>/name_index/

A process maps a snapshot: nothing is loaded to open it, and all processes share its pages.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.errors import SnapshotDamaged, SnapshotNotFound
from graphleads.graph.config import WalkConfig
from graphleads.graph.lookup import Texts, find_texts, texts_at, texts_of
from graphleads.graph.manifest import current_id, find_folder, read_manifest
from graphleads.graph.matrix import Adjacency, Times, Walk, times_of
from graphleads.graph.parts import open_array, open_table
from graphleads.graph.seal import check_changed
from graphleads.ids import EntityId
from graphleads.model import NodeKind
from graphleads.remedy import Remedy

if TYPE_CHECKING:
    from graphleads.graph.sighting import Sightings
    from graphleads.names.index import NameIndex

NAME_INDEX = "name_index"
TABLES = (
    "companies", "persons", "contact_points", "names", "name_versions", "identifiers", "classifications", "statuses",
    "records", "person_versions", "declarations", "edges", "statements", "sightings", "redirects",
)  # fmt: skip


class Snapshot:
    """An open snapshot. Tables are Arrow tables over mapped files, arrays are read-only.

    Attributes:
        id: The snapshot's id.
        folder: Where it lies.
        manifest: What it was built from.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.id: str = manifest["id"]
        self.folder = folder
        self.manifest = manifest

    def table(self, name: str) -> pa.Table:
        """Return one of `TABLES`."""
        return self._tables[name]

    def numbers(self, table: str, column: str) -> NDArray[Any]:
        """Return a column of numbers without nulls as an array over the mapped file, not a copy of it."""
        numbers: NDArray[Any] = self._tables[table][column].chunk(0).to_numpy()
        return numbers

    def rows_of(self, table: str, column: str, wanted: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the rows of each wanted number begin and end in a table that is sorted by a column of numbers.

        Args:
            table: One of `TABLES`.
            column: The column that it is sorted by.
            wanted: Integers of any width; they are given the column's, so that the column is not copied.
        """
        numbers = self.numbers(table, column)
        wanted = wanted.astype(numbers.dtype)
        return np.searchsorted(numbers, wanted), np.searchsorted(numbers, wanted, side="right")

    @cached_property
    def _tables(self) -> dict[str, pa.Table]:
        return {name: open_table(self.folder / f"{name}.arrow") for name in TABLES}

    @property
    def companies(self) -> pa.Table:
        """One row a company, in node order."""
        return self._tables["companies"]

    @property
    def persons(self) -> pa.Table:
        """One row a person, in node order after the companies."""
        return self._tables["persons"]

    @property
    def contact_points(self) -> pa.Table:
        """One row a contact point, in node order after the persons."""
        return self._tables["contact_points"]

    @property
    def node_tables(self) -> tuple[pa.Table, pa.Table, pa.Table]:
        """The tables of the nodes in the order of their numbers."""
        return self.companies, self.persons, self.contact_points

    @property
    def names(self) -> pa.Table:
        """Every name of a company or person, by node."""
        return self._tables["names"]

    @property
    def identifiers(self) -> pa.Table:
        """Every identifier, by node."""
        return self._tables["identifiers"]

    @property
    def edges(self) -> pa.Table:
        """One row an edge."""
        return self._tables["edges"]

    @cached_property
    def times(self) -> Times:
        """The two times of every edge."""
        return times_of(self.edges)

    @cached_property
    def sightings(self) -> Sightings:
        """When the registers showed what they say."""
        from graphleads.graph.sighting import Sightings  # its kernels are not needed for ids and names

        return Sightings(self.manifest["sources"], self._tables["sightings"])

    @cached_property
    def adjacency(self) -> Adjacency:
        """The undirected CSR over all edges."""
        return Adjacency(**{name: self._array("adjacency", name) for name in ("indptr", "neighbor", "edge")})

    @cached_property
    def walk(self) -> Walk:
        """What a walk of `view_on` follows."""
        return Walk(**{name: self._array("walk", name) for name in ("node", "tie", "edge")})

    def node_array(self, name: str) -> NDArray[Any]:
        """Return an array of the snapshot's own day; `ever_tied` is how many companies a node ties at most on any day.

        By node blocked, n_companies, ever_tied, known_from; by company family, status, thrives, settled_on; by edge
        edge_weight.
        """
        return self._array("nodes", name)

    def _array(self, folder: str, name: str) -> NDArray[Any]:
        key = f"{folder}/{name}"
        if key not in self._arrays:
            self._arrays[key] = open_array(self.folder / folder / f"{name}.npy")
        return self._arrays[key]

    @cached_property
    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {}

    def kept(self, name: str, make: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return an array that is made of the snapshot where it is asked for, and then kept as long as it is open."""
        if name not in self._arrays:
            self._arrays[name] = make()
        return self._arrays[name]

    def hold(self) -> None:
        """Map every file now: whoever holds a snapshot is answered to the end, even if its folder is removed.

        Raises:
            SnapshotNotFound: If it was removed meanwhile.
        """
        try:
            for path in map(Path, self.manifest["files"]):
                if path.suffix == ".npy" and path.parts[0] != NAME_INDEX:
                    self._array(path.parts[0], path.stem)
            _ = self._tables, self.name_index
        except FileNotFoundError as error:
            raise SnapshotNotFound(f"{self.folder} was removed while it was opened: try again.") from error

    @cached_property
    def name_index(self) -> NameIndex:
        """The index over `names`."""
        from graphleads.names.index import open_name_index

        return open_name_index(self.folder / NAME_INDEX, self.names["name"], self.numbers("names", "node"))

    @property
    def n_companies(self) -> int:
        """How many companies there are."""
        return int(self.companies.num_rows)

    @property
    def n_persons(self) -> int:
        """How many persons there are."""
        return int(self.persons.num_rows)

    @property
    def n_contact_points(self) -> int:
        """How many contact points there are."""
        return int(self.contact_points.num_rows)

    @property
    def n_nodes(self) -> int:
        """How many nodes there are."""
        return self.n_companies + self.n_persons + self.n_contact_points

    @property
    def view_on(self) -> int:
        """The day, since 1970, that `walk` is of: the last day on which a register was observed."""
        return int(self.manifest["view_on"])

    @cached_property
    def observed_on(self) -> date:
        """The last day on which a register was observed."""
        return date.fromisoformat(str(np.datetime64(self.view_on, "D")))

    def observed_by(self, day: date) -> date | None:
        """Return the last day up to one on which a register was observed, None if that was later."""
        days = (date.fromisoformat(one["observed_on"]) for one in self.manifest["sources"])
        return max((one for one in days if one <= day), default=None)

    @property
    def first_observed_on(self) -> date:
        """The day of the first delivery of any register."""
        return min(date.fromisoformat(one["observed_on"]) for one in self.manifest["sources"])

    @property
    def first_known_on(self) -> date:
        """The first day on which the registers said anything."""
        return date.fromisoformat(str(np.datetime64(self.known_since, "D")))

    @property
    def view_until(self) -> int:
        """The first later day on which something begins or ends by itself."""
        return int(self.manifest["view_until"])

    @cached_property
    def baked_walk(self) -> WalkConfig:
        """The weights and caps that `walk` and the arrays by node are of."""
        return WalkConfig.model_validate(self.manifest["parameters"]["walk"])

    @property
    def known_since(self) -> int:
        """The first day, since 1970, on which the registers said anything."""
        return int(self.manifest["known_since"])

    def kind_of(self, node: int) -> NodeKind:
        """Return what a node is."""
        if node < self.n_companies:
            return NodeKind.COMPANY
        return NodeKind.PERSON if node < self.n_companies + self.n_persons else NodeKind.CONTACT_POINT

    def id_of(self, node: int) -> EntityId:
        """Return the id of a node."""
        table, row = self._place(node)
        return str(table["id"][row].as_py())

    def name_of(self, node: int) -> str:
        """Return what a node is called: its name, or how a contact point is written."""
        table, row = self._place(node)
        return str(table["display" if table is self.contact_points else "name"][row].as_py())

    def _place(self, node: int) -> tuple[pa.Table, int]:
        for table in self.node_tables:
            if node < table.num_rows:
                return table, node
            node -= table.num_rows
        raise ValueError("no such node")

    def identified(self, scheme: str, value: str) -> list[int]:
        """Return the nodes that bear an identifier, ascending."""
        order, values = self._array("nodes", "identifier_order"), self.identifiers["value"]
        key = value.encode()
        first = bisect_left(range(len(order)), key, key=lambda at: values[int(order[at])].as_py().encode())
        found = set()
        for at in range(first, len(order)):
            row = int(order[at])
            if values[row].as_py() != value:
                break
            if self.identifiers["scheme"][row].as_py() == scheme:
                found.add(self.identifiers["node"][row].as_py())
        return sorted(found)

    def node_of(self, entity_id: EntityId) -> int | None:
        """Return the node of an id, or of the company that it stands for now; None if there is none."""
        node = int(self.nodes_of([entity_id])[0])
        return node if node >= 0 else None

    def nodes_of(self, ids: Sequence[EntityId], kind: NodeKind | None = None) -> NDArray[np.int64]:
        """Return int64[n_ids], the node of each id, of a kind or of the first that has it, or -1.

        An id that stands for another one now is that company's.
        """
        nodes, first = np.full(len(ids), -1, np.int64), 0
        for of, name, table in zip(NodeKind, ("companies", "persons", "contact_points"), self.node_tables, strict=True):
            left = np.flatnonzero(nodes < 0) if kind in (None, of) else np.empty(0, np.int64)
            rows = find_texts(self._ids[name], [ids[at] for at in left.tolist()])
            nodes[left] = np.where(rows < 0, -1, rows + first)
            first += table.num_rows
        left = np.flatnonzero(nodes < 0)
        nodes[left] = self._moved([ids[at] for at in left.tolist()])
        return nodes

    def _moved(self, ids: Sequence[EntityId]) -> NDArray[np.int64]:
        now = self.ids_now(ids)
        return np.full(len(ids), -1) if now == list(ids) else find_texts(self._ids["companies"], now)

    def ids_now(self, ids: Sequence[EntityId]) -> list[EntityId]:
        """Return the id that each id has now; one that is not here stays as it is."""
        rows, now = find_texts(self._ids["redirects"], ids), list(ids)
        moved = np.flatnonzero(rows >= 0)
        if len(moved):
            stands_for = texts_at(self._tables["redirects"]["company"].chunk(0), rows[moved])
            for at, company in zip(moved.tolist(), stands_for, strict=True):
                now[at] = company
        return now

    def aliases(self, entity_id: EntityId) -> list[EntityId]:
        """Return all ids that stand for what an id stands for now, sorted; itself alone if nothing was merged."""
        (now,) = self.ids_now([entity_id])
        redirects = self._tables["redirects"]
        if redirects.num_rows == 0:
            return [entity_id]
        import pyarrow.compute as pc

        merged = redirects["id"].filter(pc.equal(redirects["company"], now)).to_pylist()
        return sorted({entity_id, now, *merged})

    @cached_property
    def _ids(self) -> dict[str, Texts]:
        names = ("companies", "persons", "contact_points", "redirects")
        return {name: texts_of(self._tables[name]["id"].chunk(0)) for name in names}


def open_snapshot(snapshots: Path, snapshot_id: str | None = None) -> Snapshot:
    """Return a snapshot, the current one if none is named.

    Raises:
        SnapshotNotFound: If there is none.
        SnapshotDamaged: If a file is not as it was built: missing, cut short or altered; names it.
        VersionUnsupported: If another version of graphleads wrote it.
    """
    wanted = snapshot_id or current_id(snapshots)
    if wanted is None:
        raise SnapshotNotFound("No snapshot was built yet.", Remedy.BUILD)
    folder = find_folder(snapshots, wanted)
    manifest = read_manifest(folder)
    wrong = check_changed(folder, manifest["files"])
    if wrong:
        raise SnapshotDamaged(f"{folder} is damaged and not served: {', '.join(wrong)}.", Remedy.USE_ANOTHER_SNAPSHOT)
    return Snapshot(folder, manifest)
