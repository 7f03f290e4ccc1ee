from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.names.compare import NameComparison, compare_names
from graphleads.names.legal_form import FormAgreement


def _compare(left: str, right: str) -> NameComparison:
    return compare_names(left, pa.array([right]))[0]


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
    assert _compare(left, right).similarity == pytest.approx(likeness)


def test_numbers_weigh_more_than_letters() -> None:
    numbers, letters = _compare("Norwind Fund II", "Norwind Fund III"), _compare("Norwind Fund", "Norwind Funds")
    assert numbers.similarity < 0.85 < letters.similarity


def test_what_speaks_for_and_against() -> None:
    others = pa.array(["Norwind Marine plc", "示例科技有限公司"])
    marine, chinese = compare_names("Norwind Marine Ltd", others), compare_names("示例", others)
    assert (marine[0].same_core, marine[0].form) == (True, FormAgreement.CONFLICT)
    assert (chinese[1].same_start, chinese[1].same_core) == (True, False)
    assert not marine[1].same_start


@given(st.text(max_size=20), st.text(max_size=20))
def test_comparing_is_symmetric_and_bounded(left: str, right: str) -> None:
    assert 0 <= _compare(left, right).similarity <= 1
    assert _compare(left, right).similarity == pytest.approx(_compare(right, left).similarity)
    assert _compare(left, left).similarity == 1


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=5))
def test_comparing_with_many_is_comparing_with_each(name: str, others: list[str]) -> None:
    together = compare_names(name, pa.array(others, pa.string()))
    assert [together[at] for at in range(len(others))] == [_compare(name, other) for other in others]
