from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.ingest.mapping.convert import ValueFormat, convert, fillable_columns, get_target

ISO = ValueFormat()
GERMAN = ValueFormat(dates=("%d.%m.%Y", "%Y年%m月%d日"), decimal=",", thousands=".")
PERCENT = ValueFormat(percent=True)


@pytest.mark.parametrize(
    ("column", "how", "before", "after"),
    [
        (
            "companies.start_on",
            ISO,
            ["2024-02-29", "2023-02-29", "2024-13-01", "01.02.2024", None],
            [date(2024, 2, 29), None, None, None, None],
        ),
        (
            "companies.start_on",
            GERMAN,
            ["1.2.2024", "31.04.2024", "2001年3月5日"],
            [date(2024, 2, 1), None, date(2001, 3, 5)],
        ),
        (
            "companies.capital",
            ISO,
            ["1000.5", "-3", "0.005", "1,000", "1e3", "12345678901234567890", None],
            [Decimal("1000.50"), Decimal("-3.00"), Decimal("0.01"), None, None, None, None],
        ),
        (
            "companies.capital",
            GERMAN,
            ["1.234.567,89", "1234567,89", "1.23", "12.345"],
            [Decimal("1234567.89"), Decimal("1234567.89"), None, Decimal("12345.00")],
        ),
        ("companies.n_employees_min", ISO, ["12", "12.0", "12.5", "-1", "3000000000"], [12, 12, None, None, None]),
        ("interests.share_min", ISO, ["0.25", "1", "25", "-0.1", "nan"], [0.25, 1.0, None, None, None]),
        ("interests.share_min", PERCENT, ["5.49%", "8.15 %", "100", "101%"], [0.0549, 0.0815, 1.0, None]),
        ("persons.key_confidence", ISO, ["0.5", "1"], [0.5, None]),
        ("persons.birth_month", ISO, ["12", "13", "0"], [12, None, None]),
        ("persons.birth_year", ISO, ["1970", "70"], [1970, None]),
        ("companies.status", ISO, ["active", "Active", None], ["active", None, None]),
        ("companies.op", ISO, ["void", "delete"], ["void", None]),
        ("companies.mentioned", ISO, ["true", "No", "1", "maybe"], [True, False, True, None]),
        ("roles.holder", ISO, ["X-P:1", "1", "X-P:"], ["X-P:1", None, None]),
        ("companies.region", ISO, ["anything"], ["anything"]),
    ],
)
def test_convert(column: str, how: ValueFormat, before: list[str | None], after: list[Any]) -> None:
    values = convert(pa.array(before, pa.string()), get_target(*column.split(".")), how)
    assert values.to_pylist() == after


@given(st.dates(date(1800, 1, 1), date(2200, 1, 1)))
def test_every_day_is_read_and_the_day_before_the_first_is_not(day: date) -> None:
    target = get_target("companies", "start_on")
    first = day.replace(day=1)
    last = first - timedelta(days=1)
    never = f"{last.year:04}-{last.month:02}-{last.day + 1}"
    texts = pa.array([day.isoformat(), never])
    assert convert(texts, target, ISO).to_pylist() == [day, None]


@given(st.integers(0, 10_000))
def test_percentages_are_the_nearest_fractions(hundredths: int) -> None:
    text = f"{hundredths // 100}.{hundredths % 100:02}%"
    share = convert(pa.array([text]), get_target("interests", "share_min"), PERCENT)[0].as_py()
    assert share == float(Decimal(hundredths) / 10_000)


def test_the_dataset_is_no_mapping_s_to_fill() -> None:
    assert "dataset" not in fillable_columns("companies")
    assert "record" in fillable_columns("components")
