from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graphleads.errors import DeliveryConflict, NotFound, ValueInvalid
from graphleads.testing.known_graph import company
from graphleads.testing.staging import Rows, stage_delivery
from graphleads.workspace.workspace import Workspace

KNOWN = "2025-06-30"


def stage_more(home: Path, observed_on: str = "2025-07-01", name: str = "Kauri Ltd") -> str:
    rows: dict[str, Rows] = {"companies": [{"record": "k", "id": "X-MORE:1", "name": name}]}
    return stage_delivery(home / "staged", rows, observed_on=observed_on, dataset="more").name


def test_a_delivery_is_taken_back_and_put_back(ready: Workspace, home: Path) -> None:
    delivery = stage_more(home)
    ready.run()
    assert [one.dataset for one in ready.registers.deliveries()] == ["known", "more"]
    assert ready.graph.names(["X-MORE:1"]) == {"X-MORE:1": "Kauri Ltd"}

    assert ready.registers.remove_delivery("2025-07").dataset == "more"
    assert [one.dataset for one in ready.registers.deliveries()] == ["known"]
    assert [one.id for one in ready.registers.removed_deliveries()] == [delivery]
    assert (home / "removed" / "more" / delivery / "manifest.json").is_file()
    assert "build" in ready.status().stale
    assert ready.graph.names(["X-MORE:1"]) == {"X-MORE:1": "Kauri Ltd"}
    ready.run()
    assert ready.graph.names(["X-MORE:1"]) == {}

    assert ready.registers.restore_delivery(delivery).dataset == "more"
    assert ready.registers.removed_deliveries() == []
    ready.run()
    assert ready.graph.names(["X-MORE:1"]) == {"X-MORE:1": "Kauri Ltd"}


def test_the_last_delivery_can_be_taken_back_and_what_was_built_is_served(ready: Workspace) -> None:
    ready.registers.remove_delivery(KNOWN)

    status = ready.status()
    assert (status.deliveries, status.next_step) == ((), "ingest READER FILES…")
    assert status.snapshot == ready.registers.snapshot_id()
    assert ready.graph.company(company("Alder")).company.name == "Alder Ltd"


def test_a_delivery_that_is_not_there_or_not_the_only_one_is_refused(
    open_home: Callable[[], Workspace], home: Path
) -> None:
    workspace = open_home()
    stage_more(home, "2025-06-29")

    for ask in (
        workspace.registers.remove_delivery,
        workspace.registers.restore_delivery,
        workspace.registers.delivery_issues,
    ):
        with pytest.raises(NotFound, match="`graphleads deliveries list"):
            ask("2019")
    with pytest.raises(NotFound):
        workspace.registers.remove_delivery("")
    with pytest.raises(ValueInvalid, match="2 deliveries begin with '2025-06': write more"):
        workspace.registers.remove_delivery("2025-06")
    assert len(workspace.registers.deliveries()) == 2


def test_what_is_there_is_not_replaced_by_what_was_removed(open_home: Callable[[], Workspace], home: Path) -> None:
    workspace = open_home()
    stage_more(home)
    workspace.registers.remove_delivery("2025-07-01")
    stage_more(home)

    with pytest.raises(DeliveryConflict, match=r"is in .*staged already"):
        workspace.registers.restore_delivery("2025-07-01")
    with pytest.raises(DeliveryConflict, match=r"is in .*removed already"):
        workspace.registers.remove_delivery("2025-07-01")


def test_another_full_delivery_of_the_day_has_to_go_first(open_home: Callable[[], Workspace], home: Path) -> None:
    workspace = open_home()
    first = stage_more(home)
    workspace.registers.remove_delivery(first)
    second = stage_more(home, name="Larch Ltd")

    with pytest.raises(DeliveryConflict, match=f"another full delivery of 2025-07-01, {second}: `graphleads deliv"):
        workspace.registers.restore_delivery(first)
    workspace.registers.remove_delivery(second)
    assert workspace.registers.restore_delivery(first).id == first


def test_a_delivery_without_issues_has_none(open_home: Callable[[], Workspace]) -> None:
    assert open_home().registers.delivery_issues(KNOWN) == []
