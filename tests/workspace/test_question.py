from __future__ import annotations

from dataclasses import fields

import pytest

from graphleads.cli.leads import explain, recommend
from graphleads.errors import ValueInvalid
from graphleads.workspace.question import Question, default_of, meaning_of
from graphleads_api.body import RecommendationRequest
from graphleads_api.request import ExplainQuery

NAMES = {one.name for one in fields(Question)}


def test_http_asks_what_a_question_has_in_its_words() -> None:
    asked = RecommendationRequest.model_fields
    assert set(asked) == NAMES - {"n_ignored"}
    assert {name: one.description for name, one in asked.items()} == {name: meaning_of(name) for name in asked}
    assert RecommendationRequest().question() == Question(n_ignored=0, jurisdictions=[], industries=[])
    assert ExplainQuery(seed=["X-T:1"]).question() == Question(seeds=["X-T:1"])
    assert ExplainQuery(customer=["crm/1"]).question() == Question(customers=["crm/1"])


def test_the_command_line_asks_what_a_question_has() -> None:
    options = {one.name for one in recommend.params}
    assert options - NAMES == {"new_since", "as_json", "csv", "bom"}
    assert NAMES - options == {"n_reasons", "n_ignored"}
    assert {one.name for one in explain.params} & NAMES == {
        "owner", "seeds", "customers", "as_of", "known_on", "language",
    }  # fmt: skip
    assert default_of("k") == 50


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"k": 0}, "0 leads cannot be asked for: ask for 1 to 10,000."),
        ({"k": 10_001}, "10,001 leads cannot be asked for: ask for 1 to 10,000."),
        ({"n_reasons": 11}, "11 reasons a lead: ask for 0 to 10."),
        ({"language": "fr"}, "There are no reasons in 'fr': use en or zh."),
        ({"seeds": ["X-T:1"], "owner": "ann"}, "Give either companies to look around or an owner, not both."),
        ({"customers": ["crm/1"], "owner": "ann"}, "Give either companies to look around or an owner, not both."),
        ({"jurisdictions": "BR"}, "Give seeds, customers, jurisdictions and industries as lists, even of one."),
        ({"customers": "crm/1"}, "Give seeds, customers, jurisdictions and industries as lists, even of one."),
        ({"industries": [" "]}, "An industry is empty: give the beginning of a trade code, for example 62."),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(ValueInvalid) as error:
        Question(**asked)  # type: ignore[arg-type]
    assert str(error.value) == said
