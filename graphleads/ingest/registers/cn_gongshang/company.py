"""What a Chinese company's record says of the company itself, as staged tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.personal_number import are_citizens
from graphleads.codes.scheme import check_identifiers, normalize_identifiers
from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.reader import ReadContext, StagedBatch
from graphleads.ingest.registers.cn_gongshang.dossier import Origin
from graphleads.ingest.row_stager import NO_BUILDING, RowStager
from graphleads.values.china import days, staff_bounds, statuses
from graphleads.values.china_amount import amounts, currencies
from graphleads.values.china_party import (
    CREDIT_CODE,
    NAME,
    REGISTER_NUMBER,
    head_office_names,
    name_keys,
    organisation_ids,
    valid_codes,
)
from graphleads.values.china_place import address_keys, regions, towns
from graphleads.values.email_domain import email_domains, own_domains
from graphleads.values.phone import phone_keys
from graphleads.values.web_site import site_keys

INDUSTRY = "X-CN-INDUSTRY"
"""Trades by their names: neither services nor exports give the codes of GB/T 4754."""

_NO_COMPANY = Flaw(code="no_company", message="The record names no company: it is left out.")
_CHECK_DIGIT = Flaw(
    code="check_digit", message="The check digit of the credit code does not hold: kept, and no id is made of it."
)
_BAD_DATE = Flaw(code="bad_date", message="This is no day, or one that stands for none: left empty.")
_BAD_AMOUNT = Flaw(code="bad_amount", message="This is no amount with its unit (元, 万, 亿 or a currency): left empty.")
_UNKNOWN_STATUS = Flaw(code="unknown_status", message="A status that is not known: unclear, which is no lead.")
_BAD_PHONE = Flaw(code="bad_phone", message="Cannot be a phone number with its area code: left out.", private=True)
_BAD_EMAIL = Flaw(code="bad_email", message="Holds no e-mail address: left out.", private=True)
_SEPARATOR = r"[;；|｜\n,，、]"
_NUMBERS = ("credit_code", "register_number", "service_id", "legal_representative_id")
_NO_DAY = pa.scalar(None, pa.date32())
_NO_TEXT = pa.scalar(None, pa.string())


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossiers:
    """Records that name their company.

    Attributes:
        rows: The records, in the columns of `cn_dossier.DOSSIER` and with `company`, the company's id.
        origin: Whose numbers they carry.
        labels: What the source calls each column.
    """

    rows: RowStager
    origin: Origin
    labels: Mapping[str, str]

    @classmethod
    def of(cls, block: RowBlock, context: ReadContext, *, origin: Origin, labels: Mapping[str, str]) -> Dossiers:
        """Return the records of a block that name a company."""
        block = without_personal_numbers(block, _NUMBERS, context=context, labels=labels)
        ids = organisation_ids(*(block.columns[name] for name in ("name", "credit_code", "register_number")))
        block = replace(block, columns=block.columns | {"company": ids})
        block = block.drop(context.report, _NO_COMPANY, pc.is_null(block.columns["company"]))
        record = pc.coalesce(
            *(block.columns[name] for name in ("service_id", "credit_code", "register_number", "name"))
        )
        rows = RowStager(block=block, context=context, record=record)
        return cls(rows=rows, origin=origin, labels=labels)

    def flag(self, flaw: Flaw, column: str, mask: pa.Array, rows: RowStager | None = None) -> None:
        """Report a flaw of a column, by the source's name for it, in the rows where the mask (bool[n]) holds.

        Args:
            flaw: What is wrong.
            column: The column; that of a part is `part.column`.
            mask: bool[n], null is false.
            rows: The rows, if they are not the records themselves.
        """
        block = (rows or self.rows).block
        label = self.labels.get(column, column)
        labelled = replace(block, columns={label: block.columns[column]})
        labelled.flag(self.rows.context.report, replace(flaw, column=label), mask)

    def days(self, column: str, rows: RowStager | None = None) -> pa.Array:
        """Return a column of days as date32[n]; what is none is reported."""
        return self._read(days, column, _BAD_DATE, rows)

    def amounts(self, column: str, rows: RowStager | None = None) -> pa.Array:
        """Return a column of amounts as money; what is none is reported."""
        return self._read(amounts, column, _BAD_AMOUNT, rows)

    def _read(self, read: Callable[[pa.Array], pa.Array], column: str, flaw: Flaw, rows: RowStager | None) -> pa.Array:
        texts = (rows or self.rows)[column]
        values = read(texts)
        self.flag(flaw, column, pc.and_(pc.is_valid(texts), pc.is_null(values)), rows)
        return values


def without_personal_numbers(
    block: RowBlock, columns: Sequence[str], *, context: ReadContext, labels: Mapping[str, str]
) -> RowBlock:
    """Return rows without the numbers of people in some columns; they are counted by the source's name for the column.

    Sole traders are registered with their owner's identity number where others have their credit code.
    """
    kept = dict(block.columns)
    for column in columns:
        personal = are_citizens(kept[column])
        if n_personal := pc.sum(personal).as_py():
            context.report.dropped_personal(labels.get(column, column), n_personal)
            kept[column] = pc.if_else(personal, _NO_TEXT, kept[column])
    return replace(block, columns=kept)


def stage_companies(dossiers: Dossiers) -> Iterator[StagedBatch]:
    """Yield companies with their names, identifiers, trades and contact points, and branches' ties to their company."""
    yield _companies(dossiers)
    yield from _names(dossiers)
    yield from _identifiers(dossiers)
    yield from _trades(dossiers.rows)
    yield from _contact_points(dossiers)
    yield from _head_offices(dossiers.rows)


