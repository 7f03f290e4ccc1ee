"""Brazil's register of listed companies (CVM, `cad_cia_aberta`): one row a registration and market.

A registration (`CD_CVM`) is the record; the company is the first eight digits of its tax number, and may have several
registrations. The register ends a registration by cancelling it and leaves the rest of the row as it was, so what a
cancelled row says of representative, auditor and contact is taken to end on that day.

Reference:
    CVM, dicionário de dados `meta_cad_cia_aberta.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.personal_number import are_taxpayers
from graphleads.codes.scheme import check_identifiers, normalize_identifiers
from graphleads.errors import ValueInvalid
from graphleads.formats.delimited import Dialect, read_delimited, read_header, resolve_dialect
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch, account_fields
from graphleads.ingest.row_stager import NO_BUILDING
from graphleads.names.normalize import fold_names
from graphleads.tables.schema import STAGED, conform
from graphleads.values.brazil import STATES, address_keys, phone_keys, postcodes
from graphleads.values.email_domain import email_domains, own_domains
from graphleads.values.placeholder_day import without_placeholders
from graphleads.values.text_column import hash_texts, join_present

COMPANY = "BR-CNPJ"
PERSON = "X-BR-CVM-PERSON"
REGISTRATION = "X-BR-CVM"
SECTOR = "X-BR-CVM-SECTOR"

KEY_CONFIDENCE = 0.95
"""That one name with one e-mail address, in two registrations, is one person. Judged, not measured."""

_DIALECT = Dialect(delimiter=";", quote=None, otherwise="latin-1")

_READ = (
    "CNPJ_CIA", "DENOM_SOCIAL", "DENOM_COMERC", "DT_CONST", "DT_CANCEL", "MOTIVO_CANCEL", "SIT", "DT_INI_SIT",
    "CD_CVM", "SETOR_ATIV", "SIT_EMISSOR", "DT_INI_SIT_EMISSOR", "LOGRADOURO", "COMPL", "BAIRRO", "MUN", "UF", "CEP",
    "DDD_TEL", "TEL", "EMAIL", "TP_RESP", "RESP", "DT_INI_RESP", "LOGRADOURO_RESP", "COMPL_RESP", "BAIRRO_RESP",
    "MUN_RESP", "UF_RESP", "CEP_RESP", "DDD_TEL_RESP", "TEL_RESP", "EMAIL_RESP", "CNPJ_AUDITOR", "AUDITOR",
)  # fmt: skip
_DAYS = ("DT_CONST", "DT_CANCEL", "DT_INI_SIT", "DT_INI_SIT_EMISSOR", "DT_INI_RESP")
_IGNORED = {
    "TP_MERC": "a registration has one row a market; rows that differ in nothing else are one",
    "DT_REG": "the day of listing says nothing about the company's life",
    "CATEG_REG": "the category of listing is no tie and no trade",
    "DT_INI_CATEG": "the category of listing is left out",
    "CONTROLE_ACIONARIO": "says that somebody controls the company, not who",
    "TP_ENDER": "always SEDE, the registered office",
    "PAIS": "every company is Brazilian; the field is often empty and sometimes wrong",
    "PAIS_RESP": "nearly always empty",
    "DDD_FAX": "fax numbers outlived their use",
    "FAX": "fax numbers outlived their use",
    "DDD_FAX_RESP": "fax numbers outlived their use",
    "FAX_RESP": "fax numbers outlived their use",
}

_BAD_NUMBER = Flaw(
    code="bad_company_number",
    message="The company's tax number has not 14 digits: the row is left out.",
    column="CNPJ_CIA",
)
_NO_RECORD = Flaw(code="no_record_id", message="There is no CVM code: the row is left out.", column="CD_CVM")
_NO_NAME = Flaw(code="no_name", message="The company has no name: the row is left out.", column="DENOM_SOCIAL")
_CHECK_DIGIT = Flaw(
    code="check_digit", message="The check digits of the company's tax number do not hold: kept.", column="CNPJ_CIA"
)
_UNKNOWN_STATUS = Flaw(
    code="unknown_status", message="A status that is not known: unclear, which is no lead.", column="SIT"
)
_BAD_DATE = Flaw(code="bad_date", message="Not a day written as YYYY-MM-DD, or one that stands for none: left empty.")
_BAD_POSTCODE = Flaw(code="bad_postcode", message="Not a postcode of 7 or 8 digits: left empty.", column="CEP")
_BAD_PHONE = Flaw(code="bad_phone", message="Cannot be a phone number with its area code: left out.", private=True)
_BAD_EMAIL = Flaw(code="bad_email", message="Holds no e-mail address: left out.", private=True)
_DAMAGED = Flaw(
    code="damaged_text", message="A letter was lost to a wrong encoding before it came here: kept as it is."
)
_NO_AUDITOR_NUMBER = Flaw(
    code="bad_auditor_number",
    message="The auditor's tax number is missing or wrong: the auditor is left out.",
    column="CNPJ_AUDITOR",
    private=True,
)

# What cp850 or cp437 read as latin-1 leaves of Portuguese letters: PARTICIPA?OES, CR+DITOS, SOLUÃiES, AÃO.
_DAMAGE = r"\pL[+?ß\x{FFFD}]\pL|Ã[a-z+B-DF-MP-RT-Z]|[AÁ]Ã"
_WINDING_UP = r"(?i)^falid|liquida"
_NO_TEXT = pa.scalar(None, pa.string())
_NO_DAY = pa.scalar(None, pa.date32())


class CvmReader:
    """Reads `cad_cia_aberta.csv`: semicolons, no quoting, latin-1 or UTF-8."""

    name = "cvm"
    version = 1

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return the dataset's name; the file does not say its day.

        Raises:
            ValueInvalid: If a mapping is given, or more than one file.
        """
        if mapping is not None:
            raise ValueInvalid("The reader cvm takes no mapping: leave it out, or use the reader table.")
        if len(files) != 1:
            names = ", ".join(source.name for source in files)
            raise ValueInvalid(
                f"The register is one file, and these are {len(files)} ({names}): ingest each day's alone."
            )
        return Preview(dataset="br_cvm")

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield companies, names, identifiers, persons, classifications, contact points and roles.

        Raises:
            FileUnreadable: If the file is truncated.
            FormatMismatch: If it is not delimited text.
            FormatChanged: If a column is missing.
        """
        for field, reason in _IGNORED.items():
            context.report.ignored_field(field, reason)
        for source in files:
            dialect = resolve_dialect(source, _DIALECT)
            header = read_header(source, dialect)
            account_fields(source, header, required=_READ, known=tuple(_IGNORED), report=context.report)
            for block in read_delimited(source, dialect, report=context.report, columns=_READ):
                yield from _Registrations.of(block, context).batches()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registrations:
    """Rows that can be used, with what several tables need of them.

    Attributes:
        block: The rows.
        context: The dataset and the report.
        company: string[n], the company's id.
        days: date32[n] of each column of days.
        cancelled_on: date32[n], null while the registration stands.
    """

    block: RowBlock
    context: ReadContext
    company: pa.Array
    days: Mapping[str, pa.Array]
    cancelled_on: pa.Array

    @classmethod
    def of(cls, block: RowBlock, context: ReadContext) -> _Registrations:
        """Return the rows of a block that have a number, a record and a name, each registration once."""
        report = context.report
        block = block.drop(report, _BAD_NUMBER, pc.invert(_are_complete(block.columns["CNPJ_CIA"])))
        block = block.drop(report, _NO_RECORD, pc.is_null(block.columns["CD_CVM"]))
        block = block.drop(report, _NO_NAME, pc.is_null(block.columns["DENOM_SOCIAL"]))
        block = _without_repeats(block)
        days = {column: _days(block, column, report) for column in _DAYS}
        since = pc.coalesce(days["DT_CANCEL"], days["DT_INI_SIT"])
        return cls(
            block=block,
            context=context,
            company=_ids(COMPANY, normalize_identifiers(COMPANY, block.columns["CNPJ_CIA"])),
            days=days,
            cancelled_on=pc.if_else(_has_status(block, "CANCELAD"), since, _NO_DAY),
        )

    def __getitem__(self, column: str) -> pa.Array:
        return self.block.columns[column]

    def batches(self) -> Iterator[StagedBatch]:
        """Yield the staged tables of these rows, and report what is odd about them."""
        for column in ("DENOM_SOCIAL", "DENOM_COMERC", "RESP"):
            self._flag(_DAMAGED, column, pc.match_substring_regex(self[column], _DAMAGE))
        yield self._companies()
        yield self._trade_names()
        yield from self._identifiers()
        yield self._sectors()
        yield from self._contact_points("", "registered")
        yield from self._contact_points("_RESP", "correspondence")
        yield from self._representatives()
        yield from self._auditors()

    def _companies(self) -> StagedBatch:
        status, since = self._status()
        postcode = postcodes(self["CEP"])
        self._flag(_BAD_POSTCODE, "CEP", pc.and_(pc.is_valid(self["CEP"]), pc.is_null(postcode)))
        known_state = pc.is_in(self["UF"], value_set=pa.array(STATES))
        return self._batch(
            "companies",
            {
                "id": self.company,
                "name": self["DENOM_SOCIAL"],
                "entity_type": pa.scalar("registered_entity"),
                "jurisdiction": pa.scalar("BR"),
                "status": status,
                "status_text": join_present("; ", self["SIT"], self["MOTIVO_CANCEL"], self["SIT_EMISSOR"]),
                "start_on": since,
                "incorporated_on": self.days["DT_CONST"],
                "region": pc.if_else(known_state, _join("", pa.scalar("BR-"), self["UF"]), _NO_TEXT),
                "locality": self["MUN"],
                "postcode": postcode,
            },
        )

    def _status(self) -> tuple[pa.Array, pa.Array]:
        """Return status and the day since when, both as the register says."""
        cancelled, active, suspended = (_has_status(self.block, word) for word in ("CANCELAD", "ATIV", "SUSPENS"))
        winding_up = pc.fill_null(pc.match_substring_regex(self["SIT_EMISSOR"], _WINDING_UP), False)
        winding_up = pc.and_(winding_up, pc.or_(active, suspended))
        cases = pc.make_struct(cancelled, winding_up, active, suspended, field_names=["1", "2", "3", "4"])
        words = ("inactive", "in_liquidation", "active", "inactive", "unknown")
        status = pc.case_when(cases, *(pa.scalar(word) for word in words))
        self._flag(_UNKNOWN_STATUS, "SIT", pc.equal(status, "unknown"))
        since = pc.coalesce(self.days["DT_INI_SIT_EMISSOR"], self.days["DT_INI_SIT"])
        return status, pc.if_else(winding_up, since, self.days["DT_INI_SIT"])

    def _trade_names(self) -> StagedBatch:
        same = pc.equal(pc.utf8_upper(self["DENOM_COMERC"]), pc.utf8_upper(self["DENOM_SOCIAL"]))
        columns = {"id": self.company, "name": self["DENOM_COMERC"], "kind": pa.scalar("trading")}
        return self._batch("names", columns, pc.invert(same))

    def _identifiers(self) -> Iterator[StagedBatch]:
        holds = check_identifiers(COMPANY, self["CNPJ_CIA"])
        self._flag(_CHECK_DIGIT, "CNPJ_CIA", pc.invert(holds))
        root = normalize_identifiers(COMPANY, self["CNPJ_CIA"])
        yield self._batch(
            "identifiers", {"id": self.company, "scheme": pa.scalar(COMPANY), "value": root, "valid": holds}
        )
        yield self._batch(
            "identifiers", {"id": self.company, "scheme": pa.scalar(REGISTRATION), "value": self["CD_CVM"]}
        )

    def _sectors(self) -> StagedBatch:
        columns = {"scheme": pa.scalar(SECTOR), "code": self["SETOR_ATIV"], "primary": pa.scalar(True)}
        return self._batch("classifications", {"id": self.company, **columns}, pc.is_valid(self["SETOR_ATIV"]))

    def _contact_points(self, suffix: str, purpose: str) -> Iterator[StagedBatch]:
        """Yield address, phone and e-mail domain from the columns with that suffix."""
        street, complement, district, town, state, postcode, area, number, email = (
            self[column + suffix]
            for column in ("LOGRADOURO", "COMPL", "BAIRRO", "MUN", "UF", "CEP", "DDD_TEL", "TEL", "EMAIL")
        )
        phone, domain = phone_keys(area, number), email_domains(email)
        self._flag(_BAD_PHONE, f"TEL{suffix}", pc.and_(pc.is_valid(number), pc.is_null(phone)))
        self._flag(_BAD_EMAIL, f"EMAIL{suffix}", pc.and_(pc.is_valid(email), pc.is_null(domain)))
        spelled = pc.replace_substring_regex(phone, r"^55(\d\d)(\d+)$", r"+55 \1 \2")
        domain = own_domains(domain)
        building = address_keys(street, complement, town, state)
        self._flag(NO_BUILDING, f"LOGRADOURO{suffix}", pc.and_(pc.is_valid(street), pc.is_null(building)))
        for kind, key, display in (
            (
                "address",
                building,
                join_present(", ", street, complement, district, town, state, postcodes(postcode)),
            ),
            ("phone", phone, spelled),
            ("email_domain", domain, domain),
        ):
            columns = {"kind": pa.scalar(kind), "purpose": pa.scalar(purpose), "key": key, "display": display}
            yield self._batch(
                "contact_points",
                {"id": self.company, "end_on": self.cancelled_on, **columns},
                pc.is_valid(key),
            )

    def _representatives(self) -> Iterator[StagedBatch]:
        name, email = fold_names(self["RESP"]), pc.utf8_trim(pc.utf8_lower(self["EMAIL_RESP"]), " .")
        self.context.report.dropped_personal("EMAIL_RESP", len(email) - email.null_count)
        key = pc.if_else(pc.is_valid(email_domains(email)), hash_texts(_join("|", name, email), 24), _NO_TEXT)
        columns = {"key": key, "key_confidence": pc.if_else(pc.is_valid(key), KEY_CONFIDENCE, None)}
        named = pc.not_equal(name, "")
        yield self._people("RESP", named, columns)
        columns = {"title": self["TP_RESP"], "start_on": self.days["DT_INI_RESP"]}
        yield self._roles("representative", self._person_ids("RESP"), named, columns)

    def _auditors(self) -> Iterator[StagedBatch]:
        """Yield auditors: firms by their tax number; people by name, for their number must not be stored."""
        number, name = self["CNPJ_AUDITOR"], self["AUDITOR"]
        holds = pc.and_(_are_complete(number), pc.fill_null(check_identifiers(COMPANY, number), False))
        named = pc.is_valid(name)
        firm = pc.and_(holds, named)
        person = pc.and_(are_taxpayers(number), pc.fill_null(pc.not_equal(fold_names(name), ""), False))
        self.context.report.dropped_personal("CNPJ_AUDITOR", pc.sum(person).as_py() or 0)
        somebody = pc.or_(named, pc.is_valid(number))
        self._flag(_NO_AUDITOR_NUMBER, "CNPJ_AUDITOR", pc.and_not(somebody, pc.or_(firm, person)))
        root = normalize_identifiers(COMPANY, number)
        auditor = _ids(COMPANY, root)
        words = {
            "entity_type": pa.scalar("legal_entity"),
            "jurisdiction": pa.scalar("BR"),
            "mentioned": pa.scalar(True),
        }
        yield self._batch("companies", {"id": auditor, "name": name, **words}, firm)
        yield self._batch(
            "identifiers", {"id": auditor, "scheme": pa.scalar(COMPANY), "value": root, "valid": holds}, firm
        )
        yield self._roles("auditor", auditor, firm, {})
        yield self._people("AUDITOR", person, {})
        yield self._roles("auditor", self._person_ids("AUDITOR"), person, {})

    def _person_ids(self, column: str) -> pa.Array:
        """Return ids of the people named in a column: the same in every delivery while record and name stay."""
        return _ids(PERSON, _join("-", self["CD_CVM"], hash_texts(fold_names(self[column]), 12)))

    def _people(self, column: str, keep: pa.Array, columns: Mapping[str, pa.Array]) -> StagedBatch:
        known = {"id": self._person_ids(column), "name": self[column], "kind": pa.scalar("known")}
        return self._batch("persons", {**known, **columns}, keep)

    def _roles(self, kind: str, holder: pa.Array, keep: pa.Array, columns: Mapping[str, pa.Array]) -> StagedBatch:
        """Return roles that end when the registration is cancelled, unless they began later."""
        start = columns.get("start_on", pa.nulls(self.block.n_rows, pa.date32()))
        later = pc.fill_null(pc.greater_equal(start, self.cancelled_on), False)
        ends = {"end_on": pc.if_else(later, _NO_DAY, self.cancelled_on)}
        return self._batch(
            "roles", {"company": self.company, "holder": holder, "kind": pa.scalar(kind), **ends, **columns}, keep
        )

    def _batch(self, table: str, columns: Mapping[str, pa.Array], keep: pa.Array | None = None) -> StagedBatch:
        """Return the rows where `keep` (bool[n], null is false) holds as a staged table; None keeps all."""
        given = {"record": self["CD_CVM"], **columns}
        rows = self.block.rows
        if keep is not None:
            given = {name: one if isinstance(one, pa.Scalar) else one.filter(keep) for name, one in given.items()}
            rows = rows[pc.fill_null(keep, False).to_numpy(zero_copy_only=False)]
        given["dataset"] = pa.scalar(self.context.dataset)
        staged = conform(STAGED[table], given, len(rows))
        return StagedBatch(table=table, rows=staged, file=self.block.file, source_rows=rows)

    def _flag(self, flaw: Flaw, column: str, mask: pa.Array) -> None:
        self.block.flag(self.context.report, replace(flaw, column=column), mask)


def _are_complete(numbers: pa.Array) -> pa.Array:
    """bool[n]: whether a company's tax number has all its fourteen characters."""
    return pc.fill_null(pc.match_substring_regex(numbers, r"^(?:\w\W*){14}$"), False)


