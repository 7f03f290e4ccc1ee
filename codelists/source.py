"""Where a code list comes from."""

from __future__ import annotations

from typing import NamedTuple


class Source(NamedTuple):
    """What one file is made from.

    Attributes:
        file: The file's name.
        list_: The list and its day, as its keepers call them.
        package: The package that brings it, with its version.
        licence: The licence of that package, SPDX.
    """

    file: str
    list_: str
    package: str
    licence: str
