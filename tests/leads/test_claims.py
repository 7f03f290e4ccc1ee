from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Engine

from graphleads.db.connect import open_database
from graphleads.errors import LeadConflict, NotFound, ValueInvalid
from graphleads.leads.claims import claim, claimed_companies, list_claims, release, release_claim, settle_claims
from graphleads.leads.events import LeadEvent, LeadEventKind, list_events
from graphleads.model import Claim

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
COMPANY = "GB-COH:01234567"


def test_a_claim_is_listed_with_its_event(engine: Engine) -> None:
    claimed = claim(engine, COMPANY, owner=" Ann  Lee ", now=NOW)
    assert claimed == Claim(id=claimed.id, team="main", company=COMPANY, owner="Ann Lee", claimed_at=NOW)
    assert list_claims(engine) == [claimed]
    assert claimed_companies(engine) == {COMPANY: "Ann Lee"}
    assert list_events(engine, COMPANY) == [
        LeadEvent(team="main", company=COMPANY, kind=LeadEventKind.CLAIMED, by="Ann Lee", at=NOW)
    ]


def test_the_second_claimant_is_told_who_was_first(engine: Engine) -> None:
    claim(engine, COMPANY, owner="Ann", now=NOW)
    with pytest.raises(LeadConflict, match=r"GB-COH:01234567 was claimed by Ann on 2024-05-01 09:30 UTC: ask Ann"):
        claim(engine, COMPANY, owner="Bob", now=LATER)
    assert claimed_companies(engine) == {COMPANY: "Ann"}
    assert len(list_events(engine, COMPANY)) == 1


def test_claiming_again_changes_nothing(engine: Engine) -> None:
    first = claim(engine, COMPANY, owner="Ann", now=NOW)
    assert claim(engine, COMPANY, owner="Ann", now=LATER) == first
    assert len(list_events(engine, COMPANY)) == 1


def test_teams_do_not_share_claims(engine: Engine) -> None:
    claim(engine, COMPANY, owner="Ann", now=NOW, team="north")
    claim(engine, COMPANY, owner="Bob", now=NOW, team="south")
    assert claimed_companies(engine, team="north") == {COMPANY: "Ann"}
    assert claimed_companies(engine, team="south") == {COMPANY: "Bob"}
    assert claimed_companies(engine) == {}


def test_a_released_company_can_be_claimed_by_somebody_else(engine: Engine) -> None:
    first = claim(engine, COMPANY, owner="Ann", now=NOW)
    assert release(engine, COMPANY, by="Cleo", now=LATER) == first
    second = claim(engine, COMPANY, owner="Bob", now=LATER)
    assert second.id != first.id
    assert [(event.kind.value, event.by) for event in list_events(engine, COMPANY)] == [
        ("claimed", "Ann"),
        ("released", "Cleo"),
        ("claimed", "Bob"),
    ]


def test_what_nobody_claimed_cannot_be_released(engine: Engine) -> None:
    with pytest.raises(NotFound, match="Nobody has claimed GB-COH:01234567"):
        release(engine, COMPANY, by="Ann", now=NOW)
    assert list_events(engine, COMPANY) == []


def test_a_company_claimed_under_another_id_is_claimed(engine: Engine) -> None:
    claim(engine, "XI-LEI:A", owner="Ann", now=NOW)
    with pytest.raises(LeadConflict, match="claimed by Ann"):
        claim(engine, COMPANY, owner="Bob", now=LATER, also_known_as=["XI-LEI:A"])
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
        claim(engine, company, owner=owner, now=NOW)
    assert list_claims(engine) == []


def test_claims_are_listed_by_owner_and_oldest_first_even_if_the_clock_jumps_back(engine: Engine) -> None:
    claim(engine, "X-A:2", owner="Ann", now=NOW)
    claim(engine, "X-A:1", owner="Bob", now=NOW)
    claim(engine, "X-A:3", owner="Ann", now=NOW - timedelta(days=1))
    assert [one.company for one in list_claims(engine)] == ["X-A:2", "X-A:1", "X-A:3"]
    assert [one.company for one in list_claims(engine, owner="Ann")] == ["X-A:2", "X-A:3"]


def test_of_two_claims_that_meet_in_a_merge_the_earlier_counts(engine: Engine) -> None:
    ann = claim(engine, COMPANY, owner="Ann", now=NOW)
    bob = claim(engine, "XI-LEI:A", owner="Bob", now=LATER)
    cleo = claim(engine, "X-A:9", owner="Cleo", now=LATER)
    settled = settle_claims(list_claims(engine), lambda one: COMPANY if one == "XI-LEI:A" else one)
    assert settled.current == {COMPANY: ann, "X-A:9": cleo}
    assert settled.conflicts == ((ann, bob),)


def _claim_all(path: Path, owner: str) -> list[str]:
    engine = open_database(path)
    won = []
    for number in range(50):
        try:
            won.append(claim(engine, f"X-A:{number}", owner=owner, now=NOW).company)
        except LeadConflict:
            continue
    engine.dispose()
    return won


def test_of_four_processes_one_gets_each_company(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "graphleads.db"
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        won = list(pool.map(_claim_all, [path] * 4, ["Ann", "Bob", "Cleo", "Dan"]))
    owners = claimed_companies(engine)
    assert Counter(company for companies in won for company in companies) == {f"X-A:{n}": 1 for n in range(50)}
    assert {
        (company, owner) for owner, mine in zip(["Ann", "Bob", "Cleo", "Dan"], won, strict=True) for company in mine
    } == set(owners.items())
    assert all(len(list_events(engine, company)) == 1 for company in owners)


def test_a_claim_ends_by_its_number_and_never_ends_another(engine: Engine) -> None:
    first = claim(engine, COMPANY, owner="Ann", now=NOW)
    assert release_claim(engine, first.id, by=None, now=LATER) == first
    second = claim(engine, COMPANY, owner="Bob", now=LATER)
    with pytest.raises(NotFound, match=f"There is no claim {first.id}, or it was released already"):
        release_claim(engine, first.id, by="Cleo", now=LATER)
    with pytest.raises(NotFound):
        release_claim(engine, second.id, by="Cleo", now=LATER, team="south")
    assert claimed_companies(engine) == {COMPANY: "Bob"}
    assert [(event.kind.value, event.by) for event in list_events(engine, COMPANY)] == [
        ("claimed", "Ann"), ("released", "Ann"), ("claimed", "Bob"),
    ]  # fmt: skip
