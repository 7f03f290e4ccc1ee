"""A fault against the standard is named with its row and field; a restated relationship keeps its person."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.snapshot import open_snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.model import DeliveryKind
from graphleads.tables.schema import ISSUES

Record = dict[str, Any]


def statement(key: str, kind: str, **details: Any) -> Record:
    return {
        "statementId": f"{key:0>32}",
        "recordId": key,
        "recordType": kind,
        "recordStatus": "new",
        "statementDate": "2020-01-01",
        "declarationSubject": "e1",
        "publicationDetails": {"publicationDate": "2020-01-02", "bodsVersion": "0.4", "publisher": {"name": "Nowhere"}},
        "recordDetails": {"isComponent": False, **details},
    }


def package() -> list[Record]:
    place = {"name": "United Kingdom", "code": "GB"}
    return [
        statement(
            "e1", "entity", entityType={"type": "registeredEntity"}, name="Alpha Ltd", jurisdiction=place,
            identifiers=[{"id": "01234567", "scheme": "GB-COH"}],
            addresses=[{"type": "registered", "address": "1 King Street, Inventon", "country": place}],
        ),
        statement(
            "p1", "person", personType="knownPerson", nationalities=[place],
            names=[{"type": "legal", "fullName": "Ada Quill"}],
        ),
        statement(
            "r1", "relationship", subject="e1", interestedParty="p1",
            interests=[{"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 60}}],
        ),
    ]  # fmt: skip


def issues(tmp_path: Path, statements: list[Record]) -> list[tuple[int, str]]:
    import pyarrow.parquet as pq

    path = tmp_path / "statements.json"
    path.write_text(json.dumps(statements))
    request = IngestRequest(dataset="nowhere", observed_on=date(2026, 1, 1))
    result = ingest("bods", [path], staged=tmp_path / "staged", request=request)
    return [(one["row"], one["column"]) for one in pq.read_table(result.issues_path).cast(ISSUES).to_pylist()]


def test_statements_of_the_standard_have_no_faults(tmp_path: Path) -> None:
    assert issues(tmp_path, package()) == []


@pytest.mark.parametrize(
    ("place", "path", "value", "column"),
    [
        (0, "statementId", None, "statementId"),
        (0, "statementId", "short", "statementId"),
        (0, "statementDate", None, "statementDate"),
        (0, "statementDate", "in spring", "statementDate"),
        (0, "recordStatus", "newest", "recordStatus"),
        (2, "recordType", "tie", "recordType"),
        (1, "recordDetails", None, "recordDetails"),
        (1, "recordDetails", "none", "recordDetails"),
        (0, "publicationDetails.publicationDate", None, "publicationDetails.publicationDate"),
        (0, "publicationDetails.publisher", None, "publicationDetails.publisher"),
        (0, "recordDetails.entityType", None, "entityType.type"),
        (0, "recordDetails.entityType.subtype", "club", "entityType.subtype"),
        (0, "recordDetails.jurisdiction.name", None, "jurisdiction.name"),
        (0, "recordDetails.jurisdiction.code", "GBRITAIN", "jurisdiction.code"),
        (0, "recordDetails.identifiers.0.scheme", None, "identifiers.scheme"),
        (0, "recordDetails.addresses.0.type", "seat", "addresses.type"),
        (0, "recordDetails.addresses.0.country.code", "G", "addresses.country.code"),
        (1, "recordDetails.personType", None, "personType"),
        (1, "recordDetails.names.0.type", "stage", "names.type"),
        (1, "recordDetails.names.0.fullName", None, "names.fullName"),
        (1, "recordDetails.nationalities.0.name", None, "nationalities.name"),
        (1, "recordDetails.unspecifiedPersonDetails", {"reason": "shy"}, "unspecifiedPersonDetails.reason"),
        (2, "recordDetails.subject", None, "subject.reason"),
        (2, "recordDetails.interestedParty", None, "interestedParty"),
        (2, "recordDetails.interestedParty", {"reason": "shy"}, "interestedParty.reason"),
        (2, "recordDetails.interests.0.directOrIndirect", "perhaps", "interests.directOrIndirect"),
        (2, "recordDetails.interests.0.share", "60", "interests.share"),
    ],
)
def test_a_fault_is_named_with_statement_and_field(
    tmp_path: Path, place: int, path: str, value: object, column: str
) -> None:
    statements = package()
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    at: Any = statements[place]
    for part in way:
        at = at[part]
    if value is None:
        del at[last]
    else:
        at[last] = value
    assert (place + 1, column) in issues(tmp_path, statements)


@pytest.mark.parametrize("described_first", [True, False])
def test_a_restated_relationship_keeps_its_person(tmp_path: Path, *, described_first: bool) -> None:
    restated = package()[2] | {"recordStatus": "updated", "statementDate": "2025-01-01", "statementId": f"{'r2':0>32}"}
    restated["recordDetails"]["interests"][0]["share"] = {"exact": 80}
    deliveries = [("2026-01-01", package(), DeliveryKind.FULL), ("2026-02-01", [restated], DeliveryKind.UPDATE)]
    for day, statements, kind in deliveries if described_first else deliveries[::-1]:
        path = tmp_path / f"{day}.json"
        path.write_text(json.dumps(statements))
        request = IngestRequest(dataset="nowhere", observed_on=date.fromisoformat(day), kind=kind)
        ingest("bods", [path], staged=tmp_path / "staged", request=request)
    source = BuildInput(staged=tmp_path / "staged", same_as=None, snapshots=tmp_path / "snapshots")
    build_snapshot(source, BuildConfig())
    snapshot = open_snapshot(tmp_path / "snapshots")
    then = date(2026, 2, 1)
    (held,) = EmbeddedStore(snapshot).relationships(
        "X-BODS-PERSON:nowhere/p1", valid_on=then, known_on=then, kinds=["shareholding"]
    )
    assert (held.source.name, held.share_min) == ("Ada Quill", 0.8)
    assert snapshot.n_companies == 1
