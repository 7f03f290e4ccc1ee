from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from graphleads.errors import EntityNotFound, ValueInvalid
from graphleads.graph.snapshot import Snapshot
from graphleads.model import LeadQuery
from graphleads.recommend.config import ProximityConfig, RecommendConfig
from graphleads.recommend.explain import Explainer
from graphleads.recommend.pipeline import Pipeline
from graphleads.testing.known_graph import WALK, company

TODAY = date(2025, 6, 30)
CONFIG = RecommendConfig(proximity=ProximityConfig(walk=WALK))
QUERY = LeadQuery(
    seeds=(company("Alder"),), customers=frozenset({company("Alder")}), valid_on=TODAY, known_on=TODAY, k=10
)


@pytest.fixture
def recommender(known_snapshot: Snapshot) -> Explainer:
    return Explainer(Pipeline(known_snapshot, CONFIG))


def names(recommender: Explainer, query: LeadQuery) -> list[str]:
    return [item.company.name.removesuffix(" Ltd") for item in recommender.recommend(query).items]


def test_leads_are_near_alive_and_never_through_a_hub_a_namesake_or_an_auditor(recommender: Explainer) -> None:
    assert names(recommender, QUERY) == ["Cedar", "Elm", "Birch"]


def test_ranks_and_scores_fall(recommender: Explainer) -> None:
    items = recommender.recommend(QUERY).items
    assert [item.rank for item in items] == [1, 2, 3]
    assert [item.score for item in items] == sorted((item.score for item in items), reverse=True)


def test_points_of_the_reasons_are_the_score(recommender: Explainer) -> None:
    for item in recommender.recommend(QUERY).items:
        assert sum(reason.points for reason in item.reasons) == pytest.approx(item.score)


@pytest.mark.parametrize("tolerance", [1e-6, 0.02, 0.3])
def test_points_of_all_reasons_are_the_score_wherever_the_walk_stops(
    known_snapshot: Snapshot, tolerance: float
) -> None:
    proximity = ProximityConfig(walk=WALK, tolerance=tolerance)
    told = Explainer(Pipeline(known_snapshot, RecommendConfig(proximity=proximity)))
    items = told.recommend(QUERY, n_reasons=10).items
    assert items
    for item in items:
        assert sum(reason.points for reason in item.reasons) == pytest.approx(item.score)


def test_reasons_say_the_path_with_its_source(recommender: Explainer) -> None:
    items = recommender.recommend(QUERY).items
    sentences = {item.company.name: [reason.sentence for reason in item.reasons] for item in items}
    assert sentences == {
        "Cedar Ltd": ["Your customer Alder Ltd holds 60 to 75 % of the shares of Cedar Ltd (known, 30 June 2025)."],
        "Elm Ltd": [
            "Elm Ltd and your customer Alder Ltd share the phone number +44 113 000 0001 (known, 30 June 2025).",
            "Ben Brook, director of your customer Alder Ltd, is probably (90%) also director of Elm Ltd "
            "(known, 30 June 2025).",
        ],
        "Birch Ltd": [
            "Ann Archer, director of your customer Alder Ltd since 2019, is also director of Birch Ltd since 2021 "
            "(known, 30 June 2025)."
        ],
    }


def test_reasons_in_chinese(recommender: Explainer) -> None:
    birch = recommender.recommend(QUERY, language="zh").items[2]
    assert birch.reasons[0].sentence == (
        "Ann Archer自2019年起任贵方客户Alder Ltd董事，同时自2021年起任Birch Ltd董事（known，2025年6月30日）。"
    )


def test_a_reason_carries_the_confidence_of_its_path(recommender: Explainer) -> None:
    elm = recommender.recommend(QUERY).items[1]
    assert [round(reason.confidence, 3) for reason in elm.reasons] == [1.0, 0.9]


def test_what_was_ignored_is_told_with_the_reason(recommender: Explainer) -> None:
    ignored = {one.node.name: one.reason for one in recommender.recommend(QUERY).ignored}
    assert ignored == {
        "Nora Nominee": "Nora Nominee ties 5 companies together, more than mean anything: "
        "nothing is followed through it.",
        "Hazel Ltd": "Hazel Ltd is an auditor here: a vendor, not a tie.",
    }


def test_another_day_has_that_day_s_ties(recommender: Explainer) -> None:
    assert "Iroko" not in names(recommender, QUERY)
    assert names(recommender, replace(QUERY, valid_on=date(2021, 12, 31))) == ["Cedar", "Elm", "Iroko", "Birch"]
    assert "Birch" not in names(recommender, replace(QUERY, valid_on=date(2021, 4, 30)))


