from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from graphleads.errors import SettingInvalid
from graphleads.ingest.mapping.hash_key import find_hash_key, fingerprint, keyed_hashes, require_hash_key

KEY = b"0123456789abcdef0123456789abcdef"


def test_the_environment_goes_before_the_home(tmp_path: Path) -> None:
    (tmp_path / "hash.key").write_bytes(KEY + b"\n")
    assert find_hash_key(tmp_path, {}) == KEY
    assert find_hash_key(tmp_path, {"GRAPHLEADS_HASH_KEY": "x" * 32}) == b"x" * 32
    assert find_hash_key(tmp_path / "elsewhere", {}) is None
    assert find_hash_key(None, {}) is None


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match=r"The secret key in GRAPHLEADS_HASH_KEY is too short") as caught:
        find_hash_key(None, {"GRAPHLEADS_HASH_KEY": "secret word"})
    assert "secret word" not in str(caught.value)
    (tmp_path / "hash.key").write_bytes(b"\n")
    with pytest.raises(SettingInvalid, match=r"hash\.key is too short"):
        find_hash_key(tmp_path, {})


def test_a_key_that_is_missing_says_how_to_make_one() -> None:
    assert require_hash_key(KEY, "partners") == KEY
    with pytest.raises(SettingInvalid, match=r"partners hashes people's numbers.*GRAPHLEADS_HASH_KEY.*openssl rand"):
        require_hash_key(None, "partners")


def test_hashes_are_hmac_sha_256() -> None:
    # echo -n 'a' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    values = keyed_hashes(pa.array(["a", None, "a"]), KEY, 16)
    assert values.to_pylist() == ["aa2187723645a252", None, "aa2187723645a252"]
    assert keyed_hashes(pa.array(["a"]), b"x" * 32, 16).to_pylist() != ["aa2187723645a252"]


def test_a_fingerprint_tells_keys_apart() -> None:
    assert fingerprint(KEY) != fingerprint(b"x" * 32)
    assert len(fingerprint(KEY)) == 16
