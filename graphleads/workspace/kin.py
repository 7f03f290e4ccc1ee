"""Which customers the CRM has in one group: whose parent accounts say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from graphleads.crm.column import fold_name
from graphleads.ids import EntityId
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.workspace.accounts import Accounts
from graphleads.workspace.standing import FOUND


def kin_of_customers(accounts: Accounts) -> tuple[EntityId, ...]:
    """Return the companies of all accounts that are in one group with a won or open customer, sorted."""
    records = accounts.records.whole()
    companies = {
        match.company
        for group in _groups(records.values())
        if any(records[key].status is not CustomerStatus.LOST for key in group if key in records)
        for key in group
        if (match := accounts.matches.get(key)) is not None and match.state in FOUND and match.company is not None
    }
    return tuple(sorted(companies))


def _groups(records: Iterable[CustomerRecord]) -> Iterator[set[str]]:
    """Yield the external ids that are in one group; of a parent that is no account, what it is called, too."""
    near: dict[str, set[str]] = defaultdict(set)
    for key, parent in _parents(list(records)):
        near[key].add(parent)
        near[parent].add(key)
    while near:
        group, coming = set[str](), [next(iter(near))]
        while coming:
            one = coming.pop()
            group.add(one)
            coming += near.pop(one, set()) - group
        yield group


def _parents(records: list[CustomerRecord]) -> Iterator[tuple[str, str]]:
    """Yield the accounts that have a parent, each with its parent's id, or with its name where that is no account's."""
    said = {one.external_id: one.parent for one in records if one.parent}
    if not said:
        return
    ids = {one.external_id for one in records}
    called: dict[str, list[str]] = defaultdict(list)
    for one in records:
        called[fold_name(one.name)].append(one.external_id)
    for key, parent in said.items():
        found = [parent] if parent in ids else called.get(fold_name(parent), [f"the parent {fold_name(parent)}"])
        for other in found:
            yield key, other
