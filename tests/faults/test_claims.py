"""Processes claim the same companies at once: each company has one owner, and who came late is told whom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from graphleads.db.connect import open_database
from graphleads.db.schema import lead_events
from graphleads.leads.claims import Claims
from graphleads.testing.session import session_on

N_CLAIMS = int(os.environ.get("GRAPHLEADS_TEST_FAULT_CLAIMS", "400"))
OWNERS = ("Ann", "Bob", "Cleo", "Dan")

CLAIMER = """
import json, random, sys
from datetime import UTC, datetime
from graphleads.db.connect import open_database
from graphleads.db.session import Session
from graphleads.errors import LeadConflict
from graphleads.leads.claims import Claims

path, owner, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
claims, told = Claims(Session(open_database(path), "main", owner, lambda: datetime.now(UTC))), {}
for number in random.Random(owner).sample(range(n), n):
    company = f"X-A:{number}"
    try:
        told[company] = claims.claim(company, owner=owner).owner
    except LeadConflict as error:
        told[company] = str(error).partition(" was claimed by ")[2].partition(" on ")[0]
print(json.dumps(told))
"""


def test_of_four_processes_one_gets_a_company_and_the_others_are_told_which(tmp_path: Path) -> None:
    path, n_companies = tmp_path / "graphleads.db", N_CLAIMS // len(OWNERS)
    open_database(path).dispose()
    claimers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, str(path), owner, str(n_companies)], stdout=subprocess.PIPE, text=True
        )
        for owner in OWNERS
    ]
    told = {owner: json.loads(claimer.communicate()[0]) for owner, claimer in zip(OWNERS, claimers, strict=True)}

    engine = open_database(path)
    owned = {one.company: one.owner for one in Claims(session_on(engine)).current()}
    with engine.connect() as connection:
        events = connection.execute(select(lead_events.c.company, lead_events.c.by)).all()
    engine.dispose()
    assert [claimer.returncode for claimer in claimers] == [0, 0, 0, 0]
    assert set(owned) == {f"X-A:{number}" for number in range(n_companies)}
    assert all(told[owner] == owned for owner in OWNERS)
    assert dict(map(tuple, events)) == owned
    assert len(events) == n_companies
