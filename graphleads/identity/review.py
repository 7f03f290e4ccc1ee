"""Numbers that somebody states of a company and that joined nobody, with both sides, for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphleads.codes.scheme import get_scheme
from graphleads.identity.stated_number import Stated
from graphleads.tables.schema import REVIEW

NO_NAME, OTHER_NAME, USUAL_NAME = "no_name", "other_name", "usual_name"
"""Why a number joined nobody: one side has no name; who bears the number has other names; the number is of no company
that is described, and most records that state it give another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Numbers that wait for review.

    Attributes:
        n: How many there are.
        items: The first of them by record and number, each with the columns of `tables.REVIEW` and `register`, the
            name of the register of `scheme`.
    """

    n: int
    items: list[dict[str, Any]]


def read_review(path: Path, *, limit: int | None = None) -> Review:
    """Return what waits for review in a file that `link` wrote, at most `limit` of it."""
    rows = pq.read_table(path, schema=REVIEW)
    shown = rows.slice(0, limit).to_pylist()
    return Review(n=rows.num_rows, items=[row | {"register": get_scheme(row["scheme"]).name} for row in shown])


def build_review(found: Stated, identifiers: pa.Table, companies: pa.Table) -> pa.Table:
    """Return the numbers that joined nobody as `tables.REVIEW`, by record and number.

    Args:
        found: What the stated numbers join.
        identifiers: `id`, `key`, `dataset`, `record`: who states which number where.
        companies: `id`, `name`, `mentioned`, `jurisdiction`, `locality`: the records of all who are in `found`.
    """
    apart = pc.invert(found.agrees)
    record, key, other = (column.filter(apart) for column in (found.record, found.key, found.anchor))
    called = _called(companies)
    own, others = _of(called, record), _of(called, other)
    usual = _usual(found, called)
    other_name = pc.coalesce(others["name"], usual["name"].take(pc.index_in(key, value_set=_whole(usual["key"]))))
    described = pc.is_in(other, value_set=_whole(called["id"]))
    differs = pc.if_else(described, OTHER_NAME, USUAL_NAME)
    nameless = pc.or_(pc.is_null(own["name"]), pc.is_null(other_name))
    source = _sources(identifiers, record, key)
    parts = pc.split_pattern(key, ":", max_splits=1)
    columns = {
        "id": record, "name": own["name"], "place": own["place"],
        "scheme": pc.list_element(parts, 0), "value": pc.list_element(parts, 1),
        "other_id": other, "other_name": other_name, "other_place": others["place"],
        "reason": pc.if_else(nameless, NO_NAME, differs),
        "dataset": source["dataset"], "record": source["record"],
    }  # fmt: skip
    rows = pa.table({name: column.cast(pa.string()) for name, column in columns.items()})
    rows = rows.sort_by([(name, "ascending") for name in ("id", "scheme", "value", "other_id")])
    return rows.cast(REVIEW)


def _called(companies: pa.Table) -> pa.Table:
    """Return `id`, `name` and `place` of each company once, as its own register has them where it does."""
    rows = pa.table(
        {
            "id": companies["id"],
            "name": companies["name"],
            "mentioned": companies["mentioned"].cast(pa.int8()),
            "place": _places(_whole(companies["locality"]), _whole(companies["jurisdiction"].cast(pa.string()))),
        }
    )
    rows = rows.sort_by([(name, "ascending") for name in ("id", "mentioned", "name", "place")])
    first = rows.group_by("id", use_threads=False).aggregate([("name", "first"), ("place", "first")])
    return first.rename_columns(["id", "name", "place"])


def _places(locality: pa.Array, jurisdiction: pa.Array) -> pa.Array:
    return pc.coalesce(pc.binary_join_element_wise(locality, jurisdiction, ", "), locality, jurisdiction)


def _of(called: pa.Table, ids: pa.Array) -> pa.Table:
    return called.take(pc.index_in(ids, value_set=_whole(called["id"])))


def _usual(found: Stated, called: pa.Table) -> pa.Table:
    """Return `key` and `name`: what the records call a company that a number joined, the first by the alphabet."""
    record, key = (column.filter(found.agrees) for column in (found.record, found.key))
    rows = pa.table({"key": key, "name": _of(called, record)["name"]})
    first = rows.group_by("key", use_threads=False).aggregate([("name", "min")])
    return first.rename_columns(["key", "name"])


def _sources(identifiers: pa.Table, record: pa.Array, key: pa.Array) -> pa.Table:
    """Return the `dataset` and `record` in which each id states each number, the first of several."""
    rows = pa.table(
        {
            "fact": pc.binary_join_element_wise(identifiers["id"], identifiers["key"], "\x1f"),
            "dataset": identifiers["dataset"].cast(pa.string()),
            "record": identifiers["record"],
        }
    )
    rows = rows.sort_by([(name, "ascending") for name in ("fact", "dataset", "record")])
    facts = pc.binary_join_element_wise(record, key, "\x1f")
    return rows.take(pc.index_in(facts, value_set=_whole(rows["fact"])))


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
