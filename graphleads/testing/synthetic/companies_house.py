"""The register as Companies House hands its own over: companies, persons with significant control, officers.

Company number `X0000123` is the demo's company `X-DEMO:00000123` (no real number begins with X), and the first eight
digits of person number `000004560001` are the person `X-DEMO-PERSON:00000456`. What has no place in these files is left
out: phones, mail domains, further addresses, links; chairs, chief executives and managers are directors.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.arrays import OBSERVED, Numbers, Register
from graphleads.testing.synthetic.british_text import EMPTY, blocks, company_numbers, seats, words_for, written_days
from graphleads.testing.synthetic.columns import former_names_of, names_of
from graphleads.testing.synthetic.companies_house_officers import officer_lines
from graphleads.testing.synthetic.companies_house_psc import control_lines

_STATUSES = ("Active", "Converted/Closed", "Liquidation", "Dissolved")
_CATEGORIES = {
    "Ltd": "Private Limited Company",
    "PLC": "Public Limited Company",
    "LLP": "Limited Liability Partnership",
}
_ACCOUNTS = ("MICRO ENTITY", "TOTAL EXEMPTION FULL", "UNAUDITED ABRIDGED", "SMALL", "FULL", "GROUP")

_PREVIOUS = tuple(f"PreviousName_{n}.{part}" for n in range(1, 11) for part in ("CONDATE", "CompanyName"))
_COLUMNS = (
    "CompanyName", "CompanyNumber", "RegAddress.CareOf", "RegAddress.POBox", "RegAddress.AddressLine1",
    "RegAddress.AddressLine2", "RegAddress.PostTown", "RegAddress.County", "RegAddress.Country",
    "RegAddress.PostCode", "CompanyCategory", "CompanyStatus", "CountryOfOrigin", "DissolutionDate",
    "IncorporationDate", "Accounts.AccountRefDay", "Accounts.AccountRefMonth", "Accounts.NextDueDate",
    "Accounts.LastMadeUpDate", "Accounts.AccountCategory", "Returns.NextDueDate", "Returns.LastMadeUpDate",
    "Mortgages.NumMortCharges", "Mortgages.NumMortOutstanding", "Mortgages.NumMortPartSatisfied",
    "Mortgages.NumMortSatisfied", "SICCode.SicText_1", "SICCode.SicText_2", "SICCode.SicText_3", "SICCode.SicText_4",
    "LimitedPartnerships.NumGenPartners", "LimitedPartnerships.NumLimPartners", "URI", *_PREVIOUS,
    "ConfStmtNextDueDate", "ConfStmtLastMadeUpDate",
)  # fmt: skip


def write_companies_house(directory: Path, register: Register) -> tuple[Path, ...]:
    """Write the three files into a directory that is there, and return them."""
    day = np.datetime64(OBSERVED, "D").item()
    companies = directory / f"BasicCompanyDataAsOneFile-{day}.csv"
    control = directory / f"persons-with-significant-control-snapshot-{day}.txt"
    officers = directory / f"Prod216_0001_ew_1_{day:%d%m%Y}.dat"
    _write_lines(companies, _company_lines(register))
    _write_lines(control, control_lines(register))
    _write_lines(officers, officer_lines(register, f"{day:%Y%m%d}"))
    return companies, control, officers


def _write_lines(path: Path, written: Iterator[pa.Array]) -> None:
    with path.open("wb") as file:
        for lines in written:
            ended = text.join(lines, EMPTY, "\n")
            offsets = np.frombuffer(ended.buffers()[1], np.int32, count=len(ended) + 1, offset=4 * ended.offset)
            file.write(ended.buffers()[2][int(offsets[0]) : int(offsets[-1])])


def _company_lines(register: Register) -> Iterator[pa.Array]:
    yield pa.array([",".join(_COLUMNS)])
    for block in blocks(len(register.companies)):
        columns = _company_columns(register, np.arange(block.start, block.stop, dtype=np.int32))
        cells = [_quoted(columns.get(name, EMPTY)) for name in _COLUMNS]
        yield text.join(*cells, ",")


def _quoted(texts: pa.Array | pa.Scalar) -> pa.Array | pa.Scalar:
    if isinstance(texts, pa.Scalar):
        return pa.scalar(f'"{texts}"')
    return text.join('"', pc.replace_substring(pc.fill_null(texts, ""), '"', '""'), '"', "")


def _company_columns(register: Register, numbers: Numbers) -> dict[str, pa.Array]:
    companies = register.companies
    street, town, region, postcode = seats(register, numbers)
    code, meaning = text.trades(companies.name[numbers], companies.member[numbers])
    former = former_names_of(register, numbers)
    changed = (companies.incorporated[numbers] + companies.last_day[numbers]) // 2
    return {
        "CompanyName": pc.utf8_upper(names_of(register, numbers)),
        "CompanyNumber": company_numbers(numbers),
        "RegAddress.AddressLine1": pc.utf8_upper(street),
        "RegAddress.PostTown": pc.utf8_upper(town),
        "RegAddress.County": pc.utf8_upper(region),
        "RegAddress.Country": pa.scalar("ENGLAND"),
        "RegAddress.PostCode": postcode,
        "CompanyCategory": words_for(text.forms(companies.name[numbers]), _CATEGORIES),
        "CompanyStatus": text.pick(_STATUSES, companies.status[numbers]),
        "CountryOfOrigin": pa.scalar("United Kingdom"),
        "DissolutionDate": written_days(companies.dissolved[numbers], "%d/%m/%Y"),
        "IncorporationDate": written_days(companies.incorporated[numbers], "%d/%m/%Y"),
        "Accounts.AccountCategory": text.choose(
            companies.shell[numbers], pa.scalar("DORMANT"), text.pick(_ACCOUNTS, text.mix(numbers, 11, len(_ACCOUNTS)))
        ),
        "SICCode.SicText_1": text.join(code, meaning, " - "),
        "PreviousName_1.CONDATE": pc.if_else(pc.is_valid(former), written_days(changed, "%d/%m/%Y"), ""),
        "PreviousName_1.CompanyName": pc.utf8_upper(former),
    }
