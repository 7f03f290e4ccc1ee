"""The lines of Companies House's files of officers: where their fields are, and what their codes mean.

Reference:
    Companies House, products 195, 198 and 216; https://chguide.co.uk/bulk-data/officers/recordTypes and
    https://chguide.co.uk/bulk-data/officers/update-file/personUpdateRecord.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RECORD_TYPES = ("1", "2")
"""The ninth character of a company's and of an officer's line."""

COMPANY_FIELDS: Mapping[str, tuple[int, int | None]] = {
    "Company Number": (0, 8),
    "Company Status": (9, 10),
    "Company Name": (40, None),
}
"""Where the fields of a company's line begin and end, in characters from 0."""

VARIABLE_FIELDS = (
    "Title", "Forenames", "Surname", "Honours", "Care Of", "PO Box", "Address Line 1", "Address Line 2", "Post Town",
    "County", "Country", "Occupation", "Nationality", "Usual Residential Country",
)  # fmt: skip
"""The fields of an officer's line after the fixed ones, each closed by a chevron."""

WITHDRAWN = "99"
"""The type of an appointment that was an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the fields of an officer's line are.

    Attributes:
        fields: Where the fixed ones begin and end, in characters from 0.
        variable: Where the others begin.
    """

    fields: Mapping[str, tuple[int, int]]
    variable: int


SNAPSHOT = Layout(
    fields={
        "Company Number": (0, 8),
        "Old Appointment Type": (10, 12),
        "Appointment Type": (10, 12),
        "Old Person Number": (12, 24),
        "Person Number": (12, 24),
        "Corporate Indicator": (24, 25),
        "Appointment Date": (32, 40),
        "Resignation Date": (40, 48),
        "Person Postcode": (48, 56),
        "Partial Date of Birth": (56, 64),
        "Full Date of Birth": (64, 72),
        "Update Date": (0, 0),
    },
    variable=76,
)
"""Products 195 and 216. A snapshot has no update date, and its former types and numbers are the present ones."""

UPDATE = Layout(
    fields={
        "Company Number": (0, 8),
        "Corporate Indicator": (12, 13),
        "Old Appointment Type": (15, 17),
        "Appointment Type": (17, 19),
        "Old Person Number": (19, 31),
        "Person Number": (31, 43),
        "Partial Date of Birth": (43, 51),
        "Full Date of Birth": (51, 59),
        "Person Postcode": (67, 75),
        "Appointment Date": (75, 83),
        "Resignation Date": (83, 91),
        "Update Date": (99, 107),
    },
    variable=111,
)
"""Product 198."""

IGNORED = {
    "Run Number": "the number of the register's own run",
    "Number of Officers": "the officers follow",
    "Company Name Length": "the name ends where the line does",
    "Variable Data Length": "the fields end where the line does",
    "Filler": "always empty",
    "App Date Origin": "which form a day was taken from",
    "Res Date Origin": "which form a day was taken from",
    "Correction Indicator": "a corrected appointment replaces the one before like any other",
    "Old Person Postcode": "an address of a person",
    "Change Date": "when a name or an address changed; the update carries the new ones",
    "Title": "titles change and tell nobody apart",
    "Honours": "honours change and tell nobody apart",
    "Care Of": "who takes the post in, often a person",
    "Occupation": "free text; the office says what the officer does in the company",
}
"""The fields that are left out, and why."""

# `Converted or closed` says that the company goes on as another one, or not at all. No letter: none of the others.
STATUSES = {
    "C": ("inactive", "Converted or closed"),
    "D": ("dissolved", "Dissolved"),
    "L": ("in_liquidation", "In liquidation"),
    "R": ("in_liquidation", "In receivership"),
    "": ("active", None),
}
"""The letters of company statuses: our status, and the register's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office that appointments are to.

    Attributes:
        kind: The staged role.
        title: As the register calls it.
        current: The type of an appointment that is in force.
        resigned: The type of one that has ended.
    """

    kind: str
    title: str
    current: str
    resigned: str


OFFICES = (
    Office(kind="secretary", title="Secretary", current="00", resigned="02"),
    Office(kind="director", title="Director", current="01", resigned="03"),
    Office(kind="partner", title="LLP member", current="04", resigned="06"),
    Office(kind="partner", title="LLP designated member", current="05", resigned="07"),
    Office(kind="other", title="Judicial factor", current="11", resigned="14"),
    Office(kind="manager", title="Receiver or manager under the Charities Act", current="12", resigned="15"),
    Office(kind="manager", title="Manager under the CAICE Act", current="13", resigned="16"),
    Office(kind="director", title="Member of the administrative organ of an SE", current="17", resigned="20"),
    Office(kind="supervisor", title="Member of the supervisory organ of an SE", current="18", resigned="21"),
    Office(kind="director", title="Member of the management organ of an SE", current="19", resigned="22"),
)

DATED_BY_REGISTRATION = ("11", "12", "13", "14", "15", "16")
"""Types whose appointment date is the day on which the form was registered; the day of the appointment is not kept."""
