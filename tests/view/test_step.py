from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graphleads.model import NodeKind, NodeRef, PathStep, Period, Relationship, Source
from graphleads.view.step import step_line

ALDER = NodeRef(id="X-T:1", kind=NodeKind.COMPANY, name="Alder Ltd")
BIRCH = NodeRef(id="X-T:2", kind=NodeKind.COMPANY, name="Birch Ltd")


@pytest.mark.parametrize(
    ("values", "forward", "backward"),
    [
        ({"share_min": 0.75}, "holds 75 to 100 % of", "is held by (75 to 100 %)"),
        ({}, "holds an interest in", "is held by"),
        (
            {"kind": "voting_rights", "share_min": 0.3, "share_max": 0.3},
            "holds 30 % of (voting rights)",
            "is held by (30 %, voting rights)",
        ),
        (
            {"kind": "appointment_of_board"},
            "holds an interest in (appointment of board)",
            "is held by (appointment of board)",
        ),
        (
            {"relation": "role", "kind": "director", "title": "Managing director"},
            "is director of (Managing director)",
            "has as director (Managing director)",
        ),
        ({"relation": "role", "kind": "other"}, "is officer of", "has as officer"),
        ({"relation": "contact", "kind": "address"}, "has the address", "is the address of"),
        ({"relation": "link", "kind": "branch_of"}, "is a branch of", "has the branch"),
        ({"relation": "link", "kind": "supplies"}, "supplies", "is supplied by"),
        ({"relation": "link", "kind": "mirrors"}, "mirrors", "at the other end: mirrors"),
        (
            {"relation": "same_person", "kind": "same_person", "confidence": 0.9},
            "is probably (90%) the same person as",
            "is probably (90%) the same person as",
        ),
    ],
)
def test_a_step_says_who_holds_whom(values: dict[str, Any], forward: str, backward: str) -> None:
    given: dict[str, Any] = {
        "source": ALDER, "target": BIRCH, "relation": "interest", "kind": "shareholding", "title": None,
        "share_min": None, "share_max": None, "period": Period(start_on=date(2019, 3, 1)), "confidence": 1.0,
        "sources": (Source(dataset="register", record="7", observed_on=date(2024, 1, 1)),),
    }  # fmt: skip
    tie, end = Relationship(**given | values), "since 2019-03-01"
    where = "[register 7, 2024-01-01]"
    assert step_line(PathStep(start=ALDER, end=BIRCH, relationship=tie)) == (
        f"Alder Ltd – {forward} {end} – Birch Ltd  {where}"
    )
    assert step_line(PathStep(start=BIRCH, end=ALDER, relationship=tie)) == (
        f"Birch Ltd – {backward} {end} – Alder Ltd  {where}"
    )
