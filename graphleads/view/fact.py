"""The nouns as JSON objects and as cells of tables: entities, sources, facts and ties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from graphleads.leads.shown import company_line, node_object, source_object
from graphleads.model import Company, Fact, Identifier, Name, Period, Relationship, Source
from graphleads.view.shape import CompanyFacts, FactAnswer, IdentifierAnswer, NameAnswer, RelationshipAnswer
from graphleads.view.text import in_words, period

FactRow = tuple[str, str, str, str]
"""What is said, its value, when it holds, and where it stands."""

_CODED = ("entity_type", "status")
"""Facts whose values are words of ours, joined by underscores, and not the register's."""


def source_cell(source: Source, n_sources: int = 1) -> str:
    """Return where a fact stands, when it was last seen there, and of several sources how many they are."""
    seen = f", {source.observed_on}" if source.observed_on else ""
    return f"{source.dataset} {source.record}{seen}" + (f"; {n_sources:,} sources" if n_sources > 1 else "")


def sources_cell(sources: Sequence[Source]) -> str:
    """Return where a tie stands that some sources say: one of those that showed it last, and how many they are."""
    if not sources:
        return ""
    last = max(sources, key=lambda one: one.observed_on or date.min)
    return source_cell(last, len(sources))


def company_object(company: Company) -> CompanyFacts:
    """Return a company with everything that the registers say of it, each fact with its source."""
    return {
        **company_line(company),
        "entity_type": company.entity_type,
        "mentioned": company.mentioned,
        "region": company.region,
        "postcode": company.postcode,
        "legal_form": company.legal_form,
        "incorporated_on": company.incorporated_on,
        "dissolved_on": company.dissolved_on,
        "names": [_name(one) for one in company.names],
        "identifiers": [_identifier(one) for one in company.identifiers],
        "facts": [_fact(one) for one in company.facts],
    }


def fact_rows(company: Company) -> Iterator[FactRow]:
    """Yield what the registers say of a company, a row for each fact, however many say it."""
    for name in company.names:
        yield f"{name.kind} name", name.name, when_cell(name.period), source_cell(name.source, name.n_sources)
    for identifier in company.identifiers:
        doubt = " (its check digit is wrong)" if identifier.valid is False else ""
        yield identifier.scheme, identifier.value + doubt, "", source_cell(identifier.source, identifier.n_sources)
    for fact in company.facts:
        field, value = in_words(fact.field), fact.value
        shown = in_words(value) if fact.field in _CODED else value
        yield field.removeprefix("n "), shown, when_cell(fact.period), source_cell(fact.source, fact.n_sources)


def relationship_object(relationship: Relationship) -> RelationshipAnswer:
    """Return a tie from its holder to what is held, with its period, shares, sources, and why it is not followed."""
    return {
        "source": node_object(relationship.source),
        "target": node_object(relationship.target),
        "relation": relationship.relation,
        "kind": relationship.kind,
        "title": relationship.title,
        "share_min": relationship.share_min,
        "share_max": relationship.share_max,
        "start_on": relationship.period.start_on,
        "end_on": relationship.period.end_on,
        "confidence": relationship.confidence,
        "ignored": relationship.ignored,
        "sources": [source_object(one) for one in relationship.sources],
    }


def tie_cell(relationship: Relationship) -> str:
    """Return what a tie is: its kind, the share or title that goes with it, and since when."""
    parts = (
        in_words(relationship.kind),
        share_cell(relationship.share_min, relationship.share_max),
        title_cell(relationship),
        when_cell(relationship.period),
    )
    return " ".join(part for part in parts if part)


def title_cell(relationship: Relationship) -> str:
    """Return the source's own words for a tie, where they say more than its kind does."""
    words = in_words(relationship.title or "")
    return "" if words.casefold() in ("", in_words(relationship.kind)) else f"({words})"


def share_cell(low: float | None, high: float | None) -> str:
    """Return a share in per cent, nothing where it is not known: `25 %`, `75 to 100 %`."""
    if low is None and high is None:
        return ""
    low, high = low or 0.0, 1.0 if high is None else high
    return f"{100 * low:.4g} %" if low == high else f"{100 * low:.4g} to {100 * high:.4g} %"


def _name(name: Name) -> NameAnswer:
    return {
        "name": name.name,
        "kind": name.kind,
        "language": name.language,
        "start_on": name.period.start_on,
        "end_on": name.period.end_on,
        "source": source_object(name.source),
        "n_sources": name.n_sources,
    }


def _identifier(identifier: Identifier) -> IdentifierAnswer:
    return {
        "scheme": identifier.scheme,
        "value": identifier.value,
        "valid": identifier.valid,
        "source": source_object(identifier.source),
        "n_sources": identifier.n_sources,
    }


def _fact(fact: Fact) -> FactAnswer:
    return {
        "field": fact.field,
        "value": fact.value,
        "start_on": fact.period.start_on,
        "end_on": fact.period.end_on,
        "source": source_object(fact.source),
        "n_sources": fact.n_sources,
    }


def when_cell(span: Period) -> str:
    """Return a period in a few characters."""
    return period(span.start_on, span.end_on)
