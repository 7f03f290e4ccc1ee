from __future__ import annotations

from pathlib import Path

import pytest

from graphleads.testing.database_contract import DatabaseContract


class TestSqlite(DatabaseContract):
    n_claims = 400

    @pytest.fixture
    def database(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path / 'graphleads.db'}"


@pytest.mark.service
class TestPostgres(DatabaseContract):
    @pytest.fixture
    def database(self, postgres_url: str) -> str:
        return postgres_url

    @pytest.fixture
    def made_database(self, made_postgres_url: str) -> str:
        return made_postgres_url
