"""A Chinese company's record as texts, whoever wrote it: a table with Chinese headers, or a service's JSON."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

_NAMED = ("name", "credit_code", "register_number", "service_id")

TEXTS = (
    *_NAMED, "english_name", "short_name", "legal_representative", "legal_representative_id",
    "legal_representative_type", "status", "founded_on", "ended_on", "capital", "capital_currency", "legal_form",
    "address", "province", "city", "business_scope", "n_staff", "n_insured", "size_class", "head_office",
)  # fmt: skip
"""What a record says once."""

LISTS = ("industries", "phones", "emails", "websites")
"""What it may say several times, as plain texts."""

PARTS = {
    "former_names": ("name", "until"),
    "holders": ("name", "credit_code", "service_id", "type", "share", "subscribed", "paid"),
    "staff": ("name", "credit_code", "service_id", "type", "titles"),
    "branches": ("name", "credit_code", "register_number", "service_id"),
    "investments": ("name", "credit_code", "service_id", "share", "amount"),
}
"""What it lists, with several fields each."""

PART_TYPES = {name: pa.list_(pa.struct([(field, pa.string()) for field in fields])) for name, fields in PARTS.items()}

DOSSIER = pa.struct(
    [
        *((name, pa.string()) for name in TEXTS),
        *((name, pa.list_(pa.string())) for name in LISTS),
        *PART_TYPES.items(),
    ]
)
"""One record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose numbers `service_id` has: the schemes of the source's own ids.

    Attributes:
        company: Scheme of companies.
        person: Scheme of people; the source says that one number is one person.
    """

    company: str
    person: str


TABLE = Origin(company="X-CN-COMPANY-NO", person="X-CN-PERSON-NO")
QICHACHA = Origin(company="X-CN-QCC", person="X-CN-QCC-PERSON")
TIANYANCHA = Origin(company="X-CN-TYC", person="X-CN-TYC-PERSON")
