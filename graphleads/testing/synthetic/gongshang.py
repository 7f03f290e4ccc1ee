"""The register as a company-data service exports China's: one wide table with Chinese headers, lists in cells.

Company *n* has a credit code of no registered number, with its check digit; person record *m* has *m* as its number, so
that shared directors are known by it. Names, towns and people are put together from characters by the numbers that the
other layouts use, so namesakes stay namesakes. What has no place in such a table is left out: what has ended, days of
offices and holdings, links; of a range of shares the middle is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from graphleads.testing.synthetic import gongshang_words as words
from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.arrays import (
    EMAIL_DOMAIN,
    NO_DAY,
    NOBODY,
    PHONE,
    SHARE_BANDS,
    WEBSITE,
    Numbers,
    Register,
    Rows,
)
from graphleads.testing.synthetic.words import TOWNS, TRADES
from graphleads.values.china_place import PROVINCES

BLOCK = 1 << 16
"""Companies that are text at one time."""

SEPARATOR = ";"

_STATUSES = ("存续", "吊销，未注销", "清算", "注销")
_FORMS = {"Ltd": "有限公司", "PLC": "股份有限公司", "LLP": "合伙企业(有限合伙)"}
_FORM_WORDS = {"Ltd": "有限责任公司(自然人投资或控股)", "PLC": "股份有限公司(非上市)", "LLP": "有限合伙企业"}
_POSTS = ("董事", "董事会秘书", "董事长", "总经理", "经理")
_CAPITAL = (10, 100, 100, 500, 5000)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = 3 ** np.arange(17) % 31
_SHARES = tuple(f"{50 * (least + most):.2f}%" for least, most in SHARE_BANDS)
_PERSON, _COMPANY = "自然人股东", "企业法人"


class _Listed(NamedTuple):
    """Rows of a block of companies: for each the company's place in the block, ascending."""

    rows: Rows
    place: Numbers
    n: int

    def of(self, mask: NDArray[np.bool_]) -> _Listed:
        """Return the rows where the mask holds."""
        return _Listed(self.rows[mask], self.place[mask], self.n)

    def join(self, texts: pa.Array) -> pa.Array:
        """Return one text a company, its rows' texts with semicolons between; null where it has none."""
        counts = np.bincount(self.place, minlength=self.n)
        offsets = pa.array(np.concatenate(([0], np.cumsum(counts))).astype(np.int32))
        joined = pc.binary_join(pa.ListArray.from_arrays(offsets, pc.fill_null(texts, "-")), SEPARATOR)
        return text.choose(counts > 0, joined, pa.scalar(None, pa.string()))


def write_gongshang(directory: Path, register: Register) -> tuple[Path, ...]:
    """Write the table into a directory that is there, and return its path."""
    path = directory / "gongshang.csv"
    blocks = _blocks(register)
    first = next(blocks)
    with pa_csv.CSVWriter(path, first.schema) as writer:
        writer.write_table(first)
        for block in blocks:
            writer.write_table(block)
    return (path,)


def credit_codes(register: Register, companies: Numbers) -> pa.Array:
    """Return the credit codes of companies by number: string[n], as GB 32100 has them."""
    province = pa.array(list(PROVINCES)).take(pa.array(_towns(register, companies) % len(PROVINCES)))
    stem = text.join("91", province, "0101", pc.utf8_lpad(pa.array(companies + 1).cast(pa.string()), 9, "0"), "")
    digits = np.frombuffer(stem.cast(pa.binary()).cast(pa.binary(17)).buffers()[1], np.uint8, count=17 * len(stem))
    remainder = (digits.reshape(-1, 17).astype(np.int64) - ord("0")) @ _WEIGHTS % 31
    return text.join(stem, text.pick(_ALPHABET, (31 - remainder) % 31), "")


def company_names(register: Register, companies: Numbers) -> pa.Array:
    """Return the names of companies by number: town, brand, trade, place in the group, legal form."""
    name, member = register.companies.name[companies], register.companies.member[companies]
    inner = text.choose(member == NOBODY, pa.scalar(""), text.pick(words.MEMBERS, np.maximum(member, 0)))
    town = pc.utf8_slice_codeunits(_town_names(_towns(register, companies)), 0, 2)
    names = text.join(town, _firms(name), inner, _words_for(text.forms(name), _FORMS), "")
    places = {number: place for place, number in enumerate(companies.tolist()) if number in register.odd_names}
    return text.replace(names, {place: register.odd_names[number] for number, place in places.items()})


