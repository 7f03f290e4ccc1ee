from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from graphleads.crm.cell import RejectedRow
from graphleads.crm.change import CustomerChange, FieldChange
from graphleads.crm.crm_file import read_customers
from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.importing import Imports, preview_first
from graphleads.crm.record import Customers
from graphleads.crm.standing import customers_as_of
from graphleads.crm.undo import LeftCustomer, undo_import
from graphleads.db.schema import customer_versions
from graphleads.errors import Conflict, CustomerNotFound, NotFound, StatusUnsaid
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.testing.session import session_on

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

FOO = CustomerRecord(
    external_id="001",
    name="Foo 示例",
    status=CustomerStatus.WON,
    identifiers=(("GB-COH", "01234567"), ("", "77")),
    jurisdiction="GB",
    locality="Leeds",
    region="West Yorkshire",
    postcode="LS1 4AP",
    website="foo.example",
    email_domain="foo.example",
    phone="+44 113 496 0000",
    owner="Ann",
    value=1234.56,
    won_on=date(2023, 5, 9),
    custom={"Industry": "Steel"},
)
BAR = CustomerRecord(external_id="2", name="Bar", status=CustomerStatus.OPEN, owner="Bob")


def _file(*records: CustomerRecord) -> CustomerFile:
    return CustomerFile(name="crm.csv", records=records)


def _one_change(external_id: str, field: str, old: str, new: str) -> tuple[CustomerChange, ...]:
    return (CustomerChange(external_id=external_id, fields=(FieldChange(field=field, old=old, new=new),)),)


def _n_versions(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(customer_versions)).scalar_one()


def test_new_customers_come_back_as_they_were_read(engine: Engine) -> None:
    report = Imports(session_on(engine)).make(_file(BAR, FOO))
    assert (report.import_id, report.new, report.changed, report.unchanged) == (1, ("001", "2"), (), ())
    assert Customers(session_on(engine)).current() == [FOO, BAR]
    assert Customers(session_on(engine)).get("001") == FOO


def test_the_same_file_again_changes_nothing(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO, BAR))
    report = Imports(session_on(engine, now=LATER)).make(_file(FOO, BAR))
    assert (report.import_id, report.new, report.changed, report.unchanged) == (None, (), (), ("001", "2"))
    assert _n_versions(engine) == 2
    assert len(Imports(session_on(engine)).all()) == 1


def test_a_changed_customer_gets_a_version_and_an_absent_one_stays(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO, BAR))
    moved = replace(FOO, locality="York", owner="Cleo")
    report = Imports(session_on(engine, now=LATER)).make(_file(moved))
    assert report.changed == (
        CustomerChange(
            external_id="001",
            fields=(
                FieldChange(field="locality", old="Leeds", new="York"),
                FieldChange(field="owner", old="Ann", new="Cleo"),
            ),
        ),
    )
    assert Customers(session_on(engine)).current() == [moved, BAR]
    assert _n_versions(engine) == 3


