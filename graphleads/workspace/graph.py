"""The graph of a workspace: itself, companies, relationships, paths, exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId
from graphleads.text import clean_text
from graphleads.workspace.analysis import Analysis, export_graph
from graphleads.workspace.answer import CompanyAnswer, Found, PathsAnswer, RelationshipsAnswer
from graphleads.workspace.given import find_entity, parse_day
from graphleads.workspace.lookup import Lookup
from graphleads.workspace.register import Register


class WorkspaceGraph:
    """Answers questions about the graph. Called, it gives the graph itself. Days that are not named are today.

    Args:
        register: What is served.
        lookup: Finds companies, and chooses what answers.
        today: Returns the day that counts where none is named.
    """

    def __init__(self, register: Register, lookup: Lookup, *, today: Callable[[], date]) -> None:
        self._register = register
        self._lookup = lookup
        self._today = today

    def __call__(self) -> EmbeddedStore:
        """Return the current snapshot as a graph: `company(id)`, `search(text)`, `to_networkx(around=…, hops=…)`."""
        return self._lookup.graph()

    def company(
        self,
        company: EntityId,
        *,
        as_of: date | str | None = None,
        known_on: date | str | None = None,
        limit: int = 25,
    ) -> CompanyAnswer:
        """Return a company with its ties on a day, today if none is given, and who works on it.

        Args:
            company: Its id, or one that it had.
            as_of: The day whose facts count; None is today.
            known_on: The day up to which facts were known; None is today.
            limit: The most ties.

        Raises:
            EntityNotFound: If there is no such company, or the registers said nothing of it yet.
        """
        today = self._today()
        valid, known = (parse_day(day) or today for day in (as_of, known_on))
        return self._lookup.company(company, valid_on=valid, known_on=known, limit=limit)

    def names(self, companies: Iterable[EntityId]) -> dict[EntityId, str]:
        """Return what companies are called now, by the ids asked for; one that no register has is left out."""
        return self._lookup.names(companies)

    def search(self, text: str, *, limit: int = 20) -> list[Found]:
        """Return the companies and persons whose name or identifier is like a text, the best first."""
        return self._lookup.search(clean_text(text) or text, limit=limit)

    def relationships(
        self,
        entity: EntityId,
        *,
        as_of: date | str | None = None,
        known_on: date | str | None = None,
        kinds: Sequence[str] = (),
        limit: int = 100,
    ) -> RelationshipsAnswer:
        """Return the relationships of a company, person or contact point on a day, today if none is given.

        Args:
            entity: Its id, or one that it had.
            as_of: The day whose ties count; None is today.
            known_on: The day up to which ties were known; None is today.
            kinds: The kinds to return; empty returns all.
            limit: The most relationships.

        Raises:
            EntityNotFound: If there is no such entity, or the registers said nothing of it yet.
            ValueInvalid: If one of the kinds is none.
        """
        today = self._today()
        analysis = Analysis(self._lookup.store(), known_on=parse_day(known_on) or today)
        entity = find_entity(self._register.snapshot(), entity)
        return analysis.relationships(entity, valid_on=parse_day(as_of) or today, kinds=kinds, limit=limit)

    def paths(
        self,
        entities: Sequence[EntityId],
        *,
        as_of: date | str | None = None,
        known_on: date | str | None = None,
        max_hops: int = 4,
        limit: int = 10,
    ) -> PathsAnswer:
        """Return how entities are connected on a day: paths of ties that the ranking follows, the shortest first.

        Args:
            entities: 2 to 10 ids; between each two of them paths are looked for.
            as_of: The day whose ties count; None is today.
            known_on: The day up to which ties were known; None is today.
            max_hops: The most steps of a path, 1 to 8.
            limit: The most paths, 1 to 100.

        Raises:
            EntityNotFound: If one of them is not there.
            ValueInvalid: If something is out of its range.
        """
        today = self._today()
        analysis = Analysis(self._lookup.store(), known_on=parse_day(known_on) or today)
        found = [find_entity(self._register.snapshot(), one) for one in entities]
        return analysis.paths(found, valid_on=parse_day(as_of) or today, max_hops=max_hops, limit=limit)

    def export(
        self, target: str | Path, *, form: str = "parquet", around: EntityId | None = None, hops: int = 2
    ) -> list[Path]:
        """Write the graph, or what is around an entity, into files, and return them.

        Args:
            target: A file for graphml, a folder for parquet and csv.
            form: graphml, parquet or csv.
            around: The entity in the middle; None takes all, for parquet and csv.
            hops: How far to go from it.

        Raises:
            EntityNotFound: If there is no such entity.
            InputError: If the form is unknown or nothing can be written there.
        """
        if around is not None:
            around = find_entity(self._register.snapshot(), around)
        return export_graph(self(), Path(target), form=form, around=around, hops=hops)
