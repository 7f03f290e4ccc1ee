"""Questions to an open snapshot, one after the other, as a server process answers them."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed.process import peak_bytes
from benchmarks.speed.tasks.seeds import draw_seeds
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.model import LeadQuery
from graphleads.recommend.explain import Explainer
from graphleads.recommend.pipeline import Pipeline

N_WARM = 20


def query(
    *, snapshots: str, n_queries: int, n_seeds: int, k: int, n_reasons: int | None, ranked: bool
) -> dict[str, Any]:
    """Ask for leads around sets of random companies.

    Args:
        snapshots: The folder of snapshots.
        n_queries: How often.
        n_seeds: Companies to look around.
        k: Leads wanted.
        n_reasons: Reasons a lead; None takes the usual number.
        ranked: Whether the leads and their scores are enough.

    Returns:
        The first answer's and the other answers' times in seconds, the mean number of leads, the peak of memory.
    """
    snapshot = open_snapshot(Path(snapshots))
    pipeline = Pipeline(snapshot)
    explainer = Explainer(pipeline)
    queries = _queries(snapshot, N_WARM + n_queries, n_seeds, k, 0)
    times, n_leads = [], []
    for one in queries:
        start = time.perf_counter()
        leads = pipeline.rank(one).ids if ranked else explainer.recommend(one, n_reasons=n_reasons).items
        times.append(time.perf_counter() - start)
        n_leads.append(len(leads))
    warm = np.array(times[N_WARM:])
    return {
        "n_queries": n_queries,
        "first": times[0],
        "p50": float(np.quantile(warm, 0.5)),
        "p99": float(np.quantile(warm, 0.99)),
        "n_leads": float(np.mean(n_leads)),
        "peak_bytes": peak_bytes(),
    }


def as_of(*, snapshots: str, n_queries: int, n_seeds: int, k: int, days_ago: int) -> dict[str, float]:
    """Ask by turns for the register's own day and for one before it.

    Returns:
        Seconds: `now_p50`, `now_p99`, `then_p50`, `then_p99`.
    """
    snapshot = open_snapshot(Path(snapshots))
    pipeline = Pipeline(snapshot)
    times: dict[str, list[float]] = {"now": [], "then": []}
    both = (_queries(snapshot, N_WARM + n_queries, n_seeds, k, days) for days in (0, days_ago))
    for questions in zip(*both, strict=True):
        for day, question in zip(times, questions, strict=True):
            start = time.perf_counter()
            pipeline.rank(question)
            times[day].append(time.perf_counter() - start)
    return {
        f"{day}_p{percent}": float(np.percentile(taken[N_WARM:], percent))
        for day, taken in times.items()
        for percent in (50, 99)
    }


def _queries(snapshot: Snapshot, n: int, n_seeds: int, k: int, days_ago: int) -> list[LeadQuery]:
    companies = snapshot.companies["id"]
    known_on = snapshot.observed_on
    return [
        LeadQuery(
            seeds=tuple(companies[int(node)].as_py() for node in seeds),
            k=k,
            valid_on=known_on - timedelta(days=days_ago),
            known_on=known_on,
        )
        for seeds in draw_seeds(snapshot, n, n_seeds)
    ]