def test_a_dry_run_writes_nothing(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    report = Imports(session_on(engine)).preview(_file(replace(FOO, name="Foo Ltd"), BAR))
    assert (report.import_id, report.new) == (None, ("2",))
    assert report.changed == _one_change("001", "name", "Foo 示例", "Foo Ltd")
    assert Customers(session_on(engine)).current() == [FOO]


def test_rejected_rows_are_in_the_report_and_counted(engine: Engine) -> None:
    rejected = (RejectedRow(row=3, external_id=None, reason="It has no id."),)
    report = Imports(session_on(engine)).make(replace(_file(FOO), rejected=rejected))
    assert report.rejected == rejected
    (made,) = Imports(session_on(engine)).all()
    assert (made.file, made.imported_at, made.n_new, made.n_rejected, made.undone_at) == ("crm.csv", NOW, 1, 1, None)


def test_undoing_an_import_gives_back_what_was_before(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    Imports(session_on(engine, now=LATER)).make(_file(replace(FOO, name="Foo Ltd"), BAR))
    undone = undo_import(session_on(engine, now=LATER), 2)
    assert (undone.id, undone.undone_at) == (2, LATER)
    assert Customers(session_on(engine)).current() == [FOO]
    again = Imports(session_on(engine, now=LATER)).make(_file(BAR))
    assert again.new == ("2",)
    assert Customers(session_on(engine)).current() == [FOO, BAR]


def test_an_import_is_undone_by_itself_and_once(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    Imports(session_on(engine, now=LATER)).make(_file(BAR))
    undone = undo_import(session_on(engine, now=LATER, by="Bob"), 1)
    assert (undone.restored, undone.removed, undone.left) == ((), ("001",), ())
    with pytest.raises(Conflict, match="Import 1 was undone already, by Bob on 2024-05-02 09:30 UTC"):
        undo_import(session_on(engine, now=LATER), 1)
    assert Customers(session_on(engine)).current() == [BAR]
    undo_import(session_on(engine, now=LATER), 2)
    assert Customers(session_on(engine)).current() == []


def test_undoing_takes_back_row_by_row_and_says_what_it_left(engine: Engine) -> None:
    renamed = replace(FOO, name="Foo Ltd")
    Imports(session_on(engine)).make(_file(FOO))
    Imports(session_on(engine)).make(replace(_file(renamed, BAR), name="second.csv"))
    won = replace(BAR, status=CustomerStatus.WON)
    Imports(session_on(engine, now=LATER)).put(won, source="HTTP")

    undone = undo_import(session_on(engine, now=LATER), 2)

    assert (undone.restored, undone.removed) == (("001",), ())
    assert undone.left == (LeftCustomer(external_id="2", import_id=3, file="HTTP"),)
    assert Customers(session_on(engine)).current() == [FOO, won]
    undone = undo_import(session_on(engine, now=LATER), 3)
    assert (undone.restored, undone.removed, undone.left) == ((), ("2",), ())
    assert Customers(session_on(engine)).current() == [FOO]


def test_what_a_later_file_found_as_it_was_stays(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO, BAR))
    third = replace(BAR, external_id="3")
    Imports(session_on(engine, now=LATER)).make(replace(_file(FOO, third), name="second.csv"))

    undone = undo_import(session_on(engine, now=LATER), 1)

    assert (undone.removed, undone.left) == (("2",), (LeftCustomer(external_id="001", import_id=2, file="second.csv"),))
    assert Customers(session_on(engine)).current() == [FOO, third]
    assert undo_import(session_on(engine, now=LATER), 2).removed == ("001", "3")
    assert Customers(session_on(engine)).current() == []


def test_customers_are_those_of_a_moment(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    Imports(session_on(engine, now=LATER)).make(_file(replace(FOO, name="Foo Ltd"), BAR))
    undo_import(session_on(engine, now=LATER + timedelta(days=1)), 2)

    session = session_on(engine)
    assert Customers(session).current() == [FOO]
    assert customers_as_of(session, NOW - timedelta(seconds=1)) == []
    assert customers_as_of(session, NOW) == [FOO]
    assert customers_as_of(session, LATER) == [replace(FOO, name="Foo Ltd"), BAR]
    assert customers_as_of(session, LATER + timedelta(days=1)) == [FOO]


def test_there_is_nothing_to_undo(engine: Engine) -> None:
    Imports(session_on(engine, team="other")).make(_file(FOO))
    with pytest.raises(NotFound, match="There is no import 1"):
        undo_import(session_on(engine, now=LATER), 1)


def test_teams_have_their_own_customers(engine: Engine) -> None:
    Imports(session_on(engine, team="north")).make(_file(FOO))
    Imports(session_on(engine, team="south")).make(_file(replace(FOO, name="Foo South")))
    assert [one.name for one in Customers(session_on(engine, team="north")).current()] == ["Foo 示例"]
    assert [one.name for one in Customers(session_on(engine, team="south")).current()] == ["Foo South"]
    with pytest.raises(CustomerNotFound, match="There is no customer '001'"):
        Customers(session_on(engine)).get("001")


def test_duplicates_are_looked_for_among_all_customers(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    twin = replace(BAR, identifiers=(("GB-COH", "1234567"),))
    report = Imports(session_on(engine, now=LATER)).make(_file(twin))
    assert [one.external_ids for one in report.duplicates] == [("001", "2")]


def test_duplicates_that_a_file_has_nothing_to_do_with_are_not_repeated(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO, replace(FOO, external_id="003")))
    assert Imports(session_on(engine, now=LATER)).make(_file(BAR)).duplicates == ()


def test_what_a_file_has_no_column_for_stays_and_undoing_gives_it_back(engine: Engine) -> None:
    stored = replace(FOO, status=CustomerStatus.OPEN, won_on=None)
    Imports(session_on(engine)).make(_file(stored, BAR))
    partial = pd.DataFrame([["001", "Foo GmbH", ""]], columns=["ID", "Name", "City"])
    report = Imports(session_on(engine, now=LATER)).make(read_customers(partial))
    assert report.changed == (
        CustomerChange(
            external_id="001",
            fields=(
                FieldChange(field="name", old="Foo 示例", new="Foo GmbH"),
                FieldChange(field="locality", old="Leeds", new=None),
            ),
        ),
    )
    assert report.file.notes == ("No column says how customers stand: they stay as they are.",)
    assert Customers(session_on(engine)).current() == [replace(stored, name="Foo GmbH", locality=None), BAR]
    undo_import(session_on(engine, now=LATER), 2)
    assert Customers(session_on(engine)).current() == [stored, BAR]


def test_nobody_new_is_taken_for_won_where_nothing_says_it(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    unsaid = pd.DataFrame([["001", "Foo"], ["9", "New"]], columns=["ID", "Name"])
    for import_it in (Imports(session_on(engine)).make, Imports(session_on(engine)).preview, preview_first):
        with pytest.raises(
            StatusUnsaid, match="its columns are ID, Name: name the column with --status-of COLUMN"
        ) as asked:
            import_it(read_customers(unsaid))
    assert asked.value.__notes__ == [
        "In Python: ws.import_customers(…, status_of=column), or status_of=won, open or lost for all of them."
    ]
    assert Customers(session_on(engine)).current() == [FOO]
    said = Imports(session_on(engine, now=LATER)).make(read_customers(unsaid, status_of="open"))
    assert said.new == ("9",)
    assert Customers(session_on(engine)).get("9").status is CustomerStatus.OPEN


def test_columns_that_are_there_clear_what_they_leave_empty(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(replace(FOO, identifiers=(("GB-COH", "01234567"), ("XI-LEI", "L")))))
    cleared = pd.DataFrame(
        [["001", "Foo 示例", "won", None, None, None, None]],
        columns=["ID", "Name", "Status", "Owner", "Companies House Number", "Industry", "Amount"],
    )
    report = Imports(session_on(engine, now=LATER)).make(read_customers(cleared))
    assert report.changed[0].fields == (
        FieldChange(field="owner", old="Ann", new=None),
        FieldChange(field="value", old="1234.56", new=None),
        FieldChange(field="custom Industry", old="Steel", new=None),
        FieldChange(field="identifier GB-COH", old="01234567", new=None),
    )
    assert Customers(session_on(engine)).current() == [
        replace(FOO, owner=None, value=None, custom={}, identifiers=(("XI-LEI", "L"),))
    ]


def test_a_file_of_some_columns_again_changes_nothing(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    some = pd.DataFrame([["001", "Foo 示例", "77", "Leeds"]], columns=["ID", "Name", "Company Number", "City"])
    assert Imports(session_on(engine, now=LATER)).make(read_customers(some)).unchanged == ("001",)


def test_a_day_of_winning_does_not_come_to_customers_that_are_not_won(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(BAR))
    dated = pd.DataFrame([["2", "Bar", "2023-05-09"]], columns=["ID", "Name", "Close Date"])
    assert Imports(session_on(engine, now=LATER)).make(read_customers(dated)).unchanged == ("2",)


def test_a_custom_column_called_as_a_field_does_not_hide_a_change(engine: Engine) -> None:
    named = replace(BAR, custom={"name": "x"})
    Imports(session_on(engine)).make(_file(named))
    report = Imports(session_on(engine, now=LATER)).make(_file(replace(named, name="Bar Ltd")))
    assert report.changed == _one_change("2", "name", "Bar", "Bar Ltd")


def test_without_a_database_everything_would_be_new() -> None:
    assert preview_first(_file(FOO, BAR)).new == ("001", "2")


_RECORDS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["A", "B", "C"]), max_size=4).map(
    lambda names: _file(
        *(CustomerRecord(external_id=key, name=name, status=CustomerStatus.WON) for key, name in names.items())
    )
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(_RECORDS, min_size=1, max_size=4))
def test_undoing_every_import_walks_back_through_every_state(engine: Engine, files: list[CustomerFile]) -> None:
    team = f"team {_n_versions(engine)}"
    states = []
    for file in files:
        before = Customers(session_on(engine, team=team)).current()
        number = Imports(session_on(engine, team=team)).make(file).import_id
        if number is not None:
            states.append((number, before))
    for number, before in reversed(states):
        undo_import(session_on(engine, now=LATER, team=team), number)
        assert Customers(session_on(engine, team=team)).current() == before
    assert Customers(session_on(engine, team=team)).current() == []


def test_one_customer_comes_in_as_an_import_of_its_own_that_can_be_undone(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    new = Imports(session_on(engine)).put(BAR, source="HTTP")
    assert (new.import_id, new.new) == (2, ("2",))
    assert Imports(session_on(engine)).put(BAR, source="HTTP").import_id is None
    won = Imports(session_on(engine, now=LATER)).put(replace(BAR, status=CustomerStatus.WON), source="HTTP")
    assert won.changed == _one_change("2", "status", "open", "won")
    assert [one.file for one in Imports(session_on(engine)).all()] == ["crm.csv", "HTTP", "HTTP"]
    undo_import(session_on(engine, now=LATER), 3)
    assert Customers(session_on(engine)).current() == [FOO, BAR]


@pytest.mark.parametrize(("given", "kept"), [("Mail.Foo.co.uk", "foo.co.uk"), ("hotmail.fr", None)])
def test_a_customer_keeps_the_domain_that_was_registered(engine: Engine, given: str, kept: str | None) -> None:
    customer = replace(BAR, email_domain=given)
    Imports(session_on(engine)).put(customer, source="HTTP")
    assert Customers(session_on(engine)).get(BAR.external_id).email_domain == kept
    assert Imports(session_on(engine)).put(customer, source="HTTP").unchanged == (BAR.external_id,)
