"""A home: the folder that holds everything of one workspace.

::

    home/graphleads.yaml     settings, if there are any
    home/staged/             deliveries, as the readers staged them
    home/removed/            deliveries that were taken back
    home/linked/             which ids are one company or person
    home/snapshots/          what is served
    home/graphleads.db       customers, matches, claims, exclusions, runs
    home/matched.json        what the matches were made from
    home/logs/               failures that nobody foresaw
    home/.lock               held by whoever links or builds
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from graphleads.disk import is_open_to_others, make_folder


@dataclass(frozen=True, slots=True)
class Home:
    """The places in a home; none of them has to exist."""

    folder: Path

    @property
    def staged(self) -> Path:
        """The staged deliveries."""
        return self.folder / "staged"

    @property
    def removed(self) -> Path:
        """The deliveries that were taken back."""
        return self.folder / "removed"

    @property
    def linked(self) -> Path:
        """The linked pairs, by what they were made from."""
        return self.folder / "linked"

    @property
    def snapshots(self) -> Path:
        """The snapshots."""
        return self.folder / "snapshots"

    @property
    def database(self) -> Path:
        """The database's file, unless the settings name another database."""
        return self.folder / "graphleads.db"

    @property
    def matched(self) -> Path:
        """The hash of what the matches were made from."""
        return self.folder / "matched.json"

    def make(self) -> None:
        """Make the folder for its owner alone, if it is not there."""
        make_folder(self.folder)

    def is_open_to_others(self) -> bool:
        """Return whether others on this machine can look into it."""
        return self.folder.is_dir() and is_open_to_others(self.folder)

    def is_writable(self) -> bool:
        """Return whether files can be made in the home."""
        return self.folder.is_dir() and os.access(self.folder, os.W_OK)
