"""Deliveries as JSON objects, and they and their issues as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphleads.errors import ValueInvalid
from graphleads.tables.delivery import DeliveryManifest
from graphleads.tables.schema import ISSUES
from graphleads.view.page import first_page

if TYPE_CHECKING:
    from graphleads.view.list_shape import DeliveriesAnswer, DeliveryAnswer

ISSUE_COLUMNS = tuple(ISSUES.names)


def deliveries_object(
    deliveries: Sequence[DeliveryManifest], *, after: str | None = None, limit: int | None = None
) -> DeliveriesAnswer:
    """Return deliveries in their order, as many as were asked for behind one of them.

    Args:
        deliveries: All of them.
        after: The dataset and id of the one that they come after, `DATASET/ID`; None for the first page.
        limit: At most so many; None for all.

    Raises:
        ValueInvalid: If there is no such delivery to come after.
    """
    places = [_place(one) for one in deliveries]
    if after is not None and after not in places:
        raise ValueInvalid(
            f"{after[:80]!r} is no place in the list of deliveries: give what the list before ends with."
        )
    behind = deliveries if after is None else deliveries[places.index(after) + 1 :]
    shown, following = first_page(behind, _place, limit=limit)
    return {"items": [delivery_object(one) for one in shown], "next": following}


def delivery_object(delivery: DeliveryManifest) -> DeliveryAnswer:
    """Return what a delivery holds and how it was read."""
    return {
        "id": delivery.id,
        "dataset": delivery.dataset,
        "kind": delivery.kind.value,
        "observed_on": delivery.observed_on,
        "reader": delivery.reader,
        "reader_version": delivery.reader_version,
        "mapping": delivery.mapping,
        "files": [
            {"name": one.name, "size": one.size, "sha256": one.sha256, "encoding": one.encoding}
            for one in delivery.files
        ],
        "n_rows_read": delivery.n_rows_read,
        "n_rows_staged": delivery.n_rows_staged,
        "n_issues": sum(delivery.issues.values()),
        "issues": delivery.issues,
        "ignored_fields": delivery.ignored_fields,
        "unknown_fields": list(delivery.unknown_fields),
        "dropped_personal_fields": delivery.dropped_personal_fields,
        "moment": delivery.moment,
        "version": delivery.version,
    }


def _place(delivery: DeliveryManifest) -> str:
    return f"{delivery.dataset}/{delivery.id}"


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
