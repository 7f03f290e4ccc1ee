"""What a workspace looks up, as JSON objects and as rows of tables: companies, search hits, customers, matches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from graphleads.ids import EntityId
from graphleads.leads.shown import OurCustomer, node_object
from graphleads.view import shape
from graphleads.view.customer import customer_line, match_object, record_object
from graphleads.view.fact import company_object, relationship_object
from graphleads.view.matched import contacts_of
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
        "warnings": list(answer.warnings),
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
            "place": place(one.customer.locality, one.customer.jurisdiction),
            "contacts": contacts_of(one.customer),
            "candidates": [asdict(c) | _side(one, c.company) for c in one.candidates],
        }
        for one in lines
    ]
    return {"items": items}


def review_rows(lines: Iterable[MatchLine]) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row a company that a customer may be: both with place and contacts, how likely, and how it was found."""
    for line in lines:
        where = place(line.customer.locality, line.customer.jurisdiction)
        customer = _lines(line.customer.name, line.customer.external_id, where, *contacts_of(line.customer))
        for one in line.candidates:
            side = _side(line, one.company)
            company = _lines(one.name, one.company, side["place"], in_words(side["status"]), *side["contacts"])
            yield customer, company, f"{one.probability:.0%}", in_words(one.method)
            customer = ""


REVIEW_COLUMNS = (
    *("customer", "name", "place", "contacts", "company", "company_name", "company_place", "company_status"),
    *("company_contacts", "probability", "method", "decision"),
)
"""The columns of a review as CSV, which `match --decisions` reads once the last one is filled in."""


def review_csv_rows(lines: Iterable[MatchLine]) -> Iterator[tuple[object, ...]]:
    """Yield a row a company that a customer may be, as `REVIEW_COLUMNS` names its columns."""
    for line in lines:
        where = place(line.customer.locality, line.customer.jurisdiction)
        customer = (line.customer.external_id, line.customer.name, where, "; ".join(contacts_of(line.customer)))
        for one in line.candidates:
            side = _side(line, one.company)
            told = (one.company, one.name, side["place"], side["status"], "; ".join(side["contacts"]))
            yield *customer, *told, one.probability, one.method, None


def _side(line: MatchLine, company: EntityId) -> dict[str, Any]:
    side = line.sides.get(company)
    if side is None:
        return {"place": "", "status": "", "contacts": []}
    where = place(side.company.locality, side.company.jurisdiction)
    return {"place": where, "status": side.company.status, "contacts": list(side.contacts)}


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
