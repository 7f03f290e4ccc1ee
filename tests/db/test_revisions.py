"""Databases of every version that was released, with rows of their age, are brought up to date and lose nothing."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, Engine, LargeBinary, column, create_engine, insert, make_url, table

import graphleads.db.migrations
from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.deal import Deals
from graphleads.crm.importing import Imports
from graphleads.crm.record import Customers
from graphleads.crm.undo import undo_import
from graphleads.db.change import Topic, read_changes
from graphleads.db.column_type import UtcDateTime
from graphleads.db.connect import open_database, read_state, upgrade_database
from graphleads.db.migrate import HEAD, upgrade
from graphleads.identity.matches import Matches
from graphleads.leads.claims import Claims
from graphleads.leads.events import read_events
from graphleads.leads.exclusions import Exclusions
from graphleads.leads.runs import Runs
from graphleads.model import CustomerRecord, CustomerStatus, Deal, MatchState
from graphleads.testing.session import session_on

DAY = datetime(2024, 5, 1, 8, 30, tzinfo=UTC)
TEAM = {"team": "main"}
ALDER, BIRCH, CEDAR = "X-A:1", "X-A:2", "X-A:3"
ITEMS = [{"rank": 1, "company": {"id": CEDAR, "name": "示例有限公司"}, "reasons": []}]
RECORD = {"external_id": "é", "name": "Älder", "status": "won", "identifiers": [["", "1"]], "custom": {"Zone": "Nord"}}

_JSON = ("identifiers", "custom", "features", "others", "query", "config", "left_also", "right_also")
_MOMENTS = (
    "imported_at",
    "undone_at",
    "matched_at",
    "at",
    "claimed_at",
    "until",
    "excluded_at",
    "created_at",
    "shown_at",
)

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'graphleads.db'}"


def _script() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(graphleads.db.migrations.__file__).parent))
    return config


def _add(connection: Connection, name: str, *rows: dict[str, Any]) -> None:
    def kind(key: str) -> Any:
        if key in _JSON or (key == "items" and isinstance(rows[0][key], list)):
            return JSON()
        return UtcDateTime() if key in _MOMENTS else LargeBinary() if key == "items" else None

    into = table(name, *(column(key, kind(key)) for key in rows[0]))
    for row in rows:
        connection.execute(insert(into).values(row))


def _fill(connection: Connection, revision: str) -> None:
    """Write rows as graphleads of that revision did."""
    by = {"by": "Ann"} if revision >= "0003" else {}
    counts = {"n_new": 1, "n_changed": 0, "n_unchanged": 0, "n_rejected": 2}
    counts |= {"n_deals": 1} if revision >= "0005" else {}
    counts |= {"n_ended": 0} if revision >= "0006" else {}
    rows = [
        TEAM | {"file": "crm.csv", "imported_at": DAY, **counts, **by},
        TEAM | {"file": "b", "imported_at": DAY, **counts, **by},
    ]
    _add(connection, "imports", *rows)
    _add(
        connection,
        "customer_versions",
        TEAM | RECORD | {"import_id": 1, "name": "Alder"},
        TEAM | RECORD | {"import_id": 2},
    )
    _add(connection, "customers", TEAM | RECORD | {"version_id": 2, "won_on": date(2024, 4, 1), "value": 1.5})
    match = {"customer": "é", "company": ALDER, "state": "sure", "method": "name", "probability": 0.75, "snapshot": "S"}
    _add(
        connection,
        "matches",
        TEAM | match | {"features": {"name": 1.0}, "others": {BIRCH: 0.5}, "matched_at": DAY, **by},
    )
    _add(
        connection, "claims",
        TEAM | {"company": BIRCH, "owner": "Ann", "claimed_at": DAY, "until": DAY},
        TEAM | {"company": BIRCH, "owner": "Bob", "claimed_at": DAY, "until": None},
    )  # fmt: skip
    _add(connection, "exclusions", TEAM | {"company": CEDAR, "reason": "asked", "by": "Bob", "excluded_at": DAY})
    events = ("claimed", "released", "claimed")
    _add(
        connection, "lead_events", *(TEAM | {"company": BIRCH, "kind": kind, "by": "Ann", "at": DAY} for kind in events)
    )
    if revision >= "0005":
        deal = TEAM | {"external_id": "O", "customer": "é", "status": "won", "amount": 1.5, "custom": {"Zone": "Nord"}}
        _add(connection, "deal_versions", deal | {"import_id": 2})
        _add(connection, "deals", deal | {"version_id": 1})
    if revision >= "0003":
        pair = {"left_kind": "customer", "left": "é", "left_also": [], "right_kind": "company", "right": ALDER}
        taken_back = {"right_also": [], "judgement": "unsure", "by": "Cleo", "at": DAY}
        _add(connection, "judgements", TEAM | pair | taken_back)
    if revision >= "0002":
        _add(connection, "changes", TEAM | {"topic": "leads", "n": 7})
    if revision < "0003":
        decision = {"customer": "é", "company": ALDER, "state": "refused", "by": "Cleo", "at": DAY}
        _add(connection, "match_decisions", TEAM | decision)
        packed: Any = zlib.compress(json.dumps(ITEMS).encode()) if revision == "0002" else ITEMS
        run = {"id": "R-1", "snapshot": "S", "query": {"k": 1}, "config": {"damping": 0.85}, "items": packed}
        _add(connection, "runs", TEAM | run | {"created_at": DAY, "shown_at": DAY})


@pytest.fixture(params=REVISIONS)
def filled(request: pytest.FixtureRequest, url: str) -> tuple[str, str]:
    """A revision, and a database of that revision with something in every table."""
    address = make_url(url)
    driver = {"postgresql": "postgresql+psycopg"}.get(address.drivername, address.drivername)
    engine = create_engine(address.set(drivername=driver))
    config = _script()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, request.param)
        _fill(connection, request.param)
    engine.dispose()
    return request.param, url


def test_every_revision_before_this_one_is_tried() -> None:
    revisions = [one.revision for one in ScriptDirectory.from_config(_script()).walk_revisions()]
    assert [*reversed(revisions)] == [*REVISIONS, HEAD]


def test_nothing_that_was_said_is_lost(filled: tuple[str, str]) -> None:
    revision, url = filled
    assert read_state(url).revision == revision
    before, after = upgrade_database(url)
    assert (before.revision, after.revision) == (revision, HEAD)
    engine = open_database(url)
    _check(engine, revision)
    _go_on(engine)
    engine.dispose()


def _check(engine: Engine, revision: str) -> None:
    session = session_on(engine)
    assert Customers(session).current() == [
        CustomerRecord(
            external_id="é", name="Älder", status=CustomerStatus.WON, identifiers=(("", "1"),), custom={"Zone": "Nord"},
            won_on=date(2024, 4, 1), value=1.5,
        )
    ]  # fmt: skip
    imports = [(one.id, one.file, one.imported_at, one.n_rejected) for one in Imports(session).all()]
    assert imports == [(1, "crm.csv", DAY, 2), (2, "b", DAY, 2)]
    deal = Deal(external_id="O", customer="é", status=CustomerStatus.WON, amount=1.5, custom={"Zone": "Nord"})
    assert Deals(session).current() == ([deal] if revision >= "0005" else [])
    match = Matches(session).current()["é"]
    proposed: tuple[object, ...] = (ALDER, MatchState.SURE, 0.75, {BIRCH: 0.5})
    refused: tuple[object, ...] = (BIRCH, MatchState.UNSURE, 0.5, {})
    said = (match.company, match.state, match.probability, match.others)
    assert said == (refused if revision < "0003" else proposed)
    assert [(one.id, one.company, one.owner, one.claimed_at) for one in Claims(session).current()] == [
        (2, BIRCH, "Bob", DAY)
    ]
    assert [(one.company, one.reason, one.by) for one in Exclusions(session).current()] == [(CEDAR, "asked", "Bob")]
    assert [one.kind.value for one in read_events(session, BIRCH)] == ["claimed", "released", "claimed"]
    assert read_changes(engine, "main")[Topic.LEADS] == (0 if revision == "0001" else 7)
    if revision < "0003":
        run = Runs(session).load("R-1")
        assert (run.content.items, run.content.config, run.created_at) == (ITEMS, {"damping": 0.85}, DAY)


def _go_on(engine: Engine) -> None:
    """What is written next follows what was there."""
    session = session_on(engine, by="Dan")
    assert Claims(session).claim("X-A:4", owner="Dan").id == 3
    new = CustomerRecord(external_id="f", name="F", status=CustomerStatus.OPEN, parent="é")
    Imports(session).put(new, source="http")
    deal = Deal(external_id="D", customer="f", status=CustomerStatus.WON, closed_on=DAY.date())
    Imports(session).make(CustomerFile(name="deals.csv", records=(new,), deals=(deal,)))
    assert [(one.id, one.n_deals, one.n_ended) for one in Imports(session).all()][2:] == [(3, 0, 0), (4, 1, 0)]
    assert Deals(session).current(customer="f") == [deal]
    assert Customers(session).get("f") == replace(new, status=CustomerStatus.WON, won_on=DAY.date())
    undo_import(session, 4)
    assert (Deals(session).current(customer="f"), Customers(session).get("f")) == ([], new)
    assert Imports(session).remove(["f"], source="http", why="removed").import_id == 5
    assert [one.external_id for one in Customers(session).current()] == ["é"]


def test_nothing_is_changed_where_a_migration_fails(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: Connection, name: str) -> None:
        upgrade(connection, name)
        raise RuntimeError("the power went")

    monkeypatch.setattr("graphleads.db.connect.upgrade", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        upgrade_database(url)
    assert read_state(url).revision is None
