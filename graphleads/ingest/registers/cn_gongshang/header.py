"""Tables with Chinese headers as dossiers: which column is what, and lists in cells taken apart.

One row is a company; a cell may hold several holders or people, separated by semicolons, bars or line ends, and the
cells beside it hold as many types, shares and posts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.errors import FormatChanged
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.registers.cn_gongshang.dossier import DOSSIER, LISTS, PARTS
from graphleads.values.text_column import join_present

HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("企业名称", "公司名称", "单位名称", "主体名称", "机构名称", "名称"),
    "credit_code": ("统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "统一社会信用代码/注册号"),
    "register_number": ("注册号", "工商注册号", "登记号"),
    "legal_representative": (
        *(
            "法定代表人",
            "法定代表人姓名",
            "法人代表",
            "法人",
            "法定代表人/负责人",
            "负责人",
            "执行事务合伙人",
            "经营者",
        ),
    ),
    "legal_representative_id": ("法定代表人编号", "法定代表人ID"),
    "status": ("登记状态", "经营状态", "企业状态", "状态"),
    "founded_on": ("成立日期", "成立时间", "设立日期", "注册日期"),
    "ended_on": ("注销日期", "吊销日期", "注吊销日期", "注销/吊销日期"),
    "capital": ("注册资本", "注册资金"),
    "capital_currency": ("注册资本币种", "币种"),
    "legal_form": ("企业类型", "公司类型", "主体类型", "企业(机构)类型", "类型"),
    "industries": (
        "所属行业",
        "行业",
        "国标行业",
        "国标行业大类",
        "国标行业中类",
        "国标行业小类",
        "国标行业门类",
        "行业分类",
    ),
    "address": ("注册地址", "企业注册地址", "企业地址", "住所", "经营场所", "地址"),
    "province": ("所属省份", "省份"),
    "city": ("所属城市", "城市"),
    "business_scope": ("经营范围",),
    "former_names.name": ("曾用名", "历史名称"),
    "english_name": ("英文名", "英文名称"),
    "short_name": ("简称", "企业简称"),
    "phones": ("电话", "联系电话", "企业电话", "电话号码", "更多电话"),
    "emails": ("邮箱", "电子邮箱", "企业邮箱", "更多邮箱"),
    "websites": ("网址", "官网", "网站", "官网网址", "企业网址"),
    "n_staff": ("人员规模",),
    "n_insured": ("参保人数", "社保人数"),
    "head_office": ("总公司", "总机构", "隶属企业", "上级企业"),
    "holders.name": ("股东", "股东名称", "股东姓名", "股东(发起人)", "股东及出资信息", "发起人"),
    "holders.type": ("股东类型",),
    "holders.service_id": ("股东编号", "股东ID"),
    "holders.credit_code": ("股东统一社会信用代码", "股东信用代码"),
    "holders.share": ("持股比例", "出资比例", "股权比例"),
    "holders.subscribed": ("认缴出资额", "认缴金额", "认缴出资", "出资额"),
    "holders.paid": ("实缴出资额", "实缴金额", "实缴出资"),
    "staff.name": ("主要人员", "主要成员", "高管", "人员姓名", "姓名"),
    "staff.service_id": ("主要人员编号", "人员编号", "主要人员ID", "人员ID"),
    "staff.titles": ("职务", "职位"),
    "branches.name": ("分支机构", "分支机构名称", "分公司"),
    "branches.credit_code": ("分支机构统一社会信用代码", "分支机构信用代码"),
    "investments.name": ("对外投资", "对外投资企业", "被投资企业", "被投资企业名称"),
    "investments.credit_code": ("被投资企业统一社会信用代码", "被投资企业信用代码"),
    "investments.share": ("投资比例", "对外投资比例"),
    "investments.amount": ("投资数额", "投资金额", "对外投资金额"),
}
"""The headers of each field of a dossier. Several headers of one field fill it together."""

IGNORED: Mapping[str, str] = {
    "序号": "the row's number",
    "登记机关": "the registering authority ties nobody",
    "核准日期": "the day of the last change says nothing of the company's life",
    "营业期限": "how long the company may run",
    "组织机构代码": "its nine characters stand in the credit code",
    "纳税人识别号": "the same as the credit code",
    "实缴资本": "the tables have one capital, the registered one",
    "所属区县": "stands in the address",
    "更新日期": "the day on which the service looked, not the register",
    "导出日期": "the day of the export",
}
"""Headers left out on purpose, and why."""

_SEPARATOR = r"[;；|｜\n]"
_NOTHING = ("-", "--", "—", "——", "/", "\\", "无", "暂无", "未公开", "N/A")
_UNIT = re.compile(r"(?P<name>.+?)\((?P<unit>[百千万亿]*[元美港欧日]元?|[万亿]|%)\)")
_BARE_NUMBER = r"^[\d,.]+$"
_LISTS_DIFFER = Flaw(
    code="lists_differ", message="The cell has not as many parts as the names beside it: it is left out."
)
_NO_TEXT = pa.scalar(None, pa.string())


@dataclass(frozen=True, slots=True, kw_only=True)
class ChineseTable:
    """Which columns of a table are what.

    Attributes:
        fields: The headers of each field of a dossier.
        units: The unit that a header has in brackets: 万元, %.
        ignored: Headers left out on purpose, and why.
        unknown: Headers that nobody knows.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The headers that are read."""
        return [header for headers in self.fields.values() for header in headers]

    @property
    def labels(self) -> dict[str, str]:
        """What the table calls each field."""
        return {name: ", ".join(headers) for name, headers in self.fields.items()}


def choose_columns(name: str, header: Sequence[str]) -> ChineseTable:
    """Return which columns of a table are what, told from their headers.

    Args:
        name: How messages call the file.
        header: Its columns.

    Raises:
        FormatChanged: If no column is the company's name.
    """
    known = {_fold(one): path for path, headers in HEADERS.items() for one in headers}
    ignored = {_fold(one): reason for one, reason in IGNORED.items()}
    fields: dict[str, tuple[str, ...]] = {}
    units, left_out, unknown = {}, {}, []
    for one in header:
        bare, unit = _split_unit(one)
        key = next((key for key in (_fold(one), _fold(bare)) if key in known or key in ignored), "")
        if key in known:
            fields[known[key]] = (*fields.get(known[key], ()), one)
            units[one] = unit
        elif key in ignored:
            left_out[one] = ignored[key]
        else:
            unknown.append(one)
    if "name" not in fields:
        raise FormatChanged(
            f"{name} has no column '企业名称' and none of {', '.join(HEADERS['name'][1:])}, only "
            f"{', '.join(header)[:300]}: check that it is the right file."
        )
    return ChineseTable(fields=fields, units=units, ignored=left_out, unknown=tuple(unknown))


def make_dossiers(block: RowBlock, table: ChineseTable, report: DeliveryReport) -> RowBlock:
    """Return rows of a table as dossiers.

    Args:
        block: The rows.
        table: Which columns are what.
        report: Takes cells that do not fit those beside them.

    Returns:
        The rows in the columns of `cn_dossier.DOSSIER`.
    """
    block = replace(block, columns={name: _without_placeholders(texts) for name, texts in block.columns.items()})
    columns = {one.name: _field(block, table, one.name) for one in DOSSIER if pa.types.is_string(one.type)}
    columns |= {name: _texts(block, table, name) for name in LISTS}
    columns |= {part: _part(block, table, part, report) for part in PARTS}
    return replace(block, columns=columns)


def _fold(header: str) -> str:
    return "".join(unicodedata.normalize("NFKC", header).upper().split())


def _split_unit(header: str) -> tuple[str, str]:
    found = _UNIT.fullmatch(_fold(header))
    return (found["name"], found["unit"]) if found else (header, "")


def _without_placeholders(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_in(texts, value_set=pa.array(_NOTHING)), _NO_TEXT, texts)


def _field(block: RowBlock, table: ChineseTable, path: str) -> pa.Array:
    """Return the first thing that is there in the columns of a field: string[n]."""
    headers = table.fields.get(path, ())
    if not headers:
        return pa.nulls(block.n_rows, pa.string())
    return pc.coalesce(*(_with_unit(block.columns[header], table.units[header]) for header in headers))


def _texts(block: RowBlock, table: ChineseTable, name: str) -> pa.Array:
    """Return all that is there in the columns of a list: list<string>[n]."""
    headers = table.fields.get(name, ())
    if not headers:
        return pa.nulls(block.n_rows, pa.list_(pa.string()))
    return pc.split_pattern_regex(join_present(";", *(block.columns[header] for header in headers)), _SEPARATOR)


def _part(block: RowBlock, table: ChineseTable, part: str, report: DeliveryReport) -> pa.Array:
    """Return a part of the dossiers: list<struct>[n]."""
    names = pc.split_pattern_regex(pc.fill_null(_field(block, table, f"{part}.name"), ""), _SEPARATOR)
    parents = pc.list_parent_indices(names).to_numpy(zero_copy_only=False)
    name = _tidy(pc.list_flatten(names))
    fields = [name]
    for other in PARTS[part][1:]:
        path = f"{part}.{other}"
        cells = _field(block, table, path)
        texts, fits = _beside(cells, names, parents)
        header = ", ".join(table.fields.get(path, ()))
        block.flag(report, replace(_LISTS_DIFFER, column=header or None), pc.invert(fits))
        fields.append(_with_unit(_tidy(texts), _unit(table, path)))
    kept = pc.is_valid(name)
    rows = pa.StructArray.from_arrays(fields, PARTS[part]).filter(kept)
    counts = np.bincount(parents[kept.to_numpy(zero_copy_only=False)], minlength=block.n_rows)
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), rows)


def _beside(cells: pa.Array, names: pa.Array, parents: np.ndarray) -> tuple[pa.Array, pa.Array]:
    """Return the part of a cell that stands beside each name, and which rows have as many parts as names.

    A cell beside a single name is not taken apart.
    """
    lists = pc.split_pattern_regex(pc.fill_null(cells, ""), _SEPARATOR)
    n_names, n_parts = (pc.list_value_length(one).to_numpy(zero_copy_only=False) for one in (names, lists))
    fits = (n_names == n_parts) | (n_names == 1) | np.asarray(pc.is_null(cells))
    position = np.arange(len(parents)) - np.searchsorted(parents, parents)
    starts = np.cumsum(n_parts) - n_parts
    at = pa.array(starts[parents] + position, mask=(n_names != n_parts)[parents])
    whole = pa.array((n_names == 1)[parents])
    return pc.if_else(whole, cells.take(pa.array(parents)), pc.list_flatten(lists).take(at)), pa.array(fits)


def _tidy(texts: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(texts)
    return _without_placeholders(pc.if_else(pc.equal(trimmed, ""), _NO_TEXT, trimmed))


def _unit(table: ChineseTable, path: str) -> str:
    return next((table.units[header] for header in table.fields.get(path, ())), "")


def _with_unit(texts: pa.Array, unit: str) -> pa.Array:
    """Return the texts with the header's unit behind bare numbers."""
    if not unit:
        return texts
    bare = pc.match_substring_regex(texts, _BARE_NUMBER)
    return pc.if_else(bare, pc.binary_join_element_wise(texts, unit, ""), texts)
