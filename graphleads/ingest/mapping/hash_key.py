"""The secret key of a home, and hashes that only its owner can repeat.

Some registers publish part of a person's number, such as `***337688**`. With the name it tells people apart, but a
plain hash of so few digits is undone by trying them all; one with a secret key is not.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from graphleads.errors import SettingInvalid

VARIABLE = "GRAPHLEADS_HASH_KEY"
FILE_NAME = "hash.key"

_MIN_LENGTH = 32
_FINGERPRINT_LENGTH = 16
_HOW = (
    f"Put 32 characters or more, known to nobody else, into the environment variable {VARIABLE} or into the file "
    f"{FILE_NAME} of the home, for example with `openssl rand -hex 32`, and keep them: another key gives other people."
)


def find_hash_key(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> bytes | None:
    """Return the secret key: the environment's, otherwise that in the home's file `hash.key`; None if there is none.

    Raises:
        SettingInvalid: If it is too short or cannot be read.
    """
    path = None if home is None else home / FILE_NAME
    if environment.get(VARIABLE):
        return _checked(environment[VARIABLE].encode(), VARIABLE)
    if path is None or not path.exists():
        return None
    try:
        return _checked(path.read_bytes(), str(path))
    except OSError as error:
        raise SettingInvalid(f"The secret key {path} cannot be read: {error.strerror}.") from error


def require_hash_key(key: bytes | None, name: str) -> bytes:
    """Return the key.

    Args:
        key: What was found.
        name: What needs it, for the message.

    Raises:
        SettingInvalid: If there is none; says how to make one.
    """
    if key is None:
        raise SettingInvalid(f"The mapping {name} hashes people's numbers, and there is no secret key to do it. {_HOW}")
    return key


def fingerprint(key: bytes) -> str:
    """Return a text that tells keys apart and nothing else about them."""
    return _digest(b"fingerprint", key)[:_FINGERPRINT_LENGTH]


def keyed_hashes(values: pa.Array, key: bytes, n_digits: int) -> pa.Array:
    """Return the first hexadecimal digits of each text's HMAC-SHA-256: string[n], null where the text is.

    Args:
        values: string[n]; each distinct text is hashed once.
        key: The secret key.
        n_digits: 16 to 64.
    """
    encoded = values.dictionary_encode()
    digests = [_digest(text.encode(), key)[:n_digits] for text in encoded.dictionary.to_pylist()]
    return pa.array(digests, pa.string()).take(encoded.indices)


def _digest(text: bytes, key: bytes) -> str:
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _checked(key: bytes, where: str) -> bytes:
    if len(key.strip()) < _MIN_LENGTH:
        raise SettingInvalid(f"The secret key in {where} is too short to keep anything secret. {_HOW}")
    return key.strip()
