from __future__ import annotations

from pathlib import Path

import graphleads as gl
from graphleads.testing.synthetic.register import generate
from graphleads.testing.synthetic.score import DEPTH, score_ranking


def test_the_main_job_finds_what_was_planted_and_is_not_fooled(tmp_path: Path) -> None:
    register = generate(tmp_path / "register", companies=5_000, seed=1)
    with gl.open_workspace(tmp_path / "home") as workspace:
        done = workspace.ingest(
            "table", register.files, mapping="plain", dataset="demo", observed_on=register.observed_on
        )
        workspace.link()
        workspace.build()
        workspace.import_customers(register.customers)
        workspace.match()
        ranking = workspace.recommend(k=DEPTH * len(register.answers.leads), as_of=register.observed_on)
    assert (done.manifest.issues, done.manifest.unknown_fields) == ({}, ())
    score = score_ranking(ranking.items, register.answers)
    assert score.share_found >= 0.8
    assert score.decoys == ()
    assert score.through_hubs == ()
