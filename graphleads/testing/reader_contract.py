"""What every reader must keep, as tests that a stranger's reader can run.

::

    from graphleads.testing.reader_contract import ReaderContract

    class TestMyReader(ReaderContract):
        reader = MyReader()
        files = (Path("tests/golden/my_register.csv"),)
        required_column = "COMPANY_NO"
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pytest

from graphleads.errors import FileUnreadable, FormatChanged, FormatMismatch
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.ids import is_id
from graphleads.ingest.reader import Preview, ReadContext, Reader
from graphleads.tables.schema import STAGED, VALUES

_IDS = {
    "companies": ("id",),
    "names": ("id",),
    "identifiers": ("id",),
    "persons": ("id",),
    "classifications": ("id",),
    "contact_points": ("id",),
    "interests": ("subject", "holder"),
    "roles": ("company", "holder"),
    "links": ("source", "target"),
    "declarations": ("id",),
}


class ReaderContract:
    """Subclass it as `Test…` and set what is below.

    Attributes:
        reader: The reader.
        files: A small delivery in the reader's format, with no field that the reader does not account for.
        mapping: The mapping, for readers that take one.
        required_column: A column of the first file's header that the reader cannot do without; None if the format has
            no header.
        bad_line: A line that is no record; appended to the first file it must cost an issue and nothing else. None if
            the format has no lines.
        encoding: The first file's encoding.
    """

    reader: ClassVar[Reader]
    files: ClassVar[Sequence[Path]]
    mapping: ClassVar[str | Path | None] = None
    required_column: ClassVar[str | None] = None
    bad_line: ClassVar[str | None] = "no record at all\n"
    encoding: ClassVar[str] = "utf-8"

    def read(self, files: Sequence[Path]) -> tuple[dict[str, pa.Table], DeliveryReport]:
        """Return the staged tables by name, and the report."""
        opened = (source for path in files for source in open_sources(path))
        sources = sorted(opened, key=lambda source: source.bare_name)
        report = DeliveryReport()
        context = ReadContext(dataset="contract", observed_on=date(2020, 1, 31), report=report, mapping=self.mapping)
        preview = self.reader.preview(sources, self.mapping)
        assert isinstance(preview, Preview)
        tables: dict[str, list[pa.Table]] = {}
        for batch in self.reader.read(sources, context):
            assert batch.rows.schema == STAGED[batch.table].schema, f"{batch.table} is not in its schema"
            tables.setdefault(batch.table, []).append(batch.rows)
        return {name: pa.concat_tables(tables[name]).unify_dictionaries() for name in sorted(tables)}, report

    def test_has_a_name_and_a_version(self) -> None:
        """The name is one word in lower case, the version a number from 1."""
        assert self.reader.name == self.reader.name.lower().strip()
        assert self.reader.version >= 1

    def test_stages_companies_and_counts_rows(self) -> None:
        """Something is read, and every row names the dataset, a record and an op."""
        tables, report = self.read(self.files)
        assert tables["companies"].num_rows > 0
        assert report.n_rows_read.total() > 0
        for table in tables.values():
            assert set(table["dataset"].to_pylist()) <= {"contract"}
            assert all(table["record"].to_pylist())

    def test_uses_the_closed_lists_of_words(self) -> None:
        """Statuses, kinds and ops are those of the tables' lists."""
        tables, _ = self.read(self.files)
        for name, words in VALUES.items():
            table, _, column = name.rpartition(".")
            for staged in [tables[table]] if table in tables else tables.values() if not table else []:
                assert set(staged[column].to_pylist()) <= {*words, None}, f"{name} has words that are not in its list"

    def test_ids_are_ids(self) -> None:
        """Every id is `SCHEME:VALUE`."""
        tables, _ = self.read(self.files)
        for table, columns in _IDS.items():
            for column in columns if table in tables else ():
                assert all(is_id(one) for one in tables[table][column].to_pylist() if one is not None)

    def test_accounts_for_every_field(self) -> None:
        """No field of the golden files is unknown, and every one left out has its reason."""
        _, report = self.read(self.files)
        assert report.unknown_fields == set()
        assert all(reason.strip() for reason in report.ignored_fields.values())

    def test_reads_the_same_twice(self) -> None:
        """Two readings give equal rows in equal order."""
        assert self.read(self.files)[0] == self.read(self.files)[0]

    def test_reads_packed_files_alike(self, tmp_path: Path) -> None:
        """Gzip and zip make no difference to the rows."""
        plain, _ = self.read(self.files)
        packed = []
        for path in self.files:
            packed.append(tmp_path / f"{path.name}.gz")
            packed[-1].write_bytes(gzip.compress(path.read_bytes()))
        with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in self.files:
                archive.write(path, f"folder/{path.name}")
        assert self.read(packed)[0] == plain
        assert self.read([tmp_path / "all.zip"])[0] == plain

    def test_bad_line_costs_an_issue_only(self, tmp_path: Path) -> None:
        """A line that is no record is reported with its file and row; the others are read as before."""
        if self.bad_line is None:
            pytest.skip("the format has no lines")
        first, *others = self.files
        damaged = tmp_path / first.name
        damaged.write_bytes(first.read_bytes() + self.bad_line.encode(self.encoding))
        tables, report = self.read([damaged, *others])
        assert tables == self.read(self.files)[0]
        n_rows = self.read([first, *others])[1].n_rows_read[first.name]
        issues = report.issue_table().to_pylist()
        assert [issue["row"] for issue in issues if issue["row"] == n_rows + 2], "the bad line's row is not reported"

    def test_renamed_column_stops_the_reader(self, tmp_path: Path) -> None:
        """A required column that is missing is named, and nothing is guessed."""
        if self.required_column is None:
            pytest.skip("the format has no header")
        first, *others = self.files
        renamed = tmp_path / first.name
        text = first.read_bytes().decode(self.encoding)
        renamed.write_bytes(text.replace(self.required_column, "RENAMED_COLUMN", 1).encode(self.encoding))
        with pytest.raises(FormatChanged, match=self.required_column):
            self.read([renamed, *others])

    def test_new_column_is_listed(self, tmp_path: Path) -> None:
        """A column that the reader has never seen is listed and hides nothing."""
        if self.required_column is None or self.bad_line is None:
            pytest.skip("the format has no header")
        first, *others = self.files
        lines = first.read_bytes().decode(self.encoding).splitlines()
        delimiter = next(one for one in (";", "\t", "|", ",") if one in lines[0])
        wider = tmp_path / first.name
        rows = [f"{lines[0]}{delimiter}BRAND_NEW", *(f"{line}{delimiter}1" for line in lines[1:] if line)]
        wider.write_bytes(("\n".join(rows) + "\n").encode(self.encoding))
        tables, report = self.read([wider, *others])
        assert report.unknown_fields == {"BRAND_NEW"}
        assert tables == self.read(self.files)[0]

    def test_truncated_archive_is_told(self, tmp_path: Path) -> None:
        """Half a gzip file is an error and no shorter register."""
        first, *others = self.files
        packed = gzip.compress(first.read_bytes())
        truncated = tmp_path / f"{first.name}.gz"
        truncated.write_bytes(packed[: len(packed) // 2])
        with pytest.raises(FileUnreadable, match=r"truncated or damaged"):
            self.read([truncated, *others])

    def test_web_page_is_told(self, tmp_path: Path) -> None:
        """An error page that was saved under the register's name is another format."""
        first, *others = self.files
        page = tmp_path / first.name
        page.write_text("<!DOCTYPE html><html><body>Service unavailable</body></html>", encoding="utf-8")
        with pytest.raises(FormatMismatch):
            self.read([page, *others])
