"""Runs in brief as JSON objects and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from graphleads.view.page import first_page

if TYPE_CHECKING:
    from graphleads.leads.run_line import RunLine
    from graphleads.view.list_shape import RunLineAnswer, RunsAnswer


def runs_object(lines: Sequence[RunLine], *, limit: int | None) -> RunsAnswer:
    """Return runs in brief; of one more than `limit`, that there are more."""
    shown, following = first_page(lines, lambda one: one.place, limit=limit)
    return {"items": [run_line(one) for one in shown], "next": following}


def run_line(run: RunLine) -> RunLineAnswer:
    """Return a run in brief."""
    return {
        "id": run.id,
        "by": run.by,
        "snapshot": run.snapshot,
        "as_of": run.as_of,
        "k": run.k,
        "n_seeds": run.n_seeds,
        "n_leads": run.n_leads,
        "created_at": run.created_at,
        "shown_at": run.shown_at,
        "pinned_at": run.pinned_at,
    }


def run_rows(lines: Iterable[RunLine]) -> Iterator[tuple[object, ...]]:
    """Yield a row a run: its id, when it was shown last, who asked, the day, its seeds, its leads, if it is pinned."""
    for one in lines:
        yield (
            *(one.id, f"{one.shown_at:%Y-%m-%d %H:%M} UTC", one.by, one.as_of, f"{one.n_seeds:,}", f"{one.n_leads:,}"),
            f"pinned since {one.pinned_at:%Y-%m-%d}" if one.pinned_at else "",
        )
