"""What a column holds, told by its values: ids, days, names, places, contact points, shares, people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.country import country_codes
from graphleads.codes.personal_number import are_personal
from graphleads.values.china_party import are_short_names
from graphleads.values.header_word import IDENTIFIERS, WORDS, fold_word
from graphleads.values.party import are_organisation_names, have_legal_form

MOSTLY = 0.9
"""The least part of a column's values that must be of a kind for the column to be of it."""

_SOME = 0.3
"""The least part of company names that have a legal form."""

_FEW = 0.2
_LONGEST_ID = 40
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_WEBSITE = r"(?i)^(?:https?://|www\.)\S+$"
_PHONE = r"^\+[\d\s()./-]{7,}$|^\(?0[\d\s()./-]{6,}$|^\(\d{2,4}\) ?[\d-]{6,}$"
_PHONE_IN_TEXT = r"(?:^|[^\w.,/-])[+(0](?:[ ()./-]{0,2}\d){8,}|\d{2,}(?:[ ()-]+\d{2,}){2,}(?:$|\D)"
_PERCENT = r"^\d{1,3}(?:[.,]\d+)? ?%$"
_DAY = (
    r"(?i)^(?:\d{4}[-/.年]\d{1,2}月?|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|"
    r"\d{1,2}[-/. ](?:\d{1,2}|[a-z]{3})[-/. ]\d{4}|(?:19|20)\d{6})$"
)
_ID = r"^[\w./:|-]*\d[\w./:|-]*$"
_DECIMAL = r"^-?[\d.,' ]*[.,]\d{1,2}$"
_BETWEEN_NAMES = "d[aeo]s?|de la|del|van|von|der|den|al|bin|la|le|y|e"
_PERSON = (
    rf"^\p{{Lu}}[\p{{L}}.'’-]*(?: (?:\p{{Lu}}[\p{{L}}.'’-]*|{_BETWEEN_NAMES})){{0,4}} \p{{Lu}}[\p{{L}}'’-]+$|"
    r"^\p{Lu}[\p{L}'’-]+, \p{Lu}[\p{L}.'’ -]+$"
)
"""Names of two words or more that begin with capitals; so may towns' be, but those come again."""
_FEWEST_PEOPLE = 3
_LONG_NAME = 30
_DATA = re.compile(r"[\d\s.,:/*%()+-]*\d[\d\s.,:/*%()+-]*|[^@\s]+@[^@\s]+\.\w+")
_PEOPLE = re.compile(r"(?i)officer|person|people|director|individual|socio|partner|shareholder|高管|人员|股东")


def holds_mostly(mask: pa.Array, least: float = MOSTLY) -> bool:
    """Return whether a mask (bool[n], null is false) holds for most of its values; of none nothing does."""
    return len(mask) > 0 and (pc.sum(pc.fill_null(mask, False)).as_py() or 0) >= least * len(mask)


def has_header(header: Sequence[str], first: Sequence[str | None]) -> bool:
    """Return whether a file's first record names its columns.

    Args:
        header: The first record.
        first: The second one, empty if there is none.
    """
    words = {fold_word(word) for table in (WORDS, IDENTIFIERS) for known in table.values() for word in known}
    if any(fold_word(name) in words for name in header):
        return True
    data = [bool(_DATA.fullmatch(name)) for name in header]
    below = [bool(_DATA.fullmatch(value or "")) for value in first] or data
    return not any(here and there for here, there in zip(data, below, strict=True))


def find_id(columns: Mapping[str, pa.Array], taken: Sequence[str]) -> str | None:
    """Return the column that tells the rows apart: filled, distinct, and no text, day or amount.

    One whose header says so goes before one that stands before others.
    """
    found = [name for name, values in columns.items() if name not in taken and is_id(values)]
    said = [name for name in found if re.search(r"(?i)(?:\b|_)(?:id|no|nr|number|code|key|ref)\b|编号|代码|号$", name)]
    return next(iter([*said, *found]), None)


