from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphleads.errors import StepMissing
from graphleads.identity.link import LinkReport, link
from graphleads.identity.review import read_review
from graphleads.model import DeliveryKind
from graphleads.testing.staging import stage_delivery

FULL, UPDATE = DeliveryKind.FULL, DeliveryKind.UPDATE
LEI_A = {"scheme": "XI-LEI", "value": "00000000000000000A98"}


def linked(tmp_path: Path, **tables: list[dict[str, object]]) -> tuple[LinkReport, list[tuple[str, str, str, float]]]:
    stage_delivery(tmp_path / "staged", tables, observed_on="2024-01-01")
    report = link(tmp_path / "staged", tmp_path / "linked")
    pairs = pq.read_table(report.path).to_pylist()
    return report, [(row["left"], row["right"], row["method"], round(row["probability"], 3)) for row in pairs]


def reviewed(report: LinkReport) -> list[dict[str, object]]:
    return read_review(report.path.with_name("review.parquet")).items


def company(entity_id: str, **more: object) -> dict[str, object]:
    return {"record": entity_id, "id": entity_id, "name": "A", **more}


def identifier(entity_id: str, **more: object) -> dict[str, object]:
    return {"record": entity_id, "id": entity_id, **LEI_A, **more}


def person(entity_id: str, **more: object) -> dict[str, object]:
    return {"record": entity_id, "id": entity_id, "name": "Ann Archer", **more}


def test_companies_that_share_an_lei_are_linked(tmp_path: Path) -> None:
    report, pairs = linked(
        tmp_path,
        companies=[company("GB-COH:00000001"), company("X-B:2"), company("X-B:3")],
        identifiers=[identifier("GB-COH:00000001"), identifier("X-B:2")],
    )
    assert pairs == [("GB-COH:00000001", "X-B:2", "identifier", 0.999)]
    assert (report.n_companies, report.n_persons, report.unchanged) == (1, 0, False)


def test_an_id_is_an_identifier_too(tmp_path: Path) -> None:
    _, pairs = linked(
        tmp_path,
        companies=[company("XI-LEI:00000000000000000A98"), company("X-B:2")],
        identifiers=[identifier("X-B:2")],
    )
    assert pairs == [("X-B:2", "XI-LEI:00000000000000000A98", "identifier", 0.999)]


def test_an_identifier_whose_check_digit_fails_links_nothing(tmp_path: Path) -> None:
    _, pairs = linked(
        tmp_path,
        companies=[company("GB-COH:00000001"), company("X-B:2")],
        identifiers=[identifier("GB-COH:00000001"), identifier("X-B:2", valid=False)],
    )
    assert pairs == []


def test_branches_and_funds_are_not_linked_by_identifiers(tmp_path: Path) -> None:
    _, pairs = linked(
        tmp_path,
        companies=[company("X-B:1"), company("X-B:2"), company("X-B:3", entity_type="arrangement")],
        identifiers=[identifier("X-B:1"), identifier("X-B:2"), identifier("X-B:3")],
        links=[{"record": "2", "source": "X-B:2", "target": "X-B:1", "kind": "branch_of"}],
    )
    assert pairs == []


def test_an_identifier_on_two_companies_of_one_register_is_a_conflict(tmp_path: Path) -> None:
    ids = ("BR-CNPJ:00000001", "GB-COH:00000001", "GB-COH:00000002")
    report, pairs = linked(
        tmp_path,
        companies=[company(one) for one in ids],
        identifiers=[identifier(one) for one in ids],
    )
    assert pairs == []
    assert report.n_conflicts == 1


ALDER, HOLDER = "GB-COH:09900123", "X-GB-COH-PSC-ENTITY:00000001-a"


def stated(holder: str, name: str | None, **more: object) -> tuple[dict[str, object], dict[str, object]]:
    number = {"record": holder, "id": holder, "scheme": "GB-COH", "value": "09900123", **more}
    return company(holder, name=name, mentioned=True), number


