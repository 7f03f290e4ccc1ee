"""Text from registers made safe to print: a name must not move the cursor, colour the screen or turn the line."""

from __future__ import annotations

import unicodedata
from datetime import date

_JOINERS = "\u200c\u200d"  # Persian and Indic names need them, and they move nothing.
_UNPRINTABLE = {"Cc", "Cf", "Cs"}


def plain(text: str) -> str:
    """Return the text on one line without control characters, escape sequences' introducers or direction marks.

    Tabs and line ends become spaces, since words would run together without them.
    """
    return "".join(_printable(character) for character in text)


def _printable(character: str) -> str:
    if character in "\t\n\r\v\f\u2028\u2029":
        return " "
    if character in _JOINERS or unicodedata.category(character) not in _UNPRINTABLE:
        return character
    return ""


def count(n: int, one: str, several: str) -> str:
    """Return a number with what it counts: `1 company`, `1,234 companies`."""
    return f"{n:,} {one if n == 1 else several}"


def place(locality: str | None, jurisdiction: str | None) -> str:
    """Return where a company is: its town and its country's code, as far as they are known."""
    return ", ".join(part for part in (locality, jurisdiction) if part)


def period(start_on: date | None, end_on: date | None) -> str:
    """Return a period in a few characters: `2019-03-01 to 2021-06-30`, `since 2019-03-01`, or nothing."""
    if start_on and end_on:
        return f"{start_on} to {end_on}"
    if start_on:
        return f"since {start_on}"
    return f"until {end_on}" if end_on else ""


def in_words(code: str) -> str:
    """Return a code of several words as one reads it: `voting_rights` as `voting rights`."""
    return code.replace("_", " ")


def cell_for_spreadsheets(text: str) -> str:
    """Return a text that a spreadsheet shows and never runs: what looks like a formula gets a quote in front.

    Source: OWASP, CSV injection.
    """
    text = plain(text)
    try:
        float(text)
    except ValueError:
        return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
    return text
