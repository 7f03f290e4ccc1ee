"""Deliveries written straight from rows, for tests that need staged tables and no reader."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graphleads.model import DeliveryKind
from graphleads.tables.delivery import DeliveryManifest, write_manifest
from graphleads.tables.schema import STAGED, conform

Rows = Sequence[Mapping[str, Any]]


def stage_delivery(
    staged: Path,
    tables: Mapping[str, Rows],
    *,
    observed_on: str,
    dataset: str = "test",
    kind: DeliveryKind = DeliveryKind.FULL,
    one_at_a_time: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """Write a delivery and return its folder.

    Args:
        staged: The folder of all staged deliveries.
        tables: Rows by staged table; a row names its columns, `record` is required, `dataset` is filled in.
        observed_on: The day of the register's state, ISO 8601.
        dataset: The dataset.
        kind: Whole state or update.
        one_at_a_time: By table, the kinds of which a company has one holder at a time.
    """
    content = json.dumps(tables, default=str, sort_keys=True)
    delivery = f"{observed_on}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    folder = staged / dataset / delivery
    for name, rows in tables.items():
        (folder / name).mkdir(parents=True)
        pq.write_table(_table(name, dataset, rows), folder / name / "part-00000.parquet")
    manifest = DeliveryManifest(
        id=delivery,
        dataset=dataset,
        kind=kind,
        observed_on=date.fromisoformat(observed_on),
        reader="test",
        reader_version=1,
        mapping=None,
        files=(),
        n_rows_read=sum(len(rows) for rows in tables.values()),
        n_rows_staged={name: len(rows) for name, rows in tables.items()},
        one_at_a_time={table: tuple(kinds) for table, kinds in (one_at_a_time or {}).items()},
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_manifest(folder, manifest)
    return folder


def _table(name: str, dataset: str, rows: Rows) -> pa.Table:
    table = STAGED[name]
    columns: dict[str, pa.Array | pa.Scalar] = {"dataset": pa.scalar(dataset)}
    for column in table.columns:
        values = [row.get(column.name) for row in rows]
        if any(value is not None for value in values):
            columns[column.name] = pa.array(_dates(values) if column.type == pa.date32() else values)
    return conform(table, columns, len(rows))


def _dates(values: list[Any]) -> list[date | None]:
    return [date.fromisoformat(value) if isinstance(value, str) else value for value in values]
