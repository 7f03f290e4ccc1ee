"""What each kind of tie weighs, which nodes tie too much together to mean anything, and how a snapshot is built."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Weight = Annotated[float, Field(ge=0, le=10)]


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WalkConfig(_Config):
    """How strongly each tie passes a walk on. A weight of 0 keeps the fact and never follows it.

    The weights order the kinds of ties by what they say about two companies having one decision maker; they are this
    project's choice and are to be replaced by learned ones where a team's history allows it.
    """

    interest: dict[str, Weight] = Field(
        default={
            "shareholding": 1.0,
            "voting_rights": 1.0,
            "appointment_of_board": 0.8,
            "board_member": 1.0,
            "board_chair": 1.0,
            "senior_managing_official": 0.6,
            "other_influence_or_control": 0.6,
            "control_via_company_rules_or_articles": 0.6,
            "control_by_legal_framework": 0.4,
            "settlor": 0.4,
            "protector": 0.3,
            "trustee": 0.2,
            "beneficiary_of_legal_arrangement": 0.4,
            "nominee": 0.0,
            "nominator": 0.0,
        },
        description="Weight by BODS interest type.",
    )
    role: dict[str, Weight] = Field(
        default={
            "director": 1.0,
            "chair": 1.0,
            "chief_executive": 1.0,
            "legal_representative": 1.0,
            "partner": 1.0,
            "representative": 0.8,
            "manager": 0.7,
            "supervisor": 0.6,
            "secretary": 0.3,
            "auditor": 0.0,
        },
        description="Weight by kind of role; auditors are vendors, not ties.",
    )
    link: dict[str, Weight] = Field(
        default={
            "branch_of": 1.0,
            "consolidated_directly_by": 1.0,
            "consolidated_ultimately_by": 0.8,
            "succeeded_by": 0.8,
            "merged_into": 0.8,
            "acquired_by": 0.8,
            "managed_by": 0.5,
            "invested_in": 0.5,
            "partner_of": 0.4,
            "supplies": 0.4,
            "franchise_of": 0.4,
            "subfund_of": 0.3,
            "feeder_to": 0.3,
            "competes_with": 0.0,
        },
        description="Weight by kind of link; a competitor is no introduction.",
    )
    contact: dict[str, Weight] = Field(
        default={"website": 0.8, "email_domain": 0.6, "phone": 0.6, "address": 0.4},
        description="Weight by kind of shared contact point.",
    )
    same_person: Weight = Field(
        default=4.0, description="Weight of a probable identity of two persons, before its probability."
    )
    other: Weight = Field(default=0.4, description="Weight of a kind that is named nowhere else.")
    unknown_share: float = Field(default=0.25, ge=0, le=1, description="The share that is assumed where none is given.")
    share_floor: float = Field(
        default=0.2, ge=0, le=1, description="The part of an interest's weight that does not depend on its share."
    )
    person_cap: int = Field(default=40, ge=1, description="A person in more companies than this ties nothing.")
    holder_cap: int = Field(
        default=100, ge=1, description="A company that holds, or is linked with, more companies than this ties nothing."
    )
    address_cap: int = Field(default=25, ge=1, description="An address of more companies than this ties nothing.")
    contact_cap: int = Field(default=40, ge=1, description="Another contact point of more companies ties nothing.")
    free_degree: int = Field(default=6, ge=1, description="Up to this many companies a node passes everything on.")
    hub_exponent: float = Field(
        default=0.5, ge=0, le=2, description="Above that, a node passes (free_degree / companies) to this power on."
    )
    family_share: float = Field(
        default=0.5, gt=0, le=1, description="A company that holds at least this share makes one corporate family."
    )

    def weighs_as(self, other: WalkConfig) -> bool:
        """Return whether every tie weighs the same by another configuration, whatever its caps are."""
        return self.weighing() == other.weighing()

    def weighing(self) -> str:
        """Return what the weights of ties depend on, as text, in whichever order the kinds of ties were given."""
        return json.dumps(self.model_dump(mode="json", include=_WEIGHING), sort_keys=True)


_WEIGHING = {"interest", "role", "link", "contact", "same_person", "other", "unknown_share", "share_floor"}


class BuildConfig(_Config):
    """What a snapshot is built with; part of what its id is a hash of."""

    merge_probability: float = Field(
        default=0.99, gt=0.5, le=1, description="Two company ids become one company from this probability on."
    )
    max_drop: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="A build is refused if more than this part of what was in force is in force no longer.",
    )
    keep: int = Field(default=3, ge=1, description="How many snapshots are kept beside the current one.")
