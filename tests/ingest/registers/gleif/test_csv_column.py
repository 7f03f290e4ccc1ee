"""The CSV's columns as the XML's fields."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from graphleads.formats.row_block import RowBlock
from graphleads.ingest.registers.gleif.csv_column import plan_columns
from graphleads.ingest.registers.gleif.layout import ENTITIES, EXCEPTIONS, RELATIONSHIPS, Layout

NAMES = "Entity.OtherEntityNames.OtherEntityName"


@pytest.mark.parametrize(
    ("layout", "column", "place"),
    [
        (ENTITIES, "LEI", ("LEI", 0, None)),
        (ENTITIES, f"{NAMES}.2", (NAMES, 2, "text")),
        (ENTITIES, f"{NAMES}.2.xmllang", (NAMES, 2, "xmllang")),
        (ENTITIES, "Entity.SuccessorEntity.SuccessorLEI", ("Entity.SuccessorEntity", 1, "SuccessorLEI")),
        (
            ENTITIES,
            "Entity.LegalAddress.AdditionalAddressLine.3",
            ("Entity.LegalAddress.AdditionalAddressLine", 3, None),
        ),
        (
            RELATIONSHIPS,
            "Relationship.Period.4.endDate",
            ("Relationship.RelationshipPeriods.RelationshipPeriod", 4, "EndDate"),
        ),
        (EXCEPTIONS, "Exception.Reason.5", ("ExceptionReason", 5, None)),
        (EXCEPTIONS, "DeletedAt", ("Extension.Deletion.DeletedAt", 0, None)),
    ],
)
def test_where_a_column_goes(layout: Layout, column: str, place: tuple[str, int, str | None]) -> None:
    columns = plan_columns([column], layout)
    assert columns.places == {column: place}
    assert columns.known == [column]


@pytest.mark.parametrize(
    "column",
    [
        "Entity.LegalName.xmllang",
        "Entity.OtherAddresses.OtherAddress.3.AdditionalAddressLine.2",
        "Entity.LegalEntityEvents.LegalEntityEvent.5.AffectedFields.5.field_xpath",
        "Entity.SuccessorEntity.2.SuccessorEntity.xmllang",
        "Entity.AssociatedEntity.AssociatedEntityName.xmllang",
    ],
)
def test_a_column_left_out_on_purpose_is_known(column: str) -> None:
    columns = plan_columns([column], ENTITIES)
    assert columns.known == [column]
    assert columns.places == {}


def test_a_new_column_is_not_known() -> None:
    assert plan_columns(["Entity.Colour", "Entity.LegalNames"], ENTITIES).known == []


def test_repetitions_become_lists_without_the_empty_ones() -> None:
    columns = plan_columns([f"{NAMES}.1", f"{NAMES}.2", f"{NAMES}.2.type"], ENTITIES)
    block = RowBlock(
        file="f",
        columns={
            f"{NAMES}.1": pa.array(["a", None, None]),
            f"{NAMES}.2": pa.array(["b", "c", None]),
            f"{NAMES}.2.type": pa.array(["T", None, None]),
        },
        rows=np.arange(2, 5),
    )
    gathered = columns.gather(block)
    assert gathered.columns[NAMES].to_pylist() == [
        [{"text": "a", "xmllang": None, "type": None}, {"text": "b", "xmllang": None, "type": "T"}],
        [{"text": "c", "xmllang": None, "type": None}],
        [],
    ]
    assert gathered.columns["LEI"].to_pylist() == [None, None, None]
