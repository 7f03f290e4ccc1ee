"""The team's side of a workspace: customers, matches, claims, exclusions and runs, all in the database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from graphleads.crm.deal import Deals
from graphleads.crm.record import Customers, no_customer
from graphleads.crm.standing import customers_as_of, lost_since
from graphleads.db.session import Session, require_text
from graphleads.errors import NotFound, RunNotFound
from graphleads.identity.judgements import Judgement, Verdict
from graphleads.identity.matches import Matches
from graphleads.identity.resolve import Resolver
from graphleads.ids import EntityId
from graphleads.leads.claims import Claims, Offer
from graphleads.leads.conflicts import LeadsInConflict, find_conflicts, settle_for_claim, settle_for_exclusion
from graphleads.leads.events import LeadEvent, read_events
from graphleads.leads.exclusions import Exclusion, Exclusions
from graphleads.leads.run_line import RunLine, list_runs
from graphleads.leads.runs import Run, RunContent, Runs
from graphleads.model import Claim, CustomerRecord, CustomerStatus, Deal, Match
from graphleads.remedy import Remedy
from graphleads.text import same_names
from graphleads.workspace.database import HomeDatabase
from graphleads.workspace.memory import Memory
from graphleads.workspace.said import Said

if TYPE_CHECKING:
    import pandas as pd

    from graphleads.crm.comparing import ImportReport
    from graphleads.crm.import_log import ListedImport
    from graphleads.crm.importing import Imports
    from graphleads.crm.undo import UndoneImport


VERDICTS: Mapping[str, Verdict] = {
    "confirm": Verdict.SAME,
    "refuse": Verdict.DIFFERENT,
    "unsure": Verdict.UNSURE,
    "forget": Verdict.FORGOTTEN,
    "same": Verdict.SAME,
    "different": Verdict.DIFFERENT,
}
"""The verbs of decisions."""

Propose = Callable[[Sequence[CustomerRecord]], tuple[list[Match], str | None]]
"""Returns what the matcher proposes for customers, in their order, and in which snapshot; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What somebody judges of a customer and a company, by the ids that both have now, and why."""

    customer: str
    company: EntityId
    verdict: Verdict
    why: str | None


class Team:
    """What the people of one team say and decide. Nothing is written into an empty home by asking it.

    Args:
        database: The database of the home.
        session: Returns a session by somebody, None for whoever uses the workspace; opens the database.
        resolver: Returns what says which id a company has now.
        keep_days: Days that a run is kept after it was last shown; None keeps all.
    """

    def __init__(
        self,
        database: HomeDatabase,
        session: Callable[[str | None], Session],
        resolver: Callable[[], Resolver],
        *,
        keep_days: int | None = None,
    ) -> None:
        self._database = database
        self._session = session
        self._resolver = resolver
        self._memory = Memory()
        self._keep_days = keep_days
        self._keeping = threading.Lock()
        self._runs: Runs | None = None

    def using(self, resolver: Callable[[], Resolver]) -> Team:
        """Return the same team, with what is remembered of it, that resolves ids in another way."""
        other = copy(self)
        other._resolver = resolver
        return other

    def is_there(self) -> bool:
        """Return whether there is a database, so that asking an empty home makes none."""
        return self._database.is_there()

    def said(self) -> Said:
        """Return what the team has said until now; in an empty home, nothing."""
        return self._memory.read(self._session(None), self._resolver()) if self.is_there() else Said()

    def said_by(self, moment: datetime) -> Said:
        """Return what the team had said by a moment, by the ids that companies have now; in an empty home, nothing."""
        if not self.is_there():
            return Said()
        session, resolver = self._session(None), self._resolver()
        customers = customers_as_of(session, moment)
        matches = Matches(session, resolver).as_of(moment, [one.external_id for one in customers])
        known = Said(resolver=resolver).with_customers(None, customers, matches)
        return known.with_taken(None, Claims(session).as_of(moment), Exclusions(session).as_of(moment))

    def conflicts(self) -> list[LeadsInConflict]:
        """Return the companies that are claimed twice, or claimed and excluded, since their ids became one."""
        taken = self.said().taken
        now = self._resolver().ids_now(
            [*(one.company for one in taken.claims), *(one.company for one in taken.exclusions)]
        )
        return find_conflicts(taken.claims, taken.exclusions, now)

    def settle(self, company: EntityId, *, claim: int | None, by: str | None) -> Claim | Exclusion:
        """Settle a conflict: for one of its claims, or for the exclusion if none is named."""
        conflict = next((one for one in self.conflicts() if one.company == company), None)
        if conflict is None:
            raise NotFound(f"There is no conflict on {company}.")
        session = self._session(by)
        if claim is None:
            return settle_for_exclusion(session, conflict)
        return settle_for_claim(session, conflict, claim)

    def import_customers(
        self, source: Path | pd.DataFrame, mapping: Path | None, *, complete: bool, dry_run: bool, **said: str | None
    ) -> ImportReport:
        """Bring customers in, or say what that would do; `said` is what else `read_customers` is told."""
        from graphleads.crm.crm_file import read_customers
        from graphleads.crm.importing import preview_first

        file = read_customers(source, mapping, **said)
        if dry_run and not self.is_there():
            return preview_first(file)
        imports = self._imports(self._session(None))
        return (imports.preview if dry_run else imports.make)(file, complete=complete)

    def remove_customers(self, wanted: Sequence[str], *, source: str, why: str, by: str | None) -> ImportReport:
        """End customers."""
        if not self.is_there():
            raise no_customer(wanted[0])
        return self._imports(self._session(by)).remove(wanted, source=source, why=why)

    def put_customer(
        self, customer: CustomerRecord, *, source: str, proposed: Sequence[Match], snapshot: str | None
    ) -> ImportReport:
        """Bring one customer in, with what the matcher proposes for it in a snapshot, if there is one."""
        with self._session(None).at_once() as session:
            report = self._imports(session).put(customer, source=source)
            if snapshot is not None:
                [stored] = report.file.records
                Matches(session, self._resolver()).save(
                    [replace(one, customer=stored.external_id) for one in proposed], snapshot=snapshot
                )
            return report

    def put_customers(
        self, records: Sequence[CustomerRecord], *, source: str, proposed: Sequence[Match], snapshot: str | None
    ) -> ImportReport:
        """Bring customers in as one import, with what the matcher proposes for each, in their order."""
        with self._session(None).at_once() as session:
            report = self._imports(session).put_all(records, source=source)
            self._save_proposed(session, report, proposed, snapshot)
            return report

    def change_customer(
        self, external_id: str, change: Callable[[CustomerRecord], CustomerRecord], propose: Propose, *, source: str
    ) -> ImportReport:
        """Change what a customer's account says, and look for it anew."""
        with self._session(None).at_once() as session:
            report = self._imports(session).change(external_id, change, source=source)
            self._save_proposed(session, report, *propose(report.file.records))
            return report

    def _save_proposed(
        self, session: Session, report: ImportReport, proposed: Sequence[Match], snapshot: str | None
    ) -> None:
        if snapshot is not None:
            stored = (one.external_id for one in report.file.records)
            named = [replace(one, customer=key) for one, key in zip(proposed, stored, strict=True)]
            Matches(session, self._resolver()).save(named, snapshot=snapshot)

    def rename_owner(self, old: str, new: str, *, by: str) -> tuple[ImportReport, int]:
        """Let an owner's customers and claims go by a new name, at once; return what changed and how many claims."""
        from graphleads.crm.customer_file import CustomerFile

        with self._session(by).at_once() as session:
            accounts, current = self._imports(session).accounts(), Customers(session).current()
            owned = [replace(accounts[one.external_id], owner=new) for one in current if one.owner == old]
            report = self._imports(session).make(CustomerFile(name=f"{old} is {new} now", records=tuple(owned)))
            return report, Claims(session).rename_owner(old, new)

    def undo_import(self, import_id: int, *, by: str | None) -> UndoneImport:
        """Take an import back."""
        from graphleads.crm.undo import no_import, undo_import

        if not self.is_there():
            raise no_import(import_id)
        return undo_import(self._session(by), import_id)

    def imports(self) -> list[ListedImport]:
        """Return the imports, the first one first; in an empty home, none."""
        from graphleads.crm.import_log import list_imports

        return list_imports(self._session(None)) if self.is_there() else []

    def latest_imports(self, *, after: int | None, limit: int | None) -> list[ListedImport]:
        """Return the imports, the last one first, from one on; in an empty home, none."""
        from graphleads.crm.import_log import list_latest_imports

        return list_latest_imports(self._session(None), after=after, limit=limit) if self.is_there() else []

    @staticmethod
    def _imports(session: Session) -> Imports:
        from graphleads.crm.importing import Imports  # reads files of all forms, which takes half a second to import

        return Imports(session)

    def customers(self) -> list[CustomerRecord]:
        """Return the customers by external id."""
        return list(self.said().accounts.customers)

    def customer(self, external_id: str) -> CustomerRecord:
        """Return a customer."""
        return Customers(self._session(None)).get(external_id)

    def deals(
        self, *, customer: str | None, status: CustomerStatus | None, after: str | None, limit: int | None
    ) -> list[Deal]:
        """Return deals by external id; in an empty home, none."""
        if not self.is_there():
            return []
        return Deals(self._session(None)).current(customer=customer, status=status, after=after, limit=limit)

    def lost_since(self, keys: Collection[str], *, by: datetime | None) -> dict[str, date]:
        """Return since when customers are lost, of those of whom it is known."""
        session = self._session(None)
        return self._memory.lost_since(session, keys) if by is None else lost_since(session, keys, by=by)

    def matches(self) -> dict[str, Match]:
        """Return how the customers stand, by external id."""
        return dict(sorted(self.said().accounts.matches.whole().items()))

    def judged(self, customers: Collection[str]) -> list[Judgement]:
        """Return what counts of what people said of some customers and companies."""
        return Matches(self._session(None), self._resolver()).judged(customers) if self.is_there() else []

    def save_matches(self, proposed: Sequence[Match], snapshot: str) -> None:
        """Replace what the matcher proposed."""
        Matches(self._session(None), self._resolver()).save(proposed, snapshot=snapshot)

    def confirm(self, customer: str, company: EntityId, *, by: str, why: str | None) -> Match:
        """Say that a customer is this company."""
        return Matches(self._session(by), self._resolver()).confirm(customer, company, why=why)

    def judge(self, judged: Sequence[Judged], *, by: str) -> None:
        """Say of customers and companies what somebody judges, all of it or, where a customer is gone, nothing."""
        with self._session(by).at_once() as session:
            matches = Matches(session, self._resolver())
            for one in judged:
                matches.judge(one.customer, one.company, one.verdict, why=one.why)

    def claim(self, company: EntityId, owner: str, *, also_known_as: Sequence[EntityId], offer: Offer | None) -> Claim:
        """Claim a company for an owner, from where it was offered."""
        return Claims(self._session(require_text(owner, "owner"))).claim(
            company, owner=owner, also_known_as=also_known_as, offer=offer
        )

    def release(self, company: EntityId, *, by: str) -> Claim:
        """Give a company back."""
        return Claims(self._session(by)).release(company)

    def release_claim(self, claim: int, *, by: str | None) -> Claim:
        """End a claim by its number; `by` is its owner if nobody is named."""
        if not self.is_there():
            raise NotFound(f"There is no claim {claim}, nor any other.", claim=claim)
        current = Claims(self._session(None)).get(claim) if by is None else None
        return Claims(self._session(by or (current.owner if current else None))).release_number(claim)

    def claims(self, owner: str | None = None) -> list[Claim]:
        """Return the current claims, oldest first."""
        found = self.said().taken.claims
        spelled = set[str]() if owner is None else same_names(owner, (one.owner for one in found))
        return [one for one in found if owner is None or one.owner in spelled]

    def exclude(self, company: EntityId, *, reason: str, by: str) -> Exclusion:
        """Keep a company out of the leads."""
        return Exclusions(self._session(by)).exclude(company, reason=reason)

    def include(self, company: EntityId, *, by: str) -> None:
        """Let a company be offered again."""
        Exclusions(self._session(by)).include(company)

    def exclusions(self) -> list[Exclusion]:
        """Return the current exclusions, by company."""
        return list(self.said().taken.exclusions)

    def events(self, company: EntityId) -> list[LeadEvent]:
        """Return what happened to a company under an id, oldest first."""
        return read_events(self._session(None), company) if self.is_there() else []

    def run(self, run_id: str) -> Run:
        """Return a run that was kept."""
        return self._kept_runs(run_id).load(run_id)

    def run_lines(self, *, pinned: bool, after: str | None, limit: int | None) -> list[RunLine]:
        """Return the runs in brief, the one that was shown last first; in an empty home, none."""
        if not self.is_there():
            return []
        return list_runs(self._session(None), pinned=pinned, after=after, limit=limit)

    def last_run(self) -> str:
        """Return the id of the run that was shown last.

        Raises:
            RunNotFound: If none was shown yet.
        """
        last = self.runs.last() if self.is_there() else None
        if last is None:
            raise RunNotFound("No leads were shown yet.", Remedy.RECOMMEND)
        return last

    def pin(self, run_id: str) -> datetime:
        """Keep a run for good."""
        return self._kept_runs(run_id).pin(run_id)

    def unpin(self, run_id: str) -> None:
        """Let a run be dropped again."""
        self._kept_runs(run_id).unpin(run_id)

    def _kept_runs(self, wanted: str) -> Runs:
        if not self.is_there():
            raise RunNotFound(f"There is no run {wanted!r}, nor any other.", Remedy.RECOMMEND, run=wanted)
        return self.runs

    def keep_run(self, content: RunContent) -> str | None:
        """Keep a run that is being shown and return its id, None where nothing can be written."""
        return self.runs.keep(content) if self._database.is_writable() else None

    @property
    def runs(self) -> Runs:
        """The runs, kept together by all threads."""
        session = self._session(None)
        with self._keeping:
            if self._runs is None:
                self._runs = Runs(session, keep_days=self._keep_days)
            return self._runs
