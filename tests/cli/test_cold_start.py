"""What commands that read the database alone do not import: each of these takes as long as such a command may."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graphleads.workspace.workspace import open_workspace

NOT_NEEDED = (
    "alembic", "charset_normalizer", "fastapi", "graphleads.graph.build", "graphleads.recommend.pipeline", "networkx",
    "numba", "openpyxl", "pandas", "pyarrow.compute", "pyarrow.parquet", "rapidfuzz", "scipy",
)  # fmt: skip

ASK = """
import sys
from graphleads.cli.app import graphleads
try:
    graphleads(sys.argv[1:])
finally:
    print("imported:", *sorted(sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("status",), "Snapshot"),
        (("claims",), "Ann"),
        (("exclusions",), "too small"),
        (("customers", "list"), "sure"),
        (("customers", "list", "--owner", "Nobody"), "0 customers"),
        (("customers", "deals"), "0 deals"),
        (("config", "show"), "database_url"),
    ],
    ids=" ".join,
)
def test_what_reads_the_database_alone_imports_nothing_heavy(
    team_home: Path, words: tuple[str, ...], shown: str
) -> None:
    asked = [sys.executable, "-c", ASK, "--home", str(team_home), *words]
    result = subprocess.run(asked, capture_output=True, text=True, check=True)

    assert shown in result.stdout
    imported = set(result.stderr.rpartition("imported:")[2].split())
    assert imported & set(NOT_NEEDED) == set()


@pytest.fixture(scope="module")
def team_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's home in which somebody has claimed a lead and excluded another."""
    home = tmp_path_factory.mktemp("team") / "home"
    shutil.copytree(demo_home, home)
    with open_workspace(home) as workspace:
        first, second = workspace.recommend(k=2).items
        workspace.claim(first.company.id, owner="Ann")
        workspace.leads.exclude(second.company.id, reason="too small", by="Ann")
    return home