def stage_mentioned(rows: RowStager, name: pa.Array, ids: pa.Array, keep: pa.Array) -> StagedBatch:
    """Return organisations that a record only mentions.

    Args:
        rows: The rows that mention them.
        name: string[n].
        ids: string[n].
        keep: bool[n], which rows to take.
    """
    columns = {"id": ids, "name": name, "entity_type": pa.scalar("legal_entity"), "mentioned": pa.scalar(True)}
    return rows.batch("companies", columns, keep)


def _companies(dossiers: Dossiers) -> StagedBatch:
    rows = dossiers.rows
    status = statuses(rows["status"])
    dossiers.flag(_UNKNOWN_STATUS, "status", pc.equal(status, "unknown"))
    ended = pc.if_else(pc.equal(status, "active"), _NO_DAY, dossiers.days("ended_on"))
    capital = dossiers.amounts("capital")
    least, most = staff_bounds(rows["n_staff"])
    codes = valid_codes(rows["credit_code"])
    return rows.batch(
        "companies",
        {
            "id": rows["company"],
            "name": rows["name"],
            "entity_type": pa.scalar("registered_entity"),
            "jurisdiction": pa.scalar("CN"),
            "status": status,
            "status_text": rows["status"],
            "start_on": ended,
            "legal_form": rows["legal_form"],
            "size_class": rows["size_class"],
            "incorporated_on": dossiers.days("founded_on"),
            "dissolved_on": pc.if_else(pc.equal(status, "dissolved"), ended, _NO_DAY),
            "capital": capital,
            "capital_currency": _capital_currency(rows, capital),
            "n_employees_min": pc.coalesce(least, staff_bounds(rows["n_insured"])[0]),
            "n_employees_max": most,
            "region": regions(codes, pc.coalesce(rows["province"], rows["address"])),
            "locality": pc.coalesce(rows["city"], towns(rows["address"])),
            "business_scope": rows["business_scope"],
        },
    )


def _capital_currency(rows: RowStager, capital: pa.Array) -> pa.Array:
    """Return the capital's currency: as the amount says, otherwise as the record does beside it."""
    said = currencies(rows["capital"])
    beside = pc.coalesce(currencies(rows["capital_currency"]), said)
    return pc.if_else(pc.is_null(capital), _NO_TEXT, pc.if_else(pc.equal(said, "CNY"), beside, said))


def _names(dossiers: Dossiers) -> Iterator[StagedBatch]:
    for column, kind, language in (("english_name", "alternative", "en"), ("short_name", "short", "zh")):
        yield _name_batch(dossiers.rows, column, kind=kind, language=language)
    former = dossiers.rows.explode("former_names")
    ended = dossiers.days("former_names.until", former)
    columns = {"id": former["company"], "name": former["former_names.name"], "kind": pa.scalar("former")}
    yield former.batch("names", {**columns, "language": pa.scalar("zh"), "end_on": ended}, pc.is_valid(columns["name"]))


