"""A field's values: what an expression of a mapping makes of some rows of a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.row_block import RowBlock
from graphleads.ingest.mapping.convert import convert
from graphleads.ingest.mapping.distinct import StagedRows
from graphleads.ingest.mapping.hash_key import keyed_hashes
from graphleads.ingest.mapping.lookup import LookupTable
from graphleads.ingest.mapping.mapping import Condition, Explosion, Expression, Lookup, Part, Step
from graphleads.ingest.mapping.transform import apply_step, dialled, split_objects, split_parts, tidy
from graphleads.values.party import are_organisation_names
from graphleads.values.phone import phone_keys
from graphleads.values.text_column import join_present


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What steps refer to beside the values.

    Attributes:
        lookups: The other files' values.
        hash_key: The home's secret key, empty for a mapping that hashes nothing with it.
        staged: What was staged of each table, by the identity of its mapping, where only distinct rows are.
    """

    lookups: Mapping[Lookup, LookupTable]
    hash_key: bytes = field(default=b"", repr=False)
    staged: dict[int, StagedRows] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Values that were there and could not be used.

    Attributes:
        code: The issue's code.
        reason: What was wrong, in words that another sentence can end with.
        mask: bool[n], the rows.
    """

    code: str
    reason: str
    mask: pa.Array


_NO_TEXT = pa.scalar(None, pa.string())

_LOSSES = {
    "map": ("value_unmapped", "the mapping has no value for this"),
    "lookup": ("value_not_found", "the file that it is looked up in has no such key"),
    "country": ("country_unknown", "this is no country"),
    "email_domain": ("domain_unusable", "this is no e-mail domain, or one of free mail, which ties nobody"),
    "website": ("site_unusable", "this is no web address, or the front page of a host that many share"),
    "phone": ("phone_unusable", "this is no whole phone number of its country"),
    "amount": ("amount_unusable", "this is no amount of money whose unit is understood"),
    "scheme": ("id_unusable", "this is no value of the id's scheme"),
    "default_scheme": ("id_unusable", "this is no id (SCHEME:VALUE)"),
}
"""Steps that cannot use every value: the issue's code and what was wrong."""


_VEILING = frozenset({"hash", "keyed_hash", "email_domain", "phone"})
"""Steps that are there to keep a value out of what is stored, so out of the samples of issues too."""


def evaluate(expression: Expression, block: RowBlock, reference: Reference) -> tuple[pa.Array, list[Loss]]:
    """Return a field of the rows of a block.

    Args:
        expression: Where the values come from.
        block: The rows.
        reference: What steps refer to.

    Returns:
        The staged column's values, null where there is none, and what could not be used.
    """
    target = expression.target
    if not expression.parts:
        return convert(_constant(expression, block), target, expression.how), []
    losses: list[Loss] = []
    run = _Run(block, reference, losses)
    parts = [run.steps(block.columns[part.column], part.steps) for part in expression.parts]
    needed = [values for part, values in zip(expression.parts, parts, strict=True) if not part.optional]
    joined = _join(parts, expression.join, target.column.name)
    if target.column.name == "key" and needed and expression.join is not None:
        joined = pc.if_else(reduce(pc.and_, map(pc.is_valid, needed)), joined, _NO_TEXT)
    texts = run.steps(joined, expression.steps)
    values = convert(texts, target, expression.how)
    _note(losses, texts, values, ("value_unusable", f"this is no {target.describe(expression.how)}"))
    return values, losses


def source_texts(expression: Expression, block: RowBlock) -> pa.Array:
    """Return string[n], what the file says where an expression takes its values; null if that may not be shown."""
    if any(step.name in _VEILING for step in expression.all_steps):
        return pa.nulls(block.n_rows, pa.string())
    if not expression.parts:
        return _constant(expression, block)
    return _join([block.columns[part.column] for part in expression.parts], " ", "")


def _constant(expression: Expression, block: RowBlock) -> pa.Array:
    return tidy(pa.repeat(pa.scalar(expression.value, pa.string()), block.n_rows))


def passing(condition: Condition, block: RowBlock) -> pa.Array:
    """Return bool[n], which rows of a block pass a condition; an empty value equals and matches nothing."""
    values = block.columns[condition.column]
    return pc.fill_null(_TESTS[condition.test](values, condition.operand), False)


