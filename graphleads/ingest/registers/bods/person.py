"""People: their names, nationality, year and month of birth, and nothing that identifies them further."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.ingest.registers.bods.interest import snake_case
from graphleads.ingest.registers.bods.statement import explode, first_places
from graphleads.ingest.row_stager import RowStager
from graphleads.values.person_key import person_keys
from graphleads.values.text_column import join_present

_KINDS = ("known", "anonymous", "unknown")
_LEGAL = ("legal", "individual")
_NAME_KINDS = {
    "legal": "legal",
    "individual": "legal",
    "former": "former",
    "birth": "former",
    "transliteration": "transliterated",
}
_BIRTH = r"^(?P<year>(?:18[5-9]|19[0-9]|20[0-9])[0-9])(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-9]{2}).*)?)?$"
_DROPPED = ("identifiers", "addresses")

_BAD_TYPE = Flaw(code="unknown_person_type", message="A type of person that is not known: kept as unknown.")
_BAD_BIRTH = Flaw(code="bad_birth", message="Can be no month of birth: left empty.", private=True)


def stage_people(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield persons and their further names.

    Args:
        rows: Statements of people, with `id` and `published` (date32) added.
    """
    names = explode(rows, "names", beside=("id", "published"))
    parts = [names[f"names.{part}"] for part in ("givenName", "patronymicName", "familyName")]
    full = pc.coalesce(names["names.fullName"], join_present(" ", *parts))
    legal = pc.fill_null(pc.is_in(names["names.type"], value_set=pa.array(_LEGAL)), False)
    parents = pc.list_parent_indices(rows["names"])
    main = first_places(parents, np.where(legal, 0, 1), rows.block.n_rows)
    yield _persons(rows, full.take(main), parts[0].take(main), parts[2].take(main))
    others = np.ones(names.block.n_rows, np.bool_)
    others[main.drop_null().to_numpy()] = False
    place = pc.index_in(names["names.type"], value_set=pa.array(list(_NAME_KINDS)))
    columns = {
        "id": names["id"],
        "name": full,
        "kind": pc.coalesce(pa.array(list(_NAME_KINDS.values())).take(place), "alternative"),
        "published_on": names["published"],
    }
    yield names.batch("names", columns, pc.and_(pa.array(others), pc.is_valid(full)))


def _persons(rows: RowStager, name: pa.Array, given: pa.Array, family: pa.Array) -> StagedBatch:
    kind = pc.replace_substring_regex(snake_case(rows["personType"]), "_person$", "")
    known = pc.is_in(kind, value_set=pa.array(_KINDS))
    rows.flag(_BAD_TYPE, "personType", pc.invert(known))
    year, month = _birth(rows)
    _drop(rows)
    places = rows.with_columns(
        {"nationalities": _first_nationality(rows), "placeOfResidence.country": _residence(rows)}
    )
    whole = pc.and_(pc.is_valid(given), pc.is_valid(family))
    return rows.batch(
        "persons",
        {
            "id": rows["id"],
            "name": name,
            "given_name": given,
            "family_name": family,
            "birth_year": year,
            "birth_month": month,
            "nationality": places.nationalities("nationalities"),
            "residence": places.countries("placeOfResidence.country"),
            "kind": pc.if_else(known, kind, "unknown"),
            "published_on": rows["published"],
            **person_keys(pc.if_else(whole, given, name), pc.if_else(whole, family, ""), year, month),
        },
    )


def _birth(rows: RowStager) -> tuple[pa.Array, pa.Array]:
    """Return year and month of birth: int64[n] with nulls."""
    given = rows["birthDate"]
    parts = pc.extract_regex(given, _BIRTH)
    year, month, day = (pc.struct_field(parts, part) for part in ("year", "month", "day"))
    rows.flag(_BAD_BIRTH, "birthDate", pc.and_(pc.is_valid(given), pc.is_null(parts)))
    rows.with_columns({"day": _numbers(day)}).drop_personal("birthDate.day", ["day"])
    return _numbers(year), _numbers(month)


def _numbers(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts).cast(pa.int64())


def _drop(rows: RowStager) -> None:
    """Count what identifies a person and is dropped."""
    for field in _DROPPED:
        n_dropped = pc.sum(pc.list_value_length(rows[field])).as_py()
        if n_dropped:
            rows.context.report.dropped_personal(field, n_dropped)
    rows.drop_personal("placeOfResidence", ["placeOfResidence.country.code", "placeOfResidence.country.name"])


def _first_nationality(rows: RowStager) -> pa.Array:
    each = explode(rows, "nationalities", beside=())
    words = pc.coalesce(each["nationalities.code"], each["nationalities.name"])
    parents = pc.list_parent_indices(rows["nationalities"])
    return words.take(first_places(parents, np.zeros(len(words), np.int8), rows.block.n_rows))


def _residence(rows: RowStager) -> pa.Array:
    """Return the country in which people live, in words or code, the only part of a home address that is kept."""
    each = explode(rows, "addresses", beside=())
    words = pc.coalesce(each["addresses.country.code"], each["addresses.country.name"])
    homes = pc.fill_null(pc.equal(each["addresses.type"], "residence"), False)
    words = pc.if_else(homes, words, pa.scalar(None, pa.string()))
    parents = pc.list_parent_indices(rows["addresses"])
    home = words.take(first_places(parents, np.where(pc.is_valid(words), 0, 1), rows.block.n_rows))
    return pc.coalesce(rows["placeOfResidence.country.code"], rows["placeOfResidence.country.name"], home)
