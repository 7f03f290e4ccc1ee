"""A snapshot as the directory that customers are looked up in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.identity.match import CompanyColumns
from graphleads.names.index import NameIndex

_DOMAINS = ("X-WEBSITE", "X-EMAIL-DOMAIN")
_MOST_AT_DOMAIN = 20
_READ = ("id", "name", "jurisdiction", "locality", "mentioned")


class SnapshotDirectory:
    """Answers what matching asks of a register (`graphleads.identity.match.Directory`)."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._store = EmbeddedStore(snapshot)

    @property
    def name_index(self) -> NameIndex:
        """The index of all names."""
        return self._snapshot.name_index

    @property
    def n_companies(self) -> int:
        """How many companies there are."""
        return self._snapshot.n_companies

    def find_identifier(self, scheme: str, value: str) -> NDArray[np.int64]:
        """Return the nodes of the companies that bear an identifier, ascending."""
        nodes = self._snapshot.nodes_of(self._store.find_identifier(scheme, value))
        return np.unique(nodes[nodes >= 0])

    def find_domain(self, domain: str) -> NDArray[np.int64]:
        """Return the nodes of the companies at a domain, or at a page of a host that many share, ascending.

        Where very many are, it is a host's, and says nothing of any of them.
        """
        points = self._snapshot.nodes_of([f"{scheme}:{domain}" for scheme in _DOMAINS])
        adjacency = self._snapshot.adjacency
        near = [adjacency.neighbor[adjacency.indptr[at] : adjacency.indptr[at + 1]] for at in points[points >= 0]]
        nodes = np.unique(np.concatenate([np.zeros(0, np.int64), *near]).astype(np.int64))
        companies = nodes[nodes < self._snapshot.n_companies]
        return companies if len(companies) <= _MOST_AT_DOMAIN else companies[:0]

    def describe(self, nodes: NDArray[np.int64]) -> CompanyColumns:
        """Return what is known of companies, in the order of their nodes."""
        at, companies = pa.array(nodes), self._snapshot.companies
        said = {name: companies[name].chunk(0).take(at).to_pylist() for name in _READ}
        return CompanyColumns(
            ids=said["id"],
            names=said["name"],
            jurisdictions=said["jurisdiction"],
            localities=said["locality"],
            mentioned=said["mentioned"],
        )

    def name_kinds(self, rows: NDArray[np.int64]) -> Sequence[str]:
        """Return the kinds of rows of the names table: legal, former, trading and so on."""
        kinds: list[str] = self._snapshot.names["kind"].chunk(0).take(pa.array(rows)).to_pylist()
        return kinds
