"""Companies, each with those who say that it is one of them, and a hash of all that a change is added to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import TypeVar

from graphleads.ids import EntityId
from graphleads.workspace.patched import Patched

_Item = TypeVar("_Item")

_MODULUS = 1 << 256

Sayings = Mapping[str, Collection[EntityId]]
"""Companies by the key of whoever says so."""


class Companies(Set[EntityId]):
    """A set of companies. Nobody changes one: a change gives another.

    Attributes:
        total: The sum of the SHA-256 of their ids, modulo 2^256: the same for the same companies, in whichever order
            they came and went.
    """

    __slots__ = ("_said_by", "total")

    def __init__(self, says: Sayings | None = None) -> None:
        said_by = _turn(says or {})
        self._said_by = Patched({company: tuple(sorted(keys)) for company, keys in said_by.items()})
        self.total = sum(map(_number, said_by)) % _MODULUS

    @classmethod
    def _from_iterable(cls, it: Iterable[_Item]) -> Set[_Item]:
        return frozenset(it)  # what is made of several sets is said by nobody

    def changed(self, before: Sayings, after: Sayings) -> Companies:
        """Return these companies with what some keys say now in the place of what they said before.

        Args:
            before: What each of the keys said.
            after: What each of them says now.
        """
        gone, come = _turn(before), _turn(after)
        changes: dict[EntityId, tuple[str, ...] | None] = {}
        total = self.total
        for company in gone.keys() | come.keys():
            left = (set(self.said_by(company)) - gone.get(company, set())) | come.get(company, set())
            changes[company] = tuple(sorted(left)) or None
            total += _number(company) * ((len(left) > 0) - (company in self))
        found = Companies()
        found._said_by = self._said_by.patched(changes)
        found.total = total % _MODULUS
        return found

    def said_by(self, company: EntityId) -> tuple[str, ...]:
        """Return the keys of those who say that a company is one of these, sorted; none if it is not."""
        return self._said_by.get(company, ())

    def fingerprint(self) -> dict[str, str | int]:
        """Return how many they are, and the hash of them: what is stored of a run that was told of them."""
        return {"n": len(self), "sha256_sum": f"{self.total:064x}"}

    def __contains__(self, company: object) -> bool:
        return company in self._said_by

    def __iter__(self) -> Iterator[EntityId]:
        return iter(self._said_by)

    def __len__(self) -> int:
        return len(self._said_by)

    def __repr__(self) -> str:
        return f"Companies({sorted(self)})"


def _turn(says: Sayings) -> dict[EntityId, set[str]]:
    said_by: dict[EntityId, set[str]] = {}
    for key, companies in says.items():
        for company in companies:
            said_by.setdefault(company, set()).add(key)
    return said_by


def _number(company: EntityId) -> int:
    return int.from_bytes(hashlib.sha256(company.encode()).digest())
