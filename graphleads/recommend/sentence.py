"""A path told in one sentence: hop by hop from company to company, then where it stands."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from graphleads.ids import EntityId
from graphleads.model import NodeKind, NodeRef, PathStep, Relationship
from graphleads.recommend.wording import WORDINGS, Wording


def tell(path: Sequence[PathStep], language: str, *, customers: Collection[EntityId]) -> str:
    """Return the sentence for a path from a company to a lead.

    Args:
        path: At least one step; the last ends at the lead.
        language: A key of `wording.WORDINGS`.
        customers: The companies to be called customers.
    """
    words = WORDINGS[language]
    clauses = [_clause(hop, customers, words) for hop in _hops(path)]
    stated = _sources(path, words)
    sentence = words.joint.join(clauses) + (words.sources.format(sources=stated) if stated else "")
    return sentence[:1].upper() + sentence[1:] + words.end


def _hops(path: Sequence[PathStep]) -> Iterator[list[PathStep]]:
    """Yield the steps from company to company; what one company holds on both sides is one hop."""
    hop: list[PathStep] = []
    for at, step in enumerate(path):
        hop.append(step)
        if step.end.kind is NodeKind.COMPANY and not (len(hop) == 1 and _holds_both(path[at : at + 2])):
            yield hop
            hop = []


def _holds_both(steps: Sequence[PathStep]) -> bool:
    ties = [step.relationship for step in steps]
    middle = steps[0].end.id
    return len(ties) == 2 and all(tie.source.id == middle and tie.relation in ("interest", "role") for tie in ties)


def _clause(hop: list[PathStep], customers: Collection[EntityId], words: Wording) -> str:
    start, end = _called(hop[0].start, customers, words), _called(hop[-1].end, customers, words)
    if len(hop) == 1:
        return _direct(hop[0].relationship, start, end, hop[0].start, words)
    first, last = hop[0].relationship, hop[-1].relationship
    middle = hop[0].end
    if middle.kind is NodeKind.CONTACT_POINT:
        contact = words.contacts.get(first.kind, "{display}").format(display=middle.name)
        return words.shared_contact.format(start=start, end=end, contact=contact)
    probability = math.prod(step.relationship.confidence for step in hop)
    template = words.shared if probability == 1 else words.probably
    return template.format(
        holder=middle.name,
        first=_stands(first, start, words),
        second=_stands(last, end, words),
        probability=f"{probability:.0%}",
    )


def _called(company: NodeRef, customers: Collection[EntityId], words: Wording) -> str:
    return words.customer.format(name=company.name) if company.id in customers else company.name


def _direct(tie: Relationship, start: str, end: str, first: NodeRef, words: Wording) -> str:
    outward = tie.source.id == first.id
    source, target = (start, end) if outward else (end, start)
    if tie.relation == "link":
        return words.links.get(tie.kind, "{source} – {target}").format(source=source, target=target)
    if tie.relation == "interest":
        return words.holds.format(
            holder=source, interest=_interest(tie, words), company=target, since=_since(tie, words)
        )
    return words.direct.format(holder=source, what=_stands(tie, target, words))


def _stands(tie: Relationship, company: str, words: Wording) -> str:
    """Return how a holder or officer stands to a company."""
    since = _since(tie, words)
    if tie.relation == "role":
        return words.role.format(role=_role(tie, words), company=company, since=since)
    return words.interest.format(interest=_interest(tie, words), company=company, since=since)


def _since(tie: Relationship, words: Wording) -> str:
    return words.since.format(year=tie.period.start_on.year) if tie.period.start_on else ""


def _interest(tie: Relationship, words: Wording) -> str:
    return words.interests.get(tie.kind, words.other_interest).format(share=_share(tie, words))


def _role(tie: Relationship, words: Wording) -> str:
    """Return the office; in Chinese as the register words it where that is Chinese."""
    if words is WORDINGS["zh"] and tie.title and any("\u4e00" <= letter <= "\u9fff" for letter in tie.title):
        return tie.title
    return words.roles.get(tie.kind, words.roles["other"])


def _share(tie: Relationship, words: Wording) -> str:
    low, high = tie.share_min, tie.share_max
    if low is None and high is None:
        return words.part
    low, high = low if low is not None else 0.0, high if high is not None else 1.0
    if low == high:
        return words.exactly.format(share=_percent(low))
    return words.between.format(low=_percent(low), high=_percent(high))


def _percent(share: float) -> str:
    return f"{100 * share:.4g}"


def _sources(path: Sequence[PathStep], words: Wording) -> str:
    """Return each dataset once, with the last day on which it showed all steps of the path that stand in it."""
    seen: dict[str, date] = {}
    for step in path:
        for source in step.relationship.sources:
            if source.observed_on is not None:
                seen[source.dataset] = min(source.observed_on, seen.get(source.dataset, source.observed_on))
    return words.joint.join(
        words.seen.format(dataset=dataset, day=words.day(day)) for dataset, day in sorted(seen.items())
    )
