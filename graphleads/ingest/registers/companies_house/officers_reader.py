"""Britain's officers of companies (Companies House, products 195, 216 and 198): fixed width, then chevrons.

A snapshot has the appointments in force (195) or all there ever were (216), an update (198) what changed in a day. The
first eight digits of a person number are the person, the other four tell apart the details on file. A record is what
the register itself goes by: company, type of appointment and person. Where an update gives an appointment another type
or person, the former record is void from then on and the new one stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.errors import ValueInvalid
from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch, refuse_mapping
from graphleads.ingest.registers.companies_house.officer_line import (
    cut_companies,
    cut_officers,
    read_officer_header,
    read_officer_lines,
)
from graphleads.ingest.registers.companies_house.officer_record import (
    DATED_BY_REGISTRATION,
    IGNORED,
    OFFICES,
    SNAPSHOT,
    STATUSES,
    UPDATE,
    WITHDRAWN,
)
from graphleads.ingest.row_stager import RowStager
from graphleads.model import DeliveryKind
from graphleads.values.britain import COMPANY, Addresses, company_ids, jurisdictions, postcodes
from graphleads.values.person_key import person_keys
from graphleads.values.text_column import join_present

PERSON = "X-GB-COH-PERSON"
ORGANISATION = "X-GB-COH-OFFICER"

_DAY = "%Y%m%d"
_N_PERSON_DIGITS = 8
_KEY = ("Appointment Type", "Person Number")
_ADDRESS = ("PO Box", "Address Line 1", "Address Line 2", "Post Town", "County", "Country", "Person Postcode")
_BIRTH = r"^(?P<year>(?:18|19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])$"
_TYPES = {kind: office for office in OFFICES for kind in (office.current, office.resigned)}
_RESIGNED = tuple(office.resigned for office in OFFICES)

_BAD_COMPANY = Flaw(
    code="bad_company_number",
    message="The company number has not eight letters and digits: the row is left out.",
    column="Company Number",
)
_BAD_PERSON = Flaw(
    code="bad_person_number",
    message="The person number has not twelve digits: the row is left out.",
    column="Person Number",
)
_BAD_TYPE = Flaw(
    code="bad_appointment_type",
    message="The appointment type has not two digits: the row is left out.",
    column="Appointment Type",
)
_NO_NAME = Flaw(code="no_name", message="The company has no name: the row is left out.", column="Company Name")
_UNKNOWN_STATUS = Flaw(code="unknown_status", message="A status that is not known: unclear, which is no lead.")
_UNKNOWN_TYPE = Flaw(code="unknown_appointment_type", message="A type that is not known: kept as another office.")
_WITHDRAWN = Flaw(code="withdrawn_appointment", message="The appointment was an error: it is left out or void.")
_BAD_BIRTH = Flaw(code="bad_birth", message="Can be no month of birth: left empty.", private=True)
_GAP = Flaw(
    code="parts_missing", message="A file with a lower number is missing: the snapshot is not whole.", cuts=True
)
_NUMBER = re.compile(r"_(\d{1,3})_\d{8}\b")
"""The number of a file among those of its run: `Prod216_2898_ew_1_21042021.dat`."""

_NO_DAY = pa.scalar(None, pa.date32())


class CompaniesHouseOfficersReader:
    """Reads the `.dat` files of a snapshot, or of one day's update."""

    name = "companies-house-officers"
    version = 1

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return the dataset's name, and the day and kind that the header records say.

        Raises:
            ValueInvalid: If a mapping is given, or the files are of different days or kinds.
            FormatMismatch: If a file does not begin with a header record.
        """
        refuse_mapping(self.name, mapping)
        headers = {(header.kind, header.day) for header in map(read_officer_header, files)}
        if len(headers) != 1:
            found = ", ".join(sorted(f"{kind} of {day}" for kind, day in headers))
            raise ValueInvalid(f"The files are of different days or kinds ({found}): ingest each alone, in order.")
        ((kind, day),) = headers
        return Preview(dataset="gb_coh_officers", observed_on=day, kind=kind, in_parts=True)

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield companies, persons, mentioned companies with their addresses, and roles.

        Raises:
            FileUnreadable: If a file is truncated.
            FormatMismatch: If a file does not begin with a header record.
        """
        for field, reason in IGNORED.items():
            context.report.ignored_field(field, reason)
        _report_gaps(files, context)
        for source in files:
            header = read_officer_header(source)
            is_update = header.kind is DeliveryKind.UPDATE
            context.report.shows_moment(f"run {header.run}" if is_update else "")
            layout = UPDATE if is_update else SNAPSHOT
            for lines in read_officer_lines(source, context.report):
                yield _stage_companies(cut_companies(lines), context)
                yield from _stage_officers(cut_officers(lines, layout, context.report), context)


