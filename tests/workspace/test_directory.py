from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from graphleads.testing.staging import stage_delivery
from graphleads.workspace.workspace import Workspace


def test_customers_are_found_by_the_domain_that_a_register_has(home: Path, open_home: Callable[[], Workspace]) -> None:
    companies = [
        {"record": f"S{n}", "id": f"X-S:{n}", "name": f"Kauri {n} Ltd", "jurisdiction": "GB"} for n in range(25)
    ]
    hosted = [
        {"record": f"S{n}", "id": f"X-S:{n}", "kind": "website", "key": "host.example", "display": "host.example"}
        for n in range(25)
    ]
    own = {"record": "S7", "id": "X-S:7", "kind": "email_domain", "key": "kauri.example", "display": "kauri.example"}
    tables = {"companies": companies, "contact_points": [*hosted, own]}
    stage_delivery(home / "staged", tables, observed_on="2025-07-01", dataset="sites")
    workspace = open_home()
    workspace.run()
    sites = {"1": "https://www.kauri.example/en", "2": "host.example"}
    rows = pd.DataFrame({"id": list(sites), "name": "QM", "status": "won", "country": "GB", "website": sites.values()})
    workspace.import_customers(rows)
    workspace.match()

    found, hosted_one = workspace.customers.matches()
    assert (found.state.value, found.company, found.method) == ("unsure", "X-S:7", "domain")
    assert hosted_one.company is None
