"""The nodes of a snapshot: which ids there are, which of them are one company, and what each one is.

Companies come first, then persons, then contact points, each sorted by id; row *i* of a kind is its node *i*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphleads.codes.scheme import get_scheme
from graphleads.graph.facts import Facts

CONTACT_SCHEMES = {"address": "X-ADDRESS", "phone": "X-PHONE", "email_domain": "X-EMAIL-DOMAIN", "website": "X-WEBSITE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """The ids of a snapshot's nodes by kind, and which ids stand for which.

    Attributes:
        companies: The ids of the companies, sorted.
        persons: The ids of the persons, sorted.
        contact_points: The ids of the contact points, sorted.
        company_ids: Every company id of the facts, sorted: those above and those that were merged.
        company_nodes: int32[len(company_ids)], the node that each of them is.
        n_undescribed: Companies that only stand at the end of a relationship.
    """

    companies: pa.Array
    persons: pa.Array
    contact_points: pa.Array
    company_ids: pa.Array
    company_nodes: NDArray[np.int32]
    n_undescribed: int

    def company_of(self, ids: pa.ChunkedArray | pa.Array) -> NDArray[np.int32]:
        """Return the company node of each id, -1 where it is none."""
        at = pc.fill_null(pc.index_in(ids, value_set=self.company_ids), -1).to_numpy(zero_copy_only=False)
        return np.where(at < 0, np.int32(-1), self.company_nodes[at]).astype(np.int32)

    def holder_of(self, ids: pa.ChunkedArray | pa.Array) -> NDArray[np.int32]:
        """Return the person or company node of each id, -1 where there is none."""
        person = pc.fill_null(pc.index_in(ids, value_set=self.persons), -1).to_numpy(zero_copy_only=False)
        return np.where(person < 0, self.company_of(ids), person + len(self.companies)).astype(np.int32)

    def contact_of(self, ids: pa.ChunkedArray | pa.Array) -> NDArray[np.int32]:
        """Return the contact point's node of each id."""
        at = pc.index_in(ids, value_set=self.contact_points).to_numpy(zero_copy_only=False)
        nodes: NDArray[np.int32] = (at + len(self.companies) + len(self.persons)).astype(np.int32)
        return nodes

    def __len__(self) -> int:
        return len(self.companies) + len(self.persons) + len(self.contact_points)


def contact_ids(kinds: pa.ChunkedArray, keys: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the ids of contact points from their kinds and keys."""
    words = pa.array(CONTACT_SCHEMES.keys())
    schemes = pa.array(CONTACT_SCHEMES.values()).take(pc.index_in(kinds.cast(pa.string()), value_set=words))
    return pc.binary_join_element_wise(schemes, keys, ":")


def number_nodes(facts: Facts, same_as: pa.Table, merge_probability: float) -> Nodes:
    """Return the nodes that the facts speak of.

    Args:
        facts: Folded facts.
        same_as: Pairs as `tables.SAME_AS`; company pairs at or above `merge_probability` become one node, named by
            the id whose scheme ranks first, ties by id.
        merge_probability: From which probability on two company ids are one company.
    """
    persons = _unique([facts["persons"]["id"]])
    described = _unique([facts["records"]["id"]])
    mentioned = _unique(_ends(facts))
    others = mentioned.filter(pc.invert(pc.is_in(mentioned, value_set=persons)))
    company_ids = _unique([described, others])
    merged = _merged(company_ids, same_as, merge_probability)
    standing = _best_of_each(company_ids, merged)
    companies = company_ids.take(pa.array(np.flatnonzero(standing == np.arange(len(company_ids)))))
    node_of_standing = np.cumsum(standing == np.arange(len(company_ids))) - 1
    return Nodes(
        companies=companies,
        persons=persons,
        contact_points=_unique([contact_ids(facts["contact_points"]["kind"], facts["contact_points"]["key"])]),
        company_ids=company_ids,
        company_nodes=node_of_standing[standing].astype(np.int32),
        n_undescribed=len(company_ids) - len(described),
    )


def _ends(facts: Facts) -> list[pa.ChunkedArray]:
    named = (
        ("interests", "subject"), ("interests", "holder"), ("roles", "company"), ("roles", "holder"),
        ("links", "source"), ("links", "target"), ("contact_points", "id"),
    )  # fmt: skip
    return [facts[table][column] for table, column in named]


def _unique(columns: list[pa.ChunkedArray | pa.Array]) -> pa.Array:
    chunks = [
        chunk for column in columns for chunk in (column.chunks if isinstance(column, pa.ChunkedArray) else [column])
    ]
    unique = pc.unique(pa.chunked_array(chunks, pa.string())).drop_null()
    return unique.take(pc.sort_indices(unique))


def _merged(ids: pa.Array, same_as: pa.Table, merge_probability: float) -> NDArray[np.int32]:
    """Return int32[n_ids], a label that ids of one company share."""
    pairs = same_as.filter(
        pc.and_(pc.equal(same_as["kind"], "company"), pc.greater_equal(same_as["probability"], merge_probability))
    )
    ends = [pc.fill_null(pc.index_in(pairs[side], value_set=ids), -1).to_numpy() for side in ("left", "right")]
    known = (ends[0] >= 0) & (ends[1] >= 0)
    left, right = ends[0][known], ends[1][known]
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(len(ids), len(ids)))
    labels: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return labels


def _best_of_each(ids: pa.Array, labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return int64[n_ids], the position of the id that names each id's company."""
    if not len(ids):
        return np.empty(0, np.int64)
    schemes = pc.list_element(pc.split_pattern(ids, ":", max_splits=1), 0).dictionary_encode()
    ranks = np.array([get_scheme(code).rank for code in schemes.dictionary.to_pylist()])[schemes.indices.to_numpy()]
    order = np.lexsort((np.arange(len(ids)), ranks, labels))
    first = np.concatenate(([True], labels[order][1:] != labels[order][:-1]))
    best = np.empty(labels.max() + 1, np.int64)
    best[labels[order][first]] = order[first]
    return best[labels]


def redirects(nodes: Nodes) -> pa.Table:
    """Return which merged ids stand for which company now: `id`, `company`, sorted by id."""
    companies = nodes.companies.take(pa.array(nodes.company_nodes))
    moved = pc.not_equal(nodes.company_ids, companies)
    return pa.table({"id": nodes.company_ids, "company": companies}).filter(moved)
