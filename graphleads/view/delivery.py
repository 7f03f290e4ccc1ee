"""Deliveries and their issues as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphleads.tables.delivery import DeliveryManifest
from graphleads.tables.schema import ISSUES

ISSUE_COLUMNS = tuple(ISSUES.names)


def delivery_rows(deliveries: Iterable[DeliveryManifest]) -> Iterator[tuple[str, ...]]:
    """Yield of each delivery its dataset, id, day, kind and reader, and how many records and issues it has."""
    for one in deliveries:
        n_issues = sum(one.issues.values())
        yield (
            *(one.dataset, one.id, one.observed_on.isoformat(), one.kind.value, one.reader),
            *(f"{one.n_rows_read:,}", f"{n_issues:,}"),
        )


def issue_rows(issues: Iterable[Mapping[str, Any]]) -> Iterator[tuple[object, ...]]:
    """Yield the issues as `ISSUE_COLUMNS` names the columns."""
    for issue in issues:
        yield tuple(issue[name] for name in ISSUE_COLUMNS)
