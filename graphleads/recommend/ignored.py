"""What is near the customers and not followed, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.graph.view import TieView
from graphleads.model import Ignored
from graphleads.names.normalize import name_key
from graphleads.recommend.wording import WORDINGS


def ignored_near(
    store: EmbeddedStore, view: TieView, nodes: Sequence[int], *, limit: int, language: str
) -> tuple[Ignored, ...]:
    """Return the neighbours of some companies that the walk does not follow, those of most companies first, ties by id.

    Args:
        store: The graph.
        view: The ties of the day that is asked for.
        nodes: Company nodes.
        limit: How many to return at most.
        language: A key of `wording.WORDINGS`.
    """
    others, edges = _not_followed(view, np.array(nodes, np.int64))
    if len(others) == 0:
        return ()
    n_companies = view.n_companies(others)
    first = np.lexsort((others, -n_companies))[:limit]
    reasons = store.why_ignored(edges[first], view)
    words = WORDINGS[language].ignored
    refs = store.refs(others[first].tolist(), view.days)
    return tuple(
        Ignored(
            node=refs[node], n_companies=n,
            reason=words[reason or "weightless"].format(name=refs[node].name, n=n),
        )
        for node, n, reason in zip(others[first].tolist(), n_companies[first].tolist(), reasons, strict=True)
    )  # fmt: skip


def _not_followed(view: TieView, nodes: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return what is in force at some nodes and not followed: each neighbour once, and the last edge to it."""
    edges, others = view.edges_at(nodes)
    aside, place = np.unique(others, return_inverse=True)
    kept = (view.weight_of(edges) <= 0) | view.blocked(aside)[place]
    edges, others = edges[kept], others[kept]
    aside, last = np.unique(others[::-1], return_index=True)
    return aside, edges[::-1][last]


def namesakes(
    store: EmbeddedStore, view: TieView, *, seeds: Iterable[int], company: int, language: str
) -> tuple[Ignored, ...]:
    """Return the persons at a company who share a name with a person at a seed, and nothing else: they stay two people.

    Args:
        store: The graph.
        view: The ties of the day that is asked for.
        seeds: Company nodes.
        company: The company's node.
        language: A key of `wording.WORDINGS`.
    """
    here, near = _persons(view, company), {seed: _persons(view, seed) for seed in seeds}
    refs = store.refs([*here, *near, *(person for persons in near.values() for person in persons)], view.days)
    called = {name_key(refs[node].name): node for node in here}
    found: dict[int, int] = {}
    for seed, persons in near.items():
        for person in persons:
            node = called.get(name_key(refs[person].name))
            if node is not None and not _joined(view, person, node):
                found[node] = seed
    words = WORDINGS[language].ignored["namesake"]
    n_companies = view.n_companies(np.array(sorted(found), np.int32))
    return tuple(
        Ignored(
            node=refs[node], n_companies=n, reason=words.format(name=refs[node].name, other=refs[seed].name)
        )
        for (node, seed), n in zip(sorted(found.items()), n_companies.tolist(), strict=True)
    )  # fmt: skip


def _persons(view: TieView, node: int) -> list[int]:
    others = np.unique(view.edges_at(np.array([node]))[1])
    first = view.snapshot.n_companies
    persons: list[int] = others[(first <= others) & (others < first + view.snapshot.n_persons)].tolist()
    return persons


def _joined(view: TieView, person: int, other: int) -> bool:
    """Return whether two persons are one node, or joined by a person that both are probably the same as."""
    near, there = set(_persons(view, person)), set(_persons(view, other))
    return person == other or other in near or bool(near & there)