def _has_status(block: RowBlock, word: str) -> pa.Array:
    return pc.fill_null(
        pc.starts_with(
            block.columns["SIT"],
            word,
        ),
        False,
    )


def _without_repeats(block: RowBlock) -> RowBlock:
    """Return the block without rows that repeat another in every column that is read."""
    if pc.count_distinct(block.columns["CD_CVM"]).as_py() == block.n_rows:
        return block
    places = pa.array(np.arange(block.n_rows))
    first = pa.table(block.columns).append_column("place", places).group_by(list(block.columns), use_threads=False)
    kept = np.zeros(block.n_rows, dtype=np.bool_)
    kept[first.aggregate([("place", "min")])["place_min"].to_numpy()] = True
    return block.filter(pa.array(kept))


def _days(block: RowBlock, column: str, report: DeliveryReport) -> pa.Array:
    """Return a column of days as date32[n], and report what is none."""
    encoded = block.columns[column].dictionary_encode()
    days = pa.array([_day(text) for text in encoded.dictionary.to_pylist()], pa.date32())
    days = without_placeholders(days).take(encoded.indices)
    lost = pc.and_(pc.is_valid(block.columns[column]), pc.is_null(days))
    block.flag(report, replace(_BAD_DATE, column=column), lost)
    return days


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ids(scheme: str, values: pa.Array) -> pa.Array:
    return _join(":", pa.scalar(scheme), values)


def _join(separator: str, *values: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*values, separator)
