"""What differs between two versions of a customer or a deal, as texts, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphleads.db.schema import DEAL_COLUMNS, RECORD_COLUMNS
from graphleads.model import CustomerRecord, Deal


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field before and after.

    Attributes:
        field: A field of the customer or deal, `identifier SCHEME`, or `custom HEADER` of a column that is kept as it
            is.
        old: What it was, None if it was empty.
        new: What it is now, None if it is cleared.
    """

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChange:
    """A customer that a file has otherwise than the database, and the fields that differ."""

    external_id: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealChange:
    """A deal that a file has otherwise than the database, and the fields that differ."""

    external_id: str
    fields: tuple[FieldChange, ...]


def list_changes(old: CustomerRecord, new: CustomerRecord) -> tuple[FieldChange, ...]:
    """Return the fields in which two versions of a customer differ, in the order of the record."""
    return _changes(old, new, RECORD_COLUMNS)


def list_deal_changes(old: Deal, new: Deal) -> tuple[FieldChange, ...]:
    """Return the fields in which two versions of a deal differ, in the order of the deal."""
    return _changes(old, new, DEAL_COLUMNS)


def _changes(old: CustomerRecord | Deal, new: CustomerRecord | Deal, columns: Sequence[str]) -> tuple[FieldChange, ...]:
    if old == new:
        return ()
    before, after = dict(_texts(old, columns)), dict(_texts(new, columns))
    fields = [*columns, *sorted({*before, *after} - set(columns))]
    return tuple(
        FieldChange(field=field, old=before.get(field), new=after.get(field))
        for field in fields
        if before.get(field) != after.get(field)
    )


def _texts(record: CustomerRecord | Deal, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in columns:
        value = getattr(record, name)
        if value is not None and name not in ("identifiers", "custom"):
            yield name, str(value)
    identifiers = record.identifiers if isinstance(record, CustomerRecord) else ()
    for scheme in {scheme for scheme, _ in identifiers}:
        values = [value for other, value in identifiers if other == scheme]
        yield f"identifier {scheme}".strip(), ", ".join(values)
    for header, text in record.custom.items():
        yield f"custom {header}", text
