from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from graphleads.ingest.registers.companies_house.control_nature import UNKNOWN, Nature, natures_columns, parse_nature
from graphleads.tables.schema import VALUES

SURPLUS = "rights_to_surplus_assets_on_dissolution"


@pytest.mark.parametrize(
    ("text", "nature"),
    [
        (
            "ownership-of-shares-25-to-50-percent",
            Nature(kind="shareholding", share_min=0.25, share_max=0.5, min_exclusive=True, max_exclusive=False),
        ),
        (
            "voting-rights-50-to-75-percent-limited-liability-partnership",
            Nature(kind="voting_rights", share_min=0.5, share_max=0.75, min_exclusive=True, max_exclusive=True),
        ),
        (
            "part-right-to-share-surplus-assets-75-to-100-percent",
            Nature(kind=SURPLUS, share_min=0.75, share_max=1.0, min_exclusive=False, max_exclusive=False),
        ),
        (
            "ownership-of-shares-more-than-25-percent-registered-overseas-entity",
            Nature(kind="shareholding", share_min=0.25, share_max=1.0, min_exclusive=True, max_exclusive=False),
        ),
        ("right-to-appoint-and-remove-person", Nature(kind="appointment_of_board")),
        (
            "right-to-appoint-and-remove-members-as-firm-limited-liability-partnership",
            Nature(kind="appointment_of_board", directness="indirect", held_as="firm"),
        ),
        (
            "significant-influence-or-control-as-trust",
            Nature(kind="other_influence_or_control", directness="indirect", held_as="trust"),
        ),
        (
            "significant-influence-or-control-as-trust-registered-overseas-entity",
            Nature(kind="other_influence_or_control", held_as="trust"),
        ),
        (
            "significant-influence-or-control-as-control-over-trust-registered-overseas-entity",
            Nature(kind="other_influence_or_control", directness="indirect", held_as="trust"),
        ),
        (
            "registered-owner-as-nominee-person-scotland-registered-overseas-entity",
            Nature(kind="nominator", directness="direct"),
        ),
        (
            "registered-owner-as-nominee-another-entity-england-wales-registered-overseas-entity",
            Nature(kind="nominator", directness="indirect"),
        ),
        ("ownership-of-shares", None),
        ("significant-influence-or-control-25-to-50-percent", None),
        ("ownership-of-shares-25-to-50-percent-as-friend", None),
        ("", None),
    ],
)
def test_natures_are_right_band_capacity_and_register(text: str, nature: Nature | None) -> None:
    assert parse_nature(text) == nature


def test_a_nature_that_nobody_has_seen_is_an_unknown_interest() -> None:
    columns = natures_columns(pa.array(["control-of-the-moon", "voting-rights-25-to-50-percent", None]))
    assert columns["kind"].to_pylist() == [UNKNOWN, "voting_rights", None]
    assert columns["share_min"].to_pylist() == [None, 0.25, None]
    assert columns["held_as"].to_pylist() == [None, "own", None]


def test_every_nature_of_the_registers_list_is_known(test_data: Path) -> None:
    listed = yaml.safe_load((test_data / "spec/companies_house/psc_descriptions.yml").read_text(encoding="utf-8"))
    natures = set(listed["description"]) | set(listed["short_description"])
    parsed = {text: parse_nature(text) for text in natures}
    assert len(natures) == 86
    assert [text for text, nature in parsed.items() if nature is None] == []
    assert {nature.kind for nature in parsed.values() if nature} <= set(VALUES["interests.kind"])


def test_bounds_are_those_of_the_registers_short_descriptions(test_data: Path) -> None:
    listed = yaml.safe_load((test_data / "spec/companies_house/psc_descriptions.yml").read_text(encoding="utf-8"))
    words = {
        "More than 25% but not more than 50%": (0.25, 0.5, True, False),
        "More than 50% but less than 75%": (0.5, 0.75, True, True),
        "75% or more": (0.75, 1.0, False, False),
    }
    checked = 0
    for text, description in listed["short_description"].items():
        for bounds, expected in words.items():
            nature = parse_nature(text)
            if bounds in description and nature:
                assert (nature.share_min, nature.share_max, nature.min_exclusive, nature.max_exclusive) == expected
                checked += 1
    assert checked == 45
