from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from graphleads.crm.cell import RejectedRow
from graphleads.crm.change import CustomerChange, FieldChange
from graphleads.crm.comparing import EndedCustomer
from graphleads.crm.crm_file import read_customers
from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.deal import Deals
from graphleads.crm.importing import Imports
from graphleads.crm.record import Customers
from graphleads.crm.standing import customers_as_of
from graphleads.crm.undo import LeftCustomer, undo_import
from graphleads.db.change import Topic, read_changed
from graphleads.errors import CustomerNotFound, ValueInvalid
from graphleads.model import CustomerRecord, CustomerStatus, Deal
from graphleads.testing.session import session_on

NOW = datetime(2025, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SHORT, LONG = "0015g00000AbCdE", "0015g00000AbCdEAAV"

FOO = CustomerRecord(external_id="1", name="Foo", status=CustomerStatus.WON)
BAR = replace(FOO, external_id="2", name="Bar")
BAZ = replace(FOO, external_id="3", name="Baz")
DEAL = Deal(external_id="O1", customer="1", account="Foo", status=CustomerStatus.WON, amount=5.0)


def _file(*records: CustomerRecord) -> CustomerFile:
    return CustomerFile(name="crm.csv", records=records)


def _ids(engine: Engine) -> list[str]:
    return [one.external_id for one in Customers(session_on(engine)).current()]


def _read(tmp_path: Path, text: str) -> CustomerFile:
    (tmp_path / "crm.csv").write_text(text, encoding="utf-8")
    return read_customers(tmp_path / "crm.csv")


def test_a_customer_that_is_removed_has_been_one_and_can_come_back(engine: Engine) -> None:
    Imports(session_on(engine, now=NOW)).make(_file(FOO, BAR))
    report = Imports(session_on(engine, now=LATER)).remove(["1"], source="HTTP", why="moved away")
    assert report.ended == (EndedCustomer(external_id="1", name="Foo", why="moved away"),)
    assert _ids(engine) == ["2"]
    assert [(one.file, one.n_ended) for one in Imports(session_on(engine)).all()] == [("crm.csv", 0), ("HTTP", 1)]
    assert customers_as_of(session_on(engine), NOW) == [FOO, BAR]
    assert customers_as_of(session_on(engine), LATER) == [BAR]
    with engine.connect() as connection:
        assert read_changed(connection, "main", Topic.CUSTOMERS, since=1).keys == frozenset({"1"})
    with pytest.raises(CustomerNotFound, match="There is no customer '1'"):
        Imports(session_on(engine)).remove(["2", "1"], source="HTTP", why="removed")
    assert _ids(engine) == ["2"]
    assert Imports(session_on(engine)).make(_file(FOO)).new == ("1",)
    assert _ids(engine) == ["1", "2"]


def test_undoing_a_removal_gives_the_customer_back(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    Imports(session_on(engine)).remove(["1"], source="HTTP", why="removed")
    assert undo_import(session_on(engine), 2).restored == ("1",)
    assert Customers(session_on(engine)).current() == [FOO]


def test_undoing_what_came_before_a_removal_leaves_it(engine: Engine) -> None:
    Imports(session_on(engine)).make(_file(FOO))
    Imports(session_on(engine)).remove(["1"], source="HTTP", why="removed")
    undone = undo_import(session_on(engine), 1)
    assert undone.left == (LeftCustomer(external_id="1", import_id=2, file="HTTP"),)
    assert _ids(engine) == []


def test_a_file_that_is_all_there_is_ends_the_others(engine: Engine) -> None:
    imports = Imports(session_on(engine))
    imports.make(_file(FOO, BAR, BAZ))
    unread = replace(_file(FOO), rejected=(RejectedRow(row=3, external_id="3", reason="It has no name."),))
    told = (EndedCustomer(external_id="2", name="Bar", why="not in crm.csv, which is all there is"),)
    assert imports.preview(unread, complete=True).ended == told
    assert _ids(engine) == ["1", "2", "3"]
    report = imports.make(unread, complete=True)
    assert (report.ended, report.unchanged) == (told, ("1",))
    assert _ids(engine) == ["1", "3"]
    assert imports.make(unread, complete=True).import_id is None
    assert imports.make(unread).ended == ()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (_file(), "crm.csv has nothing, and is not taken for all there is"),
        (
            replace(_file(FOO), rejected=(RejectedRow(row=3, external_id=None, reason="It has no id."),)),
            r"nobody knows whose 1 of its rows are \(row 3\)",
        ),
    ],
)
def test_a_file_that_cannot_be_all_there_is_is_refused(engine: Engine, file: CustomerFile, message: str) -> None:
    Imports(session_on(engine)).make(_file(FOO, BAR))
    with pytest.raises(ValueInvalid, match=message):
        Imports(session_on(engine)).make(file, complete=True)
    assert _ids(engine) == ["1", "2"]


