"""Two registers of one country become one company by its number, and each fact keeps its own source."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

import graphleads as gl
from graphleads.cli.app import graphleads

BRITISH = Path(__file__).parents[1] / "golden" / "companies_house" / "BasicCompanyDataAsOneFile-2024-12-01.csv"

LEI_FILE = """\
LEI,Entity.LegalName,Entity.LegalJurisdiction,Entity.EntityStatus,\
Entity.RegistrationAuthority.RegistrationAuthorityID,Entity.RegistrationAuthority.RegistrationAuthorityEntityID
5299000000000000AB46,Alder & Birch Ltd,GB,ACTIVE,RA000585,99000001
5299000000000000CD77,Nobody Else GmbH,DE,ACTIVE,RA000242,HRB 1
"""

MAPPING = """\
version: 1
name: lei
dataset: lei
files:
  - match: lei*.csv
    tables:
      - table: companies
        fields:
          record: LEI
          id: &lei {column: LEI, steps: [{scheme: XI-LEI}]}
          name: Entity.LegalName
          jurisdiction: Entity.LegalJurisdiction
          status: {column: Entity.EntityStatus, steps: [{map: {ACTIVE: active, INACTIVE: inactive}}]}
      - table: identifiers
        where: [{column: Entity.RegistrationAuthority.RegistrationAuthorityID, equals: RA000585}]
        fields:
          record: LEI
          id: *lei
          scheme: {value: GB-COH}
          value: Entity.RegistrationAuthority.RegistrationAuthorityEntityID
"""


def test_a_british_company_and_its_lei_are_one_company_with_both_sources(tmp_path: Path) -> None:
    (tmp_path / "lei.csv").write_text(LEI_FILE, encoding="utf-8")
    (tmp_path / "lei.yaml").write_text(MAPPING, encoding="utf-8")
    home = tmp_path / "home"
    with gl.open_workspace(home) as ws:
        ws.ingest("companies-house", BRITISH, observed_on="2024-12-01")
        ws.ingest("table", tmp_path / "lei.csv", mapping=tmp_path / "lei.yaml", observed_on="2024-12-02")
        ws.run()
        company = ws.graph().company("XI-LEI:5299000000000000AB46")
        assert company.id == "GB-COH:99000001"
        assert {fact.source.dataset for fact in company.facts if fact.field == "name"} == {"gb_coh", "lei"}
        assert ws.graph().company("XI-LEI:5299000000000000CD77").id == "XI-LEI:5299000000000000CD77"
    shown = CliRunner().invoke(graphleads, ["--home", str(home), "company", "GB-COH:99000001"]).stdout
    assert "ALDER & BIRCH LIMITED" in shown
    assert "Alder & Birch Ltd" in shown
    assert "2024-12-01" in shown
    assert "2024-12-02" in shown
