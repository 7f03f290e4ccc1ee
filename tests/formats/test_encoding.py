from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graphleads.errors import FileUnreadable
from graphleads.formats.encoding import (
    MARK,
    OTHER_ENCODING,
    UNDECODABLE,
    Encoding,
    choose_encoding,
    read_utf8,
    settle,
)
from graphleads.formats.source import SourceFile, open_sources

Make = Callable[[bytes], SourceFile]

PORTUGUESE = "nome;município\nÁGUAS DE SÃO JOÃO;AÇAILÂNDIA\nCAFÉ CRISTALINO;GOIÂNIA\n" * 5
CHINESE = "公司名称,法定代表人\n上海某某科技有限公司,王小明\n北京示例股份有限公司,李大伟\n" * 5


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(content: bytes) -> SourceFile:
        path = tmp_path / "a.csv"
        path.write_bytes(content)
        return open_sources(path)[0]

    return write


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"only,ascii\n", "utf-8"),
        (PORTUGUESE.encode(), "utf-8"),
        (PORTUGUESE.encode("utf-8-sig"), "utf-8-sig"),
        (PORTUGUESE.encode("utf-16"), "utf-16"),
        (CHINESE.encode("gb18030"), "gb18030"),
    ],
)
def test_encodings_are_told_from_the_bytes(make: Make, content: bytes, encoding: str) -> None:
    assert choose_encoding(make(content)).name == encoding


def test_what_is_not_utf8_is_what_the_reader_says(make: Make) -> None:
    latin = make(PORTUGUESE.encode("latin-1"))
    assert choose_encoding(latin, otherwise="latin-1").name == "latin-1"
    assert choose_encoding(make(PORTUGUESE.encode()), otherwise="latin-1").name == "utf-8"
    guessed = choose_encoding(make(PORTUGUESE.encode("cp1252")))
    assert "".join(block.decode() for block in read_utf8(latin, guessed)) == PORTUGUESE


def test_letters_far_behind_the_start_count(make: Make) -> None:
    content = b"plain ascii line\n" * 200_000 + PORTUGUESE.encode("latin-1")
    assert choose_encoding(make(content), otherwise="latin-1").name == "latin-1"


def test_one_damaged_byte_makes_no_other_encoding(make: Make) -> None:
    assert choose_encoding(make(PORTUGUESE.encode() + b"CAF\xc9\n"), otherwise="latin-1").name == "utf-8"


@pytest.mark.parametrize(
    ("content", "name", "otherwise"),
    [
        ("CAFÉ 1\n" * 6 + "plain\n" * 3000, "utf-8", "cp1252"),
        ("CAFÉ 1\n" + "plain\n", "utf-8", "cp1252"),
        (CHINESE, "utf-8", "gb18030"),
        ("ООО Ромашка\n", "utf-8", "cp1251"),
    ],
)
def test_letters_of_several_bytes_are_proof(make: Make, content: str, name: str, otherwise: str) -> None:
    damaged = content.encode() + "Müller\n".encode("latin-1")
    assert choose_encoding(make(damaged)) == Encoding(name, otherwise)
    assert choose_encoding(make(damaged), otherwise="latin-1") == Encoding(name, "latin-1")


@pytest.mark.parametrize("block_size", [1, 5, 4096])
@pytest.mark.parametrize(
    ("rest", "one", "otherwise"),
    [
        (("utf-8", "CAFÉ São\n"), ("latin-1", "Müller, Göran\n"), "latin-1"),
        (("latin-1", "CAFÉ São\n"), ("utf-8", "Müller, Göran\n"), "latin-1"),
        (("utf-8", "示例科技有限公司\n"), ("gb18030", "某某贸易\n"), None),
        (("gb18030", "示例科技有限公司,某\n"), ("utf-8", "某某贸易\n"), None),
    ],
)
def test_each_line_is_read_in_its_own_encoding(
    make: Make, rest: tuple[str, str], one: tuple[str, str], otherwise: str | None, block_size: int
) -> None:
    usual, other = rest[1].encode(rest[0]), one[1].encode(one[0])
    source = make(usual * 5 + other + usual)
    encoding = choose_encoding(source, otherwise=otherwise)
    text = b"".join(read_utf8(source, encoding, block_size=block_size))
    assert encoding.name == rest[0]
    assert text.count(MARK) == 1
    assert settle(text) == ((rest[1] * 5 + one[1] + rest[1]).encode(), [OTHER_ENCODING])


