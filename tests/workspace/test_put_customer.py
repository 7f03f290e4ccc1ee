from __future__ import annotations

from collections.abc import Callable

import pytest

from graphleads.errors import Conflict
from graphleads.identity.matches import Matches
from graphleads.model import CustomerRecord, CustomerStatus, MatchState
from graphleads.workspace.workspace import Workspace

BIRCH = CustomerRecord(external_id="b", name="Birch Ltd", status=CustomerStatus.WON, owner="ann")


def test_a_customer_is_brought_in_with_its_match_or_not_at_all(
    ready: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Conflict("no")

    with monkeypatch.context() as patched:
        patched.setattr(Matches, "save", refuse)
        with pytest.raises(Conflict):
            ready.customers.put(BIRCH, source="test")
    assert [one.external_id for one in ready.customers.all()] == ["a", "c", "e"]
    assert [one.file for one in ready.customers.imports()] == ["the DataFrame"]

    assert ready.customers.put(BIRCH, source="test")
    found = ready.customers.get("b").match
    assert found is not None
    assert found.state is MatchState.SURE


def test_without_a_register_a_customer_waits_for_its_match(open_home: Callable[[], Workspace]) -> None:
    workspace = open_home()

    assert workspace.customers.put(BIRCH, source="test")
    assert workspace.customers.get("b").match is None
