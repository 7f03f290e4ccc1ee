from __future__ import annotations

import gzip
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from graphleads.crm import cell as customer_cells
from graphleads.crm.cell import RejectedRow
from graphleads.crm.crm_file import read_customers
from graphleads.crm.customer_file import CustomerFile
from graphleads.errors import FileUnreadable, FormatChanged, FormatMismatch, GraphLeadsError
from graphleads.model import CustomerRecord, CustomerStatus

SALESFORCE = (
    '"Account ID","Account Name","Account Owner","Billing Country","Billing City","Billing Zip","Website","Phone",'
    '"Stage","Amount","Close Date","Industry","Primary Contact","Contact Email"\n'
    '"0015g00000AbCdE","Foo & Sons Ltd","Ann Lee","United Kingdom","Leeds","LS1 4AP","www.foo.example",'
    '"+44 113 496 0000","Closed Won","GBP 12,500.50","13/05/2023","Steel","Joe Doe","joe.doe@Foo.example"\n'
    '"0015g00000AbCdF","Bar Inc","Bob","USA","","02134","","","Negotiation/Review","","06/01/2024","","",""\n'
)

HUBSPOT = (
    "Record ID,Company name,Company owner,Country/Region,City,Postal Code,Company Domain Name,Lifecycle Stage,"
    "Total Revenue,Number of Employees\n"
    "901,Exemplo S.A.,Ana,Brazil,São Paulo,01000-000,exemplo.example,Customer,1000,50\n"
    "902,Outra Ltda,Ana,Brazil,Recife,,outra.example,Marketing Qualified Lead,,\n"
)

CHINESE = """\
客户编号\t公司名称\t统一社会信用代码\t负责人\t状态\t城市\t国家\t电话\t网站\t成交日期\t金额\t联系人\t手机
K001\t示例钢铁有限公司\t91110000600007156L\t王经理\t成交\t北京\t中国\t010-5550100\twww.example.cn\t2023年5月9日\t12.5万\t李某\t13800000000
K002\t样本贸易有限公司\t\t王经理\t流失\t上海\t中国\t\t\t\t\t\t
"""


