from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine

from graphleads.errors import LeadConflict, NotFound, ValueInvalid
from graphleads.leads.claims import Claims
from graphleads.leads.conflicts import LeadsInConflict, find_conflicts, settle_for_claim
from graphleads.leads.events import LeadEvent, LeadEventKind, read_events
from graphleads.model import Claim
from graphleads.testing.session import session_on
from graphleads.testing.writer import claim_all

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
COMPANY = "GB-COH:01234567"
OWNERS = ("Ann", "Bob", "Cleo", "Dan")


def claimed_companies(engine: Engine, *, team: str = "main") -> dict[str, str]:
    return {one.company: one.owner for one in Claims(session_on(engine, team=team)).current()}


def test_a_claim_is_listed_with_its_event(engine: Engine) -> None:
    claimed = Claims(session_on(engine, by=" Ann  Lee ")).claim(COMPANY, owner=" Ann  Lee ")
    assert claimed == Claim(id=claimed.id, team="main", company=COMPANY, owner="Ann Lee", claimed_at=NOW)
    assert Claims(session_on(engine)).current() == [claimed]
    assert claimed_companies(engine) == {COMPANY: "Ann Lee"}
    assert read_events(session_on(engine), COMPANY) == [
        LeadEvent(team="main", company=COMPANY, kind=LeadEventKind.CLAIMED, by="Ann Lee", at=NOW)
    ]


def test_the_second_claimant_is_told_who_was_first(engine: Engine) -> None:
    Claims(session_on(engine, by="Ann")).claim(COMPANY, owner="Ann")
    with pytest.raises(LeadConflict, match=r"GB-COH:01234567 was claimed by Ann on 2024-05-01 09:30 UTC: ask Ann"):
        Claims(session_on(engine, by="Bob", now=LATER)).claim(COMPANY, owner="Bob")
    assert claimed_companies(engine) == {COMPANY: "Ann"}
    assert len(read_events(session_on(engine), COMPANY)) == 1


def test_claiming_again_changes_nothing(engine: Engine) -> None:
    first = Claims(session_on(engine, by="Ann")).claim(COMPANY, owner="Ann")
    assert Claims(session_on(engine, by="Ann", now=LATER)).claim(COMPANY, owner="Ann") == first
    assert len(read_events(session_on(engine), COMPANY)) == 1


def test_teams_do_not_share_claims(engine: Engine) -> None:
    Claims(session_on(engine, by="Ann", team="north")).claim(COMPANY, owner="Ann")
    Claims(session_on(engine, by="Bob", team="south")).claim(COMPANY, owner="Bob")
    assert claimed_companies(engine, team="north") == {COMPANY: "Ann"}
    assert claimed_companies(engine, team="south") == {COMPANY: "Bob"}
    assert claimed_companies(engine) == {}


def test_a_released_company_can_be_claimed_by_somebody_else(engine: Engine) -> None:
    first = Claims(session_on(engine, by="Ann")).claim(COMPANY, owner="Ann")
    assert Claims(session_on(engine, by="Cleo", now=LATER)).release(COMPANY) == first
    second = Claims(session_on(engine, by="Bob", now=LATER)).claim(COMPANY, owner="Bob")
    assert second.id != first.id
    assert [(event.kind.value, event.by) for event in read_events(session_on(engine), COMPANY)] == [
        ("claimed", "Ann"),
        ("released", "Cleo"),
        ("claimed", "Bob"),
    ]


def test_what_nobody_claimed_cannot_be_released(engine: Engine) -> None:
    with pytest.raises(NotFound, match="Nobody has claimed GB-COH:01234567"):
        Claims(session_on(engine, by="Ann")).release(COMPANY)
    assert read_events(session_on(engine), COMPANY) == []


def test_a_company_claimed_under_another_id_is_claimed(engine: Engine) -> None:
    Claims(session_on(engine, by="Ann")).claim("XI-LEI:A", owner="Ann")
    with pytest.raises(LeadConflict, match="claimed by Ann"):
        Claims(session_on(engine, by="Bob", now=LATER)).claim(COMPANY, owner="Bob", also_known_as=["XI-LEI:A"])
    assert claimed_companies(engine) == {"XI-LEI:A": "Ann"}


