"""A register of ten companies, small enough for pencil and paper, for whatever ranks or explains.

Alder is the won customer. Around it:

- Birch has Alder's director Ann, who is one person with one number.
- Cedar is held by Alder to 60 to 75 %: one corporate family.
- Dogwood has Ann too, and is in liquidation.
- Elm, founded in 2020, has Alder's phone, and a director Ben who probably is Alder's Ben (a declared key, 0.9).
- Fir, Gum and Hazel share with Alder only the nominee director Nora, who is in five companies.
- Hazel also audits Alder and Birch.
- Iroko has Carl, who left Alder in 2022.
- Juniper has another Ann, who is nobody that Alder knows.
"""

from __future__ import annotations

from pathlib import Path

from graphleads.graph.config import BuildConfig, WalkConfig
from graphleads.testing.staging import Rows, stage_delivery

NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hazel", "Iroko", "Juniper")
OBSERVED_ON = "2025-06-30"

CONFIG = BuildConfig()
WALK = WalkConfig(person_cap=4)
"""Caps that fit ten companies: Nora is a hub."""


def company(name: str) -> str:
    """Return the id of a company of the known graph."""
    return f"X-KNOWN:{1 + NAMES.index(name):02}"


def stage_known_graph(staged: Path) -> None:
    """Stage the known register as one full delivery."""
    stage_delivery(staged, known_tables(), observed_on=OBSERVED_ON, dataset="known")


def known_tables() -> dict[str, Rows]:
    """Return the rows of the known register by staged table."""
    return {
        "companies": [_company(name) for name in NAMES],
        "persons": [
            {"record": "ann", "id": "X-KNOWN-PERSON:ann", "name": "Ann Archer"},
            {"record": "ann2", "id": "X-KNOWN-PERSON:ann2", "name": "Ann Archer"},
            {"record": "ben1", "id": "X-KNOWN-PERSON:ben1", "name": "Ben Brook", "key": "ben", "key_confidence": 0.9},
            {"record": "ben2", "id": "X-KNOWN-PERSON:ben2", "name": "Ben Brook", "key": "ben", "key_confidence": 0.9},
            {"record": "carl", "id": "X-KNOWN-PERSON:carl", "name": "Carl Crane"},
            {"record": "nora", "id": "X-KNOWN-PERSON:nora", "name": "Nora Nominee"},
        ],
        "roles": [
            _director("Alder", "ann", start_on="2019-03-01"),
            _director("Birch", "ann", start_on="2021-05-01"),
            _director("Dogwood", "ann"),
            _director("Juniper", "ann2"),
            _director("Alder", "ben1"),
            _director("Elm", "ben2"),
            _director("Alder", "carl", start_on="2015-01-01", end_on="2022-01-01"),
            _director("Iroko", "carl", start_on="2015-01-01"),
            *(_director(name, "nora") for name in ("Alder", "Fir", "Gum", "Hazel", "Iroko")),
            _auditor("Alder"),
            _auditor("Birch"),
        ],
        "interests": [
            {
                "record": "cedar-1",
                "subject": company("Cedar"),
                "holder": company("Alder"),
                "kind": "shareholding",
                "share_min": 0.6,
                "share_max": 0.75,
            }
        ],
        "contact_points": [_phone("Alder"), _phone("Elm")],
    }


def _company(name: str) -> dict[str, object]:
    status = "in_liquidation" if name == "Dogwood" else "active"
    founded: dict[str, object] = {"incorporated_on": "2020-02-02"} if name == "Elm" else {}
    return founded | {
        "record": name,
        "id": company(name),
        "name": f"{name} Ltd",
        "status": status,
        "jurisdiction": "GB",
        "locality": "Leeds",
    }


def _director(name: str, person: str, **dates: str) -> dict[str, object]:
    holder = f"X-KNOWN-PERSON:{person}"
    return {"record": f"{name}-{person}", "company": company(name), "holder": holder, "kind": "director", **dates}


def _auditor(name: str) -> dict[str, object]:
    return {"record": f"{name}-audit", "company": company(name), "holder": company("Hazel"), "kind": "auditor"}


def _phone(name: str) -> dict[str, object]:
    return {"record": name, "id": company(name), "kind": "phone", "key": "441130000001", "display": "+44 113 000 0001"}