def _read(tmp_path: Path, text: str, encoding: str = "utf-8", mapping: str | None = None) -> CustomerFile:
    (tmp_path / "crm.csv").write_bytes(text.encode(encoding))
    if mapping is None:
        return read_customers(tmp_path / "crm.csv")
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return read_customers(tmp_path / "crm.csv", tmp_path / "mapping.yaml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_salesforce_export(tmp_path: Path, encoding: str) -> None:
    file = _read(tmp_path, SALESFORCE, encoding)
    assert file.records == (
        CustomerRecord(
            external_id="0015g00000AbCdE",
            name="Foo & Sons Ltd",
            status=CustomerStatus.WON,
            jurisdiction="GB",
            locality="Leeds",
            postcode="LS1 4AP",
            website="www.foo.example",
            email_domain="foo.example",
            phone="+44 113 496 0000",
            owner="Ann Lee",
            value=12500.5,
            won_on=date(2023, 5, 13),
            custom={"Industry": "Steel"},
        ),
        CustomerRecord(
            external_id="0015g00000AbCdF",
            name="Bar Inc",
            status=CustomerStatus.OPEN,
            jurisdiction="US",
            postcode="02134",
            owner="Bob",
        ),
    )
    assert (file.rejected, file.notes, file.custom) == ((), (), ("Industry",))
    assert file.dropped_personal == {"Primary Contact": 1, "Contact Email": 1}
    assert "Doe" not in repr(file.records)


def test_a_hubspot_export(tmp_path: Path) -> None:
    file = _read(tmp_path, HUBSPOT)
    assert file.records == (
        CustomerRecord(
            external_id="901",
            name="Exemplo S.A.",
            status=CustomerStatus.WON,
            jurisdiction="BR",
            locality="São Paulo",
            postcode="01000-000",
            website="exemplo.example",
            owner="Ana",
            custom={"Total Revenue": "1000", "Number of Employees": "50"},
        ),
        CustomerRecord(
            external_id="902",
            name="Outra Ltda",
            status=CustomerStatus.OPEN,
            jurisdiction="BR",
            locality="Recife",
            website="outra.example",
            owner="Ana",
        ),
    )
    assert file.columns == {
        "external_id": "Record ID",
        "name": "Company name",
        "status": "Lifecycle Stage",
        "country": "Country/Region",
        "locality": "City",
        "postcode": "Postal Code",
        "website": "Company Domain Name",
        "owner": "Company owner",
    }
    assert file.custom == ("Total Revenue", "Number of Employees")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_chinese_export(tmp_path: Path, encoding: str) -> None:
    file = _read(tmp_path, CHINESE, encoding)
    assert file.records == (
        CustomerRecord(
            external_id="K001",
            name="示例钢铁有限公司",
            status=CustomerStatus.WON,
            identifiers=(("CN-USCI", "91110000600007156L"),),
            jurisdiction="CN",
            locality="北京",
            website="www.example.cn",
            phone="010-5550100",
            owner="王经理",
            value=125_000.0,
            won_on=date(2023, 5, 9),
        ),
        CustomerRecord(
            external_id="K002",
            name="样本贸易有限公司",
            status=CustomerStatus.LOST,
            jurisdiction="CN",
            locality="上海",
            owner="王经理",
        ),
    )
    assert file.dropped_personal == {"联系人": 1, "手机": 1}
    guessed = ("crm.csv is not UTF-8 and was read as gb18030: if names look wrong, say `encoding` in a mapping.",)
    assert file.notes == (() if encoding == "utf-8" else guessed)


def test_bad_rows_are_left_out_with_a_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    text = (
        "Customer ID,Company,Status,Won Date\n"  # 1
        "1,Foo,won,2023-01-31\n"  # 2
        ",No Id,won,\n"  # 3
        "2,,won,\n"  # 4
        "1,Foo Again,won,\n"  # 5
        "客户编号,客户名称,状态,成交日期\n"  # 6
        "6,Few Fields\n"  # 7
        ",,,\n"
        "7,Last,open,never\n"
    )
    file = _read(tmp_path, text)
    assert [record.external_id for record in file.records] == ["1", "7"]
    assert file.rejected == (
        RejectedRow(row=3, external_id=None, reason="It has no id: column 'Customer ID' is empty."),
        RejectedRow(row=4, external_id="2", reason="It has no name: column 'Company' is empty."),
        RejectedRow(row=5, external_id="1", reason="Its id '1' is that of row 2 already."),
        RejectedRow(row=6, external_id="客户编号", reason="It is a second header row."),
        RejectedRow(row=7, external_id=None, reason="The row has not as many fields as the header: it is left out."),
    )
    assert file.notes == ()


def test_a_row_with_an_id_and_a_name_is_a_customer_whatever_its_other_cells_are(tmp_path: Path) -> None:
    text = (
        "Customer ID,Company,Status,Won Date,Country,Amount,Owner\n"
        "1,Foo,won,2023-01-31,GB,12,Ann\n"
        "2,Bar,perhaps,,,,\n"
        "3,Baz,,,,,\n"
        "4,Qux,won,31 June 2023,Narnia,a lot,Ann\n"
        "5,Quux,won,0000-00-00,N/A,-,n/a\n"
        f"6,Long,won,,,,{'a' * 65_537}\n"
    )
    file = _read(tmp_path, text)
    assert file.rejected == ()
    assert [(one.external_id, one.status.value) for one in file.records] == [
        *(("1", "won"), ("2", "open"), ("3", "open"), ("4", "won"), ("5", "won"), ("6", "won"))
    ]
    assert [one.custom for one in file.records[1:4]] == [
        {"Status": "perhaps"},
        {},
        {"Won Date": "31 June 2023", "Country": "Narnia", "Amount": "a lot"},
    ]
    empty = file.records[4]
    assert (empty.won_on, empty.jurisdiction, empty.value, empty.owner, empty.custom) == (None, None, None, None, {})
    assert file.notes == (
        "Column 'Owner', row 7 (1 times): It is longer than 65,536 bytes. What is stored stays.",
        "Column 'Country', 1 times: not read as a country, kept as written.",
        "Column 'Status', 1 times: not read as a status, taken as open: never a lead, and nothing to look around, "
        "kept as written.",
        "Column 'Amount', 1 times: not read as an amount that reads one way only, kept as written.",
        "Column 'Won Date', 1 times: not read as a day that reads one way only (say `date_format` in a mapping), "
        "kept as written.",
        "The known statuses nearest to 'perhaps' are perdida (lost), proposta (open), proposal (open).",
        "The statuses that are known, and how to say others, are in docs/customers.md.",
        "Column 'Status', 1 times: empty, taken as open.",
    )


def test_a_file_without_a_status_column_says_nothing_of_it(tmp_path: Path) -> None:
    file = _read(tmp_path, "ID;Name\n007;Foo\n")
    assert file.records[0].external_id == "007"
    assert file.question == "No column of crm.csv surely says how its customers stand: its columns are ID, Name."
    assert file.scope is not None
    assert "status" not in file.scope.fields


def test_cells_that_cannot_be_read_are_kept_as_written_and_counted(tmp_path: Path) -> None:
    file = _read(
        tmp_path, "ID,Name,Status,Country,Amount,Close Date\n1,A,won,Narnia,much,3/4/2023\n2,B,won,Oz,,5/5/2023\n"
    )
    assert file.records[0].custom == {"Country": "Narnia", "Amount": "much", "Close Date": "3/4/2023"}
    assert file.records[1].won_on == date(2023, 5, 5)
    assert file.notes == (
        "Column 'Country', 2 times: not read as a country, kept as written.",
        "Column 'Amount', 1 times: not read as an amount that reads one way only, kept as written.",
        "Column 'Close Date', 1 times: not read as a day that reads one way only (say `date_format` in a mapping), "
        "kept as written.",
    )


def test_amounts_are_read_in_the_light_of_the_column_and_the_country(tmp_path: Path) -> None:
    german = _read(tmp_path, "ID;Name;Land;Country;Amount\n1;A;;DE;5.000\n2;B;;DE;10-20\n3;C;;DE;1e6\n")
    assert [one.value for one in german.records] == [5000.0, None, 1_000_000.0]
    assert german.records[1].custom == {"Amount": "10-20"}
    assert german.notes == (
        "Column 'Amount', 1 times: not read as an amount that reads one way only, kept as written.",
    )
    told = _read(tmp_path, "ID;Name;Country;Amount\n1;A;US;5.000\n2;B;US;1.250,50\n")
    assert [one.value for one in told.records] == [5000.0, 1250.5]


def test_a_portuguese_export(tmp_path: Path) -> None:
    text = (
        "Código;Nome;Situação;Responsável;Cidade;Estado;País;CNPJ;Telefone;Site;Valor;Nome do contato;E-mail\n"
        "C1;Exemplo Ltda;Ganho;Ana;Recife;PE;Brasil;11.222.333/0001-81;+55 81 5550-0100;"
        "exemplo.example;R$ 5.000;Z;z@exemplo.example\n"
        "C2;Outra S.A.;Em andamento;Ana;;SP;Brasil;;;;12,50;;\n"
        "C3;Mais uma;Perdido;;;;;;;;;;\n"
    )
    file = _read(tmp_path, text)
    assert file.records == (
        CustomerRecord(
            external_id="C1",
            name="Exemplo Ltda",
            status=CustomerStatus.WON,
            identifiers=(("BR-CNPJ", "11.222.333/0001-81"),),
            jurisdiction="BR",
            locality="Recife",
            website="exemplo.example",
            email_domain="exemplo.example",
            phone="+55 81 5550-0100",
            owner="Ana",
            value=5000.0,
            region="PE",
        ),
        CustomerRecord(
            external_id="C2",
            name="Outra S.A.",
            status=CustomerStatus.OPEN,
            jurisdiction="BR",
            owner="Ana",
            value=12.5,
            region="SP",
        ),
        CustomerRecord(external_id="C3", name="Mais uma", status=CustomerStatus.LOST),
    )
    assert file.dropped_personal == {"Nome do contato": 1, "E-mail": 1}


def test_a_spanish_export(tmp_path: Path) -> None:
    file = _read(tmp_path, "Codigo,Cliente,Estado,Ciudad,Pais\n1,Ejemplo S.A.,Ganado,Lima,Perú\n2,Otra,Perdido,,\n")
    assert [(one.name, one.status, one.locality, one.jurisdiction) for one in file.records] == [
        ("Ejemplo S.A.", CustomerStatus.WON, "Lima", "PE"),
        ("Otra", CustomerStatus.LOST, None, None),
    ]


def test_estado_without_a_status_is_the_region(tmp_path: Path) -> None:
    (record,) = _read(tmp_path, "Código,Razão social,Estado\n1,Exemplo,PE\n").records
    assert (record.region, record.status) == ("PE", CustomerStatus.OPEN)


def test_a_mapping_says_what_headers_do_not(tmp_path: Path) -> None:
    mapping = """\
columns:
  external_id: Nummer
  name: Firma
  status: Stand
  won_on: Seit
identifiers:
  DE-CR: HRB
constants:
  country: Deutschland
  owner: Ann
status:
  won: [Bestandskunde, Stammkunde]
  open: Interessent
  lost: ""
date_format: "%d.%m.%y"
encoding: cp1252
"""
    text = "Nummer;Firma;Stand;Seit;HRB;Größe\n1;Bäckerei;BESTANDSKUNDE;09.05.23;Köln HRB 1;klein\n2;Öl;;;;\n"
    file = _read(tmp_path, text, "cp1252", mapping)
    assert file.records == (
        CustomerRecord(
            external_id="1",
            name="Bäckerei",
            status=CustomerStatus.WON,
            identifiers=(("DE-CR", "Köln HRB 1"),),
            jurisdiction="DE",
            owner="Ann",
            won_on=date(2023, 5, 9),
            custom={"Größe": "klein"},
        ),
        CustomerRecord(external_id="2", name="Öl", status=CustomerStatus.LOST, jurisdiction="DE", owner="Ann"),
    )
    assert file.rejected == ()


def test_a_frame(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "Account ID": [1001.0, 1002.0, None],
            "Account Name": ["Foo", "Bar", "No Id"],
            "Customer Status": ["Active", "Active", "Active"],
            "Close Date": [pd.Timestamp(2023, 5, 9), pd.NaT, pd.NaT],
            "Amount": [1250.5, 1e6, None],
            "Segments": [["a", "b"], None, None],
        }
    )
    file = read_customers(frame)
    assert file.records == (
        CustomerRecord(
            external_id="1001",
            name="Foo",
            status=CustomerStatus.WON,
            value=1250.5,
            won_on=date(2023, 5, 9),
            custom={"Segments": "['a', 'b']"},
        ),
        CustomerRecord(external_id="1002", name="Bar", status=CustomerStatus.WON, value=1_000_000.0),
    )
    assert file.rejected == (
        RejectedRow(row=3, external_id=None, reason="It has no id: column 'Account ID' is empty."),
    )


