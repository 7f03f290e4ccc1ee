from __future__ import annotations

import numpy as np
import pytest

from graphleads.errors import FormatMismatch
from graphleads.formats.report import MAX_SAMPLES, DeliveryReport, Flaw
from graphleads.tables.schema import ISSUES

ODD = Flaw(code="odd", message="The value is odd.", column="a")
BAD = Flaw(code="bad", message="The row is bad.")


def test_counts_are_complete_and_samples_are_few() -> None:
    report = DeliveryReport()
    report.issues(ODD, "a.csv", rows=np.arange(2, 1_002), samples=[str(n) for n in range(1_000)])
    report.issue(ODD, "b.csv", row=7, sample="late")
    table = report.issue_table()
    assert report.issue_counts == {"odd": 1_001}
    assert table.schema == ISSUES
    assert table.num_rows == MAX_SAMPLES
    assert table.to_pylist()[99] == {
        "file": "a.csv", "row": 101, "column": "a", "code": "odd", "message": "The value is odd.", "sample": "99",
    }  # fmt: skip


def test_no_rows_are_no_issue() -> None:
    report = DeliveryReport()
    report.issues(ODD, "a.csv", rows=np.array([], dtype=np.int64))
    assert report.issue_counts == {}
    assert report.issue_table() == ISSUES.empty_table()


def test_long_samples_are_cut() -> None:
    report = DeliveryReport()
    report.issue(ODD, "a.csv", sample="x" * 1_000)
    assert report.issue_table()["sample"].to_pylist() == ["x" * 200]


def test_a_sample_shows_no_number_of_a_person() -> None:
    report = DeliveryReport()
    report.issue(ODD, "a.csv", sample="Shop 11010119000101001X")
    assert report.issue_table()["sample"].to_pylist() == ["Shop (a person's number)"]


@pytest.mark.parametrize(("n_bad", "refused"), [(5, False), (6, True)])
def test_files_of_mostly_bad_rows_are_refused(n_bad: int, refused: bool) -> None:
    report = DeliveryReport()
    report.rows_read("a.csv", 10)
    report.bad_rows(BAD, "a.csv", rows=np.arange(n_bad))
    report.issues(ODD, "a.csv", rows=np.arange(10))
    if refused:
        with pytest.raises(FormatMismatch, match=r"a\.csv has 6 bad rows of 10, most of them bad: check that"):
            report.check_bad_rows()
    else:
        report.check_bad_rows()


def test_fields_are_accounted_for() -> None:
    report = DeliveryReport()
    report.ignored_field("FAX", "nobody faxes")
    report.unknown_field("NEW")
    report.dropped_personal("BIRTH", 3)
    report.dropped_personal("BIRTH", 4)
    assert report.ignored_fields == {"FAX": "nobody faxes"}
    assert report.unknown_fields == {"NEW"}
    assert report.dropped_personal_fields == {"BIRTH": 7}
