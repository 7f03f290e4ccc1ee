"""How old a register is on the day that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphleads.graph.snapshot import Snapshot

_OLD = 180
"""Days after which a register says little of today: offices and owners change about once in a few years."""


def describe_age(observed_on: date, asked_for: date) -> str | None:
    """Return a sentence where a register is older than 180 days on the day that is asked for, otherwise None."""
    days = (asked_for - observed_on).days
    if days <= _OLD:
        return None
    n, unit = (days // 365, "year") if days >= 365 else (days // 30, "month")
    return f"The register is of {observed_on}: {n} {unit}{'' if n == 1 else 's'} before the day that is asked for."


def describe_silence(known_since: date, known_on: date) -> str | None:
    """Return a sentence where the registers said nothing yet by a day, otherwise None."""
    if known_on >= known_since:
        return None
    return f"The registers say nothing yet by {known_on}: they do from {known_since} on, so ask for a later day."


def describe_before(first_observed_on: date, valid_on: date) -> str | None:
    """Return a sentence where a day is before the first delivery of any register, otherwise None."""
    if valid_on >= first_observed_on:
        return None
    return (
        f"No register says anything of {valid_on} itself: the first delivery is of {first_observed_on}. What is told "
        "of that day is what deliveries since then say had begun by it."
    )


def warnings_of_days(snapshot: Snapshot, *, valid_on: date, known_on: date) -> Iterator[str]:
    """Yield what a person should know of the registers on the two days that are asked for, a sentence each."""
    silence = describe_silence(snapshot.first_known_on, known_on)
    if silence:
        yield silence
    elif before := describe_before(snapshot.first_observed_on, valid_on):
        yield before
