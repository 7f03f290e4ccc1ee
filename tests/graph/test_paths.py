from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from graphleads.errors import EntityNotFound, ValueInvalid
from graphleads.graph.paths import find_paths
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import Direction, PathQuery
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.testing.known_graph import company

DAY = date(2025, 6, 30)


@pytest.fixture
def store(known_snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore(known_snapshot)


def names(store: EmbeddedStore, start: str, end: str, **more: object) -> list[list[str]]:
    query = PathQuery(**({"valid_on": DAY, "known_on": DAY} | more))  # type: ignore[arg-type]
    found = store.paths(company(start), company(end), query)
    return [[path[0].start.name, *(step.end.name for step in path)] for path in found]


def test_the_shortest_path_comes_first(store: EmbeddedStore) -> None:
    assert names(store, "Alder", "Elm") == [
        ["Alder Ltd", "+44 113 000 0001", "Elm Ltd"],
        ["Alder Ltd", "Ben Brook", "Ben Brook", "Elm Ltd"],
    ]


def test_paths_join_what_is_several_companies_apart(store: EmbeddedStore) -> None:
    assert names(store, "Cedar", "Birch") == [["Cedar Ltd", "Alder Ltd", "Ann Archer", "Birch Ltd"]]


def test_no_path_leads_through_a_hub_or_an_auditor(store: EmbeddedStore) -> None:
    assert names(store, "Alder", "Fir", max_hops=8) == []
    assert names(store, "Alder", "Hazel", max_hops=8) == []


def test_a_path_is_of_its_day(store: EmbeddedStore) -> None:
    assert names(store, "Alder", "Iroko") == []
    assert names(store, "Alder", "Iroko", valid_on=date(2020, 1, 1)) == [["Alder Ltd", "Carl Crane", "Iroko Ltd"]]


def test_paths_are_simple_and_bounded(store: EmbeddedStore) -> None:
    assert names(store, "Alder", "Elm", limit=1) == [["Alder Ltd", "+44 113 000 0001", "Elm Ltd"]]
    assert names(store, "Alder", "Elm", max_hops=2) == [["Alder Ltd", "+44 113 000 0001", "Elm Ltd"]]
    assert names(store, "Alder", "Elm", max_hops=1) == []


def test_a_step_shows_its_tie(store: EmbeddedStore) -> None:
    (path,) = store.paths(company("Alder"), company("Cedar"), PathQuery(valid_on=DAY, known_on=DAY))
    assert (path[0].relationship.kind, path[0].relationship.share_min) == ("shareholding", 0.6)


@pytest.mark.parametrize("change", [{"max_hops": 0}, {"max_hops": 9}, {"limit": 0}, {"limit": 10**9}])
def test_what_is_out_of_range_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueInvalid, match="ask for 1 to"):
        PathQuery(valid_on=DAY, known_on=DAY, **change)


def test_a_path_has_two_ends_that_are_there(store: EmbeddedStore) -> None:
    with pytest.raises(ValueInvalid, match="two ends"):
        names(store, "Alder", "Alder")
    with pytest.raises(EntityNotFound):
        store.paths(company("Alder"), "X-KNOWN:99", PathQuery(valid_on=DAY, known_on=DAY))


WAYS = [
    ("X:a", "X-ADDRESS:1"), ("X:b", "X-ADDRESS:1"),
    ("X:a", "X-PHONE:2"), ("X:b", "X-PHONE:2"),
    ("X:p", "X:a"), ("X:p", "X:q"), ("X:q", "X:b"),
    ("X:c", "X:a"), ("X:c", "X-ADDRESS:3"), ("X:b", "X-ADDRESS:3"),
]  # fmt: skip
"""Pairs of holder and held, or of company and what it has."""


def ways(start: str, end: str, *, limit: int = 10, direction: Direction = Direction.ANY) -> list[list[str]]:
    def read_ties(nodes: Sequence[str], outward: bool | None) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {node: {} for node in nodes}
        for source, target in WAYS:
            if source in found and outward is not False:
                found[source][target] = "tie"
            if target in found and outward is not True:
                found[target][source] = "tie"
        return found

    query = PathQuery(valid_on=DAY, known_on=DAY, limit=limit, direction=direction)
    found = find_paths((start, end), read_ties, query, id_of=str)
    return [[path[0][0], *(step[1] for step in path)] for path in found]


def test_paths_by_addresses_come_last() -> None:
    by_address = [["X:a", "X-ADDRESS:1", "X:b"], ["X:a", "X:c", "X-ADDRESS:3", "X:b"]]
    others = [["X:a", "X-PHONE:2", "X:b"], ["X:a", "X:p", "X:q", "X:b"]]
    assert ways("X:a", "X:b") == others + by_address
    assert ways("X:a", "X:b", limit=3) == [*others, by_address[0]]


def test_an_address_that_is_an_end_is_no_address_on_the_way() -> None:
    assert ways("X:a", "X-ADDRESS:1")[0] == ["X:a", "X-ADDRESS:1"]


@pytest.mark.parametrize(
    ("start", "end", "direction", "found"),
    [
        ("X:p", "X:b", Direction.FORWARD, [["X:p", "X:q", "X:b"]]),
        ("X:b", "X:p", Direction.BACKWARD, [["X:b", "X:q", "X:p"]]),
        ("X:b", "X:p", Direction.FORWARD, []),
        ("X:a", "X:b", Direction.FORWARD, []),
    ],
)
def test_a_direction_is_that_of_every_step(start: str, end: str, direction: Direction, found: list[list[str]]) -> None:
    assert ways(start, end, direction=direction) == found
