"""Which ids are one company, and which persons are probably one.

Companies are linked by an identifier that names one company only: the number of a primary register, or the LEI, whose
check digit does not fail; never for branches and funds. Persons are linked where a reader or mapping declared a key,
with the confidence that it stated. **No two persons are ever joined by a name alone.**

Which ids are one company is today's knowledge. A pair of persons is known since both records were: what a later
delivery says of somebody else changes no pair that was known before it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from graphleads.codes.scheme import get_scheme
from graphleads.disk import publish_folder
from graphleads.errors import StepMissing
from graphleads.graph.fold import BEGINNING, FOREVER
from graphleads.identity.declared_key import pair_persons
from graphleads.identity.link_id import REVIEW_FILE, SAME_AS_FILE, link_id
from graphleads.identity.review import build_review
from graphleads.identity.stated_number import are_stated, can_name, join_stated, of_records, schemes_of
from graphleads.model import Progress, Silence
from graphleads.remedy import Remedy
from graphleads.tables.delivery import Delivery, open_deliveries
from graphleads.tables.schema import REVIEW, SAME_AS

IDENTIFIER_PROBABILITY = 0.999
"""What a shared one-to-one identifier is worth: registers mistype them about once in a thousand."""

STATED_PROBABILITY = 0.3
"""What a number is worth that somebody states of a company of another name: it waits for somebody to look at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """What was linked.

    Attributes:
        id: Hash of the deliveries that were linked.
        path: The file of pairs.
        n_companies: Company pairs.
        n_persons: Person pairs.
        n_conflicts: Shared identifiers that would have joined two companies of one register; left alone.
        n_review: Numbers that somebody states of a company of another name; left alone.
        unchanged: Whether the same deliveries had been linked before.
    """

    id: str
    path: Path
    n_companies: int
    n_persons: int
    n_conflicts: int
    n_review: int
    unchanged: bool


def link(staged: Path, linked: Path, progress: Progress | None = None) -> LinkReport:
    """Link the ids of all deliveries and write `linked/<id>/same_as.parquet`, and `review.parquet` beside it.

    One process at a time: what is found half written there is removed.

    Raises:
        StepMissing: If nothing was ingested yet.
    """
    progress = progress or Silence()
    deliveries = open_deliveries(staged)
    if not deliveries:
        raise StepMissing("There is no register yet.", Remedy.INGEST)
    folder = linked / link_id(deliveries)
    if not (folder / "report.json").is_file():
        progress.step("link companies")
        companies, review, n_conflicts = _link_companies(deliveries)
        progress.step("link persons")
        pairs = pa.concat_tables([companies, _link_persons(deliveries)]).unify_dictionaries()
        _publish(folder, pairs, review, n_conflicts)
        return _report(folder, unchanged=False)
    return _report(folder, unchanged=True)


def _report(folder: Path, *, unchanged: bool) -> LinkReport:
    stated = json.loads((folder / "report.json").read_bytes())
    return LinkReport(id=folder.name, path=folder / SAME_AS_FILE, unchanged=unchanged, **stated)


def _publish(folder: Path, pairs: pa.Table, review: pa.Table, n_conflicts: int) -> None:
    beside = folder.parent / f".{folder.name}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    pairs = pairs.sort_by([(name, "ascending") for name in ("left", "right", "evidence", "known_from")])
    pq.write_table(pairs, beside / SAME_AS_FILE, compression="zstd")
    pq.write_table(review, beside / REVIEW_FILE, compression="zstd")
    company = pc.equal(pairs["kind"], "company")
    doubtful = pc.and_(company, pc.less(pairs["probability"], 0.5))
    n_company, n_review = (pc.sum(mask).as_py() or 0 for mask in (company, doubtful))
    stated = {
        "n_companies": n_company - n_review,
        "n_persons": pairs.num_rows - n_company,
        "n_conflicts": n_conflicts,
        "n_review": n_review,
    }
    (beside / "report.json").write_text(json.dumps(stated), encoding="utf-8")
    publish_folder(beside, folder)
    for left_behind in folder.parent.glob(".*"):
        shutil.rmtree(left_behind)


