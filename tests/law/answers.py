"""Every answer that a snapshot gives for a day, as text that is compared line by line."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass, replace
from functools import partial
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from graphleads.errors import GraphLeadsError
from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig, WalkConfig
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.store import PathQuery
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.identity.link import link
from graphleads.ids import EntityId
from graphleads.model import LeadQuery, View
from graphleads.recommend.config import ProximityConfig, RecommendConfig
from graphleads.recommend.explain import Explainer
from graphleads.recommend.pipeline import Pipeline

SMALL = WalkConfig(person_cap=2, holder_cap=2, address_cap=2, contact_cap=2, free_degree=1)
"""Caps that fit six companies."""

_PATHS = 40
"""Pairs of entities that are asked for paths, at most."""


def build(home: Path) -> Snapshot:
    """Link and build what is staged in a home."""
    pairs = link(home / "staged", home / "linked").path
    source = BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots")
    build_snapshot(source, BuildConfig(max_drop=1))
    return open_snapshot(home / "snapshots")


Ids = Mapping[str, list[EntityId]]


def ids_of(snapshot: Snapshot) -> Ids:
    """Return the ids of all nodes by kind."""
    kinds = ("company", "person", "contact_point")
    return {kind: table["id"].to_pylist() for kind, table in zip(kinds, snapshot.node_tables, strict=True)}


def answers(snapshot: Snapshot, ids: Ids, view: View, walk: WalkConfig) -> Iterator[tuple[str, str]]:
    """Yield whatever can be asked of some entities for a day, and what is answered."""
    store = EmbeddedStore(snapshot)
    config = RecommendConfig(proximity=ProximityConfig(walk=walk))
    yield from _leads(Explainer(Pipeline(snapshot, config)), ids["company"], view)
    everything = [one for of_kind in ids.values() for one in of_kind]
    asked = (
        ("company", store.company, ids["company"]),
        ("person", store.person, ids["person"]),
        ("entity", store.entity, everything),
        ("relationships", store.relationships, everything),
        ("counts", store.relationship_counts, everything),
    )
    for name, method, of_kind in asked:
        for one in of_kind:
            yield f"{name} {one}", _said(partial(_on, method, view, one))
    query = PathQuery(valid_on=view.valid_on, known_on=view.known_on)
    for start, end in islice(combinations(everything, 2), _PATHS):
        yield f"paths {start} {end}", _said(partial(store.paths, start, end, query))


def _leads(explainer: Explainer, companies: Sequence[EntityId], view: View) -> Iterator[tuple[str, str]]:
    """Yield rankings in all their variants, and why each company is or is not a lead."""
    for seeds in (companies[:1], companies[:2]):
        for name, more in _VARIANTS.items():
            query = replace(_query(view, tuple(seeds)), **more)
            yield f"recommend {name} {seeds}", _said(partial(explainer.recommend, query))
    query = _query(view, tuple(companies[:1]))
    for one in companies:
        yield f"explain {one}", _said(partial(explainer.explain, one, query))


_VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "all": {},
    "no families": {"exclude_families": True},
    "of a country": {"jurisdictions": ("GB",)},
    "of a trade": {"industries": ("62",)},
}


def _query(view: View, seeds: tuple[EntityId, ...]) -> LeadQuery:
    customers = frozenset(seeds[:1])
    return LeadQuery(seeds=seeds, customers=customers, valid_on=view.valid_on, known_on=view.known_on, k=50)


def _on(method: Callable[..., Any], view: View, one: EntityId) -> Any:
    """Ask for the day in the way in which the method takes it."""
    takes = inspect.signature(method).parameters
    if "view" in takes:
        return method(one, view=view)
    days = {name: getattr(view, name) for name in ("valid_on", "known_on") if name in takes}
    return method(one, **days)


def _said(ask: Callable[[], Any]) -> str:
    """Return an answer as text, or the error that is one."""
    try:
        answer = ask()
    except GraphLeadsError as error:
        return f"{type(error).__name__}: {error}"
    return json.dumps(_plain(answer), indent=1, default=str, sort_keys=True)


def _plain(answer: Any) -> Any:
    if is_dataclass(answer) and not isinstance(answer, type):
        return asdict(answer)
    return [_plain(one) for one in answer] if isinstance(answer, list | tuple) else answer
