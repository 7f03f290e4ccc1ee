"""What a delivery says about itself: rows, issues, encodings, and where every source field went.

A reader describes each kind of flaw once and reports rows against it. Counts are complete; of each flaw only the
first hundred rows are kept as samples, so that a file with ten million bad rows costs no more than one with a hundred.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.codes.personal_number import hide_personal
from graphleads.errors import FormatMismatch
from graphleads.tables.schema import ISSUES

MAX_SAMPLES = 100
"""Rows kept for each issue code."""

_MAX_SAMPLE_LENGTH = 200
_FILES_NAMED = 3
_OF_TEXT = frozenset({"wrong_field_count", "unclosed_quote", "record_too_long"})
"""Flaws that whole files of delimited text have when they are read in another dialect than their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """A kind of flaw that rows can have.

    Attributes:
        code: A word in snake case, counted in the manifest.
        message: What is wrong and what became of it, in one sentence.
        column: The source column, None where it is the whole row.
        private: Whether the values must not be stored, not even as samples.
        cuts: Whether a file that has it is not whole, so that what is not in it has not ended.
    """

    code: str
    message: str
    column: str | None = None
    private: bool = False
    cuts: bool = False


class DeliveryReport:
    """Collects what a reader reports while it reads."""

    def __init__(self) -> None:
        self.issue_counts: Counter[str] = Counter()
        self.n_rows_read: Counter[str] = Counter()
        self.encodings: dict[str, str] = {}
        self.ignored_fields: dict[str, str] = {}
        self.unknown_fields: set[str] = set()
        self.dropped_personal_fields: Counter[str] = Counter()
        self.unread_cells: defaultdict[tuple[str, Flaw], list[int]] = defaultdict(list)
        self.is_whole = True
        self.moment = ""
        self._bad_rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._samples: dict[str, list[tuple[str, int | None, str | None, str, str, str | None]]] = {}

    def rows_read(self, file: str, n: int) -> None:
        """Count `n` more records of a file, good or bad, the header not among them."""
        self.n_rows_read[file] += n

    def encoding(self, file: str, encoding: str) -> None:
        """Note the encoding that a file is read in."""
        self.encodings[file] = encoding

    def ignored_field(self, field: str, reason: str) -> None:
        """Note a source field that is left out on purpose."""
        self.ignored_fields[field] = reason

    def unknown_field(self, field: str) -> None:
        """Note a source field that nobody has accounted for."""
        self.unknown_fields.add(field)

    def dropped_personal(self, field: str, n: int) -> None:
        """Count `n` values of a personal field that were dropped as they were read."""
        self.dropped_personal_fields[field] += n

    def shows_moment(self, moment: str) -> None:
        """Note a moment of the day that a file shows, as text that sorts; of several the last counts."""
        self.moment = max(self.moment, moment)

    def issue(self, flaw: Flaw, file: str, *, row: int | None = None, sample: str | None = None) -> None:
        """Count one flaw.

        Args:
            flaw: What is wrong.
            file: The file's name.
            row: The record's number with the header as row 1, None if it is the file as a whole.
            sample: The value; never one that must not be stored. Numbers of people in it are hidden.
        """
        self.issue_counts[flaw.code] += 1
        self.is_whole &= not flaw.cuts
        kept = self._samples.setdefault(flaw.code, [])
        if len(kept) < MAX_SAMPLES:
            shown = None if sample is None else hide_personal(sample)[:_MAX_SAMPLE_LENGTH]
            kept.append((file, row, flaw.column, flaw.code, flaw.message, shown))

    def issues(
        self, flaw: Flaw, file: str, *, rows: NDArray[np.int64], samples: Iterable[str | None] | None = None
    ) -> None:
        """Count the same flaw in many rows that are kept.

        Args:
            flaw: What is wrong.
            file: The file's name.
            rows: int64[n], the records' numbers with the header as row 1.
            samples: One value a row, or None.
        """
        if not len(rows):
            return
        first = rows[:MAX_SAMPLES].tolist()
        shown = [None] * len(first) if samples is None else list(samples)[:MAX_SAMPLES]
        for row, sample in zip(first, shown, strict=False):
            self.issue(flaw, file, row=row, sample=sample)
        self.issue_counts[flaw.code] += len(rows) - len(first)

    def unread_cell(self, flaw: Flaw, file: str, *, row: int, column: str) -> None:
        """Count a cell that says something which could not be read; that it is empty in its row is not what it says."""
        self.issue(flaw, file, row=row)
        self.unread_cells[column, flaw].append(row)

    def bad_rows(
        self, flaw: Flaw, file: str, *, rows: NDArray[np.int64], samples: Iterable[str | None] | None = None
    ) -> None:
        """Count the same flaw in many rows that are left out; the arguments are those of `issues`."""
        self.issues(flaw, file, rows=rows, samples=samples)
        self._bad_rows[file][flaw.code] += len(rows)

    def check_bad_rows(self) -> None:
        """Check that the files were what the reader took them for.

        Raises:
            FormatMismatch: If more than half of a file's rows were left out as bad.
        """
        for file, by_code in self._bad_rows.items():
            n_bad, n_read = by_code.total(), self.n_rows_read[file]
            if 2 * n_bad > n_read:
                code = by_code.most_common(1)[0][0]
                text = ", and its delimiter, quoting and encoding" if code in _OF_TEXT else ""
                raise FormatMismatch(
                    f"{file} has {n_bad:,} bad rows of {n_read:,}, most of them {code}: check that it is "
                    f"the right file{text}. The first of them: {self._first_message(code)}"
                )

    def check_staged(self, n_staged: int, files: Sequence[str]) -> None:
        """Check that the files said anything.

        Args:
            n_staged: How many rows came of them.
            files: What they are called.

        Raises:
            FormatMismatch: If there are none: what nobody notices would stand for a register without companies.
        """
        if n_staged:
            return
        shown = ", ".join(files[:_FILES_NAMED]) + (", …" if len(files) > _FILES_NAMED else "")
        records = f"no table has a place for any of the {self.n_rows_read.total():,} records of {shown}"
        what = records if self.n_rows_read.total() else f"there is no record in {shown}"
        first = ""
        if self._samples:
            code = max(self._samples, key=lambda one: self.issue_counts[one])
            first = f" Most of what was found is {code}: {self._first_message(code)}"
        raise FormatMismatch(
            f"Nothing was staged, because {what}: check that these are the right files for this reader or mapping."
            f"{first}"
        )

    def _first_message(self, code: str) -> str:
        _, row, column, _, message, _ = self._samples[code][0]
        place = ", ".join(filter(None, ("" if row is None else f"row {row}", column)))
        return f"{message} ({place})" if place else message

    def issue_table(self) -> pa.Table:
        """Return the kept samples as the staged issues table, by code in order of appearance."""
        rows = [row for kept in self._samples.values() for row in kept]
        arrays = [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(ISSUES)]
        return pa.Table.from_arrays(arrays, schema=ISSUES)