@pytest.mark.parametrize(
    ("name", "probability"),
    [
        ("ALDER HOLDINGS LTD", 0.999),
        ("Alder", 0.999),
        ("Aldr Holdings Limited", 0.999),
        ("Sapling Ventures", 0.999),
        ("Stranger Caledonian Limited", 0.3),
        ("Alder Fund 2", 0.3),
        (None, 0.3),
    ],
)
def test_a_number_that_somebody_states_joins_where_a_name_agrees(
    tmp_path: Path, name: str | None, probability: float
) -> None:
    holder, number = stated(HOLDER, name)
    report, pairs = linked(
        tmp_path,
        companies=[company(ALDER, name="Alder Holdings Limited", mentioned=False), holder],
        names=[{"record": ALDER, "id": ALDER, "name": "Sapling Ventures Plc", "kind": "former"}],
        identifiers=[number],
    )
    assert pairs == [(ALDER, HOLDER, "stated_number", probability)]
    assert (report.n_companies, report.n_review) == ((1, 0) if probability > 0.5 else (0, 1))


def test_a_number_without_a_register_is_of_the_name_that_most_records_give(tmp_path: Path) -> None:
    names = ("Alder Ltd", "ALDER LIMITED", "Stranger Plc")
    said = [stated(f"X-BODS:p/{place}", name) for place, name in enumerate(names)]
    _, pairs = linked(tmp_path, companies=[one for one, _ in said], identifiers=[number for _, number in said])
    assert pairs == [
        (ALDER, "X-BODS:p/0", "stated_number", 0.999),
        (ALDER, "X-BODS:p/1", "stated_number", 0.999),
        (ALDER, "X-BODS:p/2", "stated_number", 0.3),
    ]


def test_a_number_that_joins_nobody_is_kept_with_both_sides(tmp_path: Path) -> None:
    holder, number = stated(HOLDER, "Stranger Caledonian Limited", record="statement 7")
    report, _ = linked(
        tmp_path,
        companies=[
            company(ALDER, name="Alder Holdings Limited", mentioned=False, jurisdiction="GB", locality="Leeds"),
            holder | {"jurisdiction": "GB-SCT"},
        ],
        identifiers=[number],
    )
    assert reviewed(report) == [
        {
            "id": HOLDER, "name": "Stranger Caledonian Limited", "place": "GB-SCT", "scheme": "GB-COH",
            "value": "09900123", "other_id": ALDER, "other_name": "Alder Holdings Limited", "other_place": "Leeds, GB",
            "reason": "other_name", "dataset": "test", "record": "statement 7", "register": "Companies House",
        }
    ]  # fmt: skip


def test_what_joins_nobody_has_its_reason_and_an_order(tmp_path: Path) -> None:
    names = {"X-BODS:p/3": "Stranger Plc", "X-BODS:p/1": "Alder Ltd", "X-BODS:p/2": "ALDER LIMITED"}
    said = [stated(holder, name) for holder, name in names.items()]
    other = stated("X-BODS:p/0", None, value="09900124")
    birch = company("GB-COH:09900124", name="Birch Ltd", mentioned=False)
    report, _ = linked(
        tmp_path,
        companies=[*(one for one, _ in said), other[0], birch],
        identifiers=[*(number for _, number in said), other[1]],
    )
    assert [(one["id"], one["other_name"], one["reason"]) for one in reviewed(report)] == [
        ("X-BODS:p/0", "Birch Ltd", "no_name"),
        ("X-BODS:p/3", "ALDER LIMITED", "usual_name"),
    ]


