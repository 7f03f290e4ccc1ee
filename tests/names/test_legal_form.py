from __future__ import annotations

import csv
from importlib import resources

import pyarrow as pa
import pytest

from graphleads.names.fold import fold_characters
from graphleads.names.legal_form import FormAgreement, compare_legal_forms, is_legal_form, split_legal_forms
from graphleads.names.normalize import name_key

ROWS = list(
    csv.DictReader(resources.files("graphleads.names").joinpath("legal_forms.csv").read_text("utf-8").splitlines())
)


@pytest.mark.parametrize(
    ("folded", "body", "head", "tail"),
    [
        ("norwind limited", "norwind", None, "ltd"),
        ("norwind company limited", "norwind", None, "co ltd"),
        ("limited limited", "limited", None, "ltd"),
        ("limited", "limited", None, None),
        ("the norwind company", "norwind", None, "co"),
        ("cia norwind sa em recuperacao judicial", "norwind", "cia", "sa"),
        ("pt contoh tbk", "contoh", "pt", "tbk"),
        ("norwind gmbh and co kg", "norwind", None, "gmbh co kg"),
        ("示例股份有限公司", "示例", None, "股份有限公司"),
        ("株式会社サンプル", "サンプル", "株式会社", None),
        ("公司", "公司", None, None),
        ("saltd", "saltd", None, None),
        ("ltd brands", "ltd brands", None, None),
        ("", "", None, None),
    ],
)
def test_split_legal_forms(folded: str, body: str, head: str | None, tail: str | None) -> None:
    parts = split_legal_forms(pa.array([folded]))
    assert (parts.body[0].as_py(), parts.head[0].as_py(), parts.tail[0].as_py()) == (body, head, tail)


def test_a_legal_form_alone() -> None:
    assert is_legal_form("ltd")
    assert is_legal_form("有限公司")
    assert not is_legal_form("norwind ltd")
    assert not is_legal_form("")


def test_the_table_is_folded_and_has_each_form_once() -> None:
    forms = [row["form"] for row in ROWS]
    assert fold_characters(pa.array(forms)).to_pylist() == forms
    assert len(set(forms)) == len(forms)
    assert {row["place"] for row in ROWS} == {"start", "end", "both"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["form"])
def test_canonical_forms_are_canonical(row: dict[str, str]) -> None:
    name = f"{row['form']} norwind" if row["place"] == "start" else f"norwind {row['form']}"
    key = name_key(name)
    assert name_key(key) == key
    assert row["canonical"] in key


@pytest.mark.parametrize(
    ("left", "right", "agreement"),
    [
        ("ltd", "ltd", FormAgreement.SAME),
        (None, None, FormAgreement.SAME),
        ("ltd", None, FormAgreement.MISSING),
        ("ltd", "co ltd", FormAgreement.SIMILAR),
        ("cia", "sa", FormAgreement.SIMILAR),
        ("ltd", "plc", FormAgreement.CONFLICT),
        ("有限公司", "股份有限公司", FormAgreement.CONFLICT),
    ],
)
def test_compare_legal_forms(left: str | None, right: str | None, agreement: FormAgreement) -> None:
    assert compare_legal_forms(left, right) is agreement
    assert compare_legal_forms(right, left) is agreement
