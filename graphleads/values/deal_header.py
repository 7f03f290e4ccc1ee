"""What CRM exports call the columns of deals.

The table is `deal_headers.csv`: the words of the stock exports of Salesforce, HubSpot, Dynamics 365, Zoho, Pipedrive,
SuiteCRM, EspoCRM, Odoo, ERPNext, 销售易 and 纷享销客, by field, the most telling first.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphleads.values.customer_header import read_headers

_TOLD_BY, _STAGE = "told_by", "stage_of_deals"
_TABLE = read_headers("deal_headers.csv")

DEAL_HEADERS: Mapping[str, tuple[str, ...]] = {
    field: headers for field, headers in _TABLE.items() if field not in (_TOLD_BY, _STAGE)
}
"""The headers of each field of a deal, the most telling first: the first that a file has is taken."""

DEALS_TOLD_BY = _TABLE[_TOLD_BY]
"""Headers that only files of deals have."""

STAGE_OF_DEALS = _TABLE[_STAGE]
"""Headers of stages that deals have, and customers of whom there is a row a deal."""
