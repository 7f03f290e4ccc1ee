from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from graphleads.crm.importing import Imports
from graphleads.crm.record import Customers
from graphleads.crm.undo import undo_import
from graphleads.db.connect import open_database
from graphleads.identity.matches import Matches
from graphleads.identity.resolve import Unresolved
from graphleads.leads.claims import Claims
from graphleads.leads.exclusions import Exclusion, Exclusions
from graphleads.leads.runs import RunContent, Runs
from graphleads.model import Claim, CustomerRecord, CustomerStatus, Match, MatchState
from graphleads.testing.session import session_on
from graphleads.workspace.accounts import Accounts
from graphleads.workspace.memory import Memory
from graphleads.workspace.taken import Taken

NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
ALDER, BIRCH, CEDAR = "X-A:1", "X-A:2", "X-A:3"


@pytest.fixture
def elsewhere(engine: Engine, database: str) -> Iterator[Engine]:
    """The same database, opened as another process would."""
    put_customer(engine, "a")
    Claims(session_on(engine, by="Ann", now=NOW)).claim(ALDER, owner="Ann")
    Exclusions(session_on(engine, by="Ann", now=NOW)).exclude(BIRCH, reason="asked not to be called")
    opened = open_database(database)
    yield opened
    opened.dispose()


def put_customer(engine: Engine, external_id: str) -> None:
    record = CustomerRecord(external_id=external_id, name=f"{external_id} Ltd", status=CustomerStatus.WON, owner="Ann")
    Imports(session_on(engine, now=NOW)).put(record, source="test")


def match(engine: Engine) -> None:
    sure = Match(customer="a", company=ALDER, state=MatchState.SURE, method="name", probability=1.0)
    Matches(session_on(engine, now=NOW)).save([sure], snapshot="S")


def confirm_and_refuse(engine: Engine) -> None:
    Matches(session_on(engine, by="Ann", now=NOW)).confirm("a", ALDER)
    Matches(session_on(engine, by="Ann", now=NOW)).refuse("a", ALDER)


WRITERS: dict[str, Callable[[Engine], object]] = {
    "a customer": lambda engine: put_customer(engine, "b"),
    "an import taken back": lambda engine: undo_import(session_on(engine, now=NOW), 1),
    "matches": match,
    "a match confirmed": lambda engine: Matches(session_on(engine, by="Ann", now=NOW)).confirm("a", ALDER),
    "a match confirmed and refused": confirm_and_refuse,
    "a claim": lambda engine: Claims(session_on(engine, by="Bob", now=NOW)).claim(CEDAR, owner="Bob"),
    "a release": lambda engine: Claims(session_on(engine, by="Ann", now=NOW)).release(ALDER),
    "a release by number": lambda engine: Claims(session_on(engine, now=NOW)).release_number(1),
    "an exclusion": lambda engine: Exclusions(session_on(engine, by="Bob", now=NOW)).exclude(CEDAR, reason="sold"),
    "an exclusion taken back": lambda engine: Exclusions(session_on(engine, by="Ann", now=NOW)).include(BIRCH),
}


def said(memory: Memory, engine: Engine) -> tuple[Accounts, Taken]:
    read = memory.read(session_on(engine, now=NOW), Unresolved())
    return read.accounts, read.taken


def read_directly(engine: Engine) -> tuple[Accounts, Taken]:
    claims, exclusions = Claims(session_on(engine)).current(), Exclusions(session_on(engine)).current()
    customers, matches = Customers(session_on(engine)).current(), Matches(session_on(engine)).current()
    taken: list[Claim | Exclusion] = [*claims, *exclusions]
    now = {one.company: one.company for one in taken}
    accounts, _ = Accounts().changed([one.external_id for one in customers], customers, matches)
    return accounts, Taken().changed(now, claims, exclusions)


@pytest.mark.parametrize("change", WRITERS.values(), ids=WRITERS)
def test_what_is_said_elsewhere_is_known_at_once(
    engine: Engine, elsewhere: Engine, change: Callable[[Engine], object]
) -> None:
    memory = Memory()
    before = said(memory, engine)
    assert before == read_directly(engine)
    assert before[0].customers == tuple(Customers(session_on(engine)).current())
    assert before[1].companies == {ALDER, BIRCH}

    change(elsewhere)

    assert said(memory, engine) == read_directly(elsewhere)
    assert said(memory, engine) == said(Memory(), elsewhere)


def test_nothing_is_read_again_before_it_changed(engine: Engine, elsewhere: Engine) -> None:
    memory = Memory()
    accounts, taken = said(memory, engine)
    Runs(session_on(elsewhere, now=NOW)).keep(RunContent(snapshot="S", question={}, config={}, items=[]))
    Claims(session_on(elsewhere, by="Bob", now=NOW, team="another")).claim(CEDAR, owner="Bob")

    assert said(memory, engine)[0] is accounts
    assert said(memory, engine)[1] is taken

    Claims(session_on(elsewhere, by="Bob", now=NOW)).claim(CEDAR, owner="Bob")
    assert said(memory, engine)[0] is accounts
    assert said(memory, engine)[1].companies == {ALDER, BIRCH, CEDAR}


def test_how_customers_stand_is_remembered_by_owner(engine: Engine, elsewhere: Engine) -> None:
    match(elsewhere)
    accounts, _ = said(Memory(), engine)

    assert accounts.standing("Ann").seeds == (ALDER,)
    assert accounts.standing("Ann").seeds is accounts.standing("Ann").seeds
    assert accounts.standing(None).seeds is accounts.standing(None).seeds
    assert accounts.standing("Nobody").seeds == ()
    assert accounts.standing("Nobody") is not accounts.standing("Nobody")
