"""GLEIF over time: an update over the last full files is the full files of that day, and what changed has its days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.identity.link import link
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.model import DeliveryKind

BEGINNING, FOREVER = "0001-01-01", "9999-12-31"
FIRST, SECOND = date(2024, 1, 10), date(2024, 7, 10)
TABLES = (
    "companies", "persons", "contact_points", "names", "identifiers", "classifications", "statuses", "records",
    "declarations", "edges", "statements", "redirects",
)  # fmt: skip
DELIVERY_COLUMNS = ("last_seen_on",)
"""What names the delivery: an update does not repeat the records that stayed as they were."""

A, B, C, D, E, F, G = (
    f"2549000CHANGE{end}" for end in ("AAAA058", "BBBB022", "CCCC083", "DDDD047", "EEEE011", "FFFF072", "GGGG036")
)
DIRECT, ULTIMATE, MANAGED = "IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY", "IS_FUND-MANAGED_BY"


@dataclass(frozen=True, kw_only=True)
class Entity:
    name: str
    updated: date = FIRST
    former: tuple[str, ...] = ()
    town: str = "London"
    status: str = "ACTIVE"
    registration: str = "ISSUED"
    expired: date | None = None

    def xml(self, lei: str) -> str:
        names = "".join(f'<OtherEntityName type="PREVIOUS_LEGAL_NAME">{name}</OtherEntityName>' for name in self.former)
        expired = f"<EntityExpirationDate>{self.expired}T00:00:00Z</EntityExpirationDate>" if self.expired else ""
        reason = "<EntityExpirationReason>DISSOLVED</EntityExpirationReason>" if self.expired else ""
        address = f"<FirstAddressLine>1 High Street</FirstAddressLine><City>{self.town}</City><Country>GB</Country>"
        return (
            f"<LEIRecord><LEI>{lei}</LEI><Entity><LegalName>{self.name}</LegalName>"
            f"<OtherEntityNames>{names}</OtherEntityNames><LegalAddress>{address}</LegalAddress>"
            f"<LegalJurisdiction>GB</LegalJurisdiction><EntityCategory>GENERAL</EntityCategory>"
            f"<EntityStatus>{self.status}</EntityStatus>{expired}{reason}</Entity>"
            f"<Registration><LastUpdateDate>{self.updated}T12:00:00Z</LastUpdateDate>"
            f"<RegistrationStatus>{self.registration}</RegistrationStatus></Registration></LEIRecord>"
        )


@dataclass(frozen=True, kw_only=True)
class Tie:
    updated: date = FIRST
    status: str = "ACTIVE"
    start: date = date(2015, 5, 1)
    end: date | None = None

    def xml(self, start: str, kind: str, end: str) -> str:
        ended = f"<EndDate>{self.end}T00:00:00Z</EndDate>" if self.end else ""
        return (
            f"<RelationshipRecord><Relationship><StartNode><NodeID>{start}</NodeID><NodeIDType>LEI</NodeIDType>"
            f"</StartNode><EndNode><NodeID>{end}</NodeID><NodeIDType>LEI</NodeIDType></EndNode>"
            f"<RelationshipType>{kind}</RelationshipType><RelationshipPeriods><RelationshipPeriod>"
            f"<StartDate>{self.start}T00:00:00Z</StartDate>{ended}<PeriodType>RELATIONSHIP_PERIOD</PeriodType>"
            f"</RelationshipPeriod></RelationshipPeriods><RelationshipStatus>{self.status}</RelationshipStatus>"
            f"</Relationship><Registration><LastUpdateDate>{self.updated}T12:00:00Z</LastUpdateDate>"
            f"<RegistrationStatus>PUBLISHED</RegistrationStatus></Registration></RelationshipRecord>"
        )


@dataclass(frozen=True, kw_only=True)
class Reason:
    word: str

    def xml(self, lei: str, category: str) -> str:
        return (
            f"<Exception><LEI>{lei}</LEI><ExceptionCategory>{category}</ExceptionCategory>"
            f"<ExceptionReason>{self.word}</ExceptionReason></Exception>"
        )


Key = tuple[str, ...]
Records = Mapping[Key, Any]


@dataclass(frozen=True, kw_only=True)
class State:
    """What the register says on a day, by the keys of its records."""

    entities: Records
    ties: Records
    reasons: Records = field(default_factory=dict)

    def changes_since(self, before: State) -> State:
        """Return the records that are new or say something else."""
        kinds = (
            {key: one for key, one in now.items() if then.get(key) != one}
            for now, then in zip(self._kinds(), before._kinds(), strict=True)
        )
        return State(**dict(zip(("entities", "ties", "reasons"), kinds, strict=True)))

    def write(self, folder: Path, content: str, gone: Iterable[str] = ()) -> list[Path]:
        """Write the three files; `gone` are the XML of records that GLEIF took out."""
        folder.mkdir(parents=True)
        roots = (("LEIData", "LEIRecords"), ("RelationshipData", "Records"), ("ReportingExceptionData", "Exceptions"))
        for (root, inside), records in zip(roots, self._kinds(), strict=True):
            body = "".join(one.xml(*key) for key, one in records.items())
            extra = "".join(gone) if root == "RelationshipData" else ""
            header = f"<Header><FileContent>{content}</FileContent></Header>"
            (folder / f"{root}.xml").write_text(
                f"<{root}>{header}<{inside}>{body}{extra}</{inside}></{root}>", encoding="utf-8"
            )
        return sorted(folder.iterdir())

    def _kinds(self) -> tuple[Records, Records, Records]:
        return self.entities, self.ties, self.reasons


BEFORE = State(
    entities={
        (A,): Entity(name="Alder Limited"),
        (B,): Entity(name="Birch Limited", town="Leeds"),
        (C,): Entity(name="Cedar Limited"),
        (D,): Entity(name="Daphne Limited"),
        (E,): Entity(name="Elder Limited"),
        (G,): Entity(name="Gorse Limited"),
    },
    ties={
        (A, DIRECT, B): Tie(),
        (A, ULTIMATE, C): Tie(),
        (D, MANAGED, B): Tie(),
        (E, DIRECT, B): Tie(),
    },
    reasons={(C, "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT"): Reason(word="NO_KNOWN_PERSON")},
)
SPRING = date(2024, 4, 2)
AFTER = State(
    entities={
        **BEFORE.entities,
        (A,): Entity(name="Alder Holdings Limited", former=("Alder Limited",), updated=SPRING),
        (B,): Entity(name="Birch Limited", town="Hull", updated=SPRING),
        (D,): Entity(
            name="Daphne Limited", status="INACTIVE", registration="RETIRED", expired=date(2024, 3, 31), updated=SPRING
        ),
        (E,): Entity(name="Elder Limited", registration="LAPSED", updated=SPRING),
        (F,): Entity(name="Fir Limited", updated=SPRING),
    },
    ties={
        **BEFORE.ties,
        (A, DIRECT, B): Tie(status="INACTIVE", end=date(2024, 2, 1), updated=SPRING),
        (A, DIRECT, C): Tie(start=date(2024, 2, 1), updated=SPRING),
        (D, MANAGED, B): Tie(status="INACTIVE", updated=SPRING),
    },
    reasons={(C, "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT"): Reason(word="NON_PUBLIC")},
)


class Home:
    """A home with its own deliveries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ingest(self, state: State, day: date, kind: DeliveryKind, gone: Iterable[str] = ()) -> None:
        content = {DeliveryKind.FULL: "GLEIF_FULL_PUBLISHED", DeliveryKind.UPDATE: "GLEIF_DELTA_PUBLISHED"}[kind]
        files = state.write(self.folder / str(day), content, gone)
        result = ingest("gleif", files, staged=self.folder / "staged", request=IngestRequest(observed_on=day))
        assert (result.manifest.kind, result.manifest.dataset) == (kind, "gleif")
        assert result.manifest.unknown_fields == ()
        assert result.manifest.issues == {}

    def build(self) -> Snapshot:
        staged, snapshots = self.folder / "staged", self.folder / "snapshots"
        pairs = link(staged, self.folder / "linked").path
        build_snapshot(BuildInput(staged=staged, same_as=pairs, snapshots=snapshots), BuildConfig(max_drop=1.0))
        return open_snapshot(snapshots)


