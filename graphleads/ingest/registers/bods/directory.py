"""Which statements are of one record and in which order, and whom each record names.

A relationship names its two ends by their records, which may stand after it and in another file. So all statements are
gone through for a directory of the records first, which takes some hundred bytes a record, and then for the rows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.formats.json_block import clean_texts
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.registers.bods.statement import ENTITY, PERSON, days

ENTITY_ID = "X-BODS"
"""Scheme of entities: `<publisher>/<record>`; their numbers are stated of them."""

PERSON_ID = "X-BODS-PERSON"
"""Scheme of people: `<publisher>/<record>`."""

NO_DAY = np.int32(np.iinfo(np.int32).max)

_DAY = 1_000_000
"""More than the seconds of a day, written as hhmmss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The statements of one record, one after the other; every array has an element a statement of the directory.

    Attributes:
        sequence: int32[n], the place among the statements of its record.
        made_on: int32[n], the statement's day in days since 1970, `NO_DAY` if it has none.
        until: int32[n], the day of the statement that takes its place, `NO_DAY` if none does.
        superseded: bool[n], whether another statement takes its place.
        versioned: bool[n], whether the record has other statements or another one takes its place.
    """

    sequence: NDArray[np.int32]
    made_on: NDArray[np.int32]
    until: NDArray[np.int32]
    superseded: NDArray[np.bool_]
    versioned: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What the first reading found.

    Attributes:
        versions: The order of the statements.
        roots: By the id of a statement of 0.2 or 0.3 that replaces another: the id of its record.
        keys: uint64[k], ascending hashes of the records that are entities or people, and of their statements, which
            some publishers of 0.4 refer to.
        places: int64[k], where their records stand in the columns below.
        ids: string[m], the records' ids.
        held_as: string[m], trust or nominee if the record is such an arrangement.
        reasons: string[m], why somebody is not named.
    """

    versions: Versions
    roots: dict[str, str]
    keys: NDArray[np.uint64]
    places: NDArray[np.int64]
    ids: pa.Array
    held_as: pa.Array
    reasons: pa.Array

    def records(self, keys: pa.Array) -> pa.Array:
        """Return the record of each statement's or record's id: string[n]."""
        return replaced_roots(keys, self.roots)

    def find(self, records: pa.Array) -> pa.Array:
        """Return where records stand in `ids`: int64[n], null where they do not."""
        hashes = hash_keys(records)
        if not len(self.keys):
            return pa.nulls(len(hashes), pa.int64())
        at = np.minimum(np.searchsorted(self.keys, hashes), len(self.keys) - 1)
        known = (self.keys[at] == hashes) & pc.is_valid(records).to_numpy(zero_copy_only=False)
        return pa.array(self.places[at], mask=~known)


def hash_keys(keys: pa.Array) -> NDArray[np.uint64]:
    """Return a hash of each text, uint64[n]; 30 million texts collide with a probability of 1 in 40,000."""
    texts = pc.fill_null(keys, "").to_numpy(zero_copy_only=False)
    hashes: NDArray[np.uint64] = pd.util.hash_array(texts, categorize=False)
    return hashes


