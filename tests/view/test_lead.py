from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from graphleads.leads.lead_row import LEAD_COLUMNS, lead_row
from graphleads.leads.shown import OurCustomer
from graphleads.model import (
    Company,
    Ignored,
    NodeKind,
    NodeRef,
    PathStep,
    Period,
    Reason,
    Recommendation,
    Relationship,
    Source,
)
from graphleads.recommend.explain import Explanation
from graphleads.view.lead import (
    explanation_object,
    lead_rows,
    percents,
    recommendations_object,
)
from graphleads.workspace.answer import Explained, Recommendations, RunInfo

CUSTOMER = NodeRef(id="X-T:1", kind=NodeKind.COMPANY, name="Alder Mills")
PERSON = NodeRef(id="X-T:P1", kind=NodeKind.PERSON, name="Ada Byron")
LEAD = NodeRef(id="X-T:2", kind=NodeKind.COMPANY, name="Birch Works")
RUN = RunInfo(id="R-1", snapshot="abc", as_of=date(2024, 1, 2), seeds=("X-T:1",), config={"damping": 0.85})


def company(name: str, company_id: str, locality: str | None) -> Company:
    return Company(
        id=company_id, name=name, entity_type="registered_entity", mentioned=False, jurisdiction="GB", status="active",
        locality=locality, region=None, postcode=None, legal_form=None, incorporated_on=None, dissolved_on=None,
    )  # fmt: skip


def role(end: NodeRef, title: str | None, start_on: date | None) -> Relationship:
    return Relationship(
        source=PERSON, target=end, relation="role", kind="director", title=title, share_min=None, share_max=None,
        period=Period(start_on=start_on), confidence=1.0,
        sources=(Source(dataset="register", record=f"r-{end.id}", observed_on=date(2024, 1, 1)),),
    )  # fmt: skip


STEPS = (
    PathStep(start=CUSTOMER, end=PERSON, relationship=role(CUSTOMER, "Managing director", date(2019, 3, 1))),
    PathStep(start=PERSON, end=LEAD, relationship=role(LEAD, None, None)),
)
REASON = Reason(sentence="Ada Byron directs both.", points=0.02, confidence=1.0, path=STEPS)
WON: OurCustomer = {
    "id": "C-1", "name": "Alder", "status": "won", "owner": "Ann", "until": None, "company": "X-T:1", "match": "sure"
}  # fmt: skip
LOST: OurCustomer = {
    "id": "C-9", "name": "Birch", "status": "lost", "owner": "Ben", "until": date(2023, 5, 9), "company": "X-T:2",
    "match": "confirmed",
}  # fmt: skip
LEADS = Recommendations(
    run=RUN,
    items=(
        Recommendation(
            rank=1,
            company=company("Birch Works", "X-T:2", "Leeds"),
            score=0.04,
            percent_of_best=100.0,
            reasons=(REASON,),
        ),
        Recommendation(rank=2, company=company("Cedar", "X-T:3", None), score=0.01, percent_of_best=25.0, reasons=()),
    ),
    n_candidates=7,
    ours={"X-T:1": [WON], "X-T:2": [LOST]},
)


def test_recommendations_are_the_documented_object() -> None:
    answer = recommendations_object(LEADS)

    assert list(answer) == ["run", "items", "next"]
    assert answer["run"] == {
        "id": "R-1", "snapshot": "abc", "as_of": date(2024, 1, 2), "seeds": ["X-T:1"], "config": {"damping": 0.85},
        "n_candidates": 7, "warnings": [], "n_withheld": 0, "withheld": [], "ignored": [],
    }  # fmt: skip
    assert answer["next"] is None
    assert answer["items"][0] == {
        "rank": 1,
        "company": {
            "id": "X-T:2", "name": "Birch Works", "jurisdiction": "GB", "locality": "Leeds", "status": "active",
        },
        "customers": [LOST],
        "near": [WON],
        "score": 0.04,
        "percent_of_best": 100.0,
        "reasons": [
            {
                "sentence": "Ada Byron directs both.",
                "points": 0.02,
                "confidence": 1.0,
                "path": [
                    {
                        "from": {"id": "X-T:1", "kind": "company", "name": "Alder Mills"},
                        "to": {"id": "X-T:P1", "kind": "person", "name": "Ada Byron"},
                        "direction": "backward",
                        "kind": "director",
                        "title": "Managing director",
                        "share_min": None,
                        "share_max": None,
                        "start_on": date(2019, 3, 1),
                        "end_on": None,
                        "source": {"dataset": "register", "record": "r-X-T:1", "observed_on": date(2024, 1, 1)},
                    },
                    {
                        "from": {"id": "X-T:P1", "kind": "person", "name": "Ada Byron"},
                        "to": {"id": "X-T:2", "kind": "company", "name": "Birch Works"},
                        "direction": "forward",
                        "kind": "director",
                        "title": None,
                        "share_min": None,
                        "share_max": None,
                        "start_on": None,
                        "end_on": None,
                        "source": {"dataset": "register", "record": "r-X-T:2", "observed_on": date(2024, 1, 1)},
                    },
                ],
            }
        ],
        "other_points": 0.02,
    }  # fmt: skip


