"""Texts as the values of staged columns: dates, numbers, money, words of closed lists, ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.ingest.mapping.id_column import normalize_ids
from graphleads.tables.schema import MONEY, STAGED, VALUES, WORD, Column
from graphleads.values.placeholder_day import without_placeholders


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFormat:
    """How dates and numbers are written.

    Attributes:
        dates: strptime formats in the order in which they are tried.
        decimal: The decimal sign.
        thousands: The sign between groups of digits, None if there is none.
        percent: Whether numbers are percentages, with or without the sign; they become fractions.
    """

    dates: tuple[str, ...] = ("%Y-%m-%d",)
    decimal: str = "."
    thousands: str | None = None
    percent: bool = False

    def changed(self, given: Mapping[str, Any]) -> ValueFormat:
        """Return this with a mapping's `dates` and `number` in place of its own."""
        return replace(self, dates=tuple(given.get("dates", self.dates)), **given.get("number", {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A staged column that texts become values of."""

    table: str
    column: Column

    @property
    def name(self) -> str:
        """Table and column, as `companies.status`."""
        return f"{self.table}.{self.column.name}"

    @property
    def words(self) -> tuple[str, ...] | None:
        """The closed list that its values are of, None if it is open."""
        return VALUES.get("op" if self.column.name == "op" else self.name)

    @property
    def is_id(self) -> bool:
        """Whether its values are ids of companies or people."""
        return self.column.name in _IDS

    def describe(self, how: ValueFormat) -> str:
        """Return what a value must be, to complete "… is no"."""
        if self.words:
            return f"word of {', '.join(self.words)}"
        if self.is_id:
            return "id (SCHEME:VALUE)"
        if pa.types.is_date(self.column.type):
            return f"date like {' or '.join(how.dates)}, or one that stands for none"
        if pa.types.is_boolean(self.column.type):
            return "true or false"
        low, high = RANGES.get(self.column.name, (None, None))
        return "number" if low is None else f"number from {low:g} to {high:g}"


RANGES: Mapping[str, tuple[float, float]] = {
    "share_min": (0, 1),
    "share_max": (0, 1),
    "share": (0, 1),
    "key_confidence": (0, 0.999999),
    "birth_year": (1800, 2100),
    "birth_month": (1, 12),
    "n_employees_min": (0, 2**31 - 1),
    "n_employees_max": (0, 2**31 - 1),
}
"""Bounds of staged numbers by column; a probability that nothing can shake is a mistake."""

_IDS = frozenset({"id", "subject", "holder", "company", "source", "target"})

_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def fillable_columns(table: str) -> list[str]:
    """Return the columns of a staged table that a mapping can fill."""
    return [column.name for column in STAGED[table].columns if column.name != "dataset"]


def get_target(table: str, column: str) -> Target:
    """Return a column of a staged table.

    Raises:
        KeyError: If there is no such table or column.
    """
    return Target(table=table, column={one.name: one for one in STAGED[table].columns}[column])


def convert(values: pa.Array, target: Target, how: ValueFormat) -> pa.Array:
    """Return texts as values of a staged column, null where a text cannot be one.

    Args:
        values: string[n].
        target: The staged column.
        how: How dates and numbers are written.

    Returns:
        An array of the column's type; words stay texts, for the batch to encode.
    """
    if target.words:
        return _keep(values, pc.is_in(values, value_set=pa.array(target.words)))
    if target.is_id:
        return normalize_ids(values)
    if target.column.type in (pa.string(), WORD):
        return values
    return _CONVERTERS[target.column.type](values, target.column, how)


def _keep(values: pa.Array, mask: pa.Array) -> pa.Array:
    return pc.if_else(mask, values, pa.scalar(None, values.type))


def _dates(values: pa.Array, _: Column, how: ValueFormat) -> pa.Array:
    encoded = values.dictionary_encode()
    texts = encoded.dictionary
    found = pa.nulls(len(texts), pa.date32())
    for form in how.dates:
        found = pc.coalesce(found, _dates_like(texts, form))
    return without_placeholders(found).take(encoded.indices)


def _dates_like(texts: pa.Array, form: str) -> pa.Array:
    dates = pc.strptime(texts, format=form, unit="s", error_is_null=True).cast(pa.date32())
    # Arrow rolls 31 February over to 2 March, so the first days of a month are looked at twice.
    doubtful = pc.fill_null(pc.less_equal(pc.day(dates), 3), False)
    wrong = [
        flag and not _is_date(text, form) for flag, text in zip(doubtful.to_pylist(), texts.to_pylist(), strict=True)
    ]
    return _keep(dates, pc.invert(pa.array(wrong, pa.bool_())))


def _is_date(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _number_texts(values: pa.Array, how: ValueFormat) -> pa.Array:
    """Return numbers as Arrow reads them, null where a text is none: groups of digits must be whole."""
    whole = (
        r"\d+" if how.thousands is None else rf"(\d+|\d{{1,3}}([{how.thousands}]\d{{2,3}})*[{how.thousands}]\d{{3}})"
    )
    texts = pc.utf8_trim_whitespace(pc.replace_substring(values, "%", "")) if how.percent else values
    texts = _keep(texts, pc.match_substring_regex(texts, rf"^[+-]?({whole}([{how.decimal}]\d*)?|[{how.decimal}]\d+)$"))
    if how.thousands is not None:
        texts = pc.replace_substring(texts, how.thousands, "")
    return pc.replace_substring(texts, how.decimal, ".")


def _floats(values: pa.Array, column: Column, how: ValueFormat) -> pa.Array:
    texts = _number_texts(values, how)
    if how.percent:
        # 5.49 / 100 is 0.054900000000000004, but 5.49e-2 is 0.0549.
        texts = pc.binary_join_element_wise(texts, "e-2", "")
    return _within(texts.cast(pa.float64()), column).cast(column.type)


def _integers(values: pa.Array, column: Column, how: ValueFormat) -> pa.Array:
    numbers = _within(_number_texts(values, how).cast(pa.float64()), column)
    return _keep(numbers, pc.equal(numbers, pc.floor(numbers))).cast(column.type)


def _within(numbers: pa.Array, column: Column) -> pa.Array:
    low, high = RANGES[column.name]
    return _keep(numbers, pc.and_(pc.greater_equal(numbers, low), pc.less_equal(numbers, high)))


def _money(values: pa.Array, column: Column, how: ValueFormat) -> pa.Array:
    texts = _number_texts(values, how)
    texts = _keep(texts, pc.match_substring_regex(texts, r"^[+-]?0*\d{0,17}(\.|$)"))
    exact = pc.replace_substring_regex(texts, r"(\.\d{6})\d+$", r"\1").cast(pa.decimal128(38, 6))
    return pc.round(exact, 2, "half_up").cast(column.type)


def _booleans(values: pa.Array, *_: object) -> pa.Array:
    places = pc.index_in(pc.utf8_lower(values), value_set=pa.array(list(_BOOLEANS)))
    return pa.array(list(_BOOLEANS.values())).take(places)


_CONVERTERS: Mapping[pa.DataType, Callable[[pa.Array, Column, ValueFormat], pa.Array]] = {
    pa.date32(): _dates,
    pa.float64(): _floats,
    pa.float32(): _floats,
    pa.int32(): _integers,
    pa.int16(): _integers,
    pa.int8(): _integers,
    MONEY: _money,
    pa.bool_(): _booleans,
}
