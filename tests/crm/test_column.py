from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from graphleads.crm.cell import CellTable, convert_frame
from graphleads.crm.column import choose_columns
from graphleads.crm.mapping import FIELDS, CustomerMapping
from graphleads.values.customer_header import HEADERS, IDENTIFIER_HEADERS, STANDING_HEADERS, fold_header


def table(*headers: str) -> CellTable:
    return convert_frame(pd.DataFrame([[f"{header} 1" for header in headers]], columns=list(headers)))


def test_every_field_has_headers_and_no_header_is_two_fields() -> None:
    assert set(HEADERS) == set(FIELDS)
    every = [*HEADERS.values(), *STANDING_HEADERS.values(), *IDENTIFIER_HEADERS.values()]
    counts = Counter(fold_header(header) for headers in every for header in headers)
    assert [header for header, n in counts.items() if n > 1] == []


@pytest.mark.parametrize(
    ("left", "right"),
    [("Account ID", "account_id"), ("Billing State/Province", "BillingStateProvince"), ("客户ID", "客户ＩＤ")],
)
def test_headers_are_compared_by_letters_and_digits(left: str, right: str) -> None:
    assert fold_header(left) == fold_header(right)


def test_the_most_telling_header_is_taken_and_the_others_are_kept() -> None:
    columns = choose_columns(table("ID", "Name", "Account ID", "Account Name"), CustomerMapping())
    assert columns.fields == {"external_id": "Account ID", "name": "Account Name"}
    assert columns.custom == ("ID", "Name")


def test_a_column_that_the_mapping_took_is_not_taken_again() -> None:
    mapping = CustomerMapping(columns={"external_id": "Ref", "name": "Customer ID"})
    columns = choose_columns(table("Ref", "Customer ID", "City"), mapping)
    assert columns.fields == {"external_id": "Ref", "name": "Customer ID", "locality": "City"}


def test_a_constant_goes_before_a_column_that_was_only_guessed() -> None:
    columns = choose_columns(table("ID", "Name", "Country"), CustomerMapping(constants={"country": "BR"}))
    assert "country" not in columns.fields
    assert columns.custom == ("Country",)


def test_personal_columns_are_told_apart() -> None:
    headers = ["ID", "Name", "Contact Name", "Mobile Phone", "Date of Birth", "联系人", "Employees"]
    columns = choose_columns(table(*headers), CustomerMapping())
    assert columns.personal == ("Contact Name", "Mobile Phone", "Date of Birth", "联系人")
    assert columns.custom == ("Employees",)
