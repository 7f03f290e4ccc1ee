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
        assert "0 new are taken as won, the others stay as they are" in shown
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
    assert run("customers", "list", "--csv").stdout.splitlines() == [
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
