"""Where a benchmark keeps its register, its home and what it measured."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.row import Row, row_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder for one size of register.

    Attributes:
        folder: The folder.
        companies: How many companies the register has.
        quick: Whether to repeat less.
        all_peers: Whether peers run on a register of any size.
    """

    folder: Path
    companies: int
    quick: bool = False
    all_peers: bool = False

    @property
    def register(self) -> Path:
        """The generated files."""
        return self.folder / "register"

    @property
    def home(self) -> Path:
        """The home of the register in the plain layout, on which everything but staging is measured."""
        return self.folder / "home"

    @property
    def snapshots(self) -> Path:
        """The snapshots of the home."""
        return self.home / "snapshots"

    def fresh(self, name: str) -> Path:
        """Return a folder of that name in this place, empty."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def repeat(self, times: int) -> int:
        """Return how often to repeat what is repeated so many times, a tenth of it where it has to be quick."""
        return max(3, times // 10) if self.quick else times

    def keep(self, step: str, rows: Sequence[Row]) -> None:
        """Keep what a step measured, in place of what it measured before."""
        kept = self.folder / "rows"
        kept.mkdir(exist_ok=True)
        text = json.dumps([row.to_json() for row in rows], indent=1, ensure_ascii=False)
        (kept / f"{step}.json").write_text(text + "\n", encoding="utf-8")

    def kept(self, step: str) -> list[Row]:
        """Return what a step measured last, nothing if it did not run here."""
        path = self.folder / "rows" / f"{step}.json"
        return [row_from_json(one) for one in json.loads(path.read_bytes())] if path.is_file() else []
