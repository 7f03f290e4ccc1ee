from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import Engine

from graphleads.errors import ValueInvalid
from graphleads.identity.judgements import Judgement, Judgements, Record, RecordKind, Verdict
from graphleads.testing.session import NOW, session_on

COMPANIES = (RecordKind.COMPANY, RecordKind.COMPANY)
TEAMS = count()


@dataclass
class Merges:
    """A resolver that is told which ids moved."""

    moved: dict[str, str] = field(default_factory=dict)

    def ids_now(self, ids: Collection[str]) -> Mapping[str, str]:
        return {one: self.moved.get(one, one) for one in ids}

    def aliases(self, entity: str) -> frozenset[str]:
        now = self.moved.get(entity, entity)
        return frozenset([now, *(one for one, other in self.moved.items() if other == now)]) - {entity}

    def nodes_of(self, ids: Sequence[str]) -> NDArray[np.int64]:
        raise AssertionError("judgements are read by ids")


def company(entity: str, *also: str) -> Record:
    return Record(kind=RecordKind.COMPANY, id=entity, also=frozenset(also))


def judge(engine: Engine, left: Record, right: Record, verdict: Verdict, *, by: str = "Ann") -> Judgement:
    session = session_on(engine, by=by)
    with session.write() as connection:
        return Judgements(session).append(connection, left, right, verdict, why=" they  share a desk ")


def latest(engine: Engine, kinds: tuple[RecordKind, RecordKind], merges: Merges) -> dict[tuple[str, str], Verdict]:
    session = session_on(engine)
    with session.read() as connection:
        found = Judgements(session).latest(connection, kinds=kinds, resolver=merges)
    return {pair: one.verdict for pair, one in found.items()}


@pytest.mark.parametrize(
    "kinds",
    [
        (RecordKind.CUSTOMER, RecordKind.COMPANY),
        (RecordKind.COMPANY, RecordKind.COMPANY),
        (RecordKind.PERSON, RecordKind.PERSON),
        (RecordKind.PERSON, RecordKind.CONTACT),
        (RecordKind.CONTACT, RecordKind.PROSPECT),
        (RecordKind.COMPANY, RecordKind.PROSPECT),
    ],
)
def test_any_pair_of_records_is_judged_and_comes_back(engine: Engine, kinds: tuple[RecordKind, RecordKind]) -> None:
    left, right = (Record(kind=kind, id=f"X-A:{at}") for at, kind in enumerate(kinds))
    made = judge(engine, right, left, Verdict.UNSURE)
    assert made == Judgement(
        id=1, left=left, right=right, verdict=Verdict.UNSURE, by="Ann", at=NOW, why="they share a desk"
    )
    session = session_on(engine)
    with session.read() as connection:
        assert Judgements(session).read(connection, kinds=kinds) == [made]
        assert Judgements(session_on(engine, team="other")).read(connection, kinds=kinds) == []
        assert Judgements(session).read(connection, kinds=kinds, until=NOW - timedelta(seconds=1)) == []


def test_a_record_is_not_judged_against_itself(engine: Engine) -> None:
    with pytest.raises(ValueInvalid, match="X-A:1 is one record: a judgement is of two"):
        judge(engine, company("X-A:1"), company("X-A:1"), Verdict.SAME)


def test_of_several_judgements_on_a_pair_the_latest_counts_whichever_side_comes_first(engine: Engine) -> None:
    judge(engine, company("X-A:1"), company("X-A:2"), Verdict.SAME)
    judge(engine, company("X-A:2"), company("X-A:1"), Verdict.DIFFERENT, by="Bob")
    judge(engine, company("X-A:3"), company("X-A:1"), Verdict.UNSURE)
    assert latest(engine, COMPANIES, Merges()) == {
        ("X-A:1", "X-A:2"): Verdict.DIFFERENT,
        ("X-A:1", "X-A:3"): Verdict.UNSURE,
    }


def test_a_judgement_holds_when_an_id_moves_and_when_two_become_two_again(engine: Engine) -> None:
    judge(engine, company("X-A:1", "GB-COH:1"), company("X-A:2"), Verdict.DIFFERENT)
    assert latest(engine, COMPANIES, Merges({"X-A:1": "GB-COH:1"})) == {("GB-COH:1", "X-A:2"): Verdict.DIFFERENT}
    assert latest(engine, COMPANIES, Merges()) == {
        ("GB-COH:1", "X-A:2"): Verdict.DIFFERENT,
        ("X-A:1", "X-A:2"): Verdict.DIFFERENT,
    }


def test_what_was_judged_of_two_records_says_nothing_of_the_one_that_they_became(engine: Engine) -> None:
    judge(engine, company("X-A:1"), company("X-A:2"), Verdict.DIFFERENT)
    assert latest(engine, COMPANIES, Merges({"X-A:2": "X-A:1"})) == {}


IDS = st.sampled_from(["X-A:1", "X-A:2", "X-A:3", "X-A:4"])
SAID = st.tuples(IDS, IDS, st.sampled_from(Verdict)).filter(lambda one: one[0] != one[1])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(SAID, max_size=6), turned=st.lists(st.booleans(), min_size=6, max_size=6))
def test_which_side_is_which_does_not_matter(
    engine: Engine, said: list[tuple[str, str, Verdict]], turned: list[bool]
) -> None:
    team = f"team {next(TEAMS)}"
    for side in (False, True):
        session = session_on(engine, team=f"{team} {side}")
        with session.write() as connection:
            for (left, right, verdict), turn in zip(said, turned, strict=False):
                pair = (company(right), company(left)) if turn and side else (company(left), company(right))
                Judgements(session).append(connection, *pair, verdict)
    counted = []
    for side in (False, True):
        session = session_on(engine, team=f"{team} {side}")
        with session.read() as connection:
            found = Judgements(session).latest(connection, kinds=COMPANIES, resolver=Merges())
        counted.append({pair: one.verdict for pair, one in found.items()})
    assert counted[0] == counted[1]
    assert counted[0] == {(min(left, right), max(left, right)): verdict for left, right, verdict in said}
