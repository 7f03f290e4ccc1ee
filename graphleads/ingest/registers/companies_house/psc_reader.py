"""Britain's register of people with significant control (Companies House, PSC snapshot): one object a line, daily.

A record is what one company says of one person, organisation or exemption, or that there is nobody; records that ended
stay in the snapshot with their day. The register gives a person no number, so every record has a person of its own.
The stream says what changed since: its events are an update of the same records.

Reference:
    Companies House, PSC data product and `psc_descriptions.yml`; https://chguide.co.uk/bulk-data/psc. Streaming API,
    https://developer-specs.company-information.service.gov.uk/streaming-api/reference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.errors import ValueInvalid
from graphleads.formats.json_block import read_json_blocks
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch, refuse_mapping
from graphleads.ingest.registers.companies_house.control_event import (
    DELETED,
    EVENT_FIELDS,
    EVENT_IGNORED,
    EVENT_TYPES,
    is_stream,
    last_events,
    take_events,
)
from graphleads.ingest.registers.companies_house.control_holder import (
    ORGANISATION,
    PERSON,
    organisation_ids,
    person_ids,
    stage_organisations,
    stage_people,
)
from graphleads.ingest.registers.companies_house.control_nature import UNKNOWN, natures_columns
from graphleads.ingest.registers.companies_house.control_record import (
    COUNTS,
    EXEMPTION,
    EXEMPTIONS,
    IGNORED,
    ORGANISATIONS,
    PEOPLE,
    RECORD,
    SECRET_PEOPLE,
    STATEMENT,
    TOTALS,
)
from graphleads.ingest.registers.companies_house.snapshot_name import preview_snapshot, report_missing_parts
from graphleads.ingest.row_stager import RowStager
from graphleads.model import DeliveryKind
from graphleads.values.britain import COMPANY, company_ids
from graphleads.values.text_column import join_present

_DAY = "%Y-%m-%d"
_NATURES = "data.natures_of_control"
_KINDS = (*PEOPLE, *SECRET_PEOPLE, *ORGANISATIONS, STATEMENT, EXEMPTION)

_BAD_NUMBER = Flaw(
    code="bad_company_number",
    message="The company number has not eight letters and digits: the row is left out.",
    column="company_number",
)
_NO_RECORD = Flaw(
    code="no_record_id", message="The record has no link of its own: the row is left out.", column="data.links.self"
)
_UNKNOWN_KIND = Flaw(
    code="unknown_kind", message="A kind of record that is not known: the row is left out.", column="data.kind"
)
_UNKNOWN_NATURE = Flaw(code="unknown_nature", message="A nature of control that is not known: kept in its own words.")
_NO_NATURE = Flaw(code="no_nature", message="There is no nature of control: kept as an unknown interest.")
_NO_STATEMENT = Flaw(code="no_statement", message="There is no statement: left out.")
_UNKNOWN_EVENT = Flaw(
    code="unknown_event", message="A type of event that is not known: the row is left out.", column="event.type"
)
_OTHER_COUNT = Flaw(
    code="count_differs",
    message="The last line counts other records than were read: the snapshot is not whole, or a part of it only.",
    cuts=True,
)
_NO_COUNT = Flaw(
    code="no_count", message="No line counts the records, as the last one does: the snapshot is not whole.", cuts=True
)


class CompaniesHousePscReader:
    """Reads `persons-with-significant-control-snapshot-YYYY-MM-DD.txt` or its parts, arrays of its objects, streams."""

    name = "companies-house-psc"
    version = 2

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return the dataset's name, and day and completeness as the files' names say them; a stream is an update.

        Raises:
            ValueInvalid: If a mapping is given, or the files are of different days, or streams and snapshots together.
        """
        refuse_mapping(self.name, mapping)
        preview = preview_snapshot(files, "gb_coh_psc")
        streams = [source.name for source in files if is_stream(source)]
        if streams and len(streams) < len(files):
            raise ValueInvalid(f"{streams[0]} holds events and others the snapshot: ingest the snapshot first, alone.")
        return replace(preview, kind=DeliveryKind.UPDATE) if streams else preview

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield persons, mentioned companies with their numbers and addresses, interests and declarations.

        Raises:
            FileUnreadable: If a file is truncated.
            FormatMismatch: If a file is not JSON.
        """
        for field, reason in IGNORED.items():
            context.report.ignored_field(field, reason)
        if is_stream(files[0]):
            yield from _read_stream(files, context)
            return
        report_missing_parts(files, context.report)
        n_read: Counter[str] = Counter()
        n_stated: Counter[str] = Counter()
        for source in files:
            for block in read_json_blocks(source, RECORD, ignored=IGNORED, report=context.report):
                records = _without_totals(block, n_read, n_stated)
                yield from _stage(records, context)
        _compare_counts(n_read, n_stated, files[-1].name, context.report)


def _read_stream(files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
    """Yield what the last event of each record says: the record as it is now, or that it is void."""
    record = pa.struct([*RECORD, *EVENT_FIELDS])
    for field, reason in EVENT_IGNORED.items():
        context.report.ignored_field(field, reason)
    last, timepoint = last_events(files)
    context.report.shows_moment(f"timepoint {timepoint:020}")
    for source in files:
        for block in read_json_blocks(source, record, ignored={**IGNORED, **EVENT_IGNORED}, report=context.report):
            events = take_events(block, last[source.name])
            kind = events.columns["event.type"]
            yield from _voids(events.filter(pc.equal(kind, DELETED)), context)
            others = events.drop(context.report, _UNKNOWN_EVENT, pc.invert(pc.is_in(kind, pa.array(EVENT_TYPES))))
            changed = others.filter(pc.not_equal(others.columns["event.type"], DELETED))
            yield from _stage(changed, context)


def _voids(events: RowBlock, context: ReadContext) -> Iterator[StagedBatch]:
    """Yield that records are void, in the tables that say who they were about and what they had."""
    events = events.drop(context.report, _BAD_NUMBER, pc.is_null(company_ids(events.columns["company_number"])))
    rows = _identified(RowStager(block=events, context=context, record=events.columns["data.links.self"]))
    columns = {"op": pa.scalar("void")}
    yield rows.batch("interests", {**columns, "subject": rows["subject"], "kind": pa.scalar(UNKNOWN)})
    for table, scheme, links in (
        ("persons", PERSON, "/(individual|super-secure)"),
        ("companies", ORGANISATION, "/(corporate-entity|legal-person)"),
    ):
        holder = pc.binary_join_element_wise(scheme, rows["link"], ":")
        yield rows.batch(table, {**columns, "id": holder}, pc.match_substring_regex(rows.record, links))


def _without_totals(block: RowBlock, n_read: Counter[str], n_stated: Counter[str]) -> RowBlock:
    """Return the block without lines that only count, after adding up what they and the block have."""
    kind = block.columns["data.kind"]
    for name, kinds in COUNTS.items():
        n_read[name] += pc.sum(pc.is_in(kind, pa.array(kinds))).as_py() or 0
        stated = pc.sum(block.columns[f"data.{name}"]).as_py()
        if stated is not None:
            n_stated[name] += stated
    totals = pc.equal(kind, TOTALS)
    return block.filter(pc.invert(totals.fill_null(False))) if pc.any(totals).as_py() else block


def _compare_counts(n_read: Counter[str], n_stated: Counter[str], file: str, report: DeliveryReport) -> None:
    if not n_stated:
        report.issue(_NO_COUNT, file)
    for name, stated in n_stated.items():
        if stated != n_read[name]:
            report.issue(_OTHER_COUNT, file, sample=f"{name}: {stated:,} stated, {n_read[name]:,} read")


def _stage(block: RowBlock, context: ReadContext) -> Iterator[StagedBatch]:
    """Yield what a block's records say, but those without a company, a link or a known kind."""
    known = pc.is_in(block.columns["data.kind"], pa.array(_KINDS))
    block = block.drop(context.report, _UNKNOWN_KIND, pc.invert(known))
    block = block.drop(context.report, _BAD_NUMBER, pc.is_null(company_ids(block.columns["company_number"])))
    block = block.drop(context.report, _NO_RECORD, pc.is_null(block.columns["data.links.self"]))
    rows = _dated(RowStager(block=block, context=context, record=block.columns["data.links.self"]))
    people = _of_kinds(rows, *PEOPLE, *SECRET_PEOPLE)
    people = people.with_columns({"holder": person_ids(people)})
    yield stage_people(people)
    yield from _interests(people, beneficial=True)
    organisations = _of_kinds(rows, *ORGANISATIONS)
    organisations = organisations.with_columns({"holder": organisation_ids(organisations)})
    yield from stage_organisations(organisations)
    yield from _interests(organisations, beneficial=False)
    yield _statements(_of_kinds(rows, STATEMENT))
    yield from _exemptions(_of_kinds(rows, EXEMPTION))


