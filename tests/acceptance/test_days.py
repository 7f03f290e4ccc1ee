"""A later delivery of a real register changes no answer for an earlier day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import graphleads as gl
from graphleads.graph.config import WalkConfig
from graphleads.model import View
from tests.law.answers import answers, ids_of

if TYPE_CHECKING:
    from tests.acceptance.conftest import Cvm

pytestmark = pytest.mark.acceptance

EARLIER, LATER = ("2021-06-22", "2023-05-09"), "2023-09-12"

VIEWS = (
    View(valid_on=date(2023, 5, 9), known_on=date(2023, 5, 9)),
    View(valid_on=date(2021, 12, 31), known_on=date(2023, 5, 9)),
    View(valid_on=date(2023, 9, 12), known_on=date(2021, 12, 31)),
)


def test_what_was_asked_of_listed_companies_is_answered_again(cvm: Cvm, tmp_path: Path) -> None:
    said: list[dict[str, str]] = []
    with gl.open_workspace(tmp_path) as ws:
        for days in (EARLIER, (LATER,)):
            for day in days:
                ws.ingest("cvm", cvm.files[day], observed_on=day)
            ws.run()
            snapshot = ws.graph().snapshot
            if not said:
                some = {kind: ids[:: 1 + len(ids) // 60] for kind, ids in ids_of(snapshot).items()}
            said += [dict(answers(snapshot, some, view, WalkConfig())) for view in VIEWS]
    before, after = said[: len(VIEWS)], said[len(VIEWS) :]
    assert sum(len(of_view) for of_view in before) > 1000
    assert after == before
