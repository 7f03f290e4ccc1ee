from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from graphleads.formats.report import DeliveryReport
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.reader import ReadContext
from graphleads.ingest.row_stager import RowStager, read_countries
from graphleads.tables.schema import STAGED


def stager(**columns: pa.Array) -> RowStager:
    n_rows = len(next(iter(columns.values())))
    block = RowBlock(file="a.csv", columns=dict(columns), rows=np.arange(2, n_rows + 2))
    context = ReadContext(dataset="test", observed_on=date(2024, 1, 1), report=DeliveryReport())
    return RowStager(block=block, context=context, record=pa.array([f"r{number}" for number in range(n_rows)]))


def test_batches_are_in_the_tables_schema() -> None:
    rows = stager(name=pa.array(["a", "b", None]))
    batch = rows.batch("names", {"id": rows.record, "name": rows["name"], "kind": pa.scalar("former")},
                       rows["name"].is_valid())  # fmt: skip
    assert batch.rows.schema == STAGED["names"].schema
    assert batch.rows.select(["dataset", "record", "name", "kind"]).to_pylist() == [
        {"dataset": "test", "record": "r0", "name": "a", "kind": "former"},
        {"dataset": "test", "record": "r1", "name": "b", "kind": "former"},
    ]


def test_lists_explode_with_their_rows() -> None:
    items = pa.array([[{"from": "x"}, {"from": "y"}], [], None, [{"from": "z"}]])
    each = stager(name=pa.array(["a", "b", "c", "d"]), items=items).explode("items")
    assert each["name"].to_pylist() == ["a", "a", "d"]
    assert each["items.from"].to_pylist() == ["x", "y", "z"]
    assert each.record.to_pylist() == ["r0", "r0", "r3"]
    assert each.block.rows.tolist() == [2, 2, 5]


def test_days_that_are_none_are_reported_and_left_empty() -> None:
    rows = stager(start=pa.array(["2020-02-29", "2021-02-29", None]), end=pa.array(["2020-01-01", None, None]))
    period = rows.period("start", "end", "%Y-%m-%d")
    assert period["start_on"].to_pylist() == [date(2020, 2, 29), None, None]
    assert period["end_on"].to_pylist() == [None, None, None]
    issues = rows.context.report.issue_table().to_pylist()
    assert [(one["code"], one["row"], one["column"], one["sample"]) for one in issues] == [
        ("bad_date", 3, "start", "2021-02-29"),
        ("ends_before_start", 2, "end", "2020-01-01"),
    ]


def test_days_that_stand_for_none_are_none() -> None:
    written = ["0001-01-01", "1900-01-01", "9999-12-31", "1899-12-30", "1899-12-29", "1900-01-02"]
    rows = stager(start=pa.array(written), end=pa.array([None] * 6, pa.string()))
    found = rows.days("start", "%Y-%m-%d").to_pylist()
    assert found == [None, None, None, None, date(1899, 12, 29), date(1900, 1, 2)]
    assert rows.context.report.issue_counts == {"bad_date": 4}


def test_countries_that_nobody_knows_are_reported() -> None:
    rows = stager(country=pa.array(["Minnesota, Usa", "Utopia", None]), nationality=pa.array(["Dutch", "Elvish", None]))
    assert rows.countries("country").to_pylist() == ["US", None, None]
    assert rows.nationalities("nationality").to_pylist() == ["NL", None, None]
    assert rows.context.report.issue_counts == {"unknown_country": 2}
    names = ["England, United Kingdom", "English", "Taiwan, China", "Hong Kong Sar, China"]
    assert read_countries(pa.array(names)).to_pylist() == ["GB", "GB", "TW", "HK"]


def test_an_address_without_a_key_is_counted_and_not_shown() -> None:
    rows = stager(display=pa.array(["1 King Street", "King Street", None]), key=pa.array(["1 xa26 1ab", None, None]))
    columns = {"id": rows.record, "kind": pa.scalar("address"), **rows.block.columns}
    assert rows.addresses(columns, "display").rows["key"].to_pylist() == ["1 xa26 1ab"]
    issues = rows.context.report.issue_table().to_pylist()
    assert [(one["code"], one["row"], one["sample"]) for one in issues] == [("address_unusable", 3, None)]


def test_a_personal_field_counts_once_a_row() -> None:
    rows = stager(street=pa.array(["x", None, None]), town=pa.array(["y", "z", None]))
    rows.drop_personal("address", ["street", "town"])
    rows.filter(pa.array([False, False, True])).drop_personal("nothing", ["street"])
    assert rows.context.report.dropped_personal_fields == {"address": 2}
