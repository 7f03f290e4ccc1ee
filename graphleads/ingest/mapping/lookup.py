"""Values that a mapping looks up in another file of the delivery, held in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.errors import FormatMismatch
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.mapping.mapping import Lookup
from graphleads.names.keyed import KeyedRows, build_keyed_rows, hash_texts

BYTES_MAX = 1 << 29
"""Bytes of keys and values that one lookup may hold: some ten million short codes with their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupTable:
    """Keys and their values.

    Attributes:
        keys: string[n], distinct.
        values: string[n].
        by_hash: The keys' places by their hash: one index for all blocks that look something up.
        n_ambiguous: How many keys the file gives several values; the first in the file counts.
    """

    keys: pa.Array
    values: pa.Array
    by_hash: KeyedRows
    n_ambiguous: int

    def find(self, keys: pa.Array) -> pa.Array:
        """Return the values (string[n]) of keys (string[n]), null where there is none."""
        return self.values.take(self._places(keys))

    def _places(self, keys: pa.Array) -> pa.Array:
        if not len(self.keys):
            return pa.nulls(len(keys), pa.int32())
        wanted = hash_texts(keys.fill_null(""))
        at = np.minimum(np.searchsorted(self.by_hash.hashes, wanted), len(self.keys) - 1)
        found = pa.array(self.by_hash.rows[at])
        is_it = pc.fill_null(pc.equal(self.keys.take(found), keys), False)
        places = pc.if_else(is_it, found, pa.scalar(None, pa.int32()))
        # Keys that share a hash with another are looked for among all.
        other = pc.and_(pc.invert(is_it), pa.array(self.by_hash.hashes[at] == wanted))
        if pc.any(other).as_py():
            return pc.if_else(other, pc.index_in(keys, value_set=self.keys), places)
        return places


def load_lookup(lookup: Lookup, blocks: Iterable[RowBlock]) -> LookupTable:
    """Return what the files of a lookup say.

    Args:
        lookup: Which columns are key and value.
        blocks: The files' rows.

    Raises:
        FormatMismatch: If the keys and values take more than 512 MiB.
    """
    chunks, size = [], 0
    for block in blocks:
        pairs = pa.table({"key": block.columns[lookup.key], "value": block.columns[lookup.value]})
        chunks.append(pairs.filter(pc.is_valid(pairs["key"])))
        size += chunks[-1].nbytes
        if size > BYTES_MAX:
            raise FormatMismatch(
                f"{block.file} is too large to look {lookup.value!r} up in it (more than 512 MiB): "
                "join the files before they are ingested."
            )
    return _table(pa.concat_tables(chunks)) if chunks else _table(_NOTHING)


_NOTHING = pa.table({"key": pa.array([], pa.string()), "value": pa.array([], pa.string())})


def _table(pairs: pa.Table) -> LookupTable:
    n_values = pairs.group_by("key").aggregate([("value", "count_distinct")])["value_count_distinct"]
    keys = pairs["key"].combine_chunks().unique()
    first = pc.index_in(keys, value_set=pairs["key"].combine_chunks())
    return LookupTable(
        keys=keys,
        values=pairs["value"].combine_chunks().take(first),
        by_hash=build_keyed_rows(hash_texts(keys)),
        n_ambiguous=pc.sum(pc.greater(n_values, 1)).as_py() or 0,
    )