@pytest.mark.parametrize(
    ("company", "owner", "message"),
    [
        ("nonsense", "Ann", "'nonsense' is no id"),
        (COMPANY, "  \n", "The owner is empty"),
        (COMPANY, "x" * 501, "The owner has 501 characters: use at most 500"),
    ],
)
def test_a_claim_that_cannot_be_made(engine: Engine, company: str, owner: str, message: str) -> None:
    with pytest.raises(ValueInvalid, match=message):
        Claims(session_on(engine)).claim(company, owner=owner)
    assert Claims(session_on(engine)).current() == []


def test_claims_are_listed_by_owner_and_oldest_first_even_if_the_clock_jumps_back(engine: Engine) -> None:
    Claims(session_on(engine, by="Ann")).claim("X-A:2", owner="Ann")
    Claims(session_on(engine, by="Bob")).claim("X-A:1", owner="Bob")
    Claims(session_on(engine, by="Ann", now=NOW - timedelta(days=1))).claim("X-A:3", owner="Ann")
    assert [one.company for one in Claims(session_on(engine)).current()] == ["X-A:2", "X-A:1", "X-A:3"]
    assert [one.company for one in Claims(session_on(engine)).current(owner="Ann")] == ["X-A:2", "X-A:3"]


def test_of_two_claims_that_meet_in_a_merge_the_earlier_counts(engine: Engine) -> None:
    ann = Claims(session_on(engine, by="Ann")).claim(COMPANY, owner="Ann")
    bob = Claims(session_on(engine, by="Bob", now=LATER)).claim("XI-LEI:A", owner="Bob")
    cleo = Claims(session_on(engine, by="Cleo", now=LATER)).claim("X-A:9", owner="Cleo")
    now = {COMPANY: COMPANY, "XI-LEI:A": COMPANY, "X-A:9": "X-A:9"}
    assert Claims(session_on(engine)).current() == [ann, bob, cleo]
    assert find_conflicts([ann, bob, cleo], [], now) == [LeadsInConflict(company=COMPANY, claims=(ann, bob))]


def test_of_four_processes_one_gets_each_company(engine: Engine, database: str) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        told = list(pool.map(claim_all, [database] * 4, OWNERS, [50] * 4))
    won = [
        [company for company, first in all_.items() if first == owner] for owner, all_ in zip(OWNERS, told, strict=True)
    ]
    owners = claimed_companies(engine)
    assert Counter(company for companies in won for company in companies) == {f"X-A:{n}": 1 for n in range(50)}
    assert {(company, owner) for owner, mine in zip(OWNERS, won, strict=True) for company in mine} == set(
        owners.items()
    )
    assert all(len(read_events(session_on(engine), company)) == 1 for company in owners)


def test_a_claim_ends_by_its_number_and_never_ends_another(engine: Engine) -> None:
    first = Claims(session_on(engine, by="Ann")).claim(COMPANY, owner="Ann")
    assert Claims(session_on(engine, now=LATER)).release_number(first.id) == first
    second = Claims(session_on(engine, by="Bob", now=LATER)).claim(COMPANY, owner="Bob")
    with pytest.raises(NotFound, match=f"There is no claim {first.id}, or it was released already"):
        Claims(session_on(engine, by="Cleo", now=LATER)).release_number(first.id)
    with pytest.raises(NotFound):
        Claims(session_on(engine, by="Cleo", now=LATER, team="south")).release_number(second.id)
    assert claimed_companies(engine) == {COMPANY: "Bob"}
    assert [(event.kind.value, event.by) for event in read_events(session_on(engine), COMPANY)] == [
        ("claimed", "Ann"), ("released", "Ann"), ("claimed", "Bob"),
    ]  # fmt: skip


def test_a_conflict_is_settled_whole_or_not_at_all(engine: Engine) -> None:
    session = session_on(engine)
    ann, bob = Claims(session).claim(COMPANY, owner="Ann"), Claims(session).claim("XI-LEI:A", owner="Bob")
    gone = Claims(session).claim("X-A:9", owner="Cleo")
    Claims(session).release_number(gone.id)
    conflict = LeadsInConflict(company=COMPANY, claims=(ann, bob, gone))
    with pytest.raises(NotFound, match=f"There is no claim {gone.id}"):
        settle_for_claim(session, conflict, bob.id)
    assert Claims(session).current() == [ann, bob]
