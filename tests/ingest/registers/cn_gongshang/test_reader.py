"""The reader of Chinese registers on invented companies; every expected value is written out."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from graphleads.errors import FormatChanged, FormatMismatch, ValueInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.identity.link import link
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.ingest.reader import ReadContext
from graphleads.ingest.registers.cn_gongshang.reader import CnGongshangReader
from graphleads.model import DeliveryKind
from graphleads.tables.delivery import open_deliveries
from graphleads.tables.schema import STAGED
from graphleads.testing.reader_contract import ReaderContract
from graphleads.testing.staging import stage_delivery

GOLDEN = Path(__file__).parents[3] / "golden" / "cn_gongshang"
TABLE, ANSWER, ANSWERS = GOLDEN / "companies.csv", GOLDEN / "qcc_detail.json", GOLDEN / "tyc.json"

XIAMEN, BEIJING = "CN-USCI:91350200MA9900001U", "CN-USCI:91110000MA9900002N"
SHANGHAI, BRANCH = "X-CN-REGNO:310000100000003", "X-CN-REGNO:310000500000004"
BY_NAME = "X-CN-NAME:"

Read = tuple[dict[str, pa.Table], DeliveryReport]


class TestContract(ReaderContract):
    reader = CnGongshangReader()
    files = (TABLE,)
    required_column = "企业名称"


class TestContractInGb18030(ReaderContract):
    reader = CnGongshangReader()
    files = (GOLDEN / "companies_gb18030.csv",)
    required_column = "企业名称"
    encoding = "gb18030"


class TestContractOfQichacha(ReaderContract):
    reader = CnGongshangReader()
    files = (ANSWER,)
    bad_line = None


class TestContractOfTianyancha(ReaderContract):
    reader = CnGongshangReader()
    files = (ANSWERS,)
    bad_line = None


def read(*paths: Path) -> Read:
    report = DeliveryReport()
    context = ReadContext(dataset="cn", observed_on=date(2024, 3, 31), report=report)
    tables: dict[str, list[pa.Table]] = {name: [table.schema.empty_table()] for name, table in STAGED.items()}
    for batch in CnGongshangReader().read([source for path in paths for source in open_sources(path)], context):
        tables[batch.table].append(batch.rows)
    return {name: pa.concat_tables(parts).unify_dictionaries() for name, parts in tables.items()}, report


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def own(tables: dict[str, pa.Table]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tables["companies"].filter(pc.invert(tables["companies"]["mentioned"])).to_pylist()
    return found


def mentioned(tables: dict[str, pa.Table]) -> set[tuple[str, str]]:
    return set(rows(tables["companies"].filter(tables["companies"]["mentioned"]), "id", "name"))


def issues(report: DeliveryReport) -> list[tuple[Any, ...]]:
    return sorted(rows(report.issue_table(), "row", "column", "code", "sample"), key=str)


@pytest.fixture(scope="module")
def table() -> Read:
    return read(TABLE)


@pytest.fixture(scope="module")
def qichacha() -> Read:
    return read(ANSWER)


@pytest.fixture(scope="module")
def tianyancha() -> Read:
    return read(ANSWERS)


class TestTable:
    def test_companies(self, table: Read) -> None:
        xiamen, beijing, shanghai, branch, shop = own(table[0])
        assert [one["id"] for one in (xiamen, beijing, shanghai, branch, shop)] == [
            XIAMEN, BEIJING, SHANGHAI, BRANCH, f"{BY_NAME}示例小吃店",
        ]  # fmt: skip
        assert xiamen | {"dataset": None, "op": None} == {
            **dict.fromkeys(xiamen),
            "record": "91350200MA9900001U",
            "id": XIAMEN,
            "name": "厦门样本贸易有限公司",
            "entity_type": "registered_entity",
            "mentioned": False,
            "jurisdiction": "CN",
            "status": "active",
            "status_text": "存续（在营、开业、在册）",
            "legal_form": "有限责任公司(自然人投资或控股)",
            "incorporated_on": date(2016, 3, 1),
            "capital": Decimal("10000000.00"),
            "capital_currency": "CNY",
            "n_employees_min": 50,
            "n_employees_max": 99,
            "region": "CN-FJ",
            "locality": "厦门市",
            "business_scope": "样本贸易；技术服务",
        }
        columns = ("status", "start_on", "dissolved_on", "incorporated_on", "capital", "capital_currency", "region")
        assert [tuple(one[column] for column in columns) for one in (beijing, shanghai, branch, shop)] == [
            ("inactive", date(2019, 1, 2), None, date(2010, 5, 6), Decimal("5000000.00"), "USD", "CN-BJ"),
            ("dissolved", date(2020, 6, 30), date(2020, 6, 30), None, None, None, "CN-SH"),
            ("inactive", None, None, date(2018, 1, 1), None, None, "CN-SH"),
            ("unknown", None, None, date(2012, 2, 2), Decimal("50000.00"), "CNY", None),
        ]
        assert (beijing["n_employees_min"], beijing["n_employees_max"]) == (None, 49)
        assert (beijing["locality"], branch["locality"]) == ("北京市", "上海市")

    def test_a_wrong_check_digit_is_kept_and_names_nobody(self, table: Read) -> None:
        found = set(rows(table[0]["identifiers"], "id", "scheme", "value", "valid"))
        assert (SHANGHAI, "CN-USCI", "91310000MA99000036", False) in found
        assert (XIAMEN, "CN-USCI", "91350200MA9900001U", True) in found
        assert (XIAMEN, "X-CN-REGNO", "350200100000001", None) in found
        assert (XIAMEN, "X-CN-NAME", "厦门样本贸易 有限公司", None) in found

    def test_names_trades_and_contact_points(self, table: Read) -> None:
        assert rows(table[0]["names"], "id", "name", "kind") == [
            (XIAMEN, "厦门旧样贸易有限公司", "former"),
            (XIAMEN, "厦门老样贸易有限公司", "former"),
        ]
        assert rows(table[0]["classifications"], "id", "scheme", "code", "primary")[:2] == [
            (XIAMEN, "X-CN-INDUSTRY", "批发业", True),
            (BEIJING, "X-CN-INDUSTRY", "商务服务业", True),
        ]
        points = table[0]["contact_points"]
        assert rows(points.filter(pc.equal(points["id"], XIAMEN)), "kind", "key", "display") == [
            ("address", "福建省厦门市集美区样本大道 1 号 705 单元", "福建省厦门市集美区样本大道1号705单元"),
            ("phone", "865921234567", "0592-1234567"),
            ("phone", "8613800000000", "13800000000"),
            ("email_domain", "yangben.example", "yangben.example"),
            ("website", "yangben.example", "www.yangben.example"),
        ]
        assert rows(points.filter(pc.equal(points["id"], BEIJING)), "kind") == [("address",)]

    def test_a_person_is_one_of_a_record_and_never_joined_by_name(self, table: Read) -> None:
        people = rows(table[0]["persons"], "record", "id", "name", "kind", "key")
        assert people[:4] == [
            ("91350200MA9900001U", "X-CN-PERSON-NO:P1", "张样本", "known", None),
            ("91110000MA9900002N", "X-CN-PERSON:91110000MA9900002N-e958271e5ae9", "王示例", "known", None),
            ("91310000MA99000036", "X-CN-PERSON:91310000MA99000036-864c49fa61bd", "李示例", "known", None),
            ("310000500000004", "X-CN-PERSON:310000500000004-864c49fa61bd", "李示例", "known", None),
        ]
        assert len({whom for _, whom, *_ in people}) == len(people) == 9
        assert len({whom for _, whom, name, *_ in people if name == "李示例"}) == 3

    def test_posts(self, table: Read) -> None:
        roles = table[0]["roles"]
        assert rows(roles.filter(pc.equal(roles["company"], XIAMEN)), "holder", "kind", "title") == [
            ("X-CN-PERSON-NO:P1", "legal_representative", "法定代表人"),
            ("X-CN-PERSON-NO:P1", "director", "执行董事"),
            ("X-CN-PERSON-NO:P1", "chief_executive", "总经理"),
            ("X-CN-PERSON-NO:P2", "supervisor", "监事"),
            ("X-CN-PERSON-NO:P1", "manager", "财务负责人"),
        ]
        assert rows(roles.filter(pc.equal(roles["company"], SHANGHAI)), "kind", "title") == [
            ("legal_representative", "法定代表人"),
            ("chair", "董事长"),
            ("chief_executive", "总经理"),
        ]

    def test_holdings(self, table: Read) -> None:
        beijing, xiamen = f"{BY_NAME}北京示例投资 有限公司", f"{BY_NAME}厦门样本贸易 有限公司"
        columns = ("subject", "holder", "share_min", "share_max", "amount", "amount_kind")
        assert rows(table[0]["interests"], *columns) == [
            (XIAMEN, "X-CN-PERSON-NO:P1", 0.6, 0.6, Decimal("6000000.00"), "subscribed"),
            (XIAMEN, beijing, 0.4, 0.4, Decimal("4000000.00"), "subscribed"),
            (BEIJING, "X-CN-PERSON:91110000MA9900002N-3156e492dc3b", None, None, Decimal("30000000.00"), "subscribed"),
            (BEIJING, "X-CN-PERSON:91110000MA9900002N-e487596a714f", None, None, Decimal("20000000.00"), "subscribed"),
            (SHANGHAI, xiamen, None, None, None, None),
            (f"{BY_NAME}上海示范科技 有限公司", XIAMEN, 0.51, 0.51, None, None),
        ]

    def test_branches_belong_to_their_company(self, table: Read) -> None:
        listed = f"{BY_NAME}厦门样本贸易有限公司上海分 公司"
        assert rows(table[0]["links"], "source", "target", "kind") == [
            (BRANCH, f"{BY_NAME}厦门样本贸易 有限公司", "branch_of"),
            (listed, XIAMEN, "branch_of"),
        ]
        assert mentioned(table[0]) == {
            (f"{BY_NAME}厦门样本贸易 有限公司", "厦门样本贸易有限公司"),
            (f"{BY_NAME}北京示例投资 有限公司", "北京示例投资有限公司"),
            (f"{BY_NAME}上海示范科技 有限公司", "上海示范科技有限公司"),
            (listed, "厦门样本贸易有限公司上海分公司"),
        }

    def test_what_is_odd_is_counted_and_named_in_the_tables_words(self, table: Read) -> None:
        assert issues(table[1]) == [
            (3, "持股比例", "lists_differ", "100%"),
            (3, "电话", "bad_phone", None),
            (4, "成立日期", "bad_date", "2011-13-01"),
            (4, "持股比例", "bad_share", "51"),
            (4, "注册资本", "bad_amount", "6765"),
            (4, "统一社会信用代码", "check_digit", "91310000MA99000036"),
            (6, None, "no_company", None),
            (7, "登记状态", "unknown_status", "活着"),
            (7, "邮箱", "bad_email", None),
        ]
        assert table[1].ignored_fields == {
            "序号": "the row's number",
            "登记机关": "the registering authority ties nobody",
        }

    def test_gb18030_is_read_alike(self, table: Read) -> None:
        tables, report = read(GOLDEN / "companies_gb18030.csv")
        assert tables == table[0]
        assert report.encodings == {"companies_gb18030.csv": "gb18030"}

    def test_a_workbook_is_read_alike(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(["企业信息导出"])
        book.active.append(["公司名称", "统一社会信用代码", "股东名称", "持股比例", "成立时间"])
        book.active.append(["厦门样本贸易有限公司", "91350200MA9900001U", "张样本", 0.6, date(2016, 3, 1)])
        book.active["D3"].number_format = "0.00%"
        book.save(tmp_path / "a.xlsx")
        tables, report = read(tmp_path / "a.xlsx")
        assert rows(tables["interests"], "subject", "share_min") == [(XIAMEN, 0.6)]
        assert own(tables)[0]["incorporated_on"] == date(2016, 3, 1)
        assert (report.issue_counts, report.unknown_fields) == ({}, set())


class TestQichacha:
    def test_the_company(self, qichacha: Read) -> None:
        (company,) = own(qichacha[0])
        columns = ("record", "id", "status", "capital", "region", "locality", "incorporated_on", "start_on")
        assert tuple(company[column] for column in columns) == (
            "c0000000000000000000000000000001", XIAMEN, "active", Decimal("10000000.00"), "CN-FJ", "厦门市",
            date(2016, 3, 1), None,
        )  # fmt: skip
        assert rows(qichacha[0]["names"], "name", "kind", "end_on") == [
            ("厦门旧样贸易有限公司", "former", date(2018, 5, 28))
        ]
        assert rows(qichacha[0]["classifications"], "code", "primary") == [("批发和零售业", True), ("批发业", False)]
        assert rows(qichacha[0]["contact_points"], "kind", "key")[1:] == [
            ("phone", "865921234567"),
            ("email_domain", "yangben.example"),
            ("website", "yangben.example"),
        ]

    def test_people_have_the_services_numbers_wherever_the_record_names_them(self, qichacha: Read) -> None:
        numbered = "X-CN-QCC-PERSON:p0000000000000000000000000000001"
        unnumbered = "X-CN-PERSON:c0000000000000000000000000000001-864c49fa61bd"
        assert rows(qichacha[0]["persons"], "id", "name") == [(numbered, "张样本"), (unnumbered, "李示例")]
        assert rows(qichacha[0]["roles"], "holder", "kind", "title") == [
            (numbered, "legal_representative", "法定代表人"),
            (numbered, "director", "执行董事"),
            (numbered, "chief_executive", "总经理"),
            (unnumbered, "supervisor", "监事"),
        ]

    def test_holdings(self, qichacha: Read) -> None:
        columns = ("holder", "share_min", "amount", "amount_currency", "amount_kind", "details")
        assert rows(qichacha[0]["interests"], *columns) == [
            ("X-CN-QCC-PERSON:p0000000000000000000000000000001", 0.6, Decimal("6000000.00"), "CNY", "subscribed",
             "实缴100 万元"),
            (f"{BY_NAME}北京示例投资 有限公司", 0.4, None, None, None, None),
            (f"{BY_NAME}forjas ejemplo sl", None, None, None, None, None),
        ]  # fmt: skip
        found = set(rows(qichacha[0]["identifiers"], "id", "scheme", "value"))
        assert (f"{BY_NAME}北京示例投资 有限公司", "X-CN-QCC", "c0000000000000000000000000000002") in found
        assert rows(qichacha[0]["links"], "source", "target") == [(BRANCH, XIAMEN)]

    def test_personal_fields_are_dropped_and_counted(self, qichacha: Read) -> None:
        tables, report = qichacha
        assert report.dropped_personal_fields == {
            "Partners.IdentifyNo": 1, "Partners.Address": 1, "Employees.CerNo": 1,
        }  # fmt: skip
        assert "0011" not in str([one.to_pylist() for one in tables.values()])
        assert issues(report) == [(1, "Partners.RealCapi", "bad_amount", "99.617")]

    def test_answers_are_an_update(self) -> None:
        preview = CnGongshangReader().preview(open_sources(ANSWER), None)
        assert (preview.dataset, preview.kind) == ("cn_gongshang", DeliveryKind.UPDATE)
        assert CnGongshangReader().preview(open_sources(TABLE), None).kind is None
        assert preview.one_at_a_time == {"roles": ("legal_representative",)}


class TestTianyancha:
    def test_the_company(self, tianyancha: Read) -> None:
        xiamen, beijing = own(tianyancha[0])
        columns = ("record", "id", "status", "capital", "size_class", "n_employees_min", "n_employees_max")
        assert tuple(xiamen[column] for column in columns) == (
            "2300000001", XIAMEN, "active", Decimal("10000000.00"), "小微企业", 4, 49,
        )  # fmt: skip
        assert xiamen["incorporated_on"] == date(2016, 3, 1)
        assert (beijing["capital"], beijing["capital_currency"]) == (Decimal("5000000.00"), "USD")
        assert rows(tianyancha[0]["names"], "name", "kind") == [
            ("样本贸易", "short"),
            ("厦门旧样贸易有限公司", "former"),
        ]
        assert rows(tianyancha[0]["classifications"], "code", "primary") == [
            ("批发业", True),
            ("综合批发", False),
            ("批发和零售业", False),
        ]

    def test_people_and_holdings(self, tianyancha: Read) -> None:
        zhang, li = "X-CN-TYC-PERSON:2020000001", "X-CN-TYC-PERSON:2020000002"
        assert rows(tianyancha[0]["persons"], "id", "name") == [(zhang, "张样本"), (li, "李示例")]
        assert rows(tianyancha[0]["roles"], "company", "holder", "kind") == [
            (XIAMEN, zhang, "legal_representative"),
            (BEIJING, f"{BY_NAME}上海示范科技 有限公司", "legal_representative"),
            (XIAMEN, zhang, "director"),
            (XIAMEN, zhang, "chief_executive"),
            (XIAMEN, li, "supervisor"),
        ]
        assert rows(tianyancha[0]["interests"], "subject", "holder", "share_min", "amount", "details") == [
            (XIAMEN, zhang, 0.451, Decimal("67650000.00"), "实缴0万元"),
            (XIAMEN, f"{BY_NAME}北京示例投资 有限公司", 0.549, Decimal("82350000.00"), None),
            (f"{BY_NAME}上海示范科技 有限公司", XIAMEN, 0.51, None, None),
        ]
        assert rows(tianyancha[0]["links"], "source", "target") == [
            (f"{BY_NAME}厦门样本贸易有限公司上海分 公司", XIAMEN)
        ]

    def test_an_answer_without_a_company_is_counted(self, tianyancha: Read) -> None:
        assert issues(tianyancha[1]) == [(2, None, "answer_error", "无数据")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"hello": 1}, "no_answer"),
        ({"Partners": [{"StockName": "张样本"}]}, "no_company"),
        ({"holder": {"data": {"result": [{"name": "张样本"}]}}}, "no_company"),
        ({"Status": "201", "Message": "查询无结果", "Result": None}, "answer_error"),
    ],
)
def test_json_without_a_company_is_a_bad_row(tmp_path: Path, content: dict[str, Any], code: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")
    tables, report = read(tmp_path / "a.json")
    assert {name: table.num_rows for name, table in tables.items() if table.num_rows} == {}
    assert report.issue_counts == {code: 1}
    with pytest.raises(FormatMismatch, match=code):
        report.check_bad_rows()


def test_a_field_that_nobody_knows_is_listed(tmp_path: Path) -> None:
    content = {"Result": {"Name": "样本公司", "New": 1, "Partners": [{"StockName": "张样本", "Odd": [1]}]}, "Extra": 2}
    (tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")
    assert read(tmp_path / "a.json")[1].unknown_fields == {"New", "Partners.Odd", "Extra"}


def test_a_table_without_names_is_another_format(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("公司,股东\n样本,张样本\n", encoding="utf-8")
    with pytest.raises(
        FormatChanged, match=r"a\.csv has no column '企业名称' and none of 公司名称, .*, only 公司, 股东"
    ):
        read(tmp_path / "a.csv")


def test_a_mapping_is_refused() -> None:
    with pytest.raises(ValueInvalid, match="cn-gongshang takes no mapping"):
        CnGongshangReader().preview([], "plain")


def test_a_holder_named_as_a_company_of_the_register_is_that_company(table: Read, tmp_path: Path) -> None:
    named = {name: staged.drop_columns("dataset").to_pylist() for name, staged in table[0].items() if staged.num_rows}
    stage_delivery(tmp_path / "staged", named, observed_on="2024-03-31")
    pairs = pq.read_table(link(tmp_path / "staged", tmp_path / "linked").path)
    assert rows(pairs, "left", "right", "kind") == [
        (BEIJING, f"{BY_NAME}北京示例投资 有限公司", "company"),
        (XIAMEN, f"{BY_NAME}厦门样本贸易 有限公司", "company"),
        (f"{BY_NAME}上海示范科技 有限公司", SHANGHAI, "company"),
    ]


class TestRealFiles:
    # The others are fragments: qcc_detail_gongzhuling.json and tyc_holder_staff.json hold what belongs to a company and
    # not the company, qcc_breakthrough_fragment.json is a path of holdings; edinet_… is Japanese.
    WHOLE = ("qcc_detail_xiaomi_2016.json", "tyc_baseinfo.json")

    def test_whole_answers_are_read_without_unknown_fields(self, test_data: Path) -> None:
        tables, report = read(*(test_data / "data/cn_api_samples" / name for name in self.WHOLE))
        assert report.unknown_fields == set()
        assert report.issue_counts == {"bad_phone": 1}
        counts = {name: table.num_rows for name, table in tables.items() if table.num_rows}
        assert counts == {
            "companies": 2, "names": 2, "identifiers": 8, "persons": 4, "classifications": 3, "contact_points": 4,
            "interests": 1, "roles": 3,
        }  # fmt: skip
        assert {one["id"].partition(":")[0] for one in own(tables)} == {"CN-USCI"}

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("qcc_detail_gongzhuling.json", "no_company"),
            ("tyc_holder_staff.json", "no_company"),
            ("qcc_breakthrough_fragment.json", "no_answer"),
        ],
    )
    def test_fragments_are_told(self, test_data: Path, name: str, code: str) -> None:
        _, report = read(test_data / "data/cn_api_samples" / name)
        assert report.issue_counts == {code: 1}
        known = name == "qcc_detail_gongzhuling.json"
        assert not known or report.unknown_fields == set()


def test_no_number_of_a_person_is_stored_where_a_sole_trader_has_no_code(tmp_path: Path) -> None:
    personal = ("11010119000101001X", "110101190001010858", "1101011900010100123")
    lines = [f"样本小吃店{number},{code},存续,陈甲,,," for number, code in enumerate(personal)]
    holders = (
        f"样本控股有限公司,91350200MA9900001U,存续,钱乙,王某某;李某某,自然人股东;自然人股东,{';'.join(personal[:2])}"
    )
    header = "企业名称,统一社会信用代码,登记状态,法定代表人,股东,股东类型,股东统一社会信用代码"
    file = tmp_path / "companies.csv"
    file.write_text("\n".join([header, *lines, holders]), encoding="utf-8")
    staged = tmp_path / "staged"
    ingest("cn-gongshang", [file], staged=staged, request=IngestRequest(observed_on=date(2024, 3, 31)))
    (delivery,) = open_deliveries(staged)
    stored = [
        *(str(delivery.read(name).to_pylist()) for name in STAGED),
        (delivery.folder / "manifest.json").read_text(),
    ]
    stored.append(str(pq.read_table(delivery.folder / "issues.parquet").to_pylist()))
    assert [number for number in personal if any(number in text for text in stored)] == []
    assert delivery.manifest.dropped_personal_fields["统一社会信用代码"] == 3
    assert delivery.read("companies").num_rows == 4
