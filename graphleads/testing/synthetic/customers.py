"""The CRM export: won, open and lost accounts under the names that people type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.arrays import (
    EMAIL_DOMAIN,
    EPOCH,
    OBSERVED,
    PHONE,
    Register,
)
from graphleads.testing.synthetic.columns import contact_values, former_names_of, names_of, trading_names_of
from graphleads.testing.synthetic.words import REPS

STAGES = {"won": "Closed Won", "open": "Negotiation/Review", "lost": "Closed Lost"}
WITH_ID = {"won": 0.45, "open": 0.2, "lost": 0.2}
"""Share of accounts with the register's id: who has been sent an invoice is better known."""

STYLES = {
    "as_registered": 0.25,
    "upper_case": 0.15,
    "lower_case": 0.05,
    "other_legal_form": 0.22,
    "no_legal_form": 0.15,
    "stray_spaces": 0.06,
    "abbreviated": 0.06,
    "typing_error": 0.06,
}
"""How names are written, and how often. Half of the companies with a trading or former name bear that instead."""

_OTHER_FORMS = {"Ltd": ("Limited", "LTD.", "Ltd."), "PLC": ("plc", "P.L.C."), "LLP": ("L.L.P.", "llp")}
_COUNTRIES = ("United Kingdom", "GB", "UK", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A customer of the export.

    Attributes:
        cells: The row by column.
        company: The company that it truly is; None if it is in no register.
        style: How its name is written.
        status: won, open or lost.
    """

    cells: dict[str, str | None]
    company: int | None
    style: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clientele:
    """Whose accounts there are: companies by number, and name numbers that no company bears."""

    won: tuple[int, ...]
    open: tuple[int, ...]
    lost: tuple[int, ...]
    strangers: tuple[int, ...]


def draw_accounts(rng: np.random.Generator, register: Register, clientele: Clientele) -> list[Account]:
    """Return the accounts in the order of the export; the first company of each odd name is written as registered."""
    status = ["won"] * len(clientele.won) + ["open"] * len(clientele.open) + ["lost"] * len(clientele.lost)
    companies = np.array([*clientele.won, *clientele.open, *clientele.lost])
    facts = _look_up(register, companies)
    accounts = [
        _write_account(rng, one, status=which, odd=int(number) in register.odd_names, company=int(number))
        for one, which, number in zip(facts, status, companies, strict=True)
    ]
    names = text.company_names(np.array(clientele.strangers)).to_pylist()
    accounts += [_write_account(rng, {"name": name}, status="won", odd=True, company=None) for name in names]
    order = rng.permutation(len(accounts)).tolist()
    return [_number_account(accounts[which], place) for place, which in enumerate(order, start=1)]


def _look_up(register: Register, companies: np.ndarray) -> list[dict[str, str | None]]:
    """Return what the register says of some companies."""
    address = register.registered[companies]
    place = register.address_place[address]
    columns = {
        "id": text.company_ids(companies),
        "name": names_of(register, companies),
        "trading": trading_names_of(register, companies),
        "former": former_names_of(register, companies),
        "city": text.towns(place),
        "postcode": text.postcodes(address, place),
        "phone": _contact_of(register, companies, PHONE),
        "domain": _contact_of(register, companies, EMAIL_DOMAIN),
    }
    return list(pa.table(columns).to_pylist())


def _contact_of(register: Register, companies: np.ndarray, kind: int) -> list[str | None]:
    rows = register.contacts[(register.contacts["kind"] == kind) & np.isin(register.contacts["company"], companies)]
    values = contact_values(register, rows["kind"], rows["value"]).to_pylist()
    found = dict(zip(rows["company"].tolist(), values, strict=True))
    return [found.get(company) for company in companies.tolist()]


def _write_account(
    rng: np.random.Generator, facts: dict[str, str | None], *, status: str, odd: bool, company: int | None
) -> Account:
    name, style = _write_name(rng, facts, odd)
    closed = EPOCH.fromordinal(EPOCH.toordinal() + OBSERVED - int(rng.integers(1, 1500)))
    cells = {
        "Account ID": None,
        "Account Name": name,
        "Account Owner": REPS[int(rng.integers(len(REPS)))],
        "Company Number": _maybe(rng, WITH_ID[status], facts.get("id")),
        "Phone": facts.get("phone"),
        "Website": f"https://www.{facts['domain']}/" if facts.get("domain") else None,
        "Billing City": _maybe(rng, 0.85, facts.get("city")),
        "Billing Zip/Postal Code": _maybe(rng, 0.6, facts.get("postcode")),
        "Billing Country": _COUNTRIES[int(rng.integers(len(_COUNTRIES)))],
        "Stage": STAGES[status],
        "Close Date": closed.isoformat(),
        "Amount": str(int(rng.integers(4, 400)) * 500),
    }
    return Account(cells=cells, company=company, style=style, status=status)


def _number_account(account: Account, number: int) -> Account:
    cells = account.cells | {"Account ID": f"001DEMO{number:08d}"}
    return Account(cells=cells, company=account.company, style=account.style, status=account.status)


def _maybe(rng: np.random.Generator, share: float, value: str | None) -> str | None:
    return value if rng.random() < share else None


def _write_name(rng: np.random.Generator, facts: dict[str, str | None], odd: bool) -> tuple[str, str]:
    """Return a name as somebody typed it, and the style."""
    other = next((kind for kind in ("trading", "former") if facts.get(kind)), None)
    name = facts["name"] or ""
    style = str(rng.choice(list(STYLES), p=list(STYLES.values())))
    if odd:
        return name, "as_registered"
    if other and rng.random() < 0.5:
        return facts[other] or "", f"{other}_name"
    return restyle(rng, name, style), style


def restyle(rng: np.random.Generator, name: str, style: str) -> str:
    """Return a registered name, whose last word is its legal form, in another style."""
    firm, _, form = name.rpartition(" ")
    brand, _, trade = firm.rpartition(" ")
    styled = {
        "as_registered": name,
        "upper_case": name.upper(),
        "lower_case": name.lower(),
        "other_legal_form": f"{firm} {_pick(rng, _OTHER_FORMS[form])}",
        "no_legal_form": firm,
        "stray_spaces": f" {name.replace(' ', '  ', 1)} ",
        "abbreviated": f"{brand} {trade[:4]}. {form}",
        "typing_error": f"{_mistype(rng, firm)} {form}",
    }
    return styled[style]


def _mistype(rng: np.random.Generator, firm: str) -> str:
    """Return the firm with two neighbouring letters swapped, behind the first."""
    at = int(rng.integers(1, firm.index(" ") - 2))
    return firm[:at] + firm[at + 1] + firm[at] + firm[at + 2 :]


def _pick(rng: np.random.Generator, words: Sequence[str]) -> str:
    return words[int(rng.integers(len(words)))]
