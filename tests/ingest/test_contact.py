"""Contact points that say nothing tie nobody, whichever reader they come from."""

from __future__ import annotations

import pyarrow as pa
import pytest

from graphleads.formats.report import DeliveryReport
from graphleads.ingest.contact import keep_out_idle
from graphleads.ingest.reader import StagedBatch
from graphleads.tables.schema import STAGED, conform


@pytest.mark.parametrize(
    ("kind", "display", "key", "kept"),
    [
        *(
            (kind, text, text.lower(), False)
            for kind in ("phone", "website", "address")
            for text in ("-", "0", "N/A", "无")
        ),
        ("phone", "000 000", "000000", False),
        ("phone", "99999999", "99999999", False),
        ("phone", "1234", "1234", False),
        ("phone", "+44 20 7946 0001", "442079460001", True),
        ("website", "no website", "no website", False),
        ("website", "alder.example", "alder.example", True),
        ("address", "Hampshire", "hampshire", False),
        ("address", "Enterprise Zone", "enterprise zone", False),
        ("address", "北京市朝阳区", "北京市朝阳区", False),
        ("address", "样本大厦", "样本大厦", False),
        ("address", "厦门市样本大厦", "厦门市样本大厦", True),
        ("address", "King House, High Street", "king house high street", True),
        ("address", "17 King Street", "17 king street", True),
    ],
)
def test_what_stands_for_nothing_is_no_contact_point(kind: str, display: str, key: str, kept: bool) -> None:
    columns = {"id": "X-A:1", "record": "1", "dataset": "d", "kind": kind, "display": display, "key": key}
    rows = conform(STAGED["contact_points"], {name: pa.scalar(text) for name, text in columns.items()}, 1)
    report = DeliveryReport()
    batch = keep_out_idle(StagedBatch(table="contact_points", rows=rows), report)
    assert batch.rows.num_rows == int(kept)
    assert report.issue_counts == ({} if kept else {"no_contact_point": 1})
