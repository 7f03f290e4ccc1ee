"""Every fact of every kept delivery, as versions: what the registers say, and when they said it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.fold import STATED_DATES, TIMES, Calendar, Versions, date_versions, fold_versions
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
        mentions: Whether it is of rows that only mention a company, or of those that describe it; None takes both.
    """

    table: str
    columns: tuple[str, ...]
    identity: tuple[str, ...]
    adds: tuple[tuple[str, str], ...] = ()
    dated: bool = True
    present: str | None = None
    mentions: bool | None = None


def _whole(table: str) -> FactKind:
    own = tuple(column.name for column in STAGED[table].own)
    return FactKind(table=table, columns=own, identity=STAGED[table].identity)


_KINDS = {
    # A company's row says three things that change apart from each other: its name, its status, and the rest.
    "records": FactKind(
        table="companies", columns=tuple(column.name for column in STAGED["companies"].own), identity=("id",),
        dated=False,
    ),
    **{
        name: FactKind(
            table="companies", columns=("id", "name"), identity=("id", "name"), adds=(("kind", kind),), dated=False,
            present="name", mentions=mentions,
        )
        for name, kind, mentions in (("legal_names", "legal", False), ("mentioned_names", "mentioned", True))
    },
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


KINDS = tuple(_KINDS)
"""The kinds of fact."""

NAMES_OF_RECORDS = pa.array(["legal", "mentioned"])
"""The kinds of names that are what a record calls the company, one that describes it and one that only mentions it."""

_SIGHTINGS = pa.schema([("dataset", pa.string()), ("record", pa.string()), ("seen_on", pa.date32())])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folded:
    """The versions of one kind of fact in one dataset; of a single delivery they are made again whenever they are read.

    Attributes:
        kind: The kind of fact.
        deliveries: The dataset's deliveries by day.
        versions: What several deliveries were folded into, None for a single one.
    """

    kind: FactKind
    deliveries: Sequence[Delivery]
    versions: Versions | None

    def read(self, columns: Sequence[str]) -> tuple[pa.Table, int]:
        """Return some columns of the versions, and how many rows have none since they are true on no day."""
        own = [name for name in columns if name not in TIMES]
        if self.versions is not None:
            rows = pa.concat_tables([_read(self.kind, delivery, own) for delivery in self.deliveries])
            return self.versions.of(rows.unify_dictionaries()).select(columns), self.versions.n_never
        rows = _read(self.kind, self.deliveries[0], [*own, *STATED_DATES])
        versions = date_versions(rows, days_since_1970(self.deliveries[0].manifest.observed_on))
        return versions.of(rows).select(columns), versions.n_never

    def read_stated(self) -> pa.Table:
        """Return what the row of each version states of its times, as `Facts.read_stated`."""
        pieces = [_read(self.kind, delivery, list(STATED_DATES)) for delivery in self.deliveries]
        observed = [days_since_1970(one.manifest.observed_on) for one in self.deliveries]
        rows = pa.concat_tables(pieces).unify_dictionaries()
        versions = self.versions or date_versions(rows, observed[0])
        ends = pc.or_(pc.is_valid(rows["end_on"]), pc.equal(rows["op"], "end"))
        days = np.repeat(np.array(observed, np.int32), [piece.num_rows for piece in pieces])
        stated = {"starts": pc.is_valid(rows["start_on"]), "ends": ends, "observed_on": pa.array(days)}
        return pa.table(stated).take(pa.array(versions.rows))


class Facts:
    """Every fact of every kept delivery, as versions. Only their times are kept: what is asked for is read then.

    The rows of a kind come in one order, by dataset, delivery and file, whatever columns are asked for.

    Attributes:
        sightings: The updates that speak of each record: `dataset`, `record`, `seen_on`, of datasets of several
            deliveries.
    """

    def __init__(self, folded: Mapping[str, Sequence[_Folded]], sightings: pa.Table) -> None:
        self._folded = folded
        self._never: dict[str, int] = {}
        self.sightings = sightings

    @property
    def n_never(self) -> int:
        """How many statements of the kinds that were read so far are true on no day, and are nowhere."""
        return sum(self._never.values())

    def read(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the versions of a kind of fact.

        Args:
            name: `records`, `statuses`, or a staged table other than `companies`; `names` has the legal names, too.
            columns: Some of the kind's own, of `dataset`, `record` and of `fold.TIMES`; None reads them all.
        """
        if columns is None:
            columns = ("dataset", "record", *_KINDS[name].columns, *TIMES)
        kinds = ("names", "legal_names", "mentioned_names") if name == "names" else (name,)
        tables = []
        for kind in kinds:
            read = [folded.read(columns) for folded in self._folded[kind]]
            self._never[kind] = sum(n_never for _, n_never in read)
            tables += [table for table, _ in read]
        return pa.concat_tables(tables).unify_dictionaries()

    def read_stated(self, name: str, dataset: str) -> pa.Table:
        """Return what the row of each version of a kind in a dataset states of its times, in the order of `read`.

        Args:
            name: A staged table other than `companies`.
            dataset: The dataset.

        Returns:
            `starts` and `ends`, whether there is such a day, and `observed_on`, int32 days since 1970.
        """
        return next(one for one in self._folded[name] if one.deliveries[0].manifest.dataset == dataset).read_stated()


def read_facts(
    deliveries: Sequence[Delivery], kinds: Collection[str] = KINDS, advance: Callable[[], None] = lambda: None
) -> Facts:
    """Return the versions of every kind of fact, or of some, folded dataset by dataset.

    Args:
        deliveries: Whole deliveries, at least one, in any order.
        kinds: Some of `KINDS`.
        advance: Called once for each dataset and kind of fact.
    """
    ordered = sorted(deliveries, key=lambda one: one.manifest.order)
    folded: dict[str, list[_Folded]] = {name: [] for name in kinds}
    sightings: list[pa.Table] = []
    for _, group in groupby(ordered, key=lambda one: one.manifest.dataset):
        of_dataset = list(group)
        calendar = _calendar(of_dataset) if len(of_dataset) > 1 else None
        for name in kinds:
            versions = _fold(_KINDS[name], of_dataset, *calendar) if calendar else None
            folded[name].append(_Folded(kind=_KINDS[name], deliveries=of_dataset, versions=versions))
            advance()
        if calendar:
            sightings.append(_sightings(of_dataset[0].manifest.dataset, *calendar))
    return Facts(folded, pa.concat_tables([_SIGHTINGS.empty_table(), *sightings]))


def n_folds(deliveries: Sequence[Delivery]) -> int:
    """Return how often `read_facts` will call `advance`."""
    return len({one.manifest.dataset for one in deliveries}) * len(_KINDS)


def _calendar(deliveries: Sequence[Delivery]) -> tuple[pa.Array, Calendar]:
    """Return the records that updates speak of or that are voided, and the dataset's calendar over their positions."""
    full = [one.manifest.kind is DeliveryKind.FULL for one in deliveries]
    voided = [_records(one, voids=True) for one in deliveries]
    spoken = [_NO_RECORDS if whole else _records(one) for one, whole in zip(deliveries, full, strict=True)]
    records = pc.unique(pa.concat_arrays([*voided, *spoken]))
    calendar = Calendar(
        days=np.array([days_since_1970(one.manifest.observed_on) for one in deliveries], np.int32),
        full=np.array(full),
        spoken=_keys(spoken, records),
        voided=_keys(voided, records),
    )
    return records, calendar


_NO_RECORDS = pa.array([], pa.string())


def _records(delivery: Delivery, *, voids: bool = False) -> pa.Array:
    """Return the records that a delivery speaks of, or those that it voids."""
    columns = [_NO_RECORDS]
    for name in STAGED:
        wanted = pc.equal(delivery.read(name, ["op"])["op"], "void") if voids else None
        if wanted is None or pc.any(wanted).as_py():
            records = delivery.read(name, ["record"])["record"]
            columns.append((records if wanted is None else records.filter(wanted)).combine_chunks())
    return pc.unique(pa.concat_arrays(columns))


def _keys(spoken: Sequence[pa.Array], records: pa.Array) -> NDArray[np.int64]:
    """Return int64, sorted: `record code × n_deliveries + delivery` of the records of each delivery."""
    codes = [pc.index_in(one, value_set=records).to_numpy(zero_copy_only=False).astype(np.int64) for one in spoken]
    return np.sort(np.concatenate([code * len(spoken) + ordinal for ordinal, code in enumerate(codes)]))


def _sightings(dataset: str, records: pa.Array, calendar: Calendar) -> pa.Table:
    record, delivery = np.divmod(calendar.spoken, len(calendar.days))
    seen_on = pa.array(calendar.days[delivery]).cast(pa.date32())
    columns = [pa.repeat(pa.scalar(dataset), len(record)), records.take(pa.array(record)), seen_on]
    return pa.Table.from_arrays(columns, schema=_SIGHTINGS)


def _fold(kind: FactKind, deliveries: Sequence[Delivery], records: pa.Array, calendar: Calendar) -> Versions:
    pieces = [_read(kind, delivery, ["record", *kind.columns, *STATED_DATES]) for delivery in deliveries]
    delivery = np.repeat(np.arange(len(pieces), dtype=np.int32), [piece.num_rows for piece in pieces])
    rows = pa.concat_tables(pieces).unify_dictionaries()
    codes = pc.fill_null(pc.index_in(rows["record"], value_set=records), -1).to_numpy()
    return fold_versions(
        rows, identity=kind.identity, delivery=delivery, record=codes.astype(np.int64), calendar=calendar
    )


def _read(kind: FactKind, delivery: Delivery, columns: Sequence[str]) -> pa.Table:
    """Return some columns of what a delivery states of a kind; voids state nothing."""
    there = {column.name for column in STAGED[kind.table].columns} - {name for name, _ in kind.adds}
    undated = set() if kind.dated else {"start_on", "end_on"}
    tested = {"op", *filter(None, [kind.present, None if kind.mentions is None else "mentioned"])}
    if "status" in columns:
        tested |= {"status_text"}
    rows = delivery.read(kind.table, sorted((there & set(columns) | tested) - undated))
    if "status" in columns:
        rows = rows.set_column(rows.column_names.index("status"), "status", _told_statuses(rows))
    stated = pc.not_equal(rows["op"], "void")
    if kind.present:
        stated = pc.and_(stated, pc.is_valid(rows[kind.present]))
    if kind.mentions is not None:
        stated = pc.and_(stated, pc.equal(rows["mentioned"], kind.mentions))
    if not pc.all(stated).as_py():
        rows = rows.filter(stated)
    return _with_fixed(kind, rows, columns)


def _told_statuses(rows: pa.Table) -> pa.ChunkedArray:
    """Return the statuses: one in words that its reader does not know is unclear, not a status that nobody stated."""
    status, text = rows["status"], rows["status_text"]
    unclear = pc.and_(pc.equal(status, "unknown"), pc.is_valid(text))
    if not pc.any(unclear).as_py():
        return status
    return pc.if_else(unclear, "unclear", status.cast(pa.string())).dictionary_encode()


def _with_fixed(kind: FactKind, rows: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Return columns of the rows: an added one is the same in every row, one that the table lacks is null."""
    arrays, adds = [], dict(kind.adds)
    for name in columns:
        if name in adds:
            word = pa.array([adds[name]]).dictionary_encode()
            arrays.append(word.take(pa.array(np.zeros(rows.num_rows, np.int32))))
        elif name in rows.column_names:
            arrays.append(rows[name])
        else:
            arrays.append(pa.nulls(rows.num_rows, _TYPES[name]))
    return pa.Table.from_arrays(arrays, names=list(columns))


_TYPES = {"start_on": pa.date32(), "end_on": pa.date32(), "language": WORD}
"""What a kind may lack that the table of another has."""