def test_of_what_waits_no_more_are_read_than_asked_for(tmp_path: Path) -> None:
    said = [stated(f"X-BODS:p/{place}", f"Stranger {place} Plc") for place in range(3)]
    report, _ = linked(
        tmp_path,
        companies=[company(ALDER, name="Alder Holdings Limited", mentioned=False), *(one for one, _ in said)],
        identifiers=[number for _, number in said],
    )
    found = read_review(report.path.with_name("review.parquet"), limit=2)
    assert (found.n, [one["id"] for one in found.items]) == (3, ["X-BODS:p/0", "X-BODS:p/1"])


def test_where_all_numbers_join_nothing_waits(tmp_path: Path) -> None:
    assert reviewed(linked(tmp_path, companies=[company(ALDER)])[0]) == []


@pytest.mark.parametrize("value", ["12345678", "99999999"])
def test_a_placeholder_that_somebody_states_joins_nobody(tmp_path: Path, value: str) -> None:
    said = [stated(f"X-BODS:p/{place}", "Alder Ltd", value=value) for place in range(2)]
    _, pairs = linked(tmp_path, companies=[one for one, _ in said], identifiers=[number for _, number in said])
    assert pairs == []


def test_a_checked_number_joins_names_in_two_scripts(tmp_path: Path) -> None:
    lei = {"scheme": "XI-LEI", "value": "213800WSGIIZCXF1P572"}
    holder, number = stated("X-FTM:a", "شركة النخيل", **lei, valid=True)
    own = {"record": ALDER, "id": ALDER, **lei, "valid": True}
    _, pairs = linked(
        tmp_path, companies=[company(ALDER, name="Palm Holdings", mentioned=False), holder], identifiers=[number, own]
    )
    assert pairs == [(ALDER, "X-FTM:a", "stated_number", 0.999)]


def test_persons_are_linked_by_a_declared_key_with_its_confidence(tmp_path: Path) -> None:
    _, pairs = linked(
        tmp_path,
        persons=[
            person("X-P:1", key="k", key_confidence=0.9),
            person("X-P:2", key="k", key_confidence=0.8),
            person("X-P:3", key="other", key_confidence=0.9),
        ],
    )
    assert pairs == [("X-P:1", "X-P:2", "declared_key", 0.8)]


def test_two_persons_of_one_name_stay_two_persons(tmp_path: Path) -> None:
    assert linked(tmp_path, persons=[person("X-P:1"), person("X-P:2")])[1] == []


def test_a_correction_in_a_later_delivery_counts(tmp_path: Path) -> None:
    companies = [company("GB-COH:00000001"), company("X-B:2")]
    wrong = [identifier("GB-COH:00000001"), identifier("X-B:2")]
    stage_delivery(tmp_path / "staged", {"companies": companies, "identifiers": wrong}, observed_on="2023-01-01")
    right = [identifier("GB-COH:00000001"), identifier("X-B:2", value="00000000000000000B95")]
    assert linked(tmp_path, companies=companies, identifiers=right)[1] == []


def test_the_same_deliveries_are_linked_once(tmp_path: Path) -> None:
    first, _ = linked(tmp_path, companies=[company("X-B:1")])
    again = link(tmp_path / "staged", tmp_path / "linked")
    assert again.unchanged
    assert again.path == first.path


def test_nothing_to_link_names_the_step_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(StepMissing, match="graphleads ingest"):
        link(tmp_path / "staged", tmp_path / "linked")


def test_what_was_linked_stays_until_the_new_links_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report, _ = linked(tmp_path, companies=[company("X-A:1")])
    (report.path.parent / "report.json").unlink()
    rename = Path.rename

    def stop(self: Path, target: Path) -> Path:
        if self.name == f".{report.id}":
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as stopped:
        stopped.setattr(Path, "rename", stop)
        with pytest.raises(KeyboardInterrupt):
            link(tmp_path / "staged", tmp_path / "linked")
    assert pq.read_table(report.path).num_rows == 0
    assert not link(tmp_path / "staged", tmp_path / "linked").unchanged
    assert sorted(path.name for path in (tmp_path / "linked").iterdir()) == [report.id]


