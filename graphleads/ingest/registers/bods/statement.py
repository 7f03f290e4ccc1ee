"""Statements of all versions of the standard in one shape, and the fields that are read of them.

Version 0.4 keeps what a statement says in `recordDetails`; earlier ones have it beside the rest. Here it always stands
beside the rest, so that a field has one path whatever the version.

Reference:
    Open Ownership, Beneficial Ownership Data Standard 0.2, 0.3 and 0.4, JSON schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.formats.json_block import clean_texts, gather_objects
from graphleads.formats.json_object import NumberedObject, read_objects
from graphleads.formats.report import DeliveryReport
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile
from graphleads.ingest.row_stager import RowStager

DAY = "%Y-%m-%d"
ENTITY, PERSON, RELATIONSHIP = "entity", "person", "relationship"
KINDS = {
    "entityStatement": ENTITY,
    "personStatement": PERSON,
    "ownershipOrControlStatement": RELATIONSHIP,
}
"""The statement types of 0.2 and 0.3, as 0.4 calls them."""


def _texts(*names: str) -> pa.StructType:
    return pa.struct([(name, pa.string()) for name in names])


_TEXTS = pa.list_(pa.string())
_REASON = _texts("reason", "description")
_REASON_ALONE = _texts("reason")
_PLACE = _texts("name", "code")
_ADDRESS = pa.struct([("type", pa.string()), ("address", pa.string()), ("postCode", pa.string()), ("country", _PLACE)])
_SHARES = ("exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_EXCLUSIVE = {"exclusiveMinimum": "withoutMinimum", "exclusiveMaximum": "withoutMaximum"}
_SHARE = pa.struct([(name, pa.float64()) for name in _SHARES] + [(name, pa.bool_()) for name in _EXCLUSIVE.values()])
_INTEREST = pa.struct(
    [
        *((name, pa.string()) for name in ("type", "directOrIndirect", "interestLevel", "details")),
        ("beneficialOwnershipOrControl", pa.bool_()),
        ("startDate", pa.string()),
        ("endDate", pa.string()),
        ("share", _SHARE),
    ]
)
_HEAD = [
    *((name, pa.string()) for name in ("statementId", "statementID", "recordId", "recordType", "statementType")),
    *((name, pa.string()) for name in ("recordStatus", "statementDate")),
    ("recordDetails", pa.bool_()),
    ("replacesStatements", _TEXTS),
    ("publicationDetails", pa.struct([("publicationDate", pa.string()), ("publisher", _texts("name"))])),
]
_IDENTITY = [
    ("entityType", _texts("type", "subtype", "details")),
    ("unspecifiedEntityDetails", _REASON_ALONE),
    ("unspecifiedPersonDetails", _REASON_ALONE),
    ("identifiers", pa.list_(_texts("id", "scheme", "schemeName"))),
]

RECORD = pa.struct(
    [
        *_HEAD,
        *_IDENTITY,
        ("source", _texts("url")),
        ("entitySubtype", _texts("localTerm")),
        ("name", pa.string()),
        ("alternateNames", _TEXTS),
        ("jurisdiction", _PLACE),
        ("incorporatedInJurisdiction", _PLACE),
        ("foundingDate", pa.string()),
        ("dissolutionDate", pa.string()),
        ("addresses", pa.list_(_ADDRESS)),
        ("personType", pa.string()),
        ("names", pa.list_(_texts("type", "fullName", "familyName", "givenName", "patronymicName"))),
        ("nationalities", pa.list_(_PLACE)),
        ("birthDate", pa.string()),
        ("placeOfResidence", pa.struct([("country", _PLACE)])),
        ("subject", _texts("describedByEntityStatement", "recordId", "reason", "description")),
        (
            "interestedParty",
            pa.struct(
                [
                    *_texts("describedByEntityStatement", "describedByPersonStatement", "recordId"),
                    *_REASON,
                    ("unspecifiedReason", pa.string()),
                    ("unspecified", _REASON),
                ]
            ),
        ),
        ("interests", pa.list_(_INTEREST)),
        ("componentStatementIDs", _TEXTS),
        ("componentRecords", _TEXTS),
    ]
)
"""The fields that are read."""

IGNORED = {
    "annotations": "comments on a statement are no fact of their own",
    "declaration": "names the paper that the statement was taken from",
    "declarationSubject": "stands in the relationship",
    "isComponent": "the statement that is made of others names them",
    "publicationDetails.bodsVersion": "told from the fields",
    "publicationDetails.license": "holds for the file, not for a fact",
    "publicationDetails.publisher.url": "the publisher's name is enough to tell publishers apart",
    "source.type": "how the publisher came to know of it",
    "source.description": "names the source in words; the dataset is the source here",
    "source.retrievedAt": "the delivery and the publication have days of their own",
    "source.assertedBy": "who said so to the publisher, often a person",
    "identifiers.uri": "made of scheme and value",
    "uri": "a page about the entity somewhere, not its own",
    "entitySubtype.generalCategory": "the entity's type says as much",
    "unspecifiedEntityDetails.description": "the reason in words",
    "unspecifiedPersonDetails.description": "the reason in words",
    "formedByStatute": "the law that an entity was formed by is no tie",
    "publicListing": "listings are left to the exchanges' own files",
    "placeOfResidence.type": "always a residence",
    "placeOfResidence.address": "identifies a person: dropped and counted",
    "placeOfResidence.postCode": "identifies a person: dropped and counted",
    "placeOfBirth": "personal, and of no use",
    "deathDate": "what a person held ends by its own date",
    "taxResidencies": "personal, and no tie",
    "hasPepStatus": "political exposure is a matter of compliance, which no table holds",
    "pepStatusDetails": "political exposure is a matter of compliance, which no table holds",
    "politicalExposure": "political exposure is a matter of compliance, which no table holds",
}
"""The fields that are left out, and why."""


def read_statements(source: SourceFile, report: DeliveryReport) -> Iterator[RowBlock]:
    """Yield the statements of a file in one shape, block by block.

    The columns `key` (the record's id in 0.4, the statement's before), `kind` (entity, person, relationship) and
    `legacy` (whether it is of 0.2 or 0.3) are added.

    Args:
        source: The file: an array of statements, or one a line.
        report: Takes the rows read, the encoding, the issues and the unknown fields.

    Raises:
        FileUnreadable: If the file is truncated.
        FormatMismatch: If it is no JSON.
    """
    level = (NumberedObject(one.number, _level(one.content), one.size) for one in read_objects(source, report=report))
    for block in gather_objects(source.name, level, RECORD, ignored=IGNORED, report=report):
        columns = block.columns
        types = pa.array(list(KINDS))
        place = pc.index_in(columns["statementType"], value_set=types)
        legacy_kind = pa.array(list(KINDS.values())).take(place)
        columns["legacy"] = pc.is_null(columns["recordId"])
        columns["key"] = pc.coalesce(columns["recordId"], columns["statementID"], columns["statementId"])
        columns["kind"] = pc.coalesce(columns["recordType"], legacy_kind)
        yield block


def _level(statement: dict[str, Any]) -> dict[str, Any]:
    """Return a statement with its details beside the rest, and objects where versions differ in having one."""
    details = statement.pop("recordDetails", None)
    if isinstance(details, dict):
        statement = {**details, **statement, "recordDetails": True}
    if isinstance(kind := statement.get("entityType"), str):
        statement["entityType"] = {"type": kind}
    for party in ("subject", "interestedParty"):
        if isinstance(reference := statement.get(party), str):
            statement[party] = {"recordId": reference}
    _level_countries(statement)
    for interest in _objects(statement.get("interests")):
        _level_share(interest.get("share"))
    return statement


def _level_countries(statement: dict[str, Any]) -> None:
    for address in _objects(statement.get("addresses")):
        if isinstance(country := address.get("country"), str):
            address["country"] = {"code": country}
    home = statement.get("placeOfResidence")
    if isinstance(home, dict) and isinstance(country := home.get("country"), str):
        home["country"] = {"code": country}


def _level_share(share: object) -> None:
    """Move what says whether a bound is open (0.2, 0.3) apart from an open bound (0.4); an empty text is no bound."""
    if isinstance(share, dict):
        for name in _SHARES:
            if share.get(name) == "":
                del share[name]
        for name, flag in _EXCLUSIVE.items():
            if isinstance(share.get(name), bool):
                share[flag] = share.pop(name)


def _objects(values: object) -> Iterator[dict[str, Any]]:
    return (one for one in values if isinstance(one, dict)) if isinstance(values, list) else iter(())


def narrow(rows: RowStager, columns: Sequence[str]) -> RowStager:
    """Return the rows with these columns alone."""
    block = replace(rows.block, columns={name: rows[name] for name in columns})
    return replace(rows, block=block)


def explode(rows: RowStager, column: str, *, beside: Sequence[str]) -> RowStager:
    """Return the rows once for every element of a list, its fields as columns `column.field` with clean texts.

    Args:
        rows: The rows.
        column: The list column.
        beside: The other columns to keep.
    """
    each = narrow(rows, [column, *beside]).explode(column)
    columns = each.block.columns
    for name in [name for name in columns if name.startswith(f"{column}.") or name == column]:
        if pa.types.is_struct(columns[name].type):
            for field, values in zip(columns[name].type, columns[name].flatten(), strict=True):
                columns[f"{name}.{field.name}"] = clean_texts(values) if field.type == pa.string() else values
        elif columns[name].type == pa.string():
            columns[name] = clean_texts(columns[name])
    return each


def days(texts: pa.Array) -> pa.Array:
    """Return the day of dates and of times (`2019-09-11T11:17:23Z`) as text: string[n]."""
    return pc.utf8_slice_codeunits(texts, 0, 10)


def first_places(parents: pa.Array, rank: NDArray[np.integer[Any]], n_rows: int) -> pa.Array:
    """Return which element of each row's list is of the lowest rank, the first of equal ones.

    Args:
        parents: int64[n], which row each element is of, ascending.
        rank: integer[n].
        n_rows: The number of rows.

    Returns:
        int64[n_rows], null where a list has no element.
    """
    rows = parents.to_numpy(zero_copy_only=False)
    order = np.lexsort((np.arange(len(rows)), rank, rows))
    owners, first = np.unique(rows[order], return_index=True)
    place = np.full(n_rows, -1, np.int64)
    place[owners] = order[first]
    return pa.array(place, mask=place < 0)
