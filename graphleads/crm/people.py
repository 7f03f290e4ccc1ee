"""People at the customer: told by a column's header and by what a cell holds, and held out of what is kept.

A cell that has an e-mail address or a phone number in it is left out as a whole: what else it says is about a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.personal_number import are_personal, hide_personal, without_personal
from graphleads.crm.cell import CellTable
from graphleads.model import CustomerRecord
from graphleads.values.customer_header import CONTACT, PERSONAL, fold_header

_EMAIL = r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[A-Za-z]{2,}"
_BEFORE, _AFTER = r"(?:^|[\s(:;,、，：；])", r"(?:[^0-9]|$)"
_PHONES = (
    r"(?:^|[^\w+])\+ ?[0-9][0-9 ().\-/]{6,18}[0-9]",  # international
    rf"{_BEFORE}00[1-9][0-9]{{0,2}}[ .(\-][0-9 ().\-]{{6,}}[0-9]",
    rf"(?:^|[^0-9])(?:86[ \-]?)?1[3-9][0-9][ \-]?[0-9]{{4}}[ \-]?[0-9]{{4}}{_AFTER}",  # Chinese mobiles
    rf"{_BEFORE}\(?0[0-9]{{2,4}}\)?[ .\-/][0-9]{{3,4}}[ .\-]?[0-9]{{2,4}}(?:[ .\-]?[0-9]{{2,4}})?{_AFTER}",  # trunk 0
    rf"{_BEFORE}0[1-9](?:[ .\-][0-9]{{2}}){{4}}{_AFTER}",
    rf"{_BEFORE}0[0-9]-[0-9]{{4}}-[0-9]{{4}}{_AFTER}",
    rf"{_BEFORE}07[0-9]{{9}}{_AFTER}",
    rf"{_BEFORE}(?:1[ .\-])?\(?[2-9][0-9]{{2}}\)?[ .\-][2-9][0-9]{{2}}[ .\-][0-9]{{4}}{_AFTER}",  # North American
    r"(?:[Tt]el|[Pp]hone|[Mm]ob|[Cc]ell|[Ff]ax|WhatsApp|电话|手机|電話|携帯)[^0-9+]{0,10}\+?[0-9][0-9 ().\-]{6,}",
)
_DETAIL = "|".join([_EMAIL, *_PHONES])
_MAY_BE_DETAIL = r"@|(?:[0-9][ ().\-/]{0,3}){7}"
"""What every address and number has, for a first look at columns."""

_NAMED = r"[^\W\d_]{2,}"
_ANSWER = r"^(?:[Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|[Nn]o|是|否)$"

_NAMELESS = "?"
"""The name of a customer who was called by the number of a person and nothing else."""

_FIND_DETAIL, _FIND_NAME, _IS_ANSWER = re.compile(_DETAIL), re.compile(_NAMED), re.compile(_ANSWER)


def tells_of_person(header: str, text: str) -> bool:
    """Return whether a cell tells of a person: an address, a number, or a name in a column of contacts."""
    folded = fold_header(header)
    if PERSONAL.search(folded) or _FIND_DETAIL.search(text) or hide_personal(text) != text:
        return True
    return bool(CONTACT.search(folded) and _FIND_NAME.search(text) and not _IS_ANSWER.match(text))


def hold_out(
    table: CellTable, headers: Sequence[str], *, names: Sequence[str] = (), numbers: Sequence[str] = ()
) -> tuple[CellTable, dict[str, int]]:
    """Return an export without what some of its columns tell of people, and how many cells of each that were.

    Args:
        table: The export.
        headers: The columns that would be kept as they are.
        names: The columns of companies' names, which lose the number of a person.
        numbers: The columns of companies' numbers, of which such a number is none.
    """
    table, held_numbers = _hold_out_numbers(table, names, numbers)
    held = Counter(held_numbers)
    blocks = []
    for block in table.blocks:
        columns = dict(block.columns)
        for header in headers:
            columns[header], n = _without_people(header, columns[header])
            held[header] += n
        blocks.append(replace(block, columns=columns))
    return replace(table, blocks=tuple(blocks)), {header: n for header, n in held.items() if n}


def _hold_out_numbers(
    table: CellTable, names: Sequence[str], numbers: Sequence[str]
) -> tuple[CellTable, dict[str, int]]:
    held: Counter[str] = Counter()
    blocks = []
    for block in table.blocks:
        kept = {header: without_personal(block.columns[header]) for header in names}
        kept |= {header: _without_numbers(block.columns[header]) for header in numbers}
        held.update({header: _n_changed(block.columns[header], column) for header, column in kept.items()})
        blocks.append(replace(block, columns=block.columns | kept))
    return replace(table, blocks=tuple(blocks)), {header: n for header, n in held.items() if n}


def hold_out_of(record: CustomerRecord) -> tuple[CustomerRecord, dict[str, int]]:
    """Return a customer that a program sent without what it tells of people, and the headers of that, each once."""
    record, numbers = _hold_out_numbers_of(record)
    said = record.custom | ({"website": record.website} if record.website else {})
    held = sorted(header for header, text in said.items() if tells_of_person(header, text))
    kept = {header: text for header, text in record.custom.items() if header not in held}
    website = None if "website" in held else record.website
    return replace(record, custom=kept, website=website), numbers | dict.fromkeys(held, 1)


def _hold_out_numbers_of(record: CustomerRecord) -> tuple[CustomerRecord, dict[str, int]]:
    name = without_personal(pa.array([record.name]))[0].as_py()
    personal = are_personal(pa.array([value for _, value in record.identifiers], pa.string())).to_pylist()
    identifiers = tuple(one for one, is_personal in zip(record.identifiers, personal, strict=True) if not is_personal)
    held = {"name": int(name != record.name), "identifiers": len(record.identifiers) - len(identifiers)}
    cleaned = replace(record, name=name or _NAMELESS, identifiers=identifiers)
    return cleaned, {field: n for field, n in held.items() if n}


def _without_numbers(column: pa.Array) -> pa.Array:
    return pc.if_else(are_personal(column), pa.scalar(None, pa.string()), column)


def _n_changed(before: pa.Array, after: pa.Array) -> int:
    if before is after:
        return 0
    return pc.sum(pc.and_(pc.is_valid(before), pc.not_equal(pc.fill_null(after, ""), before))).as_py() or 0


def _without_people(header: str, column: pa.Array) -> tuple[pa.Array, int]:
    """Return a column without the cells that tell of a person, and how many they are."""
    every = CONTACT.search(fold_header(header)) is not None
    looked_at = column if every else column.filter(pc.match_substring_regex(column, _MAY_BE_DETAIL))
    told = [text for text in pc.unique(looked_at.drop_null()).to_pylist() if tells_of_person(header, text)]
    if not told:
        return column, 0
    held = pc.is_in(column, value_set=pa.array(told, pa.string()))
    return pc.if_else(held, pa.scalar(None, pa.string()), column), pc.sum(held).as_py()
