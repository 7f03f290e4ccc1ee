"""Which column of a CRM export is what: told from its header, and where several could be one field, from its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc

from graphleads.crm.cell import CellTable
from graphleads.crm.mapping import CustomerMapping
from graphleads.crm.status_column import Standing, named_standing, tell_standing
from graphleads.errors import FormatChanged, ValueInvalid
from graphleads.model import CustomerStatus
from graphleads.values.customer_header import HEADERS, IDENTIFIER_HEADERS, PERSONAL, fold_header

_NEARLY_ALL = 0.95
"""Share of the rows in which the column of an id, or of a name, has to say one, if another could be it."""

_STATE = "estado"
"""A header that is the status in Spanish and the region in Portuguese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerColumns:
    """What each column of an export is.

    Attributes:
        fields: Header by field of `HEADERS`.
        identifiers: (scheme, header) pairs.
        personal: Headers of personal columns, left out.
        custom: Headers of the rest, kept as they are.
        standing: How the export says how its customers stand.
    """

    fields: dict[str, str]
    identifiers: tuple[tuple[str, str], ...]
    personal: tuple[str, ...]
    custom: tuple[str, ...]
    standing: Standing

    @property
    def numbers(self) -> list[str]:
        """The headers of the identifiers."""
        return [header for _, header in self.identifiers]

    @property
    def by_name(self) -> bool:
        """Whether customers are known by their names."""
        return self.fields["external_id"] == self.fields["name"]


def fold_name(name: str) -> str:
    """Return a name as it is compared where customers have no ids: in one case, with single spaces."""
    return " ".join(name.casefold().split())


def choose_columns(table: CellTable, mapping: CustomerMapping, status_of: str | None = None) -> CustomerColumns:
    """Return what each column is: as was said, otherwise by its header and its cells.

    Args:
        table: The export.
        mapping: What was said about it.
        status_of: The column that says how the customers stand, or how all of them do; None: told.

    Raises:
        MappingInvalid: If the mapping names a column that is not there.
        ValueInvalid: If `status_of` is neither a column nor a status.
        FormatChanged: If no column is the customer's name.
    """
    mapping.check_headers(table.name, table.headers)
    fields = _choose_fields(table, mapping)
    fields = {field: header for field, header in fields.items() if field not in mapping.constants}
    identifiers = first_known(IDENTIFIER_HEADERS, table.headers, mapping.identifiers)
    if "name" not in fields:
        raise FormatChanged(_missing(table.name, table.headers))
    # Without ids the names tell the customers apart.
    fields.setdefault("external_id", fields["name"])
    free = _without(table.headers, [*fields.values(), *identifiers.values()])
    standing = _choose_standing(table, free, mapping, status_of)
    if standing.header is None and fields["external_id"] == fields["name"]:
        # A list of names beside deals, which say it.
        standing = replace(standing, question=None)
    if standing.header is not None:
        fields["status"] = standing.header
    _place_state(fields, free)
    rest = _without(free, fields.values())
    personal = tuple(header for header in rest if PERSONAL.search(fold_header(header)))
    return CustomerColumns(
        fields=fields,
        identifiers=tuple(identifiers.items()),
        personal=personal,
        custom=tuple(_without(rest, personal)),
        standing=standing,
    )


def is_header(values: Sequence[str], mapping: CustomerMapping) -> bool:
    """Return whether a line is the header of an export: an id and a name are in it, or all that a mapping names."""
    named = {*mapping.columns.values(), *mapping.identifiers.values()}
    if named:
        return named <= set(values)
    return all(any(_known(HEADERS[field], values)) for field in ("external_id", "name"))


def most_telling_id(table: CellTable, mapping: CustomerMapping) -> str | None:
    """Return the column that is called most like a customer's id, if nearly all rows have one; they may be the same."""
    named = mapping.columns.get("external_id")
    header = named or next(_known(HEADERS["external_id"], _without(table.headers, mapping.columns.values())), None)
    return header if header and _share_told(table, header, distinct=False) >= _NEARLY_ALL else None