def _of_kinds(rows: RowStager, *kinds: str) -> RowStager:
    return rows.filter(pc.is_in(rows["data.kind"], pa.array(kinds)))


def _identified(rows: RowStager) -> RowStager:
    """Return the rows with `subject` and `link`, the company's number and the last part of the record."""
    subject = company_ids(rows["company_number"])
    number = pc.utf8_slice_codeunits(subject, len(COMPANY) + 1)
    last = pc.replace_substring_regex(rows.record, "^.*/", "")
    return rows.with_columns({"subject": subject, "link": pc.binary_join_element_wise(number, last, "-")})


def _dated(rows: RowStager) -> RowStager:
    """Return the rows with what all tables need: `subject`, `link`, the dates."""
    return _identified(rows).with_columns(
        {
            **rows.period("data.notified_on", "data.ceased_on", _DAY),
            "op": pc.if_else(pc.fill_null(rows["data.ceased"], False), "end", "assert"),
        }
    )


def _interests(rows: RowStager, *, beneficial: bool) -> Iterator[StagedBatch]:
    """Yield an interest a nature of control, and one for records without: what is kept secret is not published."""
    each = rows.explode(_NATURES)
    columns = natures_columns(each[_NATURES])
    each.flag(_UNKNOWN_NATURE, _NATURES, pc.equal(columns["kind"], UNKNOWN))
    yield _interest_batch(each, {**columns, "details": each[_NATURES]}, beneficial=beneficial)
    n_natures = pc.fill_null(pc.list_value_length(rows[_NATURES]), 0)
    without = rows.filter(pc.equal(n_natures, 0))
    secret = pc.is_in(without["data.kind"], pa.array(SECRET_PEOPLE))
    without.flag(_NO_NATURE, "data.kind", pc.invert(secret))
    kind = pc.if_else(secret, "unpublished_interest", UNKNOWN)
    columns = {"kind": kind, "directness": pa.scalar("unknown"), "details": without["data.description"]}
    yield _interest_batch(without, columns, beneficial=beneficial)


