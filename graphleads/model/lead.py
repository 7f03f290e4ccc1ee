"""What is asked for, what is recommended and why, and who has claimed it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime

from graphleads.ids import EntityId
from graphleads.model.entity import Company, NodeRef
from graphleads.model.tie import PathStep


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
