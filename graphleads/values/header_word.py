"""What the columns of lists of companies are called, in English, Chinese and Portuguese, and what their words mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from graphleads.values.customer_header import HEADERS, IDENTIFIER_HEADERS

WORDS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("id", "company id", "entity id", "record id", "key", "code", "number", "no", "nr", "company code"),
        *("编号", "代码", "企业编号", "公司编号", "codigo", "numero"),
    ),
    "name": (
        *HEADERS["name"],
        *("entity name", "registered name", "company legal name", "business name", "issuer"),
        *(
            "razao social",
            "nome empresarial",
            "denominacao social",
            "denom social",
            "nome da empresa",
            "empresa",
            "nome",
        ),
    ),
    "status": (
        *("status", "company status", "entity status", "state of registration"),
        *("登记状态", "经营状态", "企业状态", "状态", "situacao", "situacao cadastral", "sit"),
    ),
    "jurisdiction": (*HEADERS["country"], "jurisdiction", "country of incorporation", "pais", "nome pais", "注册国家"),
    "region": (*HEADERS["region"], "county", "uf", "estado", "所属省份"),
    "locality": (*HEADERS["locality"], "post town", "municipio", "cidade", "mun", "所属城市"),
    "postcode": (*HEADERS["postcode"], "post code", "codigo postal"),
    "legal_form": (
        *("legal form", "company type", "company category", "entity type", "legal type"),
        *("企业类型", "公司类型", "natureza juridica", "cod nat juridica"),
    ),
    "incorporated_on": (
        *("incorporation date", "date of incorporation", "incorporated", "incorporated on", "date of creation"),
        *("founded", "registration date", "成立日期", "成立时间", "设立日期"),
        *("data de abertura", "data inicio ativ", "data de inicio de atividade", "dt const", "data de constituicao"),
    ),
    "dissolved_on": ("dissolution date", "dissolved on", "date of cessation", "注销日期", "data de baixa"),
    "capital": ("capital", "share capital", "issued capital", "注册资本", "注册资金", "capital social"),
    "size_class": ("size", "size class", "company size", "人员规模", "porte"),
    "business_scope": ("business scope", "activity", "activities", "objects", "经营范围", "objeto social", "atividade"),
    "trading_name": (
        "trading name",
        "trade name",
        "brand",
        "doing business as",
        "简称",
        "nome fantasia",
        "denom comerc",
    ),
    "former_name": ("former name", "previous name", "曾用名", "历史名称", "nome anterior"),
    "trade": (
        *("sic code", "nace code", "naics code", "industry code", "industry", "sector"),
        *("所属行业", "行业", "cnae", "cnae fiscal", "setor", "setor ativ"),
    ),
    "address": (
        *("address", "registered address", "street address", "registered office", "address line 1"),
        *("注册地址", "企业地址", "地址", "住所", "endereco", "logradouro"),
    ),
    "phone": (*HEADERS["phone"], "tel", "telefone", "telefone 1", "fone"),
    "email": (*HEADERS["email"], "e-mail", "correio eletronico"),
    "website": (*HEADERS["website"], "web site", "web", "pagina web", "site"),
    "officer": (
        *("director", "directors", "officer", "officers", "officer name", "legal representative", "representative"),
        *("法定代表人", "主要人员", "高管", "administrador", "diretor", "representante legal", "responsavel", "resp"),
    ),
    "title": (
        "title",
        "position",
        "job title",
        "role",
        "officer role",
        "职务",
        "职位",
        "cargo",
        "qualificacao",
        "tp resp",
    ),
    "holder": (
        *("shareholder", "shareholders", "holder", "holder name", "owner name", "beneficial owner"),
        *("股东", "股东名称", "socio", "nome socio", "acionista"),
    ),
    "share": (
        *("share", "shareholding", "percentage", "percent", "ownership", "stake", "%", "share %"),
        *("持股比例", "出资比例", "participacao", "perc capital"),
    ),
}
"""The headers of each thing that a list can say, the most telling first."""

IDENTIFIERS: Mapping[str, tuple[str, ...]] = {
    **{scheme: headers for scheme, headers in IDENTIFIER_HEADERS.items() if scheme},
    "BR-CNPJ": ("cnpj", "cnpj cia", "cnpj basico", "numero cnpj"),
    "GB-COH": (*IDENTIFIER_HEADERS["GB-COH"], "company number", "crn", "companyhouse number"),
}
"""The headers of identifiers by scheme."""

STATUS_WORDS = (
    (r"吊销.*未注销", "inactive"),
    (r"liquid|清算|falid|falen|winding|administration|insolv", "in_liquidation"),
    (r"dissol|注销|baixad|closed|removed|deregist|struck|extint|cancel", "dissolved"),
    (r"inactiv|吊销|停业|suspens|inapta|inativ|dormant|迁出", "inactive"),
    (r"activ|ativ|live|registered|good standing|存续|在业|在营|开业|正常|^02$", "active"),
)
"""Patterns of status words in lower case; the first that is found counts."""


def fold_word(header: str) -> str:
    """Return a header for comparison: letters and digits in one case, without accents."""
    apart = unicodedata.normalize("NFKD", header)
    return "".join(one for one in apart.casefold() if one.isalnum() or one == "%")


def guess_status(word: str) -> str:
    """Return what a status word probably means, `unknown` if nothing tells."""
    return next((status for pattern, status in STATUS_WORDS if re.search(pattern, word.casefold())), "unknown")
