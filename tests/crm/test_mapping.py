from __future__ import annotations

from pathlib import Path

import pytest

from graphleads.crm.crm_file import read_customers
from graphleads.crm.mapping import read_customer_mapping
from graphleads.errors import FileUnreadable, MappingInvalid
from graphleads.model import CustomerStatus


def test_what_was_said_is_read(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "columns: {external_id: Ref, name: 2023}\nstatus: {won: [Yes, 1], open: ''}\nidentifiers: {'': Reg}\n"
    )
    mapping = read_customer_mapping(tmp_path / "m.yaml")
    assert mapping.columns == {"external_id": "Ref", "name": "2023"}
    assert mapping.identifiers == {"": "Reg"}
    assert mapping.status_words == {
        "yes": CustomerStatus.WON,
        "1": CustomerStatus.WON,
        "": CustomerStatus.OPEN,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "line 1: a mapping of customers has the parts columns, deals, identifiers, constants, status"),
        ("colums:\n  name: A\n", "line 1: 'colums' is none of columns, deals, identifiers"),
        ("columns:\n  nmae: A\n", "line 2: 'nmae' is none of external_id, name, status"),
        ("columns:\n  name: [A]\n", "line 2: 'name' needs one text"),
        ("columns: A\n", "line 1: 'columns' needs lines of the form"),
        ("identifiers:\n  cnpj: A\n", "line 2: 'cnpj' is no identifier scheme"),
        ("constants:\n  country: Narnia\n", "line 2: 'Narnia' is no country"),
        ("constants:\n  status: perhaps\n", "line 2: 'perhaps' is no status that is known"),
        ("status:\n  gained: A\n", "line 2: 'gained' is none of won, open, lost"),
        ("status:\n  won: A\n  lost: a\n", "line 3: 'a' is both won and lost"),
        ("date_format: DD/MM\n", "line 1: 'DD/MM' is no date format: write for example %d/%m/%Y"),
        ("date_format: '%d/%m/%d/%Y'\n", "line 1: '%d/%m/%d/%Y' is no date format"),
        ("date_format: '%d/%m'\n", "line 1: '%d/%m' is no date format"),
        ("encoding: 8\n", "line 1: 8 is no encoding"),
        ("columns: [\n", "this is no YAML"),
        ("", "is empty"),
    ],
)
def test_a_mapping_that_cannot_be_used_names_the_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "m.yaml").write_text(text)
    with pytest.raises(MappingInvalid, match=r"m\.yaml") as caught:
        read_customer_mapping(tmp_path / "m.yaml")
    assert message in str(caught.value)


def test_a_column_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("columns:\n  external_id: Ref\n  name: Firm\n")
    (tmp_path / "crm.csv").write_text("Ref,Firma\n1,Foo\n")
    with pytest.raises(MappingInvalid, match=r"m\.yaml, line 3: crm\.csv has no column 'Firm', only Ref, Firma"):
        read_customers(tmp_path / "crm.csv", tmp_path / "m.yaml")


def test_an_encoding_that_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("encoding: klingon\n")
    (tmp_path / "crm.csv").write_text("ID,Name\n1,Foo\n")
    with pytest.raises(FileUnreadable, match="nobody knows an encoding 'klingon'"):
        read_customers(tmp_path / "crm.csv", tmp_path / "m.yaml")
