from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graphleads.model import Company, Fact, Identifier, Name, NodeKind, NodeRef, Period, Relationship, Source
from graphleads.view.fact import company_object, fact_rows, relationship_object, tie_cell

SOURCE = Source(dataset="register", record="7", observed_on=date(2024, 1, 1))
ALDER = Company(
    id="X-T:1", name="Alder Ltd", entity_type="registered_entity", mentioned=False, jurisdiction="GB", status="active",
    locality="Leeds", region=None, postcode=None, legal_form=None, incorporated_on=None, dissolved_on=None,
    names=(Name(name="Oak Ltd", kind="former", period=Period(end_on=date(2020, 1, 1)), language="en", source=SOURCE),),
    identifiers=(Identifier(scheme="XI-LEI", value="529900", valid=False, source=SOURCE),),
    facts=(
        Fact(field="entity_type", value="registered_entity", period=Period(), source=SOURCE),
        Fact(field="n_employees_min", value="50", period=Period(), source=SOURCE),
        Fact(field="business_scope", value="snake_case wares", period=Period(), source=SOURCE),
    ),
)  # fmt: skip


def tie(**values: object) -> Relationship:
    end = NodeRef(id="X-T:1", kind=NodeKind.COMPANY, name="Alder Ltd")
    given: dict[str, Any] = {
        "source": end, "target": end, "relation": "role", "kind": "director", "title": None, "share_min": None,
        "share_max": None, "period": Period(), "confidence": 1.0, "sources": (SOURCE,),
    }  # fmt: skip
    return Relationship(**given | values)


def test_every_fact_has_its_source() -> None:
    where = "register 7, 2024-01-01"

    assert list(fact_rows(ALDER)) == [
        ("former name", "Oak Ltd", "until 2020-01-01", where),
        ("XI-LEI", "529900 (its check digit is wrong)", "", where),
        ("entity type", "registered entity", "", where),
        ("employees min", "50", "", where),
        ("business scope", "snake_case wares", "", where),
    ]
    source = {"dataset": "register", "record": "7", "observed_on": date(2024, 1, 1)}
    said = company_object(ALDER)
    assert [one["source"] for part in ("names", "identifiers", "facts") for one in said[part]] == [source] * 5


@pytest.mark.parametrize(
    ("values", "cell"),
    [
        ({}, "director"),
        ({"title": "Director"}, "director"),
        ({"title": "Managing director"}, "director (Managing director)"),
        ({"relation": "contact", "kind": "phone", "title": "head_office"}, "phone (head office)"),
        ({"kind": "voting_rights", "share_min": 0.25, "share_max": 0.5}, "voting rights 25 to 50 %"),
        ({"kind": "shareholding", "share_min": 0.3, "share_max": 0.3}, "shareholding 30 %"),
        ({"kind": "shareholding", "share_min": 0.75}, "shareholding 75 to 100 %"),
        ({"period": Period(start_on=date(2019, 3, 1))}, "director since 2019-03-01"),
    ],
)
def test_a_tie_is_told_in_a_few_words(values: dict[str, Any], cell: str) -> None:
    assert tie_cell(tie(**values)) == cell


def test_a_tie_keeps_both_bounds_and_says_why_it_is_not_followed() -> None:
    said = relationship_object(tie(kind="shareholding", share_min=0.25, share_max=0.5, ignored="nominee"))

    assert (said["share_min"], said["share_max"], said["ignored"]) == (0.25, 0.5, "nominee")
