"""Web sites: the key that all spellings of one site's address share."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.values.email_domain import own_domain

_ADDRESS = (
    r"^(?:[a-z][a-z0-9+.-]*:)?/{0,2}(?:[^/@\s]*@)?(?P<host>[^/?#:@\s]+\.[^/?#:@\s.]{2,})\.?(?::[0-9]+)?"
    r"(?P<path>/[^?#\s]*)?(?P<query>\?[^#\s]*)?(?:#.*)?$"
)
_ENDING = r"(?:/+(?:index|default|home)\.\w+)?/*$"
_NO_TEXT = pa.scalar(None, pa.string())


def site_keys(values: pa.Array) -> pa.Array:
    """Return the keys of web sites: the host, and on a host that many share, as social networks are, the path.

    Args:
        values: string[n], addresses with or without protocol.

    Returns:
        string[n], null where a text is no web address, or the front page of a shared host, which is nobody's own.
    """
    parts = pc.extract_regex(pc.utf8_lower(pc.utf8_trim_whitespace(values)), _ADDRESS)
    host, path, query = (pc.struct_field(parts, name) for name in ("host", "path", "query"))
    host = pc.replace_substring_regex(host, r"^www[0-9]?\.", "")
    path = pc.replace_substring_regex(path, _ENDING, "")
    # A page that a program makes is told by what it is asked.
    page = pc.if_else(pc.match_substring_regex(path, r"\.\w+$"), pc.binary_join_element_wise(path, query, ""), path)
    shared = pc.struct_field(pc.extract_regex(host, _shared_hosts()), "shared")
    own = pc.if_else(pc.equal(page, ""), _NO_TEXT, pc.binary_join_element_wise(shared, page, ""))
    return pc.if_else(pc.is_valid(shared), own, pc.if_else(pc.equal(host, ""), _NO_TEXT, host))


def parse_site_domains(text: str) -> set[str]:
    """Return what one web site is known by: its host and the domain that was registered, or its page on a shared host.

    Nothing is returned of a site of free mail.
    """
    key: str | None = site_keys(pa.array([text], pa.string()))[0].as_py()
    if key is None or "/" in key:
        return {key} if key else set()
    registered = own_domain(key)
    return {key, registered} if registered else set()


@cache
def _shared_hosts() -> str:
    """Return a pattern of the hosts of `shared_hosts.txt` and of what stands below them."""
    lines = resources.files("graphleads.values").joinpath("shared_hosts.txt").read_text(encoding="utf-8").split("\n")
    hosts = [line.strip().replace(".", r"\.") for line in lines if line.strip() and not line.startswith("#")]
    return rf"^(?:[^/]+\.)?(?P<shared>{'|'.join(hosts)})$"