def tables(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    return {name: rows(snapshot.table(name)) for name in TABLES}


def rows(table: pa.Table) -> list[dict[str, Any]]:
    said = table.drop_columns([name for name in DELIVERY_COLUMNS if name in table.column_names])
    found: list[dict[str, Any]] = said.to_pylist()
    return found


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A full delivery and an update."""
    home = Home(tmp_path_factory.mktemp("updated"))
    home.ingest(BEFORE, FIRST, DeliveryKind.FULL)
    home.ingest(AFTER.changes_since(BEFORE), SECOND, DeliveryKind.UPDATE)
    return home.build()


@pytest.fixture(scope="module")
def twice_full(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The same two days as two full deliveries."""
    home = Home(tmp_path_factory.mktemp("full"))
    home.ingest(BEFORE, FIRST, DeliveryKind.FULL)
    home.ingest(AFTER, SECOND, DeliveryKind.FULL)
    return home.build()


@pytest.mark.parametrize("table", TABLES)
def test_an_update_over_a_full_delivery_is_the_full_delivery_of_that_day(
    updated: Snapshot, twice_full: Snapshot, table: str
) -> None:
    assert tables(updated)[table] == tables(twice_full)[table]


def stated(snapshot: Snapshot, table: str, *columns: str, **where: str) -> list[tuple[str, ...]]:
    """Return some columns of what is known of a table now, as texts, where others have these values."""
    ids = [name[-7:] for one in ("companies", "contact_points") for name in snapshot.table(one)["id"].to_pylist()]
    found = []
    for row in snapshot.table(table).to_pylist():
        row |= {end: ids[row[end]] for end in ("node", "source", "target") if end in row}
        now = str(row.get("known_until", FOREVER)) == FOREVER
        if now and all(row[name] == value for name, value in where.items()):
            found.append(tuple(str(row[name]) for name in columns))
    return found


def test_a_rename_lies_between_two_days(twice_full: Snapshot) -> None:
    columns = ("name", "kind", "valid_from", "valid_to", "last_seen_on")
    assert stated(twice_full, "names", *columns, node="AAAA058") == [
        ("Alder Holdings Limited", "legal", "2024-07-10", FOREVER, "2024-07-10"),
        ("Alder Limited", "former", "2024-07-10", FOREVER, "2024-07-10"),
        ("Alder Limited", "legal", BEGINNING, "2024-07-10", "2024-01-10"),
    ]


def test_relationships_end_on_their_days(twice_full: Snapshot) -> None:
    columns = ("source", "target", "valid_from", "valid_to", "known_from")
    assert stated(twice_full, "edges", *columns, kind="consolidated_directly_by") == [
        ("AAAA058", "BBBB022", "2015-05-01", "2024-02-01", "2024-04-02"),
        ("AAAA058", "CCCC083", "2024-02-01", FOREVER, "2024-04-02"),
        ("EEEE011", "BBBB022", "2015-05-01", FOREVER, "2024-01-10"),
    ]
    # It was said to end two days after the fund was dissolved, of which nobody knew then.
    assert stated(twice_full, "edges", *columns, kind="managed_by") == [
        ("DDDD047", "BBBB022", "2015-05-01", "2024-03-31", "2024-07-10")
    ]


def test_a_move_a_dissolution_and_a_new_entity(twice_full: Snapshot) -> None:
    addresses = stated(twice_full, "edges", "target", "valid_from", "valid_to", kind="address", source="BBBB022")
    assert addresses == [("et hull", "2024-07-10", FOREVER), ("t leeds", BEGINNING, "2024-07-10")]
    statuses = stated(twice_full, "statuses", "status", "valid_from", "last_seen_on", node="DDDD047")
    assert statuses == [("dissolved", "2024-03-31", "2024-07-10"), ("active", BEGINNING, "2024-01-10")]
    assert stated(twice_full, "statuses", "status", "valid_from", node="FFFF072") == [("active", "2024-07-10")]


def test_what_is_said_instead_of_a_parent_changes(twice_full: Snapshot) -> None:
    assert stated(twice_full, "declarations", "reason", "valid_from", "valid_to", node="CCCC083") == [
        ("NO_KNOWN_PERSON", BEGINNING, "2024-07-10"),
        ("NON_PUBLIC", "2024-07-10", FOREVER),
    ]


def test_an_update_voids_what_was_annulled_or_taken_out(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.ingest(BEFORE, FIRST, DeliveryKind.FULL)
    deletion = "<Extension><Deletion><DeletedAt>2024-07-01T00:00:00Z</DeletedAt></Deletion></Extension>"
    deleted = BEFORE.ties[E, DIRECT, B].xml(E, DIRECT, B).replace("</RelationshipRec", f"{deletion}</RelationshipRec")
    annulled = Entity(name="Gorse Limited", status="NULL", registration="ANNULLED", updated=SPRING)
    home.ingest(State(entities={(G,): annulled}, ties={}), SECOND, DeliveryKind.UPDATE, [deleted])
    snapshot = home.build()
    assert stated(snapshot, "names", "name", node="GGGG036") == []
    assert stated(snapshot, "records", "name", node="GGGG036") == []
    assert stated(snapshot, "edges", "target", source="GGGG036") == []
    assert stated(snapshot, "edges", "source", "target", kind="consolidated_directly_by") == [("AAAA058", "BBBB022")]
    assert [row["known_until"] for row in snapshot.table("records").to_pylist() if row["name"] == "Gorse Limited"] == [
        SECOND
    ]
