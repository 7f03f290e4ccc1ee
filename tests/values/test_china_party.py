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
        ("贺联社", False),
        ("李学会", False),
        ("王大学", False),
        ("赵银行", False),
        ("司马基金", False),
        ("陈中心", False),
        ("王公司", True),
        ("管委会", True),
        ("样本学会", True),
        ("某某大学", True),
        ("张江高科技中心", True),
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


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("样本贸易有限公司上海分公司", "样本贸易有限公司"),
        ("样本有限公司第一营业部", "样本有限公司"),
        ("样本银行股份有限公司厦门湖里支行", "样本银行股份有限公司"),
        ("样本石油销售有限公司东门加油站", "样本石油销售有限公司"),
        ("样本医药连锁有限责任公司仁爱药店", "样本医药连锁有限责任公司"),
        ("样本商贸公司城南门市部", "样本商贸公司"),
        ("样本（有限公司）上海分公司", "样本（有限公司）"),
        ("样本有限公司（外商独资）厦门分公司", "样本有限公司（外商独资）"),
        ("样本有限公司（上海）分公司", "样本有限公司"),
        ("样本农村商业银行城东储蓄所", "样本农村商业银行"),
        ("样本有限公司上海分公司第一门市部", "样本有限公司"),
        ("样本有限公司研究院", "样本有限公司"),
        ("样本贸易有限公司", None),
        ("样本有限公司（普通合伙）", None),
        ("样本有限公司工会委员会", None),
        ("样本有限公司样本有限公司", None),
        ("城东加油站", None),
        ("分公司", None),
        (None, None),
    ],
)
def test_a_branch_bears_the_name_of_its_company(name: str | None, head: str | None) -> None:
    assert head_office_names(pa.array([name], pa.string())).to_pylist() == [head]
