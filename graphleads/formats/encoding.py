"""Encodings: which one a file is in, and its text as UTF-8 whatever that is."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

import numpy as np
from charset_normalizer import CharsetMatch, from_bytes
from numba import njit

from graphleads.errors import FileUnreadable
from graphleads.formats.report import Flaw
from graphleads.formats.source import SourceFile

BLOCK_SIZE = 8 << 20
"""Bytes read at once."""

OTHER_ENCODING = Flaw(
    code="other_encoding", message="The row is not in the encoding of the rest of the file: it is read in its own."
)
UNDECODABLE = Flaw(
    code="undecodable_bytes", message="The row has bytes that are not of the file's encoding: U+FFFD stands for them."
)
MARK = "\udc00".encode("utf-8", "surrogatepass")
"""What `read_utf8` puts before the first letter of a line that it read in the other encoding."""

_DAMAGED = re.compile(rb"\xed[\xb2\xb3].", re.DOTALL)
_SAMPLE = 1 << 20
_MAX_SEARCH = 64 << 20
_MAX_GUESS = 64 << 10
_MAX_LINE = 1 << 20
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EAST_ASIAN = ("gb18030", "big5", "cp932", "euc_jp", "cp949")
_LEGACY = ("cp1252", *_EAST_ASIAN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256")
"""What registers and CRM exports that are not UTF-8 come in; a free guess falls for Macintosh and DOS code pages."""

_USUAL = (
    ("cp1252", re.compile("[\u00c0-\u024f]")),
    ("cp1251", re.compile("[\u0400-\u04ff]")),
    ("cp1253", re.compile("[\u0370-\u03ff]")),
    ("gb18030", re.compile("[\u4e00-\u9fff]")),
    ("cp932", re.compile("[\u3040-\u30ff]")),
    ("cp949", re.compile("[\uac00-\ud7a3]")),
)
"""The encoding before UTF-8 of those who write in these letters."""

_ESCAPED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_CONTINUATION, _LEAD, _LEAD_OF_THREE, _LEAD_OF_FOUR, _LAST_LEAD = 0x80, 0xC2, 0xE0, 0xF0, 0xF4
"""The least bytes that go on with a letter in UTF-8, that begin one, and the last that does."""

_NEWLINE = 10

_CLOSE = 0.1
"""Difference in charset-normalizer's chaos, in [0, 1], that says nothing on a few words of Chinese."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file and that of lines which are not in it, as Python names them; None: there are none."""

    name: str
    otherwise: str | None = None

    @property
    def is_utf8(self) -> bool:
        """Whether the file is UTF-8, with or without a byte-order mark."""
        return self.name in ("utf-8", "utf-8-sig")


def choose_encoding(source: SourceFile, *, given: str | None = None, otherwise: str | None = None) -> Encoding:
    """Return the encoding to read a source in.

    Lines of UTF-8 are told from all others, because nothing else looks like its letters of several bytes: what most
    lines are in is the file's encoding, and of the others each is read in its own.

    Args:
        source: The source.
        given: The encoding that is known; a byte-order mark goes before it.
        otherwise: That of what is not UTF-8; None: guessed from the bytes, and nothing if the encoding is given.

    Raises:
        FileUnreadable: If nobody knows an encoding of that name, or none can be guessed.
    """
    for name in filter(None, (given, otherwise)):
        _check_encoding(source, name)
    head = source.head(4)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return Encoding(encoding, otherwise)
    if given is not None:
        return Encoding(given, otherwise)
    sample = _first_beyond_ascii(source)
    if _is_utf8(sample):
        return Encoding("utf-8", otherwise or _usual(sample.decode(errors="ignore")))
    return Encoding(otherwise or _guess(source, sample), "utf-8")


def read_utf8(source: SourceFile, encoding: Encoding, *, block_size: int = BLOCK_SIZE) -> Iterator[bytes]:
    r"""Yield the text of a source in blocks of UTF-8 in NFC with `\n` as the only line end.

    Bytes that cannot be decoded become surrogates (`\xed\xb2\x80` to `\xed\xb3\xbf`), which no valid text has, so that
    the caller can tell them from what was written; a line that is read in the other encoding has a `MARK`; a carriage
    return inside a line becomes a space.

    Args:
        source: The source.
        encoding: As `choose_encoding` returns it.
        block_size: Bytes read at once.

    Raises:
        FileUnreadable: If an archive is truncated or damaged.
    """
    return _normalize_line_ends(_decode(source, encoding, block_size))


