from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.view.text import cell_for_spreadsheets, count, in_words, period, place, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ACME LTD", "ACME LTD"),
        ("\x1b[31mRED\x1b[0m", "[31mRED[0m"),
        ("\x9b31mRED", "31mRED"),
        ("a\tb\r\nc", "a b  c"),
        ("LTD\u202e.moc", "LTD.moc"),
        ("bell\a", "bell"),
        ("株式会社 \u2028 Ünïted", "株式会社   Ünïted"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
    ],
)
def test_what_moves_the_cursor_is_taken_out_and_words_stay(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text())
def test_plain_text_is_one_printable_line_and_stays_as_it_is(text: str) -> None:
    shown = plain(text)

    assert plain(shown) == shown
    assert len(shown.splitlines()) <= 1
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in shown)


@pytest.mark.parametrize(
    ("start_on", "end_on", "shown"),
    [
        (None, None, ""),
        (date(2019, 3, 1), None, "since 2019-03-01"),
        (None, date(2021, 6, 30), "until 2021-06-30"),
        (date(2019, 3, 1), date(2021, 6, 30), "2019-03-01 to 2021-06-30"),
    ],
)
def test_period(start_on: date | None, end_on: date | None, shown: str) -> None:
    assert period(start_on, end_on) == shown


def test_place_names_what_is_known() -> None:
    assert place("Recife", "BR") == "Recife, BR"
    assert place(None, "BR") == "BR"
    assert place(None, None) == ""


def test_codes_are_read_as_words() -> None:
    assert in_words("voting_rights") == "voting rights"


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1+1", "'=1+1"), ("+44 113", "'+44 113"), ("@sum", "'@sum"), ("-0.5", "-0.5"), ("Alder Ltd", "Alder Ltd")],
)
def test_a_spreadsheet_runs_nothing(text: str, cell: str) -> None:
    assert cell_for_spreadsheets(text) == cell


@pytest.mark.parametrize(("n", "shown"), [(0, "0 companies"), (1, "1 company"), (1234, "1,234 companies")])
def test_a_count_is_said_in_the_right_number(n: int, shown: str) -> None:
    assert count(n, "company", "companies") == shown
