"""Every fact of every kept delivery, as versions: what the registers say, and when they said it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.fold import TIMES, Calendar, fold_versions
from graphleads.graph.order import days_since_1970
from graphleads.model import DeliveryKind
from graphleads.tables.delivery import Delivery
from graphleads.tables.schema import STAGED, WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """A kind of fact that is folded on its own.

    Attributes:
        table: The staged table that it comes from.
        columns: The columns it keeps beside provenance and dates.
        identity: The columns that say which fact a row is.
        adds: Columns that every row gets, with their value.
        dated: Whether the table's dates are this fact's.
        present: The column without which there is no such fact.
    """

    table: str
    columns: tuple[str, ...]
    identity: tuple[str, ...]
    adds: tuple[tuple[str, str], ...] = ()
    dated: bool = True
    present: str | None = None


def _whole(table: str) -> FactKind:
    own = tuple(column.name for column in STAGED[table].own)
    return FactKind(table=table, columns=own, identity=STAGED[table].identity)


_KINDS = {
    # A company's row says three things that change apart from each other: its name, its status, and the rest.
    "records": FactKind(
        table="companies", columns=tuple(column.name for column in STAGED["companies"].own), identity=("id",),
        dated=False,
    ),
    "legal_names": FactKind(
        table="companies", columns=("id", "name"), identity=("id", "name"), adds=(("kind", "legal"),), dated=False,
        present="name",
    ),
    "statuses": FactKind(
        table="companies", columns=("id", "status", "status_text"), identity=("id", "status", "status_text"),
        present="status",
    ),
    **{
        name: _whole(name)
        for name in (
            "names", "identifiers", "persons", "classifications", "contact_points", "interests", "roles", "links",
            "declarations",
        )
    },
}  # fmt: skip

Facts = dict[str, pa.Table]
"""Versions by kind of fact: the kept columns, `dataset`, `record` and the columns of `fold.TIMES`."""


def read_facts(deliveries: Sequence[Delivery], advance: Callable[[], None] = lambda: None) -> Facts:
    """Return the versions of every kind of fact, folded dataset by dataset.

    Args:
        deliveries: Whole deliveries, in any order.
        advance: Called once for each dataset and kind of fact.
    """
    ordered = sorted(deliveries, key=lambda one: (one.manifest.dataset, one.manifest.observed_on, one.manifest.id))
    by_dataset = [list(group) for _, group in groupby(ordered, key=lambda one: one.manifest.dataset)]
    folded: dict[str, list[pa.Table]] = {name: [] for name in _KINDS}
    for group in by_dataset:
        records, calendar = _calendar(group)
        for name, kind in _KINDS.items():
            folded[name].append(_fold(kind, group, records, calendar))
            advance()
    facts = {name: _concatenate(_KINDS[name], tables) for name, tables in folded.items()}
    legal = facts.pop("legal_names")
    facts["names"] = pa.concat_tables([facts["names"], legal], promote_options="default").unify_dictionaries()
    return facts


def n_folds(deliveries: Sequence[Delivery]) -> int:
    """Return how often `read_facts` will call `advance`."""
    return len({one.manifest.dataset for one in deliveries}) * len(_KINDS)


def _concatenate(kind: FactKind, tables: list[pa.Table]) -> pa.Table:
    if tables:
        return pa.concat_tables(tables, promote_options="default").unify_dictionaries()
    empty = STAGED[kind.table].schema.empty_table().select(["dataset", "record", *kind.columns])
    for name, _ in kind.adds:
        empty = empty.append_column(name, pa.array([], WORD))
    for name in TIMES:
        empty = empty.append_column(name, pa.array([], pa.date32()))
    return empty


def _calendar(deliveries: Sequence[Delivery]) -> tuple[pa.Array, Calendar]:
    """Return the records that updates speak of, and the dataset's calendar over their positions."""
    spoken = [_records(one) for one in deliveries if one.manifest.kind is DeliveryKind.UPDATE]
    records = pc.unique(pa.concat_arrays(spoken)) if spoken else pa.array([], pa.string())
    calendar = Calendar(
        days=np.array([days_since_1970(one.manifest.observed_on) for one in deliveries], np.int32),
        full=np.array([one.manifest.kind is DeliveryKind.FULL for one in deliveries]),
        spoken=_keys(deliveries, records, voids=False),
        voided=_keys(deliveries, records, voids=True),
    )
    return records, calendar


def _record_columns(delivery: Delivery) -> Iterator[pa.Table]:
    for name in STAGED:
        rows = delivery.read(name, ["record", "op"])
        if rows.num_rows:
            yield rows


def _records(delivery: Delivery, *, voids: bool = False) -> pa.Array:
    tables = list(_record_columns(delivery))
    if voids:
        tables = [rows.filter(pc.equal(rows["op"], "void")) for rows in tables]
    columns = [rows["record"].combine_chunks() for rows in tables]
    return pc.unique(pa.concat_arrays(columns)) if columns else pa.array([], pa.string())


def _keys(deliveries: Sequence[Delivery], records: pa.Array, *, voids: bool) -> NDArray[np.int64]:
    keys = [np.empty(0, np.int64)]
    for ordinal, delivery in enumerate(deliveries):
        if delivery.manifest.kind is DeliveryKind.UPDATE:
            codes = pc.index_in(_records(delivery, voids=voids), value_set=records).to_numpy(zero_copy_only=False)
            keys.append(codes.astype(np.int64) * len(deliveries) + ordinal)
    return np.sort(np.concatenate(keys))


def _fold(kind: FactKind, deliveries: Sequence[Delivery], records: pa.Array, calendar: Calendar) -> pa.Table:
    pieces = [_read(kind, delivery) for delivery in deliveries]
    delivery = np.repeat(np.arange(len(pieces), dtype=np.int32), [piece.num_rows for piece in pieces])
    rows = pa.concat_tables(pieces, promote_options="default").unify_dictionaries()
    codes = pc.fill_null(pc.index_in(rows["record"], value_set=records), -1).to_numpy()
    return fold_versions(
        rows, identity=kind.identity, delivery=delivery, record=codes.astype(np.int64), calendar=calendar
    )


def _read(kind: FactKind, delivery: Delivery) -> pa.Table:
    dates = ["start_on", "end_on"]
    provenance = ["dataset", "record", "op", "published_on"]
    rows = delivery.read(kind.table, [*provenance, *dates, *kind.columns])
    wanted = pc.not_equal(rows["op"], "void")
    if kind.present:
        wanted = pc.and_(wanted, pc.is_valid(rows[kind.present]))
    rows = rows.filter(wanted)
    if not kind.dated:
        for name in dates:
            rows = rows.set_column(rows.schema.get_field_index(name), name, pa.nulls(rows.num_rows, pa.date32()))
    for name, value in kind.adds:
        rows = rows.append_column(
            name, pa.array([value]).dictionary_encode().take(pa.array(np.zeros(rows.num_rows, np.int32)))
        )
    return rows
