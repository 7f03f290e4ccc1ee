from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphleads.ingest import part_writer
from graphleads.ingest.part_writer import PartWriter
from graphleads.ingest.reader import StagedBatch
from graphleads.tables.schema import STAGED, conform


def batch(*names: str, kind: str = "trading") -> StagedBatch:
    columns = {
        "dataset": pa.scalar("d"),
        "record": pa.array(list(names)),
        "id": pa.array([f"X-T:{name}" for name in names]),
        "name": pa.array(list(names)),
        "kind": pa.scalar(kind),
    }
    return StagedBatch(table="names", rows=conform(STAGED["names"], columns, len(names)))


def test_row_groups_fill_up_and_parts_roll(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_writer, "ROW_GROUP", 2)
    monkeypatch.setattr(part_writer, "PART", 4)
    with PartWriter(tmp_path) as writer:
        for name in "abcdefg":
            writer.write(batch(name, kind="short" if name == "b" else "trading"))
    parts = sorted((tmp_path / "names").iterdir())
    assert [part.name for part in parts] == ["part-00000.parquet", "part-00001.parquet"]
    assert [pq.ParquetFile(part).num_row_groups for part in parts] == [2, 2]
    rows = pa.concat_tables([pq.read_table(part).cast(STAGED["names"].schema) for part in parts])
    assert rows["name"].to_pylist() == list("abcdefg")
    assert rows["kind"].to_pylist() == ["trading", "short", *["trading"] * 5]
    assert writer.n_rows() == {"names": 7}


def test_empty_batches_make_no_table(tmp_path: Path) -> None:
    with PartWriter(tmp_path) as writer:
        writer.write(batch())
    assert list(tmp_path.iterdir()) == []
    assert writer.n_rows() == {}


@pytest.mark.parametrize(
    "wrong",
    [
        StagedBatch(table="nonsense", rows=pa.table({})),
        StagedBatch(table="names", rows=pa.table({"name": ["a"]})),
    ],
)
def test_rows_in_another_schema_are_a_mistake_of_the_reader(tmp_path: Path, wrong: StagedBatch) -> None:
    with PartWriter(tmp_path) as writer, pytest.raises(ValueError, match="is not in that staged table's schema"):
        writer.write(wrong)
