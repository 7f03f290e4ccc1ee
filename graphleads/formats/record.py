"""Cuts delimited text into records, so that a bad one is told apart from its neighbours before anything is parsed.

A quote counts only at the start of a field, as RFC 4180 has it. A record that runs over several lines and does not
come out right (its quote is never closed, is closed in the middle of a value, or the fields are too many or too few)
costs its first line only: the next line begins a record again, and a stray quote does not swallow the file. One on a
single line that comes out right is told by its state: what its value was meant to be is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

MAX_RECORD = 1 << 20
"""Bytes of one record."""

GOOD, WRONG_FIELDS, TOO_LONG, UNCLOSED_QUOTE, STRAY_QUOTE = range(5)
"""What the scan finds of a record; one with a stray quote has the right fields and can be read."""

_NEWLINE = 10
_NO_QUOTE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBlock:
    """Consecutive records of a file.

    Attributes:
        data: uint8[size], UTF-8 text with the records in it.
        starts: int64[n], where each record begins in `data`.
        ends: int64[n], where it ends, its line end not included.
        n_fields: int32[n], how many fields it has.
        states: int8[n], GOOD, WRONG_FIELDS, TOO_LONG, UNCLOSED_QUOTE or STRAY_QUOTE.
        first_row: The first record's number, from 1.
        breaks_off: Whether the text ends within the last record, which is not good.
    """

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    n_fields: NDArray[np.int32]
    states: NDArray[np.int8]
    first_row: int
    breaks_off: bool = False

    @property
    def readable(self) -> NDArray[np.bool_]:
        """bool[n]: whether a record has the fields that it must have."""
        readable: NDArray[np.bool_] = (self.states == GOOD) | (self.states == STRAY_QUOTE)
        return readable

    @property
    def rows(self) -> NDArray[np.int64]:
        """int64[n], each record's number in the file."""
        return np.arange(self.first_row, self.first_row + len(self.starts), dtype=np.int64)

    def text(self, keep: NDArray[np.bool_]) -> bytes:
        """Return the records where `keep` (bool[n]) holds, a line end after each."""
        kept: NDArray[np.uint8] = self.data[_inside(self.starts[keep], self.ends[keep], len(self.data))]
        return kept.tobytes()

    def records_at(self, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of the records that hold these offsets (sorted) of `data`, each once."""
        places = np.searchsorted(self.starts, offsets, side="right") - 1
        return self.rows[np.unique(places[places >= 0])]


def scan_records(
    blocks: Iterable[bytes], *, delimiter: str, quote: str | None, n_fields: int | None = None
) -> Iterator[RecordBlock]:
    """Yield the records of a text.

    Args:
        blocks: UTF-8 with newlines as line ends, cut anywhere.
        delimiter: One ASCII character.
        quote: One ASCII character; None: quotes are characters like any other.
        n_fields: How many fields a record must have; None: as many as the first record.
    """
    mark = _NO_QUOTE if quote is None else ord(quote)
    expected = n_fields or 0
    rest, skipping, row = b"", False, 1
    for block, final in _with_last(blocks):
        data = np.frombuffer(rest + block + (b"\n" if final else b""), dtype=np.uint8)
        starts, ends, fields, states, used, skipping = _scan(data, ord(delimiter), mark, expected, skipping, final)
        if len(starts) and not expected:
            starts, ends, fields, states, used, skipping = _scan(
                data, ord(delimiter), mark, int(fields[0]), False, final
            )
            expected = int(fields[0])
        bad_end = len(states) > 0 and states[-1] not in (GOOD, STRAY_QUOTE)
        breaks_off = final and bad_end and not (rest + block).endswith(b"\n")
        yield RecordBlock(
            data=data[:used],
            starts=starts,
            ends=ends,
            n_fields=fields,
            states=states,
            first_row=row,
            breaks_off=breaks_off,
        )
        row += len(starts)
        rest = data[used:].tobytes()


def _with_last(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    held: bytes | None = None
    for block in blocks:
        if held is not None:
            yield held, False
        held = block
    yield held or b"", True


@njit(cache=True, nogil=True)
def _inside(starts, ends, size):  # type: ignore[no-untyped-def]
    """bool[size]: whether a byte is part of one of the records or of the line end after it."""
    inside = np.zeros(size, dtype=np.bool_)
    for record in range(len(starts)):
        inside[starts[record] : ends[record] + 1] = True
    return inside


@njit(cache=True, nogil=True)
def _scan(data, delimiter, quote, expected, skipping, final):  # type: ignore[no-untyped-def]
    """Find the records of `data` from its start; `expected` 0 takes any number of fields.

    Returns the records' starts, ends, field counts and states, how many bytes were used up, and whether the text goes
    on in the middle of a record that is too long.
    """
    size = len(data)
    capacity = np.count_nonzero(data == _NEWLINE) + 1
    starts = np.empty(capacity, dtype=np.int64)
    ends = np.empty(capacity, dtype=np.int64)
    fields = np.empty(capacity, dtype=np.int32)
    states = np.empty(capacity, dtype=np.int8)
    n, position = 0, 0
    if skipping:
        line_end = _next_line_end(data, 0)
        skipping = line_end == size
        position = min(line_end + 1, size)
    while position < size:
        if data[position] == _NEWLINE:
            position += 1
            continue
        end, n_fields, first_line_end, state = _scan_record(data, position, delimiter, quote, final)
        if state < 0:
            break
        if state in (GOOD, STRAY_QUOTE) and expected and n_fields != expected:
            state = WRONG_FIELDS
        if state not in (GOOD, STRAY_QUOTE) and first_line_end < end:
            end = first_line_end
            if state == WRONG_FIELDS:
                state = UNCLOSED_QUOTE
        starts[n], ends[n], fields[n], states[n] = position, end, n_fields, state
        n += 1
        if end == size:
            skipping = True
        position = min(end + 1, size)
    return starts[:n], ends[:n], fields[:n], states[:n], position, skipping


@njit(cache=True, nogil=True)
def _scan_record(data, start, delimiter, quote, final):  # type: ignore[no-untyped-def]
    """Find the end of the record that begins at `start`.

    Returns its end, its number of fields, the end of its first line, and its state; -1 if it goes on after `data`.
    """
    size = len(data)
    position = start
    n_fields = 1
    first_line_end = size
    quoted, broken, stray, at_field_start = False, False, False, True
    while position < size and position - start <= MAX_RECORD:
        byte = data[position]
        if quoted:
            if byte == quote:
                if position + 1 < size and data[position + 1] == quote:
                    position += 1
                else:
                    quoted = False
                    following = data[position + 1] if position + 1 < size else _NEWLINE
                    broken = broken or following not in (delimiter, _NEWLINE)
            elif byte == _NEWLINE and first_line_end == size:
                first_line_end = position
        elif byte == _NEWLINE:
            first_line_end = min(first_line_end, position)
            state = STRAY_QUOTE if broken or stray else GOOD
            state = UNCLOSED_QUOTE if broken and first_line_end < position else state
            return position, n_fields, first_line_end, state
        elif byte == quote:
            quoted = at_field_start
            stray = stray or not at_field_start
        n_fields += (not quoted) and byte == delimiter
        at_field_start = (not quoted) and byte == delimiter
        position += 1
    if position < size:
        end = first_line_end if first_line_end < size else _next_line_end(data, position)
        return end, n_fields, first_line_end, TOO_LONG
    if final:
        return size, n_fields, first_line_end, UNCLOSED_QUOTE
    return size, n_fields, first_line_end, -1


@njit(cache=True, nogil=True)
def _next_line_end(data, position):  # type: ignore[no-untyped-def]
    """Where the line that `position` is in ends; the end of `data` if that is not in it."""
    while position < len(data) and data[position] != _NEWLINE:
        position += 1
    return position
