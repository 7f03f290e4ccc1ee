"""The nodes of a snapshot: which ids there are, which of them are one company, and what each one is.

Companies come first, then persons, then contact points, each sorted by id; row *i* of a kind is its node *i*.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from graphleads.codes.scheme import get_scheme
from graphleads.graph.component import label_components
from graphleads.graph.facts import Facts
from graphleads.graph.order import by_node, days

CONTACT_SCHEMES = {"address": "X-ADDRESS", "phone": "X-PHONE", "email_domain": "X-EMAIL-DOMAIN", "website": "X-WEBSITE"}


_DESCRIBED, _PERSONS, _CONTACTS = ("records", "id"), ("persons", "id"), ("contact_points", "key")
_MENTIONED = (
    ("interests", "subject"), ("interests", "holder"), ("roles", "company"), ("roles", "holder"),
    ("links", "source"), ("links", "target"), ("contact_points", "id"),
)  # fmt: skip
"""Where an id stands that makes a node, by kind of fact and column."""

_HOLDERS = (("interests", "holder"), ("roles", "holder"))
_PERSON_OF = {"X-BODS": "X-BODS-PERSON"}
"""Schemes of records that are taken for companies as long as nobody describes them, and of the same records where they
are people: a delivery that restates what a person holds need not say again that it is a person."""

_PAIRED = (("same_as", "left"), ("same_as", "right"))
"""The ids that are one company with another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """The ids of a snapshot's nodes by kind, and which ids stand for which.

    Attributes:
        companies: The ids of the companies, sorted.
        persons: The ids of the persons, sorted.
        contact_points: The ids of the contact points, sorted.
        company_ids: Every company id of the facts, sorted: those above and those that were merged.
        company_nodes: int32[len(company_ids)], the node that each of them is.
        ends: By kind of fact and column, int32[n_rows]: the node of each row, -1 where it has none. A holder is a
            person if there is one of its id, the key of a contact point is that, and every other end is a company.
        n_undescribed: Companies that only stand at the end of a relationship.
    """

    companies: pa.Array
    persons: pa.Array
    contact_points: pa.Array
    company_ids: pa.Array
    company_nodes: NDArray[np.int32]
    ends: Mapping[tuple[str, str], NDArray[np.int32]]
    n_undescribed: int

    def company_of(self, ids: pa.ChunkedArray | pa.Array) -> NDArray[np.int32]:
        """Return the company node of each id, -1 where it is none."""
        at = pc.fill_null(pc.index_in(ids, value_set=self.company_ids), -1).to_numpy()
        found: NDArray[np.int32] = np.append(self.company_nodes, np.int32(-1))[at]
        return found

    def holder_of(self, ids: pa.ChunkedArray | pa.Array) -> NDArray[np.int32]:
        """Return the person or company node of each id, -1 where there is none."""
        person = pc.fill_null(pc.index_in(ids, value_set=self.persons), -1).to_numpy()
        return np.where(person < 0, self.company_of(ids), person + len(self.companies)).astype(np.int32)

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
    with ThreadPoolExecutor(1) as beside:
        contacts = beside.submit(_number_contacts, facts)
        entities = _number_entities(facts, same_as, merge_probability)
        contact_points, place = contacts.result()
    first = len(entities.companies) + len(entities.persons)
    return replace(entities, contact_points=contact_points, ends={**entities.ends, _CONTACTS: place + np.int32(first)})


def _number_entities(facts: Facts, same_as: pa.Table, merge_probability: float) -> Nodes:
    """Return the nodes without the contact points."""
    places = (_DESCRIBED, _PERSONS, *_MENTIONED)
    columns = {(kind, column): facts.read(kind, [column])[column] for kind, column in places}
    for place in _HOLDERS:
        columns[place] = _as_persons(columns[place], columns[_DESCRIBED], columns[_PERSONS])
    pairs = same_as.filter(
        pc.and_(pc.equal(same_as["kind"], "company"), pc.greater_equal(same_as["probability"], merge_probability))
    )
    # A number that records state names them, whether or not a register was ingested that describes it.
    ids, said = _distinct(columns | {side: pairs[side[1]] for side in _PAIRED})
    paired = [said.pop(side) for side in _PAIRED]
    described, is_person = _marked(said[_DESCRIBED], len(ids)), _marked(said[_PERSONS], len(ids))
    known = described | _marked(np.concatenate(paired), len(ids))
    company_ids, persons = _sorted(ids, described | ~is_person), _sorted(ids, is_person)
    merged = _merged(company_ids.ids, pairs)
    standing = _best_of_each(company_ids.ids, merged)
    stands = standing == np.arange(len(standing))
    company_nodes = (np.cumsum(stands) - 1)[standing].astype(np.int32)
    companies = company_ids.ids.filter(pa.array(stands))
    company = np.append(company_nodes, np.int32(-1))[company_ids.place]
    holder = np.where(persons.place < 0, company, persons.place + np.int32(len(companies)))
    ends = {
        place: (holder if place[1] == "holder" or place == _PERSONS else company)[codes]
        for place, codes in said.items()
    }
    return Nodes(
        companies=companies,
        persons=persons.ids,
        contact_points=pa.array([], pa.string()),
        company_ids=company_ids.ids,
        company_nodes=company_nodes,
        ends=ends,
        n_undescribed=len(company_ids.ids) - int(known[:-1].sum()),
    )


