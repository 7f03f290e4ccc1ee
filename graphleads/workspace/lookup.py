"""Answers that put the register and the team together: companies, customers, matches, claims by today's ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from graphleads.crm.comparing import ImportReport
from graphleads.errors import Conflict, CustomerNotFound, NotFound
from graphleads.graph.store import GraphStore
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId
from graphleads.model import Claim, Company, CustomerRecord, MatchState, NodeKind
from graphleads.remedy import Remedy
from graphleads.workspace.answer import CompanyAnswer, CustomerAnswer, Found
from graphleads.workspace.checking import Finding, check_customers
from graphleads.workspace.engine import GraphEngine
from graphleads.workspace.entity import find_company
from graphleads.workspace.named import companies_of
from graphleads.workspace.noticing import notice_ids
from graphleads.workspace.ours import customers_at
from graphleads.workspace.register import Register
from graphleads.workspace.said import Said
from graphleads.workspace.standing import FOUND
from graphleads.workspace.suggesting import is_unspaced_name, suggest
from graphleads.workspace.team import Team


class Lookup:
    """Looks things up in one register and one team."""

    def __init__(self, register: Register, team: Team, engine: GraphEngine) -> None:
        self._register = register
        self._team = team
        self._engine = engine

    def store(self) -> GraphStore:
        """Return the current snapshot as a graph, from the engine that the settings choose."""
        return self._engine.store(self._register.snapshot())

    def graph(self) -> EmbeddedStore:
        """Return the current snapshot itself as a graph."""
        return self._engine.embedded(self._register.snapshot())

    def find(self, company: EntityId) -> EntityId:
        """Return the id that a company has now."""
        return find_company(self._register.snapshot(), company)

    def companies_of(self, customers: Iterable[str]) -> list[EntityId]:
        """Return the companies that customers are, each named by its id or by a name that it alone has."""
        named = list(customers)
        if not named:
            return []
        return list(companies_of(self._team.said().accounts, named, self._register.snapshot()).values())

    def company(self, company: EntityId, *, valid_on: date, known_on: date, limit: int) -> CompanyAnswer:
        """Return a company with its ties on a day, and what it is to us."""
        company, store = self.find(company), self.store()
        counts = store.relationship_counts(company, valid_on=valid_on, known_on=known_on)
        ties = store.relationships(company, valid_on=valid_on, known_on=known_on, limit=limit)
        said = self._team.said()
        return CompanyAnswer(
            company=store.company(company, valid_on=valid_on, known_on=known_on),
            relationships=tuple(ties),
            n_relationships=sum(one.n for one in counts),
            owner=_owner(said, company),
            excluded_because=next((one.reason for one in said.taken.exclusions_of(company)), None),
            customers=customers_at(self._team, said.accounts, [company]).get(company, ()),
        )

    def search(self, text: str, *, limit: int) -> list[Found]:
        """Return what a text finds, the best first, each with its place and status and what it is to us."""
        hits, graph, said = self.store().search(text, limit=limit), self.graph(), self._team.said()
        nodes = [graph.node(one.node.id) for one in hits if one.node.kind is NodeKind.COMPANY]
        companies = {one.id: one for one in graph.summaries(nodes)}
        ours = customers_at(self._team, said.accounts, companies)
        return [
            Found(
                node=one.node,
                matched_name=one.matched_name,
                score=one.score,
                company=companies.get(one.node.id),
                owner=_owner(said, one.node.id),
                customers=ours.get(one.node.id, ()),
            )
            for one in hits
        ]

    def customer(self, external_id: str, *, today: date) -> CustomerAnswer:
        """Return a customer with what the registers say today of the company that it is, or of those it may be."""
        if not self._team.is_there():
            raise CustomerNotFound(
                f"There is no customer {external_id!r}, nor any other.",
                Remedy.IMPORT_CUSTOMERS,
                customer=external_id,
            )
        accounts = self._team.said().accounts
        customer = accounts.records.get(external_id) or self._team.customer(external_id)
        match = accounts.matches.get(customer.external_id)
        company = self._described(match.company, today) if match is not None and match.state in FOUND else None
        guessed = [match.company, *match.others] if match is not None and match.state is MatchState.UNSURE else []
        candidates = tuple(one for guess in guessed if (one := self._described(guess, today)) is not None)
        if match is not None and match.state is MatchState.NONE and is_unspaced_name(customer.name):
            candidates = self._suggested(customer)
        return CustomerAnswer(customer=customer, match=match, company=company, candidates=candidates)

    def with_noticed(self, report: ImportReport) -> ImportReport:
        """Return what an import did, with the columns that hold numbers of the register and were not read as such."""
        if not report.file.custom or self._register.snapshot_id() is None:
            return report
        notes = (*report.file.notes, *notice_ids(report.file, self._register.snapshot()))
        return replace(report, file=replace(report.file, notes=notes))

    def _suggested(self, customer: CustomerRecord) -> tuple[Company, ...]:
        return () if self._register.snapshot_id() is None else suggest(self.graph(), customer)

    def check_customers(self, *, today: date) -> list[Finding]:
        """Return what is wrong with the customers on a day."""
        accounts = self._team.said().accounts
        store = None if self._register.snapshot_id() is None else self.graph()
        return check_customers(accounts.customers, accounts.matches.whole(), store, today=today)

    def claims_on(self, company: EntityId) -> list[Claim]:
        """Return the current claims of a company under all of its ids, the one that counts first."""
        return self._team.said().taken.claims_on(company)

    def claimed_as(self, company: EntityId) -> EntityId:
        """Return the id under which a company is claimed.

        Raises:
            NotFound: If nobody has claimed it.
        """
        claims = self.claims_on(self.find(company))
        if not claims:
            raise NotFound(f"Nobody has claimed {company}, so there is nothing to release.")
        return claims[0].company

    def excluded_as(self, company: EntityId) -> EntityId:
        """Return the id under which a company is excluded; as it was asked for, if it is under none."""
        taken = self._team.said().taken
        if company in taken.excluded or self._register.snapshot_id() is None:
            return company
        return next((one.company for one in taken.exclusions_of(self.find(company))), company)

    def refuse_taken(self, company: EntityId) -> None:
        """Refuse a company that is a won or open customer, or excluded, under whichever of its ids.

        Raises:
            Conflict: If it is; says why, and what to do if that is wrong.
        """
        said = self._team.said()
        for customer in said.accounts.customers_at(company):
            raise Conflict(
                f"{company} is the {customer.status} customer {customer.external_id}, so it is no lead.",
                Remedy.REFUSE_MATCH,
                customer=customer.external_id,
                company=company,
            )
        for exclusion in said.taken.exclusions_of(company):
            raise Conflict(
                f"{company} is excluded, {exclusion.reason!r}, by {exclusion.by}.",
                Remedy.INCLUDE,
                company=company,
                by=exclusion.by,
            )

    def _described(self, company: EntityId | None, today: date) -> Company | None:
        if company is None or self._register.snapshot_id() is None:
            return None
        snapshot = self._register.snapshot()
        node, day = snapshot.node_of(company), max(today, snapshot.observed_on)
        return None if node is None else self.store().company(snapshot.id_of(node), valid_on=day, known_on=day)


def _owner(said: Said, company: EntityId) -> str | None:
    """Return who has claimed a company."""
    return next((one.owner for one in said.taken.claims_on(company)), None)
