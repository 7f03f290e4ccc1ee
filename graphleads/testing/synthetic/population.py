"""The companies: groups, shells, ages and deaths."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphleads.testing.synthetic.arrays import (
    ACTIVE,
    DISSOLVED,
    IN_LIQUIDATION,
    INACTIVE,
    NO_DAY,
    NOBODY,
    OBSERVED,
    Companies,
    Numbers,
)
from graphleads.testing.synthetic.words import MEMBERS

GROUPED = 0.12
"""Share of companies in a corporate group."""
SHELLS = 0.08
"""Share of companies that exist on paper only."""
RENAMED = 0.08
"""Share of companies with a former name."""
STATUS_SHARES = (0.77, 0.02, 0.01, 0.20)
"""Shares of active, inactive, in liquidation, dissolved."""
OLDEST = OBSERVED - 45 * 365
"""The first day of incorporation."""


def draw_companies(rng: np.random.Generator, n: int, n_names: int) -> tuple[Companies, Numbers]:
    """Return `n` companies, and the name numbers that no company bears.

    Args:
        rng: The source of chance.
        n: How many companies.
        n_names: How many different names the words give; more than `n`.
    """
    place, order = rng.random(n), rng.permutation(n).astype(np.int32)
    family, member, parent = _draw_groups(rng, order)
    incorporated, dissolved, status = _draw_lives(rng, n)
    alone = order[int(GROUPED * n) + len(MEMBERS) :]
    shell = np.zeros(n, dtype=bool)
    shell[alone[: int(SHELLS * n)]] = True
    # The largest registers leave fewer names to spare: fewer companies were renamed then.
    names = rng.choice(n_names, size=min(n + n // 8, n_names), replace=False).astype(np.int32)
    n_spare = len(names) - n - n // 100
    former = np.full(n, NOBODY, dtype=np.int32)
    renamed = np.flatnonzero(rng.random(n) < RENAMED)[: min(n // 10, n_spare)]
    former[renamed] = names[n : n + len(renamed)]
    companies = Companies(
        place=place[family],
        family=family,
        member=member,
        parent=parent,
        shell=shell,
        status=status,
        incorporated=incorporated,
        dissolved=dissolved,
        name=names[family],
        former=former,
    )
    return companies, names[n + len(renamed) :]


def _draw_groups(rng: np.random.Generator, order: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return family, member and parent: trees in which early members have most of the subsidiaries."""
    n = len(order)
    sizes = _draw_sizes(rng, int(GROUPED * n))
    starts = np.cumsum(sizes) - sizes
    top = np.repeat(starts, sizes)
    rank = np.arange(len(top)) - top
    above = top + (rng.random(len(top)) ** 2 * rank).astype(np.int64)
    members = order[: len(top)]
    family, member = np.arange(n, dtype=np.int32), np.full(n, NOBODY, dtype=np.int32)
    parent = np.full(n, NOBODY, dtype=np.int32)
    family[members], member[members] = order[top], rank
    parent[members[rank > 0]] = order[above[rank > 0]]
    return family, member, parent


def _draw_sizes(rng: np.random.Generator, total: int) -> NDArray[np.int64]:
    """Return heavy-tailed group sizes of 2 or more, which sum to `total` or slightly more."""
    sizes = np.minimum(1 + rng.zipf(2.0, size=total // 2 + 1), len(MEMBERS))
    return sizes[: int(np.searchsorted(np.cumsum(sizes), total)) + 1]


def _draw_lives(rng: np.random.Generator, n: int) -> tuple[Numbers, Numbers, NDArray[np.int8]]:
    """Return the days of incorporation and dissolution, and the status. There are more young companies than old."""
    born = (OBSERVED - 30 - rng.random(n) ** 1.6 * (OBSERVED - 30 - OLDEST)).astype(np.int32)
    status = rng.choice((ACTIVE, INACTIVE, IN_LIQUIDATION, DISSOLVED), size=n, p=STATUS_SHARES).astype(np.int8)
    age = (rng.random(n) * (OBSERVED - born)).astype(np.int32)
    dissolved = np.where(status == DISSOLVED, born + 1 + age, NO_DAY).astype(np.int32)
    return born, dissolved, status
