"""What the columns of lists of companies are called, in the languages of registers, and what their words mean."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources

from graphleads.values.customer_header import HEADERS, IDENTIFIER_HEADERS

_OF_CUSTOMERS = {
    "name": "name", "jurisdiction": "country", "region": "region", "locality": "locality", "postcode": "postcode",
    "phone": "phone", "email": "email", "website": "website",
}  # fmt: skip
"""Things that lists of customers say, too, and how their headers are called there."""


def _read_words() -> dict[str, tuple[str, ...]]:
    text = (resources.files("graphleads.values") / "list_headers.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        thing = row["thing"]
        known = found.get(thing) or HEADERS.get(_OF_CUSTOMERS.get(thing, ""), ())
        found[thing] = (*known, *row["headers"].split("|"))
    return found


WORDS: Mapping[str, tuple[str, ...]] = _read_words()
"""The headers of each thing that a list can say, the most telling first: `list_headers.csv` has them by language."""

IDENTIFIERS: Mapping[str, tuple[str, ...]] = {
    **{scheme: headers for scheme, headers in IDENTIFIER_HEADERS.items() if scheme},
    "BR-CNPJ": ("cnpj", "cnpj cia", "cnpj basico", "numero cnpj"),
    "GB-COH": (*IDENTIFIER_HEADERS["GB-COH"], "company number", "crn", "companyhouse number"),
}
"""The headers of identifiers by scheme."""

STATUS_WORDS = (
    (r"吊销.*未注销", "inactive"),
    (r"liquid|清算|falid|falen|winding|administration|insolv|concurs|redressement|破産", "in_liquidation"),
    (
        r"dissol|注销|baixad|closed|removed|deregist|struck|extint|extingu|cancel|radi[ée]|gel[öo]scht|aufgel[öo]st|erloschen|"
        r"disuelt|de baja|cessata|解散|閉鎖",
        "dissolved",
    ),
    (r"inacti|inakti|吊销|停业|suspens|inapta|inativ|dormant|ruhend|迁出|休眠", "inactive"),
    (r"acti[vf]|aktiv|ativ|attiva|live|registered|good standing|存续|在业|在营|开业|正常|存続|営業|^02$", "active"),
)
"""Patterns of status words in lower case; the first that is found counts."""


def fold_word(header: str) -> str:
    """Return a header for comparison: letters and digits in one case, without accents."""
    apart = unicodedata.normalize("NFKD", header)
    return "".join(one for one in apart.casefold() if one.isalnum() or one == "%")


def guess_status(word: str) -> str:
    """Return what a status word probably means, `unknown` if nothing tells."""
    return next((status for pattern, status in STATUS_WORDS if re.search(pattern, word.casefold())), "unknown")
