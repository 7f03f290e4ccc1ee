from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from graphleads.workspace.home import Home

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_unit_starts_a_server_and_starts_it_again(
    tmp_path: Path, serve_home: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = re.search(r"^ExecStart=(.+)$", PAGE, re.MULTILINE)
    assert found
    program, *words = shlex.split(found[1])
    assert (Path(program).name, words[1]) == ("graphleads", "/srv/graphleads")
    started: list[list[str]] = []
    popen = subprocess.Popen

    def start(_words: list[str], **options: object) -> subprocess.Popen[str]:
        typed = [{words[1]: str(tmp_path), "8000": "0"}.get(word, word) for word in words]
        started.append(typed)
        return popen([sys.executable, "-m", "graphleads.cli", *typed], **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", start)
    assert httpx.get(f"{serve_home(tmp_path)}/healthz", timeout=30).is_success
    assert started == [["--home", str(tmp_path), "serve", "--port", "0"]]
    assert "Restart=always" in PAGE


def test_the_page_names_every_place_of_a_home() -> None:
    for name in ("staged", "removed", "linked", "snapshots", "database", "matched"):
        assert f"`{getattr(Home(Path()), name).name}" in PAGE, name
