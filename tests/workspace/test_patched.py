from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphleads.workspace.patched import Patched

CHANGES = st.lists(st.dictionaries(st.integers(0, 2000), st.none() | st.integers(), max_size=1200), max_size=8)


@given(base=st.dictionaries(st.integers(0, 50), st.integers()), changes=CHANGES)
def test_changes_are_those_of_a_dict_and_what_was_held_stays(
    base: dict[int, int], changes: list[dict[int, int | None]]
) -> None:
    expected, patched, held = dict(base), Patched(dict(base)), []
    for change in changes:
        held.append((patched, dict(expected)))
        patched = patched.patched(change)
        for key, value in change.items():
            expected.pop(key, None)
            if value is not None:
                expected[key] = value

    for one, values in [*held, (patched, expected)]:
        assert one == values
        assert len(one) == len(values)
        assert all((key in one) == (key in values) for key in range(2001))
        assert one.whole() == values


def test_what_is_changed_often_is_copied_now_and_then() -> None:
    patched = Patched(dict.fromkeys(range(10), 0))
    for key in range(1500):
        patched = patched.patched({key: 1})

    assert patched == dict.fromkeys(range(1500), 1)
    assert len(patched._changes) < 1000
