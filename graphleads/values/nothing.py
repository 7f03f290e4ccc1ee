"""What people and programs write where there is nothing to say."""

from __future__ import annotations

import re

_LONGEST = 12
_NOTHING = re.compile(
    r"n[./]?\s?a\.?|#n/a|nil|null|none|nan|nat|tbc|tbd|t\.b\.[cd]\.|[-–—_.?/*\s]*|k\.?\s?a\.|s/d", re.IGNORECASE
)


def says_nothing(text: str) -> bool:
    """Return whether a text only stands in for one: `N/A`, `-`, `TBC`, `null`."""
    return len(text) <= _LONGEST and _NOTHING.fullmatch(text) is not None
