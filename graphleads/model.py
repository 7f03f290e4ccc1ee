"""The nouns: frozen, slotted, keyword-only values that travel between rooms.

Terms are the standards' own: BODS for interests, org-id for identifiers, FollowTheMoney for provenance, information
retrieval for queries, CRM for leads. Everything that grows with a register travels as columns instead (`tables`).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from graphleads.ids import EntityId


class Progress(Protocol):
    """Where a long step says how far it is."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step of `total` units, None if nobody knows how many."""

    def advance(self, n: int = 1) -> None:
        """Say that `n` more units of the current step are done."""


class Silence:
    """The progress that nobody watches."""

    def step(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, n: int = 1) -> None:
        """Say nothing."""


class NodeKind(StrEnum):
    """What a node of the graph is; nodes are numbered in this order."""

    COMPANY = "company"
    PERSON = "person"
    CONTACT_POINT = "contact_point"


class DeliveryKind(StrEnum):
    """Whether a delivery is the register's whole state or only what changed."""

    FULL = "full"
    UPDATE = "update"


class CustomerStatus(StrEnum):
    """Where a CRM account stands. Won and open ones are never leads, lost ones may be."""

    WON = "won"
    OPEN = "open"
    LOST = "lost"


class MatchState(StrEnum):
    """How a customer stands to a company of the register."""

    SURE = "sure"
    UNSURE = "unsure"
    NONE = "none"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact stands: the dataset, the record's id in it, and the last day it was seen there."""

    dataset: str
    record: str
    observed_on: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When something is true in the world: from a day (included) to a day (not included); None is unbounded."""

    start_on: date | None = None
    end_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The two days that a question is asked for: whose facts count, and up to which they were known."""

    valid_on: date
    known_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRef:
    """An entity as it is named in a path or a list."""

    id: EntityId
    kind: NodeKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name that a company or person bears or bore, where that stands, and in how many records."""

    name: str
    kind: str
    period: Period
    language: str | None
    source: Source
    n_sources: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """An identifier of an entity; `valid` says whether its check digit holds, None where it has none."""

    scheme: str
    value: str
    valid: bool | None
    source: Source
    n_sources: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is said of an entity: `field` is the column of the staged table it came in.

    What several records say alike is one fact, with the source that showed it last and how many there are.
    """

    field: str
    value: str
    period: Period
    source: Source
    n_sources: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company with what the registers say of it now."""

    id: EntityId
    name: str
    entity_type: str
    mentioned: bool
    jurisdiction: str | None
    status: str
    locality: str | None
    region: str | None
    postcode: str | None
    legal_form: str | None
    incorporated_on: date | None
    dissolved_on: date | None
    names: tuple[Name, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as one record or register knows them: never more of the birth date than year and month."""

    id: EntityId
    name: str
    birth_year: int | None
    birth_month: int | None
    nationality: str | None
    kind: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """An edge of the graph: an interest, role, link, contact or same-person tie, with its period and sources.

    Attributes:
        source: The holder, person or company that the edge goes out from.
        target: The company, person or contact point that it goes to.
        relation: interest, role, link, contact or same_person.
        kind: The relation's own kind: shareholding, director, branch_of, address, …
        title: The role or purpose as the source words it.
        share_min: Lower bound of the share, a fraction in [0, 1]; None if unknown.
        share_max: Upper bound of the share.
        confidence: Probability that the tie is real, in (0, 1]; below 1 only for same_person.
        ignored: Why the ranking does not follow the edge, None where it does.
    """

    source: NodeRef
    target: NodeRef
    relation: str
    kind: str
    title: str | None
    share_min: float | None
    share_max: float | None
    period: Period
    confidence: float
    sources: tuple[Source, ...]
    ignored: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One edge of a path, in walking order: `start` is nearer to the customer, `end` nearer to the lead."""

    start: NodeRef
    end: NodeRef
    relationship: Relationship


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a company is recommended: a path of real, sourced, dated facts, told in one sentence.

    Attributes:
        sentence: The path in words, in the language that was asked for.
        points: The part of the score that came this way, in the score's own unit.
        confidence: Product of the probabilities along the path, in (0, 1].
        path: The steps from the won customer to the company.
    """

    sentence: str
    points: float
    confidence: float
    path: tuple[PathStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadQuery:
    """What is asked of the ranking.

    Attributes:
        seeds: Companies to look around: the won customers, or stand-ins given by id.
        customers: Companies that are never leads: won and open customers, whoever owns them.
        withheld: Companies in an unsure match.
        exclude: Companies claimed by somebody, or excluded with a reason.
        k: How many leads, 1 to 10,000.
        jurisdictions: Country or subdivision codes to keep; empty keeps all.
        industries: Beginnings of trade or sector codes to keep, in lower case; empty keeps all.
        valid_on: The day whose facts count.
        known_on: The day up to which facts were known.
        exclude_families: Leave out companies of the customers' own corporate groups.
        kin: Companies that the CRM has in one group with a customer, whose groups are left out with those.
    """

    seeds: tuple[EntityId, ...]
    customers: Set[EntityId] = frozenset()
    withheld: Set[EntityId] = frozenset()
    exclude: Set[EntityId] = frozenset()
    k: int = 50
    jurisdictions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    valid_on: date
    known_on: date
    exclude_families: bool = False
    kin: tuple[EntityId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A lead: why a company is to be called, and how much speaks for it.

    Attributes:
        rank: Its place, from 1.
        company: The company.
        score: How much speaks for it, in the ranking's own unit.
        percent_of_best: The score in per cent of the best lead's of the answer, to one decimal.
        reasons: The paths that most of the score came by; what is missing to it came by other ties.
    """

    rank: int
    company: Company
    score: float
    percent_of_best: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Something near the customers that the ranking does not follow, and why."""

    node: NodeRef
    n_companies: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who works on a company.

    Attributes:
        id: The claim's number.
        team: Whose claim it is.
        company: The company, by the id that it had then.
        owner: Who works on it.
        claimed_at: Since when.
        run: The run that offered the company, None if nobody said.
        rank: The place that it had there.
        score: The score that it had there.
    """

    id: int
    team: str
    company: EntityId
    owner: str
    claimed_at: datetime
    run: str | None = None
    rank: int | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """A CRM account as it was imported.

    Attributes:
        external_id: The CRM's own id.
        name: The name as given.
        identifiers: (scheme, value) pairs; the scheme is empty where the CRM does not say which register it is.
        jurisdiction: ISO 3166-1 alpha-2 of the account's country, None if unknown.
        owner: Whose account it is.
        parent: The external id, or the name, of the account that it is a part of.
    """

    external_id: str
    name: str
    status: CustomerStatus
    identifiers: tuple[tuple[str, str], ...] = ()
    jurisdiction: str | None = None
    locality: str | None = None
    region: str | None = None
    postcode: str | None = None
    website: str | None = None
    email_domain: str | None = None
    phone: str | None = None
    owner: str | None = None
    parent: str | None = None
    value: float | None = None
    won_on: date | None = None
    custom: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """An opportunity as it was imported.

    Attributes:
        external_id: The CRM's own id.
        customer: The external id of the customer that it is with, None if the CRM does not say.
        account: The customer's name as the deal has it.
        name: What the CRM calls the deal.
        stage: Where it stands, as the CRM says.
        status: What that stage comes to.
        amount: Its amount, in `currency`.
        currency: ISO 4217 code, None if the CRM does not say.
        probability: That it will be won, as the CRM says, in [0, 1].
        opened_on: Since when there is it.
        expected_on: The day on which it may close.
        closed_on: The day on which it was won or lost.
        owner: Whose deal it is.
        custom: What else the CRM says of it, by header.
    """

    external_id: str
    status: CustomerStatus
    customer: str | None = None
    account: str | None = None
    name: str | None = None
    product: str | None = None
    stage: str | None = None
    amount: float | None = None
    currency: str | None = None
    probability: float | None = None
    opened_on: date | None = None
    expected_on: date | None = None
    closed_on: date | None = None
    owner: str | None = None
    custom: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How a customer stands to a company: with a probability, and the features behind it.

    Attributes:
        customer: The customer's external id.
        company: The company that it is, or may be; None where there is no candidate.
        state: Whether that is sure, unsure, decided by a person, or nothing was found.
        method: How it was found.
        probability: That the customer is this company, in [0, 1].
        features: What the probability rests on.
        others: Where it is unsure, the other companies that it may be, with their probabilities, the likeliest first.
    """

    customer: str
    company: EntityId | None
    state: MatchState
    method: str
    probability: float
    features: dict[str, float | str] = field(default_factory=dict)
    others: dict[EntityId, float] = field(default_factory=dict)
