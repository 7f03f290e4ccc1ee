"""One HTTP server and those who write to it: its processor time a write, and how soon eight are answered."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

N_CLIENTS = 8
KINDS = ("put a customer", "claim", "release", "exclude")

Target = tuple[str, str]
"""A company's id and name."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its port, and its process."""

    port: int
    pid: int

    def cpu_ms(self) -> float:
        """Return the milliseconds of processor time that it took until now."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int:
        """Return how much memory it has resident that no file holds."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"RssAnon:\s+(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0


@contextmanager
def serve(home: Path, python: Path) -> Iterator[Server]:
    """Yield a server of a home, by the interpreter that a checkout is installed for."""
    words = [str(python), "-P", "-m", "graphleads.cli", "--home", str(home), "serve", "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None  # noqa: S101 - it is a pipe
            said = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
            if found is None:
                raise SystemExit(said + process.stderr.read())
            yield Server(int(found[1]), process.pid)
        finally:
            process.terminate()


class Client:
    """Somebody who writes on one connection, each time of a company that nobody has written of."""

    def __init__(self, port: int, name: str, targets: Iterator[Target]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._name = name
        self._targets = targets
        self._claims: list[int] = []

    def write(self, kind: str) -> float:
        """Write, and return the seconds until it was answered."""
        begin = time.perf_counter()
        answer = getattr(self, f"_{kind.split(maxsplit=1)[0]}")(next(self._targets))
        taken = time.perf_counter() - begin
        if kind == "claim":
            self._claims.append(answer["id"])
        return taken

    def _put(self, target: Target) -> Any:
        company, name = target
        scheme, value = company.split(":", 1)
        body = {"name": name, "status": "won", "owner": self._name, "identifiers": [{"scheme": scheme, "value": value}]}
        return self._ask("PUT", f"/v0/customers/{company.replace(':', '-')}", body)

    def _claim(self, target: Target) -> Any:
        return self._ask("POST", "/v0/claims", {"company": target[0], "owner": self._name})

    def _release(self, _target: Target) -> Any:
        return self._ask("DELETE", f"/v0/claims/{self._claims.pop()}?by=rep", None)

    def _exclude(self, target: Target) -> Any:
        body = {"company": target[0], "reason": "asked not to be called", "by": self._name}
        return self._ask("POST", "/v0/exclusions", body)

    def _ask(self, method: str, path: str, body: object) -> Any:
        headers = {} if body is None else {"content-type": "application/json"}
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status >= 300:
            raise SystemExit(f"The server refused {method} {path}: {content.decode()}")
        return json.loads(content) if content else None


def cpu_by_kind(server: Server, targets: Iterator[Target], *, n: int) -> dict[str, float]:
    """Return milliseconds of the server's processor time a write, one after the other."""
    client = Client(server.port, "rep alone", targets)
    found = {}
    for kind in KINDS:
        for _ in range(2 if kind != "release" else 0):  # what is done once is not counted
            client.write(kind)
        begin = server.cpu_ms()
        for _ in range(n):
            client.write(kind)
        found[kind] = (server.cpu_ms() - begin) / n
    return found


def wall_by_kind(
    server: Server, targets: Sequence[Target], *, seconds: float, rate: float | None = None
) -> dict[str, dict[str, float]]:
    """Return milliseconds to the answer, p50 and p99, when eight clients write; and how many a second.

    Args:
        server: Where.
        targets: Of which companies.
        seconds: How long.
        rate: Writes a second of all clients together, evenly spread; None writes without pause.
    """
    begin = time.perf_counter()
    pause = 0.0 if rate is None else N_CLIENTS / rate

    def write_on(number: int) -> list[tuple[str, float]]:
        client = Client(server.port, f"rep {number}", iter(targets[number::N_CLIENTS]))
        taken: list[tuple[str, float]] = []
        for at in count():
            if time.perf_counter() - begin > seconds:
                return taken
            time.sleep(max(begin + (at + number / N_CLIENTS) * pause - time.perf_counter(), 0.0))
            kind = KINDS[at % len(KINDS)]
            taken.append((kind, client.write(kind)))
        return taken

    with ThreadPoolExecutor(N_CLIENTS) as pool:
        taken = [one for many in pool.map(write_on, range(N_CLIENTS)) for one in many]
    return {kind: _describe([one for name, one in taken if name == kind], seconds) for kind in KINDS} | {
        "all": _describe([one for _, one in taken], seconds)
    }


def _describe(times: Sequence[float], seconds: float) -> dict[str, float]:
    p50, p99 = (1000 * np.percentile(times, [50, 99])).tolist() if times else (0.0, 0.0)
    return {"p50_ms": p50, "p99_ms": p99, "n": len(times), "per_second": len(times) / seconds}
