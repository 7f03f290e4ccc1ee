"""What each node is called and described as, gathered from all records of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.codes.scheme import get_scheme
from graphleads.graph.facts import Facts
from graphleads.graph.fold import FOREVER, TIMES
from graphleads.graph.nodes import Nodes, contact_ids
from graphleads.graph.order import Numbers, days, sortable, starts

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
    records = facts["records"]
    node = nodes.company_of(records["id"])
    ranks = _scheme_ranks(records["id"])
    order = np.lexsort(
        [
            *_ranks(records, ("record", "dataset")),
            -days(records["last_seen_on"]),
            ranks,
            ~is_open(records),
            records["mentioned"].to_numpy(),
            node,
        ]
    )
    best = _first_of_each(records.take(pa.array(order)), node[order], (*COMPANY, "mentioned"), len(nodes.companies))
    # A company that nothing describes is called by its id.
    best = best.set_column(0, "name", pc.coalesce(best["name"].combine_chunks(), nodes.companies))
    mentioned = pc.fill_null(best["mentioned"], True)
    best = best.set_column(best.schema.get_field_index("mentioned"), "mentioned", mentioned)
    return best.add_column(0, "id", nodes.companies)


def describe_persons(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return one row a person: `id` and the columns of `PERSON`, from the record seen last."""
    persons = facts["persons"]
    node = pc.index_in(persons["id"], value_set=nodes.persons).to_numpy(zero_copy_only=False)
    order = np.lexsort(
        [*_ranks(persons, ("record", "dataset")), -days(persons["last_seen_on"]), ~is_open(persons), node]
    )
    best = _first_of_each(persons.take(pa.array(order)), node[order], PERSON, len(nodes.persons))
    best = best.set_column(0, "name", pc.coalesce(best["name"].combine_chunks(), pa.scalar("")))
    return best.add_column(0, "id", nodes.persons)


