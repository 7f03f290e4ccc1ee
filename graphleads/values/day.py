"""Days as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime


def tells_days(form: str) -> bool:
    """Return whether a date format, in strptime's letters, has a day, a month and a year, each once."""
    day = date(2003, 12, 31)
    try:
        return datetime.strptime(day.strftime(form), form).date() == day
    except (ValueError, re.error):  # strptime makes a pattern of the format, which fails where a letter is there twice
        return False
