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
    assert [one.dataset for one in ready.deliveries()] == ["known", "more"]
    assert ready.names(["X-MORE:1"]) == {"X-MORE:1": "Kauri Ltd"}

    assert ready.remove_delivery("2025-07").dataset == "more"
    assert [one.dataset for one in ready.deliveries()] == ["known"]
    assert [one.id for one in ready.removed_deliveries()] == [delivery]
    assert (home / "removed" / "more" / delivery / "manifest.json").is_file()
    assert "build" in ready.status().stale
    assert ready.names(["X-MORE:1"]) == {"X-MORE:1": "Kauri Ltd"}
    ready.run()
    assert ready.names(["X-MORE:1"]) == {}

    assert ready.restore_delivery(delivery).dataset == "more"
    assert ready.removed_deliveries() == []
    ready.run()
    assert ready.names(["X-MORE:1"]) == {"X-MORE:1": "Kauri Ltd"}


def test_the_last_delivery_can_be_taken_back_and_what_was_built_is_served(ready: Workspace) -> None:
    ready.remove_delivery(KNOWN)

    status = ready.status()
    assert (status.deliveries, status.next_step) == ((), "ingest READER FILES…")
    assert status.snapshot == ready.snapshot_id()
    assert ready.company(company("Alder")).company.name == "Alder Ltd"


def test_a_delivery_that_is_not_there_or_not_the_only_one_is_refused(
    open_home: Callable[[], Workspace], home: Path
) -> None:
    workspace = open_home()
    stage_more(home, "2025-06-29")

    for ask in (workspace.remove_delivery, workspace.restore_delivery, workspace.delivery_issues):
        with pytest.raises(NotFound, match="`graphleads deliveries list"):
            ask("2019")
    with pytest.raises(NotFound):
        workspace.remove_delivery("")
    with pytest.raises(ValueInvalid, match="2 deliveries begin with '2025-06': write more"):
        workspace.remove_delivery("2025-06")
    assert len(workspace.deliveries()) == 2


def test_what_is_there_is_not_replaced_by_what_was_removed(open_home: Callable[[], Workspace], home: Path) -> None:
    workspace = open_home()
    stage_more(home)
    workspace.remove_delivery("2025-07-01")
    stage_more(home)

    with pytest.raises(DeliveryConflict, match=r"is in .*staged already"):
        workspace.restore_delivery("2025-07-01")
    with pytest.raises(DeliveryConflict, match=r"is in .*removed already"):
        workspace.remove_delivery("2025-07-01")


def test_another_full_delivery_of_the_day_has_to_go_first(open_home: Callable[[], Workspace], home: Path) -> None:
    workspace = open_home()
    first = stage_more(home)
    workspace.remove_delivery(first)
    second = stage_more(home, name="Larch Ltd")

    with pytest.raises(DeliveryConflict, match=f"another full delivery of 2025-07-01, {second}: `graphleads deliv"):
        workspace.restore_delivery(first)
    workspace.remove_delivery(second)
    assert workspace.restore_delivery(first).id == first


def test_a_delivery_without_issues_has_none(open_home: Callable[[], Workspace]) -> None:
    assert open_home().delivery_issues(KNOWN) == []