def _link_companies(deliveries: Sequence[Delivery]) -> tuple[pa.Table, pa.Table, int]:
    identifiers = _last_said(deliveries, "identifiers", ["id", "scheme", "value", "valid", "dataset", "record"])
    identifiers = identifiers.filter(pc.fill_null(identifiers["valid"], True)).combine_chunks()
    schemes, bearers = _plain(identifiers["scheme"]), identifiers["id"].combine_chunks()
    stated = pc.and_(are_stated(bearers, schemes), can_name(schemes))
    own = pc.invert(are_stated(bearers, schemes))
    named = pc.unique(_last_said(deliveries, "companies", ["id"])["id"])
    linkable = _linkable(deliveries)
    keys = pc.binary_join_element_wise(schemes, identifiers["value"].combine_chunks(), ":")
    ids = pa.concat_arrays([bearers.filter(own), named])
    keys_of_ids = pa.concat_arrays([keys.filter(own), named])
    wanted = pc.and_(_one_to_one(schemes_of(keys_of_ids)), pc.is_in(ids, value_set=linkable))
    pairs, n_conflicts = _share_identifiers(ids.filter(wanted), keys_of_ids.filter(wanted))
    stated = pc.and_(stated, pc.is_in(bearers, value_set=linkable))
    if not pc.any(stated).as_py():
        return pairs, REVIEW.empty_table(), n_conflicts
    sources = {name: identifiers[name] for name in ("valid", "dataset", "record")}
    rows = pa.table({"id": bearers, "key": keys, **sources}).filter(stated)
    borne = pa.table({"id": ids, "key": keys_of_ids}).filter(pc.is_in(ids, value_set=linkable))
    more, review = _state(deliveries, rows, borne)
    return pa.concat_tables([pairs, more]), review, n_conflicts


def _share_identifiers(ids: pa.Array, keys: pa.Array) -> tuple[pa.Table, int]:
    conflicts = _conflicts(ids, keys)
    agreed = pc.invert(pc.is_in(keys, value_set=conflicts))
    left, right, key = _stars(ids.filter(agreed), keys.filter(agreed))
    pairs = _pairs(left, right, key, kind="company", method="identifier", probability=IDENTIFIER_PROBABILITY)
    return pairs, len(conflicts)


