"""What is remembered and changed is what is read anew, whoever writes and in whichever process."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.importing import Imports
from graphleads.crm.undo import undo_import
from graphleads.db.connect import open_database
from graphleads.db.session import Session
from graphleads.errors import GraphLeadsError
from graphleads.identity.matches import Matches
from graphleads.ids import EntityId
from graphleads.leads.claims import Claims
from graphleads.leads.exclusions import Exclusions
from graphleads.model import Claim, CustomerRecord, CustomerStatus, Match, MatchState
from graphleads.recommend.barred import bar
from graphleads.testing.session import session_on
from graphleads.workspace import memory as memory_module
from graphleads.workspace.memory import Memory
from graphleads.workspace.said import Said

NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
COMPANIES = [f"X-T:{number}" for number in range(6)]
TEAM = count()


@dataclass(frozen=True)
class Merged:
    """A resolver by which some of the companies are others, and the last one is in no register."""

    merged: tuple[tuple[EntityId, EntityId], ...] = ()

    def ids_now(self, ids: Collection[EntityId]) -> Mapping[EntityId, EntityId]:
        return {one: dict(self.merged).get(one, one) for one in ids}

    def aliases(self, entity: EntityId) -> frozenset[EntityId]:
        now = dict(self.merged).get(entity, entity)
        return frozenset(one for one in COMPANIES if dict(self.merged).get(one, one) == now) - {entity}

    def nodes_of(self, ids: Sequence[EntityId]) -> NDArray[np.int64]:
        here = {company: node for node, company in enumerate(COMPANIES[:-1])}
        return np.array([here.get(self.ids_now([one])[one], -1) for one in ids], np.int64)


RESOLVERS = [Merged(), Merged((("X-T:1", "X-T:0"), ("X-T:3", "X-T:2")))]


def record(name: str, status: str, owner: str | None) -> CustomerRecord:
    return CustomerRecord(external_id=name, name=name, status=CustomerStatus(status), owner=owner)


NAMES = st.sampled_from("abcde")
COMPANY = st.sampled_from(COMPANIES)
RECORDS = st.builds(record, NAMES, st.sampled_from(["won", "open", "lost"]), st.sampled_from([None, "ann", "bob"]))
MATCHES = st.builds(
    Match,
    customer=NAMES,
    company=COMPANY,
    state=st.sampled_from([MatchState.SURE, MatchState.UNSURE, MatchState.NONE]),
    method=st.just("name"),
    probability=st.just(0.5),
    others=st.dictionaries(COMPANY, st.just(0.1), max_size=2),
)

Write = Callable[[Session, Merged], object]
WRITES: st.SearchStrategy[Write] = st.one_of(
    RECORDS.map(lambda one: lambda session, _: Imports(session).put(one, source="test")),
    st.lists(RECORDS, unique_by=lambda one: one.external_id, max_size=4).map(
        lambda many: lambda session, _: Imports(session).make(CustomerFile(name="f.csv", records=tuple(many)))
    ),
    st.lists(MATCHES, unique_by=lambda one: one.customer, max_size=4).map(
        lambda many: lambda session, by: Matches(session, by).save(many, snapshot="S")
    ),
    st.tuples(NAMES, COMPANY).map(lambda pair: lambda session, by: Matches(session, by).confirm(*pair)),
    st.tuples(NAMES, COMPANY).map(lambda pair: lambda session, by: Matches(session, by).refuse(*pair)),
    st.just(lambda session, _: [undo_import(session, one.id) for one in Imports(session).all()[-1:]]),
    COMPANY.map(lambda one: lambda session, _: Claims(session).claim(one, owner=session.actor)),
    COMPANY.map(lambda one: lambda session, _: Claims(session).release(one)),
    COMPANY.map(lambda one: lambda session, _: Exclusions(session).exclude(one, reason="asked")),
    COMPANY.map(lambda one: lambda session, _: Exclusions(session).include(one)),
)
STEPS = st.lists(st.tuples(WRITES, st.booleans(), st.sampled_from(RESOLVERS), st.booleans()), max_size=12)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Engine]:
    """One database, opened twice as two processes would."""
    path = tmp_path_factory.mktemp("memory") / "graphleads.db"
    return open_database(path), open_database(path)


def written_out(said: Said) -> dict[str, Any]:
    """Return all that is said as plain values, which nothing can change later."""
    accounts, taken = said.accounts, said.taken
    return {
        "customers": accounts.customers,
        "matches": accounts.matches.whole(),
        "seeds": {owner: accounts.standing(owner).seeds for owner in (None, "ann", "bob", "eve")},
        "unsure": accounts.unsure,
        "claims": taken.claims,
        "exclusions": taken.exclusions,
        "hashes": [one.fingerprint() for one in (accounts.companies, accounts.withheld, taken.companies)],
        "at": [
            (accounts.all_at(one), accounts.customers_at(one), taken.claims_on(one), taken.exclusions_of(one))
            for one in COMPANIES
        ],
        "barred": (said.barred.nodes.tolist(), said.barred.why.tolist()),
    }


def barred_by_definition(said: Said, by: Merged) -> tuple[list[int], list[int]]:
    sets = (said.accounts.companies, said.accounts.withheld, said.taken.companies)
    nodes = [by.nodes_of(sorted(one)) for one in sets]
    barred = bar(*(found[found >= 0].astype(np.int32) for found in nodes))
    return barred.nodes.tolist(), barred.why.tolist()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_what_is_remembered_is_what_is_read_anew(engines: tuple[Engine, Engine], steps: list[Any]) -> None:
    team, memory, held = f"team {next(TEAM)}", Memory(), []
    session = session_on(engines[0], by="Ann", now=NOW, team=team)
    for write, elsewhere, by, asks in steps:
        with suppress(GraphLeadsError):
            write(replace(session, engine=engines[elsewhere]), by)
        if asks:
            said = memory.read(session, by)
            fresh = Memory().read(replace(session, engine=engines[1]), by)
            assert written_out(said) == written_out(fresh)
            assert (said.accounts, said.taken) == (fresh.accounts, fresh.taken)
            assert written_out(said)["barred"] == barred_by_definition(said, by)
            held.append((said, written_out(said)))
    for said, values in held:
        assert written_out(said) == values


def test_more_changes_than_are_named_are_read_all(
    engines: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, by = Memory(), Merged()
    session = session_on(engines[0], by="Ann", now=NOW, team="many")
    monkeypatch.setattr(memory_module, "_MOST_ROWS", 2)
    for number in range(4):
        Imports(session).put(record(f"c{number}", "won", "ann"), source="test")
    assert len(memory.read(session, by).accounts.customers) == 4
    for number in range(4):
        Imports(session).put(record(f"c{number}", "lost" if number else "won", "bob"), source="test")

    assert [one.owner for one in memory.read(session, by).accounts.customers] == ["bob"] * 4


def test_only_what_changed_is_read(engines: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    memory, by = Memory(), Merged()
    session = session_on(engines[0], by="Ann", now=NOW, team="few")
    for number in range(3):
        Imports(session).put(record(f"c{number}", "won", "ann"), source="test")
    before = memory.read(session, by)
    asked: list[object] = []
    read = Claims.read

    def listen(self: Claims, connection: Connection, companies: Collection[EntityId] | None = None) -> list[Claim]:
        asked.append(companies)
        return read(self, connection, companies)

    monkeypatch.setattr(Claims, "read", listen)
    Claims(session).claim("X-T:1", owner="Ann")

    after = memory.read(session, by)
    assert asked == [frozenset({"X-T:1"})]
    assert after.accounts is before.accounts
    assert memory.read(session, by) is after