def _report_gaps(files: Sequence[SourceFile], context: ReadContext) -> None:
    """Report it if files are numbered and one before the last is not there; how many there are, none of them says."""
    numbers = {int(found[1]) for source in files if (found := _NUMBER.search(source.bare_name))}
    if numbers and len(numbers) < max(numbers):
        context.report.issue(_GAP, files[0].name)


def _stage_companies(block: RowBlock, context: ReadContext) -> StagedBatch:
    block = block.drop(context.report, _BAD_COMPANY, pc.is_null(company_ids(block.columns["Company Number"])))
    block = block.drop(context.report, _NO_NAME, pc.is_null(block.columns["Company Name"]))
    company = company_ids(block.columns["Company Number"])
    rows = RowStager(block=block, context=context, record=_number(company))
    place = pc.index_in(pc.fill_null(rows["Company Status"], ""), value_set=pa.array(list(STATUSES)))
    rows.flag(_UNKNOWN_STATUS, "Company Status", pc.is_null(place))
    status, words = (pa.array(column, pa.string()).take(place) for column in zip(*STATUSES.values(), strict=True))
    return rows.batch(
        "companies",
        {
            "id": company,
            "name": rows["Company Name"],
            "entity_type": pa.scalar("registered_entity"),
            "jurisdiction": jurisdictions(company),
            "status": pc.fill_null(status, "unknown"),
            "status_text": pc.coalesce(words, rows["Company Status"]),
        },
    )


def _stage_officers(block: RowBlock, context: ReadContext) -> Iterator[StagedBatch]:
    """Yield what a block's appointments say, but those without a company, a type or a person."""
    rows = _appointments(block, context)
    withdrawn = pc.equal(rows["Appointment Type"], WITHDRAWN)
    rows.flag(_WITHDRAWN, "Appointment Type", withdrawn)
    yield _voids(rows)
    rows = rows.filter(pc.invert(withdrawn))
    yield _people(rows.filter(pc.invert(_are_corporate(rows))))
    yield from _organisations(rows.filter(_are_corporate(rows)))
    yield _roles(rows)


def _appointments(block: RowBlock, context: ReadContext) -> RowStager:
    """Return the rows that can be used, with `company`, `holder` and the former record and holder."""
    block = block.drop(context.report, _BAD_COMPANY, pc.is_null(company_ids(block.columns["Company Number"])))
    block = block.drop(context.report, _BAD_TYPE, _lack(block.columns["Appointment Type"], r"^\d{2}$"))
    block = block.drop(context.report, _BAD_PERSON, _lack(block.columns["Person Number"], r"^\d{12}$"))
    fields = block.columns
    company = company_ids(fields["Company Number"])
    kind, person = fields["Appointment Type"], fields["Person Number"]
    former_kind, former_person = (pc.coalesce(fields[f"Old {name}"], fields[name]) for name in _KEY)
    rows = RowStager(block=block, context=context, record=_records(company, kind, person))
    return rows.with_columns(
        {
            "company": company,
            "holder": _holders(rows, person),
            "former_record": _records(company, former_kind, former_person),
            "former_holder": _holders(rows, former_person),
        }
    )


