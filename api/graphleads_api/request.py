"""What may be asked in query parameters, and what values bodies have too: all bounded; unknown ones are refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from graphleads.workspace.question import Question, default_of, meaning_of

COMPANY = "X-DEMO:00000012"
"""The company of the examples, one that every demo has."""

OTHER_COMPANY = "X-DEMO:00000034"
CUSTOMERS_COMPANY = "X-DEMO:00000056"
CUSTOMER = "crm/0042"
RUN = "R-5c0f5e7a1d3b9e8f2a46"
CLAIM = 1
IMPORT = 1

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _parse_day(value: object) -> object:
    # Pydantic would take a number for seconds since 1970.
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    if value is None or isinstance(value, date):
        return value
    raise ValueError("write the day as 2026-06-30")


Day = Annotated[date, BeforeValidator(_parse_day)]
# PostgreSQL keeps no text with a NUL in it.
PLAIN = r"^[^\x00]*$"
_NOT_EMPTY = r"^[^\x00]*[^\s\x00][^\x00]*$"

# Whether it has an id's form is checked by the product, whose sentence says what to write instead.
Id = Annotated[str, Field(max_length=512, json_schema_extra={"pattern": "^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*:.+"})]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_NOT_EMPTY)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=_NOT_EMPTY)]
Key = Annotated[str, StringConstraints(max_length=500, pattern=_NOT_EMPTY)]
RunId = Annotated[str, StringConstraints(max_length=64, pattern=PLAIN)]
Kind = Annotated[str, StringConstraints(max_length=64)]
Language = Literal["en", "zh"]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Limit = Annotated[int, Field(ge=1, le=1000)]

_AFTER = "Only those after this {}: the `next` of the answer before."
_LIMIT: Any = Field(100, description="How many.")


def asked_field(name: str, **bounds: Any) -> Any:
    """Return a field of a question as HTTP asks it: its default and meaning are the question's own."""
    default = default_of(name)
    given = list(default) if isinstance(default, tuple) else default
    return Field(given, description=meaning_of(name), **bounds)


AS_OF: Any = asked_field("as_of", examples=["2026-06-30"])
KNOWN_ON: Any = asked_field("known_on")
LANGUAGE: Any = asked_field("language")
OWNER: Any = asked_field("owner")


class NoQuery(BaseModel):
    """No query parameters."""

    model_config = ConfigDict(extra="forbid")


class RunQuery(NoQuery):
    """Which part of a run."""

    new_since: RunId | None = Field(
        None, description="Another run: only the leads that are not in that one.", examples=[RUN]
    )


class ReleaseQuery(NoQuery):
    """Who releases a claim."""

    by: Text | None = Field(None, description="Who releases it; otherwise its owner.", examples=["Ines Calloway"])


class IncludeQuery(NoQuery):
    """Who takes an exclusion back."""

    by: Text = Field(description="Who says so.", examples=["Ines Calloway"])


class ClaimsQuery(NoQuery):
    """Whose claims."""

    owner: Text | None = Field(None, description="Only this owner's.", examples=["Ines Calloway"])
    after: Number | None = Field(None, description=_AFTER.format("claim"))
    limit: Limit = _LIMIT


class ExclusionsQuery(NoQuery):
    """Which exclusions."""

    after: Key | None = Field(None, description=_AFTER.format("company"))
    limit: Limit = _LIMIT


class MatchesQuery(NoQuery):
    """Which matches."""

    state: Literal["sure", "unsure", "none", "confirmed", "refused"] | None = Field(None, description="Only those.")
    customer: Key | None = Field(None, description="Only that of this customer.")
    after: Key | None = Field(None, description=_AFTER.format("customer's id"))
    limit: Limit = _LIMIT


class ImportsQuery(NoQuery):
    """Which imports."""

    after: Number | None = Field(None, description=_AFTER.format("number"))
    limit: Limit = _LIMIT


