"""The shapes of the answers, written once: of the command line's JSON, of HTTP's, and of the API's description.

What a run keeps too is in `graphleads.leads.shown`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from graphleads.leads.shown import (
    CompanyLine,
    IgnoredAnswer,
    Lead,
    LeftLead,
    Node,
    OurCustomer,
    ReasonAnswer,
    SourceRecord,
    Withheld,
)


@with_config(extra="forbid", use_attribute_docstrings=True)
class RunAnswer(TypedDict):
    """What was asked, and of what."""

    id: Annotated[str | None, Field(description="Null where the run was not kept.")]
    snapshot: str
    as_of: date
    seeds: list[str]
    config: dict[str, Any]
    n_candidates: Annotated[
        int | None, Field(description="How many companies could have been offered; null where nobody counted.")
    ]
    warnings: Annotated[list[str], Field(description="What a person should know of the answer.")]
    n_withheld: Annotated[
        int,
        Field(description="How many unsure matches withhold companies until somebody decides."),
    ]
    withheld: Annotated[list[Withheld], Field(description="The first 100 of them.")]


@with_config(extra="forbid", use_attribute_docstrings=True)
class LeadsRun(RunAnswer):
    """What was asked, and what was not followed."""

    ignored: list[IgnoredAnswer]


@with_config(extra="forbid", use_attribute_docstrings=True)
class Leads(TypedDict):
    """Ranked leads, best first."""

    run: LeadsRun
    items: list[Lead]
    next: None
    """Null: all leads are on one page."""
    left: NotRequired[list[LeftLead]]
    """With `new_since`: what the other run showed and this one does not."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class ExplanationAnswer(TypedDict):
    """Why a company is a lead, or why it is none."""

    run: RunAnswer
    company: CompanyLine
    rank: int | None
    score: float
    ineligible: str | None
    """Why it is no lead; null where it is one."""
    owner: str | None
    """Who has claimed it."""
    excluded_because: str | None
    customers: list[OurCustomer]
    """Customers of ours that the company is, was or may be."""
    near: list[OurCustomer]
    """Our customers that its reasons start from, in the order of the reasons."""
    reasons: list[ReasonAnswer]
    other_points: float
    """The part of the score that came by ties that are not among the reasons, with which their points sum to it."""
    ignored: list[IgnoredAnswer]


@with_config(extra="forbid", use_attribute_docstrings=True)
class ClaimAnswer(TypedDict):
    """Who works on a company."""

    id: int
    team: str
    company: str
    owner: str
    claimed_at: datetime
    run: str | None
    """The run that offered it; null if nobody said."""
    rank: int | None
    """The place that it had in that run."""
    score: float | None
    """The score that it had there."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class ExclusionAnswer(TypedDict):
    """A company that is not offered."""

    team: str
    company: str
    reason: str
    by: str
    excluded_at: datetime


@with_config(extra="forbid", use_attribute_docstrings=True)
class ClaimsAnswer(TypedDict):
    """Who works on which company, the oldest claim first."""

    items: list[ClaimAnswer]
    next: int | None
    """The claim after which to ask for more; null where there are none."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class ExclusionsAnswer(TypedDict):
    """Which companies are not offered, and why, by company."""

    items: list[ExclusionAnswer]
    next: str | None
    """The company after which to ask for more; null where there are none."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class SearchItem(Node):
    """A hit: the name that matched, and how well, from 0 to 1; of a company its place, and what it is to us."""

    matched_name: str
    score: float
    jurisdiction: str | None
    locality: str | None
    status: str | None
    owner: str | None
    """Who has claimed it."""
    customers: list[OurCustomer]
    """Customers of ours that it is, was or may be."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class SearchAnswer(TypedDict):
    """What was found, the best first."""

    items: list[SearchItem]


