"""The CVM reader on invented registrations; every expected value is written out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from graphleads.errors import FormatChanged
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.ingest.reader import ReadContext
from graphleads.ingest.registers.cvm.reader import CvmReader
from graphleads.tables.schema import STAGED
from graphleads.testing.reader_contract import ReaderContract

GOLDEN = Path(__file__).parents[3] / "golden" / "cvm"
EARLY, LATE = GOLDEN / "cad_cia_aberta_2021-06-30.csv", GOLDEN / "cad_cia_aberta_2023-06-30.csv"
MARIA = "a2356c60af0f"

Read = tuple[dict[str, pa.Table], DeliveryReport]


class TestContract(ReaderContract):
    reader = CvmReader()
    files = (EARLY,)
    required_column = "CNPJ_CIA"


class TestContractInLatin1(ReaderContract):
    reader = CvmReader()
    files = (LATE,)
    required_column = "EMAIL_RESP"
    encoding = "latin-1"


def read(path: Path) -> Read:
    report = DeliveryReport()
    context = ReadContext(dataset="br_cvm", observed_on=date(2023, 6, 30), report=report)
    tables: dict[str, list[pa.Table]] = {name: [table.schema.empty_table()] for name, table in STAGED.items()}
    for batch in CvmReader().read(open_sources(path), context):
        tables[batch.table].append(batch.rows)
    return {name: pa.concat_tables(parts).unify_dictionaries() for name, parts in tables.items()}, report


@pytest.fixture(scope="module")
def late() -> Read:
    return read(LATE)


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def test_companies_are_eight_digits_and_records_are_registrations(late: Read) -> None:
    own = late[0]["companies"].filter(pc.invert(late[0]["companies"]["mentioned"]))
    assert rows(own, "record", "id", "name", "status", "start_on", "incorporated_on") == [
        ("101", "BR-CNPJ:10000001", "ALFA ENERGIA RENOVÁVEL S.A.", "active", date(2005, 2, 1), date(1990, 3, 4)),
        ("102", "BR-CNPJ:10000002", "BETA ÁGUAS S.A.", "active", date(2005, 2, 1), date(1990, 3, 4)),
        ("33", "BR-CNPJ:10000003", "DELTA FIAÇÃO S/A", "inactive", date(1994, 3, 14), None),
        ("103", "BR-CNPJ:10000003", "DELTA FIAÇÃO S/A", "active", date(2005, 2, 1), date(1990, 3, 4)),
        ("104", "BR-CNPJ:10000004", 'CIA "GAMA" DE PAPEL', "in_liquidation", date(2019, 9, 9), date(1990, 3, 4)),
        ("105", "BR-CNPJ:10000005", "ÉPSILON BANCO S/A", "inactive", date(2015, 12, 18), date(1990, 3, 4)),
    ]


def test_places_and_words_of_the_register(late: Read) -> None:
    alfa, *_, epsilon = late[0]["companies"].filter(pc.invert(late[0]["companies"]["mentioned"])).to_pylist()
    assert (alfa["jurisdiction"], alfa["region"], alfa["locality"], alfa["postcode"]) == (
        "BR", "BR-SP", "SÃO PAULO", "04538132",
    )  # fmt: skip
    assert (epsilon["region"], epsilon["locality"], epsilon["postcode"]) == (None, None, None)
    assert epsilon["status_text"] == "CANCELADA; ELISÃO POR INCORPORAÇÃO; FASE OPERACIONAL"
    assert epsilon["entity_type"] == "registered_entity"


def test_trade_names_are_those_that_differ(late: Read) -> None:
    assert rows(late[0]["names"], "id", "name", "kind") == [
        ("BR-CNPJ:10000001", "ALFA", "trading"),
        ("BR-CNPJ:10000004", "GAMA PARTICIPA?OES", "trading"),
    ]


def test_identifiers_of_companies_and_auditors(late: Read) -> None:
    found = set(rows(late[0]["identifiers"], "id", "scheme", "value", "valid"))
    assert ("BR-CNPJ:10000003", "BR-CNPJ", "10000003", True) in found
    assert ("BR-CNPJ:10000003", "X-BR-CVM", "33", None) in found
    assert ("BR-CNPJ:10000003", "X-BR-CVM", "103", None) in found
    assert ("BR-CNPJ:90000002", "BR-CNPJ", "90000002", True) in found


def test_representatives_and_their_key(late: Read) -> None:
    persons = {row["id"]: row for row in late[0]["persons"].to_pylist()}
    alfa, beta = persons[f"X-BR-CVM-PERSON:101-{MARIA}"], persons[f"X-BR-CVM-PERSON:102-{MARIA}"]
    assert alfa["name"] == "MARIA INVENTADA DE SOUZA"
    assert alfa["key"] == beta["key"] == "f64e33207bfa5fd8c2524205"
    assert alfa["key_confidence"] == pytest.approx(0.95)
    assert [one["key"] for one in persons.values() if one["name"] == "ANTÔNIO FICTÍCIO NETO"] == [None]


def test_roles_end_when_the_registration_was_cancelled_unless_they_began_later(late: Read) -> None:
    roles = late[0]["roles"].filter(pc.equal(late[0]["roles"]["kind"], "representative"))
    assert rows(roles, "record", "company", "title", "start_on", "end_on") == [
        ("101", "BR-CNPJ:10000001", "DIRETOR DE RELAÇÕES COM INVESTIDORES", date(2019, 5, 6), None),
        ("102", "BR-CNPJ:10000002", "DIRETOR DE RELAÇÕES COM INVESTIDORES", date(2020, 1, 15), None),
        ("33", "BR-CNPJ:10000003", "DIRETOR DE RELAÇÕES COM INVESTIDORES", date(1977, 7, 20), date(1994, 3, 14)),
        ("103", "BR-CNPJ:10000003", "DIRETOR DE RELAÇÕES COM INVESTIDORES", date(2022, 2, 24), None),
        ("105", "BR-CNPJ:10000005", "DIRETOR DE RELAÇÕES COM INVESTIDORES", date(2016, 2, 1), None),
    ]


def test_auditors_are_mentioned_companies_or_people_without_their_number(late: Read) -> None:
    tables, report = late
    mentioned = tables["companies"].filter(tables["companies"]["mentioned"])
    assert set(rows(mentioned, "id", "name")) == {
        ("BR-CNPJ:90000001", "AUDITORIA PRIMEIRA S/S"),
        ("BR-CNPJ:90000002", "AUDITORIA SEGUNDA LTDA."),
    }
    auditors = tables["roles"].filter(pc.equal(tables["roles"]["kind"], "auditor"))
    assert rows(auditors, "record", "holder", "end_on") == [
        ("101", "BR-CNPJ:90000001", None),
        ("102", "BR-CNPJ:90000002", None),
        ("33", "BR-CNPJ:90000001", date(1994, 3, 14)),
        ("103", "BR-CNPJ:90000001", None),
        ("104", "X-BR-CVM-PERSON:104-d3709cafc7bb", None),
    ]
    assert report.dropped_personal_fields == {"EMAIL_RESP": 4, "CNPJ_AUDITOR": 1}


def test_no_personal_number_or_address_is_stored(late: Read) -> None:
    everything = "\n".join(str(table.to_pylist()) for table in (*late[0].values(), late[1].issue_table())).lower()
    assert "maria.inventada@" not in everything
    assert "12345678909" not in everything
    assert "123.456" not in everything


def test_contact_points(late: Read) -> None:
    points = late[0]["contact_points"]
    assert rows(points.filter(pc.equal(points["record"], "101")), "kind", "purpose", "key", "display") == [
        (
            "address", "registered", "fulano tal 1089 sao paulo sp",
            "Avenida Doutor Fulano de Tal, nº 1.089, 3º andar, Centro, SÃO PAULO, SP, 04538132",
        ),
        ("phone", "registered", "551139570001", "+55 11 39570001"),
        ("email_domain", "registered", "alfa-energia.example", "alfa-energia.example"),
        (
            "address", "correspondence", "fulano tal 1089 sao paulo sp",
            "AV. DR. FULANO DE TAL, Nº 1089, SALA 2, CENTRO, SÃO PAULO, SP, 04538132",
        ),
        ("phone", "correspondence", "551139570001", "+55 11 39570001"),
        ("email_domain", "correspondence", "alfa-energia.example", "alfa-energia.example"),
    ]  # fmt: skip
    beta = points.filter(pc.and_(pc.equal(points["record"], "102"), pc.equal(points["purpose"], "registered")))
    assert rows(beta, "kind") == [("address",), ("phone",)], "gmail is nobody's domain"
    cancelled = points.filter(pc.equal(points["record"], "33"))
    assert set(rows(cancelled, "end_on")) == {(date(1994, 3, 14),)}


def test_sectors(late: Read) -> None:
    assert rows(late[0]["classifications"], "record", "scheme", "code", "primary")[1] == (
        "102", "X-BR-CVM-SECTOR", "Saneamento, Serv. Água e Gás", True,
    )  # fmt: skip


def test_both_encodings_give_the_same_text() -> None:
    early, late = read(EARLY), read(LATE)
    assert early[1].encodings == {EARLY.name: "utf-8"}
    assert late[1].encodings == {LATE.name: "latin-1"}
    names = [row["name"] for row in early[0]["companies"].to_pylist()]
    assert "DELTA FIAÇÃO S/A" in names
    assert "ALFA ENERGIA S.A." in names


def changed(tmp_path: Path, **values: str) -> Path:
    """Write the first registration with other values, and an untouched second one."""
    header, first, second, *_ = EARLY.read_text(encoding="utf-8").splitlines()
    row = dict(zip(header.split(";"), first.split(";"), strict=True)) | values
    path = tmp_path / "register.csv"
    path.write_text("\n".join([header, ";".join(row.values()), second]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"CNPJ_CIA": "10.000.001"}, "bad_company_number"),
        ({"CNPJ_CIA": ""}, "bad_company_number"),
        ({"CD_CVM": ""}, "no_record_id"),
        ({"DENOM_SOCIAL": " "}, "no_name"),
    ],
)
def test_rows_that_cannot_be_used_are_left_out(tmp_path: Path, values: dict[str, str], code: str) -> None:
    tables, report = read(changed(tmp_path, **values))
    assert report.issue_counts == {code: 1}
    assert [issue["row"] for issue in report.issue_table().to_pylist()] == [2]
    assert set(tables["companies"]["record"].to_pylist()) == {"102"}


@pytest.mark.parametrize(
    ("values", "code", "column", "sample"),
    [
        ({"CNPJ_CIA": "10.000.001/0001-91"}, "check_digit", "CNPJ_CIA", "10.000.001/0001-91"),
        ({"SIT": "SONHANDO"}, "unknown_status", "SIT", "SONHANDO"),
        ({"DT_CONST": "1990-02-30"}, "bad_date", "DT_CONST", "1990-02-30"),
        ({"CEP": "123"}, "bad_postcode", "CEP", "123"),
        ({"TEL": "0"}, "bad_phone", "TEL", None),
        ({"EMAIL_RESP": "none"}, "bad_email", "EMAIL_RESP", None),
        ({"RESP": "MARIA CUST+DIA"}, "damaged_text", "RESP", "MARIA CUST+DIA"),
        ({"DENOM_SOCIAL": "ALFA SOLUÃiES"}, "damaged_text", "DENOM_SOCIAL", "ALFA SOLUÃiES"),
        ({"CNPJ_AUDITOR": "1"}, "bad_auditor_number", "CNPJ_AUDITOR", None),
        ({"CNPJ_AUDITOR": ""}, "bad_auditor_number", "CNPJ_AUDITOR", None),
    ],
)
def test_odd_values_are_reported_and_the_row_stays(
    tmp_path: Path, values: dict[str, str], code: str, column: str, sample: str | None
) -> None:
    tables, report = read(changed(tmp_path, **values))
    (issue,) = report.issue_table().to_pylist()
    assert (issue["code"], issue["row"], issue["column"], issue["sample"]) == (code, 2, column, sample)
    assert "101" in tables["companies"]["record"].to_pylist()


def test_an_unknown_status_is_unknown(tmp_path: Path) -> None:
    companies = read(changed(tmp_path, SIT="SONHANDO"))[0]["companies"].to_pylist()
    assert [row["status"] for row in companies if row["record"] == "101" and not row["mentioned"]] == ["unknown"]


@pytest.mark.parametrize("column", ["CNPJ_CIA", "DENOM_COMERC", "CNPJ_AUDITOR"])
def test_every_column_that_is_read_is_required(tmp_path: Path, column: str) -> None:
    path = tmp_path / "register.csv"
    path.write_text(EARLY.read_text(encoding="utf-8").replace(column, "OUTRO", 1), encoding="utf-8")
    with pytest.raises(FormatChanged, match=rf"register\.csv has no column '{column}'"):
        read(path)


def values_of(path: Path, encoding: str) -> list[dict[str, str]]:
    """Read the real file in the plainest way there is."""
    header, *lines = path.read_text(encoding=encoding).splitlines()
    return [dict(zip(header.split(";"), line.split(";"), strict=True)) for line in lines]


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("day", "encoding", "n_rows"),
    [("2021-06-22", "utf-8", 2_360), ("2023-05-09", "latin-1", 2_572), ("2023-09-12", "latin-1", 2_584)],
)
def test_the_real_register_is_read_whole(test_data: Path, day: str, encoding: str, n_rows: int) -> None:
    path = test_data / "data" / "br_cvm" / f"cad_cia_aberta_{day}.csv"
    tables, report = read(path)
    expected = values_of(path, encoding)
    assert report.n_rows_read.total() == len(expected) == n_rows
    assert report.encodings == {path.name: encoding}
    assert report.unknown_fields == set()
    assert set(report.issue_counts) <= {
        "address_unusable", "bad_date", "bad_email", "bad_phone", "bad_postcode", "damaged_text",
    }  # fmt: skip
    own = tables["companies"].filter(pc.invert(tables["companies"]["mentioned"]))
    assert sorted(own["record"].to_pylist()) == sorted({row["CD_CVM"] for row in expected})
    roots = {f"BR-CNPJ:{row['CNPJ_CIA'][:10].replace('.', '')}" for row in expected}
    assert set(own["id"].to_pylist()) == roots
    n_represented = len({row["CD_CVM"] for row in expected if row["RESP"].strip()})
    assert count(tables["roles"], "representative") == n_represented
    n_audited = len({row["CD_CVM"] for row in expected if row["AUDITOR"].strip()})
    assert count(tables["roles"], "auditor") == n_audited
    assert_names_match(own, expected)


def count(roles: pa.Table, kind: str) -> int:
    n: int = pc.sum(pc.equal(roles["kind"], kind)).as_py()
    return n


def assert_names_match(own: pa.Table, expected: Sequence[dict[str, str]]) -> None:
    given = {row["CD_CVM"]: row["DENOM_SOCIAL"].strip() for row in expected}
    assert dict(zip(own["record"].to_pylist(), own["name"].to_pylist(), strict=True)) == given
