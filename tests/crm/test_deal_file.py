from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from graphleads.crm.crm_file import read_customers
from graphleads.crm.customer_file import CustomerFile
from graphleads.errors import FormatChanged
from graphleads.model import CustomerRecord, CustomerStatus, Deal

WON, OPEN, LOST = CustomerStatus.WON, CustomerStatus.OPEN, CustomerStatus.LOST


def _read(tmp_path: Path, text: str, mapping: str | None = None) -> CustomerFile:
    (tmp_path / "deals.csv").write_text(text, encoding="utf-8")
    if mapping is None:
        return read_customers(tmp_path / "deals.csv")
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    return read_customers(tmp_path / "deals.csv", tmp_path / "m.yaml")


def test_every_row_is_a_deal_and_every_account_a_customer(tmp_path: Path) -> None:
    file = _read(
        tmp_path,
        "Opportunity ID,Opportunity Name,Account ID,Account Name,Billing Country,Stage,Amount,Currency,Probability (%),"
        "Created Date,Close Date,Opportunity Owner,Product Name,Lead Source,Contact Email\n"
        'O1,Roof,A1,Foo Ltd,UK,Closed Won,"1,250.50",gbp,100,1/2/2025,2/13/2025,Ann,Tiles,Fair,x@foo.example\n'
        "O2,Wall,A1,Foo Ltd,UK,Prospecting,900,GBP,10,,7/1/2026,Bob,,,\n",
    )
    assert file.deals == (
        Deal(
            external_id="O1", customer="A1", account="Foo Ltd", name="Roof", product="Tiles", stage="Closed Won",
            status=WON, amount=1250.5, currency="GBP", probability=1.0, opened_on=date(2025, 1, 2),
            closed_on=date(2025, 2, 13), owner="Ann", custom={"Lead Source": "Fair"},
        ),
        Deal(
            external_id="O2", customer="A1", account="Foo Ltd", name="Wall", stage="Prospecting", status=OPEN,
            amount=900.0, currency="GBP", probability=0.1, expected_on=date(2026, 7, 1), owner="Bob",
        ),
    )  # fmt: skip
    assert file.records == (CustomerRecord(external_id="A1", name="Foo Ltd", status=OPEN, jurisdiction="GB"),)
    assert (file.rejected, file.by_name, file.dropped_personal) == ((), False, {"Contact Email": 1})


@pytest.mark.parametrize(
    ("text", "deal"),
    [
        (  # Salesforce's API
            "Id,AccountId,Name,StageName,IsWon,IsClosed,CloseDate\n006A,001A,Roof,Verbal,false,true,2025-02-13\n",
            Deal(
                external_id="006A", customer="001A", name="Roof", stage="Verbal", status=LOST,
                closed_on=date(2025, 2, 13),
            ),
        ),
        (  # HubSpot
            "Record ID,Deal Name,Deal Stage,Associated Company,Associated Company IDs,Close Date,Deal owner\n"
            "77,Roof,closedwon,Foo Ltd,12;13,2025-02-13 10:00,Ann\n",
            Deal(
                external_id="77", customer="12", account="Foo Ltd", name="Roof", stage="closedwon", status=WON,
                closed_on=date(2025, 2, 13), owner="Ann",
            ),
        ),
        (  # Pipedrive
            "Deal - ID,Deal - Title,Deal - Status,Deal - Stage,Deal - Organization,Deal - Lost time,Deal - Value\n"
            "5,Roof,Lost,Negotiation,Foo Ltd,2025-02-13,10\n",
            Deal(
                external_id="5", customer="Foo Ltd", account="Foo Ltd", name="Roof", stage="Negotiation", status=LOST,
                amount=10.0, closed_on=date(2025, 2, 13),
            ),
        ),
        (  # Odoo, which exports no ids
            "Opportunity,Customer,Expected Revenue,Stage,Probability\nRoof,Foo Ltd,10,Won,100\n",
            Deal(
                external_id="Foo Ltd/Roof", customer="Foo Ltd", account="Foo Ltd", name="Roof", stage="Won", status=WON,
                amount=10.0, probability=1.0,
            ),
        ),
        (
            "商机编号,商机名称,客户名称,销售阶段,商机金额,预计成交日期,负责人\nS1,屋顶,示例有限公司,赢单,10万,2025-02-13,王\n",
            Deal(
                external_id="S1", customer="示例有限公司", account="示例有限公司", name="屋顶", stage="赢单",
                status=WON,
                amount=100000.0, expected_on=date(2025, 2, 13), closed_on=date(2025, 2, 13), owner="王",
            ),
        ),
    ],
)  # fmt: skip
def test_the_stock_exports_of_crms_are_read(tmp_path: Path, text: str, deal: Deal) -> None:
    assert _read(tmp_path, text).deals == (deal,)


