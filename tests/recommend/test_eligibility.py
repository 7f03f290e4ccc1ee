from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphleads.graph.describe import ALIVE, STATUSES, Day, settled_on, thrives_on
from graphleads.graph.fold import BEGINNING, FOREVER
from graphleads.graph.standing import standing_on
from graphleads.model import LeadQuery
from graphleads.recommend.eligibility import NOT_ELIGIBLE, Eligibility

N = 12
VIEW_ON, VIEW_UNTIL = 4, 6
DAY_0 = date(1970, 1, 1)
DAYS = st.integers(0, 9)
CHANGES = DAYS.filter(lambda day: day != VIEW_ON + 1)
MAYBE = st.none() | CHANGES
"""Nothing begins or ends between the day of the view and another day in it."""
COMPANIES = st.lists(st.tuples(st.booleans(), MAYBE, MAYBE, st.booleans()), min_size=N, max_size=N)
STATUS_ROWS = st.lists(
    st.tuples(
        st.integers(0, N - 1), st.just("a"), st.just("1"), st.sampled_from(STATUSES),
        CHANGES, CHANGES, CHANGES, CHANGES,
    ),
    max_size=30,
)  # fmt: skip
GROUP = st.frozensets(st.integers(0, N - 1), max_size=3)


@dataclass
class Hubs:
    """As much of the ties of a day as eligibility reads."""

    blocked_nodes: np.ndarray

    def blocked(self, nodes: np.ndarray) -> np.ndarray:
        found: np.ndarray = self.blocked_nodes[nodes]
        return found

    def parted(self, companies: np.ndarray) -> np.ndarray:
        return np.zeros(len(companies), bool)


@dataclass
class Register:
    """As much of a snapshot as eligibility reads; ids are the nodes' numbers."""

    companies: pa.Table
    records: pa.Table
    statuses: pa.Table
    arrays: dict[str, np.ndarray]
    n_companies: int = N
    view_on: int = VIEW_ON
    view_until: int = VIEW_UNTIL

    def table(self, name: str) -> pa.Table:
        return {"statuses": self.statuses, "records": self.records}[name]

    def rows_of(self, table: str, column: str, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        numbers = self.table(table)[column].to_numpy()
        return np.searchsorted(numbers, wanted), np.searchsorted(numbers, wanted, side="right")

    @property
    def observed_on(self) -> date:
        return DAY_0 + timedelta(self.view_on)

    def node_array(self, name: str) -> np.ndarray:
        return self.arrays[name]

    def nodes_of(self, ids: Sequence[str]) -> np.ndarray:
        return np.array([int(one) for one in ids], np.int64)


def days(numbers: Sequence[int | None]) -> pa.Array:
    return pa.array(numbers, pa.int32()).cast(pa.date32())


def make_register(companies: list[tuple[Any, ...]], rows: list[tuple[Any, ...]]) -> Register:
    mentioned, founded, ended, _ = zip(*companies, strict=True)
    described = {"mentioned": mentioned, "incorporated_on": days(founded), "dissolved_on": days(ended)}
    table = pa.table({"id": [str(node) for node in range(N)], **described})
    always = {
        "valid_from": BEGINNING, "valid_to": FOREVER, "known_from": BEGINNING, "known_until": FOREVER,
        "last_seen_on": BEGINNING,
    }  # fmt: skip
    records = pa.table(
        {
            "node": pa.array(range(N), pa.int32()),
            "dataset": pa.array(["a"] * N).dictionary_encode(),
            "record": pa.array(["1"] * N),
            "rank": pa.array([0] * N, pa.int16()),
            **described,
            **{name: days([day] * N) for name, day in always.items()},
        }
    )
    node, dataset, record, status, *times = (
        zip(*sorted(rows, key=lambda row: row[0]), strict=True) if rows else [()] * 8
    )
    statuses = pa.table(
        {
            "node": pa.array(node, pa.int32()),
            "dataset": pa.array(dataset, pa.string()).dictionary_encode(),
            "record": pa.array(record, pa.string()),
            "status": pa.array(status, pa.string()).dictionary_encode(),
        }
        | dict(zip(("valid_from", "valid_to", "known_from", "known_until"), map(days, times), strict=True))
        | {"last_seen_on": days([BEGINNING] * len(node))}
    )
    on_view = standing_on(statuses, records, N, Day(VIEW_ON, VIEW_ON))
    own = {"status": on_view.status, "thrives": thrives_on(table, *on_view, VIEW_ON)}
    settled = settled_on(table, statuses, records, VIEW_ON)
    return Register(table, records, statuses, own | {"settled_on": settled})


def expected(
    register: Register, companies: list[tuple[Any, ...]], teams: Sequence[frozenset[int]], day: tuple[int, int]
) -> list[int]:
    """The definition, a company at a time."""
    in_view = all(VIEW_ON <= one < VIEW_UNTIL for one in day)
    valid_on, known_on = (VIEW_ON, VIEW_ON) if in_view else day
    status = standing_on(register.statuses, register.records, N, Day(valid_on, known_on)).status
    found = []
    for node, (mentioned, founded, ended, blocked) in enumerate(companies):
        gone = STATUSES[status[node]] not in ALIVE
        gone |= (founded is not None and founded > valid_on) or (ended is not None and ended <= valid_on)
        against = [*(node in team for team in teams), mentioned, gone, False, False, False, False, blocked]
        found.append(next((at for at, is_so in enumerate(against) if is_so), -1))
    return found


@given(companies=COMPANIES, rows=STATUS_ROWS, teams=st.tuples(GROUP, GROUP, GROUP, GROUP), day=st.tuples(DAYS, DAYS))
def test_what_is_said_against_a_company_is_the_first_reason_of_the_definition(
    companies: list[tuple[Any, ...]],
    rows: list[tuple[Any, ...]],
    teams: tuple[frozenset[int], ...],
    day: tuple[int, int],
) -> None:
    register = make_register(companies, rows)
    seeds, *others = teams
    customers, withheld, exclude = (frozenset(map(str, team)) for team in others)
    query = LeadQuery(
        seeds=(), customers=customers, withheld=withheld, exclude=exclude,
        valid_on=DAY_0 + timedelta(day[0]), known_on=DAY_0 + timedelta(day[1]),
    )  # fmt: skip
    eligibility = Eligibility(register)  # type: ignore[arg-type]
    hubs = Hubs(np.array([blocked for *_, blocked in companies]))
    found = eligibility.against(
        query,
        np.arange(N, dtype=np.int32),
        (np.array(sorted(seeds), np.int32), eligibility.barred(query)),
        hubs,  # type: ignore[arg-type]
    )
    assert found.tolist() == expected(register, companies, teams, day)
    assert len(NOT_ELIGIBLE) == 11
