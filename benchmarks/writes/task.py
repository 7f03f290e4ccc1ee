"""What runs in a process of its own, with this code or an earlier one: making the home, timing writes in it.

It is run as a script by the interpreter of a checkout, and asks of graphleads only what earlier checkouts have, too.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, create_engine, insert

from graphleads.db import schema
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.testing.synthetic.register import generate
from graphleads.workspace.workspace import Workspace, open_workspace

OWNER = "rep few"
"""Around whose customers leads are asked for: ten of them."""

N_TARGETS = 4000
"""Companies that nobody has said anything of, for those who write to choose from."""

_N_OWNERS = 100
_N_FEW = 10
_STATUSES = ("won", "won", "won", "won", "won", "won", "open", "open", "lost", "lost")
_MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
_TEAM = "main"
_COUNTED = ("n_changed", "n_unchanged", "n_rejected", "n_ended", "n_deals")


def main() -> None:
    """Do what the first word says; what was measured is printed as JSON."""
    parser = argparse.ArgumentParser(description="Make a home, or time writes in it.")
    commands = parser.add_subparsers(required=True)
    make = commands.add_parser("make")
    for name in ("--companies", "--customers", "--claims", "--exclusions"):
        make.add_argument(name, type=int, required=True)
    make.set_defaults(run=_make)
    timed = commands.add_parser("time")
    timed.add_argument("--rounds", type=int, required=True)
    timed.set_defaults(run=_time)
    for command in (make, timed):
        command.add_argument("home", type=Path)
    arguments = parser.parse_args()
    print(json.dumps(arguments.run(arguments)))


def _make(arguments: argparse.Namespace) -> dict[str, Any]:
    register = generate(arguments.home / "register", companies=arguments.companies, seed=1)
    with open_workspace(arguments.home) as workspace:
        workspace.ingest("table", register.files, mapping="plain", dataset="demo", observed_on=register.observed_on)
        workspace.link()
        workspace.build()
        # The first import makes the database.
        workspace.import_customers(pd.DataFrame({"id": ["first"], "name": ["First Ltd"], "status": ["lost"]}))
    snapshot = open_snapshot(arguments.home / "snapshots")
    targets = _fill(arguments, snapshot)
    (arguments.home / "targets.json").write_text(json.dumps(targets), encoding="utf-8")
    return {"nodes": snapshot.n_companies}


def _fill(arguments: argparse.Namespace, snapshot: Snapshot) -> list[tuple[str, str]]:
    """Put the customers, claims and exclusions in, and return ids and names of companies that are left."""
    nodes = random.Random(1).sample(range(snapshot.n_companies), snapshot.n_companies)  # noqa: S311 - no secret
    ids = snapshot.companies["id"].to_pylist()
    n, claimed = arguments.customers, arguments.customers + arguments.claims
    excluded = claimed + arguments.exclusions
    if len(nodes) < excluded + N_TARGETS:
        raise SystemExit("There are too few companies for all that is to be said of them.")
    engine = create_engine(f"sqlite:///{arguments.home / 'graphleads.db'}")
    with engine.begin() as connection:
        _insert_customers(connection, [(ids[node], snapshot.name_of(node)) for node in nodes[:n]], snapshot.id)
        taken = [(schema.claims, "owner", "claimed_at", nodes[n:claimed])]
        taken += [(schema.exclusions, "by", "excluded_at", nodes[claimed:excluded])]
        for table, by, at, which in taken:
            said = {by: "rep 1", at: _MOMENT, "reason": "asked not to be called"}
            _insert(connection, table, [{"company": ids[node], **said} for node in which])
    engine.dispose()
    return [(ids[node], snapshot.name_of(node)) for node in nodes[excluded : excluded + N_TARGETS]]


def _insert_customers(connection: Connection, companies: Sequence[tuple[str, str]], snapshot: str) -> None:
    imported = {"id": 2, "file": "crm.csv", "imported_at": _MOMENT, "n_new": len(companies)}
    _insert(connection, schema.imports, [imported | dict.fromkeys(_COUNTED, 0)])
    records = [
        {"external_id": f"c{at:06}", "name": name, "status": _status(at), "owner": _owner(at)}
        for at, (_, name) in enumerate(companies)
    ]
    nothing: dict[str, Any] = {"identifiers": [], "custom": {}}
    versions = [{"id": at + 2, "import_id": 2, **nothing, **record} for at, record in enumerate(records)]
    _insert(connection, schema.customer_versions, versions)
    _insert(connection, schema.customers, [{"version_id": one["id"], **one} for one in versions])
    _insert(connection, schema.matches, [_match(at, companies, snapshot) for at in range(len(companies))])


def _status(at: int) -> str:
    return "won" if at < _N_FEW else _STATUSES[at % len(_STATUSES)]


def _owner(at: int) -> str:
    return OWNER if at < _N_FEW else f"rep {at // len(_STATUSES) % _N_OWNERS}"


def _match(at: int, companies: Sequence[tuple[str, str]], snapshot: str) -> dict[str, Any]:
    """Return what the matcher would say: eight in ten are sure, one is unsure, one is in no register."""
    kind = 0 if at < _N_FEW else at // len(_STATUSES) % 10
    company, other = companies[at][0], companies[at - 1][0]
    match = {"customer": f"c{at:06}", "company": company, "state": "sure", "probability": 0.99, "others": {}}
    if kind == 8:
        match |= {"state": "unsure", "probability": 0.5, "others": {other: 0.3}}
    elif kind == 9:
        match |= {"state": "none", "probability": 0.0, "company": None}
    return match | {"method": "name", "features": {}, "snapshot": snapshot, "matched_at": _MOMENT}


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; what the table of an earlier checkout has no column for is left out."""
    known = [{name: row[name] for name in row if name in table.c} for row in rows]
    said = {name: value for name, value in (("team", _TEAM), ("by", "rep 1")) if name in table.c}
    connection.execute(insert(table), [{**said, **row} for row in known])


