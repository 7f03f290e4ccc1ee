from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from graphleads.errors import FormatMismatch
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.mapping import lookup
from graphleads.ingest.mapping.lookup import load_lookup
from graphleads.ingest.mapping.mapping import Lookup

LOOKUP = Lookup(file="people.csv", key="code", value="name")


def block(keys: list[str | None], values: list[str | None]) -> RowBlock:
    columns = {"code": pa.array(keys, pa.string()), "name": pa.array(values, pa.string())}
    return RowBlock(file="people.csv", columns=columns, rows=np.arange(2, 2 + len(keys), dtype=np.int64))


def test_the_first_value_of_a_key_counts() -> None:
    table = load_lookup(LOOKUP, [block(["a", None, "b"], ["Ada", "Nobody", None]), block(["a", "c"], ["Ben", "Cid"])])
    assert table.find(pa.array(["c", "a", "b", "x", None])).to_pylist() == ["Cid", "Ada", None, None, None]
    assert table.n_ambiguous == 1


def test_no_file_has_no_values() -> None:
    assert load_lookup(LOOKUP, []).find(pa.array(["a"])).to_pylist() == [None]


def test_it_holds_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "BYTES_MAX", 10)
    with pytest.raises(FormatMismatch, match=r"people\.csv is too large to look 'name' up in it"):
        load_lookup(LOOKUP, [block(["a", "b"], ["Ada", "Ben"])])
