"""A delivery: what one call of ingest staged, and its manifest.

::

    staged/<dataset>/<delivery>/manifest.json
    staged/<dataset>/<delivery>/<table>/part-00000.parquet

A delivery is written beside and renamed when it is whole, so a folder with a manifest is always complete.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from graphleads.errors import VersionUnsupported
from graphleads.model import DeliveryKind
from graphleads.tables.schema import STAGED, VERSION

MANIFEST = "manifest.json"
ISSUES = "issues.parquet"
"""The delivery's issues, in the schema `graphleads.tables.schema.ISSUES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredFile:
    """A file that was read: its bare name, size in bytes, SHA-256 in hex, and the encoding it was read in."""

    name: str
    size: int
    sha256: str
    encoding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryManifest:
    """What a delivery holds and how it was read.

    Attributes:
        id: `observed_on` and a hash of the content, the reader, its version and the mapping.
        dataset: The dataset that it belongs to.
        kind: The register's whole state, or only what changed.
        observed_on: The day of the register's state.
        reader: The reader's name.
        reader_version: The reader's version.
        mapping: The mapping's name, None for readers without one.
        files: What was read.
        n_rows_read: Records read from the files.
        n_rows_staged: Rows by table.
        issues: Number of issues by code.
        ignored_fields: Fields left out on purpose, and why.
        unknown_fields: Fields never seen before.
        dropped_personal_fields: Personal fields dropped as they were read, with the number of values.
        moment: When on its day the register's state was so, as text that sorts among those of its dataset; empty if no
            file says it.
        one_at_a_time: By table, the kinds of which a company has one holder at a time.
        version: Version of the staged tables.
    """

    id: str
    dataset: str
    kind: DeliveryKind
    observed_on: date
    reader: str
    reader_version: int
    mapping: str | None
    files: tuple[DeliveredFile, ...]
    n_rows_read: int
    n_rows_staged: dict[str, int]
    issues: dict[str, int] = field(default_factory=dict)
    ignored_fields: dict[str, str] = field(default_factory=dict)
    unknown_fields: tuple[str, ...] = ()
    dropped_personal_fields: dict[str, int] = field(default_factory=dict)
    moment: str = ""
    one_at_a_time: dict[str, tuple[str, ...]] = field(default_factory=dict)
    version: int = VERSION

    @property
    def order(self) -> tuple[object, ...]:
        """What deliveries are sorted by: dataset, day, moment, full ones first, names of files; the content last."""
        names = tuple(file.name for file in self.files)
        return self.dataset, self.observed_on, self.moment, self.kind is not DeliveryKind.FULL, names, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery on disk."""

    folder: Path
    manifest: DeliveryManifest

    def read(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """Return a staged table of this delivery, empty if it has none.

        Args:
            table: The staged table's name.
            columns: The columns to read; None reads all.
        """
        import pyarrow.parquet as pq  # manifests are read without it

        schema = STAGED[table].schema
        if columns is not None:
            schema = pa.schema([schema.field(name) for name in columns])
        parts = sorted((self.folder / table).glob("part-*.parquet"))
        if not parts:
            return schema.empty_table()
        tables = [_complete(pq.read_table(part, columns=_there(part, schema)), schema) for part in parts]
        return pa.concat_tables(tables).unify_dictionaries()


def _there(part: Path, schema: pa.Schema) -> list[str]:
    """Return the columns of a part that a schema has: what was staged before a column came to be lacks it."""
    import pyarrow.parquet as pq

    written = set(pq.read_schema(part).names)
    return [name for name in schema.names if name in written]


def _complete(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table with the columns of a schema, without values where it lacks one."""
    lacking = [one for one in schema if one.name not in table.column_names]
    for one in lacking:
        table = table.append_column(one, pa.nulls(table.num_rows, one.type))
    return table.select(schema.names).cast(schema)


def write_manifest(folder: Path, manifest: DeliveryManifest) -> None:
    """Write the manifest of a delivery into its folder."""
    text = json.dumps(asdict(manifest), default=str, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def open_deliveries(staged: Path) -> list[Delivery]:
    """Return every whole delivery below a folder, by dataset and then as one came after the other."""
    found = [_open_delivery(path.parent) for path in _manifests(staged)]
    return sorted(found, key=lambda one: one.manifest.order)


def _manifests(staged: Path) -> Iterator[Path]:
    for path in staged.glob(f"*/*/{MANIFEST}"):
        if not path.parent.name.startswith("."):
            yield path


def _open_delivery(folder: Path) -> Delivery:
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if content["version"] != VERSION:
        raise VersionUnsupported(
            f"{folder} was staged with version {content['version']} of the tables and this is {VERSION}: "
            "ingest its files again."
        )
    content["kind"] = DeliveryKind(content["kind"])
    content["observed_on"] = date.fromisoformat(content["observed_on"])
    content["files"] = tuple(DeliveredFile(**one) for one in content["files"])
    content["unknown_fields"] = tuple(content["unknown_fields"])
    content["one_at_a_time"] = {name: tuple(kinds) for name, kinds in content.get("one_at_a_time", {}).items()}
    return Delivery(folder=folder, manifest=DeliveryManifest(**content))
