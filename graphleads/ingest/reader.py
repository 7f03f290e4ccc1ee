"""The protocol of a reader: a small class that turns a register's files into batches of staged tables.

A reader is registered as an entry point of the group `graphleads.readers`; the entry point's name is the reader's name
and its target a class without arguments. `graphleads.testing.reader_contract` holds what every reader must keep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.errors import FormatChanged, GraphLeadsError, ReaderNotFound, ValueInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile, open_sources
from graphleads.model import DeliveryKind, Progress

ENTRY_POINTS = "graphleads.readers"

_NAMED = 5
"""Missing columns that a message names."""

_NUMBERED = re.compile(r"column [1-9]\d*")
_SHOWN = 80
"""Characters of a column's name that a message shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a reader knows of the files before it reads their rows.

    Attributes:
        dataset: The dataset's usual name, None if the caller must give it.
        observed_on: The day of the register's state as the files say it, None if they do not.
        kind: Full or update as the files say it, None if they do not.
        mapping: The mapping's name, None for a reader without one.
        mapping_content: The mapping's text, part of the delivery's id.
        needs_hash_key: Whether personal numbers are hashed with the home's secret key, which makes the rows its own.
        in_parts: Whether a full state comes in files of which none says how many there are.
        one_at_a_time: By table, the kinds of which the register keeps one holder of a company at a time.
    """

    dataset: str | None = None
    observed_on: date | None = None
    kind: DeliveryKind | None = None
    mapping: str | None = None
    mapping_content: str = ""
    needs_hash_key: bool = False
    in_parts: bool = False
    one_at_a_time: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContext:
    """What a reader is told, and where it reports.

    Attributes:
        dataset: The dataset that every row names.
        observed_on: The day of the register's state.
        mapping: A shipped mapping's name or a mapping file, None if none was given.
        report: Takes rows read, issues, and where every source field went.
        hash_key: The home's secret key, None if it has none.
    """

    dataset: str
    observed_on: date
    report: DeliveryReport
    mapping: str | Path | None = None
    hash_key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedBatch:
    """Some rows of one staged table, in that table's schema (`graphleads.tables.schema.conform` makes them so).

    Attributes:
        table: The staged table's name.
        rows: The rows.
        file: The file that they come from, None where a reader cannot say.
        source_rows: int64[n_rows], the records' numbers in it with the header as row 1; None with `file`.
    """

    table: str
    rows: pa.Table
    file: str | None = None
    source_rows: NDArray[np.int64] | None = None

    def with_rows(self, rows: pa.Table, kept: pa.Array | None = None) -> StagedBatch:
        """Return the batch with other rows: as many as it had, or those that are kept (bool[n_rows])."""
        taken = self.source_rows
        if taken is not None and kept is not None:
            taken = taken[kept.to_numpy(zero_copy_only=False)]
        return replace(self, rows=rows, source_rows=taken)


class Reader(Protocol):
    """Reads one register format.

    Attributes:
        name: The reader's name, the same as its entry point's.
        version: Raised whenever the same files would give other rows.
    """

    name: str
    version: int

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return what can be known before reading the rows; reads no more than the files' heads.

        Raises:
            ValueInvalid: If a mapping is given to a reader that takes none, or missing where one is needed.
            MappingInvalid: If the mapping cannot be used.
        """

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield the staged rows batch by batch, in bounded memory whatever the files' size.

        Args:
            files: The files, always in the same order whatever order they were given in.
            context: The dataset and the report.

        Raises:
            FileUnreadable: If a file is truncated or cannot be decoded.
            FormatMismatch: If a file has another format.
            FormatChanged: If a required column is missing or was renamed.
        """


Ask = Callable[..., list[dict[str, Any]]]
"""Asks a graph database: takes a constant statement and its parameters by name, and returns its rows by column."""

_Answer = TypeVar("_Answer")


class GraphServer(Protocol):
    """A graph database that a reader fetches from.

    Attributes:
        place: Where it is, for messages.
    """

    place: str

    def read(self, work: Callable[[Ask], _Answer]) -> _Answer:
        """Return what some work returns that only reads, in one transaction; it may run again where that was lost.

        Raises:
            Neo4jError: If the server does not answer, or does not let the user.
        """


@runtime_checkable
class FetchingReader(Reader, Protocol):
    """A reader of what is no file: the files it is given say where that is, and what it fetches is the delivery."""

    def fetch(
        self, files: Sequence[Path], folder: Path, open_server: Callable[[], GraphServer], progress: Progress
    ) -> list[Path]:
        """Fetch into a folder, and return the files there: those that `preview` and `read` are called with.

        Args:
            files: What the user named.
            folder: An empty folder, which is removed when its files were read.
            open_server: Returns the server of the settings, which it opens when it is asked.
            progress: Told how far it is.

        Raises:
            InputError: If what was named cannot be used.
            Neo4jError: If the server does not answer, or does not let the user.
        """


def reader_names() -> list[str]:
    """Return the names of the readers that are installed, sorted."""
    return sorted({point.name for point in entry_points(group=ENTRY_POINTS)})


def load_reader(name: str) -> Reader:
    """Return the reader of that name.

    Raises:
        ReaderNotFound: If there is none, or its package cannot be imported.
    """
    points = sorted(entry_points(group=ENTRY_POINTS, name=name), key=lambda point: point.value)
    if not points:
        raise ReaderNotFound(f"There is no reader {name!r}: use one of {', '.join(reader_names())}.")
    return _load(points[0])


def _load(point: EntryPoint) -> Reader:
    try:
        reader: Reader = point.load()()
    except (ImportError, AttributeError) as error:
        raise ReaderNotFound(
            f"Reader {point.name!r} is registered as {point.value} but cannot be loaded ({error}): "
            "reinstall the package that it comes from."
        ) from error
    return reader


def fitting_readers(path: Path) -> list[str]:
    """Return the names of the readers that read a file without a mapping, sorted: each is tried on its beginning."""
    return [name for name in reader_names() if _reads(load_reader(name), path)]


def _reads(reader: Reader, path: Path) -> bool:
    if isinstance(reader, FetchingReader):
        return False
    context = ReadContext(dataset="tried", observed_on=date(1970, 1, 1), report=DeliveryReport())
    try:
        files = open_sources(path)
        reader.preview(files, None)
        return any(batch.rows.num_rows for batch in islice(reader.read(files, context), 1))
    except GraphLeadsError:
        return False


def refuse_mapping(reader: str, mapping: str | Path | None) -> None:
    """Raise ValueInvalid if a mapping is given to a reader that takes none."""
    if mapping is not None:
        raise ValueInvalid(f"The reader {reader} takes no mapping: leave it out, or use the reader table.")


def account_fields(
    source: SourceFile, header: Sequence[str], *, required: Sequence[str], known: Sequence[str], report: DeliveryReport
) -> None:
    """Check a header against what a reader expects, and report the fields it has never seen.

    Args:
        source: The file.
        header: Its columns.
        required: Columns it must have.
        known: Columns that the reader reads or leaves out on purpose; `required` need not be repeated.
        report: Takes the unknown fields.

    Raises:
        FormatChanged: If a required column is missing; names it, and the columns that it may be called now.
    """
    missing = [column for column in required if column not in header]
    expected = {*required, *known}
    unknown = [column for column in header if column not in expected]
    if missing:
        raise FormatChanged(_missing_columns(source.name, missing, unknown))
    for column in unknown:
        report.unknown_field(column)


def _missing_columns(name: str, missing: Sequence[str], unknown: Sequence[str]) -> str:
    hints = [f"{column[:_SHOWN]!r}{_close(column, unknown)}" for column in missing[:_NAMED]]
    others = f" and {len(missing) - _NAMED} more that it must have" if len(missing) > _NAMED else ""
    if all(map(_NUMBERED.fullmatch, missing)) and not any(map(_NUMBERED.fullmatch, unknown)):
        return (
            f"{name} has no column {', no column '.join(hints)}{others}, because its first line is taken for a header: "
            "if it is none, say `header: none` under the mapping's `formats`."
        )
    return (
        f"{name} has no column {', no column '.join(hints)}{others}: check that it is the right file; "
        "if the register changed its format, the reader or mapping must be brought up to date."
    )


def _close(column: str, candidates: Sequence[str]) -> str:
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    close = get_close_matches(column.casefold(), list(by_folded), n=3, cutoff=0.6)
    return f" (perhaps now {' or '.join(repr(by_folded[one][:_SHOWN]) for one in close)})" if close else ""
