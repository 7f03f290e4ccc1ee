"""Ranking: what the customers, claims and exclusions make of a question, and the answer to it, kept as a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from itertools import chain

import numpy as np
import pyarrow as pa

from graphleads.errors import DiskFull, ValueInvalid
from graphleads.graph.describe import ALIVE, STATUSES
from graphleads.graph.entity_view import EntityView
from graphleads.graph.snapshot import Snapshot
from graphleads.ids import EntityId
from graphleads.leads.claims import Offer
from graphleads.leads.runs import Run, RunContent
from graphleads.leads.shown import (
    CustomersAt,
    IgnoredAnswer,
    Lead,
    LeftLead,
    Withheld,
    complete,
    ignored_object,
    withheld_object,
)
from graphleads.model import LeadQuery, Reason, View
from graphleads.recommend.config import RecommendConfig
from graphleads.recommend.explain import Explainer
from graphleads.recommend.pipeline import Pipeline
from graphleads.workspace.accounts import Accounts
from graphleads.workspace.age import describe_age, warnings_of_days
from graphleads.workspace.answer import Explained, KeptRun, Recommendations, RunInfo
from graphleads.workspace.companies import Companies
from graphleads.workspace.entity import find_company
from graphleads.workspace.given import parse_day, parse_jurisdictions
from graphleads.workspace.kin import kin_of_customers
from graphleads.workspace.left import Since, read_query, tell_left
from graphleads.workspace.named import companies_of
from graphleads.workspace.ours import customers_at
from graphleads.workspace.question import LANGUAGES, Question
from graphleads.workspace.register import Register
from graphleads.workspace.said import Said
from graphleads.workspace.standing import Standing, refuse_nothing_known, refuse_nothing_to_start_from
from graphleads.workspace.team import Team

_ALIVE = [STATUSES.index(status) for status in ALIVE]

_LISTED = 100
"""Unsure matches that an answer lists; it says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question made into a query, and what a person should know of it.

    What the team had said counts up to the moment `known_by`; None is now.
    """

    query: LeadQuery
    said: Said
    standing: Standing
    language: str
    warnings: tuple[str, ...]
    known_by: datetime | None


class Recommending:
    """Answers questions about leads over one register and one team."""

    def __init__(self, register: Register, team: Team, config: RecommendConfig, *, language: str) -> None:
        self._register = register
        self._team = team
        self._config = config
        self._language = language
        self._explainer: Explainer | None = None

    def recommend(self, question: Question, *, today: date) -> Recommendations:
        """Return ranked leads, and keep them as a run."""
        explainer = self._open_explainer()
        asked = self._ask(question, today)
        ranking = explainer.recommend(
            asked.query,
            barred=asked.said.barred,
            language=asked.language,
            n_reasons=question.n_reasons,
            n_ignored=question.n_ignored,
        )
        answer = Recommendations(
            run=self._info(explainer.snapshot, asked),
            items=ranking.items,
            n_candidates=ranking.n_candidates,
            ignored=ranking.ignored,
            ours=self._ours(
                asked, (one.company.id for one in ranking.items), (why for one in ranking.items for why in one.reasons)
            ),
        )
        return replace(answer, run=self._keep(answer.run, self._content(answer, asked)))

    def _ours(self, asked: _Asked, companies: Iterable[EntityId], reasons: Iterable[Reason]) -> CustomersAt:
        """Return our customers that some companies are, were or may be, and those that reasons start from."""
        starts = (one.path[0].start.id for one in reasons)
        return customers_at(self._team, asked.said.accounts, chain(companies, starts), by=asked.known_by)

    def _warnings_of_register(self, query: LeadQuery) -> Iterator[str]:
        snapshot = self._register.snapshot()
        observed_on = snapshot.observed_by(query.known_on)
        yield from warnings_of_days(snapshot, valid_on=query.valid_on, known_on=query.known_on)
        age = None if observed_on is None else describe_age(observed_on, query.valid_on)
        yield from filter(None, (age, self._register.warning()))

    def _keep(self, info: RunInfo, content: RunContent) -> RunInfo:
        """Keep a run; leads that nobody can keep are still leads."""
        try:
            return replace(info, id=self._team.keep_run(content))
        except DiskFull as error:
            return replace(info, warnings=(f"This run is not kept. {error.what}", *info.warnings))

    def kept(self, run_id: str, *, new_since: str | None) -> KeptRun:
        """Return a run as it was shown; with another run, what is not in that one by the ids of today."""
        run = self._team.run(run_id)
        content, items = run.content, [complete(Lead, one) for one in run.content.items]
        left = None
        if new_since is not None:
            left = self._left(new_since, run, {one["company"]["id"] for one in items})
            before, now = self._shown_in(new_since), self._ids_now(one["company"]["id"] for one in items)
            items = [one for one in items if now[one["company"]["id"]] not in before]
        return KeptRun(
            run=_read_info(run),
            items=tuple(items),
            n_candidates=content.n_candidates,
            ignored=tuple(complete(IgnoredAnswer, one) for one in content.ignored),
            pinned_at=run.pinned_at,
            left=left,
        )

    def since(self, run_id: str, answer: Recommendations) -> Recommendations:
        """Return an answer without the leads that a run showed, by the ids of today, and with those that left."""
        before, now = self._shown_in(run_id), self._ids_now(one.company.id for one in answer)
        asked = None if answer.run_id is None else self._team.run(answer.run_id)
        return replace(
            answer,
            items=tuple(one for one in answer if now[one.company.id] not in before),
            left=self._left(run_id, asked, {one.company.id for one in answer}),
        )

    def _left(self, run_id: str, later: Run | None, shown: Collection[EntityId]) -> tuple[LeftLead, ...]:
        """Return the leads of a run that a later one does not show, and why; one that was not kept tells less of it."""
        leads = self._leads(run_id)
        now = self._ids_now([*(one["company"]["id"] for one in leads), *shown])
        there = {now[one] for one in shown}
        left = [one for one in leads if now[one["company"]["id"]] not in there]
        said = self._team.said()
        placed, query = None, None if later is None else read_query(later, said)
        if query is not None and left:
            with suppress(ValueInvalid):  # None of the seeds of then may be there now.
                companies = [now[one["company"]["id"]] for one in left]
                placed = self._open_explainer().place(companies, query, barred=said.barred)
        language = str(later.content.question.get("language")) if later else self._language
        return tell_left(
            left,
            now,
            Since(
                said=said,
                placed=placed or {},
                is_judged=placed is not None,
                k=query.k if query else len(shown),
                language=language if language in LANGUAGES else self._language,
            ),
        )

    def offer(self, run_id: str, company: EntityId) -> Offer:
        """Return where a run offered a company, by the id that it has now.

        Raises:
            RunNotFound: If there is no such run.
            ValueInvalid: If it did not offer the company.
        """
        shown = self._leads(run_id)
        now = self._ids_now(lead["company"]["id"] for lead in shown)
        for lead in shown:
            if now[lead["company"]["id"]] == company:
                return Offer(run=run_id, rank=lead["rank"], score=lead["score"])
        raise ValueInvalid(f"The run {run_id} did not offer {company}: name the run that did, or none.")

    def lead_of(self, run_id: str, *, rank: int) -> EntityId:
        """Return the company that a run offered at a rank.

        Raises:
            RunNotFound: If there is no such run.
            ValueInvalid: If it has no lead of that rank.
        """
        shown = {one["rank"]: one["company"]["id"] for one in self._leads(run_id)}
        if rank not in shown:
            raise ValueInvalid(f"The run {run_id} has no lead {rank:,}: it shows {len(shown):,}.")
        return shown[rank]

    def _leads(self, run_id: str) -> list[Lead]:
        return [complete(Lead, one) for one in self._team.run(run_id).content.items]

    def _shown_in(self, run_id: str) -> set[EntityId]:
        return set(self._ids_now(one["company"]["id"] for one in self._leads(run_id)).values())

    def _ids_now(self, companies: Iterable[EntityId]) -> Mapping[EntityId, EntityId]:
        return self._register.resolver().ids_now(list(companies))

    def explain(self, company: EntityId, question: Question, *, today: date) -> Explained:
        """Return why a company is, or is not, a lead."""
        explainer = self._open_explainer()
        snapshot = explainer.snapshot
        company = find_company(snapshot, company)
        asked = self._ask(question, today)
        explanation = explainer.explain(company, asked.query, barred=asked.said.barred, language=asked.language)
        taken = asked.said.taken
        return Explained(
            run=self._info(explainer.snapshot, asked),
            explanation=explanation,
            owner=next((one.owner for one in taken.claims_on(company)), None),
            excluded_because=next((one.reason for one in taken.exclusions_of(company)), None),
            ours=self._ours(asked, [company], explanation.reasons),
        )

    def _open_explainer(self) -> Explainer:
        snapshot = self._register.snapshot()
        if self._explainer is None or self._explainer.snapshot is not snapshot:
            self._explainer = Explainer(Pipeline(snapshot, self._config))
        return self._explainer

    def _ask(self, question: Question, today: date) -> _Asked:
        known_on = parse_day(question.known_on) or today
        known_by = None if known_on >= today else _end_of(known_on)
        said = self._team.said() if known_by is None else self._team.said_by(known_by)
        accounts, standing = said.accounts, said.accounts.standing(question.owner)
        if not question.names_seeds and not standing.seeds:
            if known_by is not None:
                refuse_nothing_known(known_on, accounts.customers, question.owner)
            refuse_nothing_to_start_from(accounts.customers, accounts.matches, question.owner)
        seeds = self._named_seeds(question, accounts) if question.names_seeds else standing.seeds
        query = LeadQuery(
            seeds=seeds,
            customers=standing.customers,
            withheld=standing.withheld,
            exclude=said.taken.companies,
            k=question.k,
            jurisdictions=parse_jurisdictions(question.jurisdictions),
            industries=tuple(sorted({one.strip().lower() for one in question.industries})),
            valid_on=parse_day(question.as_of) or today,
            known_on=known_on,
            exclude_families=question.exclude_families,
            kin=kin_of_customers(accounts) if question.exclude_families else (),
        )
        warnings = tuple(self._warnings(query)) if question.names_seeds else ()
        language = question.language or self._language
        return _Asked(
            query=query, said=said, standing=standing, language=language, warnings=warnings, known_by=known_by
        )

    def _named_seeds(self, question: Question, accounts: Accounts) -> tuple[EntityId, ...]:
        """Return the companies that a question names, and those of the customers that it names."""
        companies = companies_of(accounts, question.customers or (), self._register.snapshot())
        return tuple(sorted({*self._find_seeds(question.seeds or ()), *companies.values()}))

    def _find_seeds(self, seeds: Iterable[EntityId]) -> tuple[EntityId, ...]:
        snapshot = self._register.snapshot()
        given = tuple(seeds)
        nodes = snapshot.nodes_of(given)
        named = (nodes >= 0) & (nodes < snapshot.n_companies)
        found = set(snapshot.companies["id"].chunk(0).take(pa.array(nodes[named])).to_pylist())
        # What is no id of a company may be an identifier that one bears; otherwise this says what it is.
        others = {find_company(snapshot, given[at]) for at in np.flatnonzero(~named).tolist()}
        return tuple(sorted(found | others))

    def _warnings(self, query: LeadQuery) -> Iterator[str]:
        store = self._open_explainer().pipeline.store
        days = View(valid_on=query.valid_on, known_on=query.known_on)
        nodes = store.snapshot.nodes_of(query.seeds)
        dead = nodes[~np.isin(EntityView(store.snapshot, days).statuses(nodes), _ALIVE)]
        for company in store.summaries(dead.tolist(), days):
            stands = company.status.replace("_", " ")
            yield f"{company.name} ({company.id}) is {stands}: leads around it rest on what was true before."

    def _info(self, snapshot: Snapshot, asked: _Asked) -> RunInfo:
        return RunInfo(
            id=None,
            snapshot=snapshot.id,
            as_of=asked.query.valid_on,
            seeds=asked.query.seeds,
            config=self._config.model_dump(mode="json"),
            warnings=(*asked.warnings, *self._warnings_of_register(asked.query)),
            withheld=tuple(withheld_object(one) for one in asked.standing.unsure[:_LISTED]),
            n_withheld=len(asked.standing.unsure),
        )

    def _content(self, answer: Recommendations, asked: _Asked) -> RunContent:
        query = {one.name: getattr(asked.query, one.name) for one in fields(asked.query)}
        for name, companies in _told(asked).items():
            query[name] = companies.fingerprint()
        info = answer.run
        return RunContent(
            snapshot=info.snapshot,
            question=query | {"language": asked.language},
            config=info.config,
            items=answer.leads,
            n_candidates=answer.n_candidates,
            warnings=info.warnings,
            withheld=info.withheld,
            n_withheld=info.n_withheld,
            ignored=[ignored_object(one) for one in answer.ignored],
        )


def _read_info(run: Run) -> RunInfo:
    """Return what a run was asked; where it does not tell the day, that of its first showing."""
    content, question = run.content, run.content.question
    withheld = tuple(complete(Withheld, one) for one in content.withheld)
    try:
        as_of = date.fromisoformat(question["valid_on"])
    except (KeyError, TypeError, ValueError):
        as_of = run.created_at.date()
    return RunInfo(
        id=run.id,
        snapshot=content.snapshot,
        as_of=as_of,
        seeds=tuple(complete(list[str], question.get("seeds"))),
        config=content.config,
        warnings=tuple(complete(list[str], content.warnings)),
        withheld=withheld,
        n_withheld=len(withheld) if content.n_withheld is None else content.n_withheld,
    )


def _end_of(day: date) -> datetime:
    """Return the last moment of a day, as the clock of the product counts days."""
    return datetime.combine(day, time.max, UTC)


def _told(asked: _Asked) -> dict[str, Companies]:
    """Return the companies of a query that a run keeps a hash of: which they were, their own tables say."""
    standing = asked.standing
    return {"customers": standing.customers, "withheld": standing.withheld, "exclude": asked.said.taken.companies}
