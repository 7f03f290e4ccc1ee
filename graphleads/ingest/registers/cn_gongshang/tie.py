"""What a Chinese company's record says of others: representative, holders, personnel, branches, investments.

A person is one node for each record and name, because nobody is joined by a name; where the source gives people
numbers, the number is the person. Organisations without a credit code are known by their registered name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.ingest.registers.cn_gongshang.company import Dossiers, stage_mentioned, without_personal_numbers
from graphleads.ingest.row_stager import RowStager
from graphleads.values.china import role_kinds, shares, split_titles
from graphleads.values.china_amount import currencies
from graphleads.values.china_party import are_organisations, are_people, organisation_ids
from graphleads.values.text_column import hash_texts

PERSON = "X-CN-PERSON"
"""A person as one record names them: the record and a hash of the name."""

LEGAL_REPRESENTATIVE = "法定代表人"

_BAD_SHARE = Flaw(code="bad_share", message="This is no percentage with its sign: left empty.")
_NAME_DIGITS = 12
_NO_TEXT = pa.scalar(None, pa.string())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parties:
    """Those whom records name in one place, a row each.

    Attributes:
        rows: The rows.
        part: What the columns' names begin with: `holders.`, empty for the legal representative.
        organisation: bool[n], who is an organisation.
        ids: string[n], their ids; null where the name has neither letter nor digit.
    """

    rows: RowStager
    part: str
    organisation: pa.Array
    ids: pa.Array

    @property
    def name(self) -> pa.Array:
        """string[n], their names."""
        return self.rows[f"{self.part}name"]


def stage_ties(dossiers: Dossiers) -> Iterator[StagedBatch]:
    """Yield persons and mentioned organisations, and the roles, interests and links that tie them to companies."""
    representatives, holders, staff = _find_parties(dossiers)
    yield from _people((representatives, holders, staff))
    for parties in (representatives, holders, staff):
        yield from _organisations(parties, dossiers.origin.company)
    yield _representatives(representatives)
    yield _holdings(dossiers, holders)
    yield _posts(staff)
    yield from _branches(dossiers)
    yield from _investments(dossiers)


def _find_parties(dossiers: Dossiers) -> tuple[_Parties, _Parties, _Parties]:
    """Return legal representatives, holders and personnel with their ids."""
    rows = dossiers.rows
    representative = {
        f"representative.{field}": rows[f"legal_representative{suffix}"]
        for field, suffix in (("name", ""), ("service_id", "_id"), ("type", "_type"))
    }
    nothing = pa.nulls(rows.block.n_rows, pa.string())
    named = (
        (rows.with_columns({**representative, "representative.credit_code": nothing}), "representative."),
        (_numbered(dossiers, "holders", ("credit_code", "service_id")), "holders."),
        (_numbered(dossiers, "staff", ("credit_code", "service_id")), "staff."),
    )
    places = [(one.filter(pc.is_valid(one[f"{part}name"])), part) for one, part in named]
    organisations = [are_organisations(one[f"{part}name"], one[f"{part}type"]) for one, part in places]
    known = _known_numbers(places, organisations)
    scheme = dossiers.origin.person
    first, second, third = (
        _Parties(
            rows=one,
            part=part,
            organisation=organisation,
            ids=pc.if_else(
                organisation,
                organisation_ids(one[f"{part}name"], one[f"{part}credit_code"]),
                _person_ids(one, part, known, scheme),
            ),
        )
        for (one, part), organisation in zip(places, organisations, strict=True)
    )
    return first, second, third


def _known_numbers(places: Sequence[tuple[RowStager, str]], organisations: Sequence[pa.Array]) -> pa.Table:
    """Return the numbers of people whom their record gives exactly one: `whom`, `number`."""
    given = [
        pa.table({"whom": _whom(rows, part), "number": rows[f"{part}service_id"]}).filter(pc.invert(organisation))
        for (rows, part), organisation in zip(places, organisations, strict=True)
    ]
    numbered = pa.concat_tables(given).drop_null().group_by("whom", use_threads=False)
    numbers = numbered.aggregate([("number", "min"), ("number", "count_distinct")])
    single = numbers.filter(pc.equal(numbers["number_count_distinct"], 1))
    return pa.table({"whom": single["whom"], "number": single["number_min"]}).combine_chunks()


def _whom(rows: RowStager, part: str) -> pa.Array:
    return pc.binary_join_element_wise(rows.record, rows[f"{part}name"], "\x1f")


def _person_ids(rows: RowStager, part: str, known: pa.Table, scheme: str) -> pa.Array:
    found = pc.index_in(_whom(rows, part), value_set=known["whom"].combine_chunks())
    number = pc.coalesce(rows[f"{part}service_id"], known["number"].combine_chunks().take(found))
    name = hash_texts(rows[f"{part}name"], _NAME_DIGITS)
    return pc.coalesce(
        pc.binary_join_element_wise(f"{scheme}:", number, ""),
        pc.binary_join_element_wise(f"{PERSON}:", pc.binary_join_element_wise(rows.record, name, "-"), ""),
    )


def _people(places: Sequence[_Parties]) -> Iterator[StagedBatch]:
    """Yield every person of a record once, wherever it names them."""
    found = []
    for parties in places:
        # Only of a holder may it be left open whether it is a person at all.
        known = pc.or_(are_people(parties.rows[f"{parties.part}type"]), pa.scalar(parties.part != "holders."))
        columns = {"id": parties.ids, "name": parties.name, "kind": pc.if_else(known, "known", "unknown")}
        found.append(parties.rows.batch("persons", columns, pc.invert(parties.organisation)))
    persons = pa.concat_tables([batch.rows for batch in found]).unify_dictionaries()
    source_rows = np.concatenate([batch.source_rows for batch in found if batch.source_rows is not None])
    whom = pc.binary_join_element_wise(persons["record"], persons["id"], "\x1f").combine_chunks().dictionary_encode()
    _, first = np.unique(whom.indices.to_numpy(zero_copy_only=False), return_index=True)
    first = np.sort(first)
    once = persons.take(pa.array(first)).combine_chunks()
    yield StagedBatch(table="persons", rows=once, file=found[0].file, source_rows=source_rows[first])


def _organisations(parties: _Parties, scheme: str) -> Iterator[StagedBatch]:
    yield stage_mentioned(parties.rows, parties.name, parties.ids, parties.organisation)
    number = parties.rows[f"{parties.part}service_id"]
    yield _service_number(parties.rows, parties.ids, number, scheme=scheme, keep=parties.organisation)


def _service_number(rows: RowStager, ids: pa.Array, number: pa.Array, *, scheme: str, keep: pa.Array) -> StagedBatch:
    columns = {"id": ids, "scheme": pa.scalar(scheme), "value": number}
    return rows.batch("identifiers", columns, pc.and_(keep, pc.is_valid(number)))


def _representatives(parties: _Parties) -> StagedBatch:
    return parties.rows.batch(
        "roles",
        {
            "company": parties.rows["company"],
            "holder": parties.ids,
            "kind": pa.scalar("legal_representative"),
            "title": pa.scalar(LEGAL_REPRESENTATIVE),
        },
        pc.is_valid(parties.ids),
    )


def _posts(parties: _Parties) -> StagedBatch:
    """Return a role for every post; somebody without one has a role nevertheless."""
    titles = pc.fill_null(parties.rows["staff.titles"], "")
    rows = parties.rows.with_columns({"holder": parties.ids, "all": titles, "title": split_titles(titles)})
    posts = rows.explode("title")
    title = pc.utf8_trim_whitespace(posts["title"])
    empty = pc.equal(title, "")
    return posts.batch(
        "roles",
        {
            "company": posts["company"],
            "holder": posts["holder"],
            "kind": role_kinds(title),
            "title": pc.if_else(empty, _NO_TEXT, title),
        },
        pc.and_(pc.is_valid(posts["holder"]), pc.or_(pc.invert(empty), pc.equal(posts["all"], ""))),
    )


def _holdings(dossiers: Dossiers, parties: _Parties) -> StagedBatch:
    rows = parties.rows
    subscribed, paid = (dossiers.amounts(f"holders.{kind}", rows) for kind in ("subscribed", "paid"))
    text = pc.if_else(pc.is_valid(subscribed), rows["holders.subscribed"], rows["holders.paid"])
    both = pc.and_(pc.is_valid(subscribed), pc.is_valid(paid))
    kind = pc.if_else(pc.is_valid(subscribed), "subscribed", pc.if_else(pc.is_valid(paid), "paid", _NO_TEXT))
    stated = pc.if_else(both, pc.binary_join_element_wise("实缴", rows["holders.paid"], ""), _NO_TEXT)
    amount = pc.coalesce(subscribed, paid)
    columns = {
        "amount": amount,
        "amount_currency": pc.if_else(pc.is_valid(amount), currencies(text), _NO_TEXT),
        "amount_kind": kind,
        "details": stated,
    }
    return _interests(dossiers, rows, part="holders", ends=(rows["company"], parties.ids), columns=columns)


def _interests(
    dossiers: Dossiers, rows: RowStager, *, part: str, ends: tuple[pa.Array, pa.Array], columns: dict[str, pa.Array]
) -> StagedBatch:
    """Return shareholdings; `ends` are the ids of subject and holder."""
    share = shares(rows[f"{part}.share"])
    dossiers.flag(_BAD_SHARE, f"{part}.share", pc.and_(pc.is_valid(rows[f"{part}.share"]), pc.is_null(share)), rows)
    subject, holder = ends
    held = {"subject": subject, "holder": holder, "kind": pa.scalar("shareholding"), "directness": pa.scalar("direct")}
    keep = pc.and_(pc.is_valid(subject), pc.is_valid(holder))
    return rows.batch("interests", {**held, "share_min": share, "share_max": share, **columns}, keep)


def _branches(dossiers: Dossiers) -> Iterator[StagedBatch]:
    rows, ids = _listed(dossiers, "branches", ("credit_code", "register_number"))
    named = pc.is_valid(ids)
    yield stage_mentioned(rows, rows["branches.name"], ids, named)
    yield _service_number(rows, ids, rows["branches.service_id"], scheme=dossiers.origin.company, keep=named)
    columns = {"source": ids, "target": rows["company"], "kind": pa.scalar("branch_of")}
    yield rows.batch("links", columns, named)


def _investments(dossiers: Dossiers) -> Iterator[StagedBatch]:
    rows, ids = _listed(dossiers, "investments", ("credit_code",))
    named = pc.is_valid(ids)
    yield stage_mentioned(rows, rows["investments.name"], ids, named)
    yield _service_number(rows, ids, rows["investments.service_id"], scheme=dossiers.origin.company, keep=named)
    amount = dossiers.amounts("investments.amount", rows)
    there = pc.is_valid(amount)
    columns = {
        "amount": amount,
        "amount_currency": pc.if_else(there, currencies(rows["investments.amount"]), _NO_TEXT),
        "amount_kind": pc.if_else(there, "subscribed", _NO_TEXT),
    }
    yield _interests(dossiers, rows, part="investments", ends=(ids, rows["company"]), columns=columns)


def _listed(dossiers: Dossiers, part: str, numbers: Sequence[str]) -> tuple[RowStager, pa.Array]:
    """Return the organisations that records list in a part, and their ids."""
    listed = _numbered(dossiers, part, (*numbers, "service_id"))
    return listed, organisation_ids(listed[f"{part}.name"], *(listed[f"{part}.{number}"] for number in numbers))


def _numbered(dossiers: Dossiers, part: str, numbers: Sequence[str]) -> RowStager:
    """Return whom records list in a part, without the numbers of people."""
    listed = dossiers.rows.explode(part)
    columns = [f"{part}.{number}" for number in numbers]
    block = without_personal_numbers(listed.block, columns, context=listed.context, labels=dossiers.labels)
    return replace(listed, block=block)
