from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphleads.values.china import (
    days,
    role_kinds,
    shares,
    split_titles,
    staff_bounds,
    statuses,
)


def test_percentages_need_their_sign() -> None:
    texts = ["45.10%", "100%", "0.5％", "33.3333%", "101%", "45.10", "0.451", "-", None]
    assert shares(pa.array(texts)).to_pylist() == [0.451, 1.0, 0.005, 0.333333, None, None, None, None, None]


@given(st.integers(0, 10_000))
def test_a_percentage_is_the_number_nearest_to_its_fraction(hundredths: int) -> None:
    text = f"{hundredths // 100}.{hundredths % 100:02}%"
    assert shares(pa.array([text])).to_pylist() == [float(Decimal(hundredths) / 10_000)]


def test_days_are_read_as_they_are_written() -> None:
    known = {
        "2016-03-01": date(2016, 3, 1),
        "2016年3月1日": date(2016, 3, 1),
        "2016/3/1": date(2016, 3, 1),
        "20160301": date(2016, 3, 1),
        "2010-03-03T00:00:00+08:00": date(2010, 3, 3),
        "2010-03-03 00:00:00": date(2010, 3, 3),
        "1369152000000": date(2013, 5, 22),
        "-315648000000": date(1960, 1, 1),
        "2016-13-01": None,
        "253392422400000": None,
        "12345": None,
        "soon": None,
    }
    assert dict(zip(known, days(pa.array(list(known))).to_pylist(), strict=True)) == known


def test_statuses() -> None:
    known = {
        "存续": "active",
        "在业": "active",
        "在营（开业）企业": "active",
        "存续（在营、开业、在册）": "active",
        "迁入": "active",
        "吊销": "inactive",
        "吊销，未注销": "inactive",
        "吊销，已注销": "dissolved",
        "注销": "dissolved",
        "迁出": "inactive",
        "停业": "inactive",
        "清算": "in_liquidation",
        "睡着": "unknown",
        None: None,
    }
    assert dict(zip(known, statuses(pa.array(list(known))).to_pylist(), strict=True)) == known


def test_posts_are_taken_apart_and_have_a_kind() -> None:
    known = {
        "执行董事兼总经理": ["director", "chief_executive"],
        "执行董事，总经理": ["director", "chief_executive"],
        "董事长、经理": ["chair", "manager"],
        "副董事长": ["director"],
        "名誉董事长": ["other"],
        "独立董事": ["director"],
        "监事会主席": ["supervisor"],
        "董事会秘书": ["secretary"],
        "副总经理": ["manager"],
        "财务负责人": ["manager"],
        "CEO": ["chief_executive"],
        "执行事务合伙人": ["partner"],
        "委派代表": ["representative"],
        "顾问": ["other"],
    }
    found = {text: role_kinds(split_titles(pa.array([text])).flatten()).to_pylist() for text in known}
    assert found == known


def test_staff_ranges_keep_both_bounds() -> None:
    least, most = staff_bounds(pa.array(["小于50人", "50-99人", "10000人以上", "4", "100人", "-", None]))
    assert least.to_pylist() == [None, 50, 10000, 4, 100, None, None]
    assert most.to_pylist() == [49, 99, None, 4, 100, None, None]
