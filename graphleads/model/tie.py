"""What ties them together."""

from __future__ import annotations

from dataclasses import dataclass

from graphleads.model.entity import NodeRef
from graphleads.model.source import Period, Source


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
