"""Encodings: which one a file is in, and its text as UTF-8 whatever that is."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator
from itertools import chain

from charset_normalizer import CharsetMatch, from_bytes

from graphleads.errors import FileUnreadable
from graphleads.formats.source import SourceFile

BLOCK_SIZE = 8 << 20
"""Bytes read at once."""

_SAMPLE = 1 << 20
_MAX_SEARCH = 64 << 20
_MAX_GUESS = 64 << 10
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

_CLOSE = 0.1
"""Difference in charset-normalizer's chaos, in [0, 1], that says nothing on a few words of Chinese."""


def choose_encoding(source: SourceFile, *, given: str | None = None, otherwise: str | None = None) -> str:
    """Return the encoding to read a source in, as Python names it.

    Args:
        source: The source.
        given: The encoding that is known; a byte-order mark goes before it.
        otherwise: What it is if it is not UTF-8; None: guessed from the bytes.

    Raises:
        FileUnreadable: If nobody knows an encoding of that name, or none can be guessed.
    """
    for name in filter(None, (given, otherwise)):
        _check_encoding(source, name)
    head = source.head(4)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    if given is not None:
        return given
    sample = _first_beyond_ascii(source)
    if _is_utf8(sample):
        return "utf-8"
    return otherwise or _guess(source, sample)


def read_utf8(source: SourceFile, encoding: str, *, block_size: int = BLOCK_SIZE) -> Iterator[bytes]:
    r"""Yield the text of a source in blocks of UTF-8 in NFC with `\n` as the only line end.

    Bytes that cannot be decoded become surrogates (`\xed\xb2\x80` to `\xed\xb3\xbf`), which no valid text has, so that
    the caller can tell them from what was written; a carriage return inside a line becomes a space.

    Args:
        source: The source.
        encoding: As `choose_encoding` names it.
        block_size: Bytes read at once.

    Raises:
        FileUnreadable: If an archive is truncated or damaged.
    """
    return _normalize_line_ends(_decode(source, encoding, block_size))


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
    """Return whether a sample is UTF-8, some damaged bytes notwithstanding."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    n_damaged = text.count("\ufffd")
    n_beyond_ascii = len(text) - len(text.encode("ascii", "ignore")) - n_damaged
    return n_damaged * 10 <= n_beyond_ascii


def _guess(source: SourceFile, sample: bytes) -> str:
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:_MAX_GUESS]
    matches = from_bytes(telling, cp_isolation=list(_LEGACY))
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


def _decode(source: SourceFile, encoding: str, block_size: int) -> Iterator[bytes]:
    # UTF-16 and UTF-32 cannot escape single bytes.
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    held = ""
    try:
        with source.open() as stream:
            while block := stream.read(block_size):
                text = _normal(held + decoder.decode(block))
                # The next block may begin with a mark that belongs to the last letter.
                held = "" if text.endswith("\n") else text[-1:]
                yield text.removesuffix(held).encode("utf-8", "surrogatepass")
        yield _normal(held + decoder.decode(b"", final=True)).encode("utf-8", "surrogatepass")
    except UnicodeError as error:
        # Encodings that are not for files, such as punycode, know no way around what they cannot read.
        raise FileUnreadable(
            f"{source.name} is not in the encoding {encoding}: name another in the mapping."
        ) from error


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
