from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

FIRST = "ID,Name,Status,Owner,Phone\nC1,Foo Ltd,open,Ann,+44 113 496 0000\nC2,Bar Ltd,won,Bob,\n"


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    file = tmp_path / "crm.csv"
    file.write_text(FIRST, encoding="utf-8")
    return file


def test_a_dry_run_in_a_new_home_makes_nothing(run: Run, crm: Path, tmp_path: Path) -> None:
    dry = run("customers", "import", crm, "--dry-run")
    assert dry.exit_code == 0
    assert "2 new, 0 changed, 0 unchanged, 0 rejected" in dry.stdout
    assert not (tmp_path / "home" / "graphleads.db").exists()


def test_changes_are_shown_before_and_after(run: Run, crm: Path) -> None:
    run("customers", "import", crm)
    crm.write_text(f"ID,Name,Phone\nC1,Foo {'o' * 100},\nC2,Bar Ltd,\n", encoding="utf-8")
    for words in (["--dry-run"], []):
        shown = run("customers", "import", crm, *words).stdout
        assert f"name: Foo Ltd → Foo {'o' * 55}…" in shown
        assert "phone: +44 113 496 0000 → (empty)" in shown
        assert "No column says how customers stand: they stay as they are." in shown
        assert "Read: external id from 'ID', name from 'Name', phone from 'Phone'." in shown
    assert json.loads(run("customers", "undo", 2, "--json").stdout)["n_changed"] == 1
    dry = json.loads(run("customers", "import", crm, "--dry-run", "--json").stdout)
    assert dry["changed"] == [
        {
            "external_id": "C1",
            "fields": [
                {"field": "name", "old": "Foo Ltd", "new": f"Foo {'o' * 100}"},
                {"field": "phone", "old": "+44 113 496 0000", "new": None},
            ],
        }
    ]


def test_an_import_that_does_not_say_how_customers_stand_asks(run: Run, tmp_path: Path) -> None:
    crm = tmp_path / "accounts.csv"
    crm.write_text("ID,Name,Einordnung,Contact Name\nC1,Foo Ltd,Kunde,\nC2,Bar Ltd,Interessent,\n", encoding="utf-8")
    asked = run("customers", "import", crm)
    assert asked.exit_code != 0
    assert "'Einordnung' (Interessent, Kunde) could: name the column with" in asked.stderr
    said = run("customers", "import", crm, "--status-of", "Einordnung").stdout
    assert "Read: external id from 'ID', name from 'Name', status from 'Einordnung'." in said
    assert "Never stored: 'Contact Name'." in said
    assert [one["status"] for one in json.loads(run("customers", "list", "--json").stdout)] == ["won", "open"]
    dry = json.loads(run("customers", "import", crm, "--status-of", "lost", "--dry-run", "--json").stdout)
    assert dry["became"] == {
        "ID": "external_id",
        "Name": "name",
        "Einordnung": "kept as written",
        "Contact Name": "never stored",
    }


def test_customers_are_listed(run: Run, crm: Path) -> None:
    assert json.loads(run("customers", "list", "--json").stdout) == []
    run("customers", "import", crm)
    first = {"id": "C1", "name": "Foo Ltd", "status": "open", "owner": "Ann", "match": None, "company": None}
    second = {"id": "C2", "name": "Bar Ltd", "status": "won", "owner": "Bob", "match": None, "company": None}
    for words, expected in [
        ([], [first, second]),
        (["--status", "won"], [second]),
        (["--owner", "Ann"], [first]),
        (["--unmatched"], [first, second]),
        (["--status", "lost"], []),
    ]:
        assert json.loads(run("customers", "list", *words, "--json").stdout) == expected
    assert run("customers", "list", "--csv", "--no-bom").stdout.splitlines() == [
        "customer,name,status,owner,match,company",
        "C1,Foo Ltd,open,Ann,,",
        "C2,Bar Ltd,won,Bob,,",
    ]
    assert run("customers", "list", "--status", "perhaps").exit_code == 2


@pytest.mark.usefixtures("demo")
def test_matched_customers_are_not_among_the_unmatched(run: Run) -> None:
    every = json.loads(run("customers", "list", "--json").stdout)
    found = [one["id"] for one in every if one["match"] in ("sure", "unsure", "confirmed")]
    unmatched = json.loads(run("customers", "list", "--unmatched", "--json").stdout)
    assert found
    assert [one["id"] for one in unmatched] == [one["id"] for one in every if one["id"] not in found]
    assert all(one["company"] for one in every if one["id"] in found)


DEALS = (
    "Opportunity ID,Account ID,Account Name,Stage,Amount,Close Date,Owner\n"
    "O1,C1,Foo Ltd,Closed Won,1250.5,2025-02-13,Ann\nO2,C9,New Ltd,Prospecting,,2025-03-01,\nO3,,,Closed Lost,,,\n"
)


