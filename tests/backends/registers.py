"""Two states of the known register, for whatever brings a Neo4j from one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.identity.link import link
from graphleads.model import DeliveryKind
from graphleads.testing.known_graph import CONFIG, WALK, company, stage_known_graph
from graphleads.testing.staging import stage_delivery

LONG_NAME = "Long " * 2000
"""10,000 characters."""


@dataclass(frozen=True)
class Shelf:
    """Snapshots of a register before and after an update: Birch is renamed, Ann leaves it, a company comes."""

    snapshots: Path
    before: Snapshot
    after: Snapshot

    def find(self, snapshot_id: str) -> Snapshot | None:
        return {one.id: one for one in (self.before, self.after)}.get(snapshot_id)


def build_shelf(home: Path) -> Shelf:
    stage_known_graph(home / "staged")
    before = _build(home)
    update = {
        "companies": [
            {"record": "Birch", "id": company("Birch"), "name": "Birch Plc", "status": "active", "jurisdiction": "GB"},
            {"record": "Kapok", "id": "X-KNOWN:11", "name": LONG_NAME, "business_scope": LONG_NAME},
        ],
        "roles": [
            {"record": "Birch-ann", "company": company("Birch"), "holder": "X-KNOWN-PERSON:ann", "kind": "director",
             "op": "void"},
            {"record": "Kapok-ann", "company": "X-KNOWN:11", "holder": "X-KNOWN-PERSON:ann", "kind": "director",
             "title": LONG_NAME, "op": "assert"},
        ],
    }  # fmt: skip
    stage_delivery(home / "staged", update, observed_on="2025-07-31", dataset="known", kind=DeliveryKind.UPDATE)
    return Shelf(home / "snapshots", before, _build(home))


def _build(home: Path) -> Snapshot:
    pairs = link(home / "staged", home / "linked").path
    build_snapshot(BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots"), CONFIG, walk=WALK)
    return open_snapshot(home / "snapshots")
