from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from graphleads.testing.synthetic.register import generate
from graphleads.workspace.workspace import open_workspace


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_home_and_all_in_it_are_for_their_owner_alone(tmp_path: Path, open_umask: None) -> None:
    register = generate(tmp_path / "register", companies=1000, seed=1)
    home = tmp_path / "home"
    with open_workspace(home) as workspace:
        workspace.ingest("table", register.files, mapping="plain", dataset="demo", observed_on=register.observed_on)
        workspace.import_customers(pd.DataFrame({"id": ["1"], "name": ["Norwind Ltd"], "status": ["won"]}))
        workspace.run()
        assert not workspace.status().open_to_others
        found = {path: stat.S_IMODE(path.lstat().st_mode) for path in [home, *home.rglob("*")]}
    files = {path: mode for path, mode in found.items() if path.is_file()}
    assert {path.name for path in files} >= {"graphleads.db", "matched.json", "manifest.json", ".lock"}
    assert {path: mode for path, mode in files.items() if mode & 0o077} == {}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_home_that_others_can_read_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with open_workspace(tmp_path) as workspace:
        assert workspace.status().open_to_others
