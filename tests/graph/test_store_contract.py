from __future__ import annotations

from pathlib import Path

import pytest

from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.testing.store_contract import StoreContract, build_contract_snapshot


@pytest.fixture(scope="module")
def contract_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return build_contract_snapshot(Path(tmp_path_factory.mktemp("contract")))


class TestEmbeddedStore(StoreContract):
    @pytest.fixture
    def store(self, contract_snapshot: Snapshot) -> EmbeddedStore:
        return EmbeddedStore(contract_snapshot)
