"""The words of reasons in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How one language says what a path shows. Values in braces are filled in.

    Attributes:
        customer: The first company of a path.
        roles: Kinds of role as a person would call them.
        interests: Kinds of interest as what is held.
        links: Kinds of link as a clause of source and target.
        contacts: Kinds of contact point.
        role: An office as a part of a sentence.
        interest: A holding as a part of a sentence.
        shared: One holder or person in two companies.
        probably: The same where two records are probably one person.
        shared_contact: Two companies at one contact point.
        direct: An office that a company has in another.
        holds: A holding that a company has in another.
        since: When a tie began.
        part: A holding of unknown size.
        exactly: A holding of one size, in per cent.
        between: A holding between two bounds, in per cent.
        sources: Where it stands, behind the sentence.
        seen: A dataset and the day on which it was last seen there.
        other_interest: A holding that no kind above words.
        joint: What stands between two clauses.
        end: What ends a sentence.
        months: Names of the months, empty where dates are numbers.
        ignored: Why something is not followed.
        not_eligible: Why a company is no lead.
        left: Why a company is a lead no more.
    """

    customer: str
    roles: Mapping[str, str]
    interests: Mapping[str, str]
    links: Mapping[str, str]
    contacts: Mapping[str, str]
    role: str
    interest: str
    shared: str
    probably: str
    shared_contact: str
    direct: str
    holds: str
    since: str
    part: str
    exactly: str
    between: str
    sources: str
    seen: str
    other_interest: str
    joint: str
    end: str
    months: tuple[str, ...]
    ignored: Mapping[str, str]
    not_eligible: Mapping[str, str]
    left: Mapping[str, str]

    def day(self, day: date) -> str:
        """Return a date as the language writes it."""
        if self.months:
            return f"{day.day} {self.months[day.month - 1]} {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"


ENGLISH = Wording(
    customer="your customer {name}",
    roles={
        "director": "director",
        "chair": "chair",
        "chief_executive": "chief executive",
        "secretary": "secretary",
        "legal_representative": "legal representative",
        "supervisor": "supervisor",
        "manager": "manager",
        "partner": "partner",
        "representative": "representative",
        "auditor": "auditor",
        "other": "officer",
    },
    interests={
        "shareholding": "{share} of the shares",
        "voting_rights": "{share} of the votes",
        "appointment_of_board": "the right to appoint the board",
        "rights_to_surplus_assets_on_dissolution": "{share} of the surplus assets",
        "rights_to_profit_or_income": "{share} of the profits",
    },
    links={
        "branch_of": "{source} is a branch of {target}",
        "consolidated_directly_by": "{source} is a direct subsidiary of {target}",
        "consolidated_ultimately_by": "{target} is the ultimate parent of {source}",
        "managed_by": "{source} is managed by {target}",
        "subfund_of": "{source} is a sub-fund of {target}",
        "feeder_to": "{source} is a feeder fund of {target}",
        "succeeded_by": "{target} is the successor of {source}",
        "merged_into": "{source} was merged into {target}",
        "franchise_of": "{source} is a franchise of {target}",
        "competes_with": "{source} competes with {target}",
        "supplies": "{source} supplies {target}",
        "acquired_by": "{source} was acquired by {target}",
        "invested_in": "{source} invested in {target}",
        "partner_of": "{source} is a partner of {target}",
    },
    contacts={
        "address": "address {display}",
        "phone": "phone number {display}",
        "email_domain": "e-mail domain {display}",
        "website": "web site {display}",
    },
    role="{role} of {company}{since}",
    interest="holder of {interest} of {company}{since}",
    shared="{holder}, {first}, is also {second}",
    probably="{holder}, {first}, is probably ({probability}) also {second}",
    shared_contact="{end} and {start} share the {contact}",
    direct="{holder} is {what}",
    holds="{holder} holds {interest} of {company}{since}",
    since=" since {year}",
    part="a part",
    exactly="{share} %",
    between="{low} to {high} %",
    sources=" ({sources})",
    seen="{dataset}, {day}",
    other_interest="control",
    joint="; ",
    end=".",
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    ignored={
        "hub": "{name} ties {n:,} companies together, more than mean anything: nothing is followed through it.",
        "auditor": "{name} is an auditor here: a vendor, not a tie.",
        "nominee": "{name} holds as nominee for others ({n:,} companies): no tie.",
        "weightless": "{name} stands in a relationship that is kept and not followed.",
        "parted": "{name} was made of two companies that are different: nothing is followed through it before the next "
        "build.",
        "namesake": "{name} is also the name of somebody at {other}; nothing else joins the two: they stay two people.",
    },
    not_eligible={
        "seed": "it is one of the companies that the search starts from",
        "customer": "it is a customer already",
        "withheld": "it may be a customer: its match is unsure",
        "excluded": "it is claimed or excluded",
        "mentioned": "it is known only as somebody's holder or subsidiary",
        "not_alive": "it is not active on that day",
        "jurisdiction": "it is in another jurisdiction",
        "industry": "it is in another trade",
        "family": "it belongs to a customer's own corporate family",
        "parted": "it was made of two companies that are different: the next build parts them",
        "blocked": "it ties so many companies together that nothing is followed through it",
        "far": "no tie that is followed leads to it from the customers",
    },
    left={
        "claimed": "{owner} has claimed it",
        "won": "it is the won customer {customer}",
        "open": "it is the open customer {customer}",
        "excluded": "it is excluded: {reason}",
        "not_alive": "it is {status}",
        "gone": "no register has it any more",
        "further_down": "it is lead {rank}, behind the {k} that were asked for",
        "unknown": "nothing is known that speaks against it now",
    },
)  # fmt: skip

