from __future__ import annotations

import filecmp
import re
from datetime import date
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.errors import ValueInvalid
from graphleads.model import Company, NodeKind, NodeRef, PathStep, Period, Reason, Recommendation, Relationship
from graphleads.tables.schema import VALUES
from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.answers import Answers, Hub, KnownTie
from graphleads.testing.synthetic.customers import STYLES, restyle
from graphleads.testing.synthetic.people import pair_by_place
from graphleads.testing.synthetic.register import SyntheticRegister, generate
from graphleads.testing.synthetic.score import score_ranking
from graphleads.testing.synthetic.words import FAMILY, FIRST, GIVEN, ODD_NAMES, SCRIPT_NAME, SECOND, STREETS, TOWNS

N = 5_000
OBSERVED_ON = "2026-06-30"
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> SyntheticRegister:
    return generate(tmp_path_factory.mktemp("register"), companies=N, seed=7)


@pytest.fixture(scope="module")
def tables(register: SyntheticRegister) -> Tables:
    files = [*register.files, register.customers, *register.customers.parent.glob("answers/*.csv")]
    return {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in files}


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        generate(tmp_path / name, companies=1_000, seed=seed)
    files = sorted(str(path.relative_to(tmp_path / "one")) for path in tmp_path.glob("one/**/*.csv"))
    assert files == sorted(
        [
            *("companies.csv", "persons.csv", "interests.csv", "roles.csv", "links.csv", "contact_points.csv"),
            *("customers.csv", "answers/true_matches.csv", "answers/true_people.csv"),
            *("answers/planted_leads.csv", "answers/decoys.csv", "answers/hubs.csv"),
        ]
    )
    assert filecmp.cmpfiles(tmp_path / "one", tmp_path / "two", files, shallow=False) == (files, [], [])
    assert "companies.csv" in filecmp.cmpfiles(tmp_path / "one", tmp_path / "three", files, shallow=False)[1]


@pytest.mark.parametrize(("companies", "seed"), [(999, 1), (5_000_001, 1), (1_000, -1)])
def test_a_size_or_seed_that_cannot_be_used_is_refused(tmp_path: Path, companies: int, seed: int) -> None:
    with pytest.raises(ValueInvalid, match="cannot be"):
        generate(tmp_path, companies=companies, seed=seed)


def test_columns_are_those_of_the_plain_layout(tables: Tables) -> None:
    documentation = (Path(__file__).parents[2] / "docs/plain.md").read_text(encoding="utf-8")
    for section in documentation.split("\n## ")[1:]:
        name = section.partition(".csv")[0]
        cells = re.findall(r"^\| (`.*?) \|", section, flags=re.MULTILINE)
        assert set(tables[name].columns) == {column for cell in cells for column in re.findall(r"`(\w+)`", cell)}, name


def test_words_are_those_of_the_staged_tables(tables: Tables) -> None:
    for column, words in VALUES.items():
        table, _, name = column.partition(".")
        if table in tables and name in tables[table].columns:
            assert set(tables[table][name]) <= set(words), column


def test_every_id_that_is_named_is_described_once(tables: Tables) -> None:
    companies, persons = tables["companies"]["id"], tables["persons"]["id"]
    assert companies.is_unique
    assert persons.is_unique
    everybody = {*companies, *persons}
    assert set(tables["contact_points"]["id"]) <= set(companies)
    assert set(tables["interests"]["subject"]) | set(tables["roles"]["company"]) <= set(companies)
    assert set(tables["interests"]["holder"]) | set(tables["roles"]["holder"]) <= everybody
    assert set(tables["links"]["source"]) | set(tables["links"]["target"]) <= set(companies)


def test_records_are_not_repeated(tables: Tables) -> None:
    assert not tables["interests"].duplicated(["subject", "holder", "kind", "held_as", "start_on"]).any()
    assert not tables["roles"].duplicated(["company", "holder", "kind", "title", "start_on"]).any()
    assert not tables["links"].duplicated(["source", "target", "kind", "start_on"]).any()
    assert not tables["contact_points"].duplicated(["id", "kind", "purpose", "value", "start_on"]).any()


def test_sizes_are_those_of_a_real_register(tables: Tables) -> None:
    n_contact_points = len(tables["contact_points"].drop_duplicates(["kind", "value"]))
    n_nodes = N + len(tables["persons"]) + n_contact_points
    n_ties = sum(len(tables[name]) for name in ("interests", "roles", "links", "contact_points"))
    assert 2.7 < n_nodes / N < 3.3
    assert 1.2 < n_ties / n_nodes < 1.45
    assert 0.17 < (tables["companies"]["status"] == "dissolved").mean() < 0.23


