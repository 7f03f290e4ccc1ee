from __future__ import annotations

from graphleads.crm import duplicate as customer_duplicates
from graphleads.crm.duplicate import LikelyDuplicate
from graphleads.model import CustomerRecord, CustomerStatus


def find_duplicates(records: list[CustomerRecord]) -> tuple[LikelyDuplicate, ...]:
    return customer_duplicates.find_duplicates(records, {record.external_id for record in records})


def _customer(
    external_id: str, name: str, jurisdiction: str | None = None, identifiers: tuple[tuple[str, str], ...] = ()
) -> CustomerRecord:
    return CustomerRecord(
        external_id=external_id,
        name=name,
        status=CustomerStatus.WON,
        jurisdiction=jurisdiction,
        identifiers=identifiers,
    )


def test_one_identifier_in_two_spellings() -> None:
    head_office = _customer("1", "Foo", "BR", (("BR-CNPJ", "11.222.333/0001-81"),))
    branch = _customer("2", "Foo Norte", "BR", (("BR-CNPJ", "11222333000262"),))
    assert find_duplicates([head_office, branch]) == (
        LikelyDuplicate(external_ids=("1", "2"), shared="identifier BR-CNPJ 11222333"),
    )


def test_one_name_in_one_country() -> None:
    found = find_duplicates(
        [
            _customer("3", "FÓO  & Sons", "GB"),
            _customer("1", "Foo and Sons", "GB"),
            _customer("2", "Foo and Sons", "BR"),
        ]
    )
    assert found == (LikelyDuplicate(external_ids=("1", "3"), shared="name 'foo and sons' in GB"),)


def test_the_same_customers_are_named_once() -> None:
    first = _customer("1", "Foo", "GB", (("", "77"),))
    second = _customer("2", "Foo", "GB", (("", "77"),))
    assert find_duplicates([first, second]) == (LikelyDuplicate(external_ids=("1", "2"), shared="identifier 77"),)


def test_customers_that_share_nothing() -> None:
    assert (
        find_duplicates([_customer("1", "Foo"), _customer("2", "Bar"), _customer("3", "!!"), _customer("4", "??")])
        == ()
    )
    assert find_duplicates([]) == ()


def test_only_groups_with_a_customer_of_the_import() -> None:
    records = [_customer("1", "Foo"), _customer("2", "Foo"), _customer("3", "Bar"), _customer("4", "Bar")]
    found = customer_duplicates.find_duplicates(records, {"2", "5"})
    assert [one.external_ids for one in found] == [("1", "2")]
    assert customer_duplicates.find_duplicates(records, set()) == ()
