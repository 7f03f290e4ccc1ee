"""What became of customers that a program brought in, as JSON objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from graphleads.view.customer import match_object
from graphleads.view.problem import Tell, item_error

if TYPE_CHECKING:
    from graphleads.view.list_shape import ItemError, PutAllAnswer, PutItemAnswer
    from graphleads.workspace.putting import PutItem


def put_item_object(item: PutItem, tell: Tell) -> PutItemAnswer:
    """Return what became of one customer; an error in the words of a face."""
    return {
        "external_id": item.external_id,
        "result": item.result.value,
        "match": match_object(item.match) if item.match else None,
        "dropped_personal": dict(item.dropped_personal),
        "error": item_error(item.error, tell) if item.error else None,
    }


def refused_object(external_id: object, error: ItemError) -> PutItemAnswer:
    """Return that one customer could not be read at all, under the id that it was given, if that is one."""
    return {
        "external_id": external_id if isinstance(external_id, str) else None,
        "result": "refused",
        "match": None,
        "dropped_personal": {},
        "error": error,
    }


def put_all_object(import_id: int | None, items: Sequence[PutItemAnswer]) -> PutAllAnswer:
    """Return what became of customers, each in its place, and how many became what."""
    counts = Counter(one["result"] for one in items)
    return {
        "import_id": import_id,
        "n_created": counts["created"],
        "n_changed": counts["changed"],
        "n_unchanged": counts["unchanged"],
        "n_refused": counts["refused"],
        "items": list(items),
    }
