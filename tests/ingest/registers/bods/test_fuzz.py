"""Whatever stands in a statement, reading ends with rows or with one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graphleads.errors import InputError
from graphleads.ids import is_id
from graphleads.ingest.registers.bods.reader import BodsReader
from graphleads.testing.reader_contract import ReaderContract

GOLDEN = Path(__file__).parents[3] / "golden" / "bods"
STATEMENTS = [
    *json.loads((GOLDEN / "statements_0_2.json").read_text(encoding="utf-8")),
    *json.loads((GOLDEN / "statements_0_3.json").read_text(encoding="utf-8")),
    *map(json.loads, (GOLDEN / "statements_0_4.jsonl").read_text(encoding="utf-8").splitlines()),
]
ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        "",
        " ",
        "\x1f",
        "ent-1",
        "2020-13-45",
        "9999-99-99",
        -1,
        2**70,
        1.5,
        True,
        [],
        {},
        [None],
        [""],
        [{}],
        "é" * 600,
    ]
)


class _Bods(ReaderContract):
    reader = BodsReader()


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(place for key, one in inner for place in places(one, (*above, key)))]


def put(value: Any, place: tuple[Any, ...], odd: Any) -> None:
    for key in place[:-1]:
        value = value[key]
    value[place[-1]] = odd


@settings(max_examples=30)
@given(data=st.data())
def test_no_statement_breaks_the_reader(data: st.DataObject, tmp_path_factory: Any) -> None:
    objects = json.loads(json.dumps(STATEMENTS))
    for _ in range(4):
        place = data.draw(st.sampled_from([place for place in places(objects) if len(place) > 1]))
        put(objects, place, data.draw(ODD))
    path = tmp_path_factory.mktemp("fuzz") / "statements.json"
    path.write_text(json.dumps(objects), encoding="utf-8")
    try:
        tables, report = _Bods().read([path])
    except InputError:
        return
    report.issue_table()
    assert all(is_id(one) for one in tables["companies"]["id"].to_pylist())