def test_deals_that_a_whole_file_lacks_end_and_count_no_more(engine: Engine) -> None:
    imports, account = Imports(session_on(engine)), replace(FOO, status=CustomerStatus.OPEN)
    lost = replace(DEAL, external_id="O2", status=CustomerStatus.LOST, amount=None)
    imports.make(CustomerFile(name="deals.csv", records=(account,), deals=(DEAL, lost)))
    imports.make(_file(BAR))
    whole = CustomerFile(name="deals.csv", records=(account,), deals=(lost,))
    report = imports.make(whole, complete=True)
    assert report.deals is not None
    assert (report.deals.ended, report.ended) == (("O1",), ())
    assert Deals(session_on(engine)).current() == [lost]
    assert [(one.external_id, one.status) for one in Customers(session_on(engine)).current()] == [
        ("1", CustomerStatus.LOST),
        ("2", CustomerStatus.WON),
    ]
    assert undo_import(session_on(engine), 3).restored_deals == ("O1",)
    assert Customers(session_on(engine)).get("1").value == 5.0


def test_what_the_crm_deleted_or_merged_ends(engine: Engine, tmp_path: Path) -> None:
    imports = Imports(session_on(engine))
    imports.make(_file(FOO, BAR, BAZ, replace(FOO, external_id="4", name="Quux")))
    file = _read(
        tmp_path,
        "Id,Name,Status,IsDeleted,MasterRecordId,Merged Company IDs\n"
        "1,Foo,won,true,,\n2,Bar,won,true,4,\n4,Quux,won,false,,3;9\n8,New,won,1,,\n",
    )
    report = imports.make(file)
    assert [(one.external_id, one.why) for one in report.ended] == [
        ("1", "deleted in the CRM"),
        ("2", "merged into 4"),
        ("3", "merged into 4"),
    ]
    assert (report.new, _ids(engine)) == ((), ["4"])
    assert Customers(session_on(engine)).get("4").custom == {}


def test_deleted_deals_end(engine: Engine, tmp_path: Path) -> None:
    imports = Imports(session_on(engine))
    text = "Opportunity ID,Account ID,Account Name,Stage,IsDeleted\nO1,1,Foo,Closed Won,{}\n"
    imports.make(_read(tmp_path, text.format("false")))
    assert Customers(session_on(engine)).get("1").status is CustomerStatus.WON
    report = imports.make(_read(tmp_path, text.format("true")))
    assert report.deals is not None
    assert report.deals.ended == ("O1",)
    assert (Deals(session_on(engine)).current(), Customers(session_on(engine)).get("1").status) == (
        [],
        CustomerStatus.OPEN,
    )


def test_the_two_forms_of_an_id_are_one_customer(engine: Engine) -> None:
    imports, first = Imports(session_on(engine)), replace(FOO, external_id=SHORT)
    imports.make(_file(first))
    imports.make(CustomerFile(name="deals.csv", records=(), deals=(replace(DEAL, customer=LONG),)))
    lost = replace(FOO, external_id=LONG, status=CustomerStatus.LOST)
    report = imports.make(_file(lost))
    change = FieldChange(field="account status", old="won", new="lost")
    assert (report.new, report.changed) == ((), (CustomerChange(external_id=SHORT, fields=(change,)),))
    assert Customers(session_on(engine)).get(LONG) == replace(first, status=CustomerStatus.WON, value=5.0)
    assert [one.customer for one in Deals(session_on(engine)).current(customer=LONG)] == [SHORT]
    assert imports.make(_file(lost), complete=True).ended == ()
    imports.remove([LONG], source="HTTP", why="removed")
    assert _ids(engine) == []


def test_deals_find_their_customer_in_the_other_form_whichever_came_first(engine: Engine) -> None:
    imports = Imports(session_on(engine))
    imports.make(CustomerFile(name="deals.csv", records=(), deals=(replace(DEAL, customer=SHORT),)))
    imports.make(_file(replace(FOO, external_id=LONG, status=CustomerStatus.OPEN)))
    assert Customers(session_on(engine)).get(SHORT).value == 5.0


def test_one_file_with_both_forms_has_one_customer(tmp_path: Path) -> None:
    file = _read(tmp_path, f"Account ID,Account Name,Status\n{SHORT},Foo,won\n{LONG},Foo,won\n")
    assert [one.external_id for one in file.records] == [SHORT]
    assert [one.reason for one in file.rejected] == [f"Its id {LONG!r} is that of row 2 already."]
