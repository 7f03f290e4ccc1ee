"""What a snapshot says of its entities on a day: their names, descriptions and statuses.

What stands in the snapshot of the day that it was built for is the cache of this view for that day. For any other day
it is made of the versions, for the entities that are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.describe import (
    COMPANY,
    PERSON,
    Day,
    SeenOn,
    describe_companies,
    describe_persons,
    is_open_on,
)
from graphleads.graph.facts import NAMES_OF_RECORDS
from graphleads.graph.fold import FOREVER, TIMES
from graphleads.graph.lookup import rows_between
from graphleads.graph.order import days_since_1970
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.standing import Standing, standing_on
from graphleads.graph.view import in_view
from graphleads.model import NodeKind, View

_SAID = ("dataset", "record", *TIMES)
_NAME = (
    "name", "kind", "language", "dataset", "record", "last_seen_on", "valid_from", "valid_to", "known_from",
    "known_until",
)  # fmt: skip


class EntityView:
    """The entities of a snapshot on a day."""

    def __init__(self, snapshot: Snapshot, view: View | None = None) -> None:
        """Take a snapshot and the days that are asked for; None is the snapshot's own day."""
        own = snapshot.observed_on
        view = view or View(valid_on=own, known_on=own)
        self._snapshot = snapshot
        self._days = view
        self.day = Day(valid_on=days_since_1970(view.valid_on), known_on=days_since_1970(view.known_on))
        self.is_own = in_view(snapshot, valid_on=self.day.valid_on, known_on=self.day.known_on)

    def is_known(self, nodes: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Return bool[n_nodes]: whether the registers said anything of each by the day."""
        known: NDArray[np.bool_] = self._snapshot.node_array("known_from")[nodes] <= self.day.known_on
        return known

    def are_settled(self, companies: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Return bool[n]: whether the registers say of each what they say of it on the snapshot's own day."""
        if max(self.day) >= self._snapshot.view_until:
            return np.zeros(len(companies), bool)
        settled = self._snapshot.node_array("settled_on")[companies]
        found: NDArray[np.bool_] = (settled <= np.array(self.day)).all(axis=1)
        return found

    @property
    def says_anything(self) -> bool:
        """Whether the registers said anything at all by the day."""
        return self._snapshot.known_since <= self.day.known_on

    def seen_on(self, rows: pa.Table, *, known_from: NDArray[np.int32] | None = None) -> NDArray[np.int32]:
        """Return int32[n_rows]: when each version was last seen, as far as that was known; see `Sightings.seen_on`."""
        return self._snapshot.sightings.seen_on(rows, self.day.known_on, known_from=known_from)

    def companies(self, nodes: NDArray[np.integer[Any]], columns: Sequence[str]) -> pa.Table:
        """Return companies as they were described: some of `id`, `mentioned` and the columns of `describe.COMPANY`."""
        own = self._snapshot.companies.select(columns).take(pa.array(nodes))
        if self.is_own:
            return own
        changed = np.flatnonzero(~self.are_settled(nodes))
        if not len(changed):
            return own
        return _replaced(own, self._dated(nodes[changed], columns).cast(own.schema), changed)

    def _dated(self, nodes: NDArray[np.integer[Any]], columns: Sequence[str]) -> pa.Table:
        ids = pa.nulls(len(nodes), pa.string())
        if "id" in columns or "name" in columns:
            ids = _array(self._snapshot.companies["id"].take(pa.array(nodes)).combine_chunks())
        stated = [name for name in columns if name in COMPANY]
        records = self._rows("records", nodes, list(dict.fromkeys((*_SAID, "mentioned", "rank", *stated))))
        names = self._names(nodes) if "name" in columns else None
        found = companies_on(ids, records, names, self.day, columns=stated, seen_on=self.seen_on)
        return found.select(columns)

    def statuses(self, nodes: NDArray[np.integer[Any]]) -> NDArray[np.int8]:
        """Return int8[n_nodes]: the position in `describe.STATUSES` of the status of each company."""
        own: NDArray[np.int8] = self._snapshot.node_array("status")[nodes]
        if self.is_own:
            return own
        changed = np.flatnonzero(~self.are_settled(nodes))
        if len(changed):
            own[changed] = self.standing(nodes[changed]).status
        return own

    def standing(self, nodes: NDArray[np.integer[Any]]) -> Standing:
        """Return how companies stood on the day, made of the versions whatever is cached."""
        columns = ["dataset", "record", "mentioned", "rank", "incorporated_on", "dissolved_on", *TIMES]
        records = self._rows("records", nodes, columns)
        statuses = self._rows("statuses", nodes, ["dataset", "record", "status", *TIMES])
        return standing_on(statuses, records, len(nodes), self.day, seen_on=self.seen_on)

    def persons(self, nodes: NDArray[np.integer[Any]], columns: Sequence[str] = PERSON) -> pa.Table:
        """Return persons as they were described: `id` and some columns of `describe.PERSON`."""
        rows = pa.array(nodes - self._snapshot.n_companies)
        described = self._snapshot.persons.select(["id", *columns]).take(rows)
        if self.is_own:
            return described
        versions = self._rows("person_versions", nodes, [*_SAID, *PERSON])
        changed = np.unique(versions["node"].to_numpy())
        if not len(changed):
            return described
        place = np.zeros(len(nodes), np.int32)
        place[changed] = np.arange(len(changed))
        versions = versions.set_column(0, "node", pa.array(place[versions["node"].to_numpy()]))
        ids = _array(described["id"].take(pa.array(changed)).combine_chunks())
        dated = describe_persons(versions, ids, self.day, seen_on=self.seen_on).select(["id", *columns])
        return _replaced(described, dated.cast(described.schema), changed)

    def called(self, kind: NodeKind, rows: NDArray[np.integer[Any]]) -> tuple[list[str], list[str]]:
        """Return the ids of rows of one kind of node, and what they were called or, of contact points, how written."""
        name = "display" if kind is NodeKind.CONTACT_POINT else "name"
        if self.is_own or kind is NodeKind.CONTACT_POINT:
            own, at = dict(zip(NodeKind, self._snapshot.node_tables, strict=True))[kind], pa.array(rows)
            return own["id"].chunk(0).take(at).to_pylist(), own[name].chunk(0).take(at).to_pylist()
        if kind is NodeKind.COMPANY:
            table = self.companies(rows, ["id", name])
        else:
            table = self.persons(rows + self._snapshot.n_companies, [name])
        return table["id"].to_pylist(), table[name].to_pylist()

    def in_force(self, table: str, nodes: NDArray[np.integer[Any]], columns: Sequence[str]) -> pa.Table:
        """Return what a table says of some nodes, true on the day and known then; `node` counts them."""
        rows = self._rows(table, nodes, [*columns, *TIMES])
        return rows.filter(pa.array(is_open_on(rows, self.day)))

    def stated(self, table: str, node: int) -> list[dict[str, Any]]:
        """Return what a table says of a node, as far as it was known on the day, with when it was last seen by then."""
        if table != "names":
            return self._stated(table, node)
        last = [row for row in self._stated("names", node) if not row["several"]]
        return [*last, *self._stated("name_versions", node)]

    def _stated(self, table: str, node: int) -> list[dict[str, Any]]:
        (begin,), (end,) = self._snapshot.rows_of(table, "node", np.array([node]))
        rows, known_on = self._snapshot.table(table).slice(begin, end - begin), self._days.known_on
        said = rows.to_pylist()
        known = [at for at, row in enumerate(said) if _is_known(row, known_on)]
        if any(said[at]["last_seen_on"] > known_on for at in known):
            seen = pa.array(self.seen_on(rows.take(pa.array(known))), pa.int32()).cast(pa.date32()).to_pylist()
            return [said[at] | {"last_seen_on": on} for at, on in zip(known, seen, strict=True)]
        return [said[at] for at in known]

    def _names(self, nodes: Sequence[int] | NDArray[np.integer[Any]]) -> pa.Table:
        """Return the versions of the names of companies; `node` counts them."""
        nodes = np.asarray(nodes)
        last = self._rows("names", nodes, (*_NAME[:-1], "several"))
        last = last.filter(pc.invert(last["several"])).drop_columns(["several"])
        known = pa.array(np.full(last.num_rows, FOREVER, np.int32)).cast(pa.date32())
        last = last.append_column("known_until", known)
        return pa.concat_tables([last, self._rows("name_versions", nodes, _NAME)]).unify_dictionaries()

    def _rows(self, table: str, nodes: NDArray[np.integer[Any]], columns: Sequence[str]) -> pa.Table:
        """Return the rows of some nodes in a table that is sorted by node; `node` counts those that are asked for."""
        begin, end = self._snapshot.rows_of(table, "node", nodes)
        rows = self._snapshot.table(table).select(list(columns)).take(pa.array(rows_between(begin, end)))
        return rows.add_column(0, "node", pa.array(np.repeat(np.arange(len(nodes), dtype=np.int32), end - begin)))


def _is_known(row: Mapping[str, Any], known_on: date) -> bool:
    return bool(row["known_from"] <= known_on and ("known_until" not in row or known_on < row["known_until"]))


def companies_on(
    ids: pa.Array, records: pa.Table, names: pa.Table | None, day: Day, *, columns: Sequence[str], seen_on: SeenOn
) -> pa.Table:
    """Return companies as they were described on a day: `id`, `mentioned` and some columns of `describe.COMPANY`.

    Where the record that names a company had another legal name on the day, that is its name.

    Args:
        ids: The companies.
        records: What each record says of them; `node` counts them.
        names: Versions of their names, likewise; None where no name is asked for.
        day: The day that is asked for.
        columns: What is asked for.
        seen_on: Says when versions were last seen.
    """
    described = describe_companies(records, ids, day, columns=columns, seen_on=seen_on)
    if names is not None:
        said = records.select(["dataset", "record"]).take(described["row"]).to_pylist()
        called = pa.array(_renamed(described["name"].to_pylist(), said, names, day), pa.string())
        described = described.set_column(described.column_names.index("name"), "name", called)
    return described.drop_columns(["row"])


def _renamed(called: list[str], said: Sequence[Mapping[str, Any]], names: pa.Table, day: Day) -> list[str]:
    legal = pc.is_in(names["kind"].cast(pa.string()), value_set=NAMES_OF_RECORDS).to_numpy() & is_open_on(names, day)
    rows = names.filter(pa.array(legal)).select(["node", "dataset", "record", "valid_from", "name"])
    found, then = list(called), defaultdict(list)
    for row in rows.to_pylist():
        node = row["node"]
        if (row["dataset"], row["record"]) == (said[node]["dataset"], said[node]["record"]):
            then[node].append((row["valid_from"], row["name"]))
    for node, borne in then.items():
        if called[node] not in (name for _, name in borne):
            found[node] = max(borne)[1]
    return found


def _replaced(rows: pa.Table, others: pa.Table, at: NDArray[np.integer[Any]]) -> pa.Table:
    """Return rows with others in some places."""
    place = np.arange(rows.num_rows)
    place[at] = rows.num_rows + np.arange(len(at))
    return pa.concat_tables([rows, others]).unify_dictionaries().take(pa.array(place))


def _array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return an array where Arrow keeps a column of no rows chunked."""
    return pa.array([], column.type) if isinstance(column, pa.ChunkedArray) else column


def bear_several_names(names: pa.Table, versions: pa.Table, n_companies: int) -> NDArray[np.bool_]:
    """Return bool[n_companies]: whether which of its legal names a company bears depends on the day.

    Args:
        names: Every name, by node.
        versions: How the names of companies came to be, by node.
        n_companies: How many companies there are.
    """
    node = names["node"].to_numpy()
    legal = (node < n_companies) & pc.is_in(names["kind"].cast(pa.string()), value_set=NAMES_OF_RECORDS).to_numpy()
    several: NDArray[np.bool_] = np.bincount(node[legal], minlength=n_companies) > 1
    several[np.unique(versions["node"].to_numpy())] = True
    return several
