"""Which customers and deals a file ends, and which it means by an id in another form than the stored one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.external_id import fold_id
from graphleads.errors import ValueInvalid
from graphleads.model import CustomerRecord, Deal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored of a team, by external id: customers as their accounts have them, and deals."""

    customers: Mapping[str, CustomerRecord] = field(default_factory=dict)
    deals: Mapping[str, Deal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Why customers and deals that are stored are no more, by external id."""

    customers: Mapping[str, str] = field(default_factory=dict)
    deals: Mapping[str, str] = field(default_factory=dict)


class _Known:
    """The ids under which something is stored."""

    def __init__(self, stored: Iterable[str]) -> None:
        self._ids = set(stored)
        self._folded = {fold_id(key): key for key in self._ids}

    def id_of(self, external_id: str) -> str:
        """Return the id under which one is stored, which may have another form; itself if none is."""
        return external_id if external_id in self._ids else self._folded.get(fold_id(external_id), external_id)


def find_ids(file: CustomerFile, stored: Stored) -> CustomerFile:
    """Return a file with the ids under which what it names is stored."""
    accounts, deals = _Known(stored.customers), _Known(stored.deals)
    records = (replace(one, external_id=accounts.id_of(one.external_id)) for one in file.records)
    found = (
        replace(one, external_id=deals.id_of(one.external_id), customer=one.customer and accounts.id_of(one.customer))
        for one in file.deals
    )
    ended = {accounts.id_of(key): why for key, why in file.ended.items()}
    ended_deals = {deals.id_of(key): why for key, why in file.ended_deals.items()}
    return replace(
        file,
        records=tuple(one for one in records if one.external_id not in ended),
        deals=tuple(one for one in found if one.external_id not in ended_deals),
        ended=ended,
        ended_deals=ended_deals,
    )


def find_ended(file: CustomerFile, stored: Stored, *, complete: bool) -> Ends:
    """Return what a file ends of what is stored: what it says is no more, and what it lacks if it is all there is.

    Raises:
        ValueInvalid: If it is said to be all there is, and has nothing, or rows whose ids nobody knows.
    """
    customers = {key: why for key, why in file.ended.items() if key in stored.customers}
    deals = {key: why for key, why in file.ended_deals.items() if key in stored.deals}
    if complete:
        _require_whole(file)
        why = f"not in {file.name}, which is all there is"
        named = {fold_id(one.external_id) for one in file.rejected if one.external_id}
        if file.deals:
            named |= {fold_id(one.external_id) for one in file.deals}
            deals |= {key: why for key in stored.deals if fold_id(key) not in named and key not in deals}
        else:
            named |= {fold_id(one.external_id) for one in file.records}
            customers |= {key: why for key in stored.customers if fold_id(key) not in named and key not in customers}
    return Ends(customers=customers, deals=deals)


def _require_whole(file: CustomerFile) -> None:
    if not file.records and not file.deals:
        raise ValueInvalid(f"{file.name} has nothing, and is not taken for all there is.")
    nameless = [one.row for one in file.rejected if not one.external_id]
    if nameless:
        rows = ", ".join(map(str, nameless[:5]))
        raise ValueInvalid(
            f"{file.name} is not taken for all there is: nobody knows whose {len(nameless):,} of its rows are (row "
            f"{rows}): put them right first."
        )
