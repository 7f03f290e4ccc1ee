"""What is answered, for the documentation: answers are made by `graphleads.view` and not checked again on their way.

The tests hold every answer of every operation against these.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Node(_Answer):
    """A company, person or contact point."""

    id: str
    kind: Literal["company", "person", "contact_point"]
    name: str


class SourceRecord(_Answer):
    """Where a fact stands, and the day on which it was last seen there."""

    dataset: str
    record: str
    observed_on: date | None


class CompanyLine(_Answer):
    """A company in a list."""

    id: str
    name: str
    jurisdiction: str | None
    locality: str | None
    status: str


class Step(_Answer):
    """One tie of a path; each step starts where the one before it ended."""

    # `from` is a word of Python's own, so that the field is given by its alias alone.
    from_: Node = Field(alias="from")
    to: Node
    kind: str
    title: str | None
    start_on: date | None
    end_on: date | None
    source: SourceRecord | None


class ReasonAnswer(_Answer):
    """Why: a path from a customer to the lead, told in one sentence."""

    sentence: str
    points: float = Field(description="The part of the score that came this way.")
    confidence: float = Field(description="The product of the probabilities along the path.")
    path: list[Step]


class Lead(_Answer):
    """A company to call."""

    rank: int
    company: CompanyLine
    score: float
    reasons: list[ReasonAnswer]


class RunAnswer(_Answer):
    """What was asked, and of what."""

    id: str | None = Field(description="Null where the run was not kept.")
    snapshot: str
    as_of: date
    seeds: list[str]
    config: dict[str, Any]


class Leads(_Answer):
    """Ranked leads, best first."""

    run: RunAnswer
    items: list[Lead]
    next: None = Field(description="Null: all leads are on one page.")


class IgnoredAnswer(_Answer):
    """What is near and not followed, and why."""

    node: Node
    n_companies: int
    reason: str


class ExplanationAnswer(_Answer):
    """Why a company is a lead, or why it is none."""

    run: RunAnswer
    company: CompanyLine
    rank: int | None
    score: float
    ineligible: str | None = Field(description="Why it is no lead; null where it is one.")
    owner: str | None = Field(description="Who has claimed it.")
    excluded_because: str | None
    reasons: list[ReasonAnswer]
    ignored: list[IgnoredAnswer]


class ClaimAnswer(_Answer):
    """Who works on a company."""

    id: int
    team: str
    company: str
    owner: str
    claimed_at: datetime
    run: str | None = Field(description="The run that offered it; null if nobody said.")
    rank: int | None = Field(description="The place that it had in that run.")
    score: float | None = Field(description="The score that it had there.")


class ExclusionAnswer(_Answer):
    """A company that is not offered."""

    team: str
    company: str
    reason: str
    by: str
    excluded_at: datetime


class SearchItem(Node):
    """A hit: the name that matched, and how well, from 0 to 1."""

    matched_name: str
    score: float


class SearchAnswer(_Answer):
    """What was found, the best first."""

    items: list[SearchItem]


class NameAnswer(_Answer):
    """A name that the company bears or bore."""

    name: str
    kind: str
    language: str | None
    start_on: date | None
    end_on: date | None
    source: SourceRecord


class IdentifierAnswer(_Answer):
    """An identifier; `valid` says whether its check digit holds, null where it has none."""

    scheme: str
    value: str
    valid: bool | None
    source: SourceRecord


class FactAnswer(_Answer):
    """One statement by one source."""

    field: str
    value: str
    start_on: date | None
    end_on: date | None
    source: SourceRecord


class RelationshipAnswer(_Answer):
    """A tie, from its holder to what is held."""

    source: Node
    target: Node
    relation: Literal["interest", "role", "link", "contact", "same_person"]
    kind: str
    title: str | None
    share_min: float | None
    share_max: float | None
    start_on: date | None
    end_on: date | None
    confidence: float
    ignored: str | None = Field(description="Why the ranking does not follow it; null where it does.")
    sources: list[SourceRecord]


class KindCount(_Answer):
    """How many relationships of a kind there are."""

    relation: str
    kind: str
    n: int


class RelationshipsAnswer(_Answer):
    """The relationships of a company, person or contact point on a day, counted by kind, and then one by one."""

    node: Node
    as_of: date
    counts: list[KindCount]
    items: list[RelationshipAnswer]


class PathStepAnswer(_Answer):
    """One step of a path between two entities."""

    from_: Node = Field(alias="from")
    to: Node
    relationship: RelationshipAnswer


class PathAnswer(_Answer):
    """A path between two of the ends."""

    n_hops: int
    path: list[PathStepAnswer]


class PathsAnswer(_Answer):
    """How the ends are connected, the shortest paths first."""

    ends: list[Node]
    as_of: date
    items: list[PathAnswer]


class CompanyFacts(CompanyLine):
    """A company with everything that the registers say of it."""

    entity_type: str
    mentioned: bool = Field(description="Known only as somebody's holder or subsidiary.")
    region: str | None
    postcode: str | None
    legal_form: str | None
    incorporated_on: date | None
    dissolved_on: date | None
    names: list[NameAnswer]
    identifiers: list[IdentifierAnswer]
    facts: list[FactAnswer]


class CompanyAnswer(CompanyFacts):
    """A company with its relationships, and who works on it."""

    owner: str | None
    n_relationships: int
    relationships: list[RelationshipAnswer]


class CustomerIdentifier(_Answer):
    """An identifier as the CRM has it."""

    scheme: str
    value: str


class CustomerFacts(_Answer):
    """A customer as the CRM has it."""

    external_id: str
    name: str
    status: Literal["won", "open", "lost"]
    identifiers: list[CustomerIdentifier]
    jurisdiction: str | None
    locality: str | None
    region: str | None
    postcode: str | None
    website: str | None
    email_domain: str | None
    phone: str | None
    owner: str | None
    value: float | None
    won_on: date | None
    custom: dict[str, str]


class MatchAnswer(_Answer):
    """How the customer stands to the register. An unsure match waits for a person."""

    customer: str
    company: str | None
    state: Literal["sure", "unsure", "none", "confirmed", "refused"]
    method: str
    probability: float
    features: dict[str, float | str]
    others: dict[str, float] = Field(description="The other companies that it may be, by id, with their probabilities.")


class CustomerAnswer(_Answer):
    """A customer, its match, and the company that it is or may be."""

    customer: CustomerFacts
    match: MatchAnswer | None
    company: CompanyFacts | None


class Health(_Answer):
    """The process is alive."""

    status: Literal["ok"]
    version: str


class Ready(_Answer):
    """A snapshot is served."""

    status: Literal["ready"]
    snapshot: str
    warning: str | None


class Version(_Answer):
    """Which version answers."""

    version: str
    api: Literal["v0"]


class ProblemError(_Answer):
    """One thing that is wrong with a request."""

    at: str
    message: str


class Problem(_Answer):
    """An error, as RFC 9457 says them."""

    type: str = Field(description="The kind of error: a part of the documentation, or about:blank.")
    title: str
    status: int
    detail: str = Field(description="What is wrong and what to do next, in one sentence.")
    errors: list[ProblemError] | None = Field(None, description="Each thing that is wrong with the request.")