def test_a_company_is_no_lead_before_it_was_founded(recommender: Explainer) -> None:
    assert "Elm" in names(recommender, replace(QUERY, valid_on=date(2020, 2, 2)))
    assert "Elm" not in names(recommender, replace(QUERY, valid_on=date(2020, 2, 1)))


def test_seeds_that_are_no_customers_are_not_called_customers(recommender: Explainer) -> None:
    sentences = [
        reason.sentence
        for item in recommender.recommend(replace(QUERY, customers=frozenset())).items
        for reason in item.reasons
    ]
    assert len(sentences) == 4
    assert not any("customer" in sentence for sentence in sentences)


def test_a_day_before_anything_was_known_has_no_leads(recommender: Explainer) -> None:
    assert names(recommender, replace(QUERY, known_on=date(2025, 6, 29))) == []


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"customers": frozenset({company("Alder"), company("Elm")})}, ["Cedar", "Birch"]),
        ({"withheld": frozenset({company("Cedar")})}, ["Elm", "Birch"]),
        ({"exclude": frozenset({company("Birch")})}, ["Cedar", "Elm"]),
        ({"exclude_families": True}, ["Elm", "Birch"]),
        ({"exclude_families": True, "kin": (company("Elm"),)}, ["Birch"]),
        ({"kin": (company("Elm"),)}, ["Cedar", "Elm", "Birch"]),
        ({"jurisdictions": ("FR",)}, []),
        ({"jurisdictions": ("GB",)}, ["Cedar", "Elm", "Birch"]),
        ({"k": 1}, ["Cedar"]),
    ],
)
def test_who_may_be_a_lead(recommender: Explainer, change: dict[str, Any], left: list[str]) -> None:
    assert names(recommender, replace(QUERY, **change)) == left


def test_a_family_does_not_fill_the_page(known_snapshot: Snapshot) -> None:
    seeds = (company("Birch"), company("Elm"))
    query = replace(QUERY, seeds=seeds, customers=frozenset(seeds), valid_on=date(2021, 12, 31))
    alone = Explainer(Pipeline(known_snapshot, CONFIG.model_copy(update={"family_max": 1})))
    many = Explainer(Pipeline(known_snapshot, CONFIG.model_copy(update={"family_max": 3})))
    assert names(many, query) == ["Alder", "Cedar", "Iroko"]
    assert names(alone, query) == ["Alder", "Iroko", "Cedar"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Alder", "it is one of the companies that the search starts from"),
        ("Dogwood", "it is not active on that day"),
        ("Fir", "no tie that is followed leads to it from the customers"),
        ("Cedar", None),
    ],
)
def test_explain_says_why_a_company_is_no_lead(recommender: Explainer, name: str, why: str | None) -> None:
    assert recommender.explain(company(name), QUERY).ineligible == why


def test_explain_gives_the_rank_that_recommend_gives(recommender: Explainer) -> None:
    assert [recommender.explain(company(name), QUERY).rank for name in ("Cedar", "Elm", "Birch")] == [1, 2, 3]


def test_explain_names_the_namesake_that_was_not_followed(recommender: Explainer) -> None:
    reasons = [one.reason for one in recommender.explain(company("Juniper"), QUERY).ignored]
    said = "Ann Archer is also the name of somebody at Alder Ltd; nothing else joins the two: they stay two people."
    assert said in reasons


def test_a_person_that_is_probably_the_same_is_no_namesake(recommender: Explainer) -> None:
    reasons = [one.reason for one in recommender.explain(company("Elm"), QUERY).ignored]
    assert not any("Ben Brook" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seeds": ()}, "no won customer to start from"),
        ({"seeds": ("X-KNOWN:99",)}, "None of the seeds is a company"),
        ({"k": 0}, "ask for 1 to 10,000"),
        ({"k": 10**9}, "ask for 1 to 10,000"),
    ],
)
def test_unusable_queries_are_refused(recommender: Explainer, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueInvalid, match=message):
        recommender.recommend(replace(QUERY, **change))


def test_unknown_things_are_refused(recommender: Explainer) -> None:
    with pytest.raises(EntityNotFound, match="graphleads search"):
        recommender.explain("X-KNOWN:99", QUERY)
    with pytest.raises(ValueInvalid, match="no wording in 'fr'"):
        recommender.recommend(QUERY, language="fr")
