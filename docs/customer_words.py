"""The headers and words of CRM exports that are known, made from their tables: `python -m docs.customer_words`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from graphleads.crm.status import STANDING_WORDS, STATUS_WORDS, WORDS
from graphleads.values.customer_header import (
    ALL_WON,
    HEADERS,
    IDENTIFIER_HEADERS,
    LOST_IF_ANY,
    STAGE,
    STANDING_HEADERS,
    TYPE,
    WON_IF_ANY,
)

PAGE = Path(__file__).with_suffix(".md")

_FIELDS = {
    "external_id": "the customer's id: an import finds its customers by it again; without one its name is taken",
    "name": "the customer's name, required",
    "status": "how the customer stands: won, open or lost",
    "country": "its country, by name or code in English, Chinese and others",
    "locality": "its town",
    "region": "its state or province",
    "postcode": "its postcode",
    "website": "its web site",
    "email": "an e-mail address there, of which the domain is kept",
    "phone": "its phone",
    "owner": "whose customer it is",
    "parent": "the account that it is a part of, by id or name",
    "value": "what it is worth, a number in your currency",
    "won_on": "the day on which it was won",
}
_STANDING = {
    STAGE: "a column of these says how customers stand if one of its cells is a word below",
    TYPE: "a column of these says it if at least half of its cells are words below",
    WON_IF_ANY: "a number or yes: more than 0 is won, 0 is open",
    ALL_WON: "in a list with such a column everybody is won, if nothing else says it",
    LOST_IF_ANY: "but who is marked here is lost",
}


def customer_words() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Words of CRM exports"
    yield ""
    yield "Made by `make docs` from `graphleads/values/customer_headers.csv` and `graphleads/crm/status_words.csv`."
    yield "[Customers](customers.md) says how they are used. Of several headers of one field the first in the"
    yield "list is taken, unless another one says more. Case, accents, spaces, punctuation and width do not matter."
    yield ""
    yield "## Headers"
    yield ""
    yield from _table(("field", "what", "headers"), ((f"`{name}`", _FIELDS[name], HEADERS[name]) for name in HEADERS))
    yield ""
    yield "Columns that may say how customers stand, by what their cells hold; a `status` goes before them:"
    yield ""
    yield from _table(("headers", "what"), ((STANDING_HEADERS[kind], text) for kind, text in _STANDING.items()))
    yield ""
    yield "Identifiers:"
    yield ""
    schemes = ((f"`{scheme}`" if scheme else "told from the value", of) for scheme, of in IDENTIFIER_HEADERS.items())
    yield from _table(("identifier", "headers"), schemes)
    yield ""
    yield "## How a customer stands"
    yield ""
    yield from _table(("status", "words"), ((f"`{status}`", words) for status, words in STATUS_WORDS.items()))
    yield ""
    active = ", ".join(word for word in STANDING_WORDS if word not in WORDS)
    yield f"In a column of `status`, but not in others, these are `won`, too: {active}."


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str | tuple[str, ...], ...]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield f"| {' | '.join(cell if isinstance(cell, str) else ', '.join(cell) for cell in row)} |"


if __name__ == "__main__":
    PAGE.write_text(customer_words(), encoding="utf-8")