class RunsQuery(NoQuery):
    """Which runs."""

    pinned: bool = Field(False, description="Only those that are kept for good.")
    after: Key | None = Field(None, description="Only those behind this place: the `next` of the answer before.")
    limit: int = Field(50, ge=1, le=200, description="How many.")


class DeliveriesQuery(NoQuery):
    """Which deliveries."""

    dataset: Key | None = Field(None, description="Only those of this dataset.")
    after: Key | None = Field(None, description="Only those behind this place: the `next` of the answer before.")
    limit: Limit = _LIMIT


class SearchQuery(NoQuery):
    """What is looked for."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="A name, a part of one, or an identifier with or without its scheme.", examples=["Quay Lighting"]
    )
    limit: int = Field(20, ge=1, le=100, description="How many hits.")


class CustomersQuery(NoQuery):
    """Which customers."""

    status: Literal["won", "open", "lost"] | None = Field(None, description="Only those.")
    owner: Text | None = Field(None, description="Only this person's.", examples=["Ines Calloway"])
    unmatched: bool = Field(False, description="Only those for which no company is found, sure or unsure.")
    after: Key | None = Field(None, description=_AFTER.format("id"))
    limit: Limit = _LIMIT


class DealsQuery(NoQuery):
    """Which deals."""

    customer: ShortText | None = Field(None, description="Only those with this customer.", examples=[CUSTOMER])
    status: Literal["won", "open", "lost"] | None = Field(None, description="Only those.")
    after: Key | None = Field(None, description=_AFTER.format("id"))
    limit: Limit = _LIMIT


class CompanyQuery(NoQuery):
    """What of a company."""

    as_of: Day | None = AS_OF
    known_on: Day | None = KNOWN_ON
    limit: int = Field(25, ge=1, le=1000, description="How many of its relationships.")


class RelationshipsQuery(NoQuery):
    """Which relationships."""

    kind: list[Kind] = Field(
        [], max_length=50, description="Only of these kinds; repeatable.", examples=[["director", "shareholding"]]
    )
    as_of: Day | None = AS_OF
    known_on: Day | None = KNOWN_ON
    limit: int = Field(100, ge=0, le=1000, description="How many; 0 only counts them.")


class PathsQuery(NoQuery):
    """Between whom, and how far."""

    id: list[Id] = Field(
        [],
        max_length=10,
        description="The ends, by id or a name that one company alone has: with the customers two to ten; repeatable.",
        examples=[[COMPANY, OTHER_COMPANY]],
    )
    customer: list[Key] = Field(
        [], max_length=10, description="Customers that are ends too, by the CRM's id or by name; repeatable."
    )
    as_of: Day | None = AS_OF
    known_on: Day | None = KNOWN_ON
    kind: list[Kind] = Field(
        [], max_length=50, description="Only along ties of these kinds; repeatable.", examples=[["shareholding"]]
    )
    direction: Literal["any", "forward", "backward"] = Field(
        "any",
        description="`forward` follows ties only from whoever holds, directs or has something to what that is, "
        "`backward` only the other way round.",
    )
    max_hops: int = Field(4, ge=1, le=8, description="The most steps of a path.")
    limit: int = Field(10, ge=1, le=100, description="The most paths.")


class ExplainQuery(NoQuery):
    """Around which companies to look, and when."""

    owner: Text | None = OWNER
    seed: list[Id] | None = Field(
        None, min_length=1, max_length=100, description="Look around these companies instead; repeatable.",
        examples=[[OTHER_COMPANY]],
    )  # fmt: skip
    customer: list[Key] | None = Field(
        None, min_length=1, max_length=100,
        description="Look around these customers instead, by the CRM's id or by name; repeatable.",
    )  # fmt: skip
    as_of: Day | None = AS_OF
    known_on: Day | None = KNOWN_ON
    language: Language | None = LANGUAGE

    def question(self) -> Question:
        """Return the question."""
        return Question(seeds=self.seed, customers=self.customer, **self.model_dump(exclude={"seed", "customer"}))