@with_config(extra="forbid", use_attribute_docstrings=True)
class NameAnswer(TypedDict):
    """A name that the company bears or bore."""

    name: str
    kind: str
    language: str | None
    start_on: date | None
    end_on: date | None
    source: SourceRecord
    n_sources: int
    """How many records say so; the source is one that showed it last."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class IdentifierAnswer(TypedDict):
    """An identifier; `valid` says whether its check digit holds, null where it has none."""

    scheme: str
    value: str
    valid: bool | None
    source: SourceRecord
    n_sources: int
    """How many records say so; the source is one that showed it last."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class FactAnswer(TypedDict):
    """What one record or several say alike."""

    field: str
    value: str
    start_on: date | None
    end_on: date | None
    source: SourceRecord
    n_sources: int
    """How many records say so; the source is one that showed it last."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class RelationshipAnswer(TypedDict):
    """A tie, from its holder to what is held."""

    source: Node
    target: Node
    relation: str
    kind: str
    title: str | None
    share_min: float | None
    share_max: float | None
    start_on: date | None
    end_on: date | None
    confidence: float
    ignored: str | None
    """Why the ranking does not follow it; null where it does."""
    sources: list[SourceRecord]


@with_config(extra="forbid", use_attribute_docstrings=True)
class KindCount(TypedDict):
    """How many relationships of a kind there are."""

    relation: str
    kind: str
    n: int


@with_config(extra="forbid", use_attribute_docstrings=True)
class RelationshipsAnswer(TypedDict):
    """The relationships of a company, person or contact point on a day, counted by kind, and then one by one."""

    node: Node
    as_of: date
    counts: list[KindCount]
    items: list[RelationshipAnswer]
    warnings: list[str]
    """What a person should know of the days that were asked for."""


PathStepAnswer = TypedDict("PathStepAnswer", {"from": Node, "to": Node, "relationship": RelationshipAnswer})
PathStepAnswer.__doc__ = "One step of a path between two entities."
with_config(extra="forbid")(PathStepAnswer)


@with_config(extra="forbid", use_attribute_docstrings=True)
class PathAnswer(TypedDict):
    """A path between two of the ends."""

    n_hops: int
    path: list[PathStepAnswer]


@with_config(extra="forbid", use_attribute_docstrings=True)
class PathsAnswer(TypedDict):
    """How the ends are connected, the shortest paths first."""

    ends: list[Node]
    as_of: date
    items: list[PathAnswer]
    warnings: list[str]
    """What a person should know of the days that were asked for."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class CompanyFacts(CompanyLine):
    """A company with everything that the registers say of it."""

    entity_type: str
    mentioned: Annotated[bool, Field(description="Known only as somebody's holder or subsidiary.")]
    region: str | None
    postcode: str | None
    legal_form: str | None
    incorporated_on: date | None
    dissolved_on: date | None
    names: list[NameAnswer]
    identifiers: list[IdentifierAnswer]
    facts: list[FactAnswer]


@with_config(extra="forbid", use_attribute_docstrings=True)
class CompanyAnswer(CompanyFacts):
    """A company with its relationships, and what it is to us."""

    owner: str | None
    """Who has claimed it."""
    excluded_because: str | None
    customers: list[OurCustomer]
    """Customers of ours that it is, was or may be."""
    n_relationships: int
    relationships: list[RelationshipAnswer]
    warnings: list[str]
    """What a person should know of the days that were asked for."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class CustomerIdentifier(TypedDict):
    """An identifier as the CRM has it."""

    scheme: str
    value: str


@with_config(extra="forbid", use_attribute_docstrings=True)
class CustomerFacts(TypedDict):
    """A customer as the CRM has it."""

    external_id: str
    name: str
    status: str
    identifiers: list[CustomerIdentifier]
    jurisdiction: str | None
    locality: str | None
    region: str | None
    postcode: str | None
    website: str | None
    email_domain: str | None
    phone: str | None
    owner: str | None
    parent: str | None
    """The external id, or the name, of the account that it is a part of."""
    value: float | None
    won_on: date | None
    custom: dict[str, str]


@with_config(extra="forbid", use_attribute_docstrings=True)
class CustomerLine(TypedDict):
    """A customer in brief, and how it stands to the registers."""

    id: str
    name: str
    status: str
    owner: str | None
    match: str | None
    """Null before anybody looked."""
    company: str | None


@with_config(extra="forbid", use_attribute_docstrings=True)
class CustomersAnswer(TypedDict):
    """Customers by their ids."""

    items: list[CustomerLine]
    next: str | None
    """The id after which to ask for more; null where there are none."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class MatchAnswer(TypedDict):
    """How the customer stands to the register. An unsure match waits for a person."""

    customer: str
    company: str | None
    state: str
    method: str
    probability: float
    features: dict[str, float | str]
    others: dict[str, float]
    """The other companies that it may be, by id, with their probabilities."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class CustomerAnswer(TypedDict):
    """A customer, its match, and the company that it is."""

    customer: CustomerFacts
    match: MatchAnswer | None
    company: CompanyFacts | None
    """Null where the match is not sure and nobody has confirmed it."""
    candidates: list[CompanyFacts]
    """The companies that it may be, the likeliest first, where that is unsure."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class PutAnswer(CustomerAnswer):
    """A customer that was brought in, and what of it was not stored."""

    dropped_personal: NotRequired[dict[str, int]]
    """What told of people and was never stored, if anything did: names of `custom` with the number of values."""
