"""What may be asked: bodies and query parameters, all of them bounded; unknown ones are refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.workspace.question import Question, default_of, meaning_of

COMPANY = "X-DEMO:00000012"
"""The company of the examples, one that every demo has."""

OTHER_COMPANY = "X-DEMO:00000034"
CUSTOMERS_COMPANY = "X-DEMO:00000056"
CUSTOMER = "crm/0042"
RUN = "R-5c0f5e7a1d3b9e8f2a46"
CLAIM = 1

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
_PLAIN = r"^[^\x00]*$"
_NOT_EMPTY = r"^[^\x00]*[^\s\x00][^\x00]*$"

# Whether it has an id's form is checked by the product, whose sentence says what to write instead.
Id = Annotated[str, Field(max_length=512, json_schema_extra={"pattern": "^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*:.+"})]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_NOT_EMPTY)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=_NOT_EMPTY)]
RunId = Annotated[str, StringConstraints(max_length=64, pattern=_PLAIN)]
Kind = Annotated[str, StringConstraints(max_length=64)]
Language = Literal["en", "zh"]


def _asked(name: str, **bounds: Any) -> Any:
    """Return a field of a question as HTTP asks it: its default and meaning are the question's own."""
    default = default_of(name)
    given = list(default) if isinstance(default, tuple) else default
    return Field(given, description=meaning_of(name), **bounds)


_AS_OF: Any = _asked("as_of", examples=["2026-06-30"])
_KNOWN_ON: Any = _asked("known_on")
_LANGUAGE: Any = _asked("language")
_OWNER: Any = _asked("owner")


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


class OwnerQuery(NoQuery):
    """Whose claims."""

    owner: Text | None = Field(None, description="Only this owner's.", examples=["Ines Calloway"])


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
    after: ShortText | None = Field(None, description="Only those after this id: the `next` of the answer before.")
    limit: int = Field(100, ge=1, le=1000, description="How many.")


class DealsQuery(NoQuery):
    """Which deals."""

    customer: ShortText | None = Field(None, description="Only those with this customer.", examples=[CUSTOMER])
    status: Literal["won", "open", "lost"] | None = Field(None, description="Only those.")
    after: ShortText | None = Field(None, description="Only those after this id: the `next` of the answer before.")
    limit: int = Field(100, ge=1, le=1000, description="How many.")


class CompanyQuery(NoQuery):
    """What of a company."""

    as_of: Day | None = _AS_OF
    known_on: Day | None = _KNOWN_ON
    limit: int = Field(25, ge=1, le=1000, description="How many of its relationships.")


class RelationshipsQuery(NoQuery):
    """Which relationships."""

    kind: list[Kind] = Field(
        [], max_length=50, description="Only of these kinds; repeatable.", examples=[["director", "shareholding"]]
    )
    as_of: Day | None = _AS_OF
    known_on: Day | None = _KNOWN_ON
    limit: int = Field(100, ge=0, le=1000, description="How many; 0 only counts them.")


class PathsQuery(NoQuery):
    """Between whom, and how far."""

    id: list[Id] = Field(
        min_length=2,
        max_length=10,
        description="The ends, two to ten; repeatable.",
        examples=[[COMPANY, OTHER_COMPANY]],
    )
    as_of: Day | None = _AS_OF
    known_on: Day | None = _KNOWN_ON
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

    owner: Text | None = _OWNER
    seed: list[Id] | None = Field(
        None, min_length=1, max_length=100, description="Look around these companies instead; repeatable.",
        examples=[[OTHER_COMPANY]],
    )  # fmt: skip
    as_of: Day | None = _AS_OF
    known_on: Day | None = _KNOWN_ON
    language: Language | None = _LANGUAGE

    def question(self) -> Question:
        """Return the question."""
        return Question(seeds=self.seed, **self.model_dump(exclude={"seed"}))


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class RecommendationRequest(_Body):
    """Which leads. An empty object asks for 50 around all won customers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"k": 20, "jurisdictions": ["GB"], "language": "en"}]})

    seeds: list[Id] | None = _asked("seeds", min_length=1, max_length=1000)
    owner: Text | None = _OWNER
    k: int = _asked("k", ge=1, le=1000)
    jurisdictions: list[Annotated[str, StringConstraints(max_length=100)]] = _asked("jurisdictions", max_length=300)
    industries: list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]] = _asked(
        "industries", max_length=100
    )
    as_of: Day | None = _AS_OF
    known_on: Day | None = _KNOWN_ON
    exclude_families: bool = _asked("exclude_families")
    language: Language | None = _LANGUAGE
    n_reasons: int | None = _asked("n_reasons", ge=0, le=10)

    def question(self) -> Question:
        """Return the question, without what is near and not followed: who asks by HTTP asks again for that."""
        return Question(**self.model_dump(), n_ignored=0)


class ClaimRequest(_Body):
    """Who will work on which company."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"company": COMPANY, "owner": "Ines Calloway"}]})

    company: Id = Field(description="The company's id.")
    owner: Text = Field(description="Who will work on it.")
    run: RunId | None = Field(None, description="The run that offered it: the claim keeps its rank and score there.")


class ExclusionRequest(_Body):
    """Which company is not to be offered, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"company": OTHER_COMPANY, "reason": "asked not to be called", "by": "Ines Calloway"}]
        }
    )

    company: Id = Field(description="The company's id.")
    reason: Text = Field(description="Why it is not to be offered.")
    by: Text = Field(description="Who says so.")


class IdentifierValue(_Body):
    """An identifier as the CRM has it."""

    scheme: Annotated[str, StringConstraints(max_length=64, pattern=_PLAIN)] = Field(
        "", description="Its scheme, for example GB-COH; empty where the CRM does not say."
    )
    value: ShortText


class CustomerRequest(_Body):
    """A customer as the CRM has it now; what is left out is taken for unknown."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Alder & Sons Ltd",
                    "status": "won",
                    "identifiers": [{"value": CUSTOMERS_COMPANY}],
                    "jurisdiction": "GB",
                    "owner": "Ines Calloway",
                    "won_on": "2026-05-04",
                }
            ]
        }
    )

    name: Text
    status: Literal["won", "open", "lost"] = Field(description="Won and open ones are never leads; lost ones may be.")
    identifiers: list[IdentifierValue] = Field([], max_length=20)
    jurisdiction: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        None, description="Its country, by name or code."
    )
    locality: Text | None = None
    region: Text | None = None
    postcode: Text | None = None
    website: Text | None = None
    email_domain: Annotated[str, StringConstraints(pattern=r"^[^@\s\x00]{1,253}$")] | None = Field(
        None,
        description="What stands behind the @; `mail.a.co.uk` is kept as `a.co.uk`, and free mail not at all.",
    )
    phone: Text | None = None
    owner: Text | None = Field(None, description="Whose customer it is.")
    parent: Text | None = Field(None, description="The account that it is a part of, by its id or name.")
    value: float | None = Field(None, allow_inf_nan=False)
    won_on: Day | None = None
    custom: dict[ShortText, Annotated[str, StringConstraints(max_length=5000, pattern=_PLAIN)]] = Field(
        {}, max_length=100, description="Whatever else the CRM says of it."
    )

    def record(self, external_id: str) -> CustomerRecord:
        """Return the customer under the id that the CRM has for it."""
        values = self.model_dump(exclude={"status", "identifiers"})
        identifiers = tuple((one.scheme, one.value) for one in self.identifiers)
        return CustomerRecord(
            external_id=external_id, status=CustomerStatus(self.status), identifiers=identifiers, **values
        )
