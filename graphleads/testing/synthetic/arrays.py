"""The register while it is being made: numbers in arrays, no text until it is written.

Companies are numbered 0 … n-1 and people n, n+1, …, so that a holder of either kind is one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

NOBODY = -1
"""No company, no person, no key."""

NO_DAY = np.iinfo(np.int32).min
"""No date. Days are counted from 1970-01-01, as in Arrow's date32."""

EPOCH = date(1970, 1, 1)
OBSERVED = (date(2026, 6, 30) - EPOCH).days
"""The day of the register's state; nothing in it is later."""

STATUSES = ("active", "inactive", "in_liquidation", "dissolved")
ACTIVE, INACTIVE, IN_LIQUIDATION, DISSOLVED = range(4)

ROLE_KINDS = ("director", "secretary", "chair", "chief_executive", "manager")
DIRECTOR, SECRETARY, CHAIR, CHIEF_EXECUTIVE, MANAGER = range(5)

INTEREST_KINDS = ("shareholding", "voting_rights")

SHARE_BANDS = ((0.25, 0.5), (0.5, 0.75), (0.75, 1.0))
"""Lower and upper bounds of the shares: the ranges of a register of persons with significant control."""
QUARTER, HALF, MOST = range(3)

LINK_KINDS = ("consolidated_directly_by", "succeeded_by", "supplies")
CONSOLIDATED, SUCCEEDED, SUPPLIES = range(3)

CONTACT_KINDS = ("address", "phone", "email_domain", "website")
ADDRESS, PHONE, EMAIL_DOMAIN, WEBSITE = range(4)
"""The value of a contact point is the number of an address or phone; for domains, the company whose name is in it."""

PURPOSES = ("registered", "head_office", "correspondence")
REGISTERED, HEAD_OFFICE, CORRESPONDENCE = range(3)

ROLE = np.dtype([("company", "i4"), ("holder", "i4"), ("kind", "i1"), ("start", "i4"), ("end", "i4")])
INTEREST = np.dtype(
    [("subject", "i4"), ("holder", "i4"), ("kind", "i1"), ("band", "i1"), ("start", "i4"), ("end", "i4")]
)
LINK = np.dtype([("source", "i4"), ("target", "i4"), ("kind", "i1"), ("start", "i4")])
CONTACT = np.dtype([("company", "i4"), ("kind", "i1"), ("purpose", "i1"), ("value", "i4"), ("start", "i4")])

Rows = NDArray[np.void]
"""A structured array of one of the four types above."""

Numbers = NDArray[np.signedinteger]
"""Numbers of things: int32 where they are kept, wider in passing."""


@dataclass(slots=True, kw_only=True)
class Companies:
    """The companies, one array each of length n.

    Attributes:
        place: float64 in [0, 1): where in the country; near numbers are neighbours.
        family: The company at the top of the corporate group; one's own number without a group.
        member: Place in the order of the group, 0 at the top; NOBODY without a group.
        parent: The company directly above in the group, or NOBODY.
        shell: bool: exists on paper only, at an agent's address with a nominee as its director.
        status: Index into STATUSES.
        incorporated: Day of incorporation.
        dissolved: Day of dissolution, or NO_DAY.
        name: Number of the brand and trade in the name; the same within a group.
        former: Number of a former name, or NOBODY.
    """

    place: NDArray[np.float64]
    family: Numbers
    member: Numbers
    parent: Numbers
    shell: NDArray[np.bool_]
    status: NDArray[np.int8]
    incorporated: Numbers
    dissolved: Numbers
    name: Numbers
    former: Numbers

    def __len__(self) -> int:
        """Return the number of companies."""
        return len(self.place)

    @property
    def last_day(self) -> Numbers:
        """The day of dissolution, or that of the register's state."""
        return np.where(self.dissolved == NO_DAY, OBSERVED, self.dissolved).astype(np.int32)


@dataclass(slots=True, kw_only=True)
class People:
    """The person records, one array each of length m.

    Attributes:
        true: The record that stands for the human being: one's own number, or the first record of the same human.
        name: Number of the given and family name.
        key: Number of the declared key, or NOBODY.
        born: Months since January 1900.
    """

    true: Numbers
    name: Numbers
    key: Numbers
    born: Numbers

    def __len__(self) -> int:
        """Return the number of person records."""
        return len(self.true)


@dataclass(slots=True, kw_only=True)
class Register:
    """The whole register.

    Attributes:
        companies: The companies.
        people: The person records; record `p` is holder `len(companies) + p`.
        roles: ROLE rows.
        interests: INTEREST rows.
        links: LINK rows.
        contacts: CONTACT rows.
        registered: The address of each company's registered office.
        address_place: Where each address is, float64 in [0, 1).
        n_phones: How many phone numbers there are.
        nominees: Holders that are director or secretary of thousands.
        agents: Addresses of formation agents.
        odd_names: The companies that do not follow the pattern, and their names.
    """

    companies: Companies
    people: People
    roles: Rows
    interests: Rows
    links: Rows
    contacts: Rows
    registered: Numbers
    address_place: NDArray[np.float64]
    n_phones: int
    nominees: Numbers
    agents: Numbers
    odd_names: dict[int, str]

    @property
    def hubs(self) -> NDArray[np.int64]:
        """The nominees and the agents' addresses, as things that tie companies."""
        addresses = self.contact_thing(ADDRESS, self.agents)
        return np.concatenate([self.nominees.astype(np.int64), addresses])

    def true_holder(self, holder: Numbers) -> NDArray[np.int64]:
        """Return the holders, each person's record replaced by the first one of that human being."""
        n = len(self.companies)
        true = self.people.true[np.maximum(holder - n, 0)].astype(np.int64) + n
        return np.where(holder < n, holder, true)

    @staticmethod
    def contact_thing(kind: NDArray[np.int8] | int, value: Numbers | int) -> NDArray[np.int64]:
        """Return contact points as numbers that no holder has."""
        return (np.asarray(kind, dtype=np.int64) + 1) << 40 | np.asarray(value, dtype=np.int64)


def make_rows(kind: np.dtype[np.void], n_rows: int, /, **columns: object) -> Rows:
    """Return `n_rows` rows of a structured type; a column is an array of that length or one value for all."""
    rows = np.empty(n_rows, dtype=kind)
    for name in kind.names or ():
        rows[name] = columns[name]
    return rows
