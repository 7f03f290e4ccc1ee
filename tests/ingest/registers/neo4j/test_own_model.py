from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from graphleads.graph.neo4j import model
from graphleads.ingest.registers.neo4j.own_model import OWN_NAMES, OWN_WANTED
from graphleads.ingest.registers.neo4j.own_node import company_rows
from graphleads.ingest.registers.neo4j.own_statement import SourceText, Unreadable, checked, parse_sources
from graphleads.model import NodeKind


def test_every_label_and_type_of_the_model_is_read_or_left_out() -> None:
    patterns = [*(one.pattern for one in OWN_WANTED), *OWN_NAMES]
    assert {pattern.start for pattern in patterns} - {""} == {
        *model.LABELS.values(), model.ENTITY, model.SNAPSHOT, model.LEAD,
    }  # fmt: skip
    assert {pattern.type for pattern in patterns} - {None} == {*model.TYPES.values(), model.ABOUT}
    assert model.LABELS[NodeKind.CONTACT_POINT] in {pattern.start for pattern in OWN_NAMES}


def test_a_source_may_have_tabs_in_its_record() -> None:
    (source,) = parse_sources({"sources": ["known\ti\t2\t2025-06-30"]})
    assert source == SourceText(dataset="known", record="i\t2", last_seen_on="2025-06-30")
    (unbounded,) = parse_sources({"sources": ["known\tr\t"]})
    assert unbounded == SourceText(dataset="known", record="r")


@pytest.mark.parametrize("sources", [None, "text", ["no tabs"], ["\t\t"], [3]])
def test_what_is_no_source_is_refused(sources: object) -> None:
    with pytest.raises(Unreadable):
        list(parse_sources({"sources": sources}))


def test_a_row_is_checked_against_its_table() -> None:
    row = {
        "dataset": "d", "record": "r", "id": "X-A:1", "name": 3, "capital": "1000.50", "mentioned": False,
        "incorporated_on": "2020-01-02", "n_employees_min": "many", "status": "asleep",
    }  # fmt: skip
    whole, unfit = checked("companies", row)
    assert whole is not None
    assert (whole["capital"], whole["incorporated_on"]) == (Decimal("1000.50"), date(2020, 1, 2))
    assert unfit == ["name", "status", "n_employees_min"]
    assert checked("companies", {"dataset": "d", "record": "r"}) == (None, [])


def test_a_record_and_its_status_are_one_row_again() -> None:
    said = {"dataset": "d", "record": "r"}
    statements = (
        '{"records": [{"dataset": "d", "record": "r", "name": "A", "status": "active", "known_from": "2020-01-01"}],'
        ' "statuses": [{"dataset": "d", "record": "r", "status": "active", "valid_from": "1999-01-01",'
        ' "known_from": "2020-01-01"}],'
        ' "names": [{"dataset": "d", "record": "r", "name": "A", "kind": "legal"},'
        ' {"dataset": "d", "record": "r", "name": "Old A", "kind": "former"}]}'
    )
    rows = company_rows({"id": "X-A:1", "statements": statements}, date(2020, 1, 1), whole=True)
    (company,) = rows["companies"]
    assert {name: company[name] for name in ("name", "status", "start_on", "published_on", "op")} == {
        "name": "A", "status": "active", "start_on": date(1999, 1, 1), "published_on": date(2020, 1, 1), "op": "assert",
    }  # fmt: skip
    assert [(row["name"], row["kind"], row["record"]) for row in rows["names"]] == [("Old A", "former", said["record"])]
    assert company_rows({"id": "X-A:1", "statements": statements}, date(2019, 1, 1), whole=True)["companies"] == []
