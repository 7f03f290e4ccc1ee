from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from graphleads.values.china_amount import amounts, currencies


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("6,765.00万元", "67650000.00", "CNY"),
        ("100万人民币", "1000000.00", "CNY"),
        ("185000 万元", "1850000000.00", "CNY"),
        ("2600万", "26000000.00", "CNY"),
        ("1.5亿元", "150000000.00", "CNY"),
        ("500万元整", "5000000.00", "CNY"),
        ("500万美元", "5000000.00", "USD"),
        ("港币500万元", "5000000.00", "HKD"),
        ("1000元", "1000.00", "CNY"),
        ("0万元", "0.00", "CNY"),
        ("0.12345678万元", "1234.57", "CNY"),
        ("6765", None, "CNY"),
        ("99.617", None, "CNY"),
        ("很多万元", None, "CNY"),
        ("9" * 30 + "亿元", None, "CNY"),
        ("500(万元)", "5000000.00", "CNY"),
        ("500（万元人民币）", "5000000.00", "CNY"),
        ("500.000000万人民币", "5000000.00", "CNY"),
        ("1,000万美元", "10000000.00", "USD"),
        ("人民币５００万元", "5000000.00", "CNY"),
        ("500万元(人民币)", "5000000.00", "CNY"),
        ("500(万美元)", "5000000.00", "USD"),
        ("USD 1,000,000.00", "1000000.00", "USD"),
        ("RMB 5 million", "5000000.00", "CNY"),
        ("5千万元", "50000000.00", "CNY"),
        ("3百万港币", "3000000.00", "HKD"),
        ("2万亿日元", "2000000000000.00", "JPY"),
        ("伍佰万元整", "5000000.00", "CNY"),
        ("人民币一千二百万元", "12000000.00", "CNY"),
        ("壹亿贰仟万元", "120000000.00", "CNY"),
        ("认缴出资额：50万元", "500000.00", "CNY"),
        ("500.00（单位：万元）", "5000000.00", "CNY"),
        ("500(万洋钱)", None, "CNY"),
        ("500万元/100万美元", None, "USD"),
        ("500万元美元人民币", None, "USD"),
        ("50,0万元", None, "CNY"),
        ("500万-800万元", None, "CNY"),
        ("500(万股)", None, "CNY"),
        (None, None, None),
    ],
)
def test_amounts_need_their_unit(text: str | None, amount: str | None, currency: str | None) -> None:
    column = pa.array([text], pa.string())
    assert amounts(column).to_pylist() == [Decimal(amount) if amount else None]
    assert currencies(column).to_pylist() == [currency]