def test_the_table_csv_and_json_say_the_same_number() -> None:
    leads = LEADS.leads
    assert lead_rows(leads) == [
        (
            *(1, 100.0, "Birch Works\nX-T:2\nwas lost customer C-9 (Birch), owner Ben, until 2023-05-09", "Leeds, GB"),
            "Ada Byron directs both.\nnear customer C-1 (Alder), owner Ann",
        ),
        (2, 25.0, "Cedar\nX-T:3", "GB", ""),
    ]
    for name in ("rank", "score", "percent_of_best"):
        assert [lead_row(lead)[name] for lead in leads] == [lead[name] for lead in leads]


def test_a_row_has_the_customers_and_the_second_reason() -> None:
    first = replace(LEADS.items[0], reasons=(REASON, replace(REASON, sentence="They share a phone.")))
    table = replace(LEADS, items=(first, LEADS.items[1])).to_pandas()

    assert tuple(table.columns) == LEAD_COLUMNS
    assert table.loc[0].to_dict() == {
        "rank": 1, "company_id": "X-T:2", "name": "Birch Works", "jurisdiction": "GB", "locality": "Leeds",
        "status": "active", "score": 0.04, "percent_of_best": 100.0,
        "near_customer_id": "C-1", "near_customer": "Alder", "near_owner": "Ann",
        "was_customer_id": "C-9", "was_customer": "Birch", "was_owner": "Ben", "was_customer_until": "2023-05-09",
        "reason": "Ada Byron directs both.", "second_reason": "They share a phone.",
    }  # fmt: skip
    assert replace(LEADS, items=()).to_pandas().empty


@pytest.mark.parametrize(
    ("points", "score", "shown"),
    [
        ((), 0.5, [100]),
        ((0.5,), 0.5, [100, 0]),
        ((0.1, 0.1, 0.1), 0.3, [34, 33, 33, 0]),
        ((0.125, 0.125), 1.0, [13, 12, 75]),
        ((0.5, 0.25), 0.7499999999999, [67, 33, 0]),
        ((), 0.0, [0]),
    ],
)
def test_reasons_and_other_ties_sum_to_the_whole_score(
    points: tuple[float, ...], score: float, shown: list[int]
) -> None:
    reasons = tuple(replace(REASON, points=one) for one in points)
    explanation = Explanation(
        company=company("Cedar", "X-T:3", None), rank=1, score=score, reasons=reasons, ineligible=None, ignored=()
    )
    assert percents(explanation) == shown


def test_an_explanation_says_what_was_ignored_and_why() -> None:
    nominee = NodeRef(id="X-T:N", kind=NodeKind.COMPANY, name="Holdings Nominees")
    explained = Explained(
        run=RUN,
        explanation=Explanation(
            company=company("Cedar", "X-T:3", None), rank=None, score=0.0, reasons=(), ineligible="it is a customer",
            ignored=(Ignored(node=nominee, n_companies=165, reason="It is a nominee."),),
        ),
    )  # fmt: skip
    answer = explanation_object(explained)

    assert (answer["rank"], answer["ineligible"], answer["reasons"]) == (None, "it is a customer", [])
    assert answer["ignored"] == [
        {
            "node": {"id": "X-T:N", "kind": "company", "name": "Holdings Nominees"},
            "n_companies": 165,
            "reason": "It is a nominee.",
        }
    ]
