"""What is known of entities before the first is staged."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.ingest.reader import ReadContext
from graphleads.ingest.registers.ftm.directory import (
    ADDRESS_KIND,
    COMPANY,
    NEVER_DESCRIBED,
    OTHER,
    PERSON_KIND,
    Directory,
    read_directory,
)


def directory(tmp_path: Path, *entities: tuple[str, str, dict[str, Any]]) -> Directory:
    file = tmp_path / "entities.json"
    lines = (json.dumps({"id": name, "schema": schema, "properties": has}) for name, schema, has in entities)
    file.write_text("\n".join(lines), encoding="utf-8")
    context = ReadContext(dataset="test", observed_on=date(2024, 1, 1), report=DeliveryReport())
    return read_directory(open_sources(file), context)


def test_ids_stand_for_kinds(tmp_path: Path) -> None:
    known = directory(
        tmp_path, ("a", "Company", {}), ("b", "Person", {}), ("c", "Address", {}), ("d", "Vessel", {}),
        ("e", "LegalEntity", {}), ("e", "Person", {}),
    )  # fmt: skip
    names = pa.array(["a", "b", "c", "d", "e", "f"])
    assert known.kinds_of(names).tolist() == [
        COMPANY, PERSON_KIND, ADDRESS_KIND, OTHER, PERSON_KIND, NEVER_DESCRIBED,
    ]  # fmt: skip
    assert known.are_repeated(["a", "e", "f"]) == [False, True, False]


def test_addresses_have_the_key_of_british_registers(tmp_path: Path) -> None:
    parts = {"street": ["Flat 2, 17 King Street"], "city": ["London"], "postalCode": ["ec2v8ea"], "region": ["London"]}
    known = directory(tmp_path, ("a", "Address", parts), ("b", "Address", {"full": ["Gasse 3, Berlin"]}))
    first, second = known.addresses_of(pa.array(["a", "b"])).to_pylist()
    assert (first["key"], first["display"]) == ("17 ec2v 8ea", "Flat 2, 17 King Street, EC2V 8EA, London")
    assert (second["key"], second["town"]) == ("gasse 3 berlin", None)


def test_nothing_is_known_of_an_empty_file(tmp_path: Path) -> None:
    known = directory(tmp_path, ("p", "Ownership", {}))
    assert known.kinds_of(pa.array(["a"])).tolist() == [NEVER_DESCRIBED]
    assert known.are_repeated(["a"]) == [False]