def test_a_few_people_have_many_offices_and_nominees_have_more(tables: Tables) -> None:
    hubs = tables["hubs"].set_index("id")
    offices = tables["roles"].groupby("holder")["company"].nunique().sort_values()
    nominees = hubs[hubs["kind"] == "nominee"]
    assert (offices[nominees.index] >= 150).all()
    assert (offices[nominees.index] >= 0.03 * N).all()
    ordinary = offices.drop(nominees.index)
    assert (ordinary == 1).mean() > 0.5
    assert 15 <= ordinary.max() <= 60


def test_formation_agents_have_a_twentieth_of_all_companies(tables: Tables) -> None:
    hubs, contacts = tables["hubs"], tables["contact_points"]
    addresses = contacts[contacts["kind"] == "address"].groupby("value")["id"].nunique()
    agents = hubs[hubs["kind"] == "agent_address"]
    assert len(agents) == 2
    assert (addresses[agents["name"]] >= 0.05 * N).all()
    assert addresses.drop(agents["name"]).max() <= 60


def test_groups_are_trees_and_some_holdings_are_circular(tables: Tables) -> None:
    holdings = tables["interests"][tables["interests"]["holder"].isin(tables["companies"]["id"])]
    graph = nx.DiGraph(zip(holdings["holder"], holdings["subject"], strict=True))
    circles = [group for group in nx.strongly_connected_components(graph) if len(group) > 1]
    assert len(circles) >= 2
    assert max(dict(graph.out_degree()).values()) >= 5
    assert set(zip(holdings["share_min"], holdings["share_max"], strict=True)) == {
        ("0.25", "0.5"),
        ("0.5", "0.75"),
        ("0.75", "1"),
    }


def test_dates_are_in_order_and_none_is_later_than_the_register(tables: Tables) -> None:
    for name in ("interests", "roles", "links"):
        ties = tables[name]
        assert (ties["start_on"] <= OBSERVED_ON).all()
        ended = ties[ties["end_on"] != ""]
        assert ((ended["start_on"] < ended["end_on"]) & (ended["end_on"] <= OBSERVED_ON)).all()
    assert 0.05 < (tables["roles"]["end_on"] != "").mean() < 0.3
    companies = tables["companies"].set_index("id")
    dissolved = companies[companies["status"] == "dissolved"]
    assert (dissolved["incorporated_on"] < dissolved["dissolved_on"]).all()
    assert (companies["status"] == "dissolved").eq(companies["dissolved_on"] != "").all()


def test_people_share_names_and_only_keys_say_who_is_one(tables: Tables) -> None:
    persons = tables["persons"].merge(tables["true_people"], on="id", how="left")
    persons["person"] = persons["person"].fillna(persons["id"])
    assert persons["name"].duplicated().sum() > 300
    keyed = persons[persons["key"] != ""]
    pairs = keyed.merge(keyed, on="key").query("id_x < id_y")
    assert (keyed["key_confidence"] == "0.9").all()
    assert len(pairs) > 80
    assert 0.8 < (pairs["person_x"] == pairs["person_y"]).mean() < 0.97
    assert (persons["person"].duplicated(keep=False) & (persons["key"] == "")).sum() > 20


def test_company_names_are_their_own(tables: Tables) -> None:
    names = tables["companies"]["name"]
    assert names.is_unique
    assert {*ODD_NAMES, SCRIPT_NAME} <= set(names)


def test_the_export_has_messy_names_of_living_companies(tables: Tables) -> None:
    customers, matches = tables["customers"], tables["true_matches"]
    companies = tables["companies"].set_index("id")
    assert customers["Account ID"].tolist() == matches["customer"].tolist()
    assert matches["customer"].is_unique
    known = matches[matches["company"] != ""]
    assert known["company"].is_unique
    assert known["status"].value_counts().to_dict() == {"won": 30, "lost": 8, "open": 7}
    assert (companies.loc[known["company"], "status"] == "active").all()
    assert len(set(matches["style"])) >= 7
    strangers = customers[matches["company"] == ""]["Account Name"]
    assert len(strangers) == 3
    assert not set(strangers) & set(companies["name"])
    assert set(customers["Account Owner"]) == {"Ines Calloway", "Tomas Verrell", "Priya Ashdene"}
    assert set(ODD_NAMES) <= set(customers["Account Name"])


def test_planted_leads_are_alive_and_nobodys_customers(register: SyntheticRegister, tables: Tables) -> None:
    companies = tables["companies"].set_index("id")
    leads = [lead.company for lead in register.answers.leads]
    assert len(leads) == 60
    assert len(set(leads)) == 60
    assert not set(leads) & set(tables["true_matches"]["company"])
    assert (companies.loc[leads, "status"] == "active").all()
    assert pd.Series([lead.reason for lead in register.answers.leads]).value_counts().to_dict() == {
        "sister": 12,
        "director_and_phone": 11,
        "director_and_email_domain": 8,
        "parent": 8,
        "same_owner": 7,
        "second_record": 7,
        "subsidiary": 7,
    }
    by_customer = pd.Series([lead.customer for lead in register.answers.leads]).value_counts()
    assert set(by_customer) == {1, 2, 4}
    odd = [lead for lead in register.answers.leads if companies.loc[lead.company, "name"] == SCRIPT_NAME]
    assert [lead.reason for lead in odd] == ["second_record"]