class _Clock:
    """Milliseconds of processor time, by what was done."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        begin = time.process_time()
        yield
        self.taken.setdefault(name, []).append(1000 * (time.process_time() - begin))


def _time(arguments: argparse.Namespace) -> dict[str, Any]:
    clock = _Clock()
    with open_workspace(arguments.home) as workspace:
        with clock.timed("first recommendation"):
            workspace.recommend(owner=OWNER, k=50)
        for number in range(arguments.rounds):
            _one_round(workspace, clock, number)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    middle = {name: float(np.median(times)) for name, times in clock.taken.items()}
    return {"median_ms": middle, "peak_bytes": peak}


def _rooms(workspace: Any) -> tuple[Any, Callable[..., object]]:
    """Return who claims and excludes, and what brings a customer in: earlier workspaces did all of it themselves."""
    leads = getattr(workspace, "leads", workspace)
    return leads, workspace.put_customer if leads is workspace else workspace.customers.put


def _one_round(workspace: Workspace, clock: _Clock, number: int) -> None:
    """Write of the best lead in each way; whoever asks next must see it."""
    answer = workspace.recommend(owner=OWNER, k=50)
    with clock.timed("recommendation, nothing written"):
        workspace.recommend(owner=OWNER, k=50)
    lead, rep = answer.items[0].company, "rep 1"
    leads, put = _rooms(workspace)
    record = CustomerRecord(
        external_id=f"n{number}", name=lead.name, status=CustomerStatus.WON, owner=rep,
        identifiers=(tuple(lead.id.split(":", 1)),),  # type: ignore[arg-type]
    )  # fmt: skip
    lost = CustomerRecord(
        **{name: getattr(record, name) for name in ("external_id", "name", "owner", "identifiers")},
        status=CustomerStatus.LOST,
    )
    writes: tuple[tuple[str, Callable[[], object], bool], ...] = (
        ("claim", lambda: leads.claim(lead.id, owner=rep), False),
        ("release", lambda: leads.release(lead.id, by=rep), True),
        ("exclude", lambda: leads.exclude(lead.id, reason="asked not to be called", by=rep), False),
        ("include", lambda: leads.include(lead.id, by=rep), True),
        ("put a new customer", lambda: put(record, source="benchmark"), False),
        ("put a changed customer", lambda: put(lost, source="benchmark"), True),
    )
    for name, write, is_offered in writes:
        with clock.timed(name):
            write()
        with clock.timed(f"recommendation after: {name}"):
            after = workspace.recommend(owner=OWNER, k=50)
        if (lead.id in {one.company.id for one in after.items}) is not is_offered:
            raise SystemExit(f"After {name}, the next recommendation does not know it.")


if __name__ == "__main__":
    main()
