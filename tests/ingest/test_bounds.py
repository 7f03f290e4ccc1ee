from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa

from graphleads.formats.report import DeliveryReport
from graphleads.ingest.bounds import order_bounds
from graphleads.ingest.reader import StagedBatch
from graphleads.tables.schema import MONEY, STAGED, conform

FILE = "interests.csv"


def interests(low: list[float | None], high: list[float | None]) -> pa.Table:
    texts = {"record": "1", "dataset": "d", "subject": "X-A:1", "holder": "X-A:2", "kind": "shareholding"}
    shares = {"share_min": pa.array(low, pa.float64()), "share_max": pa.array(high, pa.float64())}
    return conform(STAGED["interests"], {**{name: pa.scalar(text) for name, text in texts.items()}, **shares}, len(low))


def test_bounds_that_are_the_wrong_way_round_change_places() -> None:
    rows = interests([0.6, 0.25, None, 0.5, 0.9], [0.4, 0.5, 0.1, None, 0.9])
    report = DeliveryReport()
    numbers = np.arange(2, 7)
    ordered = order_bounds(StagedBatch(table="interests", rows=rows, file=FILE, source_rows=numbers), report).rows
    assert ordered["share_min"].to_pylist() == [0.4, 0.25, None, 0.5, 0.9]
    assert ordered["share_max"].to_pylist() == [0.6, 0.5, 0.1, None, 0.9]
    assert ordered.schema == rows.schema
    assert report.issue_table().select(["file", "row", "column", "code"]).to_pylist() == [
        {"file": FILE, "row": 2, "column": "share_min", "code": "bounds_reversed"}
    ]


def test_a_reader_that_cannot_say_the_row_has_them_counted() -> None:
    report = DeliveryReport()
    order_bounds(StagedBatch(table="interests", rows=interests([0.6, 0.7], [0.4, 0.1])), report)
    assert report.issue_counts == {"bounds_reversed": 2}


def test_staff_and_revenue_have_bounds_too() -> None:
    texts = {"record": "1", "dataset": "d", "id": "X-A:1", "name": "Amber"}
    staff = {"n_employees_min": pa.array([50], pa.int32()), "n_employees_max": pa.array([10], pa.int32())}
    revenue = {"revenue_min": pa.array([Decimal(7)], MONEY), "revenue_max": pa.array([Decimal(5)], MONEY)}
    given = {**{name: pa.scalar(text) for name, text in texts.items()}, **staff, **revenue}
    rows = conform(STAGED["companies"], given, 1)
    ordered = order_bounds(StagedBatch(table="companies", rows=rows), DeliveryReport()).rows
    assert (ordered["revenue_min"].to_pylist(), ordered["revenue_max"].to_pylist()) == ([Decimal(5)], [Decimal(7)])
    assert (ordered["n_employees_min"].to_pylist(), ordered["n_employees_max"].to_pylist()) == ([10], [50])
