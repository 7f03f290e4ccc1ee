"""Print which share of the leads planted in a synthetic register is found: `python -m benchmarks.planted`."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import graphleads as gl
from graphleads.model import Match, MatchState
from graphleads.testing.synthetic.answers import Answers
from graphleads.testing.synthetic.register import generate
from graphleads.testing.synthetic.score import DEPTH, PlantedScore, score_ranking


def main() -> None:
    """Make a register, do the main job on it, and print the score."""
    parser = argparse.ArgumentParser(description="The share of planted leads that the ranking finds.")
    parser.add_argument("--companies", type=int, default=20_000, help="how many companies (default: 20000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the register (default: 1)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _print_benchmark(Path(folder), arguments.companies, arguments.seed)


def _print_benchmark(folder: Path, companies: int, seed: int) -> None:
    with _timed("generate"):
        register = generate(folder / "register", companies=companies, seed=seed)
    with gl.open_workspace(folder / "home") as workspace:
        steps: dict[str, Callable[[], Any]] = {
            "ingest": lambda: workspace.ingest(
                "table", register.files, mapping="plain", dataset="demo", observed_on=register.observed_on
            ),
            "link": workspace.link,
            "build": workspace.build,
            "import": lambda: workspace.import_customers(register.customers),
            "match": workspace.match,
        }
        for name, step in steps.items():
            with _timed(name):
                step()
        with _timed("recommend"):
            ranking = workspace.recommend(
                k=min(10_000, DEPTH * len(register.answers.leads)), as_of=register.observed_on
            )
        _print_matches(workspace.customers.matches(), register.answers)
    _print_score(score_ranking(ranking.items, register.answers))


@contextmanager
def _timed(step: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{step:<10} {time.perf_counter() - start:8.2f} s")


def _print_matches(matches: Sequence[Match], answers: Answers) -> None:
    known = {match.customer: match.company for match in answers.matches}
    sure = [match for match in matches if match.state is MatchState.SURE]
    n_right = sum(match.company == known[match.customer] for match in sure)
    n_findable = sum(company is not None for company in known.values())
    print(f"\ncustomers surely matched: {n_right} of {n_findable} right, {len(sure) - n_right} wrong")


def _print_score(score: PlantedScore) -> None:
    print(
        f"planted leads in the first {DEPTH} × {score.n_planted}: "
        f"{score.n_found} of {score.n_planted} ({score.share_found:.1%})"
    )
    for reason, (found, planted) in score.by_reason.items():
        print(f"  {reason:<26} {found:4} of {planted}")
    print(f"decoys ranked: {len(score.decoys)} {sorted({decoy.reason for decoy in score.decoys})}")
    print(f"leads with a reason through a nominee or a formation agent: {len(score.through_hubs)}")


if __name__ == "__main__":
    main()
