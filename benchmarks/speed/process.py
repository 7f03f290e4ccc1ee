"""Processes that are measured: how long, on how much processor time, with how much memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GRAPHLEADS = str(Path(sys.executable).parent / "graphleads")
"""The command as it is installed beside this Python."""


class StepFailed(Exception):
    """A step could not be measured; the message is the last thing that its process printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A process that ended well.

    Attributes:
        seconds: From its start to its end.
        cpu_seconds: Processor time of the process and those that it waited for, user and system.
        peak_bytes: The most memory that one process had resident, mapped files included.
        output: What it printed.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str

    @property
    def effort(self) -> str:
        """How long it took and how busy it was, in words; less than one core means that it waited."""
        return f"{self.seconds:.1f} s on {self.cpu_seconds / self.seconds:.1f} cores"

    def json(self) -> Any:
        """Return what it printed, as JSON."""
        return json.loads(self.output)


def run(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Run:
    """Return what a command took and printed.

    Raises:
        StepFailed: If it ended with another code than 0.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=err, cwd=ROOT, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output = out.read().decode()
        if child.returncode != 0:
            last = (err.read().decode().strip() or output.strip()).rpartition("\n")[2]
            told = " ".join([Path(command[0]).name, *command[1:4]])  # the rest names folders of this machine
            raise StepFailed(f"`{told}` ended with {child.returncode}: {last}")
    return Run(
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * 1024,
        output=output,
    )


def run_graphleads(home: Path, *words: str, environment: Mapping[str, str] | None = None) -> Run:
    """Return what a `graphleads` command took in a home."""
    return run([GRAPHLEADS, "--home", str(home), *words], environment=environment)


def run_task(name: str, *, environment: Mapping[str, str] | None = None, **arguments: Any) -> Run:
    """Return what one of the tasks of `benchmarks.speed.task` took in a process of its own; its output is JSON."""
    command = [sys.executable, "-m", "benchmarks.speed.task", name, json.dumps(arguments, default=str)]
    return run(command, environment=environment)


def resident_bytes() -> int:
    """Return how much memory this process has resident, mapped files included."""
    return _status("VmRSS")


def reset_peak() -> None:
    """Begin to measure the peak of resident memory anew."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    """Return the most memory that this process had resident since the peak was reset."""
    return _status("VmHWM")


def dirty_bytes() -> int:
    """Return how much memory this process alone has written to."""
    return _kilobytes(Path("/proc/self/smaps_rollup"), "Private_Dirty")


def _status(field: str) -> int:
    return _kilobytes(Path("/proc/self/status"), field)


def _kilobytes(path: Path, field: str) -> int:
    """Return the sum of a field of a file of /proc, in bytes."""
    lines = path.read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) * 1024


def mapped_bytes(folder: Path) -> dict[str, int]:
    """Return what this process has mapped of the files below a folder.

    Returns:
        Bytes resident (`rss`), its proportional share of them (`pss`), those that it alone has (`private`).
    """
    sums = {"Rss": 0, "Pss": 0, "Private_Clean": 0, "Private_Dirty": 0}
    inside = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            inside = words[-1].startswith(str(folder))
        elif inside and words[0][:-1] in sums:
            sums[words[0][:-1]] += int(words[1]) * 1024
    return {"rss": sums["Rss"], "pss": sums["Pss"], "private": sums["Private_Clean"] + sums["Private_Dirty"]}
