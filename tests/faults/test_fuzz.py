"""Whatever a file holds, it is staged as the tables want it, or refused in one sentence; nothing hangs or grows.

`GRAPHLEADS_TEST_FUZZ_EXAMPLES` is the number of damaged inputs of each kind, `GRAPHLEADS_TEST_FUZZ_SEED` draws others
than the usual ones, and `GRAPHLEADS_TEST_FUZZ_DEADLINE` is how many seconds one input may take.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.faults.fuzz import ACCIDENTS, DAMAGES, Accident, Damage, Worker, spoil
from tests.faults.fuzz_corpus import CUSTOMER_MAPPING, MAPPINGS, Case, cases
from tests.faults.fuzz_mapping import MAPPING_TEXTS

N_EXAMPLES = int(os.environ.get("GRAPHLEADS_TEST_FUZZ_EXAMPLES", "6"))
SEED = os.environ.get("GRAPHLEADS_TEST_FUZZ_SEED")
DEADLINE = float(os.environ.get("GRAPHLEADS_TEST_FUZZ_DEADLINE", "60"))
"""Seconds after which an input is taken to hang."""

MAX_MEMORY = 1 << 30
"""Bytes that reading one input may take: the largest inputs here are some 20 MB, and unpack to some 100 MB."""


def fuzz(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test with so many examples, the same ones each time unless a seed is given."""
    checked = settings(
        max_examples=N_EXAMPLES, database=None, print_blob=True, suppress_health_check=list(HealthCheck)
    )(test)
    return checked if SEED is None else seed(int(SEED))(checked)


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    opened = Worker(tmp_path_factory.mktemp("fuzz"), DEADLINE)
    yield opened
    opened.close()


@pytest.fixture
def outcomes(record_property: Callable[[str, object], None]) -> Iterator[Counter[str]]:
    """Counts what came of the inputs, for the report."""
    counted: Counter[str] = Counter()
    yield counted
    record_property("inputs", counted.total())
    record_property("outcomes", dict(counted))


def _check(answer: dict[str, Any], outcomes: Counter[str]) -> None:
    outcomes[answer["outcome"]] += 1
    assert not answer["flaws"], "\n".join(answer["flaws"])
    assert answer["memory"] < MAX_MEMORY, f"it took {answer['memory'] >> 20} MiB"


def _read(worker: Worker, case: Case, accident: Accident | None = None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=worker.folder) as folder:
        if accident is None:
            for name, data in case.files.items():
                Path(folder, name).write_bytes(data)
            return worker.read(case, [Path(folder, name) for name in sorted(case.files)])
        paths = accident.apply(case.files, Path(folder))
        shrinks = accident.fate == "shrinks" and case.reader is not None
        return worker.read(case, paths, accident.moment if shrinks else None)


@pytest.mark.parametrize("name", cases())
def test_whole_files_are_staged(name: str, worker: Worker) -> None:
    answer = _read(worker, cases()[name])
    assert not answer["flaws"], "\n".join(answer["flaws"])
    assert answer["outcome"] == "staged", answer


@pytest.mark.parametrize("name", cases())
def test_damaged_files(name: str, worker: Worker, outcomes: Counter[str]) -> None:
    @fuzz
    @given(accident=ACCIDENTS)
    def check(accident: Accident) -> None:
        _check(_read(worker, cases()[name], accident), outcomes)

    check()


@pytest.mark.parametrize("name", ["plain", "asx200_holders", "cn_executives", "br_partners", "customers"])
def test_damaged_mappings(name: str, worker: Worker, outcomes: Counter[str]) -> None:
    whole = cases()["customers with a mapping" if name == "customers" else f"table {name}"]
    text = CUSTOMER_MAPPING if name == "customers" else (MAPPINGS / f"{name}.yaml").read_bytes()

    @fuzz
    @given(damages=DAMAGES)
    def check(damages: list[Damage]) -> None:
        _check(_read(worker, replace(whole, mapping=spoil(text, damages))), outcomes)

    check()


@pytest.mark.parametrize("reader", ["table", None])
def test_invented_mappings(reader: str | None, worker: Worker, outcomes: Counter[str]) -> None:
    whole = cases()["table in csv" if reader else "customers with a mapping"]

    @fuzz
    @given(mapping=MAPPING_TEXTS[reader], damages=st.just([]) | DAMAGES)
    def check(mapping: bytes, damages: list[Damage]) -> None:
        files = {name: spoil(data, damages) for name, data in whole.files.items()}
        _check(_read(worker, replace(whole, mapping=mapping, files=files)), outcomes)

    check()