def replaced_roots(keys: pa.Array, roots: dict[str, str]) -> pa.Array:
    """Return the first statement of the chain that each id is of, the id itself where nothing was replaced."""
    if not roots:
        return keys
    encoded = keys.dictionary_encode()
    return pa.array([roots.get(key, key) for key in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def made_ids(scheme: pa.Array | str, publishers: pa.Array, records: pa.Array) -> pa.Array:
    """Return ids of records, which are unique with their publisher only: string[n], null where the record is."""
    known = pc.utf8_lower(pc.fill_null(publishers, ""))
    words = pc.utf8_slice_codeunits(pc.utf8_trim(pc.replace_substring_regex(known, r"[^\pL\pN]+", "-"), "-"), 0, 64)
    publisher = pc.if_else(pc.equal(words, ""), "", pc.binary_join_element_wise(words, "", "/"))
    # An id has at most 512 characters.
    return pc.binary_join_element_wise(scheme, ":", publisher, pc.utf8_slice_codeunits(records, 0, 400), "")


class DirectoryDraft:
    """Takes blocks of statements, and gives the directory of all of them."""

    def __init__(self) -> None:
        self._n = 0
        self._keys: list[NDArray[np.uint64]] = []
        self._moments: list[NDArray[np.int64]] = []
        self._published: list[NDArray[np.int32]] = []
        self._replaced: dict[str, str] = {}
        self._also_ended: dict[str, int] = {}
        self._replacing: list[tuple[int, str, int]] = []
        self._named: list[pa.Table] = []

    def add(self, block: RowBlock) -> None:
        """Take a block, as `read_statements` yields it."""
        columns = block.columns
        moment = _moments(columns["statementDate"], columns["publicationDetails.publicationDate"])
        self._keys.append(hash_keys(columns["key"]))
        self._moments.append(moment)
        self._published.append(_day_numbers(columns["publicationDetails.publicationDate"]))
        self._note_replaced(columns, moment)
        for kind in (ENTITY, PERSON):
            self._name(block.filter(pc.equal(columns["kind"], kind)), kind)
        self._n += block.n_rows

    def _note_replaced(self, columns: dict[str, pa.Array], moment: NDArray[np.int64]) -> None:
        n_replaced = pc.fill_null(pc.list_value_length(columns["replacesStatements"]), 0)
        for place in np.flatnonzero(n_replaced.to_numpy(zero_copy_only=False)):
            key = columns["key"][place].as_py()
            first, *others = [*filter(None, clean_texts(columns["replacesStatements"][place].values).to_pylist()), key]
            if first != key:
                self._replaced[key] = first
                self._replacing.append((self._n + int(place), key, int(moment[place] // _DAY)))
            for other in others[:-1]:
                self._also_ended[other] = int(moment[place] // _DAY)

    def _name(self, block: RowBlock, kind: str) -> None:
        columns = block.columns
        named = {
            "key": columns["key"],
            "statement": columns["statementId"],
            "scheme": pa.repeat(ENTITY_ID if kind == ENTITY else PERSON_ID, block.n_rows),
            "publisher": columns["publicationDetails.publisher.name"],
            "held_as": _arrangements(columns["entityType.subtype"]),
            "reason": pc.coalesce(
                columns["unspecifiedEntityDetails.reason"], columns["unspecifiedPersonDetails.reason"]
            ),
        }
        self._named.append(pa.table(named))

    def finish(self) -> Directory:
        """Return the directory of all that was added."""
        self._take_splits_apart()
        keys = np.concatenate([*self._keys, np.zeros(0, np.uint64)])
        roots = {key: _root(key, self._replaced) for key in self._replaced}
        records = keys.copy()
        if self._replacing:
            numbers = np.array([number for number, _, _ in self._replacing])
            records[numbers] = hash_keys(pa.array([roots[key] for _, key, _ in self._replacing], pa.string()))
        moments = np.concatenate([*self._moments, np.zeros(0, np.int64)])
        published = np.concatenate([*self._published, np.zeros(0, np.int32)])
        versions = _order(records, moments, published)
        self._end_others(keys, versions)
        return Directory(versions=versions, roots=roots, **_naming(self._named, roots))

    def _take_splits_apart(self) -> None:
        """End a statement that several others replace: none of these is the next version of it."""
        n_replacing = Counter(self._replaced.values())
        split = {key: first for key, first in self._replaced.items() if n_replacing[first] > 1}
        for _, key, day in self._replacing:
            if key in split:
                self._also_ended[split[key]] = min(day, self._also_ended.get(split[key], day))
        self._replaced = {key: first for key, first in self._replaced.items() if key not in split}
        self._replacing = [one for one in self._replacing if one[1] not in split]

    def _end_others(self, keys: NDArray[np.uint64], versions: Versions) -> None:
        """End the statements that another one replaces beside the first of them."""
        if not self._also_ended:
            return
        others = hash_keys(pa.array(list(self._also_ended), pa.string()))
        ends = np.array(list(self._also_ended.values()), np.int32)
        order = np.argsort(others)
        place = np.minimum(np.searchsorted(others[order], keys), len(others) - 1)
        found = (others[order][place] == keys) & ~versions.superseded
        versions.until[found] = ends[order][place][found]
        versions.superseded[found] = True
        versions.versioned[found] = True


def _arrangements(subtypes: pa.Array) -> pa.Array:
    """Return how what is held by an arrangement of a subtype is held: string[n]."""
    place = pc.index_in(subtypes, value_set=pa.array(["trust", "nomination"]))
    return pa.array(["trust", "nominee"]).take(place)


def _moments(texts: pa.Array, published: pa.Array) -> NDArray[np.int64]:
    """Return day × `_DAY` + hhmmss of dates and times, the day of publication where there is none: int64[n]."""
    clock = pc.replace_substring(pc.utf8_slice_codeunits(texts, 11, 19), ":", "")
    is_clock = pc.fill_null(pc.match_substring_regex(clock, "^[0-9]{6}$"), False)
    second = pc.if_else(is_clock, clock, "0").cast(pa.int64())
    made = _day_numbers(texts)
    day = np.where(made == NO_DAY, _day_numbers(published), made).astype(np.int64)
    moments: NDArray[np.int64] = day * _DAY + pc.fill_null(second, 0).to_numpy(zero_copy_only=False)
    return moments


def _day_numbers(texts: pa.Array) -> NDArray[np.int32]:
    """Return days since 1970, `NO_DAY` where a text is no day: int32[n]."""
    parsed = pc.strptime(days(texts), format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32())
    numbers: NDArray[np.int32] = pc.fill_null(parsed.cast(pa.int32()), int(NO_DAY)).to_numpy(zero_copy_only=False)
    return numbers


def _root(key: str, replaced: dict[str, str]) -> str:
    """Return the end of a chain of replaced statements; one that runs in a circle ends where it closes."""
    seen = {key}
    while (key := replaced.get(key, key)) not in seen:
        seen.add(key)
    return key if key not in replaced else min(seen)


def _order(records: NDArray[np.uint64], moments: NDArray[np.int64], published: NDArray[np.int32]) -> Versions:
    """Order the statements of each record by their own day and time, publication, and place in the files."""
    n = len(records)
    order = np.lexsort((np.arange(n), published, moments, records))
    same = records[order][1:] == records[order][:-1]
    place = np.arange(n)
    first = np.maximum.accumulate(np.where(np.concatenate(([False], same)), 0, place)) if n else place
    made_on = np.where(moments // _DAY >= NO_DAY, NO_DAY, moments // _DAY).astype(np.int32)
    sequence, until = np.empty(n, np.int32), np.full(n, NO_DAY, np.int32)
    superseded, versioned = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    sequence[order] = place - first
    before, after = order[:-1][same], order[1:][same]
    until[before], superseded[before] = made_on[after], True
    versioned[before] = versioned[after] = True
    return Versions(sequence=sequence, made_on=made_on, until=until, superseded=superseded, versioned=versioned)


def _naming(named: list[pa.Table], roots: dict[str, str]) -> dict[str, Any]:
    """Return whom the records name, as the latest statement of each has it."""
    if not named:
        empty = pa.nulls(0, pa.string())
        nothing = {"keys": np.zeros(0, np.uint64), "places": np.zeros(0, np.int64)}
        return {**nothing, "ids": empty, "held_as": empty, "reasons": empty}
    rows = pa.concat_tables(named).combine_chunks()
    columns = {name: rows[name].combine_chunks() for name in rows.column_names}
    records = replaced_roots(columns["key"], roots)
    hashes = hash_keys(records)
    order = np.lexsort((-np.arange(len(hashes)), hashes))
    own, first = np.unique(hashes[order], return_index=True)
    best = pa.array(order[first])
    scheme, publisher, record = columns["scheme"].take(best), columns["publisher"].take(best), records.take(best)
    stated = pc.is_valid(columns["statement"]).to_numpy(zero_copy_only=False)
    keys = np.concatenate([own, hash_keys(columns["statement"])[stated]])
    keys, kept = np.unique(keys, return_index=True)
    return {
        "keys": keys,
        "places": np.concatenate([np.arange(len(own)), np.searchsorted(own, hashes)[stated]])[kept],
        "ids": made_ids(scheme, publisher, record),
        "held_as": columns["held_as"].take(best),
        "reasons": columns["reason"].take(best),
    }
