"""Text columns joined and hashed."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pyarrow.compute as pc


def join_present(separator: str, *columns: pa.Array) -> pa.Array:
    """Return what is there of each row, joined: string[n], null where nothing is.

    Args:
        separator: What stands between two texts.
        columns: string[n] each.
    """
    empty = pc.is_null(pc.coalesce(*columns))
    # Arrow leaves rows in which nothing is there out of its result altogether (seen in pyarrow 26).
    first = pc.if_else(empty, "", columns[0])
    joined = pc.binary_join_element_wise(first, *columns[1:], separator, null_handling="skip")
    return pc.if_else(empty, pa.scalar(None, pa.string()), joined)


def hash_texts(values: pa.Array, n_digits: int) -> pa.Array:
    """Return the first hexadecimal digits of each text's SHA-256: string[n], null where the text is.

    Args:
        values: string[n]; each distinct text is hashed once.
        n_digits: 1 to 64.
    """
    encoded = values.dictionary_encode()
    digests = [hashlib.sha256(text.encode()).hexdigest()[:n_digits] for text in encoded.dictionary.to_pylist()]
    return pa.array(digests, pa.string()).take(encoded.indices)
