"""The key that British registers let a reader declare for people: full name with month and year of birth."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.names.fold import fold_characters
from graphleads.values.text_column import hash_texts

CONFIDENCE = 0.9
"""That two records with one key are one person. Judged, and below what was measured on Splink's historical figures
(precision .991 for name and month of birth), for those are fewer than the directors of a country."""

_N_DIGITS = 24


def person_keys(
    given_names: pa.Array, family_name: pa.Array, birth_year: pa.Array, birth_month: pa.Array
) -> dict[str, pa.Array]:
    """Return the columns `key` and `key_confidence` of the staged persons, null where a part of the key is missing.

    Args:
        given_names: string[n], all of them.
        family_name: string[n].
        birth_year: int[n].
        birth_month: int[n], 1 to 12.
    """
    name = fold_characters(pc.binary_join_element_wise(given_names, family_name, " "))
    year, month = (values.cast(pa.string()) for values in (birth_year, birth_month))
    key = hash_texts(pc.binary_join_element_wise(name, year, month, "|"), _N_DIGITS)
    return {"key": key, "key_confidence": pc.if_else(pc.is_valid(key), CONFIDENCE, None)}
