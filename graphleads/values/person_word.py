"""Words by which a CRM says that an account is a person and no company: a private customer, a sole trader.

The table is `person_words.csv`, by language.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources

from graphleads.values.customer_header import fold_header

_FLAGS = frozenset(map(fold_header, ("Is Person Account", "Person Account", "Is Individual", "Is Person")))
_YES = ("true", "1", "yes")


def says_person(custom: Mapping[str, str]) -> bool:
    """Return whether what a CRM says of a customer beside its fields, by header, makes it a person."""
    return any(
        _fold(text) in _words() or (fold_header(header) in _FLAGS and text.casefold() in _YES)
        for header, text in custom.items()
    )


@cache
def _words() -> frozenset[str]:
    text = (resources.files("graphleads.values") / "person_words.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return frozenset(_fold(word) for row in rows for word in row["words"].split("|"))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
