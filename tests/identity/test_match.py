from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError

from graphleads.identity.config import MatchConfig
from graphleads.identity.match import CompanyColumns, match_customers, review_candidates
from graphleads.ids import EntityId
from graphleads.model import CustomerRecord, CustomerStatus, Match, MatchState
from graphleads.names.index import NameIndex, open_name_index, write_name_index


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A company, or behind all companies a person, of the register under test."""

    id: EntityId
    names: tuple[tuple[str, str], ...]
    jurisdiction: str | None = "GB"
    locality: str | None = None
    mentioned: bool = False
    person: bool = False
    domain: str | None = None


@dataclass(kw_only=True)
class Register:
    """A directory in memory."""

    folder: Path
    entries: list[Entry]
    n_companies: int = field(init=False)
    name_index: NameIndex = field(init=False)

    def __post_init__(self) -> None:
        self.n_companies = sum(not entry.person for entry in self.entries)
        rows = [(node, *name) for node, entry in enumerate(self.entries) for name in entry.names]
        self._kinds = [kind for _, kind, _ in rows]
        nodes = np.array([node for node, _, _ in rows], np.int32)
        names = pa.array([name for _, _, name in rows])
        write_name_index(self.folder, names, nodes)
        self.name_index = open_name_index(self.folder, names, nodes)

    def find_identifier(self, scheme: str, value: str) -> NDArray[np.int64]:
        return np.array([node for node, one in enumerate(self.entries) if one.id == f"{scheme}:{value}"], np.int64)

    def find_domain(self, domain: str) -> NDArray[np.int64]:
        return np.array([node for node, one in enumerate(self.entries) if one.domain == domain], np.int64)

    def describe(self, nodes: NDArray[np.int64]) -> CompanyColumns:
        entries = [self.entries[node] for node in nodes.tolist()]
        return CompanyColumns(
            ids=[one.id for one in entries],
            names=[one.names[0][1] for one in entries],
            jurisdictions=[one.jurisdiction for one in entries],
            localities=[one.locality for one in entries],
            mentioned=[one.mentioned for one in entries],
        )

    def name_kinds(self, rows: NDArray[np.int64]) -> list[str]:
        return [self._kinds[row] for row in rows.tolist()]


def legal(name: str) -> tuple[tuple[str, str], ...]:
    return (("legal", name),)


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return Register(
        folder=tmp_path_factory.mktemp("names"),
        entries=[
            Entry(id="GB-COH:00000001", names=legal("Norwind Marine Limited"), locality="Leeds"),
            Entry(id="GB-COH:00000002", names=legal("Kestrel Holdings Limited"), locality="York"),
            Entry(id="GB-COH:00000003", names=legal("Kestrel Holdings Limited"), locality="Hull"),
            Entry(id="GB-COH:00000004", names=(("legal", "Osprey Group plc"), ("former", "Heron Trading Limited"))),
            Entry(id="GB-COH:00000005", names=legal("Plover Engineering plc"), domain="plover.example"),
            Entry(id="GB-COH:00000006", names=legal("Social Network plc"), domain="facebook.com"),
            Entry(id="BR-CNPJ:11222333", names=legal("Exemplo Comércio S.A."), jurisdiction="BR"),
            Entry(id="BR-CNPJ:44555666", names=legal("Outra Indústria S.A."), jurisdiction="BR"),
            Entry(id="CN-USCI:91110000MA0000000H", names=legal("示例科技股份有限公司"), jurisdiction="CN"),
            Entry(
                id="GB-COH:00000009", names=(("legal", "Redshank Limited"), ("mentioned", "Siskin Caledonian Limited"))
            ),
            Entry(id="X-GB-COH-PSC-ENTITY:1", names=(("mentioned", "Ruff Nominees Limited"),), mentioned=True),
            Entry(id="X-LIST:1", names=legal("Sandpiper Capital Limited"), jurisdiction=None, mentioned=True),
            Entry(id="X-LIST:2", names=legal("Norwind Marine Limited"), jurisdiction=None, mentioned=True),
            Entry(id="X-PERSON:1", names=legal("Dunlin Avocet"), person=True),
        ],
    )


def customer(name: str, *identifiers: tuple[str, str], **fields: Any) -> CustomerRecord:
    return replace(
        CustomerRecord(external_id="C1", name=name, status=CustomerStatus.WON, identifiers=identifiers),
        **{"jurisdiction": "GB"} | fields,
    )


def match(register: Register, one: CustomerRecord) -> Match:
    return match_customers([one], register)[0]


@pytest.mark.parametrize(
    ("one", "company", "state", "method"),
    [
        (customer("norwind marine LTD"), "GB-COH:00000001", MatchState.SURE, "exact_name"),
        (customer("norwind marine LTD", jurisdiction=None), "GB-COH:00000001", MatchState.SURE, "exact_name"),
        (customer("norwind marine LTD", jurisdiction="US"), "GB-COH:00000001", MatchState.UNSURE, "exact_name"),
        (customer("Norwind Marine"), "GB-COH:00000001", MatchState.SURE, "core_name"),
        (customer("Norwind Marine plc"), "GB-COH:00000001", MatchState.UNSURE, "core_name"),
        (customer("Plover Engineering Ltd"), "GB-COH:00000005", MatchState.UNSURE, "core_name"),
        (customer("Kestrel Holdings Ltd"), "GB-COH:00000002", MatchState.UNSURE, "exact_name"),
        (customer("Kestrel Holdings Ltd", locality="HULL"), "GB-COH:00000003", MatchState.UNSURE, "exact_name"),
        (customer("Heron Trading Ltd"), "GB-COH:00000004", MatchState.SURE, "exact_former_name"),
        (customer("Norwind Maritime Ltd"), "GB-COH:00000001", MatchState.UNSURE, "similar_name"),
        (customer("Sandpiper Capital Ltd"), "X-LIST:1", MatchState.SURE, "exact_name"),
        (customer("示例科技", jurisdiction="CN"), "CN-USCI:91110000MA0000000H", MatchState.SURE, "core_name"),
        (customer("Siskin Caledonian Ltd"), "GB-COH:00000009", MatchState.UNSURE, "similar_mentioned_name"),
        (customer("Ruff Nominees Ltd"), "X-GB-COH-PSC-ENTITY:1", MatchState.SURE, "exact_name"),
        (customer("Dunlin Avocet"), None, MatchState.NONE, "none"),
        (customer("Curlew"), None, MatchState.NONE, "none"),
        (customer("?"), None, MatchState.NONE, "none"),
    ],
)
def test_match_by_name(
    register: Register, one: CustomerRecord, company: str | None, state: MatchState, method: str
) -> None:
    found = match(register, one)
    assert (found.customer, found.company, found.state, found.method) == ("C1", company, state, method)


CNPJ, CNPJ_MISTYPED = "11.222.333/0001-81", "11.222.333/0001-82"


@pytest.mark.parametrize(
    ("one", "company", "state"),
    [
        (customer("Quite Another", ("BR-CNPJ", CNPJ), jurisdiction="BR"), "BR-CNPJ:11222333", MatchState.SURE),
        (customer("Quite Another", ("", CNPJ), jurisdiction=None), "BR-CNPJ:11222333", MatchState.SURE),
        (customer("?", ("BR-CNPJ", "11222333"), jurisdiction=None), "BR-CNPJ:11222333", MatchState.SURE),
        (customer("?", ("", "BR-CNPJ:11222333"), jurisdiction=None), "BR-CNPJ:11222333", MatchState.SURE),
        (customer("?", ("BR-CNPJ", CNPJ_MISTYPED), jurisdiction="BR"), "BR-CNPJ:11222333", MatchState.UNSURE),
        (customer("Plover", ("", "5")), "GB-COH:00000005", MatchState.SURE),
        (customer("Curlew", ("", "5")), "GB-COH:00000005", MatchState.UNSURE),
        (customer("Plover Engineering plc", ("", "12345")), "GB-COH:00000005", MatchState.SURE),
        (customer("Plover Engineering plc", ("GB-COH", "12345")), "GB-COH:00000005", MatchState.UNSURE),
        (customer("Plover Engineering plc", ("GB-COH", "no number")), "GB-COH:00000005", MatchState.SURE),
    ],
)
def test_match_by_identifier(register: Register, one: CustomerRecord, company: str | None, state: MatchState) -> None:
    found = match(register, one)
    assert (found.company, found.state) == (company, state)


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (customer("Plover", website="https://www.plover.example/en/"), MatchState.SURE),
        (customer("PE", website="plover.example"), MatchState.UNSURE),
        (customer("PE", email_domain="plover.example"), MatchState.UNSURE),
        (customer("PE", website="plover.example", jurisdiction="BR"), MatchState.NONE),
        (customer("PE", website="shop.plover.example"), MatchState.UNSURE),
        (customer("PE", website="https://www.facebook.com/plover"), MatchState.NONE),
        (customer("PE", website="www.gmail.com", email_domain="gmail.com"), MatchState.NONE),
    ],
)
def test_match_by_domain(register: Register, one: CustomerRecord, state: MatchState) -> None:
    found = match(register, one)
    assert found.state is state
    assert found.company == (None if state is MatchState.NONE else "GB-COH:00000005")


def test_two_numbers_of_two_companies_are_for_a_person_to_judge(register: Register) -> None:
    one = customer("?", ("BR-CNPJ", "11222333"), ("BR-CNPJ", "44555666"), jurisdiction="BR")
    found = match(register, one)
    assert (found.state, found.method, found.features["margin"]) == (MatchState.UNSURE, "identifier", 0.0)


@pytest.mark.parametrize("scheme", ["GB-COH", ""])
def test_a_number_of_one_company_and_the_name_of_another_are_for_a_person_to_judge(
    register: Register, scheme: str
) -> None:
    found = match(register, customer("Plover Engineering plc", (scheme, "1")))
    assert (found.state, found.company, found.method) == (MatchState.UNSURE, "GB-COH:00000001", "identifier")
    assert set(found.others) == {"GB-COH:00000005"}
    # One of the two that are called so bears the number.
    assert match(register, customer("Kestrel Holdings Limited", (scheme, "3"))).state is MatchState.SURE


@pytest.mark.parametrize("custom", [{"Customer Type": "Individual"}, {"Type": "Sole Trader"}, {"客户性质": "个人"}])
def test_a_person_is_never_surely_a_company_by_its_name(register: Register, custom: dict[str, str]) -> None:
    named = customer("Norwind Marine Limited")
    assert match(register, replace(named, custom={"Customer Type": "Company"})).state is MatchState.SURE
    assert match(register, replace(named, custom=custom)).state is MatchState.UNSURE
    numbered = replace(named, custom=custom, identifiers=(("GB-COH", "1"),))
    assert match(register, numbered).state is MatchState.SURE


def test_the_evidence_is_told(register: Register) -> None:
    found = match(register, customer("Norwind Marine", locality="LEEDS"))
    assert {name: found.features[name] for name in ("matched_name", "name_kind", "legal_form", "locality")} == {
        "matched_name": "Norwind Marine Limited",
        "name_kind": "legal",
        "legal_form": "missing",
        "locality": "same",
    }
    assert found.features["jurisdiction"] == "same"
    assert found.features["identifier"] == "none"
    assert found.features["name_similarity"] == pytest.approx(0.99)
    assert found.features["margin"] == pytest.approx(found.probability, abs=0.05)


def test_namesakes_share_the_probability(register: Register) -> None:
    one, two, *_ = review_candidates(customer("Kestrel Holdings Ltd"), register)
    assert (one.company, two.company) == ("GB-COH:00000002", "GB-COH:00000003")
    assert one.probability == two.probability == pytest.approx(0.5, abs=0.02)


def test_candidates_for_review_are_limited_and_may_be_unlikely(register: Register) -> None:
    assert len(review_candidates(customer("Kestrel Marine"), register, limit=2)) == 2
    assert review_candidates(customer("?"), register) == []


def test_two_customers_may_be_one_company_and_keep_their_order(register: Register) -> None:
    one, two = customer("Norwind Marine Ltd"), replace(customer("NORWIND MARINE LIMITED"), external_id="C2")
    assert [(found.customer, found.company) for found in match_customers([two, one], register)] == [
        ("C2", "GB-COH:00000001"),
        ("C1", "GB-COH:00000001"),
    ]


def test_the_config_says_what_is_sure(register: Register) -> None:
    (found,) = match_customers([customer("Norwind Marine plc")], register, MatchConfig(sure=0.6))
    assert found.state is MatchState.SURE
    with pytest.raises(ValidationError, match="surely"):
        MatchConfig(surely=0.6)  # type: ignore[call-arg]


COUNTRIES = st.sampled_from(["US", None, "GB"])
TOWNS = st.sampled_from(["York", None, "Leeds"])


@given(COUNTRIES, COUNTRIES, TOWNS, TOWNS)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_more_agreement_never_lowers_the_probability(
    register: Register, country: str | None, other: str | None, town: str | None, other_town: str | None
) -> None:
    def probability(jurisdiction: str | None, locality: str | None) -> float:
        found = review_candidates(customer("Norwind Marine", jurisdiction=jurisdiction, locality=locality), register)
        return next(one.probability for one in found if one.company == "GB-COH:00000001")

    def rank(value: str | None, right: str) -> int:
        return 2 if value == right else 1 if value is None else 0

    if rank(country, "GB") <= rank(other, "GB") and rank(town, "Leeds") <= rank(other_town, "Leeds"):
        assert probability(country, town) <= probability(other, other_town)


def read_cvm(path: Path, encoding: str) -> dict[str, dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.DictReader(file, delimiter=";", quoting=csv.QUOTE_NONE)
        return {row["CNPJ_CIA"].replace(".", "")[:8]: row for row in rows}


def test_sure_matches_are_right_on_a_real_register(test_data: Path, tmp_path: Path) -> None:
    then = read_cvm(test_data / "data/br_cvm/cad_cia_aberta_2021-06-22.csv", "utf-8")
    now = read_cvm(test_data / "data/br_cvm/cad_cia_aberta_2023-05-09.csv", "latin-1")
    kept = {root: row for root, row in now.items() if int(root) % 3}
    entries = [
        Entry(
            id=f"BR-CNPJ:{root}",
            names=(("legal", row["DENOM_SOCIAL"]), ("trading", row["DENOM_COMERC"] or row["DENOM_SOCIAL"])),
            jurisdiction="BR",
        )
        for root, row in sorted(kept.items())
    ]
    register = Register(folder=tmp_path, entries=entries)
    customers = [
        replace(customer(row["DENOM_SOCIAL"], jurisdiction="BR"), external_id=root)
        for root, row in sorted(then.items())
    ]
    sure = [found for found in match_customers(customers, register) if found.state is MatchState.SURE]
    n_right = sum(found.company == f"BR-CNPJ:{found.customer}" for found in sure)
    n_present = sum(one.external_id in kept for one in customers)
    assert n_right / len(sure) >= 0.98
    assert n_right / n_present >= 0.9
