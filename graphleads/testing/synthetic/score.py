"""How well a ranking finds what was planted, and whether it was fooled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphleads.ids import EntityId
from graphleads.model import Recommendation
from graphleads.testing.synthetic.answers import Answers, Hub, KnownTie

DEPTH = 3
"""How far down the ranking planted leads are looked for: this many times their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedScore:
    """What a ranking made of a synthetic register.

    Attributes:
        n_planted: Planted leads.
        n_found: Those in the first DEPTH × `n_planted` places.
        by_reason: (found, planted) by the reason that they were planted for, in alphabetical order.
        decoys: Decoys that were ranked, at whatever place, best first.
        through_hubs: Ranked companies of which a reason leads through a nominee or a formation agent's address.
    """

    n_planted: int
    n_found: int
    by_reason: Mapping[str, tuple[int, int]]
    decoys: tuple[KnownTie, ...]
    through_hubs: tuple[EntityId, ...]

    @property
    def share_found(self) -> float:
        """The share of the planted leads that were found, in [0, 1]."""
        return self.n_found / self.n_planted


def score_ranking(ranking: Sequence[Recommendation], answers: Answers) -> PlantedScore:
    """Return how many planted leads are among the first, and which decoys and hubs are in the ranking at all.

    Args:
        ranking: Leads, best first: at least DEPTH × the planted ones, if there are so many candidates.
        answers: The register's known answers, with at least one planted lead.
    """
    ranked = [one.company.id for one in ranking]
    first = set(ranked[: DEPTH * len(answers.leads)])
    return PlantedScore(
        n_planted=len(answers.leads),
        n_found=sum(lead.company in first for lead in answers.leads),
        by_reason=_count_reasons(answers.leads, first),
        decoys=_find_decoys(ranked, answers.decoys),
        through_hubs=tuple(one.company.id for one in ranking if _leads_through(one, answers.hubs)),
    )


def _count_reasons(leads: Iterable[KnownTie], first: set[EntityId]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for lead in sorted(leads, key=lambda lead: lead.reason):
        found, planted = counts.get(lead.reason, (0, 0))
        counts[lead.reason] = (found + (lead.company in first), planted + 1)
    return counts


def _find_decoys(ranked: Sequence[EntityId], decoys: Iterable[KnownTie]) -> tuple[KnownTie, ...]:
    known = {decoy.company: decoy for decoy in decoys}
    return tuple(known[company] for company in ranked if company in known)


def _leads_through(lead: Recommendation, hubs: Iterable[Hub]) -> bool:
    ids = {hub.id for hub in hubs}
    names = {hub.name for hub in hubs if hub.id is None}
    nodes = [node for reason in lead.reasons for step in reason.path for node in (step.start, step.end)]
    return any(node.id in ids or node.name in names for node in nodes)