def _state(deliveries: Sequence[Delivery], stated: pa.Table, borne: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return the pairs of records and whom the numbers that they state are of; where names do not agree, improbable.

    Those that are improbable are returned once more, as `tables.REVIEW`.
    """
    borne = borne.filter(pc.is_in(borne["key"], value_set=pc.unique(stated["key"])))
    ids = pa.concat_arrays([stated["id"].combine_chunks(), borne["id"].combine_chunks()])
    ids = pc.unique(ids)
    companies = _last_said(deliveries, "companies", ["id", "name", "mentioned", "jurisdiction", "locality"])
    companies = companies.filter(pc.is_in(companies["id"], value_set=ids))
    found = join_stated(stated.select(["id", "key", "valid"]), borne, _names(deliveries, companies, ids))
    first = pc.less(found.anchor, found.record)
    left, right = (pc.if_else(first, *ends) for ends in ((found.anchor, found.record), (found.record, found.anchor)))
    worth = pc.if_else(found.agrees, IDENTIFIER_PROBABILITY, STATED_PROBABILITY)
    pairs = _pairs(left, right, found.key, kind="company", method="stated_number", probability=worth)
    return pairs, build_review(found, stated, companies)


def _names(deliveries: Sequence[Delivery], companies: pa.Table, ids: pa.Array) -> pa.Table:
    """Return every name of some companies, `id` and `name`, but what others call those that somebody describes."""
    records = companies.filter(pc.is_valid(companies["name"]))
    described = pc.unique(records.filter(pc.invert(records["mentioned"]))["id"])
    kept = pc.or_(pc.invert(records["mentioned"]), pc.invert(pc.is_in(records["id"], value_set=described)))
    others = _last_said(deliveries, "names", ["id", "name"])
    others = others.filter(pc.is_in(others["id"], value_set=ids))
    tables = (records.filter(kept), others)
    return pa.concat_tables([pa.table({name: rows[name] for name in ("id", "name")}) for rows in tables])


def _plain(column: pa.ChunkedArray) -> pa.Array:
    return column.cast(pa.string()).combine_chunks()


def _linkable(deliveries: Sequence[Delivery]) -> pa.Array:
    """Return the ids of companies that are neither branches nor arrangements such as funds."""
    companies = _last_said(deliveries, "companies", ["id", "entity_type"])
    links = _last_said(deliveries, "links", ["source", "kind"])
    funds = companies.filter(pc.fill_null(pc.equal(companies["entity_type"], "arrangement"), False))["id"]
    parts_of = pa.array(["branch_of", "subfund_of", "feeder_to"])
    branches = links.filter(pc.is_in(links["kind"].cast(pa.string()), value_set=parts_of))["source"]
    left_out = pa.concat_arrays([_plain(funds), _plain(branches)])
    ids = pc.unique(companies["id"])
    return ids.filter(pc.invert(pc.is_in(ids, value_set=left_out)))


def _one_to_one(schemes: pa.Array) -> pa.Array:
    words = pc.unique(schemes).to_pylist()
    return pc.is_in(schemes, value_set=pa.array([word for word in words if get_scheme(word).one_to_one], pa.string()))


def _conflicts(ids: pa.Array, keys: pa.Array) -> pa.Array:
    """Return the keys that two companies of one register share, which gives a company one number: they link nobody."""
    schemes = schemes_of(ids)
    # Who keeps records may have several of one company.
    given = pc.and_not(_one_to_one(schemes), of_records(schemes))
    rows = pa.table({"key": keys, "scheme": schemes, "id": ids}).filter(given)
    counts = rows.group_by(["key", "scheme"], use_threads=False).aggregate([("id", "count_distinct")])
    return pc.unique(counts.filter(pc.greater(counts["id_count_distinct"], 1))["key"])


def _link_persons(deliveries: Sequence[Delivery]) -> pa.Table:
    pairs = pair_persons(deliveries)
    return _pairs(
        pairs.left, pairs.right, pairs.dataset, kind="person", method="declared_key", probability=pairs.probability,
        known_from=pairs.known_from, known_until=pairs.known_until,
    )  # fmt: skip


def _stars(ids: pa.Array, keys: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return (first id, other id, key) for the ids of each key: all of them around the one that sorts first."""
    rows = pa.table({"key": keys, "id": ids}).group_by(["key", "id"], use_threads=False).aggregate([])
    rows = rows.sort_by([("key", "ascending"), ("id", "ascending")])
    codes = rows["key"].combine_chunks().dictionary_encode().indices.to_numpy()
    new = np.diff(codes, prepend=-1) != 0
    first: NDArray[np.int64] = np.maximum.accumulate(np.where(new, np.arange(len(codes)), 0)) if len(codes) else codes
    other = np.flatnonzero(~new)
    id_column, key_column = rows["id"].combine_chunks(), rows["key"].combine_chunks()
    return id_column.take(pa.array(first[other])), id_column.take(pa.array(other)), key_column.take(pa.array(other))


def _pairs(left: pa.Array, right: pa.Array, evidence: pa.Array, **said: str | float | pa.Array) -> pa.Table:
    """Return pairs; what is said of all of them alike is one value, and who is not said to be known since is always."""
    n = len(left)
    always = {"judgement": pa.scalar(None, pa.string()), "known_from": _day(BEGINNING), "known_until": _day(FOREVER)}
    columns: dict[str, Any] = {**always, "left": left, "right": right, "evidence": evidence, **said}
    arrays = []
    for field in SAME_AS:
        column = columns[field.name]
        column = column if isinstance(column, pa.Array) else pa.repeat(pa.scalar(column), n)
        arrays.append(column.dictionary_encode() if pa.types.is_dictionary(field.type) else column.cast(field.type))
    return pa.Table.from_arrays(arrays, schema=SAME_AS)


def _day(number: int) -> pa.Scalar:
    return pa.scalar(number, pa.int32()).cast(pa.date32())


def _last_said(deliveries: Sequence[Delivery], table: str, columns: list[str]) -> pa.Table:
    """Return the rows of each record's last delivery."""
    pieces = [
        one.read(table, ["dataset", "record", "op", *(name for name in columns if name not in ("dataset", "record"))])
        for one in deliveries
    ]
    ordinal = np.repeat(np.arange(len(pieces)), [piece.num_rows for piece in pieces])
    rows = pa.concat_tables(pieces).unify_dictionaries()
    whose = pc.binary_join_element_wise(
        _plain(rows["dataset"]), rows["record"].combine_chunks(), "\x1f"
    ).dictionary_encode()
    codes = whose.indices.to_numpy()
    last = np.zeros(len(whose.dictionary), np.int64)
    np.maximum.at(last, codes, ordinal)
    kept = rows.filter(pa.array(last[codes] == ordinal))
    return kept.filter(pc.not_equal(kept["op"].cast(pa.string()), "void")).select(columns)
