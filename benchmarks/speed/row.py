"""The rows of the table: what was measured, what it must reach, and what others took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """How a measurement stands to its limits."""

    AIM = "aim reached"
    REACHED = "reached"
    MISSED = "missed"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a measurement must reach, in its own unit, and what it aims at; `at_least` for rates and ratios."""

    must: float
    aim: float | None = None
    at_least: bool = False

    def judge(self, value: float) -> Verdict:
        """Return how a value stands to the limit."""
        sign = -1 if self.at_least else 1
        if sign * value > sign * self.must:
            return Verdict.MISSED
        return Verdict.AIM if self.aim is not None and sign * value <= sign * self.aim else Verdict.REACHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What another program took for the same work.

    Attributes:
        name: Its name.
        seconds: How long, None where it is not installed or was left out.
        peak_bytes: The most memory above its input.
        ratio: Its time by ours.
        note: Why there is no time, or what is to be known of it.
    """

    name: str
    seconds: float | None = None
    peak_bytes: int | None = None
    ratio: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table.

    Attributes:
        step: What was done.
        value: What came out, in `unit`; None where it could not be measured, and `note` says why.
        unit: s, ms, rows/s, requests/s, MB, GB, B, ×, or empty for a share.
        limit: What it must reach, None where nothing is asked.
        peak_bytes: The most memory that one process had resident meanwhile.
        peers: What others took.
        note: How it was measured, and what else came out.
    """

    step: str
    value: float | None
    unit: str
    limit: Limit | None = None
    peak_bytes: int | None = None
    peers: tuple[Peer, ...] = ()
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """How the value stands to its limit."""
        if self.limit is None or self.value is None:
            return Verdict.NONE
        return self.limit.judge(self.value)

    def to_json(self) -> dict[str, Any]:
        """Return the row as a JSON object."""
        return asdict(self) | {"verdict": self.verdict.value}


def row_from_json(stated: Mapping[str, Any]) -> Row:
    """Return the row that `to_json` gave."""
    rest = {name: value for name, value in stated.items() if name not in ("verdict", "limit", "peers")}
    limit = None if stated["limit"] is None else Limit(**stated["limit"])
    return Row(**rest, limit=limit, peers=tuple(Peer(**one) for one in stated["peers"]))


def missing(step: str, reason: str) -> Row:
    """Return the row of something that could not be measured."""
    return Row(step=step, value=None, unit="", note=reason)
