"""What a workspace looks up, as JSON objects and as rows of tables: companies, search hits, customers, matches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from graphleads.leads.shown import node_object
from graphleads.view import shape
from graphleads.view.customer import match_object, record_object
from graphleads.view.fact import company_object, relationship_object
from graphleads.view.text import in_words
from graphleads.workspace.answer import CompanyAnswer, CustomerAnswer, MatchLine

if TYPE_CHECKING:
    from graphleads.crm.comparing import ImportReport
    from graphleads.graph.store import SearchHit


def company_answer_object(answer: CompanyAnswer) -> shape.CompanyAnswer:
    """Return a company with its ties, and who works on it."""
    return {
        **company_object(answer.company),
        "owner": answer.owner,
        "n_relationships": answer.n_relationships,
        "relationships": [relationship_object(one) for one in answer.relationships],
    }


def search_object(hits: Sequence[SearchHit]) -> shape.SearchAnswer:
    """Return what a search found, the best first."""
    items: list[shape.SearchItem] = [
        {**node_object(one.node), "matched_name": one.matched_name, "score": one.score} for one in hits
    ]
    return {"items": items}


def customer_object(answer: CustomerAnswer) -> shape.CustomerAnswer:
    """Return a customer, how it stands to the register, and the company's facts."""
    return {
        "customer": record_object(answer.customer),
        "match": match_object(answer.match) if answer.match else None,
        "company": company_object(answer.company) if answer.company else None,
    }


def put_object(answer: CustomerAnswer, report: ImportReport) -> shape.PutAnswer:
    """Return a customer that was brought in, and what of it was not stored."""
    found, dropped = customer_object(answer), report.file.dropped_personal
    brought_in: shape.PutAnswer = {"customer": found["customer"], "match": found["match"], "company": found["company"]}
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
