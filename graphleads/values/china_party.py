"""Who is an organisation and who a person, as Chinese registers tell it, and what their ids are."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import check_identifiers, normalize_identifiers
from graphleads.names.normalize import fold_names

CREDIT_CODE = "CN-USCI"
REGISTER_NUMBER = "X-CN-REGNO"
NAME = "X-CN-NAME"
"""A registered name as an id: by law it begins with the place and is one organisation's."""

_ORGANISATION_TYPE = "法人|企业|公司|合伙|机构|社团|团体|基金|政府|机关|国资|国有|事业|组织|合作社|集体|银行|个体户"
_PERSON_TYPE = "自然人|个人"
# A single character at the end could be part of a person's name, which rarely has more than four.
_ORGANISATION_NAME = (
    r"公司|集团|企业|合伙|中心|基金|银行|信托|事务所|委员会|管委会|国资委|人民政府|财政局|管理局|协会|学会|商会|工会|合作社|"
    r"联合社|联社|大学|学院|研究院|研究所|设计院|医院|计划|持股会|办公室|经营部|工作室|门市部|.{4,}[厂店所院局会社部站行场馆校库]$|"
    r"(?i)\b(ltd|limited|inc|incorporated|corp|corporation|company|co|llc|llp|lp|plc|gmbh|ag|kg|sa|s\.a|s\.l|sarl|s\.r\.l|"
    r"spa|bv|b\.v|nv|n\.v|ab|oy|kk|pte|bhd|holdings?|group|fund|trust|partners|partnership|capital|investments?|"
    r"international|foundation|university|bank)\b"
)
_BRANCH_NAME = r"^(?P<head>.+?公司)(?P<branch>.*(?:分公司|分店|分部|分厂|分院|营业部|办事处|门市部|项目部))$"
_NO_TEXT = pa.scalar(None, pa.string())


def are_organisations(names: pa.Array, types: pa.Array) -> pa.Array:
    """Return who is an organisation: bool[n], by the source's word for it, otherwise by words in the name.

    Args:
        names: string[n].
        types: string[n], null where the source does not say: `自然人股东`, `企业法人`.
    """
    person, organisation = (
        pc.fill_null(pc.match_substring_regex(types, pattern), False) for pattern in (_PERSON_TYPE, _ORGANISATION_TYPE)
    )
    named = pc.fill_null(pc.match_substring_regex(names, _ORGANISATION_NAME), False)
    return pc.case_when(pc.make_struct(person, organisation, field_names=["1", "2"]), False, True, named)


def are_people(types: pa.Array) -> pa.Array:
    """Return whom the source calls a person: bool[n]."""
    return pc.fill_null(pc.match_substring_regex(types, _PERSON_TYPE), False)


def organisation_ids(names: pa.Array, codes: pa.Array, numbers: pa.Array | None = None) -> pa.Array:
    """Return ids of organisations: the credit code if its check digit holds, the register's number, or the name.

    Args:
        names: string[n].
        codes: string[n], credit codes as given.
        numbers: string[n], register numbers; None if there are none.

    Returns:
        string[n], null where not even the name has a letter.
    """
    number = pa.nulls(len(names), pa.string()) if numbers is None else numbers
    return pc.coalesce(
        _ids(CREDIT_CODE, valid_codes(codes)), _ids(REGISTER_NUMBER, number), _ids(NAME, name_keys(names))
    )


def valid_codes(codes: pa.Array) -> pa.Array:
    """Return the credit codes whose check digit holds, normalised: string[n], null for others."""
    return pc.if_else(check_identifiers(CREDIT_CODE, codes), normalize_identifiers(CREDIT_CODE, codes), _NO_TEXT)


def name_keys(names: pa.Array) -> pa.Array:
    """Return what stands for a name in an id: string[n], null where it has neither letter nor digit."""
    keys = fold_names(names)
    return pc.if_else(pc.equal(keys, ""), _NO_TEXT, keys)


def head_office_names(names: pa.Array) -> pa.Array:
    """Return the name of the company that a branch belongs to: string[n], null for names that are no branch's.

    A branch's name begins with the whole name of its company (企业名称登记管理规定, 2020, article 13).
    """
    return pc.struct_field(pc.extract_regex(names, _BRANCH_NAME), "head")


def _ids(scheme: str, values: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(f"{scheme}:", values, "")
