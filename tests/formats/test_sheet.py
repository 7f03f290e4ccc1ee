from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from graphleads.errors import FileUnreadable, FormatMismatch, InputError
from graphleads.formats import sheet
from graphleads.formats.report import DeliveryReport
from graphleads.formats.sheet import read_sheet, read_sheet_header, sheet_names
from graphleads.formats.source import SourceFile, open_sources

Cells = list[list[object]]


def workbook(path: Path, **sheets: Cells) -> SourceFile:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        worksheet = book.create_sheet(name)
        for row in rows:
            worksheet.append(row)
    book.save(path)
    return open_sources(path)[0]


def changed(path: Path, part: str, change: Callable[[str], str]) -> SourceFile:
    """Return a workbook with a part of the archive changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return open_sources(path)[0]


def read(source: SourceFile, name: str = "S", columns: list[str] | None = None) -> tuple[Cells, DeliveryReport]:
    report = DeliveryReport()
    rows: Cells = []
    for block in read_sheet(source, name, report=report, columns=columns):
        columns_ = [column.to_pylist() for column in block.columns.values()]
        rows += [[number, *cells] for number, *cells in zip(block.rows.tolist(), *columns_, strict=True)]
    return rows, report


SHEET = "xl/worksheets/sheet1.xml"


def test_cells_are_read_as_the_sheet_shows_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    worksheet = book.active
    worksheet.title = "S"
    worksheet.append(["id", " name ", "on", "share", "alive"])
    worksheet.append([7, " Müller ", datetime(2024, 3, 31), 0.255, True])
    worksheet.append([None, None, None, None, None])
    worksheet.append([8.5, "=1/0", datetime(2024, 3, 31, 9, 30), 1, None])
    worksheet["D2"].number_format = worksheet["D4"].number_format = "0.00%"
    worksheet["B4"].value, worksheet["B4"].data_type = "#DIV/0!", "e"
    book.save(tmp_path / "a.xlsx")
    (source,) = open_sources(tmp_path / "a.xlsx")
    assert read_sheet_header(source, "S") == ("id", "name", "on", "share", "alive")
    rows, report = read(source)
    assert rows == [
        [2, "7", "Müller", "2024-03-31", "25.5%", "true"],
        [4, "8.5", None, "2024-03-31 09:30:00", "100%", None],
    ]
    assert report.n_rows_read == {"a.xlsx": 2}
    assert [(one["code"], one["row"]) for one in report.issue_table().to_pylist()] == [("cell_error", 4)]


def test_columns_can_be_chosen(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", S=[["a", "b", "c"], [1, 2, 3]])
    assert read(source, columns=["a", "c"])[0] == [[2, "1", "3"]]


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", S=[["Exported today"], [], ["id", "", "id"], [1, None, 2]])
    assert read_sheet_header(source, "S") == ("id", "column 2", "id (2)")
    assert read(source)[0] == [[4, "1", None, "2"]]


def test_a_single_column_has_a_header(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", S=[["name"], ["Alfa"]])
    assert read(source)[0] == [[2, "Alfa"]]


def test_sheets_with_cells_are_listed(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", Second=[["a"], [1]], Empty=[], First=[["a"], [2]])
    assert sheet_names(source) == ["Second", "First"]
    assert read(source, "First")[0] == [[2, "2"]]


def test_a_row_beyond_the_header_is_a_bad_row(tmp_path: Path) -> None:
    rows, report = read(workbook(tmp_path / "a.xlsx", S=[["a", "b"], [1, 2, 3], [4, 5]]))
    assert rows == [[3, "4", "5"]]
    assert [(one["code"], one["row"]) for one in report.issue_table().to_pylist()] == [("wrong_field_count", 2)]


def test_what_a_sheet_says_of_its_size_does_not_matter(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", S=[["a", "b"], [1, 2], [3, 4]])
    source = changed(
        tmp_path / "a.xlsx", SHEET, lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', xml)
    )
    assert read(source)[0] == [[2, "1", "2"], [3, "3", "4"]]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY e "ha"><!ENTITY f "&e;&e;&e;&e;&e;&e;">]>',
    ],
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"])
def test_entities_are_refused(tmp_path: Path, declaration: str, part: str) -> None:
    workbook(tmp_path / "a.xlsx", S=[["a"], ["x"]])

    def add(xml: str) -> str:
        root = re.search(r"<[A-Za-z]", xml)
        assert root
        return xml[: root.start()] + declaration + xml[root.start() :]

    source = changed(tmp_path / "a.xlsx", part, add)
    with pytest.raises(FormatMismatch, match=r"a\.xlsx has XML entities, which no workbook needs"):
        read(source)


@pytest.mark.parametrize("cell", ["<c/>", '<c r="A1"/>', "<x:c/>"])
def test_a_million_empty_columns_are_refused(tmp_path: Path, cell: str) -> None:
    workbook(tmp_path / "a.xlsx", S=[["a"], ["x"]])
    wide = f'<row r="3">{cell * 1_000_000}</row></sheetData>'
    source = changed(tmp_path / "a.xlsx", SHEET, lambda xml: xml.replace("</sheetData>", wide))
    for use in (sheet_names, lambda one: read_sheet_header(one, "S"), read):
        with pytest.raises(FormatMismatch, match=r"a row of more than 16,384 columns: delete the empty columns"):
            use(source)


@pytest.mark.parametrize("reference", ["ZZZZ2", "BDWGN2", "A99999999999"])
def test_cells_outside_every_sheet_are_told(tmp_path: Path, reference: str) -> None:
    workbook(tmp_path / "a.xlsx", S=[["a"], ["x"]])
    row = re.sub(r"\D", "", reference)
    far = f'<row r="{row}"><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    source = changed(tmp_path / "a.xlsx", SHEET, lambda xml: xml.replace("</sheetData>", far))
    with pytest.raises(InputError, match=r"a\.xlsx (is no workbook, or a damaged one|has more than 1,048,576 rows)"):
        read(source)


def test_a_workbook_that_unpacks_to_absurd_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = workbook(tmp_path / "a.xlsx", S=[["a"], *(list[object]([n]) for n in range(2_000))])
    monkeypatch.setattr(sheet, "MAX_UNPACKED", 50_000)
    with pytest.raises(
        FileUnreadable, match=r"a\.xlsx unpacks to more than 0 MiB and is not read: save the sheet as CSV"
    ):
        read(source)


def test_a_damaged_workbook_is_told(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", S=[["a"], ["x"]])
    source = changed(tmp_path / "a.xlsx", SHEET, lambda xml: xml[: len(xml) // 2])
    with pytest.raises(FileUnreadable, match=r"a\.xlsx is no workbook, or a damaged one"):
        read(source)


def test_an_archive_in_an_archive_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as inner:
        inner.writestr("a.csv", "a\n1\n")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(tmp_path / "inner.zip", "inner.zip")
    (source,) = open_sources(tmp_path / "outer.zip")
    with pytest.raises(FileUnreadable, match=r"outer\.zip/inner\.zip is no workbook, or a damaged one"):
        sheet_names(source)


def test_a_workbook_in_an_archive_is_read(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", S=[["a"], ["x"]])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as outer:
        outer.write(tmp_path / "a.xlsx", "../../a.xlsx")
    (source,) = open_sources(tmp_path / "a.zip")
    assert read(source)[0] == [[2, "x"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "a.zip"]


def test_without_a_header_there_is_no_table(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", S=[*([] for _ in range(120)), ["a", "b"]])
    with pytest.raises(FormatMismatch, match=r"a\.xlsx has no header in its first 100 rows"):
        read_sheet_header(source, "S")
