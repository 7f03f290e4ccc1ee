"""People: names, month of birth and nationality, and nothing else that is theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.ingest.registers.ftm.entity_row import published_batch, stage_names
from graphleads.ingest.registers.ftm.identifier import entity_ids
from graphleads.ingest.registers.ftm.value import countries_of, first_days, firsts, greatest, places
from graphleads.ingest.row_stager import RowStager
from graphleads.values.text_column import join_present

_BAD_BIRTH = Flaw(code="bad_birth", message="Is no day, month or year: left empty.", private=True)
_WITH_MONTH = r"^\d{4}-\d{2}"
_WITH_DAY = r"^\d{4}-\d{2}-\d{2}"


def stage_people(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield people with their further names; of the day of birth only year and month are read."""
    rows = rows.with_columns({"node": entity_ids(rows["id"])})
    # The most exact of several dates that agree is the longest, which sorts last.
    born = greatest(rows["birthDate"])
    day = first_days(born)
    rows.with_columns({"birthDate": born}).flag(_BAD_BIRTH, "birthDate", pc.and_(pc.is_valid(born), pc.is_null(day)))
    n_days = pc.sum(pc.match_substring_regex(born, _WITH_DAY)).as_py()
    if n_days:
        rows.context.report.dropped_personal("Person.birthDate", n_days)
    month = pc.if_else(pc.match_substring_regex(born, _WITH_MONTH), pc.month(day), pa.scalar(None, pa.int64()))
    given = join_present(" ", *(firsts(rows[part]) for part in ("firstName", "secondName", "middleName")))
    family = firsts(rows["lastName"])
    nationality = pc.coalesce(firsts(rows["nationality"]), firsts(rows["citizenship"]))
    yield published_batch(
        rows,
        "persons",
        {
            "id": rows["node"],
            "name": pc.coalesce(firsts(rows["name"]), join_present(" ", given, family), firsts(rows["alias"])),
            "given_name": given,
            "family_name": family,
            "birth_year": pc.year(day),
            "birth_month": month,
            "nationality": countries_of(places(nationality)),
            "residence": countries_of(places(firsts(rows["mainCountry"]))),
            "kind": pa.scalar("known"),
        },
    )
    yield from stage_names(rows)