def test_a_frame_gives_what_its_file_gives(tmp_path: Path) -> None:
    from_file = _read(tmp_path, CHINESE)
    from_frame = read_customers(pd.read_csv(tmp_path / "crm.csv", sep="\t", dtype=str))
    assert from_frame.records == from_file.records


def test_numbers_of_a_frame_have_a_decimal_point_whatever_the_country() -> None:
    frame = pd.DataFrame({"ID": ["1"], "Name": ["A"], "Country": ["DE"], "Amount": [5.125]})
    assert read_customers(frame).records[0].value == 5.125


def test_a_frame_with_a_column_twice() -> None:
    frame = pd.DataFrame([["1", "Foo", "x", "y"]], columns=["ID", "Name", "Note", "Note"])
    assert read_customers(frame).records[0].custom == {"Note": "x", "Note (2)": "y"}


def test_packed_files_are_read(tmp_path: Path) -> None:
    plain = _read(tmp_path, HUBSPOT)
    with gzip.open(tmp_path / "crm.csv.gz", "wt", encoding="utf-8") as stream:
        stream.write(HUBSPOT)
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("crm.csv", HUBSPOT)
    assert read_customers(tmp_path / "crm.csv.gz").records == plain.records
    assert read_customers(tmp_path / "one.zip").records == plain.records


