from __future__ import annotations

from typing import Any

from graphleads.formats.report import DeliveryReport
from graphleads.ingest.registers.cn_gongshang.answer import AnswerTaker, find_answer, make_block
from graphleads.ingest.registers.cn_gongshang.dossier import DOSSIER, PARTS, QICHACHA, TIANYANCHA
from graphleads.ingest.registers.cn_gongshang.shape import QICHACHA_COMPANY, TIANYANCHA_COMPANY


def take(content: dict[str, Any]) -> tuple[dict[str, Any], DeliveryReport]:
    report = DeliveryReport()
    taken = AnswerTaker("f", report).take(1, content)
    return taken[1] if taken else {}, report


def test_services_are_told_by_their_fields() -> None:
    for content, origin in (
        ({"Result": {"Name": "甲"}}, QICHACHA),
        ({"KeyNo": "1", "Name": "甲"}, QICHACHA),
        ({"result": {"name": "甲"}}, TIANYANCHA),
        ({"regStatus": "存续", "name": "甲"}, TIANYANCHA),
        ({"result": {"name": "甲"}, "holder": []}, TIANYANCHA),
    ):
        answer = find_answer(content)
        assert answer is not None
        assert (answer.origin, (answer.company or {}).get("Name", "甲")) == (origin, "甲")
    assert find_answer({"name": "甲"}) is None


def test_numbers_are_texts_and_placeholders_nothing() -> None:
    dossier, _ = take({"Result": {"Name": " 甲 ", "No": 7, "Scope": "-", "RegistCapi": "", "Address": None}})
    assert {name: value for name, value in dossier.items() if value} == {"name": "甲", "register_number": "7"}


def test_numbers_that_stand_for_words() -> None:
    item = {"items": [{"name": "甲", "type": 1}, {"name": "乙", "type": 2}]}
    dossier, _ = take({"result": {"name": "丙", "type": 2, "isMicroEnt": 0}, "staff": {"result": item}})
    assert [one["type"] for one in dossier["staff"]] == ["公司", "自然人"]
    assert (dossier["legal_representative_type"], dossier.get("size_class")) == ("公司", None)


def test_lists_are_found_whatever_they_are_wrapped_in() -> None:
    rows = [{"name": "甲"}]
    for wrapped in (rows, {"items": rows}, {"result": {"items": rows}}, {"data": {"result": rows}}):
        assert take({"result": {"name": "丙"}, "branch": wrapped})[0]["branches"] == [{"name": "甲"}]
    for nothing in (None, {}, {"data": None}, {"result": {"total": 0}}):
        assert take({"result": {"name": "丙"}, "branch": nothing})[0]["branches"] == []


def test_what_is_left_over_is_reported() -> None:
    partner = {"StockName": "乙", "IdentifyNo": "1", "InvestType": "货币", "New": {}}
    _, report = take({"Result": {"Name": "甲", "Fresh": 1, "Partners": [partner]}, "Odd": 1, "Message": "ok"})
    assert report.unknown_fields == {"Fresh", "Odd", "Partners.New"}
    assert report.dropped_personal_fields == {"Partners.IdentifyNo": 1}
    assert set(report.ignored_fields) == {"Message", "Partners.InvestType"}


def test_dossiers_are_rows_whatever_they_lack() -> None:
    block = make_block("f", [3, 5], [{"name": "甲"}, {"phones": ["1"], "holders": [{"name": "乙"}]}])
    assert list(block.columns) == [one.name for one in DOSSIER]
    assert block.columns["name"].to_pylist() == ["甲", None]
    assert block.columns["holders"].to_pylist()[1][0]["name"] == "乙"
    assert block.rows.tolist() == [3, 5]


def test_every_field_of_the_shapes_goes_to_a_field_of_the_dossier() -> None:
    known = {one.name for one in DOSSIER} | {f"{part}.{field}" for part, fields in PARTS.items() for field in fields}
    for shape in (QICHACHA_COMPANY, TIANYANCHA_COMPANY):
        assert set(shape.labels()) <= known
    assert QICHACHA_COMPANY.labels()["holders.share"] == "Partners.StockPercent"
    assert QICHACHA_COMPANY.labels()["phones"] == "ContactInfo.PhoneNumber"