def test_a_damaged_line_that_has_letters_of_utf8_stays_utf8(make: Make) -> None:
    source = make("São João\n".encode() * 3 + "São Jo".encode() + b"\xc3o\n")
    text = b"".join(read_utf8(source, choose_encoding(source)))
    assert settle(text) == (("São João\n" * 3 + "São Jo\ufffdo\n").encode(), [UNDECODABLE])


def test_a_chinese_letter_that_looks_like_utf8_stays_chinese(make: Make) -> None:
    # 陆 in GB18030 is ½ in UTF-8.
    lines = "示例科技有限公司\n" * 3 + "陆\n"
    source = make(lines.encode("gb18030"))
    assert b"".join(read_utf8(source, choose_encoding(source))) == lines.encode()


def test_a_line_of_any_length_is_read_in_its_own_encoding(make: Make) -> None:
    long = '"São",' * 400_000
    source = make(long.encode() + "\nMüller\n".encode("latin-1"))
    text = b"".join(read_utf8(source, choose_encoding(source), block_size=1 << 16))
    assert settle(text) == ((long + "\nMüller\n").encode(), [OTHER_ENCODING])


def test_a_byte_order_mark_goes_before_what_was_given(make: Make) -> None:
    assert choose_encoding(make(PORTUGUESE.encode("utf-8-sig")), given="latin-1").name == "utf-8-sig"
    assert choose_encoding(make(PORTUGUESE.encode()), given="latin-1").name == "latin-1"


@pytest.mark.parametrize("name", ["klingon-8", "hex", ""])
def test_an_unknown_encoding_is_told(make: Make, name: str) -> None:
    source = make(b"a,b\n")
    if not name:
        assert choose_encoding(source, given=None).name == "utf-8"
        return
    with pytest.raises(FileUnreadable, match=rf"a\.csv cannot be read: nobody knows an encoding '{name}'; try utf-8"):
        choose_encoding(source, given=name)


@pytest.mark.parametrize("block_size", [1, 2, 3, 7, 4096])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_blocks_cut_anywhere_give_the_same_text(make: Make, block_size: int, encoding: str) -> None:
    text = "a,é\r\nb,公司\r\n" * 20
    blocks = read_utf8(make(text.encode(encoding)), Encoding(encoding), block_size=block_size)
    assert b"".join(blocks).decode() == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"a\rb\r", "a\nb\n"),
        (b"a\nb", "a\nb"),
        (b"a\rx\r\nb\n", "a x\nb\n"),
        (b"\r\n", "\n"),
    ],
)
def test_line_ends_become_newlines(make: Make, content: bytes, text: str) -> None:
    assert b"".join(read_utf8(make(content), Encoding("utf-8"))).decode() == text


def test_a_line_end_may_be_cut_in_two(make: Make) -> None:
    assert b"".join(read_utf8(make(b"a\r\nb\r\n"), Encoding("utf-8"), block_size=1)) == b"a\nb\n"


@pytest.mark.parametrize("block_size", [1, 2, 3, 100])
def test_text_comes_in_nfc_wherever_a_block_is_cut(make: Make, block_size: int) -> None:
    text = "Sa\u0303o Joa\u0303o\nCafe\u0301\n"
    blocks = read_utf8(make(text.encode()), Encoding("utf-8"), block_size=block_size)
    assert b"".join(blocks).decode() == "São João\nCafé\n"


def test_bytes_that_cannot_be_decoded_are_marked(make: Make) -> None:
    assert (
        b"".join(read_utf8(make(b"caf\xc9\n\xef\xbf\xbd\n"), Encoding("utf-8"))) == b"caf\xed\xb3\x89\n\xef\xbf\xbd\n"
    )


@pytest.mark.parametrize("name", ["klingon", "rot13", "undefined", "a\0b"])
def test_an_encoding_that_is_none_is_named(make: Make, name: str) -> None:
    with pytest.raises(FileUnreadable, match=r"^a\.csv cannot be read: nobody knows an encoding"):
        choose_encoding(make(b"a,b\n"), given=name)


@pytest.mark.parametrize("name", ["punycode", "idna"])
def test_an_encoding_that_has_no_way_around_damage_is_named(make: Make, name: str) -> None:
    with pytest.raises(FileUnreadable, match=rf"^a\.csv is not in the encoding {name}: name another in the mapping\.$"):
        list(read_utf8(make(b"caf\xc9,b\n"), Encoding(name)))