def test_an_archive_of_several_files_names_them(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", HUBSPOT)
        archive.writestr("b.csv", HUBSPOT)
    with pytest.raises(FileUnreadable, match=r"two\.zip holds 2 files \(a\.csv, b\.csv\): unpack it and name one"):
        read_customers(tmp_path / "two.zip")


def test_control_characters_do_not_get_through(tmp_path: Path) -> None:
    file = _read(tmp_path, "ID,Name\n1,Fo\0o \x1b[31m<script>alert(1)</script>\n")
    assert file.records[0].name == "Foo [31m<script>alert(1)</script>"
    assert file.notes[0] == "The row has NUL bytes: they are removed. (1 times)"


def test_a_cell_may_be_64_kib_long(tmp_path: Path) -> None:
    file = _read(tmp_path, f"ID,Name\n1,{'a' * 65_536}\n2,{'a' * 65_537}\n3,{'a' * 2_000_000}\n4,Foo\n")
    assert [record.external_id for record in file.records] == ["1", "4"]
    assert file.rejected == (
        RejectedRow(row=3, external_id="2", reason="It has no name: what column 'Name' says could not be read."),
        RejectedRow(row=4, external_id=None, reason="The row is longer than 1,048,576 bytes: it is left out."),
    )


def test_bad_rows_beyond_the_hundredth_are_counted(tmp_path: Path) -> None:
    file = _read(tmp_path, "ID,Name,Status\n1,Foo,won\n" + "short\n" * 150)
    assert len(file.rejected) == 100
    assert file.notes == ("50 further rows were left out for the same reasons.",)


def test_a_register_is_too_large_to_be_customers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_cells, "MAX_ROWS", 3)
    with pytest.raises(FileUnreadable, match=r"crm\.csv has more than 3 rows, too many for customers: `ingest`"):
        _read(tmp_path, "ID,Name\n1,A\n2,B\n3,C\n4,D\n")