def describe_contact_points(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return one row a contact point: `id`, `kind` and the way of writing it that sorts first."""
    points = facts["contact_points"]
    ids = contact_ids(points["kind"], points["key"])
    node = pc.index_in(ids, value_set=nodes.contact_points).to_numpy(zero_copy_only=False)
    order = np.lexsort([*_ranks(points, ("display",)), node])
    best = _first_of_each(points.take(pa.array(order)), node[order], ("kind", "display"), len(nodes.contact_points))
    return best.add_column(0, "id", nodes.contact_points)


def gather_names(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return every name that a company or person bears or bore, once by node, name and kind, sorted so.

    Columns: `node`, `name`, `kind`, `language`, the period over all statements, and the source that said it last.
    """
    persons = facts["persons"].filter(pc.is_valid(facts["persons"]["name"]))
    kind = pa.array(["legal"]).dictionary_encode().take(pa.array(np.zeros(persons.num_rows, np.int32)))
    columns = ["id", "name", "kind", "language", *TIMES, "dataset", "record"]
    named = persons.append_column("language", pa.nulls(persons.num_rows, facts["names"].schema.field("language").type))
    named = named.set_column(named.schema.get_field_index("kind"), "kind", kind)
    rows = pa.concat_tables([facts["names"].select(columns), named.select(columns)]).unify_dictionaries()
    rows = rows.filter(pc.equal(rows["known_until"].cast(pa.int32()), FOREVER))
    node = nodes.holder_of(rows["id"])
    rows, node = rows.filter(pa.array(node >= 0)), node[node >= 0]
    keys: list[Numbers] = [*_ranks(rows, ("kind", "name")), node]
    last = [*_ranks(rows, ("record", "dataset")), -days(rows["last_seen_on"])]
    order = np.lexsort([*last, *keys])
    rows, first = rows.take(pa.array(order)), starts([key[order] for key in keys])
    kept = rows.take(pa.array(first)).select(["name", "kind", "language", "last_seen_on", "dataset", "record"])
    for name, reduce in (("valid_from", np.minimum), ("valid_to", np.maximum)):
        bound = days(rows[name])
        bound = reduce.reduceat(bound, first) if len(first) else bound
        kept = kept.append_column(name, pa.array(bound, pa.int32()).cast(pa.date32()))
    return kept.add_column(0, "node", pa.array(node[order][first]))


def gather(facts: pa.Table, node: NDArray[np.int32]) -> pa.Table:
    """Return facts with their nodes first, sorted by node and then by all they say; the node's id column is dropped."""
    rows = facts.drop_columns(["id"]) if "id" in facts.column_names else facts
    rows, node = rows.filter(pa.array(node >= 0)), node[node >= 0]
    sorted_by = [name for name in rows.column_names if name not in TIMES]
    order = np.lexsort([*_ranks(rows, sorted_by[::-1]), days(rows["valid_from"]), days(rows["known_from"]), node])
    return rows.take(pa.array(order)).add_column(0, "node", pa.array(node[order]))


def gather_statuses(facts: Facts, nodes: Nodes) -> pa.Table:
    """Return the statuses of companies; one whose every record left its register is inactive from then on."""
    statuses = gather(facts["statuses"], nodes.company_of(facts["statuses"]["id"]))
    records = facts["records"]
    described = pc.invert(records["mentioned"])
    records = records.filter(pc.and_(described, pc.equal(records["known_until"].cast(pa.int32()), FOREVER)))
    node = nodes.company_of(records["id"])
    left = np.full(len(nodes.companies), -FOREVER, np.int64)
    np.maximum.at(left, node, days(records["valid_to"]).astype(np.int64))
    last = left[node] < FOREVER
    gone = records.filter(pa.array(last & (days(records["valid_to"]) == left[node])))
    rows = pa.table({name: _gone_column(name, gone, statuses.schema) for name in statuses.column_names[1:]})
    both = pa.concat_tables([statuses.drop_columns(["node"]), rows.cast(statuses.drop_columns(["node"]).schema)])
    at = np.concatenate([statuses["node"].to_numpy(), nodes.company_of(gone["id"])]).astype(np.int32)
    return gather(both.unify_dictionaries(), at)


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
    rows = statuses.filter(pa.array(in_force))
    result = np.full(n_companies, len(STATUSES) - 1, np.int8)
    if rows.num_rows == 0:
        return result
    words = rows["status"].combine_chunks()
    codes = np.array([STATUSES.index(word) for word in words.dictionary.to_pylist()], np.int8)[words.indices.to_numpy()]
    node = rows["node"].to_numpy()
    record = np.lexsort([-days(rows["valid_from"]), *_ranks(rows, ("record", "dataset")), node])
    latest = starts([column[record] for column in (*_ranks(rows, ("record", "dataset")), node)])
    np.minimum.at(result, node[record][latest], codes[record][latest])
    return result


def _first_of_each(rows: pa.Table, node: NDArray[np.int32], columns: Sequence[str], n: int) -> pa.Table:
    """Return `n` rows: of each column the first value that is there among a node's rows, which are sorted by node."""
    first = starts([node])
    first_row = np.full(n, -1, np.int64)
    first_row[node[first]] = first
    result = {}
    for name in columns:
        there = rows[name].is_valid().to_numpy()
        # The next row with a value, for every row: a minimum taken from behind.
        position = np.where(there, np.arange(len(node)), len(node))
        following = np.minimum.accumulate(position[::-1])[::-1] if len(node) else position
        at = np.full(n, len(node), np.int64)
        at[first_row >= 0] = following[first_row[first_row >= 0]]
        owned = at < len(node)
        owned[owned] = node[at[owned]] == np.flatnonzero(owned)
        result[name] = rows[name].combine_chunks().take(pa.array(np.where(owned, at, 0), mask=~owned))
    return pa.table(result)


def is_open(rows: pa.Table) -> NDArray[np.bool_]:
    """Return bool[n_rows]: whether a version is the register's last word and has not ended."""
    still: NDArray[np.bool_] = (days(rows["valid_to"]) == FOREVER) & (days(rows["known_until"]) == FOREVER)
    return still


def _scheme_ranks(ids: pa.ChunkedArray) -> NDArray[np.int64]:
    schemes = pc.list_element(pc.split_pattern(ids, ":", max_splits=1), 0).combine_chunks().dictionary_encode()
    ranks = np.array([get_scheme(code).rank for code in schemes.dictionary.to_pylist()], np.int64)
    result: NDArray[np.int64] = ranks[schemes.indices.to_numpy()]
    return result


def _ranks(rows: pa.Table, columns: Sequence[str]) -> list[Numbers]:
    return [sortable(rows[name]) for name in columns]
