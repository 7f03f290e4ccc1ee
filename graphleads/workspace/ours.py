"""Which companies are, were or may be customers of ours, told of companies that are shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from graphleads.ids import EntityId
from graphleads.leads.shown import CustomersAt
from graphleads.model import CustomerStatus
from graphleads.workspace.accounts import Accounts
from graphleads.workspace.team import Team


def customers_at(
    team: Team, accounts: Accounts, companies: Iterable[EntityId], *, by: datetime | None = None
) -> CustomersAt:
    """Return the customers of ours that companies are, were or may be, of those that are any.

    Args:
        team: Whose customers.
        accounts: What the team has said of them.
        companies: The companies, by the ids that they have now.
        by: The moment up to which that counts; None is now.
    """
    found = {company: accounts.all_at(company) for company in dict.fromkeys(companies)}
    lost = [one.external_id for at in found.values() for one, _ in at if one.status is CustomerStatus.LOST]
    until = team.lost_since(lost, by=by) if lost else {}
    return {
        company: [
            {
                "id": one.external_id,
                "name": one.name,
                "status": one.status.value,
                "owner": one.owner,
                "until": until.get(one.external_id),
                "company": company,
                "match": match.state.value,
            }
            for one, match in at
        ]
        for company, at in found.items()
        if at
    }
