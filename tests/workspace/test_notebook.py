from __future__ import annotations

from datetime import date
from pathlib import Path

from graphleads.testing.known_graph import company
from graphleads.workspace.workspace import Workspace, open_workspace


def test_a_workspace_its_graph_and_leads_are_short_as_text(ready: Workspace) -> None:
    snapshot = ready.registers.snapshot_id()
    home = str(ready.configuration.home)
    assert repr(ready) == f"Workspace({home!r}, snapshot {snapshot})"
    assert repr(ready.graph()) == (
        f"EmbeddedStore(snapshot {snapshot}: 10 companies, 6 persons, 1 contact points, 19 relationships)"
    )
    leads = ready.recommend()
    first, second = leads.items
    assert repr(leads) == (
        f"2 of 2 leads as of {date(2025, 7, 1)}, run {leads.run_id}"
        f"\n  1. {first.company.name} ({first.company.id}), 100.0 % of the best"
        f"\n  2. {second.company.name} ({second.company.id}), {second.percent_of_best} % of the best"
    )


def test_they_are_tables_in_a_notebook(ready: Workspace) -> None:
    assert "<td>companies</td>" in ready._repr_html_()
    assert "<td>persons</td>" in ready.graph()._repr_html_()
    table = ready.recommend()._repr_html_()
    assert company("Birch") in table
    assert "<th>near_owner</th>" in table
    assert "<table" in ready.recommend(jurisdictions=["BR"])._repr_html_()


def test_a_name_in_a_notebook_is_text(ready: Workspace) -> None:
    leads = ready.recommend()
    object.__setattr__(leads.items[0].company, "name", "<script>")
    assert "<script>" not in leads._repr_html_()


def test_a_workspace_with_nothing_says_so_and_makes_nothing(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "new") as workspace:
        assert repr(workspace).endswith("nothing built)")
        assert "<td>next</td>" in workspace._repr_html_()
    assert not (tmp_path / "new").exists()
