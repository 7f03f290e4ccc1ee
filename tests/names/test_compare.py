from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.names.compare import comparable_names, compare_comparable, compare_names
from graphleads.names.legal_form import FormAgreement


@pytest.mark.parametrize(
    ("left", "right", "likeness"),
    [
        ("Norwind Ltd", "NORWIND LIMITED", 1.0),
        ("Norwind Marine", "Marine Norwind", 1.0),
        ("Nor Wind", "Norwind", 1.0),
        ("Norwind", "Norwind Ltd", 0.99),
        ("Norwind Ltd", "Norwind Co Ltd", 0.98),
        ("Norwind Ltd", "Norwind plc", 0.93),
        ("Norwind Fund II", "Norwind Fund 2", 0.85 * 0.88),
        ("", "", 1.0),
        ("", "Norwind", 0.0),
    ],
)
def test_compare_names(left: str, right: str, likeness: float) -> None:
    assert compare_names(left, right) == pytest.approx(likeness)


def test_numbers_weigh_more_than_letters() -> None:
    assert compare_names("Norwind Fund II", "Norwind Fund III") < 0.85 < compare_names("Norwind Fund", "Norwind Funds")


def test_what_speaks_for_and_against() -> None:
    left, right, chinese, longer = comparable_names(
        pa.array(["Norwind Marine Ltd", "Norwind Marine plc", "示例", "示例科技有限公司"])
    )
    assert compare_comparable(left, right).same_core
    assert compare_comparable(left, right).form is FormAgreement.CONFLICT
    assert compare_comparable(chinese, longer).same_start
    assert not compare_comparable(chinese, longer).same_core
    assert not compare_comparable(left, chinese).same_start


@given(st.text(max_size=20), st.text(max_size=20))
def test_comparing_is_symmetric_and_bounded(left: str, right: str) -> None:
    assert 0 <= compare_names(left, right) <= 1
    assert compare_names(left, right) == pytest.approx(compare_names(right, left))
    assert compare_names(left, left) == 1
