"""What CRM exports call their columns, in the words of Salesforce, HubSpot and other CRMs.

Headers are English, Chinese, Portuguese and Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

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
    "parent": (
        *("Parent Account ID", "Parent ID", "Parent Account", "Parent Company ID", "Parent Company", "Parent Customer"),
        *("Ultimate Parent Account", "Subsidiary Of", "Member Of", "Conta principal", "Empresa matriz"),
        *("Cuenta principal", "上级客户", "母公司", "上级公司"),
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