def test_deals_are_imported_listed_and_taken_back(run: Run, crm: Path) -> None:
    assert json.loads(run("customers", "deals", "--json").stdout) == []
    run("customers", "import", crm)
    crm.write_text(DEALS, encoding="utf-8")
    dry = run("customers", "import", crm, "--dry-run").stdout
    assert "1 new, 1 changed, 0 unchanged, 0 rejected" in dry
    assert "Deals: 3 new, 0 changed, 0 unchanged." in dry
    assert "status: open → won" in dry
    told = json.loads(run("customers", "import", crm, "--json").stdout)
    assert told["deals"] == {"new": ["O1", "O2", "O3"], "changed": [], "unchanged": [], "ended": []}
    assert run("customers", "deals", "--csv").stdout.removeprefix("\ufeff").splitlines() == [
        "deal,customer,what,stage,status,amount,day,owner",
        'O1,C1,,Closed Won,won,"1,250.50",2025-02-13,Ann',
        "O2,C9,,Prospecting,open,,2025-03-01,",
        "O3,,,Closed Lost,lost,,,",
    ]
    listed = json.loads(run("customers", "deals", "--customer", "C1", "--status", "won", "--json").stdout)
    assert [(one["external_id"], one["closed_on"], one["amount"]) for one in listed] == [("O1", "2025-02-13", 1250.5)]
    assert "3 taken out, 0 as they were" in run("customers", "undo", 2).stdout
    assert json.loads(run("customers", "deals", "--json").stdout) == []
    assert json.loads(run("customers", "show", "C1", "--json").stdout)["customer"]["status"] == "open"


def test_customers_end_by_command_and_by_a_file_that_is_all_there_is(run: Run, crm: Path) -> None:
    run("customers", "import", crm)
    assert "moved away" in run("customers", "remove", "C1", "--why", "moved away").stdout
    assert [one["id"] for one in json.loads(run("customers", "list", "--json").stdout)] == ["C2"]
    assert run("customers", "remove", "C1").exit_code == 1
    assert "0 new and 0 changed, 1 ended" in run("customers", "undo", 2).stdout
    crm.write_text("ID,Name,Status\nC2,Bar Ltd,won\n", encoding="utf-8")
    dry = run("customers", "import", crm, "--complete", "--dry-run")
    assert "1 ended" in dry.stdout
    assert "not in crm.csv, which is all there is" in dry.stdout
    told = json.loads(run("customers", "import", crm, "--complete", "--json").stdout)
    assert told["ended"] == [{"external_id": "C1", "name": "Foo Ltd", "why": "not in crm.csv, which is all there is"}]
    assert [one["id"] for one in json.loads(run("customers", "list", "--json").stdout)] == ["C2"]


def test_somebody_at_a_terminal_is_asked_before_customers_end(
    run: Run, crm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("customers", "import", crm)
    crm.write_text("ID,Name,Status\nC2,Bar Ltd,won\n", encoding="utf-8")
    monkeypatch.setattr("graphleads.cli.customers.is_asked", lambda: True)
    unanswered = run("customers", "import", crm, "--complete")
    assert unanswered.exit_code == 1
    assert "C1" in unanswered.stdout
    assert len(json.loads(run("customers", "list", "--json").stdout)) == 2
    assert run("customers", "import", crm, "--complete", "--yes").exit_code == 0
    assert len(json.loads(run("customers", "list", "--json").stdout)) == 1


def test_imports_say_who_made_them_and_how_much_was_written_over(run: Run, crm: Path) -> None:
    run("customers", "import", crm)
    crm.write_text(FIRST.replace("open", "lost"), encoding="utf-8")
    run("customers", "import", crm)
    first, second = json.loads(run("customers", "imports", "--json").stdout)
    assert (first["id"], first["n_written_over"], first["undoable"]) == (1, 1, True)
    assert (second["n_changed"], second["n_written_over"]) == (1, 0)
    assert "1 written over" in run("customers", "imports").stdout
    undone = json.loads(run("customers", "undo", 1, "--by", "Ann", "--json").stdout)
    assert (undone["removed"], undone["undone_by"]) == ([], "Ann")
    assert undone["left"] == [{"external_id": one, "import_id": 2, "file": "crm.csv"} for one in ("C1", "C2")]
    assert "was undone already, by Ann" in run("customers", "undo", 1).stderr


@pytest.mark.usefixtures("demo")
def test_matches_are_listed_with_both_sides(run: Run) -> None:
    told = json.loads(run("customers", "matches", "--json").stdout)
    assert (len(told["items"]), told["next"]) == (sum(told["counts"].values()), None)
    sure = json.loads(run("customers", "matches", "--state", "sure", "--json").stdout)["items"]
    assert {one["state"] for one in sure} == {"sure"}
    assert sure[0]["candidates"][0]["id"] == sure[0]["company"]
    shown = run("customers", "matches", "--state", "sure", "--csv").stdout
    assert f"({sure[0]['company']})" in shown


def test_what_is_wrong_with_customers_is_listed_with_the_command_that_repairs_it(
    run: Run, crm: Path, tmp_path: Path
) -> None:
    crm.write_text(FIRST.replace("Bar Ltd", "Foo Ltd"), encoding="utf-8")
    run("customers", "import", crm)
    found = json.loads(run("customers", "check", "--json").stdout)
    assert [one["finding"] for one in found] == ["duplicate", *["unmatched"] * 2, *["incomplete"] * 2]
    assert [one["id"] for one in found[0]["customers"]] == ["C1", "C2"]
    assert found[0]["repair"] == f"graphleads --home {tmp_path / 'home'} customers remove C2"
    shown = run("customers", "check").stdout
    assert "1 duplicate, 2 unmatched, 2 incomplete." in shown
    assert run("customers", "check", "--csv", "--no-bom").stdout.startswith("finding,customers,what,company,candidates")
