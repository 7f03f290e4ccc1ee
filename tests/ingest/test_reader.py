from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from graphleads.errors import FormatChanged, ReaderNotFound, ValueInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile
from graphleads.ingest import reader as reader_module
from graphleads.ingest.reader import account_fields, load_reader, reader_names, refuse_mapping

SOURCE = SourceFile(name="register.csv", path=Path("register.csv"))


def test_a_file_without_header_is_told_how_to_say_so() -> None:
    source = SourceFile(name="raw", path=Path("raw"))
    with pytest.raises(FormatChanged, match=r"^raw has no column 'column 1', because its first line .* `header: none`"):
        account_fields(source, ["7", "Amber"], required=["column 1"], known=(), report=DeliveryReport())


def test_readers_are_found_by_name() -> None:
    assert {"cvm", "table"} <= set(reader_names())
    assert load_reader("cvm").name == "cvm"


def test_an_unknown_reader_names_those_there_are() -> None:
    with pytest.raises(ReaderNotFound, match=r"There is no reader 'cmv': use one of .*cvm, .*table"):
        load_reader("cmv")


def test_a_reader_that_cannot_be_imported_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint(name="broken", value="no_such_package:Reader", group="graphleads.readers")
    monkeypatch.setattr(reader_module, "entry_points", lambda **_: [point])
    with pytest.raises(ReaderNotFound, match=r"'broken' is registered as no_such_package:Reader but cannot be loaded"):
        load_reader("broken")


def test_unknown_fields_are_listed() -> None:
    report = DeliveryReport()
    account_fields(SOURCE, ["ID", "NAME", "FAX", "NEW"], required=["ID", "NAME"], known=["FAX"], report=report)
    assert report.unknown_fields == {"NEW"}


def test_a_renamed_column_is_named_with_what_it_may_be_now() -> None:
    with pytest.raises(
        FormatChanged,
        match=r"register\.csv has no column 'COMPANY_NAME' \(perhaps now 'CompanyName'\), no column 'ID':",
    ):
        account_fields(
            SOURCE, ["CompanyName", "Town"], required=["COMPANY_NAME", "ID"], known=[], report=DeliveryReport()
        )


def test_many_missing_columns_are_counted() -> None:
    wanted = [f"column {number}" for number in range(50)]
    with pytest.raises(FormatChanged, match=r"no column 'column 4' and 45 more that it must have: check") as caught:
        account_fields(SOURCE, ["x"], required=wanted, known=[], report=DeliveryReport())
    assert "column 5" not in str(caught.value)


def test_a_long_name_of_a_column_is_cut() -> None:
    with pytest.raises(FormatChanged, match=r"^register\.csv has no column 'x{80}' \(perhaps now 'x{80}'\): check"):
        account_fields(SOURCE, ["x" * 999], required=["x" * 1_000], known=[], report=DeliveryReport())


def test_a_mapping_is_refused() -> None:
    refuse_mapping("companies-house", None)
    with pytest.raises(ValueInvalid, match="companies-house takes no mapping"):
        refuse_mapping("companies-house", "plain")