def _as_persons(holders: pa.ChunkedArray, described: pa.ChunkedArray, persons: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return holders by the id of the person that they are, where a record of `_PERSON_OF` is described as one."""
    for scheme, of_people in _PERSON_OF.items():
        maybe = pc.unique(holders.filter(pc.fill_null(pc.starts_with(holders, f"{scheme}:"), False)))
        if not len(maybe):
            continue
        unknown = maybe.filter(pc.invert(pc.is_in(maybe, value_set=pc.unique(described))))
        twins = pc.replace_substring(unknown, f"{scheme}:", f"{of_people}:", max_replacements=1)
        known = pc.is_in(twins, value_set=pc.unique(persons))
        place = pc.index_in(holders, value_set=unknown.filter(known))
        holders = pc.coalesce(twins.filter(known).take(place), holders)
    return holders


def _distinct(
    columns: Mapping[tuple[str, str], pa.ChunkedArray],
) -> tuple[pa.Array, dict[tuple[str, str], NDArray[np.int32]]]:
    """Return the distinct ids of several columns, with a null at the end, and each column as positions in them."""
    chunks = [chunk for column in columns.values() for chunk in column.chunks]
    encoded = pa.chunked_array(chunks, pa.string()).dictionary_encode()
    words = encoded.chunk(0).dictionary if encoded.num_chunks else pa.array([], pa.string())
    codes = pc.fill_null(pa.chunked_array([chunk.indices for chunk in encoded.chunks], pa.int32()), len(words))
    ends = np.cumsum([len(column) for column in columns.values()])
    said = dict(zip(columns, np.split(codes.to_numpy(), ends[:-1]), strict=True))
    return pa.concat_arrays([words, pa.nulls(1, pa.string())]), said


class _Sorted(NamedTuple):
    """Some of the distinct ids, sorted, and for every distinct id its place among them, -1 where it is none."""

    ids: pa.Array
    place: NDArray[np.int32]


def _sorted(ids: pa.Array, wanted: NDArray[np.bool_]) -> _Sorted:
    wanted = wanted & ids.is_valid().to_numpy(zero_copy_only=False)
    chosen = np.flatnonzero(wanted)
    chosen = chosen[pc.sort_indices(ids.take(pa.array(chosen))).to_numpy()]
    place = np.full(len(ids), -1, np.int32)
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    return _Sorted(ids.take(pa.array(chosen)), place)


def _marked(codes: NDArray[np.int32], n: int) -> NDArray[np.bool_]:
    marked = np.zeros(n, bool)
    marked[codes] = True
    return marked


def _number_contacts(facts: Facts) -> tuple[pa.Array, NDArray[np.int32]]:
    """Return the sorted ids of the contact points, and of every row of them its place among these."""
    points = facts.read("contact_points", ["kind", "key"])
    words, said = _distinct({_CONTACTS: contact_ids(points["kind"], points["key"])})
    every = _sorted(words, np.ones(len(words), bool))
    return every.ids, every.place[said[_CONTACTS]]


def _merged(ids: pa.Array, pairs: pa.Table) -> NDArray[np.int32]:
    """Return int32[n_ids], a label that ids of one company share."""
    ends = [pc.fill_null(pc.index_in(pairs[side], value_set=ids), -1).to_numpy() for side in ("left", "right")]
    known = (ends[0] >= 0) & (ends[1] >= 0)
    return label_components(ends[0][known], ends[1][known], len(ids))


def _best_of_each(ids: pa.Array, labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return int64[n_ids], the position of the id that names each id's company."""
    order = by_node(labels, n=len(ids))
    first = order.starts()
    order.refine(lambda rows: scheme_ranks(ids.take(pa.array(rows))))
    best: NDArray[np.int64] = order.rows[first]
    # Labels count the companies from 0 on, and by_node has them ascending.
    return best[labels]


def scheme_ranks(ids: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
    """Return int64[n_ids], the rank of the scheme of each id: the lowest names a company."""
    schemes = pc.list_element(pc.split_pattern(ids, ":", max_splits=1), 0)
    encoded = (schemes.combine_chunks() if isinstance(schemes, pa.ChunkedArray) else schemes).dictionary_encode()
    ranks = np.array([get_scheme(code).rank for code in encoded.dictionary.to_pylist()], np.int64)
    result: NDArray[np.int64] = ranks[encoded.indices.to_numpy()]
    return result


def redirects(nodes: Nodes) -> pa.Table:
    """Return which merged ids stand for which company now: `id`, `company`, sorted by id."""
    companies = nodes.companies.take(pa.array(nodes.company_nodes))
    moved = pc.not_equal(nodes.company_ids, companies)
    return pa.table({"id": nodes.company_ids, "company": companies}).filter(moved)


def first_known(facts: Facts, nodes: Nodes) -> NDArray[np.int32]:
    """Return int32[n_nodes]: from which day on, since 1970, the registers say anything of each node.

    A statement that makes no edge, since its other end is nobody or the node itself, says something all the same.

    Args:
        facts: Folded facts.
        nodes: The numbered nodes.
    """
    known = np.full(len(nodes), _NEVER, np.int32)
    for kind in dict.fromkeys(kind for kind, _ in nodes.ends):
        since = days(facts.read(kind, ["known_from"])["known_from"])
        for place, node in nodes.ends.items():
            if place[0] == kind:
                _lower(known, node, since)
    return known


_NEVER = np.int32(np.iinfo(np.int32).max)


@njit(cache=True, nogil=True)
def _lower(known: NDArray[np.int32], node: NDArray[np.int32], since: NDArray[np.int32]) -> None:
    for at in range(len(node)):
        if node[at] >= 0 and since[at] < known[node[at]]:
            known[node[at]] = since[at]
