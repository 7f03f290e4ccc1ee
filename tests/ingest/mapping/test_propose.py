from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from graphleads.errors import FileUnreadable
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.ingest.mapping.propose import propose_mapping
from graphleads.ingest.reader import ReadContext
from graphleads.ingest.registers.table.reader import TableReader
from graphleads.values.header_word import fold_word, guess_status

Delivered = tuple[dict[str, pa.Table], DeliveryReport]

ENGLISH = """\
Company Number,Company Name,Country,Incorporation Date,Status,Share capital,Director,Job title,Shareholder,Share,Email,\
Born,Notes
01234567,Amber Mills Ltd,United Kingdom,31/12/1998,Active,"1,000.50",Ann Lee,Managing director,Bob Ray,25.5 %,\
a@mills.example,,x
07654321,Birch Foods Ltd,United Kingdom,01/02/2004,Dissolved,100,,,,,,,
"""

PORTUGUESE = """\
CNPJ;Razão Social;Nome Fantasia;Situação Cadastral;Data de abertura;Capital social;Município;UF;CEP;Telefone;Sócio;CPF
11.222.333/0001-81;ALFA INVENTADA LTDA;ALFA;ATIVA;01.02.1998;1.500,00;SÃO PAULO;SP;01310-100;11 3333-4444;ANA NINGUÉM;1
33.000.167/0001-01;BETA FICTÍCIA SA;;BAIXADA;15.06.2004;2.000.000,00;RECIFE;PE;50000-000;;;
"""

CHINESE = """\
统一社会信用代码,企业名称,登记状态,成立日期,注册地址,法定代表人,经营范围
91350200MA9900001U,厦门样本贸易有限公司,存续,2016年03月01日,厦门市样本大道1号,张样本,样本贸易
"""