def _interest_batch(rows: RowStager, columns: dict[str, pa.Array], *, beneficial: bool) -> StagedBatch:
    known = {name: rows[name] for name in ("subject", "holder", "start_on", "end_on", "op")}
    return rows.batch("interests", {**known, "beneficial": pa.scalar(beneficial), **columns})


def _statements(rows: RowStager) -> StagedBatch:
    statement = rows["data.statement"]
    rows.flag(_NO_STATEMENT, "data.statement", pc.is_null(statement))
    words = (rows["data.linked_psc_name"], rows["data.restrictions_notice_withdrawal_reason"])
    columns = {
        "id": rows["subject"],
        "about": pa.scalar("owner"),
        "reason": statement,
        "reference": rows["data.links.person_with_significant_control"],
        "text": join_present("; ", *words),
        "start_on": rows["start_on"],
        "end_on": rows["end_on"],
    }
    return rows.batch("declarations", columns, pc.is_valid(statement))


def _exemptions(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield why companies need not name anybody, one declaration a period."""
    for name in EXEMPTIONS if rows.block.n_rows else ():
        items = f"data.exemptions.{name}.items"
        each = rows.explode(items)
        reason = pc.coalesce(each[f"data.exemptions.{name}.exemption_type"], name.replace("_", "-"))
        columns = {
            "id": each["subject"],
            "about": pa.scalar("owner"),
            "reason": reason,
            **each.period(f"{items}.exempt_from", f"{items}.exempt_to", _DAY),
        }
        yield each.batch("declarations", columns)
