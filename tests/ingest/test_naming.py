"""One id with several names in one delivery is said, whichever reader it comes by; spellings and versions are not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphleads.ingest import naming
from graphleads.ingest.delivery import IngestRequest, ingest

MAPPING = """\
version: 1
name: staff
dataset: staff
files:
  - match: "*.csv"
    tables:
      - table: companies
        fields:
          record: company
          id: {column: company, steps: [{prefix: "X-A:"}]}
          name: firm
      - table: persons
        fields:
          record: [company, person]
          id: {column: person, steps: [{prefix: "X-P:"}]}
          name: name
"""
HEADER = "company,firm,person,name\n"


def issues(tmp_path: Path, **files: str) -> list[tuple[str, int | None, str | None, str | None]]:
    mapping = tmp_path / "staff.yaml"
    mapping.write_text(MAPPING.replace("record: [company, person]", "record: {columns: [company, person]}"))
    paths = []
    for name, rows in files.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(HEADER + rows)
        paths.append(path)
    request = IngestRequest(observed_on=date(2026, 1, 1), mapping=mapping)
    return said(ingest("table", paths, staged=tmp_path / "staged", request=request))


def said(result: object) -> list[tuple[str, int | None, str | None, str | None]]:
    rows = pq.read_table(result.issues_path).to_pylist()  # type: ignore[attr-defined]
    found = [(one["file"], one["row"], one["column"], one["sample"]) for one in rows if one["code"] == "several_names"]
    assert result.manifest.issues.get("several_names", 0) == len(found)  # type: ignore[attr-defined]
    return found


def test_both_names_and_their_rows_are_said(tmp_path: Path) -> None:
    rows = "1,Alder Ltd,7,Ada Quill\n2,Birch Ltd,8,Bo Reed\n1,Cedar Ltd,7,Cy Stone\n1,Cedar Ltd,7,Dee Thorn\n"
    assert issues(tmp_path, a=rows) == [
        ("a.csv", 4, "name", "'Alder Ltd' in row 2 and 'Cedar Ltd' in row 4"),
        ("a.csv", 4, "name", "'Ada Quill' in row 2 and 'Cy Stone' in row 4"),
        ("a.csv", 5, "name", "'Ada Quill' in row 2 and 'Dee Thorn' in row 5"),
    ]


def test_names_in_two_files_say_where_each_stands(tmp_path: Path) -> None:
    assert issues(tmp_path, a="1,Alder Ltd,7,Ada Quill\n", b="2,Birch Ltd,7,Bo Reed\n") == [
        ("b.csv", 2, "name", "'Ada Quill' in row 2 of a.csv and 'Bo Reed' in row 2")
    ]


def test_spellings_of_one_name_are_one(tmp_path: Path) -> None:
    assert issues(tmp_path, a="1,Alder Ltd,7,Ada Quill\n1,ALDER  Limited,7,ADA QUILL\n1,,7,\n") == []


def test_ids_are_compared_in_as_many_turns_as_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "_AT_ONCE", 3)
    rows = "".join(f"{n % 10},Firm {n % 10}{'' if n != 17 else ' Other'},{n},Person {n}\n" for n in range(20))
    assert issues(tmp_path, a=rows) == [
        ("a.csv", 19, "name", "'Firm 7' in row 9 and 'Firm 7 Other' in row 19"),
    ]


def test_versions_and_other_kinds_of_names_are_no_contradiction(tmp_path: Path) -> None:
    def entity(number: str, day: str, name: str) -> dict[str, object]:
        return {
            "statementID": number,
            "statementType": "entityStatement",
            "statementDate": day,
            "entityType": "registeredEntity",
            "name": name,
            "alternateNames": ["Elm Trading"],
            **({"replacesStatements": ["s1"]} if number != "s1" else {}),
        }

    path = tmp_path / "statements.json"
    path.write_text(json.dumps([entity("s1", "2020-01-01", "Alder Ltd"), entity("s2", "2021-01-01", "Elm Ltd")]))
    request = IngestRequest(dataset="bods", observed_on=date(2026, 1, 1))
    assert said(ingest("bods", [path], staged=tmp_path / "staged", request=request)) == []
