"""Identifiers of entities: under which scheme they go, and what their values are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.registration_authority import authority_schemes
from graphleads.codes.scheme import are_placeholders
from graphleads.ingest.mapping.id_column import normalize_identifiers_by_scheme
from graphleads.values.britain import COMPANY
from graphleads.values.british_number import stated_numbers

_SCHEME = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_NO_WORD = re.compile(r"[^A-Z0-9]+")
_NAMES = {"global legal entity identifier index": "XI-LEI", "companies house": "GB-COH"}
_MAX_SCHEME = 60
_NO_TEXT = pa.scalar(None, pa.string())


def identifier_columns(
    schemes: pa.Array, names: pa.Array, values: pa.Array, places: pa.Array, forms: pa.Array
) -> dict[str, pa.Array]:
    """Return identifiers as columns of the staged ones.

    Args:
        schemes: string[n], codes of org-id, null where the publisher has only a name.
        names: string[n], the schemes' names.
        values: string[n].
        places: string[n], the jurisdictions of the entities, ISO 3166.
        forms: string[n], their legal forms.

    Returns:
        `scheme` and `value`, string[n], null where there is no such identifier; `valid`, bool[n].
    """
    codes = pc.coalesce(_encoded(schemes, _code), _encoded(names, _code_of_name))
    given = pc.if_else(pc.is_valid(codes), values, _NO_TEXT)
    normal, valid = normalize_identifiers_by_scheme(codes, given)
    british = pc.fill_null(pc.equal(codes, COMPANY), False)
    normal = pc.if_else(british, stated_numbers(given, places, forms), normal)
    placeholder = pc.and_not(pc.fill_null(are_placeholders(normal), False), pc.fill_null(valid, False))
    return {"scheme": codes, "value": pc.if_else(placeholder, _NO_TEXT, normal), "valid": valid}


def _encoded(texts: pa.Array, code: Callable[[str], str | None]) -> pa.Array:
    encoded = texts.dictionary_encode()
    return pa.array([code(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _code(text: str) -> str | None:
    code = text.strip().upper().replace("_", "-")
    return authority_schemes().get(code, code) if _SCHEME.fullmatch(code) else _code_of_name(text)


def _code_of_name(text: str) -> str:
    code = text.upper()
    if re.fullmatch("RA[0-9]{6}", code):
        return authority_schemes().get(code, code)
    words = _NO_WORD.sub("-", code).strip("-")[:_MAX_SCHEME].strip("-")
    digits = hashlib.sha256(text.encode()).hexdigest()[:8].upper()
    return _NAMES.get(text.casefold()) or f"X-{words or digits}"
