"""What a workspace looks up, as JSON objects and as rows of tables: companies, search hits, customers, matches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from graphleads.leads.shown import OurCustomer, node_object
from graphleads.view import shape
from graphleads.view.customer import customer_line, match_object, record_object
from graphleads.view.fact import company_object, relationship_object
from graphleads.view.text import in_words, place
from graphleads.workspace.answer import CompanyAnswer, CustomerAnswer, Found, MatchLine

if TYPE_CHECKING:
    from graphleads.crm.comparing import ImportReport


def company_answer_object(answer: CompanyAnswer) -> shape.CompanyAnswer:
    """Return a company with its ties, and what it is to us."""
    return {
        **company_object(answer.company),
        "owner": answer.owner,
        "excluded_because": answer.excluded_because,
        "customers": list(answer.customers),
        "n_relationships": answer.n_relationships,
        "relationships": [relationship_object(one) for one in answer.relationships],
    }


def search_object(hits: Iterable[Found]) -> shape.SearchAnswer:
    """Return what a search found, the best first."""
    return {"items": [_search_item(one) for one in hits]}


def _search_item(hit: Found) -> shape.SearchItem:
    company = hit.company
    return {
        **node_object(hit.node),
        "matched_name": hit.matched_name,
        "score": hit.score,
        "jurisdiction": company.jurisdiction if company else None,
        "locality": company.locality if company else None,
        "status": company.status if company else None,
        "owner": hit.owner,
        "customers": list(hit.customers),
    }


def search_rows(hits: Iterable[Found]) -> Iterator[tuple[str, ...]]:
    """Yield a row a hit: score, id, name, kind, place, status, the name that matched, what it is to us."""
    for one in hits:
        company = one.company
        yield (
            f"{one.score:.2f}",
            *(one.node.id, one.node.name, in_words(one.node.kind)),
            *((place(company.locality, company.jurisdiction), in_words(company.status)) if company else ("", "")),
            one.matched_name,
            "\n".join(to_us(one.customers, one.owner)),
        )


def to_us(customers: Iterable[OurCustomer], owner: str | None, excluded_because: str | None = None) -> Iterator[str]:
    """Yield in a line each what a company is to us: a customer, claimed, excluded."""
    yield from map(customer_line, customers)
    if owner:
        yield f"claimed by {owner}"
    if excluded_because:
        yield f"excluded because: {excluded_because}"


def customer_object(answer: CustomerAnswer) -> shape.CustomerAnswer:
    """Return a customer, how it stands to the register, and the company's facts."""
    return {
        "customer": record_object(answer.customer),
        "match": match_object(answer.match) if answer.match else None,
        "company": company_object(answer.company) if answer.company else None,
        "candidates": [company_object(one) for one in answer.candidates],
    }


def put_object(answer: CustomerAnswer, report: ImportReport) -> shape.PutAnswer:
    """Return a customer that was brought in, and what of it was not stored."""
    found, dropped = customer_object(answer), report.file.dropped_personal
    brought_in: shape.PutAnswer = {
        "customer": found["customer"],
        "match": found["match"],
        "company": found["company"],
        "candidates": found["candidates"],
    }
    return {**brought_in, "dropped_personal": dict(dropped)} if dropped else brought_in


def review_object(lines: Iterable[MatchLine]) -> dict[str, Any]:
    """Return the matches that wait for a person, each with the companies that the customer may be."""
    items = [
        {
            "customer": one.customer.external_id,
            "name": one.customer.name,
            "candidates": [asdict(c) for c in one.candidates],
        }
        for one in lines
    ]
    return {"items": items}


def review_rows(lines: Iterable[MatchLine]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield a row a company that a customer may be: both, how likely, and how it was found."""
    for line in lines:
        customer = (line.customer.external_id, line.customer.name)
        for one in line.candidates:
            yield *customer, f"{one.name}\n{one.company}", f"{one.probability:.0%}", in_words(one.method)
            customer = ("", "")
