"""How old a register is on the day that is asked for."""

from __future__ import annotations

from datetime import date

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