def person_names(names: Numbers) -> pa.Array:
    """Return the names of people by name number: `沈文涵`."""
    rest, surname = np.divmod(names, len(words.SURNAMES))
    second, first = np.divmod(rest, len(words.GIVEN_FIRST))
    return text.join(
        text.pick(words.SURNAMES, surname),
        text.pick(words.GIVEN_FIRST, first),
        text.pick(words.GIVEN_SECOND, second % len(words.GIVEN_SECOND)),
        "",
    )


def _blocks(register: Register) -> Iterator[pa.Table]:
    roles = _lasting(register.roles, "company")
    interests = _lasting(register.interests, "subject")
    contacts = register.contacts[np.argsort(register.contacts["company"], kind="stable")]
    for start in range(0, len(register.companies), BLOCK):
        companies = np.arange(start, min(start + BLOCK, len(register.companies)), dtype=np.int32)
        yield pa.table(
            {
                **_company_columns(register, companies),
                **_contact_columns(register, _rows_of(contacts, "company", companies)),
                **_holder_columns(register, _rows_of(interests, "subject", companies)),
                **_staff_columns(register, _rows_of(roles, "company", companies)),
            }
        )


def _lasting(rows: Rows, by: str) -> Rows:
    kept: Rows = rows[rows["end"] == NO_DAY]
    ordered: Rows = kept[np.argsort(kept[by], kind="stable")]
    return ordered


def _rows_of(rows: Rows, by: str, companies: Numbers) -> _Listed:
    first, last = np.searchsorted(rows[by], [companies[0], companies[-1] + 1])
    taken = rows[first:last]
    return _Listed(taken, taken[by] - companies[0], len(companies))


def _company_columns(register: Register, numbers: Numbers) -> dict[str, pa.Array]:
    companies = register.companies
    name, former = companies.name[numbers], companies.former[numbers]
    town = _towns(register, numbers)
    forms = text.forms(name)
    capital = text.pick([f"{amount}万元人民币" for amount in _CAPITAL], text.mix(numbers, 8, len(_CAPITAL)))
    place = pc.utf8_slice_codeunits(_town_names(town), 0, 2)
    past = text.join(place, _firms(np.maximum(former, 0)), _words_for(text.forms(np.maximum(former, 0)), _FORMS), "")
    return {
        "企业名称": company_names(register, numbers),
        "统一社会信用代码": credit_codes(register, numbers),
        "登记状态": text.pick(_STATUSES, companies.status[numbers]),
        "成立日期": text.days(companies.incorporated[numbers]),
        "注销日期": text.days(companies.dissolved[numbers]),
        "注册资本": capital,
        "企业类型": _words_for(forms, _FORM_WORDS),
        "所属行业": text.pick(words.TRADES, name % len(TRADES)),
        "所属城市": _town_names(town),
        "注册地址": _addresses(register, numbers),
        "经营范围": text.join(text.pick(words.TRADES, name % len(TRADES)), "相关业务", ""),
        "曾用名": text.choose(former == NOBODY, pa.scalar(None, pa.string()), past),
    }


def _contact_columns(register: Register, contacts: _Listed) -> dict[str, pa.Array]:
    phones, mails, sites = (contacts.of(contacts.rows["kind"] == kind) for kind in (PHONE, EMAIL_DOMAIN, WEBSITE))
    return {
        "电话": phones.join(_phones(phones.rows["value"])),
        "邮箱": mails.join(text.join("info", _domains(register, mails.rows), "@")),
        "网址": sites.join(text.join("www", _domains(register, sites.rows), ".")),
    }