def test_a_plain_walk_finds_what_was_planted(register: SyntheticRegister, tables: Tables) -> None:
    ranked = _rank_by_plain_walk(tables)
    first = set(ranked[: 3 * len(register.answers.leads)])
    assert np.mean([lead.company in first for lead in register.answers.leads]) >= 0.9


def test_decoys_are_out_of_reach(register: SyntheticRegister, tables: Tables) -> None:
    decoys = {decoy.company: decoy.reason for decoy in register.answers.decoys}
    assert set(decoys.values()) == {"nominee", "agent_address", "namesake", "ended_role", "dissolved"}
    assert len(decoys) >= 50
    graph = _walkable(tables)
    won = tables["true_matches"].query("status == 'won' and company != ''")["company"]
    near = {node for seed in won for node in nx.node_connected_component(graph, seed)}
    assert {decoys[company] for company in decoys if company in near} == {"dissolved"}
    dead = [company for company, kind in decoys.items() if kind == "dissolved"]
    assert set(tables["companies"].set_index("id").loc[dead, "status"]) == {"dissolved"}


def test_a_namesake_has_the_name_of_the_customers_officer(register: SyntheticRegister, tables: Tables) -> None:
    names = tables["persons"].set_index("id")["name"]
    officers = tables["roles"].groupby("company")["holder"].agg(set)
    namesakes = [decoy for decoy in register.answers.decoys if decoy.reason == "namesake"]
    assert len(namesakes) == 12
    for decoy in namesakes:
        assert decoy.through is not None
        at_customer = officers[decoy.customer_company]
        assert names[decoy.through] in {names[officer] for officer in at_customer if officer in names.index}
        assert decoy.through not in at_customer


def _rank_by_plain_walk(tables: Tables) -> list[str]:
    """Return living companies that are no customers, by personalised PageRank from the won ones."""
    graph, matches = _walkable(tables), tables["true_matches"].query("company != ''")
    seeds = matches.query("status == 'won'")["company"]
    mass = nx.pagerank(graph, personalization=dict.fromkeys(seeds, 1.0))
    alive = set(tables["companies"].query("status == 'active'")["id"]) - set(matches["company"])
    return sorted(alive & set(graph), key=lambda company: (-mass[company], company))


def _walkable(tables: Tables) -> nx.Graph:
    """Return what ties companies on the register's day, without whatever ties more than 50."""
    ties = pd.concat(
        [
            tables["roles"][["company", "holder", "end_on"]].set_axis(["left", "right", "end"], axis=1),
            tables["interests"][["subject", "holder", "end_on"]].set_axis(["left", "right", "end"], axis=1),
            tables["links"][["source", "target", "end_on"]].set_axis(["left", "right", "end"], axis=1),
            tables["contact_points"][["id", "value", "end_on"]].set_axis(["left", "right", "end"], axis=1),
            tables["persons"].query("key != ''")[["id", "key"]].set_axis(["left", "right"], axis=1).assign(end=""),
        ]
    )
    graph = nx.from_pandas_edgelist(ties[ties["end"] == ""], "left", "right")
    graph.remove_nodes_from([node for node, degree in dict(graph.degree).items() if degree > 50])
    return graph


def test_a_ranking_is_scored_by_what_it_finds_and_by_what_fools_it() -> None:
    answers = Answers(
        matches=(),
        leads=(_tie("X-T:1", "parent"), _tie("X-T:2", "sister")),
        decoys=(_tie("X-T:8", "nominee"), _tie("X-T:9", "namesake")),
        hubs=(
            Hub(kind="nominee", id="X-P:1", name="Ann", n_companies=200),
            Hub(kind="agent_address", id=None, name="1 Mill Lane", n_companies=300),
        ),
    )
    ranking = [
        _lead("X-T:9", through="X-P:7"),
        _lead("X-T:2", through="X-P:8"),
        *(_lead(f"X-T:{number}", through=node) for number, node in ((11, "X-P:1"), (12, "1 Mill Lane"), (13, "X-P:9"))),
        _lead("X-T:14", through="X-P:9"),
        _lead("X-T:1", through="X-P:9"),
    ]
    score = score_ranking(ranking, answers)
    assert (score.n_planted, score.n_found, score.share_found) == (2, 1, 0.5)
    assert score.by_reason == {"parent": (0, 1), "sister": (1, 1)}
    assert [decoy.reason for decoy in score.decoys] == ["namesake"]
    assert score.through_hubs == ("X-T:11", "X-T:12")


