"""The nouns: frozen, slotted, keyword-only values that travel between rooms.

Terms are the standards' own: BODS for interests, org-id for identifiers, FollowTheMoney for provenance, information
retrieval for queries, CRM for leads. Everything that grows with a register travels as columns instead (`tables`).
"""

from __future__ import annotations

from graphleads.model.customer import CustomerRecord, CustomerStatus, Deal, Match, MatchState
from graphleads.model.entity import Company, Fact, Identifier, Name, NodeKind, NodeRef, Person
from graphleads.model.lead import Claim, Ignored, LeadQuery, Reason, Recommendation
from graphleads.model.progress import Progress, Silence
from graphleads.model.source import DeliveryKind, Period, Source, View
from graphleads.model.tie import PathStep, Relationship

__all__ = [
    "Claim",
    "Company",
    "CustomerRecord",
    "CustomerStatus",
    "Deal",
    "DeliveryKind",
    "Fact",
    "Identifier",
    "Ignored",
    "LeadQuery",
    "Match",
    "MatchState",
    "Name",
    "NodeKind",
    "NodeRef",
    "PathStep",
    "Period",
    "Person",
    "Progress",
    "Reason",
    "Recommendation",
    "Relationship",
    "Silence",
    "Source",
    "View",
]
