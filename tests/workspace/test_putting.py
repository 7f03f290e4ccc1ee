from __future__ import annotations

from datetime import date

import pytest

from graphleads.errors import Conflict, CustomerNotFound, ValueInvalid
from graphleads.identity.matches import Matches
from graphleads.model import CustomerRecord, CustomerStatus, MatchState
from graphleads.workspace.putting import PutResult, patched
from graphleads.workspace.workspace import Workspace

BIRCH = CustomerRecord(external_id="b", name="Birch Ltd", status=CustomerStatus.WON, owner="ann")
ELM = CustomerRecord(external_id="m", name="Elm Ltd", status=CustomerStatus.OPEN)


def test_many_are_stored_with_their_matches_or_not_at_all(ready: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Conflict("no")

    with monkeypatch.context() as changed:
        changed.setattr(Matches, "save", refuse)
        with pytest.raises(Conflict):
            ready.customers.put_all([BIRCH, ELM], source="test")
    assert [one.external_id for one in ready.customers.all()] == ["a", "c", "e"]

    put = ready.customers.put_all([BIRCH, ELM], source="test")
    assert [(one.external_id, one.result) for one in put.items] == [
        ("b", PutResult.CREATED),
        ("m", PutResult.CREATED),
    ]
    assert [one.match and one.match.state for one in put.items] == [MatchState.SURE, MatchState.SURE]
    assert ready.customers.put_all([], source="test").items == ()


def test_fields_are_patched_in_python(ready: Workspace) -> None:
    report = ready.customers.patch("a", {"owner": "bob", "jurisdiction": "UK"}, source="test")
    assert [one.field for change in report.changed for one in change.fields] == ["jurisdiction", "owner"]
    assert ready.customers.get("a").customer.jurisdiction == "GB"
    with pytest.raises(CustomerNotFound):
        ready.customers.patch("nobody", {"owner": "bob"}, source="test")
    with pytest.raises(ValueInvalid, match="A customer has no field 'colour': use custom"):
        ready.customers.patch("a", {"colour": "red"}, source="test")
    with pytest.raises(ValueInvalid, match="'perhaps' is no status"):
        ready.customers.patch("a", {"status": "perhaps"}, source="test")


def test_a_name_is_never_cleared() -> None:
    with pytest.raises(ValueInvalid, match="The name of a customer is never empty"):
        patched(BIRCH, {"name": None})


def test_a_day_stays_with_the_status_that_it_belongs_to() -> None:
    won = patched(BIRCH, {"won_on": date(2024, 5, 4)})
    assert patched(won, {"owner": None}).won_on == date(2024, 5, 4)
    assert patched(won, {"status": "lost"}).won_on is None
    assert patched(won, {"status": "lost", "won_on": date(2024, 5, 5)}).won_on == date(2024, 5, 5)
