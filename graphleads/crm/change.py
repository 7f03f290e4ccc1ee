"""What differs between two versions of a customer, as texts, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphleads.db.schema import RECORD_COLUMNS
from graphleads.model import CustomerRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field before and after.

    Attributes:
        field: A field of `CustomerRecord`, `identifier SCHEME`, or `custom HEADER` of a column that is kept as it is.
        old: What it was, None if it was empty.
        new: What it is now, None if it is cleared.
    """

    field: str
    old: str | None
    new: str | None


def list_changes(old: CustomerRecord, new: CustomerRecord) -> tuple[FieldChange, ...]:
    """Return the fields in which two versions of a customer differ, in the order of the record."""
    if old == new:
        return ()
    before, after = dict(_texts(old)), dict(_texts(new))
    fields = [*RECORD_COLUMNS, *sorted({*before, *after} - set(RECORD_COLUMNS))]
    return tuple(
        FieldChange(field=field, old=before.get(field), new=after.get(field))
        for field in fields
        if before.get(field) != after.get(field)
    )


def _texts(record: CustomerRecord) -> Iterator[tuple[str, str]]:
    for name in RECORD_COLUMNS:
        value = getattr(record, name)
        if value is not None and name not in ("identifiers", "custom"):
            yield name, str(value)
    for scheme in {scheme for scheme, _ in record.identifiers}:
        values = [value for other, value in record.identifiers if other == scheme]
        yield f"identifier {scheme}".strip(), ", ".join(values)
    for header, text in record.custom.items():
        yield f"custom {header}", text
