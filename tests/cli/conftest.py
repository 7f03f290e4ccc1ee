from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graphleads.cli.app import graphleads

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs one command in a home of its own, `tmp_path/home`."""

    def run_one(*words: object) -> Result:
        return CliRunner().invoke(graphleads, ["--home", str(tmp_path / "home"), *map(str, words)])

    return run_one


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the demo ran at its smallest; to be copied, never changed."""
    home = tmp_path_factory.mktemp("demo") / "home"
    result = CliRunner().invoke(graphleads, ["--home", str(home), "demo", "--companies", "1000"])
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def demo(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo's home where `run` runs."""
    shutil.copytree(demo_home, tmp_path / "home")
    return tmp_path / "home"
