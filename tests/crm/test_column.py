from __future__ import annotations

from collections import Counter

import pytest

from graphleads.crm.column import choose_columns, fold_header
from graphleads.crm.mapping import FIELDS, CustomerMapping
from graphleads.values.customer_header import HEADERS, IDENTIFIER_HEADERS


def test_every_field_has_headers_and_no_header_is_two_fields() -> None:
    assert set(HEADERS) == set(FIELDS)
    every = [*HEADERS.values(), *IDENTIFIER_HEADERS.values()]
    counts = Counter(fold_header(header) for headers in every for header in headers)
    assert [header for header, n in counts.items() if n > 1] == []


@pytest.mark.parametrize(
    ("left", "right"),
    [("Account ID", "account_id"), ("Billing State/Province", "BillingStateProvince"), ("客户ID", "客户ＩＤ")],
)
def test_headers_are_compared_by_letters_and_digits(left: str, right: str) -> None:
    assert fold_header(left) == fold_header(right)


def test_the_most_telling_header_is_taken_and_the_others_are_kept() -> None:
    columns = choose_columns("crm.csv", ["ID", "Name", "Account ID", "Account Name"], CustomerMapping())
    assert columns.fields == {"external_id": "Account ID", "name": "Account Name"}
    assert columns.custom == ("ID", "Name")


def test_a_column_that_the_mapping_took_is_not_taken_again() -> None:
    mapping = CustomerMapping(columns={"external_id": "Ref", "name": "Customer ID"})
    columns = choose_columns("crm.csv", ["Ref", "Customer ID", "Stage"], mapping)
    assert columns.fields == {"external_id": "Ref", "name": "Customer ID", "status": "Stage"}


def test_a_constant_goes_before_a_column_that_was_only_guessed() -> None:
    columns = choose_columns("crm.csv", ["ID", "Name", "Country"], CustomerMapping(constants={"country": "BR"}))
    assert "country" not in columns.fields
    assert columns.custom == ("Country",)


def test_personal_columns_are_told_apart() -> None:
    headers = ["ID", "Name", "Contact Name", "Mobile Phone", "Date of Birth", "联系人", "Employees"]
    columns = choose_columns("crm.csv", headers, CustomerMapping())
    assert columns.personal == ("Contact Name", "Mobile Phone", "Date of Birth", "联系人")
    assert columns.custom == ("Employees",)
