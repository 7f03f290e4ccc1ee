"""The team's customers, their deals, and the companies that they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from graphleads.ids import EntityId


class CustomerStatus(StrEnum):
    """Where a CRM account stands. Won and open ones are never leads, lost ones may be."""

    WON = "won"
    OPEN = "open"
    LOST = "lost"


class MatchState(StrEnum):
    """How a customer stands to a company of the register."""

    SURE = "sure"
    UNSURE = "unsure"
    NONE = "none"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """A CRM account as it was imported.

    Attributes:
        external_id: The CRM's own id.
        name: The name as given.
        identifiers: (scheme, value) pairs; the scheme is empty where the CRM does not say which register it is.
        jurisdiction: ISO 3166-1 alpha-2 of the account's country, None if unknown.
        owner: Whose account it is.
        parent: The external id, or the name, of the account that it is a part of.
    """

    external_id: str
    name: str
    status: CustomerStatus
    identifiers: tuple[tuple[str, str], ...] = ()
    jurisdiction: str | None = None
    locality: str | None = None
    region: str | None = None
    postcode: str | None = None
    website: str | None = None
    email_domain: str | None = None
    phone: str | None = None
    owner: str | None = None
    parent: str | None = None
    value: float | None = None
    won_on: date | None = None
    custom: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """An opportunity as it was imported.

    Attributes:
        external_id: The CRM's own id.
        customer: The external id of the customer that it is with, None if the CRM does not say.
        account: The customer's name as the deal has it.
        name: What the CRM calls the deal.
        stage: Where it stands, as the CRM says.
        status: What that stage comes to.
        amount: Its amount, in `currency`.
        currency: ISO 4217 code, None if the CRM does not say.
        probability: That it will be won, as the CRM says, in [0, 1].
        opened_on: Since when there is it.
        expected_on: The day on which it may close.
        closed_on: The day on which it was won or lost.
        owner: Whose deal it is.
        custom: What else the CRM says of it, by header.
    """

    external_id: str
    status: CustomerStatus
    customer: str | None = None
    account: str | None = None
    name: str | None = None
    product: str | None = None
    stage: str | None = None
    amount: float | None = None
    currency: str | None = None
    probability: float | None = None
    opened_on: date | None = None
    expected_on: date | None = None
    closed_on: date | None = None
    owner: str | None = None
    custom: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How a customer stands to a company: with a probability, and the features behind it.

    Attributes:
        customer: The customer's external id.
        company: The company that it is, or may be; None where there is no candidate.
        state: Whether that is sure, unsure, decided by a person, or nothing was found.
        method: How it was found.
        probability: That the customer is this company, in [0, 1].
        features: What the probability rests on.
        others: Where it is unsure, the other companies that it may be, with their probabilities, the likeliest first.
    """

    customer: str
    company: EntityId | None
    state: MatchState
    method: str
    probability: float
    features: dict[str, float | str] = field(default_factory=dict)
    others: dict[EntityId, float] = field(default_factory=dict)
