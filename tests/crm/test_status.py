from __future__ import annotations

from itertools import chain

import pytest

from graphleads.crm.status import (
    STATUS_WORDS,
    fold_word,
    nearest_words,
    parse_status,
)
from graphleads.model import CustomerStatus


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Closed Won", CustomerStatus.WON),
        (" CUSTOMER ", CustomerStatus.WON),
        ("已签约", CustomerStatus.WON),
        ("Proposal/Price  Quote", CustomerStatus.OPEN),
        ("未成交", CustomerStatus.OPEN),
        ("churned", CustomerStatus.LOST),
        ("流失", CustomerStatus.LOST),
        ("Ganho", CustomerStatus.WON),
        ("GANADO", CustomerStatus.WON),
        ("Em andamento", CustomerStatus.OPEN),
        ("em negociacao", CustomerStatus.OPEN),
        ("En curso", CustomerStatus.OPEN),
        ("Perdido", CustomerStatus.LOST),
    ],
)
def test_status_words(text: str, status: CustomerStatus) -> None:
    assert parse_status(text, {}) is status


def test_the_nearest_words_are_three() -> None:
    assert nearest_words("custommer") == ["customer (won)", "former customer (lost)", "active customer (won)"]


def test_a_mapping_goes_before_the_known_words() -> None:
    assert parse_status("Customer", {"customer": CustomerStatus.LOST}) is CustomerStatus.LOST
    assert parse_status(None, {"": CustomerStatus.OPEN}) is CustomerStatus.OPEN


def test_no_word_is_two_statuses() -> None:
    words = list(chain.from_iterable(STATUS_WORDS.values()))
    assert len(words) == len(set(words))
    assert [word for word in words if word != word.casefold()] == []
    assert len(set(map(fold_word, words))) == len(words)