def settle(text: bytes) -> tuple[bytes, list[Flaw]]:
    """Return text of `read_utf8` as valid UTF-8, U+FFFD for what could not be decoded, and what was wrong in it."""
    flaws = []
    if MARK in text:
        text = text.replace(MARK, b"")
        flaws.append(OTHER_ENCODING)
    settled = _DAMAGED.sub("\ufffd".encode(), text)
    if settled != text:
        flaws.append(UNDECODABLE)
    return settled, flaws


def _check_encoding(source: SourceFile, name: str) -> None:
    try:
        "a".encode(name)
    except (LookupError, ValueError) as error:
        raise FileUnreadable(
            f"{source.name} cannot be read: nobody knows an encoding {name!r}; try utf-8, latin-1, cp1252 or gb18030."
        ) from error


def _first_beyond_ascii(source: SourceFile) -> bytes:
    n_left = _MAX_SEARCH
    with source.open_quietly() as stream:
        while n_left > 0 and (sample := stream.read(_SAMPLE)):
            if not sample.isascii():
                return sample
            n_left -= len(sample)
    return b""


def _is_utf8(sample: bytes) -> bool:
    """Return whether a sample is UTF-8, some damaged bytes and some lines of another encoding notwithstanding."""
    telling = [line for line in sample.splitlines() if not line.isascii()]
    n_valid = sum(map(_is_valid, telling))
    if n_valid * 2 >= len(telling):
        return True
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    n_damaged = text.count("\ufffd")
    n_beyond_ascii = len(text) - len(text.encode("ascii", "ignore")) - n_damaged
    return n_damaged * 10 <= n_beyond_ascii


