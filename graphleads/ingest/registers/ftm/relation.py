"""Relations between entities as staged interests, roles and links.

An end that is never described may be: the entity stood in an earlier delivery, or its publisher left it out. The
relation is kept. Such a company is staged as a mentioned one without a name, under its own id; such a holder stays an
id, which the build takes for a company unless another delivery says that it is a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.ingest.registers.ftm.directory import COMPANY, NEVER_DESCRIBED, PERSON_KIND, Directory
from graphleads.ingest.registers.ftm.entity_row import published_batch, read_days, values_of
from graphleads.ingest.registers.ftm.identifier import entity_ids
from graphleads.ingest.registers.ftm.value import (
    first_days,
    firsts,
    greatest,
    have_ended,
    last_days,
    least,
    role_kinds,
    shares,
)
from graphleads.ingest.row_stager import RowStager
from graphleads.tables.schema import MONEY
from graphleads.values.placeholder_day import without_ends_before
from graphleads.values.text_column import join_present

_NO_END = Flaw(code="no_end", message="The relation does not name both of its ends: left out.", column="id")
_NO_TIE = Flaw(
    code="no_tie", message="The relation is with no company, or of something that can hold none: left out.", column="id"
)
_NEVER_DESCRIBED = Flaw(
    code="never_described", message="Names an entity that the files never describe: the relation is kept."
)
_BAD_SHARE = Flaw(code="bad_share", message="Is no percentage from 0 to 100: left empty.")
_BAD_COUNT = Flaw(code="bad_count", message="Is no number of shares: left empty.")
_ENDS_BEFORE_START = Flaw(code="ends_before_start", message="It ended before it began: the end is left empty.")

_INTERESTS = {"Ownership": "shareholding", "Control": "other_influence_or_control", "UnknownLink": "unknown_interest"}
_ROLES = {"Directorship": "director", "Membership": "other", "Employment": "other", "Representation": "representative"}
_ANYBODY = (COMPANY, PERSON_KIND, NEVER_DESCRIBED)
_COUNT = r"^[0-9]{1,15}(\.[0-9]+)?$"
_NO_TEXT = pa.scalar(None, pa.string())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ends:
    """Which properties of a schema name the company and who holds something in it."""

    company: str
    holder: str


_ENDS: Mapping[str, _Ends] = {
    "Ownership": _Ends(company="asset", holder="owner"),
    "Control": _Ends(company="controlled", holder="controller"),
    "UnknownLink": _Ends(company="object", holder="subject"),
    "Directorship": _Ends(company="organization", holder="director"),
    "Membership": _Ends(company="organization", holder="member"),
    "Employment": _Ends(company="employer", holder="employee"),
    "Representation": _Ends(company="client", holder="agent"),
    "Succession": _Ends(company="predecessor", holder="successor"),
}
"""The ends by schema; of a succession both are companies."""


def stage_relations(rows: RowStager, schema: str, directory: Directory) -> Iterator[StagedBatch]:
    """Yield the ties of one schema, and the companies that only they name.

    Args:
        rows: Relations of the schema.
        schema: Its name.
        directory: What is known of all entities.
    """
    ties = _tied(_with_period(rows), schema, directory)
    unknown = pc.equal(ties["company_kind"], NEVER_DESCRIBED)
    yield published_batch(ties, "companies", {"id": ties["company"], "mentioned": pa.scalar(True)}, unknown)
    if schema in _INTERESTS:
        yield _interests(ties, schema)
    elif schema in _ROLES:
        yield _roles(ties, schema)
    else:
        yield _successions(ties)


def stage_parents(rows: RowStager, directory: Directory) -> StagedBatch:
    """Return the interests of parents that organisations name themselves, in a property instead of a relation."""
    each = values_of(rows, "parent")
    kinds = directory.kinds_of(each["parent"])
    columns = {
        "subject": entity_ids(each["id"]),
        "holder": entity_ids(each["parent"]),
        "kind": pa.scalar("other_influence_or_control"),
        "details": pa.scalar("parent"),
    }
    return published_batch(
        each, "interests", columns, pa.array([kind in _ANYBODY for kind in kinds.tolist()], pa.bool_())
    )


def _with_period(rows: RowStager) -> RowStager:
    """Return the rows with their period, and `op`: an end where the status says that it is over and no day when."""
    single = read_days(rows, "date", least, first_days)
    start_on = pc.coalesce(read_days(rows, "startDate", least, first_days), single)
    end_on = read_days(rows, "endDate", greatest, last_days)
    rows.flag(_ENDS_BEFORE_START, "id", pc.less(end_on, start_on))
    end_on = without_ends_before(end_on, start_on)
    over = pc.and_(have_ended(firsts(rows["status"])), pc.is_null(end_on))
    columns = {"start_on": start_on, "end_on": end_on, "op": pc.if_else(over, "end", "assert")}
    return rows.with_columns({**columns, "title": firsts(rows["role"])})


def _tied(rows: RowStager, schema: str, directory: Directory) -> RowStager:
    """Return a row for each pair of ends that can be tied, with `company`, `holder` and `company_kind`."""
    ends = _ENDS[schema]
    n_ends = pc.multiply(*(pc.list_value_length(rows[end]) for end in (ends.company, ends.holder)))
    rows.flag(_NO_END, "id", pc.equal(n_ends, 0))
    pairs = rows.explode(ends.company).explode(ends.holder)
    if schema == "UnknownLink":
        pairs = _turned(pairs, ends, directory)
    columns: dict[str, pa.Array] = {}
    for end, name in (("company", ends.company), ("holder", ends.holder)):
        kinds = pa.array(directory.kinds_of(pairs[name]))
        pairs.flag(_NEVER_DESCRIBED, name, pc.equal(kinds, NEVER_DESCRIBED))
        columns |= {end: entity_ids(pairs[name]), f"{end}_kind": kinds}
    pairs = pairs.with_columns(columns)
    is_company, can_hold = (
        pc.is_in(pairs[f"{end}_kind"], pa.array(kinds, pa.int8()))
        for end, kinds in (
            ("company", (COMPANY, NEVER_DESCRIBED)),
            ("holder", (COMPANY, NEVER_DESCRIBED) if schema == "Succession" else _ANYBODY),
        )
    )
    fits = pc.and_(is_company, can_hold)
    pairs.flag(_NO_TIE, "id", pc.invert(fits))
    return pairs.filter(fits)


def _turned(pairs: RowStager, ends: _Ends, directory: Directory) -> RowStager:
    """Return links that have no direction with the company where the other end is a person."""
    person = pa.array(directory.kinds_of(pairs[ends.company]) == PERSON_KIND)
    company, holder = pairs[ends.company], pairs[ends.holder]
    return pairs.with_columns(
        {ends.company: pc.if_else(person, holder, company), ends.holder: pc.if_else(person, company, holder)}
    )


def _interests(ties: RowStager, schema: str) -> StagedBatch:
    columns = {
        **_facts(ties, "start_on", "end_on", "op", "holder"),
        "subject": ties["company"],
        "kind": pa.scalar(_INTERESTS[schema]),
    }
    if schema == "Ownership":
        columns |= _holdings(ties)
    elif schema == "Control":
        columns["details"] = join_present(
            "; ", *(firsts(ties[one]) for one in ("controlType", "legalBasis")), ties["title"]
        )
    else:
        columns["details"] = ties["title"]
    return published_batch(ties, "interests", columns)


def _holdings(ties: RowStager) -> dict[str, pa.Array]:
    """Return what is said of shares: bounds, number, and in words how they are held."""
    percentage, count = firsts(ties["percentage"]), firsts(ties["sharesCount"])
    share = shares(percentage)
    texts = ties.with_columns({"percentage": percentage, "sharesCount": count})
    texts.flag(_BAD_SHARE, "percentage", pc.and_(pc.is_valid(percentage), pc.is_null(share)))
    plain = pc.replace_substring_regex(count, r"[, ]", "")
    counted = pc.match_substring_regex(plain, _COUNT)
    texts.flag(_BAD_COUNT, "sharesCount", pc.invert(counted))
    amount = pc.if_else(counted, plain, _NO_TEXT).cast(pa.decimal128(38, 10)).cast(MONEY, safe=False)
    words = [firsts(ties[one]) for one in ("ownershipType", "sharesType", "legalBasis")]
    details = join_present("; ", ties["title"], *words)
    return {
        **{field.name: pc.struct_field(share, field.name) for field in share.type},
        "amount": amount,
        "amount_kind": pc.if_else(pc.is_valid(amount), "shares", _NO_TEXT),
        "directness": pc.if_else(
            _say(details, "indirect"), "indirect", pc.if_else(_say(details, "direct"), "direct", "unknown")
        ),
        "held_as": pc.if_else(
            _say(details, "nominee"), "nominee", pc.if_else(_say(details, "trust"), "trust", _NO_TEXT)
        ),
        "beneficial": pc.if_else(_say(details, "beneficial"), True, pa.scalar(None, pa.bool_())),
        "details": details,
    }


def _say(texts: pa.Array, word: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(texts, rf"(?i)\b{word}"), False)


def _roles(ties: RowStager, schema: str) -> StagedBatch:
    kind = role_kinds(ties["title"], _ROLES[schema])
    return published_batch(
        ties, "roles", {**_facts(ties, "start_on", "end_on", "op", "company", "holder", "title"), "kind": kind}
    )


def _successions(ties: RowStager) -> StagedBatch:
    columns = {"source": ties["company"], "target": ties["holder"], "kind": pa.scalar("succeeded_by")}
    return published_batch(ties, "links", {**_facts(ties, "start_on", "end_on", "op"), **columns})


def _facts(ties: RowStager, *names: str) -> dict[str, pa.Array]:
    return {name: ties[name] for name in names}
