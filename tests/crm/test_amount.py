from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.crm.amount import parse_amount, tell_decimal


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1250", 1250.0),
        ("1,250.50", 1250.5),
        ("1.250,50 €", 1250.5),
        ("$1,250", 1250.0),
        ("1250,5", 1250.5),
        ("0.125", 0.125),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("1 250", 1250.0),
        ("1\u202f250,00 EUR", 1250.0),
        ("CHF 1'250.00", 1250.0),
        ("R$ 12.500,00", 12500.0),
        ("R$ 5.000", 5000.0),
        ("3.000 €", 3000.0),
        ("usd 500", 500.0),
        ("500 kr", 500.0),
        ("１２３", 123.0),
        ("¥12万", 120_000.0),
        ("12.5万元", 125_000.0),
        ("1.5亿", 150_000_000.0),
        ("1.5M", 1_500_000.0),
        ("$2.5k", 2500.0),
        ("2.5K USD", 2500.0),
        ("3 m", 3_000_000.0),
        ("2bn", 2_000_000_000.0),
        ("1e6", 1_000_000.0),
        ("1.5E+06", 1_500_000.0),
        ("-5", -5.0),
        ("−5", -5.0),
        ("(5.25)", -5.25),
        ("-$5", -5.0),
        ("$-5", -5.0),
        ("$(200.00)", -200.0),
        ("($200.00)", -200.0),
        ("(200.00) USD", -200.0),
    ],
)
def test_amounts(text: str, amount: float) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        *(
            "much",
            "",
            "1.2.3,4,5",
            "10-20",
            "10 - 20",
            "5 to 10",
            "about 5",
            "5 apples",
            "5²",
            "①",
            "1½",
            "--5",
            "(5",
            "5)",
        ),
        *("(-5)", "$5 USD", "1,23,456", "1.234,567,890", "12.345.67", "1e999", "5.000 or so", "50%", "9" * 400),
    ],
)
def test_what_is_no_amount_as_a_whole(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("text", "decimal", "country", "amount"),
    [
        ("5.000", ",", None, 5000.0),
        ("5.000", ".", "DE", 5.0),
        ("5,000", ",", "US", 5.0),
        ("5.000", None, "DE", 5000.0),
        ("5,000", None, "GB", 5000.0),
        ("5,000", None, None, 5000.0),
        ("5.000", None, "US", None),
        ("5,000", None, "DE", None),
        ("5.000", None, None, None),
        ("5.000 €", None, "IE", None),
        ("1.250.50", ".", "US", None),
        ("12.50", ",", "DE", 12.5),
    ],
)
def test_three_digits_behind_one_mark(
    text: str, decimal: str | None, country: str | None, amount: float | None
) -> None:
    assert parse_amount(text, decimal=decimal, country=country) == amount


@pytest.mark.parametrize(
    ("texts", "decimal"),
    [
        (["5.000", "12,50", None, "x"], ","),
        (["5.000", "1.234.567"], ","),
        (["5.000", "1.234,50 €"], ","),
        (["5.000", "$12.50"], "."),
        (["5.000", "1 250,00"], ","),
        (["12,50", "12.50"], None),
        (["5.000", "5,000", "7", "1 000"], None),
        ([], None),
    ],
)
def test_a_column_tells_the_decimal_mark(texts: list[str | None], decimal: str | None) -> None:
    assert tell_decimal(texts) == decimal


@given(st.floats(min_value=-1e12, max_value=1e12).map(lambda value: round(value, 2)))
def test_every_amount_reads_back(value: float) -> None:
    assert parse_amount(f"{value:.2f}") == value
    assert parse_amount(f"{value:,.2f}") == value


@given(st.text(max_size=80) | st.text("0123456789.,' $€kM()+-e", max_size=80))
def test_no_text_breaks_the_parser(text: str) -> None:
    assert parse_amount(text) is None or isinstance(parse_amount(text), float)
