"""What a workspace lists, beside the lists of the rooms that it puts together: how customers stand to the registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphleads.identity.judgements import Judgement
from graphleads.ids import EntityId
from graphleads.model import CustomerRecord, Match
from graphleads.workspace.answer import MatchSide


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedCustomer:
    """How a customer stands to the registers, both sides of it.

    Attributes:
        customer: The customer.
        match: The match.
        companies: The companies that it is, may be or was refused to be, with their probabilities, the likeliest first.
        sides: What each of them is compared by, by its id; one that no register has any more is left out.
        decisions: What counts of what people said of it, oldest first.
    """

    customer: CustomerRecord
    match: Match
    companies: Mapping[EntityId, float]
    sides: Mapping[EntityId, MatchSide] = field(default_factory=dict)
    decisions: tuple[Judgement, ...] = ()
