"""What each node is called and described as, gathered from all records of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.facts import Facts
from graphleads.graph.fold import FOREVER, TIMES
from graphleads.graph.nodes import Nodes, scheme_ranks
from graphleads.graph.order import RowOrder, by_node, days, keep, take
from graphleads.graph.parts import one_chunk

COMPANY = (
    "name", "entity_type", "jurisdiction", "legal_form", "size_class", "incorporated_on", "dissolved_on", "capital",
    "capital_currency", "n_employees_min", "n_employees_max", "region", "locality", "postcode", "business_scope",
)  # fmt: skip
"""What a company node takes from its records: each field from the best record that has it."""

PERSON = ("name", "given_name", "family_name", "birth_year", "birth_month", "nationality", "residence", "kind")

ALIVE = ("active", "unknown")
STATUSES = ("active", "in_liquidation", "inactive", "dissolved", "unknown")
"""Statuses by precedence: a company with several registrations is what the first of these says."""

GONE = "no longer in the register"


def describe_companies(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return one row a company: `id`, `mentioned` and the columns of `COMPANY`.

    The best record of a company is one that does not merely mention it, is still in its register, is of the register
    that names the company, and was seen last; ties by dataset and record.
    """
    records = one_chunk(facts.read("records"))
    order = by_node(nodes.ends["records", "id"], n=len(nodes.companies))
    order.refine(records["mentioned"])
    order.refine(~is_open(records))
    order.refine(lambda rows: scheme_ranks(records["id"].take(pa.array(rows))))
    _refine_last_seen(order, records)
    best = _first_of_each(
        records, order.rows, nodes.ends["records", "id"], (*COMPANY, "mentioned"), len(nodes.companies)
    )
    # A company that nothing describes is called by its id.
    best["name"] = pc.coalesce(best["name"], nodes.companies)
    best["mentioned"] = pc.fill_null(best["mentioned"], True)
    return pa.table({"id": nodes.companies, **best})


