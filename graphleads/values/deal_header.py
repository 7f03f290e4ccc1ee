"""What CRM exports call the columns of deals, in the words of Salesforce, HubSpot and other CRMs.

Sources: the stock exports of Salesforce, HubSpot, Dynamics 365, Zoho, Pipedrive, SuiteCRM, EspoCRM, Odoo, ERPNext,
销售易 and 纷享销客.
"""

from __future__ import annotations

from collections.abc import Mapping

DEAL_HEADERS: Mapping[str, tuple[str, ...]] = {
    "external_id": (
        *("18 Digit Opportunity ID", "Opportunity ID", "Deal ID", "Deal - ID", "(Do Not Modify) Opportunity"),
        *("Opportunity Number", "Record ID", "ID"),
        *("ID da oportunidade", "Código da oportunidade", "ID de la oportunidad", "ID do negócio", "ID del negocio"),
        *("商机编号", "商机ID", "商机编码", "销售机会编号", "编号"),
    ),
    "customer": (
        *("18 Digit Account ID", "Account ID", "Account Name.id", "Associated Company IDs", "Associated Company ID"),
        *("Customer ID", "Company ID", "Client ID", "Organization - ID", "Organization ID", "Account Number"),
        *("Código do cliente", "Código del cliente", "ID do cliente", "ID del cliente"),
        *("客户编号", "客户ID", "客户编码", "客户代码", "公司编号"),
    ),
    "account": (
        *("Account Name", "Associated Company", "Company Name", "Customer Name", "Deal - Organization"),
        *("Organization - Name", "Organization Name", "Potential Customer", "Client Name", "Account", "Company"),
        *("Customer", "Client", "Organization", "Party"),
        *("Nome do cliente", "Nombre del cliente", "Nome da empresa", "Nombre de la empresa", "Cliente", "Empresa"),
        *("客户名称", "公司名称", "企业名称", "客户全称", "客户", "公司"),
    ),
    "name": (
        *("Opportunity Name", "Deal Name", "Deal - Title", "Deal Title", "Topic", "Opportunity", "Deal"),
        *("Nome da oportunidade", "Nombre de la oportunidad", "Nome do negócio", "Nombre del negocio", "Oportunidade"),
        *("Oportunidad", "商机名称", "商机标题", "销售机会名称", "商机", "Title", "Subject", "Name"),
    ),
    "product": (
        *("Product", "Product Name", "Products", "Deal - Product name", "Deal - Products", "Item Name"),
        *("Produto", "Producto", "产品名称", "产品"),
    ),
    "stage": (
        *("Deal Stage", "Opportunity Stage", "Sales Stage", "Stage Name", "Deal - Stage", "Pipeline Stage", "Stage"),
        *("Etapa do funil", "Etapa del embudo", "Etapa", "Fase", "Estágio", "商机阶段", "销售阶段", "阶段"),
    ),
    "status": (
        *("Deal Status", "Opportunity Status", "Deal - Status", "Status", "Situação", "Situación"),
        *("商机状态", "赢单状态", "成交状态", "状态"),
    ),
    "is_won": ("Is Won", "Is Closed Won", "Won", "是否赢单"),
    "is_closed": ("Is Closed", "Is Deal Closed", "Closed", "是否关闭"),
    "amount": (
        *("Opportunity Amount", "Deal Amount", "Deal Value", "Deal - Value", "Amount", "Close Value", "Actual Revenue"),
        *("Est. Revenue", "Estimated Revenue", "Expected Revenue", "Contract Value", "Value"),
        *("Valor do negócio", "Valor da oportunidade", "Valor", "Valor total", "Importe", "Monto"),
        *("商机金额", "成交金额", "销售金额", "合同金额", "预计销售金额", "预计金额", "金额"),
    ),
    "currency": (
        *("Opportunity Currency", "Deal Currency", "Deal - Currency of Value", "Amount Currency", "Currency ISO Code"),
        *("Currency Code", "Currency", "Moeda", "Moneda", "币种", "货币"),
    ),
    "probability": (
        *("Probability", "Probability (%)", "Deal Probability", "Deal - Probability", "Win Probability"),
        *("Probabilidade", "Probabilidade (%)", "Probabilidad", "Probabilidad (%)", "赢率", "赢单率", "成交概率"),
    ),
    "opened_on": (
        *("Created Date", "Create Date", "Created On", "Created Time", "Deal - Deal created", "Engage Date"),
        *("Opportunity Date", "Data de criação", "Fecha de creación", "创建日期", "创建时间"),
    ),
    "expected_on": (
        *("Expected Close Date", "Expected Closing Date", "Expected Closing", "Deal - Expected close date"),
        *("Est. Close Date", "Estimated Close Date", "Closing Date"),
        *("Data prevista de fechamento", "Fecha prevista de cierre", "Fecha estimada de cierre"),
        *("预计成交日期", "预计结单日期", "预计签单日期", "预计成交时间", "结单日期"),
    ),
    "closed_on": (
        *("Actual Close Date", "Close Date", "Closed Date", "Date Closed", "Deal - Deal closed on", "Won Date"),
        *("Deal - Won time", "Won Time", "Data de fechamento", "Fecha de cierre"),
        *("实际成交日期", "成交日期", "赢单日期", "成交时间", "赢单时间"),
    ),
    "lost_on": ("Deal - Lost time", "Lost Time", "Lost Date", "输单日期", "输单时间"),
    "owner": (
        *("Opportunity Owner", "Deal Owner", "Deal - Owner", "Sales Agent", "Sales Rep", "Salesperson", "Owner"),
        *("Owner Name", "Assigned User", "Assigned To", "Owner ID"),
        *("Responsável", "Responsable", "Vendedor", "Proprietário", "Propietario"),
        *("商机所有人", "商机负责人", "负责人", "所有人", "归属人", "跟进人", "业务员", "销售"),
    ),
}
"""The headers of each field of a deal, the most telling first: the first that a file has is taken."""

DEALS_TOLD_BY = (
    *("18 Digit Opportunity ID", "Opportunity ID", "Deal ID", "Deal - ID", "(Do Not Modify) Opportunity"),
    *("Opportunity Number", "Opportunity Name", "Deal Name", "Deal - Title", "Deal Title", "Opportunity", "Is Won"),
    *("Is Closed Won", "Opportunity Amount", "Deal Amount", "Deal - Value", "Est. Close Date", "Expected Closing"),
    *("ID da oportunidade", "Código da oportunidade", "ID de la oportunidad", "ID do negócio", "ID del negocio"),
    *("Nome da oportunidade", "Nombre de la oportunidad", "Nome do negócio", "Nombre del negocio", "Oportunidade"),
    *(
        "Oportunidad",
        "商机编号",
        "商机ID",
        "商机编码",
        "商机名称",
        "商机标题",
        "商机金额",
        "销售机会编号",
        "销售机会名称",
    ),
)
"""Headers that only files of deals have."""

STAGE_OF_DEALS = (
    *("Deal Stage", "Opportunity Stage", "Sales Stage", "Stage Name", "Stage", "Etapa do funil", "Etapa", "Fase"),
    *("Estágio", "商机阶段", "销售阶段"),
)
"""Headers of stages that deals have, and customers of whom there is a row a deal."""
