from __future__ import annotations

from datetime import date

import pytest

from graphleads.testing.known_graph import company
from graphleads.view.lookup import company_answer_object
from graphleads.workspace.age import describe_age, describe_silence
from graphleads.workspace.workspace import Workspace

ALDER, BIRCH = company("Alder"), company("Birch")


@pytest.mark.parametrize(
    ("observed_on", "span"),
    [("2023-09-12", "3 years"), ("2025-11-01", "1 year"), ("2026-05-25", "6 months"), ("2026-05-26", None)],
)
def test_a_register_is_called_old_after_half_a_year(observed_on: str, span: str | None) -> None:
    said = describe_age(date.fromisoformat(observed_on), date(2026, 11, 22))

    assert said == (span and f"The register is of {observed_on}: {span} before the day that is asked for.")


def test_a_day_before_the_registers_is_no_age() -> None:
    assert describe_age(date(2026, 1, 1), date(2020, 1, 1)) is None


def test_a_day_before_anything_was_known_is_said_to_be_one() -> None:
    said = describe_silence(date(2025, 6, 30), date(2025, 6, 29))
    assert said == "The registers say nothing yet by 2025-06-29: they do from 2025-06-30 on, so ask for a later day."
    assert describe_silence(date(2025, 6, 30), date(2025, 6, 30)) is None


def test_a_day_before_the_first_delivery_is_said_to_be_one(ready: Workspace) -> None:
    said = "No register says anything of 2020-01-01 itself: the first delivery is of 2025-06-30."
    for answer in (
        ready.graph.company(ALDER, as_of="2020-01-01"),
        ready.graph.relationships(ALDER, as_of="2020-01-01"),
        ready.graph.paths([ALDER, BIRCH], as_of="2020-01-01"),
        ready.recommend(seeds=[ALDER], as_of="2020-01-01").run,
        ready.explain(BIRCH, seeds=[ALDER], as_of="2020-01-01").run,
    ):
        assert [warning for warning in answer.warnings if warning.startswith(said)]
    assert ready.graph.company(ALDER, as_of="2025-06-30").warnings == ()
    assert company_answer_object(ready.graph.company(ALDER, as_of="2020-01-01"))["warnings"][0].startswith(said)


def test_a_day_as_known_on_which_nothing_was_known_is_said_once(ready: Workspace) -> None:
    (said,) = ready.graph.relationships(ALDER, as_of="2020-01-01", known_on="2025-06-30").warnings
    assert said.startswith("No register says anything of 2020-01-01")