def propose(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> tuple[str, Delivered]:
    """Return the proposal, and what reading the file through it gives."""
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    proposal = propose_mapping(path)
    return proposal, read(tmp_path, path, proposal)


def read(tmp_path: Path, path: Path, proposal: str) -> Delivered:
    mapping = tmp_path / "proposal.yaml"
    mapping.write_text(proposal, encoding="utf-8")
    report = DeliveryReport()
    context = ReadContext(dataset="d", observed_on=date(2024, 3, 31), report=report, mapping=mapping)
    batches: dict[str, list[pa.Table]] = {}
    for batch in TableReader().read(open_sources(path), context):
        batches.setdefault(batch.table, []).append(batch.rows)
    return {name: pa.concat_tables(rows).unify_dictionaries() for name, rows in batches.items()}, report


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def test_an_english_list(tmp_path: Path) -> None:
    proposal, (tables, report) = propose(tmp_path, "vendors_2024-03-31.csv", ENGLISH)
    columns = ("id", "name", "jurisdiction", "status", "incorporated_on", "capital")
    assert [tuple(map(str, row)) for row in rows(tables["companies"], *columns)] == [
        ("GB-COH:01234567", "Amber Mills Ltd", "GB", "active", "1998-12-31", "1000.50"),
        ("GB-COH:07654321", "Birch Foods Ltd", "GB", "dissolved", "2004-02-01", "100.00"),
    ]
    assert rows(tables["roles"], "kind", "title") == [("director", "Managing director")]
    assert rows(tables["interests"], "share_min", "share_max") == [(0.255, 0.255)]
    assert rows(tables["contact_points"], "kind", "key") == [("email_domain", "mills.example")]
    assert sorted(rows(tables["persons"], "name")) == [("Ann Lee",), ("Bob Ray",)]
    assert report.issue_counts == {}
    assert report.unknown_fields == {"Born", "Notes"}
    assert proposal.endswith("#   Born\n#   Notes: x\n")
    content = yaml.safe_load(proposal)
    assert content["files"][0]["match"] == "vendors_*.csv"
    assert (content["name"], content["dataset"]) == ("vendors_2024_03_31", "vendors_2024_03_31")


def test_a_portuguese_list(tmp_path: Path) -> None:
    proposal, (tables, report) = propose(tmp_path, "Empresas.csv", PORTUGUESE, "latin-1")
    columns = ("id", "name", "status", "incorporated_on", "capital", "locality", "region")
    assert [tuple(map(str, row)) for row in rows(tables["companies"], *columns)] == [
        ("BR-CNPJ:11222333", "ALFA INVENTADA LTDA", "active", "1998-02-01", "1500.00", "SÃO PAULO", "SP"),
        ("BR-CNPJ:33000167", "BETA FICTÍCIA SA", "dissolved", "2004-06-15", "2000000.00", "RECIFE", "PE"),
    ]
    assert rows(tables["names"], "name", "kind") == [("ALFA", "trading")]
    assert rows(tables["contact_points"], "kind", "key") == [("phone", "1133334444")]
    assert (report.issue_counts, report.unknown_fields) == ({}, set())
    assert report.dropped_personal_fields == {"CPF": 1}
    assert yaml.safe_load(proposal)["files"][0]["formats"] == {"encoding": "cp1252", "delimiter": ";"}


def test_a_chinese_list(tmp_path: Path) -> None:
    _, (tables, report) = propose(tmp_path, "企业.csv", CHINESE, "gb18030")
    assert rows(tables["companies"], "id", "name", "status", "incorporated_on", "business_scope") == [
        ("CN-USCI:91350200MA9900001U", "厦门样本贸易有限公司", "active", date(2016, 3, 1), "样本贸易")
    ]
    assert rows(tables["persons"], "name") == [("张样本",)]
    assert rows(tables["contact_points"], "kind", "display") == [("address", "厦门市样本大道1号")]
    assert (report.issue_counts, report.unknown_fields) == ({}, set())


def test_identifiers_are_told_by_their_check_digits(tmp_path: Path) -> None:
    text = "ref,Name,legal code\n1,Amber,529900T8BM49AURSDO55\n2,Birch,529900T8BM49AURSDO55\n"
    _, (tables, _) = propose(tmp_path, "a.csv", text)
    assert rows(tables["companies"], "id") == [("XI-LEI:529900T8BM49AURSDO55",)] * 2


def test_without_an_id_the_name_is_one(tmp_path: Path) -> None:
    proposal, (tables, _) = propose(tmp_path, "my list.tsv", "Company\tTown\nÄmber & Co\tLeeds\n")
    assert rows(tables["companies"], "id", "record", "locality") == [
        ("X-MY-LIST:amber and co", "amber and co", "Leeds")
    ]
    assert proposal.endswith("# Every column of my list.tsv found a place.\n")


def test_a_table_without_words_has_a_skeleton(tmp_path: Path) -> None:
    proposal, (tables, _) = propose(tmp_path, "codes.csv", "a,b\n1,2\n3,2\n")
    assert rows(tables["companies"], "id", "name") == [("X-CODES:1", None), ("X-CODES:3", None)]
    assert proposal.startswith("# No column of codes.csv has words in it that could be names: say where names")
    assert proposal.endswith("#   b: 2\n")


def test_names_that_nothing_tells_are_guessed_and_said(tmp_path: Path) -> None:
    proposal, (tables, _) = propose(tmp_path, "a.csv", "w,x,y\n7,no,Amber Mills\n8,no,birch\n9,yes,cedar foods\n")
    assert rows(tables["companies"], "id", "name") == [
        ("X-A:7", "Amber Mills"), ("X-A:8", "birch"), ("X-A:9", "cedar foods"),
    ]  # fmt: skip
    assert proposal.startswith("# Nothing in a.csv says which column has names: y is taken for companies'. Mend it.\n")


def test_people_are_told_by_their_names(tmp_path: Path) -> None:
    text = "n,w\nAda Ash,1975-03\nBen van Birch,1980-01\nCedar, Cora,1990-11\n".replace("Cedar, Cora", '"Cedar, Cora"')
    proposal, (tables, _) = propose(tmp_path, "a.csv", text)
    assert set(tables) == {"persons"}
    assert proposal.startswith("# Nothing in a.csv says which column has names: n is taken for people's. Mend it.\n")
    text = "c,p\nAmber Ltd,Ada Ash\nBirch GmbH,Ben Birch\nCedar SA,Cora Cedar\n"
    _, (tables, _) = propose(tmp_path, "b.csv", text)
    assert rows(tables["companies"], "name") == [("Amber Ltd",), ("Birch GmbH",), ("Cedar SA",)]
    assert rows(tables["persons"], "name") == [("Ada Ash",), ("Ben Birch",), ("Cora Cedar",)]


def test_numbers_of_people_are_personal_and_in_no_sample(tmp_path: Path) -> None:
    text = "id,name,x,note\n7,Amber Ltd,11144477735,his number is 11144477735\n8,Birch Ltd,52998224725,\n"
    proposal, _ = propose(tmp_path, "a.csv", text)
    assert yaml.safe_load(proposal)["files"][0]["personal"] == ["x"]
    assert "11144477735" not in proposal


@pytest.mark.parametrize(
    ("header", "words", "wanted"),
    [
        ("Kennung;Firmenname;Rechtsform;Ort;PLZ;Gründungsdatum;Stammkapital;Rechtsstand",
         "A1;Ahorn GmbH;GmbH;Köln;50667;01.02.1998;25.000,00;gelöscht",
         ("A1", "Ahorn GmbH", "GmbH", "Köln", "50667", date(1998, 2, 1), Decimal("25000.00"), "dissolved")),
        ("Identifiant;Dénomination;Forme juridique;Commune;Code postal;Date de création;Capital social;Statut",
         "A1;Aulne SARL;SARL;Nice;06000;01/02/1998;25.000,00;Radiée",
         ("A1", "Aulne SARL", "SARL", "Nice", "06000", date(1998, 2, 1), Decimal("25000.00"), "dissolved")),
        ("Código;Denominación;Forma jurídica;Población;Código postal;Fecha de constitución;Capital social;Situación",
         "A1;Abeto SL;SL;Madrid;28001;01/02/1998;25.000,00;Extinguida",
         ("A1", "Abeto SL", "SL", "Madrid", "28001", date(1998, 2, 1), Decimal("25000.00"), "dissolved")),
        ("番号;商号;会社形態;市区町村;郵便番号;設立日;資本金;状態",
         "A1;样 株式会社;株式会社;千代田区;100-0001;1998年2月1日;2.5万円;解散",
         ("A1", "样 株式会社", "株式会社", "千代田区", "100-0001", date(1998, 2, 1), Decimal("25000.00"), "dissolved")),
    ],
)  # fmt: skip
def test_headers_are_known_in_the_languages_of_registers(
    tmp_path: Path, header: str, words: str, wanted: tuple[Any, ...]
) -> None:
    proposal, (tables, _) = propose(tmp_path, "a.csv", f"{header}\n{words}\n")
    fields = ("record", "name", "legal_form", "locality", "postcode", "incorporated_on", "capital", "status")
    assert rows(tables["companies"], *fields) == [wanted]
    assert proposal.endswith("# Every column of a.csv found a place.\n")


@pytest.mark.parametrize(
    "text", ["ring 0113 496 0000", "Ada, +442079460958", "ada@amber.example, Ada", "tel (0113) 4960000"]
)
def test_no_sample_says_how_somebody_is_reached(tmp_path: Path, text: str) -> None:
    proposal, _ = propose(tmp_path, "a.csv", f'id,company,remark,kept\n1,Amber Ltd,"{text}",7 of 9\n2,Birch Ltd,,\n')
    assert proposal.endswith("#   remark\n#   kept: 7 of 9\n")


def test_rows_inside_a_document_of_json_are_found(tmp_path: Path) -> None:
    item = '{"id": "A1", "name": "Amber Ltd", "people": [{"who": "Ada", "tel": "+44 20 7946 0958"}]}'
    text = f'{{"at": "x", "page": {{"n": 1, "items": [{item}]}}}}'
    proposal, (tables, _) = propose(tmp_path, "a.json", text)
    assert yaml.safe_load(proposal)["files"][0]["formats"] == {"rows": "page.items"}
    assert rows(tables["companies"], "id", "name") == [("X-A:A1", "Amber Ltd")]
    assert "#   people: objects with who, tel, for `explode`\n" in proposal


def test_days_in_several_formats_are_read_by_all_of_them(tmp_path: Path) -> None:
    text = "id,name,incorporation date\n1,A,23-MAR-2006\n2,B,27-Mar-2006\n3,C,2006-03-28\n4,D,\n"
    proposal, (tables, _) = propose(tmp_path, "a.csv", text)
    assert "dates: ['%d-%b-%Y', '%Y-%m-%d']" in proposal
    assert rows(tables["companies"], "incorporated_on") == [
        (date(2006, 3, 23),), (date(2006, 3, 27),), (date(2006, 3, 28),), (None,),
    ]  # fmt: skip


def test_amounts_have_their_units(tmp_path: Path) -> None:
    _, (tables, _) = propose(tmp_path, "a.csv", "企业名称,注册资本\n样本甲有限公司,500万元\n样本乙有限公司,\n")
    assert rows(tables["companies"], "capital", "capital_currency") == [(Decimal("5000000.00"), "CNY"), (None, None)]
    _, (tables, _) = propose(tmp_path, "b.csv", "企业名称,注册资本(万元)\n样本甲有限公司,500\n")
    assert rows(tables["companies"], "capital") == [(Decimal("5000000.00"),)]


def test_a_column_that_tells_rows_apart_is_the_id_whatever_it_is_called(tmp_path: Path) -> None:
    text = "node_id,name,jurisdiction,address,incorporation_date\n10900001,QUERN INC,SAM,A,23-MAR-2006\n"
    text += "10900002,FENN LTD,Samoa,B,24-APR-2007\n10900003,FENN LTD,Samoa,B,\n"
    _, (tables, _) = propose(tmp_path, "nodes-entities.csv", text)
    assert [tuple(map(str, row)) for row in rows(tables["companies"], "id", "name", "incorporated_on")] == [
        ("X-NODES-ENTITIES:10900001", "QUERN INC", "2006-03-23"),
        ("X-NODES-ENTITIES:10900002", "FENN LTD", "2007-04-24"),
        ("X-NODES-ENTITIES:10900003", "FENN LTD", "None"),
    ]


def test_namesakes_stay_apart_where_nothing_is_an_id(tmp_path: Path) -> None:
    text = "Company,Town\nAmber Ltd,Leeds\nAmber Ltd,Hull\n"
    _, (tables, _) = propose(tmp_path, "a.csv", text)
    assert rows(tables["companies"], "id") == [("X-A:amber ltd leeds",), ("X-A:amber ltd hull",)]


def test_a_code_that_repeats_is_no_id(tmp_path: Path) -> None:
    _, (tables, _) = propose(tmp_path, "a.csv", "code,ref no,name\nA,7-1,Amber Ltd\nA,7-2,Birch Ltd\n")
    assert rows(tables["companies"], "id") == [("X-A:7-1",), ("X-A:7-2",)]


def test_officers_become_persons(tmp_path: Path) -> None:
    text = "node_id,name,countries\n12000001,KIM QUERN,South Korea\n12000002,THE BEARER,\n12000003,THE BEARER,\n"
    _, (tables, report) = propose(tmp_path, "nodes-officers.csv", text)
    assert set(tables) == {"persons"}
    assert rows(tables["persons"], "id", "name", "residence") == [
        ("X-NODES-OFFICERS:12000001", "KIM QUERN", "KR"),
        ("X-NODES-OFFICERS:12000002", "THE BEARER", None),
        ("X-NODES-OFFICERS:12000003", "THE BEARER", None),
    ]
    assert report.issue_counts == {}


def test_a_file_without_header_is_told_by_its_values(tmp_path: Path) -> None:
    text = '"11222333";"ALFA INVENTADA LTDA";"2062";"150000,00"\n"44555666";"BETO FICTÍCIO";"2135";"0,00"\n'
    proposal, (tables, _) = propose(tmp_path, "raw.txt", text, "latin-1")
    assert yaml.safe_load(proposal)["files"][0]["formats"] == {
        "encoding": "cp1252", "delimiter": ";", "header": "none",
    }  # fmt: skip
    assert rows(tables["companies"], "id", "name") == [
        ("X-RAW:11222333", "ALFA INVENTADA LTDA"), ("X-RAW:44555666", "BETO FICTÍCIO"),
    ]  # fmt: skip
    assert proposal.endswith("#   column 3: 2062\n#   column 4: 150000,00\n")


def test_columns_are_told_by_what_they_hold(tmp_path: Path) -> None:
    text = "a,b,c,d,e,f\n7-1,Amber Ltd,a@amber.example,+44 20 7946 0000,2001-02-03,Germany\n"
    proposal, (tables, _) = propose(tmp_path, "a.csv", text)
    columns = ("id", "name", "incorporated_on", "jurisdiction")
    assert rows(tables["companies"], *columns) == [("X-A:7-1", "Amber Ltd", date(2001, 2, 3), "DE")]
    assert rows(tables["contact_points"], "kind") == [("phone",), ("email_domain",)]
    assert proposal.endswith("# Every column of a.csv found a place.\n")


def test_how_people_are_reached_is_no_sample(tmp_path: Path) -> None:
    proposal, _ = propose(tmp_path, "a.csv", "id,name,email,other\n1,Amber,x@a.example,b@a.example\n")
    assert proposal.endswith("#   other\n")


def test_readers_and_shipped_mappings_that_fit_are_named(tmp_path: Path) -> None:
    proposal, _ = propose(tmp_path, "企业.csv", CHINESE, "gb18030")
    assert proposal.startswith("# The reader cn-gongshang reads this file as it is: no mapping is needed.\n")
    path = tmp_path / "K3241.K03200Y0.D61010.EMPRECSV"
    path.write_bytes('"11222333";"ALFA INVENTADA LTDA";"2062";"49";"150000,00";"03";""\n'.encode("latin-1"))
    named = "# The shipped mapping receita reads this file: name it instead of one of your own.\n"
    assert propose_mapping(path).startswith(named)


def test_every_table_of_a_database_has_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "firms[1].db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE firms (id, name); INSERT INTO firms VALUES (1, 'Amber');"
            "CREATE TABLE notes (x); INSERT INTO notes VALUES (1);"
        )
    proposal = propose_mapping(path)
    assert [(one["match"], one["table"], "tables" in one) for one in yaml.safe_load(proposal)["files"]] == [
        ("firms[[]1].db", "firms", True),
        ("firms[[]1].db", "notes", False),
    ]
    tables, report = read(tmp_path, path, proposal)
    assert rows(tables["companies"], "id", "name") == [("X-FIRMS:1", "Amber")]
    assert report.unknown_fields == set()