@pytest.mark.parametrize("text", ["City\nLeeds\n", "ID,City\n1,Leeds\n"])
def test_a_file_without_names_says_what_was_looked_for(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormatChanged, match=r"crm\.csv has no column for the customer's name: none of Account Name,"):
        _read(tmp_path, text)


def test_where_nothing_is_an_id_the_name_is_in_whichever_spelling(tmp_path: Path) -> None:
    file = _read(tmp_path, "Company,Status,Subsidiary of\nFoo Ltd,won,Bar\nFOO  LTD,lost,\n,won,\n")
    (record,) = file.records
    assert (record.external_id, record.name, record.parent, file.by_name) == ("Foo Ltd", "Foo Ltd", "Bar", True)
    assert [one.reason for one in file.rejected] == [
        "Its id 'FOO LTD' is that of row 2 already.",
        "It has no id: column 'Company' is empty.",
    ]
    assert file.notes == ("No column is the customer's id, so column 'Company' stands for it, too.",)
    assert not _read(tmp_path, "ID,Company\n1,Foo Ltd\n").by_name


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileUnreadable),
        (b"\n\n", FileUnreadable),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", FormatMismatch),
        (b"PK\x03\x04 truncated", FileUnreadable),
        (b"\x1f\x8b truncated", FileUnreadable),
        (b"%PDF-1.7", FormatMismatch),
    ],
)
def test_files_that_are_no_export(tmp_path: Path, content: bytes, error: type[GraphLeadsError]) -> None:
    (tmp_path / "crm.csv").write_bytes(content)
    with pytest.raises(error, match=r"crm\.csv"):
        read_customers(tmp_path / "crm.csv")


def test_a_directory_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="is a directory"):
        read_customers(tmp_path)
    with pytest.raises(FileUnreadable, match="There is no file"):
        read_customers(tmp_path / "nowhere.csv")


def test_an_export_with_nothing_but_a_header(tmp_path: Path) -> None:
    assert _read(tmp_path, "ID,Name,Status\n").records == ()


def test_numbers_of_people_are_held_out_of_names_and_numbers() -> None:
    frame = pd.DataFrame(
        {
            "id": ["1", "2"],
            "name": ["Beto Ficticio 12345678909", "Kauri Ltda"],
            "status": ["won", "won"],
            "CNPJ": ["123.456.789-09", "11.222.333/0001-81"],
            "Remark": ["11010119000101001X", "since 2019"],
        }
    )
    file = read_customers(frame)
    assert [(one.name, one.identifiers, one.custom) for one in file.records] == [
        ("Beto Ficticio", (), {}),
        ("Kauri Ltda", (("BR-CNPJ", "11.222.333/0001-81"),), {"Remark": "since 2019"}),
    ]
    assert file.dropped_personal == {"Remark": 1, "name": 1, "CNPJ": 1}
