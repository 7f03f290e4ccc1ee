"""The table reader on files that are no delimited text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from graphleads.errors import FormatMismatch, SettingInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.ingest.mapping.hash_key import keyed_hashes
from graphleads.ingest.reader import ReadContext
from graphleads.ingest.registers.table.reader import TableReader
from graphleads.tables.delivery import open_deliveries
from graphleads.tables.schema import STAGED

Delivered = tuple[dict[str, pa.Table], DeliveryReport]

GOLDEN = Path(__file__).parents[3] / "golden"
KEY = b"0123456789abcdef0123456789abcdef"

FIRMS: list[list[Any]] = [
    ["Nr", "Firm", "Since", "Share"],
    [7, "Müller", "2024-03-31", 0.25],
    ["08", "Ødegård", None, None],
]
HOLDERS: list[list[Any]] = [["Firm", "Holder"], [7, "Beta Holding Ltd"]]

MAPPING = """
version: 1
name: firms
files:
  - match: firms*
    tables:
      - table: companies
        fields:
          record: Nr
          id: {column: Nr, steps: [{pad: 2}, {scheme: X-FIRM}]}
          name: Firm
          incorporated_on: Since
    ignore: {Share: not wanted}
"""

PARTS = """
version: 1
name: firms
files:
  - match: firms*
    PART: Firms
    ignore: {Share: not wanted, Since: not wanted}
    tables:
      - table: companies
        fields:
          record: Nr
          id: {column: Nr, steps: [{pad: 2}, {scheme: X-FIRM}]}
          name: Firm
          business_scope:
            column: Nr
            steps: [{lookup: {file: firms*/holders, key: Firm, value: Holder}}, {default: none}]
  - match: firms*
    PART: holders
