"""Han characters written one way: traditional ones and common variants as the simplified character.

The table `han.txt` is derived from OpenCC's. It knows single characters, no phrases: of a character with several
readings the first counts, so that 乾 is 干 wherever it stands. That serves comparison, not writing. Japanese
simplifications (広, 気) stay what they are.
"""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def simplified_han() -> dict[int, str]:
    """Return the simplified character by code point, for `str.translate`; no result is itself in the table."""
    text = resources.files("graphleads.names").joinpath("han.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {ord(other): line[0] for line in lines for other in line[1:]}
