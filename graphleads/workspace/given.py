"""What a caller gives, made into values that the rooms take: days, places, files, companies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import overload

from graphleads.codes.country import country_code
from graphleads.codes.scheme import normalize_identifier, split_written
from graphleads.db.session import require_text
from graphleads.errors import EntityNotFound, Remedy, ValueInvalid
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import Direction
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId, make_id, split_id
from graphleads.model import CustomerStatus, DeliveryKind, MatchState, NodeKind
from graphleads.names.normalize import name_key
from graphleads.text import clean_text

_NAMESAKES = 50
"""Hits among which a company of a name is looked for."""

_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


@overload
def parse_text(text: str, what: str) -> str: ...
@overload
def parse_text(text: str | None, what: str) -> str | None: ...
def parse_text(text: str | None, what: str) -> str | None:
    """Return a name, an id or a reason as it is stored, however it was typed.

    Raises:
        ValueInvalid: If nothing is left of it; `what` names it.
    """
    return None if text is None else require_text(text, what)


def parse_day(day: date | str | None) -> date | None:
    """Return a day from itself or from ISO 8601.

    Raises:
        ValueInvalid: If it is no day.
    """
    if day is None or isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise ValueInvalid(f"{day!r} is no day: write it as 2023-05-09.") from error


def parse_kind(kind: str | None) -> DeliveryKind | None:
    """Return a delivery's kind from its word.

    Raises:
        ValueInvalid: If there is no such kind.
    """
    try:
        return None if kind is None else DeliveryKind(kind)
    except ValueError as error:
        raise ValueInvalid(f"{kind!r} is no kind of delivery: use full or update.") from error


def parse_customer_status(status: str | None) -> CustomerStatus | None:
    """Return how a customer stands from its word.

    Raises:
        ValueInvalid: If there is no such status.
    """
    try:
        return None if status is None else CustomerStatus(status)
    except ValueError as error:
        raise ValueInvalid(f"{status!r} is no status of customers: use won, open or lost.") from error


def parse_match_state(state: str | None) -> MatchState | None:
    """Return how a customer stands to the registers from its word.

    Raises:
        ValueInvalid: If there is no such state.
    """
    try:
        return None if state is None else MatchState(state)
    except ValueError as error:
        raise ValueInvalid(f"{state!r} is no state of a match: use one of {', '.join(MatchState)}.") from error


def parse_direction(direction: str) -> Direction:
    """Return which way a path may go from its word.

    Raises:
        ValueInvalid: If there is no such way.
    """
    try:
        return Direction(direction)
    except ValueError as error:
        raise ValueInvalid(f"{direction!r} is no direction of a path: use any, forward or backward.") from error


def parse_country(text: str | None) -> str | None:
    """Return the code of a country from its name or code.

    Raises:
        ValueInvalid: If it is none.
    """
    if text is None:
        return None
    code = country_code(text)
    if code is None:
        raise ValueInvalid(f"{text!r} is no country: write its name or code, for example BR.")
    return code


def parse_jurisdictions(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of countries and subdivisions, sorted.

    Raises:
        ValueInvalid: If one is neither.
    """
    return tuple(sorted({_parse_jurisdiction(text) for text in texts}))


def _parse_jurisdiction(text: str) -> str:
    code = country_code(text)
    if code is None:
        raise ValueInvalid(f"{text!r} is no country: write its name or code, or a subdivision's code such as BR-SP.")
    subdivision = text.strip().upper()
    return subdivision if _SUBDIVISION.fullmatch(subdivision) else code


def parse_files(files: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return one file or several as paths.

    Raises:
        ValueInvalid: If there is none.
    """
    paths = [Path(files)] if isinstance(files, str | Path) else [Path(one) for one in files]
    if not paths:
        raise ValueInvalid("Name at least one file to ingest.")
    return paths


def find_company(snapshot: Snapshot, company: EntityId) -> EntityId:
    """Return the id that a company has now: of its id, one that it had, or an identifier or a name that it alone bears.

    Raises:
        ValueInvalid: If it is neither an id nor a name, or several companies bear the identifier or the name.
        EntityNotFound: If there is no such company; says how to find one.
    """
    company = clean_text(company)
    named = not _is_written_as_id(company)
    node = _find_named(snapshot, company) if named else _find_node(snapshot, company)
    if node is None and named:
        raise ValueInvalid(f"{company[:80]!r} is no id, and no company is called so.", Remedy.WRITE_ID)
    if node is None:
        raise EntityNotFound(f"There is no company {company}.", Remedy.SEARCH_NAME, company=company)
    if snapshot.kind_of(node) is not NodeKind.COMPANY:
        kind = snapshot.kind_of(node).replace("_", " ")
        raise EntityNotFound(f"{company} is a {kind}, not a company.", Remedy.SHOW_TIES, company=company)
    return snapshot.id_of(node)


def find_entity(snapshot: Snapshot, entity: EntityId) -> EntityId:
    """Return the id that an entity has now, found as a company is; what no register has stays as it is.

    Raises:
        ValueInvalid: If several companies bear the identifier or the name.
    """
    entity = clean_text(entity)
    node = _find_node(snapshot, entity) if _is_written_as_id(entity) else _find_named(snapshot, entity)
    return entity if node is None else snapshot.id_of(node)


def _is_written_as_id(text: str) -> bool:
    return ":" in text or split_written(text) is not None


def _find_named(snapshot: Snapshot, text: str) -> int | None:
    """Return the only company that is called so, whatever the case and the punctuation; None if there is none."""
    key = name_key(text)
    hits = EmbeddedStore(snapshot).search(text, limit=_NAMESAKES) if key else ()
    called = {one.node.id for one in hits if one.node.kind is NodeKind.COMPANY and name_key(one.matched_name) == key}
    if len(called) > 1:
        shown = ", ".join(sorted(called)[:5])
        raise ValueInvalid(f"{len(called):,} companies are called {text[:80]!r}, {shown}: name one by its id.")
    return snapshot.node_of(called.pop()) if called else None


def _find_node(snapshot: Snapshot, text: str) -> int | None:
    exact = snapshot.node_of(text)
    if exact is not None:
        return exact
    scheme, _, value = text.partition(":")
    scheme, value = split_written(text) or split_id(f"{scheme.strip().upper()}:{value.strip()}")
    normal = normalize_identifier(scheme, value)
    node = None if normal is None else snapshot.node_of(make_id(scheme, normal))
    if node is not None:
        return node
    bearers = EmbeddedStore(snapshot).find_identifier(scheme, value)
    if len(bearers) > 1:
        raise ValueInvalid(f"{text[:80]} is borne by {len(bearers):,} companies, {', '.join(bearers[:5])}: name one.")
    return snapshot.node_of(bearers[0]) if bearers else None
