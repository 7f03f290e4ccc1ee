"""Where and when something was said, and for which days an answer is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DeliveryKind(StrEnum):
    """Whether a delivery is the register's whole state or only what changed."""

    FULL = "full"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact stands: the dataset, the record's id in it, and the last day it was seen there."""

    dataset: str
    record: str
    observed_on: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When something is true in the world: from a day (included) to a day (not included); None is unbounded."""

    start_on: date | None = None
    end_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The two days that a question is asked for: whose facts count, and up to which they were known."""

    valid_on: date
    known_on: date
