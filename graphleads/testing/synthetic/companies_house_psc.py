"""Persons with significant control as Companies House's snapshot has them: an object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.arrays import NO_DAY, Numbers, Register
from graphleads.testing.synthetic.british_text import (
    blocks,
    company_numbers,
    origins,
    padded,
    seats,
    written_days,
)
from graphleads.testing.synthetic.columns import names_of

SECRET_EVERY = 50
"""One in so many companies without an interest keeps its owner secret; the others state that they have none."""

_KIND = "person-with-significant-control"
_FOLDER = "persons-with-significant-control"
_DAY = "%Y-%m-%d"
_NULL = pa.scalar(None, pa.string())
_NATURES = tuple(
    f"{right}-{band}-percent"
    for right in ("ownership-of-shares", "voting-rights")
    for band in ("25-to-50", "50-to-75", "75-to-100")
)


def control_lines(register: Register) -> Iterator[pa.Array]:
    """Yield an object an interest, an object a company without any, and the object that counts them."""
    n_interests = len(register.interests)
    for block in blocks(n_interests):
        yield _interests(register, np.arange(block.start, block.stop))
    without = np.setdiff1d(np.arange(len(register.companies), dtype=np.int32), register.interests["subject"])
    for block in blocks(len(without)):
        yield _absences(register, without[block])
    n_secret = int(np.count_nonzero(_are_secret(without)))
    counts = {
        "kind": _text(pa.scalar("totals#persons-of-significant-control-snapshot")),
        "persons_of_significant_control_count": pa.array([str(n_interests + n_secret)]),
        "statements_count": pa.array([str(len(without) - n_secret)]),
        "exemptions_count": pa.array(["0"]),
    }
    yield _object({"data": _object(counts)})


def _interests(register: Register, numbers: NDArray[np.int64]) -> pa.Array:
    n, rows = len(register.companies), register.interests[numbers]
    corporate = rows["holder"] < n
    nature = text.pick(_NATURES, 3 * rows["kind"].astype(np.int64) + rows["band"])
    kind = text.choose(corporate, pa.scalar("corporate-entity"), pa.scalar("individual"))
    company = np.minimum(rows["holder"], n - 1)
    person = np.maximum(rows["holder"] - n, 0)
    person_fields = _individual(register, person)
    names = text.choose(corporate, names_of(register, company), person_fields.pop("name"))
    ended = pc.if_else(pa.array(rows["end"] == NO_DAY), _NULL, written_days(rows["end"], _DAY))
    data = {
        "kind": _text(text.join(kind, _KIND, "-")),
        "links": _link(rows["subject"], text.join(pa.scalar(_FOLDER), kind, padded(numbers, 9), "/")),
        "name": _text(names),
        **{name: text.choose(corporate, _NULL, values) for name, values in person_fields.items()},
        "identification": text.choose(corporate, _identification(company), _NULL),
        "address": _address(register, rows["subject"]),
        "natures_of_control": text.join("[", _text(nature), "]", ""),
        "notified_on": _text(written_days(rows["start"], _DAY)),
        "ceased_on": _text(ended),
    }
    return _object({"company_number": _text(company_numbers(rows["subject"])), "data": _object(data)})


def _individual(register: Register, person: Numbers) -> dict[str, pa.Array]:
    """Return `name` as text, and what else is said of people as JSON."""
    name, born = register.people.name[person], register.people.born[person]
    forename, surname = text.given_names(name), text.family_names(name)
    nationality, residence = origins(register, person)
    return {
        "name": text.join(forename, surname, " "),
        "name_elements": _object({"forename": _text(forename), "surname": _text(surname)}),
        "date_of_birth": _object({"month": _number(born % 12 + 1), "year": _number(1900 + born // 12)}),
        "nationality": _text(nationality),
        "country_of_residence": _text(residence),
    }


def _identification(companies: Numbers) -> pa.Array:
    return _object(
        {
            "country_registered": _text(pa.scalar("England")),
            "legal_authority": _text(pa.scalar("Companies Act 2006")),
            "place_registered": _text(pa.scalar("Companies House")),
            "registration_number": _text(company_numbers(companies)),
        }
    )


def _address(register: Register, companies: Numbers) -> pa.Array:
    names = ("address_line_1", "locality", "region", "postal_code")
    fields = {name: _text(part) for name, part in zip(names, seats(register, companies), strict=True)}
    return _object({**fields, "country": _text(pa.scalar("England"))})


def _absences(register: Register, companies: Numbers) -> pa.Array:
    """Return what companies without an interest say: that there is nobody, or that nobody may be named."""
    secret = _are_secret(companies)
    statement = {
        "kind": _text(pa.scalar(f"{_FOLDER}-statement")),
        "links": _link(companies, pa.scalar(f"{_FOLDER}-statements/1")),
        "notified_on": _text(written_days(register.companies.incorporated[companies], _DAY)),
        "statement": _text(pa.scalar("no-individual-or-entity-with-signficant-control")),
    }
    kept_secret = {
        "kind": _text(pa.scalar(f"super-secure-{_KIND}")),
        "links": _link(companies, pa.scalar(f"{_FOLDER}/super-secure/1")),
        "description": _text(pa.scalar("super-secure-persons-with-significant-control")),
        "ceased": pa.scalar("false"),
    }
    data = text.choose(secret, _object(kept_secret), _object(statement))
    return _object({"company_number": _text(company_numbers(companies)), "data": data})


def _are_secret(companies: Numbers) -> NDArray[np.bool_]:
    secret: NDArray[np.bool_] = companies % SECRET_EVERY == 0
    return secret


def _link(companies: Numbers, what: pa.Array | pa.Scalar) -> pa.Array:
    return _object({"self": _text(text.join("/company", company_numbers(companies), what, "/"))})


def _object(fields: Mapping[str, pa.Array | pa.Scalar]) -> pa.Array:
    """Return JSON objects of columns of JSON; the first field is never null, and another one that is, is left out."""
    cells = [text.join(f'"{name}":', values, "") for name, values in fields.items()]
    return text.join("{", pc.binary_join_element_wise(*cells, ",", null_handling="skip"), "}", "")


def _text(values: pa.Array | pa.Scalar) -> pa.Array:
    escaped = pc.replace_substring(pc.replace_substring(values, "\\", "\\\\"), '"', '\\"')
    return text.join('"', escaped, '"', "")


def _number(values: Numbers) -> pa.Array:
    return pa.array(values).cast(pa.string())
