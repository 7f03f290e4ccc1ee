from __future__ import annotations

import pytest

from graphleads.errors import CustomerNotFound, MatchUndecided, ValueInvalid
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.testing.known_graph import company
from graphleads.workspace.workspace import Workspace

ALDER, BIRCH, CEDAR, ELM = (company(name) for name in ("Alder", "Birch", "Cedar", "Elm"))


def put(workspace: Workspace, key: str, name: str, *numbers: str) -> None:
    identifiers = tuple(("", one) for one in numbers)
    record = CustomerRecord(external_id=key, name=name, status=CustomerStatus.LOST, identifiers=identifiers)
    workspace.customers.put(record, source="test")


def test_customers_stand_for_their_companies_by_id_and_by_name(ready: Workspace) -> None:
    put(ready, "crm/7", "Birch Ltd")
    assert ready.recommend(customers=["a"]).run.seeds == (ALDER,)
    assert ready.recommend(customers=["cedar  LTD", "crm/7"]).run.seeds == (BIRCH, CEDAR)
    assert ready.recommend(customers=["crm/7"], seeds=["Elm Ltd", ALDER]).run.seeds == (ALDER, BIRCH, ELM)
    assert ready.explain(ELM, customers=["a"]).run.seeds == (ALDER,)
    paths = ready.graph.paths([BIRCH], customers=["Alder Ltd"])
    assert [one.id for one in paths.ends] == [BIRCH, ALDER]
    assert [one.id for one in ready.graph.paths(customers=["a", "c"]).ends] == [ALDER, CEDAR]
    with pytest.raises(ValueInvalid, match="Paths between 1 entities"):
        ready.graph.paths(customers=["a"])


def test_an_id_has_two_forms_where_the_crm_gives_it_two(ready: Workspace) -> None:
    put(ready, "0015g00000AbCdE", "Birch Ltd")
    assert ready.recommend(customers=["0015g00000AbCdEAAV"]).run.seeds == (BIRCH,)


def test_a_customer_that_is_not_there_is_said_with_those_that_are_called_like_it(ready: Workspace) -> None:
    with pytest.raises(CustomerNotFound) as error:
        ready.recommend(customers=["Aldr Ltd"])
    assert error.value.values["candidates"] == ("a", "c")
    assert "There is no customer 'Aldr Ltd', by id or by name; called like it: Alder Ltd (a)" in str(error.value)
    with pytest.raises(CustomerNotFound, match="There is no customer 'qqq', by id or by name") as error:
        ready.recommend(customers=["qqq"])
    assert error.value.values["candidates"] == ()


def test_a_name_that_several_customers_have_names_them(ready: Workspace) -> None:
    put(ready, "x", "Alder Ltd")
    with pytest.raises(ValueInvalid, match="2 customers are called 'alder ltd', a, x: name one by its id") as error:
        ready.recommend(customers=["alder ltd"])
    assert error.value.values["candidates"] == ("a", "x")


def test_a_customer_that_may_be_several_companies_names_them(ready: Workspace) -> None:
    put(ready, "mixed", "Alder Ltd", BIRCH)
    with pytest.raises(MatchUndecided) as error:
        ready.explain(ELM, customers=["mixed"])
    assert set(error.value.values["candidates"] or ()) == {ALDER, BIRCH}  # type: ignore[arg-type]
    assert f"may be Birch Ltd ({BIRCH}), Alder Ltd ({ALDER})" in str(error.value)
    with pytest.raises(MatchUndecided, match="no company was found for it") as error:
        ready.graph.paths([ELM], customers=["e"])
    assert error.value.values["candidates"] == ()
