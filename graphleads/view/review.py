"""Numbers that wait for review as JSON objects and as rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphleads.identity.review import Review

REVIEW_COLUMNS = ("stated of", "number", "register", "is of", "why not joined", "source")

_REASONS: Mapping[str, str] = {
    "no_name": "one of the two has no name to compare",
    "other_name": "who bears the number has another name",
    "usual_name": "most that state the number give another name",
}


def review_object(review: Review) -> dict[str, Any]:
    """Return how many numbers wait and those that are shown."""
    return {"n": review.n, "items": review.items}


def review_rows(review: Review) -> Iterator[tuple[str, ...]]:
    """Yield of each number both sides, where it was looked for, why it joined nobody and who states it."""
    for one in review.items:
        yield (
            _side(one["name"], one["place"], one["id"]),
            one["value"],
            f"{one['register']} ({one['scheme']})",
            _side(one["other_name"], one["other_place"], one["other_id"]),
            _REASONS[one["reason"]],
            f"{one['dataset']}, {one['record']}",
        )


def _side(name: str | None, place: str | None, company: str) -> str:
    said = ", ".join(filter(None, (name, place)))
    return "\n".join(filter(None, (said, company)))