def _holder_columns(register: Register, interests: _Listed) -> dict[str, pa.Array]:
    rows, capital = interests.rows, np.array(_CAPITAL)[text.mix(interests.rows["subject"], 8, len(_CAPITAL))]
    share = np.array([(least + most) / 2 for least, most in SHARE_BANDS])[rows["band"]]
    is_person = rows["holder"] >= len(register.companies)
    return {
        "股东": interests.join(_holder_names(register, rows["holder"])),
        "股东编号": interests.join(_numbers(register, rows["holder"])),
        "股东类型": interests.join(text.choose(is_person, pa.scalar(_PERSON), pa.scalar(_COMPANY))),
        "持股比例": interests.join(text.pick(_SHARES, rows["band"])),
        "认缴出资额": interests.join(text.join(pa.array(capital * share).cast(pa.string()), "万元", "")),
    }


def _staff_columns(register: Register, roles: _Listed) -> dict[str, pa.Array]:
    """Return personnel, and the first of them who is a person as the legal representative."""
    holder = roles.rows["holder"]
    place, first = np.unique(roles.place[holder >= len(register.companies)], return_index=True)
    at = np.full(roles.n, -1, np.int64)
    at[place] = np.flatnonzero(holder >= len(register.companies))[first]
    names, numbers = _holder_names(register, holder), _numbers(register, holder)
    representative = pa.array(at, mask=at < 0)
    return {
        "法定代表人": names.take(representative),
        "法定代表人编号": numbers.take(representative),
        "主要人员": roles.join(names),
        "人员编号": roles.join(numbers),
        "职务": roles.join(text.pick(_POSTS, roles.rows["kind"])),
    }


def _holder_names(register: Register, holders: Numbers) -> pa.Array:
    n = len(register.companies)
    people = person_names(register.people.name[np.maximum(holders - n, 0)])
    return text.choose(holders < n, company_names(register, np.minimum(holders, n - 1)), people)


def _numbers(register: Register, holders: Numbers) -> pa.Array:
    """Return the numbers of people, null for companies."""
    n = len(register.companies)
    return pa.array(holders - n + 1, mask=holders < n).cast(pa.string())


def _firms(names: Numbers) -> pa.Array:
    """Return brand and trade: `青屿一物流`."""
    brand, trade = np.divmod(names, len(TRADES))
    first, third = np.divmod(brand, len(words.BRAND_THIRD))
    one, two = np.divmod(first, len(words.BRAND_SECOND))
    return text.join(
        text.pick(words.BRAND_FIRST, one),
        text.pick(words.BRAND_SECOND, two),
        text.pick(words.BRAND_THIRD, third),
        text.pick(words.TRADES, trade),
        "",
    )


def _words_for(forms: pa.Array, known: dict[str, str]) -> pa.Array:
    return pa.array(list(known.values())).take(pc.index_in(forms, value_set=pa.array(list(known))))


def _towns(register: Register, companies: Numbers) -> Numbers:
    """Return the town of each company's registered office: int32, its place in the list of towns."""
    place = register.address_place[register.registered[companies]]
    found: Numbers = pc.index_in(text.towns(place), value_set=pa.array(TOWNS)).to_numpy()
    return found


def _town_names(towns: Numbers) -> pa.Array:
    first, second = np.divmod(towns, len(words.TOWN_SECOND))
    return text.join(text.pick(words.TOWN_FIRST, first), text.pick(words.TOWN_SECOND, second), "市", "")


def _addresses(register: Register, companies: Numbers) -> pa.Array:
    address = register.registered[companies]
    house = pa.array(text.mix(address, 4, 180) + 1).cast(pa.string())
    street = text.pick(words.STREETS, text.mix(address, 5, len(words.STREETS)))
    # Agents' offices and neighbours share a number, everybody else has one of his own.
    room = text.join(pa.array(address).cast(pa.string()), "室", "")
    return text.join(_town_names(_towns(register, companies)), street, "路", house, "号", room, "")


def _phones(numbers: Numbers) -> pa.Array:
    """Return phone numbers with an area code that nobody has: `0199-…`; all different up to a hundred million."""
    mixed = (numbers.astype(np.int64) * 61_803_399 + 10_007) % 10**8
    return text.join("0199", pc.utf8_lpad(pa.array(mixed).cast(pa.string()), 8, "0"), "-")


def _domains(register: Register, contacts: Rows) -> pa.Array:
    return text.domains(register.companies.name[contacts["value"]])
