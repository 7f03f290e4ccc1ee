"""Damage to files, as hypothesis draws it, and the process that reads what comes of it."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.faults.fuzz_corpus import Case
from tests.faults.fuzz_worker import Order

ROOT = Path(__file__).parents[2]

_PLACES = 1 << 20
_TOKEN = re.compile(rb"[^,;|\t\"<>{}\[\]:\r\n]+")
_BOMB = 120 << 20

ODD = (
    *("", " ", "\0", "\x1b[2J", "\x85", "\u2028", "\u202eevil", "\ufeff", "\ufffd", "e" + "\u0301" * 2_000, "😀"),
    *("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "&lol;", "]]>", "<!--", "<![CDATA[", "a\nb", "a\r\nb", "\r"),
    *('"', '""', '"""', "'", ",", ";;;;", "\t\t", "|", "\\", "\\u0000", "\\ud800", "\\", "null", "true", "[]", "{}"),
    *("0", "-1", "-0.25", "1e999", "1e-999", "NaN", "Infinity", "1" * 400, "0x10", "١٢", "²", "1,5", "1.000.000,00"),
    *("9" * 18, "9223372036854775808", "101", "150%", "-3 to 7", "2024-02-30", "9999-12-31", "0000-00-00"),
    *("0001-01-01", "10000-01-01", "-2024-01-01", "31/02/2024", "20240230", "1582-10-10", "2024-13-01T25:61:61Z"),
    *("GB-COH:", ":", "GB-COH:\u202e", "a:b:c", "XI-LEI:529900T8BM49AURSDO5", "%s%n", "../../etc/passwd", "С" * 600),
)  # fmt: skip
"""Values that no register has, or that programs stumble over."""

_RAW = (b"\xed\xa0\x80", b"\xff", b"\xfe\xff", b"\xc3", b"\x00\x00", b"\xf4\x90\x80\x80", b"\x1a", b"\x81\x30\x81")
_LAUGHS = b"".join(b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10) for n in range(1, 10))
_ENTITIES = b'<!DOCTYPE lolz [<!ENTITY lol0 "lol">' + _LAUGHS + b"]>"
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "gb18030", "cp037", "utf-7", "shift_jis")
_SIZES = (1 << 12, 1 << 16, 1 << 16, (1 << 20) + 1, 3 << 20, 17 << 20)
_DEPTHS = (40, 1_000, 1_025, 100_000)
_REPEATED = (
    *("x", "é", ",", '"', "\n", "a,", '"a",', "[],", "<a>", "&amp;", " ", "0", '{"a":', "[", "\\", "\0", "'", "(("),
)


@dataclass(frozen=True)
class Damage:
    """One way in which a file is spoilt: what is done, where (a fraction of the file), how far, and with what."""

    kind: str
    at: float
    n: int = 0
    text: bytes = b""

    def __call__(self, data: bytes) -> bytes:
        """Return the file with the damage."""
        return _KINDS[self.kind](data, int(self.at * len(data)), self)


def _flip(data: bytes, at: int, one: Damage) -> bytes:
    return data[:at] + bytes(byte ^ (1 + one.n % 255) for byte in data[at : at + 1]) + data[at + 1 :]


def _swap_lines(data: bytes, at: int, one: Damage) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    first, second = int(one.at * len(lines)), one.n % len(lines)
    lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def _put(data: bytes, at: int, one: Damage) -> bytes:
    """Put a value in the place of another: a cell, a header, a key, a word."""
    found = _TOKEN.search(data, at) or _TOKEN.search(data)
    return data if found is None else data[: found.start()] + one.text + data[found.end() :]


def _repeat(data: bytes, at: int, one: Damage) -> bytes:
    line_end = data.find(b"\n", at) + 1 or len(data)
    part = data[at : min(line_end, at + 1 + one.n)]
    return data[:at] + part * 3 + data[at:]


def _recode(data: bytes, at: int, one: Damage) -> bytes:
    return data.decode("utf-8", "replace").encode(_ENCODINGS[one.n % len(_ENCODINGS)], "replace")


