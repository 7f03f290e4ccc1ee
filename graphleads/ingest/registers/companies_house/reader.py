"""Britain's register of companies (Companies House, BasicCompanyData): one row a company, once a month.

Reference:
    Companies House, free company data product; https://chguide.co.uk/bulk-data/companies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.delimited import Dialect, read_delimited, read_header, resolve_dialect
from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch, account_fields, refuse_mapping
from graphleads.ingest.registers.companies_house.snapshot_name import preview_snapshot, report_missing_parts
from graphleads.ingest.row_stager import RowStager
from graphleads.values.britain import COMPANY, Addresses, company_ids, jurisdictions, postcodes, regions
from graphleads.values.text_column import join_present

TRADES = "UK-SIC-2007"
OLD_TRADES = "X-UK-SIC-2003"

_DIALECT = Dialect(delimiter=",", otherwise="cp1252")
_DAY = "%d/%m/%Y"
_N_TRADES, _N_FORMER_NAMES = 4, 10

_TRADES = tuple(f"SICCode.SicText_{n}" for n in range(1, _N_TRADES + 1))
_FORMER_NAMES = tuple(
    (f"PreviousName_{n}.CompanyName", f"PreviousName_{n}.CONDATE") for n in range(1, _N_FORMER_NAMES + 1)
)
_READ = (
    "CompanyName", "CompanyNumber", "RegAddress.POBox", "RegAddress.AddressLine1", "RegAddress.AddressLine2",
    "RegAddress.PostTown", "RegAddress.County", "RegAddress.Country", "RegAddress.PostCode", "CompanyCategory",
    "CompanyStatus", "CountryOfOrigin", "DissolutionDate", "IncorporationDate", "Accounts.AccountCategory", *_TRADES,
    *(column for pair in _FORMER_NAMES for column in pair),
)  # fmt: skip
_IGNORED = {
    "RegAddress.CareOf": "who takes the post in, often a person",
    "Accounts.AccountRefDay": "when accounts are due is no tie and no trade",
    "Accounts.AccountRefMonth": "when accounts are due is no tie and no trade",
    "Accounts.NextDueDate": "when accounts are due is no tie and no trade",
    "Accounts.LastMadeUpDate": "when accounts are due is no tie and no trade",
    "Returns.NextDueDate": "annual returns ended in 2016",
    "Returns.LastMadeUpDate": "annual returns ended in 2016",
    "Mortgages.NumMortCharges": "charges are counted here without their holders, so they tie nobody",
    "Mortgages.NumMortOutstanding": "charges are counted here without their holders, so they tie nobody",
    "Mortgages.NumMortPartSatisfied": "charges are counted here without their holders, so they tie nobody",
    "Mortgages.NumMortSatisfied": "charges are counted here without their holders, so they tie nobody",
    "LimitedPartnerships.NumGenPartners": "partners are counted here, not named",
    "LimitedPartnerships.NumLimPartners": "partners are counted here, not named",
    "URI": "made of the company number",
    "ConfStmtNextDueDate": "when statements are due is no tie and no trade",
    "ConfStmtLastMadeUpDate": "when statements are due is no tie and no trade",
}

# An arrangement with the creditors and a receiver for one charge leave the directors in control; an office-holder for
# the whole company does not.
_STATUSES = {
    "active": "active",
    "active - proposal to strike off": "active",
    "restored": "active",
    "live but receiver manager on at least one charge": "active",
    "voluntary arrangement": "active",
    "open": "active",
    "registered": "active",
    "converted / closed": "inactive",
    "converted/closed": "inactive",
    "closed": "inactive",
    "removed": "inactive",
    "converted to uk societas": "inactive",
    "converted to ukeig": "inactive",
    "converted to plc": "inactive",
    "transformed to se": "inactive",
    "transferred from uk": "inactive",
    "liquidation": "in_liquidation",
    "insolvency proceedings": "in_liquidation",
    "in administration": "in_liquidation",
    "in administration/administrative receiver": "in_liquidation",
    "in administration/receiver manager": "in_liquidation",
    "administration order": "in_liquidation",
    "administrative receiver": "in_liquidation",
    "receivership": "in_liquidation",
    "receiver action": "in_liquidation",
    "receiver manager": "in_liquidation",
    "receiver manager / administrative receiver": "in_liquidation",
    "voluntary arrangement / administrative receiver": "in_liquidation",
    "voluntary arrangement / receiver manager": "in_liquidation",
    "voluntary arrangement / receivership": "in_liquidation",
    "dissolved": "dissolved",
    "petition to restore dissolved": "dissolved",
}

_BAD_NUMBER = Flaw(
    code="bad_company_number",
    message="The company number has not eight letters and digits: the row is left out.",
    column="CompanyNumber",
)
_NO_NAME = Flaw(code="no_name", message="The company has no name: the row is left out.", column="CompanyName")
_UNKNOWN_STATUS = Flaw(code="unknown_status", message="A status that is not known: unclear, which is no lead.")
_BAD_TRADE = Flaw(code="bad_trade", message="Does not begin with a trade code: left out.")

_TRADE_CODE = r"^(?P<code>[0-9]{4,5})\b"
_N_DIGITS = 5
"""Digits of a code of 2007; companies that ended before still have one of 2003, which has four."""

_NO_TRADE = "(?i)^none supplied$"


class CompaniesHouseReader:
    """Reads `BasicCompanyDataAsOneFile-YYYY-MM-DD.csv`, or its parts: commas, quotes, UTF-8."""

    name = "companies-house"
    version = 2

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return the dataset's name, and day and completeness as the files' names say them.

        Raises:
            ValueInvalid: If a mapping is given, or the files are of different days.
        """
        refuse_mapping(self.name, mapping)
        return preview_snapshot(files, "gb_coh")

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield companies, names, identifiers, classifications and contact points.

        Raises:
            FileUnreadable: If a file is truncated.
            FormatMismatch: If a file is not delimited text.
            FormatChanged: If a column is missing.
        """
        report_missing_parts(files, context.report)
        for field, reason in _IGNORED.items():
            context.report.ignored_field(field, reason)
        for source in files:
            dialect = resolve_dialect(source, _DIALECT)
            header = read_header(source, dialect)
            account_fields(source, header, required=_READ, known=tuple(_IGNORED), report=context.report)
            for block in read_delimited(source, dialect, report=context.report, columns=_READ):
                yield from _stage(block, context)


def _stage(block: RowBlock, context: ReadContext) -> Iterator[StagedBatch]:
    """Yield what a block's rows say, but those without a number or a name."""
    block = block.drop(context.report, _BAD_NUMBER, pc.is_null(company_ids(block.columns["CompanyNumber"])))
    block = block.drop(context.report, _NO_NAME, pc.is_null(block.columns["CompanyName"]))
    company = company_ids(block.columns["CompanyNumber"])
    rows = RowStager(block=block, context=context, record=pc.utf8_slice_codeunits(company, len(COMPANY) + 1))
    yield _companies(rows, company)
    yield rows.batch("identifiers", {"id": company, "scheme": pa.scalar(COMPANY), "value": rows.record})
    yield _addresses(rows, company)
    yield from _former_names(rows, company)
    yield from _classifications(rows, company)


