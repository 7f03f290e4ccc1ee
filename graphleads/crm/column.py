"""Which column of a CRM export is what: told from its header."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graphleads.crm.mapping import CustomerMapping
from graphleads.errors import FormatChanged
from graphleads.values.customer_header import HEADERS, IDENTIFIER_HEADERS, PERSONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerColumns:
    """What each column of an export is.

    Attributes:
        fields: Header by field of `HEADERS`.
        identifiers: (scheme, header) pairs.
        personal: Headers of personal columns, left out.
        custom: Headers of the rest, kept as they are.
    """

    fields: dict[str, str]
    identifiers: tuple[tuple[str, str], ...]
    personal: tuple[str, ...]
    custom: tuple[str, ...]

    @property
    def by_name(self) -> bool:
        """Whether customers are known by their names."""
        return self.fields["external_id"] == self.fields["name"]


def fold_header(header: str) -> str:
    """Return a header for comparison: letters and digits in one case and width, without accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", header).casefold() if one.isalnum())


def fold_name(name: str) -> str:
    """Return a name as it is compared where customers have no ids: in one case, with single spaces."""
    return " ".join(name.casefold().split())


def choose_columns(name: str, headers: Sequence[str], mapping: CustomerMapping) -> CustomerColumns:
    """Return what each column is: as the mapping says, otherwise by its header.

    Args:
        name: How messages call the file.
        headers: Its columns.
        mapping: What was said about it.

    Raises:
        MappingInvalid: If the mapping names a column that is not there.
        FormatChanged: If no column is the customer's name.
    """
    mapping.check_headers(name, headers)
    fields = first_known(HEADERS, headers, mapping.columns)
    fields = {field: header for field, header in fields.items() if field not in mapping.constants}
    identifiers = first_known(IDENTIFIER_HEADERS, headers, mapping.identifiers)
    if "name" not in fields:
        raise FormatChanged(_missing(name, headers))
    # Without ids the names tell the customers apart.
    fields.setdefault("external_id", fields["name"])
    rest = [header for header in headers if header not in {*fields.values(), *identifiers.values()}]
    personal = tuple(header for header in rest if PERSONAL.search(fold_header(header)))
    return CustomerColumns(
        fields=fields,
        identifiers=tuple(identifiers.items()),
        personal=personal,
        custom=tuple(header for header in rest if header not in personal),
    )


def move_state(columns: CustomerColumns, header: str) -> CustomerColumns:
    """Return the columns with a header as the region, or kept as it is if there is another region."""
    fields = {field: one for field, one in columns.fields.items() if one != header}
    custom = tuple(one for one in columns.custom if one != header)
    if "region" in fields:
        return replace(columns, fields=fields, custom=(*custom, header))
    return replace(columns, fields=fields | {"region": header}, custom=custom)


def repeated_headers(columns: CustomerColumns) -> tuple[frozenset[str], frozenset[str]]:
    """Return the folded texts that are no customer's id, and no name, because they are these columns' headers."""
    ids, names = (
        frozenset(map(fold_header, [*HEADERS[field], columns.fields[field]])) for field in ("external_id", "name")
    )
    return ids, names


def _fold_all(headers: Iterable[str]) -> dict[str, str]:
    return {fold_header(header): header for header in reversed(list(headers))}


def first_known(
    known: Mapping[str, Sequence[str]], headers: Sequence[str], mapped: Mapping[str, str]
) -> dict[str, str]:
    """Return the header of each field: the one that is said, otherwise the first of its known ones that is there.

    A column that was said to be something is not taken again.
    """
    free = _fold_all(header for header in headers if header not in mapped.values())
    found = dict(mapped)
    for field, synonyms in known.items():
        header = next((free[folded] for folded in map(fold_header, synonyms) if folded in free), None)
        if header is not None:
            found.setdefault(field, header)
    return found


def _missing(name: str, headers: Sequence[str]) -> str:
    known = ", ".join(HEADERS["name"])
    return (
        f"{name} has no column for the customer's name: none of {known} is among {', '.join(headers)[:300]}; "
        "name it in a mapping (columns: {name: …})."
    )