def windows(tmp_path: Path, *deliveries: tuple[str, DeliveryKind, list[dict[str, object]]]) -> list[tuple[str, ...]]:
    """Return the pairs of persons after some deliveries: both, from when, until when."""
    for observed_on, kind, persons in deliveries:
        stage_delivery(tmp_path / "staged", {"persons": persons}, observed_on=observed_on, kind=kind)
    pairs = pq.read_table(link(tmp_path / "staged", tmp_path / "linked").path).to_pylist()
    return [(row["left"], row["right"], str(row["known_from"]), str(row["known_until"])) for row in pairs]


def keyed(number: int, key: str = "k", **more: object) -> dict[str, object]:
    return person(f"X-P:{number}", key=key, key_confidence=0.9, **more)


def test_each_of_a_group_is_paired_with_each(tmp_path: Path) -> None:
    first = ("2023-01-01", FULL, [keyed(5), keyed(7)])
    assert windows(tmp_path, first) == [("X-P:5", "X-P:7", "2023-01-01", "9999-12-31")]
    later = ("2024-01-01", FULL, [keyed(5), keyed(7), keyed(1)])
    assert windows(tmp_path, later) == [
        ("X-P:5", "X-P:1", "2024-01-01", "9999-12-31"),
        ("X-P:5", "X-P:7", "2023-01-01", "9999-12-31"),
        ("X-P:7", "X-P:1", "2024-01-01", "9999-12-31"),
    ]


def test_in_a_large_group_each_is_paired_with_forty_that_were_known_first(tmp_path: Path) -> None:
    first = ("2023-01-01", FULL, [keyed(number) for number in range(100, 130)])
    later = ("2024-01-01", FULL, [keyed(number) for number in range(80, 130)])
    found = windows(tmp_path, first, later)
    assert len(found) == 40 * 39 // 2 + 10 * 40
    assert {left for left, right, *_ in found if right == "X-P:99"} == {
        f"X-P:{number}" for number in (*range(100, 130), *range(80, 90))
    }
    assert [one for one in found if one[3] != "9999-12-31"] == []


def test_those_that_are_left_are_paired_still(tmp_path: Path) -> None:
    found = windows(
        tmp_path, ("2023-01-01", FULL, [keyed(5), keyed(6), keyed(7)]), ("2024-01-01", UPDATE, [keyed(5, "other")])
    )
    assert found == [
        ("X-P:5", "X-P:6", "2023-01-01", "2024-01-01"),
        ("X-P:5", "X-P:7", "2023-01-01", "2024-01-01"),
        ("X-P:6", "X-P:7", "2023-01-01", "9999-12-31"),
    ]


def test_a_person_who_left_the_register_is_still_the_same_and_one_that_was_void_never_was(tmp_path: Path) -> None:
    both = ("2023-01-01", FULL, [keyed(5), keyed(6)])
    assert windows(tmp_path / "a", both, ("2024-01-01", FULL, [keyed(5)])) == [
        ("X-P:5", "X-P:6", "2023-01-01", "9999-12-31")
    ]
    assert windows(tmp_path / "b", both, ("2024-01-01", UPDATE, [keyed(6, op="void")])) == [
        ("X-P:5", "X-P:6", "2023-01-01", "2024-01-01")
    ]


def test_a_pair_is_as_sure_as_the_less_sure_of_its_two(tmp_path: Path) -> None:
    _, pairs = linked(
        tmp_path,
        persons=[
            person("X-P:1", key="k", key_confidence=0.9),
            person("X-P:2", key="k", key_confidence=0.95),
            person("X-P:3", key="k", key_confidence=0.6),
        ],
    )
    assert pairs == [
        ("X-P:1", "X-P:2", "declared_key", 0.9),
        ("X-P:1", "X-P:3", "declared_key", 0.6),
        ("X-P:2", "X-P:3", "declared_key", 0.6),
    ]
