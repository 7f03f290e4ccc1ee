"""Events of the stream of persons with significant control: what changed since a snapshot, an object an event.

An event carries the whole record as it is now, under the link that it has in the snapshot. `deleted` says that the
record should never have been there (it was filed in error): it is void. What ended comes as `changed`, with its day.

Reference:
    Companies House, Streaming API, persons with significant control and their statements;
    https://developer-specs.company-information.service.gov.uk/streaming-api/reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.errors import InputError
from graphleads.formats.json_block import read_json_blocks
from graphleads.formats.json_object import read_objects
from graphleads.formats.report import DeliveryReport
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile

EVENT_FIELDS = (
    ("resource_uri", pa.string()),
    ("event", pa.struct([("timepoint", pa.int64()), ("type", pa.string())])),
)
"""What is read of an event beside the record."""

EVENT_IGNORED = {
    "resource_kind": "the record says its kind, and of a deleted one it does not matter",
    "resource_id": "the last part of the link",
    "event.published_at": "the delivery has its own day",
    "event.fields_changed": "the event carries the whole record",
}
"""What is left out of an event, and why."""

DELETED = "deleted"
EVENT_TYPES = ("changed", DELETED)

_COMPANY = r"^/company/(?P<number>[^/]+)/"


def is_stream(source: SourceFile) -> bool:
    """Return whether a file holds events: whether its first object is one."""
    try:
        objects = read_objects(replace(source, advance=None), report=DeliveryReport())
        first = next(objects, None)
    except InputError:
        return False
    return first is not None and "event" in first.content and "resource_uri" in first.content


def last_events(files: Sequence[SourceFile]) -> tuple[Mapping[str, NDArray[np.int64]], int]:
    """Return the rows of the events that count: the last of each record, by timepoint and not by place.

    Args:
        files: Streams.

    Returns:
        int64[n] by the file's name, row numbers in ascending order; and the last timepoint of all, 0 if none is said.

    Raises:
        FileUnreadable: If a file is truncated.
        FormatMismatch: If a file is not JSON.
    """
    found = [_events(source, ordinal) for ordinal, source in enumerate(files)]
    order = [("resource", "ascending"), ("timepoint", "ascending"), ("file", "ascending"), ("row", "ascending")]
    events = pa.concat_tables(found).sort_by(order)
    last = events.group_by("resource", use_threads=False).aggregate([("file", "last"), ("row", "last")])
    file, row = (last[f"{name}_last"].to_numpy() for name in ("file", "row"))
    counting = {source.name: np.sort(row[file == ordinal]) for ordinal, source in enumerate(files)}
    return counting, pc.max(events["timepoint"]).as_py() or 0


def _events(source: SourceFile, ordinal: int) -> pa.Table:
    """Return the events of a file: `resource`, `timepoint`, `file`, `row`."""
    quiet = read_json_blocks(
        replace(source, advance=None), pa.struct(list(EVENT_FIELDS)), ignored=(), report=DeliveryReport()
    )
    tables = [
        pa.table(
            {
                "resource": block.columns["resource_uri"],
                "timepoint": block.columns["event.timepoint"],
                "file": pa.repeat(pa.scalar(ordinal), block.n_rows),
                "row": block.rows,
            }
        )
        for block in quiet
    ]
    empty = pa.schema([("resource", pa.string()), *((name, pa.int64()) for name in ("timepoint", "file", "row"))])
    return pa.concat_tables([empty.empty_table(), *tables])


def take_events(block: RowBlock, last: NDArray[np.int64]) -> RowBlock:
    """Return the events that count, with company number and link where the record does not have them itself.

    Args:
        block: Events.
        last: int64[n], the rows that count, ascending.
    """
    link = block.columns["resource_uri"]
    number = pc.struct_field(pc.extract_regex(link, _COMPANY), "number")
    columns = {
        **block.columns,
        "company_number": pc.coalesce(block.columns["company_number"], number),
        "data.links.self": pc.coalesce(block.columns["data.links.self"], link),
    }
    counting = np.isin(block.rows, last, assume_unique=True)
    return replace(block, columns=columns).filter(pa.array(counting))
