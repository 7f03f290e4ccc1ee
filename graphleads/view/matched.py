"""How customers stand to the registers, as JSON objects and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from graphleads.leads.shown import company_line
from graphleads.model import CustomerRecord, MatchState
from graphleads.view.customer import match_object
from graphleads.view.page import first_page
from graphleads.view.problem import Tell, item_error
from graphleads.view.text import in_words, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphleads.identity.judgements import Judgement
    from graphleads.view.list_shape import (
        CustomerSide,
        DecidedAnswer,
        DecisionsAnswer,
        JudgementAnswer,
        MatchedAnswer,
        MatchedSide,
        MatchesAnswer,
    )
    from graphleads.workspace.answer import Decided
    from graphleads.workspace.listed import MatchedCustomer

_VERDICTS = {"same": "is", "different": "is not", "unsure": "may be"}

_FOUND = (MatchState.SURE, MatchState.CONFIRMED)


def matches_object(found: Sequence[MatchedCustomer], counts: Mapping[str, int], *, limit: int | None) -> MatchesAnswer:
    """Return matches, with how many there are in which state; of one more than `limit`, that there are more."""
    shown, following = first_page(found, lambda one: one.customer.external_id, limit=limit)
    return {"counts": dict(counts), "items": [matched_object(one) for one in shown], "next": following}


def matched_object(one: MatchedCustomer) -> MatchedAnswer:
    """Return how a customer stands to the registers, both sides of it."""
    return {
        "customer": _customer_side(one.customer),
        "state": one.match.state.value,
        "method": one.match.method,
        "company": one.match.company if one.match.state in _FOUND else None,
        "candidates": list(_sides(one)),
        "decisions": [judgement_object(judgement) for judgement in one.decisions],
    }


def contacts_of(customer: CustomerRecord) -> list[str]:
    """Return what a customer is compared by beside its name and place: phone, mail domain, web site."""
    return [one for one in (customer.phone, customer.email_domain, customer.website) if one]


def judgement_object(judgement: Judgement) -> JudgementAnswer:
    """Return what somebody said of a customer and a company."""
    return {
        "company": judgement.right.id,
        "verdict": judgement.verdict.value,
        "by": judgement.by,
        "at": judgement.at,
        "reason": judgement.why,
    }


def decisions_object(decided: Iterable[Decided], tell: Tell) -> DecisionsAnswer:
    """Return what came of decisions.

    Args:
        decided: Each of them.
        tell: Puts an error into the words of a face.
    """
    items = [_decided(one, tell) for one in decided]
    n_made = sum(one["result"] == "made" for one in items)
    return {"n_made": n_made, "n_refused": len(items) - n_made, "items": items}


def _decided(one: Decided, tell: Tell) -> DecidedAnswer:
    return {
        "customer": one.decision.customer,
        "company": one.decision.company,
        "verdict": one.decision.verb,
        "result": "refused" if one.error else "made",
        "match": match_object(one.match) if one.match else None,
        "error": item_error(one.error, tell) if one.error else None,
    }


def matched_rows(found: Iterable[MatchedCustomer]) -> Iterator[tuple[str, ...]]:
    """Yield a row a customer: who it is, its state, by what, and the companies with what speaks for each."""
    for one in found:
        customer = one.customer
        where = place(customer.locality, customer.jurisdiction)
        yield (
            "\n".join(filter(None, (customer.name, customer.external_id, where))),
            one.match.state.value,
            in_words(one.match.method),
            "\n".join(f"{side['probability']:.0%} {side['name']} ({side['id']})" for side in _sides(one)),
            "\n".join(_said(judgement) for judgement in one.decisions),
        )


def _said(judgement: Judgement) -> str:
    why = f": {judgement.why}" if judgement.why else ""
    return f"{_VERDICTS[judgement.verdict]} {judgement.right.id}, says {judgement.by}{why}"


def _customer_side(customer: CustomerRecord) -> CustomerSide:
    return {
        "id": customer.external_id,
        "name": customer.name,
        "status": customer.status.value,
        "owner": customer.owner,
        "jurisdiction": customer.jurisdiction,
        "locality": customer.locality,
        "contacts": contacts_of(customer),
    }


def _sides(one: MatchedCustomer) -> Iterator[MatchedSide]:
    """Yield the companies of a match; one that no register has any more is called by its id."""
    for company, probability in one.companies.items():
        side = one.sides.get(company)
        if side is None:
            nowhere = {"id": company, "name": company, "jurisdiction": None, "locality": None, "status": "unknown"}
            yield {**nowhere, "probability": probability, "contacts": []}  # type: ignore[typeddict-item]
        else:
            yield {**company_line(side.company), "probability": probability, "contacts": list(side.contacts)}