def _records(company: pa.Array, kind: pa.Array, person: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(_number(company), kind, _person_digits(person), "-")


def _holders(rows: RowStager, person: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(
        pc.if_else(_are_corporate(rows), ORGANISATION, PERSON), _person_digits(person), ":"
    )


def _person_digits(numbers: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(numbers, 0, _N_PERSON_DIGITS)


def _number(company: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(company, len(COMPANY) + 1)


def _are_corporate(rows: RowStager) -> pa.Array:
    return pc.fill_null(pc.equal(rows["Corporate Indicator"], "Y"), False)


def _lack(values: pa.Array, pattern: str) -> pa.Array:
    return pc.invert(pc.fill_null(pc.match_substring_regex(values, pattern), False))


def _voids(rows: RowStager) -> StagedBatch:
    """Return the former records of appointments that have another type or person now, or were errors."""
    changed = pc.not_equal(rows["former_record"], rows.record)
    existed = pc.not_equal(rows["Old Appointment Type"], WITHDRAWN)
    columns = {
        "record": rows["former_record"],
        "op": pa.scalar("void"),
        "company": rows["company"],
        "holder": rows["former_holder"],
        "kind": _offices(rows["Old Appointment Type"])[0],
    }
    return rows.batch("roles", columns, pc.and_(changed, existed))


def _offices(types: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the kinds and titles of appointment types; a type that is not known is another office."""
    place = pc.index_in(types, value_set=pa.array(list(_TYPES)))
    kinds, titles = ([getattr(office, field) for office in _TYPES.values()] for field in ("kind", "title"))
    unknown = pc.binary_join_element_wise("Appointment type", types, " ")
    return pc.fill_null(pa.array(kinds).take(place), "other"), pc.coalesce(pa.array(titles).take(place), unknown)


def _roles(rows: RowStager) -> StagedBatch:
    types = rows["Appointment Type"]
    rows.flag(_UNKNOWN_TYPE, "Appointment Type", pc.invert(pc.is_in(types, pa.array(list(_TYPES)))))
    kind, title = _offices(types)
    dates = rows.period("Appointment Date", "Resignation Date", _DAY)
    registered = pc.is_in(types, pa.array(DATED_BY_REGISTRATION))
    ended = pc.and_(pc.is_in(types, pa.array(_RESIGNED)), pc.is_null(dates["end_on"]))
    return rows.batch(
        "roles",
        {
            "op": pc.if_else(ended, "end", "assert"),
            "published_on": pc.coalesce(
                rows.days("Update Date", _DAY), pc.if_else(registered, dates["start_on"], _NO_DAY)
            ),
            "start_on": pc.if_else(registered, _NO_DAY, dates["start_on"]),
            "end_on": dates["end_on"],
            "company": rows["company"],
            "holder": rows["holder"],
            "kind": kind,
            "title": title,
        },
    )


def _people(rows: RowStager) -> StagedBatch:
    """Return people without their addresses and the day of their birth."""
    rows.drop_personal("Address", _ADDRESS)
    rows.drop_personal("Full Date of Birth", ["Full Date of Birth"])
    birth = pc.extract_regex(rows["Partial Date of Birth"], _BIRTH)
    year, month = (pc.struct_field(birth, part).cast(pa.int16()) for part in ("year", "month"))
    rows.flag(
        _BAD_BIRTH, "Partial Date of Birth", pc.and_(pc.is_valid(rows["Partial Date of Birth"]), pc.is_null(year))
    )
    given, family = rows["Forenames"], rows["Surname"]
    return rows.batch(
        "persons",
        {
            "id": rows["holder"],
            "name": join_present(" ", given, family),
            "given_name": given,
            "family_name": family,
            "birth_year": year,
            "birth_month": month,
            "nationality": rows.nationalities("Nationality"),
            "residence": rows.countries("Usual Residential Country"),
            "kind": pa.scalar("known"),
            **person_keys(given, family, year, month),
        },
    )


def _organisations(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield officers that are organisations as mentioned companies: their company numbers are not said."""
    addresses = Addresses(
        po_box=rows["PO Box"],
        lines=join_present(", ", rows["Address Line 1"], rows["Address Line 2"]),
        town=rows["Post Town"],
        county=rows["County"],
        postcode=postcodes(rows["Person Postcode"]),
        country=rows["Country"],
    )
    yield rows.batch(
        "companies",
        {
            "id": rows["holder"],
            "name": join_present(" ", rows["Forenames"], rows["Surname"]),
            "entity_type": pa.scalar("legal_entity"),
            "mentioned": pa.scalar(True),
            "locality": addresses.town,
            "postcode": addresses.postcode,
        },
    )
    yield rows.addresses({"id": rows["holder"], **addresses.columns("service")}, "Address Line 1")
