"""The law of days: what is delivered after a day, or first known after it, changes no answer for that day.

Two snapshots of one register are asked the same, one of the deliveries up to a day, one of those and of later ones.
Search is excepted, and so is which ids are one company: identity is today's. GRAPHLEADS_TEST_LAW=200 tries as many
registers, other ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphleads.graph.config import WalkConfig
from graphleads.graph.snapshot import Snapshot
from graphleads.model import View
from tests.law.answers import SMALL, Ids, answers, build, ids_of
from tests.law.registers import CUT, Register, registers

LAW = settings(
    max_examples=int(os.environ.get("GRAPHLEADS_TEST_LAW", "9")),
    derandomize="GRAPHLEADS_TEST_LAW" not in os.environ,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)

KNOWN = st.sampled_from([date(2020, 1, 1), date(2022, 1, 1), date(2023, 6, 1), date(2024, 1, 1), CUT])
VALID = st.sampled_from([date(2018, 1, 1), date(2022, 1, 1), date(2024, 1, 1), CUT, date(2025, 6, 1), date(2028, 1, 1)])
VIEWS = st.lists(st.builds(View, valid_on=VALID, known_on=KNOWN), min_size=1, max_size=2)
"""Days up to which something was known before the cut, and days of which it was known, long ago or still to come."""


@LAW
@given(register=registers(), views=VIEWS, walk=st.sampled_from([SMALL, WalkConfig()]))
def test_what_comes_later_changes_no_answer(register: Register, views: list[View], walk: WalkConfig) -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        register.stage_before(home / "staged")
        before = build(home)
        ids, own_day = ids_of(before), View(valid_on=before.observed_on, known_on=before.observed_on)
        said = [dict(answers(before, ids, view, walk)) for view in (own_day, *views)]
        register.stage_later(home / "staged")
        later = build(home)
        assert [dict(answers(later, ids, view, walk)) for view in (own_day, *views)] == said
        unheard_of = {kind: sorted({*some} - {*ids[kind]})[:2] for kind, some in ids_of(later).items()}
        assert dict(_named(later, unheard_of, own_day, walk)) == dict(_named(before, unheard_of, own_day, walk))


def _named(snapshot: Snapshot, ids: Ids, view: View, walk: WalkConfig) -> Iterator[tuple[str, str]]:
    """Yield what is said where an entity is named; the ties of one that nobody has heard of are none."""
    for question, answer in answers(snapshot, ids, view, walk):
        if not question.startswith(("relationships", "counts", "paths")):
            yield question, answer