def _name_batch(rows: RowStager, column: str, *, kind: str, language: str) -> StagedBatch:
    columns = {"id": rows["company"], "name": rows[column], "kind": pa.scalar(kind), "language": pa.scalar(language)}
    return rows.batch("names", columns, pc.is_valid(rows[column]))


def _identifiers(dossiers: Dossiers) -> Iterator[StagedBatch]:
    rows = dossiers.rows
    code = rows["credit_code"]
    holds = check_identifiers(CREDIT_CODE, code)
    dossiers.flag(_CHECK_DIGIT, "credit_code", pc.invert(holds))
    # What has another length than a code is no code, but it is what the source says.
    written = pc.coalesce(normalize_identifiers(CREDIT_CODE, code), code)
    nothing = pa.nulls(rows.block.n_rows, pa.bool_())
    for scheme, value, valid in (
        (CREDIT_CODE, written, holds),
        (REGISTER_NUMBER, rows["register_number"], nothing),
        (dossiers.origin.company, rows["service_id"], nothing),
        (NAME, name_keys(rows["name"]), nothing),
    ):
        columns = {"id": rows["company"], "scheme": pa.scalar(scheme), "value": value, "valid": valid}
        yield rows.batch("identifiers", columns, pc.is_valid(value))


def _trades(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield trades, the first of a record as its main one."""
    first = pc.list_element(pc.list_slice(rows["industries"], 0, 1, return_fixed_size_list=True), 0)
    trades = rows.with_columns({"first": first}).explode("industries")
    code = trades["industries"]
    columns = {"id": trades["company"], "scheme": pa.scalar(INDUSTRY), "code": code}
    primary = pc.equal(code, trades["first"])
    yield trades.batch("classifications", {**columns, "primary": primary}, pc.is_valid(code))


def _contact_points(dossiers: Dossiers) -> Iterator[StagedBatch]:
    address = dossiers.rows["address"]
    building = address_keys(address)
    dossiers.flag(NO_BUILDING, "address", pc.and_(pc.is_valid(address), pc.is_null(building)))
    yield _contact_batch(dossiers.rows, "address", building, address)
    phones = _apart(dossiers.rows, "phones")
    key = phone_keys(phones["phones"], "CN")
    _flag_lost(dossiers, _BAD_PHONE, phones, "phones", key)
    yield _contact_batch(phones, "phone", key, phones["phones"])
    emails = _apart(dossiers.rows, "emails")
    domain = email_domains(emails["emails"])
    _flag_lost(dossiers, _BAD_EMAIL, emails, "emails", domain)
    yield _contact_batch(emails, "email_domain", own_domains(domain), domain)
    sites = _apart(dossiers.rows, "websites")
    yield _contact_batch(sites, "website", site_keys(sites["websites"]), sites["websites"])


def _apart(rows: RowStager, column: str) -> RowStager:
    """Return one row for each of the values of a list, and of each text in it that holds several."""
    listed = rows.explode(column)
    return listed.with_columns({column: pc.split_pattern_regex(listed[column], _SEPARATOR)}).explode(column)


def _flag_lost(dossiers: Dossiers, flaw: Flaw, rows: RowStager, column: str, values: pa.Array) -> None:
    there = pc.not_equal(rows[column], "")
    dossiers.flag(flaw, column, pc.and_(there, pc.is_null(values)), rows)


def _contact_batch(rows: RowStager, kind: str, key: pa.Array, display: pa.Array) -> StagedBatch:
    columns = {"id": rows["company"], "kind": pa.scalar(kind), "purpose": pa.scalar("registered")}
    shown = pc.utf8_trim_whitespace(display)
    keep = pc.and_(pc.is_valid(key), pc.not_equal(key, ""))
    return rows.batch("contact_points", {**columns, "key": pc.utf8_trim_whitespace(key), "display": shown}, keep)


def _head_offices(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield the ties of branches to their company, which is said, or is the first part of the branch's name."""
    name = pc.coalesce(rows["head_office"], head_office_names(rows["name"]))
    head = organisation_ids(name, pa.nulls(rows.block.n_rows, pa.string()))
    yield stage_mentioned(rows, name, head, pc.is_valid(head))
    columns = {"source": rows["company"], "target": head, "kind": pa.scalar("branch_of")}
    yield rows.batch("links", columns, pc.is_valid(head))
