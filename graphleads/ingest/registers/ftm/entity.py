"""Entities as they come: one object each, with others inside it or named by their ids."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from graphleads.formats.cell import cell_text
from graphleads.formats.report import DeliveryReport
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.registers.ftm.schema import (
    ENVELOPE,
    ENVELOPE_IGNORED,
    FAMILIES,
    IGNORED_SCHEMATA,
    PERSONAL_IF_UNKNOWN,
    Family,
)

FAMILY_OF: Mapping[str, Family] = {schema: family for family in FAMILIES for schema in family.schemata}
"""The family that a schema is read with; schemata that are left out have none."""

_TELLING = ("Person", "Company", "PublicBody", "Trust", "Organization", "LegalEntity")
"""Which of the schemata that pieces of one entity have says most, the first before the others."""

_LISTS = pa.list_(pa.string())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity or a piece of it.

    Attributes:
        file: The file that it stands in.
        number: The number of the object in its file, from 1; entities inside it share it.
        id: The entity's id.
        schema: What it is.
        changed_at: When its publisher last changed it, None if it does not say.
        referents: Other ids that it had.
        properties: The values by property; other entities are named by their ids.
    """

    file: str
    number: int
    id: str
    schema: str
    changed_at: str | None
    referents: list[str]
    properties: dict[str, list[str]]


def open_entities(file: str, number: int, content: Mapping[str, Any]) -> list[Entity]:
    """Return the entity that an object is, then those inside it; none if it has no id, schema or properties."""
    name, schema, properties = content.get("id"), content.get("schema"), content.get("properties")
    if not (isinstance(name, str) and name.strip() and isinstance(schema, str) and isinstance(properties, dict)):
        return []
    values: dict[str, list[str]] = {}
    inside: list[Entity] = []
    for key, value in properties.items():
        items = value if isinstance(value, list) else [value]
        values[key] = list(dict.fromkeys(text for text in map(_text, items) if text))
        inside.extend(entity for one in items if isinstance(one, dict) for entity in open_entities(file, number, one))
    entity = Entity(
        file=file,
        number=number,
        id=_clean(name),
        schema=schema,
        changed_at=_text(content.get("last_change")) or None,
        referents=[text for text in map(_text, _listed(content.get("referents"))) if text],
        properties=_caption_first(values, _text(content.get("caption"))),
    )
    return [entity, *inside]


def merge_entities(one: Entity, other: Entity) -> Entity:
    """Return two pieces of an entity as one: all values of both, under the schema that says more."""
    properties = {
        key: list(dict.fromkeys([*one.properties.get(key, []), *other.properties.get(key, [])]))
        for key in (*one.properties, *(key for key in other.properties if key not in one.properties))
    }
    return replace(
        one,
        schema=min(one.schema, other.schema, key=_rank),
        changed_at=max(filter(None, (one.changed_at, other.changed_at)), default=None),
        referents=list(dict.fromkeys([*one.referents, *other.referents])),
        properties=properties,
    )


def account(content: Mapping[str, Any], entities: Sequence[Entity], report: DeliveryReport) -> None:
    """Report the fields of an object and of the entities inside it that are left out, dropped or unknown.

    Args:
        content: The object.
        entities: What `open_entities` returns of it.
        report: Takes them.
    """
    for name in content.keys() - set(ENVELOPE):
        if name in ENVELOPE_IGNORED:
            report.ignored_field(name, ENVELOPE_IGNORED[name])
        else:
            report.unknown_field(name)
    for entity in entities:
        if family := FAMILY_OF.get(entity.schema):
            _account_properties(entity, family, report)
        elif entity.schema not in IGNORED_SCHEMATA:
            report.unknown_field(entity.schema)


def are_dropped(schema: str, property_: str) -> bool:
    """Return whether a property of a schema is personal."""
    return property_ in FAMILY_OF[schema].personal or (schema == "LegalEntity" and property_ in PERSONAL_IF_UNKNOWN)


def make_block(family: Family, entities: Sequence[Entity]) -> RowBlock:
    """Return entities of one file and family as rows: `id`, `schema`, `changed_at`, `referents`, and the properties.

    Args:
        family: The family; each property that it reads is a column of lists of texts.
        entities: At least one.
    """
    columns = {
        "id": pa.array([one.id for one in entities], pa.string()),
        "schema": pa.array([one.schema for one in entities], pa.string()),
        "changed_at": pa.array([one.changed_at for one in entities], pa.string()),
        "referents": pa.array([one.referents for one in entities], _LISTS),
    }
    given: dict[str, dict[int, list[str]]] = {name: {} for name in family.read}
    for row, one in enumerate(entities):
        for name, values in one.properties.items():
            if name in given and not are_dropped(one.schema, name):
                given[name][row] = values
    columns |= {name: _lists(rows, len(entities)) for name, rows in given.items()}
    return RowBlock(file=entities[0].file, columns=columns, rows=np.array([one.number for one in entities], np.int64))


def by_family(entities: Sequence[Entity]) -> Iterator[tuple[Family, list[Entity]]]:
    """Yield the entities of each family that is read, in the families' order."""
    for family in FAMILIES:
        if family.read and (found := [one for one in entities if FAMILY_OF.get(one.schema) is family]):
            yield family, found


def _lists(given: Mapping[int, list[str]], n: int) -> pa.Array:
    """Return a list for each of n rows, empty where none is given: most properties are rare."""
    if not given:
        return pa.ListArray.from_arrays(pa.array(np.zeros(n + 1, np.int32)), pa.array([], pa.string()))
    return pa.array([given.get(row, ()) for row in range(n)], _LISTS)


def _account_properties(entity: Entity, family: Family, report: DeliveryReport) -> None:
    for name, values in entity.properties.items():
        label = f"{entity.schema}.{name}"
        if are_dropped(entity.schema, name):
            report.dropped_personal(label, len(values))
        elif name in family.ignored:
            report.ignored_field(label, family.ignored[name])
        elif name not in family.read:
            report.unknown_field(label)


def _rank(schema: str) -> int:
    return _TELLING.index(schema) if schema in _TELLING else len(_TELLING)


def _caption_first(values: dict[str, list[str]], caption: str) -> dict[str, list[str]]:
    """Return the values with the name that the publisher shows before the others."""
    names = values.get("name", [])
    if caption in names:
        values["name"] = [caption, *(name for name in names if name != caption)]
    return values


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    """Return a value as text, the id of an entity that stands in its place; empty if there is nothing."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, str):
        return _clean(value)
    return cell_text(value) or "" if isinstance(value, int | float) else ""


def _clean(text: str) -> str:
    normal = text if text.isascii() else unicodedata.normalize("NFC", text)
    return normal.replace("\0", "").strip()