def test_rows_of_one_customer_with_stages_are_deals_without_ids(tmp_path: Path) -> None:
    file = _read(
        tmp_path, "ID,Name,Stage,Amount\nA1,Foo Ltd,Closed Lost,1\nA2,Bar Ltd,Won,2\nA1,Foo Ltd,Closed Won,3\n"
    )
    assert [(one.external_id, one.customer, one.status, one.amount) for one in file.deals] == [
        ("A1/1", "A1", LOST, 1.0),
        ("A2/1", "A2", WON, 2.0),
        ("A1/2", "A1", WON, 3.0),
    ]
    assert [one.external_id for one in file.records] == ["A1", "A2"]
    alone = _read(tmp_path, "ID,Name,Stage,Amount\nA1,Foo Ltd,Closed Lost,1\nA2,Bar Ltd,Won,2\n")
    assert (alone.deals, [one.status for one in alone.records]) == ((), [LOST, WON])


def test_a_customer_known_by_name_is_one_in_every_spelling(tmp_path: Path) -> None:
    file = _read(tmp_path, "Deal ID,Company,Stage\n1,Foo  Ltd,won\n2,FOO LTD,lost\n3,,won\n")
    assert [(one.external_id, one.customer) for one in file.deals] == [
        ("1", "Foo Ltd"),
        ("2", "Foo Ltd"),
        ("3", None),
    ]
    assert [one.name for one in file.records] == ["Foo Ltd"]
    assert file.by_name
    assert file.notes == ("1 deals name no customer: they are kept, and count for none.",)


def test_what_cannot_be_read_is_kept_as_written_and_loses_no_deal(tmp_path: Path) -> None:
    file = _read(
        tmp_path,
        "Deal ID,Company ID,Company,Stage,Amount,Currency,Probability,Close Date\n"
        "1,A,Foo,Handshake,much,Taler,maybe,soon\n1,A,Foo,won,,,,\n,A,Foo,won,,,,\n",
    )
    (deal,) = file.deals
    assert (deal.status, deal.stage) == (OPEN, "Handshake")
    assert deal.custom == {"Amount": "much", "Currency": "Taler", "Probability": "maybe", "Close Date": "soon"}
    assert [(one.row, one.reason) for one in file.rejected] == [
        (3, "Its id '1' is that of row 2 already."),
        (4, "It has no id: column 'Deal ID' is empty."),
    ]
    assert file.notes == (
        "Column 'Amount', 1 times: not read as an amount that reads one way only, kept as written.",
        "Column 'Close Date', 1 times: not read as a day that reads one way only, kept as written.",
        "Column 'Currency', 1 times: not read as a currency, three letters of ISO 4217, kept as written.",
        "Column 'Probability', 1 times: not read as a probability, kept as written.",
        "1 deals are taken as open, because nothing says what their stage means ('Handshake'): say it under `status` "
        "in a mapping.",
    )


def test_a_mapping_says_what_the_headers_do_not(tmp_path: Path) -> None:
    told = "deals: {external_id: Vorgang, account: Firma, stage: Phase}\nstatus: {won: Auftrag}\n"
    (deal,) = _read(tmp_path, "Vorgang;Firma;Phase\n1;Foo GmbH;Auftrag\n", told).deals
    assert (deal.external_id, deal.customer, deal.status) == ("1", "Foo GmbH", WON)
    told = "columns: {external_id: Kunde, name: Kunde, status: Phase, value: Summe, won_on: Ende}\n"
    (deal,) = _read(tmp_path, "Deal ID;Kunde;Phase;Summe;Ende\n1;Foo GmbH;won;5;2025-02-13\n", told).deals
    assert (deal.customer, deal.status, deal.amount, deal.closed_on) == ("Foo GmbH", WON, 5.0, date(2025, 2, 13))


def test_deals_of_nobody_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatChanged, match=r"deals\.csv has no column for the customer that a deal is with"):
        _read(tmp_path, "Vorgang,Phase\n1,won\n", "deals: {external_id: Vorgang, stage: Phase}\n")


def test_a_frame_of_deals_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"Deal ID": [1], "Company ID": ["A"], "Stage": ["won"], "Close Date": [pd.Timestamp(2025, 2, 13)]}
    )
    (deal,) = read_customers(frame).deals
    assert (deal.external_id, deal.customer, deal.closed_on) == ("1", "A", date(2025, 2, 13))
