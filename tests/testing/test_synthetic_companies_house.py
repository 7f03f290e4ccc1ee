from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from graphleads.errors import ValueInvalid
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.model import DeliveryKind
from graphleads.tables.delivery import Delivery, open_deliveries
from graphleads.testing.synthetic.register import generate

N = 2_000
READERS = ("companies-house", "companies-house-psc", "companies-house-officers")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register in both layouts, and what the readers of Companies House staged of it."""
    home = tmp_path_factory.mktemp("register")
    register = generate(home, companies=N, seed=7, layouts=("plain", "companies-house"))
    for reader, path in zip(READERS, register.files[-3:], strict=True):
        ingest(reader, [path], staged=home / "staged", request=IngestRequest())
    return home


@pytest.fixture(scope="module")
def deliveries(home: Path) -> dict[str, Delivery]:
    return {one.manifest.reader: one for one in open_deliveries(home / "staged")}


def plain(home: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(home / f"{name}.csv", dtype=str, keep_default_na=False)


def company_id(demo: str) -> str:
    return demo.replace("X-DEMO:0", "GB-COH:X")


def holder_id(demo: str) -> str:
    return company_id(demo.replace("X-DEMO-PERSON:", "X-GB-COH-PERSON:"))


def test_the_files_say_their_day_and_have_no_flaw(deliveries: dict[str, Delivery]) -> None:
    for one in deliveries.values():
        assert one.manifest.observed_on == date(2026, 6, 30)
        assert one.manifest.kind is DeliveryKind.FULL
        assert one.manifest.issues == {}
        assert one.manifest.unknown_fields == ()


def test_companies_are_those_of_the_plain_layout(home: Path, deliveries: dict[str, Delivery]) -> None:
    expected = plain(home, "companies")
    found = deliveries["companies-house"].read("companies").to_pandas()
    assert found["id"].tolist() == expected["id"].map(company_id).tolist()
    assert found["name"].tolist() == expected["name"].str.upper().tolist()
    assert found["status"].astype(str).tolist() == expected["status"].tolist()
    assert found["incorporated_on"].astype(str).tolist() == expected["incorporated_on"].tolist()
    assert found["postcode"].tolist() == expected["postcode"].tolist()
    former = deliveries["companies-house"].read("names").to_pandas()
    assert former["name"].tolist() == expected["former_names"][expected["former_names"] != ""].str.upper().tolist()


def test_directors_are_shared_by_person_number(home: Path, deliveries: dict[str, Delivery]) -> None:
    expected = plain(home, "roles")
    found = deliveries["companies-house-officers"].read("roles").to_pandas()
    people = expected[expected["holder"].str.startswith("X-DEMO-PERSON:")]
    held = found[found["holder"].str.startswith("X-GB-COH-PERSON:")]
    pairs = zip(people["company"].map(company_id), people["holder"].map(holder_id), people["end_on"], strict=True)
    ends = held["end_on"].astype(str).replace({"None": "", "NaT": ""})
    assert Counter(zip(held["company"], held["holder"], ends, strict=True)) == Counter(pairs)
    assert len(found) == len(expected)
    assert held["holder"].value_counts().max() >= 150


def test_interests_have_the_same_ends_and_bounds(home: Path, deliveries: dict[str, Delivery]) -> None:
    expected = plain(home, "interests")
    found = deliveries["companies-house-psc"].read("interests").to_pandas()
    published = found[found["kind"].astype(str) != "unpublished_interest"]
    assert Counter(zip(published["subject"], published["kind"].astype(str), published["share_min"].astype(str),
                       published["start_on"].astype(str), strict=True)) == Counter(
        zip(expected["subject"].map(company_id), expected["kind"], expected["share_min"], expected["start_on"],
            strict=True))  # fmt: skip
    corporate = expected[expected["holder"].str.startswith("X-DEMO:")]
    numbers = deliveries["companies-house-psc"].read("identifiers").to_pandas()
    stated = dict(zip(numbers["id"], numbers["scheme"].astype(str) + ":" + numbers["value"], strict=True))
    assert Counter(published["holder"].map(stated).dropna()) == Counter(corporate["holder"].map(company_id))


def test_companies_without_an_owner_say_so_or_keep_it_secret(home: Path, deliveries: dict[str, Delivery]) -> None:
    owned = set(plain(home, "interests")["subject"])
    n_without = N - len(owned)
    declared = deliveries["companies-house-psc"].read("declarations").num_rows
    kinds = Counter(deliveries["companies-house-psc"].read("interests")["kind"].to_pylist())
    assert declared + kinds["unpublished_interest"] == n_without
    assert kinds["unpublished_interest"] > 0


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        generate(tmp_path / name, companies=1_000, seed=3, layouts=("companies-house",)).files for name in ("a", "b")
    )
    assert [path.name for path in first] == [
        "BasicCompanyDataAsOneFile-2026-06-30.csv",
        "persons-with-significant-control-snapshot-2026-06-30.txt",
        "Prod216_0001_ew_1_30062026.dat",
    ]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_layout_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueInvalid, match="no layout 'braille': use plain, companies-house"):
        generate(tmp_path, companies=1_000, layouts=("braille",))
