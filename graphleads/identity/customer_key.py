"""What a customer says of itself by which a register finds it: numbers, and the domains of its web site and mail."""

from __future__ import annotations

from collections.abc import Iterator

from graphleads.codes.scheme import (
    check_identifier,
    guess_identifiers,
    is_placeholder,
    normalize_identifier,
    split_written,
)
from graphleads.model import CustomerRecord
from graphleads.values.email_domain import parse_email_domain
from graphleads.values.web_site import parse_site_domains


def customer_numbers(customer: CustomerRecord) -> Iterator[tuple[str, str, str]]:
    """Yield (scheme, number as ids carry it, how sure it is) of all that the customer's identifiers may stand for.

    How sure is `given`, `guessed` (no scheme is said, and the number has no check digit) or `check digit fails`.
    """
    for given, text in customer.identifiers:
        scheme, value = (None if given else split_written(text)) or (given, text)
        for code, number in _readings(scheme, value):
            holds = check_identifier(code, value)
            if holds is None and is_placeholder(number):
                continue
            if holds is False:
                yield code, number, "check digit fails"
            else:
                yield code, number, "given" if scheme or holds else "guessed"


def sure_numbers(customer: CustomerRecord) -> dict[str, set[str]]:
    """Return the numbers that are surely the customer's, by scheme."""
    numbers: dict[str, set[str]] = {}
    for scheme, value, sure in customer_numbers(customer):
        if sure == "given":
            numbers.setdefault(scheme, set()).add(value)
    return numbers


def customer_domains(customer: CustomerRecord) -> set[str]:
    """Return the domains and sites that are the customer's own; none of free mail, of a shared host the page alone."""
    mail = parse_email_domain(customer.email_domain) if customer.email_domain else None
    sites = parse_site_domains(customer.website) if customer.website else ()
    return {*sites, *([mail] if mail else [])}


def _readings(scheme: str, value: str) -> list[tuple[str, str]]:
    if not scheme:
        return guess_identifiers(value)
    normal = normalize_identifier(scheme, value)
    return [(scheme, normal)] if normal else []
