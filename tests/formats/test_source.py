from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from graphleads.errors import FileUnreadable, FormatMismatch
from graphleads.formats import source as source_module
from graphleads.formats.source import SourceFile, check_text, open_sources

TEXT = b"id;name\n1;Alfa\n"


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def content(source: SourceFile) -> bytes:
    with source.open() as stream:
        return stream.read()


def test_a_plain_file_is_one_source(tmp_path: Path) -> None:
    (source,) = open_sources(write(tmp_path / "Register.CSV", TEXT))
    assert (source.name, source.bare_name, content(source)) == ("Register.CSV", "register.csv", TEXT)


def test_gzip_is_told_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    (packed,) = open_sources(write(tmp_path / "register.csv", gzip.compress(TEXT)))
    (plain,) = open_sources(write(tmp_path / "register.csv.gz", TEXT))
    assert content(packed) == content(plain) == TEXT
    assert plain.bare_name == "register.csv"


def test_gzip_of_several_members_is_read_whole(tmp_path: Path) -> None:
    (source,) = open_sources(write(tmp_path / "a.gz", gzip.compress(b"one\n") + gzip.compress(b"two\n")))
    assert content(source) == b"one\ntwo\n"


def test_a_zip_archive_is_one_source_a_member_by_name(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"b/two.csv": b"2", "one.csv": b"1", "__MACOSX/one.csv": b"x", "b/": b""})
    sources = open_sources(path)
    assert [(one.name, one.bare_name, content(one)) for one in sources] == [
        ("a.zip/b/two.csv", "two.csv", b"2"),
        ("a.zip/one.csv", "one.csv", b"1"),
    ]


def test_what_lies_beside_a_table_in_an_archive_is_passed_over(tmp_path: Path) -> None:
    beside = {".DS_Store": b"\0", "a/._one.csv": b"x", "README.txt": b"x", "a/licence": b"x", "Fields.PDF": b"x"}
    path = archive(tmp_path / "a.zip", **beside, **{"a/one.csv": b"1", "readmes.csv": b"2", "noticed.txt": b"3"})
    assert [one.name for one in open_sources(path)] == ["a.zip/a/one.csv", "a.zip/noticed.txt", "a.zip/readmes.csv"]
    alone = archive(tmp_path / "b.zip", **{"README.txt": b"id,name"})
    assert [one.name for one in open_sources(alone)] == ["b.zip/README.txt"]


def test_member_names_are_shown_without_what_a_terminal_obeys(tmp_path: Path) -> None:
    (source,) = open_sources(archive(tmp_path / "a.zip", **{"../../\x1b[31mred.csv": b"1"}))
    assert source.name == "a.zip/../../?[31mred.csv"
    assert content(source) == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_progress_counts_packed_bytes_while_reading_and_none_while_looking(tmp_path: Path) -> None:
    read: list[int] = []
    packed = gzip.compress(TEXT * 1000)
    (source,) = open_sources(write(tmp_path / "a.gz", packed), read.append)
    source.head(10)
    assert read == []
    content(source)
    assert sum(read) == len(packed)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "missing.csv", r"There is no file .*missing\.csv: check the path"),
        (lambda folder: folder, "is a directory: name the files in it"),
        (lambda folder: write(folder / "a.csv", b""), r"a\.csv is empty: download it again"),
        (lambda folder: write(folder / "a.zip", b"PK\x03\x04 and no more"), r"a\.zip is a truncated or damaged zip"),
        (lambda folder: archive(folder / "a.zip"), "is a zip archive without files"),
    ],
)
def test_files_that_cannot_be_opened(tmp_path: Path, make: Callable[[Path], Path], message: str) -> None:
    with pytest.raises(FileUnreadable, match=message):
        open_sources(make(tmp_path))


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileUnreadable, match="is no regular file"):
        open_sources(tmp_path / "pipe")


def test_an_encrypted_archive_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"a.csv": TEXT})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(FileUnreadable, match="is encrypted"):
        open_sources(path)


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_truncated_gzip_is_an_error_and_no_shorter_file(tmp_path: Path, cut: float) -> None:
    packed = gzip.compress(os.urandom(200_000))
    (source,) = open_sources(write(tmp_path / "a.gz", packed[: int(len(packed) * cut)]))
    with pytest.raises(FileUnreadable, match=r"a\.gz is truncated or damaged .*: download it again"):
        content(source)


def test_a_damaged_zip_member_is_an_error(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"a.csv": bytes(range(256)) * 50})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    (source,) = open_sources(write(path, bytes(data)))
    with pytest.raises(FileUnreadable, match="truncated or damaged"):
        content(source)


def test_what_unpacks_to_absurd_size_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "_UNSUSPICIOUS", 1_000_000)
    zeros = bytes(3_000_000)
    (packed,) = open_sources(write(tmp_path / "a.gz", gzip.compress(zeros)))
    with pytest.raises(FileUnreadable, match=r"a\.gz unpacks to more than 250 times its size"):
        content(packed)
    with (
        pytest.raises(FileUnreadable, match=r"a\.gz unpacks to more than 250 times its size"),
        packed.on_disk(),
    ):
        pass
    with pytest.raises(FileUnreadable, match=r"a\.zip unpacks to more than 250 times its size"):
        open_sources(archive(tmp_path / "a.zip", **{"a.csv": zeros}))


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"holds more than 1,000 files"):
        open_sources(archive(tmp_path / "a.zip", **{f"{n}.csv": b"x" for n in range(1_001)}))


