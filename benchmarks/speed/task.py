"""Run one task in this process and print what it returns as JSON: `python -m benchmarks.speed.task NAME ARGUMENTS`."""

from __future__ import annotations

import importlib
import json
import sys

PLACES = {
    "generate": "build",
    "build": "build",
    "index_names": "build",
    "files": "files",
    "save_columns": "columns",
    "columns": "columns",
    "walk": "walk",
    "exact": "exact",
    "query": "query",
    "as_of": "query",
    "opening": "opening",
    "opened_beside": "opening",
    "serving": "serving",
}
"""The module of `benchmarks.speed.tasks` that each task is in."""


def main() -> None:
    """Run the task that the command line names; nothing is imported that it does not need."""
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    module = importlib.import_module(f"benchmarks.speed.tasks.{PLACES[name]}")
    print(json.dumps(getattr(module, name)(**arguments)))


if __name__ == "__main__":
    main()
