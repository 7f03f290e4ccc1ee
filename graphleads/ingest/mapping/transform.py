"""The steps of a mapping: each takes a column of texts and returns a column of texts, null where there is no value."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.codes.country import country_codes
from graphleads.formats.cell import cell_text
from graphleads.formats.json_lines import flatten_object
from graphleads.ingest.mapping.id_column import normalize_ids
from graphleads.names.normalize import fold_names
from graphleads.values.britain import text_keys
from graphleads.values.china_amount import amounts, currencies
from graphleads.values.email_domain import email_domains, own_domains
from graphleads.values.phone import phone_keys
from graphleads.values.text_column import clean_texts
from graphleads.values.web_site import site_keys


def tidy(values: pa.Array) -> pa.Array:
    """Return texts without white space at the ends, null where nothing is left."""
    trimmed = pc.utf8_trim_whitespace(values)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def apply_step(values: pa.Array, name: str, argument: Any) -> pa.Array:
    """Return the column after one step.

    Args:
        values: string[n].
        name: A key of `STEPS`.
        argument: What the mapping gives the step, None if it takes nothing.

    Returns:
        string[n], trimmed, null where empty.
    """
    return tidy(STEPS[name](values, argument))


def split_parts(values: pa.Array, separator: str) -> tuple[pa.Array, NDArray[np.int64], NDArray[np.int64]]:
    """Return the parts of every text, and where they come from.

    Returns:
        string[m], the parts, trimmed and without empty ones; int64[m], the place of the text that a part is of;
        int64[m], the part's number in it from 1.
    """
    lists = pc.split_pattern(values, separator)
    parts = tidy(pc.list_flatten(lists))
    kept = pc.is_valid(parts)
    parents = pc.list_parent_indices(lists).filter(kept).to_numpy(zero_copy_only=False).astype(np.int64)
    positions = np.arange(len(parents)) - np.searchsorted(parents, parents) + 1
    return parts.filter(kept), parents, positions


def split_objects(
    values: pa.Array, prefix: str, names: Sequence[str]
) -> tuple[dict[str, pa.Array], NDArray[np.int64], NDArray[np.int64], pa.Array]:
    """Return fields of the objects in every list, and where they come from.

    Args:
        values: string[n], lists of objects as JSON.
        prefix: What the objects' fields are called by: `directors` makes `directors.name`.
        names: The fields to return.

    Returns:
        string[m] by field; int64[m], the place of the text that an object is of; int64[m], the object's number in it
        from 1; bool[n], the texts that are no such list.
    """
    found: list[tuple[int, int, list[str | None]]] = []
    unread = np.zeros(len(values), np.bool_)
    for place, text in enumerate(values.to_pylist()):
        try:
            for position, element in enumerate(orjson.loads(text) if text else (), start=1):
                fields = flatten_object(element, f"{prefix}.")
                found.append((place, position, [cell_text(fields.get(name)) for name in names]))
        except (ValueError, AttributeError, TypeError):
            unread[place] = True
    cells = zip(*(row for _, _, row in found), strict=True) if found else ((),) * len(names)
    columns = {name: clean_texts(pa.array(column, pa.string())) for name, column in zip(names, cells, strict=False)}
    parents, positions = (np.array([row[at] for row in found], np.int64) for at in (0, 1))
    return columns, parents, positions, pa.array(unread)


def _pad(values: pa.Array, width: int) -> pa.Array:
    return pc.utf8_lpad(values, width, "0")


def _prefix(values: pa.Array, text: str) -> pa.Array:
    return pc.binary_join_element_wise(text, values, "")


def _suffix(values: pa.Array, text: str) -> pa.Array:
    return pc.binary_join_element_wise(values, text, "")


def _replace(values: pa.Array, change: Mapping[str, str]) -> pa.Array:
    return pc.replace_substring_regex(values, change["pattern"], change["with"])


def _extract(values: pa.Array, pattern: str) -> pa.Array:
    """Return the first group of the first match of a pattern, null where there is no match."""
    found = pc.match_substring_regex(values, pattern)
    whole = pc.replace_substring_regex(values, f"(?s)^.*?(?:{pattern}).*$", r"\1", max_replacements=1)
    return pc.if_else(found, whole, pa.scalar(None, pa.string()))


def _match(values: pa.Array, cases: Mapping[str, str]) -> pa.Array:
    found = pa.nulls(len(values), pa.string())
    for pattern, value in reversed(list(cases.items())):
        found = pc.if_else(pc.match_substring_regex(values, pattern), pa.scalar(value), found)
    return found


def _map(values: pa.Array, cases: Mapping[str, str]) -> pa.Array:
    places = pc.index_in(values, value_set=pa.array(list(cases), pa.string()))
    return pa.array(list(cases.values()), pa.string()).take(places)


def _default(values: pa.Array, text: str) -> pa.Array:
    return pc.fill_null(values, text)


def _split(values: pa.Array, how: Mapping[str, Any]) -> pa.Array:
    lists = pc.split_pattern(values, how["separator"])
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    part = how["part"] - 1 if how["part"] > 0 else sizes + how["part"]
    outside = (part < 0) | (part >= sizes)
    return pc.list_flatten(lists).take(pa.array(starts + part, mask=outside))


def _hash(values: pa.Array, n_digits: int) -> pa.Array:
    encoded = values.dictionary_encode()
    digests = [hashlib.sha256(text.encode()).hexdigest()[:n_digits] for text in encoded.dictionary.to_pylist()]
    return pa.array(digests, pa.string()).take(encoded.indices)


def _upper(values: pa.Array, _: None) -> pa.Array:
    return pc.utf8_upper(values)


def _lower(values: pa.Array, _: None) -> pa.Array:
    return pc.utf8_lower(values)


def _name_key(values: pa.Array, _: None) -> pa.Array:
    return fold_names(values)


def _country(values: pa.Array, _: None) -> pa.Array:
    """Return ISO 3166 codes; a subdivision's (`US-DE`) stays."""
    upper, countries = pc.utf8_upper(values), country_codes(values)
    divided = pc.and_(pc.match_substring_regex(upper, "^[A-Z]{2}-[A-Z0-9]{1,3}$"), pc.is_valid(countries))
    return pc.if_else(divided, upper, countries)


