"""What the fuzz tests begin with: whole files in every format that is read, each with the reader that takes it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

GOLDEN = Path(__file__).parents[1] / "golden"
MAPPINGS = Path(__file__).parents[2] / "graphleads" / "ingest" / "mappings"


@dataclass(frozen=True, kw_only=True)
class Case:
    """Files, and who reads them: a reader of registers, or None for the customers' import."""

    reader: str | None
    files: dict[str, bytes]
    mapping: str | bytes | None = None


CUSTOMERS = """Account ID,Account Name,Stage,Billing Country,City,Website,Email,Amount,Close Date,Owner,Company No
001,Amber Mills Ltd,Closed Won,England,Leeds,www.amber.example,ann@amber.example,"£1,234.56",31/03/2024,Ann,01234567
002,Birke GmbH,Open,Germany,Köln,https://birke.example/,bob@birke.example,"2.500,00 €",13/01/2024,Bob,HRB 1234
003,示例有限公司,Closed Lost,中国,北京,,,3万,01/02/2024,Ann,
004,Ødegård AS,won,NO,Oslo,odegard.example,,1000,2024-02-29,,987654325
"""

CUSTOMER_MAPPING = b"""columns: {external_id: Account ID, name: Account Name, status: Stage, won_on: Close Date}
identifiers: {GB-COH: Company No}
constants: {owner: Ann}
status: {won: [closed won], lost: [closed lost]}
date_format: "%d/%m/%Y"
encoding: utf-8
"""


@cache
def cases() -> dict[str, Case]:
    """Return every case by name."""
    house, gleif, bods, china = (GOLDEN / name for name in ("companies_house", "gleif", "bods", "cn_gongshang"))
    registers = {
        "companies-house": ("companies-house", house.glob("*.csv")),
        "companies-house-psc": ("companies-house-psc", house.glob("*.txt")),
        "companies-house-officers full": ("companies-house-officers", house.glob("Prod216*.dat")),
        "companies-house-officers update": ("companies-house-officers", house.glob("Prod198*.dat")),
        "cvm": ("cvm", (GOLDEN / "cvm").glob("*2023*.csv")),
        "cn-gongshang table": ("cn-gongshang", china.glob("companies_*.csv")),
        "cn-gongshang answer": ("cn-gongshang", china.glob("*.json")),
        "gleif csv": ("gleif", gleif.glob("*.csv")),
        "gleif xml": ("gleif", gleif.glob("*.xml")),
        "bods document": ("bods", bods.glob("*0_3.json")),
        "bods lines": ("bods", bods.glob("*.jsonl")),
        "ftm": ("ftm", (GOLDEN / "ftm").glob("*.json")),
    }
    found = {name: Case(reader=reader, files=_contents(paths)) for name, (reader, paths) in registers.items()}
    for name in ("plain", "asx200_holders", "cn_executives"):
        files = _contents((GOLDEN / name).glob("*.csv"))
        found[f"table {name}"] = Case(reader="table", mapping=name, files=files)
    database = _run_sql((GOLDEN / "br_partners" / "partners.sql").read_text(encoding="utf-8"))
    found["table br_partners"] = Case(reader="table", mapping="br_partners", files={"partners.db": database})
    companies = (GOLDEN / "plain" / "companies.csv").read_text(encoding="utf-8")
    for name, write in _FORMATS.items():
        # What a file is, is told by its bytes and not by its name.
        files = {"companies.csv": write(companies)}
        found[f"table in {name}"] = Case(reader="table", mapping="plain", files=files)
        found[f"customers in {name}"] = Case(reader=None, files={f"customers.{name}": write(CUSTOMERS)})
    mapped = {"customers.csv": CUSTOMERS.encode()}
    found["customers with a mapping"] = Case(reader=None, files=mapped, mapping=CUSTOMER_MAPPING)
    return dict(sorted(found.items()))


def _contents(paths: Iterable[Path]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(paths)}


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def _to_csv(text: str) -> bytes:
    return text.encode()


def _to_lines(text: str) -> bytes:
    header, *rows = _rows(text)
    return "".join(json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in rows).encode()


def _to_array(text: str) -> bytes:
    return b"[" + b",\n".join(_to_lines(text).splitlines()) + b"]"


def _to_workbook(text: str) -> bytes:
    workbook, stream = openpyxl.Workbook(), io.BytesIO()
    for row in _rows(text):
        workbook.active.append(row)
    workbook.save(stream)
    return stream.getvalue()


def _to_parquet(text: str) -> bytes:
    header, *rows = _rows(text)
    stream = io.BytesIO()
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=[name or "blank" for name in header]), stream)
    return stream.getvalue()


def _to_database(text: str) -> bytes:
    header, *rows = _rows(text)
    names = ", ".join(f'"{name}"' for name in header)
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"CREATE TABLE rows ({names})")
        database.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * len(header))})", rows)  # noqa: S608
        database.commit()
        return database.serialize()


def _run_sql(script: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(script)
        return database.serialize()


_FORMATS: dict[str, Callable[[str], bytes]] = {
    "csv": _to_csv,
    "csv.gz": lambda text: gzip.compress(text.encode(), mtime=0),
    "json": _to_array,
    "jsonl": _to_lines,
    "parquet": _to_parquet,
    "sqlite": _to_database,
    "xlsx": _to_workbook,
}