def repeated_headers(columns: CustomerColumns) -> tuple[frozenset[str], frozenset[str]]:
    """Return the folded texts that are no customer's id, and no name, because they are these columns' headers."""
    ids, names = (
        frozenset(map(fold_header, [*HEADERS[field], columns.fields[field]])) for field in ("external_id", "name")
    )
    return ids, names


def _choose_fields(table: CellTable, mapping: CustomerMapping) -> dict[str, str]:
    """Return the header of each field but the status, which its cells tell; a column is one field at most."""
    mapped = {field: header for field, header in mapping.columns.items() if field != "status"}
    free = _without(table.headers, mapping.columns.values())
    found = dict(mapped)
    for field, synonyms in HEADERS.items():
        known = [] if field in (*mapped, "status") else list(_known(synonyms, free))
        if known:
            found[field] = known[0] if len(known) == 1 else _fullest(table, field, known)
    return found


def _fullest(table: CellTable, field: str, known: Sequence[str]) -> str:
    """Return which of several columns is the field: the most telling of those that say it of nearly all customers.

    An id has to be another one in each row, too. Of fields that need not be there, one cell is enough.
    """
    shares = [_share_told(table, header, distinct=field == "external_id") for header in known]
    enough = _NEARLY_ALL if field in ("external_id", "name") else np.nextafter(0.0, 1.0)
    told = [header for header, share in zip(known, shares, strict=True) if share >= enough]
    return told[0] if told else known[int(np.argmax(shares))]


def _share_told(table: CellTable, header: str, *, distinct: bool) -> float:
    """Return the share of the rows in which a column says something, or something that it says only once."""
    column = table.column(header)
    n_told = pc.count_distinct(column).as_py() if distinct else len(column) - column.null_count
    return float(n_told) / max(len(column), 1)


def _choose_standing(
    table: CellTable, free: Sequence[str], mapping: CustomerMapping, status_of: str | None
) -> Standing:
    """Return how customers stand: as was said on the call, in the mapping, or as the export tells."""
    named = status_of or mapping.columns.get("status")
    if named in table.headers:
        return named_standing(table, str(named))
    if named is not None:
        return Standing(everybody=_parse_status_of(table, named))
    if "status" in mapping.constants:
        return Standing()
    return tell_standing(table, [header for header in free if header not in mapping.columns.values()])


def _parse_status_of(table: CellTable, text: str) -> CustomerStatus:
    try:
        return CustomerStatus(text)
    except ValueError:
        columns = ", ".join(table.headers)[:300]
        what = f"{text!r} is neither a column of {table.name} nor won, open or lost: its columns are {columns}."
        raise ValueInvalid(what) from None


def _place_state(fields: dict[str, str], free: Sequence[str]) -> None:
    """Make `Estado` the region, where it is not the status and nothing else is the region."""
    state = next((header for header in free if fold_header(header) == _STATE), None)
    if state is not None and state != fields.get("status"):
        fields.setdefault("region", state)


def _without(headers: Iterable[str], taken: Iterable[str]) -> list[str]:
    out = set(taken)
    return [header for header in headers if header not in out]


def _known(synonyms: Iterable[str], free: Iterable[str]) -> Iterator[str]:
    """Yield the headers that are synonyms, the most telling first."""
    by_folded = {fold_header(header): header for header in reversed(list(free))}
    for folded in map(fold_header, synonyms):
        if folded in by_folded:
            yield by_folded[folded]


def first_known(
    known: Mapping[str, Sequence[str]], headers: Sequence[str], mapped: Mapping[str, str]
) -> dict[str, str]:
    """Return the header of each field: the one that is said, otherwise the first of its known ones that is there.

    A column that was said to be something is not taken again.
    """
    free = _without(headers, mapped.values())
    firsts = ((scheme, next(_known(synonyms, free), None)) for scheme, synonyms in known.items())
    return {**{scheme: header for scheme, header in firsts if header is not None}, **mapped}


def _missing(name: str, headers: Sequence[str]) -> str:
    known = ", ".join(HEADERS["name"][:20])
    return (
        f"{name} has no column for the customer's name: none of {known} … is among {', '.join(headers)[:300]}; "
        "name it in a mapping (columns: {name: …})."
    )
