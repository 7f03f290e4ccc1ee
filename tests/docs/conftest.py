from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest


class Terminals:
    """Two terminals: in one the server runs, in the other one types curl."""

    def __init__(self, serve_home: Callable[[Path], str], curl: Callable[..., httpx.Response]) -> None:
        self._serve_home, self._curl = serve_home, curl
        self._client = httpx.Client(timeout=60)

    def serve(self, words: Sequence[str]) -> None:
        """Run `graphleads serve`."""
        home = words[words.index("--home") + 1] if "--home" in words else os.environ["GRAPHLEADS_HOME"]
        self._client.base_url = self._serve_home(Path(home))

    def curl(self, words: Sequence[str], placeholders: dict[str, str]) -> None:
        """Send what is typed, the capitals in it replaced, and keep what a later request speaks of."""
        typed = [re.sub(r"\b[A-Z]{3,}\b", lambda found: placeholders.get(found[0], found[0]), word) for word in words]
        answer = self._curl(self._client, typed[1:])
        assert answer.is_success, f"{typed}: {answer.text}"
        said = answer.json() if answer.content and "json" in answer.headers["content-type"] else {}
        if isinstance(said.get("run"), dict) and said["run"]["id"]:
            placeholders["EARLIER"] = placeholders.get("RUN", said["run"]["id"])
            placeholders["RUN"] = said["run"]["id"]
        if "claimed_at" in said:
            placeholders["CLAIM"] = str(said["id"])

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def terminals(serve_home: Callable[[Path], str], curl: Callable[..., httpx.Response]) -> Iterator[Terminals]:
    """Runs the server and the requests of a page."""
    two = Terminals(serve_home, curl)
    yield two
    two.close()
