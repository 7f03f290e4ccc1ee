"""Who is an organisation and who a person, where nothing but a name tells."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.names.fold import fold_characters
from graphleads.names.legal_form import split_legal_forms
from graphleads.values.china_party import are_organisations


def are_organisation_names(names: pa.Array) -> pa.Array:
    """Return which names are organisations': bool[n], by a legal form of any country or words that people have not.

    Args:
        names: string[n]; null is nobody's.
    """
    return pc.or_(are_organisations(names, pa.nulls(len(names), pa.string())), have_legal_form(names))


def have_legal_form(names: pa.Array) -> pa.Array:
    """Return which names, string[n], have a legal form: bool[n]."""
    parts = split_legal_forms(fold_characters(names))
    return pc.or_(pc.is_valid(parts.head), pc.is_valid(parts.tail))
