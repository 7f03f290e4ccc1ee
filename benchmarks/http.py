"""Print how many recommendations one `graphleads serve` process answers: `python -m benchmarks.http --companies N`.

Every request asks around ten customers of its own, so no answer is one that was given before. The rate is that of a few
connections that ask without pause. The latencies are those at half of that rate, with requests that come when they are
due and not when an earlier one is answered: what a request waits for its turn counts.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
import orjson

from graphleads.ids import EntityId
from graphleads.model import MatchState
from graphleads.workspace.workspace import open_workspace

SHAPES: Mapping[str, Mapping[str, int]] = {
    "20 leads without reasons": {"k": 20, "n_reasons": 0},
    "50 leads with 3 reasons": {"k": 50, "n_reasons": 3},
}
"""What is asked, beside around whom."""

_N_SEEDS = 10
_N_ASKING = 8
"""Connections that ask without pause: enough that the server never waits for one of them."""

_N_OPEN = 64
_WARM_UP_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a server did: requests a second without pause, and milliseconds to an answer at half that rate."""

    per_second: float
    p50: float
    p95: float
    p99: float


def main() -> None:
    """Serve a home, or one made for it, and print what it does."""
    parser = argparse.ArgumentParser(description="Requests a second of one HTTP server process, and its latencies.")
    parser.add_argument("--home", type=Path, help="a home with customers that are matched; none makes one")
    parser.add_argument("--companies", type=int, default=20_000, help="companies of the one made (default: 20000)")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each is measured (default: 10)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = arguments.home or _make_home(Path(folder), arguments.companies)
        print(f"{'':<26} {'a second':>9} {'p50':>9} {'p95':>9} {'p99':>9}  at half that rate")
        for name, load in measure(home, seconds=arguments.seconds).items():
            times = "".join(f" {time:6.1f} ms" for time in (load.p50, load.p95, load.p99))
            print(f"{name:<26} {load.per_second:9.1f}{times}")


def measure(home: Path, *, seconds: float) -> dict[str, Load]:
    """Return what one server process does on a home, by the names of `SHAPES`.

    Args:
        home: A home with customers that are matched.
        seconds: How long each rate, and each latency at half of it, is measured.
    """
    customers = _customers(home)
    with _serve(home) as port:
        return {
            name: asyncio.run(_measure(port, _questions(port, customers, shape), seconds))
            for name, shape in SHAPES.items()
        }


def _make_home(folder: Path, companies: int) -> Path:
    words = ["--home", str(folder), "demo", "--companies", str(companies), "--json"]
    subprocess.run([sys.executable, "-m", "graphleads.cli", *words], check=True, capture_output=True)
    return folder


def _customers(home: Path) -> list[EntityId]:
    with open_workspace(home) as workspace:
        return sorted(
            {one.company for one in workspace.customers.matches() if one.company and one.state is MatchState.SURE}
        )


@contextmanager
def _serve(home: Path) -> Iterator[int]:
    """Yield the port at which a server of its own answers for a home."""
    words = [sys.executable, "-m", "graphleads.cli", "--home", str(home), "serve", "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None  # noqa: S101 - it is a pipe
            said = server.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
            if found is None:
                raise SystemExit(said + server.stderr.read())
            yield int(found[1])
        finally:
            server.terminate()


def _questions(port: int, customers: Sequence[EntityId], shape: Mapping[str, int]) -> Iterator[bytes]:
    """Yield requests without end, the same ones every time."""
    chance = random.Random(1)  # noqa: S311 - a benchmark's choice, not a secret
    for _ in count():
        body = orjson.dumps({**shape, "seeds": chance.sample(customers, min(_N_SEEDS, len(customers)))})
        yield (
            b"POST /v0/recommendations HTTP/1.1\r\nHost: localhost:%d\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (port, len(body))
        ) + body


class _Connection:
    """A connection that stays open for one request after the other, and is opened again if the server closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> None:
        """Send a request and read its answer to the end; anything but 200 ends the measurement."""
        if self._open is None or self._open[0].at_eof():
            self._open = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._open
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"The server refused: {body.decode()}")

    def close(self) -> None:
        """Close it."""
        if self._open is not None:
            self._open[1].close()


async def _measure(port: int, questions: Iterator[bytes], seconds: float) -> Load:
    connections = [_Connection(port) for _ in range(_N_OPEN)]
    asking = connections[:_N_ASKING]
    await _ask_without_pause(asking, questions, _WARM_UP_SECONDS)
    per_second = await _ask_without_pause(asking, questions, seconds)
    times = await _ask_when_due(connections, questions, rate=per_second / 2, seconds=seconds)
    for one in connections:
        one.close()
    p50, p95, p99 = (1000 * np.percentile(times, [50, 95, 99])).tolist()
    return Load(per_second=per_second, p50=p50, p95=p95, p99=p99)


async def _ask_without_pause(connections: Sequence[_Connection], questions: Iterator[bytes], seconds: float) -> float:
    """Return how many requests a second were answered."""
    begin = time.perf_counter()

    async def ask_on(connection: _Connection) -> int:
        for n in count():
            if time.perf_counter() - begin >= seconds:
                return n
            await connection.ask(next(questions))
        raise AssertionError

    n = sum(await asyncio.gather(*(ask_on(one) for one in connections)))
    return n / (time.perf_counter() - begin)


async def _ask_when_due(
    connections: Sequence[_Connection], questions: Iterator[bytes], *, rate: float, seconds: float
) -> list[float]:
    """Return the seconds from when each request was due to its answer, for requests that are due at a steady rate."""
    # The one that was used last comes first: it is the least likely to have been closed.
    idle: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()
    for one in connections:
        idle.put_nowait(one)
    begin = time.perf_counter()

    async def ask_at(due: float) -> float:
        await asyncio.sleep(due - time.perf_counter())
        connection = await idle.get()
        await connection.ask(next(questions))
        idle.put_nowait(connection)
        return time.perf_counter() - due

    return await asyncio.gather(*(ask_at(begin + n / rate) for n in range(int(rate * seconds))))


if __name__ == "__main__":
    main()
