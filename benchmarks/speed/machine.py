"""What a measurement ran on: the machine and the versions."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

LIBRARIES = (
    "graphleads", "numpy", "numba", "pyarrow", "scipy", "pandas", "networkx", "igraph", "duckdb", "fastapi", "uvicorn",
)  # fmt: skip


def describe_machine() -> dict[str, Any]:
    """Return the day, the machine, how busy it is, and the versions of Python and of the libraries."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) * 1024,
        "system": " ".join([platform.system(), *platform.release().split(".")[:1]]),
        "load_1_minute": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
    }


def _first(path: str, field: str) -> str | None:
    for line in Path(path).read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == field:
            return value.strip()
    return None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
