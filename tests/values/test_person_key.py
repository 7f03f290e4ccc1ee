from __future__ import annotations

import pyarrow as pa

from graphleads.values.person_key import CONFIDENCE, person_keys


def test_the_key_is_name_and_month_of_birth_and_nothing_less() -> None:
    columns = person_keys(
        pa.array(["Ada Mary", "ADA  MARY", "Ada", "Ada Mary", "Ada Mary", None]),
        pa.array(["Ficton", "FICTÓN", "Ficton", "Ficton", "Ficton", "Ficton"]),
        pa.array([1961, 1961, 1961, 1962, None, 1961]),
        pa.array([4, 4, 4, 4, 4, 4]),
    )
    first, same, other_name, other_year, *without = columns["key"].to_pylist()
    assert first == same == "8228d0b1517498de86cc4a8f"
    assert len({first, other_name, other_year}) == 3
    assert without == [None, None]
    assert columns["key_confidence"].to_pylist() == [CONFIDENCE] * 4 + [None, None]