def _is_valid(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _usual(text: str) -> str:
    counts = {encoding: len(letters.findall(text[:_MAX_GUESS])) for encoding, letters in _USUAL}
    return max(counts, key=lambda encoding: counts[encoding])


def _guess(source: SourceFile, sample: bytes) -> str:
    others = (line for line in sample.splitlines() if not line.isascii() and not _is_valid(line))
    matches = from_bytes(b"\n".join(others)[:_MAX_GUESS], cp_isolation=list(_LEGACY))
    best = matches.best()
    if best is None:
        raise FileUnreadable(f"{source.name} is in no encoding that can be told: name it in the mapping.")
    if best.encoding in _EAST_ASIAN:
        usual, close = "gb18030", [match for match in matches if match.chaos <= best.chaos + _CLOSE]
    else:
        usual, close = "cp1252", [match for match in matches if _quality(match) == _quality(best)]
    return usual if any(usual in match.could_be_from_charset for match in close) else best.encoding


def _quality(match: CharsetMatch) -> tuple[float, float]:
    return match.chaos, match.coherence


def _decode(source: SourceFile, encoding: Encoding, block_size: int) -> Iterator[bytes]:
    by_line = not encoding.name.startswith(("utf-16", "utf-32"))
    try:
        with source.open() as stream:
            texts = (
                _decode_lines(stream, encoding, block_size) if by_line else _decode_wide(stream, encoding, block_size)
            )
            for text in texts:
                yield _normal(text).encode("utf-8", "surrogatepass")
    except UnicodeError as error:
        # Encodings that are not for files, such as punycode, know no way around what they cannot read.
        raise FileUnreadable(
            f"{source.name} is not in the encoding {encoding.name}: name another in the mapping."
        ) from error


def _decode_wide(stream: BinaryIO, encoding: Encoding, block_size: int) -> Iterator[str]:
    """Yield the text of UTF-16 and UTF-32, which cannot escape single bytes, cut behind line ends."""
    decoder = codecs.getincrementaldecoder(encoding.name)("replace")
    held = ""
    while block := stream.read(block_size):
        text = held + decoder.decode(block)
        # The next block may begin with a mark that belongs to the last letter.
        held = "" if text.endswith("\n") else text[-1:]
        yield text.removesuffix(held)
    yield held + decoder.decode(b"", final=True)


def _decode_lines(stream: BinaryIO, encoding: Encoding, block_size: int) -> Iterator[str]:
    begun = False
    for lines in _whole_lines(stream, block_size):
        yield _decode_some(lines if begun else lines.removeprefix(codecs.BOM_UTF8), encoding)
        begun = True


def _whole_lines(stream: BinaryIO, block_size: int) -> Iterator[bytes]:
    """Yield the bytes cut behind line ends, or behind a quote, comma or blank in a line without an end in sight.

    None of them is part of a letter in any encoding that goes by bytes.
    """
    held: list[bytes] = []
    while block := stream.read(block_size):
        size = sum(map(len, held))
        cut = block.rfind(b"\n") + 1
        if not cut and size > _MAX_LINE:
            cut = max(block.rfind(mark) for mark in (b'"', b",", b" ")) + 1
        if cut:
            yield b"".join((*held, block[:cut]))
            held = []
        held.append(block[cut:])
    yield b"".join(held)


def _decode_some(lines: bytes, encoding: Encoding) -> str:
    name = "utf-8" if encoding.is_utf8 else encoding.name
    if encoding.otherwise is None:
        return lines.decode(name, "surrogateescape")
    if encoding.is_utf8:
        if _is_valid(lines):
            return lines.decode()
        return "".join(_in_other(line, encoding) for line in lines.splitlines(keepends=True))
    texts, begin = [], 0
    starts, ends = _perhaps_utf8(np.frombuffer(lines, np.uint8))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if (text := _in_utf8(lines[start:end], encoding)) is not None:
            texts += [lines[begin:start].decode(name, "surrogateescape"), text]
            begin = end
    return "".join((*texts, lines[begin:].decode(name, "surrogateescape")))


@njit(cache=True, nogil=True)
def _perhaps_utf8(data):  # type: ignore[no-untyped-def]
    """Find the lines with letters beyond ASCII that look like UTF-8: their starts and ends, int64[n]."""
    starts, ends = [0 for _ in range(0)], [0 for _ in range(0)]
    start, n_due, looks, beyond = 0, 0, True, False
    for place in range(len(data)):
        byte = data[place]
        if byte < _CONTINUATION:
            looks = looks and n_due == 0
            n_due = 0
        elif byte < _LEAD:
            looks = looks and n_due > 0
            n_due -= 1
        else:
            looks = looks and n_due == 0 and byte <= _LAST_LEAD
            n_due, beyond = 1 + (byte >= _LEAD_OF_THREE) + (byte >= _LEAD_OF_FOUR), True
        if byte == _NEWLINE or place == len(data) - 1:
            if looks and beyond and n_due == 0:
                starts.append(start)
                ends.append(place + 1)
            start, n_due, looks, beyond = place + 1, 0, True, False
    return np.array(starts, np.int64), np.array(ends, np.int64)


def _in_other(line: bytes, encoding: Encoding) -> str:
    """Return a line of a file in UTF-8, in the other encoding if it is no UTF-8, not even a damaged one."""
    text = line.decode(errors="surrogateescape")
    n_damaged = len(_ESCAPED.findall(text))
    other = encoding.otherwise or "utf-8"
    if _n_telling(_ESCAPED.sub("", text), other) >= n_damaged:
        return text
    return _marked(line.decode(other, "surrogateescape"))


def _in_utf8(line: bytes, encoding: Encoding) -> str | None:
    """Return a line that is UTF-8 and nothing else."""
    return _marked(line.decode()) if _is_valid(line) and _n_telling(line.decode(), encoding.name) else None


def _n_telling(text: str, other: str) -> int:
    """Return how many letters tell UTF-8 from another encoding."""
    # Many a letter of East Asia looks like one of two bytes, and hardly two in a row like one of three.
    least = "\u0800" if other in _EAST_ASIAN else "\x80"
    return sum(letter >= least for letter in text)


def _marked(text: str) -> str:
    # Before the letter, where it is neither before nor behind a quote.
    return _BEYOND_ASCII.sub(lambda letter: "\udc00" + letter[0], text, count=1)


def _normal(text: str) -> str:
    return text if all(map(_is_normal, text.split("\n"))) else unicodedata.normalize("NFC", text)


def _is_normal(line: str) -> bool:
    # To look for what is not normal takes ten times as long as to look whether there is anything beyond ASCII.
    return line.isascii() or unicodedata.is_normalized("NFC", line)


def _normalize_line_ends(blocks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(blocks, b"")
    inner = b"\n" if b"\r" in first and b"\n" not in first else b" "
    held = b""
    for block in chain((first,), blocks):
        joined = held + block
        # A carriage return at the very end may be the first half of a line end.
        held = b"\r" if joined.endswith(b"\r") else b""
        yield joined.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", inner)
    if held:
        yield b"\n"