def _tie(company: str, reason: str) -> KnownTie:
    return KnownTie(company=company, customer="C1", customer_company="X-T:0", reason=reason, through=None)


def _lead(company: str, *, through: str) -> Recommendation:
    ends = [NodeRef(id=one, kind=NodeKind.COMPANY, name=one) for one in ("X-T:0", through, company)]
    tie = Relationship(
        source=ends[1],
        target=ends[2],
        relation="role",
        kind="director",
        title=None,
        share_min=None,
        share_max=None,
        period=Period(),
        confidence=1.0,
        sources=(),
    )
    path = tuple(PathStep(start=ends[i], end=ends[i + 1], relationship=tie) for i in range(2))
    found = Company(
        id=company,
        name=company,
        entity_type="registered_entity",
        mentioned=False,
        jurisdiction=None,
        status="active",
        locality=None,
        region=None,
        postcode=None,
        legal_form=None,
        incorporated_on=None,
        dissolved_on=None,
    )
    reason = Reason(sentence="", points=1.0, confidence=1.0, path=path)
    return Recommendation(rank=1, company=found, score=1.0, percent_of_best=100.0, reasons=(reason,))


@pytest.mark.parametrize(
    ("style", "name"),
    [
        ("as_registered", "Harbour Lane Logistics Ltd"),
        ("upper_case", "HARBOUR LANE LOGISTICS LTD"),
        ("lower_case", "harbour lane logistics ltd"),
        ("other_legal_form", "Harbour Lane Logistics (Limited|LTD.|Ltd.)"),
        ("no_legal_form", "Harbour Lane Logistics"),
        ("stray_spaces", " Harbour  Lane Logistics Ltd "),
        ("abbreviated", "Harbour Lane Logi. Ltd"),
        ("typing_error", "(Hrabour|Habrour|Haroubr|Harobur|Harbuor) Lane Logistics Ltd"),
    ],
)
def test_a_name_in_every_style(style: str, name: str) -> None:
    assert re.fullmatch(name, restyle(np.random.default_rng(1), "Harbour Lane Logistics Ltd", style))


def test_every_style_is_tried_and_their_shares_sum_to_one() -> None:
    assert sum(STYLES.values()) == pytest.approx(1)


def test_numbers_in_words() -> None:
    name = (FIRST.index("Harbour") * len(SECOND) + SECOND.index("Lane")) * 68 + 36
    names, members = np.array([name, name]), np.array([-1, 1])
    assert text.firm_names(names).to_pylist() == ["Harbour Lane Logistics"] * 2
    assert text.brands(names[:1]).to_pylist() == ["Harbour Lane"]
    assert [one.rpartition(" ")[0] for one in text.company_names(names, members).to_pylist()] == [
        "Harbour Lane Logistics",
        "Harbour Lane Logistics Services",
    ]
    assert text.trades(names[:1], members[:1])[1].to_pylist() == ["Freight transport by road"]
    assert text.domains(names[:1]).to_pylist() == ["harbour-lane-logistics.example"]
    assert text.company_ids(np.array([0, 41])).to_pylist() == ["X-DEMO:00000001", "X-DEMO:00000042"]
    assert text.holder_ids(np.array([1, 10]), 10).to_pylist() == ["X-DEMO:00000002", "X-DEMO-PERSON:00000001"]
    assert text.days(np.array([0, np.iinfo(np.int32).min], np.int32)).to_pylist() == [date(1970, 1, 1), None]
    assert re.fullmatch(r"\+44 6\d{3} \d{3} \d{3}", text.phones(np.array([5])).to_pylist()[0])
    assert re.fullmatch(r"X[A-Z]\d\d? \d[A-Z]{2}", text.postcodes(np.array([5]), np.array([0.5])).to_pylist()[0])


def test_words_are_many_and_all_different() -> None:
    for words in (FIRST, SECOND, GIVEN, FAMILY, TOWNS, STREETS):
        assert len(set(words)) == len(words)
    assert text.N_NAMES >= 5_000_000


def test_phones_and_keys_are_all_different() -> None:
    numbers = np.arange(100_000)
    assert len(set(text.phones(numbers).to_pylist())) == 100_000
    assert len(set(text.keys(numbers).to_pylist())) == 100_000


@given(n=st.integers(1, 200), seed=st.integers(0, 1000), largest=st.integers(1, 20))
def test_takers_get_one_thing_each_and_no_thing_too_many(n: int, seed: int, largest: int) -> None:
    rng = np.random.default_rng(seed)
    taken, home = pair_by_place(rng, rng.random(n), 2.5, largest)
    assert len(taken) == n
    assert set(taken.tolist()) == set(range(len(home)))
    assert np.bincount(taken).max() <= largest
