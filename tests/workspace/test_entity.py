from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from graphleads.errors import EntityNotFound, ValueInvalid
from graphleads.testing.known_graph import company
from graphleads.testing.staging import stage_delivery
from graphleads.workspace.entity import find_company, find_entity
from graphleads.workspace.workspace import Workspace

BORNE = {
    "companies": [
        {"record": "coh", "id": "GB-COH:00001234", "name": "Kauri Ltd"},
        *({"record": name, "id": f"X-LIST:{name}", "name": f"{name} Ltd"} for name in ("Larch", "Maple", "Nutmeg")),
    ],
    "identifiers": [
        {"record": "Larch", "id": "X-LIST:Larch", "scheme": "X-TAX", "value": "77"},
        {"record": "Maple", "id": "X-LIST:Maple", "scheme": "X-TAX", "value": "88"},
        {"record": "Nutmeg", "id": "X-LIST:Nutmeg", "scheme": "X-TAX", "value": "88"},
    ],
}


@pytest.fixture
def find(open_home: Callable[[], Workspace], home: Path) -> Callable[[str], str]:
    stage_delivery(home / "staged", BORNE, observed_on="2025-07-01", dataset="borne")
    workspace = open_home()
    workspace.run()
    snapshot = workspace.graph().snapshot
    return lambda text: find_company(snapshot, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GB-COH:00001234", "GB-COH:00001234"),
        ("gb-coh:1234", "GB-COH:00001234"),
        ("GB-COH-1234", "GB-COH:00001234"),
        ("gb_coh: 1234.0", "GB-COH:00001234"),
        ("X-TAX:77", "X-LIST:Larch"),
        ("X-TAX:77.0", "X-LIST:Larch"),
        (" x-tax: 77 ", "X-LIST:Larch"),
        (company("Alder"), company("Alder")),
    ],
)
def test_a_company_is_found_by_whatever_it_alone_bears(find: Callable[[str], str], text: str, found: str) -> None:
    assert find(text) == found


def test_entities_are_found_likewise(built: Workspace) -> None:
    snapshot = built.graph().snapshot

    assert find_entity(snapshot, "x-known:01") == company("Alder")
    assert find_entity(snapshot, "X-KNOWN-PERSON:ann") == "X-KNOWN-PERSON:ann"
    assert find_entity(snapshot, "X-KNOWN:99") == "X-KNOWN:99"
    with pytest.raises(ValueInvalid, match="'Alder Trees' is no id, and no company is called so") as error:
        find_entity(snapshot, "Alder Trees")
    assert error.value.values["candidates"] == (company("Alder"),)
    assert built.graph.relationships("x-known:01").node.id == company("Alder")


def test_an_identifier_of_several_companies_names_them(find: Callable[[str], str]) -> None:
    with pytest.raises(ValueInvalid, match="borne by 2 companies, X-LIST:Maple, X-LIST:Nutmeg: name one"):
        find("X-TAX:88")


def test_what_nobody_bears_is_not_found(find: Callable[[str], str]) -> None:
    with pytest.raises(EntityNotFound, match="There is no company X-TAX:99"):
        find("X-TAX:99")
    with pytest.raises(ValueInvalid, match="is no id"):
        find("Kauri Trees")


def test_a_person_is_no_company_and_has_relationships(find: Callable[[str], str]) -> None:
    with pytest.raises(EntityNotFound, match="not a company: `graphleads relationships X-KNOWN-PERSON:ann` shows"):
        find("X-KNOWN-PERSON:ann")


def test_a_number_is_found_however_it_is_written(open_home: Callable[[], Workspace], home: Path) -> None:
    ids = ("GB-COH:RS00129S", "BR-CNPJ:12ABC345", "GB-COH:09900123")
    rows = [{"record": one, "id": one, "name": f"Kauri {place}"} for place, one in enumerate(ids)]
    stage_delivery(home / "staged", {"companies": rows}, observed_on="2025-07-01", dataset="numbered")
    workspace = open_home()
    workspace.run()
    written = {"rs129s": ids[0], "12.ABC.345/01DE-35": ids[1], "9900123.0": ids[2], "gb-coh-9900123": ids[2]}

    assert {text: workspace.graph.search(text)[0].node.id for text in written} == written
    numbers = pd.DataFrame(
        {"id": list(written), "name": "Unlike Any", "status": "won", "Company Number": list(written)}
    )
    workspace.import_customers(numbers)
    workspace.match()
    assert {one.customer: one.company for one in workspace.customers.matches()} == written
