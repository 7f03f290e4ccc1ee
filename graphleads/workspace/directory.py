"""A snapshot as the directory that customers are looked up in."""

from __future__ import annotations

from collections.abc import Sequence

from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId
from graphleads.names.index import NameIndex


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

    def find_identifier(self, scheme: str, value: str) -> Sequence[EntityId]:
        """Return the companies that bear an identifier."""
        return self._store.find_identifier(scheme, value)

    def node_of(self, entity: EntityId) -> int | None:
        """Return the node that stands for an id now, None if there is none."""
        return self._snapshot.node_of(entity)

    def id_of(self, node: int) -> EntityId:
        """Return the id of a node."""
        return self._snapshot.id_of(node)

    def name_of(self, node: int) -> str:
        """Return the name of a company."""
        return self._snapshot.name_of(node)

    def name_kind_of(self, row: int) -> str:
        """Return the kind of a row of the names table: legal, former, trading and so on."""
        return str(self._snapshot.names["kind"][row].as_py())

    def jurisdiction_of(self, node: int) -> str | None:
        """Return a company's country or a place in it, None if unknown."""
        return self._text("jurisdiction", node)

    def locality_of(self, node: int) -> str | None:
        """Return the town of a company, None if unknown."""
        return self._text("locality", node)

    def is_mentioned(self, node: int) -> bool:
        """Return whether a company is known only as somebody's holder or subsidiary."""
        return bool(self._snapshot.companies["mentioned"][node].as_py())

    def _text(self, column: str, node: int) -> str | None:
        value: str | None = self._snapshot.companies[column][node].as_py()
        return value
