from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from graphleads.crm.importing import import_customer, undo_import
from graphleads.crm.record import list_customers
from graphleads.db.connect import open_database
from graphleads.identity.matches import confirm_match, current_matches, refuse_match, save_matches
from graphleads.leads.claims import claim, list_claims, release, release_claim
from graphleads.leads.exclusions import exclude, include, list_exclusions
from graphleads.leads.runs import RunContent, save_run
from graphleads.model import CustomerRecord, CustomerStatus, Match, MatchState
from graphleads.workspace.ledger import Accounts, Ledger, Taken

NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
ALDER, BIRCH, CEDAR = "X-A:1", "X-A:2", "X-A:3"


@pytest.fixture
def elsewhere(engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    """The same database, opened as another process would."""
    put_customer(engine, "a")
    claim(engine, ALDER, owner="Ann", now=NOW)
    exclude(engine, BIRCH, reason="asked not to be called", by="Ann", now=NOW)
    opened = open_database(tmp_path / "graphleads.db")
    yield opened
    opened.dispose()


def put_customer(engine: Engine, external_id: str) -> None:
    record = CustomerRecord(external_id=external_id, name=f"{external_id} Ltd", status=CustomerStatus.WON, owner="Ann")
    import_customer(engine, record, source="test", now=NOW)


def match(engine: Engine) -> None:
    sure = Match(customer="a", company=ALDER, state=MatchState.SURE, method="name", probability=1.0)
    save_matches(engine, [sure], snapshot="S", now=NOW)


def confirm_and_refuse(engine: Engine) -> None:
    confirm_match(engine, "a", ALDER, by="Ann", now=NOW)
    refuse_match(engine, "a", ALDER, by="Ann", now=NOW)


WRITERS: dict[str, Callable[[Engine], object]] = {
    "a customer": lambda engine: put_customer(engine, "b"),
    "an import taken back": lambda engine: undo_import(engine, 1, now=NOW),
    "matches": match,
    "a match confirmed": lambda engine: confirm_match(engine, "a", ALDER, by="Ann", now=NOW),
    "a match confirmed and refused": confirm_and_refuse,
    "a claim": lambda engine: claim(engine, CEDAR, owner="Bob", now=NOW),
    "a release": lambda engine: release(engine, ALDER, by="Ann", now=NOW),
    "a release by number": lambda engine: release_claim(engine, 1, by=None, now=NOW),
    "an exclusion": lambda engine: exclude(engine, CEDAR, reason="sold", by="Bob", now=NOW),
    "an exclusion taken back": lambda engine: include(engine, BIRCH, by="Ann", now=NOW),
}


def read_directly(engine: Engine) -> tuple[Accounts, Taken]:
    claims, exclusions = list_claims(engine), list_exclusions(engine)
    return (
        Accounts(customers=tuple(list_customers(engine)), matches=current_matches(engine)),
        Taken(
            claims=tuple(claims),
            exclusions=tuple(exclusions),
            companies=frozenset([*(one.company for one in claims), *(one.company for one in exclusions)]),
        ),
    )


@pytest.mark.parametrize("change", WRITERS.values(), ids=WRITERS)
def test_what_is_said_elsewhere_is_known_at_once(
    engine: Engine, elsewhere: Engine, change: Callable[[Engine], object]
) -> None:
    ledger = Ledger("main")
    before = ledger.read(engine)
    assert before == read_directly(engine)
    assert before[1].companies == {ALDER, BIRCH}

    change(elsewhere)

    assert ledger.read(engine) == read_directly(elsewhere)
    assert ledger.read(engine) == Ledger("main").read(elsewhere)


def test_nothing_is_read_again_before_it_changed(engine: Engine, elsewhere: Engine) -> None:
    ledger = Ledger("main")
    accounts, taken = ledger.read(engine)
    save_run(elsewhere, RunContent(snapshot="S", query={}, config={}, items=[]), now=NOW)
    claim(elsewhere, CEDAR, owner="Bob", now=NOW, team="another")

    assert ledger.read(engine)[0] is accounts
    assert ledger.read(engine)[1] is taken

    claim(elsewhere, CEDAR, owner="Bob", now=NOW)
    assert ledger.read(engine)[0] is accounts
    assert ledger.read(engine)[1].companies == {ALDER, BIRCH, CEDAR}


def test_how_customers_stand_is_remembered_by_owner(engine: Engine, elsewhere: Engine) -> None:
    match(elsewhere)
    accounts, _ = Ledger("main").read(engine)

    assert accounts.standing("Ann").seeds == (ALDER,)
    assert accounts.standing("Ann") is accounts.standing("Ann")
    assert accounts.standing(None) is accounts.standing(None)
    assert accounts.standing("Nobody").seeds == ()
    assert accounts.standing("Nobody") is not accounts.standing("Nobody")