@pytest.mark.parametrize(
    "header", ["a: b", "- x", "{a}", "NO", "0123", "2024-03-31", "#1", "'q'", '"q"', "&x", "*", "%", "línea\t2", "企业"]
)
def test_odd_headers_are_written_so_that_they_are_read_back(tmp_path: Path, header: str) -> None:
    quoted = '"' + header.replace('"', '""') + '"'
    _, (tables, report) = propose(tmp_path, "odd.csv", f"id,name,{quoted}\n1,Amber,x\n")
    assert rows(tables["companies"], "name") == [("Amber",)]
    assert report.unknown_fields <= {header}


def test_an_empty_table_has_a_mapping_too(tmp_path: Path) -> None:
    _, (tables, _) = propose(tmp_path, "empty.csv", "id,name,incorporation date,status\n")
    assert tables == {}


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="There is no file"):
        propose_mapping(tmp_path / "none.csv")


def test_words_are_compared_without_case_accents_and_spaces() -> None:
    assert fold_word(" Razão_Social ") == fold_word("RAZAO SOCIAL") == "razaosocial"
    assert fold_word("登记 状态") == "登记状态"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Active", "active"),
        ("ATIVA", "active"),
        ("Inactive", "inactive"),
        ("In Liquidation", "in_liquidation"),
        ("BAIXADA", "dissolved"),
        ("吊销，未注销", "inactive"),
        ("?", "unknown"),
    ],
)
def test_status_words(word: str, status: str) -> None:
    assert guess_status(word) == status
