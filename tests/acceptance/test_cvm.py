"""The main job on Brazil's register of listed companies; the auditors are the selling teams.

The external id of a customer is its number in the register, which the matcher never sees: it tells true matches apart.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import graphleads as gl
from graphleads.model import MatchState

if TYPE_CHECKING:
    from tests.acceptance.conftest import Cvm

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def home_of_2023(cvm: Cvm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(cvm, tmp_path_factory.mktemp("cvm"), "2023-05-09", "2023-09-12")


def ingested(cvm: Cvm, home: Path, *days: str) -> Path:
    with gl.open_workspace(home) as ws:
        for day in days:
            result = ws.ingest("cvm", cvm.files[day], observed_on=day)
            assert result.manifest.unknown_fields == ()
        ws.run()
    return home


def with_customers(home: Path, cvm: Cvm, rank: int) -> gl.Workspace:
    ws = gl.open_workspace(home)
    ws.import_customers(cvm.customers(rank))
    ws.match()
    return ws


@pytest.mark.parametrize("rank", [1, 2, 3, 4, 5])
def test_an_auditor_s_customers_give_leads_with_sourced_reasons(
    cvm: Cvm, home_of_2023: Path, tmp_path: Path, rank: int
) -> None:
    home = shutil.copytree(home_of_2023, tmp_path / "home")
    with with_customers(home, cvm, rank) as ws:
        matches = ws.customers.matches()
        sure = [match for match in matches if match.state is MatchState.SURE]
        right = [match for match in sure if match.company == f"BR-CNPJ:{match.customer}"]
        print(f"auditor of rank {rank}: {len(sure)} of {len(matches)} customers found, {len(right)} of them right")
        assert len(sure) >= 0.8 * len(matches)
        assert len(right) >= 0.98 * len(sure)
        leads = ws.recommend(k=20)
        customers = {match.company for match in sure}
        assert len(leads) >= 10
        for lead in leads:
            assert lead.company.id not in customers
            assert lead.company.status == "active"
            assert lead.reasons
            for reason in lead.reasons:
                assert "your customer" in reason.sentence
                assert lead.company.name in reason.sentence
                for step in reason.path:
                    assert step.relationship.kind != "auditor"
                    assert step.relationship.sources
                    assert all(source.dataset == "br_cvm" and source.record for source in step.relationship.sources)
        kinds = {step.relationship.kind for lead in leads for reason in lead.reasons for step in reason.path}
        assert kinds & {"address", "phone", "email_domain"}


def test_shared_representatives_are_reasons_with_a_probability(cvm: Cvm, home_of_2023: Path, tmp_path: Path) -> None:
    home = shutil.copytree(home_of_2023, tmp_path / "home")
    with with_customers(home, cvm, 1) as ws:
        reasons = [reason for lead in ws.recommend(k=100) for reason in lead.reasons]
    people = [reason for reason in reasons if any(step.relationship.relation == "same_person" for step in reason.path)]
    assert people
    assert all(reason.confidence < 1 and "probably" in reason.sentence for reason in people)


def test_another_day_has_that_day_s_ties(cvm: Cvm, tmp_path: Path) -> None:
    home = ingested(cvm, tmp_path, "2021-06-22", "2023-05-09", "2023-09-12")
    day = date(2021, 12, 31)
    with with_customers(home, cvm, 1) as ws:
        now, then = ws.recommend(k=100), ws.recommend(k=100, as_of=day)
        steps = [step for lead in then for reason in lead.reasons for step in reason.path]
        assert {lead.company.id for lead in now} != {lead.company.id for lead in then}
        for step in steps:
            period = step.relationship.period
            assert period.start_on is None or period.start_on <= day
            assert period.end_on is None or period.end_on > day
        ended = [step for step in steps if step.relationship.period.end_on is not None]
        assert ended, "no tie of that day has ended since"


def test_renamed_companies_keep_their_former_names(cvm: Cvm, tmp_path: Path) -> None:
    home = ingested(cvm, tmp_path, "2021-06-22", "2023-05-09", "2023-09-12")
    days = ("2021-06-22", "2023-05-09")
    before, between = ({row["CD_CVM"]: row["DENOM_SOCIAL"] for row in cvm.rows(day)} for day in days)
    renamed = [
        row
        for row in cvm.rows("2023-09-12")
        if row["SIT"] == "ATIVO"
        and before.get(row["CD_CVM"], row["DENOM_SOCIAL"]).split()[0] != row["DENOM_SOCIAL"].split()[0]
    ]
    assert len(renamed) > 20
    with gl.open_workspace(home) as ws:
        for row in renamed:
            company = ws.graph().company(f"BR-CNPJ:{row['CNPJ_CIA'][:10].replace('.', '')}")
            old = before[row["CD_CVM"]]
            changed_on = date(2023, 9, 12) if between[row["CD_CVM"]] == old else date(2023, 5, 9)
            legal = {name.name: name.period for name in company.names if name.kind == "legal"}
            assert legal[row["DENOM_SOCIAL"].strip()].end_on is None
            assert legal[old.strip()].end_on == changed_on
