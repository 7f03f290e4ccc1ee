"""The customers of a workspace: brought in, looked at, and found in the registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphleads.crm.record import no_customer
from graphleads.errors import GraphLeadsError, NotFound, ValueInvalid
from graphleads.ids import EntityId
from graphleads.model import CustomerRecord, Deal, Match, MatchState, Progress
from graphleads.text import same_names
from graphleads.workspace.answer import (
    CustomerAnswer,
    CustomerLine,
    Decided,
    Decision,
    MatchLine,
    RenamedOwner,
)
from graphleads.workspace.given import parse_country, parse_customer_status, parse_match_state, parse_text
from graphleads.workspace.matched import count_states
from graphleads.workspace.team import VERDICTS, Judged, Team

if TYPE_CHECKING:
    import pandas as pd

    from graphleads.crm.comparing import ImportReport
    from graphleads.crm.import_log import ListedImport
    from graphleads.crm.undo import UndoneImport
    from graphleads.workspace.checking import Finding
    from graphleads.workspace.listed import MatchedCustomer
    from graphleads.workspace.lookup import Lookup
    from graphleads.workspace.matching import Matching
    from graphleads.workspace.putting import PutAll

_EVEN = 0.5


class TeamCustomers:
    """The customers of one team, their imports and their matches.

    Args:
        team: What the team says.
        lookup: Returns what finds companies and customers.
        matching: Returns what finds customers in the register.
        progress: Where matching says how far it is.
        now: The clock.
    """

    def __init__(
        self,
        team: Team,
        *,
        lookup: Callable[[], Lookup],
        matching: Callable[[], Matching],
        progress: Progress,
        now: Callable[[], datetime],
    ) -> None:
        self._team = team
        self._lookup = lookup
        self._matching = matching
        self._progress = progress
        self._now = now

    def import_from(
        self,
        source: str | Path | pd.DataFrame,
        *,
        mapping: str | Path | None = None,
        status_of: str | None = None,
        sheet: str | None = None,
        complete: bool = False,
        dry_run: bool = False,
    ) -> ImportReport:
        """Bring customers, or deals, in from a CRM export, by external id; those that it does not have stay.

        Args:
            source: A CSV or TSV file, or a DataFrame.
            mapping: A YAML file that says what the headers do not.
            status_of: The column that says how customers stand, or won, open or lost for all of them; None: told.
            sheet: The sheet of a workbook, or table of a database; None: the only one that is not hidden.
            complete: The export is all there is: customers that it does not have end, and their history is kept.
            dry_run: Say what would be new, changed, ended, unchanged and rejected, and write nothing.

        Raises:
            InputError: If the file or the mapping cannot be used, neither says how new customers stand, or the file
                cannot be all there is.
        """
        read_from = Path(source) if isinstance(source, str) else source
        said = Path(mapping) if mapping else None
        report = self._team.import_customers(
            read_from, said, complete=complete, dry_run=dry_run, status_of=status_of, sheet=sheet
        )
        return self._lookup().with_noticed(report)

    def remove(
        self, *customers: str, source: str = "removed", why: str = "removed", by: str | None = None
    ) -> ImportReport:
        """End customers by external id, as an import that can be undone; what there was of them is kept.

        Args:
            customers: Their external ids.
            source: Where that comes from, as `imports` calls it.
            why: Why they end.
            by: Who says so; None is whoever uses the workspace.

        Raises:
            CustomerNotFound: If there is no such customer; then none is ended.
            ValueInvalid: If nobody is named, or the reason is empty or too long.
        """
        if not customers:
            raise ValueInvalid("Name at least one customer to remove.")
        ids = [parse_text(one, "customer's id") for one in customers]
        return self._team.remove_customers(ids, source=source, why=parse_text(why, "reason"), by=by)

    def imports(self) -> list[ListedImport]:
        """Return the imports of customers, the first one first."""
        return self._team.imports()

    def latest_imports(self, *, after: int | None = None, limit: int | None = None) -> list[ListedImport]:
        """Return the imports of customers, the last one first.

        Args:
            after: Only those that were made before the one of this number.
            limit: At most so many.
        """
        return self._team.latest_imports(after=after, limit=limit)

    def undo(self, import_id: int, *, by: str | None = None) -> UndoneImport:
        """Take back what an import wrote, customer by customer, where no later one has the customer so.

        Those that are again as they were are matched again, up to 1,000 of them; above that `match` does it.

        Args:
            import_id: Its number.
            by: Who says so; None is whoever uses the workspace.

        Raises:
            ImportNotFound: If there is no import of that number.
            ImportUndone: If it is undone already.
        """
        undone = self._team.undo_import(import_id, by=by)
        self._matching().match_again(undone.restored)
        return undone

    def rename_owner(self, old: str, new: str, *, by: str) -> RenamedOwner:
        """Let the customers and claims of an owner go by another name, as the CRM has renamed the rep.

        Raises:
            NotFound: If nobody of the old name has a customer or a claim.
            ValueInvalid: If a name is empty.
        """
        old, new = parse_text(old, "owner"), parse_text(new, "owner's new name")
        report, n_claims = self._team.rename_owner(old, new, by=by)
        if not report.changed and not n_claims:
            raise NotFound(f"{old!r} has no customer and no claim.")
        return RenamedOwner(old=old, new=new, n_customers=len(report.changed), n_claims=n_claims)

    def put(self, customer: CustomerRecord, *, source: str) -> ImportReport:
        """Bring one customer in or up to date, match it, and return what that did: an import of one.

        Args:
            customer: The customer; its country by name or code.
            source: Where it comes from, as `imports` calls it.

        Raises:
            ValueInvalid: If it has no id or no name, or its country is none.
        """
        from graphleads.crm.cleaning import clean_record

        customer = clean_record(customer)
        customer = replace(customer, jurisdiction=parse_country(customer.jurisdiction))
        proposed, snapshot = self._matching().propose(customer)
        return self._team.put_customer(customer, source=source, proposed=proposed, snapshot=snapshot)

    def put_all(self, customers: Sequence[CustomerRecord], *, source: str) -> PutAll:
        """Bring customers in or up to date as one import, match them, and return what became of each, in their order.

        It is one transaction: all that can be used are stored, or, where the database fails, none. One that cannot be
        used is refused by itself.

        Args:
            customers: The customers; their countries by name or code.
            source: Where they come from, as `imports` calls it.
        """
        from graphleads.workspace.putting import put_all

        return put_all(self._team, self._matching(), customers, source=source)

    def patch(self, external_id: str, changes: Mapping[str, Any], *, source: str) -> ImportReport:
        """Change some fields of a customer that is there, match it, and return what that did: an import of one.

        Args:
            external_id: The customer's id.
            changes: Fields of `CustomerRecord` and what they are to be: None clears one, those that are not named stay,
                and so do its deals. Of `custom` only the names that are named change.
            source: Where it comes from, as `imports` calls it.

        Raises:
            CustomerNotFound: If there is no such customer.
            ValueInvalid: If there is no such field, or one cannot be that.
        """
        if not self._team.is_there():
            raise no_customer(external_id)
        from graphleads.workspace.putting import patched

        wanted, propose = parse_text(external_id, "customer's id"), self._matching().propose_all
        return self._team.change_customer(wanted, lambda one: patched(one, changes), propose, source=source)

    def all(self) -> list[CustomerRecord]:
        """Return the customers by external id."""
        return self._team.customers()

    def lines(
        self, *, status: str | None = None, owner: str | None = None, unmatched: bool = False
    ) -> list[CustomerLine]:
        """Return the customers by external id, with their matches; `unmatched` ones have no company, sure or unsure.

        Raises:
            ValueInvalid: If there is no such status.
        """
        owner, standing, matches = parse_text(owner, "owner"), parse_customer_status(status), self._team.matches()
        customers = self._team.customers()
        spelled = set[str]() if owner is None else same_names(owner, (one.owner for one in customers))
        lines = (CustomerLine(customer=one, match=matches.get(one.external_id)) for one in customers)
        return [
            one
            for one in lines
            if standing in (None, one.customer.status)
            and (owner is None or one.customer.owner in spelled)
            and not (unmatched and _has_company(one.match))
        ]

    def deals(
        self,
        *,
        customer: str | None = None,
        status: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[Deal]:
        """Return the deals by external id.

        Args:
            customer: Only those with this customer, by external id.
            status: Only those that are won, open or lost.
            after: Only those whose ids come after this one.
            limit: At most so many.

        Raises:
            ValueInvalid: If there is no such status.
        """
        return self._team.deals(customer=customer, status=parse_customer_status(status), after=after, limit=limit)

    def get(self, external_id: str) -> CustomerAnswer:
        """Return a customer with what the registers say of the company that it is, or may be.

        Raises:
            CustomerNotFound: If there is no such customer.
        """
        return self._lookup().customer(parse_text(external_id, "customer's id"), today=self._now().date())

    def match(self) -> dict[str, int]:
        """Find the customers in the register, and return how many stand in which state."""
        return count_states(self._matching().match(self._progress))

    def matches(self) -> list[Match]:
        """Return how the customers stand to the register, people's decisions included, by external id."""
        return list(self._team.matches().values())

    def matched(
        self,
        *,
        state: str | None = None,
        customer: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[MatchedCustomer]:
        """Return how the customers stand to the registers, by external id, with both sides and people's decisions.

        Args:
            state: Only those that are sure, unsure, none, confirmed or refused.
            customer: Only this one.
            after: Only those whose ids come after this one.
            limit: At most so many.

        Raises:
            ValueInvalid: If there is no such state.
            CustomerNotFound: If there is no such customer.
        """
        one = None if customer is None else self._stored_id(customer)
        return self._matching().matched(state=parse_match_state(state), customer=one, after=after, limit=limit)

    def count_matches(self) -> dict[str, int]:
        """Return how many customers stand in which state, every state named."""
        return count_states(self._team.matches())

    def check(self) -> list[Finding]:
        """Return what is wrong with the customers: duplicate, dissolved, renamed, unmatched or incomplete ones."""
        return self._lookup().check_customers(today=self._now().date())

    def review(self) -> list[MatchLine]:
        """Return the customers whose matches wait for a person, with the companies that they may be."""
        return self._matching().waiting()

    def confirm(self, customer: str, company: EntityId, *, by: str, why: str | None = None) -> Match:
        """Say that a customer is this company, whatever the matcher says.

        Raises:
            CustomerNotFound: If there is no such customer.
            EntityNotFound: If there is no such company.
        """
        return self._team.confirm(self._stored_id(customer), self._lookup().find(company), by=by, why=why)

    def refuse(self, customer: str, company: EntityId, *, by: str, why: str | None = None) -> None:
        """Say that a customer is not this company; raises as `confirm` does."""
        self._judge(Decision(customer=customer, company=company, verb="refuse", why=why), by)

    def doubt(self, customer: str, company: EntityId, *, by: str, why: str | None = None) -> None:
        """Say that nobody can tell whether a customer is this company, so that it waits; raises as `confirm` does."""
        self._judge(Decision(customer=customer, company=company, verb="unsure", why=why), by)

    def forget(self, customer: str, company: EntityId, *, by: str, why: str | None = None) -> None:
        """Take back what was said of a customer and a company, so that `match` decides; raises as `confirm` does."""
        self._judge(Decision(customer=customer, company=company, verb="forget", why=why), by)

    def _judge(self, decision: Decision, by: str) -> None:
        self._team.judge([self._judged(decision)], by=by)

    def decide(self, decisions: Iterable[Decision], *, by: str) -> list[Decided]:
        """Make many decisions on matches in one transaction, and return what came of each, in their order.

        One that cannot be made does not stop the others.

        Args:
            decisions: The decisions; of several on one pair the last counts.
            by: Who decides.
        """
        errors: dict[int, GraphLeadsError] = {}
        told: dict[int, Judged] = {}
        given = list(decisions)
        for at, one in enumerate(given):
            try:
                told[at] = self._judged(one)
            except (NotFound, ValueInvalid) as error:
                errors[at] = error
        if told:
            self._team.judge(list(told.values()), by=by)
        matches = self._team.said().accounts.matches
        return [
            Decided(decision=one, match=matches.get(told[at].customer) if at in told else None, error=errors.get(at))
            for at, one in enumerate(given)
        ]

    def _judged(self, decision: Decision) -> Judged:
        """Return a decision by the ids of now.

        Raises:
            ValueInvalid: If its verb is none.
            NotFound: If there is no such customer, or no such company.
        """
        if decision.verb not in VERDICTS:
            raise ValueInvalid(f"{decision.verb!r} is no decision: use {', '.join(VERDICTS)}.")
        return Judged(
            customer=self._stored_id(decision.customer),
            company=self._lookup().find(decision.company),
            verdict=VERDICTS[decision.verb],
            why=parse_text(decision.why, "reason"),
        )

    def confirm_above(self, probability: float, *, by: str) -> list[Match]:
        """Confirm the likeliest company of each match that waits and is at least so probable, and return these matches.

        Raises:
            ValueInvalid: If the probability is not above 0.5 and at most 1: below it another company may be as likely.
        """
        if not _EVEN < probability <= 1:
            raise ValueInvalid(f"{probability:g} is no probability to confirm from: use more than 0.5, at most 1.")
        chosen = [one for one in self.matches() if one.state is MatchState.UNSURE and one.probability >= probability]
        return [self.confirm(one.customer, one.company, by=by) for one in chosen if one.company]

    def _stored_id(self, customer: str) -> str:
        """Return the id under which a customer is stored, which may have another form."""
        wanted = parse_text(customer, "customer's id")
        if not self._team.is_there():
            raise no_customer(wanted)
        known = wanted in self._team.said().accounts.records
        return wanted if known else self._team.customer(wanted).external_id


def _has_company(match: Match | None) -> bool:
    return match is not None and match.state not in (MatchState.NONE, MatchState.REFUSED)
