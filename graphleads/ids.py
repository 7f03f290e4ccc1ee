"""Entity ids: `scheme:value`, register and number, never the number alone.

Schemes are org-id's (http://org-id.guide) where there is one, otherwise an `X-…` that a reader or mapping fixes.
"""

from __future__ import annotations

import re

from graphleads.errors import ValueInvalid

EntityId = str

_SCHEME = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_MAX_LENGTH = 512


def make_id(scheme: str, value: str) -> EntityId:
    """Return `scheme:value`.

    Raises:
        ValueInvalid: If the scheme is not upper-case words joined by hyphens, or the value is empty.
    """
    if not _SCHEME.fullmatch(scheme):
        raise ValueInvalid(f"{scheme!r} is no identifier scheme: use org-id's code or one that starts with X-.")
    if not value.strip():
        raise ValueInvalid(f"An id of scheme {scheme} has an empty value.")
    return f"{scheme}:{value}"


def split_id(entity_id: EntityId) -> tuple[str, str]:
    """Return the scheme and the value of an id.

    Raises:
        ValueInvalid: If it is not `scheme:value`, or longer than 512 characters.
    """
    scheme, colon, value = entity_id.partition(":")
    if not colon or not value or len(entity_id) > _MAX_LENGTH or not _SCHEME.fullmatch(scheme):
        raise ValueInvalid(f"{entity_id[:80]!r} is no id: write it as SCHEME:VALUE, for example GB-COH:01234567.")
    return scheme, value


def is_id(text: str) -> bool:
    """Return whether a text has the form `scheme:value`."""
    scheme, _, value = text.partition(":")
    return bool(value) and len(text) <= _MAX_LENGTH and _SCHEME.fullmatch(scheme) is not None
