"""Source files as streams of bytes: plain, gzip, or the members of a zip archive.

What a file is, is told by its first bytes and not by its name. Member names are shown and matched, never used as
paths, and nothing that unpacks to absurd size is read to its end. Formats that cannot be read as a stream are
unpacked into a temporary file, which is gone when they were read.
"""

from __future__ import annotations

import gzip
import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from graphleads.errors import FileUnreadable, FormatMismatch

MAX_RATIO = 250
"""How many times its packed size a file may unpack to; deflate reaches 1,032, registers about 20."""

MAX_MEMBERS = 1_000

_UNSUSPICIOUS = 64 << 20
_BUFFER = 1 << 20
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others unpack a block as a whole, whatever its size: a few kilobytes of bzip2 to gigabytes."""

_HEAD = 4_096
_MAX_NAME = 200

_BINARY = (
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook or another Office document"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"Obj\x01", "an Avro file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (_GZIP, "an archive in an archive"),
    (_ZIP, "an Excel workbook or an archive in an archive"),
    (b"\x7fELF", "a program"),
)
_MARKUP = (
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<?xml", "an XML document"),
    (b'{"', "JSON"),
    (b"[{", "JSON"),
    (b"{\n", "JSON"),
    (b"{\r", "JSON"),
)
_BESIDE = re.compile(
    r"(?:.*/)?(?:\.[^/]*|thumbs\.db|desktop\.ini|(?:read[ _-]?me|licen[cs]e|copying|notice|terms)\b[^/]*"
    r"|[^/]*\.(?:pdf|html?|md|docx?|rtf|png|jpe?g|gif))",
    re.IGNORECASE | re.DOTALL,
)
"""Members that hold no records: what systems leave, what is to be read by people, and pictures."""
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b\x00")
_MAX_CONTROL_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file, or a member of a zip archive.

    Attributes:
        name: How messages, issues and reports call it: `register.csv`, `register.zip/companies.csv`.
        path: The file on disk.
        member: Its place in the zip archive, None if it is none.
        advance: Called with the number of bytes on disk that were read while its rows are read.
    """

    name: str
    path: Path
    member: int | None = None
    advance: Callable[[int], object] | None = None

    @property
    def bare_name(self) -> str:
        """The name in lower case without folders and without `.gz`, for choosing files by name."""
        return self.name.rsplit("/", 1)[-1].lower().removesuffix(".gz")

    def open(self) -> BinaryIO:
        """Return the unpacked bytes as a stream to close.

        Reading from it raises FileUnreadable if the archive is truncated, damaged, or unpacks to absurd size.
        """
        return self._open(self.advance)

    def open_quietly(self) -> BinaryIO:
        """Return the unpacked bytes as `open` does, for a look at them that is no progress."""
        return self._open(None)

    def head(self, n: int = _HEAD) -> bytes:
        """Return the first `n` unpacked bytes, fewer if there are fewer."""
        with self.open_quietly() as stream:
            return stream.read(n)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Yield a file with the unpacked bytes: its own, or a copy that is gone afterwards.

        Raises:
            FileUnreadable: If an archive is truncated, damaged, or unpacks to absurd size.
        """
        if self.member is None and not self._is_gzip():
            yield self.path
            return
        with NamedTemporaryFile(prefix="graphleads-") as copy, self.open_quietly() as stream:
            shutil.copyfileobj(stream, copy, _BUFFER)
            copy.flush()
            yield Path(copy.name)

    def _is_gzip(self) -> bool:
        with _CountedFile(self.path, None) as file:
            return file.read(len(_GZIP)) == _GZIP

    def _open(self, advance: Callable[[int], object] | None) -> BinaryIO:
        with ExitStack() as opened:
            packed = opened.enter_context(io.BufferedReader(_CountedFile(self.path, advance), _BUFFER))
            if self.member is None and not packed.peek(len(_GZIP)).startswith(_GZIP):
                opened.pop_all()
                return packed
            inner = self._open_packed(packed, opened)
            opened.callback(inner.close)
            return io.BufferedReader(_Unpacked(self, inner, opened.pop_all()), _BUFFER)

    def _open_packed(self, packed: BinaryIO, opened: ExitStack) -> IO[bytes] | gzip.GzipFile:
        if self.member is None:
            return gzip.GzipFile(fileobj=packed)
        archive = opened.enter_context(_open_zip(self.path, packed))
        try:
            return archive.open(archive.infolist()[self.member])
        except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, LookupError, ValueError) as error:
            raise FileUnreadable(
                f"{self.name} cannot be unpacked ({error}): download it again, or unpack it first."
            ) from error


class _CountedFile(io.FileIO):
    """A file that says how many bytes were read from it."""

    def __init__(self, path: Path, advance: Callable[[int], object] | None) -> None:
        try:
            super().__init__(path, "rb")
        except OSError as error:
            raise FileUnreadable(
                f"{path} cannot be opened ({error.strerror}): check the path and its rights."
            ) from error
        self._advance = advance

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]
        n = super().readinto(buffer)
        if self._advance is not None and n:
            self._advance(n)
        return n


class _Unpacked(io.RawIOBase):
    """What an archive unpacks to, with the archive's faults told in one sentence each."""

    def __init__(self, source: SourceFile, inner: IO[bytes] | gzip.GzipFile, opened: ExitStack) -> None:
        self._source = source
        self._inner = inner
        self._opened = opened
        self._n_left = max(_UNSUSPICIOUS, MAX_RATIO * source.path.stat().st_size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
            raise FileUnreadable(
                f"{self._source.name} is truncated or damaged ({error}): download it again."
            ) from error
        self._n_left -= len(data)
        if self._n_left < 0:
            raise FileUnreadable(
                f"{self._source.name} unpacks to more than {MAX_RATIO} times its size and is not read to its end: "
                "if it is meant so, unpack it first."
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._opened.close()
        super().close()


def open_sources(path: Path, advance: Callable[[int], object] | None = None) -> list[SourceFile]:
    """Return a file as one source, or a zip archive as one source a member, by name; a workbook is one file.

    Raises:
        FileUnreadable: If it is missing, a directory, empty, encrypted, damaged, or cannot be opened.
        FormatMismatch: If it is an office document that is no workbook.
    """
    _check_file(path)
    whole = SourceFile(name=_shown(path.name), path=path, advance=advance)
    with _CountedFile(path, None) as file:
        start = file.read(len(_ZIP))
    if start not in (_ZIP, _EMPTY_ZIP):
        return [whole]
    with io.BufferedReader(_CountedFile(path, None), _BUFFER) as packed, _open_zip(path, packed) as archive:
        if _is_workbook(path.name, archive):
            return [whole]
        members = _members(path, archive)
    return [
        SourceFile(name=f"{_shown(path.name)}/{_shown(name)}", path=path, member=member, advance=advance)
        for member, name in members
    ]


def check_text(source: SourceFile) -> None:
    """Check that a source holds plain text.

    Raises:
        FileUnreadable: If it is empty.
        FormatMismatch: If it is HTML, XML, JSON, a PDF, a workbook, a database, an image, an archive in an archive, or
            otherwise binary.
    """
    head = source.head()
    if not head:
        raise FileUnreadable(f"{source.name} is empty: download it again.")
    found = _format_of(head)
    if found is not None:
        raise FormatMismatch(f"{source.name} is {found}, not delimited text: give the register's CSV or TSV file.")


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise FileUnreadable(f"{path} is a directory: name the files in it.")
    if not path.exists():
        raise FileUnreadable(f"There is no file {path}: check the path.")
    if not path.is_file():
        raise FileUnreadable(f"{path} is no regular file: save it to disk first.")
    if path.stat().st_size == 0:
        raise FileUnreadable(f"{path.name} is empty: download it again.")


def _open_zip(path: Path, packed: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(packed)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise FileUnreadable(f"{path.name} is a truncated or damaged zip archive: download it again.") from error


def _is_workbook(name: str, archive: zipfile.ZipFile) -> bool:
    """Return whether a zip archive is a workbook.

    Raises:
        FormatMismatch: If it is another office document.
    """
    names = set(archive.namelist())
    if "[Content_Types].xml" in names and any(one.startswith("xl/workbook") and one.endswith(".xml") for one in names):
        return True
    if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
        raise FormatMismatch(f"{name} is an office document that is no .xlsx workbook: save it as .xlsx or CSV first.")
    return False


def _members(path: Path, archive: zipfile.ZipFile) -> list[tuple[int, str]]:
    members = [
        (place, info)
        for place, info in enumerate(archive.infolist())
        if not info.is_dir() and not info.filename.startswith("__MACOSX/")
    ]
    # What packers and people put beside a table is none, unless there is nothing else.
    members = [member for member in members if not _BESIDE.fullmatch(member[1].filename)] or members
    if not members:
        raise FileUnreadable(f"{path.name} is a zip archive without files: download it again.")
    if len(members) > MAX_MEMBERS:
        raise FileUnreadable(f"{path.name} holds more than {MAX_MEMBERS:,} files: unpack it and name those to read.")
    if any(info.flag_bits & 1 for _, info in members):
        raise FileUnreadable(f"{path.name} is encrypted: unpack it first.")
    if any(info.compress_type not in _METHODS for _, info in members):
        raise FileUnreadable(f"{path.name} is packed by another method than deflate: unpack it first.")
    # Members may overlap in an archive that is meant to do harm, so their sizes count together.
    if sum(info.file_size for _, info in members) > max(_UNSUSPICIOUS, MAX_RATIO * path.stat().st_size):
        raise FileUnreadable(
            f"{path.name} unpacks to more than {MAX_RATIO} times its size and is not read: "
            "if it is meant so, unpack it first."
        )
    return sorted(((place, info.filename) for place, info in members), key=lambda member: member[1])


def _shown(name: str) -> str:
    """Return a file's name without what a terminal might obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:_MAX_NAME]


def _format_of(head: bytes) -> str | None:
    for magic, meaning in _BINARY:
        if head.startswith(magic):
            return meaning
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for markup, meaning in _MARKUP:
        if start.startswith(markup):
            return meaning
    if head[257:262] == b"ustar":
        return "a tar archive"
    n_control = len(head) - len(head.translate(None, _CONTROL))
    if n_control > _MAX_CONTROL_SHARE * len(head) and not head.startswith(_BYTE_ORDER_MARKS):
        return "binary"
    return None
