"""Numbers of registers that somebody else states of a company: they join it where its name agrees.

Who files a statement types the number of a holder, often of another register or without its prefix. So a record keeps
its own id, and its number joins it to those who bear the number in their own right if one of their names agrees; where
nobody does, to the records of the name that most of them give. What does not agree is kept for review.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import are_placeholders, get_scheme
from graphleads.names.compare import cores_agree, in_other_scripts
from graphleads.names.normalize import core_names

_UNKNOWN = 9


class Stated(NamedTuple):
    """Which records a number joins to which id, and which it does not.

    Attributes:
        anchor: string[n], the id that a number joins to: the register's, or of whoever bears it in their own right.
        record: string[n], the id of the record that states it.
        key: string[n], `scheme:value`.
        agrees: bool[n], whether the names do.
    """

    anchor: pa.Array
    record: pa.Array
    key: pa.Array
    agrees: pa.Array


def are_stated(ids: pa.Array, schemes: pa.Array) -> pa.Array:
    """Return which identifiers somebody states of a company, not the register that gave them: bool[n].

    Args:
        ids: string[n], who bears them.
        schemes: string[n], the schemes of the identifiers.
    """
    return pc.and_not(of_records(schemes_of(ids)), of_records(schemes))


def schemes_of(ids: pa.Array) -> pa.Array:
    """Return the schemes of ids: string[n]."""
    return pc.list_element(pc.split_pattern(ids, ":", max_splits=1), 0)


def of_records(schemes: pa.Array) -> pa.Array:
    """Return which schemes are of records, whose other numbers somebody states: bool[n]."""
    return _each(schemes, lambda code: get_scheme(code).of_records)


def can_name(schemes: pa.Array) -> pa.Array:
    """Return whether a company has one number of each scheme as far as is known: bool[n]."""
    return _each(schemes, _can_name)


def join_stated(stated: pa.Table, borne: pa.Table, names: pa.Table) -> Stated:
    """Return what the stated numbers join.

    Args:
        stated: `id`, `key`, `valid`: records and the numbers that they state.
        borne: `id`, `key`: who bears a number in their own right.
        names: `id`, `name`: every name of both, in any order.
    """
    known = pc.invert(are_placeholders(pc.replace_substring_regex(stated["key"], "^[^:]*:", "")))
    stated = stated.filter(pc.or_(known, pc.fill_null(stated["valid"], False)))
    stated = stated.group_by(["key", "id"], use_threads=False).aggregate([("valid", "max")])
    stated = stated.rename_columns(["key", "id", "valid"]).sort_by([("key", "ascending"), ("id", "ascending")])
    borne = borne.filter(pc.is_in(borne["key"], value_set=_whole(pc.unique(stated["key"]))))
    names = names.append_column("core", core_names(names["name"]))
    called = _join(stated, names, "id")
    alone = pc.invert(pc.is_in(called["key"], value_set=_whole(pc.unique(borne["key"]))))
    borne_names, usual = _join(borne, names, "id"), _usual(called.filter(alone))
    reference = pa.concat_tables([rows.select(["key", "core"]) for rows in (borne_names, usual)])
    agreeing = _agreeing(called, reference)
    anchor = _anchors(stated["key"], borne)
    agrees = pc.is_in(_fact(stated, "id"), value_set=agreeing)
    nameless = pc.invert(pc.is_in(stated["id"], value_set=_whole(pc.unique(names["id"]))))
    agrees = pc.or_(agrees, pc.and_(nameless, pc.or_(pc.is_null(anchor), pc.fill_null(stated["valid"], False))))
    return Stated(*map(_whole, (pc.coalesce(anchor, stated["key"]), stated["id"], stated["key"], agrees)))


def _anchors(keys: pa.ChunkedArray, borne: pa.Table) -> pa.ChunkedArray:
    """Return whom each number is of: string[n], the id that is the number, else the first that bears it, or null."""
    own = borne.group_by("key", use_threads=False).aggregate([("id", "min")])
    first = own["id_min"].take(pc.index_in(keys, value_set=_whole(own["key"])))
    return pc.if_else(pc.is_in(keys, value_set=_whole(pc.unique(borne["id"]))), keys, first)


def _usual(called: pa.Table) -> pa.Table:
    """Return the names of each number that most of its records give, ties by name."""
    counts = called.group_by(["key", "core"], use_threads=False).aggregate([("id", "count_distinct")])
    order = [("key", "ascending"), ("id_count_distinct", "descending"), ("core", "ascending")]
    first = counts.sort_by(order).group_by("key", use_threads=False).aggregate([("core", "first")])
    usual = _fact(first.rename_columns(["key", "core"]), "core")
    return called.filter(pc.is_in(_fact(called, "core"), value_set=_whole(usual)))


def _agreeing(called: pa.Table, reference: pa.Table) -> pa.Array:
    """Return key and id, as `_fact` joins them, of the records of which a name agrees with one of the reference."""
    exact = pc.is_in(_fact(called, "core"), value_set=_whole(pc.unique(_fact(reference, "core"))))
    same = pc.unique(_fact(called.filter(exact), "id"))
    others = called.filter(pc.invert(pc.is_in(_fact(called, "id"), value_set=_whole(same))))
    pairs = _join(others, reference.rename_columns(["key", "other"]), "key")
    both = zip(pairs["core"].to_pylist(), pairs["other"].to_pylist(), strict=True)
    holds = pc.fill_null(pairs["valid"], False).to_pylist()
    # A check digit leaves no slip, and names in two scripts say nothing.
    alike = [
        cores_agree(*cores) or (checked and in_other_scripts(*cores))
        for cores, checked in zip(both, holds, strict=True)
    ]
    return pa.concat_arrays([_whole(same), _whole(pc.unique(_fact(pairs.filter(pa.array(alike, pa.bool_())), "id")))])


def _join(left: pa.Table, right: pa.Table, key: str) -> pa.Table:
    return left.join(right, key, join_type="inner", use_threads=False)


def _fact(rows: pa.Table, column: str) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(rows["key"], rows[column], "\x1f")


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _can_name(code: str) -> bool:
    scheme = get_scheme(code)
    return not code.startswith("X-") if scheme.rank == _UNKNOWN else scheme.one_to_one


def _each(schemes: pa.Array, test: Callable[[str], bool]) -> pa.Array:
    encoded = schemes.dictionary_encode()
    return pa.array([test(code) for code in encoded.dictionary.to_pylist()], pa.bool_()).take(encoded.indices)