def workbook(path: Path) -> Path:
    return archive(path, **{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def test_a_workbook_is_one_source_and_no_text(tmp_path: Path) -> None:
    (source,) = open_sources(workbook(tmp_path / "a.xlsx"))
    assert (source.name, source.member) == ("a.xlsx", None)
    with pytest.raises(FormatMismatch, match=r"a\.xlsx is an Excel workbook .*, not delimited text"):
        check_text(source)


@pytest.mark.parametrize(
    "members",
    [{"[Content_Types].xml": b"<Types/>", "word/document.xml": b""}, {"mimetype": b"", "content.xml": b"<x/>"}],
)
def test_other_office_documents_are_told(tmp_path: Path, members: dict[str, bytes]) -> None:
    with pytest.raises(FormatMismatch, match=r"a\.docx is an office document that is no \.xlsx workbook"):
        open_sources(archive(tmp_path / "a.docx", **members))


@pytest.mark.parametrize("pack", [lambda path: path, lambda path: archive(path, **{"../a.csv": TEXT})])
def test_packed_bytes_are_on_disk_only_while_they_are_needed(tmp_path: Path, pack: Callable[[Path], Path]) -> None:
    path = write(tmp_path / "a.gz", gzip.compress(TEXT))
    (source,) = open_sources(pack(path))
    with source.on_disk() as copy:
        assert copy.read_bytes() == TEXT
        assert copy.parent != tmp_path
    assert not copy.exists()


def test_a_plain_file_is_not_copied(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", TEXT)
    with open_sources(path)[0].on_disk() as itself:
        assert itself == path
    assert path.exists()


TAR = bytes(257) + b"ustar" + bytes(250)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\xef\xbb\xbf  <!DOCTYPE HTML><html>", "an HTML page"),
        (b"<HTML><body>", "an HTML page"),
        (b"<?xml version='1.0'?>", "an XML document"),
        (b'{"a": 1}', "JSON"),
        (b"BZh91AY", "a bzip2 archive"),
        (TAR, "a tar archive"),
        (bytes(range(1, 32)) * 10, "binary"),
    ],
)
def test_other_formats_are_told_by_their_first_bytes(tmp_path: Path, head: bytes, what: str) -> None:
    (source,) = open_sources(write(tmp_path / "a.csv", head))
    with pytest.raises(FormatMismatch, match=rf"a\.csv is {what}"):
        check_text(source)


def test_an_archive_in_an_archive_is_told(tmp_path: Path) -> None:
    (source,) = open_sources(archive(tmp_path / "a.zip", **{"a.csv.gz": gzip.compress(TEXT)}))
    with pytest.raises(FormatMismatch, match="an archive in an archive"):
        check_text(source)


def test_an_empty_member_is_told(tmp_path: Path) -> None:
    (source,) = open_sources(archive(tmp_path / "a.zip", **{"a.csv": b""}))
    with pytest.raises(FileUnreadable, match=r"a\.zip/a\.csv is empty"):
        check_text(source)


@pytest.mark.parametrize("head", [TEXT, "id;nome\n1;São".encode("utf-16"), b"a,b\x00c\n1,2\n", b"a\x1b[0m,b\n"])
def test_text_is_text(tmp_path: Path, head: bytes) -> None:
    (source,) = open_sources(write(tmp_path / "a.csv", head))
    check_text(source)


def test_streams_close_what_they_opened(tmp_path: Path) -> None:
    for path in (archive(tmp_path / "a.zip", **{"a.csv": TEXT}), write(tmp_path / "a.gz", gzip.compress(TEXT))):
        (source,) = open_sources(path)
        stream = source.open()
        assert isinstance(stream, io.BufferedReader)
        stream.close()
        assert stream.closed


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_end_are_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as file:
        file.writestr("a.csv", TEXT)
    with pytest.raises(FileUnreadable, match=r"^a\.zip is packed by another method than deflate: unpack it first\.$"):
        open_sources(tmp_path / "a.zip")


def test_a_member_that_is_said_to_begin_before_the_archive_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"a.csv": TEXT})
    packed = bytearray(path.read_bytes())
    end = packed.rindex(b"PK\x05\x06")
    packed[end + 16 : end + 20] = (len(packed)).to_bytes(4, "little")
    path.write_bytes(packed)
    (source,) = open_sources(path)
    with pytest.raises(FileUnreadable, match=r"a\.zip/a\.csv cannot be unpacked \("):
        source.open()


def test_an_archive_of_a_later_zip_version_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"a.csv": TEXT})
    packed = bytearray(path.read_bytes())
    packed[packed.rindex(b"PK\x01\x02") + 6] = 99
    path.write_bytes(packed)
    with pytest.raises(FileUnreadable, match=r"^a\.zip is a truncated or damaged zip archive: download it again\.$"):
        open_sources(path)
