"""What the matches of a home were made from, so that nothing is matched twice, and how many customers stand how."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

import orjson

from graphleads.disk import replace_file
from graphleads.identity.config import MatchConfig
from graphleads.model import CustomerRecord, Match, MatchState
from graphleads.workspace.home import Home


class Matched:
    """What the matches of one home were made from."""

    def __init__(self, home: Home, config: MatchConfig) -> None:
        self._home = home
        self._config = config

    def note(self, customers: Sequence[CustomerRecord], snapshot: str) -> None:
        """Keep that these customers were matched, as they are, with a snapshot."""
        replace_file(self._home.matched, self._inputs(customers, snapshot).encode())

    def is_fresh(self, customers: Sequence[CustomerRecord], matched: Collection[str], snapshot: str | None) -> bool:
        """Return whether every customer is matched, with the snapshot, as it is now.

        Args:
            customers: The customers.
            matched: The external ids of those that are matched.
            snapshot: The snapshot that is served, None if nothing was built yet.
        """
        if snapshot is None or not self._home.matched.is_file():
            return False
        noted = self._home.matched.read_text(encoding="utf-8")
        return noted == self._inputs(customers, snapshot) and all(one.external_id in matched for one in customers)

    def _inputs(self, customers: Sequence[CustomerRecord], snapshot: str) -> str:
        stated = [snapshot, self._config.model_dump(mode="json"), [asdict(one) for one in customers]]
        hashed = hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()
        return json.dumps({"inputs": hashed})


def count_states(matches: Mapping[str, Match]) -> dict[str, int]:
    """Return how many customers stand in which state, every state named."""
    counts = dict.fromkeys((state.value for state in MatchState), 0)
    for match in matches.values():
        counts[match.state.value] += 1
    return counts