def _email_domain(values: pa.Array, _: None) -> pa.Array:
    """Return the registered domains of e-mail addresses or bare domains, null for free mail."""
    return own_domains(
        email_domains(pc.binary_join_element_wise("@", pc.replace_substring_regex(values, "^.*@", ""), ""))
    )


def _website(values: pa.Array, _: None) -> pa.Array:
    return site_keys(values)


def _address(values: pa.Array, _: None) -> pa.Array:
    return text_keys(values)


def dialled(values: pa.Array, countries: pa.Array) -> pa.Array:
    """Return the keys of phone numbers: string[n], null where a text is no whole number.

    Args:
        values: string[n], the numbers.
        countries: string[n], where they are dialled; where that is not known, a number has its digits for a key.
    """
    digits = pc.replace_substring_regex(values, r"\D", "")
    digits = pc.if_else(pc.match_substring_regex(digits, r"^\d{7,15}$"), digits, pa.scalar(None, pa.string()))
    return pc.coalesce(phone_keys(values, countries), pc.if_else(pc.is_null(countries), digits, None))


def _phone(values: pa.Array, country: str | None) -> pa.Array:
    return dialled(values, pa.repeat(pa.scalar(country, pa.string()), len(values)))


def _whole(values: pa.Array, _: None) -> pa.Array:
    """Return whole numbers without the fraction of nothing that pandas and spreadsheets write: `123.0` is `123`."""
    return pc.replace_substring_regex(values, r"^([+-]?\d+)[.,]0+$", r"\1")


def _amount(values: pa.Array, unit: str | None) -> pa.Array:
    """Return amounts as numbers: string[n], null where the unit is not understood."""
    stated = amounts(values)
    if unit is not None:
        stated = pc.coalesce(stated, amounts(pc.binary_join_element_wise(values, unit, "")))
    return stated.cast(pa.string())


def _currency(values: pa.Array, _: None) -> pa.Array:
    """Return the currencies of amounts, ISO 4217; renminbi where a Chinese amount names none."""
    found = currencies(values)
    unsaid = pc.and_(pc.equal(found, "CNY"), pc.invert(pc.match_substring_regex(values, r"(?i)\p{Han}|CN[YH]|RMB|¥")))
    return pc.if_else(unsaid, pa.scalar(None, pa.string()), found)


def _clean(values: pa.Array, _: None) -> pa.Array:
    return clean_texts(values)


def _scheme(values: pa.Array, scheme: str) -> pa.Array:
    return normalize_ids(_prefix(values, f"{scheme}:"))


def _default_scheme(values: pa.Array, scheme: str) -> pa.Array:
    return normalize_ids(values, scheme)


STEPS: Mapping[str, Callable[[pa.Array, Any], pa.Array]] = {
    "upper": _upper,
    "lower": _lower,
    "name_key": _name_key,
    "country": _country,
    "email_domain": _email_domain,
    "website": _website,
    "pad": _pad,
    "prefix": _prefix,
    "suffix": _suffix,
    "replace": _replace,
    "extract": _extract,
    "address": _address,
    "phone": _phone,
    "clean": _clean,
    "whole": _whole,
    "amount": _amount,
    "currency": _currency,
    "match": _match,
    "map": _map,
    "default": _default,
    "split": _split,
    "hash": _hash,
    "scheme": _scheme,
    "default_scheme": _default_scheme,
}
"""The steps by name; `lookup` and `keyed_hash` are not among them, because they need more than the values."""
