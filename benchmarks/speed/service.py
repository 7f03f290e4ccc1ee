"""What a user waits for: opening, questions, the command line, HTTP, the compiler."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

from benchmarks.speed.place import Place
from benchmarks.speed.process import run_graphleads, run_task
from benchmarks.speed.row import Limit, Row

MB = 1e6


def opening(place: Place) -> list[Row]:
    """Open the snapshot, alone and beside a second process."""
    runs = [run_task("opening", snapshots=place.snapshots).json() for _ in range(place.repeat(5))]
    seconds = statistics.median(one["seconds"] for one in runs)
    dirty = max(one["dirty_bytes"] for one in runs)
    asked = max(one["dirty_asked_bytes"] for one in runs)
    second = runs[-1]["second"]
    note = (
        f"of {second['rss'] / MB:,.0f} MB of the snapshot in memory, its proportional share is "
        f"{second['pss'] / MB:,.0f} MB"
    )
    return [
        Row(step="open a snapshot", value=seconds * 1e3, unit="ms", limit=Limit(must=100, aim=20),
            note="every part mapped; median of fresh processes"),
        Row(step="open a snapshot: dirty memory", value=dirty / MB, unit="MB", limit=Limit(must=20),
            note=f"above the imported process; {asked / MB:.1f} MB after 20 answers"),
        Row(step="a second process: part of the snapshot not shared", value=second["private"] / max(second["rss"], 1),
            unit="", limit=Limit(must=0.01), note=note),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked how often, and how many milliseconds its median and its 99th percentile may take.

    `ranked` asks for the leads and their scores; otherwise the companies are described too, and reasons told.
    """

    step: str
    n_queries: int
    n_seeds: int
    k: int = 100
    n_reasons: int | None = 0
    ranked: bool = True
    p50: Limit | None = None
    p99: Limit | None = None


_QUESTIONS = (
    _Question(step="10 seeds → 100 leads, no reasons", n_queries=1_000, n_seeds=10,
              p50=Limit(must=1, aim=0.4), p99=Limit(must=6, aim=3)),
    _Question(step="10 seeds → 100 leads, described, no reasons", n_queries=300, n_seeds=10, ranked=False),
    _Question(step="10 seeds → 50 leads with reasons", n_queries=300, n_seeds=10, k=50, n_reasons=None, ranked=False,
              p50=Limit(must=20, aim=5), p99=Limit(must=60)),
    _Question(step="100 seeds → 100 leads, no reasons", n_queries=300, n_seeds=100),
    _Question(step="1,000 seeds → 100 leads, no reasons", n_queries=100, n_seeds=1_000,
              p99=Limit(must=150, aim=40)),
)  # fmt: skip


def query(place: Place) -> list[Row]:
    """Ask an open snapshot, each question in a process of its own."""
    return [row for question in _QUESTIONS for row in _rows(question, _ask(place, question))]


def _ask(place: Place, question: _Question) -> dict[str, Any]:
    asked: dict[str, Any] = run_task(
        "query", snapshots=place.snapshots, n_queries=place.repeat(question.n_queries), n_seeds=question.n_seeds,
        k=question.k, n_reasons=question.n_reasons, ranked=question.ranked,
    ).json()  # fmt: skip
    return asked


def _rows(question: _Question, asked: dict[str, Any]) -> list[Row]:
    note = f"the first {asked['first']:.2f} s, with kernels loaded; {asked['n_leads']:.0f} leads on average"
    return [
        Row(step=f"{question.step}: p50", value=asked["p50"] * 1e3, unit="ms", limit=question.p50,
            peak_bytes=asked["peak_bytes"], note=note),
        Row(step=f"{question.step}: p99", value=asked["p99"] * 1e3, unit="ms", limit=question.p99,
            note=f"{asked['n_queries']:,} random sets of companies"),
    ]  # fmt: skip


def as_of(place: Place) -> list[Row]:
    """Ask for another day, by the time for the register's own."""
    asked = run_task(
        "as_of", snapshots=place.snapshots, n_queries=place.repeat(500), n_seeds=10, k=100, days_ago=365
    ).json()
    in_ms = {name: f"{seconds * 1e3:.2f} ms" for name, seconds in asked.items()}
    note = f"p50 {in_ms['now_p50']} → {in_ms['then_p50']}, p99 {in_ms['now_p99']} → {in_ms['then_p99']}, asked by turns"
    step = "as of a year before: p50 by the current view's"
    return [Row(step=step, value=asked["then_p50"] / asked["now_p50"], unit="×", limit=Limit(must=3, aim=2), note=note)]


def shell(place: Place) -> list[Row]:
    """Run commands in fresh processes, the files being in the page cache."""
    helped = [run_graphleads(place.home, "--help").seconds for _ in range(place.repeat(5))]
    runs = [run_graphleads(place.home, "recommend", "--json") for _ in range(place.repeat(5))]
    note = "median of fresh processes" + ("" if place.companies == 1_000_000 else "; asked for at 1,000,000 companies")
    return [
        Row(step="graphleads --help", value=statistics.median(helped), unit="s", note="median of fresh processes"),
        Row(step="graphleads recommend, cold shell", value=statistics.median(one.seconds for one in runs), unit="s",
            limit=Limit(must=3, aim=2), peak_bytes=max(one.peak_bytes for one in runs), note=note),
    ]  # fmt: skip


def compile_kernels(place: Place) -> None:
    """Run every step on a small register, so that no step that is measured waits for the compiler."""
    run_graphleads(place.fresh("demo"), "demo", "--companies", "1000")
    place.fresh("demo")


def compiling(place: Place) -> list[Row]:
    """Run the demo and a question with an empty cache of compiled kernels, then with what that left."""
    cache = {"NUMBA_CACHE_DIR": str(place.fresh("compiled"))}
    demo = [
        run_graphleads(place.fresh("demo"), "demo", "--companies", "1000", environment=cache).seconds for _ in range(2)
    ]
    cache = {"NUMBA_CACHE_DIR": str(place.fresh("compiled"))}
    asked = [run_graphleads(place.home, "recommend", "--json", environment=cache).seconds for _ in range(2)]
    for name in ("compiled", "demo"):
        place.fresh(name)
    return [
        Row(step="the compiler, all steps", value=demo[0] - demo[1], unit="s",
            note=f"once an installation: demo of 1,000 companies {demo[0]:.1f} → {demo[1]:.1f} s"),
        Row(step="the compiler, recommend alone", value=asked[0] - asked[1], unit="s",
            note=f"{asked[0]:.1f} → {asked[1]:.1f} s"),
    ]  # fmt: skip


_HTTP = {
    "20 leads without reasons": Limit(must=300, aim=1_000, at_least=True),
    "50 leads with 3 reasons": Limit(must=40, aim=200, at_least=True),
}


def http(place: Place) -> list[Row]:
    """Ask one server process by HTTP."""
    rows = []
    served = run_task("serving", home=place.home, seconds=2.0 if place.quick else 20.0).json()
    for shape, load in served.items():
        step = f"HTTP, {shape}"
        rows += [
            Row(step=step, value=load["per_second"], unit="requests/s", limit=_HTTP.get(shape)),
            Row(step=f"{step}: p99 at half that rate", value=load["p99"], unit="ms", limit=Limit(must=100),
                note=f"p50 {load['p50']:.1f} ms"),
        ]  # fmt: skip
    return rows
