"""Keys under which company names are compared: the same for all spellings that mean one name.

The *name key* keeps the legal form, written one way; the *core key* is without it. A name of nothing but legal forms
keeps its first words, so neither key is empty unless the name has neither letter nor digit.
"""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.names.fold import fold_characters
from graphleads.names.legal_form import SplitNames, split_legal_forms
from graphleads.names.text import text_column, with_nulls_of


def fold_names(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the name keys of a column: folded, with canonical legal forms.

    Args:
        names: string[n].

    Returns:
        string[n], null where the name is null.
    """
    names = text_column(names)
    return with_nulls_of(names, name_keys_of(split_names(names)))


def core_names(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the core keys of a column: folded, without legal forms.

    Args:
        names: string[n].

    Returns:
        string[n], null where the name is null.
    """
    names = text_column(names)
    return with_nulls_of(names, split_names(names).body)


def split_names(names: pa.Array | pa.ChunkedArray) -> SplitNames:
    """Return the core keys and legal forms of a column, empty where the name is null."""
    return split_legal_forms(fold_characters(text_column(names).fill_null("")))


def name_keys_of(parts: SplitNames) -> pa.Array:
    """Return the name keys of names taken apart."""
    return pc.binary_join_element_wise(parts.head, parts.body, parts.tail, " ", null_handling="skip")


def name_key(name: str) -> str:
    """Return the name key of one name."""
    key: str = fold_names(pa.array([name], pa.string()))[0].as_py()
    return key


@lru_cache(maxsize=1024)
def core_key(name: str) -> str:
    """Return the core key of one name."""
    key: str = core_names(pa.array([name], pa.string()))[0].as_py()
    return key
