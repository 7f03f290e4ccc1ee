from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from sqlalchemy import text

from graphleads.db.connect import open_database, read_state, write
from graphleads.db.migrate import HEAD

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

    assert httpx.get(f"{url}/healthz", timeout=30).json()["status"] == "ok"
    assert httpx.get(f"{url}/healthz", headers={"host": f"localhost:{port}"}).status_code == 200
    assert httpx.get(f"{url}/healthz", headers={"host": "localhost:1"}).status_code == 421
    assert "server" not in httpx.get(f"{url}/healthz").headers


def _answer(url: str, *parts: bytes) -> bytes:
    """Send a request in parts and return all that comes back, also where the server closes before it has read all."""
    with socket.create_connection(("127.0.0.1", httpx.URL(url).port or 0), timeout=30) as connection:
        with suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
        answer = b""
        with suppress(ConnectionError):
            while chunk := connection.recv(65_536):
                answer += chunk
    return answer


def test_a_head_without_end_is_refused(tmp_path: Path, serve_home: Callable[[Path], str]) -> None:
    url = serve_home(tmp_path / "home")
    line = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    many = [b"X-%d: %s\r\n" % (n, b"a" * 1000) for n in range(800)]

    for head in ([line, *many], [line, b"X: ", *[b"a" * 1000] * 800], [b"GET /", *[b"a" * 1000] * 800]):
        answer = _answer(url, *head)
        # Whoever still sends when the connection is closed may be told of that before it has read the answer.
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"200 OK" not in answer
    assert httpx.get(f"{url}/healthz", timeout=30).status_code == 200


def test_a_head_in_parts_and_a_large_body_are_read(tmp_path: Path, serve_home: Callable[[Path], str]) -> None:
    url = serve_home(tmp_path / "home")
    head = [b"GET /healthz HT", b"TP/1.1\r\nHost: localhost:%d\r\n" % (httpx.URL(url).port or 0)]
    large = httpx.post(f"{url}/v0/claims", json={"company": "X" * 500_000, "owner": "Ann"})

    assert _answer(url, *head, b"X: " + b"a" * 30_000, b"\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
    assert large.status_code == 422  # it was read, and is no company


def test_nobody_is_given_a_web_socket(tmp_path: Path, serve_home: Callable[[Path], str]) -> None:
    url = serve_home(tmp_path / "home")
    upgrade = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
    headers = upgrade | {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="}
    answer = httpx.get(f"{url}/healthz", headers=headers, timeout=60)

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_a_database_of_another_version_is_said_and_left_as_it_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    path = tmp_path / "home" / "graphleads.db"
    engine = open_database(path)
    with write(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    said = run("serve", "--port", 0).stderr
    assert f"{path} is of version 0001, this graphleads needs {HEAD}: `graphleads db upgrade` migrates it." in said
    assert "Until then whatever needs it is answered with 503." in said
    assert read_state(path).revision == "0001"
