"""What the registers say of whether a company may be a lead on a day: arrays that a kernel reads."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.describe import thrives_on
from graphleads.graph.entity_view import EntityView
from graphleads.graph.snapshot import Snapshot


class CompanyStates(NamedTuple):
    """What is said of companies on a day.

    Attributes:
        thrives: bool[n_companies], those that the registers say nothing against.
        mentioned: bool[n_companies], those that are known only as somebody's holder or subsidiary.
        by_place: Whether the arrays are of the companies that are asked for, in their order, and not of all by node.
    """

    thrives: NDArray[np.bool_]
    mentioned: NDArray[np.bool_]
    by_place: bool


def own_states(snapshot: Snapshot) -> CompanyStates:
    """Return what a snapshot says of all of its companies on its own day."""
    mentioned = snapshot.companies["mentioned"].to_numpy()
    return CompanyStates(thrives=snapshot.node_array("thrives"), mentioned=mentioned, by_place=False)


def read_states(entities: EntityView, companies: NDArray[np.integer[Any]], own: CompanyStates) -> CompanyStates:
    """Return what was said of some companies on a day, which is of most what is said on the snapshot's own.

    Args:
        entities: The entities of the day.
        companies: Company nodes.
        own: What is said of all on the snapshot's own day.
    """
    thrives, mentioned = own.thrives[companies], own.mentioned[companies]
    changed = np.flatnonzero(~entities.are_settled(companies))
    if len(changed):
        others = companies[changed]
        described = entities.companies(others, ["mentioned", "incorporated_on", "dissolved_on"])
        thrives[changed] = thrives_on(described, entities.statuses(others), entities.day.valid_on)
        mentioned[changed] = pc.fill_null(described["mentioned"], True).to_numpy()
    return CompanyStates(thrives=thrives, mentioned=mentioned, by_place=True)
