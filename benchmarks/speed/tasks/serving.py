"""What one HTTP server process answers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.http import measure


def serving(*, home: str, seconds: float) -> dict[str, dict[str, Any]]:
    """Return requests a second and latencies in milliseconds, by what is asked."""
    return {shape: asdict(load) for shape, load in measure(Path(home), seconds=seconds).items()}
