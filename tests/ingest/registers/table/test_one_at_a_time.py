"""What a mapping says of holders goes with the delivery."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.tables.delivery import open_deliveries

MAPPING = """
version: 1
name: chairs
dataset: chairs
files:
  - match: chairs.csv
    record: nr
    tables:
      - table: roles
        one_at_a_time: [chair]
        fields:
          company: {column: nr, steps: [{scheme: X-FIRM}]}
          holder: {column: who, steps: [{scheme: X-WHO}]}
          kind: {value: chair}
"""


def test_a_delivery_says_what_has_one_holder_at_a_time(tmp_path: Path) -> None:
    mapping, chairs = tmp_path / "chairs.yaml", tmp_path / "chairs.csv"
    mapping.write_text(MAPPING, encoding="utf-8")
    chairs.write_text("nr,who\n1,a\n", encoding="utf-8")
    request = IngestRequest(observed_on=date(2026, 8, 1), mapping=mapping)
    ingest("table", [chairs], staged=tmp_path / "staged", request=request)
    (delivery,) = open_deliveries(tmp_path / "staged")
    assert delivery.manifest.one_at_a_time == {"roles": ("chair",)}
