from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from graphleads.crm.change import CustomerChange, DealChange, FieldChange
from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.deal import Deals
from graphleads.crm.importing import Imports
from graphleads.crm.record import Customers
from graphleads.crm.standing import customers_as_of, stand
from graphleads.crm.undo import LeftDeal, undo_import
from graphleads.db.change import Topic, read_changed
from graphleads.db.schema import deal_versions
from graphleads.model import CustomerRecord, CustomerStatus, Deal
from graphleads.testing.session import session_on

NOW = datetime(2025, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
WON, OPEN, LOST = CustomerStatus.WON, CustomerStatus.OPEN, CustomerStatus.LOST

FOO = CustomerRecord(external_id="A1", name="Foo Ltd", status=OPEN)


def deal(number: int, status: CustomerStatus, closed_on: date | None = None, **told: Any) -> Deal:
    return replace(
        Deal(external_id=f"O{number}", customer="A1", account="Foo Ltd", status=status, closed_on=closed_on), **told
    )


def _deals(*deals: Deal, by_name: bool = False) -> CustomerFile:
    return CustomerFile(name="deals.csv", records=(FOO,), deals=deals, by_name=by_name)


def _accounts(*records: CustomerRecord) -> CustomerFile:
    return CustomerFile(name="accounts.csv", records=records)


@pytest.mark.parametrize(
    ("account", "deals", "status", "value", "won_on"),
    [
        (OPEN, [deal(1, LOST, date(2024, 1, 1)), deal(2, WON, date(2023, 2, 2), amount=9.0)], WON, 9.0,
         date(2023, 2, 2)),
        (LOST, [deal(1, WON, date(2024, 3, 1), amount=1.0), deal(2, WON, date(2024, 1, 1), amount=2.0)], WON, 3.0,
         date(2024, 1, 1)),
        (OPEN, [deal(1, LOST, date(2024, 1, 1)), deal(2, LOST, date(2025, 1, 1))], LOST, None, None),
        (LOST, [deal(1, LOST, date(2024, 1, 1)), deal(2, OPEN)], OPEN, None, None),
        (OPEN, [deal(1, LOST, date(2024, 1, 1)), deal(2, OPEN, expected_on=date(2023, 1, 1))], LOST, None, None),
        (WON, [deal(1, LOST, date(2024, 1, 1))], WON, None, None),
        (OPEN, [deal(1, WON, amount=1.0, currency="EUR"), deal(2, WON, amount=2.0, currency="USD")], WON, None, None),
    ],
)  # fmt: skip
def test_a_customer_stands_as_its_deals_say(
    account: CustomerStatus, deals: list[Deal], status: CustomerStatus, value: float | None, won_on: date | None
) -> None:
    stood = stand(replace(FOO, status=account), deals)
    assert (stood.status, stood.value, stood.won_on) == (status, value, won_on)


def test_where_no_deal_says_it_the_account_does() -> None:
    own = replace(FOO, status=WON, value=5.0, won_on=date(2020, 1, 1), owner="Ann")
    assert stand(own, [deal(1, LOST, date(2024, 1, 1), owner="Bob")]) == own
    assert stand(own, []) == own
    assert stand(FOO, [deal(1, LOST, date(2024, 1, 1), owner="Bob"), deal(2, OPEN, owner="Cleo")]).owner == "Cleo"


def test_deals_come_back_with_what_they_did_to_their_customer(engine: Engine) -> None:
    imports = Imports(session_on(engine))
    first, second = deal(1, LOST, date(2024, 1, 10), amount=1000.0), deal(2, OPEN, owner="Ann")
    report = imports.make(_deals(first, second))
    assert report.deals is not None
    assert (report.new, report.deals.new) == (("A1",), ("O1", "O2"))
    assert Deals(session_on(engine)).current() == [first, second]
    assert Customers(session_on(engine)).get("A1") == replace(FOO, owner="Ann")

    won = replace(second, status=WON, closed_on=date(2025, 3, 1), amount=9000.0)
    preview = imports.preview(_deals(first, won))
    report = imports.make(_deals(first, won))
    assert (preview.changed, preview.deals) == (report.changed, report.deals)
    assert report.changed == (
        CustomerChange(
            external_id="A1",
            fields=(
                FieldChange(field="status", old="open", new="won"),
                FieldChange(field="value", old=None, new="9000.0"),
                FieldChange(field="won_on", old=None, new="2025-03-01"),
            ),
        ),
    )
    assert report.deals is not None
    assert report.deals.unchanged == ("O1",)
    assert report.deals.changed == (
        DealChange(
            external_id="O2",
            fields=(
                FieldChange(field="status", old="open", new="won"),
                FieldChange(field="amount", old=None, new="9000.0"),
                FieldChange(field="closed_on", old=None, new="2025-03-01"),
            ),
        ),
    )
    assert imports.make(_deals(first, won)).import_id is None
    assert [(one.n_new, one.n_changed, one.n_deals) for one in imports.all()] == [(1, 0, 2), (0, 1, 1)]
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(deal_versions)).scalar_one() == 3
        assert read_changed(connection, "main", Topic.CUSTOMERS, since=1).keys == frozenset({"A1"})


def test_it_does_not_matter_whether_accounts_or_deals_come_first(engine: Engine) -> None:
    account = replace(FOO, locality="Leeds", status=LOST)
    files = [_accounts(account), _deals(deal(1, WON, date(2024, 1, 1), amount=5.0))]
    for team, order in (("north", files), ("south", files[::-1])):
        for file in order:
            Imports(session_on(engine, team=team)).make(file)
    expected = [replace(account, status=WON, value=5.0, won_on=date(2024, 1, 1))]
    assert [Customers(session_on(engine, team=team)).current() for team in ("north", "south")] == [expected, expected]


