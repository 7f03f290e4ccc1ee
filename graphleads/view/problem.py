"""Why one of many things could not be done, as a JSON object."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphleads.errors import GraphLeadsError
    from graphleads.view.list_shape import ItemError

Tell = Callable[["GraphLeadsError"], str]
"""Puts an error into a sentence in the words of a face; `str` has the command line's."""


def item_error(error: GraphLeadsError, tell: Tell) -> ItemError:
    """Return an error of one item of many, in the words of a face."""
    return {
        "code": error.code(),
        "detail": tell(error),
        "next_step": error.remedy.code if error.remedy else None,
        "values": {name: list(one) if isinstance(one, tuple) else one for name, one in error.values.items()},
        "errors": [],
    }
