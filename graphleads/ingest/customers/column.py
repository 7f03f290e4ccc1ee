"""Which column of a CRM export is what: told from its header, in the words of Salesforce, HubSpot and other CRMs.

Headers are English, Chinese, Portuguese and Spanish.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graphleads.errors import FormatChanged
from graphleads.ingest.customers.mapping import CustomerMapping

HEADERS: Mapping[str, tuple[str, ...]] = {
    "external_id": (
        *("Account ID", "18 Digit Account ID", "Record ID", "Customer ID", "Company ID", "Client ID", "External ID"),
        *("Customer Number", "Customer No", "Customer Code", "CRM ID", "Account Number", "ID"),
        *("Código do cliente", "Código del cliente", "ID do cliente", "ID del cliente", "Código"),
        *("客户编号", "客户ID", "客户编码", "客户代码", "公司编号", "编号"),
    ),
    "name": (
        *("Account Name", "Company Name", "Customer Name", "Client Name", "Organization Name", "Organisation Name"),
        *("Legal Name", "Account", "Company", "Customer", "Client", "Organization", "Organisation", "Name"),
        *("Razão social", "Razón social", "Nome do cliente", "Nombre del cliente", "Nome da empresa"),
        *("Nombre de la empresa", "Cliente", "Empresa", "Nome", "Nombre"),
        *("客户名称", "公司名称", "企业名称", "单位名称", "客户全称", "公司全称", "客户", "公司", "名称"),
    ),
    "status": (
        *("Customer Status", "Account Status", "Lifecycle Stage", "Opportunity Stage", "Deal Stage", "Sales Stage"),
        *("Stage", "Status", "Account Type"),
        *("Situação", "Situación", "Etapa do funil", "Etapa", "Fase", "Estágio", "Estado"),
        *("客户状态", "客户阶段", "生命周期阶段", "商机阶段", "销售阶段", "成交状态", "跟进状态", "状态", "阶段"),
    ),
    "country": (
        *("Billing Country", "Billing Country Code", "Country/Region", "Country", "Country Code", "Shipping Country"),
        *("País",),
        *("国家", "国家/地区", "所在国家", "国别"),
    ),
    "locality": (
        *("Billing City", "City", "Town", "Locality", "Shipping City"),
        *("Cidade", "Ciudad", "Município"),
        *("城市", "所在城市", "市"),
    ),
    "region": (
        *("Billing State/Province", "Billing State", "State/Region", "State/Province", "State", "Province"),
        *("UF", "Província", "Estado/UF"),
        *("省份", "所在省份", "省"),
    ),
    "postcode": (
        *("Billing Zip/Postal Code", "Billing Zip", "Billing Postal Code", "Postal Code", "Zip/Postal Code"),
        *("Zip Code", "Zip", "Postcode", "CEP", "Código postal", "邮编", "邮政编码"),
    ),
    "website": (
        *("Website", "Website URL", "Company Domain Name", "Domain", "Homepage", "URL"),
        *("Site", "Sitio web", "Página web"),
        *("网站", "官网", "网址", "公司网站", "公司网址"),
    ),
    "email": (
        *("Email Domain", "Company Email", "Email", "Email Address", "Contact Email"),
        *("E-mail da empresa", "Correo electrónico", "Correo"),
        *("公司邮箱", "邮箱", "电子邮箱", "电子邮件", "联系邮箱"),
    ),
    "phone": (
        *("Account Phone", "Company Phone", "Phone", "Phone Number", "Telephone", "Main Phone"),
        *("Telefone", "Teléfono"),
        *("公司电话", "电话", "电话号码", "联系电话", "办公电话"),
    ),
    "owner": (
        *("Account Owner", "Company Owner", "Customer Owner", "HubSpot Owner", "Owner", "Owner Name"),
        *("Account Manager", "Sales Rep", "Sales Agent", "Salesperson", "Owner ID"),
        *("Responsável", "Responsable", "Vendedor", "Proprietário", "Propietario"),
        *(
            "负责人",
            "所有人",
            "客户所有人",
            "客户负责人",
            "归属人",
            "客户经理",
            "销售负责人",
            "跟进人",
            "业务员",
            "销售",
        ),
    ),
    "value": (
        *("Amount", "Contract Value", "Annual Contract Value", "Deal Value", "Close Value", "Total Revenue", "Value"),
        *("Valor", "Valor do contrato", "Valor del contrato", "Valor total", "Importe", "Monto"),
        *("成交金额", "合同金额", "签约金额", "订单金额", "金额"),
    ),
    "won_on": (
        *("Won Date", "Close Date", "Closed Date", "Became a Customer Date", "Customer Since", "Contract Date"),
        *("Data de fechamento", "Data do contrato", "Cliente desde", "Fecha de cierre", "Fecha del contrato"),
        *("成交日期", "签约日期", "赢单日期", "合同日期", "成交时间", "签约时间"),
    ),
}
"""The headers of each field, the most telling first: the first that a file has is taken."""

IDENTIFIER_HEADERS: Mapping[str, tuple[str, ...]] = {
    "CN-USCI": ("统一社会信用代码", "社会信用代码", "信用代码", "Unified Social Credit Code", "USCI", "USCC"),
    "BR-CNPJ": ("CNPJ",),
    "GB-COH": ("Companies House Number", "Companies House No"),
    "NL-KVK": ("KvK Number", "KvK-nummer", "KvK"),
    "AU-ABN": ("ABN",),
    "AU-ACN": ("ACN",),
    "XI-LEI": ("LEI", "LEI Code", "Legal Entity Identifier"),
    "": (
        *("Company Number", "Registration Number", "Company Registration Number", "Registration No", "Register ID"),
        *("注册号", "工商注册号"),
    ),
}
"""The headers of identifiers by scheme; under the empty one the register is told from the value when it is matched."""

PERSONAL = re.compile(
    "email|mobile|cellphone|firstname|lastname|fullname|salutation|contactname|contactperson|contacttitle|contactphone"
    "|primarycontact|birth|passport|socialsecurity|homeaddress|^ssn$|^cpf$|^qq"
    "|correo|celular|movil|nomedocontato|contatoprincipal|telefonedocontato|nombredelcontacto|nombredecontacto"
    "|contactoprincipal|telefonodecontacto|telefonodelcontacto|^contato$|^contacto$|nascimento|nacimiento|^dni$"
    "|邮箱|邮件|联系人|姓名|手机|身份证|护照|生日|出生|微信"
)
"""Folded headers of what is known of a person at the customer: read for the e-mail domain, and never stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerColumns:
    """What each column of an export is.

    Attributes:
        fields: Header by field of `HEADERS`.
        identifiers: (scheme, header) pairs.
        personal: Headers of personal columns, left out.
        custom: Headers of the rest, kept as they are.
    """

    fields: dict[str, str]
    identifiers: tuple[tuple[str, str], ...]
    personal: tuple[str, ...]
    custom: tuple[str, ...]


