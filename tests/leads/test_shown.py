from __future__ import annotations

import pytest

from graphleads.leads.shown import Lead, Withheld, complete

STEP = {
    "from": {"id": "X-T:1", "kind": "company", "name": "Alder Mills"},
    "to": {"id": "X-T:2", "kind": "company", "name": "Birch Works"},
    "direction": "backward",
    "kind": "director",
    "title": None,
    "share_min": None,
    "share_max": None,
    "start_on": "2019-03-01",
    "end_on": None,
    "source": {"dataset": "register", "record": "r-1", "observed_on": "2024-01-01"},
}
OURS = {
    "id": "C-1", "name": "Alder", "status": "won", "owner": "Ann", "until": None, "company": "X-T:1", "match": "sure"
}  # fmt: skip
LEAD = {
    "rank": 1,
    "company": {"id": "X-T:2", "name": "Birch Works", "jurisdiction": "GB", "locality": None, "status": "active"},
    "customers": [OURS | {"status": "lost", "until": "2023-05-09"}],
    "near": [OURS],
    "score": 0.25,
    "percent_of_best": 50.0,
    "reasons": [{"sentence": "Ada Byron directs both.", "points": 0.25, "confidence": 1.0, "path": [STEP]}],
    "other_points": 0.0,
}


def test_a_lead_that_is_whole_comes_back_as_it_was_kept() -> None:
    assert complete(Lead, LEAD) == LEAD


def test_what_a_lead_lacks_is_empty_or_null_and_what_nobody_knows_is_left_out() -> None:
    assert complete(Lead, {"rank": 2, "company": {"id": "X-T:3"}, "mood": "good"}) == {
        "rank": 2,
        "company": {"id": "X-T:3", "name": "", "jurisdiction": None, "locality": None, "status": ""},
        "customers": [],
        "near": [],
        "score": 0.0,
        "percent_of_best": None,
        "reasons": [],
        "other_points": None,
    }


@pytest.mark.parametrize("kept", [None, "text", 7, [], {"company": "X-T:3", "reasons": {"sentence": 1}, "rank": "1"}])
def test_what_is_no_lead_at_all_is_an_empty_one(kept: object) -> None:
    assert complete(Lead, kept) == {
        "rank": 0,
        "company": {"id": "", "name": "", "jurisdiction": None, "locality": None, "status": ""},
        "customers": [],
        "near": [],
        "score": 0.0,
        "percent_of_best": None,
        "reasons": [],
        "other_points": None,
    }


def test_an_unsure_match_is_completed_too() -> None:
    kept = {"customer": "a", "probability": 1, "others": ["X-T:4"]}
    assert complete(Withheld, kept) == {"customer": "a", "company": None, "probability": 1.0, "others": ["X-T:4"]}