_KINDS: Mapping[str, Callable[[bytes, int, Damage], bytes]] = {
    "cut": lambda data, at, one: data[:at],
    "delete": lambda data, at, one: data[:at] + data[at + 1 + one.n :],
    "flip": _flip,
    "insert": lambda data, at, one: data[:at] + one.text + data[at:],
    "put": _put,
    "recode": _recode,
    "repeat": _repeat,
    "swap lines": _swap_lines,
    "widen": lambda data, at, one: data[:at] + one.text * (one.n // len(one.text)) + data[at:],
}

_AT = st.integers(0, _PLACES - 1).map(lambda at: at / _PLACES)
_ODD_BYTES = st.sampled_from([*(one.encode() for one in ODD), *_RAW]) | st.binary(min_size=1, max_size=8)
_FEW = st.integers(0, 300)
_WIDEN = st.builds(Damage, st.just("widen"), _AT, st.sampled_from(_SIZES), st.sampled_from(_REPEATED).map(str.encode))
_NEST = st.builds(
    lambda at, depth, text: Damage("widen", at, depth * len(text), text),
    _AT, st.sampled_from(_DEPTHS), st.sampled_from([b"[", b'{"a":', b"<a>", b"- ", b"? ", b"("]),
)  # fmt: skip
_PUT = st.builds(Damage, st.just("put"), _AT, _FEW, _ODD_BYTES)
DAMAGES = st.lists(
    st.builds(Damage, st.sampled_from(["cut", "delete", "flip", "repeat", "swap lines"]), _AT, _FEW)
    | st.builds(Damage, st.just("insert"), _AT, _FEW, _ODD_BYTES)
    | _PUT
    | _PUT
    | st.builds(Damage, st.just("recode"), _AT, _FEW)
    | st.builds(Damage, st.just("insert"), st.just(0.0), _FEW, st.sampled_from([_ENTITIES, *_RAW, b"\xef\xbb\xbf"]))
    | st.one_of(_WIDEN, _NEST),
    min_size=1,
    max_size=3,
)  # fmt: skip


def _zip(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def _wrong_crc(name: str, data: bytes) -> bytes:
    packed = _zip({name: data})
    checksum = packed[14:18]
    return packed.replace(checksum, bytes(byte ^ 0xFF for byte in checksum))


@cache
def _gzip_bomb() -> bytes:
    return gzip.compress(bytes(_BOMB), mtime=0)


@cache
def _zip_bomb(name: str, *, declared: int | None = None) -> bytes:
    """An archive that unpacks to some hundred megabytes, and may say that it is much less."""
    packed = bytearray(_zip({name: bytes(_BOMB)}))
    central = packed.rindex(b"PK\x01\x02")
    if declared is not None:
        packed[central + 24 : central + 28] = declared.to_bytes(4, "little")
    return bytes(packed)


PACKINGS: Mapping[str, Callable[[str, bytes], bytes]] = {
    "gzip": lambda name, data: gzip.compress(data, mtime=0),
    "gzip cut short": lambda name, data: gzip.compress(data, mtime=0)[: len(data) // 3],
    "gzip bomb": lambda name, data: gzip.compress(data, mtime=0) + _gzip_bomb(),
    "zip": lambda name, data: _zip({f"folder/{name}": data}),
    "zip of several": lambda name, data: _zip({name: data, f"copy of {name}": data, "read me.txt": b"Hello"}),
    "zip in bzip2": lambda name, data: _zip({name: data}, zipfile.ZIP_BZIP2),
    "zip in LZMA": lambda name, data: _zip({name: data}, zipfile.ZIP_LZMA),
    "zip with a wrong checksum": _wrong_crc,
    "zip bomb": lambda name, data: _zip_bomb(name),
    "zip bomb that lies": lambda name, data: _zip_bomb(name, declared=1_000),
    "bzip2": lambda name, data: bz2.compress(data),
}


def spoil(data: bytes, damages: list[Damage], *, inside: int | None = None) -> bytes:
    """Return a file with damages, in one of its parts if it is an archive and `inside` says which."""
    if inside is not None and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = sorted(members)[inside % len(members)]
        return _zip(members | {name: spoil(members[name], damages)})
    if inside is not None and data.startswith(b"\x1f\x8b"):
        return gzip.compress(spoil(gzip.decompress(data), damages), mtime=0)
    for damage in damages:
        data = damage(data)
    return data


@dataclass(frozen=True, kw_only=True)
class Accident:
    """What happens to one file of a delivery.

    Attributes:
        file: Which one.
        damages: What is done to its bytes, one after the other.
        packing: What it is packed in and how, None for not at all.
        packed_damages: What is done to the archive.
        inside: The part of an archive that is damaged, None for the archive itself.
        fate: `read`, `empty`, `folder`, `missing`, or `shrinks`: what it is when it is read.
        moment: Bytes that are read before it shrinks.
    """

    file: int
    damages: list[Damage]
    packing: str | None
    packed_damages: list[Damage]
    inside: int | None
    fate: str
    moment: int

    def apply(self, files: Mapping[str, bytes], folder: Path) -> list[Path]:
        """Write the files, this one spoilt, and return where they are."""
        spoilt = sorted(files)[self.file % len(files)]
        for name, data in files.items():
            (folder / name).write_bytes(self._spoil(name, data) if name == spoilt else data)
        path = folder / spoilt
        if self.fate in ("folder", "missing"):
            path.unlink()
        if self.fate == "folder":
            path.mkdir()
        return [folder / name for name in sorted(files)]

    def _spoil(self, name: str, data: bytes) -> bytes:
        if self.fate == "empty":
            return b""
        data = spoil(data, self.damages, inside=self.inside)
        if self.packing is None:
            return data
        return spoil(PACKINGS[self.packing](name, data), self.packed_damages)


_FATES = ("read",) * 30 + ("empty", "folder", "missing", "shrinks", "shrinks")
ACCIDENTS = st.builds(
    Accident,
    file=st.integers(0, 5),
    damages=DAMAGES,
    packing=st.sampled_from([None] * 30 + [*PACKINGS]),
    packed_damages=st.just([]) | DAMAGES,
    inside=st.none() | st.integers(0, 12),
    fate=st.sampled_from(_FATES),
    moment=st.integers(0, 10_000),
)


class Worker:
    """The process that reads; a new one when it broke down."""

    def __init__(self, folder: Path, deadline: float) -> None:
        self.folder, self._deadline = folder, deadline
        self._process: subprocess.Popen[str] | None = None
        self._n_started = 0

    def read(self, case: Case, files: list[Path], shrink_after: int | None = None) -> dict[str, Any]:
        """Return what came of reading files: an outcome, the flaws of it, and how much memory it took in bytes."""
        mapping = case.mapping
        if isinstance(mapping, bytes):
            path = files[0].parent / "mapping.yaml"
            path.write_bytes(mapping)
            mapping = str(path)
        order = Order(files=[*map(str, files)], reader=case.reader, mapping=mapping, shrink_after=shrink_after)
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(asdict(order)) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            return {"outcome": "broken", "flaws": [self._last_words(process)], "memory": 0}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._n_started += 1
            place = self.folder / f"worker {self._n_started}"
            place.mkdir(parents=True)
            words = [sys.executable, "-m", "tests.faults.fuzz_worker", str(place), str(self._deadline)]
            with (place / "said").open("w") as said:
                self._process = subprocess.Popen(
                    words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True
                )
        return self._process

    def _last_words(self, process: subprocess.Popen[str]) -> str:
        process.communicate()
        self._process = None
        place = self.folder / f"worker {self._n_started}"
        said = (place / "said").read_text(errors="replace")[-6_000:]
        shutil.rmtree(place)
        return f"the process ended with {process.returncode}: {said}"
