"""What may be said in bodies, all of it bounded; unknown fields are refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from graphleads.workspace.answer import Decision
from graphleads.workspace.question import Question
from graphleads_api.request import (
    AS_OF,
    COMPANY,
    CUSTOMER,
    CUSTOMERS_COMPANY,
    KNOWN_ON,
    LANGUAGE,
    OTHER_COMPANY,
    OWNER,
    Day,
    Id,
    Key,
    Language,
    RunId,
    ShortText,
    Text,
    asked_field,
)

_Place = Annotated[str, StringConstraints(max_length=100)]
_Trade = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]


class Body(BaseModel):
    """A body, or a part of one."""

    model_config = ConfigDict(extra="forbid", strict=True)


class RecommendationRequest(Body):
    """Which leads. An empty object asks for 50 around all won customers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"k": 20, "jurisdictions": ["GB"], "language": "en"}]})

    seeds: list[Id] | None = asked_field("seeds", min_length=1, max_length=1000)
    customers: list[Key] | None = asked_field("customers", min_length=1, max_length=1000)
    owner: Text | None = OWNER
    k: int = asked_field("k", ge=1, le=1000)
    jurisdictions: list[Annotated[str, StringConstraints(max_length=100)]] = asked_field(
        "jurisdictions", max_length=300
    )
    industries: list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]] = (
        asked_field("industries", max_length=100)
    )
    as_of: Day | None = AS_OF
    known_on: Day | None = KNOWN_ON
    exclude_families: bool = asked_field("exclude_families")
    language: Language | None = LANGUAGE
    n_reasons: int | None = asked_field("n_reasons", ge=0, le=10)

    def question(self) -> Question:
        """Return the question, without what is near and not followed: who asks by HTTP asks again for that."""
        return Question(**self.model_dump(), n_ignored=0)


class ClaimRequest(Body):
    """Who will work on which company."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"company": COMPANY, "owner": "Ines Calloway"}]})

    company: Id = Field(description="The company's id.")
    owner: Text = Field(description="Who will work on it.")
    run: RunId | None = Field(None, description="The run that offered it: the claim keeps its rank and score there.")


class ExclusionRequest(Body):
    """Which company is not to be offered, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"company": OTHER_COMPANY, "reason": "asked not to be called", "by": "Ines Calloway"}]
        }
    )

    company: Id = Field(description="The company's id.")
    reason: Text = Field(description="Why it is not to be offered.")
    by: Text = Field(description="Who says so.")


class DecisionRequest(Body):
    """What is said of one customer and one company."""

    customer: ShortText = Field(description="The customer's id.")
    company: Id = Field(description="The company's id.")
    verdict: Literal["same", "different", "unsure", "forget"] = Field(
        description="`unsure` where nobody can tell: it waits; `forget` takes back what was said before."
    )
    reason: Text | None = Field(None, description="Why; otherwise the reason of all.")


class DecisionsRequest(Body):
    """What somebody decides of customers and companies."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "by": "Ines Calloway",
                    "reason": "asked them",
                    "decisions": [{"customer": CUSTOMER, "company": CUSTOMERS_COMPANY, "verdict": "same"}],
                }
            ]
        }
    )

    by: Text = Field(description="Who decides.")
    reason: Text | None = Field(None, description="Why, of all that name no reason of their own.")
    decisions: list[DecisionRequest] = Field(min_length=1, max_length=1000)

    def decisions_given(self) -> list[Decision]:
        """Return the decisions, each with its reason."""
        return [
            Decision(customer=one.customer, company=one.company, verb=one.verdict, why=one.reason or self.reason)
            for one in self.decisions
        ]


class UndoRequest(Body):
    """Who takes an import back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"by": "Ines Calloway"}]})

    by: Text | None = Field(None, description="Who says so; otherwise whoever keeps the server.")