def _companies(rows: RowStager, company: pa.Array) -> StagedBatch:
    dissolved_on = rows.days("DissolutionDate", _DAY)
    region = pc.coalesce(regions(rows["RegAddress.Country"]), rows["RegAddress.County"])
    return rows.batch(
        "companies",
        {
            "id": company,
            "name": rows["CompanyName"],
            "entity_type": pa.scalar("registered_entity"),
            "jurisdiction": _jurisdictions(rows, company),
            "status": _statuses(rows),
            "status_text": rows["CompanyStatus"],
            "start_on": dissolved_on,
            "legal_form": rows["CompanyCategory"],
            "size_class": rows["Accounts.AccountCategory"],
            "incorporated_on": rows.days("IncorporationDate", _DAY),
            "dissolved_on": dissolved_on,
            "region": region,
            "locality": rows["RegAddress.PostTown"],
            "postcode": postcodes(rows["RegAddress.PostCode"]),
        },
    )


def _jurisdictions(rows: RowStager, company: pa.Array) -> pa.Array:
    """Return where companies were incorporated: the register also has branches and entities from abroad."""
    origin = rows.countries("CountryOfOrigin")
    british = pc.or_(pc.is_null(rows["CountryOfOrigin"]), pc.fill_null(pc.equal(origin, "GB"), False))
    return pc.if_else(british, jurisdictions(company), origin)


def _statuses(rows: RowStager) -> pa.Array:
    places = pc.index_in(pc.utf8_lower(rows["CompanyStatus"]), value_set=pa.array(list(_STATUSES)))
    status = pc.fill_null(pa.array(list(_STATUSES.values())).take(places), "unclear")
    rows.flag(_UNKNOWN_STATUS, "CompanyStatus", pc.equal(status, "unclear"))
    return status


def _addresses(rows: RowStager, company: pa.Array) -> StagedBatch:
    addresses = Addresses(
        po_box=rows["RegAddress.POBox"],
        lines=join_present(", ", rows["RegAddress.AddressLine1"], rows["RegAddress.AddressLine2"]),
        town=rows["RegAddress.PostTown"],
        county=rows["RegAddress.County"],
        postcode=postcodes(rows["RegAddress.PostCode"]),
        country=rows["RegAddress.Country"],
    )
    return rows.addresses({"id": company, **addresses.columns("registered")}, "RegAddress.AddressLine1")


def _former_names(rows: RowStager, company: pa.Array) -> Iterator[StagedBatch]:
    for name, changed_on in _FORMER_NAMES:
        columns = {"name": rows[name], "kind": pa.scalar("former"), "end_on": rows.days(changed_on, _DAY)}
        yield rows.batch("names", {"id": company, **columns}, pc.is_valid(rows[name]))


def _classifications(rows: RowStager, company: pa.Array) -> Iterator[StagedBatch]:
    for column in _TRADES:
        code = pc.struct_field(pc.extract_regex(rows[column], _TRADE_CODE), "code")
        supplied = pc.invert(pc.match_substring_regex(rows[column], _NO_TRADE))
        rows.flag(_BAD_TRADE, column, pc.and_(supplied, pc.is_null(code)))
        scheme = pc.if_else(pc.equal(pc.utf8_length(code), _N_DIGITS), TRADES, OLD_TRADES)
        columns = {"scheme": scheme, "code": code, "primary": pa.scalar(column == _TRADES[0])}
        yield rows.batch("classifications", {"id": company, **columns}, pc.is_valid(code))
