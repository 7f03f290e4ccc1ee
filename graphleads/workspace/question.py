"""What a caller asks, made into values that the rooms take: days, places, companies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graphleads.codes.country import country_code
from graphleads.codes.scheme import normalize_identifier
from graphleads.errors import EntityNotFound, ValueInvalid
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId, make_id, split_id
from graphleads.model import CustomerStatus, DeliveryKind, NodeKind

MOST_LEADS = 10_000
"""Leads of one answer: more than any team calls, and little enough to explain each."""

MOST_REASONS = 10

LANGUAGES = ("en", "zh")

_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a ranking is asked.

    Attributes:
        seeds: Companies to look around instead of the won customers; None takes those.
        owner: Whose won customers to look around; None takes everybody's.
        k: How many leads, 1 to 10,000.
        jurisdictions: Countries or subdivisions to keep, in words or codes; empty keeps all.
        industries: Beginnings of trade or sector codes to keep; empty keeps all.
        as_of: The day whose facts count; None is today.
        known_on: The day up to which facts were known; None is today.
        exclude_families: Leave out companies of the customers' own corporate groups.
        language: Of the reasons: en or zh; None is the setting's.
        n_reasons: Reasons a lead, 0 to 10; None is the setting's.
        n_ignored: How much of what is near and not followed to list; None is the setting's.
    """

    seeds: Sequence[EntityId] | None = None
    owner: str | None = None
    k: int = 50
    jurisdictions: Sequence[str] = ()
    industries: Sequence[str] = ()
    as_of: date | str | None = None
    known_on: date | str | None = None
    exclude_families: bool = False
    language: str | None = None
    n_reasons: int | None = None
    n_ignored: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.k <= MOST_LEADS:
            raise ValueInvalid(f"{self.k:,} leads cannot be asked for: ask for 1 to {MOST_LEADS:,}.")
        if self.language not in (None, *LANGUAGES):
            raise ValueInvalid(f"There are no reasons in {self.language!r}: use {' or '.join(LANGUAGES)}.")
        if self.n_reasons is not None and not 0 <= self.n_reasons <= MOST_REASONS:
            raise ValueInvalid(f"{self.n_reasons:,} reasons a lead: ask for 0 to {MOST_REASONS}.")
        if self.seeds is not None and self.owner is not None:
            raise ValueInvalid("Give either companies to look around or an owner, not both.")
        if any(isinstance(one, str) for one in (self.seeds, self.jurisdictions, self.industries)):
            raise ValueInvalid("Give seeds, jurisdictions and industries as lists, even of one.")
        if not all(one.strip() for one in self.industries):
            raise ValueInvalid("An industry is empty: give the beginning of a trade code, for example 62.")


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


def id_now(snapshot: Snapshot, entity_id: EntityId) -> EntityId | None:
    """Return the id that an id stands for now, None if the registers do not have it."""
    node = snapshot.node_of(entity_id)
    return None if node is None else snapshot.id_of(node)


def find_company(snapshot: Snapshot, company: EntityId) -> EntityId:
    """Return the id that a company has now: of its id, of one that it had, or of an identifier that it alone bears.

    Raises:
        ValueInvalid: If it has not the form of an id, or several companies bear the identifier.
        EntityNotFound: If there is no such company; says how to find one.
    """
    if ":" not in company:
        shown = company[:80]
        raise ValueInvalid(f"{shown!r} is no id: write it as SCHEME:VALUE; `graphleads search` finds it by name.")
    node = _find_node(snapshot, company)
    if node is None:
        raise EntityNotFound(f"There is no company {company}: `graphleads search NAME` finds companies by name.")
    if snapshot.kind_of(node) is not NodeKind.COMPANY:
        kind = snapshot.kind_of(node).replace("_", " ")
        raise EntityNotFound(
            f"{company} is a {kind}, not a company: `graphleads relationships {company}` shows what it is tied to."
        )
    return snapshot.id_of(node)


def find_entity(snapshot: Snapshot, entity: EntityId) -> EntityId:
    """Return the id that an entity has now, found as a company is; what no register has stays as it is.

    Raises:
        ValueInvalid: If several companies bear the identifier.
    """
    node = _find_node(snapshot, entity) if ":" in entity else None
    return entity if node is None else snapshot.id_of(node)


def _find_node(snapshot: Snapshot, text: str) -> int | None:
    exact = snapshot.node_of(text)
    if exact is not None:
        return exact
    scheme, _, value = text.partition(":")
    scheme, value = split_id(f"{scheme.strip().upper()}:{value.strip()}")
    normal = normalize_identifier(scheme, value)
    node = None if normal is None else snapshot.node_of(make_id(scheme, normal))
    if node is not None:
        return node
    bearers = EmbeddedStore(snapshot).find_identifier(scheme, value)
    if len(bearers) > 1:
        raise ValueInvalid(f"{text[:80]} is borne by {len(bearers):,} companies, {', '.join(bearers[:5])}: name one.")
    return snapshot.node_of(bearers[0]) if bearers else None
