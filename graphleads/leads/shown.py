"""What somebody was shown of leads, as JSON objects: what every answer says of a lead, and what a run keeps of it.

The shapes are written here once. A run is kept in them, so whatever the product's classes become, a run that was kept
says what was said; and one that lacks a field, or has one that nobody knows here, is completed when it is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from pydantic import with_config
from typing_extensions import TypedDict, is_typeddict

from graphleads.ids import EntityId
from graphleads.model import Company, Ignored, Match, NodeRef, PathStep, Reason, Recommendation, Source

_ROUNDING = 1e-9


@with_config(extra="forbid")
class Node(TypedDict):
    """A company, person or contact point."""

    id: str
    kind: str
    name: str


@with_config(extra="forbid")
class SourceRecord(TypedDict):
    """Where a fact stands, and the day on which it was last seen there."""

    dataset: str
    record: str
    observed_on: date | None


@with_config(extra="forbid")
class CompanyLine(TypedDict):
    """A company in a list."""

    id: str
    name: str
    jurisdiction: str | None
    locality: str | None
    status: str


@with_config(extra="forbid", use_attribute_docstrings=True)
class OurCustomer(TypedDict):
    """A customer of ours, as the CRM has it, and how it stands to a company."""

    id: str
    """The CRM's own id."""
    name: str
    status: str
    """Won, open or lost."""
    owner: str | None
    """Whose customer it is."""
    until: date | None
    """The day on which the CRM first said of a lost one that it is; null where it has never said anything else."""
    company: str
    """The company that it is or may be."""
    match: str
    """How sure that is: sure, confirmed by a person, or unsure."""


Step = TypedDict(  # `from` is a word of Python's own.
    "Step",
    {
        "from": Node,
        "to": Node,
        "direction": str | None,
        "kind": str,
        "title": str | None,
        "share_min": float | None,
        "share_max": float | None,
        "start_on": date | None,
        "end_on": date | None,
        "source": SourceRecord | None,
    },
)
Step.__doc__ = (
    "One tie of a path; each step starts where the one before it ended. Its direction is `forward` where `from` holds, "
    "directs or has `to`, and `backward` where it is the other way round."
)
with_config(extra="forbid")(Step)


@with_config(extra="forbid", use_attribute_docstrings=True)
class ReasonAnswer(TypedDict):
    """Why: a path from a customer to the lead, told in one sentence."""

    sentence: str
    points: float
    """The part of the score that came this way."""
    confidence: float
    """The product of the probabilities along the path."""
    path: list[Step]


@with_config(extra="forbid", use_attribute_docstrings=True)
class Lead(TypedDict):
    """A company to call."""

    rank: int
    company: CompanyLine
    customers: list[OurCustomer]
    """Customers of ours that the company itself was: lost ones, since others are no leads."""
    near: list[OurCustomer]
    """Our customers that its reasons start from, in the order of the reasons."""
    score: float
    percent_of_best: float | None
    """The score in per cent of the best lead's; null in a run that was kept before leads said it."""
    reasons: list[ReasonAnswer]
    other_points: float | None
    """The part of the score that came by ties that are not among the reasons, with which their points sum to it."""


@with_config(extra="forbid")
class IgnoredAnswer(TypedDict):
    """What is near and not followed, and why."""

    node: Node
    n_companies: int
    reason: str


@with_config(extra="forbid", use_attribute_docstrings=True)
class Withheld(TypedDict):
    """An unsure match, whose companies are not offered until somebody decides."""

    customer: str
    company: str | None
    """The company that the customer most likely is."""
    probability: float
    others: list[str]
    """The other companies that it may be."""


@with_config(extra="forbid", use_attribute_docstrings=True)
class LeftLead(TypedDict):
    """A company that an earlier run showed and this one does not, and why, as far as is known now."""

    company: CompanyLine
    """As the earlier run showed it."""
    rank: int
    """The place that it had there."""
    why: str
    """claimed, won, open, withheld, excluded, not_alive, far (no longer near), gone (no register has it any more),
    further_down, mentioned, jurisdiction, industry, family, parted, blocked, seed; unknown where nothing is known."""
    detail: str
    """The same in words."""
    status: str | None
    """How its registers have it now; null where none has it."""
    owner: str | None
    """Who has claimed it, or whose customer it is."""
    customer: str | None
    """The customer that it is, by the CRM's id."""