def explode(block: RowBlock, explosion: Explosion, columns: Collection[str]) -> tuple[RowBlock, pa.Array]:
    """Return one row for each part of a column or each object of a list; rows without any are left out.

    Args:
        block: The rows.
        explosion: Which column, and how its parts are told.
        columns: The columns that are looked at.

    Returns:
        The rows; and which of the block's could not be read, bool[n].
    """
    texts = block.columns[explosion.column]
    if explosion.separator is None:
        made = sorted(column for column in columns if explosion.makes(column) and column != explosion.position)
        fields, parents, positions, unread = split_objects(texts, explosion.column, made)
    else:
        parts, parents, positions = split_parts(texts, explosion.separator)
        fields, unread = {explosion.column: parts}, pa.repeat(False, block.n_rows)
    taken = {name: values.take(pa.array(parents)) for name, values in block.columns.items()} | fields
    if explosion.position:
        taken[explosion.position] = pa.array(positions).cast(pa.string())
    return RowBlock(file=block.file, columns=taken, rows=block.rows[parents]), unread


class _Run:
    """Runs steps on columns of one block, and notes what they lose."""

    def __init__(self, block: RowBlock, reference: Reference, losses: list[Loss]) -> None:
        self._block = block
        self._reference = reference
        self._losses = losses

    def steps(self, values: pa.Array, steps: Sequence[Step]) -> pa.Array:
        """Return a column after all steps."""
        for number, step in enumerate(steps):
            before, values = values, self._apply(values, step)
            has_default = number + 1 < len(steps) and steps[number + 1].name == "default"
            if step.name in _LOSSES and not has_default:
                _note(self._losses, before, values, _LOSSES[step.name])
        return values

    def _apply(self, values: pa.Array, step: Step) -> pa.Array:
        if step.name == "lookup":
            return self._reference.lookups[step.argument].find(values)
        if step.name == "keyed_hash":
            return keyed_hashes(values, self._reference.hash_key, step.argument)
        if step.name == "phone" and step.beside:
            return self._phones(values, step.beside)
        return apply_step(values, step.name, step.argument)

    def _phones(self, values: pa.Array, countries: Sequence[Part]) -> pa.Array:
        """Return phone numbers' keys; the countries are looked for where a number does not say its own."""
        keys = phone_keys(values)
        open_ = pc.and_(pc.is_null(keys), pc.is_valid(values))
        if not pc.any(open_).as_py():
            return keys
        block = self._block.filter(open_)
        run = _Run(block, self._reference, [])
        found = pc.coalesce(*(run.steps(block.columns[part.column], part.steps) for part in countries))
        return pc.replace_with_mask(keys, open_, dialled(values.filter(open_), found))


def _note(losses: list[Loss], before: pa.Array, after: pa.Array, what: tuple[str, str]) -> None:
    mask = pc.and_(pc.is_valid(before), pc.is_null(after))
    if pc.any(mask).as_py():
        losses.append(Loss(code=what[0], reason=what[1], mask=mask))


def _join(parts: Sequence[pa.Array], separator: str | None, field: str) -> pa.Array:
    """Return the parts as one text, in which those of a key or a record keep their places, or the first of them."""
    if len(parts) == 1 or separator is None:
        return pc.coalesce(*parts)
    if field not in ("key", "record"):
        return tidy(join_present(separator, *parts))
    joined = tidy(pc.binary_join_element_wise(*parts, separator, null_handling="replace"))
    return pc.if_else(reduce(pc.or_, map(pc.is_valid, parts)), joined, _NO_TEXT)


def _equals(values: pa.Array, text: str) -> pa.Array:
    return pc.fill_null(pc.equal(values, text), False)


def _in(values: pa.Array, texts: Sequence[str]) -> pa.Array:
    return pc.is_in(values, value_set=pa.array(texts, pa.string()))


def _matches(values: pa.Array, pattern: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(values, pattern), False)


_TESTS: Mapping[str, Callable[[pa.Array, Any], pa.Array]] = {
    "equals": _equals,
    "not": lambda values, text: pc.invert(_equals(values, text)),
    "in": _in,
    "not_in": lambda values, texts: pc.invert(_in(values, texts)),
    "matches": _matches,
    "not_matches": lambda values, pattern: pc.invert(_matches(values, pattern)),
    "empty": lambda values, empty: pc.is_null(values) if empty else pc.is_valid(values),
    "organisation": lambda values, organisation: pc.if_else(
        pc.is_valid(values), pc.equal(are_organisation_names(values), organisation), False
    ),
}
