"""The tables' documentation, made from their schemas: `python -m graphleads.view.schema > docs/tables.md`."""

from __future__ import annotations

import sys

import pyarrow as pa

from graphleads.tables.schema import (
    DATES,
    ISSUES,
    PROVENANCE,
    REVIEW,
    SAME_AS,
    STAGED,
    VALUES,
    VERSION,
    WORD,
    Column,
    StagedTable,
)

_HEAD = f"""# The tables

Readers write the staged tables; `link` and `build` read them. They are Parquet files, so anything that reads Parquet
reads them too. This page is made from `graphleads/tables/schema.py`, version {VERSION}, by
`python -m graphleads.view.schema`, and a test keeps the two equal.

One row is **one statement by one source**. Merging adds rows elsewhere and never edits these. Ids are `scheme:value`:
the register and the number, never the number alone. Shares are fractions from 0 to 1 with both bounds; unknown is
null, never 0. A word is a text of few distinct values, stored as a dictionary.

```
staged/<dataset>/<delivery>/manifest.json
staged/<dataset>/<delivery>/<table>/part-00000.parquet
linked/<id>/same_as.parquet
linked/<id>/review.parquet
```

`link` and `build` tell which deliveries they have seen by their ids: the day and a hash of the content.
"""


def tables_markdown() -> str:
    """Return the documentation of the staged and linked tables as Markdown."""
    sections = [
        _HEAD,
        _section("In every staged table", "where a row stands", _column_rows(PROVENANCE)),
        _section("In every dated table", "when it is true", _column_rows(DATES)),
        *(_staged_section(table) for table in STAGED.values()),
        _section("issues", "what was wrong in a delivery, one row an issue", _field_rows(ISSUES)),
        _section("same_as", "two ids that are one company, or probably one person", _field_rows(SAME_AS)),
        _section(
            "review",
            "a number that a record states of `id` and that did not join it to `other_id`",
            _field_rows(REVIEW),
        ),
        _words_section(),
    ]
    return "\n".join(sections)


def _staged_section(table: StagedTable) -> str:
    identity = ", ".join(f"`{name}`" for name in table.identity)
    dated = "" if table.dated else " Not dated."
    note = f"{table.meaning}. Within a record and start date, {identity} say which fact a row is.{dated}"
    return _section(table.name, note, _column_rows(table.own))


def _section(title: str, meaning: str, rows: list[str]) -> str:
    meaning = meaning[0].upper() + meaning[1:].removesuffix(".") + "."
    return "\n".join(
        [f"## {title}", "", meaning, "", "| column | type | must be there | meaning |", "|---|---|---|---|", *rows, ""]
    )


def _column_rows(columns: tuple[Column, ...]) -> list[str]:
    return [
        f"| `{column.name}` | {_type_name(column.type)} | {'yes' if column.required else ''} | {column.meaning} |"
        for column in columns
    ]


def _field_rows(schema: pa.Schema) -> list[str]:
    return [f"| `{field.name}` | {_type_name(field.type)} | {'' if field.nullable else 'yes'} | |" for field in schema]


def _type_name(data_type: pa.DataType) -> str:
    return "word" if data_type == WORD else str(data_type)


def _words_section() -> str:
    rows = [f"| `{column}` | {', '.join(words)} |" for column, words in VALUES.items()]
    return "\n".join(["## Closed lists of words", "", "| column | words |", "|---|---|", *rows, ""])


if __name__ == "__main__":
    sys.stdout.write(tables_markdown())
