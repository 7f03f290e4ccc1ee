"""Small registers by hypothesis: deliveries of two datasets, of which the last ones came after a day.

Few companies, persons, contact points, names and records, so that deliveries speak of the same things again and again,
and change, end, void and repeat what was said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from graphleads.model import DeliveryKind
from graphleads.tables.schema import STAGED
from graphleads.testing.staging import stage_delivery

CUT = date(2024, 6, 1)
"""The day between what came before and what came later."""

COMPANIES = tuple(f"X-LAW:{at}" for at in range(6))
PERSONS = tuple(f"X-LAW-PERSON:{at}" for at in range(4))
CONTACTS = (("address", "1 high st"), ("phone", "441130000001"), ("email_domain", "alder.example"))

BEFORE = ("2022-01-01", "2023-01-01", "2024-01-01", "2024-06-01")
LATER = ("2024-06-02", "2025-01-01", "2026-01-01")
DAYS = ("2019-01-01", "2022-01-01", "2023-07-01", "2024-06-01", "2025-03-01", "2027-01-01")
"""When something begins or ends."""

Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A delivery to be staged."""

    dataset: str
    observed_on: str
    kind: DeliveryKind
    rows: Rows

    def stage(self, staged: Path) -> None:
        """Write it into the folder of staged deliveries."""
        stage_delivery(staged, self.rows, observed_on=self.observed_on, dataset=self.dataset, kind=self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The deliveries up to `CUT`, and those that came later."""

    before: tuple[Delivered, ...]
    later: tuple[Delivered, ...]

    def stage_before(self, staged: Path) -> None:
        """Write the deliveries up to the cut."""
        for delivered in self.before:
            delivered.stage(staged)

    def stage_later(self, staged: Path) -> None:
        """Write those that came later."""
        for delivered in self.later:
            delivered.stage(staged)


def _maybe(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from((None, None, *values))


_NAMES = st.sampled_from(("Alder Ltd", "Birch Ltd", "Cedar Ltd"))
_PEOPLE = st.sampled_from(("Ann Archer", "Ben Brook"))
_RECORDS = st.sampled_from(("r0", "r1", "r2", "r3"))
_COMPANIES, _PERSONS = st.sampled_from(COMPANIES), st.sampled_from(PERSONS)
_HOLDERS = st.sampled_from((*PERSONS, *COMPANIES))
_DAY = _maybe(DAYS)
_PERIOD = {"start_on": _maybe(DAYS[:4]), "end_on": _maybe(DAYS[2:])}
_OP = st.sampled_from(("assert",) * 14 + ("end", "void"))

_ROWS: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "companies": {
        "id": _COMPANIES, "name": st.one_of(_NAMES, st.none()), "mentioned": st.sampled_from((False,) * 5 + (True,)),
        "status": _maybe(("active", "dissolved", "in_liquidation")), "jurisdiction": _maybe(("GB", "GB-ENG", "FR")),
        "entity_type": _maybe(("registered_entity", "legal_entity")), "locality": _maybe(("Leeds", "Lyon")),
        "incorporated_on": _DAY, "dissolved_on": _maybe(DAYS[3:]), **_PERIOD,
    },
    "persons": {
        "id": _PERSONS, "name": st.one_of(_PEOPLE, st.none()), "key": _maybe(("k0", "k1")),
        "key_confidence": st.sampled_from((0.5, 0.9)), "birth_year": _maybe((1970, 1980)),
        "nationality": _maybe(("GB",)),
    },
    "names": {
        "id": st.one_of(_COMPANIES, _PERSONS), "name": _NAMES, "kind": st.sampled_from(("former", "trading", "legal")),
    },
    "identifiers": {"id": _COMPANIES, "scheme": st.just("X-TAX"), "value": st.sampled_from(("1", "2"))},
    "classifications": {"id": _COMPANIES, "scheme": st.just("NACE-2"), "code": st.sampled_from(("62.01", "47.11"))},
    "contact_points": {
        "id": _COMPANIES, "contact": st.sampled_from(CONTACTS), "purpose": _maybe(("registered", "service")),
        "display": st.sampled_from(("One", "ONE", "one")),
    },
    "roles": {
        "company": _COMPANIES, "holder": _HOLDERS, "kind": st.sampled_from(("director", "secretary", "auditor")),
        "title": _maybe(("Chair",)),
    },
    "interests": {
        "subject": _COMPANIES, "holder": _HOLDERS, "kind": st.sampled_from(("shareholding", "voting_rights")),
        "share_min": _maybe((0.25, 0.6)), "held_as": _maybe(("own", "nominee")),
    },
    "links": {"source": _COMPANIES, "target": _COMPANIES, "kind": st.sampled_from(("branch_of", "supplies"))},
    "declarations": {"id": _COMPANIES, "about": st.just("owner"), "reason": st.sampled_from(("NO_OWNER", "UNKNOWN"))},
}  # fmt: skip
_DEFAULTS: Mapping[str, dict[str, Any]] = {"companies": {"mentioned": False}, "persons": {"key_confidence": 0.5}}
_WEIGHTED = tuple(
    name
    for name, times in {
        "companies": 4, "persons": 2, "names": 1, "identifiers": 1, "classifications": 1, "contact_points": 3,
        "roles": 5, "interests": 4, "links": 1, "declarations": 1,
    }.items()
    for _ in range(times)
)  # fmt: skip


@st.composite
def _statements(draw: st.DrawFn, table: str, published: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """Return a row of a staged table."""
    row = {name: draw(values) for name, values in _ROWS[table].items()}
    if STAGED[table].dated:
        row = {name: draw(values) for name, values in _PERIOD.items()} | row
    if "contact" in row:
        row["kind"], row["key"] = row.pop("contact")
    own = str(row.get("id", row.get("company", row.get("subject", row.get("source")))))
    record = draw(st.one_of(st.just(own), _RECORDS))
    said = {"record": record, "op": draw(_OP), "published_on": draw(_maybe(published))}
    return table, row | said


_Row = tuple[str, dict[str, Any]]


def _company(at: int) -> dict[str, Any]:
    name = f"{('Alder', 'Birch', 'Cedar', 'Dogwood', 'Elm')[at]} Ltd"
    return {"record": COMPANIES[at], "id": COMPANIES[at], "name": name, "status": "active", "jurisdiction": "GB"}


def _person(at: int) -> dict[str, Any]:
    return {"record": PERSONS[at], "id": PERSONS[at], "name": "Ann Archer", "key": "k0" if at % 3 == 0 else None}


def _director(company: int, person: int) -> dict[str, Any]:
    ends = {"company": COMPANIES[company], "holder": PERSONS[person]}
    return {"record": f"d{company}{person}", "kind": "director", **ends}


def _house(at: int) -> dict[str, Any]:
    return {"record": f"a{at}", "id": COMPANIES[at], "kind": "address", "key": "1 high st", "display": "One"}


_MAJORITY = {"subject": COMPANIES[2], "holder": COMPANIES[0], "kind": "shareholding", "share_min": 0.6}
_CORE: Sequence[_Row] = (
    *(("companies", _company(at)) for at in range(5)),
    *(("persons", _person(at)) for at in range(4)),
    *(("roles", _director(*ends)) for ends in ((0, 0), (1, 0), (0, 1), (2, 1), (3, 2), (4, 3))),
    *(("contact_points", _house(at)) for at in (0, 3)),
    ("interests", {"record": "s", **_MAJORITY}),
    ("classifications", {"record": COMPANIES[1], "id": COMPANIES[1], "scheme": "NACE-2", "code": "62.01"}),
)
"""What most deliveries state, but for some rows: companies tied by directors, by a house, by a majority."""


@st.composite
def _crowds(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    """Return companies that share a director or an address, few enough to mean something or too many."""
    n = draw(st.sampled_from((2, 6, 7, 26, 41)))
    companies = [f"X-LAW:crowd{at:02}" for at in range(n)]
    described = [
        ("companies", {"record": one, "id": one, "name": f"Crowd {one[-2:]}", "status": "active"}) for one in companies
    ]
    if draw(st.booleans()):
        person = draw(_PERSONS)
        ties = [
            ("roles", {"record": f"{one}-d", "company": one, "holder": person, "kind": "director"}) for one in companies
        ]
    else:
        kind, key = draw(st.sampled_from(CONTACTS))
        point = {"kind": kind, "key": key, "display": "One"}
        ties = [("contact_points", {"record": f"{one}-c", "id": one, **point}) for one in companies]
    return described + ties


@st.composite
def _deliveries(draw: st.DrawFn, days: tuple[str, ...], published: tuple[str, ...]) -> Delivered:
    table = st.sampled_from(_WEIGHTED)
    rows = draw(st.lists(table.flatmap(lambda name: _statements(name, published)), max_size=8))
    dropped = draw(st.sets(st.integers(0, len(_CORE) - 1), max_size=6))
    rows += [row for at, row in enumerate(_CORE) if at not in dropped]
    if draw(st.integers(0, 5)) == 0:
        rows += draw(_crowds())
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, row in rows + _described(rows):
        tables.setdefault(name, []).append(_DEFAULTS.get(name, {}) | {"op": "assert"} | row)
    return Delivered(
        dataset=draw(st.sampled_from(("one", "two"))),
        observed_on=draw(st.sampled_from(days)),
        kind=draw(st.sampled_from(DeliveryKind)),
        rows=tables,
    )


def _described(rows: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Return what is missing to tell that holders are persons: what kind an entity is, is not a matter of days."""
    there = {row["id"] for name, row in rows if name == "persons" and row.get("op") != "void"}
    held = {row["holder"] for name, row in rows if name in {"roles", "interests"}}
    missing = sorted(held & set(PERSONS) - there)
    return [("persons", {"record": one, "id": one, "name": "Ann Archer"}) for one in missing]


def _apart(delivered: Delivered) -> tuple[object, ...]:
    """Return what no two deliveries may share: there is one full delivery of a dataset a day."""
    return delivered.dataset, delivered.observed_on


def registers() -> st.SearchStrategy[Register]:
    """Registers with one to three deliveries before the cut and one or two later ones, which publish nothing before."""
    return st.builds(
        lambda before, later: Register(before=tuple(before), later=tuple(later)),
        st.lists(
            _deliveries(BEFORE, ("2021-01-01", "2023-06-01", "2025-03-01")),
            min_size=1,
            max_size=3,
            unique_by=_apart,
        ),
        st.lists(
            _deliveries(LATER, ("2024-06-02", "2025-06-01", "2027-01-01")),
            min_size=1,
            max_size=2,
            unique_by=_apart,
        ),
    )
