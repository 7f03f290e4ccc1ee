"""The leads of a workspace: ranked, explained, kept as runs, claimed and excluded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from graphleads.ids import EntityId
from graphleads.leads.conflicts import LeadsInConflict
from graphleads.leads.events import LeadEvent
from graphleads.leads.exclusions import Exclusion
from graphleads.leads.run_line import RunLine
from graphleads.model import Claim
from graphleads.workspace.answer import Explained, KeptRun, Recommendations
from graphleads.workspace.given import parse_text
from graphleads.workspace.question import Question
from graphleads.workspace.team import Team

if TYPE_CHECKING:
    from graphleads.workspace.lookup import Lookup
    from graphleads.workspace.recommending import Recommending


class TeamLeads:
    """What one team is offered and what it makes of that.

    Args:
        team: What the team says.
        lookup: Returns what finds companies.
        recommending: Returns what answers questions.
        today: Returns the day that counts where none is named.
    """

    def __init__(
        self,
        team: Team,
        *,
        lookup: Callable[[], Lookup],
        recommending: Callable[[], Recommending],
        today: Callable[[], date],
    ) -> None:
        self._team = team
        self._lookup = lookup
        self._recommending = recommending
        self._today = today

    def recommend(self, question: Question) -> Recommendations:
        """Rank the unclaimed companies near the won customers, or near companies given by id.

        Raises:
            ValueInvalid: If a part of the question cannot be used.
            EntityNotFound: If a seed is not in the register.
        """
        return self._recommending().recommend(question, today=self._today())

    def explain(self, company: EntityId, question: Question) -> Explained:
        """Return why a company is, or is not, a lead; raises as `recommend` does."""
        return self._recommending().explain(company, question, today=self._today())

    def run(self, run_id: str, *, new_since: str | None = None) -> KeptRun:
        """Return a run as it was shown; with `new_since`, another run, only the leads that are not in that one.

        What only the other one showed is in `left` then, and why, as far as is known now.

        Raises:
            RunNotFound: If one of them was not kept.
        """
        return self._recommending().kept(run_id, new_since=new_since)

    def new_since(self, run_id: str, answer: Recommendations) -> Recommendations:
        """Return the leads of an answer that an earlier run did not show; in `left` what only that one showed, and why.

        Raises:
            RunNotFound: If there is no such run.
        """
        return self._recommending().since(run_id, answer)

    def runs(self, *, pinned: bool = False, after: str | None = None, limit: int | None = None) -> list[RunLine]:
        """Return the runs that are kept in brief, the one that was shown last first.

        Args:
            pinned: Only those that are kept for good.
            after: Only those behind this one's `place`.
            limit: At most so many.

        Raises:
            ValueInvalid: If `after` is no place in the list.
        """
        return self._team.run_lines(pinned=pinned, after=after, limit=limit)

    def pin(self, run_id: str) -> datetime:
        """Keep a run for good, and return since when it is kept so.

        Raises:
            RunNotFound: If there is no such run.
        """
        return self._team.pin(run_id)

    def unpin(self, run_id: str) -> None:
        """Let a run be dropped again after the days that the settings name; raises as `pin`."""
        self._team.unpin(run_id)

    def claim(self, company: EntityId, *, owner: str, run: str | None = None) -> Claim:
        """Claim a company, so that nobody else is offered it; claiming it again returns the claim that there is.

        Args:
            company: The company, by its id or a name that it alone has; or the rank of a lead of the run that is named,
                otherwise of the one that the team was shown last.
            owner: Who will work on it.
            run: The run that offered it; the claim keeps the rank and the score that it had there.

        Raises:
            LeadConflict: If somebody else has it; says who.
            Conflict: If it is a won or open customer, or excluded; says which, and what to do.
            EntityNotFound: If there is no such company.
            RunNotFound: If there is no such run.
            ValueInvalid: If the run did not offer the company, or has no lead of that rank.
        """
        if company.isdecimal():
            run = run or self._team.last_run()
            company = self._recommending().lead_of(run, rank=int(company))
        company = self._lookup().find(company)
        offer = None if run is None else self._recommending().offer(run, company)
        claims = self._lookup().claims_on(company)
        if not claims:
            self._lookup().refuse_taken(company)
        others = [one.company for one in claims if one.company != company]
        return self._team.claim(company, owner, also_known_as=others, offer=offer)

    def release(self, company: EntityId, *, by: str) -> Claim:
        """Give a company back, and return the claim that ended.

        Raises:
            NotFound: If nobody has claimed it.
        """
        return self._team.release(self._lookup().claimed_as(company), by=by)

    def release_claim(self, claim: int, *, by: str | None = None) -> Claim:
        """End a claim by its number, and return it; its owner does, if nobody is named.

        Raises:
            NotFound: If there is no such claim, or it ended already.
        """
        return self._team.release_claim(claim, by=by)

    def claims(self, *, owner: str | None = None) -> list[Claim]:
        """Return who works on which company, the oldest claim first."""
        return self._team.claims(parse_text(owner, "owner"))

    def conflicts(self) -> list[LeadsInConflict]:
        """Return the companies that are claimed twice, or claimed and excluded, since their ids became one.

        The earliest claim counts until somebody settles it.
        """
        return self._team.conflicts()

    def settle_conflict(
        self, company: EntityId, *, claim: int | None = None, by: str | None = None
    ) -> Claim | Exclusion:
        """Settle a conflict, and return what stands: the claim of that number, or the exclusion if none is named.

        Every other claim on the company ends, and an exclusion is taken back where a claim stands.

        Raises:
            NotFound: If there is no conflict on the company, or none of its claims has that number.
        """
        return self._team.settle(self._lookup().find(company), claim=claim, by=by)

    def events(self, company: EntityId) -> list[LeadEvent]:
        """Return what was done with a company, oldest first: claimed, released, excluded, included, and by whom."""
        return self._team.events(self._lookup().find(company))

    def exclude(self, company: EntityId, *, reason: str, by: str) -> Exclusion:
        """Keep a company out of the leads.

        Raises:
            Conflict: If it is excluded for another reason already.
            EntityNotFound: If there is no such company.
        """
        return self._team.exclude(self._lookup().find(company), reason=reason, by=by)

    def include(self, company: EntityId, *, by: str) -> None:
        """Let a company be offered again.

        Raises:
            NotFound: If it is not excluded.
        """
        self._team.include(self._lookup().excluded_as(company), by=by)

    def exclusions(self) -> list[Exclusion]:
        """Return which companies are not to be offered, and why."""
        return self._team.exclusions()
