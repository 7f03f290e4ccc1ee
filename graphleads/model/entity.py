"""Companies and people, as registers describe them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graphleads.ids import EntityId
from graphleads.model.source import Period, Source


class NodeKind(StrEnum):
    """What a node of the graph is; nodes are numbered in this order."""

    COMPANY = "company"
    PERSON = "person"
    CONTACT_POINT = "contact_point"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRef:
    """An entity as it is named in a path or a list."""

    id: EntityId
    kind: NodeKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name that a company or person bears or bore, where that stands, and in how many records."""

    name: str
    kind: str
    period: Period
    language: str | None
    source: Source
    n_sources: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """An identifier of an entity; `valid` says whether its check digit holds, None where it has none."""

    scheme: str
    value: str
    valid: bool | None
    source: Source
    n_sources: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is said of an entity: `field` is the column of the staged table it came in.

    What several records say alike is one fact, with the source that showed it last and how many there are.
    """

    field: str
    value: str
    period: Period
    source: Source
    n_sources: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company with what the registers say of it now."""

    id: EntityId
    name: str
    entity_type: str
    mentioned: bool
    jurisdiction: str | None
    status: str
    locality: str | None
    region: str | None
    postcode: str | None
    legal_form: str | None
    incorporated_on: date | None
    dissolved_on: date | None
    names: tuple[Name, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as one record or register knows them: never more of the birth date than year and month."""

    id: EntityId
    name: str
    birth_year: int | None
    birth_month: int | None
    nationality: str | None
    kind: str
    sources: tuple[Source, ...] = ()
