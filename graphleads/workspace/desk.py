"""The team's side of a workspace: customers, matches, claims, exclusions and runs, all in the database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from graphleads.crm.crm_file import read_customers
from graphleads.crm.importing import (
    CustomerImport,
    ImportReport,
    import_customer,
    import_customers,
    list_imports,
    preview_import,
    undo_import,
)
from graphleads.crm.record import get_customer
from graphleads.db.connect import is_read_only, open_database
from graphleads.errors import NotFound, RunNotFound, SettingInvalid
from graphleads.identity import matches
from graphleads.ids import EntityId
from graphleads.leads import claims, exclusions
from graphleads.leads.exclusions import Exclusion
from graphleads.leads.runs import RunContent, RunKeeper, load_run
from graphleads.model import Claim, CustomerRecord, Match
from graphleads.workspace.home import Home
from graphleads.workspace.ledger import Accounts, Ledger, Taken

if TYPE_CHECKING:
    import pandas as pd


class Desk:
    """What the people of one team say and decide. The database is opened, and made, when it is first needed."""

    def __init__(self, home: Home, url: str | None, *, team: str, now: Callable[[], datetime]) -> None:
        self._home = home
        self._url = url
        self._team = team
        self._now = now
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._ledger = Ledger(team)
        self._runs = RunKeeper(team)

    @property
    def engine(self) -> Engine:
        """The database, opened once however many threads ask for it first."""
        with self._opening:
            if self._engine is None:
                self._engine = self._open()
            return self._engine

    def _open(self) -> Engine:
        if self._url is None:
            self._home.make()
        elif "://" not in self._url:
            # The database would be made as a file of that name, wherever the command happens to run.
            raise SettingInvalid(f"database_url is {self._url!r}, no URL: write sqlite:///path or postgresql://….")
        return open_database(self._url or self._home.database)

    def is_there(self) -> bool:
        """Return whether there is a database, so that asking an empty home makes none."""
        return self._url is not None or self._home.database.exists()

    def close(self) -> None:
        """Close the database if it was opened."""
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None
                self._ledger = Ledger(self._team)

    def said(self) -> tuple[Accounts, Taken]:
        """Return what the team has said until now; in an empty home, nothing."""
        return self._ledger.read(self.engine) if self.is_there() else (Accounts(), Taken())

    def import_customers(self, source: Path | pd.DataFrame, mapping: Path | None, *, dry_run: bool) -> ImportReport:
        """Bring customers in, or say what that would do."""
        file = read_customers(source, mapping)
        if dry_run:
            return preview_import(self.engine if self.is_there() else None, file, team=self._team)
        return import_customers(self.engine, file, now=self._now(), team=self._team)

    def put_customer(self, customer: CustomerRecord, *, source: str) -> ImportReport:
        """Bring one customer in, as an import of its own."""
        return import_customer(self.engine, customer, source=source, now=self._now(), team=self._team)

    def undo_import(self, import_id: int) -> CustomerImport:
        """Take the last import back."""
        return undo_import(self.engine, import_id, now=self._now(), team=self._team)

    def imports(self) -> list[CustomerImport]:
        """Return the imports, the first one first."""
        return list_imports(self.engine, team=self._team)

    def customers(self) -> list[CustomerRecord]:
        """Return the customers by external id."""
        return list(self.said()[0].customers)

    def customer(self, external_id: str) -> CustomerRecord:
        """Return a customer."""
        return get_customer(self.engine, external_id, team=self._team)

    def matches(self) -> dict[str, Match]:
        """Return how the customers stand, by external id."""
        return dict(self.said()[0].matches)

    def save_matches(self, proposed: Sequence[Match], snapshot: str) -> None:
        """Replace what the matcher proposed."""
        matches.save_matches(self.engine, proposed, snapshot=snapshot, now=self._now(), team=self._team)

    def confirm(self, customer: str, company: EntityId, *, by: str) -> Match:
        """Say that a customer is this company."""
        return matches.confirm_match(self.engine, customer, company, by=by, now=self._now(), team=self._team)

    def refuse(self, customer: str, company: EntityId, *, by: str) -> None:
        """Say that a customer is not this company."""
        matches.refuse_match(self.engine, customer, company, by=by, now=self._now(), team=self._team)

    def claim(self, company: EntityId, owner: str, *, also_known_as: Sequence[EntityId]) -> Claim:
        """Claim a company for an owner."""
        return claims.claim(
            self.engine, company, owner=owner, now=self._now(), team=self._team, also_known_as=also_known_as
        )

    def release(self, company: EntityId, *, by: str) -> Claim:
        """Give a company back."""
        return claims.release(self.engine, company, by=by, now=self._now(), team=self._team)

    def release_claim(self, claim: int, *, by: str | None) -> Claim:
        """End a claim by its number; `by` is its owner if nobody is named."""
        if not self.is_there():
            raise NotFound(f"There is no claim {claim}, nor any other.")
        return claims.release_claim(self.engine, claim, by=by, now=self._now(), team=self._team)

    def claims(self, owner: str | None = None) -> list[Claim]:
        """Return the current claims, oldest first."""
        return [one for one in self.said()[1].claims if owner in (None, one.owner)]

    def exclude(self, company: EntityId, *, reason: str, by: str) -> Exclusion:
        """Keep a company out of the leads."""
        return exclusions.exclude(self.engine, company, reason=reason, by=by, now=self._now(), team=self._team)

    def include(self, company: EntityId, *, by: str) -> None:
        """Let a company be offered again."""
        exclusions.include(self.engine, company, by=by, now=self._now(), team=self._team)

    def exclusions(self) -> list[Exclusion]:
        """Return the current exclusions, by company."""
        return list(self.said()[1].exclusions)

    def run(self, run_id: str) -> RunContent:
        """Return what a run was asked and answered."""
        if not self.is_there():
            raise RunNotFound(f"There is no run {run_id!r}, nor any other: `graphleads recommend` makes one.")
        return load_run(self.engine, run_id, team=self._team).content

    def keep_run(self, content: RunContent) -> str | None:
        """Keep a run that is being shown and return its id, None where nothing can be written."""
        if not self.is_there() and not self._home.is_writable():
            return None
        return None if is_read_only(self.engine) else self._runs.keep(self.engine, content, now=self._now())
