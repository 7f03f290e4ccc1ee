from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.errors import FormatChanged
from graphleads.formats.report import DeliveryReport
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.registers.cn_gongshang.dossier import DOSSIER
from graphleads.ingest.registers.cn_gongshang.header import choose_columns, make_dossiers


def make(**cells: list[str | None]) -> tuple[RowBlock, DeliveryReport]:
    columns = {header: pa.array(texts, pa.string()) for header, texts in {"企业名称": ["甲"], **cells}.items()}
    report = DeliveryReport()
    rows = np.arange(2, 2 + len(next(iter(columns.values()))))
    block = RowBlock(file="f", columns=columns, rows=rows)
    return make_dossiers(block, choose_columns("f", list(columns)), report), report


def test_headers_are_known_whatever_their_spelling() -> None:
    chosen = choose_columns("f", ["公司名称", "股东（发起人）", "认缴出资额 (万元)", "持股比例（%）", "序号", "天气"])
    assert chosen.fields == {
        "name": ("公司名称",),
        "holders.name": ("股东（发起人）",),
        "holders.subscribed": ("认缴出资额 (万元)",),
        "holders.share": ("持股比例（%）",),
    }
    assert chosen.units == {"公司名称": "", "股东（发起人）": "", "认缴出资额 (万元)": "万元", "持股比例（%）": "%"}
    assert (chosen.ignored, chosen.unknown) == ({"序号": "the row's number"}, ("天气",))


def test_without_a_name_there_is_no_table() -> None:
    with pytest.raises(FormatChanged, match="f has no column '企业名称'"):
        choose_columns("f", ["股东"])


def test_a_dossier_has_every_column() -> None:
    block, _ = make()
    assert {name: column.type for name, column in block.columns.items()} == {one.name: one.type for one in DOSSIER}


def test_lists_in_cells_are_taken_apart_together() -> None:
    block, report = make(股东=["张三；李四|王五"], 持股比例=["50%;30%;20%"], 股东类型=["自然人;-;自然人"])
    assert [(one["name"], one["share"], one["type"]) for one in block.columns["holders"][0].as_py()] == [
        ("张三", "50%", "自然人"),
        ("李四", "30%", None),
        ("王五", "20%", "自然人"),
    ]
    assert report.issue_counts == {}


def test_a_cell_that_does_not_fit_its_neighbours_is_left_out() -> None:
    block, report = make(股东=["张三;李四"], 持股比例=["50%;30%;20%"])
    assert [one["share"] for one in block.columns["holders"][0].as_py()] == [None, None]
    assert [(one["column"], one["sample"]) for one in report.issue_table().to_pylist()] == [("持股比例", "50%;30%;20%")]


def test_a_cell_beside_a_single_name_is_whole() -> None:
    block, report = make(主要人员=["张三"], 职务=["董事长;总经理"])
    assert block.columns["staff"][0].as_py()[0]["titles"] == "董事长;总经理"
    assert report.issue_counts == {}


def test_units_stand_in_headers_and_placeholders_for_nothing() -> None:
    columns: dict[str, list[str | None]] = {"注册资本（万元）": ["1,000"], "股东": ["张三"], "持股比例(%)": ["45.1"]}
    block, _ = make(**columns, 曾用名=["-"], 登记状态=["暂无"])
    assert block.columns["capital"].to_pylist() == ["1,000万元"]
    assert block.columns["holders"][0].as_py()[0]["share"] == "45.1%"
    assert block.columns["status"].to_pylist() == [None]
    assert block.columns["former_names"].to_pylist() == [[]]


def test_several_columns_of_one_field_fill_it_together() -> None:
    block, _ = make(电话=["0592-1234567"], 更多电话=["010-12345678;021-12345678"], 所属行业=[None], 国标行业=["批发业"])
    assert block.columns["phones"].to_pylist() == [["0592-1234567", "010-12345678", "021-12345678"]]
    assert block.columns["industries"].to_pylist() == [["批发业"]]


NAMES = st.lists(st.sampled_from(["张三", "李四", "", "-", "王五"]), min_size=1, max_size=5)


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_every_name_keeps_what_stands_beside_it(cells: list[list[str]]) -> None:
    shares = [[f"{place}%" for place, _ in enumerate(names)] for names in cells]
    block, report = make(
        企业名称=["甲"] * len(cells),
        股东=[";".join(names) or None for names in cells],
        持股比例=[";".join(texts) for texts in shares],
    )
    found = [[(one["name"], one["share"]) for one in holders] for holders in block.columns["holders"].to_pylist()]
    expected = [
        [(name, share) for name, share in zip(names, texts, strict=True) if name not in ("", "-")]
        for names, texts in zip(cells, shares, strict=True)
    ]
    assert found == expected
    assert report.issue_counts == {}
