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
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明"
    "臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管"
    "卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌"
    "焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖"
    "卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习"
    "宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙"
    "乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖闫覃付代岳帅缑亢况郈有琴商牟佘佴伯赏墨哈谯笪年爱阳佟苟仝岐"
)
_COMPOUND_SURNAMES = (
    "万俟|司马|上官|欧阳|夏侯|诸葛|闻人|东方|赫连|皇甫|尉迟|公羊|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|公孙|仲孙|轩辕|"
    "令狐|钟离|宇文|长孙|慕容|鲜于|闾丘|司徒|司空|端木|百里|呼延|南宫|东郭|西门|独孤"
)
_SHORT_NAME = rf"^(?:[{_SURNAMES}]\p{{Han}}{{1,2}}|(?:{_COMPOUND_SURNAMES})\p{{Han}}{{1,2}})$"
"""What a person may be called: a surname with one or two characters, whatever words these make."""

_NEVER_A_PERSON = (
    "公司$|集团$|企业$|合作社$|事务所$|人民政府$|^(?:管委会|居委会|村委会|国资委|经委会|农委会|广电局|文化局|房管局|公安局|"
    "林业局|水利局|商业局|商务局|总工会|经贸委|文体局|城管局|东方红|农业局|农机站|农技站|支队|文联)$"
)

_BRANCH_WORDS = (
    "分公司|分店|分部|分厂|分院|分行|分所|分社|分场|分校|分站|分中心|支行|支公司|支社|分理处|储蓄所|营业[部所厅室站]|营销部|"
    "加油站|加气站|加油加气站|充电站|油库|药店|药房|门店|门市部?|专卖店|专营店|直营店|旗舰店|便利店|超市|商店|商场|卖场|"
    "售楼[部处]|服务[部站点]|服务中心|经营部|经销部|销售部|批发部|零售部|代理处|代办处|办事处|联络处|代表处|项目部|工程处|"
    "经理部|维修[部站]|收购站|供应站|代销点|网点|信用社|酒店|宾馆|餐厅|招待所"
)
_NO_BRANCH = "(?:工会|委员会|协会|学会|商会|党委|支部|持股会|基金会|公司|集团)$"
_BRANCH_NAMES = (
    # What follows the whole name of a company is a part of it, whatever it is called.
    r"^(?P<head>.+?有限(?:责任)?公司(?:[(（][^)）]*(?:独资|合伙|合资|控股|投资)[^)）]*[)）])?|.+?[(（]有限(?:责任)?公司[)）])"
    r"(?P<branch>[^)）].*[^)）])$",
    rf"^(?P<head>.+?公司)(?P<branch>.*(?:{_BRANCH_WORDS}))$",
    r"^(?P<head>.+?银行)(?P<branch>.*(?:分行|支行|分理处|储蓄所|营业[部室]))$",
    rf"^(?P<head>.+?(?:联社|合作社|集团|厂))(?P<branch>.*(?:{_BRANCH_WORDS}))$",
)
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
    # 学会, 大学 and 联社 are given names, too.
    short = are_short_names(names)
    named = pc.and_not(named, pc.and_not(short, pc.fill_null(pc.match_substring_regex(names, _NEVER_A_PERSON), False)))
    return pc.case_when(pc.make_struct(person, organisation, field_names=["1", "2"]), False, True, named)


def are_short_names(names: pa.Array) -> pa.Array:
    """Return which names are a Chinese surname with one or two characters: bool[n], null is false."""
    return pc.fill_null(pc.match_substring_regex(names, _SHORT_NAME), False)


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
    found = pa.nulls(len(names), pa.string())
    for pattern in _BRANCH_NAMES:
        parts = pc.extract_regex(names, pattern)
        head, branch = pc.struct_field(parts, "head"), pc.struct_field(parts, "branch")
        other = pc.and_not(pc.match_substring_regex(branch, _NO_BRANCH), pc.ends_with(branch, "分公司"))
        found = pc.coalesce(found, pc.if_else(pc.fill_null(other, True), _NO_TEXT, head))
    return found


def _ids(scheme: str, values: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(f"{scheme}:", values, "")
