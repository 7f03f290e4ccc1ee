"""Companies that a customer may be for which matching finds none: what a person would find who searched for it."""

from __future__ import annotations

from collections.abc import Collection

from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId
from graphleads.model import Company, CustomerRecord
from graphleads.names.words import is_unspaced

MOST_SEARCHED = 200
"""Customers for whom a register is searched at a time: nobody looks through more."""

_SEARCHED = 10
_SUGGESTED = 3


def suggest(
    store: EmbeddedStore, customer: CustomerRecord, *, without: Collection[EntityId | None] = ()
) -> tuple[Company, ...]:
    """Return the first companies that a search for a customer's name finds in its country, the best first.

    A legal name may share two characters with the name on every list: too little to match, enough to look at.

    Args:
        store: The register.
        customer: The customer.
        without: Companies that are not suggested.
    """
    snapshot = store.snapshot
    nodes = [snapshot.node_of(one.node.id) for one in store.search(customer.name, limit=_SEARCHED)]
    found = store.summaries([node for node in nodes if node is not None and node < snapshot.n_companies])
    near = [one for one in found if one.id not in without and _may_be_in(one, customer.jurisdiction)]
    return tuple(near[:_SUGGESTED])


def is_unspaced_name(name: str) -> bool:
    """Return whether a name has characters of a script without spaces, as Chinese ones are."""
    return any(is_unspaced(one) for one in name if not one.isspace())


def _may_be_in(company: Company, country: str | None) -> bool:
    return not country or not company.jurisdiction or company.jurisdiction[:2] == country
