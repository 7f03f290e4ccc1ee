"""One text is one, whichever door it comes in by: a file, a DataFrame, a program, a command line."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graphleads.crm.cleaning import clean_record
from graphleads.crm.crm_file import read_customers
from graphleads.db.session import require_text
from graphleads.errors import NotFound, ValueInvalid
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.text import clean_text, says_nothing
from graphleads.workspace.given import parse_text
from graphleads.workspace.question import Question
from graphleads.workspace.workspace import Workspace

NFC = "José Núñez"
NFD = unicodedata.normalize("NFD", NFC)

# In text a NUL beside a quote is a blank, so that the quote stays what it is (tests/formats/test_delimited.py).
PEOPLE = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)


def _of_file(path: Path) -> str | None:
    (record,) = read_customers(path).records
    return record.owner


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE)
@example(NFD)
@example("Ann\u200b  &amp;\u00a0Lee")
@example("NULL")
def test_an_owner_is_one_by_every_door(tmp_path: Path, text: str) -> None:
    row = {"ID": "1", "Name": "Alder Ltd", "Status": "won", "Owner": text}
    lines = io.StringIO()
    csv.writer(lines, quoting=csv.QUOTE_ALL).writerows([row.keys(), row.values()])
    (tmp_path / "crm.csv").write_bytes(lines.getvalue().encode())
    (tmp_path / "crm.json").write_text(json.dumps(row) + "\n", encoding="utf-8")
    sent = CustomerRecord(external_id="1", name="Alder Ltd", status=CustomerStatus.WON, owner=text)

    (framed,) = read_customers(pd.DataFrame([row])).records
    owners = {_of_file(tmp_path / "crm.csv"), _of_file(tmp_path / "crm.json"), framed.owner, clean_record(sent).owner}
    clean = clean_text(text)
    assert owners == {None if says_nothing(clean) else clean}
    if clean:
        assert require_text(text, "owner") == clean


def test_a_rep_who_types_another_normal_form_is_the_same(ready: Workspace) -> None:
    company = ready.graph.search("Birch")[0].node.id
    first = ready.claim(company, owner=NFD)
    assert first.owner == NFC
    assert ready.claim(company, owner=f" {NFC}\u200b") == first
    assert ready.leads.claims(owner=NFD) == [first]
    assert Question(owner=NFD).owner == NFC
    assert parse_text("R&amp;D", "owner") == "R&D"


def test_what_stands_for_nothing_is_refused_as_a_name(ready: Workspace) -> None:
    with pytest.raises(ValueInvalid, match="The owner is empty"):
        Question(owner="NULL")
    with pytest.raises(ValueInvalid, match="The customer's name is empty"):
        ready.customers.put(CustomerRecord(external_id="x", name="\\N", status=CustomerStatus.WON), source="test")


def test_a_customer_is_found_by_its_id_however_it_is_typed(ready: Workspace) -> None:
    ready.customers.put(CustomerRecord(external_id="Nr 1", name=NFD, status=CustomerStatus.WON), source="test")
    assert ready.customers.get("\u00a0Nr  1").customer.name == NFC


def test_a_rep_who_is_renamed_keeps_customers_and_claims(ready: Workspace) -> None:
    company = ready.graph.search("Birch")[0].node.id
    claim = ready.claim(company, owner="ann")
    renamed = ready.customers.rename_owner("ann", NFD, by="bob")
    assert (renamed.n_customers, renamed.n_claims) == (2, 1)
    assert [(one.external_id, one.owner) for one in ready.customers.all()] == [("a", NFC), ("c", "bob"), ("e", NFC)]
    assert [(one.id, one.owner, one.claimed_at) for one in ready.leads.claims()] == [(claim.id, NFC, claim.claimed_at)]
    last = ready.leads.events(company)[-1]
    assert (last.kind.value, last.by, last.reason) == ("renamed", "bob", f"ann is {NFC} now")
    with pytest.raises(NotFound, match="'ann' has no customer and no claim"):
        ready.customers.rename_owner("ann", "Ann", by="bob")


def test_half_a_character_in_a_frame_is_replaced() -> None:
    (record,) = read_customers(pd.DataFrame([{"ID": "1", "Name": "Al\ud800der", "Status": "won"}])).records
    assert record.name == "Al\ufffdder"