CHINESE = Wording(
    customer="贵方客户{name}",
    roles={
        "director": "董事",
        "chair": "董事长",
        "chief_executive": "总经理",
        "secretary": "秘书",
        "legal_representative": "法定代表人",
        "supervisor": "监事",
        "manager": "经理",
        "partner": "合伙人",
        "representative": "代表",
        "auditor": "审计机构",
        "other": "高管",
    },
    interests={
        "shareholding": "{share}的股份",
        "voting_rights": "{share}的表决权",
        "appointment_of_board": "董事会任命权",
        "rights_to_surplus_assets_on_dissolution": "{share}的剩余财产分配权",
        "rights_to_profit_or_income": "{share}的收益权",
    },
    links={
        "branch_of": "{source}是{target}的分支机构",
        "consolidated_directly_by": "{source}是{target}的直接子公司",
        "consolidated_ultimately_by": "{target}是{source}的最终母公司",
        "managed_by": "{source}由{target}管理",
        "subfund_of": "{source}是{target}的子基金",
        "feeder_to": "{source}是{target}的联接基金",
        "succeeded_by": "{target}是{source}的承继公司",
        "merged_into": "{source}已并入{target}",
        "franchise_of": "{source}是{target}的加盟企业",
        "competes_with": "{source}与{target}存在竞争",
        "supplies": "{source}为{target}供货",
        "acquired_by": "{source}已被{target}收购",
        "invested_in": "{source}投资了{target}",
        "partner_of": "{source}是{target}的合作伙伴",
    },
    contacts={
        "address": "地址{display}",
        "phone": "电话{display}",
        "email_domain": "邮箱域名{display}",
        "website": "网站{display}",
    },
    role="{since}任{company}{role}",
    interest="{since}持有{company} {interest}",
    shared="{holder}{first}，同时{second}",
    probably="{holder}{first}，很可能（{probability}）同时{second}",
    shared_contact="{end}与{start}使用同一{contact}",
    direct="{holder}{what}",
    holds="{holder}{since}持有{company} {interest}",
    since="自{year}年起",
    part="部分",
    exactly="{share}%",
    between="{low}%至{high}%",
    sources="（{sources}）",
    seen="{dataset}，{day}",
    other_interest="控制权",
    joint="；",
    end="。",
    months=(),
    ignored={
        "hub": "{name}关联了{n:,}家公司，关联过多而无意义，未作为线索。",
        "auditor": "{name}在此为审计机构，属于供应商，不作为关联。",
        "nominee": "{name}为他人代持（{n:,}家公司），不作为关联。",
        "weightless": "{name}的关系已保留，但未作为线索。",
        "parted": "{name}由两家不同的公司误合并而成，下次构建前不作为线索。",
        "namesake": "{name}与{other}的某人同名，但没有其他依据，按两个人处理。",
    },
    not_eligible={
        "seed": "它是本次查询的起点公司",
        "customer": "它已经是客户",
        "withheld": "它可能已是客户：匹配尚不确定",
        "excluded": "它已被认领或已被排除",
        "mentioned": "它仅作为股东或子公司被提及",
        "not_alive": "它在该日并非存续状态",
        "jurisdiction": "它属于其他法域",
        "industry": "它属于其他行业",
        "family": "它属于客户自己的企业集团",
        "parted": "它由两家不同的公司误合并而成：下次构建会将其分开",
        "blocked": "它关联的公司过多，未作为线索",
        "far": "没有可用的关联从客户通向它",
    },
    left={
        "claimed": "{owner}已认领",
        "won": "它已是成交客户{customer}",
        "open": "它已是在谈客户{customer}",
        "excluded": "它已被排除：{reason}",
        "not_alive": "它现在的状态是{status}",
        "gone": "已没有登记册收录它",
        "further_down": "它现在排第{rank}位，在所要的{k}条之后",
        "unknown": "目前未见不再推荐它的原因",
    },
)

WORDINGS: Mapping[str, Wording] = {"en": ENGLISH, "zh": CHINESE}
"""Wordings by language, BCP 47."""
