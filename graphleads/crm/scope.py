"""What a file says of customers at all: what it has no column for stays as it is stored."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from graphleads.model import CustomerRecord, CustomerStatus

_MERGED = ("identifiers", "custom", "external_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a file has columns, or constants, for.

    Attributes:
        fields: Fields of `CustomerRecord`.
        schemes: Schemes of identifiers.
        headers: Its own headers, under which customers may have custom values.
    """

    fields: frozenset[str]
    schemes: frozenset[str]
    headers: frozenset[str]

    def complete(self, record: CustomerRecord, stored: CustomerRecord) -> CustomerRecord:
        """Return a record of the file with what the file cannot say from the stored one."""
        unsaid = {
            one.name: getattr(stored, one.name)
            for one in fields(record)
            if one.name not in self.fields and one.name not in _MERGED
        }
        custom = {header: text for header, text in stored.custom.items() if header not in self.headers}
        whole = replace(record, **unsaid, identifiers=self._identifiers(record, stored), custom=custom | record.custom)
        # As in a file that has all columns: a day belongs to customers that were won.
        return whole if whole.status is CustomerStatus.WON else replace(whole, won_on=None)

    def _identifiers(self, record: CustomerRecord, stored: CustomerRecord) -> tuple[tuple[str, str], ...]:
        kept = (pair for pair in stored.identifiers if pair[0] not in self.schemes)
        whole = (*record.identifiers, *kept)
        return stored.identifiers if sorted(whole) == sorted(stored.identifiers) else whole
