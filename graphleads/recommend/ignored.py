"""What is near the customers and not followed, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import Ignored, NodeKind
from graphleads.names.normalize import name_key
from graphleads.recommend.ties import History
from graphleads.recommend.wording import WORDINGS


def ignored_near(
    store: EmbeddedStore, history: History, nodes: Iterable[int], *, limit: int, language: str
) -> tuple[Ignored, ...]:
    """Return the neighbours of some companies that the walk does not follow, those of most companies first, ties by id.

    Args:
        store: The graph.
        history: All edges, and the day that is asked for.
        nodes: Company nodes.
        limit: How many to return at most.
        language: A key of `wording.WORDINGS`.
    """
    aside = dict(pair for node in nodes for pair in _not_followed(history, node))
    ties = store.read_relationships(aside.values())
    reasons = {other: ties[edge].ignored or "weightless" for other, edge in aside.items()}
    n_companies = store.snapshot.node_array("n_companies")
    ranked = sorted(reasons, key=lambda node: (-int(n_companies[node]), node))[:limit]
    words = WORDINGS[language].ignored
    refs = store.refs(ranked)
    return tuple(
        Ignored(
            node=refs[node],
            n_companies=int(n_companies[node]),
            reason=words[reasons[node]].format(name=refs[node].name, n=int(n_companies[node])),
        )
        for node in ranked
    )


def _not_followed(history: History, node: int) -> Iterator[tuple[int, int]]:
    """Yield (neighbour, edge) of what is in force at a node and not followed."""
    row = slice(history.indptr[node], history.indptr[node + 1])
    edges, others = history.edge[row], history.neighbor[row]
    in_force = (history.valid_from[edges] <= history.valid_on) & (history.valid_on < history.valid_to[edges])
    in_force &= (history.known_from[edges] <= history.known_on) & (history.known_on < history.known_until[edges])
    aside = (history.weight[edges] <= 0) | history.blocked[others]
    yield from zip(others[in_force & aside].tolist(), edges[in_force & aside].tolist(), strict=True)


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
