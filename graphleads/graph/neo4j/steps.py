"""Steps of batches, each batch one transaction with the progress it makes, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphleads.graph.neo4j.connection import Run
from graphleads.graph.neo4j.marker import Marker, Writing
from graphleads.model import Progress

BATCH = 10_000
"""Rows of a transaction. Larger ones are not faster, and need more of the server's memory.

What a broken-off load has done is kept as numbers of such batches: another size is another `model.FORMAT`."""

LANES = 2
"""Transactions at a time: one is packed here while the server writes another."""

_TIMEOUT = 600.0
"""Seconds that a batch may take: on a slow disk a minute is no failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a load or a sync.

    Attributes:
        name: What the (:Snapshot) calls it.
        n: Rows that it writes.
        prepare: Returns, for the places of some of its rows, what writes them in a transaction.
        before: What has to be done before its first batch.
    """

    name: str
    n: int
    prepare: Callable[[NDArray[np.int64]], Callable[[Run], Any]]
    before: Callable[[], None] | None = None


def run_steps(writing: Writing, steps: Sequence[Step], *, left: Marker | None, progress: Progress) -> None:
    """Do the steps in order, from where they were left.

    Args:
        writing: The load or sync.
        steps: All of its steps.
        left: How far it was, None where it begins.
        progress: Where to say how far it is.
    """
    names = [step.name for step in steps]
    start = names.index(left.step) if left is not None and left.step in names else 0
    for number, step in enumerate(steps[start:]):
        done = frozenset(left.done) if left is not None and number == 0 and left.step == step.name else frozenset()
        if not done:
            writing.begin_step(step.name)
        progress.step(step.name, step.n)
        if step.before is not None:
            step.before()
        _run_batches(writing, step, done, progress)


def _run_batches(writing: Writing, step: Step, done: frozenset[int], progress: Progress) -> None:
    def write(number: int) -> int:
        rows = np.arange(number * BATCH, min(step.n, (number + 1) * BATCH))
        writing.batch(number, step.prepare(rows), timeout=_TIMEOUT)
        return len(rows)

    left = [number for number in range(-(-step.n // BATCH)) if number not in done]
    progress.advance(min(len(done) * BATCH, step.n))
    with ThreadPoolExecutor(LANES) as lanes:
        running: set[Future[int]] = set()
        try:
            for number in left:
                running.add(lanes.submit(write, number))
                if len(running) > LANES:
                    running = _await_one(running, progress)
            while running:
                running = _await_one(running, progress)
        except BaseException:
            lanes.shutdown(cancel_futures=True)
            raise


def _await_one(running: set[Future[int]], progress: Progress) -> set[Future[int]]:
    finished, going_on = wait(running, return_when=FIRST_COMPLETED)
    for one in finished:
        progress.advance(one.result())
    return going_on
