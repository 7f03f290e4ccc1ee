from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import Result

Run = Callable[..., Result]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.com", ""])  # noqa: S104 - what is refused
def test_nobody_else_is_served_before_there_are_keys(run: Run, host: str) -> None:
    result = run("serve", "--host", host)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "there are no keys yet: listen at 127.0.0.1 or ::1 or localhost." in result.stderr


def test_a_port_that_is_taken_is_said_to_be_taken(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", taken.getsockname()[1])

    assert result.exit_code == 1
    assert result.stderr.endswith("(Address already in use): name another with --port.\n")


def test_settings_that_cannot_be_used_are_said_before_anything_is_served(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "graphleads.yaml").write_text("colour: red\n")
    result = run("serve", "--port", 0)

    assert result.exit_code == 1
    assert "sets colour, which is no setting" in result.stderr


def test_it_answers_under_the_names_of_this_machine_and_no_other(
    tmp_path: Path, serve_home: Callable[[Path], str]
) -> None:
    url = serve_home(tmp_path / "home")
    port = httpx.URL(url).port

    assert httpx.get(f"{url}/healthz").json()["status"] == "ok"
    assert httpx.get(f"{url}/healthz", headers={"host": f"localhost:{port}"}).status_code == 200
    assert httpx.get(f"{url}/healthz", headers={"host": "localhost:1"}).status_code == 421
    assert "server" not in httpx.get(f"{url}/healthz").headers
