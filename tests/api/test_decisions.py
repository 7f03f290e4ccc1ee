"""Matches are decided over HTTP: by whom, with a reason, many at once, each with its result."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from graphleads.testing.known_graph import company

ALDER, BIRCH, CEDAR, ELM = (company(name) for name in ("Alder", "Birch", "Cedar", "Elm"))


def decide(client: httpx.Client, *decisions: dict[str, Any], **said: Any) -> dict[str, Any]:
    answer = client.post("/v0/matches/decisions", json={"by": "Ines", "decisions": decisions, **said})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def stands(client: httpx.Client, customer: str) -> tuple[str, str | None]:
    (one,) = client.get("/v0/matches", params={"customer": customer}).json()["items"]
    return one["state"], one["company"]


def test_a_customer_is_the_same_different_unsure_and_forgotten(client: httpx.Client) -> None:
    for verdict, expected in [
        ("different", ("refused", None)),
        ("unsure", ("unsure", None)),
        ("same", ("confirmed", ALDER)),
        ("forget", ("sure", ALDER)),
    ]:
        told = decide(client, {"customer": "a", "company": ALDER, "verdict": verdict}, reason="asked them")
        assert (told["n_made"], told["n_refused"]) == (1, 0)
        (one,) = told["items"]
        assert (one["result"], one["error"], one["match"]["state"]) == ("made", None, expected[0])
        assert stands(client, "a") == expected
        (item,) = client.get("/v0/matches", params={"customer": "a"}).json()["items"]
        said = [(one["verdict"], one["by"], one["reason"]) for one in item["decisions"]]
        assert said == ([] if verdict == "forget" else [(verdict, "Ines", "asked them")])


def test_a_decision_that_cannot_be_made_does_not_stop_the_others(client: httpx.Client) -> None:
    told = decide(
        client,
        {"customer": "nobody", "company": ALDER, "verdict": "same"},
        {"customer": "a", "company": "X-KNOWN:99", "verdict": "same"},
        {"customer": "c", "company": CEDAR, "verdict": "different", "reason": "a namesake"},
        {"customer": "a", "company": BIRCH, "verdict": "same"},
        {"customer": "a", "company": BIRCH, "verdict": "forget"},
    )
    assert (told["n_made"], told["n_refused"]) == (3, 2)
    assert [one["result"] for one in told["items"]] == ["refused", "refused", "made", "made", "made"]
    assert [one["error"]["code"] for one in told["items"][:2]] == ["customer-not-found", "entity-not-found"]
    assert told["items"][1]["error"] == {
        "code": "entity-not-found", "detail": "There is no company X-KNOWN:99: search finds companies by name.",
        "next_step": "search-name", "values": {"company": "X-KNOWN:99"}, "errors": [],
    }  # fmt: skip
    assert (stands(client, "a"), stands(client, "c")) == (("sure", ALDER), ("refused", None))
    (item,) = client.get("/v0/matches", params={"customer": "c"}).json()["items"]
    assert item["decisions"][0]["reason"] == "a namesake"


@pytest.mark.parametrize(
    "body",
    [
        {"decisions": [{"customer": "a", "company": ALDER, "verdict": "same"}]},
        {"by": "Ines", "decisions": []},
        {"by": "Ines", "decisions": [{"customer": "a", "company": ALDER, "verdict": "perhaps"}]},
        {"by": "Ines", "decisions": [{"customer": "a", "company": ALDER, "verdict": "same", "why": "x"}]},
        {"by": "Ines", "decisions": [{"customer": "a", "company": ALDER, "verdict": "same"}] * 1001},
    ],
)
def test_decisions_that_cannot_be_read_are_refused(client: httpx.Client, body: dict[str, Any]) -> None:
    assert client.post("/v0/matches/decisions", json=body).status_code == 422
    assert stands(client, "a") == ("sure", ALDER)
