"""A customer that a program sent, made what an export's would be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graphleads.db.session import require_text
from graphleads.model import CustomerRecord
from graphleads.text import clean_text, says_nothing
from graphleads.values.email_domain import parse_email_domain

_TEXTS = ("jurisdiction", "locality", "region", "postcode", "website", "phone", "owner", "parent")


def clean_record(record: CustomerRecord) -> CustomerRecord:
    """Return a customer that a program sent with its texts as an export's would be read: clean, None where empty.

    Raises:
        ValueInvalid: If it has no id or no name, or one of more than 500 characters.
    """
    texts: dict[str, Any] = {name: _said(getattr(record, name)) for name in _TEXTS}
    identifiers = ((clean_text(scheme), clean_text(value)) for scheme, value in record.identifiers)
    custom = ((clean_text(header), clean_text(text)) for header, text in record.custom.items())
    return replace(
        record,
        external_id=require_text(record.external_id, "customer's id"),
        name=require_text(record.name, "customer's name"),
        identifiers=tuple((scheme, value) for scheme, value in identifiers if not says_nothing(value)),
        email_domain=parse_email_domain(clean_text(record.email_domain or "")),
        custom={header: text for header, text in custom if header and text},
        **texts,
    )


def _said(text: str | None) -> str | None:
    clean = clean_text(text or "")
    return None if says_nothing(clean) else clean
