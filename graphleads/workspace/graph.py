"""The graph of a workspace: itself, companies, relationships, paths, exports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from graphleads.graph.store import Direction, PathQuery
from graphleads.ids import EntityId
from graphleads.model import View
from graphleads.text import clean_text
from graphleads.workspace.age import warnings_of_days
from graphleads.workspace.answer import CompanyAnswer, Found, PathsAnswer, RelationshipsAnswer
from graphleads.workspace.given import parse_day, parse_direction
from graphleads.workspace.register import Register

if TYPE_CHECKING:
    from graphleads.graph.stores.embedded import EmbeddedStore
    from graphleads.workspace.analysis import Analysis
    from graphleads.workspace.lookup import Lookup


class PathLimits(TypedDict, total=False):
    """How far a search for paths goes, and along which ties.

    Attributes:
        kinds: The kinds of tie that a path is made of; otherwise all. Two records of one person are joined always.
        direction: forward follows each tie from whoever holds, directs or has something to what that is, from the
            first end to the last; backward the other way round; any, as otherwise, both ways.
        max_hops: The most steps of a path, 1 to 8; otherwise 4.
        limit: The most paths, 1 to 100; otherwise 10.
    """

    kinds: Collection[str]
    direction: str
    max_hops: int
    limit: int


class ExportedPart(TypedDict, total=False):
    """Which part of the graph is exported, and how.

    Attributes:
        around: The entity in the middle; otherwise all, for parquet and csv.
        hops: How far to go from it; otherwise 2.
        as_of: The day whose ties and names count; otherwise all ties are written, those that ended too.
        known_on: The day up to which they were known, with `as_of` or by itself; otherwise today.
        kinds: The kinds of tie; otherwise all.
        bom: Whether CSV begins with a byte order mark, by which Excel knows that it is UTF-8; otherwise it does.
    """

    around: EntityId | None
    hops: int
    as_of: date | str | None
    known_on: date | str | None
    kinds: Collection[str]
    bom: bool


class WorkspaceGraph:
    """Answers questions about the graph. Called, it gives the graph itself. Days that are not named are today.

    Args:
        register: What is served.
        lookup: Returns what finds companies, and chooses what answers.
        today: Returns the day that counts where none is named.
    """

    def __init__(self, register: Register, lookup: Callable[[], Lookup], *, today: Callable[[], date]) -> None:
        self._register = register
        self._lookup = lookup
        self._today = today

    def __call__(self) -> EmbeddedStore:
        """Return the current snapshot as a graph: `company(id)`, `search(text)`, `to_networkx(around=…, hops=…)`."""
        return self._lookup().graph()

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
        answer = self._lookup().company(company, valid_on=valid, known_on=known, limit=limit)
        return replace(answer, warnings=self._warnings(valid, known))

    def names(self, companies: Iterable[EntityId]) -> dict[EntityId, str]:
        """Return what companies are called now, by the ids asked for; one that no register has is left out."""
        return self._register.names(companies)

    def search(self, text: str, *, limit: int = 20) -> list[Found]:
        """Return the companies and persons whose name or identifier is like a text, the best first."""
        return self._lookup().search(clean_text(text) or text, limit=limit)

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
        entity, today = self._find(entity), self._today()
        valid, known = (parse_day(day) or today for day in (as_of, known_on))
        answer = self._analysis().relationships(entity, valid_on=valid, known_on=known, kinds=kinds, limit=limit)
        return replace(answer, warnings=self._warnings(valid, known))

    def paths(
        self,
        entities: Sequence[EntityId] = (),
        *,
        customers: Sequence[str] = (),
        as_of: date | str | None = None,
        known_on: date | str | None = None,
        **limits: Unpack[PathLimits],
    ) -> PathsAnswer:
        """Return how entities are connected on a day: paths of ties that the ranking follows, the shortest first.

        Those that lead through an address come after all others.

        Args:
            entities: Ids, or names of companies; with the customers 2 to 10, between each two of which paths are
                looked for.
            customers: Customers by the CRM's id or by name: the companies that they are.
            as_of: The day whose ties count; None is today.
            known_on: The day up to which ties were known; None is today.
            limits: How far to go, and along which ties.

        Raises:
            EntityNotFound: If one of them is not there.
            CustomerNotFound: If there is no such customer; names those that are called like it.
            MatchUndecided: If it is not sure which company one is.
            ValueInvalid: If something is out of its range, or several bear a name.
        """
        today = self._today()
        valid, known = (parse_day(day) or today for day in (as_of, known_on))
        told: dict[str, Any] = {
            **limits,
            "kinds": frozenset(limits.get("kinds", ())),
            "direction": parse_direction(limits.get("direction", Direction.ANY)),
        }
        query = PathQuery(valid_on=valid, known_on=known, **told)
        found = [self._find(one) for one in entities]
        found += self._lookup().companies_of(customers) if customers else []
        return replace(self._analysis().paths(found, query), warnings=self._warnings(valid, known))

    def _warnings(self, valid_on: date, known_on: date) -> tuple[str, ...]:
        return tuple(warnings_of_days(self._register.snapshot(), valid_on=valid_on, known_on=known_on))

    def export(self, target: str | Path, *, form: str = "parquet", **part: Unpack[ExportedPart]) -> list[Path]:
        """Write the graph, or what is around an entity, into files, and return them.

        Args:
            target: A file for graphml, a folder for parquet and csv.
            form: graphml, parquet or csv.
            part: Which part of it.

        Raises:
            EntityNotFound: If there is no such entity.
            InputError: If the form or a kind is unknown or nothing can be written there.
        """
        from graphleads.graph.export import Extent, write_graph
        from graphleads.workspace.analysis import refuse_unknown_kinds

        around, kinds = part.get("around"), frozenset(part.get("kinds", ()))
        refuse_unknown_kinds(kinds)
        as_of, known_on = parse_day(part.get("as_of")), parse_day(part.get("known_on"))
        view = None
        if as_of or known_on:
            view = View(valid_on=as_of or self._today(), known_on=known_on or self._today())
        extent = Extent(
            around=None if around is None else self._find(around),
            hops=part.get("hops", 2),
            view=view,
            kinds=kinds,
        )
        return write_graph(self(), Path(target), form=form, extent=extent, bom=part.get("bom", True))

    def _find(self, entity: EntityId) -> EntityId:
        from graphleads.workspace.entity import find_entity

        return find_entity(self._register.snapshot(), entity)

    def _analysis(self) -> Analysis:
        from graphleads.workspace.analysis import Analysis

        return Analysis(self._lookup().store())