def node_object(node: NodeRef) -> Node:
    """Return an entity as it stands in a path or a list."""
    return {"id": node.id, "kind": node.kind.value, "name": node.name}


def source_object(source: Source) -> SourceRecord:
    """Return where a fact stands."""
    return {"dataset": source.dataset, "record": source.record, "observed_on": source.observed_on}


def company_line(company: Company) -> CompanyLine:
    """Return a company as it stands in a list of leads."""
    return {
        "id": company.id,
        "name": company.name,
        "jurisdiction": company.jurisdiction,
        "locality": company.locality,
        "status": company.status,
    }


CustomersAt = Mapping[EntityId, Sequence[OurCustomer]]
"""The customers of ours that companies are, were or may be, by company."""


def lead_object(item: Recommendation, ours: CustomersAt) -> Lead:
    """Return a lead with its reasons, and with what it has to do with our customers."""
    return {
        "rank": item.rank,
        "company": company_line(item.company),
        "customers": list(ours.get(item.company.id, ())),
        "near": near_customers(item.reasons, ours),
        "score": item.score,
        "percent_of_best": item.percent_of_best,
        "reasons": [reason_object(one) for one in item.reasons],
        "other_points": other_points(item.score, item.reasons),
    }


def near_customers(reasons: Iterable[Reason], ours: CustomersAt) -> list[OurCustomer]:
    """Return the customers of ours that reasons start from, each once, in the order of the reasons."""
    starts = dict.fromkeys(one.path[0].start.id for one in reasons if one.path)
    return [customer for company in starts for customer in ours.get(company, ())]


def other_points(score: float, reasons: Sequence[Reason]) -> float:
    """Return the part of a score that came by other ties than those that the reasons tell."""
    left = score - math.fsum(one.points for one in reasons)
    # What is left of numbers that were multiplied and added is not a part of the score.
    return left if left > _ROUNDING * score else 0.0


def reason_object(reason: Reason) -> ReasonAnswer:
    """Return a reason with its path."""
    return {
        "sentence": reason.sentence,
        "points": reason.points,
        "confidence": reason.confidence,
        "path": [_step(one) for one in reason.path],
    }


def _step(step: PathStep) -> Step:
    tie = step.relationship
    return {
        "from": node_object(step.start),
        "to": node_object(step.end),
        "direction": "forward" if tie.source.id == step.start.id else "backward",
        "kind": tie.kind,
        "title": tie.title,
        "share_min": tie.share_min,
        "share_max": tie.share_max,
        "start_on": tie.period.start_on,
        "end_on": tie.period.end_on,
        "source": source_object(tie.sources[0]) if tie.sources else None,
    }


def ignored_object(ignored: Ignored) -> IgnoredAnswer:
    """Return what is not followed."""
    return {"node": node_object(ignored.node), "n_companies": ignored.n_companies, "reason": ignored.reason}


def withheld_object(match: Match) -> Withheld:
    """Return an unsure match."""
    return {
        "customer": match.customer,
        "company": match.company,
        "probability": match.probability,
        "others": list(match.others),
    }


_Shape = TypeVar("_Shape")


def complete(shape: type[_Shape], kept: object) -> _Shape:
    """Return a kept object in its shape: what it lacks is empty or null, what the shape does not have is left out."""
    return cast("_Shape", _complete(shape, kept))


def _complete(shape: Any, kept: object) -> object:
    if is_typeddict(shape):
        told = kept if isinstance(kept, Mapping) else {}
        return {name: _complete(of, told.get(name)) for name, of in get_type_hints(shape).items()}
    if get_origin(shape) is list:
        (of,) = get_args(shape)
        return [_complete(of, one) for one in kept] if isinstance(kept, list | tuple) else []
    if isinstance(shape, UnionType):
        return None if kept is None else _complete(next(one for one in get_args(shape) if one is not NoneType), kept)
    if shape is float:
        return float(kept) if isinstance(kept, int | float) else 0.0
    if shape is date:
        return kept if isinstance(kept, date | str) else None
    return kept if isinstance(kept, shape) else shape()
