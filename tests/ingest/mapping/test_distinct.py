from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphleads.ingest.mapping.distinct import StagedRows


def table(rows: list[tuple[str | None, int | None]]) -> pa.Table:
    columns = {
        "text": pa.array([text for text, _ in rows], pa.string()).dictionary_encode(),
        "number": pa.array([number for _, number in rows], pa.int32()),
    }
    return pa.table(columns)


def test_nothing_is_not_an_empty_text() -> None:
    assert StagedRows().first_time(table([("", 1), (None, 1), ("", None), ("", 1)])).tolist() == [
        True,
        True,
        True,
        False,
    ]


@given(st.lists(st.lists(st.tuples(st.none() | st.sampled_from("abc"), st.none() | st.integers(0, 5)))))
def test_each_row_is_there_once_however_rows_come(batches: list[list[tuple[str | None, int | None]]]) -> None:
    staged = StagedRows()
    found = [row for rows in batches for row, new in zip(rows, staged.first_time(table(rows)), strict=True) if new]
    assert found == list(dict.fromkeys(row for rows in batches for row in rows))
