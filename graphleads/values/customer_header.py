"""What CRM exports call their columns.

The table is `customer_headers.csv`: the words of Salesforce, HubSpot, Dynamics, Zoho, Pipedrive, SuiteCRM, EspoCRM,
Odoo, ERPNext, 销售易 and 纷享销客, and of lists that people keep, by field and language, the most telling first.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources

STAGE = "stage"
"""Headers of columns that say how far something is: with the customer, where a cell is a word for that."""

TYPE = "type"
"""Headers of columns that say of what kind an account is: how it stands, where the cells are words for that."""

WON_IF_ANY = "won_if_any"
"""Headers of columns that count what was won, or say whether anything was."""

ALL_WON = "all_won"
"""Headers that only a list of nothing but customers has."""

LOST_IF_ANY = "lost_if_any"
"""Headers that mark who of such a list is a customer no more."""


def fold_header(header: str) -> str:
    """Return a header for comparison: letters and digits in one case and width, without accents."""
    plain = unicodedata.normalize("NFKD", header).casefold().removesuffix("__c")
    return "".join(one for one in plain if one.isalnum())


def read_headers(table: str) -> dict[str, tuple[str, ...]]:
    """Return the headers of each field in one of the tables beside this file, in its order."""
    text = (resources.files("graphleads.values") / table).read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        found[row["field"]] = (*found.get(row["field"], ()), *row["headers"].split("|"))
    return found


_TABLE = read_headers("customer_headers.csv")
_STANDING = (STAGE, TYPE, WON_IF_ANY, ALL_WON, LOST_IF_ANY)

_PEOPLE = ("personal", "personal_part", "contact", "contact_part")


def _pattern(kind: str) -> re.Pattern[str]:
    """Return what finds a folded header that is one of a kind's, or has one of its parts."""
    whole, parts = (map(fold_header, _TABLE[name]) for name in (kind, f"{kind}_part"))
    return re.compile("|".join([*(f"^{re.escape(one)}$" for one in whole), *map(re.escape, parts)]))


HEADERS: Mapping[str, tuple[str, ...]] = {
    field: headers for field, headers in _TABLE.items() if field.islower() and field not in (*_STANDING, *_PEOPLE)
}
"""The headers of each field, the most telling first."""

STANDING_HEADERS: Mapping[str, tuple[str, ...]] = {kind: _TABLE[kind] for kind in _STANDING}
"""The headers of columns that may say how customers stand, by what their cells have to be.

The surest are in `HEADERS`.
"""

IDENTIFIER_HEADERS: Mapping[str, tuple[str, ...]] = {
    scheme: headers for scheme, headers in _TABLE.items() if not scheme.islower()
}
"""The headers of identifiers by scheme; under the empty one the register is told from the value when it is matched."""

PERSONAL = _pattern("personal")
"""Folded headers of what is known of a person at the customer: read for the e-mail domain, and never stored."""

CONTACT = _pattern("contact")
"""Folded headers of columns that may name people at the customer, and may count or date contacts with them."""
