from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graphleads.errors import ValueInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile
from graphleads.ingest.registers.companies_house.snapshot_name import preview_snapshot, report_missing_parts
from graphleads.model import DeliveryKind


def sources(*names: str) -> list[SourceFile]:
    return [SourceFile(name=name, path=Path(name)) for name in names]


@pytest.mark.parametrize(
    ("names", "day", "kind"),
    [
        (["BasicCompanyDataAsOneFile-2024-12-01.csv"], date(2024, 12, 1), DeliveryKind.FULL),
        (["BasicCompanyDataAsOneFile-2024-12-01.zip/BasicCompanyDataAsOneFile-2024-12-01.csv"], date(2024, 12, 1),
         DeliveryKind.FULL),
        (["BasicCompanyData-2024-12-01-part1_2.csv", "BasicCompanyData-2024-12-01-part2_2.csv"], date(2024, 12, 1),
         DeliveryKind.FULL),
        (["BasicCompanyData-2024-12-01-part1_2.csv"], date(2024, 12, 1), DeliveryKind.UPDATE),
        (["psc-snapshot-2024-12-19_3of3.zip/psc-snapshot-2024-12-19_3of3.txt"], date(2024, 12, 19),
         DeliveryKind.UPDATE),
        (["psc-2024-13-45.txt"], None, DeliveryKind.FULL),
        (["psc_2024_12.txt"], None, DeliveryKind.FULL),
        (["anything.csv"], None, DeliveryKind.FULL),
    ],
)  # fmt: skip
def test_names_say_day_and_completeness(names: list[str], day: date | None, kind: DeliveryKind) -> None:
    preview = preview_snapshot(sources(*names), "gb")
    assert (preview.dataset, preview.observed_on, preview.kind) == ("gb", day, kind)


def test_files_of_two_days_are_two_deliveries() -> None:
    with pytest.raises(ValueInvalid, match=r"different days \(2024-11-01, 2024-12-01\)"):
        preview_snapshot(sources("a-2024-12-01.csv", "a-2024-11-01.csv"), "gb")


def test_missing_parts_are_reported() -> None:
    report = DeliveryReport()
    report_missing_parts(sources("psc-snapshot-2024-12-19_1of2.txt", "psc-snapshot-2024-12-19_2of2.txt"), report)
    assert report.issue_counts == {}
    report_missing_parts(sources("psc-snapshot-2024-12-19_1of2.txt"), report)
    assert report.issue_counts == {"parts_missing": 1}
