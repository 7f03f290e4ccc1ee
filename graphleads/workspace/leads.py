"""Leads: what the customers, claims and exclusions make of a question, and the ranking that answers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time

import numpy as np
import pyarrow as pa
from pydantic import TypeAdapter

from graphleads.errors import DiskFull
from graphleads.graph.describe import ALIVE, STATUSES
from graphleads.graph.entity_view import EntityView
from graphleads.graph.snapshot import Snapshot
from graphleads.ids import EntityId
from graphleads.leads.runs import RunContent
from graphleads.model import LeadQuery, Recommendation, View
from graphleads.recommend.config import RecommendConfig
from graphleads.recommend.explain import Explainer
from graphleads.recommend.pipeline import Pipeline
from graphleads.workspace.answer import Explained, KeptRun, Recommendations, RunInfo
from graphleads.workspace.companies import Companies
from graphleads.workspace.question import Question, find_company, id_now, parse_day, parse_jurisdictions
from graphleads.workspace.register import Register
from graphleads.workspace.said import Said
from graphleads.workspace.standing import Standing, refuse_nothing_known, refuse_nothing_to_start_from
from graphleads.workspace.team import Team

_ALIVE = [STATUSES.index(status) for status in ALIVE]
_ITEMS = TypeAdapter(tuple[Recommendation, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question made into a query, and what a person should know of it."""

    query: LeadQuery
    said: Said
    standing: Standing
    language: str
    warnings: tuple[str, ...]


class Leads:
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
        snapshot = explainer.snapshot
        info = self._keep(self._info(snapshot, asked, None), self._content(snapshot, asked, ranking.items))
        return Recommendations(
            run=info, items=ranking.items, n_candidates=ranking.n_candidates, ignored=ranking.ignored
        )

    def _keep(self, info: RunInfo, content: RunContent) -> RunInfo:
        """Keep a run; leads that nobody can keep are still leads."""
        try:
            return replace(info, id=self._team.keep_run(content))
        except DiskFull as error:
            return replace(info, warnings=(*info.warnings, f"This run is not kept. {error}"))

    def kept(self, run_id: str, *, new_since: str | None) -> KeptRun:
        """Return a run as it was shown; with another run, what is not in that one by the ids of today."""
        content = self._team.run(run_id)
        items = _ITEMS.validate_python(content.items)
        if new_since is not None:
            items = self.not_in(new_since, items)
        info = RunInfo(
            id=run_id,
            snapshot=content.snapshot,
            as_of=date.fromisoformat(content.question["valid_on"]),
            seeds=tuple(content.question["seeds"]),
            config=content.config,
        )
        return KeptRun(run=info, items=items)

    def not_in(self, run_id: str, items: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
        """Return the leads that a run did not show, by the ids of today."""
        before = {self._today_id(item["company"]["id"]) for item in self._team.run(run_id).items}
        return tuple(item for item in items if self._today_id(item.company.id) not in before)

    def _today_id(self, company: EntityId) -> EntityId:
        built = self._register.snapshot_id() is not None
        return (built and id_now(self._register.snapshot(), company)) or company

    def explain(self, company: EntityId, question: Question, *, today: date) -> Explained:
        """Return why a company is, or is not, a lead."""
        explainer = self._open_explainer()
        snapshot = explainer.snapshot
        company = find_company(snapshot, company)
        asked = self._ask(question, today)
        explanation = explainer.explain(company, asked.query, barred=asked.said.barred, language=asked.language)
        taken = self._team.said().taken
        return Explained(
            run=self._info(explainer.snapshot, asked, None),
            explanation=explanation,
            owner=next((one.owner for one in taken.claims_on(company)), None),
            excluded_because=next((one.reason for one in taken.exclusions_of(company)), None),
        )

    def _open_explainer(self) -> Explainer:
        snapshot = self._register.snapshot()
        if self._explainer is None or self._explainer.snapshot is not snapshot:
            self._explainer = Explainer(Pipeline(snapshot, self._config))
        return self._explainer

    def _ask(self, question: Question, today: date) -> _Asked:
        known_on = parse_day(question.known_on) or today
        said = self._team.said() if known_on >= today else self._team.said_by(_end_of(known_on))
        accounts, standing = said.accounts, said.accounts.standing(question.owner)
        if question.seeds is None and not standing.seeds:
            if known_on < today:
                refuse_nothing_known(known_on, accounts.customers, question.owner)
            refuse_nothing_to_start_from(accounts.customers, accounts.matches, question.owner)
        seeds = standing.seeds if question.seeds is None else self._find_seeds(question.seeds)
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
        )
        warnings = () if question.seeds is None else tuple(self._warnings(query))
        language = question.language or self._language
        return _Asked(query=query, said=said, standing=standing, language=language, warnings=warnings)

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

    def _info(self, snapshot: Snapshot, asked: _Asked, run_id: str | None) -> RunInfo:
        return RunInfo(
            id=run_id,
            snapshot=snapshot.id,
            as_of=asked.query.valid_on,
            seeds=asked.query.seeds,
            config=self._config.model_dump(mode="json"),
            warnings=asked.warnings,
            withheld=asked.standing.unsure,
        )

    def _content(self, snapshot: Snapshot, asked: _Asked, items: Sequence[Recommendation]) -> RunContent:
        query = {one.name: getattr(asked.query, one.name) for one in fields(asked.query)}
        for name, companies in _told(asked).items():
            query[name] = companies.fingerprint()
        return RunContent(
            snapshot=snapshot.id,
            question=query | {"language": asked.language},
            config=self._config.model_dump(mode="json"),
            items=items,
        )


def _end_of(day: date) -> datetime:
    """Return the last moment of a day, as the clock of the product counts days."""
    return datetime.combine(day, time.max, UTC)


def _told(asked: _Asked) -> dict[str, Companies]:
    """Return the companies of a query that a run keeps a hash of: which they were, their own tables say."""
    standing = asked.standing
    return {"customers": standing.customers, "withheld": standing.withheld, "exclude": asked.said.taken.companies}
