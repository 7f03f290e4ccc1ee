"""What is said of each node, by node: the tables of a snapshot that facts of several records are read from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.describe import PERSON
from graphleads.graph.facts import Facts
from graphleads.graph.fold import BEGINNING, FOREVER, TIMES
from graphleads.graph.nodes import Nodes, scheme_ranks
from graphleads.graph.order import RowOrder, by_node, days, keep, take
from graphleads.graph.parts import one_chunk

_NAME = ("name", "kind", "language", "dataset", "record", *TIMES)


def gather_names(facts: Facts, nodes: Nodes) -> tuple[pa.Table, pa.Table]:
    """Return every name that a company or person bears or bore, and how those that changed came to be.

    Returns:
        By node, name and kind, once each and sorted so, those of mere mentions last, what the registers say last:
        `language`, the period over all statements, the source that said it last, and `several`, whether that is not
        the whole of it, which the second table tells.
        Of companies' names that several statements say, or that was taken back: every version, with all its times.
    """
    rows, node = _named(facts, nodes)
    order = by_node(node, n=len(nodes))
    # Of equal names the first counts where one is looked for, and what others call a company is no proof.
    order.refine(pc.equal(rows["kind"].cast(pa.string()), "mentioned"))
    order.refine(rows["name"])
    order.refine(rows["kind"])
    first = order.starts()
    known = days(rows["known_until"]) == FOREVER
    order.refine(~known)
    _refine_last_seen(order, rows)
    size = np.diff(np.append(first, len(order.rows)))
    of_company = node[order.rows][first] < len(nodes.companies)
    several = of_company & ((size > 1) | ~known[order.rows][first])
    changed = order.rows[np.repeat(several, size)]
    versions = take(rows.select(_NAME), changed).add_column(0, "node", pa.array(node[changed]))
    return _last_said(rows, node, (order.rows, first), several, known), versions


def _last_said(
    rows: pa.Table, node: NDArray[np.int32], groups: tuple[NDArray[np.int64], NDArray[np.int64]],
    several: NDArray[np.bool_], known: NDArray[np.bool_],
) -> pa.Table:  # fmt: skip
    """Return one row for each group of which something is known still: its first, over the periods of them all.

    Args:
        rows: Names.
        node: int32[n_rows], whose they are.
        groups: The rows in order, those that are known still first in each group, and where a group begins.
        several: bool[n_groups].
        known: bool[n_rows], whether a version is the register's last word.
    """
    order, first = groups
    there = known[order][first]
    kept = take(rows.select(["name", "kind", "language", "last_seen_on", "dataset", "record"]), order[first[there]])
    still = known[order]
    bounds = {name: days(rows[name])[order] for name in ("valid_from", "valid_to", "known_from")}
    start, end = (
        reduce.reduceat(np.where(still, bounds[name], np.int32(other)), first) if len(first) else np.empty(0, np.int32)
        for name, reduce, other in (("valid_from", np.minimum, FOREVER), ("valid_to", np.maximum, BEGINNING))
    )
    # Where it has an end, it is that which is known since then.
    counts = still | np.repeat(end == FOREVER, np.diff(np.append(first, len(order))))
    since = np.where(counts, bounds["known_from"], np.int32(FOREVER))
    since = np.minimum.reduceat(since, first) if len(first) else since
    for name, bound in (("valid_from", start), ("valid_to", end), ("known_from", since)):
        kept = kept.append_column(name, pa.array(bound[there], pa.int32()).cast(pa.date32()))
    kept = kept.append_column("several", pa.array(several[there]))
    return kept.add_column(0, "node", pa.array(node[order][first[there]]))


def _refine_last_seen(order: RowOrder, rows: pa.Table) -> None:
    """Put the rows seen last first, ties by dataset and record."""
    order.refine(-days(rows["last_seen_on"]))
    order.refine(rows["dataset"])
    order.refine(rows["record"])


def _named(facts: Facts, nodes: Nodes) -> tuple[pa.Table, NDArray[np.int32]]:
    """Return the versions of every name of a company or person, and whose."""
    names = facts.read("names", ["id", *_NAME])
    of_names = nodes.holder_of(names["id"])
    persons = facts.read("persons", ["name", *TIMES, "dataset", "record"])
    legal = pa.array(["legal"]).dictionary_encode().take(pa.array(np.zeros(persons.num_rows, np.int32)))
    persons = persons.append_column("kind", legal)
    persons = persons.append_column("language", pa.nulls(persons.num_rows, names.schema.field("language").type))
    rows = pa.concat_tables([names.select(_NAME), persons.select(_NAME)]).unify_dictionaries()
    node = np.concatenate([of_names, nodes.ends["persons", "id"]])
    named = pc.is_valid(rows["name"]).to_numpy() & (node >= 0)
    return keep(rows, named), node[named]


def describe_contact_points(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return one row a contact point: `id`, `kind`, and as it was written first, ties by the text."""
    points = one_chunk(facts.read("contact_points", ["kind", "display", "known_from"]))
    node = nodes.ends["contact_points", "key"] - np.int32(len(nodes.companies) + len(nodes.persons))
    order = by_node(node, n=len(nodes.contact_points))
    first = order.starts()
    order.refine(days(points["known_from"]))
    order.refine(points["display"])
    best = points.select(["kind", "display"]).take(pa.array(order.rows[first]))
    return pa.table({"id": nodes.contact_points, "kind": best["kind"], "display": best["display"]})


