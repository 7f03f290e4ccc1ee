"""Natures of control, the words in which Companies House says how somebody controls a company.

`voting-rights-25-to-50-percent-as-trust-limited-liability-partnership` is a right, a band, the capacity in which it is
held, and the kind of company.

Reference:
    Companies House, `psc_descriptions.yml` of its API enumerations. The bounds of the bands are those of the Register
    of People with Significant Control Regulations 2016, schedule 2: more than 25 % but not more than 50 %, more than
    50 % but less than 75 %, 75 % or more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """A nature of control as an interest; the attributes are columns of the staged interests."""

    kind: str
    share_min: float | None = None
    share_max: float | None = None
    min_exclusive: bool | None = None
    max_exclusive: bool | None = None
    directness: str = "unknown"
    held_as: str | None = "own"


UNKNOWN = "unknown_interest"
"""The kind of an interest whose nature nobody has seen."""

_RIGHTS = {
    "ownership-of-shares": "shareholding",
    "voting-rights": "voting_rights",
    "right-to-share-surplus-assets": "rights_to_surplus_assets_on_dissolution",
    "part-right-to-share-surplus-assets": "rights_to_surplus_assets_on_dissolution",
    "right-to-appoint-and-remove-directors": "appointment_of_board",
    "right-to-appoint-and-remove-members": "appointment_of_board",
    "right-to-appoint-and-remove-person": "appointment_of_board",
    "significant-influence-or-control": "other_influence_or_control",
}
_BANDS = {
    "25-to-50-percent": (0.25, 0.5, True, False),
    "50-to-75-percent": (0.5, 0.75, True, True),
    "75-to-100-percent": (0.75, 1.0, False, False),
    "more-than-25-percent": (0.25, 1.0, True, False),
}
_SHARED = 4
"""The rights that come in bands, the first of `_RIGHTS`."""

_OVERSEAS = "registered-overseas-entity"
_WORDS = re.compile(
    rf"(?:(?P<shared>{'|'.join(list(_RIGHTS)[:_SHARED])})-(?P<band>{'|'.join(_BANDS)})"
    rf"|(?P<whole>{'|'.join(list(_RIGHTS)[_SHARED:])}))"
    r"(?:-as-(?P<control>control-over-)?(?P<capacity>trust|firm))?"
    rf"(?:-(?P<register>limited-liability-partnership|{_OVERSEAS}))?"
)
_LAND = re.compile(
    rf"registered-owner-as-nominee-(?P<whom>person|another-entity)-(?:england-wales|scotland|northern-ireland)-{_OVERSEAS}"
)

_TYPES = {
    "kind": pa.string(),
    "share_min": pa.float64(),
    "share_max": pa.float64(),
    "min_exclusive": pa.bool_(),
    "max_exclusive": pa.bool_(),
    "directness": pa.string(),
    "held_as": pa.string(),
}


def parse_nature(text: str) -> Nature | None:
    """Return a nature of control as an interest, None if it is not known."""
    land = _LAND.fullmatch(text)
    if land is not None:
        # The overseas entity holds land for this person, who is then its nominator.
        return Nature(kind="nominator", directness="indirect" if land["whom"] == "another-entity" else "direct")
    words = _WORDS.fullmatch(text)
    if words is None:
        return None
    low, high, without_low, without_high = _BANDS.get(words["band"] or "", (None, None, None, None))
    return Nature(
        kind=_RIGHTS[words["shared"] or words["whole"]],
        share_min=low,
        share_max=high,
        min_exclusive=without_low,
        max_exclusive=without_high,
        directness="indirect" if _is_controlled(words) else "unknown",
        held_as=words["capacity"] or "own",
    )


def _is_controlled(words: re.Match[str]) -> bool:
    """Return whether the person controls the trust or firm that holds the right instead of being part of it.

    Of British companies a nature `as-trust` or `as-firm` says so; of overseas entities only `as-control-over-…` does.
    """
    return bool(words["control"]) or (words["capacity"] is not None and words["register"] != _OVERSEAS)


def natures_columns(texts: pa.Array) -> dict[str, pa.Array]:
    """Return natures of control as columns of the staged interests.

    Args:
        texts: string[n], as the register writes them.

    Returns:
        Arrays of n rows by the names of `Nature`'s attributes; a nature that is not known is an `unknown_interest`
        with nulls.
    """
    encoded = texts.dictionary_encode()
    parsed = [parse_nature(text) for text in encoded.dictionary.to_pylist()]
    natures = [one or Nature(kind=UNKNOWN, held_as=None) for one in parsed]
    columns = ((field.name, [getattr(one, field.name) for one in natures]) for field in fields(Nature))
    return {name: pa.array(values, _TYPES[name]).take(encoded.indices) for name, values in columns}
