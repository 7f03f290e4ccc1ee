from __future__ import annotations

from itertools import chain

import pytest

from graphleads.crm.status import (
    ANSWERS,
    ENDINGS,
    STANDING_WORDS,
    STATUS_WORDS,
    WORDS,
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
        ("Gewonnen", CustomerStatus.WON),
        ("Ehemaliger Kunde", CustomerStatus.LOST),
        ("Signé", CustomerStatus.WON),
        ("受注", CustomerStatus.WON),
        ("失注", CustomerStatus.LOST),
        ("Customer - Direct", CustomerStatus.WON),
        ("appointmentscheduled", CustomerStatus.OPEN),
        ("Closed Lost to Competition", CustomerStatus.LOST),
    ],
)
def test_status_words(text: str, status: CustomerStatus) -> None:
    assert parse_status(text, WORDS) is status


def test_some_words_say_it_in_some_columns_only() -> None:
    assert [parse_status("Active", words) for words in (WORDS, STANDING_WORDS)] == [None, CustomerStatus.WON]
    assert [parse_status(word, ANSWERS) for word in ("Yes", "nein", None)] == [
        CustomerStatus.WON,
        CustomerStatus.OPEN,
        CustomerStatus.OPEN,
    ]
    assert [parse_status(word, ENDINGS) for word in ("Yes", None)] == [CustomerStatus.LOST, CustomerStatus.WON]


def test_the_nearest_words_are_three() -> None:
    assert nearest_words("custommer") == ["customer (won)", "ex-customer (lost)", "new customer (won)"]


def test_no_word_is_two_statuses() -> None:
    words = list(chain.from_iterable(STATUS_WORDS.values()))
    assert len(words) == len(set(words))
    assert [word for word in words if word != word.casefold()] == []
    assert len(set(map(fold_word, words))) == len(words)
