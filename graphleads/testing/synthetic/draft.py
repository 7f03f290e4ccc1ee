"""Changes to a register, collected one by one and made all at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from graphleads.testing.synthetic.arrays import (
    ADDRESS,
    CONTACT,
    CORRESPONDENCE,
    DIRECTOR,
    HEAD_OFFICE,
    INTEREST,
    MOST,
    NO_DAY,
    PHONE,
    ROLE,
    People,
    Register,
)
from graphleads.testing.synthetic.people import join_people


@dataclass(slots=True)
class Draft:
    """Changes to a register: few, whatever its size."""

    register: Register
    roles: list[tuple[int, ...]] = field(default_factory=list)
    interests: list[tuple[int, ...]] = field(default_factory=list)
    contacts: list[tuple[int, ...]] = field(default_factory=list)
    second_records: list[int] = field(default_factory=list)
    sold: set[int] = field(default_factory=set)
    moved: set[tuple[int, int]] = field(default_factory=set)

    def appoint(self, company: int, holder: int, start: int, end: int = NO_DAY) -> None:
        """Make the holder a director of the company."""
        self.roles.append((company, holder, DIRECTOR, start, end))

    def sell(self, company: int, holder: int, start: int) -> None:
        """Make the holder the company's only owner."""
        self.sold.add(company)
        self.interests.append((company, holder, 0, MOST, start, NO_DAY))

    def share_contact(self, left: int, right: int, kind: int) -> None:
        """Give both companies one new phone or mail domain instead of what they had; the domain has the left's name."""
        value = self.register.n_phones if kind == PHONE else left
        self.register.n_phones += kind == PHONE
        for company in (left, right):
            self.moved.add((company, kind))
            self.contacts.append((company, kind, HEAD_OFFICE, value, NO_DAY))

    def receive_mail_at(self, company: int, address: int) -> None:
        """Give the company a further address, for its correspondence."""
        self.contacts.append((company, ADDRESS, CORRESPONDENCE, address, NO_DAY))

    def record_again(self, holder: int) -> int:
        """Give a person a second record with the first one's key, and return its number as a holder."""
        n = len(self.register.companies)
        self.second_records.append(holder - n)
        return n + len(self.register.people) + len(self.second_records) - 1

    def apply(self) -> None:
        """Change the register."""
        register = self.register
        kept = register.interests[~np.isin(register.interests["subject"], list(self.sold))]
        register.roles = np.concatenate([register.roles, np.array(self.roles, dtype=ROLE)])
        register.interests = np.concatenate([kept, np.array(self.interests, dtype=INTEREST)])
        contacts = register.contacts
        stay = np.ones(len(contacts), dtype=bool)
        for kind in {kind for _, kind in self.moved}:
            movers = [company for company, moved in self.moved if moved == kind]
            stay &= (contacts["kind"] != kind) | ~np.isin(contacts["company"], movers)
        register.contacts = np.concatenate([contacts[stay], np.array(self.contacts, dtype=CONTACT)])
        self._add_second_records()

    def _add_second_records(self) -> None:
        people, first = self.register.people, np.array(self.second_records, dtype=np.int32)
        people.key[first] = first
        second = People(true=first, name=people.name[first], key=first, born=people.born[first])
        self.register.people = join_people(people, second)
