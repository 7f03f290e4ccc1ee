"""Relationships as interests, roles, the statements they are made of, and what is said where no owner is named."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.ingest.registers.bods.directory import ENTITY_ID, PERSON_ID, Directory, made_ids
from graphleads.ingest.registers.bods.interest import (
    ROLES,
    SHARES,
    UNKNOWN,
    directness,
    interest_kinds,
    kinds_held_as,
    share_columns,
    snake_case,
)
from graphleads.ingest.registers.bods.statement import DAY, days, explode
from graphleads.ingest.row_stager import RowStager
from graphleads.values.text_column import join_present

_ENDS = ("subject", "holder", "held_as", "reason", "published", "closed_on", "legacy")
_START, _END = "interests.startDate", "interests.endDate"
_NO_TEXT = pa.scalar(None, pa.string())

_NO_SUBJECT = Flaw(code="no_subject", message="It is not said which entity this is about: left out.")
_NO_HOLDER = Flaw(code="no_holder", message="Neither an interested party nor a reason is given: kept without one.")
_NOT_DESCRIBED = Flaw(
    code="not_described", message="No statement of the files describes this party: known by its record's id only."
)
_NO_INTEREST = Flaw(code="no_interest", message="There is no interest in it: kept as an unknown interest.")
_UNKNOWN_TYPE = Flaw(code="unknown_interest_type", message="A type that is not known: kept as an unknown interest.")
_BAD_SHARE = Flaw(code="bad_share", message="No share between 0 and 100 %: left empty.")
_SHARES_CROSS = Flaw(code="shares_cross", message="The lower bound is above the upper one: both are left empty.")


def stage_relationships(rows: RowStager, directory: Directory) -> Iterator[StagedBatch]:
    """Yield interests, roles, components and declarations.

    Args:
        rows: Statements of relationships, with `root` (the record), `published` (date32) and `closed_on` (date32, the
            day on which the record was closed) added.
        directory: Whom the records name.
    """
    rows = _with_ends(rows, directory)
    yield _declarations(rows)
    yield _components(rows, directory)
    each = explode(rows, "interests", beside=_ENDS)
    yield from _held(each)
    n_interests = pc.fill_null(pc.list_value_length(rows["interests"]), 0)
    bare = rows.filter(pc.and_(pc.equal(n_interests, 0), pc.is_valid(rows["holder"])))
    bare.flag(_NO_INTEREST, "interestedParty", pc.is_valid(bare["holder"]))
    columns = {**_parties(bare), "kind": pa.scalar(UNKNOWN), "directness": pa.scalar("unknown")}
    yield bare.batch("interests", {**columns, "held_as": bare["held_as"], "end_on": bare["closed_on"]})


def _with_ends(rows: RowStager, directory: Directory) -> RowStager:
    """Return the rows that have a subject, with `subject`, `holder`, `held_as` and `reason` as the tables want them."""
    reference = pc.coalesce(rows["subject.describedByEntityStatement"], rows["subject.recordId"])
    rows.flag(_NO_SUBJECT, "subject.reason", pc.is_null(reference))
    rows = rows.with_columns({"subject": reference}).filter(pc.is_valid(reference))
    person = rows["interestedParty.describedByPersonStatement"]
    party = pc.coalesce(rows["interestedParty.describedByEntityStatement"], person, rows["interestedParty.recordId"])
    rows = rows.with_columns({"interestedParty": party})
    subject, _ = _resolve(rows, "subject", pa.nulls(rows.block.n_rows, pa.bool_()), directory)
    holder, place = _resolve(rows, "interestedParty", pc.is_valid(person), directory)
    reasons = ("unspecified.reason", "reason", "unspecifiedReason")
    stated = pc.coalesce(*(rows[f"interestedParty.{name}"] for name in reasons))
    rows.flag(_NO_HOLDER, "interestedParty", pc.and_(pc.is_null(holder), pc.is_null(stated)))
    unnamed = pc.if_else(pc.is_null(holder), pc.coalesce(stated, "unknown"), _NO_TEXT)
    return rows.with_columns(
        {
            "subject": subject,
            "holder": holder,
            "held_as": directory.held_as.take(place),
            "reason": snake_case(pc.coalesce(unnamed, directory.reasons.take(place))),
        }
    )


def _resolve(rows: RowStager, column: str, person: pa.Array, directory: Directory) -> tuple[pa.Array, pa.Array]:
    """Return the ids that a column of references stands for, and where the directory has them, null if it does not."""
    records = directory.records(rows[column])
    place = directory.find(records)
    rows.flag(_NOT_DESCRIBED, column, pc.and_(pc.is_valid(records), pc.is_null(place)))
    scheme = pc.if_else(pc.fill_null(person, False), PERSON_ID, ENTITY_ID)
    made = made_ids(scheme, rows["publicationDetails.publisher.name"], records)
    return pc.coalesce(directory.ids.take(place), made), place


def _parties(rows: RowStager) -> dict[str, pa.Array]:
    return {
        "subject": rows["subject"],
        "holder": rows["holder"],
        "unspecified_reason": rows["reason"],
        "published_on": rows["published"],
    }


def _declarations(rows: RowStager) -> StagedBatch:
    columns = {
        "id": rows["subject"],
        "about": pa.scalar("owner"),
        "reason": rows["reason"],
        "reference": rows["source.url"],
        "text": pc.coalesce(rows["interestedParty.unspecified.description"], rows["interestedParty.description"]),
        "published_on": rows["published"],
        "end_on": rows["closed_on"],
    }
    return rows.batch("declarations", columns, pc.is_null(rows["holder"]))


def _components(rows: RowStager, directory: Directory) -> StagedBatch:
    lists = pc.coalesce(rows["componentRecords"], rows["componentStatementIDs"])
    each = explode(rows.with_columns({"components": lists}), "components", beside=("published",))
    columns = {"component_record": directory.records(each["components"]), "published_on": each["published"]}
    return each.batch("components", columns, pc.is_valid(each["components"]))


def _held(each: RowStager) -> Iterator[StagedBatch]:
    """Yield the interests one by one, those that are an office as roles if somebody holds it."""
    each = each.with_columns({column: days(each[column]) for column in (_START, _END)})
    kind = interest_kinds(each["interests.type"])
    each.flag(_UNKNOWN_TYPE, "interests.type", pc.and_(pc.is_valid(each["interests.type"]), pc.is_null(kind)))
    kind = pc.coalesce(kind, UNKNOWN)
    period = each.period(_START, _END, DAY)
    period["end_on"] = pc.coalesce(period["end_on"], each["closed_on"])
    held = {**_parties(each), **period}
    office = pc.and_(pc.is_in(kind, value_set=pa.array(list(ROLES))), pc.is_valid(each["holder"]))
    interests = {
        "kind": kind,
        "directness": directness(each["interests.directOrIndirect"], each["interests.interestLevel"]),
        "held_as": pc.coalesce(kinds_held_as(kind), each["held_as"]),
        "beneficial": each["interests.beneficialOwnershipOrControl"],
        "details": _details(each, kind),
        **_shares(each),
    }
    yield each.batch("interests", {**held, **interests}, pc.invert(office))
    roles = {
        "company": held.pop("subject"),
        "kind": pa.array(list(ROLES.values())).take(pc.index_in(kind, value_set=pa.array(list(ROLES)))),
        "title": each["interests.details"],
    }
    del held["unspecified_reason"]
    yield each.batch("roles", {**held, **roles}, office)


def _details(each: RowStager, kind: pa.Array) -> pa.Array:
    """Return the publisher's own words, the type where it is not known: string[n]."""
    unknown = pc.if_else(pc.equal(kind, UNKNOWN), each["interests.type"], _NO_TEXT)
    return pc.coalesce(each["interests.details"], unknown)


def _shares(each: RowStager) -> dict[str, pa.Array]:
    given = {name: each[name] for name in SHARES}
    columns = share_columns(given, each["legacy"])
    exact, low, high, open_low, open_high, *_ = given.values()
    bounds = {"share_min": pc.coalesce(exact, low, open_low), "share_max": pc.coalesce(exact, high, open_high)}
    shown = join_present(" to ", *(bound.cast(pa.string()) for bound in bounds.values()))
    each = each.with_columns({"interests.share": shown})
    lost = [pc.and_(pc.is_valid(bound), pc.is_null(columns[name])) for name, bound in bounds.items()]
    each.flag(_BAD_SHARE, "interests.share", pc.or_(*lost))
    cross = pc.fill_null(pc.greater(columns["share_min"], columns["share_max"]), False)
    each.flag(_SHARES_CROSS, "interests.share", cross)
    return {name: pc.if_else(cross, pa.scalar(None, one.type), one) for name, one in columns.items()}