def test_an_account_that_comes_again_stands_by_its_deals_still(engine: Engine) -> None:
    imports = Imports(session_on(engine))
    imports.make(_deals(deal(1, WON, date(2024, 1, 1), amount=5.0)))
    assert imports.put(FOO, source="HTTP").import_id is None
    moved = imports.put(replace(FOO, locality="York"), source="HTTP")
    assert [one.field for one in moved.changed[0].fields] == ["locality"]
    assert (Customers(session_on(engine)).get("A1").status, Customers(session_on(engine)).get("A1").value) == (WON, 5.0)


def test_undoing_takes_deals_back_and_what_they_did(engine: Engine) -> None:
    imports = Imports(session_on(engine))
    imports.make(_accounts(FOO))
    imports.make(_deals(deal(1, WON, date(2024, 1, 1)), deal(2, LOST, date(2024, 2, 2))))
    other = Imports(session_on(engine, now=LATER)).make(replace(_deals(deal(2, OPEN)), name="later.csv"))
    assert other.import_id == 3

    undone = undo_import(session_on(engine, now=LATER), 2)

    assert (undone.restored_deals, undone.removed_deals) == ((), ("O1",))
    assert undone.left_deals == (LeftDeal(external_id="O2", import_id=3, file="later.csv"),)
    assert Deals(session_on(engine)).current() == [deal(2, OPEN)]
    assert Customers(session_on(engine)).get("A1").status is OPEN
    assert undo_import(session_on(engine, now=LATER), 3).removed_deals == ("O2",)
    assert Customers(session_on(engine)).current() == [FOO]


def test_a_deal_that_moves_leaves_its_customer(engine: Engine) -> None:
    imports, bar = Imports(session_on(engine)), replace(FOO, external_id="A2", name="Bar Ltd")
    imports.make(_deals(deal(1, WON, date(2024, 1, 1))))
    moved = replace(deal(1, WON, date(2024, 1, 1)), customer="A2", account="Bar Ltd")
    imports.make(CustomerFile(name="deals.csv", records=(bar,), deals=(moved,)))
    assert [(one.external_id, one.status) for one in Customers(session_on(engine)).current()] == [
        ("A1", OPEN),
        ("A2", WON),
    ]


def test_customers_of_a_moment_stand_by_the_deals_of_that_moment(engine: Engine) -> None:
    Imports(session_on(engine)).make(_deals(deal(1, OPEN)))
    Imports(session_on(engine, now=LATER)).make(_deals(deal(1, WON, date(2025, 5, 2))))
    session = session_on(engine)
    assert [one.status for one in customers_as_of(session, NOW)] == [OPEN]
    assert [one.status for one in customers_as_of(session, LATER)] == [WON]


def test_customers_without_ids_are_found_by_name(engine: Engine) -> None:
    imports = Imports(session_on(engine))
    imports.make(
        _accounts(FOO, replace(FOO, external_id="A2", name="Twin"), replace(FOO, external_id="A3", name="TWIN"))
    )
    twin = replace(FOO, external_id="twin", name="twin")
    named = replace(FOO, external_id="FOO  ltd", name="FOO  ltd")
    deals = (replace(deal(1, WON), customer="FOO  ltd"), replace(deal(2, WON), customer="twin"))
    report = imports.make(CustomerFile(name="deals.csv", records=(named, twin), deals=deals, by_name=True))
    assert [one.customer for one in Deals(session_on(engine)).current()] == ["A1", None]
    assert (report.new, [one.external_id for one in report.changed]) == ((), ["A1"])
    assert report.file.notes == (
        "Several customers are called 'twin' (A2, A3): what the file says of that name is nobody's.",
    )


def test_deals_are_listed_by_customer_status_and_page(engine: Engine) -> None:
    other = replace(deal(3, WON), customer=None, account=None)
    Imports(session_on(engine)).make(_deals(deal(1, WON), deal(2, LOST), other))
    deals = Deals(session_on(engine))
    assert [one.external_id for one in deals.current(customer="A1")] == ["O1", "O2"]
    assert [one.external_id for one in deals.current(status=WON)] == ["O1", "O3"]
    assert [one.external_id for one in deals.current(after="O1", limit=1)] == ["O2"]
    assert Deals(session_on(engine, team="other")).current() == []


_FILES = st.one_of(
    st.dictionaries(st.sampled_from("12"), st.sampled_from([WON, OPEN, LOST]), min_size=1).map(
        lambda told: _deals(*(deal(int(number), status) for number, status in told.items()))
    ),
    st.sampled_from([WON, OPEN, LOST]).map(lambda status: _accounts(replace(FOO, status=status))),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(_FILES, min_size=1, max_size=4))
def test_undoing_every_import_walks_back_through_every_state(engine: Engine, files: list[CustomerFile]) -> None:
    with engine.connect() as connection:
        team = f"team {connection.execute(select(func.count()).select_from(deal_versions)).scalar_one()}"
        team += f" {len(Imports(session_on(engine)).all())} {id(files)}"
    session, states = session_on(engine, now=LATER, team=team), []
    for file in files:
        before = Customers(session).current(), Deals(session).current()
        number = Imports(session).make(file).import_id
        if number is not None:
            states.append((number, before))
    for number, before in reversed(states):
        undo_import(session, number)
        assert (Customers(session).current(), Deals(session).current()) == before
