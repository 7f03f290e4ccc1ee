from __future__ import annotations

import pyarrow as pa
import pytest

from graphleads.values.china_party import are_organisations, head_office_names, name_keys, organisation_ids, valid_codes


@pytest.mark.parametrize(
    ("name", "organisation"),
    [
        ("张三", False),
        ("王会", False),
        ("欧阳文局", False),
        ("买买提·艾力", False),
        ("John Smith", False),
        ("样本贸易有限公司", True),
        ("某某投资中心（有限合伙）", True),
        ("厦门样本小吃店", True),
        ("样本市人民政府国有资产监督管理委员会", True),
        ("FORJAS EJEMPLO,S.L", True),
        ("Example Holdings Ltd.", True),
    ],
)
def test_an_organisation_is_told_by_its_name(name: str, organisation: bool) -> None:
    nothing = pa.nulls(1, pa.string())
    assert are_organisations(pa.array([name]), nothing).to_pylist() == [organisation]
    assert are_organisations(pa.array([name]), pa.array(["其他投资者"])).to_pylist() == [organisation]
    assert are_organisations(pa.array([name]), pa.array(["自然人股东"])).to_pylist() == [False]
    assert are_organisations(pa.array([name]), pa.array(["企业法人"])).to_pylist() == [True]


def test_an_organisation_is_named_by_its_code_its_number_or_its_name() -> None:
    names = pa.array(["样本（厦门）有限责任公司", "样本甲公司", "样本乙公司", "…"])
    codes = pa.array(["91350200ma9900001u", "91350200MA99000018", None, None])
    numbers = pa.array([None, None, "350200100000001", None])
    assert organisation_ids(names, codes, numbers).to_pylist() == [
        "CN-USCI:91350200MA9900001U",
        "X-CN-NAME:样本甲 公司",
        "X-CN-REGNO:350200100000001",
        None,
    ]
    assert organisation_ids(names, codes).to_pylist()[2] == "X-CN-NAME:样本乙 公司"
    assert valid_codes(codes).to_pylist() == ["91350200MA9900001U", None, None, None]


def test_spellings_of_one_name_have_one_key() -> None:
    keys = name_keys(pa.array(["样本（厦门）有限责任公司", "样本(厦门)有限公司", "样本 （厦门） 有限公司"]))
    assert len(set(keys.to_pylist())) == 1


def test_a_branch_bears_the_name_of_its_company() -> None:
    names = ["样本贸易有限公司上海分公司", "样本贸易有限公司", "样本有限公司第一营业部", "分公司", None]
    assert head_office_names(pa.array(names)).to_pylist() == ["样本贸易有限公司", None, "样本有限公司", None, None]
