from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

CVM_DAYS = ("2021-06-22", "2023-05-09", "2023-09-12")


class Cvm:
    """Brazil's register of listed companies, and the auditors' customers in it as a CRM would have them."""

    def __init__(self, folder: Path) -> None:
        self.files = {day: folder / f"cad_cia_aberta_{day}.csv" for day in CVM_DAYS}

    def rows(self, day: str) -> list[dict[str, str]]:
        encoding = "utf-8" if day == "2021-06-22" else "latin-1"
        with self.files[day].open(encoding=encoding, newline="") as file:
            return list(csv.DictReader(file, delimiter=";", quoting=csv.QUOTE_NONE))

    def customers(self, rank: int) -> pd.DataFrame:
        """The active companies that the auditor of a rank audits on 2023-05-09, under the names of 2021."""
        audited = [row for row in self.rows("2023-05-09") if row["SIT"] == "ATIVO" and row["CNPJ_AUDITOR"]]
        sizes = Counter(row["CNPJ_AUDITOR"][:10] for row in audited)
        auditor = sorted(sizes, key=lambda root: (-sizes[root], root))[rank - 1]
        names_of_2021 = {row["CD_CVM"]: row["DENOM_SOCIAL"] for row in self.rows("2021-06-22")}
        accounts = {
            row["CNPJ_CIA"][:10].replace(".", ""): {
                "Account ID": row["CNPJ_CIA"][:10].replace(".", ""),
                "Account Name": names_of_2021.get(row["CD_CVM"], row["DENOM_SOCIAL"]),
                "Billing City": row["MUN"],
                "Billing Country": "Brazil",
                "Stage": "Closed Won",
            }
            for row in audited
            if row["CNPJ_AUDITOR"][:10] == auditor
        }
        return pd.DataFrame(accounts.values())


@pytest.fixture(scope="session")
def cvm(test_data: Path) -> Cvm:
    """The register's three dated files, or a skip."""
    return Cvm(test_data / "data" / "br_cvm")
