"""Progress bars on standard error, for whoever watches a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from graphleads.model import Progress, Silence


@contextmanager
def open_progress() -> Iterator[Progress]:
    """Yield the progress to report to: bars on a terminal, nothing elsewhere; the bars are gone afterwards."""
    if not sys.stderr.isatty():
        yield Silence()
        return
    bars = TerminalProgress()
    try:
        yield bars
    finally:
        bars.close()


class TerminalProgress:
    """One bar for the current step, started with the first one."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        text = TextColumn("{task.description}", markup=False)
        columns = (SpinnerColumn(), text, BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._bars = Bars(*columns, console=Console(stderr=True), transient=True)

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step of `total` units, None if nobody knows how many."""
        self._bars.start()
        for task in self._bars.task_ids:
            self._bars.remove_task(task)
        self._bars.add_task(name, total=total)

    def advance(self, n: int = 1) -> None:
        """Say that `n` more units of the current step are done."""
        for task in self._bars.task_ids:
            self._bars.advance(task, n)

    def close(self) -> None:
        """Take the bar off the screen."""
        self._bars.stop()