def is_id(values: pa.Array) -> bool:
    """Return whether values, string[n], are all there, all different and no text, day or amount."""
    if not len(values) or values.null_count or pc.count_distinct(values).as_py() < len(values):
        return False
    shaped = pc.and_(pc.match_substring_regex(values, _ID), pc.less_equal(pc.utf8_length(values), _LONGEST_ID))
    other = pc.or_(pc.match_substring_regex(values, _DAY), pc.match_substring_regex(values, _DECIMAL))
    return holds_mostly(pc.and_not(shaped, other), 1)


def are_people(file: str, names: pa.Array) -> bool:
    """Return whether a file's names are people's: it is called after them, and hardly a name has a legal form."""
    return bool(_PEOPLE.search(file)) and not holds_mostly(have_legal_form(names.drop_null()), _FEW)


def look_like_people(values: pa.Array) -> bool:
    """Return whether values, string[n], are people's names by their looks: capitals, hardly one twice, no company's."""
    known = values.drop_null()
    if len(known) < _FEWEST_PEOPLE or pc.count_distinct(known).as_py() < MOSTLY * len(known):
        return False
    shaped = pc.or_(pc.match_substring_regex(known, _PERSON), are_short_names(known))
    return holds_mostly(pc.and_not(shaped, are_organisation_names(known)))


def guess_name(columns: Mapping[str, pa.Array], taken: Sequence[str]) -> str | None:
    """Return the column that is most likely to hold names where nothing says it: words, the most different ones."""
    best: dict[str, float] = {}
    for name, values in columns.items():
        known = values.drop_null()
        if name in taken or not len(known) or not holds_mostly(pc.match_substring_regex(known, r"\p{L}{2}"), 1 / 2):
            continue
        best[name] = (
            pc.count_distinct(known).as_py() / len(values) + min(pc.mean(pc.utf8_length(known)).as_py(), 30) / 100
        )
    return max(best, key=lambda one: best[one], default=None)


def is_personal_number(values: pa.Array) -> bool:
    """Return whether values, string[n], are numbers of people; a company's number may look like one, so most must."""
    return holds_mostly(are_personal(values.drop_null()))


def tell_things(columns: Mapping[str, pa.Array], things: Mapping[str, str], taken: Sequence[str]) -> dict[str, str]:
    """Return the column of each thing that no header told and that values tell, by the things of `header_word.WORDS`.

    Args:
        columns: string[n] by column name.
        things: What headers told.
        taken: Columns that are something else.
    """
    told = dict(_told(columns, {*things.values(), *taken}))
    return {thing: column for thing, column in told.items() if thing not in things}


def tells_contact(values: pa.Array) -> bool:
    """Return whether some of a column's values are, or have in them, mail addresses or phone numbers."""
    patterns = (r"\S@\S", _PHONE, _PHONE_IN_TEXT)
    return any(pc.any(pc.match_substring_regex(values.drop_null(), pattern)).as_py() for pattern in patterns)


def _told(columns: Mapping[str, pa.Array], taken: set[str]) -> Iterator[tuple[str, str]]:
    free = {name: values.drop_null() for name, values in columns.items() if name not in taken}
    for thing, is_told in _TELLING.items():
        told = next((name for name, values in free.items() if len(values) and is_told(values)), None)
        if told is not None:
            del free[told]
            yield thing, told


def _matching(pattern: str) -> Callable[[pa.Array], bool]:
    return lambda values: holds_mostly(pc.match_substring_regex(values, pattern))


_TELLING: Mapping[str, Callable[[pa.Array], bool]] = {
    "name": lambda values: holds_mostly(have_legal_form(values), _SOME),
    "email": _matching(_EMAIL),
    "website": _matching(_WEBSITE),
    "phone": _matching(_PHONE),
    "share": _matching(_PERCENT),
    "incorporated_on": _matching(_DAY),
    "jurisdiction": lambda values: holds_mostly(pc.is_valid(country_codes(values))),
    "officer": look_like_people,
}
