"""What Companies House says of a snapshot in the names of its files: the day, and which part of how many it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from graphleads.errors import ValueInvalid
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import Preview
from graphleads.model import DeliveryKind

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART = re.compile(r"(?:-part(\d+)_|_(\d+)of)(\d+)")
_INCOMPLETE = Flaw(
    code="parts_missing",
    message="Not all parts of the snapshot are given: it counts as an update, so nothing ends by being left out of it.",
)


def preview_snapshot(files: Sequence[SourceFile], dataset: str) -> Preview:
    """Return the dataset, the day of the files, and whether they are the whole snapshot or only parts of it.

    Raises:
        ValueInvalid: If the files are of different days.
    """
    days = sorted({day for source in files for day in _days(source.name)})
    if len(days) > 1:
        raise ValueInvalid(
            f"The files are of different days ({', '.join(map(str, days))}): ingest each day's alone, the oldest first."
        )
    kind = DeliveryKind.FULL if _are_whole(files) else DeliveryKind.UPDATE
    return Preview(dataset=dataset, observed_on=days[0] if days else None, kind=kind)


def report_missing_parts(files: Sequence[SourceFile], report: DeliveryReport) -> None:
    """Report it if the files are only some of a snapshot's parts."""
    if not _are_whole(files):
        report.issue(_INCOMPLETE, files[0].name)


def _are_whole(files: Sequence[SourceFile]) -> bool:
    parts = [(int(match[1] or match[2]), int(match[3])) for source in files for match in _PART.finditer(source.name)]
    return all(set(range(1, total + 1)) <= {part for part, _ in parts} for _, total in parts)


def _days(name: str) -> list[date]:
    return [day for text in _DAY.findall(name) if (day := _day(text)) is not None]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