"""


def read(paths: Iterable[Path], mapping: str | Path) -> Delivered:
    report = DeliveryReport()
    context = ReadContext(dataset="d", observed_on=date(2024, 3, 31), report=report, mapping=mapping, hash_key=KEY)
    sources = [source for path in sorted(paths) for source in open_sources(path)]
    batches: dict[str, list[pa.Table]] = {}
    for batch in TableReader().read(sources, context):
        assert batch.rows.schema == STAGED[batch.table].schema
        batches.setdefault(batch.table, []).append(batch.rows)
    return {table: pa.concat_tables(rows).unify_dictionaries() for table, rows in batches.items()}, report


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def write(folder: Path, kind: str, **tables: list[list[Any]]) -> Path:
    path = folder / f"firms.{kind}"
    first, *_ = tables.values()
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, table in tables.items():
            sheet = book.create_sheet(name)
            for row in table:
                sheet.append(row)
        book.save(path)
    elif kind == "db":
        with closing(sqlite3.connect(path)) as database:
            for name, (header, *body) in tables.items():
                database.execute(f"CREATE TABLE {name} ({', '.join(header)})")
                marks = ", ".join("?" * len(header))
                database.executemany(f"INSERT INTO {name} VALUES ({marks})", body)  # noqa: S608
            database.commit()
    elif kind == "jsonl":
        header, *body = first
        path.write_text("".join(json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in body), "utf-8")
    else:
        header, *body = first
        texts = [[None if cell is None else str(cell) for cell in row] for row in body]
        pq.write_table(pa.Table.from_pylist([dict(zip(header, row, strict=True)) for row in texts]), path)
    return path


def write_mapping(folder: Path, text: str) -> Path:
    path = folder / "firms.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["xlsx", "db", "jsonl", "parquet"])
def test_every_format_is_read_through_the_same_mapping(tmp_path: Path, kind: str) -> None:
    tables, report = read([write(tmp_path, kind, Firms=FIRMS)], write_mapping(tmp_path, MAPPING))
    assert rows(tables["companies"], "id", "name", "incorporated_on") == [
        ("X-FIRM:07", "Müller", date(2024, 3, 31)),
        ("X-FIRM:08", "Ødegård", None),
    ]
    assert (report.unknown_fields, report.issue_counts) == (set(), {})
    assert report.n_rows_read.total() == 2


@pytest.mark.parametrize(("kind", "key"), [("xlsx", "sheet"), ("db", "table")])
class TestParts:
    def test_each_part_has_an_entry_and_may_be_looked_up(self, tmp_path: Path, kind: str, key: str) -> None:
        path = write(tmp_path, kind, Firms=FIRMS, Holders=HOLDERS)
        tables, report = read([path], write_mapping(tmp_path, PARTS.replace("PART", key)))
        assert rows(tables["companies"], "id", "business_scope") == [
            ("X-FIRM:07", "Beta Holding Ltd"),
            ("X-FIRM:08", "none"),
        ]
        assert report.issue_counts == {}

    def test_a_part_without_an_entry_is_named(self, tmp_path: Path, kind: str, key: str) -> None:
        path = write(tmp_path, kind, Firms=FIRMS, Holders=HOLDERS, Notes=HOLDERS)
        with pytest.raises(
            FormatMismatch, match=rf"no place for firms\.{kind}/Notes: it reads firms\*/firms, firms\*/hol"
        ):
            read([path], write_mapping(tmp_path, PARTS.replace("PART", key)))

    def test_several_parts_need_names(self, tmp_path: Path, kind: str, key: str) -> None:
        path = write(tmp_path, kind, Firms=FIRMS, Holders=HOLDERS)
        with pytest.raises(FormatMismatch, match=rf"firms\.{kind} holds several tables \(Firms, Holders\).*'sheet'"):
            read([path], write_mapping(tmp_path, MAPPING))

    def test_a_part_that_is_missing_is_named(self, tmp_path: Path, kind: str, key: str) -> None:
        path = write(tmp_path, kind, Firms=FIRMS)
        with pytest.raises(FormatMismatch, match=r"needs a file firms\*/holders"):
            read([path], write_mapping(tmp_path, PARTS.replace("PART", key)))


@pytest.fixture(scope="module")
def partners_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("partners") / "CNPJ_full.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript((GOLDEN / "br_partners" / "partners.sql").read_text(encoding="utf-8"))
    return path


@pytest.fixture(scope="module")
def partners(partners_file: Path) -> Delivered:
    return read([partners_file], "br_partners")


def hashed(text: str) -> str:
    digest: str = keyed_hashes(pa.array([text]), KEY, 24)[0].as_py()
    return digest


TAX_REGISTER = {
    "K3241.K03200Y0.D61010.EMPRECSV": '"11222333";"ALFA FICTÍCIA LTDA";"2062";"49";"150000,00";"03";""\n',
    "K3241.K03200Y0.D61010.ESTABELE": (
        '"11222333";"0001";"81";"1";"ALFA";"02";"20050301";"00";"";"";"19980201";"6201501";"";"RUA";"DAS FLORES";'
        '"12";"";"CENTRO";"01310100";"SP";"7107";"11";"33334444";"";"";"";"";"CONTATO@ALFA.EXAMPLE";"";""\n'
        '"11222333";"0002";"62";"2";"ALFA NORTE";"08";"0";"00";"";"";"00000000";"6201501";"";"";"";'
        '"";"";"";"";"AM";"";"";"";"";"";"";"";"";"";""\n'
    ),
    "K3241.K03200Y0.D61010.SOCIOCSV": (
        '"11222333";"2";"ANA INVENTADA";"***123456**";"49";"20050301";"";"***000000**";"";"00";"5"\n'
    ),
    "F.K03200$Z.D61010.MUNICCSV": '"7107";"SAO PAULO"\n',
}


class TestReceita:
    def test_the_tax_registers_own_files_are_read(self, tmp_path: Path) -> None:
        for name, text in TAX_REGISTER.items():
            (tmp_path / name).write_bytes(text.encode("latin-1"))
        tables, report = read(sorted(tmp_path.iterdir()), "receita")
        columns = ("record", "id", "name", "status", "capital", "locality")
        assert rows(tables["companies"], *columns) == [
            ("11222333", "BR-CNPJ:11222333", "ALFA FICTÍCIA LTDA", None, Decimal(150000), None),
            ("11222333000181", "BR-CNPJ:11222333", None, "active", None, "SAO PAULO"),
            ("11222333000262", "X-BR-ESTABLISHMENT:11222333000262", "ALFA NORTE", "dissolved", None, None),
        ]
        assert rows(tables["contact_points"], "kind", "key") == [
            ("address", "rua das flores 12 7107 sp"),
            ("phone", "551133334444"),
            ("email_domain", "alfa.example"),
        ]
        assert rows(tables["roles"], "company", "holder", "kind") == [
            ("BR-CNPJ:11222333", f"X-BR-PARTNER:{hashed('11222333|***123456**|ana inventada')}", "partner")
        ]
        assert (report.issue_counts, report.unknown_fields) == ({}, set())
        assert "123456**" not in " ".join(str(table.to_pylist()) for table in tables.values())


class TestBrPartners:
    def test_head_offices_are_the_company_and_others_its_branches(self, partners: Delivered) -> None:
        columns = ("record", "id", "name", "status", "mentioned", "region", "locality")
        assert sorted(rows(partners[0]["companies"], *columns), key=str) == [
            ("11222333000181", "BR-CNPJ:11222333", "ALFA INVENTADA LTDA", "active", False, "BR-SP", "SAO PAULO"),
            ("11222333000262", "BR-CNPJ:11222333", "ALFA INVENTADA LTDA", None, False, None, None),
            ("11222333000262", "X-BR-ESTABLISHMENT:11222333000262", "ALFA INVENTADA LTDA", "dissolved", False, "BR-AM",
             "MANAUS"),
            ("44555666000105", "BR-CNPJ:44555666", "BETO FICTICIO", "inactive", False, None, "ORLA"),
            ("44555666000105-33000167000101-22", "BR-CNPJ:33000167", "GAMA FICTICIA SA", None, True, None, None),
            ("44555666000105-delta abroad inc", "X-BR-HOLDER-ABROAD:delta abroad inc", "DELTA ABROAD INC", None, True,
             None, None),
        ]  # fmt: skip
        assert rows(partners[0]["links"], "source", "target", "kind") == [
            ("X-BR-ESTABLISHMENT:11222333000262", "BR-CNPJ:11222333", "branch_of")
        ]

    def test_facts_of_a_head_office(self, partners: Delivered) -> None:
        alfa = partners[0]["companies"].to_pylist()[0]
        assert (alfa["capital"], alfa["capital_currency"], alfa["postcode"]) == (Decimal(150000), "BRL", "01310100")
        assert (alfa["start_on"], alfa["incorporated_on"]) == (date(2005, 3, 1), date(1998, 2, 1))
        assert (alfa["size_class"], alfa["legal_form"], alfa["status_text"]) == ("demais", "2062", "ATIVA")
        assert rows(partners[0]["identifiers"], "id", "value", "valid") == [
            ("BR-CNPJ:11222333", "11222333", True),
            ("BR-CNPJ:11222333", "11222333", True),
            ("BR-CNPJ:44555666", "44555666", False),
        ]
        assert rows(partners[0]["contact_points"], "id", "kind", "key", "purpose") == [
            ("BR-CNPJ:11222333", "address", "rua das flores 12 sala 3 sao paulo sp", "registered"),
            ("BR-CNPJ:44555666", "address", "azul 14 orla ex", "registered"),
            ("BR-CNPJ:11222333", "phone", "551133334444", "registered"),
            ("BR-CNPJ:11222333", "email_domain", "alfa.example", "registered"),
        ]

    def test_people_are_told_apart_by_a_keyed_hash_of_number_and_name(self, partners: Delivered) -> None:
        same, other = hashed("***123456**|ana inventada"), hashed("***999999**|ana inventada")
        in_alfa = f"X-BR-PARTNER:{hashed('11222333|***123456**|ana inventada')}"
        in_beto = f"X-BR-PARTNER:{hashed('44555666|***123456**|ana inventada')}"
        namesake = f"X-BR-PARTNER:{hashed('44555666|***999999**|ana inventada')}"
        assert rows(partners[0]["persons"], "id", "key", "key_confidence") == [
            (in_alfa, same, pytest.approx(0.99)),
            (in_alfa, same, pytest.approx(0.99)),
            (in_beto, same, pytest.approx(0.99)),
            (namesake, other, pytest.approx(0.99)),
        ]
        assert rows(partners[0]["roles"], "company", "holder", "kind", "title", "start_on") == [
            ("BR-CNPJ:11222333", in_alfa, "partner", "Sócio-Administrador", date(2005, 3, 1)),
            ("BR-CNPJ:11222333", in_alfa, "partner", "Sócio-Administrador", date(2005, 3, 1)),
            ("BR-CNPJ:44555666", namesake, "director", "Diretor", date(2015, 1, 1)),
        ]
        assert sorted(rows(partners[0]["interests"], "subject", "holder", "share_min", "details")) == [
            ("BR-CNPJ:11222333", in_alfa, None, "Sócio-Administrador"),
            ("BR-CNPJ:11222333", in_alfa, None, "Sócio-Administrador"),
            ("BR-CNPJ:44555666", "BR-CNPJ:33000167", None, "Sócio"),
            ("BR-CNPJ:44555666", "X-BR-HOLDER-ABROAD:delta abroad inc", None,
             "Sócio Pessoa Jurídica Domiciliado no Exterior"),
            ("BR-CNPJ:44555666", in_beto, None, "Sócio"),
        ]  # fmt: skip

    def test_no_personal_number_is_stored(self, partners: Delivered) -> None:
        tables, report = partners
        stored = " ".join(str(table.to_pylist()) for table in [*tables.values(), report.issue_table()])
        for number in ("123456**", "***999999", "***111111", "12345678909", "CARLA"):
            assert number not in stored
        assert report.dropped_personal_fields == {"cpf_repres": 1, "nome_repres": 1}
        assert report.unknown_fields == set()

    def test_another_key_gives_another_delivery(
        self, partners_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("GRAPHLEADS_HASH_KEY", raising=False)
        (tmp_path / "hash.key").write_bytes(KEY)
        request = IngestRequest(mapping="br_partners", observed_on=date(2024, 3, 31), home=tmp_path)
        first = ingest("table", [partners_file], staged=tmp_path / "staged", request=request)
        again = ingest("table", [partners_file], staged=tmp_path / "staged", request=request)
        assert (first.already_there, again.already_there) == (False, True)
        (tmp_path / "hash.key").write_bytes(b"x" * 32)
        changed = ingest("table", [partners_file], staged=tmp_path / "staged", request=request)
        assert changed.manifest.id != first.manifest.id
        (kept,) = open_deliveries(tmp_path / "staged")
        assert kept.manifest.id == changed.manifest.id

    def test_the_key_may_come_from_the_environment(
        self, partners_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request = IngestRequest(mapping="br_partners", observed_on=date(2024, 3, 31))
        monkeypatch.delenv("GRAPHLEADS_HASH_KEY", raising=False)
        with pytest.raises(
            SettingInvalid, match=r"br_partners hashes people's numbers.*GRAPHLEADS_HASH_KEY.*hash\.key"
        ):
            ingest("table", [partners_file], staged=tmp_path, request=request)
        monkeypatch.setenv("GRAPHLEADS_HASH_KEY", KEY.decode())
        assert ingest("table", [partners_file], staged=tmp_path, request=request).manifest.n_rows_staged["persons"] == 4


def test_the_real_partners_file(test_data: Path) -> None:
    path = test_data / "data/br_partners/CNPJ_full_teste.db"
    tables, report = read([path], "br_partners")
    assert (report.unknown_fields, report.issue_counts) == (set(), {})
    assert report.n_rows_read == {f"{path.name}/empresas": 1678, f"{path.name}/socios": 9363}
    # By hand, in SQL: 1,042 head offices; 636 branches, each with a row for its company too; 1,028 partners that are
    # Brazilian companies and 2 that are foreign ones. 8,333 partners are people, 1,684 of whom hold an office only.
    assert {name: table.num_rows for name, table in tables.items()} == {
        "companies": 1042 + 2 * 636 + 1028 + 2,
        "identifiers": 1678,
        "classifications": 1042,
        "links": 636,
        "persons": 8333,
        "roles": 4411,
        "interests": 9363 - 1684,
    }
    assert not pc.any(pc.match_substring_regex(tables["persons"]["record"], r"\*\*\*")).as_py()
