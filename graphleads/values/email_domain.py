"""E-mail domains that say something about a company."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

FREE_MAIL = (
    "aol.com", "bol.com.br", "globo.com", "globomail.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com",
    "hotmail.com", "hotmail.com.br", "icloud.com", "ig.com.br", "itelefonica.com.br", "live.com", "me.com", "msn.com",
    "oi.com.br", "outlook.com", "outlook.com.br", "pop.com.br", "proton.me", "protonmail.com", "qq.com", "r7.com",
    "superig.com.br", "terra.com.br", "uol.com.br", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.com.br", "ymail.com",
    "zaz.com.br", "zipmail.com.br", "126.com", "139.com", "163.com", "188.com", "189.cn", "21cn.com", "aliyun.com",
    "foxmail.com", "sina.cn", "sina.com", "sina.com.cn", "sohu.com", "tom.com", "vip.163.com", "vip.qq.com",
    "vip.sina.com", "yeah.net",
)  # fmt: skip
"""Domains where anybody can have an address: companies that share one share nothing."""

_DOMAIN = r"""@\s*(?P<domain>[^\s@,;:/<>()"']+\.[a-z]{2,})"""


def email_domains(values: pa.Array) -> pa.Array:
    """Return the domain of the first e-mail address in each text, in lower case.

    Args:
        values: string[n], an address or several, or whatever else was typed there.

    Returns:
        string[n], null where there is no address.
    """
    return pc.struct_field(pc.extract_regex(pc.utf8_lower(values), _DOMAIN), "domain")


def own_domains(domains: pa.Array) -> pa.Array:
    """Return the domains without those of free mail: string[n], null where nothing is left."""
    free = pc.is_in(domains, value_set=pa.array(FREE_MAIL))
    return pc.if_else(free, pa.scalar(None, pa.string()), domains)