def gather_persons(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return what records say of persons, as versions; `node` counts persons."""
    persons = facts.read("persons", ["dataset", "record", *PERSON, *TIMES])
    return persons.add_column(0, "node", pa.array(nodes.ends["persons", "id"] - np.int32(len(nodes.companies))))


def changing(persons: pa.Table, n: int, first: int) -> pa.Table:
    """Return the versions of those persons who are not described alike on every day, by node.

    Args:
        persons: As `gather_persons` returns them.
        n: How many persons there are.
        first: The node of the first of them.
    """
    node = persons["node"].to_numpy()
    superseded = days(persons["known_until"]) != FOREVER
    several = np.bincount(node, minlength=n)[node] > 1
    dated = (days(persons["valid_from"]) != BEGINNING) | (days(persons["valid_to"]) != FOREVER)
    apart = superseded | (several & (dated | _differs(node, days(persons["known_from"]), n)))
    apart |= several & _differs(node, days(persons["last_seen_on"]), n)
    apart |= several & _differs(node, persons["dataset"].combine_chunks().indices.to_numpy(), n)
    marked = np.zeros(n, bool)
    marked[node[apart]] = True
    versions = gather(keep(persons.drop_columns(["node"]), marked[node]), node[marked[node]], n)
    return versions.set_column(0, "node", pa.array(versions["node"].to_numpy() + np.int32(first)))


def _differs(node: NDArray[np.int32], numbers: NDArray[np.int32], n: int) -> NDArray[np.bool_]:
    """Return bool[n_rows]: whether a row's number is another than some row's of its node."""
    some = np.zeros(n, np.int32)
    some[node] = numbers
    odd = np.zeros(n, bool)
    odd[node[numbers != some[node]]] = True
    return odd[node]


def gather_identifiers(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return every identifier of a company or person, by node; see `gather_once`."""
    identifiers = facts.read("identifiers")
    return gather_once(facts, identifiers, nodes.holder_of(identifiers["id"]), len(nodes))


def gather_statuses(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return the statuses of companies, by node."""
    rows = facts.read("statuses")
    return gather(rows, nodes.company_of(rows["id"]), len(nodes.companies))


def gather_of_companies(facts: Facts, nodes: Nodes, name: str) -> pa.Table:
    """Return a kind of fact that is about companies, by node; see `gather_once`."""
    rows = facts.read(name)
    return gather_once(facts, rows, nodes.company_of(rows["id"]), len(nodes.companies))


def gather_records(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return what each record says of companies, by node, with the `rank` of the register: the lowest names one."""
    rows, node = facts.read("records"), nodes.ends["records", "id"]
    rank = np.zeros(len(node), np.int16)
    several = np.flatnonzero(np.bincount(node, minlength=len(nodes.companies))[node] > 1)
    rank[several] = scheme_ranks(rows["id"].take(pa.array(several)))
    return gather(rows.append_column("rank", pa.array(rank)), node, len(nodes.companies))


def gather_once(facts: Facts, rows: pa.Table, node: NDArray[np.int32], n: int) -> pa.Table:
    """Return what `gather` does, each fact once, with the first record that says it and `n_sources`, how many do.

    Records of which updates speak were each seen on days of their own: what they say stays apart.

    Args:
        facts: All facts.
        rows: Versions of one kind.
        node: int32[n_rows], whom each is about, -1 for nobody; below `n`.
        n: How many nodes there are.
    """
    there = node >= 0
    rows, node = keep(rows.drop_columns(["id"]), there), node[there]
    order = by_node(node, n=n)
    for name in ("known_from", "valid_from", "valid_to", "known_until", "last_seen_on"):
        order.refine(days(rows[name]))
    for name in rows.column_names:
        if name not in (*TIMES, "record"):
            order.refine(rows[name])
    apart = pc.is_in(rows["dataset"].cast(pa.string()), value_set=pc.unique(facts.sightings["dataset"])).to_numpy()
    once = order.new.copy()
    order.refine(rows["record"])
    once |= order.new & apart[order.rows]
    first = np.flatnonzero(once)
    n_sources = np.add.reduceat(order.new.astype(np.int32), first) if len(first) else np.empty(0, np.int32)
    kept = take(rows, order.rows[first]).append_column("n_sources", pa.array(n_sources, pa.int32()))
    return kept.add_column(0, "node", pa.array(node[order.rows[first]]))


def gather(facts: pa.Table, node: NDArray[np.int32], n: int) -> pa.Table:
    """Return facts with their nodes first, sorted by node and then by all they say; the node's id column is dropped.

    Args:
        facts: Versions of facts.
        node: int32[n_facts], whom each is about, -1 for nobody; below `n`.
        n: How many nodes there are.
    """
    rows = facts.drop_columns(["id"]) if "id" in facts.column_names else facts
    rows, node = keep(rows, node >= 0), node[node >= 0]
    order = by_node(node, n=n)
    order.refine(days(rows["known_from"]))
    order.refine(days(rows["valid_from"]))
    for name in rows.column_names:
        if name not in TIMES:
            order.refine(rows[name])
    return take(rows, order.rows).add_column(0, "node", pa.array(node[order.rows]))
