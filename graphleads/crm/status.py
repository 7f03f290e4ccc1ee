"""Words of a CRM export for how far it is with a customer.

The table is `status_words.csv`, by status and language: words of any column, those that say it only where the header is
about customers (`standing`: an account that is active need not be a customer), and those of columns that answer yes or
no (`any`).
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import resources

from graphleads.model import CustomerStatus

Words = dict[str, CustomerStatus]
"""Status by word, folded as `fold_word` does."""


def fold_word(text: str) -> str:
    """Return a text for comparison: in lower case and one width, without accents, with single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def _read_table() -> dict[str, dict[CustomerStatus, tuple[str, ...]]]:
    text = (resources.files("graphleads.crm") / "status_words.csv").read_text(encoding="utf-8")
    found: dict[str, dict[CustomerStatus, tuple[str, ...]]] = {}
    for row in csv.DictReader(text.splitlines()):
        words, status = found.setdefault(row["reading"], {}), CustomerStatus(row["status"])
        words[status] = (*words.get(status, ()), *row["words"].split("|"))
    return found


def _fold(words: Mapping[CustomerStatus, tuple[str, ...]]) -> dict[str, CustomerStatus]:
    return {fold_word(word): status for status, some in words.items() for word in some}


_TABLE = _read_table()

STATUS_WORDS: Mapping[CustomerStatus, tuple[str, ...]] = _TABLE["word"]
"""The words of each status, compared in lower case and without accents."""

WORDS: Words = _fold(STATUS_WORDS)
"""What a column of any name may say."""

STANDING_WORDS: Words = WORDS | _fold(_TABLE["standing"])
"""What a column says whose header is about customers."""

ANSWERS: Words = _fold(_TABLE["any"]) | {"": CustomerStatus.OPEN}
"""What a column says that answers whether something was won."""

_ENDED = {CustomerStatus.WON: CustomerStatus.LOST, CustomerStatus.OPEN: CustomerStatus.WON}

ENDINGS: Words = {word: _ENDED[status] for word, status in ANSWERS.items()}
"""What a column says that answers whether a customer has ended."""


def parse_status(text: str | None, words: Words) -> CustomerStatus | None:
    """Return the status that a word stands for, None if it is not known.

    Args:
        text: The word, None for an empty cell.
        words: What words stand for; the empty one is that of empty cells.
    """
    return words.get(fold_word(text or ""))


def nearest_words(text: str) -> list[str]:
    """Return the three known status words that are most like a text, each with its status."""
    near = get_close_matches(fold_word(text)[:80], WORDS, n=3, cutoff=0.0)
    return [f"{word} ({WORDS[word]})" for word in near]