def fold_header(header: str) -> str:
    """Return a header for comparison: letters and digits in one case and width, without accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", header).casefold() if one.isalnum())


def choose_columns(name: str, headers: Sequence[str], mapping: CustomerMapping) -> CustomerColumns:
    """Return what each column is: as the mapping says, otherwise by its header.

    Args:
        name: How messages call the file.
        headers: Its columns.
        mapping: What was said about it.

    Raises:
        MappingInvalid: If the mapping names a column that is not there.
        FormatChanged: If no column is the customer's id or name.
    """
    mapping.check_headers(name, headers)
    fields = _first_known(HEADERS, headers, mapping.columns)
    fields = {field: header for field, header in fields.items() if field not in mapping.constants}
    identifiers = _first_known(IDENTIFIER_HEADERS, headers, mapping.identifiers)
    for field in ("external_id", "name"):
        if field not in fields:
            raise FormatChanged(_missing(name, field, headers))
    rest = [header for header in headers if header not in {*fields.values(), *identifiers.values()}]
    personal = tuple(header for header in rest if PERSONAL.search(fold_header(header)))
    return CustomerColumns(
        fields=fields,
        identifiers=tuple(identifiers.items()),
        personal=personal,
        custom=tuple(header for header in rest if header not in personal),
    )


def move_state(columns: CustomerColumns, header: str) -> CustomerColumns:
    """Return the columns with a header as the region, or kept as it is if there is another region."""
    fields = {field: one for field, one in columns.fields.items() if one != header}
    custom = tuple(one for one in columns.custom if one != header)
    if "region" in fields:
        return replace(columns, fields=fields, custom=(*custom, header))
    return replace(columns, fields=fields | {"region": header}, custom=custom)


def repeated_headers(columns: CustomerColumns) -> tuple[frozenset[str], frozenset[str]]:
    """Return the folded texts that are no customer's id, and no name, because they are these columns' headers."""
    ids, names = (
        frozenset(map(fold_header, [*HEADERS[field], columns.fields[field]])) for field in ("external_id", "name")
    )
    return ids, names


def _fold_all(headers: Iterable[str]) -> dict[str, str]:
    return {fold_header(header): header for header in reversed(list(headers))}


def _first_known(
    known: Mapping[str, Sequence[str]], headers: Sequence[str], mapped: Mapping[str, str]
) -> dict[str, str]:
    """Return the header of each field; a column that the mapping took is not taken again."""
    free = _fold_all(header for header in headers if header not in mapped.values())
    found = dict(mapped)
    for field, synonyms in known.items():
        header = next((free[folded] for folded in map(fold_header, synonyms) if folded in free), None)
        if header is not None:
            found.setdefault(field, header)
    return found


def _missing(name: str, field: str, headers: Sequence[str]) -> str:
    what = {"external_id": "the customer's id", "name": "the customer's name"}[field]
    known = ", ".join(HEADERS[field])
    return (
        f"{name} has no column for {what}: none of {known} is among {', '.join(headers)[:300]}; "
        f"name it in a mapping (columns: {{{field}: …}})."
    )
