"""Identifiers of entities: under which scheme they go, and which one names the entity."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.registration_authority import authority_schemes
from graphleads.codes.scheme import get_scheme
from graphleads.ingest.mapping.id_column import normalize_identifiers_by_scheme
from graphleads.ingest.registers.bods.statement import first_places

_SCHEME = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_NO_WORD = re.compile(r"[^A-Z0-9]+")
_NAMES = {"global legal entity identifier index": "XI-LEI", "companies house": "GB-COH"}
_UNUSABLE = 99
_UNKNOWN = 9
_MAX_SCHEME = 60


def identifier_columns(schemes: pa.Array, names: pa.Array, values: pa.Array) -> dict[str, pa.Array]:
    """Return identifiers as columns of the staged ones, with `rank`: uint8[n], lower names an entity better.

    Args:
        schemes: string[n], codes of org-id, null where the publisher has only a name.
        names: string[n], the schemes' names.
        values: string[n].

    Returns:
        `scheme` and `value`, string[n], null where there is no such identifier; `valid`, bool[n]; `rank`, 99 where
        the identifier names no single entity.
    """
    codes = pc.coalesce(_encoded(schemes, _code), _encoded(names, _code_of_name))
    given = pc.if_else(pc.is_valid(codes), values, pa.scalar(None, pa.string()))
    normal, valid = normalize_identifiers_by_scheme(codes, given)
    naming = pc.and_(pc.is_valid(normal), pc.fill_null(valid, True))
    rank = pc.if_else(naming, _ranks(codes), pa.scalar(_UNUSABLE, pa.uint8()))
    return {"scheme": codes, "value": normal, "valid": valid, "rank": rank}


def best_identifiers(parents: pa.Array, columns: dict[str, pa.Array], n_rows: int) -> tuple[pa.Array, pa.Array]:
    """Return the best identifier of each row as an id, string[n_rows] with nulls, and its rank, uint8[n_rows].

    Args:
        parents: int[n], which row each identifier is of, ascending.
        columns: As `identifier_columns` returns them.
        n_rows: The number of rows.
    """
    found = first_places(parents, columns["rank"].to_numpy(zero_copy_only=False), n_rows)
    ids = pc.binary_join_element_wise(columns["scheme"], columns["value"], ":")
    rank = pc.fill_null(columns["rank"].take(found), _UNUSABLE)
    return pc.if_else(pc.less(rank, _UNUSABLE), ids.take(found), pa.scalar(None, pa.string())), rank


def _ranks(codes: pa.Array) -> pa.Array:
    encoded = codes.dictionary_encode()
    return pa.array([_rank(code) for code in encoded.dictionary.to_pylist()], pa.uint8()).take(encoded.indices)


def _rank(code: str) -> int:
    scheme = get_scheme(code)
    if scheme.rank == _UNKNOWN:
        return _UNUSABLE if code.startswith("X-") else _UNKNOWN
    return scheme.rank if scheme.one_to_one else _UNUSABLE


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