def describe_persons(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return one row a person: `id` and the columns of `PERSON`, from the record seen last."""
    persons = one_chunk(facts.read("persons", ["dataset", "record", *PERSON, *TIMES]))
    node = nodes.ends["persons", "id"] - np.int32(len(nodes.companies))
    order = by_node(node, n=len(nodes.persons))
    order.refine(~is_open(persons))
    _refine_last_seen(order, persons)
    best = _first_of_each(persons, order.rows, node, PERSON, len(nodes.persons))
    best["name"] = pc.coalesce(best["name"], pa.scalar(""))
    return pa.table({"id": nodes.persons, **best})


def describe_contact_points(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return one row a contact point: `id`, `kind` and the way of writing it that sorts first."""
    points = one_chunk(facts.read("contact_points", ["kind", "display"]))
    node = nodes.ends["contact_points", "key"] - np.int32(len(nodes.companies) + len(nodes.persons))
    order = by_node(node, n=len(nodes.contact_points))
    order.refine(points["display"])
    return pa.table(
        {"id": nodes.contact_points}
        | _first_of_each(points, order.rows, node, ("kind", "display"), len(nodes.contact_points))
    )


def _refine_last_seen(order: RowOrder, rows: pa.Table) -> None:
    """Put the rows seen last first, ties by dataset and record."""
    order.refine(-days(rows["last_seen_on"]))
    order.refine(rows["dataset"])
    order.refine(rows["record"])


def gather_names(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return every name that a company or person bears or bore, once by node, name and kind, sorted so.

    Columns: `node`, `name`, `kind`, `language`, the period over all statements, and the source that said it last.
    """
    rows, node = _named(facts, nodes)
    order = by_node(node, n=len(nodes))
    order.refine(rows["name"])
    order.refine(rows["kind"])
    first = order.starts()
    _refine_last_seen(order, rows)
    kept = take(rows.select(["name", "kind", "language", "last_seen_on", "dataset", "record"]), order.rows[first])
    for name, reduce in (("valid_from", np.minimum), ("valid_to", np.maximum)):
        bound = days(rows[name])[order.rows]
        bound = reduce.reduceat(bound, first) if len(first) else bound
        kept = kept.append_column(name, pa.array(bound, pa.int32()).cast(pa.date32()))
    return kept.add_column(0, "node", pa.array(node[order.rows][first]))


def _named(facts: Facts, nodes: Nodes) -> tuple[pa.Table, NDArray[np.int32]]:
    """Return the register's last word on every name of a company or person, and whose it is."""
    columns = ["name", "kind", "language", *TIMES, "dataset", "record"]
    names = facts.read("names", ["id", *columns])
    of_names = nodes.holder_of(names["id"])
    persons = facts.read("persons", ["name", *TIMES, "dataset", "record"])
    legal = pa.array(["legal"]).dictionary_encode().take(pa.array(np.zeros(persons.num_rows, np.int32)))
    persons = persons.append_column("kind", legal)
    persons = persons.append_column("language", pa.nulls(persons.num_rows, names.schema.field("language").type))
    rows = pa.concat_tables([names.select(columns), persons.select(columns)]).unify_dictionaries()
    node = np.concatenate([of_names, nodes.ends["persons", "id"]])
    known = pc.is_valid(rows["name"]).to_numpy() & (days(rows["known_until"]) == FOREVER) & (node >= 0)
    return keep(rows, known), node[known]


def gather_identifiers(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return every identifier of a company or person, by node."""
    identifiers = facts.read("identifiers")
    return gather(identifiers, nodes.holder_of(identifiers["id"]), len(nodes))


def gather_of_companies(facts: Facts, nodes: Nodes, name: str) -> pa.Table:
    """Return a kind of fact that is about companies, by node."""
    rows = facts.read(name)
    node = nodes.ends[name, "id"] if name == "records" else nodes.company_of(rows["id"])
    return gather(rows, node, len(nodes.companies))


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


def gather_statuses(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return the statuses of companies; one whose every record left its register is inactive from then on."""
    stated = facts.read("statuses")
    node = nodes.company_of(stated["id"])
    gone, gone_node = _gone(facts, nodes)
    if gone.num_rows:
        rows = pa.table({name: _gone_column(name, gone, stated.schema) for name in stated.column_names})
        stated = pa.concat_tables([stated, rows.cast(stated.schema)]).unify_dictionaries()
    return gather(stated, np.concatenate([node, gone_node]), len(nodes.companies))


def _gone(facts: Facts, nodes: Nodes) -> tuple[pa.Table, NDArray[np.int32]]:
    """Return the last records of the companies that are in no register any more, and their nodes."""
    records = facts.read("records", ["id", "dataset", "record", "mentioned", *TIMES])
    node = nodes.ends["records", "id"]
    known = pc.invert(records["mentioned"]).to_numpy() & (days(records["known_until"]) == FOREVER)
    records, node = keep(records, known), node[known]
    until = days(records["valid_to"])
    left = np.full(len(nodes.companies), -FOREVER, np.int32)
    np.maximum.at(left, node, until)
    gone = np.flatnonzero((left[node] < FOREVER) & (until == left[node]))
    return records.take(pa.array(gone)), node[gone]


def _gone_column(name: str, gone: pa.Table, schema: pa.Schema) -> pa.Array | pa.ChunkedArray:
    fixed = {"status": "inactive", "status_text": GONE}
    if name in fixed:
        return pa.array([fixed[name]] * gone.num_rows, pa.string()).cast(schema.field(name).type)
    if name == "valid_to":
        return pa.array(np.full(gone.num_rows, FOREVER, np.int32)).cast(pa.date32())
    return gone["valid_to"] if name == "valid_from" else gone[name]


def status_on(statuses: pa.Table, n_companies: int, *, valid_on: int, known_on: int) -> NDArray[np.int8]:
    """Return int8[n_companies]: the position in `STATUSES` of each company's status on a day; unknown where none is.

    A record's status is the one that began last; a company's is the first of its records' by precedence.

    Args:
        statuses: As `gather_statuses` returns them.
        n_companies: How many companies there are.
        valid_on: The day, in days since 1970.
        known_on: The day up to which statuses were known.
    """
    in_force = (days(statuses["valid_from"]) <= valid_on) & (valid_on < days(statuses["valid_to"]))
    in_force &= (days(statuses["known_from"]) <= known_on) & (known_on < days(statuses["known_until"]))
    rows = keep(statuses.select(["node", "dataset", "record", "status", "valid_from"]), in_force)
    result = np.full(n_companies, len(STATUSES) - 1, np.int8)
    if rows.num_rows == 0:
        return result
    words = rows["status"].combine_chunks()
    codes = np.array([STATUSES.index(word) for word in words.dictionary.to_pylist()], np.int8)[words.indices.to_numpy()]
    order = by_node(rows["node"].to_numpy(), n=n_companies)
    order.refine(rows["dataset"])
    order.refine(rows["record"])
    latest = order.starts()
    order.refine(-days(rows["valid_from"]))
    said = order.rows[latest]
    np.minimum.at(result, rows["node"].to_numpy()[said], codes[said])
    return result


def thrives_on(companies: pa.Table, status: NDArray[np.int8], day: int) -> NDArray[np.bool_]:
    """Return bool[n_companies]: described, founded by a day, not dissolved by then, and of a status that lives.

    Args:
        companies: As `describe_companies` returns them.
        status: int8[n_companies], of that day, as `status_on` returns it.
        day: In days since 1970.
    """
    founded, ended = (companies[name].cast(pa.int32()) for name in ("incorporated_on", "dissolved_on"))
    there = pc.and_not(pc.fill_null(pc.less_equal(founded, day), True), companies["mentioned"])
    there = pc.and_not(there, pc.fill_null(pc.less_equal(ended, day), False))
    alive = np.isin(status, [STATUSES.index(word) for word in ALIVE])
    thrives: NDArray[np.bool_] = alive & there.to_numpy()
    return thrives


def _first_of_each(
    rows: pa.Table, order: NDArray[np.int64], node: NDArray[np.int32], columns: Sequence[str], n: int
) -> dict[str, pa.Array]:
    """Return, of each column, the first value that is there among a node's rows, null where none is.

    Args:
        rows: One chunk a column.
        order: int64[n_rows], the rows by node, the best first.
        node: int32[n_rows], the node of each row.
        columns: The columns to return.
        n: How many nodes there are.
    """
    found = {}
    for name in columns:
        there = pc.is_valid(rows[name]).to_numpy()
        first = _first_there(order, node, there, n)
        found[name] = rows[name].chunk(0).take(pa.array(first, mask=first < 0))
    return found


@njit(cache=True, nogil=True)
def _first_there(
    order: NDArray[np.int64], node: NDArray[np.int32], there: NDArray[np.bool_], n: int
) -> NDArray[np.int64]:
    """Return int64[n]: the first row of each node, in the order, that has a value; -1 where none has."""
    first = np.full(n, -1, np.int64)
    for row in order:
        if there[row] and first[node[row]] < 0:
            first[node[row]] = row
    return first


def is_open(rows: pa.Table) -> NDArray[np.bool_]:
    """Return bool[n_rows]: whether a version is the register's last word and has not ended."""
    still: NDArray[np.bool_] = (days(rows["valid_to"]) == FOREVER) & (days(rows["known_until"]) == FOREVER)
    return still
