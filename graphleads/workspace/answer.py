"""What a workspace answers with, beside the answers of the rooms that it puts together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from graphleads.errors import GraphLeadsError
from graphleads.ids import EntityId
from graphleads.leads.lead_row import LEAD_COLUMNS, lead_row
from graphleads.leads.shown import CustomersAt, IgnoredAnswer, Lead, LeftLead, OurCustomer, Withheld, lead_object
from graphleads.model import Company, CustomerRecord, Match, NodeRef, PathStep, Recommendation, Relationship
from graphleads.tables.delivery import DeliveryManifest

if TYPE_CHECKING:
    import pandas as pd

    from graphleads.graph.store import RelationshipCount
    from graphleads.identity.match import MatchCandidate
    from graphleads.model import Ignored
    from graphleads.recommend.explain import Explanation


_SHOWN = 5
"""Leads that the text of an answer names."""

_ROWS = 50
"""Rows of a table in a notebook."""

_IN_NOTEBOOK = (
    "rank", "company_id", "name", "locality", "status", "percent_of_best", "near_customer", "near_owner", "reason"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What a ranking was asked, and with what it was answered.

    Attributes:
        id: The run's id; None where it was not kept: an explanation, or a home that cannot be written.
        snapshot: The snapshot that answered.
        as_of: The day whose facts counted.
        seeds: The companies that it looked around.
        config: How it ranked.
        warnings: What a person should know of the answer, a sentence each.
        withheld: Unsure matches, whose companies are not offered until somebody decides; the first 100.
        n_withheld: How many there are.
    """

    id: str | None
    snapshot: str
    as_of: date
    seeds: tuple[EntityId, ...]
    config: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    n_withheld: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamedOwner:
    """An owner who goes by another name now, with the customers and claims that were brought along."""

    old: str
    new: str
    n_customers: int
    n_claims: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recommendations:
    """Ranked leads, best first.

    Attributes:
        run: What was asked.
        items: The leads.
        n_candidates: How many companies could have been offered.
        ignored: What ties something to the seeds and is not followed, and why.
        ours: Our customers that the leads are near, or were themselves, by company.
        left: What an earlier run showed and this does not, and why; None where nobody asked.
    """

    run: RunInfo
    items: tuple[Recommendation, ...]
    n_candidates: int
    ignored: tuple[Ignored, ...] = ()
    ours: CustomersAt = field(default_factory=dict)
    left: tuple[LeftLead, ...] | None = None

    def __iter__(self) -> Iterator[Recommendation]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        shown = "".join(
            f"\n{one.rank:3}. {one.company.name} ({one.company.id}), {one.percent_of_best} % of the best"
            for one in self.items[:_SHOWN]
        )
        more = f"\n     and {len(self) - _SHOWN:,} more" if len(self) > _SHOWN else ""
        return f"{len(self):,} of {self.n_candidates:,} leads as of {self.run.as_of}, run {self.run.id}{shown}{more}"

    def _repr_html_(self) -> str:
        return str(self.to_pandas()[list(_IN_NOTEBOOK)].to_html(index=False, na_rep="", max_rows=_ROWS))

    @property
    def run_id(self) -> str | None:
        """The run's id, None where it was not kept."""
        return self.run.id

    @property
    def leads(self) -> list[Lead]:
        """The leads as JSON objects."""
        return [lead_object(one, self.ours) for one in self.items]

    def to_pandas(self) -> pd.DataFrame:
        """Return a row a lead, as `recommend --csv` writes it: place, status, customers, the two best reasons."""
        import pandas as pd

        table = pd.DataFrame([lead_row(one) for one in self.leads], columns=list(LEAD_COLUMNS))
        return table.astype({"rank": "int64", "score": "float64", "percent_of_best": "float64"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """A ranking that was shown, as it was shown then.

    Attributes:
        run: What was asked.
        items: The leads, or those of them that were asked for, as JSON objects.
        n_candidates: How many companies could have been offered, None where nobody counted.
        ignored: What was near and not followed, as JSON objects.
        pinned_at: Since when it is kept for good, None if it is not.
        left: What an earlier run showed and this does not, and why; None where nobody asked.
    """

    run: RunInfo
    items: tuple[Lead, ...]
    n_candidates: int | None = None
    ignored: tuple[IgnoredAnswer, ...] = ()
    pinned_at: datetime | None = None
    left: tuple[LeftLead, ...] | None = None

    @property
    def leads(self) -> list[Lead]:
        """The leads as JSON objects."""
        return list(self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a company is, or is not, a lead.

    Attributes:
        run: What was asked.
        explanation: What the ranking says.
        owner: Who has claimed the company.
        excluded_because: The reason for which it is excluded.
        ours: Our customers that the company is, was or may be, and that its reasons start from, by company.
    """

    run: RunInfo
    explanation: Explanation
    owner: str | None = None
    excluded_because: str | None = None
    ours: CustomersAt = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLine:
    """A customer in a list, and how it stands to the registers; None before anybody looked."""

    customer: CustomerRecord
    match: Match | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyAnswer:
    """A company with its ties, and what it is to us.

    Attributes:
        company: What the registers say of it.
        relationships: Its ties on the day that was asked for, as many as were asked for.
        n_relationships: How many there are.
        owner: Who has claimed it.
        excluded_because: The reason for which it is excluded.
        customers: Our customers that it is, was or may be.
        warnings: What a person should know of the days that were asked for, a sentence each.
    """

    company: Company
    relationships: tuple[Relationship, ...]
    n_relationships: int
    owner: str | None
    excluded_because: str | None = None
    customers: Sequence[OurCustomer] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A company or person that a search found, and what it is to us.

    Attributes:
        node: What was found.
        matched_name: The name that matched.
        score: How well, in [0, 1].
        company: The company in brief; None for a person.
        owner: Who has claimed it.
        customers: Our customers that it is, was or may be.
    """

    node: NodeRef
    matched_name: str
    score: float
    company: Company | None
    owner: str | None
    customers: Sequence[OurCustomer] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationshipsAnswer:
    """The relationships of a company or person on a day.

    Attributes:
        node: The company, person or contact point.
        as_of: The day.
        counts: How many there are of each kind.
        relationships: As many of the wanted kinds as were asked for.
        warnings: What a person should know of the days that were asked for, a sentence each.
    """

    node: NodeRef
    as_of: date
    counts: tuple[RelationshipCount, ...]
    relationships: tuple[Relationship, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathsAnswer:
    """How some entities are connected on a day: the paths between each two of them, the shortest first.

    `warnings` are what a person should know of the days that were asked for, a sentence each.
    """

    ends: tuple[NodeRef, ...]
    as_of: date
    paths: tuple[tuple[PathStep, ...], ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAnswer:
    """A customer, how it stands to the register, and the company that it surely is.

    Where that is unsure there is none, and `candidates` are the companies that it may be, the likeliest first.
    """

    customer: CustomerRecord
    match: Match | None
    company: Company | None
    candidates: tuple[Company, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSide:
    """What a person compares of a company that a customer may be: where it is, its phones, domains and web sites."""

    company: Company
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchLine:
    """A match that waits for a person: the customer, and the companies that it may be, the likeliest first.

    Attributes:
        match: The match.
        customer: The customer.
        candidates: The companies.
        sides: What each company is compared by, by its id.
    """

    match: Match
    customer: CustomerRecord
    candidates: tuple[MatchCandidate, ...]
    sides: Mapping[EntityId, MatchSide] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody says of a customer and a company, and why, where a reason is given.

    The verb is confirm or same, refuse or different, unsure where nobody can tell, or forget what was said before.
    """

    customer: str
    company: EntityId
    verb: str
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of a decision.

    Attributes:
        decision: The decision.
        match: How the customer stands now; None where it could not be made, or nobody has anything to say of it now.
        error: Why it could not be made; None where it was.
    """

    decision: Decision
    match: Match | None
    error: GraphLeadsError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """A step of `run`: whether it had anything to do, and what came of it in a few words."""

    name: str
    done: bool
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How far a home is.

    Attributes:
        home: Its folder.
        open_to_others: Whether others on this machine can look into it.
        deliveries: What was ingested.
        snapshot: The current snapshot's id.
        counts: Rows of its tables.
        customers: Customers by status.
        matches: Matches by state.
        n_claims: Companies claimed.
        n_exclusions: Companies excluded.
        stale: Steps that have something to do.
        next_step: The arguments of the command to run next.
    """

    home: str
    open_to_others: bool
    deliveries: tuple[DeliveryManifest, ...]
    snapshot: str | None
    counts: Mapping[str, int]
    customers: Mapping[str, int]
    matches: Mapping[str, int]
    n_claims: int
    n_exclusions: int
    stale: tuple[str, ...]
    next_step: str
