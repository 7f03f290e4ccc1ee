"""What is near the customers and not followed, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from graphleads.graph.lookup import rows_between
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import Ignored, NodeKind
from graphleads.names.normalize import name_key
from graphleads.recommend.ties import History
from graphleads.recommend.wording import WORDINGS


def ignored_near(
    store: EmbeddedStore, history: History, nodes: Sequence[int], *, limit: int, language: str
) -> tuple[Ignored, ...]:
    """Return the neighbours of some companies that the walk does not follow, those of most companies first, ties by id.

    Args:
        store: The graph.
        history: All edges, and the day that is asked for.
        nodes: Company nodes.
        limit: How many to return at most.
        language: A key of `wording.WORDINGS`.
    """
    others, edges = _not_followed(history, np.array(nodes, np.int64))
    if len(others) == 0:
        return ()
    n_companies = store.snapshot.node_array("n_companies")
    first = np.lexsort((others, -n_companies[others]))[:limit]
    reasons = store.why_ignored(edges[first])
    words = WORDINGS[language].ignored
    refs = store.refs(others[first].tolist())
    return tuple(
        Ignored(
            node=refs[node],
            n_companies=int(n_companies[node]),
            reason=words[reason or "weightless"].format(name=refs[node].name, n=int(n_companies[node])),
        )
        for node, reason in zip(others[first].tolist(), reasons, strict=True)
    )


def _not_followed(history: History, nodes: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return what is in force at some nodes and not followed: each neighbour once, and the last edge to it."""
    slots = rows_between(history.indptr[nodes], history.indptr[nodes + 1])
    edges, others = history.edge[slots], history.neighbor[slots]
    kept = (history.weight[edges] <= 0) | history.blocked[others]
    edges, others = edges[kept], others[kept]
    kept = (history.valid_from[edges] <= history.valid_on) & (history.valid_on < history.valid_to[edges])
    kept &= (history.known_from[edges] <= history.known_on) & (history.known_on < history.known_until[edges])
    aside, last = np.unique(others[kept][::-1], return_index=True)
    return aside, edges[kept][::-1][last]


def namesakes(
    store: EmbeddedStore, history: History, *, seeds: Iterable[int], company: int, language: str
) -> tuple[Ignored, ...]:
    """Return the persons at a company who share a name with a person at a seed, and nothing else: they stay two people.

    Args:
        store: The graph.
        history: All edges.
        seeds: Company nodes.
        company: The company's node.
        language: A key of `wording.WORDINGS`.
    """
    here = {name_key(store.snapshot.name_of(node)): node for node in _persons(store, history, company)}
    found = {}
    for seed in seeds:
        for person in _persons(store, history, seed):
            node = here.get(name_key(store.snapshot.name_of(person)))
            if node is not None and not _joined(store, history, person, node):
                found[node] = store.snapshot.name_of(seed)
    words = WORDINGS[language].ignored["namesake"]
    n_companies = store.snapshot.node_array("n_companies")
    return tuple(
        Ignored(
            node=store.ref(node),
            n_companies=int(n_companies[node]),
            reason=words.format(name=store.snapshot.name_of(node), other=other),
        )
        for node, other in sorted(found.items())
    )


def _persons(store: EmbeddedStore, history: History, node: int) -> list[int]:
    others = np.unique(history.neighbor[history.indptr[node] : history.indptr[node + 1]])
    return [int(other) for other in others if store.snapshot.kind_of(int(other)) is NodeKind.PERSON]


def _joined(store: EmbeddedStore, history: History, person: int, other: int) -> bool:
    """Return whether two persons are one node, or joined by a person that both are probably the same as."""
    near, there = set(_persons(store, history, person)), set(_persons(store, history, other))
    return person == other or other in near or bool(near & there)
