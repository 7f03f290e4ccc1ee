"""Leads that an earlier run showed and a later one does not, and why, as far as what is known now tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from typing_extensions import TypedDict

from graphleads.ids import EntityId
from graphleads.leads.runs import Run
from graphleads.leads.shown import Lead, LeftLead, complete
from graphleads.model import LeadQuery
from graphleads.recommend.explain import Placed
from graphleads.recommend.wording import WORDINGS
from graphleads.workspace.said import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What is known of leads that were shown once.

    Attributes:
        said: What the team has said.
        placed: Where the register has companies that it knows, for the question that no longer shows them.
        is_judged: Whether the register could be asked at all.
        k: How many leads were asked for.
        language: The language of the reasons.
    """

    said: Said
    placed: Mapping[EntityId, Placed]
    is_judged: bool
    k: int
    language: str


def tell_left(leads: Iterable[Lead], now: Mapping[EntityId, EntityId], since: Since) -> tuple[LeftLead, ...]:
    """Return why leads are shown no more.

    Args:
        leads: As they were shown.
        now: The ids that their companies have now.
        since: What is known of them.
    """
    return tuple(_tell(one, now[one["company"]["id"]], since) for one in leads)


def _tell(lead: Lead, company: EntityId, since: Since) -> LeftLead:
    placed = since.placed.get(company)
    why, told = _why(company, placed, since)
    wording = WORDINGS[since.language]
    words = wording.left.get(why) or wording.not_eligible[why]
    return {
        "company": lead["company"],
        "rank": lead["rank"],
        "why": why,
        "detail": words.format_map(told),
        "status": placed.status if placed else None,
        "owner": told.get("owner"),
        "customer": told.get("customer"),
    }


def _why(company: EntityId, placed: Placed | None, since: Since) -> tuple[str, dict[str, str | None]]:
    """Return the word for why a company is offered no more, and what its sentence is about."""
    accounts, taken = since.said.accounts, since.said.taken
    claims, exclusions = taken.claims_on(company), taken.exclusions_of(company)
    if claims:
        return "claimed", {"owner": claims[0].owner}
    for customer in accounts.customers_at(company):
        return customer.status.value, {"customer": customer.external_id, "owner": customer.owner}
    if exclusions:
        return "excluded", {"reason": exclusions[0].reason}
    return ("withheld", {}) if company in accounts.withheld else _why_of_register(placed, since)


def _why_of_register(placed: Placed | None, since: Since) -> tuple[str, dict[str, str | None]]:
    if placed is None:
        return ("gone" if since.is_judged else "unknown"), {}
    if placed.against is not None:
        return placed.against, {"status": placed.status.replace("_", " ")}
    if placed.rank is not None and placed.rank > since.k:
        return "further_down", {"rank": f"{placed.rank:,}", "k": f"{since.k:,}"}
    return "unknown", {}


class _Kept(TypedDict):
    """What of a run's question says again what was asked."""

    seeds: list[str]
    k: int
    jurisdictions: list[str]
    industries: list[str]
    valid_on: str
    known_on: str
    exclude_families: bool
    kin: list[str]


def read_query(run: Run, said: Said) -> LeadQuery | None:
    """Return what a run was asked, with what the team has said by now; None where it does not tell it."""
    kept = complete(_Kept, run.content.question)
    try:
        days = {name: date.fromisoformat(kept[name]) for name in ("valid_on", "known_on")}
    except ValueError:
        return None
    if not kept["seeds"] or not kept["k"]:
        return None
    return LeadQuery(
        seeds=tuple(kept["seeds"]),
        customers=said.accounts.companies,
        withheld=said.accounts.withheld,
        exclude=said.taken.companies,
        k=kept["k"],
        jurisdictions=tuple(kept["jurisdictions"]),
        industries=tuple(kept["industries"]),
        exclude_families=kept["exclude_families"],
        kin=tuple(kept["kin"]),
        **days,
    )
