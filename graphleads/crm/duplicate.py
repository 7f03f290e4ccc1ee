"""Customers that are likely one: the same identifier, or the same name in the same country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from graphleads.codes.scheme import normalize_identifiers
from graphleads.model import CustomerRecord
from graphleads.names.normalize import fold_names


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelyDuplicate:
    """Customers that are likely one company, by external id, and what they share."""

    external_ids: tuple[str, ...]
    shared: str


def find_duplicates(records: Sequence[CustomerRecord], among: Collection[str]) -> tuple[LikelyDuplicate, ...]:
    """Return the groups of customers that are likely one, by their first external id.

    Args:
        records: Customers, each external id once.
        among: External ids of which each group has at least one.
    """
    by_identifier = _groups(_identifier_keys(records))
    by_name = _groups(_name_keys(records))
    found = [LikelyDuplicate(external_ids=ids, shared=shared) for shared, ids in by_identifier]
    known = {one.external_ids for one in found}
    found += [LikelyDuplicate(external_ids=ids, shared=shared) for shared, ids in by_name if ids not in known]
    asked = [one for one in found if any(external_id in among for external_id in one.external_ids)]
    return tuple(sorted(asked, key=lambda one: (one.external_ids, one.shared)))


def _groups(keys: Iterable[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
    members: dict[str, set[str]] = defaultdict(set)
    for key, external_id in keys:
        members[key].add(external_id)
    return [(key, tuple(sorted(ids))) for key, ids in members.items() if len(ids) > 1]


def _identifier_keys(records: Sequence[CustomerRecord]) -> Iterator[tuple[str, str]]:
    by_scheme: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for record in records:
        for scheme, value in record.identifiers:
            by_scheme[scheme].append((value, record.external_id))
    for scheme, pairs in by_scheme.items():
        values = normalize_identifiers(scheme, pa.array([value for value, _ in pairs], pa.string()))
        for normal, (_, external_id) in zip(values.to_pylist(), pairs, strict=True):
            if normal is not None:
                yield f"identifier {scheme} {normal}".replace("  ", " "), external_id


def _name_keys(records: Sequence[CustomerRecord]) -> Iterator[tuple[str, str]]:
    folded = fold_names(pa.array([record.name for record in records], pa.string()))
    for name, record in zip(folded.to_pylist(), records, strict=True):
        if name:
            yield f"name {name!r} in {record.jurisdiction or 'an unknown country'}", record.external_id
