"""Entities as they come: whole, nested, in pieces."""

from __future__ import annotations

import pytest

from graphleads.formats.report import DeliveryReport
from graphleads.ingest.registers.ftm.entity import Entity, account, merge_entities, open_entities


def entity(schema: str = "Company", **properties: list[str]) -> Entity:
    (opened,) = open_entities("file", 1, {"id": "one", "schema": schema, "properties": properties})
    return opened


def test_what_is_inside_an_entity_is_named_by_its_id() -> None:
    nested = {
        "id": "own", "schema": "Ownership",
        "properties": {"owner": [{"id": "ada", "schema": "Person", "properties": {"name": ["Ada"]}}], "asset": "alder"},
    }  # fmt: skip
    outer, inner = open_entities("file", 7, nested)
    assert outer.properties == {"owner": ["ada"], "asset": ["alder"]}
    assert (inner.id, inner.schema, inner.number, inner.properties) == ("ada", "Person", 7, {"name": ["Ada"]})


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"id": "a", "schema": "Person"},
        {"id": " ", "schema": "Person", "properties": {}},
        {"id": 5, "schema": "Person", "properties": {}},
        {"id": "a", "schema": None, "properties": {}},
        {"id": "a", "schema": "Person", "properties": []},
    ],
)
def test_what_is_no_entity_is_none(content: dict[str, object]) -> None:
    assert open_entities("file", 1, content) == []


def test_values_are_clean_and_stand_once() -> None:
    assert entity(name=[" A ", "A", "", "B"]).properties == {"name": ["A", "B"]}


def test_the_caption_is_the_first_name() -> None:
    content = {"id": "a", "schema": "Person", "caption": "B", "properties": {"name": ["A", "B"]}}
    assert open_entities("file", 1, content)[0].properties["name"] == ["B", "A"]


def test_pieces_have_all_values_and_the_schema_that_says_more() -> None:
    merged = merge_entities(entity("LegalEntity", name=["A"]), entity("Company", name=["B", "A"], phone=["+1"]))
    assert merged.schema == "Company"
    assert merged.properties == {"name": ["A", "B"], "phone": ["+1"]}
    assert merge_entities(entity("Person"), entity("Company")).schema == "Person"


def test_fields_are_accounted_for() -> None:
    report = DeliveryReport()
    content = {"id": "a", "schema": "Person", "properties": {}, "datasets": [], "brand_new": 1}
    person = entity("Person", name=["Ada"], idNumber=["1", "2"], notes=["x"], shoeSize=["40"])
    account(content, [person, entity("LegalEntity", innCode=["1"]), entity("Payment"), entity("Robot")], report)
    assert report.unknown_fields == {"brand_new", "Person.shoeSize", "Robot"}
    assert report.dropped_personal_fields == {"Person.idNumber": 2, "LegalEntity.innCode": 1}
    assert set(report.ignored_fields) == {"datasets", "Person.notes"}
