"""What a process does to a database while others do the same: a module of its own, because each process imports it."""

from __future__ import annotations

import random

from graphleads.db.connect import open_database, read_state, upgrade_database
from graphleads.errors import LeadConflict
from graphleads.leads.claims import Claims
from graphleads.testing.session import session_on


def open_empty(database: str) -> str | None:
    """Open a database that has no tables yet, upgraded first where that is asked for; return its revision then."""
    if database.startswith("postgresql"):
        upgrade_database(database)
    open_database(database).dispose()
    return read_state(database).revision


def claim_all(database: str, owner: str, n_companies: int) -> dict[str, str]:
    """Claim all companies in an order of one's own, and return whom one is told as the owner of each."""
    engine = open_database(database)
    claims, told = Claims(session_on(engine, by=owner)), {}
    for number in random.Random(owner).sample(range(n_companies), n_companies):  # noqa: S311 - an order, no secret
        company = f"X-A:{number}"
        try:
            told[company] = claims.claim(company, owner=owner).owner
        except LeadConflict as error:
            told[company] = str(error).partition(" was claimed by ")[2].partition(" on ")[0]
    engine.dispose()
    return told
