"""E-mail domains that say something about a company.

A company's domain is the one that it registered: `mail.acme.co.uk` is `acme.co.uk`. Where domains may be registered is
said by the Public Suffix List, private part included (under `blogspot.com` everybody has one), in the edition that
tldextract brings: nothing is fetched. Domains where anybody can have an address are `free_mail.txt`.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from tldextract import TLDExtract

_DOMAIN = r"""@\s*(?P<domain>[^\s@,;:/<>()"']+\.(?:xn--[a-z0-9-]+|\pL{2,}))"""
_STATED = re.compile(r"(?:^|@)([^\s@,;<>\"/]+\.[^\s@,;<>\"/.\d]{2,})(?=$|[\s,;>\"])")


def email_domains(values: pa.Array) -> pa.Array:
    """Return the domain of the first e-mail address in each text, in lower case.

    Args:
        values: string[n], an address or several, or whatever else was typed there.

    Returns:
        string[n], null where there is no address.
    """
    return pc.struct_field(pc.extract_regex(pc.utf8_lower(values), _DOMAIN), "domain")


def own_domains(domains: pa.Array) -> pa.Array:
    """Return the domains that companies registered: string[n], null where it is one of free mail or nobody's own.

    Args:
        domains: string[n], in lower case.
    """
    encoded = domains.dictionary_encode()
    own = pa.array([own_domain(one) for one in encoded.dictionary.to_pylist()], pa.string())
    return own.take(encoded.indices)


def own_domain(domain: str) -> str | None:
    """Return the domain that somebody registered, of a domain in lower case; None if it ties nobody."""
    free = free_mail()
    if domain in free:
        return None
    registered = _registered(_readable(domain))
    return None if registered in free else registered


def parse_email_domain(text: str) -> str | None:
    """Return the registered domain of the first e-mail address in a text, or of a text that is a domain.

    Returns:
        It in lower case, None if there is none or it is one of free mail.
    """
    found = _STATED.search(text.strip())
    return own_domain(found[1].casefold()) if found else None


@cache
def free_mail() -> frozenset[str]:
    """Return the domains where anybody can have an address: companies that share one share nothing."""
    text = resources.files("graphleads.values").joinpath("free_mail.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _registered(domain: str) -> str | None:
    rules, above = _rules(), domain.partition(".")[2]
    # Most domains stand right under a suffix: to see that takes a tenth of the time of taking them apart.
    if above in rules and domain not in rules and f"*.{above}" not in rules:
        return domain
    found = _suffixes()(domain)
    if found.suffix:
        return found.top_domain_under_public_suffix or None
    # The list's own rule for what it does not name: the last word is the suffix.
    return ".".join(domain.split(".")[-2:])


@cache
def _rules() -> frozenset[str]:
    return frozenset(_suffixes().tlds)


def _readable(domain: str) -> str:
    """Return a domain in its own letters, as most people write it: `xn--mnchen-3ya.de` is `münchen.de`."""
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


@cache
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract  # it imports an HTTP client, which takes a quarter of a second

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
